//! A sheet of a workbook as lines: every cell as the contract would have it written, no more.
//!
//! Line numbers are row numbers.

pub(crate) mod merged;
pub(crate) mod shown;
pub(crate) mod written;

use crate::contract::charset::Charset;
use crate::contract::compiled::{Column, Layout};
use crate::domain::number::{to_u64, to_usize};
use crate::source::bounds::Bound;
use crate::source::container::quietly;
use crate::source::content::Content;
use crate::source::rows::{SheetRow, SheetRows, SheetValue};
use crate::source::sheet::written::written;
use crate::source::trouble::Trouble;
use crate::source::workbook::Sheet;
use encoding_rs::UTF_8;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;

/// What stands between cells: no text holds it.
pub(crate) const DELIMITER: u8 = 0x1F;

/// Whether lines are laid out as those of a sheet.
pub(crate) fn is_sheet(layout: &Layout) -> bool {
    layout.delimiters == [DELIMITER]
}

/// How the lines of a sheet are laid out, where a contract lays out text like this.
pub(crate) fn laid_out(layout: &Layout) -> Layout {
    Layout {
        encodings: vec![Charset::Web(UTF_8)],
        delimiters: vec![DELIMITER],
        quote: None,
        escape: None,
        max_lines: 1,
        ..layout.clone()
    }
}

/// A sheet as lines, written as they are read: only one is held.
pub(crate) struct SheetText {
    sheet: Arc<Sheet>,
    layout: RowForm,
}

/// How the rows of a sheet are written.
#[derive(Clone, Default)]
struct RowForm {
    /// Fewest cells of a line.
    width: usize,
    /// By place, the contract's column.
    columns: Arc<BTreeMap<usize, Column>>,
    /// Days from the first one a bare day number counts from to the one the workbook does.
    epoch: i32,
    /// The code of the currency amounts are in.
    currency: Arc<str>,
}

impl SheetText {
    /// The sheet as it stands.
    pub(crate) fn of(sheet: Arc<Sheet>) -> SheetText {
        let epoch = sheet.epoch();
        SheetText { sheet, layout: RowForm { epoch, ..RowForm::default() } }
    }

    /// The same in lines of at least `width` cells; `columns` are the contract's by place.
    pub(crate) fn formed(
        self,
        width: usize,
        columns: &BTreeMap<usize, &Column>,
        currency: &str,
    ) -> SheetText {
        let columns = columns.iter().map(|(place, column)| (*place, (*column).clone())).collect();
        let layout =
            RowForm { width, columns: Arc::new(columns), currency: currency.into(), ..self.layout };
        SheetText { layout, ..self }
    }
}

impl Content for SheetText {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let (rows, form) = (quietly(|| self.sheet.rows())?, self.layout.clone());
        Ok(Box::new(SheetReader::of(rows, form)))
    }
}

/// The lines of a sheet.
struct SheetReader {
    rows: Box<dyn SheetRows>,
    form: RowForm,
    /// The number of the next row.
    next: u32,
    /// Blank lines to give before the text: one for each row that holds nothing.
    blank: usize,
    /// A row, from `given` on.
    text: Vec<u8>,
    given: usize,
    /// Bytes written in all.
    written: u64,
    /// Whether the last row was given: no row is asked for behind it.
    ended: bool,
}

impl Read for SheetReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.given == self.text.len() {
            self.given = 0;
            self.text.clear();
            if self.ended {
                return Ok(0);
            }
            match quietly(|| self.rows.next())? {
                Some(row) => self.write(&row)?,
                None => self.ended = true,
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

impl SheetReader {
    fn of(rows: Box<dyn SheetRows>, form: RowForm) -> SheetReader {
        SheetReader {
            rows,
            form,
            next: 0,
            blank: 0,
            text: Vec::new(),
            given: 0,
            written: 0,
            ended: false,
        }
    }

    /// Writes a row, and counts those before it that hold nothing.
    fn write(&mut self, row: &SheetRow) -> io::Result<()> {
        let text = &mut self.text;
        let blank = row.number.checked_sub(self.next).ok_or(Trouble::Broken)?;
        self.blank = to_usize(blank);
        self.next = row.number + 1;
        let own = row.cells.iter().rev().find(|(_, value)| **value != SheetValue::Covered);
        let last = own.map_or(0, |(column, _)| column + 1);
        let last = to_usize(last);
        let mut cells = row.cells.iter().peekable();
        let says = (self.form.epoch, &*self.form.currency);
        for (place, column) in (0..last.max(self.form.width)).zip(0_u32..) {
            if place > 0 {
                text.push(DELIMITER);
            }
            if let Some((_, value)) = cells.next_if(|(own, _)| **own == column) {
                let cell = written(value, self.form.columns.get(&place), says);
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
    use super::{RowForm, SheetReader, SheetRows, SheetValue};
    use crate::source::bounds::Bound;
    use crate::source::rows::SheetRow;
    use std::io::{self, Read as _};

    /// Rows at hand.
    struct AtHand(std::vec::IntoIter<SheetRow>);

    impl SheetRows for AtHand {
        fn next(&mut self) -> io::Result<Option<SheetRow>> {
            Ok(self.0.next())
        }
    }

    fn lines(rows: Vec<SheetRow>, width: usize) -> io::Result<Vec<u8>> {
        let form = RowForm { width, ..RowForm::default() };
        let rows = Box::new(AtHand(rows.into_iter()));
        let mut lines = SheetReader::of(rows, form);
        let mut bytes = Vec::new();
        lines.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn row(number: u32, cells: &[(u32, &str)]) -> SheetRow {
        let mut row = SheetRow::new(number);
        for (column, text) in cells {
            row.put(*column, SheetValue::Text((*text).to_owned())).expect("a small row");
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
        let put =
            |number, column| SheetRow::new(number).put(column, SheetValue::Number("1".to_owned()));
        let bound = |put: io::Result<()>| put.err().and_then(|error| Bound::of(&error));
        assert_eq!(bound(put(last + 1, 0)), Some(Bound::SheetRows));
        assert_eq!(bound(put(0, widest + 1)), Some(Bound::SheetColumns));
    }

    #[test]
    fn a_cell_that_is_repeated_is_counted_each_time() {
        let mut row = SheetRow::new(0);
        let text = "x".repeat(Bound::LineBytes.most() / 4);
        let put: Vec<_> = (0..5).map(|at| row.put(at, SheetValue::Text(text.clone()))).collect();
        assert!(put[..4].iter().all(Result::is_ok));
        let bound = put[4].as_ref().err().and_then(Bound::of);
        assert_eq!(bound, Some(Bound::LineBytes));
    }
}
