//! Bytes to text: the encoding that makes words of them, with the bytes that say so.

use crate::contract::charset::Charset;
use crate::sniff::note::{Note, grouped};
use crate::sniff::survey::Survey;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, MACINTOSH, UTF_8, WINDOWS_1252};
use std::collections::BTreeMap;

/// Letters beyond ASCII that stand in Western European words.
const LETTERS: &str = "æøåÆØÅäöüÄÖÜßéÉèÈêëáÁàâíîïóôòúûùçÇñãõ";

/// The letters of Danish, and those its names borrow most.
const OURS: &str = "æøåÆØÅéÉöäüÖÄÜ";

/// Signs that stand between words and numbers.
const SIGNS: &str = "–—‘’“”•…£€§°½¼¾´·²³µ®©™«»×÷±\u{a0}";

/// The text of a file's first bytes, and how it was found.
#[derive(Debug)]
pub(super) struct Guess {
    /// The label a contract uses.
    pub(super) label: &'static str,
    /// The first bytes as text, without a byte order mark.
    pub(super) text: String,
    /// Why.
    pub(super) notes: Vec<Note>,
}

/// A way to read bytes beyond ASCII, one at a time.
#[derive(Clone, Copy)]
enum Decoding {
    Web(&'static Encoding),
    Dos,
}

impl Decoding {
    fn label(self) -> &'static str {
        match self {
            Decoding::Web(encoding) if encoding == MACINTOSH => "macintosh",
            Decoding::Web(encoding) if encoding == WINDOWS_1252 => "windows-1252",
            Decoding::Web(encoding) => encoding.name(),
            Decoding::Dos => "cp850",
        }
    }

    fn letter(self, byte: u8) -> Option<char> {
        match self {
            Decoding::Dos => {
                let table = Charset::Cp850.table().expect("a code page has a table");
                table.get(usize::from(byte).checked_sub(0x80)?).copied()
            }
            Decoding::Web(encoding) => {
                let bytes = [byte];
                let (text, broken) = encoding.decode_without_bom_handling(&bytes);
                text.chars().next().filter(|letter| !broken && !letter.is_control())
            }
        }
    }

    fn text(self, bytes: &[u8]) -> String {
        match self {
            Decoding::Web(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
            Decoding::Dos => bytes
                .iter()
                .map(|byte| {
                    let letter =
                        if byte.is_ascii() { Some(char::from(*byte)) } else { self.letter(*byte) };
                    letter.unwrap_or(char::REPLACEMENT_CHARACTER)
                })
                .collect(),
        }
    }
}

/// Finds the encoding: by its mark, by being UTF-8, else by what makes words of the bytes.
pub(super) fn guess(survey: &Survey) -> Guess {
    match survey.mark {
        Some("utf-8") if survey.not_utf8.is_none() => {
            return utf8(survey, Note::evidence("encoding-mark"));
        }
        Some(label @ ("utf-16le" | "utf-16be")) => {
            let encoding = Encoding::for_label(label.as_bytes()).expect("a label of the web");
            let text = encoding.decode_with_bom_removal(&survey.head).0.into_owned();
            let notes = vec![Note::evidence("encoding-wide").with("label", label)];
            return Guess { label, text, notes };
        }
        Some(_) | None => {}
    }
    if survey.ascii {
        return utf8(survey, Note::evidence("encoding-ascii"));
    }
    if survey.not_utf8.is_none() {
        return utf8(survey, Note::evidence("encoding-utf8"));
    }
    if survey.mostly_utf8 {
        let line = grouped(survey.not_utf8.unwrap_or(1));
        return utf8(survey, Note::check("encoding-stray").with("line", &line));
    }
    single_byte(survey)
}

fn utf8(survey: &Survey, note: Note) -> Guess {
    let text = UTF_8.decode_with_bom_removal(&survey.head).0.into_owned();
    Guess { label: "utf-8", text, notes: vec![note] }
}

fn single_byte(survey: &Survey) -> Guess {
    // A file that begins as UTF-8 and goes on as something else is read as the latter.
    let head = survey.head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&survey.head);
    let counts = counts(head);
    let line = survey.not_utf8.unwrap_or(1);
    let mut notes = vec![Note::evidence("encoding-not-utf8").with("line", &grouped(line))];
    if counts.is_empty() {
        notes.push(Note::check("encoding-late"));
        let text = UTF_8.decode_without_bom_handling(head).0.into_owned();
        return Guess { label: "windows-1252", text, notes };
    }
    let ours = [Decoding::Web(WINDOWS_1252), Decoding::Web(MACINTOSH), Decoding::Dos];
    let mut scored: Vec<(i64, usize, Decoding)> = ours
        .into_iter()
        .enumerate()
        .map(|(place, reading)| (score(reading, head), place, reading))
        .collect();
    scored.sort_by_key(|(score, place, _)| (std::cmp::Reverse(*score), *place));
    let (best, _, mut reading) = scored[0];
    let (second, _, other) = scored[1];

    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, true);
    let detected = detector.guess(Some(b"dk"), Utf8Detection::Deny);
    let wordless = best <= 0;
    if wordless && detected.is_ascii_compatible() {
        reading = Decoding::Web(detected);
    }
    notes.push(
        Note::evidence("encoding-bytes")
            .with("label", reading.label())
            .with("bytes", &evidence(reading, &counts)),
    );
    let same = |byte: &u8| reading.letter(*byte) == other.letter(*byte);
    if wordless {
        notes.push(Note::check("encoding-guess").with("label", reading.label()));
    } else if counts.keys().all(same) {
        notes.push(Note::evidence("encoding-same").with("other", other.label()));
    } else if second * 2 > best {
        notes.push(
            Note::check("encoding-near")
                .with("other", other.label())
                .with("bytes", &evidence(other, &counts)),
        );
    }
    if matches!(reading, Decoding::Dos) {
        notes.push(Note::check("encoding-dos"));
    }
    Guess { label: reading.label(), text: reading.text(head), notes }
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
fn evidence(reading: Decoding, counts: &BTreeMap<u8, usize>) -> String {
    let mut order: Vec<(&u8, &usize)> = counts.iter().collect();
    order.sort_by_key(|(byte, count)| (std::cmp::Reverse(**count), **byte));
    let said = order.into_iter().take(5).map(|(byte, count)| {
        let letter = reading.letter(*byte).filter(|letter| !letter.is_whitespace());
        let letter = letter.map_or_else(|| "?".to_owned(), String::from);
        let count = grouped(u64::try_from(*count).unwrap_or(u64::MAX));
        format!("{byte:02X} = {letter} ({count})")
    });
    said.collect::<Vec<_>>().join(", ")
}

