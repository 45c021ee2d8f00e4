//! Identifiers: one type each, cheap to copy around, ordered as text.

use crate::domain::letters::folded;
use crate::domain::wording::Wording;
use serde::{Deserialize, Serialize};
use std::borrow::{Borrow, Cow};
use std::fmt;
use std::sync::Arc;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub struct $name(Arc<String>);

        impl From<String> for $name {
            fn from(text: String) -> $name {
                $name(Arc::new(text))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.as_str().to_owned()
            }
        }

        impl From<&$name> for Wording {
            fn from(id: &$name) -> Wording {
                Wording::of(&id.0)
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl $name {
            /// Makes the identifier from its text, [`folded`]: texts that look the same are one.
            pub fn new(text: &str) -> $name {
                $name(Arc::new(folded(text).into_owned()))
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// An authority (myndighed) in the pipeline's register, such as kommunekode `0751`.
    AuthorityId;
    /// A service (ydelse) whose cost and use are compared over time.
    ServiceId;
    /// An initiative (initiativ) of the strategy, such as `1.1`.
    InitiativeId;
    /// A guiding mark (pejlemærke) of the strategy.
    PejlemaerkeId;
    /// A priority theme (tema) of the strategy.
    ThemeId;
    /// An account (konto) in the deliverer's chart of accounts.
    AccountId;
    /// A channel (kanal) in which a service is used, such as `digital` or `telefon`.
    ChannelId;
    /// A contract: what one kind of delivery must look like.
    ContractId;
}

impl ServiceId {
    /// The service that several columns name together: their texts, without spaces around them,
    /// with ` / ` between. `None` where all of them are empty.
    ///
    /// - Keeps: other texts give another id, as long as there are as many of them. The only word
    ///   that is one slash is the one between two texts: a word of a text that is slashes alone
    ///   gets one slash more. Empty texts at the end are left out.
    pub fn joined(texts: &[String]) -> Option<ServiceId> {
        let texts: Vec<Cow<str>> = texts.iter().map(|text| folded(text)).collect();
        let last = texts.iter().rposition(|text| !text.is_empty())?;
        let mut words: Vec<Cow<str>> = Vec::new();
        for (place, text) in texts[..=last].iter().enumerate() {
            if place > 0 {
                words.push(Cow::Borrowed("/"));
            }
            if !text.is_empty() {
                words.extend(text.split(' ').map(apart));
            }
        }
        Some(ServiceId::new(&words.join(" ")))
    }
}

/// A word that is not the one between two texts.
fn apart(word: &str) -> Cow<'_, str> {
    let slashes = !word.is_empty() && word.bytes().all(|byte| byte == b'/');
    if slashes { Cow::Owned(format!("{word}/")) } else { Cow::Borrowed(word) }
}

#[cfg(test)]
mod tests {
    use super::{AuthorityId, ServiceId, folded};
    use proptest::prelude::*;

    fn joined(texts: &[&str]) -> Option<String> {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        ServiceId::joined(&texts).map(String::from)
    }

    #[test]
    fn ordinary_texts_are_joined_as_they_are() {
        for (texts, expected) in [
            (&["a", "b"][..], Some("a / b")),
            (
                &["DWP", "Attendance/Carer's Allowance", "by phone"],
                Some("DWP / Attendance/Carer's Allowance / by phone"),
            ),
            (&["a / b", "c"], Some("a // b / c")),
            (&["a", "b / c"], Some("a / b // c")),
            (&["a // b", "/"], Some("a /// b / //")),
            (&["a", ""], Some("a")),
            (&["", "a"], Some("/ a")),
            (&["a", "", "b"], Some("a / / b")),
            (&["", ""], None),
        ] {
            assert_eq!(joined(texts).as_deref(), expected, "{texts:?}");
        }
    }

    #[test]
    fn ids_that_look_the_same_are_one() {
        for text in ["A\u{30A}rhus", "År\u{AD}hus", "\u{200E}Århus\u{A0}"] {
            assert_eq!(AuthorityId::new(text), AuthorityId::new("Århus"));
            assert_eq!(joined(&[text, "x"]).as_deref(), Some("Århus / x"));
        }
    }

    /// Texts without spaces around them, most of them made of what joins.
    fn texts() -> impl Strategy<Value = [String; 3]> {
        let text = "[/a ]{0,6}|\\PC{0,3}".prop_map(|text: String| folded(text.trim()).into_owned());
        prop::array::uniform3(text)
    }

    proptest! {
        #[test]
        fn other_texts_give_another_id(one in texts(), other in texts()) {
            prop_assert_eq!(one == other, ServiceId::joined(&one) == ServiceId::joined(&other));
        }
    }
}
