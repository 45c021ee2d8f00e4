//! Cells as bytes to numbers and periods. Nothing is guessed, rounded or repaired.

use crate::contract::compiled::{DateForm, DatePart, Negative, NumberForm};
use crate::domain::period::{Month, Period, Year};

/// The cell without spaces and no-break spaces around it.
pub(super) fn trim(cell: &[u8]) -> &[u8] {
    let mut cell = cell.trim_ascii();
    loop {
        let before = cell.len();
        cell = cell.strip_prefix(b"\xC2\xA0").unwrap_or(cell).trim_ascii_start();
        cell = cell.strip_suffix(b"\xC2\xA0").unwrap_or(cell).trim_ascii_end();
        if cell.len() == before {
            return cell;
        }
    }
}

/// Reads a number as hundredths times the form's scale; `None` unless it is written as declared:
/// thousands marked everywhere or nowhere, at most two decimals, at most one minus in front.
pub(super) fn hundredths(cell: &[u8], form: NumberForm) -> Option<i64> {
    let (negative, digits) = sign(cell, form.negative);
    let (whole, decimals) = match digits.iter().position(|byte| *byte == form.decimal) {
        Some(at) => (&digits[..at], &digits[at + 1..]),
        None => (digits, &b"00"[..]),
    };
    let hundredths = match decimals {
        [tenth] => digit(*tenth)?.checked_mul(10)?,
        [tenth, hundredth] => digit(*tenth)?.checked_mul(10)?.checked_add(digit(*hundredth)?)?,
        _ => return None,
    };
    let value = grouped(whole, form.group)?.checked_mul(100)?.checked_add(hundredths)?;
    scaled(value, negative, form)
}

/// Reads a whole number times the form's scale.
pub(super) fn integer(cell: &[u8], form: NumberForm) -> Option<i64> {
    let (negative, digits) = sign(cell, form.negative);
    scaled(grouped(digits, form.group)?, negative, form)
}

/// Takes off the sign, where it is written in a declared way; otherwise the digits do not parse.
fn sign(cell: &[u8], negative: Negative) -> (bool, &[u8]) {
    match cell {
        [b'-', digits @ ..] if negative.leading => (true, digits),
        [digits @ .., b'-'] if negative.trailing => (true, digits),
        [b'(', digits @ .., b')'] if negative.parentheses => (true, digits),
        digits => (false, digits),
    }
}

fn scaled(value: i64, negative: bool, form: NumberForm) -> Option<i64> {
    let value = value.checked_mul(form.scale)?;
    if negative == form.turned { Some(value) } else { value.checked_neg() }
}

/// Whole part: plain digits, or groups of three behind a first group of one to three.
fn grouped(digits: &[u8], group: Option<u8>) -> Option<i64> {
    let marked = group.is_some_and(|mark| digits.contains(&mark));
    let mut value: i64 = 0;
    let mut add = |byte: u8| {
        value = value.checked_mul(10)?.checked_add(digit(byte)?)?;
        Some(())
    };
    if digits.is_empty() {
        return None;
    }
    if !marked {
        digits.iter().try_for_each(|byte| add(*byte))?;
        return Some(value);
    }
    for (place, part) in digits.split(|byte| Some(*byte) == group).enumerate() {
        let fits = if place == 0 { !part.is_empty() && part.len() <= 3 } else { part.len() == 3 };
        if !fits {
            return None;
        }
        part.iter().try_for_each(|byte| add(*byte))?;
    }
    Some(value)
}

fn digit(byte: u8) -> Option<i64> {
    byte.is_ascii_digit().then(|| i64::from(byte - b'0'))
}

/// Reads a date or month in the first form it is written in.
pub(super) fn period(cell: &[u8], forms: &[DateForm]) -> Option<Period> {
    forms.iter().find_map(|form| in_form(cell, form))
}

fn in_form(cell: &[u8], form: &DateForm) -> Option<Period> {
    let (mut year, mut month, mut day, mut closing) = (None, None, None, false);
    let mut rest = cell;
    for part in &form.parts {
        let width = match part {
            DatePart::Year => 4,
            DatePart::Month | DatePart::AccountingPeriod | DatePart::Day => 2,
            DatePart::Byte(byte) => {
                rest = rest.strip_prefix(&[*byte])?;
                continue;
            }
        };
        let number = grouped(rest.get(..width)?, None)?;
        rest = &rest[width..];
        match part {
            DatePart::Year => year = i16::try_from(number).ok(),
            DatePart::Month => month = u8::try_from(number).ok(),
            DatePart::AccountingPeriod => {
                closing = number == 13;
                month = u8::try_from(number).ok();
            }
            DatePart::Day => day = u8::try_from(number).ok(),
            DatePart::Byte(_) => {}
        }
    }
    if !rest.is_empty() {
        return None;
    }
    if closing {
        return Year::new(year?).map(Period::Closing);
    }
    let month = Month::new(year?, month?)?;
    let exists = day.is_none_or(|day| 1 <= day && day <= month.days());
    exists.then_some(Period::Month(month))
}

