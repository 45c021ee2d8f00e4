//! A TOML file read key by key, with the place of everything in it.

use crate::definition::located::Located;
use crate::definition::problems::{Problems, instead};
use crate::definition::text::{DefinitionFile, top_of};
use crate::definition::word::{Word, names};
use crate::domain::language::{Language, Names};
use crate::domain::place::Place;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// What stands under a key, or is an entry of the list under it.
type Written<'t> = Spanned<DeValue<'t>>;

/// A written value, and the key of a table that it stands under.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TomlValue<'s, 't> {
    /// The table.
    pub(crate) section: &'s TomlSection<'t>,
    /// The key; for a table in a list with its number, such as `fields[1]`.
    pub(crate) key: &'s str,
    /// The value.
    pub(crate) written: &'t Written<'t>,
}

/// A type that a written value is read as.
pub(crate) trait FromToml: Sized {
    /// Reads a value; one that is no such thing is noted, and gives `None`.
    fn read(value: TomlValue<'_, '_>, problems: &mut Problems) -> Option<Self>;
}

/// One table of the file: a cursor that notes what is wrong and reads on.
#[derive(Debug, Clone)]
pub(crate) struct TomlSection<'t> {
    text: &'t DefinitionFile,
    table: &'t DeTable<'t>,
    /// Dotted path from the root; empty at the root.
    path: String,
    /// Where the table is opened.
    pub(crate) place: Place,
}

/// Parses a whole file; notes every syntax error and gives `None` when there is one.
pub(crate) fn table<'t>(
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
    pub(crate) fn root(text: &'t DefinitionFile, table: &'t DeTable<'t>) -> TomlSection<'t> {
        TomlSection { text, table, path: String::new(), place: top_of(&text.file) }
    }

    /// The key with the path in front, as messages write it.
    pub(crate) fn full(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Whether the key is written.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    /// Whether the key is written and holds a text.
    pub(crate) fn is_text(&self, key: &str) -> bool {
        self.value(key).is_some_and(|value| value.written.get_ref().is_str())
    }

    /// Keys written in this table, in alphabetical order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &'t str> {
        self.table.keys().map(|key| key.get_ref().as_ref())
    }

    /// Notes every key that is not one of `known`.
    pub(crate) fn only(&self, known: &[&str], problems: &mut Problems) {
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
    pub(crate) fn need(&self, key: &str, example: &str, problems: &mut Problems) {
        if !self.has(key) {
            problems.note(
                &self.place,
                format!("`{}` is missing", self.full(key)),
                format!("add `{example}`"),
            );
        }
    }

    /// Reads a value that may be left out: its default when it is, or cannot be read.
    pub(crate) fn optional<T: FromToml + Default>(&self, key: &str, problems: &mut Problems) -> T {
        let value = self.value(key).and_then(|value| T::read(value, problems));
        value.unwrap_or_default()
    }

    /// Reads a value that must be there; `example` is how it may be written.
    pub(crate) fn required<T: FromToml + Default>(
        &self,
        key: &str,
        example: &str,
        problems: &mut Problems,
    ) -> T {
        self.need(key, example, problems);
        self.optional(key, problems)
    }

    /// Reads a text that may be left out.
    pub(crate) fn word(&self, key: &str, problems: &mut Problems) -> Option<Word> {
        self.optional(key, problems)
    }

    /// Reads a text that must be there.
    pub(crate) fn required_word(&self, key: &str, problems: &mut Problems) -> Option<Word> {
        self.required(key, &format!("{key} = \"...\""), problems)
    }

    /// Reads a whole number that may be left out.
    pub(crate) fn whole(&self, key: &str, problems: &mut Problems) -> Option<Located<i64>> {
        self.optional(key, problems)
    }

    /// Reads `true` or `false`, which may be left out.
    pub(crate) fn flag(&self, key: &str, problems: &mut Problems) -> Option<bool> {
        self.optional(key, problems)
    }

    /// Reads a list of texts that may be left out; an empty one is noted.
    pub(crate) fn words(&self, key: &str, problems: &mut Problems) -> Option<Vec<Word>> {
        let words = self.optional(key, problems);
        let value = self.value(key)?;
        if value.written.get_ref().as_array().is_some_and(|entries| entries.is_empty()) {
            problems.note(
                &value.place(),
                format!("`{}` is `[]`, an empty list", self.full(key)),
                "write at least one entry",
            );
        }
        words
    }

    /// The table under a key, where there is one.
    pub(crate) fn section(&self, key: &str, problems: &mut Problems) -> Option<TomlSection<'t>> {
        self.value(key)?.table(problems)
    }

    /// The tables of a list `[[key]]`; none when the key is not written.
    pub(crate) fn sections(&self, key: &str, problems: &mut Problems) -> Vec<TomlSection<'t>> {
        let Some(value) = self.value(key) else {
            return Vec::new();
        };
        let entries = value.written.get_ref().as_array();
        let Some(entries) = value.expect(entries, "a list of tables, `[[name]]`", problems) else {
            return Vec::new();
        };
        let entry = |(number, written)| {
            TomlValue { key: &format!("{key}[{number}]"), written, ..value }.table(problems)
        };
        (1..).zip(entries.iter()).filter_map(entry).collect()
    }

    /// Reads a name in every declared language: `key.da = "..."`, `key.en = "..."`.
    pub(crate) fn names(
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

    fn value<'s>(&'s self, key: &'s str) -> Option<TomlValue<'s, 't>> {
        self.table.get(key).map(|written| TomlValue { section: self, key, written })
    }
}

impl<'t> TomlValue<'_, 't> {
    /// The key with the path in front, as messages write it.
    pub(crate) fn name(&self) -> String {
        self.section.full(self.key)
    }

    /// Where it stands.
    pub(crate) fn place(&self) -> Place {
        self.section.text.place(self.written.span().start)
    }

    /// The table that it is.
    pub(crate) fn table(&self, problems: &mut Problems) -> Option<TomlSection<'t>> {
        let table = self.written.get_ref().as_table();
        let table = self.expect(table, "a table, `[name]`", problems)?;
        let TomlSection { text, table: outer, .. } = self.section;
        let key = outer.keys().find(|written| written.get_ref() == self.key);
        let place = key.map_or_else(|| self.place(), |key| text.place(key.span().start));
        Some(TomlSection { text, table, path: self.name(), place })
    }

    /// What was read of it; notes that it is of another type than its key asks for where that is
    /// `None`.
    pub(crate) fn expect<T>(
        &self,
        read: Option<T>,
        wanted: &str,
        problems: &mut Problems,
    ) -> Option<T> {
        if read.is_none() {
            let written = self.section.text.content.get(self.written.span()).unwrap_or("");
            let written = written.lines().next().unwrap_or("");
            let (name, kind) = (self.name(), self.written.get_ref().type_str());
            problems.note(
                &self.place(),
                format!("`{name}` is `{written}`, which is {} {kind}", article(kind)),
                format!("write {wanted}"),
            );
        }
        read
    }
}

fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'i', 'o']) { "an" } else { "a" }
}
