//! Accepted lines to facts: a row for each combination of codes, a place in it for each period.

use crate::domain::fact::{Measure, Tally};
use crate::domain::facts::{About, Facts};
use crate::domain::period::Period;
use crate::domain::source::DeliveryId;
use crate::ingest::kernel::batch::{MOST, wide};
use crate::ingest::kernel::number::Values;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::Range;

/// Rows that do not stay at hand while the facts are made of them.
const MANY: usize = if cfg!(test) { 4 } else { 1_024 };

/// Facts of one delivery: memory follows the combinations met and the programme's periods.
#[derive(Debug)]
pub(super) struct Table {
    periods: Vec<Period>,
    measures: Vec<Measure>,
    rows: BTreeMap<About, usize>,
    /// By period, for deliveries go through time, then by row: a cell for each measure, or one.
    cells: Vec<Vec<Cell>>,
}

/// What was posted for one measure in one period.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    /// A sum that leaves `i64` wraps here; the reader knows by the weight of the lines, and gives
    /// the whole table up.
    sum: i64,
    /// The lines that carried the measure.
    carried: u32,
    /// All lines, in the first cell of a row.
    lines: u32,
}

impl Table {
    pub(super) fn new(periods: &[Period], measures: &[Measure]) -> Table {
        Table {
            periods: periods.to_vec(),
            measures: measures.to_vec(),
            rows: BTreeMap::new(),
            cells: vec![Vec::new(); periods.len()],
        }
    }

    /// The row for a combination, made when there is none.
    pub(super) fn row(&mut self, about: About) -> usize {
        let next = self.rows.len();
        *self.rows.entry(about).or_insert(next)
    }

    /// Adds a line's values, one a measure of the table.
    pub(super) fn add(
        &mut self,
        row: usize,
        period: u32,
        values: impl Iterator<Item = Option<i64>>,
    ) {
        let width = self.width();
        self.cell(period, row * width).lines += 1;
        for (place, value) in values.enumerate() {
            let cell = self.cell(period, row * width + place);
            cell.carried += u32::from(value.is_some());
            cell.sum = cell.sum.wrapping_add(value.unwrap_or(0));
        }
    }

    /// The cell of a period at a place, made where there is none.
    #[inline]
    fn cell(&mut self, period: u32, at: usize) -> &mut Cell {
        let (all, cells) = (self.rows.len() * self.width(), &mut self.cells[wide(period)]);
        if cells.len() <= at {
            cells.resize(all, Cell::default());
        }
        &mut cells[at]
    }

    /// Adds the values of some records of a batch, each told by its row and its period; `columns`:
    /// the number column of each measure.
    pub(super) fn post(
        &mut self,
        (rows, periods): (&[u32; MOST], &[u32; MOST]),
        records: Range<usize>,
        columns: &[usize],
        numbers: &[Values],
    ) {
        const NONE: &Values = &Values::new();
        let width = self.width();
        for place in 0..width {
            let values = columns.get(place).map_or(NONE, |column| &numbers[*column]);
            let first = u32::from(place == 0);
            for record in records.start..records.end.min(MOST) {
                let cell = self.cell(periods[record], wide(rows[record]) * width + place);
                cell.lines += first;
                cell.carried += u32::from(values.there[record]);
                cell.sum = cell.sum.wrapping_add(values.values[record]);
            }
        }
    }

    /// Cells a row has in each period.
    fn width(&self) -> usize {
        self.measures.len().max(1)
    }

    /// The sum of a measure over all facts; means nothing when it leaves `i64`.
    pub(super) fn sum(&self, measure: Measure) -> i64 {
        let Some(place) = self.measures.iter().position(|own| *own == measure) else {
            return 0;
        };
        let width = self.width();
        let cells = self.cells.iter().flat_map(|cells| cells.iter().skip(place).step_by(width));
        cells.fold(0, |total, cell| total.wrapping_add(cell.sum))
    }

    /// Adds everything another table of the same delivery holds.
    pub(super) fn merge(&mut self, other: Table) {
        let width = self.width();
        let Table { rows, cells, .. } = other;
        let rows: Vec<(usize, usize)> =
            rows.into_iter().map(|(about, from)| (self.row(about), from)).collect();
        let all = self.rows.len() * width;
        let periods = self.cells.par_iter_mut().zip(cells).filter(|(_, more)| !more.is_empty());
        periods.for_each(|(own, more)| {
            own.resize(all, Cell::default());
            for (row, from) in &rows {
                let Some(more) = more.get(from * width..(from + 1) * width) else {
                    continue;
                };
                for (own, more) in own[row * width..].iter_mut().zip(more) {
                    own.sum = own.sum.wrapping_add(more.sum);
                    own.carried += more.carried;
                    own.lines += more.lines;
                }
            }
        });
    }

    /// Puts the rows in the order of what they are about, where they are too many to be found
    /// quickly one by one.
    fn arrange(&mut self) {
        if self.rows.len() < MANY {
            return;
        }
        let width = self.width();
        let places: Vec<usize> = self.rows.values().copied().collect();
        self.cells.par_iter_mut().filter(|cells| !cells.is_empty()).for_each(|cells| {
            let old = std::mem::replace(cells, vec![Cell::default(); places.len() * width]);
            for (cells, row) in cells.chunks_exact_mut(width).zip(&places) {
                if let Some(old) = old.get(row * width..(row + 1) * width) {
                    cells.copy_from_slice(old);
                }
            }
        });
        for (place, row) in self.rows.values_mut().enumerate() {
            *row = place;
        }
    }

    /// The facts in key order.
    pub(super) fn facts(&mut self, delivery: DeliveryId) -> Facts {
        self.arrange();
        let width = self.width();
        let mut order: Vec<usize> = (0..self.measures.len()).collect();
        order.sort_by_key(|place| self.measures[*place]);
        let mut facts = Facts::default();
        let rows: Vec<(&About, u32, usize)> =
            self.rows.iter().map(|(about, row)| (about, facts.number(about), *row)).collect();
        for rows in rows.chunk_by(|one, other| one.0.authority == other.0.authority) {
            let periods = self.cells.iter().zip(&self.periods);
            for (cells, period) in periods.filter(|(cells, _)| !cells.is_empty()) {
                let period = facts.date(*period);
                for (_, about, row) in rows {
                    let Some(cells) = cells.get(row * width..(row + 1) * width) else {
                        continue;
                    };
                    let tallies = order.iter().filter_map(|place| {
                        let Cell { sum, carried: lines, .. } = cells[*place];
                        (lines > 0).then_some((self.measures[*place], Tally { sum, lines }))
                    });
                    if cells[0].lines > 0 {
                        facts.add(delivery, (*about, period), cells[0].lines, tallies);
                    }
                }
            }
        }
        facts
    }
}
