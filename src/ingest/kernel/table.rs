//! Accepted lines to facts: a row for each combination of codes, a place in it for each period.

use crate::domain::fact::{Measure, Tally};
use crate::domain::facts::{About, Facts};
use crate::domain::period::Period;
use crate::domain::source::DeliveryId;
use std::collections::BTreeMap;

/// Facts of one delivery: memory follows the combinations met and the programme's periods.
#[derive(Debug)]
pub(super) struct Table {
    periods: Vec<Period>,
    measures: Vec<Measure>,
    rows: BTreeMap<About, usize>,
    /// By period, for deliveries go through time: the cells of each row met in it.
    cells: Vec<Cells>,
}

/// What was posted in one period.
#[derive(Debug, Clone, Default)]
struct Cells {
    /// By row: the lines, then the lines that carried each measure.
    lines: Vec<u32>,
    /// By row: the sum of each measure. A sum that leaves `i64` wraps here; the reader knows by the
    /// weight of the lines, and gives the whole table up.
    sums: Vec<i64>,
}

impl Table {
    pub(super) fn new(periods: &[Period], measures: &[Measure]) -> Table {
        Table {
            periods: periods.to_vec(),
            measures: measures.to_vec(),
            rows: BTreeMap::new(),
            cells: vec![Cells::default(); periods.len()],
        }
    }

    /// The row for a combination, made when there is none.
    pub(super) fn row(&mut self, about: About) -> usize {
        let next = self.rows.len();
        *self.rows.entry(about).or_insert(next)
    }

    /// Adds a line's values, one a measure of the table.
    #[inline]
    pub(super) fn add(
        &mut self,
        row: usize,
        period: u32,
        values: impl Iterator<Item = Option<i64>>,
    ) {
        let count = self.measures.len();
        let cells = &mut self.cells[usize::try_from(period).expect("u32 fits usize")];
        if cells.lines.len() <= row * (count + 1) {
            cells.lines.resize(self.rows.len() * (count + 1), 0);
            cells.sums.resize(self.rows.len() * count, 0);
        }
        let lines = &mut cells.lines[row * (count + 1)..][..=count];
        let sums = &mut cells.sums[row * count..][..count];
        lines[0] += 1;
        for ((lines, sum), value) in lines[1..].iter_mut().zip(sums).zip(values) {
            if let Some(value) = value {
                *lines += 1;
                *sum = sum.wrapping_add(value);
            }
        }
    }

    /// The sum of a measure over all facts; means nothing when it leaves `i64`.
    pub(super) fn sum(&self, measure: Measure) -> i64 {
        let count = self.measures.len();
        let Some(place) = self.measures.iter().position(|own| *own == measure) else {
            return 0;
        };
        let sums = self.cells.iter().flat_map(|cells| cells.sums.iter().skip(place).step_by(count));
        sums.fold(0, |total, sum| total.wrapping_add(*sum))
    }

    /// Adds everything another table of the same delivery holds.
    pub(super) fn merge(&mut self, other: Table) {
        let (lines, sums) = (self.measures.len() + 1, self.measures.len());
        let Table { rows, cells, .. } = other;
        let rows: Vec<(usize, usize)> =
            rows.into_iter().map(|(about, from)| (self.row(about), from)).collect();
        for (own, more) in self.cells.iter_mut().zip(cells) {
            own.lines.resize(self.rows.len() * lines, 0);
            own.sums.resize(self.rows.len() * sums, 0);
            for (row, from) in &rows {
                let Some(more_lines) = more.lines.get(from * lines..(from + 1) * lines) else {
                    continue;
                };
                let own_lines = own.lines[row * lines..].iter_mut();
                own_lines.zip(more_lines).for_each(|(own, more)| *own += more);
                let own_sums = own.sums[row * sums..].iter_mut();
                own_sums
                    .zip(&more.sums[from * sums..][..sums])
                    .for_each(|(own, more)| *own = own.wrapping_add(*more));
            }
        }
    }

    /// Adds the facts in key order.
    pub(super) fn facts(&self, delivery: DeliveryId) -> Facts {
        let (lines, sums) = (self.measures.len() + 1, self.measures.len());
        let mut order: Vec<usize> = (0..sums).collect();
        order.sort_by_key(|place| self.measures[*place]);
        let mut facts = Facts::default();
        let rows: Vec<(&About, u32, usize)> =
            self.rows.iter().map(|(about, row)| (about, facts.number(about), *row)).collect();
        for rows in rows.chunk_by(|one, other| one.0.authority == other.0.authority) {
            for (cells, period) in self.cells.iter().zip(&self.periods) {
                for (_, about, row) in rows {
                    let count = |place: usize| cells.lines.get(row * lines + place).copied();
                    let Some(met) = count(0).filter(|met| *met > 0) else {
                        continue;
                    };
                    let tallies = order.iter().filter_map(|place| {
                        let lines = count(place + 1).filter(|lines| *lines > 0)?;
                        let sum = cells.sums[row * sums + place];
                        Some((self.measures[*place], Tally { sum, lines }))
                    });
                    facts.add(delivery, (*about, *period), met, tallies);
                }
            }
        }
        facts
    }
}
