//! Bytes to text: the encoding that makes words of them, with the bytes that say so.

use crate::contract::charset::Charset;
use crate::sniff::note::{Note, grouped};
use crate::source::scan::Scan;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::collections::BTreeMap;

/// What is known of all bytes by their form, in the order a delivery is held against.
pub(super) const BY_FORM: [Charset; 4] = [
    Charset::Web(UTF_8),
    Charset::Web(UTF_16LE),
    Charset::Web(UTF_16BE),
    Charset::Web(WINDOWS_1252),
];

/// Letters beyond ASCII that stand in Western European words.
const LETTERS: &str = "æøåÆØÅäöüÄÖÜßéÉèÈêëáÁàâíîïóôòúûùçÇñãõ";

/// The letters of Danish, and those its names borrow most.
const OURS: &str = "æøåÆØÅéÉöäüÖÄÜ";

/// Signs that stand between words and numbers.
const SIGNS: &str = "–—‘’“”•…£€§°½¼¾´·²³µ®©™«»×÷±\u{a0}";

/// The encoding of a file, and how it was found.
#[derive(Debug)]
pub(super) struct Guess {
    /// What the file is read in.
    pub(super) charset: Charset,
    /// Why.
    pub(super) notes: Vec<Note>,
}

impl Guess {
    /// The label a contract uses.
    pub(super) fn label(&self) -> &'static str {
        label(self.charset)
    }
}

/// The label a contract uses for an encoding.
fn label(charset: Charset) -> &'static str {
    match charset {
        Charset::Web(encoding) if encoding == UTF_8 => "utf-8",
        Charset::Web(encoding) if encoding == UTF_16LE => "utf-16le",
        Charset::Web(encoding) if encoding == UTF_16BE => "utf-16be",
        Charset::Web(_) | Charset::Cp850 | Charset::Cp865 => charset.name(),
    }
}

/// The byte order mark, as its encoding is called.
pub(super) fn mark(head: &[u8]) -> Option<&'static str> {
    Encoding::for_bom(head).map(|(encoding, _)| label(Charset::Web(encoding)))
}

/// The character a byte beyond ASCII is read as.
fn letter(charset: Charset, byte: u8) -> Option<char> {
    match charset {
        Charset::Web(encoding) => {
            let bytes = [byte];
            let (text, broken) = encoding.decode_without_bom_handling(&bytes);
            text.chars().next().filter(|letter| !broken && !letter.is_control())
        }
        Charset::Cp850 | Charset::Cp865 => {
            charset.table()?.get(usize::from(byte).checked_sub(0x80)?).copied()
        }
    }
}

/// Finds the encoding: what a delivery of such bytes is held to be, where their form says so; else
/// what makes words of the first of them.
pub(super) fn guess(scan: &Scan, head: &[u8]) -> Guess {
    let by_form = match &scan.encoding {
        Ok(charset) if *charset == Charset::Web(UTF_8) || charset.is_utf16() => *charset,
        Ok(_) | Err(_) => return single_byte(scan, head),
    };
    let note = match (mark(head), scan.not_utf_8) {
        _ if by_form.is_utf16() => {
            let key = if mark(head).is_some() { "encoding-wide" } else { "encoding-zeros" };
            Note::evidence(key).with("label", label(by_form))
        }
        (_, Some(line)) => Note::check("encoding-stray").with("line", &grouped(u64::from(line))),
        (Some(_), None) => Note::evidence("encoding-mark"),
        (None, None) if scan.ascii => Note::evidence("encoding-ascii"),
        (None, None) => Note::evidence("encoding-utf8"),
    };
    Guess { charset: by_form, notes: vec![note] }
}

fn single_byte(scan: &Scan, head: &[u8]) -> Guess {
    // A file that begins as UTF-8 and goes on as something else is read as the latter.
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let counts = counts(head);
    let line = u64::from(scan.not_utf_8.unwrap_or(1));
    let mut notes = vec![Note::evidence("encoding-not-utf8").with("line", &grouped(line))];
    if counts.is_empty() {
        notes.push(Note::check("encoding-late"));
        return Guess { charset: Charset::Web(WINDOWS_1252), notes };
    }
    let ours = [Charset::Web(WINDOWS_1252), Charset::Web(MACINTOSH), Charset::Cp850];
    let mut scored: Vec<(i64, usize, Charset)> = ours
        .into_iter()
        .enumerate()
        .map(|(place, charset)| (score(charset, head), place, charset))
        .collect();
    scored.sort_by_key(|(score, place, _)| (std::cmp::Reverse(*score), *place));
    let (best, _, mut charset) = scored[0];
    let (second, _, other) = scored[1];

    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, true);
    let detected = detector.guess(Some(b"dk"), Utf8Detection::Deny);
    let wordless = best <= 0;
    if wordless && detected.is_ascii_compatible() {
        charset = Charset::Web(detected);
    }
    notes.push(
        Note::evidence("encoding-bytes")
            .with("label", label(charset))
            .with("bytes", &evidence(charset, &counts)),
    );
    let same = |byte: &u8| letter(charset, *byte) == letter(other, *byte);
    if wordless {
        notes.push(Note::check("encoding-guess").with("label", label(charset)));
    } else if counts.keys().all(same) {
        notes.push(Note::evidence("encoding-same").with("other", label(other)));
    } else if second * 2 > best {
        notes.push(
            Note::check("encoding-near")
                .with("other", label(other))
                .with("bytes", &evidence(other, &counts)),
        );
    }
    if charset == Charset::Cp850 {
        notes.push(Note::check("encoding-dos"));
    }
    Guess { charset, notes }
}

