//! What is said of a line, each with a stable code and the details its text is filled with.

use crate::domain::money::Oere;
use crate::domain::period::{Month, Period};
use crate::domain::privacy::Shown;
use crate::domain::wording::Wording;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// An enum of what is said, each with a stable code and the details its text is filled with. Their
/// titles stand in the section of the translations that is named behind the enum.
macro_rules! coded {
    ($(#[$own:meta])* $enum:ident, $titles:literal; $($(#[$doc:meta])* $code:literal $name:ident { $($(#[$fdoc:meta])* $field:ident : $kind:ty),* };)*) => {
        $(#[$own])*
        pub enum $enum {$(
            #[doc = concat!($code, ":")]
            $(#[$doc])*
            $name { $($(#[$fdoc])* $field: $kind),* },
        )*}

        impl $enum {
            /// Every code, in order.
            pub const CODES: &[&str] = &[$($code),*];

            /// The stable code, such as `Q101`.
            pub fn code(&self) -> &'static str {
                match self { $($enum::$name { .. } => $code),* }
            }

            /// The key of a code's title in the translations.
            pub(crate) fn title(code: &str) -> Option<&'static str> {
                match code {
                    $($code => Some(concat!($titles, ".", $code)),)*
                    _ => None,
                }
            }

            /// One of each, in order.
            #[cfg(test)]
            pub(crate) fn samples() -> Vec<$enum> {
                vec![$($enum::$name {
                    $($field: $crate::domain::coded::Detail::sample()),*
                }),*]
            }

            /// The details, by the placeholder name used in the translations.
            pub fn details(&self) -> Vec<(&'static str, String)> {
                match self { $($enum::$name { $($field),* } => {
                    vec![$((stringify!($field), $field.detail().into_owned())),*]
                }),* }
            }

            /// One of the details, by its name.
            pub fn detail(&self, name: &str) -> Option<Cow<'_, str>> {
                match self { $($enum::$name { $($field),* } => {
                    $(if name == stringify!($field) {
                        return Some($field.detail());
                    })*
                    None
                }),* }
            }
        }

        impl $crate::domain::coded::Sharing for $enum {
            fn held(&self) -> usize {
                match self { $($enum::$name { $($field),* } => 0 $(+ $field.held())*),* }
            }

            fn share(&mut self, known: &mut BTreeSet<Wording>) {
                match self { $($enum::$name { $($field),* } => { $($field.share(known);)* })* }
            }
        }
    };
}

pub(crate) use coded;

/// What may say the same as others do.
pub(crate) trait Sharing {
    /// Bytes its own text takes.
    fn held(&self) -> usize;

    /// Gives up its own wordings for the same ones in `known`.
    fn share(&mut self, known: &mut BTreeSet<Wording>);
}

/// How a detail is written into a message.
pub(crate) trait Detail {
    fn detail(&self) -> Cow<'_, str>;

    /// Bytes it takes by itself.
    fn held(&self) -> usize {
        0
    }

    /// Gives up its own text for the same one in `known`, where it has one that others may have.
    fn share(&mut self, _known: &mut BTreeSet<Wording>) {}

    /// One of its kind.
    #[cfg(test)]
    fn sample() -> Self
    where
        Self: Sized;
}

impl Detail for Shown {
    fn detail(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.as_str())
    }

    fn held(&self) -> usize {
        self.as_str().len()
    }

    #[cfg(test)]
    fn sample() -> Self {
        Shown::from("x{y}")
    }
}

impl Detail for Wording {
    fn detail(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }

    fn share(&mut self, known: &mut BTreeSet<Wording>) {
        Wording::share(self, known);
    }

    #[cfg(test)]
    fn sample() -> Self {
        Wording::from("tekst")
    }
}

impl Detail for u32 {
    fn detail(&self) -> Cow<'_, str> {
        self.to_string().into()
    }

    #[cfg(test)]
    fn sample() -> Self {
        7
    }
}

impl Detail for Period {
    fn detail(&self) -> Cow<'_, str> {
        self.to_string().into()
    }

    #[cfg(test)]
    fn sample() -> Self {
        Period::Month(a_month("2016-01"))
    }
}

impl Detail for Oere {
    fn detail(&self) -> Cow<'_, str> {
        self.to_string().into()
    }

    #[cfg(test)]
    fn sample() -> Self {
        Oere::new(123)
    }
}

impl Detail for (Month, Month) {
    fn detail(&self) -> Cow<'_, str> {
        if self.0 == self.1 {
            return self.0.to_string().into();
        }
        format!("{}..{}", self.0, self.1).into()
    }

    #[cfg(test)]
    fn sample() -> Self {
        (a_month("2016-01"), a_month("2020-12"))
    }
}

impl Detail for (Option<Month>, Option<Month>) {
    fn detail(&self) -> Cow<'_, str> {
        let text = |month: Option<Month>| month.map_or_else(String::new, |month| month.to_string());
        format!("{}..{}", text(self.0), text(self.1)).into()
    }

    #[cfg(test)]
    fn sample() -> Self {
        (Some(a_month("2016-01")), None)
    }
}

#[cfg(test)]
fn a_month(text: &str) -> Month {
    text.parse().expect("a month")
}
