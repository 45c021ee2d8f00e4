//! A delivery that is another kind of file than its name says: a workbook named `.csv`, a CSV file
//! named `.xlsx`.

use crate::domain::packing::Packing;
use crate::domain::quarantine::Reason;
use crate::source::charset::HEAD;
use crate::source::content::Content;
use crate::source::scan::{fill, looks_like};
use crate::source::workbook;
use std::io;

/// Endings of names of workbooks.
const WORKBOOKS: [&str; 5] = [Packing::Xlsx.ending(), Packing::Ods.ending(), "xls", "xlsm", "xlsb"];

/// The reason a delivery is refused for, or, where its bytes are of another kind than its name
/// says, that.
pub(crate) fn misnamed(name: &str, content: &dyn Content, reason: Reason) -> io::Result<Reason> {
    let (Reason::NotATable { .. } | Reason::BrokenContainer { .. }) = &reason else {
        return Ok(reason);
    };
    let Some((_, ending)) = name.rsplit_once('.') else { return Ok(reason) };
    let ending = ending.to_lowercase();
    let named = WORKBOOKS.contains(&ending.as_str());
    let mut head = vec![0; HEAD];
    let length = fill(&mut content.open()?, &mut head)?;
    head.truncate(length);
    let found = match looks_like(&head) {
        Some("zip") => workbook::kind(content)?,
        Some("Excel 97") => Some("xls"),
        Some(found @ ("HTML" | "JSON" | "XML" | "PDF")) => Some(found).filter(|_| named),
        Some(_) => None,
        None => (named && is_text(&head)).then_some("CSV"),
    };
    Ok(match found {
        Some(found) if found != ending => {
            Reason::Misnamed { found: found.into(), expected: ending.into() }
        }
        Some(_) | None => reason,
    })
}

/// Whether bytes are some text, and not the beginning of a damaged zip.
fn is_text(head: &[u8]) -> bool {
    let control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C);
    head.contains(&b'\n') && !head.starts_with(b"PK") && !head.iter().any(control)
}
