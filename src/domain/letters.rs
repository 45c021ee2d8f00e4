//! Texts that look the same are the same: one normal form, and nothing in it that is not seen.
//!
//! Source: Unicode Standard Annex 15 (normal form C); Unicode 16, `PropList.txt` (`White_Space`).

use std::borrow::Cow;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// A text in normal form C: `å` is one character, as a Mac writes it in no name of a file.
pub(crate) fn composed(text: &str) -> Cow<'_, str> {
    if is_plain(text) || is_nfc(text) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.nfc().collect())
}

/// An identifier as it is compared: in normal form C, without characters that are not seen, with a
/// plain blank for each blank that is another, and none around it.
#[inline]
pub(crate) fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() { Cow::Borrowed(text) } else { folded_beyond_ascii(text) }
}

fn folded_beyond_ascii(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text.trim_matches(' '));
    }
    let seen = text.chars().filter(|letter| !is_unseen(*letter));
    let plain = seen.map(|letter| if is_blank(letter) { ' ' } else { letter });
    Cow::Owned(plain.nfc().collect::<String>().trim_matches(' ').to_owned())
}

/// A heading as it is compared: as [`folded`], and with one blank for blanks and line breaks on
/// end.
pub(crate) fn folded_heading(text: &str) -> String {
    let text = folded(text.trim());
    let broken = |letter: char| letter.is_whitespace() && letter != ' ';
    if text.contains(broken) || text.contains("  ") {
        return text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    text.into_owned()
}

/// Whether a text is ASCII and letters of Europe, which are in normal form C and seen.
fn is_plain(text: &str) -> bool {
    text.chars().all(|letter| letter.is_ascii() || matches!(letter, '\u{C0}'..='\u{17F}'))
}

/// Whether a character within a word is not seen: a soft hyphen, one of no width, one that only
/// says the reading direction, a byte order mark.
pub(crate) fn is_unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{AD}' | '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
    )
}

/// Whether a character looks like a blank and is another.
fn is_blank(letter: char) -> bool {
    letter.is_whitespace()
        && !letter.is_ascii()
        && !matches!(letter, '\u{85}' | '\u{2028}'..='\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::{composed, folded, folded_heading};
    use proptest::prelude::*;

    #[test]
    fn what_looks_the_same_is_the_same() {
        for (text, expected) in [
            ("A\u{30A}rhus", "Århus"),
            ("Be\u{AD}løb", "Beløb"),
            ("\u{200B}0101\u{FEFF}", "0101"),
            ("Københavns\u{A0}Kommune\u{A0}", "Københavns Kommune"),
            ("\u{200E}Odense\u{202C}", "Odense"),
            (" 0101", " 0101"),
        ] {
            assert_eq!(folded(text), expected);
        }
        assert_eq!(composed("A\u{30A}\u{AD}"), "Å\u{AD}");
    }

    #[test]
    fn blanks_and_line_breaks_in_a_heading_are_one_blank() {
        for heading in
            ["Beløb\n(kr.)", "Beløb  (kr.)", " Beløb\r\n\u{A0}(kr.) ", "Beløb\u{2028}(kr.)"]
        {
            assert_eq!(folded_heading(heading), "Beløb (kr.)");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "[aAøå\u{30A}\u{AD}\u{200B}\u{A0}\u{2003} \n;]{0,12}|.{0,8}") {
            let (id, heading, name) = (folded(&text), folded_heading(&text), composed(&text));
            prop_assert_eq!(&folded(&id), &id);
            prop_assert_eq!(&folded_heading(&heading), &heading);
            prop_assert_eq!(&composed(&name), &name);
        }
    }
}
