//! A sheet of a workbook as lines: every cell as the contract would have it written, no more.
//!
//! Line numbers are row numbers. What a cell shows but does not hold (leading zeros of a number
//! format, rounding) is not made up: a number that does not fit its column is refused as any other.

use crate::contract::compiled::{Cell, Column, DateForm, DatePart, Layout, NumberForm};
use crate::domain::source::Content;
use crate::ingest::bounds::Bound;
use crate::ingest::container::{Trouble, quietly};
use crate::ingest::workbook::Sheet;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Read};
use std::sync::Arc;

/// What stands between cells: no text holds it.
pub(super) const DELIMITER: u8 = 0x1F;

/// Whether lines are laid out as those of a sheet.
pub(super) fn is_sheet(layout: &Layout) -> bool {
    layout.delimiters == [DELIMITER]
}

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

/// The cells of a row that hold something.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    /// From 0.
    pub(super) number: u32,
    /// By column, from 0.
    pub(super) cells: BTreeMap<u32, Value>,
    /// Bytes of text in them.
    text: usize,
}

/// The rows of a sheet with something in them, in their order.
pub(super) trait Rows: Send {
    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// What is no row, or a bound.
    fn next(&mut self) -> io::Result<Option<Row>>;
}

impl Row {
    /// An empty row.
    pub(super) fn new(number: u32) -> Row {
        Row { number, ..Row::default() }
    }

    /// Whether it holds nothing.
    pub(super) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Puts a cell in its place.
    ///
    /// # Errors
    /// A place no sheet has, a second cell in one place, or more text than a line may have.
    pub(super) fn put(&mut self, column: u32, value: Value) -> io::Result<()> {
        if u64::from(self.number) >= Bound::SheetRows.limit() {
            return Err(Bound::SheetRows.into());
        }
        if u64::from(column) >= Bound::SheetColumns.limit() {
            return Err(Bound::SheetColumns.into());
        }
        self.text += match &value {
            Value::Text(text) | Value::Number(text) | Value::Day { time: text, .. } => text.len(),
        };
        Bound::LineBytes.hold(self.text)?;
        match self.cells.insert(column, value) {
            None => Ok(()),
            Some(_) => Err(Trouble::Broken.into()),
        }
    }
}

/// A sheet as lines, written as they are read: only one is held.
pub(super) struct SheetText {
    sheet: Arc<Sheet>,
    layout: Form,
}

/// How the rows of a sheet are written.
#[derive(Clone, Default)]
struct Form {
    /// Fewest cells of a line.
    width: usize,
    /// By place, what the contract has in the column.
    cells: Arc<BTreeMap<usize, Cell>>,
}

impl SheetText {
    /// The sheet as it stands.
    pub(super) fn of(sheet: Arc<Sheet>) -> SheetText {
        SheetText { sheet, layout: Form::default() }
    }

    /// The same in lines of at least `width` cells; `columns` are the contract's by place.
    pub(super) fn formed(self, width: usize, columns: &BTreeMap<usize, &Column>) -> SheetText {
        let cells = columns.iter().map(|(place, column)| (*place, column.cell.clone())).collect();
        SheetText { layout: Form { width, cells: Arc::new(cells) }, ..self }
    }
}

impl Content for SheetText {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let (rows, form) = (quietly(|| self.sheet.rows())?, self.layout.clone());
        Ok(Box::new(Lines::of(rows, form)))
    }
}

/// The lines of a sheet.
struct Lines {
    rows: Box<dyn Rows>,
    form: Form,
    /// The number of the next row.
    next: u32,
    /// Blank lines to give before the text: one for each row that holds nothing.
    blank: usize,
    /// A row, from `given` on.
    text: Vec<u8>,
    given: usize,
    /// Bytes written in all.
    written: u64,
}

impl Read for Lines {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() {
            self.given = 0;
            self.text.clear();
            if let Some(row) = quietly(|| self.rows.next())? {
                self.write(&row)?;
            }
        }
        if self.blank > 0 {
            let length = self.blank.min(out.len());
            out[..length].fill(b'\n');
            self.blank -= length;
            return Ok(length);
        }
        let length = (&self.text[self.given..]).read(out)?;
        self.given += length;
        Ok(length)
    }
}

