//! Accepted lines to facts: a row for each combination of codes, a place in it for each period.

use crate::domain::delivery::DeliveryId;
use crate::domain::id::{AccountId, AuthorityId, ChannelId, InitiativeId, ServiceId};
use crate::domain::intern::intern;
use crate::domain::measure::{Measure, Tally};
use crate::domain::number::to_usize;
use crate::domain::period::Period;
use crate::facts::Facts;
use crate::facts::fact::About;
use crate::kernel::batch::MOST;
use crate::kernel::number::NumberBatch;
use itertools::Itertools as _;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Above this many rows, which no longer fit in cache, they are sorted first, and the facts are
/// made in parallel.
const MANY: usize = if cfg!(test) { 4 } else { 1_024 };

/// Authorities whose facts are made together where there are many.
const TOGETHER: usize = if cfg!(test) { 2 } else { 64 };

/// Facts of one delivery: memory follows the combinations met and the programme's periods.
#[derive(Debug)]
pub(super) struct FactTable {
    periods: Vec<Period>,
    measures: Vec<Measure>,
    names: IdSets,
    rows: BTreeMap<About, usize>,
    /// By period, for deliveries go through time, then by row: a cell for each measure, or one.
    cells: Vec<Vec<PeriodSum>>,
}

/// Every identifier of the rows once: those of many rows are compared and dropped soon where they
/// are at hand.
#[derive(Debug, Default)]
struct IdSets {
    authorities: BTreeSet<AuthorityId>,
    services: BTreeSet<ServiceId>,
    initiatives: BTreeSet<InitiativeId>,
    accounts: BTreeSet<AccountId>,
    channels: BTreeSet<ChannelId>,
}

impl IdSets {
    /// The same key, with identifiers that are stored already reused.
    fn shared(&mut self, about: About) -> About {
        About {
            authority: intern(&mut self.authorities, about.authority),
            service: about.service.map(|id| intern(&mut self.services, id)),
            initiative: about.initiative.map(|id| intern(&mut self.initiatives, id)),
            account: about.account.map(|id| intern(&mut self.accounts, id)),
            channel: about.channel.map(|id| intern(&mut self.channels, id)),
        }
    }
}

/// What was posted for one measure in one period.
#[derive(Debug, Clone, Copy, Default)]
struct PeriodSum {
    /// A sum that leaves `i64` wraps here; the reader knows by the weight of the lines, and gives
    /// the whole table up.
    sum: i64,
    /// The lines that carried the measure.
    carried: u32,
    /// All lines, in the first cell of a row.
    lines: u32,
}

impl FactTable {
    pub(super) fn new(periods: &[Period], measures: &[Measure]) -> FactTable {
        FactTable {
            periods: periods.to_vec(),
            measures: measures.to_vec(),
            names: IdSets::default(),
            rows: BTreeMap::new(),
            cells: vec![Vec::new(); periods.len()],
        }
    }

