//! Finds the header: the delimiter under which it is the contract's, and the line it stands on.

use crate::contract::compiled::{Contract, HeaderAt, SenderRule};
use crate::domain::quarantine::Reason;
use crate::ingest::header::{self, Header};
use crate::ingest::split::{Piece, Split};
use crate::ingest::text::Text;
use std::io::{self, BufReader, Read as _};

/// Most bytes a header is looked for in: a longer one is no header.
const HEADER_MAX: u64 = 1 << 20;

/// The declared delimiter under which the header is the contract's, and the header read with it.
/// Where none is, the reason is the one of the line and delimiter that gave the most cells.
pub(super) fn find(
    contract: &Contract,
    sender: Option<&SenderRule>,
    text: &Text,
) -> io::Result<Result<(u8, Header), Reason>> {
    let lines = match text.layout.header {
        HeaderAt::First => 1..=1,
        HeaderAt::Line(line) => line..=line,
        HeaderAt::Within(most) => 1..=most,
    };
    let mut best: Option<(usize, Reason)> = None;
    for line in lines {
        for delimiter in &text.layout.delimiters {
            let Some((at, cells)) = candidate(text, line, *delimiter)? else {
                return Ok(Err(best.map_or(Reason::EmptyFile {}, |(_, reason)| reason)));
            };
            match header::read(contract, sender, at, &cells, text.encoding()) {
                Ok(header) => return Ok(Ok((*delimiter, header))),
                Err(reason) => {
                    if best.as_ref().is_none_or(|(width, _)| *width < cells.len()) {
                        best = Some((cells.len(), reason));
                    }
                }
            }
        }
    }
    Ok(Err(best.expect("a layout has a delimiter").1))
}

/// The cells that begin on a line and its number (the first that is not blank, where that is
/// declared); `None` when the text ends before it.
fn candidate(text: &Text, line: u32, delimiter: u8) -> io::Result<Option<(u32, Vec<Vec<u8>>)>> {
    let input = BufReader::new(text.open()?.take(HEADER_MAX));
    let mut split = Split::of(input, delimiter, text.layout);
    for _ in 1..line {
        split.skip_line()?;
    }
    let mut piece = split.next()?;
    while text.layout.header == HeaderAt::First && piece == Some(Piece::Blank) {
        piece = split.next()?;
    }
    let mut buffer = Vec::new();
    let cells = (0..split.width()).map(|place| split.cell(place, &mut buffer).to_vec()).collect();
    Ok(piece.map(|_| (split.line(), cells)))
}
