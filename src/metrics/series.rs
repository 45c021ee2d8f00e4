//! The tallies of one unit, period by period.

use crate::domain::id::{AuthorityId, InitiativeId, ServiceId};
use crate::domain::measure::{Measure, Tally};
use crate::domain::period::Period;
use std::collections::BTreeMap;

/// The service of spending that was delivered without one. It has cells, and no comparison.
pub(crate) const NO_SERVICE: &str = "-";

/// What a unit reported, by period.
pub(crate) type Periods = BTreeMap<Period, Tallies>;

/// Who and what a series is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unit {
    /// Whose: the last successor of who delivered.
    pub(crate) authority: AuthorityId,
    /// Which service; [`NO_SERVICE`] when the contract has none.
    pub(crate) service: ServiceId,
    /// The initiative it counts under.
    pub(crate) initiative: Option<InitiativeId>,
}

/// What was reported for one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tallies {
    /// One tally a measure, in the order of [`Measure::ALL`].
    pub(crate) tallies: [Tally; 8],
    /// Whether one of the authorities that are one unit lacks spending or completed transactions.
    pub(crate) short: bool,
}

impl Tallies {
    /// The sum of one measure; `None` when no line carried a value.
    pub(crate) fn value(&self, measure: Measure) -> Option<i64> {
        self.tallies[measure.index()].value()
    }

    /// Whether both spending and completed transactions were reported, by all of the unit.
    pub(crate) fn usable(&self) -> bool {
        !self.short
            && self.value(Measure::Amount).is_some()
            && self.value(Measure::Completed).is_some()
    }
}
