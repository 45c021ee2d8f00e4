//! Tables and lists of words declared once: their keys and words beside what they are read as.

use crate::definition::problems::Problems;
use crate::definition::toml_reader::{FromToml, TomlValue};
use crate::definition::word::Word;

/// A closed list of words, each with what it stands for.
pub(crate) trait Choice: Copy + 'static {
    /// Every word, in the order help lists them.
    const WORDS: &'static [(&'static str, Self)];

    /// The word it is written as.
    fn word(self) -> &'static str
    where
        Self: PartialEq,
    {
        let own = Self::WORDS.iter().find(|(_, choice)| *choice == self);
        own.map(|(word, _)| *word).expect("every choice has its word")
    }
}

/// Declares the words of a closed list beside what they stand for.
macro_rules! choice {
    (
        $(#[$about:meta])*
        $vis:vis enum $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }
    ) => {
        $(#[$about])*
        $vis enum $name { $($(#[$doc])* $variant,)+ }

        impl crate::definition::declared::Choice for $name {
            const WORDS: &'static [(&'static str, $name)] = &[$(($word, $name::$variant)),+];
        }
    };
}
pub(crate) use choice;

impl<T: Choice> FromToml for T {
    fn read(value: TomlValue<'_, '_>, problems: &mut Problems) -> Option<T> {
        Word::read(value, problems)?.one_of(T::WORDS, problems)
    }
}

/// Declares a table of a definition file: its keys as written, each with what it is read as, either
/// `required("key", "an example of it")` or `optional("key")`. A key that is none of them is noted,
/// and a value that cannot be read is its type's default.
macro_rules! toml_table {
    (
        $(#[$about:meta])*
        pub(crate) struct $name:ident {
            $($(#[$doc:meta])* $field:ident: $type:ty = $how:ident($($key:literal),+),)+
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Default)]
        pub(crate) struct $name {
            $($(#[$doc])* pub(crate) $field: $type,)+
        }

        impl $name {
            /// Reads the table, noting what does not hold.
            pub(crate) fn of(table: &TomlSection<'_>, problems: &mut Problems) -> $name {
                table.only(&[$(toml_table!(@key $($key),+)),+], problems);
                $name { $($field: table.$how($($key,)+ problems),)+ }
            }
        }

        impl FromToml for $name {
            fn read(value: TomlValue<'_, '_>, problems: &mut Problems) -> Option<$name> {
                value.table(problems).map(|table| $name::of(&table, problems))
            }
        }
    };
    (@key $key:literal $(, $example:literal)?) => { $key };
}
pub(crate) use toml_table;
