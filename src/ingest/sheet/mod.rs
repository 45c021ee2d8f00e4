//! A sheet of a workbook as lines: every cell as the contract would have it written, no more.
//!
//! Line numbers are row numbers.

pub(super) mod merged;
pub(super) mod written;

use crate::contract::compiled::{Column, Layout};
use crate::domain::number::{to_u64, to_usize};
use crate::domain::source::Content;
use crate::ingest::bounds::Bound;
use crate::ingest::container::{Trouble, quietly};
use crate::ingest::sheet::written::written;
use crate::ingest::workbook::Sheet;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;

/// What stands between cells: no text holds it.
pub(super) const DELIMITER: u8 = 0x1F;

/// Whether lines are laid out as those of a sheet.
pub(super) fn is_sheet(layout: &Layout) -> bool {
    layout.delimiters == [DELIMITER]
}

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
    /// A span of time, or a time of day, in milliseconds.
    Time(i64),
    /// A formula without a result: its own text behind a `=`, or the error it gives.
    Formula(String),
    /// Nothing of its own: it is merged with a cell above that holds something.
    Covered,
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
            Value::Text(text)
            | Value::Number(text)
            | Value::Day { time: text, .. }
            | Value::Formula(text) => text.len(),
            Value::Time(_) | Value::Covered => 0,
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
    /// By place, the contract's column.
    columns: Arc<BTreeMap<usize, Column>>,
    /// Days from the first one a bare day number counts from to the one the workbook does.
    epoch: i32,
}

impl SheetText {
    /// The sheet as it stands.
    pub(super) fn of(sheet: Arc<Sheet>) -> SheetText {
        let epoch = sheet.epoch();
        SheetText { sheet, layout: Form { epoch, ..Form::default() } }
    }

    /// The same in lines of at least `width` cells; `columns` are the contract's by place.
    pub(super) fn formed(self, width: usize, columns: &BTreeMap<usize, &Column>) -> SheetText {
        let columns = columns.iter().map(|(place, column)| (*place, (*column).clone())).collect();
        let layout = Form { width, columns: Arc::new(columns), ..self.layout };
        SheetText { layout, ..self }
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
        self.blank = to_usize(blank);
        self.next = row.number + 1;
        let own = row.cells.iter().rev().find(|(_, value)| **value != Value::Covered);
        let last = own.map_or(0, |(column, _)| column + 1);
        let last = to_usize(last);
        let mut cells = row.cells.iter().peekable();
        for (place, column) in (0..last.max(self.form.width)).zip(0_u32..) {
            if place > 0 {
                text.push(DELIMITER);
            }
            if let Some((_, value)) = cells.next_if(|(own, _)| **own == column) {
                let cell = written(value, self.form.columns.get(&place), self.form.epoch);
                text.extend(cell.bytes().map(one_line));
            }
        }
        text.push(b'\n');
        let length = self.blank + text.len();
        self.written += to_u64(length);
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

#[cfg(test)]
mod tests {
    use super::{Form, Lines, Row, Rows, Value};
    use crate::ingest::bounds::Bound;
    use std::io::{self, Read as _};

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
