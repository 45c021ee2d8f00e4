//! A table as CSV that a spreadsheet of the language opens as it stands: exact numbers, safe text.

use crate::domain::formula::harmless;
use crate::domain::known::Known;
use crate::domain::language::Language;
use crate::report::document::{Table, Value};
use crate::write::text::messages::Texts;

/// Separator and decimal mark a spreadsheet set to the language expects.
struct CsvStyle {
    separator: char,
    decimal: char,
}

fn marks(language: Language) -> CsvStyle {
    match language {
        Language::Da => CsvStyle { separator: ';', decimal: ',' },
        Language::En => CsvStyle { separator: ',', decimal: '.' },
    }
}

/// The table as UTF-8 with a byte order mark, lines ending in CR LF.
///
/// Money is in whole units with two places; shares in per cent and indices with four. A figure that
/// is not known is the word for why. Text is harmless, as in every CSV.
pub(crate) fn encode(table: &Table, language: Language, texts: &Texts) -> Vec<u8> {
    let marks = marks(language);
    let mut out = String::from('\u{FEFF}');
    let heads = table.columns.iter().map(|head| harmless(&texts.say(head)));
    line(&mut out, &marks, heads);
    for row in &table.rows {
        let cells = row.iter().map(|value| cell(value, &marks, texts));
        line(&mut out, &marks, cells);
    }
    out.into_bytes()
}

fn line(out: &mut String, marks: &CsvStyle, cells: impl Iterator<Item = String>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            out.push(marks.separator);
        }
        out.push_str(&quoted(&cell, marks));
    }
    out.push_str("\r\n");
}

fn quoted(cell: &str, marks: &CsvStyle) -> String {
    let special = |c: char| c == marks.separator || matches!(c, '"' | '\r' | '\n');
    if cell.contains(special) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

fn cell(value: &Value, marks: &CsvStyle, texts: &Texts) -> String {
    let number = match value {
        Value::Money(amount) | Value::Exact(amount) => {
            amount.map(|amount| decimal(amount.get(), 2, marks))
        }
        Value::Count(count) => count.map(|count| count.to_string()),
        Value::Percent(share) => share.map(|share| decimal(share.parts_per_million(), 4, marks)),
        Value::Ppm(ppm) | Value::Index(ppm) => ppm.map(|ppm| decimal(ppm, 4, marks)),
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
fn decimal(number: i64, places: usize, marks: &CsvStyle) -> String {
    let sign = if number < 0 { "-" } else { "" };
    let digits = format!("{:0width$}", number.unsigned_abs(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    format!("{sign}{whole}{}{part}", marks.decimal)
}

#[cfg(test)]
mod tests {
    use super::{decimal, encode, marks};
    use crate::domain::known::Known;
    use crate::domain::language::{Language, Names};
    use crate::domain::money::Oere;
    use crate::report::document::{Phrase, Table, Value};
    use crate::write::text::messages::texts;

    #[test]
    fn numbers_are_exact_in_the_marks_of_the_language() {
        let danish = marks(Language::Da);
        assert_eq!(decimal(-5, 2, &danish), "-0,05");
        assert_eq!(decimal(4_800_000, 2, &danish), "48000,00");
        assert_eq!(decimal(1_000_000, 4, &danish), "100,0000");
        assert_eq!(decimal(i64::MIN, 2, &marks(Language::En)), "-92233720368547758.08");
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
