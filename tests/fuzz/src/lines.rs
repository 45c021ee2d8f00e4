//! Physical lines, counted and cut the slow way: LF, CRLF and a lone CR end one.

/// The physical lines of a text without their ends; a byte order mark in front of one is no part of
/// it.
pub fn cut(text: &[u8]) -> Vec<&[u8]> {
    let lines = marked(text).into_iter();
    lines.map(|line| line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line)).collect()
}

/// The same with the marks.
fn marked(text: &[u8]) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < text.len() {
        let end = match (text[at], text.get(at + 1)) {
            (b'\r', Some(b'\n')) => 2,
            (b'\r' | b'\n', _) => 1,
            _ => 0,
        };
        if end > 0 {
            lines.push(&text[start..at]);
            start = at + end;
        }
        at += end.max(1);
    }
    if start < text.len() {
        lines.push(&text[start..]);
    }
    lines
}

/// The same with an empty line behind a last line end: joined with LF, it is the text with every
/// line end an LF.
pub fn cut_all(text: &[u8]) -> Vec<&[u8]> {
    let mut lines = marked(text);
    if text.is_empty() || text.ends_with(b"\n") || text.ends_with(b"\r") {
        lines.push(&[]);
    }
    lines
}
