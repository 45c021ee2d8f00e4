//! A table as CSV that a spreadsheet of the language opens as it stands: exact numbers, safe text.

use crate::domain::formula::harmless;
use crate::domain::known::Known;
use crate::domain::language::Language;
use crate::report::document::{Table, Value};
use crate::write::csv::CsvWriter;
use crate::write::text::messages::Texts;

/// The table as UTF-8 with a byte order mark, lines ending in CR LF, in the delimiter and decimal
/// mark that a spreadsheet set to the language expects.
///
/// Money is in whole units with two places; shares in per cent and indices with four. A figure that
/// is not known is the word for why. Text is harmless, as in every CSV.
pub(crate) fn encode(table: &Table, language: Language, texts: &Texts) -> Vec<u8> {
    let (delimiter, mark) = match language {
        Language::Da => (b';', ','),
        Language::En => (b',', '.'),
    };
    let mut csv = CsvWriter::for_spreadsheets(delimiter);
    csv.line(table.columns.iter().map(|head| harmless(&texts.say(head))));
    for row in &table.rows {
        csv.line(row.iter().map(|value| cell(value, mark, texts)));
    }
    csv.bytes()
}

fn cell(value: &Value, mark: char, texts: &Texts) -> String {
    let number = match value {
        Value::Money(amount) | Value::Exact(amount) => {
            amount.map(|amount| decimal(amount.get(), 2, mark))
        }
        Value::Count(count) => count.map(|count| count.to_string()),
        Value::Percent(share) => share.map(|share| decimal(share.parts_per_million(), 4, mark)),
        Value::Ppm(ppm) | Value::Index(ppm) => ppm.map(|ppm| decimal(ppm, 4, mark)),
        Value::Month(month) => return month.to_string(),
        Value::Span(span) => return span.to_string(),
        Value::Headline(_)
        | Value::Name(_)
        | Value::Verbatim(_)
        | Value::Notice(_)
        | Value::Phrase(_) => {
            return harmless(&texts.value(value));
        }
        Value::Empty => return String::new(),
    };
    match number {
        Known::Value(number) => number,
        Known::Missing | Known::Suppressed | Known::NotApplicable => texts.value(value),
    }
}

/// A whole number of the smallest part, written with its decimal places.
fn decimal(number: i64, places: usize, mark: char) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", number.unsigned_abs(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    format!("{sign}{whole}{mark}{part}")
}

#[cfg(test)]
mod tests {
    use super::{decimal, encode};
    use crate::domain::known::Known;
    use crate::domain::language::{Language, Names};
    use crate::domain::money::Oere;
    use crate::report::document::{Phrase, Table, Value};
    use crate::write::text::messages::texts;

    #[test]
    fn numbers_are_exact_in_the_marks_of_the_language() {
        assert_eq!(decimal(-5, 2, ','), "-0,05");
        assert_eq!(decimal(4_800_000, 2, ','), "48000,00");
        assert_eq!(decimal(1_000_000, 4, ','), "100,0000");
        assert_eq!(decimal(i64::MIN, 2, '.'), "-92233720368547758.08");
    }

    #[test]
    fn a_table_is_written_as_a_danish_spreadsheet_reads_it() {
        let table = Table {
            caption: Phrase::new("bridge.caption"),
            columns: vec![Phrase::new("column.step"), Phrase::new("column.amount")],
            rows: vec![
                vec![
                    Value::Verbatim("=a;\"b\"".to_owned()),
                    Value::Exact(Known::Value(Oere::new(-123_456))),
                ],
                vec![Value::Empty, Value::Count(Known::Value(7))],
            ],
        };
        let texts = texts(Language::Da, &Names::same("kr."));
        let written = String::from_utf8(encode(&table, Language::Da, &texts)).expect("UTF-8");
        let expected = "\u{FEFF}Led;Beløb\r\n\"'=a;\"\"b\"\"\";-1234,56\r\n;7\r\n";
        assert_eq!(written, expected);
    }
}
