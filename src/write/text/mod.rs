//! All words and digits a reader meets, in one language at a time.
//!
//! ```ignore
//! let texts = texts(Language::Da, &report.unit);
//! texts.say(&page.title);                    // a phrase, its placeholders filled
//! texts.value(&Value::Money(known));         // `1,2 mia. kr.`, or why there is no figure
//! texts.reason(&fault.reason);               // what is wrong with a line
//! texts.reason_help(&fault.reason);          // what its sender can do about it
//! ```
//!
//! Texts stand in `da.toml` and `en.toml` (numbers, charts, states, reasons) and `pages.da.toml`
//! and `pages.en.toml` (pages), as `[section]` and `key`. A key or placeholder that is not there is
//! a bug, and panics with its name. This is the only place where anything is rounded for reading.

mod notice;
pub mod number;
pub mod scale;
pub mod time;

use crate::domain::known::Known;
use crate::domain::language::{Language, Names};
use crate::domain::quarantine::Reason;
use crate::report::document::{Phrase, Value};
use std::borrow::Cow;
use std::collections::BTreeMap;

const DANISH: [&str; 2] = [include_str!("da.toml"), include_str!("pages.da.toml")];
const ENGLISH: [&str; 2] = [include_str!("en.toml"), include_str!("pages.en.toml")];

/// Every text of one language, and the money unit that goes with its numbers.
#[derive(Debug, Clone)]
pub struct Texts {
    language: Language,
    unit: String,
    by_key: BTreeMap<String, String>,
    /// By code, for each of many lines asks: what is wrong, and what its sender can do.
    reasons: BTreeMap<&'static str, [String; 2]>,
}

/// Loads the texts of `language`; `unit` is money's unit, such as `kr.` or `£`.
pub fn texts(language: Language, unit: &Names) -> Texts {
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
    pub fn language(&self) -> Language {
        self.language
    }

    /// The same with one text more: samples need words of their own.
    #[cfg(test)]
    pub(crate) fn with_text(mut self, key: &str, text: &str) -> Texts {
        self.by_key.insert(key.to_owned(), text.to_owned());
        self
    }

    /// Every key with its text, in key order.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &str)> {
        self.by_key.iter().map(|(key, text)| (key.as_str(), text.as_str()))
    }

    /// Says a phrase: its text, with every placeholder filled.
    pub fn say(&self, phrase: &Phrase) -> String {
        self.fill(phrase.key, |name| {
            let (_, value) = phrase.values.iter().find(|(given, _)| *given == name)?;
            Some(self.value(value))
        })
    }

    /// Writes a value in words and digits. `Empty` is the empty text.
    pub fn value(&self, value: &Value) -> String {
        match value {
            Value::Money(amount) => self.known(*amount, |oere| self.money(oere)),
            Value::Exact(amount) => self.known(*amount, |oere| self.exact(oere)),
            Value::Count(count) => self.known(*count, |count| self.count(count)),
            Value::Percent(share) => self.known(*share, |share| self.percent(share)),
            Value::Ppm(ppm) => self.known(*ppm, |ppm| self.ppm(ppm)),
            Value::Index(ppm) => self.known(*ppm, |ppm| self.index(ppm)),
            Value::Points(ppm) => self.known(*ppm, |ppm| self.points(ppm)),
            Value::Headline(number) => self.headline(number),
            Value::Month(month) => self.month(*month),
            Value::Period(period) => self.period(*period),
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
    pub fn reason(&self, reason: &Reason) -> String {
        let [wrong, _] = &self.reasons[reason.code()];
        fill(wrong, reason.code(), |name| self.detail(reason, name)).into_owned()
    }

    /// A detail of a reason, in the language where it is one of our own words.
    fn detail<'r>(&'r self, reason: &'r Reason, name: &str) -> Option<Cow<'r, str>> {
        let detail = reason.detail(name)?;
        let own = matches!(reason, Reason::Unreadable { .. });
        let own = own.then(|| self.by_key.get(&format!("unreadable.{detail}"))).flatten();
        Some(own.map_or(detail, |word| Cow::Borrowed(word.as_str())))
    }

    /// What its sender can do about it: lower case, no full stop.
    pub fn reason_help(&self, reason: &Reason) -> Cow<'_, str> {
        let [_, help] = &self.reasons[reason.code()];
        fill(help, reason.code(), |name| reason.detail(name))
    }

    /// The words for a figure that is not there.
    pub fn missing(&self) -> &str {
        self.text("state.missing")
    }

    /// The word before what to do about a refusal.
    pub fn help(&self) -> &str {
        self.text("state.help")
    }

    fn known<T>(&self, known: Known<T>, write: impl FnOnce(T) -> String) -> String {
        match known {
            Known::Value(value) => write(value),
            Known::Missing => self.missing().to_owned(),
            Known::Suppressed => self.text("state.suppressed").to_owned(),
            Known::NotApplicable => self.text("state.not_applicable").to_owned(),
        }
    }

    fn text(&self, key: &str) -> &str {
        self.by_key
            .get(key)
            .unwrap_or_else(|| panic!("no text `{key}` in `{}`", self.language.tag()))
    }

    fn fill<V: AsRef<str>>(&self, key: &str, value_of: impl Fn(&str) -> Option<V>) -> String {
        fill(self.text(key), key, value_of).into_owned()
    }
}

