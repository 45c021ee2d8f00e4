//! Merged cells of a sheet: one value that is seen on several rows, and stored on the first alone.
//!
//! Of a merged area the left column is kept: what it covers to the right is empty, as on a row of
//! its own.

use crate::source::bounds::Bound;
use crate::source::rows::{SheetRow, SheetValue};
use std::collections::{BTreeMap, VecDeque};
use std::io;

/// Bytes a covered cell counts for.
const CELL: u64 = 8;

/// A merged area of more rows than one, by its left column; rows and columns from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Area {
    pub(crate) first: u32,
    pub(crate) last: u32,
    pub(crate) column: u32,
}

/// The merged areas of a sheet, as its rows are read in their order.
#[derive(Debug, Default)]
pub(crate) struct Merged {
    /// Those that begin on a row to come, in the order of their first rows.
    waiting: VecDeque<Area>,
    /// Those with a value that reach beyond the last row: the last row of each, by column.
    open: BTreeMap<u32, u32>,
    /// Bytes of all cells that were covered.
    covered: u64,
}

impl Merged {
    /// The areas of a sheet, in any order.
    pub(crate) fn of(mut areas: Vec<Area>) -> Merged {
        areas.sort_unstable();
        Merged { waiting: areas.into(), ..Merged::default() }
    }

    /// One more area; none begins above it.
    pub(crate) fn add(&mut self, area: Area) {
        self.waiting.push_back(area);
    }

    /// Puts a mark in each cell of the row that is covered by a value above, and opens the areas
    /// that begin on it.
    ///
    /// # Errors
    /// More covered cells than a sheet may have text.
    pub(crate) fn cover(&mut self, row: &mut SheetRow) -> io::Result<()> {
        self.open.retain(|_, last| row.number <= *last);
        for column in self.open.keys() {
            self.covered += CELL;
            if self.covered > Bound::SheetText.limit() {
                return Err(Bound::SheetText.into());
            }
            // What may be stored in it is seen by nobody.
            row.cells.insert(*column, SheetValue::Covered);
        }
        while let Some(area) = self.waiting.pop_front_if(|area| area.first <= row.number) {
            // Without a value nothing is seen on the rows below.
            if area.first == row.number && row.cells.contains_key(&area.column) {
                self.open.insert(area.column, area.last);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Area, Merged};
    use crate::source::rows::{SheetRow, SheetValue};

    #[test]
    fn a_cell_below_a_merged_value_is_covered_and_one_below_none_is_empty() {
        let area = |first, last, column| Area { first, last, column };
        let mut merged = Merged::of(vec![area(4, 5, 0), area(1, 3, 0), area(1, 3, 1)]);
        let mut covered = |number: u32, cells: &[u32]| -> Vec<u32> {
            let mut row = SheetRow::new(number);
            for column in cells {
                row.put(*column, SheetValue::Number("1".to_owned())).expect("a small row");
            }
            merged.cover(&mut row).expect("a small sheet");
            let is_covered = |(_, value): &(&u32, &SheetValue)| **value == SheetValue::Covered;
            row.cells.iter().filter(is_covered).map(|(column, _)| *column).collect()
        };
        assert_eq!(covered(1, &[0, 2]), [0; 0]);
        assert_eq!(covered(2, &[2]), [0]);
        assert_eq!(covered(3, &[0, 2]), [0]);
        assert_eq!(covered(5, &[2]), [0; 0], "the area that begins on row 4 has no value");
    }
}
