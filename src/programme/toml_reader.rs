//! A TOML file read key by key, with the place of everything in it.

use crate::domain::language::{Language, Names};
use crate::domain::place::Place;
use crate::programme::problems::{Problems, instead};
use crate::programme::text::{DefinitionFile, top_of};
use crate::programme::word::{Word, names};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A value that is no text, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Located<'t, T> {
    /// The value.
    pub(super) value: T,
    text: &'t DefinitionFile,
    start: usize,
}

impl<T> Located<'_, T> {
    /// Where it stands.
    pub(super) fn place(&self) -> Place {
        self.text.place(self.start)
    }
}

/// One table of the file: a cursor that notes what is wrong and reads on.
#[derive(Debug, Clone)]
pub(super) struct TomlSection<'t> {
    text: &'t DefinitionFile,
    table: &'t DeTable<'t>,
    /// Dotted path from the root; empty at the root.
    path: String,
    /// Where the table is opened.
    pub(super) place: Place,
}

/// Parses a whole file; notes every syntax error and gives `None` when there is one.
pub(super) fn table<'t>(
    text: &'t DefinitionFile,
    problems: &mut Problems,
) -> Option<Spanned<DeTable<'t>>> {
    let (table, errors) = DeTable::parse_recoverable(&text.content);
    for error in &errors {
        let place = text.place(error.span().map_or(0, |span| span.start));
        let found = text.content.lines().nth(place.line - 1).unwrap_or("").trim();
        problems.note(
            &place,
            format!("`{found}` is not TOML: {}", error.message()),
            "texts stand in double quotes, tables begin with `[name]`; see https://toml.io",
        );
    }
    errors.is_empty().then_some(table)
}

