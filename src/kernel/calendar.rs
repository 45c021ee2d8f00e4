//! Dates to periods: the months of the programme and their closing periods, numbered in order.

use crate::contract::compiled::{CellType, Column, DateForm, DatePart};
use crate::contract::terms::Terms;
use crate::domain::blank::trim;
use crate::domain::period::{Month, Period};
use crate::kernel::batch::{CellColumn, MOST};
use crate::kernel::interner::{FACTOR, hash, place_of};
use crate::kernel::window::CellBytes;
use crate::validate::cell::date::period;

/// Slots of the cache of a column's dates: for dates in order, as in a ledger, and for dates in no
/// order. Both fit in the first-level cache.
const FEW: usize = if cfg!(test) { 2 } else { 256 };
const MANY: usize = if cfg!(test) { 32 } else { 8_192 };

/// The periods a line may be posted in, in their own order: the months, then the closing periods.
#[derive(Debug)]
pub(super) struct Calendar {
    first_year: i16,
    /// By year and number of the month, 13 to a year: the period's place, and the month's days.
    grid: Vec<Option<(u32, u8)>>,
    periods: Vec<Period>,
}

impl Calendar {
    /// The periods wholly within the programme.
    pub(super) fn of(terms: &Terms) -> Calendar {
        let first_year = terms.first.year();
        let months = (0..)
            .map_while(|step| terms.first.offset(step))
            .take_while(|month| *month <= terms.last)
            .map(Period::Month);
        let closings = (first_year.get()..=terms.last.year().get())
            .filter_map(crate::domain::period::Year::new)
            .map(Period::Closing);
        let within = |period: &Period| {
            let (first, last) = period.bounds();
            terms.first <= first && last <= terms.last
        };
        let periods: Vec<Period> = months.chain(closings).filter(within).collect();
        let mut calendar = Calendar { first_year: first_year.get(), grid: Vec::new(), periods };
        for (place, period) in (0..).zip(calendar.periods.clone()) {
            let (month, number) = match period {
                Period::Month(month) => (month, month.number()),
                Period::Closing(_) | Period::Window(_) => (period.bounds().0, 13),
            };
            let grid_index =
                calendar.cell(month.year().get(), number).expect("the programme's own year");
            if calendar.grid.len() <= grid_index {
                calendar.grid.resize(grid_index + 1, None);
            }
            calendar.grid[grid_index] = Some((place, month.days()));
        }
        calendar
    }

    /// The periods, in order.
    pub(super) fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// Where a period stands; `None` outside the programme.
    pub(super) fn place(&self, period: Period) -> Option<u32> {
        let place = self.periods.binary_search(&period).ok()?;
        u32::try_from(place).ok()
    }

    /// The places of the periods that lie in the months from `from` to `to`.
    pub(super) fn open(&self, from: Option<Month>, to: Option<Month>) -> Vec<bool> {
        let opens = |period: &Period| {
            let (first, last) = period.bounds();
            from.is_none_or(|from| from <= first) && to.is_none_or(|to| last <= to)
        };
        self.periods.iter().map(opens).collect()
    }

    fn cell(&self, year: i16, number: u8) -> Option<usize> {
        let years = usize::try_from(year.checked_sub(self.first_year)?).ok()?;
        Some(years * 13 + usize::from(number.checked_sub(1)?))
    }

    #[inline]
    fn find(&self, year: i16, number: u8, day: Option<u8>) -> Option<u32> {
        let (place, days) = *self.grid.get(self.cell(year, number)?)?.as_ref()?;
        day.is_none_or(|day| 1 <= day && day <= days && number <= 12).then_some(place)
    }
}

/// Dates met in a column, each where its bytes say; a new one takes the place of an old one.
#[derive(Debug)]
pub(super) struct DateCache {
    /// A power of two of them.
    entries: Vec<CachedDate>,
    /// Cells looked up since there are so many, and dates that lost their place to another.
    looked_up: usize,
    lost: usize,
}

#[derive(Debug, Clone, Copy, Default)]
struct CachedDate {
    front: [u64; 2],
    /// Length of the cell and 1; 0 for no date.
    mark: u32,
    place: u32,
}

impl DateCache {
    pub(super) fn new() -> DateCache {
        DateCache::of(FEW)
    }

    fn of(places: usize) -> DateCache {
        DateCache { entries: vec![CachedDate::default(); places], looked_up: 0, lost: 0 }
    }

    /// Where a date is looked for.
    #[inline]
    fn at(&self, front: [u64; 2]) -> usize {
        place_of(hash(front, FACTOR), self.entries.len())
    }

