//! A sheet of a workbook as lines: every cell as the contract would have it written, no more.
//!
//! Line numbers are row numbers. What a cell shows but does not hold (leading zeros of a number
//! format, rounding) is not made up: a number that does not fit its column is refused as any other.

use crate::contract::compiled::{Cell, Column, DateForm, DatePart, NumberForm};
use crate::ingest::container::Trouble;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

/// What stands between cells: no text holds it.
pub(super) const DELIMITER: u8 = 0x1F;

/// Rows and columns a sheet can have, by any program that writes one.
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;

/// Most cells of a sheet with something in them, and most from first column to last in all rows.
const CELLS: usize = 10_000_000;
const SPAN: usize = 100_000_000;

/// Whole numbers below this are held exactly by a cell.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
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
fn written(value: &Value, cell: Option<&Cell>) -> String {
    match (value, cell) {
        (Value::Text(text), _) => text.clone(),
        (Value::Number(number), Some(Cell::Number(form) | Cell::Integer(form))) => {
            in_form(*number, *form)
        }
        (Value::Number(number), Some(Cell::Text | Cell::Date(_)) | None) => plain(*number),
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

/// The shortest decimal that is this number, with a point; powers of ten where a cell cannot hold
/// every whole number, so that no reader takes it for one.
fn plain(number: f64) -> String {
    if number == 0.0 {
        "0".to_owned()
    } else if number.abs() >= EXACT {
        format!("{number:e}")
    } else {
        number.to_string()
    }
}

/// The shortest decimal with the column's own decimal mark and sign, and no mark between thousands.
fn in_form(number: f64, form: NumberForm) -> String {
    let digits = plain(number.abs()).replace('.', &char::from(form.decimal).to_string());
    if number >= 0.0 {
        digits
    } else if form.negative.trailing && !form.negative.leading {
        format!("{digits}-")
    } else if form.negative.parentheses && !form.negative.leading {
        format!("({digits})")
    } else {
        format!("-{digits}")
    }
}

/// A day in a form of four-digit years and two-digit months and days; `None` in any other.
fn day_in_form(year: u16, month: u8, day: u8, form: &DateForm) -> Option<String> {
    let mut text = String::new();
    for part in &form.parts {
        if *part == DatePart::Year {
            write!(text, "{year:04}").ok()?;
        } else if *part == DatePart::Month || *part == DatePart::AccountingPeriod {
            write!(text, "{month:02}").ok()?;
        } else if *part == DatePart::Day {
            write!(text, "{day:02}").ok()?;
        } else if let DatePart::Byte(byte) = part {
            text.push(char::from(*byte));
        } else {
            return None;
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::{Sheet, Value, day_in_form, in_form, plain};
    use crate::contract::compiled::{DateForm, DatePart, Negative, NumberForm};
    use std::collections::BTreeMap;

    #[test]
    fn a_number_is_its_shortest_decimal_or_no_number_at_all() {
        for (number, expected) in [
            (0.0, "0"),
            (-0.0, "0"),
            (751.0, "751"),
            (1234.5, "1234.5"),
            (-0.05, "-0.05"),
            (0.1 + 0.2, "0.30000000000000004"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (12_345_678_901_234_567.0, "1.2345678901234568e16"),
        ] {
            assert_eq!(plain(number), expected);
        }
    }

    #[test]
    fn a_number_is_written_as_the_contract_has_it() {
        let negative = Negative { leading: false, trailing: true, parentheses: false };
        let form =
            NumberForm { decimal: b',', group: Some(b'.'), negative, scale: 1, turned: false };
        assert_eq!(in_form(-1234.5, form), "1234,5-");
        assert_eq!(in_form(1234.567, form), "1234,567");
        let negative = Negative { leading: true, ..negative };
        assert_eq!(in_form(-2.0, NumberForm { negative, ..form }), "-2");
    }

    #[test]
    fn a_day_is_written_as_the_contract_has_it() {
        use DatePart::{Byte, Day, Month, Year};
        let form =
            DateForm { text: String::new(), parts: vec![Day, Byte(b'-'), Month, Byte(b'-'), Year] };
        assert_eq!(day_in_form(2018, 3, 4, &form).as_deref(), Some("04-03-2018"));
    }

    #[test]
    fn rows_keep_their_numbers_and_cells_their_places() {
        let mut sheet = Sheet::default();
        let text = |text: &str| Value::Text(text.to_owned());
        for (row, column, value) in
            [(3, 1, Value::Number(5.0)), (1, 0, text("a")), (1, 2, text("b\nc"))]
        {
            sheet.put(row, column, value).expect("a small sheet");
        }
        let lines = sheet.lines(2, &BTreeMap::new()).expect("a small sheet");
        assert_eq!(lines, b"\na\x1F\x1Fb c\n\n\x1F5\n");
    }

    #[test]
    fn a_sheet_of_one_far_cell_is_small_and_one_beyond_is_refused() {
        let mut sheet = Sheet::default();
        sheet.put((1 << 20) - 1, (1 << 14) - 1, Value::Number(1.0)).expect("the last cell");
        let lines = sheet.lines(1, &BTreeMap::new()).expect("one wide row");
        assert_eq!(lines.len(), (1 << 20) - 1 + (1 << 14) - 1 + 2);
        assert!(sheet.put(1 << 20, 0, Value::Number(1.0)).is_err());
        assert!(sheet.put(0, 1 << 14, Value::Number(1.0)).is_err());
        assert!(sheet.put((1 << 20) - 1, (1 << 14) - 1, Value::Number(2.0)).is_err());
    }
}
