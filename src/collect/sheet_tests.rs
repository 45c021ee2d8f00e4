//! A few hundred bytes of a sheet that stand for any number of lines, in the small bounds of unit
//! tests.

use crate::collect::ingest;
use crate::collect::kit::{contracts, delivery, open_terms};
use crate::domain::quarantine::Reason;
use crate::source::bounds::Bound;
use std::io::{Cursor, Write as _};

const SPENDING: &str = r#"
title.en = "Spending"
[files]
names = ["{authority}.ods"]
[[schema.fields]]
name = "day"
type = "date"
format = ["%d-%m-%Y"]
role = "period"
[[schema.fields]]
name = "amount"
type = "number"
role = "amount"
"#;

/// An open document of one sheet.
fn ods(rows: &str) -> Vec<u8> {
    let names = "urn:oasis:names:tc:opendocument:xmlns";
    let content = format!(
        "<office:document-content xmlns:office=\"{names}:office:1.0\" \
         xmlns:table=\"{names}:table:1.0\" xmlns:text=\"{names}:text:1.0\"><office:body>\
         <office:spreadsheet><table:table table:name=\"A\">{rows}</table:table>\
         </office:spreadsheet></office:body></office:document-content>"
    );
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_str()),
    ] {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(name, options).expect("memory writes");
        writer.write_all(text.as_bytes()).expect("memory writes");
    }
    writer.finish().expect("memory writes").into_inner()
}

fn row(times: u32, cells: &str) -> String {
    format!("<table:table-row table:number-rows-repeated=\"{times}\">{cells}</table:table-row>")
}

/// The reason a sheet of the headings and these rows is refused for.
fn refused(rows: &str) -> Reason {
    let text = |text: &str| {
        let kind = "office:value-type=\"string\"";
        format!("<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>")
    };
    let head = row(1, &["day", "amount"].map(text).concat());
    let sheet = delivery("0751.ods", ods(&format!("{head}{rows}")));
    let read = ingest(&contracts(SPENDING, open_terms(2018)), &[sheet], &|| ());
    let read = read.expect("memory reads");
    assert!(read.accounts[0].rejected && read.facts.is_empty());
    assert_eq!(read.quarantine.len(), 1, "{:?}", read.quarantine);
    read.quarantine[0].fault.reason.clone()
}

#[test]
fn rows_that_are_repeated_are_counted_each_time() {
    let cells = "<table:table-cell table:number-columns-repeated=\"1000\" \
                 office:value-type=\"float\" office:value=\"1\"/>";
    for times in [1_000_000, 4_000_000_000] {
        assert_eq!(refused(&row(times, cells)), Bound::SheetText.reason(), "{times}");
    }
}
