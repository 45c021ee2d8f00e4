//! Measures while they are added up.

use crate::domain::measure::{Measure, Tally};
use crate::facts::fact::Measures;

/// One tally a measure, while they are added up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums([Tally; 8]);

impl Sums {
    /// Adds a line's value.
    pub fn add(&mut self, measure: Measure, value: i64) {
        let tally = &mut self.0[measure.index()];
        *tally = tally.plus(Tally { sum: value, lines: 1 });
    }

    /// Adds every tally of a fact.
    pub fn merge(&mut self, measures: &Measures) {
        for (measure, tally) in Measure::ALL.into_iter().zip(&mut self.0) {
            *tally = tally.plus(measures.get(measure));
        }
    }

    /// The measures some line gave a value to, in order.
    pub fn tallies(&self) -> impl Iterator<Item = (Measure, Tally)> + '_ {
        Measure::ALL.into_iter().zip(self.0).filter(|(_, tally)| tally.lines > 0)
    }
}
