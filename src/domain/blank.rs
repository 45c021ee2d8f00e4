//! Spaces around a text, as bytes.

use encoding_rs::Encoding;
use encoding_rs::MACINTOSH;

/// The cell without spaces and no-break spaces around it.
pub(crate) fn trim(cell: &[u8]) -> &[u8] {
    let mut cell = cell.trim_ascii();
    loop {
        let before = cell.len();
        cell = cell.strip_prefix(b"\xC2\xA0").unwrap_or(cell).trim_ascii_start();
        cell = cell.strip_suffix(b"\xC2\xA0").unwrap_or(cell).trim_ascii_end();
        if cell.len() == before {
            return cell;
        }
    }
}

/// The same of a cell in this encoding: the no-break space is one byte where each letter is.
pub(crate) fn trim_in<'c>(cell: &'c [u8], encoding: &'static Encoding) -> &'c [u8] {
    let mut cell = trim(cell);
    let (Some(first), Some(last)) = (cell.first(), cell.last()) else {
        return cell;
    };
    if first.is_ascii() && last.is_ascii() {
        return cell;
    }
    let Some(blank) = no_break_space(encoding) else {
        return cell;
    };
    while cell.first() == Some(&blank) || cell.last() == Some(&blank) {
        let bare = cell.strip_prefix(&[blank]).unwrap_or(cell);
        cell = trim(bare.strip_suffix(&[blank]).unwrap_or(bare));
    }
    cell
}

#[cold]
fn no_break_space(encoding: &'static Encoding) -> Option<u8> {
    if encoding == MACINTOSH {
        return Some(0xCA);
    }
    (encoding.is_single_byte() && encoding.decode_without_bom_handling(b"\xA0").0 == "\u{A0}")
        .then_some(0xA0)
}

#[cfg(test)]
mod tests {
    use super::{trim, trim_in};
    use encoding_rs::{MACINTOSH, UTF_8, WINDOWS_1252};

    #[test]
    fn spaces_around_a_cell_are_no_part_of_it() {
        assert_eq!(trim(" \u{a0} 12 \u{a0}".as_bytes()), b"12");
        assert_eq!(trim_in(b"\xA0 12 \xA0\xA0", WINDOWS_1252), b"12");
        assert_eq!(trim_in(b"\xA0", WINDOWS_1252), b"");
        assert_eq!(trim_in(b"\xCA 12\xCA", MACINTOSH), b"12");
        assert_eq!(trim_in("à".as_bytes(), UTF_8), "à".as_bytes());
    }
}
