//! Any workbook: the parts between bytes FF, zipped, or the bytes themselves. It is read or refused
//! whole; the reader's own panics do not get out.
#![no_main]

use gevinst::testing::contract::Contract;
use gevinst_fuzz::choices::Choices;
use gevinst_fuzz::conserved::{hold, said};
use gevinst_fuzz::fixture;
use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Write as _};
use std::sync::LazyLock;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

static CONTRACT: LazyLock<Contract> = LazyLock::new(fixture::spending);

const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

const PACKAGE: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Forbrug" sheetId="1" r:id="rId1"/></sheets></workbook>"#;

const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;

fuzz_target!(
    init: only_our_own_panics(),
    |input: &[u8]| {
        let mut choices = Choices::of(input);
        let ods = choices.yes();
        let zipped = choices.below(8) > 0;
        let bytes = choices.rest();
        let book = if zipped { book(bytes, ods) } else { bytes.to_vec() };

        let name = if ods { "0751.ods" } else { "0751.xlsx" };
        let read = fixture::read(&CONTRACT, name, &book);
        hold(&CONTRACT, &read);
        assert_eq!(said(&fixture::read(&CONTRACT, name, &book)), said(&read), "read twice");
        let account = &read.accounts[0];
        assert!(account.rejected || account.lines_read + account.lines_not_data <= 1 << 20);
    }
);

/// `gevinst` takes a panic in the reader of workbooks for damage; libFuzzer would take it for a
/// finding. A panic in any other place still ends the run.
fn only_our_own_panics() {
    let abort = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let of_reader = |place: &str| place.contains("calamine") || place.contains("quick-xml");
        if !panic.location().is_some_and(|place| of_reader(place.file())) {
            abort(panic);
        }
    }));
}

/// A workbook of these parts: sheet (or content), shared strings, styles, workbook; what is left
/// out is as it should be.
fn book(bytes: &[u8], ods: bool) -> Vec<u8> {
    let mut parts = bytes.split(|byte| *byte == 0xFF);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, text: &[u8]| {
        let stored =
            SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        zip.start_file(name, stored).expect("memory writes");
        zip.write_all(text).expect("memory writes");
    };
    let mut part = || parts.next().unwrap_or_default();
    if ods {
        put("mimetype", b"application/vnd.oasis.opendocument.spreadsheet");
        put("content.xml", &within(part(), ODS.0, ODS.1));
    } else {
        put("xl/worksheets/sheet1.xml", &within(part(), SHEET.0, SHEET.1));
        put("xl/sharedStrings.xml", &within(part(), STRINGS.0, STRINGS.1));
        let own = |part: &[u8], usual: &str| {
            if part.is_empty() { usual.as_bytes().to_vec() } else { part.to_vec() }
        };
        put("xl/styles.xml", &own(part(), STYLES));
        put("xl/workbook.xml", &own(part(), BOOK));
        put("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes());
        put("_rels/.rels", PACKAGE.as_bytes());
    }
    zip.finish().expect("memory writes").into_inner()
}

const SHEET: (&str, &str) = (
    r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
    "</sheetData></worksheet>",
);

const STRINGS: (&str, &str) =
    (r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#, "</sst>");

const ODS: (&str, &str) = (
    r#"<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet><table:table table:name="Forbrug">"#,
    "</table:table></office:spreadsheet></office:body></office:document-content>",
);

fn within(part: &[u8], before: &str, after: &str) -> Vec<u8> {
    [before.as_bytes(), part, after.as_bytes()].concat()
}
