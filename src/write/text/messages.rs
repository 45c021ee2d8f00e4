//! The texts of one language, and how their placeholders are filled.

use crate::domain::known::Known;
use crate::domain::language::{Language, Names};
use crate::domain::quarantine::Reason;
use crate::report::document::{Phrase, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;

pub(super) const DANISH: [&str; 2] = [include_str!("da.toml"), include_str!("pages.da.toml")];

pub(super) const ENGLISH: [&str; 2] = [include_str!("en.toml"), include_str!("pages.en.toml")];

/// Every text of one language, and the money unit that goes with its numbers.
#[derive(Debug, Clone)]
pub(crate) struct Texts {
    pub(super) language: Language,
    pub(super) unit: String,
    pub(super) by_key: BTreeMap<String, String>,
    /// By code, for each of many lines asks: what is wrong, and what its sender can do.
    pub(super) reasons: BTreeMap<&'static str, [String; 2]>,
}

/// Loads the texts of `language`; `unit` is money's unit, such as `kr.` or `£`.
pub(crate) fn texts(language: Language, unit: &Names) -> Texts {
    let files = match language {
        Language::Da => DANISH,
        Language::En => ENGLISH,
    };
    let mut by_key = BTreeMap::new();
    for file in files {
        let table: toml::Table = file
            .parse()
            .unwrap_or_else(|error| panic!("the texts of `{}`: {error}", language.tag()));
        flatten("", &table, &mut by_key);
    }
    let unit = unit.get(language).to_owned();
    let mut texts = Texts { language, unit, by_key, reasons: BTreeMap::new() };
    let both =
        |code| ["reason", "reason_help"].map(|to| texts.text(&format!("{to}.{code}")).to_owned());
    texts.reasons = Reason::CODES.iter().map(|code| (*code, both(code))).collect();
    texts
}

impl Texts {
    /// The language written.
    pub(crate) fn language(&self) -> Language {
        self.language
    }

    /// The same with one text more: samples need words of their own.
    #[cfg(test)]
    pub(crate) fn with_text(mut self, key: &str, text: &str) -> Texts {
        self.by_key.insert(key.to_owned(), text.to_owned());
        self
    }

    /// Says a phrase: its text, with every placeholder filled.
    pub(crate) fn say(&self, phrase: &Phrase) -> String {
        self.fill(phrase.key, |name| {
            let (_, value) = phrase.values.iter().find(|(given, _)| *given == name)?;
            Some(self.value(value))
        })
    }

    /// Writes a value in words and digits. `Empty` is the empty text.
    pub(crate) fn value(&self, value: &Value) -> String {
        match value {
            Value::Money(amount) => self.known(*amount, |oere| self.money(oere)),
            Value::Exact(amount) => self.known(*amount, |oere| self.exact(oere)),
            Value::Count(count) => self.known(*count, |count| self.count(count)),
            Value::Percent(share) => self.known(*share, |share| self.percent(share)),
            Value::Ppm(ppm) => self.known(*ppm, |ppm| self.ppm(ppm)),
            Value::Index(ppm) => self.known(*ppm, |ppm| self.index(ppm)),
            Value::Headline(number) => self.headline(number),
            Value::Month(month) => self.month(*month),
            Value::Span(span) => self.span(*span),
            Value::Name(names) => names.get(self.language).to_owned(),
            Value::Verbatim(text) => text.clone(),
            Value::Notice(notice) => self.notice(notice),
            Value::Phrase(phrase) => self.say(phrase),
            Value::Empty => String::new(),
        }
    }

    /// What is wrong with a line or delivery: lower case, no full stop, backticks round what was
    /// found.
    pub(crate) fn reason(&self, reason: &Reason) -> String {
        let [wrong, _] = &self.reasons[reason.code()];
        fill(wrong, reason.code(), |name| self.detail(reason, name)).into_owned()
    }

    /// A detail of a reason, in the language where it is one of our own words.
    pub(super) fn detail<'r>(&'r self, reason: &'r Reason, name: &str) -> Option<Cow<'r, str>> {
        let detail = reason.detail(name)?;
        let own = matches!(reason, Reason::Unreadable { .. });
        let own = own.then(|| self.by_key.get(&format!("unreadable.{detail}"))).flatten();
        Some(own.map_or(detail, |word| Cow::Borrowed(word.as_str())))
    }

    /// What its sender can do about it: lower case, no full stop.
    pub(crate) fn reason_help(&self, reason: &Reason) -> Cow<'_, str> {
        let [_, help] = &self.reasons[reason.code()];
        fill(help, reason.code(), |name| reason.detail(name))
    }

    /// The words for a figure that is not there.
    pub(crate) fn missing(&self) -> &str {
        self.text("state.missing")
    }

    /// The word before what to do about a refusal.
    pub(crate) fn help(&self) -> &str {
        self.text("state.help")
    }

    pub(super) fn known<T>(&self, known: Known<T>, write: impl FnOnce(T) -> String) -> String {
        match known {
            Known::Value(value) => write(value),
            Known::Missing => self.missing().to_owned(),
            Known::Suppressed => self.text("state.suppressed").to_owned(),
            Known::NotApplicable => self.text("state.not_applicable").to_owned(),
        }
    }

    pub(super) fn text(&self, key: &str) -> &str {
        self.by_key
            .get(key)
            .unwrap_or_else(|| panic!("no text `{key}` in `{}`", self.language.tag()))
    }

    pub(super) fn fill<V: AsRef<str>>(
        &self,
        key: &str,
        value_of: impl Fn(&str) -> Option<V>,
    ) -> String {
        fill(self.text(key), key, value_of).into_owned()
    }
}

/// Fills a text, which stands under `key`, in one pass: what a value contains is never filled
/// again.
pub(super) fn fill<'t, V: AsRef<str>>(
    text: &'t str,
    key: &str,
    value_of: impl Fn(&str) -> Option<V>,
) -> Cow<'t, str> {
    let Some((before, mut rest)) = text.split_once('{') else {
        return Cow::Borrowed(text);
    };
    let mut filled = String::with_capacity(256);
    filled.push_str(before);
    loop {
        let (name, after) = rest
            .split_once('}')
            .unwrap_or_else(|| panic!("text `{key}` opens a placeholder and does not close it"));
        let value =
            value_of(name).unwrap_or_else(|| panic!("text `{key}` is given no `{name}` to say"));
        filled.push_str(value.as_ref());
        // An abbreviation such as `kr.` at the end of a sentence has one full stop.
        let stopped = filled.ends_with('.');
        let after = after.strip_prefix('.').filter(|_| stopped).unwrap_or(after);
        let Some((before, next)) = after.split_once('{') else {
            filled.push_str(after);
            return Cow::Owned(filled);
        };
        filled.push_str(before);
        rest = next;
    }
}

pub(super) fn flatten(prefix: &str, table: &toml::Table, into: &mut BTreeMap<String, String>) {
    for (name, value) in table {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            toml::Value::Table(inner) => flatten(&key, inner, into),
            toml::Value::String(text) => {
                let earlier = into.insert(key.clone(), text.clone());
                assert!(earlier.is_none(), "text `{key}` is given twice");
            }
            toml::Value::Integer(_)
            | toml::Value::Float(_)
            | toml::Value::Boolean(_)
            | toml::Value::Datetime(_)
            | toml::Value::Array(_) => panic!("text `{key}` is no text"),
        }
    }
}
