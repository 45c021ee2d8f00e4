//! The rows of a sheet as its workbook has them.

use crate::source::bounds::Bound;
use crate::source::trouble::Trouble;
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum SheetValue {
    /// A text.
    Text(String),
    /// A number: the shortest decimal that is it, with a point and a minus in front.
    Number(String),
    /// A number that a format of this code shows, which may be another for who sees it.
    Coded(String, Arc<str>),
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
pub(crate) struct SheetRow {
    /// From 0.
    pub(crate) number: u32,
    /// By column, from 0.
    pub(crate) cells: BTreeMap<u32, SheetValue>,
    /// Bytes of text in them.
    pub(crate) text: usize,
}

/// The rows of a sheet with something in them, in their order.
pub(crate) trait SheetRows: Send {
    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// What is no row, or a bound.
    fn next(&mut self) -> io::Result<Option<SheetRow>>;
}

impl SheetRow {
    /// An empty row.
    pub(crate) fn new(number: u32) -> SheetRow {
        SheetRow { number, ..SheetRow::default() }
    }

    /// Whether it holds nothing.
    pub(crate) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Puts a cell in its place.
    ///
    /// # Errors
    /// A place no sheet has, a second cell in one place, or more text than a line may have.
    pub(crate) fn put(&mut self, column: u32, value: SheetValue) -> io::Result<()> {
        if u64::from(self.number) >= Bound::SheetRows.limit() {
            return Err(Bound::SheetRows.into());
        }
        if u64::from(column) >= Bound::SheetColumns.limit() {
            return Err(Bound::SheetColumns.into());
        }
        self.text += match &value {
            SheetValue::Text(text)
            | SheetValue::Number(text)
            | SheetValue::Coded(text, _)
            | SheetValue::Day { time: text, .. }
            | SheetValue::Formula(text) => text.len(),
            SheetValue::Time(_) | SheetValue::Covered => 0,
        };
        Bound::LineBytes.hold(self.text)?;
        match self.cells.insert(column, value) {
            None => Ok(()),
            Some(_) => Err(Trouble::Broken.into()),
        }
    }
}