    /// The row for a combination, made when there is none.
    pub(super) fn row(&mut self, about: About) -> usize {
        let next = self.rows.len();
        *self.rows.entry(self.names.shared(about)).or_insert(next)
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
            let (sum, carried) = (value.unwrap_or(0), u32::from(value.is_some()));
            self.cell(period, row * width + place).merge(PeriodSum { sum, carried, lines: 0 });
        }
    }

    /// The cell of a period at a place, made where there is none.
    #[inline]
    fn cell(&mut self, period: u32, index: usize) -> &mut PeriodSum {
        let (all, cells) = (self.rows.len() * self.width(), &mut self.cells[to_usize(period)]);
        if cells.len() <= index {
            cells.resize(all, PeriodSum::default());
        }
        &mut cells[index]
    }

    /// Adds the values of some records of a batch, each told by its row and its period; `columns`:
    /// the number column of each measure.
    pub(super) fn post(
        &mut self,
        (rows, periods): (&[u32; MOST], &[u32; MOST]),
        records: Range<usize>,
        columns: &[usize],
        numbers: &[NumberBatch],
    ) {
        const NONE: &NumberBatch = &NumberBatch::new();
        let width = self.width();
        let all = self.rows.len() * width;
        let records = records.start..records.end.min(MOST);
        // Deliveries go through time: mostly all of them are of one period.
        let batch_periods = &periods[records.clone()];
        let period = batch_periods
            .first()
            .copied()
            .filter(|first| batch_periods.iter().all(|other| other == first));
        for column in 0..width {
            let values = columns.get(column).map_or(NONE, |column| &numbers[*column]);
            let lines = u32::from(column == 0);
            let said = |record: usize| {
                let (sum, carried) = (values.values[record], u32::from(values.there[record]));
                PeriodSum { sum, carried, lines }
            };
            let index_of = |record: usize| to_usize(rows[record]) * width + column;
            if let Some(period) = period {
                let cells = &mut self.cells[to_usize(period)];
                cells.resize(all.max(cells.len()), PeriodSum::default());
                for record in records.clone() {
                    cells[index_of(record)].merge(said(record));
                }
            } else {
                for record in records.clone() {
                    self.cell(periods[record], index_of(record)).merge(said(record));
                }
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

    /// Adds everything another table of the same delivery holds, and puts the rows in the order of
    /// what they are about.
    pub(super) fn merge(&mut self, other: FactTable) {
        let width = self.width();
        let own = std::mem::take(&mut self.rows);
        let mut from = Vec::with_capacity(own.len());
        let merged = own.into_iter().merge_join_by(other.rows, |one, other| one.0.cmp(&other.0));
        let merged = merged.enumerate().map(|(row, either)| {
            from.push(either.as_ref().map_any(|own| own.1, |other| other.1));
            (either.reduce(|own, _| own).0, row)
        });
        self.rows = merged.collect();
        let periods = self.cells.par_iter_mut().zip(other.cells);
        let periods = periods.filter(|(own, other)| !own.is_empty() || !other.is_empty());
        periods.for_each(|(cells, other)| {
            let own = std::mem::replace(cells, vec![PeriodSum::default(); from.len() * width]);
            for (cells, from) in cells.chunks_exact_mut(width).zip(&from) {
                let rows = [(&own, from.as_ref().left()), (&other, from.as_ref().right())];
                for (old, row) in rows {
                    let more = row.and_then(|row| old.get(row * width..(row + 1) * width));
                    for (cell, more) in cells.iter_mut().zip(more.unwrap_or_default()) {
                        cell.merge(*more);
                    }
                }
            }
        });
    }

    /// The facts in key order.
    pub(super) fn facts(&mut self, delivery: DeliveryId) -> Facts {
        let many = self.rows.len() >= MANY;
        if many && !self.rows.values().is_sorted() {
            self.merge(FactTable::new(&self.periods, &self.measures));
        }
        let rows: Vec<(&About, usize)> =
            self.rows.iter().map(|(about, row)| (about, *row)).collect();
        let authorities: Vec<_> =
            rows.chunk_by(|one, other| one.0.authority == other.0.authority).collect();
        if !many {
            return self.facts_of(delivery, &authorities);
        }
        let periods = self.cells.iter().filter(|cells| !cells.is_empty()).count();
        let mut facts = Facts::with_room(rows.len() * periods);
        for some in authorities.chunks(TOGETHER) {
            let part = some.len().div_ceil(rayon::current_num_threads());
            let parts = some.par_chunks(part).map(|part| self.facts_of(delivery, part));
            parts.collect::<Vec<Facts>>().into_iter().for_each(|part| facts.append(part));
        }
        facts
    }

    /// The facts of some authorities, each told by its rows.
    fn facts_of(&self, delivery: DeliveryId, authorities: &[&[(&About, usize)]]) -> Facts {
        let width = self.width();
        let mut order: Vec<usize> = (0..self.measures.len()).collect();
        order.sort_by_key(|measure| self.measures[*measure]);
        let mut facts = Facts::default();
        for rows in authorities {
            let rows: Vec<(u32, usize)> =
                rows.iter().map(|(about, row)| (facts.number(about), *row)).collect();
            let periods = self.cells.iter().zip(&self.periods);
            for (cells, period) in periods.filter(|(cells, _)| !cells.is_empty()) {
                let own = rows.iter().filter_map(|(about, row)| {
                    let cells = cells.get(row * width..(row + 1) * width)?;
                    let tallies = order.iter().filter_map(|measure| {
                        let PeriodSum { sum, carried: lines, .. } = cells[*measure];
                        (lines > 0).then_some((self.measures[*measure], Tally { sum, lines }))
                    });
                    (cells[0].lines > 0).then_some((*about, cells[0].lines, tallies))
                });
                let period = facts.date(*period);
                facts.add(delivery, period, own);
            }
        }
        facts
    }
}

impl PeriodSum {
    fn merge(&mut self, other: PeriodSum) {
        self.sum = self.sum.wrapping_add(other.sum);
        self.carried += other.carried;
        self.lines += other.lines;
    }
}
