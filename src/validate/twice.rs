//! Letters that were encoded twice: written in UTF-8, and read as if each byte were a letter, by
//! the sender or here, where a line of another system stands among others.
//!
//! The characters that the bytes of a Danish letter become stand side by side in no name:
//! `Ã¸` in Windows-1252, `√∏` on a Mac, `├©` in DOS.

use crate::contract::charset::Charset;
use encoding_rs::{MACINTOSH, WINDOWS_1252};

/// The text as it was before it was encoded for the second time; `None` where it was encoded once.
pub(crate) fn repaired(text: &str) -> Option<String> {
    // What the first bytes of such letters become.
    if !text.contains(['Ã', 'Â', 'â', '√', '├']) {
        return None;
    }
    let pages =
        [Charset::Web(WINDOWS_1252), Charset::Web(MACINTOSH), Charset::Cp850, Charset::Cp865];
    pages.into_iter().find_map(|page| repaired_from(text, page))
}

/// The same of a text that was read in this encoding.
fn repaired_from(text: &str, page: Charset) -> Option<String> {
    let letters: Vec<char> = text.chars().collect();
    let bytes: Vec<Option<u8>> = letters.iter().map(|letter| high_byte(*letter, page)).collect();
    let (mut repaired, mut at, mut twice) = (String::new(), 0, false);
    while at < letters.len() {
        let own = (2..=3).find_map(|length| {
            let bytes: Vec<u8> =
                bytes.get(at..at + length)?.iter().copied().collect::<Option<_>>()?;
            let letter = std::str::from_utf8(&bytes).ok()?.chars().next()?;
            is_likely(letter, page).then_some((letter, length))
        });
        let (letter, length) = own.unwrap_or((letters[at], 1));
        twice |= own.is_some();
        repaired.push(letter);
        at += length;
    }
    twice.then_some(repaired)
}

/// The byte above 127 a character is in an encoding; the bytes that Windows-1252 leaves undefined
/// are read as control characters, and so are others by what takes it for Latin-1.
fn high_byte(letter: char, page: Charset) -> Option<u8> {
    if letter.is_ascii() {
        return None;
    }
    if let Some(table) = page.table() {
        let place = table.iter().position(|own| *own == letter)?;
        return u8::try_from(place + 128).ok();
    }
    let Charset::Web(encoding) = page else {
        return None;
    };
    let control = u8::try_from(u32::from(letter)).ok().filter(|byte| *byte < 0xA0);
    if control.is_some() && encoding == WINDOWS_1252 {
        return control;
    }
    let mut own = [0; 4];
    match &*encoding.encode(letter.encode_utf8(&mut own)).0 {
        [byte] => Some(*byte),
        _ => None,
    }
}

/// Whether a letter is so usual, and what it becomes so unusual, that it was encoded twice.
fn is_likely(letter: char, page: Charset) -> bool {
    match page {
        Charset::Web(encoding) if encoding == WINDOWS_1252 => is_western(letter),
        Charset::Web(_) | Charset::Cp850 | Charset::Cp865 => "æøåÆØÅéÉäÄöÖüÜ".contains(letter),
    }
}

/// Whether a character is a letter or a sign of Western Europe that has two bytes in UTF-8, or a
/// dash, a quote or a euro. No others: a Danish `Å` and the quote behind it are some letter too.
fn is_western(letter: char) -> bool {
    matches!(letter, '\u{A0}'..='\u{FF}' | '\u{2010}'..='\u{203A}' | '€')
}

#[cfg(test)]
mod tests {
    use super::repaired;
    use proptest::prelude::*;

    #[test]
    fn letters_encoded_twice_are_known() {
        for (text, expected) in [
            ("KÃ¸benhavns Kommune", "Københavns Kommune"),
            ("Ã˜lstykke", "Ølstykke"),
            ("Ã\u{98}lstykke", "Ølstykke"),
            ("Ã…rhus og Ã†rÃ¸", "Århus og Ærø"),
            ("Ã\u{AD}", "í"),
            ("2018â€“2019", "2018–2019"),
            ("K√∏benhavn", "København"),
            ("K├©benhavn", "København"),
            ("K├╕benhavn", "København"),
            ("Ã\u{192}Â¸", "Ã¸"),
        ] {
            assert_eq!(repaired(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn legitimate_text_is_left_alone() {
        for text in [
            "Københavns Kommune",
            "Ærø",
            "Ålborg",
            "»INDKØB«",
            "\u{201c}SAS Å\u{201d}",
            "Å’s",
            "São Paulo",
            "SÃO PAULO",
            "Âme",
            "20 °C",
            "§ 12",
            "10 €",
            "½ år",
            "–",
            "Łódź",
            "Αθήνα",
            "北京",
        ] {
            assert_eq!(repaired(text), None, "{text}");
        }
    }

    proptest! {
        /// Text of Danish letters is never taken for what it is encoded twice, which always is.
        #[test]
        fn danish_text_is_told_from_itself_encoded_twice(text in "[a-zA-Z æøåÆØÅéüö«»”’–.,0-9]{1,20}") {
            prop_assert_eq!(repaired(&text), None);
            let twice = encoding_rs::WINDOWS_1252.decode_without_bom_handling(text.as_bytes()).0;
            prop_assert_eq!(repaired(&twice).is_some(), !text.is_ascii());
        }
    }
}
