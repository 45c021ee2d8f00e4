//! The facts of a run, 20 bytes each: a run may have millions.

pub(crate) mod fact;
mod shared;
pub(crate) mod sums;
#[cfg(test)]
mod tests;

use crate::domain::delivery::DeliveryId;
use crate::domain::measure::{Measure, Tally};
use crate::domain::number::to_usize;
use crate::domain::period::{Month, Period};
use crate::facts::fact::{About, Fact, FactKey, Measures};
use crate::facts::shared::{FactDictionary, narrow};
use crate::facts::sums::Sums;
use rayon::prelude::*;
use std::fmt;
use std::iter;
use std::ops::Range;
use std::sync::Arc;

/// Facts, in the order they were added or sorted into. Equal when they are the same facts in the
/// same order.
#[derive(Clone, Default)]
pub struct Facts {
    shared: Arc<FactDictionary>,
    rows: Vec<FactRow>,
}

/// Facts that one thread checks for order at a time.
const STRETCH: usize = if cfg!(test) { 3 } else { 1 << 14 };

/// A fact as it is stored: numbers that index the shared lists.
#[derive(Debug, Clone, Copy)]
struct FactRow {
    about: u32,
    delivery: DeliveryId,
    lines: u32,
    /// Where its tallies begin.
    tallies: u32,
    /// The number of its period, which is under 2^24 as there are fewer periods, and one bit for
    /// each measure held.
    packed: u32,
}

impl FactRow {
    fn pack(period: u32, measure_mask: u8) -> u32 {
        period << 8 | u32::from(measure_mask)
    }

    fn period(self) -> u32 {
        self.packed >> 8
    }

    fn measure_mask(self) -> u8 {
        let [measure_mask, ..] = self.packed.to_le_bytes();
        measure_mask
    }
}

impl Facts {
    /// None yet, with room for so many of one tally each.
    pub fn with_room(facts: usize) -> Facts {
        let mut shared = FactDictionary::default();
        shared.tallies.reserve_exact(facts);
        Facts { shared: Arc::new(shared), rows: Vec::with_capacity(facts) }
    }

