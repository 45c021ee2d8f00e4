//! Finds the header: the delimiter under which it is the contract's, and the line it stands on.

use crate::contract::compiled::{Contract, HeaderAt, Layout, SenderRule};
use crate::domain::quarantine::Reason;
use crate::ingest::bounds::Bound;
use crate::ingest::header::{self, Header};
use crate::ingest::split::{Piece, Split};
use crate::ingest::text::Text;
use std::io::{self, Read as _};

/// Most bytes a header is looked for in; a first line longer than any may be is known for that.
const HEADER_MAX: u64 = (1 << 20) + 1;
const _: () = assert!(Bound::LineBytes.released() < HEADER_MAX);

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
    // Read once, however many lines and delimiters are tried.
    let mut head = Vec::new();
    text.open()?.take(HEADER_MAX).read_to_end(&mut head)?;
    let mut best: Option<(usize, Reason)> = None;
    for line in lines {
        for delimiter in &text.layout.delimiters {
            let Some((at, cells)) = candidate(&head, text.layout, line, *delimiter)? else {
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
    Ok(Err(best.map_or(Reason::EmptyFile {}, |(_, reason)| reason)))
}

/// The cells that begin on a line and its number (the first that is not blank, where that is
/// declared); `None` when the text ends before it.
fn candidate(
    head: &[u8],
    layout: &Layout,
    line: u32,
    delimiter: u8,
) -> io::Result<Option<(u32, Vec<Vec<u8>>)>> {
    let mut split = Split::of(head, delimiter, layout);
    for _ in 1..line {
        if split.skip_line()?.is_none() {
            return Ok(None);
        }
    }
    let mut piece = split.next()?;
    while layout.header == HeaderAt::First && piece == Some(Piece::Blank) {
        piece = split.next()?;
    }
    let mut buffer = Vec::new();
    let cells = (0..split.width()).map(|place| split.cell(place, &mut buffer).to_vec()).collect();
    Ok(piece.map(|_| (split.line(), cells)))
}
