//! Lines that are no data, by declaration: totals, footnotes, repeated headers, empty rows.

use crate::contract::compiled::Column;
use crate::contract::reader::Reader;
use crate::contract::schema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

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

/// Compiles the rules; what does not hold is noted in `reader`.
pub(super) fn rules(
    written: &[schema::NotData],
    columns: &[Column],
    reader: &mut Reader,
) -> Vec<Rule> {
    written.iter().filter_map(|rule| self::rule(rule, columns, reader)).collect()
}

fn rule(written: &schema::NotData, columns: &[Column], reader: &mut Reader) -> Option<Rule> {
    let declared = NotData::ALL.into_iter().find(|what| what.word() == written.what.get_ref());
    let mut tests = Vec::new();
    if !written.only_filled.is_empty() {
        let places: Option<Vec<usize>> =
            written.only_filled.iter().map(|name| reader.column(columns, name)).collect();
        tests.push(Test::OnlyFilled(places?));
    }
    if let Some(name) = &written.column {
        let place = reader.column(columns, name)?;
        tests.extend(cell_tests(written).into_iter().map(|test| Test::Cell(place, test)));
    }
    match (declared, tests.len()) {
        (Some(NotData::EmptyRow), 0) => {
            Some(Rule { what: NotData::EmptyRow, test: Test::EmptyRow })
        }
        (Some(NotData::RepeatedHeader), 0) => {
            Some(Rule { what: NotData::RepeatedHeader, test: Test::RepeatedHeader })
        }
        (Some(what @ (NotData::Total | NotData::Subtotal | NotData::Footnote)), 1) => {
            tests.pop().map(|test| Rule { what, test })
        }
        (
            Some(
                NotData::EmptyRow
                | NotData::RepeatedHeader
                | NotData::Total
                | NotData::Subtotal
                | NotData::Footnote,
            ),
            _,
        ) => {
            one_test(&written.what, reader);
            None
        }
        (
            None
            | Some(
                NotData::Blank
                | NotData::Preamble
                | NotData::Header
                | NotData::Comment
                | NotData::Lookup
                | NotData::Correction
                | NotData::Copy,
            ),
            _,
        ) => {
            let help = "use emptyRow, repeatedHeader, total, subtotal or footnote";
            reader.unknown(&written.what, "kind of line that is no data by a rule", help);
            None
        }
    }
}

fn one_test(what: &Spanned<String>, reader: &mut Reader) {
    reader.at(
        what,
        &format!("`{}` has too many tests, or none", what.get_ref()),
        "emptyRow and repeatedHeader stand alone; the others have either `onlyFilled`, or `column` \
         with one of equals, startsWith, like, empty = true, notEmpty = true",
    );
}

fn cell_tests(written: &schema::NotData) -> Vec<CellTest> {
    let mut tests = Vec::new();
    if written.empty {
        tests.push(CellTest::Empty);
    }
    if written.not_empty {
        tests.push(CellTest::NotEmpty);
    }
    if !written.equals.is_empty() {
        tests.push(CellTest::Equals(written.equals.clone()));
    }
    if !written.starts_with.is_empty() {
        tests.push(CellTest::StartsWith(written.starts_with.clone()));
    }
    if !written.like.is_empty() {
        tests.push(CellTest::Like(written.like.clone()));
    }
    tests
}
