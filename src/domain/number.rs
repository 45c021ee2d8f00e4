//! Whole numbers from one width to another, and their digits in groups.

/// A count or an index as an index into memory.
#[inline]
pub(crate) fn to_usize(number: u32) -> usize {
    usize::try_from(number).expect("u32 fits usize")
}

/// A length in memory as a number of bytes or other things.
#[inline]
pub(crate) fn to_u64(length: usize) -> u64 {
    u64::try_from(length).expect("usize fits u64")
}

/// Digits with `mark` before every third from the right: `1.234.567`.
pub(crate) fn grouped(digits: &str, mark: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 * mark.len());
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push_str(mark);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn every_third_digit_has_a_mark_before_it() {
        for (digits, expected) in
            [("0", "0"), ("999", "999"), ("1000", "1.000"), ("1234567", "1.234.567")]
        {
            assert_eq!(grouped(digits, "."), expected);
        }
    }
}
