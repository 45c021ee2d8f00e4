//! Which of the declared encodings the bytes are in, and the evidence where they are in none.
//!
//! The delivery as a whole decides: a byte that is no text in the encoding most others speak for is
//! its line's fault (`stray`).

use crate::contract::charset::Charset;
use crate::source::evidence::{bytes_of, bytes_of_letter, describe};
use encoding_rs::WINDOWS_1252;
use encoding_rs::{Decoder, DecoderResult, Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes from the top of a delivery that tell UTF-16, and what is no text at all. One length for
/// every reader, so that none of them sees another file.
pub(crate) const HEAD: usize = 32 * 1024;

/// Where the bytes contradict an encoding, and what stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Contradiction {
    /// 1-based physical line.
    pub(crate) line: u32,
    /// The bytes, and what they would be in another encoding: `0xE6 = æ (windows-1252)`.
    pub(crate) found: String,
}

/// Holds a delivery's bytes against every declared encoding, window by window.
pub(crate) struct Checks {
    declared: Vec<Check>,
    /// UTF-8, whether or not it is declared: what most files are that say something else.
    utf_8: Check,
    head: Option<Contradiction>,
    started: bool,
}

impl Checks {
    pub(crate) fn new(declared: &[Charset]) -> Checks {
        Checks {
            declared: declared.iter().map(|charset| Check::new(*charset)).collect(),
            utf_8: Check::new(Charset::Web(UTF_8)),
            head: None,
            started: false,
        }
    }

    pub(crate) fn feed(&mut self, part: &[u8]) {
        if !self.started {
            self.started = true;
            self.head = utf16_head(&part[..part.len().min(HEAD)]);
        }
        if self.declared.is_empty() {
            return;
        }
        self.utf_8.feed(part, false);
        for check in &mut self.declared {
            if check.charset != Charset::Web(UTF_8) {
                check.feed(part, false);
            }
        }
    }

    /// The first declared encoding that the bytes speak for.
    pub(crate) fn end(&mut self) -> Result<Charset, Contradiction> {
        self.utf_8.feed(&[], true);
        let in_utf_8 = self.utf_8.is_borne_out();
        let mut furthest: Option<Contradiction> = None;
        for check in &mut self.declared {
            check.feed(&[], true);
            let broken = if check.charset == Charset::Web(UTF_8) {
                self.head.as_ref().or(self.utf_8.broken.as_ref().filter(|_| !in_utf_8))
            } else if check.charset.is_utf16() {
                check.broken.as_ref()
            } else {
                let other = self.utf_8.letter.as_ref().filter(|_| in_utf_8);
                let broken = check.broken.as_ref().filter(|_| !check.outweighs());
                self.head.as_ref().or(broken).or(other)
            };
            let Some(broken) = broken else {
                return Ok(check.charset);
            };
            if furthest.as_ref().is_none_or(|most| most.line < broken.line) {
                furthest = Some(broken.clone());
            }
        }
        Err(furthest.unwrap_or(Contradiction { line: 1, found: String::new() }))
    }

    /// The line of the first byte that is no UTF-8, once the end was fed.
    pub(crate) fn not_utf_8(&self) -> Option<u32> {
        self.utf_8.broken.as_ref().map(|broken| broken.line)
    }

    /// Whether no byte is beyond ASCII, once the end was fed.
    pub(crate) fn is_ascii(&self) -> bool {
        self.utf_8.broken.is_none() && self.utf_8.letter.is_none()
    }
}

