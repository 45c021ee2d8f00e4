//! Dates and months as bytes to periods, in declared forms alone.

use crate::contract::compiled::{DateForm, DatePart};
use crate::domain::period::{Month, Period, Year};
use crate::domain::serial::month_of;

/// Months as they may be written out, Danish and English; no two of them are one text.
const NAMES: [&[&str]; 12] = [
    &["jan", "januar", "january"],
    &["feb", "februar", "february"],
    &["mar", "marts", "march"],
    &["apr", "april"],
    &["maj", "may"],
    &["jun", "juni", "june"],
    &["jul", "juli", "july"],
    &["aug", "august"],
    &["sep", "sept", "september"],
    &["okt", "oktober", "oct", "october"],
    &["nov", "november"],
    &["dec", "december"],
];

/// Reads a date or month in the first form it is written in. No two forms of a contract read a text
/// as two periods.
pub(crate) fn period(cell: &[u8], forms: &[DateForm]) -> Option<Period> {
    forms.iter().find_map(|form| in_form(cell, form))
}

/// What has been read of a date so far.
#[derive(Default)]
struct DateSoFar {
    year: Option<i16>,
    month: Option<u8>,
    day: Option<u8>,
}

fn in_form(cell: &[u8], form: &DateForm) -> Option<Period> {
    let mut read = DateSoFar::default();
    let mut rest = cell;
    for (place, part) in form.parts.iter().enumerate() {
        match part {
            DatePart::Year => read.year = i16::try_from(digits(&mut rest, 4)?).ok(),
            DatePart::ShortYear(first) => {
                let short = i16::try_from(digits(&mut rest, 2)?).ok()?;
                read.year = Some(first + (short - first).rem_euclid(100));
            }
            DatePart::Month | DatePart::AccountingPeriod => {
                read.month = u8::try_from(digits(&mut rest, 2)?).ok();
            }
            DatePart::Day => read.day = u8::try_from(digits(&mut rest, 2)?).ok(),
            DatePart::BareMonth => read.month = Some(bare(&mut rest)?),
            DatePart::BareDay => read.day = Some(bare(&mut rest)?),
            DatePart::MonthName => {
                let point_follows = form.parts.get(place + 1) == Some(&DatePart::Byte(b'.'));
                read.month = Some(name(&mut rest, point_follows)?);
            }
            DatePart::Serial => {
                let serial = digits(&mut rest, 5)?;
                return month_of(serial).filter(|_| rest.is_empty()).map(Period::Month);
            }
            DatePart::Byte(byte) => rest = rest.strip_prefix(&[*byte])?,
        }
    }
    if !rest.is_empty() {
        return None;
    }
    if read.month == Some(13) && form.parts.contains(&DatePart::AccountingPeriod) {
        return Year::new(read.year?).map(Period::Closing);
    }
    let month = Month::new(read.year?, read.month?)?;
    let exists = read.day.is_none_or(|day| 1 <= day && day <= month.days());
    exists.then_some(Period::Month(month))
}

/// Takes exactly `width` digits.
fn digits(rest: &mut &[u8], width: usize) -> Option<i32> {
    let (taken, left) = rest.split_at_checked(width)?;
    *rest = left;
    taken.iter().try_fold(0, |number, byte| {
        byte.is_ascii_digit().then(|| number * 10 + i32::from(byte - b'0'))
    })
}

/// Takes one or two digits, the first of which is no zero.
fn bare(rest: &mut &[u8]) -> Option<u8> {
    let width = rest.iter().take(2).take_while(|byte| byte.is_ascii_digit()).count();
    if rest.first() == Some(&b'0') || width == 0 {
        return None;
    }
    digits(rest, width).and_then(|number| u8::try_from(number).ok())
}

/// Takes a month's name, and the point of a short form unless the form has that point itself.
fn name(rest: &mut &[u8], point_follows: bool) -> Option<u8> {
    let length = rest.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let (word, left) = rest.split_at(length);
    *rest = left;
    let month = month_named(word)?;
    if !point_follows {
        *rest = rest.strip_prefix(b".").unwrap_or(rest);
    }
    Some(month)
}

/// The month, from 1, whose name or short form a word is.
pub(crate) fn month_named(word: &[u8]) -> Option<u8> {
    let is_word = |name: &&str| name.as_bytes().eq_ignore_ascii_case(word);
    let place = NAMES.iter().position(|names| names.iter().any(is_word))?;
    u8::try_from(place + 1).ok()
}
