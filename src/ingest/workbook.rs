//! Workbooks (.xlsx, .ods) to sheets, guarded: checked as the zips they are, read cell by cell.

use crate::contract::compiled::Sheet as Choice;
use crate::domain::quarantine::Reason;
use crate::domain::source::Content;
use crate::ingest::archive::verify;
use crate::ingest::container::{Packing, Trouble};
use crate::ingest::privacy::show;
use crate::ingest::sheet::{Sheet, Value};
use calamine::{Data, ExcelDateTime, Ods, Reader, Xlsx};
use encoding_rs::UTF_8;
use std::io::{self, Cursor, Read as _};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use zip::ZipArchive;

/// Most bytes of a workbook: it is held in memory while it is read.
const PACKED: u64 = 256 << 20;

/// Most bytes the parts of a workbook may become.
const UNPACKED: u64 = 2 << 30;

/// Most cells of an `.ods`, whose reader lays them all out: rows times columns.
const LAID_OUT: u64 = 20_000_000;

/// Reads the sheet the contract chooses; the inner error refuses the delivery whole.
pub(super) fn sheet(
    content: &dyn Content,
    packing: Packing,
    choice: &Choice,
) -> io::Result<Result<Sheet, Reason>> {
    let mut bytes = Vec::new();
    content.open()?.take(PACKED + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).expect("a length fits u64") > PACKED {
        return Err(Trouble::TooLarge("256 MiB".to_owned()).into());
    }
    let bytes: Arc<[u8]> = Arc::from(bytes);
    let mut zip = ZipArchive::new(Cursor::new(&bytes)).map_err(|_| Trouble::Broken)?;
    verify(&mut zip, &bytes, UNPACKED)?;
    if packing == Packing::Ods {
        laid_out(&mut zip)?;
    }
    // The reader of workbooks panics at places and numbers no program writes: one more way for a
    // delivery to be broken, and no reason to stop the others.
    let read = AssertUnwindSafe(|| read(&bytes, packing, choice));
    std::panic::catch_unwind(read).unwrap_or_else(|_| Err(Trouble::Broken.into()))
}

fn read(bytes: &Arc<[u8]>, packing: Packing, choice: &Choice) -> io::Result<Result<Sheet, Reason>> {
    if packing == Packing::Ods {
        let mut book = Ods::new(Cursor::new(bytes)).map_err(|_| Trouble::Broken)?;
        return match named(&book.sheet_names(), choice) {
            Ok(name) => from_ods(&mut book, &name).map(Ok),
            Err(reason) => Ok(Err(reason)),
        };
    }
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|_| Trouble::Broken)?;
    match named(&book.sheet_names(), choice) {
        Ok(name) => from_xlsx(&mut book, &name).map(Ok),
        Err(reason) => Ok(Err(reason)),
    }
}

/// The name of the chosen sheet.
fn named(names: &[String], choice: &Choice) -> Result<String, Reason> {
    let (found, expected) = match choice {
        Choice::Name(name) => (names.iter().find(|found| *found == name), name.clone()),
        Choice::Number(number) => {
            let place = usize::try_from(*number).expect("u32 fits usize").checked_sub(1);
            (place.and_then(|place| names.get(place)), number.to_string())
        }
    };
    found.cloned().ok_or_else(|| {
        let found = show(names.join(", ").as_bytes(), UTF_8);
        Reason::NoSuchSheet { expected: expected.into(), found }
    })
}

fn from_xlsx(book: &mut Xlsx<Cursor<&Arc<[u8]>>>, name: &str) -> io::Result<Sheet> {
    let mut sheet = Sheet::default();
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| Trouble::Broken)?;
    while let Some(cell) = cells.next_cell().map_err(|_| Trouble::Broken)? {
        let (row, column) = cell.get_position();
        if let Some(value) = value(&Data::from(cell.get_value().clone())) {
            sheet.put(row, column, value)?;
        }
    }
    Ok(sheet)
}