    /// How many facts there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The fact at a place, counted from 0.
    #[inline]
    pub fn get(&self, place: usize) -> Fact<'_> {
        self.fact(&self.rows[place])
    }

    /// Each fact, in order.
    #[inline]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Fact<'_>> + Clone {
        self.rows.iter().map(|row| self.fact(row))
    }

    /// Each fact, on every thread.
    #[inline]
    pub fn par_iter(&self) -> impl IndexedParallelIterator<Item = Fact<'_>> {
        self.rows.par_iter().map(|row| self.fact(row))
    }

    /// The list of what facts are about, by number; it may have entries that no fact refers to.
    pub fn abouts(&self) -> &[About] {
        &self.shared.abouts
    }

    /// The list of periods, by number; it may have entries that no fact refers to.
    pub fn periods(&self) -> &[Period] {
        &self.shared.periods
    }

    /// The number of what the fact at a place is about.
    pub fn about(&self, place: usize) -> u32 {
        self.rows[place].about
    }

    /// For each fact in order, the number of what it is about and that of its period.
    pub fn numbers(&self) -> impl Iterator<Item = (u32, u32)> {
        self.rows.iter().map(|row| (row.about, row.period()))
    }

    /// For each fact in order, its lines and its tallies in the order of [`Measure::ALL`].
    pub(crate) fn weights(&self) -> impl Iterator<Item = (u32, &[Tally])> {
        let tallies = &self.shared.tallies;
        self.rows.iter().map(|row| {
            (
                row.lines,
                &tallies[to_usize(row.tallies)..][..to_usize(row.measure_mask().count_ones())],
            )
        })
    }

    /// Every tally; some may belong to no fact.
    pub fn tallies(&self) -> &[Tally] {
        &self.shared.tallies
    }

    /// The number under which facts about this are added.
    pub fn number(&mut self, about: &About) -> u32 {
        let shared = self.dictionary_mut();
        shared.find(about).unwrap_or_else(|| shared.meet(about.clone()))
    }

    /// The number under which facts of this period are added.
    pub fn date(&mut self, period: Period) -> u32 {
        self.dictionary_mut().date(period)
    }

    /// Adds facts of the period of this number: for each the number of what it is about, its lines,
    /// and its tallies in the order of [`Measure::ALL`].
    pub fn add<T: Iterator<Item = (Measure, Tally)>>(
        &mut self,
        delivery: DeliveryId,
        period: u32,
        facts: impl Iterator<Item = (u32, u32, T)>,
    ) {
        let Facts { shared, rows } = self;
        let shared = Arc::make_mut(shared);
        rows.extend(facts.map(|(about, lines, tallies)| {
            let start = narrow(shared.tallies.len());
            let mut measure_mask = 0;
            for (measure, tally) in tallies {
                measure_mask |= 1 << measure.index();
                shared.tallies.push(tally);
            }
            FactRow {
                about,
                delivery,
                lines,
                tallies: start,
                packed: FactRow::pack(period, measure_mask),
            }
        }));
    }

    /// The places of the facts that stand together and have authority and period in common.
    pub fn slots(&self) -> impl Iterator<Item = Range<usize>> {
        let ranks = self.ranks();
        let slot = move |row: &FactRow| (ranks[to_usize(row.about)].0, row.period());
        let runs = self.rows.chunk_by(move |one, other| slot(one) == slot(other));
        runs.scan(0, |end, run| {
            let start = *end;
            *end += run.len();
            Some(start..*end)
        })
    }

    /// The deliveries of the facts at some places: each where its facts begin.
    pub fn senders(&self, places: Range<usize>) -> impl Iterator<Item = DeliveryId> {
        let runs = self.rows[places].chunk_by(|one, other| one.delivery == other.delivery);
        runs.map(|run| run[0].delivery)
    }

    /// The last month there is a fact of.
    pub fn last_month(&self) -> Option<Month> {
        let runs = self.rows.chunk_by(|one, other| one.period() == other.period());
        runs.map(|run| self.shared.periods[to_usize(run[0].period())].bounds().1).max()
    }

    /// Adds the facts of a delivery whose tallies stand in a row: for each the numbers of what it
    /// is about and of its period, its lines, and a bit for each measure it has a tally of, by the
    /// measure's place in [`Measure::ALL`]. Returns whether they fit together; if not, discard
    /// these facts.
    pub fn add_all(
        &mut self,
        delivery: DeliveryId,
        facts: impl Iterator<Item = Option<((u32, u32), u32, u8)>>,
        tallies: impl Iterator<Item = Tally>,
    ) -> bool {
        let Facts { shared, rows } = self;
        let shared = Arc::make_mut(shared);
        let mut start = narrow(shared.tallies.len());
        shared.tallies.extend(tallies);
        let end = narrow(shared.tallies.len());
        let (abouts, periods) = (narrow(shared.abouts.len()), narrow(shared.periods.len()));
        let mut whole = true;
        rows.reserve(facts.size_hint().0);
        rows.extend(facts.map_while(|fact| {
            whole = false;
            let ((about, period), lines, measure_mask) = fact?;
            if about >= abouts || period >= periods {
                return None;
            }
            let rest = FactRow::pack(period, measure_mask);
            let row = FactRow { about, delivery, lines, tallies: start, packed: rest };
            start = start.checked_add(measure_mask.count_ones()).filter(|start| *start <= end)?;
            whole = true;
            Some(row)
        }));
        whole && start == end
    }

    /// By number of what facts are about: the place of its authority, and its own, in order.
    fn ranks(&self) -> Vec<(u32, u32)> {
        let abouts = &self.shared.abouts;
        let mut ranks = vec![(0_u32, 0_u32); abouts.len()];
        let mut order: Vec<usize> = (0..abouts.len()).collect();
        if !self.shared.in_order() {
            order.sort_by(|one, other| abouts[*one].cmp(&abouts[*other]));
        }
        let mut authority = 0;
        let mut before: Option<&About> = None;
        for (rank, number) in (0..).zip(order) {
            let about = &abouts[number];
            authority += u32::from(before.is_some_and(|last| last.authority != about.authority));
            before = Some(about);
            ranks[number] = (authority, rank);
        }
        ranks
    }

    /// Adds a fact with these sums.
    pub fn push(&mut self, delivery: DeliveryId, at: (&About, Period), lines: u32, sums: &Sums) {
        let (about, period) = (self.number(at.0), self.date(at.1));
        self.add(delivery, period, iter::once((about, lines, sums.tallies())));
    }

    /// Adds the facts of another, in its order.
    pub fn append(&mut self, other: Facts) {
        // `with_room` reserved memory: it is used, not replaced.
        if self.rows.capacity() == 0 {
            *self = other;
            return;
        }
        let FactDictionary { abouts, tallies, periods, .. } = Arc::unwrap_or_clone(other.shared);
        let shared = self.dictionary_mut();
        let numbers: Vec<u32> = abouts
            .into_iter()
            .map(|about| shared.find(&about).unwrap_or_else(|| shared.meet(about)))
            .collect();
        let periods: Vec<u32> = periods.into_iter().map(|period| shared.date(period)).collect();
        let start = narrow(shared.tallies.len());
        shared.tallies.extend_from_slice(&tallies);
        self.rows.extend(other.rows.iter().map(|row| FactRow {
            about: numbers[to_usize(row.about)],
            tallies: row.tallies.checked_add(start).expect("a run has under 2^32 tallies"),
            packed: FactRow::pack(periods[to_usize(row.period())], row.measure_mask()),
            ..*row
        }));
    }

    /// Forgets every fact.
    pub fn clear(&mut self) {
        *self = Facts::default();
    }

    /// Puts the facts in the order of their deliveries, and leaves those of each in their own.
    pub fn sort_by_delivery(&mut self) {
        // Sorting doubles the memory of the rows: skip it when they are in order.
        if self.rows.is_sorted_by_key(|row| row.delivery) {
            return;
        }
        let mut runs: Vec<&[FactRow]> =
            self.rows.chunk_by(|one, other| one.delivery == other.delivery).collect();
        runs.sort_by_key(|run| run[0].delivery);
        self.rows = runs.concat();
    }

    /// Puts the facts in the order of their keys, then of their deliveries.
    pub fn sort_by_key(&mut self) {
        // Numbers are given in order of arrival, so rank them once: comparing ranks is faster than
        // comparing names.
        let ranks = self.ranks();
        let mut dates = vec![0_u32; self.shared.periods.len()];
        for (rank, number) in (0..).zip(self.shared.dates.values()) {
            dates[to_usize(*number)] = rank;
        }
        let order = |row: &FactRow| {
            let (authority, rank) = ranks[to_usize(row.about)];
            (authority, dates[to_usize(row.period())], rank, row.delivery)
        };
        // Each slice with the first row of the next one.
        let stretch = |start: usize| &self.rows[start..self.rows.len().min(start + STRETCH + 1)];
        let starts = (0..self.rows.len()).into_par_iter().step_by(STRETCH);
        if !starts.map(stretch).all(|rows| rows.is_sorted_by_key(order)) {
            self.rows.par_sort_by_key(order);
        }
    }

    /// Makes one fact of those that say something of the same key in the same delivery.
    pub fn combine(&mut self) {
        self.sort_by_key();
        let mut combined = Facts::default();
        let same = |left: &FactRow, right: &FactRow| {
            (left.about, left.period(), left.delivery)
                == (right.about, right.period(), right.delivery)
        };
        for rows in self.rows.chunk_by(same) {
            let about = combined.number(&self.shared.abouts[to_usize(rows[0].about)]);
            let period = combined.date(self.shared.periods[to_usize(rows[0].period())]);
            let mut sums = Sums::default();
            for row in rows {
                sums.merge(&self.fact(row).measures);
            }
            let lines = rows.iter().map(|row| row.lines).sum();
            let fact = iter::once((about, lines, sums.tallies()));
            combined.add(rows[0].delivery, period, fact);
        }
        *self = combined;
    }

    /// Parts the facts into those that count, told in their order, and the others.
    #[must_use]
    pub fn part(self, counts: &[bool]) -> (Facts, Facts) {
        if counts.iter().all(|counts| *counts) {
            return (self, Facts::default());
        }
        let Facts { shared, mut rows } = self;
        let pairs = || counts.iter().copied();
        let others = rows.iter().zip(pairs()).filter(|(_, counts)| !counts).map(|(row, _)| *row);
        let others = Facts { shared: Arc::clone(&shared), rows: others.collect() };
        let mut counted = pairs();
        rows.retain(|_| counted.next().unwrap_or(false));
        (Facts { shared, rows }, others)
    }

    fn dictionary_mut(&mut self) -> &mut FactDictionary {
        Arc::make_mut(&mut self.shared)
    }

    #[expect(clippy::inline_always, reason = "a caller that counts must not load the names")]
    #[inline(always)]
    fn fact(&self, row: &FactRow) -> Fact<'_> {
        let about = &self.shared.abouts[to_usize(row.about)];
        let key = FactKey {
            authority: &about.authority,
            period: self.shared.periods[to_usize(row.period())],
            service: about.service.as_ref(),
            initiative: about.initiative.as_ref(),
            account: about.account.as_ref(),
            channel: about.channel.as_ref(),
        };
        let measure_mask = row.measure_mask();
        let tallies =
            &self.shared.tallies[to_usize(row.tallies)..][..to_usize(measure_mask.count_ones())];
        let measures = Measures { measure_mask, tallies };
        Fact { delivery: row.delivery, key, lines: row.lines, measures }
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl PartialEq for Facts {
    fn eq(&self, other: &Facts) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Facts {}
