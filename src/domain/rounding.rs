//! The one way a quotient becomes whole: to the nearest, halves away from zero.

use num_traits::Signed;

/// `numerator / denominator` to the nearest whole number, halves away from zero.
///
/// Panics when the denominator is not above zero, or a numerator of fixed width leaves half its
/// range.
pub(crate) fn half_away<N: Signed + Clone>(numerator: N, denominator: N) -> N {
    assert!(denominator.is_positive(), "a quotient has a denominator above zero");
    let half = denominator.clone() / (N::one() + N::one());
    let shifted = if numerator.is_negative() { numerator - half } else { numerator + half };
    shifted / denominator
}

#[cfg(test)]
mod tests {
    use super::half_away;
    use num_bigint::BigInt;

    #[test]
    fn halves_go_away_from_zero() {
        for (numerator, denominator, expected) in [
            (1_i128, 2_i128, 1),
            (-1, 2, -1),
            (1, 3, 0),
            (2, 3, 1),
            (-2, 3, -1),
            (5, 2, 3),
            (7, 1, 7),
            (3, 5, 1),
            (2, 5, 0),
        ] {
            assert_eq!(half_away(numerator, denominator), expected, "{numerator}/{denominator}");
            let long = half_away(BigInt::from(numerator), BigInt::from(denominator));
            assert_eq!(long, BigInt::from(expected), "{numerator}/{denominator}");
        }
    }
}
