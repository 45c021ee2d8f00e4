//! What a few bytes of a workbook can stand for: rows, columns and spaces that are repeated, and
//! strings that are shared. It is read or refused, lines are conserved, and none of it is ever held
//! at once: `run` gives this target little room.
#![no_main]

use gevinst::testing::contract::Contract;
use gevinst_fuzz::choices::Choices;
use gevinst_fuzz::conserved::{hold, said};
use gevinst_fuzz::fixture;
use libfuzzer_sys::fuzz_target;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::sync::LazyLock;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

static CONTRACT: LazyLock<Contract> = LazyLock::new(fixture::spending);

/// Most rows and strings that are written, whatever they stand for.
const WRITTEN: usize = 64;

fuzz_target!(|input: &[u8]| {
    let mut choices = Choices::of(input);
    let ods = choices.yes();
    let (name, book) = if ods {
        ("0751.ods", ods_book(&mut choices))
    } else {
        ("0751.xlsx", xlsx_book(&mut choices))
    };
    let read = fixture::read(&CONTRACT, name, &book);
    hold(&CONTRACT, &read);
    assert_eq!(said(&fixture::read(&CONTRACT, name, &book)), said(&read), "read twice");
});

/// A number of any size: small ones often, now and then the largest there is.
fn times(choices: &mut Choices) -> u64 {
    let few = u64::from(choices.byte());
    match choices.below(8) {
        0..4 => few % 4 + 1,
        4 | 5 => few * few,
        6 => u64::from(choices.wide()) * few,
        _ => u64::MAX >> (few % 64),
    }
}

fn text(choices: &mut Choices) -> String {
    let length = usize::from(choices.byte()).pow(2) / usize::from(choices.byte()).max(1);
    char::from(b'a' + choices.byte() % 26).to_string().repeat(length)
}

/// The contract's headings, each by `cell`.
fn headings(cell: impl Fn(&str) -> String) -> String {
    let header = String::from_utf8_lossy(&fixture::header(&CONTRACT)).trim().to_owned();
    let mark = char::from(fixture::layout(&CONTRACT).delimiters[0]);
    header.split(mark).map(cell).collect()
}

fn ods_book(choices: &mut Choices) -> Vec<u8> {
    let cell = |text: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let mut rows = format!("<table:table-row>{}</table:table-row>", headings(cell));
    for _ in 0..choices.below(WRITTEN) {
        let (number, columns) = (times(choices), times(choices));
        let inner = match choices.below(4) {
            0 => format!("<text:s text:c=\"{}\"/>", times(choices)),
            1 => "<text:p/>".repeat(choices.below(WRITTEN)),
            _ => text(choices),
        };
        let element = choices.one_of(&["table:table-cell", "table:covered-table-cell"]);
        let many = choices.below(4);
        let cell = format!(
            "<{element} table:number-columns-repeated=\"{columns}\" office:value-type=\"string\">\
             <text:p>{inner}</text:p></{element}>"
        );
        write!(
            rows,
            "<table:table-row table:number-rows-repeated=\"{number}\">{}</table:table-row>",
            cell.repeat(many)
        )
        .expect("a String takes any text");
    }
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet>\
         <table:table table:name=\"Forbrug\">{rows}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    zipped(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", &content),
    ])
}

fn xlsx_book(choices: &mut Choices) -> Vec<u8> {
    let cell = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let mut rows = format!("<row>{}</row>", headings(cell));
    let mut strings = String::new();
    for _ in 0..choices.below(WRITTEN) {
        let run = format!("<r><t>{}</t></r>", text(choices));
        write!(strings, "<si>{}</si>", run.repeat(choices.below(WRITTEN)))
            .expect("a String takes any text");
    }
    for _ in 0..choices.below(WRITTEN) {
        let cell = format!("<c t=\"s\"><v>{}</v></c>", times(choices) % 70);
        let cells = usize::try_from(times(choices) % 20_000).expect("it is small");
        write!(rows, "<row>{}</row>", cell.repeat(cells)).expect("a String takes any text");
    }
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |kind: &str, to: &str| {
        format!(
            "<Relationships><Relationship Id=\"r1\" Type=\"{kind}\" Target=\"{to}\"/></Relationships>"
        )
    };
    zipped(&[
        ("_rels/.rels", &relation(&format!("{kind}/officeDocument"), "xl/workbook.xml")),
        (
            "xl/_rels/workbook.xml.rels",
            &relation(&format!("{kind}/worksheet"), "worksheets/sheet1.xml"),
        ),
        (
            "xl/workbook.xml",
            "<workbook><sheets><sheet name=\"Forbrug\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
        ),
        (
            "xl/sharedStrings.xml",
            &format!("<sst uniqueCount=\"{}\">{strings}</sst>", times(choices)),
        ),
        (
            "xl/worksheets/sheet1.xml",
            &format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ])
}

fn zipped(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, part) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).expect("memory writes");
        zip.write_all(part.as_bytes()).expect("memory writes");
    }
    zip.finish().expect("memory writes").into_inner()
}
