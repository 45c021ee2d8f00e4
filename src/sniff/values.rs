//! The values of one column, and the forms they are read in.

use crate::contract::compiled::Role;
use crate::sniff::note::{Note, samples};
use crate::sniff::words;
use std::collections::BTreeSet;

/// How cells of a column are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellForm {
    /// As text.
    Text,
    /// As numbers, with these marks and these ways to write minus one.
    Number {
        /// Between units and decimals.
        decimal: Option<char>,
        /// Between thousands.
        group: Option<char>,
        /// As `-1`, `1-`, `(1)`.
        negative: Vec<&'static str>,
    },
    /// As dates, in these forms.
    Date(Vec<String>),
}

/// A column as it stands in the file.
pub(super) struct ColumnValues<'a> {
    pub(super) heading: &'a str,
    /// What its heading is a sign of, where no other column is a surer sign.
    pub(super) role: Option<Role>,
    /// Its cells that are neither empty nor commonly mean "no value".
    pub(super) cells: Vec<&'a str>,
    /// Those of them that may hold a personal number together with the cells beside them.
    pub(super) hidden: BTreeSet<&'a str>,
    /// Empty cells, and cells that commonly mean "no value".
    pub(super) absent: usize,
}

/// Notes values that are unlike the others of the column: lone dashes apart, for they may be zero.
pub(super) fn odd(values: &ColumnValues, fits: impl Fn(&str) -> bool, notes: &mut Vec<Note>) {
    let others: Vec<&str> = values.cells.iter().copied().filter(|cell| !fits(cell)).collect();
    let dashes = others.iter().filter(|cell| words::dash(cell)).count();
    if dashes > 0 {
        notes.push(Note::check("dash").count("count", dashes));
    }
    if others.len() > dashes {
        let may_show = |cell: &&str| !words::dash(cell) && !values.hidden.contains(cell);
        let shown = samples(others.iter().copied().filter(may_show));
        let odd = others.len() - dashes;
        notes.push(Note::check("odd").count("count", odd).with("samples", &shown));
    }
}