/// The declared encoding that the head of a file settles on, as far as a head can: UTF-8 that
/// nothing contradicts yet, or a single-byte encoding where UTF-8 is out of the question. `None`:
/// only the whole file can tell.
pub(crate) fn likely(head: &[u8], declared: &[Charset]) -> Option<&'static Encoding> {
    if utf16_head(head).is_some() {
        return None;
    }
    let utf_8 = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    };
    for charset in declared {
        match charset {
            Charset::Web(encoding) if *encoding == UTF_8 && utf_8 => return Some(UTF_8),
            Charset::Web(encoding) if *encoding == UTF_8 => {}
            Charset::Web(encoding) if !utf_8 && *encoding == WINDOWS_1252 => {
                if head.iter().all(|byte| in_windows_1252(*byte)) {
                    return Some(WINDOWS_1252);
                }
            }
            Charset::Web(encoding) if !utf_8 && *encoding == MACINTOSH => return Some(MACINTOSH),
            Charset::Web(_) | Charset::Cp850 | Charset::Cp865 => return None,
        }
    }
    None
}

/// Whether Windows-1252 gives the byte a character.
///
/// The WHATWG decoder gives the five bytes it leaves undefined a control character; in a delivery
/// they are a sign of another encoding.
pub(crate) fn in_windows_1252(byte: u8) -> bool {
    !matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D)
}

/// Whether bytes can be text in one encoding.
struct Check {
    charset: Charset,
    lines: LineCounter,
    /// The first bytes that are none.
    broken: Option<Contradiction>,
    /// How often there are such bytes. A character of UTF-8 that the end cuts is none of them.
    foreign: u64,
    /// Characters beyond ASCII in UTF-8, letters beyond it in Windows-1252.
    letters: u64,
    /// The first character of several bytes, where the encoding is UTF-8.
    letter: Option<Contradiction>,
    /// Bytes of a UTF-8 character cut by the window's end.
    rest: Vec<u8>,
    utf16: Option<Decoder>,
    begun: bool,
}

impl Check {
    fn new(charset: Charset) -> Check {
        let utf16 = match charset {
            Charset::Web(encoding) if charset.is_utf16() => {
                Some(encoding.new_decoder_without_bom_handling())
            }
            Charset::Web(_) | Charset::Cp850 | Charset::Cp865 => None,
        };
        Check {
            charset,
            lines: LineCounter::default(),
            broken: None,
            foreign: 0,
            letters: 0,
            letter: None,
            rest: Vec::new(),
            utf16,
            begun: false,
        }
    }

    /// Whether more speaks for the encoding than against it.
    fn outweighs(&self) -> bool {
        self.letters > self.foreign
    }

    /// Whether the text is UTF-8, where it has both characters of UTF-8 and foreign bytes: the
    /// first line says so, where it has one of them alone, for the headings are on it; else the
    /// more frequent.
    fn is_borne_out(&self) -> bool {
        let first = |found: &Option<Contradiction>| found.as_ref().is_some_and(|it| it.line == 1);
        match (first(&self.letter), first(&self.broken)) {
            (true, false) => true,
            (false, true) => false,
            (true, true) | (false, false) => self.outweighs(),
        }
    }

    fn feed(&mut self, part: &[u8], last: bool) {
        if self.utf16.is_some() {
            if self.broken.is_none() {
                self.feed_utf16(part, last);
            }
        } else if self.charset == Charset::Web(UTF_8) {
            self.feed_utf_8(part, last);
        } else if self.charset == Charset::Web(WINDOWS_1252) {
            self.feed_windows(part);
        }
        self.begun |= !part.is_empty();
    }

    /// The letters of Windows-1252 have two columns of it to themselves; in the others are signs,
    /// among them what the code pages of DOS have their letters for.
    fn feed_windows(&mut self, part: &[u8]) {
        self.letters += count(part, |byte| byte >= 0xC0);
        let first = part.iter().position(|byte| !in_windows_1252(*byte));
        self.foreign += first.map_or(0, |at| count(&part[at..], |byte| !in_windows_1252(byte)));
        if self.broken.is_none() {
            self.lines.pass(&part[..first.unwrap_or(part.len())]);
            self.broken = first.map(|at| self.contradiction(describe(part[at])));
        }
    }

