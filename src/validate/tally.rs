//! Accepted lines to facts: memory follows the facts, not the lines.

use crate::domain::delivery::DeliveryId;
use crate::domain::measure::Measure;
use crate::domain::period::Period;
use crate::facts::Facts;
use crate::facts::fact::About;
use crate::facts::sums::Sums;
use crate::validate::verdict::Book;
use std::collections::BTreeMap;

/// Facts of one delivery, added up line by line.
#[derive(Default)]
pub(crate) struct TallyBook {
    facts: BTreeMap<(About, Period), (u32, Sums)>,
    /// Keys seen, and the line that had each first.
    keys: BTreeMap<Vec<u8>, u32>,
    /// Absolute values added so far, all measures together: while this is an i64, so is every sum.
    weight: i64,
}

impl Book for TallyBook {
    fn repeated(&mut self, key: &[u8], line: u32) -> Option<u32> {
        if let Some(first) = self.keys.get(key) {
            return Some(*first);
        }
        self.keys.insert(key.to_vec(), line);
        None
    }

    fn fits_in_sum(&mut self, values: &[[Option<i64>; 8]]) -> bool {
        let line: i128 =
            values.iter().flatten().flatten().map(|value| i128::from(*value).abs()).sum();
        let Ok(weight) = i64::try_from(i128::from(self.weight) + line) else {
            return false;
        };
        self.weight = weight;
        true
    }
}

impl TallyBook {
    /// A book for further lines of a delivery whose values weigh so much.
    pub(crate) fn with_weight(weight: i64) -> TallyBook {
        TallyBook { weight, ..TallyBook::default() }
    }

    /// Takes over the keys of lines that were read before.
    pub(crate) fn set_keys(&mut self, keys: BTreeMap<Vec<u8>, u32>) {
        self.keys = keys;
    }

    /// The keys of the accepted lines, which the book forgets.
    pub(crate) fn take_keys(&mut self) -> BTreeMap<Vec<u8>, u32> {
        std::mem::take(&mut self.keys)
    }

    /// Adds a line's values; `lines` is 1 for the first fact of a line and 0 for its others, so
    /// that each line is counted in exactly one fact.
    pub(crate) fn add(&mut self, key: (About, Period), lines: u32, values: &[Option<i64>; 8]) {
        let (count, sums) = self.facts.entry(key).or_default();
        *count = count.checked_add(lines).expect("a delivery has under 2^32 lines");
        for measure in Measure::ALL {
            if let Some(value) = values[measure.index()] {
                sums.add(measure, value);
            }
        }
    }

    /// The facts in key order.
    pub(crate) fn facts(self, delivery: DeliveryId) -> Facts {
        let mut facts = Facts::default();
        for ((about, period), (lines, sums)) in &self.facts {
            facts.push(delivery, (about, *period), *lines, sums);
        }
        facts.sort_by_key();
        facts
    }
}
