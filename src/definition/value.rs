//! Types a written value is read as: texts, numbers, lists, tables of any keys.

use crate::definition::located::Located;
use crate::definition::problems::Problems;
use crate::definition::toml_reader::{FromToml, TomlSection, Written};
use crate::definition::word::Word;
use std::collections::BTreeMap;

impl FromToml for Word {
    fn read<'t>(
        section: &TomlSection<'t>,
        key: &str,
        value: &'t Written<'t>,
        problems: &mut Problems,
    ) -> Option<Word> {
        let Located { value: text, place } = Located::read(section, key, value, problems)?;
        let text: String = text;
        let word = Word::new(&section.full(key), &text, place.clone(), problems);
        if word.is_none() {
            problems.note(
                &place,
                format!("`{}` is empty: `{text}`", section.full(key)),
                "write something between the quotes, or leave it out",
            );
        }
        word
    }
}

impl FromToml for String {
    fn read<'t>(
        section: &TomlSection<'t>,
        key: &str,
        value: &'t Written<'t>,
        problems: &mut Problems,
    ) -> Option<String> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            section.mistyped(key, value, "a text in double quotes", problems);
        }
        text.map(str::to_owned)
    }
}

impl FromToml for bool {
    fn read<'t>(
        section: &TomlSection<'t>,
        key: &str,
        value: &'t Written<'t>,
        problems: &mut Problems,
    ) -> Option<bool> {
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            section.mistyped(key, value, "`true` or `false` without quotes", problems);
        }
        flag
    }
}

/// Whole numbers, each within its own bounds.
macro_rules! whole_numbers {
    ($($number:ty)*) => {$(
        impl FromToml for $number {
            fn read<'t>(
                section: &TomlSection<'t>,
                key: &str,
                value: &'t Written<'t>,
                problems: &mut Problems,
            ) -> Option<$number> {
                let Some(written) = value.get_ref().as_integer() else {
                    section.mistyped(key, value, "a whole number without quotes", problems);
                    return None;
                };
                let number = <$number>::from_str_radix(written.as_str(), written.radix()).ok();
                if number.is_none() {
                    let (least, most) = (<$number>::MIN, <$number>::MAX);
                    problems.note(
                        &section.place_of(value),
                        format!("`{}` is `{written}`, outside {least} to {most}", section.full(key)),
                        format!("write a whole number from {least} to {most}"),
                    );
                }
                number
            }
        }
    )*};
}
whole_numbers!(u8 u32 i16 i64);

impl<T: FromToml> FromToml for Located<T> {
    fn read<'t>(
        section: &TomlSection<'t>,
        key: &str,
        value: &'t Written<'t>,
        problems: &mut Problems,
    ) -> Option<Located<T>> {
        let place = section.place_of(value);
        T::read(section, key, value, problems).map(|value| Located { value, place })
    }
}

impl<T: FromToml> FromToml for Option<T> {
    fn read<'t>(
        section: &TomlSection<'t>,
        key: &str,
        value: &'t Written<'t>,
        problems: &mut Problems,
    ) -> Option<Option<T>> {
        T::read(section, key, value, problems).map(Some)
    }
}

impl<T: FromToml> FromToml for Vec<T> {
    /// The entries that can be read; each of the others is noted.
    fn read<'t>(
        section: &TomlSection<'t>,
        key: &str,
        value: &'t Written<'t>,
        problems: &mut Problems,
    ) -> Option<Vec<T>> {
        let Some(entries) = value.get_ref().as_array() else {
            section.mistyped(key, value, "a list such as `[\"a\", \"b\"]`", problems);
            return None;
        };
        let entry = |(number, entry): (usize, &'t Written<'t>)| match entry.get_ref().as_table() {
            Some(_) => T::read(section, &format!("{key}[{number}]"), entry, problems),
            None => T::read(section, key, entry, problems),
        };
        Some((1..).zip(entries.iter()).filter_map(entry).collect())
    }
}

impl<T: FromToml, const N: usize> FromToml for [T; N] {
    fn read<'t>(
        section: &TomlSection<'t>,
        key: &str,
        value: &'t Written<'t>,
        problems: &mut Problems,
    ) -> Option<[T; N]> {
        let length = value.get_ref().as_array().map(|entries| entries.len());
        let read: Vec<T> = Vec::read(section, key, value, problems)?;
        if length != Some(N) {
            problems.note(
                &section.place_of(value),
                format!("`{}` has {} entries", section.full(key), length.unwrap_or(0)),
                format!("write {N}"),
            );
        }
        read.try_into().ok()
    }
}

impl<T: FromToml> FromToml for BTreeMap<String, T> {
    fn read<'t>(
        section: &TomlSection<'t>,
        key: &str,
        value: &'t Written<'t>,
        problems: &mut Problems,
    ) -> Option<BTreeMap<String, T>> {
        let table = section.table_of(key, value, problems)?;
        let mut read = BTreeMap::new();
        for key in table.keys() {
            if let Some(value) = table.optional(key, problems) {
                read.insert(key.to_owned(), value);
            }
        }
        Some(read)
    }
}

#[cfg(test)]
mod tests {
    use super::Located;
    use crate::definition::problems::Problems;
    use crate::definition::text::DefinitionFile;
    use crate::definition::toml_reader::{FromToml, TomlSection, table};

    /// What `text` under the key `x` is read as, and what is told of it.
    fn read<T: FromToml + Default>(text: &str) -> (T, String) {
        let file = DefinitionFile::new("f.toml", &format!("x = {text}\n"));
        let mut problems = Problems::default();
        let root = table(&file, &mut problems).expect("it is TOML");
        let value = TomlSection::root(&file, root.get_ref()).optional("x", &mut problems);
        let told =
            if problems.is_empty() { String::new() } else { problems.into_error().to_string() };
        (value, told)
    }

    #[test]
    fn whole_numbers_are_read_as_toml_writes_them() {
        for text in ["1000", "1_000", "+1000", "0x3e8", "0b11_1110_1000"] {
            assert_eq!(read::<u32>(text), (1000, String::new()), "{text}");
        }
        assert_eq!(read::<i64>("-9223372036854775808").0, i64::MIN);
        let (value, told) = read::<u8>("256");
        assert_eq!(value, 0);
        assert_eq!(
            told,
            "f.toml:1:5: `x` is `256`, outside 0 to 255\nhelp: write a whole number from 0 to 255"
        );
        assert!(read::<i64>("9223372036854775808").1.contains("outside -9223372036854775808"));
    }

    #[test]
    fn a_list_keeps_what_can_be_read_of_it() {
        let (value, told) = read::<Vec<Located<String>>>("[\"a\", 2, \"b\"]");
        let texts: Vec<_> = value.iter().map(|text| text.value.as_str()).collect();
        assert_eq!(texts, ["a", "b"]);
        assert_eq!(value[1].place.column, 14);
        assert!(told.starts_with("f.toml:1:11: `x` is `2`, which is an integer\n"), "{told}");
    }

    #[test]
    fn nothing_is_told_of_what_stands_in_for_an_unreadable_value() {
        let (value, mut problems) = (Located::<String>::default(), Problems::default());
        value.unknown("column", ["a"], &mut problems);
        assert!(problems.is_empty());
    }
}
