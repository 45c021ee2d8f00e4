//! Numbers of a workbook, and the days among them: told by the format they are shown in.

mod decimal;

use crate::source::moment::decimal::Decimal;
use crate::source::rows::SheetValue;
use crate::source::sheet::shown::is_plain;
use crate::source::sheet::written::FROM_1904;
use calamine::{ExcelDateTime, ExcelDateTimeType};
use std::sync::Arc;

/// What a number format shows a number as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Format {
    /// A number, or a text.
    Other,
    /// A number with something of its own: the code.
    Coded(Arc<str>),
    /// A day, a time of day, or both.
    Moment,
    /// The year of a day alone, or its time of day: the code.
    Partial(Arc<str>),
    /// A span of time.
    Span,
}

/// The format a workbook has under this number without saying so.
///
/// Source: ECMA-376, part 1, 18.8.30.
pub(crate) fn built_in(id: &str) -> Format {
    match id.parse::<u32>() {
        Ok(18..=21 | 45 | 47) => Format::Partial("h:mm".into()),
        Ok(14..=17 | 22 | 27..=36 | 50..=58) => Format::Moment,
        Ok(46) => Format::Span,
        Ok(9 | 10) => Format::Coded("0%".into()),
        Ok(_) | Err(_) => Format::Other,
    }
}

/// What the first part of a format's code shows: letters of days and hours outside quotes, escapes
/// and brackets are a moment; `[h]`, `[mm]` and the like a span.
pub(crate) fn by_code(code: &str) -> Format {
    let format = time_by_code(code);
    if format == Format::Moment && is_partial(code) {
        return Format::Partial(code.into());
    }
    if format == Format::Other && !is_plain(code) {
        return Format::Coded(code.into());
    }
    format
}

/// Whether the code of a moment shows a year alone, or a time of day alone.
fn is_partial(code: &str) -> bool {
    let mut shown = String::new();
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' | '_' | '*' => drop(letters.next()),
            '"' => drop(letters.by_ref().find(|letter| *letter == '"')),
            '[' => drop(letters.by_ref().find(|letter| *letter == ']')),
            ';' => break,
            _ => shown.extend(letter.to_lowercase()),
        }
    }
    // What is left of `AM/PM` is no month.
    let shown = shown.replace("am/pm", "").replace("a/p", "");
    let has = |letters: &[char]| shown.contains(letters);
    let (timed, dated) = (has(&['h', 's']), has(&['y', 'd', 'e']));
    (timed && !dated) || (has(&['y']) && !has(&['m', 'd']) && !timed)
}

fn time_by_code(code: &str) -> Format {
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' | '_' | '*' => {
                letters.next();
            }
            '"' => {
                letters.by_ref().find(|letter| *letter == '"');
            }
            ';' => return Format::Other,
            '[' => {
                let inside: String = letters.by_ref().take_while(|letter| *letter != ']').collect();
                let inside = inside.to_ascii_lowercase();
                let same = |unit: char| inside.chars().all(|letter| letter == unit);
                if !inside.is_empty() && ['h', 'm', 's'].into_iter().any(same) {
                    return Format::Span;
                }
            }
            'd' | 'm' | 'h' | 'y' | 's' | 'D' | 'M' | 'H' | 'Y' | 'S' => return Format::Moment,
            _ => {}
        }
    }
    Format::Other
}

/// A number as it is written in XML, in the digits a sheet means; `None` where it is none.
pub(crate) fn number(said: &str, format: &Format, from_1904: bool) -> Option<SheetValue> {
    let number = Decimal::read(said)?;
    if let Format::Coded(code) = format {
        return Some(SheetValue::Coded(number.meant().text(), Arc::clone(code)));
    }
    let partial = if let Format::Partial(code) = format { Some(code) } else { None };
    let format = if partial.is_some() { &Format::Moment } else { format };
    let dated = *format == Format::Moment && number.is_whole() && !number.is_negative();
    if *format != Format::Other
        && !dated
        && let Some(time) = number.milliseconds()
    {
        return Some(SheetValue::Time(time));
    }
    if !dated {
        return Some(SheetValue::Number(number.meant().text()));
    }
    let moment = ExcelDateTime::new(said.parse().ok()?, ExcelDateTimeType::DateTime, from_1904);
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    if let Some(code) = partial {
        let day = format!("{year:04}-{month:02}-{day:02}");
        return Some(SheetValue::Coded(day, Arc::clone(code)));
    }
    let midnight = (hour, minute, second) == (0, 0, 0);
    let time = if midnight { String::new() } else { format!("T{hour:02}:{minute:02}:{second:02}") };
    Some(SheetValue::Day { year, month, day, time })
}

