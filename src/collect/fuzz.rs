//! The stages inside `ingest`, opened for the fuzzers in `tests/fuzz`: values in, values out.

use crate::contract::charset::Charset;
use crate::contract::compiled::{DateForm, LenientNumberForm, NumberForm};
use crate::contract::date;
use crate::domain::period::Period;
use crate::domain::privacy;
use crate::source::charset::{self, Checks};
use crate::source::{decode, split};
use crate::validate::cell;
use encoding_rs::Encoding;
use std::io::{self, BufRead, Read};

/// What a splitter is told.
#[derive(Debug, Clone, Copy)]
pub struct SplitterSettings {
    /// Between cells.
    pub delimiter: u8,
    /// Round cells.
    pub quote: Option<u8>,
    /// Most physical lines of a record.
    pub max_lines: usize,
    /// Cells of a record, where they are known.
    pub width: Option<usize>,
}

/// One record, or a line that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SplitRecord {
    /// The cells of a record, quotes taken off.
    Record(Vec<Vec<u8>>),
    /// A line with nothing on it.
    Blank,
    /// A line whose quotes are no record's.
    Unclosed,
}

/// A text taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitRecords {
    /// Each piece, and the 1-based line it begins on.
    pub pieces: Vec<(u32, SplitRecord)>,
    /// Bytes that are in the pieces.
    pub bytes: usize,
    /// Physical lines that are in the pieces.
    pub lines: u32,
}

/// Takes a text apart.
///
/// # Errors
/// Those of the input.
pub fn split(input: impl BufRead, marks: SplitterSettings) -> io::Result<SplitRecords> {
    let mut split = split::Split::new(input, marks.delimiter, marks.quote, marks.max_lines);
    if let Some(width) = marks.width {
        split.expect(width);
    }
    let mut pieces = Vec::new();
    let mut buffer = Vec::new();
    while let Some(piece) = split.next()? {
        let piece = match piece {
            split::RecordKind::Record => {
                let cell = |place| split.cell(place, &mut buffer).to_vec();
                SplitRecord::Record((0..split.width()).map(cell).collect())
            }
            split::RecordKind::Blank => SplitRecord::Blank,
            split::RecordKind::Unclosed => SplitRecord::Unclosed,
        };
        pieces.push((split.line(), piece));
    }
    Ok(SplitRecords { pieces, bytes: split.consumed(), lines: split.lines() })
}

/// Bytes of an encoding as bytes in which ASCII is ASCII, and the encoding those are in.
pub fn decoded(
    input: Box<dyn Read + Send>,
    charset: Charset,
) -> (Box<dyn Read + Send>, &'static Encoding) {
    (decode::reader(input, charset), decode::inner(charset))
}

/// The declared encoding the bytes are in, fed in parts; else the line and the evidence.
///
/// # Errors
/// Where the bytes contradict every declared encoding.
pub fn encoding<'a>(
    parts: impl Iterator<Item = &'a [u8]>,
    declared: &[Charset],
) -> Result<Charset, (u32, String)> {
    let mut checks = Checks::new(declared);
    parts.for_each(|part| checks.feed(part));
    checks.end().map_err(|evidence| (evidence.line, evidence.found))
}

/// The declared encoding the head of a text settles on.
pub fn likely(head: &[u8], declared: &[Charset]) -> Option<&'static Encoding> {
    charset::likely(head, declared)
}

/// A cell as hundredths times the form's scale.
pub fn amount(
    cell: &[u8],
    form: NumberForm,
    lenient: Option<&LenientNumberForm>,
    encoding: &'static Encoding,
) -> Option<i64> {
    cell::number::amount(cell, form, lenient, encoding)
}

/// A cell as a whole number times the form's scale.
pub fn count(
    cell: &[u8],
    form: NumberForm,
    lenient: Option<&LenientNumberForm>,
    encoding: &'static Encoding,
) -> Option<i64> {
    cell::number::count(cell, form, lenient, encoding)
}

/// A cell as a month or a closing period.
pub fn period(cell: &[u8], forms: &[DateForm]) -> Option<Period> {
    cell::date::period(cell, forms)
}

/// A date as a form writes it, month 13 as the closing period.
pub fn dated(form: &DateForm, year: i16, month: u8, day: u8) -> Option<String> {
    date::write(form, year, month, day)
}

/// Whether a text holds what may be a personal number.
pub fn may_hold_cpr(text: &[u8]) -> bool {
    privacy::may_hold_cpr(text)
}

/// The value of a digit, ASCII or not.
pub fn digit(letter: char) -> Option<u8> {
    privacy::digit(letter)
}

/// Whether digits on both sides of a character are seen side by side.
pub fn is_invisible(letter: char) -> bool {
    privacy::is_invisible(letter)
}

/// A name as it is shown.
pub fn masked(name: &str) -> String {
    privacy::masked(name).into_owned()
}

/// A text as it is shown.
pub fn shown(text: &[u8], encoding: &'static Encoding) -> String {
    privacy::show(text, encoding).into_string()
}
