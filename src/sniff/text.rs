//! The words of a proposal in each language.

use crate::domain::language::Language;
use crate::sniff::note::Note;
use std::collections::BTreeMap;

/// Texts by key.
pub(super) struct SniffTexts(BTreeMap<String, String>);

/// The texts in a language.
pub(super) fn texts(language: Language) -> SniffTexts {
    let file = match language {
        Language::Da => include_str!("da.toml"),
        Language::En => include_str!("en.toml"),
    };
    SniffTexts(toml::from_str(file).expect("the texts are keys and values"))
}

impl SniffTexts {
    /// A text as it stands.
    pub(super) fn get(&self, key: &str) -> &str {
        self.0.get(key).unwrap_or_else(|| panic!("no text `{key}`"))
    }

    /// A note in words.
    pub(super) fn note(&self, note: &Note) -> String {
        // One pass, so that a delivered text with braces in it is not filled again.
        let mut said = String::new();
        let mut rest = self.get(note.key);
        while let Some((before, after)) = rest.split_once('{') {
            let (place, behind) = after.split_once('}').expect("a place is closed");
            let value = note.values.iter().find(|(name, _)| *name == place);
            said.push_str(before);
            said.push_str(value.map_or("", |(_, value)| value));
            rest = behind;
        }
        said.push_str(rest);
        said
    }
}

#[cfg(test)]
mod tests {
    use super::texts;
    use crate::domain::language::Language;

    fn places(text: &str) -> Vec<&str> {
        let mut places: Vec<&str> =
            text.split('{').skip(1).filter_map(|part| part.split('}').next()).collect();
        places.sort_unstable();
        places
    }

    #[test]
    fn both_languages_have_the_same_texts_and_places() {
        let (danish, english) = (texts(Language::Da), texts(Language::En));
        assert_eq!(danish.0.keys().collect::<Vec<_>>(), english.0.keys().collect::<Vec<_>>());
        for (key, text) in &danish.0 {
            assert_eq!(places(text), places(english.get(key)), "{key}");
        }
    }

    #[test]
    fn every_note_has_its_text_and_every_text_its_note() {
        let code = [
            include_str!("column.rs"),
            include_str!("doubt.rs"),
            include_str!("encoding.rs"),
            include_str!("names.rs"),
            include_str!("open.rs"),
            include_str!("propose.rs"),
            include_str!("render.rs"),
            include_str!("values.rs"),
            include_str!("when.rs"),
        ]
        .concat();
        for key in texts(Language::Da).0.keys() {
            assert!(code.contains(&format!("\"{key}\"")), "nothing says `{key}`");
        }
    }
}