/// A span of time as XML has it, in milliseconds: `PT07H30M00S`, `-P1DT2H`; `None` where it is none
/// of days, hours, minutes and seconds.
///
/// Source: XML Schema part 2, 3.2.6.
pub(crate) fn span(text: &str) -> Option<i64> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (days, time) = text.strip_prefix('P')?.split_once('T').unwrap_or((&text[1..], ""));
    let mut rest = time;
    let mut part = |unit: char| -> Option<&str> {
        let (number, behind) = rest.split_once(unit).unwrap_or(("0", rest));
        rest = behind;
        let digits = number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        (digits && !number.is_empty()).then_some(number)
    };
    let hours: i64 = part('H')?.parse().ok()?;
    let minutes: i64 = part('M')?.parse().ok()?;
    let (seconds, fraction) = part('S').map(|own| own.split_once('.').unwrap_or((own, "")))?;
    // Rounded: programs write half a minute as `29.999999997`.
    let fraction = format!("{fraction:0<4}");
    let thousandths: i64 = (fraction.get(..4)?.parse::<i64>().ok()? + 5) / 10;
    let days: i64 = if days.is_empty() { 0 } else { days.strip_suffix('D')?.parse().ok()? };
    if !rest.is_empty() || days < 0 {
        return None;
    }
    let hours = days.checked_mul(24)?.checked_add(hours)?;
    let minutes = hours.checked_mul(60)?.checked_add(minutes)?;
    let seconds = minutes.checked_mul(60)?.checked_add(seconds.parse().ok()?)?;
    seconds.checked_mul(1_000)?.checked_add(thousandths)?.checked_mul(sign)
}

/// Days from 30 December 1899, where the usual count begins, to the day a workbook counts from;
/// `None` for a day no program counts from.
pub(crate) fn epoch(day: &str) -> Option<i32> {
    match day.split('T').next()? {
        "1899-12-30" => Some(0),
        "1900-01-01" => Some(2),
        "1904-01-01" => Some(FROM_1904),
        _ => None,
    }
}

/// `2018-03-04`, or the same with a time behind it.
pub(crate) fn iso(text: &str) -> Option<SheetValue> {
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, format!("T{time}")),
        None => (text, String::new()),
    };
    let mut parts = date.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    let time = if time.starts_with("T00:00:00") { String::new() } else { time };
    Some(SheetValue::Day { year, month, day, time })
}

#[cfg(test)]
mod tests {
    use super::{Format, built_in, by_code, number, span, time_by_code};
    use crate::source::rows::SheetValue;

    #[test]
    fn a_format_shows_a_moment_a_span_or_a_number() {
        for (code, expected) in [
            ("DD/MM/YY", Format::Moment),
            ("H:MM:SS;@", Format::Moment),
            ("m\"M\"d\"D\";@", Format::Moment),
            ("[$-404]e\"\\xfc\"m\"\\xfc\"d", Format::Moment),
            ("[$-F800]dddd\\,\\ mmmm\\ dd", Format::Moment),
            ("[h]:mm:ss", Format::Span),
            ("[Red][mm]:ss", Format::Span),
            ("#,##0\\ [$\\u20bd-46D]", Format::Other),
            ("\"Y: \"0.00\"m\";\"Y: \"-0.00\"m\"", Format::Other),
            ("0_ ;[Red]\\-0\\ ", Format::Other),
            ("General", Format::Other),
            ("@", Format::Other),
        ] {
            assert_eq!(time_by_code(code), expected, "{code}");
        }
        assert_eq!(built_in("14"), Format::Moment);
        for code in ["yyyy", "h:mm", "hh:mm:ss;@", "h:mm AM/PM", "\"År \"yyyy"] {
            assert_eq!(by_code(code), Format::Partial(code.into()));
        }
        for code in ["mmm yyyy", "d-m", "yyyy-mm-dd hh:mm", "m\"M\"d\"D\";@"] {
            assert_eq!(by_code(code), Format::Moment);
        }
        assert_eq!(built_in("46"), Format::Span);
        assert_eq!(built_in("0"), Format::Other);
    }

    #[test]
    fn a_number_is_the_shortest_decimal_that_is_it() {
        let read = |said| number(said, &Format::Other, false);
        let decimal = |digits: &str| Some(SheetValue::Number(digits.to_owned()));
        assert_eq!(read("2234.4499999999998"), decimal("2234.45"));
        assert_eq!(read("x"), None);
    }

    #[test]
    fn a_day_and_a_time_are_told_by_their_format() {
        let day = SheetValue::Day { year: 2018, month: 3, day: 4, time: String::new() };
        assert_eq!(number("43163", &Format::Moment, false), Some(day));
        assert_eq!(number("0.3125", &Format::Moment, false), Some(SheetValue::Time(27_000_000)));
        assert_eq!(number("1.3125", &Format::Span, false), Some(SheetValue::Time(113_400_000)));
        assert_eq!(number("-0.5", &Format::Span, false), Some(SheetValue::Time(-43_200_000)));
    }

    #[test]
    fn a_span_of_xml_is_read_to_the_millisecond() {
        for (text, expected) in [
            ("PT07H30M00S", Some(27_000_000)),
            ("PT168H", Some(604_800_000)),
            ("-P1DT2H", Some(-93_600_000)),
            ("PT30M", Some(1_800_000)),
            ("PT00H00M01.5S", Some(1_500)),
            ("PT07H29M59.999999997S", Some(27_000_000)),
            ("P1D", Some(86_400_000)),
            ("P1Y", None),
            ("PTxH", None),
            ("7:30", None),
            ("", None),
        ] {
            assert_eq!(span(text), expected, "{text}");
        }
    }
}
