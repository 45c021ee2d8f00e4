//! A pack as CSV: UTF-8 with a byte order mark, `;` and CRLF, as a Danish spreadsheet opens it.

use crate::write::pack::rows::PackRows;

/// The rows as CSV. A cell that holds any mark a spreadsheet may split at is quoted.
pub(super) fn bytes(rows: &PackRows) -> Vec<u8> {
    let mut out = String::from('\u{FEFF}');
    for (_, cells) in rows.written() {
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 {
                out.push(';');
            }
            let blank = cell.starts_with(' ') || cell.ends_with(' ');
            if blank || cell.contains([';', ',', '"', '\t', '\n']) {
                out.push('"');
                out.push_str(&cell.replace('"', "\"\""));
                out.push('"');
            } else {
                out.push_str(cell);
            }
        }
        out.push_str("\r\n");
    }
    out.into_bytes()
}
