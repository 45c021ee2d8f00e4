//! When a line is to be bad, and in which way.

use std::collections::BTreeMap;

/// Deals out faults evenly: one each time so many lines have passed, the least used way first.
pub(super) struct Faults<F> {
    every: u32,
    left: u32,
    used: BTreeMap<F, u32>,
}

impl<F: Copy + Ord> Faults<F> {
    /// Faults of these ways in `lines` lines: one in `rarity`, oftener where that would not give
    /// every way its turn.
    pub(super) fn among(lines: u32, rarity: u32, ways: &[F]) -> Faults<F> {
        let ways_twice = u32::try_from(2 * ways.len()).expect("a short list");
        let every = (lines / ways_twice).clamp(1, rarity);
        Faults { every, left: every, used: ways.iter().map(|way| (*way, 0)).collect() }
    }

    /// Counts one more line; gives the way a line is to be bad here, if one is.
    pub(super) fn due(&mut self, possible: impl Fn(F) -> bool) -> Option<F> {
        self.left = self.left.saturating_sub(1);
        if self.left > 0 {
            return None;
        }
        let (way, used) = self
            .used
            .iter_mut()
            .filter(|(way, _)| possible(**way))
            .min_by_key(|(_, used)| **used)?;
        *used += 1;
        self.left = self.every;
        Some(*way)
    }
}

#[cfg(test)]
mod tests {
    use super::Faults;

    #[test]
    fn every_way_gets_its_turn() {
        let mut faults = Faults::among(600, 100, &['a', 'b', 'c']);
        let drawn: Vec<char> = (0..600).filter_map(|_| faults.due(|_| true)).collect();
        assert_eq!(drawn, ['a', 'b', 'c', 'a', 'b', 'c']);
    }

    #[test]
    fn a_way_that_was_impossible_comes_first_when_it_can() {
        let mut faults = Faults::among(4, 100, &['a', 'b']);
        let drawn: Vec<_> =
            (0..4).filter_map(|line| faults.due(|way| way != 'a' || line > 1)).collect();
        assert_eq!(drawn, ['b', 'b', 'a', 'a']);
    }
}
