//! Dates and months: which forms a value fits.

use crate::domain::period::Month;

/// Forms a contract may declare, in the order they are tried.
pub(super) const FORMS: [&str; 17] = [
    "%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%m-%d-%Y", "%m/%d/%Y", "%m.%d.%Y", "%Y/%m/%d",
    "%Y.%m.%d", "%Y-%m", "%m-%Y", "%m/%Y", "%Y/%m", "%YM%m", "%Y%m%d", "%Y%m", "%d%m%Y",
];

/// Pairs of forms that read one value as two days.
pub(super) const TWINS: [[&str; 2]; 4] = [
    ["%d-%m-%Y", "%m-%d-%Y"],
    ["%d/%m/%Y", "%m/%d/%Y"],
    ["%d.%m.%Y", "%m.%d.%Y"],
    ["%Y%m%d", "%d%m%Y"],
];

/// Months as words.
const NAMES: [&str; 14] = [
    "jan", "feb", "mar", "apr", "maj", "may", "jun", "jul", "aug", "sep", "okt", "oct", "nov",
    "dec",
];

/// Whether a value is a day or month in the form. `thirteen`: period 13 is one as well.
pub(super) fn fits(value: &str, form: &str, thirteen: bool) -> bool {
    let (mut year, mut month, mut day) = (None, None, None);
    let mut rest = value.as_bytes();
    let mut parts = form.bytes();
    while let Some(part) = parts.next() {
        if part != b'%' {
            match rest.split_first() {
                Some((byte, after)) if *byte == part => rest = after,
                Some(_) | None => return false,
            }
            continue;
        }
        let part = parts.next();
        let width = if part == Some(b'Y') { 4 } else { 2 };
        let Some((digits, after)) = rest.split_at_checked(width) else { return false };
        let mut number = 0;
        for digit in digits {
            if !digit.is_ascii_digit() {
                return false;
            }
            number = number * 10 + i16::from(digit - b'0');
        }
        rest = after;
        match part {
            Some(b'Y') => year = Some(number),
            Some(b'm') => month = u8::try_from(number).ok(),
            _ => day = u8::try_from(number).ok(),
        }
    }
    let (Some(year), Some(number)) = (year, month) else { return false };
    if !(rest.is_empty() && (1950..=2099).contains(&year)) {
        return false;
    }
    let closing = thirteen && number == 13 && day.is_none();
    closing
        || Month::new(year, number)
            .is_some_and(|month| day.is_none_or(|day| 1 <= day && day <= month.days()))
}

/// Whether a form is digits alone, which any number may be.
pub(super) fn bare(form: &str) -> bool {
    form.bytes().all(|byte| byte == b'%' || byte.is_ascii_alphabetic()) && form != "%YM%m"
}

/// Whether a value with marks in it is a day or month.
pub(super) fn looks(value: &str) -> bool {
    FORMS.iter().any(|form| !bare(form) && fits(value, form, true))
}

/// Whether a value is a date in a form with a month's name or a two-digit year.
pub(super) fn looks_short(value: &str) -> bool {
    let parts: Vec<&str> =
        value.split(['-', '/', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let number = |part: &str| part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_named = |part: &str| {
        let begin: String = part.chars().take(3).flat_map(char::to_lowercase).collect();
        NAMES.contains(&begin.as_str()) && part.chars().all(char::is_alphabetic)
    };
    let names = parts.iter().filter(|part| is_named(part)).count();
    let numbers = parts.iter().filter(|part| number(part)).count();
    let small =
        |part: &str, most: u8| part.parse::<u8>().is_ok_and(|part| 1 <= part && part <= most);
    match (parts.as_slice(), names) {
        ([_, _] | [_, _, _], 1) => numbers + 1 == parts.len(),
        ([one, two, year], 0) => {
            numbers == 3
                && year.len() == 2
                && small(one, 31)
                && small(two, 31)
                && !value.contains(' ')
                && (small(one, 12) || small(two, 12))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{FORMS, fits, looks, looks_short};

    #[test]
    fn a_value_fits_the_forms_it_is_written_in() {
        for (value, expected) in [
            ("2019-03-17", &["%Y-%m-%d"][..]),
            ("17/03/2019", &["%d/%m/%Y"]),
            ("03/17/2019", &["%m/%d/%Y"]),
            ("03-04-2019", &["%d-%m-%Y", "%m-%d-%Y"]),
            ("2019M03", &["%YM%m"]),
            ("201903", &["%Y%m"]),
            ("20190317", &["%Y%m%d"]),
            ("31-04-2019", &[]),
            ("2019-13", &[]),
            ("1-3-2019", &[]),
            ("æ9-03-2019", &[]),
        ] {
            let found: Vec<&str> =
                FORMS.into_iter().filter(|form| fits(value, form, false)).collect();
            assert_eq!(found, expected, "{value}");
        }
        assert!(fits("2019-13", "%Y-%m", true));
        assert!(!looks("201903") && looks("03-2019"));
    }

    #[test]
    fn short_dates_are_seen() {
        for (value, expected) in [
            ("26-May-11", true),
            ("mar-19", true),
            ("1. januar 2019", true),
            ("09/07/14", true),
            ("1105-00001", false),
            ("12.65.14", false),
            ("18.11", false),
            ("may be", false),
        ] {
            assert_eq!(looks_short(value), expected, "{value}");
        }
    }
}
