//! Numbers in one stroke: the usual ways to write an amount, all digits at a time.

use crate::contract::compiled::{CellType, Column, NumberForm};
use crate::domain::blank::trim;
use crate::domain::money::Oere;
use crate::domain::privacy::is_plain_cpr;
use crate::kernel::batch::{CellColumn, MOST};
use crate::kernel::interner::halves;
use crate::kernel::window::CellBytes;
use crate::validate::cell::number::{hundredths, integer};

/// A one in every byte.
const ONES: u64 = 0x0101_0101_0101_0101;

/// The first byte of every group of four.
const GROUPS: u128 = 0x0000_00FF_0000_00FF_0000_00FF_0000_00FF;

/// The numbers of a column, by record: which there are, and what they are; zero where there is
/// none.
#[derive(Debug, Clone)]
pub(super) struct NumberBatch {
    pub(super) there: [bool; MOST],
    pub(super) values: [i64; MOST],
}

/// A column of numbers, its bounds in the unit of the values.
#[derive(Debug)]
pub(super) struct NumberColumn {
    form: NumberForm,
    decimals: bool,
    least: i64,
    most: i64,
    required: bool,
    /// Whether ten digits that begin with a date are left to the plain reader.
    guarded: bool,
    missing: Vec<Vec<u8>>,
}

/// What is asked for every number of a column.
#[derive(Debug, Clone, Copy)]
struct NumberSettings {
    decimal: u64,
    /// More than a byte where there are no marks between thousands.
    group: u64,
    leading: bool,
    turned: bool,
    scale: u64,
    /// Most digits and marks, so that the value times the scale is an `i64`.
    longest: u32,
    least: i64,
    most: i64,
}

impl NumberBatch {
    pub(super) const fn new() -> NumberBatch {
        NumberBatch { there: [false; MOST], values: [0; MOST] }
    }

    /// What record `record` has.
    #[inline]
    pub(super) fn get(&self, record: usize) -> Option<i64> {
        self.there[record].then_some(self.values[record])
    }
}

impl NumberColumn {
    /// The column's numbers; `None` when it has none, or a word for "no value" that reads as one.
    pub(super) fn of(column: &Column) -> Option<NumberColumn> {
        let (form, decimals) = match &column.cell {
            CellType::Number(form) => (*form, true),
            CellType::Integer(form) => (*form, false),
            CellType::Text | CellType::Date(_) => return None,
        };
        let unit = if decimals { 100 } else { 1 };
        let limit = i128::from(Oere::LINE_MAX.get());
        let bound = |bound: Option<i64>| bound.map(|bound| i128::from(bound) * unit);
        let least = bound(column.range.0).map_or(-limit, |least| least.max(-limit));
        let most = bound(column.range.1).map_or(limit, |most| most.min(limit));
        let numbers = NumberColumn {
            form,
            decimals,
            least: i64::try_from(least).unwrap_or(i64::MAX),
            most: i64::try_from(most).unwrap_or(i64::MIN),
            required: column.required,
            guarded: column.guarded,
            missing: column.missing.iter().map(|word| word.clone().into_bytes()).collect(),
        };
        let mistaken = numbers.missing.iter().any(|word| numbers.plainly(word).is_some());
        (!mistaken).then_some(numbers)
    }

    /// Reads the cells of a column; gives the records of which the plain reader must say.
    pub(super) fn read(&self, cells: CellColumn, said: &mut NumberBatch) -> u64 {
        match (self.decimals, self.form.group.is_some()) {
            (true, true) => self.read_each::<true, true>(cells, said),
            (true, false) => self.read_each::<true, false>(cells, said),
            (false, true) => self.read_each::<false, true>(cells, said),
            (false, false) => self.read_each::<false, false>(cells, said),
        }
    }

    #[inline(never)]
    fn read_each<const DECIMALS: bool, const MARKED: bool>(
        &self,
        cells: CellColumn,
        said: &mut NumberBatch,
    ) -> u64 {
        let NumberBatch { there, values } = said;
        let asked = self.asked();
        cells.each(|record, cell| {
            let value = match asked.read::<DECIMALS, MARKED>(cell) {
                Some(value) => value,
                None => match self.seldom(cell.bytes()) {
                    Some(value) => value,
                    None => {
                        there[record % MOST] = false;
                        values[record % MOST] = 0;
                        return self.may_lack(cell.bytes());
                    }
                },
            };
            there[record % MOST] = true;
            values[record % MOST] = value;
            asked.least <= value && value <= asked.most
        })
    }