    fn feed_utf_8(&mut self, part: &[u8], last: bool) {
        let joined;
        let bytes = if self.rest.is_empty() {
            part
        } else {
            joined = [std::mem::take(&mut self.rest).as_slice(), part].concat();
            joined.as_slice()
        };
        let mut left = bytes;
        while !left.is_empty() {
            let broken = std::str::from_utf8(left).err();
            let (valid, rest) = left.split_at(broken.map_or(left.len(), |it| it.valid_up_to()));
            self.pass_utf_8(std::str::from_utf8(valid).unwrap_or_default());
            let Some(broken) = broken else { return };
            let cut = broken.error_len().is_none();
            if cut && !last {
                self.rest = rest.to_vec();
                return;
            }
            self.foreign += u64::from(!cut);
            if self.broken.is_none() {
                self.broken = Some(self.contradiction(describe(rest[0])));
            }
            left = &rest[broken.error_len().unwrap_or(rest.len())..];
        }
    }

    fn pass_utf_8(&mut self, valid: &str) {
        if self.letter.is_none() && !valid.is_ascii() {
            self.note_letter(valid);
        }
        self.letters += count(valid.as_bytes(), |byte| byte >= 0xC0);
        // A letter behind a foreign byte is asked only whether it is on the first line.
        let first = self.letter.is_none() && self.lines.line() == 1;
        if self.broken.is_none() || first {
            self.lines.pass(valid.as_bytes());
        }
    }

    /// Keeps the first character that is not ASCII, a byte order mark included.
    fn note_letter(&mut self, text: &str) {
        let Some((at, letter)) = text.char_indices().find(|(_, letter)| !letter.is_ascii()) else {
            return;
        };
        let mut lines = self.lines.clone();
        lines.pass(&text.as_bytes()[..at]);
        self.letter = Some(Contradiction { line: lines.line(), found: bytes_of_letter(letter) });
    }

    /// UTF-16: whole characters, no control character beside tabs and line ends, a byte order mark
    /// that agrees, and (where there is none) a beginning that is mostly Latin.
    fn feed_utf16(&mut self, part: &[u8], last: bool) {
        if !self.begun && !part.is_empty() {
            let marked = Encoding::for_bom(part).map(|(encoding, _)| Charset::Web(encoding));
            let other = match marked {
                Some(marked) => marked != self.charset,
                None => !mostly_latin(part, self.charset),
            };
            if other {
                let found = utf16_head(part).map_or_else(|| bytes_of(part), |head| head.found);
                self.broken = Some(Contradiction { line: 1, found });
                return;
            }
        }
        let utf16 = self.utf16.as_mut().expect("a wide encoding has a decoder");
        let mut text = vec![0; 16 * 1024];
        let mut position = 0;
        loop {
            let (result, read, written) =
                utf16.decode_to_utf8_without_replacement(&part[position..], &mut text, last);
            position += read;
            let given = &text[..written];
            let stray = given.iter().position(|byte| {
                byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C)
            });
            self.lines.pass(&given[..stray.unwrap_or(written)]);
            let found = match (stray, &result) {
                (Some(stray), _) => Some(format!("U+{:04X}", given[stray])),
                (None, DecoderResult::Malformed(..)) if !last => Some("U+FFFD".to_owned()),
                // What the end cuts is its line's fault.
                (
                    None,
                    DecoderResult::Malformed(..)
                    | DecoderResult::InputEmpty
                    | DecoderResult::OutputFull,
                ) => None,
            };
            let line = self.lines.line();
            self.broken = found.map(|found| Contradiction { line, found });
            if self.broken.is_some() || last || result == DecoderResult::InputEmpty {
                return;
            }
        }
    }

    fn contradiction(&self, found: String) -> Contradiction {
        Contradiction { line: self.lines.line(), found }
    }
}