#[cfg(test)]
mod tests {
    use super::{hundredths, integer, period, trim};
    use crate::contract::compiled::{DateForm, DatePart, Negative, NumberForm};
    use proptest::prelude::*;

    const LEADING: Negative = Negative { leading: true, trailing: false, parentheses: false };

    const DANISH: NumberForm =
        NumberForm { decimal: b',', group: Some(b'.'), negative: LEADING, scale: 1, turned: false };

    #[test]
    fn amounts_are_read_or_refused_never_repaired() {
        for (cell, expected) in [
            ("48.000,00", Some(4_800_000)),
            ("48000,00", Some(4_800_000)),
            ("1.234", Some(123_400)),
            ("-0,05", Some(-5)),
            ("12,5", Some(1_250)),
            ("0", Some(0)),
            ("12.34", None),
            ("1.2.34", None),
            ("1234.567,00", None),
            ("12,345", None),
            ("1e3", None),
            ("--1", None),
            ("", None),
            (",50", None),
            ("12,", None),
            ("1,2,3", None),
            ("１２", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(hundredths(cell.as_bytes(), DANISH), expected, "{cell}");
        }
    }

    #[test]
    fn thousands_and_turned_signs_are_declared() {
        let form = NumberForm { scale: 1000, turned: true, ..DANISH };
        assert_eq!(hundredths(b"1,5", form), Some(-150_000));
        assert_eq!(integer(b"-12", form), Some(12_000));
        assert_eq!(integer(b"1.234", DANISH), Some(1_234));
        assert_eq!(integer(b"1,5", DANISH), None);
    }

    #[test]
    fn a_number_below_zero_is_written_in_a_declared_way() {
        let all = Negative { leading: true, trailing: true, parentheses: true };
        let form = NumberForm { negative: all, ..DANISH };
        for cell in ["-1,50", "1,50-", "(1,50)"] {
            assert_eq!(hundredths(cell.as_bytes(), form), Some(-150), "{cell}");
        }
        for cell in ["1,50-", "(1,50)"] {
            assert_eq!(hundredths(cell.as_bytes(), DANISH), None, "{cell}");
        }
        for cell in ["-(1,50)", "-1,50-", "(1,50", "()"] {
            assert_eq!(hundredths(cell.as_bytes(), form), None, "{cell}");
        }
    }

    #[test]
    fn dates_exist_or_are_refused() {
        use DatePart::{AccountingPeriod, Byte, Day, Month, Year};
        let form = |parts: &[DatePart]| DateForm { text: String::new(), parts: parts.to_vec() };
        let danish = form(&[Day, Byte(b'-'), Month, Byte(b'-'), Year]);
        let accounting = form(&[Year, Byte(b'-'), AccountingPeriod]);
        let read = |cell: &str, form: &DateForm| {
            period(cell.as_bytes(), std::slice::from_ref(form)).map(|period| period.to_string())
        };
        assert_eq!(read("28-02-2018", &danish).as_deref(), Some("2018-02"));
        assert_eq!(read("29-02-2016", &danish).as_deref(), Some("2016-02"));
        assert_eq!(read("29-02-2018", &danish), None);
        assert_eq!(read("1-2-2018", &danish), None);
        assert_eq!(read("01-02-18", &danish), None);
        assert_eq!(read("2018-13", &accounting).as_deref(), Some("2018-13"));
        assert_eq!(read("2018-14", &accounting), None);
        assert_eq!(read("2018-03 ", &accounting), None);
    }

    #[test]
    fn spaces_around_a_cell_are_no_part_of_it() {
        assert_eq!(trim(" \u{a0} 12 \u{a0}".as_bytes()), b"12");
    }

    proptest! {
        /// What a Danish ledger writes is what is read.
        #[test]
        fn written_amounts_are_read_back(oere in -10_i64.pow(15)..10_i64.pow(15)) {
            let whole = (oere.abs() / 100).to_string();
            let mut marked = String::new();
            for (place, character) in whole.chars().enumerate() {
                if place > 0 && (whole.len() - place) % 3 == 0 {
                    marked.push('.');
                }
                marked.push(character);
            }
            let sign = if oere < 0 { "-" } else { "" };
            let text = format!("{sign}{marked},{:02}", oere.abs() % 100);
            prop_assert_eq!(hundredths(text.as_bytes(), DANISH), Some(oere));
        }
    }
}
