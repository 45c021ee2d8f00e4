//! Free text: no personal number, and as long as the contract allows.

use crate::contract::compiled::Column;
use crate::ingest::cell::trim;
use crate::ingest::kernel::index::Charset;
use crate::ingest::privacy::may_hold_cpr;

/// A column of text of which something is asked beside the guard.
#[derive(Debug)]
pub(super) struct Texts {
    guarded: bool,
    required: bool,
    missing: Vec<Vec<u8>>,
    least: usize,
    most: usize,
    bounded: bool,
    utf8: bool,
    single_byte: bool,
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
            least: least.map_or(0, bound),
            most: most.map_or(usize::MAX, bound),
            bounded,
            utf8: charset == Charset::Utf8,
            single_byte,
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
        let own = |byte: &&u8| !self.utf8 || !matches!(byte, 0x80..=0xBF);
        let countable = self.utf8 || self.single_byte || cell.is_ascii();
        !self.bounded
            || countable && {
                let length = cell.iter().filter(own).count();
                self.least <= length && length <= self.most
            }
    }
}

/// Whether a text surely holds no personal number.
///
/// One begins with six digits on end, of which one stands at a place that is 5 by modulus 6: only
/// every sixth byte is looked at until one is a digit. A doubled quote is as good as a single one,
/// for neither is a part of a number.
#[inline]
pub(super) fn harmless(cell: &[u8]) -> bool {
    !cell.iter().skip(5).step_by(6).any(u8::is_ascii_digit) || !may_hold_cpr(cell)
}
