//! From values to places: an axis with ticks at round numbers, or one that fits its values exactly.

use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::RangedCoordi64;

/// A linear axis.
pub(super) struct Axis {
    coord: RangedCoordi64,
    /// Places of the first and the last value.
    places: (i32, i32),
    /// Values with a tick, ascending; none on an exact axis.
    pub(super) ticks: Vec<i64>,
    /// Distance between two ticks.
    pub(super) step: i64,
}

impl Axis {
    /// An axis from `low` to `high` and no further, without ticks.
    pub(super) fn exact((low, high): (i64, i64), places: (i32, i32)) -> Axis {
        let high = if low == high { high.saturating_add(1) } else { high };
        Axis { coord: RangedCoordi64::from(low..high), places, ticks: Vec::new(), step: 1 }
    }

    /// An axis that begins and ends at a tick, with about `intervals` intervals of 1, 2 or 5 times
    /// a power of ten, none shorter than `finest`, itself a power of ten.
    pub(super) fn round(
        range: (i64, i64),
        intervals: i64,
        finest: i64,
        places: (i32, i32),
    ) -> Axis {
        let (ticks, step) = round_ticks(range, intervals, finest);
        let first = ticks.first().copied().unwrap_or(0);
        let last = ticks.last().copied().unwrap_or(1);
        Axis { ticks, step, ..Axis::exact((first, last), places) }
    }

    /// Where a value stands.
    pub(super) fn place(&self, value: i64) -> i32 {
        self.coord.map(&value, self.places)
    }
}

/// Lowest and highest of some values and zero.
pub(super) fn range_with_zero(values: impl IntoIterator<Item = i64>) -> (i64, i64) {
    values.into_iter().fold((0, 0), |(low, high), value| (low.min(value), high.max(value)))
}

fn round_ticks((low, high): (i64, i64), intervals: i64, finest: i64) -> (Vec<i64>, i64) {
    let (low, high) = (i128::from(low), i128::from(high));
    let wanted = (high - low) / i128::from(intervals);
    let mut power = i128::from(finest);
    let step = loop {
        match [1, 2, 5].into_iter().find(|times| power * times >= wanted) {
            Some(times) => break power * times,
            None => power *= 10,
        }
    };
    let first = low.div_euclid(step) * step;
    let mut last = -((-high).div_euclid(step)) * step;
    if first == last {
        last += step;
    }
    let mut ticks = Vec::new();
    let mut at = first;
    while at <= last {
        ticks.push(i64::try_from(at).unwrap_or(if at < 0 { i64::MIN } else { i64::MAX }));
        at += step;
    }
    (ticks, i64::try_from(step).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::{Axis, round_ticks};
    use proptest::prelude::*;

    #[test]
    fn ticks_are_round() {
        let ticks = |range, least| round_ticks(range, 4, least).0;
        assert_eq!(ticks((0, 83), 1), [0, 20, 40, 60, 80, 100]);
        assert_eq!(ticks((0, 70), 1), [0, 20, 40, 60, 80]);
        assert_eq!(ticks((-30, 100), 1), [-50, 0, 50, 100]);
        assert_eq!(ticks((0, 0), 1), [0, 1]);
        assert_eq!(
            ticks((970_000, 1_130_000), 1_000),
            [950_000, 1_000_000, 1_050_000, 1_100_000, 1_150_000]
        );
        assert_eq!(ticks((0, 3), 1_000), [0, 1_000]);
    }

    #[test]
    fn a_value_has_its_place() {
        let axis = Axis::round((0, 83), 4, 1, (100, 300));
        assert_eq!((axis.place(0), axis.place(50), axis.place(100)), (100, 200, 300));
        let upward = Axis::exact((0, 10), (300, 100));
        assert_eq!((upward.place(0), upward.place(10)), (300, 100));
    }

    proptest! {
        #[test]
        fn ticks_enclose_every_range(low: i64, span in 0_i64..i64::MAX) {
            let high = low.saturating_add(span);
            let (ticks, step) = round_ticks((low, high), 5, 100);
            prop_assert!(ticks.len() >= 2 && ticks.len() <= 8, "{}", ticks.len());
            prop_assert!(ticks[0] <= low && high <= ticks[ticks.len() - 1]);
            prop_assert!(step >= 100);
        }
    }
}