/// How well the bytes beyond ASCII make words: letters beside letters, signs beside none.
fn score(reading: Decoding, head: &[u8]) -> i64 {
    let is_letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
    let is_lower = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_lowercase);
    let letters: BTreeMap<u8, Option<char>> =
        (0x80..=0xFF).map(|byte| (byte, reading.letter(byte))).collect();
    let mut total = 0;
    for (at, byte) in head.iter().enumerate().filter(|(_, byte)| !byte.is_ascii()) {
        let before = at.checked_sub(1).and_then(|at| head.get(at));
        let after = head.get(at + 1);
        let beside = is_letter(before) || is_letter(after);
        total += match letters[byte] {
            None => -6,
            Some('\u{a0}' | '’') => 1,
            Some(letter) if LETTERS.contains(letter) => match (beside, reading) {
                (false, _) => 0,
                (true, _) if letter.is_uppercase() && is_lower(before) => -1,
                // In DOS pages whole alphabets stand where others have signs: only ours convince.
                (true, Decoding::Dos) if !OURS.contains(letter) => -1,
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
    use super::guess;
    use crate::sniff::survey::survey;
    use encoding_rs::{MACINTOSH, WINDOWS_1252};

    const TEXT: &str = "Myndighed;Beløb\r\nKøbenhavn;12,50\r\nÆrø;1,00\r\nÅrhus på ny;2,00\r\n";

    fn label(bytes: &[u8]) -> (&'static str, String) {
        let found = guess(&survey(bytes).expect("memory reads"));
        (found.label, found.text)
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
        let mut wide = vec![0xFF, 0xFE];
        wide.extend(TEXT.encode_utf16().flat_map(u16::to_le_bytes));
        let broken = [b"\xEF\xBB\xBF", windows.as_slice()].concat();
        for (bytes, expected) in [
            (&broken[..], "windows-1252"),
            (TEXT.as_bytes(), "utf-8"),
            (marked.as_bytes(), "utf-8"),
            (&windows, "windows-1252"),
            (&mac, "macintosh"),
            (&dos, "cp850"),
            (&wide, "utf-16le"),
        ] {
            assert_eq!(label(bytes), (expected, TEXT.to_owned()));
        }
        assert_eq!(MACINTOSH.decode_without_bom_handling(&mac).0, TEXT);
    }

    #[test]
    fn a_pound_that_both_encodings_write_alike_is_no_question() {
        let found = guess(&survey(&b"over \xA3 500,00\n"[..]).expect("memory reads"));
        assert_eq!(found.label, "windows-1252");
        assert!(found.notes.iter().all(|note| !note.check), "{:?}", found.notes);
    }
}
