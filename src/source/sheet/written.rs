//! The value of a workbook's cell as its column has it written.
//!
//! What a cell shows but does not hold (leading zeros of a number format, rounding) is not made up:
//! a number that does not fit its column is refused as any other. What a cell holds and no column
//! can take, such as a formula without a result, is written behind a mark, and the line is refused
//! for what it is ([`unsaid`]).

use crate::contract::compiled::{CellType, Column, DateForm, DatePart, NumberForm, Role};
use crate::domain::measure::Measure;
use crate::domain::privacy::show;
use crate::domain::quarantine::Reason;
use crate::source::rows::SheetValue;
use crate::source::sheet::shown::alters;
use encoding_rs::UTF_8;
use std::fmt::Write as _;

/// The marks of a cell that shows another number than it holds, that is merged with one above,
/// before a formula without a result, before a time where a number is due, and before a number that
/// has lost digits. No text has them, see [`plain`].
const ALTERED: char = '\u{1A}';
const COVERED: char = '\u{1B}';
const FORMULA: char = '\u{1C}';
const TIME: char = '\u{1D}';
const DIGITS_LOST: char = '\u{1E}';

/// Most digits a number of a workbook has for certain.
const DIGITS: usize = 15;

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;

/// Days between the two systems days are counted in: from 1900, and from 1904.
pub(crate) const FROM_1904: i32 = 1_462;

/// A value as its column has it written; `epoch` are the days from the first day of the usual count
/// to that of the workbook's, and
/// amounts are in this currency, or in any where it is empty.
pub(crate) fn written(
    value: &SheetValue,
    column: Option<&Column>,
    (epoch, currency): (i32, &str),
) -> String {
    let cell = column.map(|column| &column.cell);
    match (value, cell) {
        (SheetValue::Text(text), Some(CellType::Date(forms))) => counted(plain(text), forms, epoch),
        (SheetValue::Text(text), _) => plain(text),
        (SheetValue::Covered, None) => String::new(),
        (SheetValue::Covered, Some(_)) => COVERED.to_string(),
        (SheetValue::Formula(text), _) => format!("{FORMULA}{}", plain(text)),
        (SheetValue::Coded(number, code), Some(CellType::Number(_) | CellType::Integer(_)))
            if is_altered(column, (number, code), currency) =>
        {
            format!("{ALTERED}{number} ({})", plain(code))
        }
        (SheetValue::Coded(day, code), Some(CellType::Date(forms))) if is_day(day) => {
            let years = forms.iter().any(|form| form.parts == [DatePart::Year]);
            let year = day.get(..4).filter(|_| years && code.contains(['y', 'Y']));
            year.map_or_else(|| format!("{ALTERED}{day} ({})", plain(code)), str::to_owned)
        }
        (SheetValue::Coded(number, _), _) => {
            written(&SheetValue::Number(number.clone()), column, (epoch, currency))
        }
        (SheetValue::Number(number), _) if digits_lost(number) => format!("{DIGITS_LOST}{number}"),
        (SheetValue::Number(number), Some(CellType::Number(form) | CellType::Integer(form))) => {
            in_form(number, *form)
        }
        (SheetValue::Number(number), Some(CellType::Date(forms))) => {
            counted(number.clone(), forms, epoch)
        }
        (SheetValue::Number(number), Some(CellType::Text) | None) => number.clone(),
        (SheetValue::Time(time), Some(CellType::Number(form) | CellType::Integer(form))) => {
            let hours = column.filter(|column| holds_hours(column, *form));
            match hours.and_then(|_| in_hours(*time)) {
                Some(number) => in_form(&number, *form),
                None => format!("{TIME}{}", clock(*time)),
            }
        }
        (SheetValue::Time(time), Some(CellType::Text | CellType::Date(_)) | None) => clock(*time),
        (SheetValue::Day { year, month, day, .. }, Some(CellType::Date(forms))) => forms
            .iter()
            .find_map(|form| day_in_form(*year, *month, *day, form))
            .unwrap_or_else(|| format!("{year:04}-{month:02}-{day:02}")),
        (
            SheetValue::Day { year, month, day, time },
            Some(CellType::Text | CellType::Number(_) | CellType::Integer(_)) | None,
        ) => format!("{year:04}-{month:02}-{day:02}{time}"),
    }
}

