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

/// Facts added up as they come, so that no delivery's are held twice, and in the order of the
/// deliveries, so that they need not be sorted.
#[derive(Default)]
pub(super) struct Gathered {
    /// Those of deliveries whose turn is not yet.
    waiting: Mutex<BTreeMap<usize, Facts>>,
    sum: Mutex<FactsSoFar>,
}

/// The facts of the deliveries before one.
#[derive(Default)]
struct FactsSoFar {
    facts: Facts,
    /// The one whose turn is next.
    next: usize,
}

impl Gathered {
    pub(super) fn add(&self, delivery: usize, facts: Facts) {
        held(&self.waiting).insert(delivery, facts);
        // Nobody waits for who adds up: what that one misses is for the next who comes.
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

/// The refused lines of the deliveries read so far. Where they are more than a run holds, those of
/// the heaviest deliveries are forgotten but for the first: which deliveries that are in the end,
/// [`heaviest`] says of all of them, and no other can be among those that were forgotten before.
#[derive(Default)]
pub(super) struct RefusedLines {
    /// By place, with the bytes of all of them.
    lines: BTreeMap<usize, (u64, Vec<Quarantined>)>,
    /// The places whose lines are held, by weight.
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

    /// Gives each delivery its lines; says what all of them weigh.
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
