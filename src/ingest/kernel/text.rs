//! Free text: no personal number, and as long as the contract allows.

use crate::contract::compiled::Column;
use crate::ingest::cell::trim;
use crate::ingest::kernel::batch::{Column as Cells, wide};
use crate::ingest::kernel::index::Charset;
use crate::ingest::kernel::window::Cell;
use crate::ingest::privacy::may_hold_cpr;
use wide::u8x16;

/// Bytes of a text looked at together; most are shorter.
const LOOK: usize = 48;

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

    /// The records whose cell is not as the column wants it; the plain reader says so.
    #[inline(never)]
    pub(super) fn others(&self, cells: Cells) -> u64 {
        cells.each(|_, cell| self.hold(cell))
    }

    fn hold(&self, cell: Cell) -> bool {
        if self.guarded && !harmless(cell) {
            return false;
        }
        let cell = trim(cell.bytes());
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

/// The records of a column whose cell may hold a personal number.
#[inline(never)]
pub(super) fn harmful(cells: Cells) -> u64 {
    cells.each(|_, cell| harmless(cell))
}

/// Whether a text surely holds no personal number.
///
/// One begins with six digits on end. A doubled quote is as good as a single one, for neither is a
/// part of a number.
#[inline]
fn harmless(cell: Cell) -> bool {
    if wide(cell.length()) > LOOK {
        return harmless_at_length(cell.bytes());
    }
    let mut digits = 0;
    for (place, lane) in cell.reach::<LOOK>().as_chunks().0.iter().enumerate() {
        let values = u8x16::new(*lane) - u8x16::splat(b'0');
        let is_digit = values.min(u8x16::splat(9)).simd_eq(values);
        digits |= u64::from(is_digit.to_bitmask()) << (place * 16);
    }
    digits &= (1 << cell.length()) - 1;
    let two = digits & digits >> 1;
    let four = two & two >> 2;
    four & two >> 4 == 0 || harmless_at_length(cell.bytes())
}

/// The same of a long text: of six places on end one is 5 by modulus 6, so only every sixth byte is
/// looked at until one is a digit.
#[cold]
#[inline(never)]
fn harmless_at_length(text: &[u8]) -> bool {
    let digit = text.iter().skip(5).step_by(6).any(u8::is_ascii_digit);
    !digit || !may_hold_cpr(text)
}
