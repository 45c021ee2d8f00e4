//! Bytes of a line that are no text in the encoding of its delivery: a cut letter, a byte of
//! another encoding, a zero byte. They are their line's fault, and no other's. Bytes that are text,
//! and another than was meant, are for `twice` to know.

use crate::contract::charset::Charset;
use crate::domain::quarantine::Reason;
use crate::source::charset::in_windows_1252;
use crate::source::evidence::describe;
use encoding_rs::{UTF_8, WINDOWS_1252};

/// Why a line is not in the encoding of its delivery; `None` where it is. `line` is as it is read:
/// UTF-16 and the code pages of DOS are UTF-8 by then.
pub(crate) fn find(line: &[u8], charset: Charset) -> Option<Reason> {
    let found = if memchr::memchr(0, line).is_some() {
        "0x00".to_owned()
    } else if line.is_ascii() {
        return None;
    } else {
        match charset {
            Charset::Web(encoding) if encoding == UTF_8 => broken(line)?,
            Charset::Web(_) if charset.is_utf16() => lost(line)?,
            Charset::Web(encoding) if encoding == WINDOWS_1252 => {
                describe(*line.iter().find(|byte| !in_windows_1252(**byte))?)
            }
            Charset::Web(_) | Charset::Cp850 | Charset::Cp865 => return None,
        }
    };
    Some(Reason::NotInEncoding { found: found.into(), expected: charset.name().into() })
}

/// The first bytes of a line that are no UTF-8.
fn broken(line: &[u8]) -> Option<String> {
    let error = std::str::from_utf8(line).err()?;
    let rest = &line[error.valid_up_to()..];
    if error.error_len().is_some() {
        return Some(describe(rest[0]));
    }
    let cut: Vec<String> = rest.iter().map(|byte| format!("0x{byte:02X}")).collect();
    Some(format!("{} …", cut.join(" ")))
}

/// What stands for half a character that UTF-16 ends with.
fn lost(line: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(line);
    text.contains('\u{FFFD}').then(|| "U+FFFD".to_owned())
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::contract::charset::Charset;
    use std::borrow::Cow;

    fn found(label: &str, line: &[u8]) -> Option<String> {
        let reason = find(line, Charset::of_label(label)[0])?;
        reason.detail("found").map(Cow::into_owned)
    }

    #[test]
    fn what_is_no_text_is_told() {
        for (label, line, expected) in [
            ("utf-8", &b"K\xC3\xB8b;1"[..], None),
            ("utf-8", b"K\xF8b;1", Some("0xF8 = ø (windows-1252)")),
            ("utf-8", b"1;K\xC3", Some("0xC3 …")),
            ("utf-8", b"1;\0", Some("0x00")),
            ("windows-1252", b"K\xF8b;1", None),
            ("windows-1252", b"K\xC3\xB8b;1", None),
            ("windows-1252", b"\x81;\xE6", Some("0x81 = Å (macintosh)")),
            ("cp850", "Køb".as_bytes(), None),
            ("utf-16", "x\u{FFFD}".as_bytes(), Some("U+FFFD")),
            ("utf-16", "ø".as_bytes(), None),
        ] {
            assert_eq!(found(label, line).as_deref(), expected, "{label} {line:?}");
        }
    }
}
