//! Free text: no personal number, and as long as the contract allows.

use crate::contract::compiled::Column;
use crate::domain::blank::trim_in;
use crate::domain::number::to_usize;
use crate::domain::privacy::may_hold_cpr;
use crate::kernel::batch::{CellColumn, MOST};
use crate::kernel::block::HighBytes;
use crate::kernel::window::CellBytes;
use encoding_rs::Encoding;
use wide::u8x16;

/// Bytes of a text looked at together; most are shorter.
const LOOK: usize = 48;

/// Digits of a personal number, less the zero a spreadsheet may have taken.
const DIGITS: u32 = 9;

/// How the characters of a cell are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CharacterCount {
    /// Bytes that begin one.
    Utf8,
    /// Every byte is one.
    Bytes,
    /// Only ASCII is surely counted.
    Ascii,
}

/// A column of text of which something is asked beside the guard.
#[derive(Debug)]
pub(super) struct TextColumn {
    pub(super) guarded: bool,
    required: bool,
    missing: Vec<Vec<u8>>,
    /// Fewest and most characters.
    length: Option<(usize, usize)>,
    count: CharacterCount,
    encoding: &'static Encoding,
}

impl TextColumn {
    /// `None` when nothing but the guard is asked of the column.
    pub(super) fn of(column: &Column, encoding: &'static Encoding) -> Option<TextColumn> {
        let (least, most) = column.length;
        let bounded = least.is_some() || most.is_some();
        let bound = |length: u32| usize::try_from(length).unwrap_or(usize::MAX);
        let texts = TextColumn {
            guarded: column.guarded,
            required: column.required,
            missing: column.missing.iter().map(|word| word.clone().into_bytes()).collect(),
            length: bounded.then(|| (least.map_or(0, bound), most.map_or(usize::MAX, bound))),
            encoding,
            count: match HighBytes::of(encoding) {
                HighBytes::Utf8 => CharacterCount::Utf8,
                HighBytes::Windows1252 | HighBytes::Any if encoding.is_single_byte() => {
                    CharacterCount::Bytes
                }
                HighBytes::Windows1252 | HighBytes::Any => CharacterCount::Ascii,
            },
        };
        (bounded || column.required).then_some(texts)
    }

    /// The records whose cell is not as the column wants it; the plain reader says so.
    #[inline(never)]
    pub(super) fn others(&self, cells: CellColumn) -> u64 {
        cells.each(|_, cell| self.hold(cell))
    }

    fn hold(&self, cell: CellBytes) -> bool {
        if self.guarded && !harmless(cell) {
            return false;
        }
        let cell = trim_in(cell.bytes(), self.encoding);
        if self.missing.iter().any(|word| word == cell) {
            return !self.required;
        }
        self.length.is_none_or(|(least, most)| {
            let length = match self.count {
                CharacterCount::Utf8 => {
                    cell.iter().filter(|byte| !matches!(byte, 0x80..=0xBF)).count()
                }
                CharacterCount::Bytes => cell.len(),
                CharacterCount::Ascii if cell.is_ascii() => cell.len(),
                CharacterCount::Ascii => return false,
            };
            least <= length && length <= most
        })
    }
}

/// The records of a column whose cell may hold a personal number.
#[inline(never)]
pub(super) fn harmful(cells: CellColumn) -> u64 {
    cells.each(|_, cell| harmless(cell))
}

/// Whether a text surely holds no personal number: it has fewer digits than one, where each byte
/// that may begin a digit beyond ASCII counts for one.
#[inline]
fn harmless(cell: CellBytes) -> bool {
    let length = to_usize(cell.length());
    if length <= LOOK {
        let own = (1 << length) - 1;
        return (digits(cell.reach::<LOOK>()) & own).count_ones() < DIGITS || clear(cell.bytes());
    }
    harmless_at_length(cell.bytes())
}

/// The bytes that are a digit, or may begin one: one bit a byte.
#[inline]
fn digits(bytes: &[u8; LOOK]) -> u64 {
    let mut digits = 0;
    for (place, lane) in bytes.as_chunks().0.iter().enumerate() {
        let lane = u8x16::new(*lane);
        let is_below = |value: u8x16, most: u8| value.min(u8x16::splat(most)).simd_eq(value);
        let digit = is_below(lane - u8x16::splat(b'0'), 9);
        // 0xC3 begins the letters of Danish, and no digit.
        let begins = is_below(lane - u8x16::splat(0xC4), 0x3B) | lane.simd_eq(u8x16::splat(0xC2));
        digits |= u64::from((digit | begins).to_bitmask()) << (place * 16);
    }
    digits
}

/// The same of a long text.
#[cold]
#[inline(never)]
fn harmless_at_length(text: &[u8]) -> bool {
    let mut count = 0;
    for chunk in text.chunks(LOOK) {
        let mut bytes = [0; LOOK];
        bytes[..chunk.len()].copy_from_slice(chunk);
        count += digits(&bytes).count_ones();
    }
    count < DIGITS || clear(text)
}

/// Whether a text with as many digits as a personal number holds none.
#[cold]
#[inline(never)]
fn clear(text: &[u8]) -> bool {
    !may_hold_cpr(text)
}

/// The records whose cells in two columns could be the date and the serial of a personal number, by
/// their lengths and by how the second begins; there may be blanks around them.
#[inline(never)]
pub(super) fn side_by_side(dates: CellColumn, serials: CellColumn) -> u64 {
    let mut lengths = [0; MOST];
    let _ = dates.each(|record, cell| {
        lengths[record % MOST] = cell.length();
        true
    });
    serials.each(|record, cell| {
        let begins = matches!(cell.first(), b'0'..=b'9' | b'\t'..=b' ' | 0xC2);
        !begins || cell.length() < 4 || lengths[record % MOST] < 6
    })
}
