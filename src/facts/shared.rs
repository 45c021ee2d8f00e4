//! What facts have in common: what they are about and their periods, each under a number.

use crate::domain::measure::Tally;
use crate::domain::period::Period;
use crate::facts::fact::About;
use std::collections::BTreeMap;

/// What the rows point into. It is shared by the facts that were parted.
#[derive(Debug, Clone, Default)]
pub(super) struct FactDictionary {
    /// The numbers of all of them, once they are not met in their order; until then there is none,
    /// for their list is then its own index.
    numbers: BTreeMap<About, u32>,
    /// By number.
    pub(super) abouts: Vec<About>,
    /// The numbers of the periods.
    pub(super) dates: BTreeMap<Period, u32>,
    /// By number.
    pub(super) periods: Vec<Period>,
    pub(super) tallies: Vec<Tally>,
}

impl FactDictionary {
    pub(super) fn in_order(&self) -> bool {
        self.numbers.is_empty()
    }

    fn is_next(&self, about: &About) -> bool {
        self.in_order() && self.abouts.last().is_none_or(|last| last < about)
    }

    /// The number of this, if it was met.
    pub(super) fn find(&self, about: &About) -> Option<u32> {
        if self.is_next(about) {
            None
        } else if self.in_order() {
            self.abouts.binary_search(about).ok().map(narrow)
        } else {
            self.numbers.get(about).copied()
        }
    }

    /// The number of this, which was not met before.
    pub(super) fn meet(&mut self, about: About) -> u32 {
        let number = narrow(self.abouts.len());
        if !self.is_next(&about) {
            if self.in_order() {
                self.numbers = self.abouts.iter().cloned().zip(0..).collect();
            }
            self.numbers.insert(about.clone(), number);
        }
        self.abouts.push(about);
        number
    }

    /// The number of this period.
    pub(super) fn date(&mut self, period: Period) -> u32 {
        let next = narrow(self.periods.len());
        let number = *self.dates.entry(period).or_insert(next);
        if number == next {
            self.periods.push(period);
        }
        number
    }
}

pub(super) fn narrow(count: usize) -> u32 {
    u32::try_from(count).expect("a run has under 2^32 facts")
}
