//! Numbers in one stroke: the usual ways to write an amount, all digits at a time.

use crate::contract::compiled::{Cell as Kind, Column, NumberForm};
use crate::domain::money::Oere;
use crate::ingest::cell::number::{hundredths, integer};
use crate::ingest::cell::trim;
use crate::ingest::kernel::codes::halves;
use crate::ingest::kernel::window::{BACK, Cell, SHORT_BACK};

/// A one in every byte.
const ONES: u128 = 0x0101_0101_0101_0101_0101_0101_0101_0101;

/// The first byte of every group of four.
const GROUPS: u128 = 0x0000_00FF_0000_00FF_0000_00FF_0000_00FF;

/// What a cell of numbers says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// This, within the column's bounds.
    Value(i64),
    /// Nothing, and may.
    NoValue,
    /// The plain reader must say.
    Unsure,
}

/// A column of numbers, its bounds in the unit of the values.
#[derive(Debug)]
pub(super) struct Numbers {
    form: NumberForm,
    decimals: bool,
    least: i64,
    most: i64,
    required: bool,
    missing: Vec<Vec<u8>>,
}

impl Numbers {
    /// The column's numbers; `None` when it has none, or a word for "no value" that reads as one.
    pub(super) fn of(column: &Column) -> Option<Numbers> {
        let (form, decimals) = match &column.cell {
            Kind::Number(form) => (*form, true),
            Kind::Integer(form) => (*form, false),
            Kind::Text | Kind::Date(_) => return None,
        };
        let unit = if decimals { 100 } else { 1 };
        let limit = i128::from(Oere::LINE_MAX.get());
        let bound = |bound: Option<i64>| bound.map(|bound| i128::from(bound) * unit);
        let least = bound(column.range.0).map_or(-limit, |least| least.max(-limit));
        let most = bound(column.range.1).map_or(limit, |most| most.min(limit));
        let numbers = Numbers {
            form,
            decimals,
            least: i64::try_from(least).unwrap_or(i64::MAX),
            most: i64::try_from(most).unwrap_or(i64::MIN),
            required: column.required,
            missing: column.missing.iter().map(|word| word.clone().into_bytes()).collect(),
        };
        let mistaken = numbers.missing.iter().any(|word| numbers.plainly(word).is_some());
        (!mistaken).then_some(numbers)
    }

    /// Reads the cell.
    #[inline]
    pub(super) fn read(&self, cell: Cell) -> Reading {
        let value = match self.at_once(cell) {
            Some(value) => value,
            None => {
                let cell = trim(cell.bytes());
                match self.plainly(cell) {
                    Some(value) => value,
                    None => {
                        let missing = self.missing.iter().any(|word| word == cell);
                        let allowed = missing && !self.required;
                        return if allowed { Reading::NoValue } else { Reading::Unsure };
                    }
                }
            }
        };
        let within = self.least <= value && value <= self.most;
        if within { Reading::Value(value) } else { Reading::Unsure }
    }

    /// The value as the plain reader reads it.
    fn plainly(&self, cell: &[u8]) -> Option<i64> {
        if self.decimals { hundredths(cell, self.form) } else { integer(cell, self.form) }
    }

    /// The value of digits, with or without marks between thousands, at most one minus before them
    /// and two decimals behind.
    #[inline]
    fn at_once(&self, cell: Cell) -> Option<i64> {
        let first = cell.bytes().first()?;
        let negative = self.form.negative.leading && *first == b'-';
        let cell = if negative { cell.without_first() } else { cell };
        let (cut, cents) = if self.decimals { self.decimals(cell)? } else { (0, 0) };
        let length = cell.length().checked_sub(cut)?;
        let mut value = match length {
            1..=8 => short(cell.short_back(cut), length, self.form.group)?,
            9..=16 => whole(cell.back(cut), length, self.form.group)?,
            _ => return None,
        };
        if self.decimals {
            value = value * 100 + cents;
        }
        if self.form.scale != 1 {
            value = value.checked_mul(self.form.scale)?;
        }
        Some(if negative == self.form.turned { value } else { -value })
    }

    /// How many bytes the decimals and their mark take, and the hundredths they are. The mark may
    /// stand before the cell: then they take more than there is.
    #[inline]
    fn decimals(&self, cell: Cell) -> Option<(usize, i64)> {
        let digit = |byte: u8| byte.wrapping_sub(b'0');
        let (tenths, last) = (digit(cell.behind(2)), digit(cell.behind(1)));
        if cell.behind(3) == self.form.decimal {
            (tenths <= 9 && last <= 9).then(|| (3, i64::from(tenths) * 10 + i64::from(last)))
        } else if cell.behind(2) == self.form.decimal {
            (last <= 9).then(|| (2, i64::from(last) * 10))
        } else {
            Some((0, 0))
        }
    }
}

