//! A look at all bytes once: size, lines, line ends, byte order mark, and whether they are UTF-8.

use crate::contract::charset::Charset;
use crate::domain::number::to_u64;
use crate::source::charset::Checks;
use encoding_rs::{UTF_8, WINDOWS_1252};
use std::io::{self, Read};

/// Bytes read at a time.
const WINDOW: usize = 256 * 1024;

/// Bytes kept for a closer look: some ten thousand lines of most deliveries.
const HEAD: usize = 2 * 1024 * 1024;

/// Beginnings of web pages and of pieces of them.
const HTML: [&str; 12] = [
    "<!doctype",
    "<html",
    "<!--",
    "<head",
    "<body",
    "<meta",
    "<title",
    "<script",
    "<div",
    "<table",
    "<form",
    "<center",
];

/// Beginnings of what a server answers in place of a file.
const JSON: [&str; 4] = ["{\"", "[{", "{\n", "{ \""];

/// What all bytes say.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Size in bytes.
    pub(super) bytes: u64,
    /// Line ends: LF, CRLF, lone CR.
    pub(super) ends: [u64; 3],
    /// Lines, the last one without a line end included.
    pub(super) lines: u64,
    /// The byte order mark, as its encoding is called.
    pub(super) mark: Option<&'static str>,
    /// The line with the first byte that is no UTF-8.
    pub(super) not_utf8: Option<u64>,
    /// Whether it is UTF-8 for all that, but for single bytes, as a delivery is read.
    pub(super) mostly_utf8: bool,
    /// Whether every byte is ASCII.
    pub(super) ascii: bool,
    /// The first bytes, up to the end of a line.
    pub(super) head: Vec<u8>,
    /// Whether `head` is everything.
    pub(super) whole: bool,
}

/// Reads the bytes once, start to end.
pub(super) fn survey(mut input: impl Read) -> io::Result<Survey> {
    let mut window = vec![0; WINDOW];
    let mut found = Survey { ascii: true, whole: true, ..Survey::default() };
    let mut last = None;
    let mut rest: Vec<u8> = Vec::new();
    let mut checks = Checks::new(&[Charset::Web(UTF_8), Charset::Web(WINDOWS_1252)]);
    loop {
        let length = input.read(&mut window)?;
        if length == 0 {
            break;
        }
        let part = &window[..length];
        found.utf8(&mut rest, part);
        checks.feed(part);
        found.count(part, &mut last);
        found.bytes += to_u64(length);
        let room = HEAD - found.head.len();
        found.whole &= length <= room;
        found.head.extend_from_slice(&part[..length.min(room)]);
    }
    if !rest.is_empty() && found.not_utf8.is_none() {
        found.not_utf8 = Some(found.ends.iter().sum::<u64>() + 1);
    }
    found.mostly_utf8 = checks.end().is_ok_and(|charset| charset == Charset::Web(UTF_8));
    found.lines =
        found.ends.iter().sum::<u64>() + u64::from(!matches!(last, None | Some(b'\n' | b'\r')));
    if !found.whole {
        let end = found.head.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
        found.head.truncate(end.map_or(HEAD, |end| end + 1));
    }
    found.mark = mark(&found.head);
    Ok(found)
}

impl Survey {
    fn count(&mut self, part: &[u8], last: &mut Option<u8>) {
        for byte in part {
            match (*last, byte) {
                (Some(b'\r'), b'\n') => {
                    self.ends[2] -= 1;
                    self.ends[1] += 1;
                }
                (_, b'\n') => self.ends[0] += 1,
                (_, b'\r') => self.ends[2] += 1,
                (_, byte) => self.ascii &= byte.is_ascii(),
            }
            *last = Some(*byte);
        }
    }

