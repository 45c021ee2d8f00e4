//! Dialect to layout: encodings, delimiters, quotes.

use crate::contract::charset::Charset;
use crate::contract::compiled::{HeaderAt, Layout, SheetChoice};
use crate::contract::schema::{Dialect, SurplusCells};
use crate::definition::located::Located;
use crate::definition::problems::Problems;
use crate::domain::number::to_usize;
use encoding_rs::UTF_8;

/// Physical lines one record may span unless the contract says otherwise: room for a paragraph in
/// a quoted cell, and few lines to read again when a quote is never closed.
const MAX_LINES: u32 = 20;

/// Most lines a header may be looked for in: preambles are short.
const FIND_MAX: u32 = 100;

impl Default for Layout {
    /// What a dialect that says nothing describes.
    fn default() -> Layout {
        Layout {
            encodings: vec![Charset::Web(UTF_8)],
            delimiters: vec![b';'],
            quote: Some(b'"'),
            loose_quotes: false,
            escape: None,
            max_lines: to_usize(MAX_LINES),
            surplus: SurplusCells::Refuse,
            header: HeaderAt::First,
            comment: None,
            comment_rows: Vec::new(),
            sheet: SheetChoice::Number(1),
        }
    }
}

/// The layout a dialect describes; what it leaves out is taken from `base`, else from the defaults.
pub(super) fn layout(dialect: &Dialect, base: Option<&Layout>, problems: &mut Problems) -> Layout {
    let encodings = dialect
        .encoding
        .as_ref()
        .map(|names| names.iter().flat_map(|name| encoding(name, problems)).collect::<Vec<_>>());
    let delimiters = dialect.delimiter.as_ref().map(|marks| {
        marks.iter().filter_map(|mark| single_byte(mark, problems)).collect::<Vec<_>>()
    });
    let quote = dialect
        .quote_char
        .as_ref()
        .map(|mark| if mark.value.is_empty() { None } else { single_byte(mark, problems) });
    let escape = dialect.escape_char.as_ref().map(|mark| single_byte(mark, problems));
    let max_lines = dialect.max_lines_per_record;
    let whole = |lines: u32| to_usize(lines.max(1));
    let plain = Layout::default();
    let comment = dialect.comment_char.as_ref().map(|mark| single_byte(mark, problems));
    let base = base.unwrap_or(&plain);
    let layout = Layout {
        encodings: encodings.unwrap_or_else(|| base.encodings.clone()),
        delimiters: delimiters.unwrap_or_else(|| base.delimiters.clone()),
        quote: quote.unwrap_or(base.quote),
        loose_quotes: dialect.loose_quotes.unwrap_or(base.loose_quotes),
        escape: escape.unwrap_or(base.escape),
        max_lines: max_lines.map_or(base.max_lines, whole),
        surplus: dialect.surplus_cells.unwrap_or(base.surplus),
        header: header(dialect, problems).unwrap_or(base.header),
        comment: comment.unwrap_or(base.comment),
        comment_rows: dialect.comment_rows.clone().unwrap_or_else(|| base.comment_rows.clone()),
        sheet: sheet(dialect, problems).unwrap_or_else(|| base.sheet.clone()),
    };
    if let (Some(mark), Some(escape)) = (&dialect.escape_char, layout.escape)
        && (layout.quote == Some(escape) || layout.delimiters.contains(&escape))
    {
        let help = "write another character, such as \"\\\\\"; a doubled quote needs no key";
        problems.note(&mark.place, "the escape is the quote or a delimiter too", help);
    }
    layout
}

fn header(dialect: &Dialect, problems: &mut Problems) -> Option<HeaderAt> {
    match (&dialect.header_rows, &dialect.find_header) {
        (None, None) => None,
        (Some(rows), None) => match rows.value.as_slice() {
            [row] if *row > 0 => Some(HeaderAt::Line(*row)),
            _ => {
                let help = "write one line number, such as [7]";
                problems.note(&rows.place, "a header stands on one line".to_owned(), help);
                None
            }
        },
        (None, Some(most)) if (1..=FIND_MAX).contains(&most.value) => {
            Some(HeaderAt::Within(most.value))
        }
        (None, Some(most)) => {
            let problem = format!("a header is looked for in 1 to {FIND_MAX} lines");
            problems.note(&most.place, problem, "write how many lines may stand before it");
            None
        }
        (Some(rows), Some(_)) => {
            let problem = "headerRows and findHeader stand side by side".to_owned();
            problems.note(&rows.place, problem, "write one of them");
            None
        }
    }
}

fn sheet(dialect: &Dialect, problems: &mut Problems) -> Option<SheetChoice> {
    if let (Some(_), Some(number)) = (&dialect.sheet_name, &dialect.sheet_number) {
        let problem = "sheetName and sheetNumber stand side by side".to_owned();
        problems.note(&number.place, problem, "write one of them");
    }
    match (&dialect.sheet_name, &dialect.sheet_number) {
        (Some(name), _) => Some(SheetChoice::Name(name.clone())),
        (None, Some(number)) => Some(SheetChoice::Number(number.value)),
        (None, None) => None,
    }
}

/// The encodings a label stands for.
fn encoding(name: &Located<String>, problems: &mut Problems) -> Vec<Charset> {
    let found = Charset::of_label(&name.value);
    if found.is_empty() {
        name.unknown("encoding that is read", Charset::LABELS, problems);
    }
    found
}

fn single_byte(mark: &Located<String>, problems: &mut Problems) -> Option<u8> {
    match mark.value.as_bytes() {
        [byte] if byte.is_ascii() && *byte != b'\n' && *byte != b'\r' => Some(*byte),
        _ => {
            problems.note(
                &mark.place,
                format!("`{}` is not one ASCII character", mark.value),
                "write a single character, such as \";\" or \"\\t\"",
            );
            None
        }
    }
}