/// Reads the last `length` digits of eight bytes; a mark between thousands may stand among them.
#[inline]
fn short(word: u64, length: usize, group: Option<u8>) -> Option<i64> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // Both ways are worked out, for which one it is cannot be guessed.
    let marked = matches!(length, 5..=7) && group == Some(word.to_le_bytes()[4]);
    let own = SHORT_BACK[length] & if marked { 0xFFFF_FF00_FFFF_FFFF } else { u64::MAX };
    let base = if marked { 1_000 } else { 10_000 };
    let digits = (word ^ (ONES * 0x30)) & own;
    // A byte above 9 reaches the top bit when 0x76 is added to it, or has it already.
    let reach = digits | ((digits & (ONES * 0x7F)) + (ONES * 0x76));
    if reach & (ONES * 0x80) != 0 {
        return None;
    }
    let [first, second] = fours(digits);
    Some((first * base + second).cast_signed())
}

/// Reads `length` digits, more than eight, at the top of `word`, below which it is zero; marks
/// between thousands stand everywhere or nowhere.
///
/// Each four bytes become a number of four digits, or of three behind a mark, at the same time.
#[inline]
fn whole(word: u128, length: usize, group: Option<u8>) -> Option<i64> {
    let own = BACK[length];
    let mut digits = (word ^ (ONES * 0x30)) & own;
    let mut base = 10_000;
    if let Some(mark) = group
        && word.to_le_bytes()[12] == mark
    {
        let marks = GROUPS & own;
        if length.is_multiple_of(4) || word & marks != (ONES * u128::from(mark)) & marks {
            return None;
        }
        digits &= !marks;
        base = 1_000;
    }
    // A byte above 9 reaches the top bit when 0x76 is added to it, or has it already.
    let reach = digits | ((digits & (ONES * 0x7F)) + (ONES * 0x76));
    if reach & (ONES * 0x80) != 0 {
        return None;
    }
    let (low, high) = halves(digits);
    let [first, second] = fours(low);
    let [third, fourth] = fours(high);
    Some((((first * base + second) * base + third) * base + fourth).cast_signed())
}

/// Two numbers of four digits each out of eight bytes.
#[inline]
fn fours(bytes: u64) -> [u64; 2] {
    let pairs = (bytes * 10 + (bytes >> 8)) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
    [fours & 0xFFFF, fours >> 32]
}

#[cfg(test)]
mod tests {
    use super::Numbers;
    use crate::contract::compiled::{Negative, NumberForm};
    use crate::ingest::kernel::window::Cell;
    use proptest::prelude::*;

    fn numbers(decimals: bool, group: Option<u8>, turned: bool, scale: i64) -> Numbers {
        let negative = Negative { leading: true, trailing: true, parentheses: false };
        let form = NumberForm { decimal: b',', group, negative, scale, turned };
        let (least, most) = (i64::MIN, i64::MAX);
        Numbers { form, decimals, least, most, required: true, missing: Vec::new() }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// What is read in one stroke is what is read plainly.
        #[test]
        fn one_stroke_reads_what_the_plain_reader_reads(
            text in prop_oneof![
                "-?[0-9]{0,18}(,[0-9]{0,3})?",
                "-?[0-9]{1,3}(\\.[0-9]{3}){0,5}(,[0-9]{1,2})?",
                "[-0-9., ]{0,20}",
            ],
            decimals: bool,
            group in prop_oneof![Just(None), Just(Some(b'.')), Just(Some(b' '))],
            turned: bool,
            scale in prop_oneof![Just(1), Just(1000)],
        ) {
            let numbers = numbers(decimals, group, turned, scale);
            let padded = [&[b'7'; 16], text.as_bytes(), &[b'7'; 16]].concat();
            let cell = Cell::new(&padded, 16, 16 + text.len());
            if let Some(value) = numbers.at_once(cell) {
                prop_assert_eq!(Some(value), numbers.plainly(text.as_bytes()));
            }
        }

        /// The usual ways to write an amount are read in one stroke.
        #[test]
        fn usual_amounts_take_one_stroke(
            text in "-?([1-9][0-9]{0,2}(\\.[0-9]{3}){0,2}|[0-9]{1,9})(,[0-9]{1,2})?"
        ) {
            let padded = [&[0; 16], text.as_bytes(), &[0; 16]].concat();
            let cell = Cell::new(&padded, 16, 16 + text.len());
            let numbers = numbers(true, Some(b'.'), false, 1);
            prop_assert_eq!(numbers.at_once(cell), numbers.plainly(text.as_bytes()));
            prop_assert!(numbers.at_once(cell).is_some());
        }
    }
}
