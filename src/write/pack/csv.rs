//! A pack as CSV: UTF-8 with a byte order mark, `;` and CRLF, as a Danish spreadsheet opens it.

use crate::write::csv::CsvWriter;
use crate::write::pack::rows::PackRows;
use std::borrow::Cow;

/// The rows as CSV.
pub(super) fn bytes(rows: &PackRows) -> Vec<u8> {
    let mut csv = CsvWriter::of_quoted_cells(b';');
    for (_, cells) in rows.written() {
        csv.line(cells.iter().map(|cell| quoted(cell)));
    }
    csv.bytes()
}

/// The cell in quotes where it holds any mark a spreadsheet may split at, whatever it is set to, or
/// a blank at an end that might be cut off.
fn quoted(cell: &str) -> Cow<'_, [u8]> {
    let blank = cell.starts_with(' ') || cell.ends_with(' ');
    if blank || cell.contains([';', ',', '"', '\t', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\"")).into_bytes().into()
    } else {
        cell.as_bytes().into()
    }
}
