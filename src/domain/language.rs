//! The languages of the report, and names given in each.

use std::collections::BTreeMap;

/// A language the report is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Danish.
    Da,
    /// English.
    En,
}

impl Language {
    /// Every language, in the order files are written.
    pub const ALL: [Language; 2] = [Language::Da, Language::En];

    /// The BCP 47 tag, also the name of the language's folder.
    pub fn tag(self) -> &'static str {
        match self {
            Language::Da => "da",
            Language::En => "en",
        }
    }

    /// The language with this tag.
    pub fn from_tag(tag: &str) -> Option<Language> {
        Language::ALL.into_iter().find(|language| language.tag() == tag)
    }
}

/// One name, written in each of the pipeline's languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names(BTreeMap<Language, String>);

impl Names {
    /// Makes a name from its versions.
    pub fn new(versions: BTreeMap<Language, String>) -> Names {
        Names(versions)
    }

    /// A name that is the same in every language, such as one taken from a delivery.
    pub fn same(name: &str) -> Names {
        Names(Language::ALL.into_iter().map(|language| (language, name.to_owned())).collect())
    }

    /// The name in `language`, else in the first language that has one, else empty.
    pub fn get(&self, language: Language) -> &str {
        self.0.get(&language).or_else(|| self.0.values().next()).map_or("", String::as_str)
    }

    /// Whether the name is written in `language`.
    pub fn has(&self, language: Language) -> bool {
        self.0.get(&language).is_some_and(|name| !name.is_empty())
    }
}
