//! A table as CSV: RFC 4180, comma, UTF-8 without BOM, and nothing a spreadsheet would run.

use crate::domain::formula::harmless;
use crate::metrics::data_table::{Column, DataTable};
use crate::write::csv::CsvWriter;

/// Writes `table` as CSV with a header.
///
/// - Shape: one record a row; an unknown value is an empty cell.
/// - Units: integers as they are, no thousands separator.
/// - Keeps: no hidden character and nothing that begins a formula, whatever was delivered.
pub(super) fn bytes(table: &DataTable) -> Vec<u8> {
    let mut csv = CsvWriter::for_programs();
    csv.line(table.columns.iter().map(Column::name));
    for row in 0..table.rows() {
        csv.line(table.columns.iter().map(|column| match column {
            Column::Int { values, .. } => {
                values[row].map_or_else(String::new, |value| value.to_string())
            }
            Column::Text { values, .. } => harmless(values[row].as_deref().unwrap_or("")),
        }));
    }
    csv.bytes()
}

/// One cell as it stands in such a file beside others.
pub(super) fn cell(text: &str) -> Vec<u8> {
    let mut csv = CsvWriter::for_programs();
    csv.line([harmless(text).as_str(), ""]);
    let mut line = csv.bytes();
    line.truncate(line.len() - ",\r\n".len());
    line
}

#[cfg(test)]
mod tests {
    use super::bytes;
    use crate::metrics::data_table::{Column, DataTable};
    use proptest::prelude::*;

    #[test]
    fn unknown_is_empty_and_zero_is_zero() {
        let table = DataTable::new(
            "t",
            vec![
                Column::int("kr_oere", [Some(0), None, Some(-5)]),
                Column::text("ord", ["a,b", "say \"hej\"", "c"].map(|x| Some(x.to_owned()))),
            ],
        );
        let written = String::from_utf8(bytes(&table)).expect("UTF-8");
        assert_eq!(written, "kr_oere,ord\r\n0,\"a,b\"\r\n,\"say \"\"hej\"\"\"\r\n-5,c\r\n");
    }

    proptest! {
        /// Whatever was delivered, a reader gets one record a row and only showable text.
        #[test]
        fn every_row_is_one_record(cells in prop::collection::vec("\\PC*|.{0,5}", 1..20)) {
            let rows = cells.len();
            let cells = cells.into_iter().map(Some);
            let table = DataTable::new("t", vec![
                Column::int("n", (0..).map(Some).take(rows)),
                Column::text("text", cells),
            ]);
            let written = bytes(&table);
            let mut reader = csv::Reader::from_reader(written.as_slice());
            let records: Vec<_> = reader.records().collect::<Result<_, _>>().expect("records");
            prop_assert_eq!(records.len(), rows);
            prop_assert!(records.iter().all(|r| !r[1].chars().any(char::is_control)));
        }
    }
}
