//! Numbers of a workbook, and the days among them: told by the format they are shown in.

use crate::ingest::sheet::Value;
use calamine::{ExcelDateTime, ExcelDateTimeType};

/// What a number format shows a number as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// A number, or a text.
    Other,
    /// A day, a time of day, or both.
    Moment,
    /// A span of time.
    Span,
}

/// The format a workbook has under this number without saying so.
///
/// Source: ECMA-376, part 1, 18.8.30.
pub(super) fn built_in(id: &str) -> Format {
    match id.parse::<u32>() {
        Ok(14..=22 | 27..=36 | 45 | 47 | 50..=58) => Format::Moment,
        Ok(46) => Format::Span,
        Ok(_) | Err(_) => Format::Other,
    }
}

/// What the first part of a format's code shows: letters of days and hours outside quotes, escapes
/// and brackets are a moment; `[h]`, `[mm]` and the like a span.
pub(super) fn by_code(code: &str) -> Format {
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

/// A number as it is written in XML; `None` where it is none.
pub(super) fn number(said: &str, format: Format, from_1904: bool) -> Option<Value> {
    let kind = match format {
        Format::Span => ExcelDateTimeType::TimeDelta,
        Format::Other | Format::Moment => ExcelDateTimeType::DateTime,
    };
    let moment = ExcelDateTime::new(said.parse().ok()?, kind, from_1904);
    let number = moment.to_string();
    let dated =
        format == Format::Moment && number.starts_with(|first: char| ('1'..='9').contains(&first));
    // A time of no day is the number it is.
    if !dated {
        return Some(Value::Number(number));
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let midnight = (hour, minute, second) == (0, 0, 0);
    let time = if midnight { String::new() } else { format!("T{hour:02}:{minute:02}:{second:02}") };
    Some(Value::Day { year, month, day, time })
}

/// `2018-03-04`, or the same with a time behind it.
pub(super) fn iso(text: &str) -> Option<Value> {
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, format!("T{time}")),
        None => (text, String::new()),
    };
    let mut parts = date.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    let time = if time.starts_with("T00:00:00") { String::new() } else { time };
    Some(Value::Day { year, month, day, time })
}

#[cfg(test)]
mod tests {
    use super::{Format, built_in, by_code, number};
    use crate::ingest::sheet::Value;

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
            assert_eq!(by_code(code), expected, "{code}");
        }
        assert_eq!(built_in("14"), Format::Moment);
        assert_eq!(built_in("46"), Format::Span);
        assert_eq!(built_in("0"), Format::Other);
    }

    #[test]
    fn a_number_is_the_shortest_decimal_that_is_it() {
        let read = |said| number(said, Format::Other, false);
        let decimal = |digits: &str| Some(Value::Number(digits.to_owned()));
        assert_eq!(read("2234.4499999999998"), decimal("2234.45"));
        assert_eq!(read("1E+20"), decimal("100000000000000000000"));
        assert_eq!(read("x"), None);
        let day = Value::Day { year: 2018, month: 3, day: 4, time: String::new() };
        assert_eq!(number("43163", Format::Moment, false), Some(day));
        assert_eq!(number("0.5", Format::Moment, false), decimal("0.5"));
        assert_eq!(number("43163", Format::Span, false), decimal("43163"));
    }
}