    /// Looks for the first byte that is no UTF-8; `rest` holds a character cut by the window's end.
    fn utf8(&mut self, rest: &mut Vec<u8>, part: &[u8]) {
        if self.not_utf8.is_some() {
            return;
        }
        let joined;
        let bytes = if rest.is_empty() {
            part
        } else {
            joined = [std::mem::take(rest).as_slice(), part].concat();
            joined.as_slice()
        };
        if let Err(error) = std::str::from_utf8(bytes) {
            let (good, bad) = bytes.split_at(error.valid_up_to());
            if error.error_len().is_none() {
                *rest = bad.to_vec();
            } else {
                let lines = good.iter().filter(|byte| **byte == b'\n').count();
                let before = self.ends[0] + self.ends[1];
                self.not_utf8 = Some(before + u64::try_from(lines).expect("lines fit u64") + 1);
            }
        }
    }
}

fn mark(head: &[u8]) -> Option<&'static str> {
    if head.starts_with(b"\xEF\xBB\xBF") {
        Some("utf-8")
    } else if head.starts_with(b"\xFF\xFE") {
        Some("utf-16le")
    } else if head.starts_with(b"\xFE\xFF") {
        Some("utf-16be")
    } else {
        None
    }
}

/// What the first bytes of a file of this name are, when that is no table of text.
pub(super) fn no_table(name: &str, survey: &Survey) -> Option<&'static str> {
    let head = survey.head.as_slice();
    let wide = survey.mark.is_some_and(|mark| mark != "utf-8");
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let begins = |start: &str| {
        text.get(..start.len()).is_some_and(|bytes| bytes.eq_ignore_ascii_case(start.as_bytes()))
    };
    let magics: [(&[u8], &str); 5] = [
        (b"PK\x03\x04", "zip"),
        (b"\x1F\x8B", "gzip"),
        (b"\x28\xB5\x2F\xFD", "zstd"),
        (b"%PDF", "PDF"),
        (b"\xD0\xCF\x11\xE0", "Excel 97"),
    ];
    if let Some((_, kind)) = magics.into_iter().find(|(magic, _)| head.starts_with(magic)) {
        Some(if kind == "zip" && is_workbook(name, head) { "a workbook" } else { kind })
    } else if HTML.iter().any(|start| begins(start)) {
        Some("HTML")
    } else if JSON.iter().any(|start| begins(start)) {
        Some("JSON")
    } else if begins("<?xml") {
        Some("XML")
    } else if !wide && head.contains(&0) {
        Some("binary")
    } else {
        None
    }
}

/// Whether a zip is a workbook, by its name or by the names and the media type in it.
fn is_workbook(name: &str, head: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    let named = [".xlsx", ".xlsm", ".xlsb", ".ods"].iter().any(|ending| name.ends_with(ending));
    let holds = |text: &str| head.windows(text.len()).any(|bytes| bytes == text.as_bytes());
    named || holds("opendocument.spreadsheet") || holds("xl/workbook")
}

#[cfg(test)]
mod tests {
    use super::survey;

    #[test]
    fn lines_and_their_ends_are_counted() {
        for (bytes, ends, lines) in [
            (&b"a\nb\n"[..], [2, 0, 0], 2),
            (b"a\r\nb", [0, 1, 0], 2),
            (b"a\rb\r", [0, 0, 2], 2),
            (b"a\n\r\n\r", [1, 1, 1], 3),
            (b"", [0, 0, 0], 0),
        ] {
            let found = survey(bytes).expect("memory reads");
            assert_eq!((found.ends, found.lines), (ends, lines), "{bytes:?}");
        }
    }

    #[test]
    fn the_first_byte_that_is_no_utf_8_is_on_a_line() {
        for (bytes, line) in [
            ("æ\nø\n".as_bytes(), None),
            (b"a\n\xF8\n", Some(2)),
            (b"a\nb\n\xC3", Some(3)),
            (b"\xEF\xBB\xBFa", None),
        ] {
            assert_eq!(survey(bytes).expect("memory reads").not_utf8, line, "{bytes:?}");
        }
    }
}
