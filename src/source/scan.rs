//! First look at a delivery: its hash, its size, its encoding, and whether it is a table at all.

use crate::contract::charset::Charset;
use crate::domain::number::to_u64;
use crate::domain::quarantine::Reason;
use crate::source::charset::{Checks, Contradiction, HEAD, utf16_head};
use crate::source::content::Content;
use blake3::{Hash, Hasher};
use std::io::{self, Read};

/// Bytes read at a time: large enough to be one call in many, small enough to stay in cache.
pub(crate) const WINDOW: usize = 256 * 1024;

/// What a file is that is no table of text, by how it begins, whatever the case of its letters. Of
/// a web page and of what a server answers in place of a file there may be a piece alone.
const KINDS: [(&str, &[&[u8]]); 8] = [
    ("zip", &[b"PK\x03\x04"]),
    ("gzip", &[b"\x1F\x8B"]),
    ("zstd", &[b"\x28\xB5\x2F\xFD"]),
    ("PDF", &[b"%PDF"]),
    ("Excel 97", &[b"\xD0\xCF\x11\xE0"]),
    (
        "HTML",
        &[
            b"<!doctype",
            b"<html",
            b"<!--",
            b"<head",
            b"<body",
            b"<meta",
            b"<title",
            b"<script",
            b"<div",
            b"<table",
            b"<form",
            b"<center",
        ],
    ),
    ("JSON", &[b"{\"", b"[{", b"{\n", b"{ \""]),
    ("XML", &[b"<?xml"]),
];

/// What a first pass over the bytes tells.
#[derive(Debug)]
pub(crate) struct Scan {
    /// Size in bytes.
    pub(crate) bytes: u64,
    /// BLAKE3, lower-case hex.
    pub(crate) blake3: String,
    /// The first of the declared encodings that no byte contradicts, else the evidence.
    pub(crate) encoding: Result<Charset, Contradiction>,
    /// The 1-based line of the first byte that is no UTF-8, where encodings are declared.
    pub(crate) not_utf_8: Option<u32>,
    /// Whether no byte is beyond ASCII, likewise.
    pub(crate) ascii: bool,
    /// What the bytes look like, when that is no table.
    pub(crate) foreign: Option<&'static str>,
    /// Whether bytes stand behind the last line end.
    pub(crate) open_end: bool,
}

/// Reads the bytes once, start to end.
pub(crate) fn scan(mut input: impl Read, declared: &[Charset]) -> io::Result<Scan> {
    let mut window = vec![0; WINDOW];
    let mut hash = Hasher::new();
    let mut bytes = 0_u64;
    let (mut foreign, mut open_end) = (None, false);
    let mut checks = Checks::new(declared);
    loop {
        let length = fill(&mut input, &mut window)?;
        if length == 0 {
            break;
        }
        let part = &window[..length];
        if bytes == 0 {
            foreign = looks_like(&part[..part.len().min(HEAD)]);
        }
        hash.update(part);
        open_end = is_open(part);
        bytes += to_u64(length);
        checks.feed(part);
    }
    let encoding = checks.end();
    let blake3 = hash.finalize().to_hex().to_string();
    let (not_utf_8, ascii) = (checks.not_utf_8(), checks.is_ascii());
    Ok(Scan { bytes, blake3, encoding, not_utf_8, ascii, foreign, open_end })
}

/// Whether a text that ends with these bytes ends within a line. A zero byte is half of a line end
/// in UTF-16.
pub(crate) fn is_open(end: &[u8]) -> bool {
    let last = end.iter().rev().take(2).find(|byte| **byte != 0);
    !matches!(last, None | Some(b'\n' | b'\r' | 0x1A))
}

/// The BLAKE3 of content.
pub(crate) fn hash(content: &dyn Content) -> io::Result<Hash> {
    let mut input = content.open()?;
    let mut window = vec![0; WINDOW];
    let mut hash = Hasher::new();
    loop {
        let length = fill(&mut input, &mut window)?;
        if length == 0 {
            return Ok(hash.finalize());
        }
        hash.update(&window[..length]);
    }
}

/// Reads until the window is full or the input ends: how an input is cut up never shows.
pub(crate) fn fill(input: &mut impl Read, window: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < window.len() {
        match input.read(&mut window[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// What the first bytes look like, when that is no table.
pub(crate) fn looks_like(head: &[u8]) -> Option<&'static str> {
    let text = head.trim_ascii_start();
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text).trim_ascii_start();
    let starts = |prefix: &&[u8]| {
        text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let kind = KINDS.iter().find(|(_, beginnings)| beginnings.iter().any(starts));
    kind.map(|(kind, _)| *kind).or_else(|| is_binary(head).then_some("binary"))
}

/// Whether the first bytes have a zero, are no UTF-16, and most of their lines have such bytes as
/// stand in no text. In fewer lines they are the fault of these.
fn is_binary(head: &[u8]) -> bool {
    if !head.contains(&0) || utf16_head(head).is_some() {
        return false;
    }
    let odd = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | 0x0C | 0x1A | b'\r');
    let lines = head.split(|byte| matches!(byte, b'\n' | b'\r')).filter(|line| !line.is_empty());
    let (broken, whole): (Vec<&[u8]>, Vec<&[u8]>) = lines.partition(|line| line.iter().any(odd));
    whole.len() < broken.len()
}

/// What the first pass says of the file as a whole.
pub(crate) fn whole_file(scan: &Scan, declared: &[Charset]) -> Result<Charset, Reason> {
    if scan.bytes == 0 {
        return Err(Reason::EmptyFile {});
    }
    if let Some(found) = scan.foreign {
        return Err(Reason::NotATable { found: found.into() });
    }
    scan.encoding.clone().map_err(|evidence| {
        let names: Vec<_> = declared.iter().map(|charset| charset.name()).collect();
        let (declared, line) = (names.join(", ").into(), evidence.line);
        Reason::WrongEncoding { declared, line, found: evidence.found.into() }
    })
}

#[cfg(test)]
mod tests {
    use super::scan;
    use crate::contract::charset::Charset;
    use encoding_rs::UTF_8;

    #[test]
    fn pages_and_archives_are_no_tables() {
        let looks =
            |bytes: &[u8]| scan(bytes, &[Charset::Web(UTF_8)]).expect("memory reads").foreign;
        assert_eq!(looks(b"\n <!DOCTYPE html><html>"), Some("HTML"));
        assert_eq!(looks(b"\xEF\xBB\xBF \n<Form action=x>"), Some("HTML"));
        assert_eq!(looks(b"{\"error\": 401}"), Some("JSON"));
        assert_eq!(looks(b"PK\x03\x04rest"), Some("zip"));
        assert_eq!(looks(b"a;b\n1;2\n"), None);
        assert_eq!(looks(b"a;b\n1;\0\n"), None);
        assert_eq!(looks(b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x03\n\x08\0"), Some("binary"));
        assert_eq!(looks(b"a\0bc;\0\0d\n"), Some("binary"));
    }

    /// Source: the first vector of the BLAKE3 reference implementation.
    #[test]
    fn the_hash_is_the_one_others_compute() {
        let empty = scan(&b""[..], &[Charset::Web(UTF_8)]).expect("memory reads");
        assert_eq!(
            empty.blake3,
            "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
        );
    }
}
