//! A pack as a workbook of one sheet in which every cell is text: nothing runs, nothing is
//! rounded, no zero is lost.
//!
//! Source: ECMA-376, part 1: the few parts a workbook must have, and cells as inline strings.

use crate::domain::error::Error;
use crate::domain::pack::{CellMark, HEADINGS, SHEET};
use crate::write::pack::rows::PackRows;
use quick_xml::escape::partial_escape;
use std::fmt::Write as _;
use std::io::{self, Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Rows and columns a sheet can have, and UTF-16 units a cell can hold.
const ROWS: usize = 1 << 20;
const COLUMNS: usize = 1 << 14;
const CELL: usize = 32_767;

/// The widths of the pack's own columns, in characters.
const WIDTHS: [u32; HEADINGS.len()] = [28, 8, 24, 7, 18, 60, 60];

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// The rows as a workbook; `None` when there are more than a sheet can have.
///
/// # Errors
/// [`Error::Encode`] when it cannot be packed, which is a bug.
pub(super) fn bytes(rows: &PackRows) -> Result<Option<Vec<u8>>, Error> {
    if rows.count() > ROWS || rows.width() > COLUMNS {
        return Ok(None);
    }
    pack(rows).map(Some).map_err(|error| Error::Encode {
        what: "a correction pack".to_owned(),
        detail: error.to_string(),
    })
}

fn pack(rows: &PackRows) -> zip::result::ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // The same bytes whenever they are written: no clock.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let parts = [
        ("[Content_Types].xml", content_types()),
        ("_rels/.rels", relations(&[("officeDocument", "xl/workbook.xml")])),
        ("xl/workbook.xml", workbook()),
        (
            "xl/_rels/workbook.xml.rels",
            relations(&[("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")]),
        ),
        ("xl/styles.xml", styles()),
    ];
    for (name, text) in parts {
        zip.start_file(name, options)?;
        zip.write_all(text.as_bytes())?;
    }
    zip.start_file("xl/worksheets/sheet1.xml", options)?;
    sheet(rows, &mut zip)?;
    Ok(zip.finish()?.into_inner())
}

fn content_types() -> String {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    format!(
        "{XML}<Types xmlns=\"{PACKAGE}/content-types\">\
         <Default Extension=\"rels\" \
         ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Override PartName=\"/xl/workbook.xml\" ContentType=\"{kind}.sheet.main+xml\"/>\
         <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{kind}.worksheet+xml\"/>\
         <Override PartName=\"/xl/styles.xml\" ContentType=\"{kind}.styles+xml\"/></Types>"
    )
}

fn relations(parts: &[(&str, &str)]) -> String {
    let mut text = format!("{XML}<Relationships xmlns=\"{PACKAGE}/relationships\">");
    for (number, (kind, target)) in (1..).zip(parts) {
        let _ = write!(
            text,
            "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>"
        );
    }
    text + "</Relationships>"
}

fn workbook() -> String {
    format!(
        "{XML}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets>\
         <sheet name=\"{SHEET}\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    )
}

/// Two styles: text, and bold text. Format 49 is `@`: what is typed stays as it is typed.
fn styles() -> String {
    let font = "<sz val=\"11\"/><name val=\"Calibri\"/>";
    let cell = |font: u32| {
        format!(
            "<xf numFmtId=\"49\" fontId=\"{font}\" fillId=\"0\" borderId=\"0\" xfId=\"0\" \
             applyNumberFormat=\"1\" applyFont=\"1\"/>"
        )
    };
    let (plain, bold) = (cell(0), cell(1));
    format!(
        "{XML}<styleSheet xmlns=\"{MAIN}\">\
         <fonts count=\"2\"><font>{font}</font><font><b/>{font}</font></fonts>\
         <fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>\
         <fill><patternFill patternType=\"gray125\"/></fill></fills>\
         <borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
         <cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>\
         </cellStyleXfs><cellXfs count=\"3\">\
         <xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>{plain}{bold}\
         </cellXfs></styleSheet>"
    )
}

/// Writes the sheet, of which no more than a row is held.
fn sheet(rows: &PackRows, out: &mut impl io::Write) -> io::Result<()> {
    let widest = rows.width();
    let mut text = format!("{XML}<worksheet xmlns=\"{MAIN}\"><cols>");
    for (number, width) in (1..).zip(WIDTHS) {
        let _ = write!(
            text,
            "<col min=\"{number}\" max=\"{number}\" width=\"{width}\" style=\"1\" \
             customWidth=\"1\"/>"
        );
    }
    if widest > WIDTHS.len() {
        let first = WIDTHS.len() + 1;
        let _ = write!(
            text,
            "<col min=\"{first}\" max=\"{widest}\" width=\"18\" style=\"1\" customWidth=\"1\"/>"
        );
    }
    text.push_str("</cols><sheetData>");
    for (number, (heads, cells)) in (1_usize..).zip(rows.written()) {
        let style = if heads { 2 } else { 1 };
        let _ = write!(text, "<row r=\"{number}\">");
        for (place, cell) in cells.iter().enumerate() {
            let _ = write!(text, "<c r=\"{}{number}\" s=\"{style}\"", letters(place));
            if cell.is_empty() {
                text.push_str("/>");
                continue;
            }
            text.push_str(" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
            let held = cell.encode_utf16().count() <= CELL;
            let shown = if held { cell } else { CellMark::TooLong.word() };
            text.push_str(&partial_escape(shown));
            text.push_str("</t></is></c>");
        }
        text.push_str("</row>");
        out.write_all(text.as_bytes())?;
        text.clear();
    }
    out.write_all(b"</sheetData></worksheet>")
}

/// The letters of a column, from 0: A, B, …, Z, AA.
fn letters(place: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = place + 1;
    while rest > 0 {
        let letter = u8::try_from((rest - 1) % 26).expect("under 26");
        letters.push(char::from(b'A' + letter));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_are_lettered_as_spreadsheets_do() {
        for (place, expected) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (51, "AZ"),
            (701, "ZZ"),
            (702, "AAA"),
            (16_383, "XFD"),
        ] {
            assert_eq!(letters(place), expected);
        }
    }
}