    /// Remembers a date, and forgets them all where they take each other's place too often: more
    /// than from month to month.
    fn keep(&mut self, date: CachedDate) {
        let slot = self.at(date.front);
        self.lost += usize::from(self.entries[slot].mark > 0);
        self.entries[slot] = date;
        let often = self.lost > self.entries.len() && self.lost * 4 > self.looked_up;
        if often && self.entries.len() < MANY {
            *self = DateCache::of(MANY);
        }
    }
}

/// A column of dates.
#[derive(Debug)]
pub(super) struct DateColumn {
    forms: Vec<DateForm>,
    /// Where the digits stand in each form, as far as the forms are plain.
    plain: Vec<FixedDateForm>,
    /// Cells that mean "no value", where the column may have none.
    missing: Vec<Vec<u8>>,
}

/// A form with one year, one month and at most one day.
#[derive(Debug)]
struct FixedDateForm {
    length: usize,
    /// The bytes that are no digits, and what they must be.
    fixed: u128,
    marks: u128,
    /// The bytes that are digits.
    digits: u128,
    year: usize,
    month: usize,
    day: Option<usize>,
    last_month: u8,
}

impl DateColumn {
    /// The column's dates; `None` when it has none, or a word for "no value" that reads as one.
    pub(super) fn of(column: &Column) -> Option<DateColumn> {
        let CellType::Date(forms) = &column.cell else {
            return None;
        };
        if column.missing.iter().any(|word| period(word.as_bytes(), forms).is_some()) {
            return None;
        }
        let optional = !column.required && column.role.is_none();
        let words = column.missing.iter().filter(|_| optional);
        Some(DateColumn {
            forms: forms.clone(),
            plain: forms.iter().map_while(FixedDateForm::of).collect(),
            missing: words.map(|word| word.clone().into_bytes()).collect(),
        })
    }

    /// The place of the cell's period; no answer when the plain reader must say.
    #[cold]
    #[inline(never)]
    fn place(&self, cell: &[u8], calendar: &Calendar) -> Option<u32> {
        for plain in &self.plain {
            if let Some((year, number, day)) = plain.read(cell) {
                return calendar.find(year, number, day);
            }
        }
        calendar.place(period(trim(cell), &self.forms)?)
    }

    /// Finds the period of each cell; gives the records of which the plain reader must say.
    #[inline(never)]
    pub(super) fn places(
        &self,
        cells: CellColumn,
        calendar: &Calendar,
        date_cache: &mut DateCache,
        places: &mut [u32; MOST],
    ) -> u64 {
        self.look_up(cells, calendar, date_cache, |record, period, _| {
            places[record % MOST] = period.unwrap_or(0);
            period.is_some()
        })
    }

    /// The records of a column whose cell is no date, and may not mean "no value".
    #[inline(never)]
    pub(super) fn others(
        &self,
        cells: CellColumn,
        calendar: &Calendar,
        date_cache: &mut DateCache,
    ) -> u64 {
        self.look_up(cells, calendar, date_cache, |_, place, cell| {
            place.is_some() || self.holds(cell.bytes())
        })
    }

    /// Looks each cell up among the dates met.
    #[inline]
    fn look_up<'b>(
        &self,
        cells: CellColumn<'b>,
        calendar: &Calendar,
        date_cache: &mut DateCache,
        mut holds: impl FnMut(usize, Option<u32>, CellBytes<'b>) -> bool,
    ) -> u64 {
        date_cache.looked_up += cells.records();
        cells.each(|record, cell| {
            let (front, mark) = (cell.first_16_bytes(), cell.length().wrapping_add(1));
            let entry = &date_cache.entries[date_cache.at(front)];
            if entry.mark == mark && entry.front == front {
                return holds(record, Some(entry.place), cell);
            }
            let period = self.place(cell.bytes(), calendar);
            if let Some(period) = period.filter(|_| cell.is_short()) {
                date_cache.keep(CachedDate { front, mark, place: period });
            }
            holds(record, period, cell)
        })
    }

    /// Whether the cell is a date, or may mean "no value".
    #[cold]
    #[inline(never)]
    fn holds(&self, cell: &[u8]) -> bool {
        let cell = trim(cell);
        period(cell, &self.forms).is_some() || self.missing.iter().any(|word| word == cell)
    }
}

