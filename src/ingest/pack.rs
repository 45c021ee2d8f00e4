//! A correction pack that came back: known by its own headings, whatever its name.

use crate::contract::charset::Charset;
use crate::domain::number::to_usize;
use crate::domain::pack::{HEADINGS, PackCell, SHEET};
use crate::domain::packing::Packing;
use crate::domain::quarantine::Reason;
use crate::source::bounds::Bound;
use crate::source::container::quietly;
use crate::source::content::{Content, Delivery};
use crate::source::rows::SheetValue;
use crate::source::scan::{Scan, fill};
use crate::source::split::{RecordKind, Split};
use crate::source::trouble::Trouble;
use crate::source::workbook::{self, Sheet};
use crate::source::{archive, decode, stray};
use encoding_rs::{UTF_8, WINDOWS_1252};
use std::io::{self, BufReader};

/// The encodings spreadsheets write CSV in.
pub(crate) const ENCODINGS: [Charset; 2] = [Charset::Web(UTF_8), Charset::Web(WINDOWS_1252)];

/// Headings a file is known for a pack by: those that no encoding writes in another way.
const KNOWN_BY: usize = 3;

/// Most physical lines of one row.
const LINES: usize = 1_000;

/// Most bytes of the part of a workbook that names its sheets, and of the beginning of a sheet.
const NAMES: u64 = 1 << 20;
const FIRST_ROW: u64 = 64 << 10;

/// One row of a pack.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ReturnedRow {
    /// The line it begins on, from 1.
    pub(crate) line: u32,
    /// Its cells, empty ones at the end left out; why they cannot be told where they cannot.
    pub(crate) cells: Result<Vec<ReturnedCell>, Reason>,
}

/// One cell of a pack.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ReturnedCell {
    /// As it is written, in text.
    Text(String),
    /// A number or a day that someone typed into a workbook.
    Value(SheetValue),
}

impl ReturnedRow {
    /// Bytes it takes.
    fn held(&self) -> usize {
        let cells = self.cells.iter().flatten();
        size_of::<ReturnedRow>()
            + cells.map(|cell| size_of::<ReturnedCell>() + cell.length()).sum::<usize>()
    }
}

impl ReturnedCell {
    /// Bytes of its text.
    fn length(&self) -> usize {
        match self {
            ReturnedCell::Text(text)
            | ReturnedCell::Value(
                SheetValue::Number(text)
                | SheetValue::Coded(text, _)
                | SheetValue::Text(text)
                | SheetValue::Formula(text)
                | SheetValue::Day { time: text, .. },
            ) => text.len(),
            ReturnedCell::Value(SheetValue::Time(_) | SheetValue::Covered) => 0,
        }
    }

    /// The text of a cell of the pack's own; a number is the digits of it.
    pub(crate) fn text(&self) -> String {
        match self {
            ReturnedCell::Text(text) => match PackCell::read(text) {
                PackCell::Text(text) => text.trim().to_owned(),
                PackCell::Mark(mark) => mark.word().to_owned(),
            },
            ReturnedCell::Value(
                SheetValue::Number(number)
                | SheetValue::Coded(number, _)
                | SheetValue::Text(number),
            ) => number.clone(),
            ReturnedCell::Value(
                SheetValue::Day { .. }
                | SheetValue::Time(_)
                | SheetValue::Formula(_)
                | SheetValue::Covered,
            ) => String::new(),
        }
    }
}

/// Whether a delivery is a pack: its first line begins with a pack's headings, or it is a workbook
/// with a pack's sheet, by the sheet's name or by how it begins.
pub(crate) fn is_pack(name: &str, content: &dyn Content) -> io::Result<bool> {
    match Packing::of(name) {
        None => {
            let mut head = vec![0; 64];
            let length = fill(&mut content.open()?, &mut head)?;
            Ok(delimiter(&head[..length]).is_some())
        }
        Some(packing @ (Packing::Xlsx | Packing::Ods)) => {
            match sheet(content, packing) {
                Ok(sheet) => Ok(sheet.is_some()),
                // A broken workbook is no pack: the fault is told when it is read as a delivery.
                Err(error) => packing.reason(&error).map_or(Err(error), |_| Ok(false)),
            }
        }
        Some(Packing::Gzip | Packing::Zstd | Packing::Zip) => Ok(false),
    }
}

/// The sheet of a workbook that is a pack. Most workbooks have none, and are known for that before
/// they are read.
fn sheet(content: &dyn Content, packing: Packing) -> io::Result<Option<Sheet>> {
    let within = |name: &str| match name {
        "xl/workbook.xml" => Some(NAMES),
        "xl/sharedstrings.xml" | "content.xml" => Some(Bound::WorkbookStrings.limit()),
        _ => name.starts_with("xl/worksheets/").then_some(FIRST_ROW),
    };
    if !archive::holds(content, &within, &[SHEET, HEADINGS[0]])? {
        return Ok(None);
    }
    workbook::begun(content, packing, SHEET, &HEADINGS[..KNOWN_BY])
}

