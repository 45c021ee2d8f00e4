//! Free text: no personal number, and as long as the contract allows.

use crate::contract::compiled::Column;
use crate::ingest::cell::trim;
use crate::ingest::kernel::index::Charset;
use crate::ingest::privacy::may_hold_cpr;

/// How the characters of a cell are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    /// Bytes that begin one.
    Utf8,
    /// Every byte is one.
    Bytes,
    /// Only ASCII is surely counted.
    Ascii,
}

/// A column of text of which something is asked beside the guard.
#[derive(Debug)]
pub(super) struct Texts {
    guarded: bool,
    required: bool,
    missing: Vec<Vec<u8>>,
    /// Fewest and most characters.
    length: Option<(usize, usize)>,
    count: Count,
}

impl Texts {
    /// `None` when nothing but the guard is asked of the column.
    pub(super) fn of(column: &Column, charset: Charset, single_byte: bool) -> Option<Texts> {
        let (least, most) = column.length;
        let bounded = least.is_some() || most.is_some();
        let bound = |length: u32| usize::try_from(length).unwrap_or(usize::MAX);
        let texts = Texts {
            guarded: column.guarded,
            required: column.required,
            missing: column.missing.iter().map(|word| word.clone().into_bytes()).collect(),
            length: bounded.then(|| (least.map_or(0, bound), most.map_or(usize::MAX, bound))),
            count: match charset {
                Charset::Utf8 => Count::Utf8,
                Charset::Windows1252 | Charset::Any if single_byte => Count::Bytes,
                Charset::Windows1252 | Charset::Any => Count::Ascii,
            },
        };
        (bounded || column.required).then_some(texts)
    }

    /// Whether the cell is as the column wants it; if not, the plain reader says so.
    pub(super) fn hold(&self, cell: &[u8]) -> bool {
        if self.guarded && !harmless(cell) {
            return false;
        }
        let cell = trim(cell);
        if self.missing.iter().any(|word| word == cell) {
            return !self.required;
        }
        self.length.is_none_or(|(least, most)| {
            let length = match self.count {
                Count::Utf8 => cell.iter().filter(|byte| !matches!(byte, 0x80..=0xBF)).count(),
                Count::Bytes => cell.len(),
                Count::Ascii if cell.is_ascii() => cell.len(),
                Count::Ascii => return false,
            };
            least <= length && length <= most
        })
    }
}

/// Whether a text surely holds no personal number.
///
/// One begins with six digits on end, of which one stands at a place that is 5 by modulus 6: only
/// every sixth byte is looked at until one is a digit. A doubled quote is as good as a single one,
/// for neither is a part of a number.
#[inline]
pub(super) fn harmless(cell: &[u8]) -> bool {
    let mut at = 5;
    while let Some(byte) = cell.get(at) {
        if byte.is_ascii_digit() {
            return !may_hold_cpr(cell);
        }
        at += 6;
    }
    true
}
