//! Dialect to layout: encodings, delimiters, quotes.

use crate::contract::compiled::Layout;
use crate::contract::reader::Reader;
use crate::contract::schema::{Dialect, SurplusCells};
use encoding_rs::{Encoding, UTF_8};
use toml::Spanned;

/// Physical lines one record may span unless the contract says otherwise: room for a paragraph in
/// a quoted cell, and few lines to read again when a quote is never closed.
const MAX_LINES: u32 = 20;

/// The layout a dialect describes; what it leaves out is taken from `base`, else from the defaults.
pub(super) fn layout(dialect: &Dialect, base: Option<&Layout>, reader: &mut Reader) -> Layout {
    let encodings = dialect
        .encoding
        .as_ref()
        .map(|names| names.iter().filter_map(|name| encoding(name, reader)).collect::<Vec<_>>());
    let delimiters = dialect
        .delimiter
        .as_ref()
        .map(|marks| marks.iter().filter_map(|mark| single_byte(mark, reader)).collect::<Vec<_>>());
    let quote = dialect
        .quote_char
        .as_ref()
        .map(|mark| if mark.get_ref().is_empty() { None } else { single_byte(mark, reader) });
    let max_lines = dialect.max_lines_per_record;
    let whole = |lines: u32| usize::try_from(lines.max(1)).expect("u32 fits usize");
    let plain = Layout {
        encodings: vec![UTF_8],
        delimiters: vec![b';'],
        quote: Some(b'"'),
        max_lines: whole(MAX_LINES),
        surplus: SurplusCells::Refuse,
    };
    let base = base.unwrap_or(&plain);
    Layout {
        encodings: encodings.unwrap_or_else(|| base.encodings.clone()),
        delimiters: delimiters.unwrap_or_else(|| base.delimiters.clone()),
        quote: quote.unwrap_or(base.quote),
        max_lines: max_lines.map_or(base.max_lines, whole),
        surplus: dialect.surplus_cells.unwrap_or(base.surplus),
    }
}

/// An encoding in which every ASCII byte is itself, so that delimiters are found on bytes.
fn encoding(name: &Spanned<String>, reader: &mut Reader) -> Option<&'static Encoding> {
    let found = Encoding::for_label(name.get_ref().as_bytes())
        .filter(|encoding| encoding.is_ascii_compatible());
    if found.is_none() {
        reader.unknown(name, "encoding that is read", "use utf-8, windows-1252 or macintosh");
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
