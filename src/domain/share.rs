//! Ratios that keep their numerator and denominator.

use crate::domain::rounding::half_away;

/// A ratio of two counts, both kept: a share without its denominator cannot be checked or added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Share {
    /// What was counted.
    pub numerator: i64,
    /// Out of how many; above zero.
    pub denominator: i64,
}

impl Share {
    /// Makes a share; `None` when there is nothing to be a share of.
    pub fn new(numerator: i64, denominator: i64) -> Option<Share> {
        (denominator > 0).then_some(Share { numerator, denominator })
    }

    /// Whether what was counted is a part of the whole: from none to all of it.
    pub fn is_part(self) -> bool {
        (0..=self.denominator).contains(&self.numerator)
    }

    /// The share in parts per million, rounded half away from zero: for drawing and for data files.
    pub fn parts_per_million(self) -> i64 {
        let millionths = i128::from(self.numerator) * 1_000_000;
        let rounded = half_away(millionths, i128::from(self.denominator));
        i64::try_from(rounded).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::Share;

    #[test]
    fn shares_round_half_away_from_zero() {
        let ppm = |n, d| Share::new(n, d).expect("a share").parts_per_million();
        assert_eq!(ppm(1, 3), 333_333);
        assert_eq!(ppm(2, 3), 666_667);
        assert_eq!(ppm(1, 2_000_000), 1);
        assert_eq!(ppm(-1, 3), -333_333);
        assert!(Share::new(1, 0).is_none());
    }
}
