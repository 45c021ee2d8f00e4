//! An unknown file to a contract ready to edit: every guess with its evidence, every doubt marked.

mod column;
mod date;
mod doubt;
mod encoding;
mod names;
mod note;
mod number;
mod propose;
mod records;
mod render;
mod side;
mod survey;
mod text;
mod when;
mod words;

pub use crate::sniff::render::render;

use crate::domain::error::Error;
use crate::domain::source::Content;
use crate::sniff::column::Field;
use crate::sniff::note::Note;
use crate::sniff::side::Side;
use std::io;

/// What was found, with its evidence. No language: [`render`] says it.
#[derive(Debug)]
pub struct Sniffed {
    /// File name templates that claim the file, and why they are written so.
    pub names: Proposed<Vec<String>>,
    /// Size, lines, line ends, byte order mark.
    pub file: Vec<Note>,
    /// The encoding's label.
    pub encoding: Proposed<&'static str>,
    /// Whether all cells beyond the header are empty, so that they may be read over.
    pub trailing: bool,
    /// Whether something stands before the header.
    pub preamble: bool,
    /// The delimiter.
    pub delimiter: Proposed<char>,
    /// The quote character.
    pub quote: Proposed<char>,
    /// Whether quotes stand within quoted cells, so that one closes a cell only where it can end.
    pub loose: bool,
    /// The 1-based line of the header; `None` when no line looks like one.
    pub header: Proposed<Option<usize>>,
    /// Whether the contract names every column of the header.
    pub closed: Proposed<bool>,
    /// The columns, as they stand in the file.
    pub fields: Vec<Field>,
    /// Cells that mean "no value".
    pub missing: Proposed<Vec<String>>,
    /// The amount column's scale, where its heading says one.
    pub scale: Option<u32>,
    /// `net`, `gross` or `unknown`: whether amounts include VAT.
    pub vat: &'static str,
    /// The authority of every line, where no column and no file name says it.
    pub authority: Option<&'static str>,
    /// Columns that together stood once in the lines looked at, each set a candidate for the key.
    pub keys: Vec<Vec<String>>,
    /// What else was seen: rows that add up others, repeated headers, rows of delimiters.
    pub rows: Vec<Note>,
    /// Periods that stand side by side in the headings.
    pub side: Option<Side>,
    /// What the contract still lacks before it can run.
    pub lacking: Vec<Note>,
    /// Questions about the whole file without whose answer the contract does not run.
    pub undecided: Vec<&'static str>,
}

/// A guess and what speaks for it.
#[derive(Debug)]
pub struct Proposed<T> {
    /// The guess.
    pub value: T,
    /// Evidence and questions.
    pub notes: Vec<Note>,
}

/// Looks at a file and proposes a contract for it.
///
/// - Shape: columns in the file's order; every question that the bytes could not decide is a note
///   with `check` set. What is undecided is proposed so that it refuses lines, never so that it
///   could post them wrongly.
/// - Looks at all bytes for encoding and line ends, at the first 2 MiB (at most 20,000 records) for
///   all else.
///
/// # Errors
/// [`Error::Read`] when the file cannot be read, [`Error::Changed`] when it was written to
/// meanwhile, [`Error::Nothing`] when it is empty, no table, or has a line no delivery may have.
pub fn sniff(name: &str, content: &dyn Content) -> Result<Sniffed, Error> {
    let help = "check that the file is there and that you may read it";
    let unreadable = |source: io::Error| Error::reading(name.into(), source, help);
    let survey = survey::survey(content.open().map_err(unreadable)?).map_err(unreadable)?;
    content.unchanged().map_err(unreadable)?;
    if survey.bytes == 0 {
        return Err(Error::Nothing {
            what: format!("`{}` is empty", note::safe(name)),
            help: "ask the sender for the file again",
        });
    }
    if let Some(kind) = survey::no_table(name, &survey) {
        return Err(Error::Nothing {
            what: format!("`{}` is no table of text but {kind}", note::safe(name)),
            help: if matches!(kind, "a workbook" | "Excel 97") {
                "open the workbook and save the sheet as CSV to sniff it; a contract reads .xlsx \
                 and .ods as they are"
            } else if matches!(kind, "HTML" | "JSON") {
                "it may be a page to sign in on, or an error in place of the file: fetch it again"
            } else {
                "unpack it or save it as CSV, and sniff that"
            },
        });
    }
    let encoding = encoding::guess(&survey);
    if let Some(bound) = records::too_large(&encoding.text) {
        return Err(Error::Nothing {
            what: format!(
                "`{}` has a line that is larger than any may be: the bound `{}` is {}",
                note::safe(name),
                bound.name(),
                bound.limit()
            ),
            help: "look for a line end that is missing or another than the sender says",
        });
    }
    let table = records::table(&encoding.text);
    Ok(propose::propose(name, &survey, encoding, &table))
}

#[cfg(test)]
mod tests;
