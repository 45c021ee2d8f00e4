//! A sheet of a workbook as lines: every cell as the contract would have it written, no more.
//!
//! Line numbers are row numbers. What a cell shows but does not hold (leading zeros of a number
//! format, rounding) is not made up: a number that does not fit its column is refused as any other.

use crate::contract::compiled::{Cell, Column, DateForm, DatePart, Layout, NumberForm};
use crate::ingest::container::Trouble;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

/// What stands between cells: no text holds it.
pub(super) const DELIMITER: u8 = 0x1F;

/// Whether lines are laid out as those of a sheet.
pub(super) fn is_sheet(layout: &Layout) -> bool {
    layout.delimiters == [DELIMITER]
}

/// Rows and columns a sheet can have, by any program that writes one.
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;

/// Most cells of a sheet with something in them, and most from first column to last in all rows.
const CELLS: usize = 10_000_000;
const SPAN: usize = 100_000_000;

/// Most digits of a whole number a cell holds for certain.
const DIGITS: usize = 15;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// A text.
    Text(String),
    /// A number: the shortest decimal that is it, with a point and a minus in front.
    Number(String),
    /// A day, and the time of it as `Thh:mm:ss` where one is given.
    Day {
        /// The year.
        year: u16,
        /// 1 to 12.
        month: u8,
        /// 1 to 31.
        day: u8,
        /// Empty at midnight.
        time: String,
    },
}

/// The cells of a sheet that hold something, by row and column from 0.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    rows: BTreeMap<u32, BTreeMap<u32, Value>>,
    cells: usize,
}

impl Sheet {
    /// Puts a cell in its place.
    ///
    /// # Errors
    /// A place no sheet has, a second cell in one place, or more cells than are read.
    pub(super) fn put(&mut self, row: u32, column: u32, value: Value) -> io::Result<()> {
        if row >= ROWS || column >= COLUMNS || self.cells >= CELLS {
            return Err(Trouble::TooLarge(format!("{CELLS} (A1..XFD{ROWS})")).into());
        }
        self.cells += 1;
        match self.rows.entry(row).or_default().insert(column, value) {
            None => Ok(()),
            Some(_) => Err(Trouble::Broken.into()),
        }
    }

    /// The rows with something in them, by row and column from 0.
    pub(super) fn into_rows(self) -> impl Iterator<Item = (u32, BTreeMap<u32, Value>)> {
        self.rows.into_iter()
    }

    /// Writes the rows as lines of at least `width` cells; `columns` are the contract's by place.
    ///
    /// # Errors
    /// Rows so wide and so many that they cannot be a table.
    pub(super) fn lines(
        &self,
        width: usize,
        columns: &BTreeMap<usize, &Column>,
    ) -> io::Result<Vec<u8>> {
        let mut lines = Vec::new();
        let mut span = 0_usize;
        let mut next = 0;
        for (row, cells) in &self.rows {
            lines.extend((next..*row).map(|_| b'\n'));
            next = row + 1;
            let last = cells.keys().next_back().map_or(0, |column| index(*column) + 1);
            span = span.saturating_add(last.max(width));
            if span > SPAN {
                return Err(Trouble::TooLarge(SPAN.to_string()).into());
            }
            for place in 0..last.max(width) {
                if place > 0 {
                    lines.push(DELIMITER);
                }
                let key = u32::try_from(place).expect("a sheet is narrow");
                if let Some(value) = cells.get(&key) {
                    let text = written(value, columns.get(&place).map(|column| &column.cell));
                    lines.extend(text.bytes().map(one_line));
                }
            }
            lines.push(b'\n');
        }
        Ok(lines)
    }
}

fn index(column: u32) -> usize {
    usize::try_from(column).expect("u32 fits usize")
}

/// A cell is on one line: its own line ends are spaces.
fn one_line(byte: u8) -> u8 {
    if matches!(byte, b'\n' | b'\r' | DELIMITER) { b' ' } else { byte }
}

/// A value as its column has it written.
pub(super) fn written(value: &Value, cell: Option<&Cell>) -> String {
    match (value, cell) {
        (Value::Text(text), _) => text.clone(),
        (Value::Number(number), Some(Cell::Number(form) | Cell::Integer(form))) => {
            in_form(&certain(number), *form)
        }
        (Value::Number(number), Some(Cell::Text | Cell::Date(_)) | None) => certain(number),
        (Value::Day { year, month, day, .. }, Some(Cell::Date(forms))) => forms
            .iter()
            .find_map(|form| day_in_form(*year, *month, *day, form))
            .unwrap_or_else(|| format!("{year:04}-{month:02}-{day:02}")),
        (
            Value::Day { year, month, day, time },
            Some(Cell::Text | Cell::Number(_) | Cell::Integer(_)) | None,
        ) => format!("{year:04}-{month:02}-{day:02}{time}"),
    }
}

