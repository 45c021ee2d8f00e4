//! Exact fractions to whole numbers: rounded once, half away from zero, or refused when too large.

use crate::domain::money::Oere;
use crate::domain::rounding::half_away;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::ToPrimitive;

/// The largest figure a cell may carry, an eighth of `i64`: the parts of a bridge can be added and
/// negated in any order without leaving `i64`.
const FIGURE_MAX: i64 = i64::MAX / 8;

/// A whole number as a fraction.
pub(crate) fn whole(number: i64) -> BigRational {
    BigRational::from_integer(BigInt::from(number))
}

/// The nearest whole øre, half away from zero; `None` beyond an eighth of `i64`.
pub(crate) fn oere(amount: &BigRational) -> Option<Oere> {
    let rounded = half_away(amount.numer().clone(), amount.denom().clone()).to_i64()?;
    (-FIGURE_MAX..=FIGURE_MAX).contains(&rounded).then(|| Oere::new(rounded))
}

/// The nearest part per million, half away from zero; `None` when it leaves `i64`.
pub(crate) fn ppm(ratio: &BigRational) -> Option<i64> {
    ppm_of(ratio.numer(), ratio.denom())
}

/// The nearest part per million of `top / bottom`, half away from zero; `bottom` is above zero. The
/// two are not reduced: of long numbers that would cost more than all else.
pub(crate) fn ppm_of(top: &BigInt, bottom: &BigInt) -> Option<i64> {
    half_away(top * 1_000_000, bottom.clone()).to_i64()
}

/// Sum of grouped numbers; the table has asserted that no such sum leaves `i64`.
pub(crate) fn sum(numbers: impl IntoIterator<Item = i64>) -> i64 {
    let total: i128 = numbers.into_iter().map(i128::from).sum();
    i64::try_from(total).expect("the sum of all absolute values fits i64")
}

#[cfg(test)]
mod tests {
    use super::{FIGURE_MAX, oere, ppm, ppm_of, whole};
    use crate::domain::money::Oere;

    #[test]
    fn halves_go_away_from_zero() {
        let read = |numerator, denominator| oere(&(whole(numerator) / whole(denominator)));
        assert_eq!(read(5, 2), Some(Oere::new(3)));
        assert_eq!(read(-5, 2), Some(Oere::new(-3)));
        assert_eq!(read(7, 3), Some(Oere::new(2)));
        assert_eq!(ppm(&(whole(2) / whole(3))), Some(666_667));
        for (top, bottom, nearest) in
            [(2, 3, 666_667), (-2, 3, -666_667), (1, 2_000_000, 1), (-1, 2_000_000, -1), (0, 7, 0)]
        {
            assert_eq!(ppm_of(&top.into(), &bottom.into()), Some(nearest), "{top}/{bottom}");
        }
    }

    #[test]
    fn what_cannot_be_held_is_no_figure() {
        assert_eq!(oere(&whole(FIGURE_MAX)), Some(Oere::new(FIGURE_MAX)));
        assert_eq!(oere(&(whole(FIGURE_MAX) + whole(1))), None);
        assert_eq!(ppm(&whole(i64::MAX)), None);
    }
}