impl<'t> TomlSection<'t> {
    /// The file's outermost table.
    pub(super) fn root(text: &'t DefinitionFile, table: &'t DeTable<'t>) -> TomlSection<'t> {
        TomlSection { text, table, path: String::new(), place: top_of(&text.file) }
    }

    /// The key with the path in front, as messages write it.
    pub(super) fn full(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Whether the key is written.
    pub(super) fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    /// Whether the key is written and holds a text.
    pub(super) fn is_text(&self, key: &str) -> bool {
        self.value(key).is_some_and(|value| value.get_ref().as_str().is_some())
    }

    /// Keys written in this table, in alphabetical order.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'t str> {
        self.table.keys().map(|key| key.get_ref().as_ref())
    }

    /// Notes every key that is not one of `known`.
    pub(super) fn only(&self, known: &[&str], problems: &mut Problems) {
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                problems.note(
                    &self.text.place(key.span().start),
                    format!("`{}` is no key of this table", self.full(name)),
                    instead(name, known.iter().copied()),
                );
            }
        }
    }

    /// Notes that a key is missing, unless it is written.
    pub(super) fn need(&self, key: &str, example: &str, problems: &mut Problems) {
        if !self.has(key) {
            problems.note(
                &self.place,
                format!("`{}` is missing", self.full(key)),
                format!("add `{example}`"),
            );
        }
    }

    /// Reads a text that may be left out.
    pub(super) fn word(&self, key: &str, problems: &mut Problems) -> Option<Word> {
        let value = self.value(key)?;
        let Some(text) = value.get_ref().as_str() else {
            self.mistyped(key, value, "a text in double quotes", problems);
            return None;
        };
        self.word_of(key, text, value, problems)
    }

    /// Reads a text that must be there.
    pub(super) fn required(&self, key: &str, problems: &mut Problems) -> Option<Word> {
        self.need(key, &format!("{key} = \"...\""), problems);
        self.word(key, problems)
    }

    /// Reads a whole number that may be left out.
    pub(super) fn whole(&self, key: &str, problems: &mut Problems) -> Option<Located<'t, i64>> {
        let value = self.value(key)?;
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok());
        if number.is_none() {
            self.mistyped(key, value, "a whole number without quotes", problems);
        }
        number.map(|value_read| self.found(value, value_read))
    }

    /// Reads `true` or `false`, which may be left out.
    pub(super) fn flag(&self, key: &str, problems: &mut Problems) -> Option<bool> {
        let value = self.value(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.mistyped(key, value, "`true` or `false` without quotes", problems);
        }
        flag
    }

    /// Reads a list of texts that may be left out; the entries that are no text are noted.
    pub(super) fn words(&self, key: &str, problems: &mut Problems) -> Option<Vec<Word>> {
        let value = self.value(key)?;
        let Some(array) = value.get_ref().as_array() else {
            self.mistyped(key, value, "a list such as `[\"a\", \"b\"]`", problems);
            return None;
        };
        let mut words = Vec::new();
        for entry in array {
            match entry.get_ref().as_str() {
                Some(text) => words.extend(self.word_of(key, text, entry, problems)),
                None => self.mistyped(key, entry, "a list of texts in double quotes", problems),
            }
        }
        if array.is_empty() {
            problems.note(
                &self.text.place(value.span().start),
                format!("`{}` is `[]`, an empty list", self.full(key)),
                "write at least one entry",
            );
        }
        Some(words)
    }

    /// The table under a key, where there is one.
    pub(super) fn section(&self, key: &str, problems: &mut Problems) -> Option<TomlSection<'t>> {
        let value = self.value(key)?;
        let Some(table) = value.get_ref().as_table() else {
            self.mistyped(key, value, "a table, `[name]`", problems);
            return None;
        };
        Some(self.child(self.full(key), table, self.key_start(key)))
    }

    /// The tables of a list `[[key]]`; none when the key is not written.
    pub(super) fn sections(&self, key: &str, problems: &mut Problems) -> Vec<TomlSection<'t>> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let Some(array) = value.get_ref().as_array() else {
            self.mistyped(key, value, "a list of tables, `[[name]]`", problems);
            return Vec::new();
        };
        let mut sections = Vec::new();
        for (number, entry) in array.iter().enumerate() {
            match entry.get_ref().as_table() {
                Some(table) => {
                    let path = format!("{}[{}]", self.full(key), number + 1);
                    sections.push(self.child(path, table, entry.span().start));
                }
                None => self.mistyped(key, entry, "a table, `[[name]]`", problems),
            }
        }
        sections
    }

    /// Reads a name in every declared language: `key.da = "..."`, `key.en = "..."`.
    pub(super) fn names(
        &self,
        key: &str,
        languages: &[Language],
        problems: &mut Problems,
    ) -> Names {
        self.need(key, &format!("{key}.da = \"...\""), problems);
        let Some(versions) = self.section(key, problems) else {
            return Names::default();
        };
        versions.only(&Language::ALL.map(Language::tag), problems);
        names(
            languages,
            |language, problems| versions.word(language.tag(), problems),
            |language, problems| {
                versions.need(
                    language.tag(),
                    &format!("{key}.{} = \"...\"", language.tag()),
                    problems,
                );
            },
            problems,
        )
    }

    fn word_of(
        &self,
        key: &str,
        text: &str,
        value: &Spanned<DeValue<'t>>,
        problems: &mut Problems,
    ) -> Option<Word> {
        let place = self.text.place(value.span().start);
        let word = Word::new(&self.full(key), text, place.clone(), problems);
        if word.is_none() {
            problems.note(
                &place,
                format!("`{}` is empty: `{text}`", self.full(key)),
                "write something between the quotes, or leave it out",
            );
        }
        word
    }

    fn value(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.table.get(key)
    }

    fn key_start(&self, key: &str) -> usize {
        let written = self.table.keys().find(|written| written.get_ref() == key);
        written.map_or(0, |written| written.span().start)
    }

    fn found<T>(&self, value: &Spanned<DeValue<'t>>, read: T) -> Located<'t, T> {
        Located { value: read, text: self.text, start: value.span().start }
    }

    fn child(&self, path: String, table: &'t DeTable<'t>, start: usize) -> TomlSection<'t> {
        TomlSection { text: self.text, table, path, place: self.text.place(start) }
    }

    fn mistyped(
        &self,
        key: &str,
        value: &Spanned<DeValue<'t>>,
        wanted: &str,
        problems: &mut Problems,
    ) {
        let span = value.span();
        let written = self.text.content.get(span.clone()).unwrap_or("");
        let written = written.lines().next().unwrap_or("");
        problems.note(
            &self.text.place(span.start),
            format!(
                "`{}` is `{written}`, which is {} {}",
                self.full(key),
                article(value.get_ref().type_str()),
                value.get_ref().type_str()
            ),
            format!("write {wanted}"),
        );
    }
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'i', 'o']) { "an" } else { "a" }
}
