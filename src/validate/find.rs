//! Finds the header: the delimiter under which it is the contract's, and the line it stands on.

use crate::contract::compiled::{Contract, HeaderAt, Layout, SenderRule};
use crate::domain::number::to_u64;
use crate::domain::quarantine::Reason;
use crate::source::bounds::Bound;
use crate::source::split::{RecordKind, Split};
use crate::source::text::EncodedText;
use crate::validate::header::{self, Header};
use std::io::{self, Read};

/// Most bytes a header is looked for in; a first line longer than any may be is known for that.
const HEADER_MAX: u64 = (1 << 20) + 1;
const _: () = assert!(Bound::LineBytes.released() < HEADER_MAX);

/// Bytes it is looked for in at first: nearly every header ends long before.
const HEADER_USUAL: u64 = 16 << 10;

/// A header, or why there is none.
type HeaderOrReason = Result<(u8, Header), Reason>;

/// The declared delimiter under which the header is the contract's, and the header read with it.
/// Where none is, the reason is the one of the line and delimiter that gave the most cells.
pub(crate) fn find(
    contract: &Contract,
    sender: Option<&SenderRule>,
    text: &EncodedText,
) -> io::Result<HeaderOrReason> {
    let mut input = text.open()?;
    let mut head = Vec::new();
    let header = find_in(&mut head, &mut input, HEADER_USUAL, (contract, sender, text))?;
    match header {
        Some(header) => Ok(header),
        None => {
            let header = find_in(&mut head, &mut input, HEADER_MAX, (contract, sender, text))?;
            Ok(header.unwrap_or(Err(Reason::EmptyFile {})))
        }
    }
}

/// The same in the first `most` bytes of the input, which `head` has the beginning of; `None` where
/// what is behind them could tell otherwise.
fn find_in(
    head: &mut Vec<u8>,
    input: &mut impl Read,
    most: u64,
    (contract, sender, text): (&Contract, Option<&SenderRule>, &EncodedText),
) -> io::Result<Option<HeaderOrReason>> {
    let length = |bytes: &[u8]| to_u64(bytes.len());
    input.take(most - length(head)).read_to_end(head)?;
    let whole = length(head) < most || most == HEADER_MAX;
    let lines = match text.layout.header {
        HeaderAt::First => 1..=1,
        HeaderAt::Line(line) => line..=line,
        HeaderAt::Within(most) => 1..=most,
    };
    let mut best: Option<(usize, Reason)> = None;
    for line in lines {
        for delimiter in &text.layout.delimiters {
            let mut split = Split::of(&head[..], *delimiter, text.layout);
            let begins = candidate(&mut split, text.layout, line)?;
            if !whole && split.taken() == head.len() {
                return Ok(None);
            }
            let Some((at, cells)) = begins else {
                return Ok(Some(Err(best.map_or(Reason::EmptyFile {}, |(_, reason)| reason))));
            };
            match header::read(contract, sender, at, &cells, text.encoding()) {
                Ok(header) => return Ok(Some(Ok((*delimiter, header)))),
                Err(reason) => {
                    if best.as_ref().is_none_or(|(width, _)| *width < cells.len()) {
                        best = Some((cells.len(), reason));
                    }
                }
            }
        }
    }
    Ok(Some(Err(best.map_or(Reason::EmptyFile {}, |(_, reason)| reason))))
}

/// The cells that begin on a line and its number (the first that is not blank, where that is
/// declared); `None` when the text ends before it.
fn candidate(
    split: &mut Split<&[u8]>,
    layout: &Layout,
    line: u32,
) -> io::Result<Option<(u32, Vec<Vec<u8>>)>> {
    for _ in 1..line {
        if split.skip_line()?.is_none() {
            return Ok(None);
        }
    }
    let mut piece = split.next()?;
    while layout.header == HeaderAt::First && piece == Some(RecordKind::Blank) {
        piece = split.next()?;
    }
    let mut buffer = Vec::new();
    let cells = (0..split.width()).map(|place| split.cell(place, &mut buffer).to_vec()).collect();
    Ok(piece.map(|_| (split.line(), cells)))
}
