//! How far a share of answers may be from the share of everyone: Wilson's 95 % interval, and that
//! of a weighted mean of such shares. Whole numbers throughout.

use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;
use num_traits::{Signed, Zero};

/// z² of the normal distribution's 97.5 % point, 1.959964², in thousand millionths.
const Z_SQUARED: i64 = 3_841_458_821;
/// What [`Z_SQUARED`] is counted in.
const BILLION: i64 = 1_000_000_000;
/// What square roots are counted in, beyond a thousand millionth.
const FINE: i64 = 1_000_000;

/// Lowest and highest share of all that `part` out of `whole` answers is consistent with, at 95 %.
/// `None` unless `0 ≤ part ≤ whole` and `whole > 0`.
///
/// `(2s + z² ∓ √(z⁴ + 4z²·s·(n − s)/n)) / (2(n + z²))`; the root is cut at 10⁻¹⁵.
///
/// Source: Wilson 1927, <https://doi.org/10.1080/01621459.1927.10502953>; Newcombe 1998,
/// <https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C857::AID-SIM777%3E3.0.CO;2-E>.
pub(crate) fn wilson(part: i64, whole: i64) -> Option<(BigRational, BigRational)> {
    if whole <= 0 || !(0..=whole).contains(&part) {
        return None;
    }
    let (part, whole) = (BigInt::from(part), BigInt::from(whole));
    let (z, fine) = (BigInt::from(Z_SQUARED), BigInt::from(FINE));
    let under = &z * &z * &whole + &z * (4 * BILLION) * &part * (&whole - &part);
    let root = root(&(under * &fine * &fine / &whole));
    let middle = (&part * (2 * BILLION) + &z) * &fine;
    let below: BigInt = (whole * BILLION + z) * 2 * fine;
    Some((BigRational::new(&middle - &root, below.clone()), BigRational::new(middle + root, below)))
}

/// One share of a mean: what it weighs, and how far below and above it its interval ends.
pub(crate) struct Stratum {
    /// Weight, above zero.
    pub(crate) weight: i64,
    /// Share less the lower end.
    pub(crate) below: BigRational,
    /// Upper end less the share.
    pub(crate) above: BigRational,
}

/// How far below and above a weighted mean of independent shares its 95 % interval ends:
/// `√Σ(a·(p − l))²` and `√Σ(a·(u − p))²`, `a` the weights out of their sum. Distances and the root
/// are cut at 10⁻¹⁵.
///
/// Source: Zou & Donner 2008, <https://doi.org/10.1002/sim.3095>.
pub(crate) fn square_and_add(strata: &[Stratum]) -> (BigRational, BigRational) {
    let unit = BigInt::from(BILLION) * FINE;
    let weights: BigInt = strata.iter().map(|stratum| BigInt::from(stratum.weight)).sum();
    let end = |distance: fn(&Stratum) -> &BigRational| {
        let squares: BigInt = strata
            .iter()
            .map(|stratum| {
                let distance = distance(stratum);
                let fixed = distance.numer() * &unit / distance.denom() * stratum.weight;
                &fixed * &fixed
            })
            .sum();
        BigRational::new(root(&squares), &weights * &unit)
    };
    (end(|stratum| &stratum.below), end(|stratum| &stratum.above))
}

/// The whole part of the square root of a number that is not below zero.
fn root(square: &BigInt) -> BigInt {
    debug_assert!(!square.is_negative(), "a sum of squares");
    let magnitude: &BigUint = square.magnitude();
    if magnitude.is_zero() { BigInt::zero() } else { BigInt::from(magnitude.sqrt()) }
}

#[cfg(test)]
mod tests {
    use super::{Stratum, square_and_add, wilson};
    use crate::metrics::exact::{ppm, whole};
    use num_rational::BigRational;
    use num_traits::Zero;

    fn limits(part: i64, of: i64) -> Option<(i64, i64)> {
        let (low, high) = wilson(part, of)?;
        ppm(&low).zip(ppm(&high))
    }

    /// Reckoned apart, in decimals of fifty digits.
    #[test]
    fn the_limits_are_wilsons() {
        for (part, of, low, high) in [
            (810, 1_000, 784_517, 833_111),
            (0, 12, 0, 242_494),
            (12, 12, 757_506, 1_000_000),
            (1, 2, 94_531, 905_469),
            (1, 1, 206_549, 1_000_000),
        ] {
            assert_eq!(limits(part, of), Some((low, high)), "{part} of {of}");
        }
        assert_eq!(limits(5, 4), None, "more satisfied than answered");
        assert_eq!(limits(-1, 4), None);
        assert_eq!(limits(0, 0), None);
        assert!(limits(i64::MAX / 2, i64::MAX).is_some());
    }

    #[test]
    fn one_stratum_has_its_own_interval_and_two_have_a_narrower_one() {
        let stratum =
            |weight| Stratum { weight, below: whole(3) / whole(100), above: whole(4) / whole(100) };
        let ends = |strata: &[Stratum]| {
            let (below, above) = square_and_add(strata);
            (ppm(&below), ppm(&above))
        };
        assert_eq!(ends(&[stratum(7)]), (Some(30_000), Some(40_000)));
        // √(0.36·0.03² + 0.16·0.03²), that is 0.03·√0.52, and 0.04·√0.52.
        assert_eq!(ends(&[stratum(6), stratum(4)]), (Some(21_633), Some(28_844)));
        let sure = || Stratum { weight: 1, below: BigRational::zero(), above: BigRational::zero() };
        assert_eq!(ends(&[sure(), sure()]), (Some(0), Some(0)));
    }
}