    fn asked(&self) -> NumberSettings {
        let form = &self.form;
        NumberSettings {
            decimal: u64::from(form.decimal),
            group: form.group.map_or(0x100, u64::from),
            leading: form.negative.leading,
            turned: form.turned,
            scale: form.scale.unsigned_abs(),
            longest: if form.scale <= 100_000_000 { 8 } else { 0 },
            least: self.least,
            most: self.most,
        }
    }

    /// Whether the cell says that there is no value, and may.
    #[cold]
    #[inline(never)]
    fn may_lack(&self, cell: &[u8]) -> bool {
        !self.required && self.missing.iter().any(|word| word == trim(cell))
    }

    /// The value of a cell that is long, or written in one of the other ways.
    #[cold]
    #[inline(never)]
    fn seldom(&self, cell: &[u8]) -> Option<i64> {
        if self.guarded && is_plain_cpr(cell) {
            return None;
        }
        self.long(cell).or_else(|| self.plainly(trim(cell)))
    }

    /// The value as the plain reader reads it.
    fn plainly(&self, cell: &[u8]) -> Option<i64> {
        if self.decimals { hundredths(cell, self.form) } else { integer(cell, self.form) }
    }

    /// The value of more than eight digits and marks between thousands, with two decimals where the
    /// column has them.
    fn long(&self, cell: &[u8]) -> Option<i64> {
        let asked = self.asked();
        let negative = asked.leading && cell.first() == Some(&b'-');
        let digits = &cell[usize::from(negative)..];
        let low_digits = digits.len().min(16);
        let mut back = [0; 16];
        back[16 - low_digits..].copy_from_slice(&digits[digits.len() - low_digits..]);
        let word = u128::from_le_bytes(back);
        let back = halves(word);
        let ends = if self.decimals { asked.ends::<true>(back) } else { asked.ends::<false>(back) };
        let length = u32::try_from(digits.len()).ok()?.checked_sub(ends.cut)?;
        if ends.wrong != 0 || length <= 8 || length + ends.cut > 16 {
            return None;
        }
        let whole = whole(word << (ends.cut * 8), length, self.form.group)?;
        let value = if self.decimals { whole * 100 + ends.hundredths } else { whole };
        let value = value.checked_mul(asked.scale)?.try_into().ok()?;
        Some(asked.signed(value, negative))
    }
}

/// How a number ends.
struct NumberTail {
    /// Bytes of the decimals and their mark.
    cut: u32,
    hundredths: u64,
    /// Not zero where a decimal is no digit.
    wrong: u64,
    /// The last eight bytes before them.
    word: u64,
}

impl NumberSettings {
    /// The value of at most eight digits and marks between thousands, at most one minus before them
    /// and two decimals behind.
    #[inline]
    fn read<const DECIMALS: bool, const MARKED: bool>(self, cell: CellBytes) -> Option<i64> {
        let negative = self.leading & (cell.first() == b'-');
        let ends = self.ends::<DECIMALS>(cell.back());
        let length = cell.length().wrapping_sub(ends.cut + u32::from(negative));
        if length.wrapping_sub(1) >= self.longest {
            return None;
        }
        // Both ways are computed: the processor cannot predict the branch.
        let unmarked =
            u64::from(length.wrapping_sub(5) > 2) | (ends.word >> 32 & 0xFF ^ self.group);
        let marked = MARKED && unmarked == 0;
        let digit_mask = u64::MAX << (64 - length * 8);
        let digit_mask = if marked { digit_mask & 0xFFFF_FF00_FFFF_FFFF } else { digit_mask };
        let base = if marked { 1_000 } else { 10_000 };
        let digits = (ends.word ^ (ONES * 0x30)) & digit_mask;
        if beyond_nine(digits) | ends.wrong != 0 {
            return None;
        }
        let [first, second] = fours(digits);
        let whole = first * base + second;
        let value = if DECIMALS { whole * 100 + ends.hundredths } else { whole };
        Some(self.signed((value * self.scale).cast_signed(), negative))
    }