/// The mark between the headings of a pack; `None` where the text does not begin with them.
fn delimiter(head: &[u8]) -> Option<u8> {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    b";,\t".iter().copied().find(|mark| {
        let bare: Vec<u8> = head.iter().copied().filter(|byte| *byte != b'"').collect();
        let start = HEADINGS[..KNOWN_BY].join(&char::from(*mark).to_string());
        bare.strip_prefix(start.as_bytes()).is_some_and(|rest| rest.first() == Some(mark))
    })
}

/// The rows of a pack; the inner error refuses it whole.
pub(crate) fn rows(
    delivery: &Delivery,
    scan: &Scan,
) -> io::Result<Result<Vec<ReturnedRow>, Reason>> {
    match Packing::of(&delivery.name) {
        Some(packing) => workbook_rows(&*delivery.content, packing),
        None => text_rows(&*delivery.content, scan),
    }
}

fn workbook_rows(
    content: &dyn Content,
    packing: Packing,
) -> io::Result<Result<Vec<ReturnedRow>, Reason>> {
    let rows = match sheet(content, packing) {
        Ok(Some(sheet)) => held_rows(&sheet),
        Ok(None) => Err(Trouble::Broken.into()),
        Err(error) => Err(error),
    };
    match rows {
        Ok(rows) => Ok(Ok(rows)),
        Err(error) => packing.reason(&error).map_or(Err(error), |reason| Ok(Err(reason))),
    }
}

fn held_rows(sheet: &Sheet) -> io::Result<Vec<ReturnedRow>> {
    let (mut rows, mut held) = (Vec::new(), 0);
    let mut from = quietly(|| sheet.rows())?;
    while let Some(row) = quietly(|| from.next())? {
        let width = row.cells.keys().next_back().map_or(0, |column| column + 1);
        let mut fields =
            vec![ReturnedCell::Text(String::new()); usize::try_from(width).unwrap_or(0)];
        for (column, value) in row.cells {
            let place = to_usize(column);
            fields[place] = match value {
                SheetValue::Text(text) => ReturnedCell::Text(text),
                SheetValue::Number(_)
                | SheetValue::Coded(..)
                | SheetValue::Day { .. }
                | SheetValue::Time(_)
                | SheetValue::Formula(_)
                | SheetValue::Covered => ReturnedCell::Value(value),
            };
        }
        let row = ReturnedRow { line: row.number.saturating_add(1), cells: Ok(trimmed(fields)) };
        held += row.held();
        Bound::PackBytes.hold(held)?;
        rows.push(row);
    }
    Ok(rows)
}

fn text_rows(content: &dyn Content, scan: &Scan) -> io::Result<Result<Vec<ReturnedRow>, Reason>> {
    let mut head = vec![0; 64];
    let length = fill(&mut content.open()?, &mut head)?;
    let mark = delimiter(&head[..length]).unwrap_or(b';');
    let charset = *scan.encoding.as_ref().unwrap_or(&Charset::Web(UTF_8));
    let encoding = decode::inner(charset);
    let mut split = Split::new(BufReader::new(content.open()?), mark, Some(b'"'), LINES);
    let (mut rows, mut bytes) = (Vec::new(), 0);
    let mut buffer = Vec::new();
    while let Some(piece) = split.next()? {
        let cells = match piece {
            RecordKind::Blank => Ok(Vec::new()),
            RecordKind::Unclosed => Err(Reason::UnclosedQuote {}),
            RecordKind::Record => match stray::find(split.raw(), charset) {
                Some(reason) => Err(reason),
                None => Ok(trimmed(
                    (0..split.width())
                        .map(|place| {
                            let cell = split.cell(place, &mut buffer);
                            let text = encoding.decode_without_bom_handling(cell).0;
                            ReturnedCell::Text(text.into_owned())
                        })
                        .collect(),
                )),
            },
        };
        let row = ReturnedRow { line: split.line(), cells };
        bytes += row.held();
        Bound::PackBytes.hold(bytes)?;
        rows.push(row);
    }
    Ok(Ok(rows))
}

/// A spreadsheet adds empty cells at the end of a row, and takes them away.
fn trimmed(mut cells: Vec<ReturnedCell>) -> Vec<ReturnedCell> {
    while cells.last() == Some(&ReturnedCell::Text(String::new())) {
        cells.pop();
    }
    cells
}

/// What a workbook's cells are written as in a column: shared with the sheets of deliveries.
pub(crate) fn written(
    field: &ReturnedCell,
    column: Option<&crate::contract::compiled::Column>,
) -> Result<String, crate::domain::pack::CellMark> {
    match field {
        ReturnedCell::Text(text) => match PackCell::read(text) {
            PackCell::Text(text) => Ok(text),
            PackCell::Mark(mark) => Err(mark),
        },
        ReturnedCell::Value(value) => {
            Ok(crate::source::sheet::written::written(value, column, (0, "")))
        }
    }
}
