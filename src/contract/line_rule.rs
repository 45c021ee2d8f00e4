//! What a line that is no data is, and how it is known.

use serde::{Deserialize, Serialize};

/// Why a line of a delivery is no data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NotData {
    /// Nothing stands on it.
    Blank,
    /// It stands before the header.
    Preamble,
    /// The header.
    Header,
    /// It begins with the comment mark, or is declared a comment by its number.
    Comment,
    /// Cells, and nothing in any of them.
    EmptyRow,
    /// The header again.
    RepeatedHeader,
    /// A total of lines.
    Total,
    /// A total of some lines, or a level of a hierarchy.
    Subtotal,
    /// A remark.
    Footnote,
    /// An entry of a lookup table, which holds and carries no figure.
    Lookup,
    /// A row of a correction pack: the line it is for counts where it was delivered.
    Correction,
    /// A line of a delivery with the bytes of another, which counts there.
    Copy,
}

impl NotData {
    /// Every reason, in order.
    pub const ALL: [NotData; 12] = [
        NotData::Blank,
        NotData::Preamble,
        NotData::Header,
        NotData::Comment,
        NotData::EmptyRow,
        NotData::RepeatedHeader,
        NotData::Total,
        NotData::Subtotal,
        NotData::Footnote,
        NotData::Lookup,
        NotData::Correction,
        NotData::Copy,
    ];

    /// The word for it in contracts and in the receipt.
    pub fn word(self) -> &'static str {
        match self {
            NotData::Blank => "blank",
            NotData::Preamble => "preamble",
            NotData::Header => "header",
            NotData::Comment => "comment",
            NotData::EmptyRow => "emptyRow",
            NotData::RepeatedHeader => "repeatedHeader",
            NotData::Total => "total",
            NotData::Subtotal => "subtotal",
            NotData::Footnote => "footnote",
            NotData::Lookup => "lookup",
            NotData::Correction => "correction",
            NotData::Copy => "copy",
        }
    }
}

/// A declared way to know a line that is no data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// What such a line is.
    pub what: NotData,
    /// How it is known.
    pub test: Test,
}

/// How a line that is no data is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// No cell has anything in it.
    EmptyRow,
    /// The contract's columns hold what they hold in the header.
    RepeatedHeader,
    /// These columns have something in them, and no other cell has.
    OnlyFilled(Vec<usize>),
    /// The column is as described.
    Cell(usize, CellTest),
}

/// What a cell must be, spaces around it aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellTest {
    /// Empty.
    Empty,
    /// Not empty.
    NotEmpty,
    /// One of these texts.
    Equals(Vec<String>),
    /// A text that begins with one of these.
    StartsWith(Vec<String>),
    /// A text of one of these forms: `#` is one digit, `*` anything, the rest itself.
    Like(Vec<String>),
}