impl FixedDateForm {
    fn of(form: &DateForm) -> Option<FixedDateForm> {
        let (mut years, mut months, mut days) = (Vec::new(), Vec::new(), Vec::new());
        let (mut length, mut last_month) = (0, 12);
        let (mut fixed, mut marks) = ([0; 16], [0; 16]);
        for part in &form.parts {
            let places = match part {
                DatePart::Year => &mut years,
                DatePart::Month => &mut months,
                DatePart::AccountingPeriod => {
                    last_month = 13;
                    &mut months
                }
                DatePart::Day => &mut days,
                DatePart::ShortYear(_)
                | DatePart::BareMonth
                | DatePart::BareDay
                | DatePart::MonthName
                | DatePart::Serial => return None,
                DatePart::Byte(byte) => {
                    *fixed.get_mut(length)? = 0xFF;
                    marks[length] = *byte;
                    length += 1;
                    continue;
                }
            };
            places.push(length);
            length += if *part == DatePart::Year { 4 } else { 2 };
        }
        let ([year], [month], [] | [_]) = (&years[..], &months[..], &days[..]) else {
            return None;
        };
        let (fixed, marks) = (u128::from_le_bytes(fixed), u128::from_le_bytes(marks));
        let day = days.first().copied();
        let beyond = 16_usize.checked_sub(length)? * 8;
        let digits = (u128::MAX >> beyond) & !fixed;
        let (year, month) = (*year, *month);
        Some(FixedDateForm { length, fixed, marks, digits, year, month, day, last_month })
    }

    /// Year, number of the month, and day; `None` unless the cell has this form. That the month and
    /// the day exist is for the calendar to say.
    #[inline]
    fn read(&self, cell: &[u8]) -> Option<(i16, u8, Option<u8>)> {
        const ONES: u128 = 0x0101_0101_0101_0101_0101_0101_0101_0101;
        if cell.len() != self.length {
            return None;
        }
        let mut front = [0; 16];
        front[..cell.len()].copy_from_slice(cell);
        let word = u128::from_le_bytes(front);
        let digits = (word ^ (ONES * 0x30)) & self.digits;
        // A byte above 9 reaches the top bit when 0x76 is added to it, or has it already.
        let reach = digits | ((digits & (ONES * 0x7F)) + (ONES * 0x76));
        if word & self.fixed != self.marks || reach & (ONES * 0x80) != 0 {
            return None;
        }
        // Each digit and the one behind it as a number, in the place of the first.
        let pairs = (digits * 10 + (digits >> 8)).to_le_bytes();
        let year = i16::from(pairs[self.year]) * 100 + i16::from(pairs[self.year + 2]);
        let number = pairs[self.month];
        (number <= self.last_month).then(|| (year, number, self.day.map(|at| pairs[at])))
    }
}

#[cfg(test)]
mod tests {
    use super::{Calendar, DateColumn, FixedDateForm};
    use crate::contract::compiled::{DateForm, DatePart};
    use crate::contract::terms::Terms;
    use crate::domain::period::Period;
    use crate::validate::cell::date::period;
    use proptest::prelude::*;

    fn form(parts: &[DatePart]) -> DateForm {
        DateForm { text: String::new(), parts: parts.to_vec() }
    }

    fn forms(which: usize) -> Vec<DateForm> {
        use DatePart::{AccountingPeriod, Byte, Day, Month, Year};
        match which {
            0 => vec![form(&[Day, Byte(b'-'), Month, Byte(b'-'), Year])],
            1 => vec![form(&[Year, Byte(b'-'), AccountingPeriod])],
            2 => vec![form(&[Day, Byte(b'-'), Month, Byte(b'-'), Year]), form(&[Year, Month, Day])],
            3 => vec![form(&[Month, Day, Year]), form(&[Day, Month, Year])],
            _ => vec![form(&[Year, AccountingPeriod, Day]), form(&[Year, Month, Month])],
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// The calendar reads what the plain reader reads, or leaves it to it.
        #[test]
        fn dates_are_read_as_the_plain_reader_reads_them(
            text in "[0-3][0-9]-[01][0-9]-20(1[5-9]|2[01])|201[5-9]-[01][0-9]|201[5-9][01][0-9][0-3][0-9]|[01][0-9][0-3][0-9]201[5-8]|[-0-9]{5,10}",
            which in 0_usize..5,
        ) {
            let month = |text: &str| text.parse().expect("a month");
            let (first, last) = (month("2016-03"), month("2020-12"));
            let terms =
                Terms { first, last, ..Terms::unknown() };
            let calendar = Calendar::of(&terms);
            let forms = forms(which);
            let plain = forms.iter().map_while(FixedDateForm::of).collect();
            let dates = DateColumn { forms: forms.clone(), plain, missing: Vec::new() };
            let expected = period(text.as_bytes(), &forms);
            let inside = |period: &Period| first <= period.bounds().0 && period.bounds().1 <= last;
            if let Some(place) = dates.place(text.as_bytes(), &calendar) {
                let found = calendar.periods()[usize::try_from(place).expect("few periods")];
                prop_assert_eq!(Some(found), expected);
            } else if which < 2 {
                prop_assert!(!expected.is_some_and(|period| inside(&period)), "left: {:?}", expected);
            }
        }
    }
}
