//! How a field's dates are written, and the proof that no date can be read as two.

use crate::contract::compiled::{DateForm, DatePart};
use crate::contract::schema::Field;
use crate::definition::located::Located;
use crate::definition::problems::Problems;
use crate::domain::period::{Month, Period, Year};
use crate::domain::serial::{PLAUSIBLE, serial};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The word for days as spreadsheets count them.
const SERIAL: &str = "excel";

/// Months in Danish, in the short form; the readers know the others.
const SHORT: [&str; 12] =
    ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"];

/// Years in which dates are tried against two forms: those whose last two digits could be a day or
/// a month, and one whose days are serials beginning with such digits.
const TRIED: [std::ops::RangeInclusive<i16>; 3] = [2001..=2031, 1901..=1931, 1982..=1982];

/// The forms of a date field. Forms that read one text as two periods are a problem.
pub(super) fn forms(field: &Field, problems: &mut Problems) -> Vec<DateForm> {
    if field.format.is_empty() {
        let help = "add `format = [\"%d-%m-%Y\"]`";
        problems.note(&field.name.place, "the field says not how dates are written", help);
    }
    let century = field.century.as_ref().map(|year| year.value);
    let mut forms: Vec<(&Located<String>, DateForm)> = Vec::new();
    for text in &field.format {
        if let Some(form) = form(text, century, problems) {
            forms.push((text, form));
        }
    }
    let short = |(_, form): &(_, DateForm)| {
        form.parts.iter().any(|part| matches!(part, DatePart::ShortYear(_)))
    };
    if let Some(year) = &field.century {
        let hundred = Year::new(year.value).zip(Year::new(year.value.saturating_add(99)));
        let problem = format!("a century cannot begin in {}", year.value);
        if hundred.is_none() {
            problems.note(&year.place, problem, "write the first of the hundred years, as 2000");
        } else if !forms.iter().any(short) {
            let help = "take `century` out, or write %y for the year";
            problems.note(&year.place, "no form has two-digit years".to_owned(), help);
        }
    }
    for (place, (text, form)) in forms.iter().enumerate() {
        for (_, earlier) in &forms[..place] {
            if let Some((example, one, other)) = clash(earlier, form) {
                let problem = format!(
                    "`{}` and `{}` cannot both be declared: {example} reads as {one} and as {other}",
                    earlier.text, form.text
                );
                let help = "keep one; give senders who write the other a contract of their own";
                problems.note(&text.place, problem, help);
            }
        }
    }
    forms.into_iter().map(|(_, form)| form).collect()
}

fn form(text: &Located<String>, century: Option<i16>, problems: &mut Problems) -> Option<DateForm> {
    let whole = |parts| Some(DateForm { text: text.value.clone(), parts });
    if text.value == SERIAL {
        return whole(vec![DatePart::Serial]);
    }
    let parts = parts(text, century, problems)?;
    let has = |wanted: &[DatePart]| parts.iter().any(|part| wanted.contains(part));
    let year = parts.iter().any(|part| matches!(part, DatePart::Year | DatePart::ShortYear(_)));
    let months =
        [DatePart::Month, DatePart::BareMonth, DatePart::MonthName, DatePart::AccountingPeriod];
    if !year || !has(&months) {
        problems.note(&text.place, "the form lacks a year or a month", "write %Y and %m (or %P)");
        return None;
    }
    let bare = |part: &DatePart| matches!(part, DatePart::BareMonth | DatePart::BareDay);
    let digits = |part: &DatePart| match part {
        DatePart::Byte(byte) => byte.is_ascii_digit(),
        DatePart::MonthName => false,
        DatePart::Year
        | DatePart::Month
        | DatePart::AccountingPeriod
        | DatePart::Day
        | DatePart::ShortYear(_)
        | DatePart::BareMonth
        | DatePart::BareDay
        | DatePart::Serial => true,
    };
    if parts.windows(2).any(|pair| bare(&pair[0]) && digits(&pair[1])) {
        let problem = "nothing says where %-d or %-m ends";
        problems.note(&text.place, problem, "put a mark behind it, or write %d and %m");
        return None;
    }
    whole(parts)
}