/// How often each byte beyond ASCII stands.
fn counts(head: &[u8]) -> BTreeMap<u8, usize> {
    let mut counts = BTreeMap::new();
    for byte in head.iter().filter(|byte| !byte.is_ascii()) {
        *counts.entry(*byte).or_default() += 1;
    }
    counts
}

/// The commonest bytes with the letter each is read as.
fn evidence(charset: Charset, counts: &BTreeMap<u8, usize>) -> String {
    let mut order: Vec<(&u8, &usize)> = counts.iter().collect();
    order.sort_by_key(|(byte, count)| (std::cmp::Reverse(**count), **byte));
    let said = order.into_iter().take(5).map(|(byte, count)| {
        let letter = letter(charset, *byte).filter(|letter| !letter.is_whitespace());
        let letter = letter.map_or_else(|| "?".to_owned(), String::from);
        let count = grouped(u64::try_from(*count).unwrap_or(u64::MAX));
        format!("{byte:02X} = {letter} ({count})")
    });
    said.collect::<Vec<_>>().join(", ")
}

/// How well the bytes beyond ASCII make words: letters beside letters, signs beside none.
fn score(charset: Charset, head: &[u8]) -> i64 {
    let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
    let is_lower = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_lowercase);
    let letters: BTreeMap<u8, Option<char>> =
        (0x80..=0xFF).map(|byte| (byte, letter(charset, byte))).collect();
    let mut total = 0;
    for (at, byte) in head.iter().enumerate().filter(|(_, byte)| !byte.is_ascii()) {
        let before = at.checked_sub(1).and_then(|at| head.get(at));
        let after = head.get(at + 1);
        let beside = is_letter(before) || is_letter(after);
        total += match letters[byte] {
            None => -6,
            Some('\u{a0}' | '’') => 1,
            Some(letter) if LETTERS.contains(letter) => match (beside, charset) {
                (false, _) => 0,
                (true, _) if letter.is_uppercase() && is_lower(before) => -1,
                // In DOS pages whole alphabets stand where others have signs: only ours convince.
                (true, Charset::Cp850) if !OURS.contains(letter) => -1,
                (true, _) => 2,
            },
            Some(sign) if SIGNS.contains(sign) => {
                if is_letter(before) && is_letter(after) {
                    -1
                } else {
                    1
                }
            }
            Some(_) => -2,
        };
    }
    total
}

#[cfg(test)]
mod tests {
    use super::{BY_FORM, Guess, guess};
    use crate::source::scan::scan;
    use encoding_rs::{MACINTOSH, WINDOWS_1252};

    const TEXT: &str = "Myndighed;Beløb\r\nKøbenhavn;12,50\r\nÆrø;1,00\r\nÅrhus på ny;2,00\r\n";

    fn guessed(bytes: &[u8]) -> Guess {
        guess(&scan(bytes, &BY_FORM).expect("memory reads"), bytes)
    }

    #[test]
    fn danish_words_show_their_encoding() {
        let windows = WINDOWS_1252.encode(TEXT).0.into_owned();
        let mac: Vec<u8> = TEXT
            .chars()
            .map(|letter| match letter {
                'æ' => 0xBE,
                'ø' => 0xBF,
                'å' => 0x8C,
                'Æ' => 0xAE,
                'Ø' => 0xAF,
                'Å' => 0x81,
                ascii => u8::try_from(ascii).expect("ASCII"),
            })
            .collect();
        let dos: Vec<u8> = TEXT
            .chars()
            .map(|letter| match letter {
                'æ' => 0x91,
                'ø' => 0x9B,
                'å' => 0x86,
                'Æ' => 0x92,
                'Ø' => 0x9D,
                'Å' => 0x8F,
                ascii => u8::try_from(ascii).expect("ASCII"),
            })
            .collect();
        let marked = format!("\u{feff}{TEXT}");
        let unmarked: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let wide = [b"\xFF\xFE", unmarked.as_slice()].concat();
        let broken = [b"\xEF\xBB\xBF", windows.as_slice()].concat();
        for (bytes, expected) in [
            (&broken[..], "windows-1252"),
            (TEXT.as_bytes(), "utf-8"),
            (marked.as_bytes(), "utf-8"),
            (&windows, "windows-1252"),
            (&mac, "macintosh"),
            (&dos, "cp850"),
            (&wide, "utf-16le"),
            (&unmarked, "utf-16le"),
        ] {
            assert_eq!(guessed(bytes).label(), expected);
        }
        assert_eq!(MACINTOSH.decode_without_bom_handling(&mac).0, TEXT);
    }

    #[test]
    fn a_pound_that_both_encodings_write_alike_is_no_question() {
        let found = guessed(b"over \xA3 500,00\n");
        assert_eq!(found.label(), "windows-1252");
        assert!(found.notes.iter().all(|note| !note.check), "{:?}", found.notes);
    }
}