    /// How a cell ends, by its last two words; its decimals may stand before its start.
    #[inline]
    fn ends<const DECIMALS: bool>(self, [low, high]: [u64; 2]) -> NumberTail {
        if DECIMALS && high >> 40 & 0xFF == self.decimal {
            let digits = high >> 48 ^ 0x3030;
            let hundredths = (digits & 0xFF) * 10 + (digits >> 8);
            let word = high << 24 | low >> 40;
            NumberTail { cut: 3, hundredths, wrong: beyond_nine(digits), word }
        } else if DECIMALS && high >> 48 & 0xFF == self.decimal {
            let digit = high >> 56 ^ 0x30;
            let word = high << 16 | low >> 48;
            NumberTail { cut: 2, hundredths: digit * 10, wrong: beyond_nine(digit), word }
        } else {
            NumberTail { cut: 0, hundredths: 0, wrong: 0, word: high }
        }
    }

    #[inline]
    fn signed(self, value: i64, negative: bool) -> i64 {
        if negative == self.turned { value } else { -value }
    }
}

/// Not zero where one of eight bytes is above 9.
#[inline]
fn beyond_nine(bytes: u64) -> u64 {
    // Such a byte reaches the top bit when 0x76 is added to it, or has it already.
    (bytes | ((bytes & (ONES * 0x7F)) + (ONES * 0x76))) & (ONES * 0x80)
}

/// Reads `length` digits, more than eight, at the top of `word`; marks between thousands stand
/// everywhere or nowhere.
///
/// Each four bytes become a number of four digits, or of three behind a mark, at the same time.
fn whole(word: u128, length: u32, group: Option<u8>) -> Option<u64> {
    const ALL: u128 = u128::from_le_bytes([1; 16]);
    let digit_mask = u128::MAX << ((16 - length) * 8);
    let mut digits = (word ^ (ALL * 0x30)) & digit_mask;
    let mut base = 10_000;
    if let Some(mark) = group
        && word.to_le_bytes()[12] == mark
    {
        let marks = GROUPS & digit_mask;
        if length.is_multiple_of(4) || word & marks != (ALL * u128::from(mark)) & marks {
            return None;
        }
        digits &= !marks;
        base = 1_000;
    }
    let [low, high] = halves(digits);
    if beyond_nine(low) | beyond_nine(high) != 0 {
        return None;
    }
    let [first, second] = fours(low);
    let [third, fourth] = fours(high);
    Some(((first * base + second) * base + third) * base + fourth)
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
    use super::NumberColumn;
    use crate::contract::compiled::{Negative, NumberForm};
    use crate::kernel::window::CellBytes;
    use proptest::prelude::*;

    fn numbers(decimals: bool, group: Option<u8>, turned: bool, scale: i64) -> NumberColumn {
        let negative = Negative { leading: true, trailing: true, parentheses: false };
        let form = NumberForm { decimal: b',', group, negative, scale, turned };
        let (least, most) = (i64::MIN, i64::MAX);
        NumberColumn {
            form,
            decimals,
            least,
            most,
            required: true,
            guarded: false,
            missing: Vec::new(),
        }
    }

    fn cell(padded: &[u8], length: usize) -> CellBytes<'_> {
        CellBytes::new(padded, 16, 16 + u32::try_from(length).expect("a short text"))
    }

    fn at_once(numbers: &NumberColumn, cell: CellBytes) -> Option<i64> {
        let asked = numbers.asked();
        match (numbers.decimals, numbers.form.group.is_some()) {
            (true, true) => asked.read::<true, true>(cell),
            (true, false) => asked.read::<true, false>(cell),
            (false, true) => asked.read::<false, true>(cell),
            (false, false) => asked.read::<false, false>(cell),
        }
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
            scale in prop_oneof![Just(1), Just(1000), Just(4_000_000_000)],
        ) {
            let numbers = numbers(decimals, group, turned, scale);
            let padded = [&[b'7'; 16], text.as_bytes(), &[b'7'; 16]].concat();
            let cell = cell(&padded, text.len());
            for value in [at_once(&numbers, cell), numbers.long(text.as_bytes())].into_iter().flatten() {
                prop_assert_eq!(Some(value), numbers.plainly(text.as_bytes()));
            }
        }
    }
}
