//! Physical lines, counted and cut the slow way: LF, CRLF and a lone CR end one.

/// The physical lines of a text without their ends; a byte order mark in front is no part of one.
pub fn cut(text: &[u8]) -> Vec<&[u8]> {
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
    if let Some(first) = lines.first_mut() {
        *first = first.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(first);
    }
    lines
}

/// The same with an empty line behind a last line end, and a mark in front left where it is: joined
/// with LF, it is the text with every line end an LF.
pub fn cut_all(text: &[u8]) -> Vec<&[u8]> {
    let mut lines = cut(text);
    if let Some(first) = lines.first_mut().filter(|_| text.starts_with(b"\xEF\xBB\xBF")) {
        *first = &text[..first.len() + 3];
    }
    if text.is_empty() || text.ends_with(b"\n") || text.ends_with(b"\r") {
        lines.push(&[]);
    }
    lines
}
