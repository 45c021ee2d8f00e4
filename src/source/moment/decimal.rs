//! Numbers of a workbook as decimals, to the digit: XML writes a binary fraction with 17 of them,
//! of which a sheet means 15.

use std::fmt::Write as _;

/// Most digits a number of a sheet has for certain.
const DIGITS: usize = 15;

/// Most zeros a number is written with: as many as a binary fraction may need.
const ZEROS: i32 = 400;

const DAY: i128 = 86_400_000;

/// A number: `0.` and its digits, times ten to the power of `point`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decimal {
    is_negative: bool,
    /// Without zeros in front or behind; none is zero.
    digits: Vec<u8>,
    point: i32,
}

impl Decimal {
    /// A number as it is written in XML: `-1234.5`, `1E-3`; `None` where it is none.
    pub(crate) fn read(text: &str) -> Option<Decimal> {
        let (is_negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (plain, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let power: i32 = power.parse().ok().filter(|power: &i32| power.abs() <= ZEROS)?;
        let (whole, behind) = plain.split_once('.').unwrap_or((plain, ""));
        let all = [whole.as_bytes(), behind.as_bytes()].concat();
        if all.is_empty() || !all.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let zeros = all.iter().take_while(|digit| **digit == b'0').count();
        let mut digits = all[zeros..].to_vec();
        let place = i32::try_from(whole.len()).ok()? - i32::try_from(zeros).ok()?;
        let point = place.checked_add(power).filter(|point| point.abs() <= 2 * ZEROS)?;
        trim(&mut digits);
        Some(Decimal { is_negative, digits, point })
    }

    pub(crate) fn is_negative(&self) -> bool {
        self.is_negative && !self.digits.is_empty()
    }

    /// Whether it has something before the point.
    pub(crate) fn is_whole(&self) -> bool {
        self.point > 0 && !self.digits.is_empty()
    }

    /// The same in 15 digits, rounded half away from zero; in all it has where more stand before
    /// the point.
    pub(crate) fn meant(mut self) -> Decimal {
        let before = usize::try_from(self.point).unwrap_or(0);
        if self.digits.len() <= DIGITS || before > DIGITS {
            return self;
        }
        let up = self.digits[DIGITS] >= b'5';
        self.digits.truncate(DIGITS);
        if up {
            match self.digits.iter().rposition(|digit| *digit != b'9') {
                Some(at) => {
                    self.digits.truncate(at + 1);
                    self.digits[at] += 1;
                }
                None => {
                    self.digits = vec![b'1'];
                    self.point += 1;
                }
            }
        }
        trim(&mut self.digits);
        self
    }

    /// Days in milliseconds, rounded half away from zero; `None` where they are more than 2^63.
    pub(crate) fn milliseconds(&self) -> Option<i64> {
        // 18 digits are more than a number of a sheet has.
        let digits = &self.digits[..self.digits.len().min(18)];
        let days = digits.iter().fold(0_i128, |sum, digit| sum * 10 + i128::from(digit - b'0'));
        let decimals = i32::try_from(digits.len()).ok()? - self.point;
        let time = match u32::try_from(decimals) {
            Ok(decimals) if decimals > 36 => 0,
            Ok(decimals) => {
                let unit = 10_i128.pow(decimals);
                (days * DAY + unit / 2) / unit
            }
            Err(_) => {
                let zeros = 10_i128.checked_pow(decimals.unsigned_abs())?;
                days.checked_mul(zeros)?.checked_mul(DAY)?
            }
        };
        i64::try_from(if self.is_negative { -time } else { time }).ok()
    }

    /// The number with a point and a minus in front, without an exponent.
    pub(crate) fn text(&self) -> String {
        let mut text = String::from(if self.is_negative() { "-" } else { "" });
        let before = usize::try_from(self.point).unwrap_or(0);
        if before == 0 || self.digits.is_empty() {
            text.push('0');
        }
        let (whole, behind) = self.digits.split_at(before.min(self.digits.len()));
        text.extend(whole.iter().map(|digit| char::from(*digit)));
        if !self.digits.is_empty() {
            text.extend(std::iter::repeat_n('0', before - whole.len()));
        }
        if !behind.is_empty() {
            let zeros = usize::try_from(-self.point).unwrap_or(0);
            let _ = write!(text, ".{}", "0".repeat(zeros));
            text.extend(behind.iter().map(|digit| char::from(*digit)));
        }
        text
    }
}

fn trim(digits: &mut Vec<u8>) {
    let end = digits.iter().rposition(|digit| *digit != b'0').map_or(0, |at| at + 1);
    digits.truncate(end);
}

#[cfg(test)]
mod tests {
    use super::Decimal;

    #[test]
    fn a_number_is_the_15_digits_that_are_meant() {
        let meant = |said: &str| Decimal::read(said).map(|number| number.meant().text());
        for (said, expected) in [
            ("2234.4499999999998", "2234.45"),
            ("1234.5600000000001", "1234.56"),
            ("0.30000000000000004", "0.3"),
            ("9.9999999999999996", "10"),
            ("-0.1", "-0.1"),
            ("1.005", "1.005"),
            ("-0", "0"),
            ("0.0", "0"),
            ("007.50", "7.5"),
            (".5", "0.5"),
            ("1E+3", "1000"),
            ("1.5E-3", "0.0015"),
            ("999999999999999", "999999999999999"),
            ("1E+15", "1000000000000000"),
            ("1234567890123456", "1234567890123456"),
            ("1E+20", "100000000000000000000"),
        ] {
            assert_eq!(meant(said).as_deref(), Some(expected), "{said}");
        }
        for said in ["", "x", "inf", "NaN", "1e", "1e999999", "1,5", "--1", "1.2.3", "."] {
            assert_eq!(meant(said), None, "{said}");
        }
    }

    #[test]
    fn days_are_milliseconds() {
        for (days, time) in [
            ("0.3125", Some(27_000_000)),
            ("0.30555555555555558", Some(26_400_000)),
            ("-1.5", Some(-129_600_000)),
            ("1E+3", Some(86_400_000_000)),
            ("1E-300", Some(0)),
            ("1E+300", None),
        ] {
            assert_eq!(Decimal::read(days).expect("a number").milliseconds(), time, "{days}");
        }
    }
}
