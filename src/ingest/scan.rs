//! First look at a delivery: its hash, its size, its encoding, and whether it is a table at all.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::io::{self, Read};

/// Bytes read at a time: large enough to be one call in many, small enough to stay in cache.
pub(super) const WINDOW: usize = 256 * 1024;

/// What a first pass over the bytes tells.
#[derive(Debug)]
pub(super) struct Scan {
    /// Size in bytes.
    pub(super) bytes: u64,
    /// SHA-256, lower-case hex.
    pub(super) sha256: String,
    /// The first of the declared encodings that no byte contradicts, else the line that does.
    pub(super) encoding: Result<&'static Encoding, u32>,
    /// What the bytes look like, when that is no table.
    pub(super) foreign: Option<&'static str>,
}

/// Reads the bytes once, start to end.
pub(super) fn scan(mut input: impl Read, declared: &[&'static Encoding]) -> io::Result<Scan> {
    let mut window = vec![0; WINDOW];
    let mut hash = Sha256::new();
    let mut bytes = 0_u64;
    let mut foreign = None;
    let mut checks: Vec<Check> = declared.iter().map(|encoding| Check::new(encoding)).collect();
    loop {
        let length = fill(&mut input, &mut window)?;
        if length == 0 {
            break;
        }
        let part = &window[..length];
        if bytes == 0 {
            foreign = looks_like(part);
        }
        hash.update(part);
        bytes += u64::try_from(length).expect("a window fits u64");
        for check in &mut checks {
            check.feed(part);
        }
    }
    for check in &mut checks {
        check.end();
    }
    let holding = checks.iter().find(|check| check.broken_at.is_none());
    let encoding = holding
        .map(|check| check.encoding)
        .ok_or_else(|| checks.iter().filter_map(|check| check.broken_at).max().unwrap_or(1));
    Ok(Scan { bytes, sha256: hex(hash), encoding, foreign })
}

/// Reads until the window is full or the input ends: what is found in the head of a file does not
/// depend on how many bytes the system hands over at a time.
pub(super) fn fill(input: &mut impl Read, window: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < window.len() {
        match input.read(&mut window[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// A hash as lower-case hex.
pub(super) fn hex(hash: Sha256) -> String {
    let mut text = String::with_capacity(64);
    for byte in hash.finalize() {
        write!(text, "{byte:02x}").expect("a String takes any text");
    }
    text
}

/// The first declared encoding that the head of a file does not contradict.
pub(super) fn likely(head: &[u8], declared: &[&'static Encoding]) -> Option<&'static Encoding> {
    declared.iter().copied().find(|encoding| {
        let mut check = Check::new(encoding);
        check.feed(head);
        check.broken_at.is_none()
    })
}

/// Whether Windows-1252 gives the byte a character.
///
/// The WHATWG decoder gives the five bytes it leaves undefined a control character; in a delivery
/// they are a sign of another encoding.
pub(super) fn in_windows_1252(byte: u8) -> bool {
    !matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D)
}

/// Whether the bytes can be text in one encoding.
struct Check {
    encoding: &'static Encoding,
    line: u32,
    broken_at: Option<u32>,
    /// Bytes of a UTF-8 character cut by the window's end.
    rest: Vec<u8>,
}

impl Check {
    fn new(encoding: &'static Encoding) -> Check {
        Check { encoding, line: 1, broken_at: None, rest: Vec::new() }
    }

    fn feed(&mut self, part: &[u8]) {
        if self.broken_at.is_some() {
            return;
        }
        if self.encoding != UTF_8 {
            let broken = part.iter().position(|byte| !self.allows(*byte));
            self.advance(&part[..broken.unwrap_or(part.len())]);
            self.broken_at = broken.map(|_| self.line);
            return;
        }
        let joined;
        let bytes = if self.rest.is_empty() {
            part
        } else {
            joined = [std::mem::take(&mut self.rest).as_slice(), part].concat();
            joined.as_slice()
        };
        match std::str::from_utf8(bytes) {
            Ok(_) => self.advance(bytes),
            Err(error) => {
                self.advance(&bytes[..error.valid_up_to()]);
                match error.error_len() {
                    None => self.rest = bytes[error.valid_up_to()..].to_vec(),
                    Some(_) => self.broken_at = Some(self.line),
                }
            }
        }
    }

    fn end(&mut self) {
        if !self.rest.is_empty() && self.broken_at.is_none() {
            self.broken_at = Some(self.line);
        }
    }

    fn advance(&mut self, bytes: &[u8]) {
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
        self.line = self.line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
    }

    fn allows(&self, byte: u8) -> bool {
        self.encoding != WINDOWS_1252 || in_windows_1252(byte)
    }
}

/// What the first bytes look like, when that is no table.
pub(super) fn looks_like(head: &[u8]) -> Option<&'static str> {
    let text = head.trim_ascii_start();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    let starts = |prefix: &[u8]| {
        text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    if starts(b"PK\x03\x04") {
        Some("zip")
    } else if starts(b"\x1F\x8B") {
        Some("gzip")
    } else if starts(b"\x28\xB5\x2F\xFD") {
        Some("zstd")
    } else if starts(b"%PDF") {
        Some("PDF")
    } else if starts(b"\xD0\xCF\x11\xE0") {
        Some("Excel 97")
    } else if starts(b"<!doctype") || starts(b"<html") {
        Some("HTML")
    } else if starts(b"<?xml") {
        Some("XML")
    } else if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        Some("UTF-16")
    } else if head.contains(&0) {
        Some("binary")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::scan;
    use encoding_rs::{UTF_8, WINDOWS_1252};

    #[test]
    fn the_first_encoding_nothing_contradicts_is_taken() {
        let found = |bytes: &[u8]| {
            let scan = scan(bytes, &[UTF_8, WINDOWS_1252]).expect("memory reads");
            scan.encoding.map(encoding_rs::Encoding::name)
        };
        assert_eq!(found("a;b\nø;1\n".as_bytes()), Ok("UTF-8"));
        assert_eq!(found(b"a;b\n\xF8;1\n"), Ok("windows-1252"));
        assert_eq!(found(b"a;b\n\xF8;1\n\x8D;2\n"), Err(3));
    }

    #[test]
    fn a_character_cut_at_the_end_is_not_utf_8() {
        let found = scan(&b"a;b\n\xC3"[..], &[UTF_8]).expect("memory reads").encoding;
        assert_eq!(found.map(encoding_rs::Encoding::name), Err(2));
    }

    #[test]
    fn pages_and_archives_are_no_tables() {
        let looks = |bytes: &[u8]| scan(bytes, &[UTF_8]).expect("memory reads").foreign;
        assert_eq!(looks(b"\n <!DOCTYPE html><html>"), Some("HTML"));
        assert_eq!(looks(b"PK\x03\x04rest"), Some("zip"));
        assert_eq!(looks(b"a;b\n1;2\n"), None);
    }

    #[test]
    fn the_hash_is_the_one_others_compute() {
        let empty = scan(&b""[..], &[UTF_8]).expect("memory reads");
        assert_eq!(
            empty.sha256,
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}
