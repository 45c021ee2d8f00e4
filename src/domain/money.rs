//! Money as whole øre. Exact from cell to page.
#![deny(clippy::float_arithmetic, clippy::arithmetic_side_effects, clippy::as_conversions)]

use serde::{Deserialize, Serialize};
use std::fmt;

/// An amount in øre (1/100 of the pipeline's currency unit). Exact and signed: below zero is a
/// refund.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Oere(i64);

impl Oere {
    /// No money at all: a known amount, never a stand-in for an unknown one.
    pub const ZERO: Oere = Oere(0);

    /// The most one delivered line may carry, 1,000 billion kr.: more is a misplaced separator.
    pub const LINE_MAX: Oere = Oere(100_000_000_000_000);

    /// Makes an amount from whole øre.
    pub const fn new(oere: i64) -> Oere {
        Oere(oere)
    }

    /// The amount in whole øre.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Exact sum, or `None` when it leaves the range of `i64` øre.
    pub fn checked_add(self, other: Oere) -> Option<Oere> {
        self.0.checked_add(other.0).map(Oere)
    }

    /// Exact difference, or `None` when it leaves the range of `i64` øre.
    pub fn checked_sub(self, other: Oere) -> Option<Oere> {
        self.0.checked_sub(other.0).map(Oere)
    }

    /// Exact sum of any number of amounts; panics when it leaves the range of `i64` øre.
    ///
    /// The ledger proves before any metric runs that no sum of its facts can (see `ledger::table`).
    pub fn sum(amounts: impl IntoIterator<Item = Oere>) -> Oere {
        let mut total: i128 = 0;
        for amount in amounts {
            total =
                total.checked_add(i128::from(amount.0)).expect("an i128 holds any sum of facts");
        }
        Oere(i64::try_from(total).expect("the ledger bounds every sum of facts to i64 øre"))
    }
}

impl fmt::Display for Oere {
    /// Plain decimal with a point and two places, `-1234.56`: for data files, not for people.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let whole = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", whole.div_euclid(100), whole.rem_euclid(100))
    }
}

#[cfg(test)]
mod tests {
    use super::Oere;

    #[test]
    fn data_files_show_two_places_and_a_plain_minus() {
        let shown = |oere| Oere::new(oere).to_string();
        assert_eq!(shown(0), "0.00");
        assert_eq!(shown(5), "0.05");
        assert_eq!(shown(-5), "-0.05");
        assert_eq!(shown(4_800_000), "48000.00");
        assert_eq!(shown(i64::MIN), "-92233720368547758.08");
    }

    #[test]
    #[should_panic(expected = "bounds every sum")]
    fn a_sum_never_wraps() {
        let _ = Oere::sum([Oere::new(i64::MAX), Oere::new(1)]);
    }
}
