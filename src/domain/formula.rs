//! Cells that a spreadsheet takes for text, whatever they begin with: the one guard of every CSV
//! that is written.
//!
//! Source: OWASP, "CSV Injection": a formula begins with `=`, `+`, `-` or `@`, with their
//! full-width forms, with a tab or a line end.

use crate::domain::neutral::shown;

/// The text with `'` before whatever a spreadsheet would start a formula with, and U+FFFD for each
/// character that is not shown: a cell of a file that is read, and not read back.
pub(crate) fn harmless(text: &str) -> String {
    shown(&guard(text)).into_owned()
}

/// The text with `'` before whatever would begin a formula: at its beginning, and behind each mark
/// that a spreadsheet may split a line at, quotes or not. One set to Danish splits at `;`, one that
/// asks may split at `,` or a tab. Blanks and quotes before it do not make it text.
pub(crate) fn guard(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 1);
    let mut opening = true;
    for letter in text.chars() {
        if opening && starts(letter) {
            safe.push('\'');
        }
        opening = opens(letter, opening);
        safe.push(letter);
    }
    safe
}

/// The text that [`guard`] made this of; what it did not make stays as it is.
pub(crate) fn unguard(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut opening = true;
    for letter in text.chars() {
        if opening && starts(letter) && plain.ends_with('\'') {
            plain.pop();
        }
        opening = opens(letter, opening);
        plain.push(letter);
    }
    plain
}

/// Whether a cell may still begin behind this character.
fn opens(letter: char, opening: bool) -> bool {
    let parts = matches!(letter, ';' | ',' | '\t' | '\r' | '\n');
    parts || (opening && (matches!(letter, '"' | '\'') || letter.is_whitespace()))
}

fn starts(letter: char) -> bool {
    matches!(letter, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\n')
}

#[cfg(test)]
mod tests {
    use super::{guard, harmless, unguard};
    use proptest::prelude::*;

    #[test]
    fn a_cell_never_begins_a_formula() {
        for (delivered, written) in [
            ("Aarhus", "Aarhus"),
            ("1-2", "1-2"),
            ("Jensen, 2-4", "Jensen, 2-4"),
            ("'x", "'x"),
            ("'=1", "''=1"),
            ("=1+1", "'=1+1"),
            ("+45", "'+45"),
            ("-5", "'-5"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("＝1", "'＝1"),
            ("x;＋1", "x;'＋1"),
            ("x\t－1", "x\u{FFFD}'－1"),
            ("\"＠1", "\"'＠1"),
            ("\t=1", "'\u{FFFD}'=1"),
            ("\r\n", "'\u{FFFD}'\u{FFFD}"),
            (" \"=1", " \"'=1"),
            ("\u{a0}=1", "\u{a0}'=1"),
            ("x;=1+1", "x;'=1+1"),
            ("x;\"=1+1", "x;\"'=1+1"),
            ("x,=1\t=2\r=3", "x,'=1\u{FFFD}'=2\u{FFFD}'=3"),
            ("a\u{0}b\u{202E}c\u{ad}", "a\u{FFFD}b\u{FFFD}c\u{FFFD}"),
            ("æøå", "æøå"),
        ] {
            assert_eq!(harmless(delivered), written, "{delivered:?}");
        }
    }

    proptest! {
        #[test]
        fn what_was_guarded_is_found_again(text in "[-=+@＝＋－＠';,\" \t\n\ra0]{0,9}|.{0,9}") {
            let guarded = guard(&text);
            prop_assert_eq!(unguard(&guarded), text);
            for cell in guarded.split([';', ',', '\t', '\n', '\r']) {
                let cell = cell.trim_start_matches([' ', '"']);
                prop_assert!(!cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']), "{:?}", guarded);
            }
        }
    }
}