fn parts(
    text: &Located<String>,
    century: Option<i16>,
    problems: &mut Problems,
) -> Option<Vec<DatePart>> {
    let mut parts = Vec::new();
    let mut bytes = text.value.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            parts.push(DatePart::Byte(byte));
            continue;
        }
        let letter = bytes.next();
        let bare = letter == Some(b'-');
        let letter = if bare { bytes.next() } else { letter };
        parts.push(match (bare, letter) {
            (false, Some(b'Y')) => DatePart::Year,
            (false, Some(b'm')) => DatePart::Month,
            (false, Some(b'd')) => DatePart::Day,
            (false, Some(b'P')) => DatePart::AccountingPeriod,
            (false, Some(b'b')) => DatePart::MonthName,
            (true, Some(b'm')) => DatePart::BareMonth,
            (true, Some(b'd')) => DatePart::BareDay,
            (false, Some(b'y')) => match century {
                Some(first) => DatePart::ShortYear(first),
                None => {
                    let help = "add `century = 2000` for the years 2000 to 2099";
                    problems.note(&text.place, "nothing says which century %y is in", help);
                    return None;
                }
            },
            _ => {
                let help = "use %Y, %y, %m, %-m, %b, %d, %-d, %P for 01 to 13, or excel alone";
                let problem = format!("`{}` is no form of a date", text.value);
                problems.note(&text.place, problem, help);
                return None;
            }
        });
    }
    Some(parts)
}

/// A text both forms read, and the two different periods they read it as.
pub(crate) fn clash(one: &DateForm, other: &DateForm) -> Option<(String, Period, Period)> {
    let mut read: BTreeMap<String, Period> = BTreeMap::new();
    each_written(one, &mut |text, period| {
        read.insert(text, period);
        None::<()>
    });
    each_written(other, &mut |text, period| {
        let before = *read.get(&text)?;
        (before != period).then_some((text, before, period))
    })
}

/// Hands every tried date, as the form writes it, to `visit`, until that gives something.
fn each_written<T>(
    form: &DateForm,
    visit: &mut impl FnMut(String, Period) -> Option<T>,
) -> Option<T> {
    let with_day = form
        .parts
        .iter()
        .any(|part| matches!(part, DatePart::Day | DatePart::BareDay | DatePart::Serial));
    let last_day = if with_day { 28 } else { 1 };
    for year in TRIED.into_iter().flatten() {
        for number in 1..=13 {
            for day in 1..=last_day {
                let Some(text) = write(form, year, number, day) else {
                    continue;
                };
                let period = match Month::new(year, number) {
                    Some(month) => Period::Month(month),
                    None => Period::Closing(Year::new(year)?),
                };
                if let Some(found) = visit(text, period) {
                    return Some(found);
                }
            }
        }
    }
    None
}

/// A date as the form writes it, month 13 as the closing period; `None` when it cannot.
pub(crate) fn write(form: &DateForm, year: i16, number: u8, day: u8) -> Option<String> {
    let month = Month::new(year, number);
    let mut text = String::new();
    for part in &form.parts {
        let written = match part {
            DatePart::Year => write!(text, "{year:04}"),
            DatePart::ShortYear(first) => {
                if year < *first || first.saturating_add(99) < year {
                    return None;
                }
                write!(text, "{:02}", year % 100)
            }
            DatePart::AccountingPeriod => write!(text, "{number:02}"),
            DatePart::Month => write!(text, "{:02}", month?.number()),
            DatePart::BareMonth => write!(text, "{}", month?.number()),
            DatePart::MonthName => write!(text, "{}", SHORT[usize::from(month?.number()) - 1]),
            DatePart::Day => write!(text, "{day:02}"),
            DatePart::BareDay => write!(text, "{day}"),
            DatePart::Serial => {
                let days = serial(month?, day);
                if !PLAUSIBLE.contains(&days) {
                    return None;
                }
                write!(text, "{days}")
            }
            DatePart::Byte(byte) => write!(text, "{}", char::from(*byte)),
        };
        written.expect("a String takes any text");
    }
    Some(text)
}
