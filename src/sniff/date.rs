//! Dates and months: which forms a value fits.

use crate::domain::period::Month;
use crate::validate::cell::date::month_named;

/// Forms a contract may declare, in the order they are tried.
pub(super) const FORMS: [&str; 40] = [
    "%Y-%m-%d",
    "%d-%m-%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%m-%d-%Y",
    "%m/%d/%Y",
    "%m.%d.%Y",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y-%m",
    "%m-%Y",
    "%m/%Y",
    "%Y/%m",
    "%YM%m",
    "%Y%m%d",
    "%Y%m",
    "%d%m%Y",
    "%d-%b-%Y",
    "%-d-%b-%Y",
    "%d %b %Y",
    "%-d %b %Y",
    "%d. %b %Y",
    "%-d. %b %Y",
    "%d/%b/%Y",
    "%d.%b.%Y",
    "%b %Y",
    "%b-%Y",
    "%Y %b",
    "%Y-%b",
    "%d-%b-%y",
    "%-d-%b-%y",
    "%d %b %y",
    "%-d %b %y",
    "%b-%y",
    "%b %y",
    "%Y/0%m",
    "%Y-0%m",
    "%Y.0%m",
    "0%m.%Y",
    "0%m/%Y",
];

/// Pairs of forms that read one value as two days.
pub(super) const TWINS: [[&str; 2]; 4] = [
    ["%d-%m-%Y", "%m-%d-%Y"],
    ["%d/%m/%Y", "%m/%d/%Y"],
    ["%d.%m.%Y", "%m.%d.%Y"],
    ["%Y%m%d", "%d%m%Y"],
];

/// Months as words that `%b` does not read.
const OTHER_NAMES: [&str; 10] =
    ["mai", "märz", "mär", "mrz", "dez", "dezember", "jän", "jänner", "mars", "juin"];

/// Whether a value is a day or month in the form. `thirteen`: period 13 is one as well.
pub(super) fn fits(value: &str, form: &str, thirteen: bool) -> bool {
    read(value, form, thirteen).is_some()
}

/// The year and month of a value in the form, 13 for the closing period where `thirteen` lets it
/// be one. The century of a two-digit year is not known: 2000 stands for it.
pub(super) fn read(value: &str, form: &str, thirteen: bool) -> Option<(i16, u8)> {
    let (mut year, mut month, mut day) = (None, None, None);
    let mut rest = value;
    let mut parts = form.chars();
    while let Some(part) = parts.next() {
        if part != '%' {
            rest = rest.strip_prefix(part)?;
            continue;
        }
        match parts.next()? {
            'Y' => year = Some(digits(&mut rest, 4)?),
            'y' => year = Some(2000 + digits(&mut rest, 2)?),
            'm' => month = u8::try_from(digits(&mut rest, 2)?).ok(),
            'b' => month = Some(named(&mut rest, parts.as_str().starts_with('.'))?),
            '-' => {
                parts.next();
                let second = rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
                let number = digits(&mut rest, if second { 2 } else { 1 })?;
                day = u8::try_from(number).ok().filter(|number| !second || 10 <= *number);
                day?;
            }
            _ => day = u8::try_from(digits(&mut rest, 2)?).ok(),
        }
    }
    let (year, number) = (year?, month?);
    if !(rest.is_empty() && (1950..=2099).contains(&year)) {
        return None;
    }
    let closing = thirteen && number == 13 && day.is_none();
    let exists = |month: Month| day.is_none_or(|day| 1 <= day && day <= month.days());
    (closing || Month::new(year, number).is_some_and(exists)).then_some((year, number))
}

/// Takes so many digits.
fn digits(rest: &mut &str, width: usize) -> Option<i16> {
    let (taken, left) = rest.split_at_checked(width)?;
    *rest = left;
    taken.bytes().all(|byte| byte.is_ascii_digit()).then(|| taken.parse().ok())?
}

/// Takes the name of a month, and the point of a short form unless the form has that point itself.
fn named(rest: &mut &str, point_follows: bool) -> Option<u8> {
    let end = rest.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(rest.len());
    let month = month_named(&rest.as_bytes()[..end])?;
    *rest = &rest[end..];
    if !point_follows {
        *rest = rest.strip_prefix('.').unwrap_or(rest);
    }
    Some(month)
}

/// Whether a form is digits alone, which any number may be.
pub(super) fn bare(form: &str) -> bool {
    matches!(form, "%Y%m%d" | "%Y%m" | "%d%m%Y")
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
        let lower = part.to_lowercase();
        month_named(part.as_bytes()).is_some() || OTHER_NAMES.contains(&lower.as_str())
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
            ("31-Aug-2012", &["%d-%b-%Y", "%-d-%b-%Y"]),
            ("1-aug-2012", &["%-d-%b-%Y"]),
            ("01-Aug-2012", &["%d-%b-%Y"]),
            ("3. marts 2019", &["%-d. %b %Y"]),
            ("okt. 2019", &["%b %Y"]),
            ("March-19", &["%b-%y"]),
            ("31-Sep-2012", &[]),
            ("31-Dez-2012", &[]),
            ("2019/007", &["%Y/0%m"]),
            ("007.2019", &["0%m.%Y"]),
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
            ("26-Dez-11", true),
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
