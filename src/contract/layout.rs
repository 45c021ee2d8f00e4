//! Dialect to layout: encodings, delimiters, quotes.

use crate::contract::charset::Charset;
use crate::contract::compiled::{HeaderAt, Layout, SheetChoice};
use crate::contract::reader::Reader;
use crate::contract::schema::{Dialect, SurplusCells};
use crate::domain::number::to_usize;
use encoding_rs::UTF_8;
use toml::Spanned;

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
pub(super) fn layout(dialect: &Dialect, base: Option<&Layout>, reader: &mut Reader) -> Layout {
    let encodings = dialect
        .encoding
        .as_ref()
        .map(|names| names.iter().flat_map(|name| encoding(name, reader)).collect::<Vec<_>>());
    let delimiters = dialect
        .delimiter
        .as_ref()
        .map(|marks| marks.iter().filter_map(|mark| single_byte(mark, reader)).collect::<Vec<_>>());
    let quote = dialect
        .quote_char
        .as_ref()
        .map(|mark| if mark.get_ref().is_empty() { None } else { single_byte(mark, reader) });
    let escape = dialect.escape_char.as_ref().map(|mark| single_byte(mark, reader));
    let max_lines = dialect.max_lines_per_record;
    let whole = |lines: u32| to_usize(lines.max(1));
    let comment = dialect.comment_char.as_ref().map(|mark| single_byte(mark, reader));
    let plain = Layout::default();
    let base = base.unwrap_or(&plain);
    let layout = Layout {
        encodings: encodings.unwrap_or_else(|| base.encodings.clone()),
        delimiters: delimiters.unwrap_or_else(|| base.delimiters.clone()),
        quote: quote.unwrap_or(base.quote),
        loose_quotes: dialect.loose_quotes.unwrap_or(base.loose_quotes),
        escape: escape.unwrap_or(base.escape),
        max_lines: max_lines.map_or(base.max_lines, whole),
        surplus: dialect.surplus_cells.unwrap_or(base.surplus),
        header: header(dialect, reader).unwrap_or(base.header),
        comment: comment.unwrap_or(base.comment),
        comment_rows: dialect.comment_rows.clone().unwrap_or_else(|| base.comment_rows.clone()),
        sheet: sheet(dialect, reader).unwrap_or_else(|| base.sheet.clone()),
    };
    if let (Some(mark), Some(escape)) = (&dialect.escape_char, layout.escape)
        && (layout.quote == Some(escape) || layout.delimiters.contains(&escape))
    {
        let help = "write another character, such as \"\\\\\"; a doubled quote needs no key";
        reader.at(mark, "the escape is the quote or a delimiter too", help);
    }
    layout
}

fn header(dialect: &Dialect, reader: &mut Reader) -> Option<HeaderAt> {
    match (&dialect.header_rows, &dialect.find_header) {
        (None, None) => None,
        (Some(rows), None) => match rows.get_ref().as_slice() {
            [row] if *row > 0 => Some(HeaderAt::Line(*row)),
            _ => {
                let help = "write one line number, such as [7]";
                reader.problem(rows.span(), "a header stands on one line".to_owned(), help);
                None
            }
        },
        (None, Some(most)) if (1..=FIND_MAX).contains(most.get_ref()) => {
            Some(HeaderAt::Within(*most.get_ref()))
        }
        (None, Some(most)) => {
            let problem = format!("a header is looked for in 1 to {FIND_MAX} lines");
            reader.problem(most.span(), problem, "write how many lines may stand before it");
            None
        }
        (Some(rows), Some(_)) => {
            let problem = "headerRows and findHeader stand side by side".to_owned();
            reader.problem(rows.span(), problem, "write one of them");
            None
        }
    }
}

fn sheet(dialect: &Dialect, reader: &mut Reader) -> Option<SheetChoice> {
    if let (Some(_), Some(number)) = (&dialect.sheet_name, &dialect.sheet_number) {
        let problem = "sheetName and sheetNumber stand side by side".to_owned();
        reader.problem(number.span(), problem, "write one of them");
    }
    match (&dialect.sheet_name, &dialect.sheet_number) {
        (Some(name), _) => Some(SheetChoice::Name(name.clone())),
        (None, Some(number)) => Some(SheetChoice::Number(*number.get_ref())),
        (None, None) => None,
    }
}

/// The encodings a label stands for.
fn encoding(name: &Spanned<String>, reader: &mut Reader) -> Vec<Charset> {
    let found = Charset::of_label(name.get_ref());
    if found.is_empty() {
        let help = "use utf-8, utf-16, windows-1252, macintosh, cp850 or cp865";
        reader.unknown(name, "encoding that is read", help);
    }
    found
}

fn single_byte(mark: &Spanned<String>, reader: &mut Reader) -> Option<u8> {
    match mark.get_ref().as_bytes() {
        [byte] if byte.is_ascii() && *byte != b'\n' && *byte != b'\r' => Some(*byte),
        _ => {
            reader.at(
                mark,
                &format!("`{}` is not one ASCII character", mark.get_ref()),
                "write a single character, such as \";\" or \"\\t\"",
            );
            None
        }
    }
}