/// How many bytes are as asked for.
fn count(bytes: &[u8], is: impl Fn(u8) -> bool) -> u64 {
    // As many as a byte can count are added up at a time, many side by side.
    let few = |part: &[u8]| part.iter().map(|byte| u8::from(is(*byte))).sum::<u8>();
    bytes.chunks(255).map(|part| u64::from(few(part))).sum()
}

/// What a beginning says of UTF-16: a byte order mark, or every other byte zero.
pub(crate) fn utf16_head(head: &[u8]) -> Option<Contradiction> {
    let charset = if head.starts_with(b"\xFF\xFE") {
        UTF_16LE
    } else if head.starts_with(b"\xFE\xFF") {
        UTF_16BE
    } else {
        [UTF_16LE, UTF_16BE]
            .into_iter()
            .find(|encoding| head.contains(&0) && mostly_latin(head, Charset::Web(encoding)))?
    };
    let name = charset.name().to_ascii_lowercase();
    Some(Contradiction { line: 1, found: format!("{} ({name})", bytes_of(head)) })
}

/// Whether most of the first characters are Latin ones, read as UTF-16.
fn mostly_latin(head: &[u8], charset: Charset) -> bool {
    let units = head.chunks_exact(2).take(256).map(|pair| {
        let pair = [pair[0], pair[1]];
        if charset == Charset::Web(UTF_16BE) {
            u16::from_be_bytes(pair)
        } else {
            u16::from_le_bytes(pair)
        }
    });
    let (mut latin, mut all) = (0, 0);
    for unit in units {
        all += 1;
        latin += usize::from(unit != 0 && unit < 0x0300);
    }
    2 * latin > all
}

/// Counts physical lines: LF, CRLF and a lone CR end one.
#[derive(Debug, Clone, Default)]
struct LineCounter {
    ended: u32,
    after_return: bool,
}

impl LineCounter {
    fn pass(&mut self, bytes: &[u8]) {
        let mut ended = 0_usize;
        let mut before = if self.after_return { b'\r' } else { 0 };
        for byte in bytes {
            ended += usize::from(*byte == b'\r' || (*byte == b'\n' && before != b'\r'));
            before = *byte;
        }
        self.after_return = before == b'\r';
        self.ended = self.ended.saturating_add(u32::try_from(ended).unwrap_or(u32::MAX));
    }

