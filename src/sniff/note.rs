//! What is said beside a guess: the evidence for it, or what the file could not decide.

use crate::domain::number;
use crate::domain::privacy::show;
use encoding_rs::UTF_8;

/// A remark on a guess, before any language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Whether a person must decide: written with `CHECK:`.
    pub check: bool,
    /// Which text says it.
    pub key: &'static str,
    /// What is put in the text's places.
    pub values: Vec<(&'static str, String)>,
}

impl Note {
    /// Evidence for a guess.
    pub(super) fn evidence(key: &'static str) -> Note {
        Note { check: false, key, values: Vec::new() }
    }

    /// Something a person must decide.
    pub(super) fn check(key: &'static str) -> Note {
        Note { check: true, key, values: Vec::new() }
    }

    /// The same note with a text in one of its places.
    pub(super) fn with(mut self, place: &'static str, text: &str) -> Note {
        self.values.push((place, text.to_owned()));
        self
    }

    /// The same note with a number in one of its places.
    pub(super) fn count(self, place: &'static str, number: usize) -> Note {
        let text = grouped(u64::try_from(number).unwrap_or(u64::MAX));
        self.with(place, &text)
    }

    /// The same note with the first few of some line numbers in one of its places.
    pub(super) fn lines(self, place: &'static str, lines: &[usize]) -> Note {
        let numbers = lines.iter().take(3).map(|line| u64::try_from(*line).unwrap_or(u64::MAX));
        let mut text = numbers.map(grouped).collect::<Vec<_>>().join(", ");
        if lines.len() > 3 {
            text.push_str(", …");
        }
        self.with(place, &text)
    }
}

/// Digits in groups of three, so that no number of ours can look like a personal number.
pub(super) fn grouped(number: u64) -> String {
    number::grouped(&number.to_string(), " ")
}

/// Delivered text made safe to show.
pub(super) fn safe(text: &str) -> String {
    show(text.as_bytes(), UTF_8).as_str().trim().to_owned()
}

/// A few delivered values for the reader's eye, each safe to show.
pub(super) fn samples<'a>(values: impl Iterator<Item = &'a str>) -> String {
    let mut seen: Vec<String> = Vec::new();
    for value in values.filter(|value| !value.is_empty()) {
        let shown = safe(value);
        if !seen.contains(&shown) {
            seen.push(shown);
        }
        if seen.len() == 3 {
            break;
        }
    }
    seen.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
}
