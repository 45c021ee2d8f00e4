//! A correction pack that came back: known by its own headings, whatever its name.

use crate::contract::charset::Charset;
use crate::domain::pack::{Cell, HEADINGS, SHEET};
use crate::domain::quarantine::Reason;
use crate::domain::source::{Content, Delivery};
use crate::ingest::container::Packing;
use crate::ingest::scan::{Scan, fill};
use crate::ingest::sheet::Value;
use crate::ingest::split::{Piece, Split};
use crate::ingest::workbook;
use encoding_rs::{UTF_8, WINDOWS_1252};
use std::io::{self, BufReader, Cursor, Read as _};
use zip::ZipArchive;

/// The encodings spreadsheets write CSV in.
pub(super) const ENCODINGS: [Charset; 2] = [Charset::Web(UTF_8), Charset::Web(WINDOWS_1252)];

/// Headings a file is known for a pack by: those that no encoding writes in another way.
const KNOWN_BY: usize = 3;

/// Most physical lines of one row; most bytes of a workbook, and of the part that names its sheets.
const LINES: usize = 1_000;
const PACKED: u64 = 256 << 20;
const NAMES: u64 = 1 << 20;

/// One row of a pack.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// The line it begins on, from 1.
    pub(super) line: u32,
    /// Its cells, empty ones at the end left out; `None` where a quote is not closed.
    pub(super) cells: Option<Vec<Field>>,
}

/// One cell of a pack.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Field {
    /// As it is written, in text.
    Text(String),
    /// A number or a day that someone typed into a workbook.
    Value(Value),
}

impl Field {
    /// The text of a cell of the pack's own; a number is the digits of it.
    pub(super) fn own(&self) -> String {
        match self {
            Field::Text(text) => match Cell::read(text) {
                Cell::Text(text) => text.trim().to_owned(),
                Cell::Mark(mark) => mark.word().to_owned(),
            },
            Field::Value(Value::Number(number) | Value::Text(number)) => number.clone(),
            Field::Value(Value::Day { .. }) => String::new(),
        }
    }
}

/// Whether a delivery is a pack: its first line begins with a pack's headings, or it is a workbook
/// with a pack's sheet.
pub(super) fn is_pack(delivery: &Delivery) -> io::Result<bool> {
    match Packing::of(&delivery.name) {
        None => {
            let mut head = vec![0; 64];
            let length = fill(&mut delivery.content.open()?, &mut head)?;
            Ok(delimiter(&head[..length]).is_some())
        }
        Some(Packing::Xlsx) => {
            let mut bytes = Vec::new();
            delivery.content.open()?.take(PACKED + 1).read_to_end(&mut bytes)?;
            Ok(names_sheets(&bytes).is_some_and(|text| text.contains(&format!("\"{SHEET}\""))))
        }
        Some(Packing::Gzip | Packing::Zstd | Packing::Zip | Packing::Ods) => Ok(false),
    }
}

/// The part of a workbook that names its sheets.
fn names_sheets(bytes: &[u8]) -> Option<String> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut text = String::new();
    zip.by_name("xl/workbook.xml").ok()?.take(NAMES).read_to_string(&mut text).ok()?;
    Some(text)
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
pub(super) fn rows(delivery: &Delivery, scan: &Scan) -> io::Result<Result<Vec<Row>, Reason>> {
    match Packing::of(&delivery.name) {
        Some(packing) => workbook_rows(&*delivery.content, packing),
        None => text_rows(&*delivery.content, scan),
    }
}

fn workbook_rows(content: &dyn Content, packing: Packing) -> io::Result<Result<Vec<Row>, Reason>> {
    let choice = crate::contract::compiled::Sheet::Name(SHEET.to_owned());
    let sheet = match workbook::sheet(content, packing, &choice) {
        Ok(Ok(sheet)) => sheet,
        Ok(Err(reason)) => return Ok(Err(reason)),
        Err(error) => return packing.reason(&error).map_or(Err(error), |reason| Ok(Err(reason))),
    };
    let rows = sheet.into_rows().map(|(row, cells)| {
        let width = cells.keys().next_back().map_or(0, |column| column + 1);
        let mut fields = vec![Field::Text(String::new()); usize::try_from(width).unwrap_or(0)];
        for (column, value) in cells {
            let place = usize::try_from(column).expect("u32 fits usize");
            fields[place] = match value {
                Value::Text(text) => Field::Text(text),
                Value::Number(_) | Value::Day { .. } => Field::Value(value),
            };
        }
        Row { line: row.saturating_add(1), cells: Some(trimmed(fields)) }
    });
    Ok(Ok(rows.collect()))
}

fn text_rows(content: &dyn Content, scan: &Scan) -> io::Result<Result<Vec<Row>, Reason>> {
    let mut head = vec![0; 64];
    let length = fill(&mut content.open()?, &mut head)?;
    let mark = delimiter(&head[..length]).unwrap_or(b';');
    let encoding = match &scan.encoding {
        Ok(Charset::Web(encoding)) => *encoding,
        Ok(Charset::Cp850 | Charset::Cp865) | Err(_) => UTF_8,
    };
    let mut split = Split::new(BufReader::new(content.open()?), mark, Some(b'"'), LINES);
    let mut rows = Vec::new();
    let mut buffer = Vec::new();
    while let Some(piece) = split.next()? {
        let cells = match piece {
            Piece::Blank => Some(Vec::new()),
            Piece::Unclosed => None,
            Piece::Record => Some(trimmed(
                (0..split.width())
                    .map(|place| {
                        let cell = split.cell(place, &mut buffer);
                        let text = encoding.decode_without_bom_handling(cell).0;
                        Field::Text(text.into_owned())
                    })
                    .collect(),
            )),
        };
        rows.push(Row { line: split.line(), cells });
    }
    Ok(Ok(rows))
}

/// A spreadsheet adds empty cells at the end of a row, and takes them away.
fn trimmed(mut cells: Vec<Field>) -> Vec<Field> {
    while cells.last() == Some(&Field::Text(String::new())) {
        cells.pop();
    }
    cells
}

/// What a workbook's cells are written as in a column: shared with the sheets of deliveries.
pub(super) fn written(
    field: &Field,
    column: Option<&crate::contract::compiled::Cell>,
) -> Result<String, crate::domain::pack::Mark> {
    match field {
        Field::Text(text) => match Cell::read(text) {
            Cell::Text(text) => Ok(text),
            Cell::Mark(mark) => Err(mark),
        },
        Field::Value(value) => Ok(crate::ingest::sheet::written(value, column)),
    }
}
