//! What was read of the deliveries, added up as they come.

use crate::domain::number::to_u64;
use crate::domain::quarantine::Quarantined;
use crate::facts::Facts;
use crate::ingest::account::DeliveryResult;
use crate::source::bounds;
use crate::source::bounds::heaviest;
use crate::source::bounds::{Bound, LISTED};
use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

/// Merges the facts of deliveries in the order of the deliveries while others are still read: no
/// facts are held twice, and none need be sorted.
#[derive(Default)]
pub(super) struct Gathered {
    /// Facts of deliveries that come after one still being read.
    waiting: Mutex<BTreeMap<usize, Facts>>,
    sum: Mutex<FactsSoFar>,
}

/// The facts merged so far.
#[derive(Default)]
struct FactsSoFar {
    facts: Facts,
    /// The delivery to merge next.
    next: usize,
}

impl Gathered {
    pub(super) fn add(&self, delivery: usize, facts: Facts) {
        held(&self.waiting).insert(delivery, facts);
        // If another thread is merging, these facts wait for the next thread that merges.
        if let Ok(mut sum) = self.sum.try_lock() {
            sum.go_on(&self.waiting);
        }
    }

    pub(super) fn all(self) -> Facts {
        let mut sum = self.sum.into_inner().unwrap_or_else(PoisonError::into_inner);
        sum.go_on(&self.waiting);
        sum.facts
    }
}

impl FactsSoFar {
    fn go_on(&mut self, waiting: &Mutex<BTreeMap<usize, Facts>>) {
        loop {
            let Some(facts) = held(waiting).remove(&self.next) else {
                return;
            };
            self.facts.append(facts);
            self.next += 1;
        }
    }
}

/// The refused lines of the deliveries read so far. When they pass what a run may hold, the
/// heaviest delivery keeps only its first lines. A delivery truncated here is among those that
/// [`heaviest`] names in the end, so the result does not depend on the order of reading.
#[derive(Default)]
pub(super) struct RefusedLines {
    /// By delivery: the bytes of all its refused lines, and the lines.
    lines: BTreeMap<usize, (u64, Vec<Quarantined>)>,
    /// The deliveries whose lines are all held, by their bytes.
    held: BTreeSet<(u64, usize)>,
    sum: u64,
}

impl RefusedLines {
    pub(super) fn add(&mut self, delivery: usize, lines: Vec<Quarantined>) {
        let weight = to_u64(bounds::held(&lines));
        self.lines.insert(delivery, (weight, lines));
        self.held.insert((weight, delivery));
        self.sum += weight;
        while self.sum > Bound::RunRefusedBytes.limit() {
            let Some((weight, delivery)) = self.held.pop_last() else { return };
            self.sum -= weight;
            if let Some((_, lines)) = self.lines.get_mut(&delivery) {
                lines.truncate(LISTED);
                lines.shrink_to_fit();
            }
        }
    }

    /// Gives each delivery its lines; returns the bytes of all of them, by delivery.
    pub(super) fn give_back(self, each: &mut [DeliveryResult]) -> Vec<u64> {
        let mut weights = vec![0; each.len()];
        for (delivery, (weight, lines)) in self.lines {
            each[delivery].quarantine = lines;
            weights[delivery] = weight;
        }
        weights
    }
}

/// Refuses the deliveries whole that have more refused lines than a run can hold beside those of
/// the others; gives the facts of the rest.
pub(super) fn take_off(weights: Vec<u64>, each: &mut [DeliveryResult], facts: Facts) -> Facts {
    let now = |read: &DeliveryResult| u64::try_from(bounds::held(&read.quarantine)).unwrap_or(0);
    let weights = weights.into_iter().zip(&*each).map(|(weight, read)| weight.max(now(read)));
    let over = heaviest(weights.zip(0..), Bound::RunRefusedBytes.limit());
    if over.is_empty() {
        return facts;
    }
    for place in &over {
        each[*place].take_off(Bound::RunRefusedBytes);
    }
    let counts: Vec<bool> =
        facts.iter().map(|fact| over.binary_search(&fact.delivery.place()).is_err()).collect();
    facts.part(&counts).0
}

pub(super) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
