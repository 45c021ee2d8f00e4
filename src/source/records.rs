//! What stands in a delivery before any rule: its records by the layout alone. What the reader is
//! held to known records through.

use crate::contract::compiled::Layout;
use crate::domain::quarantine::Reason;
use crate::source::content::Content;
use crate::source::scan::{scan, whole_file};
use crate::source::split::{RecordKind, Split};
use crate::source::text::EncodedText;
use std::io::{self, BufReader};

/// What begins on one physical line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextRecord {
    /// Cells, quotes taken off; line breaks in them are LF.
    Record(Vec<String>),
    /// Nothing but spaces.
    Blank,
    /// A quote that is opened and not closed, or closed in the middle of a cell.
    Unclosed,
}

/// Reads content by the first of the layout's delimiters, header and preamble included.
///
/// - Shape: in order, each with the physical line it begins on.
/// - Errors: the outer one when the content cannot be read, the inner when it is no table or in
///   none of the layout's encodings.
pub(crate) fn records(
    content: &dyn Content,
    layout: &Layout,
) -> io::Result<Result<Vec<(u32, TextRecord)>, Reason>> {
    let charset = match whole_file(&scan(content.open()?, &layout.encodings)?, &layout.encodings) {
        Ok(charset) => charset,
        Err(reason) => return Ok(Err(reason)),
    };
    let text = EncodedText { content, charset, layout };
    let mut split = Split::of(BufReader::new(text.open()?), layout.delimiters[0], layout);
    let (mut rows, mut buffer) = (Vec::new(), Vec::new());
    while let Some(piece) = split.next()? {
        let row = match piece {
            RecordKind::Record => TextRecord::Record(
                (0..split.width())
                    .map(|place| {
                        let cell = split.cell(place, &mut buffer);
                        text.encoding().decode_without_bom_handling(cell).0.into_owned()
                    })
                    .collect(),
            ),
            RecordKind::Blank => TextRecord::Blank,
            RecordKind::Unclosed => TextRecord::Unclosed,
        };
        rows.push((split.line(), row));
    }
    Ok(Ok(rows))
}