/// A number as it is; marked as rounded where it has more digits than a cell holds for certain, so
/// that nothing takes it for a number or an id.
fn certain(number: &str) -> String {
    let whole = number.trim_start_matches('-').split('.').next().unwrap_or_default();
    match number {
        "-0" => "0".to_owned(),
        _ if whole.len() > DIGITS => format!("≈{number}"),
        _ => number.to_owned(),
    }
}

/// A number with the column's own decimal mark and sign, and no mark between thousands.
fn in_form(number: &str, form: NumberForm) -> String {
    let marked = number.replace('.', &char::from(form.decimal).to_string());
    match marked.strip_prefix('-') {
        Some(digits) if form.negative.trailing && !form.negative.leading => format!("{digits}-"),
        Some(digits) if form.negative.parentheses && !form.negative.leading => {
            format!("({digits})")
        }
        Some(_) | None => marked,
    }
}

/// A day in a form; `None` where the form is not of year, month and day.
fn day_in_form(year: u16, month: u8, day: u8, form: &DateForm) -> Option<String> {
    let mut text = String::new();
    for part in &form.parts {
        match part {
            DatePart::Year => write!(text, "{year:04}").ok()?,
            DatePart::Month | DatePart::AccountingPeriod => write!(text, "{month:02}").ok()?,
            DatePart::Day => write!(text, "{day:02}").ok()?,
            DatePart::BareMonth => write!(text, "{month}").ok()?,
            DatePart::BareDay => write!(text, "{day}").ok()?,
            DatePart::Byte(byte) => text.push(char::from(*byte)),
            // A year of two digits could be another year, and names and serials are for text.
            DatePart::ShortYear(_) | DatePart::MonthName | DatePart::Serial => return None,
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::{Sheet, Value, certain, day_in_form, in_form};
    use crate::contract::compiled::{DateForm, DatePart, Negative, NumberForm};
    use std::collections::BTreeMap;

    #[test]
    fn a_number_is_what_it_is_or_marked_as_rounded() {
        for (number, expected) in [
            ("0", "0"),
            ("-0", "0"),
            ("751", "751"),
            ("-0.05", "-0.05"),
            ("0.30000000000000004", "0.30000000000000004"),
            ("-999999999999999.5", "-999999999999999.5"),
            ("1000000000000000", "≈1000000000000000"),
        ] {
            assert_eq!(certain(number), expected);
        }
    }

    #[test]
    fn a_number_is_written_as_the_contract_has_it() {
        let negative = Negative { leading: false, trailing: true, parentheses: false };
        let form =
            NumberForm { decimal: b',', group: Some(b'.'), negative, scale: 1, turned: false };
        assert_eq!(in_form("-1234.5", form), "1234,5-");
        assert_eq!(in_form("1234.567", form), "1234,567");
        let negative = Negative { leading: true, ..negative };
        assert_eq!(in_form("-2", NumberForm { negative, ..form }), "-2");
    }

    #[test]
    fn a_day_is_written_as_the_contract_has_it() {
        use DatePart::{Byte, Day, Month, Year};
        let form =
            DateForm { text: String::new(), parts: vec![Day, Byte(b'-'), Month, Byte(b'-'), Year] };
        assert_eq!(day_in_form(2018, 3, 4, &form).as_deref(), Some("04-03-2018"));
    }

    fn one() -> Value {
        Value::Number("1".to_owned())
    }

    #[test]
    fn rows_keep_their_numbers_and_cells_their_places() {
        let mut sheet = Sheet::default();
        let text = |text: &str| Value::Text(text.to_owned());
        for (row, column, value) in [(3, 1, one()), (1, 0, text("a")), (1, 2, text("b\nc"))] {
            sheet.put(row, column, value).expect("a small sheet");
        }
        let lines = sheet.lines(2, &BTreeMap::new()).expect("a small sheet");
        assert_eq!(lines, b"\na\x1F\x1Fb c\n\n\x1F1\n");
    }

    #[test]
    fn a_sheet_of_one_far_cell_is_small_and_one_beyond_is_refused() {
        let mut sheet = Sheet::default();
        sheet.put((1 << 20) - 1, (1 << 14) - 1, one()).expect("the last cell");
        let lines = sheet.lines(1, &BTreeMap::new()).expect("one wide row");
        assert_eq!(lines.len(), (1 << 20) - 1 + (1 << 14) - 1 + 2);
        assert!(sheet.put(1 << 20, 0, one()).is_err());
        assert!(sheet.put(0, 1 << 14, one()).is_err());
        assert!(sheet.put((1 << 20) - 1, (1 << 14) - 1, one()).is_err());
    }
}
