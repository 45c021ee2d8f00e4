//! A table as CSV: RFC 4180, comma, UTF-8 without BOM, and nothing a spreadsheet would run.

use crate::domain::error::Error;
use crate::domain::formula::harmless;
use crate::metrics::data_table::{Column, DataTable};
use csv::{Terminator, Writer, WriterBuilder};

/// Writes `table` as CSV with a header.
///
/// - Shape: one record a row; an unknown value is an empty cell.
/// - Units: integers as they are, no thousands separator.
/// - Keeps: no hidden character and nothing that begins a formula, whatever was delivered.
/// - Errors: `Encode` when the encoder refuses, which would be a bug.
pub(super) fn bytes(table: &DataTable) -> Result<Vec<u8>, Error> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    write_all(&mut writer, table).map_err(|error| refused(table, &error.to_string()))?;
    writer.into_inner().map_err(|error| refused(table, &error.to_string()))
}

fn refused(table: &DataTable, detail: &str) -> Error {
    Error::Encode { what: format!("{}.csv", table.name), detail: detail.to_owned() }
}

fn write_all(writer: &mut Writer<Vec<u8>>, table: &DataTable) -> csv::Result<()> {
    writer.write_record(table.columns.iter().map(Column::name))?;
    for row in 0..table.rows() {
        for column in &table.columns {
            match column {
                Column::Int { values, .. } => {
                    let digits = values[row].map_or_else(String::new, |value| value.to_string());
                    writer.write_field(digits)?;
                }
                Column::Text { values, .. } => {
                    writer.write_field(harmless(values[row].as_deref().unwrap_or("")))?;
                }
            }
        }
        writer.write_record(None::<&[u8]>)?;
    }
    Ok(())
}

/// One cell as it is written.
pub(super) fn cell(text: &str) -> Vec<u8> {
    let safe = harmless(text);
    if safe.contains([',', '"']) {
        format!("\"{}\"", safe.replace('"', "\"\"")).into_bytes()
    } else {
        safe.into_bytes()
    }
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
        let written = String::from_utf8(bytes(&table).expect("a file")).expect("UTF-8");
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
            let written = bytes(&table).expect("a file");
            let mut reader = csv::Reader::from_reader(written.as_slice());
            let records: Vec<_> = reader.records().collect::<Result<_, _>>().expect("records");
            prop_assert_eq!(records.len(), rows);
            prop_assert!(records.iter().all(|r| !r[1].chars().any(char::is_control)));
        }
    }
}
