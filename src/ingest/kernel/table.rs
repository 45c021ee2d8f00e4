//! Accepted lines to facts: a row for each combination of codes, a place in it for each period.

use crate::domain::fact::{Fact, FactKey, Measure, Measures, Tally};
use crate::domain::id::{AccountId, AuthorityId, ChannelId, InitiativeId, ServiceId};
use crate::domain::period::Period;
use crate::domain::source::DeliveryId;
use std::collections::BTreeMap;

/// What a fact is about, but for its period, in the order of [`FactKey`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct About {
    pub(super) authority: AuthorityId,
    pub(super) service: Option<ServiceId>,
    pub(super) initiative: Option<InitiativeId>,
    pub(super) account: Option<AccountId>,
    pub(super) channel: Option<ChannelId>,
}

/// Facts of one delivery: memory follows the combinations met and the programme's periods.
#[derive(Debug)]
pub(super) struct Table {
    periods: Vec<Period>,
    measures: Vec<Measure>,
    rows: BTreeMap<About, usize>,
    /// By row and period: the lines, then the lines that carried each measure.
    lines: Vec<u32>,
    /// By row and period: the sum of each measure. A sum that leaves `i64` wraps here; the reader
    /// knows by the weight of the lines, and gives the whole table up.
    sums: Vec<i64>,
}

impl Table {
    pub(super) fn new(periods: &[Period], measures: &[Measure]) -> Table {
        Table {
            periods: periods.to_vec(),
            measures: measures.to_vec(),
            rows: BTreeMap::new(),
            lines: Vec::new(),
            sums: Vec::new(),
        }
    }

    /// The row for a combination, made when there is none.
    pub(super) fn row(&mut self, about: About) -> usize {
        let next = self.rows.len();
        let row = *self.rows.entry(about).or_insert(next);
        if row == next {
            let places = (next + 1) * self.periods.len();
            self.lines.resize(places * (self.measures.len() + 1), 0);
            self.sums.resize(places * self.measures.len(), 0);
        }
        row
    }

    /// Adds a line's values, one a measure of the table.
    #[inline]
    pub(super) fn add(
        &mut self,
        row: usize,
        period: u32,
        values: impl Iterator<Item = Option<i64>>,
    ) {
        let period = usize::try_from(period).expect("u32 fits usize");
        let place = row * self.periods.len() + period;
        let count = self.measures.len();
        let lines = &mut self.lines[place * (count + 1)..][..=count];
        let sums = &mut self.sums[place * count..][..count];
        lines[0] += 1;
        for ((lines, sum), value) in lines[1..].iter_mut().zip(sums).zip(values) {
            if let Some(value) = value {
                *lines += 1;
                *sum = sum.wrapping_add(value);
            }
        }
    }

    /// Adds everything another table of the same delivery holds.
    pub(super) fn merge(&mut self, other: Table) {
        let periods = self.periods.len();
        let (lines, sums) = (periods * (self.measures.len() + 1), periods * self.measures.len());
        for (about, from) in other.rows {
            let row = self.row(about);
            let own = self.lines[row * lines..].iter_mut();
            own.zip(&other.lines[from * lines..][..lines]).for_each(|(own, more)| *own += more);
            let own = self.sums[row * sums..].iter_mut();
            own.zip(&other.sums[from * sums..][..sums])
                .for_each(|(own, more)| *own = own.wrapping_add(*more));
        }
    }

    /// The facts in key order.
    pub(super) fn facts(&self, delivery: DeliveryId) -> Vec<Fact> {
        let count = self.measures.len() + 1;
        let facts = self.lines.iter().step_by(count).filter(|lines| **lines > 0).count();
        let mut facts = Vec::with_capacity(facts);
        let rows: Vec<(&About, usize)> =
            self.rows.iter().map(|(about, row)| (about, *row)).collect();
        for rows in rows.chunk_by(|one, other| one.0.authority == other.0.authority) {
            for (at, period) in self.periods.iter().enumerate() {
                let places = rows.iter().map(|(about, row)| (about, row * self.periods.len() + at));
                let met = places.filter(|(_, place)| self.lines[place * count] > 0);
                facts.extend(met.map(|(about, place)| Fact {
                    delivery,
                    key: about.at(*period),
                    lines: self.lines[place * count],
                    measures: self.measures(place),
                }));
            }
        }
        facts
    }

    fn measures(&self, place: usize) -> Measures {
        let count = self.measures.len();
        let lines = &self.lines[place * (count + 1) + 1..][..count];
        let sums = &self.sums[place * count..][..count];
        let mut measures = Measures::default();
        let all = self.measures.iter().zip(sums).zip(lines);
        for ((measure, sum), lines) in all.filter(|(_, lines)| **lines > 0) {
            measures.set(*measure, Tally { sum: *sum, lines: *lines });
        }
        measures
    }
}

impl About {
    fn at(&self, period: Period) -> FactKey {
        FactKey {
            authority: self.authority.clone(),
            period,
            service: self.service.clone(),
            initiative: self.initiative.clone(),
            account: self.account.clone(),
            channel: self.channel.clone(),
        }
    }
}
