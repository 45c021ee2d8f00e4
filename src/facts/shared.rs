//! The lists that facts index: what they are about, their periods and their tallies.

use crate::domain::measure::Tally;
use crate::domain::period::Period;
use crate::facts::fact::About;
use std::collections::BTreeMap;

/// The lists the rows index, shared by the two halves of `Facts::part`.
#[derive(Debug, Clone, Default)]
pub(super) struct FactDictionary {
    /// Index from value to number. Built lazily: while values arrive in order, the list itself is
    /// searched.
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

    /// The number of a value that is in the list.
    pub(super) fn find(&self, about: &About) -> Option<u32> {
        if self.is_next(about) {
            None
        } else if self.in_order() {
            self.abouts.binary_search(about).ok().map(narrow)
        } else {
            self.numbers.get(about).copied()
        }
    }

    /// Adds a value that is not in the list; its number.
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