/// Fills a text, which stands under `key`, in one pass: what a value contains is never filled
/// again.
fn fill<'t, V: AsRef<str>>(
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

fn flatten(prefix: &str, table: &toml::Table, into: &mut BTreeMap<String, String>) {
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

#[cfg(test)]
mod tests {
    use super::{Texts, texts};
    use crate::domain::coded::Shown;
    use crate::domain::known::Known;
    use crate::domain::language::{Language, Names};
    use crate::domain::period::{Month, Period};
    use crate::domain::quarantine::Reason;
    use crate::domain::wording::Wording;
    use crate::report::document::{Phrase, Value};
    use std::collections::{BTreeMap, BTreeSet};

    fn both() -> [Texts; 2] {
        Language::ALL.map(|language| texts(language, &Names::same("kr.")))
    }

    fn placeholders(text: &str) -> BTreeSet<&str> {
        text.split('{')
            .skip(1)
            .filter_map(|part| part.split_once('}').map(|(name, _)| name))
            .collect()
    }

    #[test]
    fn an_abbreviation_that_ends_a_sentence_has_one_full_stop() {
        let texts =
            texts(Language::Da, &Names::same("kr.")).with_text("t.end", "Der mangler {need}. Ja");
        let say = |need| texts.say(&Phrase::new("t.end").with("need", need));
        let money = Value::Money(Known::Value(crate::domain::money::Oere::new(1_200)));
        assert_eq!(say(money), "Der mangler 12\u{a0}kr. Ja");
        assert_eq!(say(Value::Count(Known::Value(3))), "Der mangler 3. Ja");
    }

    #[test]
    fn the_languages_have_the_same_keys_and_placeholders() {
        let [danish, english] = both();
        let of = |texts: &Texts| -> BTreeMap<String, Vec<String>> {
            texts
                .entries()
                .map(|(key, text)| {
                    let names = placeholders(text).into_iter().map(str::to_owned);
                    (key.to_owned(), names.collect())
                })
                .collect()
        };
        let (danish, english) = (of(&danish), of(&english));
        for (key, names) in &danish {
            assert_eq!(Some(names), english.get(key), "`{key}` in English");
        }
        for key in english.keys() {
            assert!(danish.contains_key(key), "`{key}` in Danish");
        }
    }

    fn every_reason() -> Vec<Reason> {
        let found = || Shown("x{y}".into());
        let text = || Wording::from("tekst");
        let month = |text: &str| text.parse::<Month>().expect("a month");
        let programme = (month("2016-01"), month("2020-12"));
        #[rustfmt::skip]
        let reasons = vec![
            Reason::EmptyFile {},
            Reason::HeaderOnly {},
            Reason::NotATable { found: text() },
            Reason::MissingColumn { missing: text(), found: found() },
            Reason::UnknownColumn { found: found() },
            Reason::RepeatedColumn { column: text() },
            Reason::NoContract {},
            Reason::WrongEncoding { declared: text(), line: 7, found: "0xE6".into() },
            Reason::BrokenContainer { container: text() },
            Reason::ControlTotal { expected: text(), found: text() },
            Reason::NoControlTotal {},
            Reason::NotDelivered { found: found() },
            Reason::TooLarge { bound: text(), limit: text() },
            Reason::NoSuchSheet { expected: text(), found: found() },
            Reason::Unreadable { found: text() },
            Reason::NoLater { found: found() },
            Reason::Misnamed { found: text(), expected: text() },
            Reason::NotAnAmount { found: found() },
            Reason::MissingValue {},
            Reason::NotADate { found: found(), expected: text() },
            Reason::NotANumber { found: found() },
            Reason::OutOfRange { found: found(), expected: text() },
            Reason::NotListed { found: found(), expected: text() },
            Reason::WrongLength { found: found(), expected: text() },
            Reason::NotAnIdentifier { found: found(), expected: text() },
            Reason::NoResult { found: found() },
            Reason::TimeNotNumber { found: found() },
            Reason::DigitsLost { found: found() },
            Reason::Merged {},
            Reason::EncodedTwice { found: found(), expected: text() },
            Reason::LostLetter { found: found() },
            Reason::CellCount { found: 3, expected: 5 },
            Reason::UnclosedQuote {},
            Reason::DuplicateKey { first: 12 },
            Reason::ExceedsWhole { part: text(), whole: text() },
            Reason::AboveHeader { header: 3 },
            Reason::NotInEncoding { found: text(), expected: text() },
            Reason::UnknownAuthority { found: found() },
            Reason::AuthorityNotValid { found: found(), expected: (Some(programme.0), None) },
            Reason::UnknownService { found: found() },
            Reason::UnknownInitiative { found: found() },
            Reason::OutsideProgramme { found: Period::Month(programme.0), expected: programme },
            Reason::OtherInitiative { found: found(), expected: text() },
            Reason::NotOfThisFile { found: found(), expected: text() },
            Reason::PossibleCpr {},
            Reason::CorrectedNotRefused { found: found(), line: 7 },
            Reason::CorrectedNotDelivered { found: found() },
            Reason::CorrectedTwice { first: found() },
            Reason::CorrectedOther { found: found() },
            Reason::CorrectedByOther { found: found(), expected: text() },
            Reason::CorrectsNothing {},
        ];
        reasons
    }

    #[test]
    fn what_cannot_be_read_is_said_in_words() {
        for (word, danish) in [("pipe", "det er et rør (pipe)"), ("Input/output error", "Input/")]
        {
            let reason = Reason::Unreadable { found: word.into() };
            let [danish_texts, english] = both();
            assert!(danish_texts.reason(&reason).contains(danish));
            assert!(english.reason(&reason).to_lowercase().contains(&word.to_lowercase()));
        }
    }

    #[test]
    fn every_reason_is_said_with_all_its_details() {
        let reasons = every_reason();
        let codes: Vec<_> = reasons.iter().map(Reason::code).collect();
        assert_eq!(codes, Reason::CODES);
        for texts in both() {
            for reason in &reasons {
                let said = texts.reason(reason);
                for (name, detail) in reason.details() {
                    assert!(said.contains(&detail), "{}: `{name}`", reason.code());
                }
                for message in [said, texts.reason_help(reason).into_owned()] {
                    let first = message.trim_start_matches('`').chars().next();
                    assert!(first.is_some_and(char::is_lowercase), "{message}");
                    assert!(!message.ends_with('.'), "{message}");
                }
            }
        }
    }

    #[test]
    fn what_was_delivered_is_never_read_as_a_placeholder() {
        let [danish, english] = both();
        let reason = Reason::NotAnAmount { found: Shown("{found}".into()) };
        assert_eq!(danish.reason(&reason), "`{found}` er ikke et beløb");
        assert_eq!(english.reason(&reason), "`{found}` is not an amount");
    }

    #[test]
    fn a_state_is_said_in_words_never_as_zero() {
        let [danish, english] = both();
        let say = |texts: &Texts, state| texts.value(&Value::Money(state));
        assert_eq!(say(&danish, Known::Missing), "ukendt");
        assert_eq!(say(&danish, Known::Suppressed), "diskretioneret");
        assert_eq!(say(&danish, Known::NotApplicable), "ikke relevant");
        assert_eq!(say(&english, Known::Missing), "unknown");
        assert_eq!(danish.value(&Value::Empty), "");
    }

    #[test]
    #[should_panic(expected = "no text `reason.Q999`")]
    fn an_unknown_key_is_a_bug() {
        let [danish, _] = both();
        danish.say(&Phrase::new("reason.Q999"));
    }

    #[test]
    #[should_panic(expected = "text `number.closing` is given no `year`")]
    fn an_unfilled_placeholder_is_a_bug() {
        let [danish, _] = both();
        danish.say(&Phrase::new("number.closing"));
    }

    #[test]
    fn a_phrase_is_filled_with_values_and_phrases() {
        let [danish, _] = both();
        let inner = Phrase::new("chart.range")
            .with("low", Value::Count(Known::Value(1000)))
            .with("high", Value::Verbatim("to".to_owned()));
        let outer = Phrase::new("chart.band").with("range", inner);
        assert_eq!(danish.say(&outer), "mål 1.000 til to");
    }
}
