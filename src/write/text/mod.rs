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

pub(crate) mod messages;
mod notice;
pub(crate) mod number;
pub(crate) mod scale;
pub(crate) mod time;

#[cfg(test)]
mod tests {
    use crate::domain::known::Known;
    use crate::domain::language::{Language, Names};
    use crate::domain::privacy::Shown;
    use crate::domain::quarantine::Reason;
    use crate::report::document::{Phrase, Value};
    use crate::write::text::messages::{Texts, texts};
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
                .by_key
                .iter()
                .map(|(key, text)| {
                    let names = placeholders(text).into_iter().map(str::to_owned);
                    (key.clone(), names.collect())
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
        for texts in both() {
            for reason in &Reason::samples() {
                let title = Reason::title(reason.code()).expect("a code");
                assert!(!texts.text(title).is_empty(), "{title}");
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
        let reason = Reason::NotAnAmount { found: Shown::from("{found}") };
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
