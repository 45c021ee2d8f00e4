//! Identifiers: one type each, cheap to copy around, ordered as text.

use crate::domain::wording::Wording;
use serde::{Deserialize, Serialize};
use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// The same identifier, or other shared text, as it was met before; now it is met.
pub(crate) fn once<T: Ord + Clone>(met: &mut BTreeSet<T>, id: T) -> T {
    if let Some(same) = met.get(&id) {
        return same.clone();
    }
    met.insert(id.clone());
    id
}

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
            /// Makes the identifier from its text.
            pub fn new(text: &str) -> $name {
                $name(Arc::new(text.to_owned()))
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