impl Lines {
    fn of(rows: Box<dyn Rows>, form: Form) -> Lines {
        Lines { rows, form, next: 0, blank: 0, text: Vec::new(), given: 0, written: 0 }
    }

    /// Writes a row, and counts those before it that hold nothing.
    fn write(&mut self, row: &Row) -> io::Result<()> {
        let text = &mut self.text;
        let blank = row.number.checked_sub(self.next).ok_or(Trouble::Broken)?;
        self.blank = usize::try_from(blank).expect("u32 fits usize");
        self.next = row.number + 1;
        let last = row.cells.keys().next_back().map_or(0, |column| column + 1);
        let last = usize::try_from(last).expect("u32 fits usize");
        let mut cells = row.cells.iter().peekable();
        for (place, column) in (0..last.max(self.form.width)).zip(0_u32..) {
            if place > 0 {
                text.push(DELIMITER);
            }
            if let Some((_, value)) = cells.next_if(|(own, _)| **own == column) {
                let cell = written(value, self.form.cells.get(&place));
                text.extend(cell.bytes().map(one_line));
            }
        }
        text.push(b'\n');
        let length = self.blank + text.len();
        self.written += u64::try_from(length).expect("a length fits u64");
        if self.written > Bound::SheetText.limit() {
            return Err(Bound::SheetText.into());
        }
        Ok(())
    }
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
    use super::{Form, Lines, Row, Rows, Value, certain, day_in_form, in_form};
    use crate::contract::compiled::{DateForm, DatePart, Negative, NumberForm};
    use crate::ingest::bounds::Bound;
    use std::io::{self, Read as _};

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

    /// Rows at hand.
    struct AtHand(std::vec::IntoIter<Row>);

    impl Rows for AtHand {
        fn next(&mut self) -> io::Result<Option<Row>> {
            Ok(self.0.next())
        }
    }

    fn lines(rows: Vec<Row>, width: usize) -> io::Result<Vec<u8>> {
        let form = Form { width, ..Form::default() };
        let rows = Box::new(AtHand(rows.into_iter()));
        let mut lines = Lines::of(rows, form);
        let mut bytes = Vec::new();
        lines.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn row(number: u32, cells: &[(u32, &str)]) -> Row {
        let mut row = Row::new(number);
        for (column, text) in cells {
            row.put(*column, Value::Text((*text).to_owned())).expect("a small row");
        }
        row
    }

    #[test]
    fn rows_keep_their_numbers_and_cells_their_places() {
        let rows = vec![row(1, &[(2, "b\nc"), (0, "a")]), row(3, &[(1, "1")])];
        assert_eq!(lines(rows, 2).expect("a small sheet"), b"\na\x1F\x1Fb c\n\n\x1F1\n");
    }

    #[test]
    fn a_sheet_of_one_far_cell_is_small_and_one_beyond_is_refused() {
        let (last, widest) = ((1 << 20) - 1, (1 << 14) - 1);
        let bytes = lines(vec![row(last, &[(widest, "1")])], 1).expect("one wide row");
        assert_eq!(bytes.len(), (1 << 20) - 1 + (1 << 14) - 1 + 2);
        let put = |number, column| Row::new(number).put(column, Value::Number("1".to_owned()));
        let bound = |put: io::Result<()>| put.err().and_then(|error| Bound::of(&error));
        assert_eq!(bound(put(last + 1, 0)), Some(Bound::SheetRows));
        assert_eq!(bound(put(0, widest + 1)), Some(Bound::SheetColumns));
    }

    #[test]
    fn a_cell_that_is_repeated_is_counted_each_time() {
        let mut row = Row::new(0);
        let text = "x".repeat(Bound::LineBytes.most() / 4);
        let put: Vec<_> = (0..5).map(|at| row.put(at, Value::Text(text.clone()))).collect();
        assert!(put[..4].iter().all(Result::is_ok));
        let bound = put[4].as_ref().err().and_then(Bound::of);
        assert_eq!(bound, Some(Bound::LineBytes));
    }
}