fn from_ods(book: &mut Ods<Cursor<&Arc<[u8]>>>, name: &str) -> io::Result<Sheet> {
    let range = book.worksheet_range(name).map_err(|_| Trouble::Broken)?;
    let mut sheet = Sheet::default();
    let (first_row, first_column) = range.start().unwrap_or_default();
    for (row, column, data) in range.used_cells() {
        let place = |first: u32, step: usize| {
            u32::try_from(step).ok().and_then(|step| first.checked_add(step)).ok_or(Trouble::Broken)
        };
        if let Some(value) = value(data) {
            sheet.put(place(first_row, row)?, place(first_column, column)?, value)?;
        }
    }
    Ok(sheet)
}

/// What a cell holds; `None` for nothing.
fn value(data: &Data) -> Option<Value> {
    match data {
        Data::Empty => None,
        Data::String(text) | Data::DurationIso(text) => text_of(text),
        Data::Int(number) => text_of(&number.to_string()),
        Data::Float(number) => Some(Value::Number(number.to_string())),
        Data::Bool(yes) => text_of(if *yes { "TRUE" } else { "FALSE" }),
        Data::Error(error) => text_of(&error.to_string()),
        Data::DateTime(moment) => Some(moment_of(moment)),
        Data::DateTimeIso(text) => iso(text).or_else(|| text_of(text)),
    }
}

fn text_of(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| Value::Text(text.to_owned()))
}

/// A moment as day and time; a span of time, or a time of no day, is the number it is.
fn moment_of(moment: &ExcelDateTime) -> Value {
    let days = moment.to_string();
    if moment.is_duration() || days.starts_with(['0', '-']) {
        return Value::Number(days);
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let midnight = (hour, minute, second) == (0, 0, 0);
    let time = if midnight { String::new() } else { format!("T{hour:02}:{minute:02}:{second:02}") };
    Value::Day { year, month, day, time }
}

/// `2018-03-04`, or the same with a time behind it.
fn iso(text: &str) -> Option<Value> {
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, format!("T{time}")),
        None => (text, String::new()),
    };
    let mut parts = date.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    let time = if time.starts_with("T00:00:00") { String::new() } else { time };
    Some(Value::Day { year, month, day, time })
}

/// Refuses an `.ods` whose tables, laid out, would not fit: rows and columns repeated by number.
fn laid_out(zip: &mut ZipArchive<Cursor<&Arc<[u8]>>>) -> io::Result<()> {
    let mut xml = Vec::new();
    let mut content = zip.by_name("content.xml").map_err(|_| Trouble::Broken)?;
    content.read_to_end(&mut xml).map_err(|_| Trouble::Broken)?;
    let (mut rows, mut filled, mut widest) = (0_u64, 0_u64, 0_u64);
    for row in segments(&xml, b"<table:table-row").skip(1) {
        let head = row.split(|byte| *byte == b'>').next().unwrap_or_default();
        rows = rows.saturating_add(repeated(head, b"table:number-rows-repeated=\""));
        let (mut columns, mut reach) = (0_u64, 0_u64);
        for cell in segments(row, b"-cell").skip(1) {
            columns = columns.saturating_add(repeated(cell, b"table:number-columns-repeated=\""));
            if holds(cell, b"office:value-type") || holds(cell, b"<text:p") {
                reach = columns;
            }
        }
        if reach > 0 {
            filled = rows;
            widest = widest.max(reach);
        }
    }
    if filled.saturating_mul(widest) > LAID_OUT {
        return Err(Trouble::TooLarge(LAID_OUT.to_string()).into());
    }
    Ok(())
}

/// The parts of `bytes` between `mark`s.
fn segments<'a>(bytes: &'a [u8], mark: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let part = rest?;
        let at = part.windows(mark.len()).position(|window| window == mark);
        rest = at.map(|at| &part[at + mark.len()..]);
        Some(at.map_or(part, |at| &part[..at]))
    })
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// The number behind `key` in a tag; 1 where it is not there.
fn repeated(tag: &[u8], key: &[u8]) -> u64 {
    let Some(at) = tag.windows(key.len()).position(|window| window == key) else {
        return 1;
    };
    let digits = tag[at + key.len()..].iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0_u64, |sum, byte| sum.saturating_mul(10).saturating_add(u64::from(byte - b'0')))
}
