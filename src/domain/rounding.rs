//! The one way a quotient becomes whole: to the nearest, halves away from zero.

/// `numerator / denominator` to the nearest whole number, halves away from zero.
///
/// Panics when the denominator is not above zero, or the numerator leaves half the range of `i128`.
pub(crate) fn half_away(numerator: i128, denominator: i128) -> i128 {
    assert!(denominator > 0, "a quotient has a denominator above zero");
    let half = denominator / 2;
    let shifted = if numerator < 0 { numerator - half } else { numerator + half };
    shifted / denominator
}

#[cfg(test)]
mod tests {
    use super::half_away;

    #[test]
    fn halves_go_away_from_zero() {
        for (numerator, denominator, expected) in [
            (1, 2, 1),
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
        }
    }
}