/// Whether what a format shows in part is a day.
fn is_day(text: &str) -> bool {
    text.len() == 10 && text.bytes().filter(|byte| *byte == b'-').count() == 2
}

/// Whether a number that is posted is shown as another.
fn is_altered(column: Option<&Column>, (number, code): (&str, &str), currency: &str) -> bool {
    let Some(Column { role: Some(Role::Measure(measure)), cell, .. }) = column else {
        return false;
    };
    let scale = match cell {
        CellType::Number(form) | CellType::Integer(form) => form.scale,
        CellType::Text | CellType::Date(_) => 1,
    };
    let amount = (*measure == Measure::Amount).then_some(currency);
    alters(code, number, amount, scale)
}

/// Why no column takes what is written so; `None` where one may.
pub(crate) fn unsaid(cell: &[u8]) -> Option<Reason> {
    let (mark, rest) = cell.split_first()?;
    let found = || show(rest, UTF_8);
    match char::from(*mark) {
        ALTERED => Some(Reason::ShownOtherwise { found: found() }),
        COVERED => Some(Reason::Merged {}),
        FORMULA => Some(Reason::NoResult { found: found() }),
        TIME => Some(Reason::TimeNotNumber { found: found() }),
        DIGITS_LOST => Some(Reason::DigitsLost { found: found() }),
        _ => None,
    }
}

/// A text on one line, without the marks: each is a blank.
fn plain(text: &str) -> String {
    let blank = |letter| matches!(letter, '\n' | '\r' | ALTERED..='\u{1F}');
    text.chars().map(|letter| if blank(letter) { ' ' } else { letter }).collect()
}

/// Whether a number has more digits before the point than a cell holds for certain: the last of
/// them may have been others.
fn digits_lost(number: &str) -> bool {
    let whole = number.trim_start_matches('-').split('.').next().unwrap_or_default();
    whole.len() > DIGITS
}

/// The number of a day in the usual count, where a form has it so.
fn counted(text: String, forms: &[DateForm], epoch: i32) -> String {
    let serial = forms.iter().any(|form| form.parts == [DatePart::Serial]);
    let is_day = text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    if epoch == 0 || !serial || !is_day {
        return text;
    }
    text.parse().map_or(text, |day: i32| (day + epoch).to_string())
}

/// Whether the numbers of a column are hours.
fn holds_hours(column: &Column, form: NumberForm) -> bool {
    column.role == Some(Role::Measure(Measure::Hours)) && form.scale == 1
}

/// Milliseconds in hours, where hundredths of an hour are exact.
fn in_hours(time: i64) -> Option<String> {
    if time % (HOUR / 100) != 0 {
        return None;
    }
    let hundredths = time / (HOUR / 100);
    let (sign, most) = (if hundredths < 0 { "-" } else { "" }, hundredths.unsigned_abs());
    let decimals = format!(".{:02}", most % 100);
    let decimals = decimals.trim_end_matches('0').trim_end_matches('.');
    Some(format!("{sign}{}{decimals}", most / 100))
}

/// Milliseconds as a clock has them: `7:30`, and seconds where there are any.
fn clock(time: i64) -> String {
    let (sign, time) = (if time < 0 { "-" } else { "" }, time.unsigned_abs());
    let (seconds, thousandths) = (time / 1_000, time % 1_000);
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    match (seconds, thousandths) {
        (0, 0) => format!("{sign}{hours}:{minutes:02}"),
        (_, 0) => format!("{sign}{hours}:{minutes:02}:{seconds:02}"),
        _ => format!("{sign}{hours}:{minutes:02}:{seconds:02}.{thousandths:03}"),
    }
}

/// A number with the column's own decimal mark and sign, and no mark between thousands.
fn in_form(number: &str, form: NumberForm) -> String {
    let marked = number.replace('.', &char::from(form.decimal).to_string());
    match marked.strip_prefix('-') {
        Some(digits) if form.negative.trailing && !form.negative.leading => format!("{digits}-"),
        Some(digits) if form.negative.parentheses && !form.negative.leading => {
            format!("({digits})")
        }
        Some(_) | None => marked,
    }
}

