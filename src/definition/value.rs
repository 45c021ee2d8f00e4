//! Types a written value is read as: texts, numbers, lists, tables of any keys.

use crate::definition::located::Located;
use crate::definition::problems::Problems;
use crate::definition::toml_reader::{FromToml, TomlValue};
use crate::definition::word::Word;
use std::collections::BTreeMap;

impl FromToml for String {
    fn read(value: TomlValue<'_, '_>, problems: &mut Problems) -> Option<String> {
        let text = value.written.get_ref().as_str().map(str::to_owned);
        value.expect(text, "a text in double quotes", problems)
    }
}

impl FromToml for Word {
    fn read(value: TomlValue<'_, '_>, problems: &mut Problems) -> Option<Word> {
        let text = String::read(value, problems)?;
        let word = Word::new(&value.name(), &text, value.place(), problems);
        if word.is_none() {
            problems.note(
                &value.place(),
                format!("`{}` is empty: `{text}`", value.name()),
                "write something between the quotes, or leave it out",
            );
        }
        word
    }
}

impl FromToml for bool {
    fn read(value: TomlValue<'_, '_>, problems: &mut Problems) -> Option<bool> {
        let flag = value.written.get_ref().as_bool();
        value.expect(flag, "`true` or `false` without quotes", problems)
    }
}

/// Whole numbers, each within its own bounds.
macro_rules! whole_numbers {
    ($($number:ty)*) => {$(
        impl FromToml for $number {
            fn read(value: TomlValue<'_, '_>, problems: &mut Problems) -> Option<$number> {
                let written = value.written.get_ref().as_integer();
                let written = value.expect(written, "a whole number without quotes", problems)?;
                let number = <$number>::from_str_radix(written.as_str(), written.radix()).ok();
                if number.is_none() {
                    let (least, most) = (<$number>::MIN, <$number>::MAX);
                    problems.note(
                        &value.place(),
                        format!("`{}` is `{written}`, outside {least} to {most}", value.name()),
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
    fn read(value: TomlValue<'_, '_>, problems: &mut Problems) -> Option<Located<T>> {
        let place = value.place();
        T::read(value, problems).map(|value| Located { value, place })
    }
}

impl<T: FromToml> FromToml for Option<T> {
    fn read(value: TomlValue<'_, '_>, problems: &mut Problems) -> Option<Option<T>> {
        T::read(value, problems).map(Some)
    }
}

impl<T: FromToml> FromToml for Vec<T> {
    /// The entries that can be read; each of the others is noted.
    fn read(value: TomlValue<'_, '_>, problems: &mut Problems) -> Option<Vec<T>> {
        let entries = value.written.get_ref().as_array();
        let entries = value.expect(entries, "a list such as `[\"a\", \"b\"]`", problems)?;
        let mut read = Vec::new();
        for (number, written) in (1..).zip(entries.iter()) {
            let numbered = format!("{}[{number}]", value.key);
            let key = if written.get_ref().is_table() { &numbered } else { value.key };
            read.extend(T::read(TomlValue { key, written, ..value }, problems));
        }
        Some(read)
    }
}

impl<T: FromToml, const N: usize> FromToml for [T; N] {
    fn read(value: TomlValue<'_, '_>, problems: &mut Problems) -> Option<[T; N]> {
        let read: Vec<T> = Vec::read(value, problems)?;
        let length = value.written.get_ref().as_array().map_or(0, |entries| entries.len());
        if length != N {
            let problem = format!("`{}` has {length} entries", value.name());
            problems.note(&value.place(), problem, format!("write {N}"));
        }
        read.try_into().ok()
    }
}

impl<T: FromToml> FromToml for BTreeMap<String, T> {
    fn read(value: TomlValue<'_, '_>, problems: &mut Problems) -> Option<BTreeMap<String, T>> {
        let table = value.table(problems)?;
        let entry = |key: &str| Some((key.to_owned(), table.optional::<Option<T>>(key, problems)?));
        Some(table.keys().filter_map(entry).collect())
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