    fn line(&self) -> u32 {
        self.ended.saturating_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::Checks;
    use crate::contract::charset::Charset;

    /// The encoding found, or `line: evidence`; the window's size does not show.
    fn found(labels: &[&str], bytes: &[u8]) -> String {
        let declared: Vec<Charset> =
            labels.iter().flat_map(|label| Charset::of_label(label)).collect();
        let read = |window: usize| {
            let mut checks = Checks::new(&declared);
            for part in bytes.chunks(window) {
                checks.feed(part);
            }
            match checks.end() {
                Ok(charset) => charset.name().to_owned(),
                Err(contradiction) => format!("{}: {}", contradiction.line, contradiction.found),
            }
        };
        let whole = read(bytes.len().max(1));
        assert_eq!(read(64), whole, "windows show");
        whole
    }

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() })
            .collect()
    }

    #[test]
    fn the_first_encoding_nothing_contradicts_is_taken() {
        let both = ["utf-8", "windows-1252"];
        assert_eq!(found(&both, "a;b\nø;1\n".as_bytes()), "UTF-8");
        assert_eq!(found(&both, b"a;b\n\xF8;1\n"), "windows-1252");
        assert_eq!(found(&["windows-1252", "utf-8"], "ø".as_bytes()), "UTF-8");
        assert_eq!(found(&["cp865"], b"a;b\r\n\x91;1\r\n"), "cp865");
        assert_eq!(found(&["macintosh"], b"a;b\r\xBE;1\r"), "macintosh");
    }

    #[test]
    fn the_evidence_is_the_bytes_and_what_they_look_like() {
        for (declared, bytes, expected) in [
            (&["utf-8"][..], &b"a\nb\n\xE6;1"[..], "3: 0xE6 = æ (windows-1252)"),
            (&["utf-8"], b"a\r\n\x91;1", "2: 0x91 = æ (cp865)"),
            (&["utf-8"], b"a\rb\r\xBE;1", "3: 0xBE = æ (macintosh)"),
            (&["utf-8"], b"a\n\xC3", "2: 0xC3 = Ã (windows-1252)"),
            (&["windows-1252"], "a\nø".as_bytes(), "2: 0xC3 0xB8 = ø (utf-8)"),
            (&["windows-1252"], b"\xEF\xBB\xBFa", "1: 0xEF 0xBB 0xBF (utf-8)"),
            (&["utf-8", "windows-1252"], b"a\n\x8D;2", "2: 0x8D"),
            (&["utf-8"], b"\xFF\xFEa\0", "1: 0xFF 0xFE (utf-16le)"),
            (&["windows-1252"], b"\0a\0;", "1: 0x00 0x61 (utf-16be)"),
            (&["utf-16"], b"a;b\n1;2\n", "1: 0x61 0x3B"),
            (&["utf-16be"], b"\xFF\xFEa\0", "1: 0xFF 0xFE (utf-16le)"),
            (&["utf-16le"], b"a\0\n\0\x00\xD8b\0", "2: U+FFFD"),
            (&["utf-16le"], b"a\0;\0\n\0b\0\0\0;\0", "2: U+0000"),
        ] {
            assert_eq!(found(declared, bytes), expected);
        }
    }

    #[test]
    fn utf_16_is_known_by_its_mark_or_its_beginning() {
        let text = "beløb;måned\r\n1;2\r\n".repeat(40);
        let marked = format!("\u{feff}{text}");
        for (bytes, expected) in [
            (utf16(&text, true), "UTF-16LE"),
            (utf16(&text, false), "UTF-16BE"),
            (utf16(&marked, true), "UTF-16LE"),
            (utf16(&marked, false), "UTF-16BE"),
        ] {
            assert_eq!(found(&["utf-8", "utf-16"], &bytes), expected);
        }
        let mut odd = utf16(&text, true);
        odd.push(b'x');
        assert_eq!(found(&["utf-16"], &odd), "UTF-16LE");
    }

    #[test]
    fn one_foreign_byte_does_not_outweigh_the_letters_of_a_file() {
        let both = ["utf-8", "windows-1252"];
        let danish = "måned;tekst\nmaj;ærø\n";
        let joined = |front: &[u8], behind: &[u8]| [front, behind].concat();
        let western = b"m\xE5ned;tekst\nmaj;\xE6r\xF8\n";
        for (bytes, expected) in [
            (joined(danish.as_bytes(), b"juni;\xF8l\n"), "UTF-8"),
            (joined(danish.as_bytes(), b"juni;k\xC3"), "UTF-8"),
            (joined("å".as_bytes(), b"\xC3"), "UTF-8"),
            (joined("måned\n".as_bytes(), b"\xF8l\n\xF8l\n"), "UTF-8"),
            (joined(b"m\xE5ned\n", "ærø\n".as_bytes()), "windows-1252"),
            (joined(b"m\xE5ned ", "øl\nærø\n".as_bytes()), "UTF-8"),
            (joined(b"a\n\xF8l\n\xF8l\n", "ø\n".as_bytes()), "windows-1252"),
            (joined("\u{feff}a\n".as_bytes(), b"\xF8\n"), "UTF-8"),
            (joined(western, "juni;øl\n".as_bytes()), "windows-1252"),
            (joined(western, b"juni;\x81l\n"), "windows-1252"),
            (joined(b"k\x9Bb;\x91r\x9B\n", b"\x9D\n"), "2: 0x9D = Ø (cp865)"),
        ] {
            assert_eq!(found(&both, &bytes), expected, "{bytes:?}");
        }
    }
}