/// A day in a form; `None` where the form is not of year, month and day.
fn day_in_form(year: u16, month: u8, day: u8, form: &DateForm) -> Option<String> {
    let mut text = String::new();
    for part in &form.parts {
        match part {
            DatePart::Year => write!(text, "{year:04}").ok()?,
            DatePart::Month | DatePart::AccountingPeriod => write!(text, "{month:02}").ok()?,
            DatePart::Day => write!(text, "{day:02}").ok()?,
            DatePart::BareMonth => write!(text, "{month}").ok()?,
            DatePart::BareDay => write!(text, "{day}").ok()?,
            DatePart::Byte(byte) => text.push(char::from(*byte)),
            // A year of two digits could be another year, and names and serials are for text.
            DatePart::ShortYear(_) | DatePart::MonthName | DatePart::Serial => return None,
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::{FROM_1904, clock, counted, day_in_form, digits_lost, in_form, in_hours, plain};
    use super::{unsaid, written};
    use crate::contract::compiled::{DateForm, DatePart, Negative, NumberForm};
    use crate::domain::quarantine::Reason;
    use crate::source::rows::SheetValue;

    #[test]
    fn a_whole_number_of_16_digits_has_lost_some() {
        for (number, lost) in [
            ("0", false),
            ("-999999999999999.5", false),
            ("1000000000000000", true),
            ("-1234567890123456", true),
        ] {
            assert_eq!(digits_lost(number), lost, "{number}");
        }
    }

    #[test]
    fn what_no_column_takes_is_refused_for_what_it_is() {
        let code = |value| {
            let text = written(&value, None, (0, "DKK"));
            unsaid(text.as_bytes()).as_ref().map(Reason::code)
        };
        assert_eq!(code(SheetValue::Formula("=B1*2".to_owned())), Some("Q109"));
        assert_eq!(code(SheetValue::Number("1234567890123456".to_owned())), Some("Q111"));
        assert_eq!(code(SheetValue::Text("\u{1C}=B1*2".to_owned())), None);
        assert_eq!(plain("a\nb\u{1E}\tc"), "a b \tc");
    }

    #[test]
    fn a_time_is_hours_where_hundredths_are_exact() {
        for (time, hours, shown) in [
            (27_000_000, Some("7.5"), "7:30"),
            (113_400_000, Some("31.5"), "31:30"),
            (36_000, Some("0.01"), "0:00:36"),
            (-90_000_000, Some("-25"), "-25:00"),
            (0, Some("0"), "0:00"),
            (26_400_000, None, "7:20"),
            (1_250, None, "0:00:01.250"),
        ] {
            assert_eq!(in_hours(time).as_deref(), hours, "{time}");
            assert_eq!(clock(time), shown, "{time}");
        }
    }

    #[test]
    fn a_bare_day_is_counted_as_the_workbook_counts() {
        let form = |parts: &[DatePart]| DateForm { text: String::new(), parts: parts.to_vec() };
        let serial = [form(&[DatePart::Year, DatePart::Month]), form(&[DatePart::Serial])];
        let day = |text: &str, forms: &[DateForm], epoch| counted(text.to_owned(), forms, epoch);
        assert_eq!(day("42063", &serial, FROM_1904), "43525");
        assert_eq!(day("42063", &serial, 0), "42063");
        assert_eq!(day("201903", &serial, FROM_1904), "201903");
        assert_eq!(day("42063", &serial[..1], FROM_1904), "42063");
    }

    #[test]
    fn a_number_is_written_as_the_contract_has_it() {
        let negative = Negative { leading: false, trailing: true, parentheses: false };
        let form =
            NumberForm { decimal: b',', group: Some(b'.'), negative, scale: 1, turned: false };
        assert_eq!(in_form("-1234.5", form), "1234,5-");
        assert_eq!(in_form("1234.567", form), "1234,567");
        let negative = Negative { leading: true, ..negative };
        assert_eq!(in_form("-2", NumberForm { negative, ..form }), "-2");
    }

    #[test]
    fn a_day_is_written_as_the_contract_has_it() {
        use DatePart::{Byte, Day, Month, Year};
        let form =
            DateForm { text: String::new(), parts: vec![Day, Byte(b'-'), Month, Byte(b'-'), Year] };
        assert_eq!(day_in_form(2018, 3, 4, &form).as_deref(), Some("04-03-2018"));
    }
}
