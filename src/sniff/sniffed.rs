//! What is proposed of a file.

use crate::sniff::column::ProposedColumn;
use crate::sniff::note::Note;
use crate::sniff::side::Side;

/// What was found, with its evidence. No language: [`render`] says it.
#[derive(Debug)]
pub struct Sniffed {
    /// File name templates that claim the file, and why they are written so.
    pub names: Proposed<Vec<String>>,
    /// Container and sheet, size, lines, line ends, byte order mark.
    pub file: Vec<Note>,
    /// The number of the sheet, in a workbook: it has no encoding, delimiter or quotes.
    pub sheet: Option<u32>,
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
    pub fields: Vec<ProposedColumn>,
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

/// What is known of a table besides its records.
#[derive(Debug)]
pub(super) struct TableFile {
    /// Size, lines, line ends, byte order mark, container, sheet.
    pub(super) notes: Vec<Note>,
    /// The number of the sheet, in a workbook.
    pub(super) sheet: Option<u32>,
    /// The encoding's label.
    pub(super) encoding: Proposed<&'static str>,
    /// Whether every record was looked at.
    pub(super) whole: bool,
}
