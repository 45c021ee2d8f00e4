//! Packed deliveries: what is in them is read as if it were plain, or refused with a reason.

use crate::kit::{self, contracts, delivery, gzip, initiatives, open_terms, zip};
use gevinst::testing::collect::Ingested;
use gevinst::testing::contract::{NotData, Terms};
use proptest::prelude::*;
use std::collections::BTreeMap;

const SPENDING: &str = r#"
title.en = "Spending"
[files]
names = ["{authority}.csv", "{any}.zip/{authority}.csv", "{authority}.xlsx", "{authority}.ods"]
supersede = "file"
[dialect]
findHeader = 5
sheetName = "Forbrug"
[[schema.fields]]
name = "day"
type = "date"
format = ["%d-%m-%Y"]
role = "period"
[[schema.fields]]
name = "text"
type = "string"
role = "account"
[[schema.fields]]
name = "amount"
type = "number"
decimalChar = ","
groupChar = "."
role = "amount"
constraints.required = true
[[notData]]
what = "total"
onlyFilled = ["amount"]
[[notData]]
what = "repeatedHeader"
"#;

const LINES: &str = "day;text;amount\n04-03-2018;0751;1.234,50\n05-03-2018;b;-0,05\n";

fn terms() -> Terms {
    Terms { initiatives: Some(initiatives(["1.1"])), ..open_terms(2018, 2018) }
}

pub(crate) fn read(contract: &str, name: &str, bytes: &[u8]) -> Ingested {
    kit::read(&contracts(contract, terms()), &[delivery(name, bytes)])
}

/// `line: code found` of everything refused.
pub(crate) fn refused(read: &Ingested) -> Vec<String> {
    read.quarantine
        .iter()
        .map(|refused| {
            let line = refused.line.map_or_else(String::new, |line| format!("{line}: "));
            let details = refused.fault.reason.details();
            let found =
                details.iter().find(|(name, _)| ["found", "container", "bound"].contains(name));
            let found = found.map_or_else(String::new, |(_, found)| format!(" {found}"));
            format!("{line}{}{found}", refused.fault.reason.code())
        })
        .collect()
}

/// A workbook of two sheets; the second is `Forbrug`. Style 1 is a date, 2 `[h]:mm:ss`, 3 `h:mm`.
pub(crate) fn xlsx(rows: &str) -> Vec<u8> {
    xlsx_with("", "", rows)
}

/// The same with something said of the workbook and of the first sheet.
pub(crate) fn xlsx_with(book: &str, first: &str, rows: &str) -> Vec<u8> {
    xlsx_of(book, first, &[], ["", rows])
}

/// The same with rows on both sheets; these codes of number formats are those of style 4 and on.
pub(crate) fn xlsx_of(book: &str, first: &str, codes: &[&str], rows: [&str; 2]) -> Vec<u8> {
    let numbered = || codes.iter().zip(164_u32..);
    let formats: Vec<String> = numbered()
        .map(|(code, id)| {
            let code = code.replace('"', "&quot;");
            format!("<numFmt numFmtId=\"{id}\" formatCode=\"{code}\"/>")
        })
        .collect();
    let styles: Vec<String> =
        numbered().map(|(_, id)| format!("<xf numFmtId=\"{id}\"/>")).collect();
    let (formats, styles) = (formats.concat(), styles.concat());
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let sheet = |rows: &str| {
        format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>")
    };
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    zip(&[
        (
            "[Content_Types].xml",
            &format!(
                "<Types xmlns=\"{package}/content-types\">\
             <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
             <Override PartName=\"/xl/workbook.xml\" ContentType=\"{kind}.sheet.main+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            &format!(
                "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"r1\" \
             Type=\"{rel}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            &format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{rel}\">{book}<sheets>\
             <sheet name=\"Om\" {first} sheetId=\"1\" r:id=\"r1\"/>\
             <sheet name=\"Forbrug\" sheetId=\"2\" r:id=\"r2\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            &format!(
                "<Relationships xmlns=\"{package}/relationships\">\
             <Relationship Id=\"r1\" Type=\"{rel}/worksheet\" Target=\"worksheets/sheet1.xml\"/>\
             <Relationship Id=\"r2\" Type=\"{rel}/worksheet\" Target=\"worksheets/sheet2.xml\"/>\
             <Relationship Id=\"r3\" Type=\"{rel}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            &format!(
                "<styleSheet xmlns=\"{main}\"><numFmts>{formats}</numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/>\
             <xf numFmtId=\"46\"/><xf numFmtId=\"20\"/>{styles}</cellXfs></styleSheet>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", &sheet(rows[0])),
        ("xl/worksheets/sheet2.xml", &sheet(rows[1])),
    ])
}

pub(crate) fn text(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

pub(crate) fn number(place: &str, value: &str) -> String {
    format!("<c r=\"{place}\"><v>{value}</v></c>")
}

/// Days since 30 December 1899, shown as a date.
pub(crate) fn day(place: &str, serial: &str) -> String {
    format!("<c r=\"{place}\" s=\"1\"><v>{serial}</v></c>")
}

pub(crate) fn row(number: u32, cells: &[String]) -> String {
    format!("<row r=\"{number}\">{}</row>", cells.concat())
}

/// An open document of a sheet `Forbrug`.
pub(crate) fn ods(rows: &str) -> Vec<u8> {
    let sheet = format!("<table:table table:name=\"Forbrug\">{rows}</table:table>");
    ods_of("", &sheet)
}

/// One of these styles, and of what stands in the body.
pub(crate) fn ods_of(styles: &str, body: &str) -> Vec<u8> {
    let names = "urn:oasis:names:tc:opendocument:xmlns";
    zip(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        (
            "META-INF/manifest.xml",
            &format!("<manifest:manifest xmlns:manifest=\"{names}:manifest:1.0\"/>"),
        ),
        (
            "content.xml",
            &format!(
                "<office:document-content xmlns:office=\"{names}:office:1.0\" \
             xmlns:table=\"{names}:table:1.0\" xmlns:text=\"{names}:text:1.0\">\
             {styles}<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>\
             </office:document-content>"
            ),
        ),
    ])
}

#[test]
fn what_is_packed_is_read_as_if_it_were_plain() {
    let plain = read(SPENDING, "KMD.csv", LINES.as_bytes());
    assert_eq!(plain.accounts[0].accepted.get(), 123_445);
    let entries = [("b/note.txt", "hello"), ("KMD.csv", LINES), (".hidden.csv", "x")];
    let (gz, zst) = (gzip(LINES), zstd::encode_all(LINES.as_bytes(), 3).expect("memory writes"));
    for (name, bytes, inside) in [
        ("KMD.csv.gz", gz.clone(), "KMD.csv.gz"),
        ("KMD.csv.GZ", [gzip("day;text;amount\n"), gzip(&LINES[16..])].concat(), "KMD.csv.GZ"),
        ("KMD.csv.zst", zst, "KMD.csv.zst"),
        ("2018.zip", zip(&entries), "2018.zip/KMD.csv"),
    ] {
        let packed = read(SPENDING, name, &bytes);
        assert_eq!(packed.facts, plain.facts, "{name}");
        let account = &packed.accounts[0];
        assert_eq!((account.name.as_str(), account.lines_accepted), (inside, 2));
        assert_eq!(account.encoding, "UTF-8");
    }
    let zipped = read(SPENDING, "2018.zip", &zip(&entries));
    assert_eq!(refused(&zipped), ["Q007"], "every file of a zip is a delivery of its own");
    assert_eq!(zipped.accounts[1].name, "2018.zip/b/note.txt");
    assert_eq!(zipped.accounts[0].blake3, plain.accounts[0].blake3);
}

#[test]
fn what_is_not_what_its_name_says_is_refused() {
    let broken = zip(&[("KMD.csv", LINES)]);
    let mut damaged = broken.clone();
    damaged[45] ^= 1;
    for (name, bytes, expected) in [
        ("KMD.csv.gz", LINES.as_bytes().to_vec(), "Q009 gzip"),
        ("KMD.csv.gz", gzip(LINES)[..30].to_vec(), "Q009 gzip"),
        ("KMD.csv.gz", Vec::new(), "Q001"),
        ("KMD.csv.gz", gzip(""), "Q001"),
        ("KMD.csv.zst", gzip(LINES), "Q009 zstd"),
        ("a.zip", LINES.as_bytes().to_vec(), "Q009 zip"),
        ("a.zip", damaged, "Q009 zip"),
        ("a.zip", broken[..broken.len() - 30].to_vec(), "Q009 zip"),
        ("a.zip", zip::<&str>(&[]), "Q009 zip"),
        ("KMD.xlsx", LINES.as_bytes().to_vec(), "Q017 CSV"),
        ("KMD.xlsx", broken.clone(), "Q009 xlsx"),
        ("KMD.ods", broken.clone(), "Q009 ods"),
        ("KMD.csv", broken, "Q003 zip"),
        ("KMD.csv", gzip(LINES), "Q003 gzip"),
    ] {
        let read = read(SPENDING, name, &bytes);
        assert_eq!(refused(&read), [expected], "{name}");
        assert!(read.accounts[0].rejected && read.facts.is_empty());
    }
}

#[test]
fn a_zip_that_grows_beyond_belief_is_refused() {
    let many: Vec<String> = (0..2_001).map(|number| format!("{number}.csv")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "")).collect();
    assert_eq!(refused(&read(SPENDING, "a.zip", &zip(&many))), ["Q013 zip_files"]);
}

#[test]
fn a_sheet_is_read_with_its_row_numbers_and_its_types() {
    let bytes = xlsx(
        &[
            row(2, &[text("A2", "Forbrug 2018")]),
            row(4, &[text("A4", "day"), text("B4", "text"), text("C4", "amount")]),
            row(5, &[day("A5", "43163"), text("B5", "0751"), number("C5", "1234.5")]),
            row(6, &[text("A6", "05-03-2018"), text("B6", "b"), text("C6", "-0,05")]),
            row(8, &[day("A8", "43164"), number("B8", "751"), number("C8", "1.005")]),
            row(9, &[day("A9", "43164"), text("B9", "x"), number("C9", "1E+20")]),
            row(10, &[number("A10", "43164"), text("B10", "x"), number("C10", "1")]),
            row(11, &[day("A11", "43164"), number("B11", "751"), number("C11", "1e3")]),
            row(12, &[number("C12", "2234.45")]),
        ]
        .concat(),
    );
    let found = read(SPENDING, "KMD.xlsx", &bytes);
    let expected = ["8: Q101 1,005", "9: Q111 100000000000000000000", "10: Q103 43164"];
    assert_eq!(refused(&found), expected);
    let account = &found.accounts[0];
    assert_eq!((account.lines_accepted, account.accepted.get()), (3, 223_445));
    let not_data =
        [(NotData::Blank, 3), (NotData::Preamble, 1), (NotData::Header, 1), (NotData::Total, 1)];
    assert_eq!(account.not_data, BTreeMap::from(not_data));
    let accounts: Vec<_> =
        found.facts.iter().filter_map(|fact| Some(fact.key.account?.as_str())).collect();
    assert_eq!(accounts, ["0751", "751", "b"], "a number has no leading zeros, a text keeps them");
}

#[test]
fn a_sheet_that_is_not_there_is_named() {
    let contract = SPENDING.replace("\"Forbrug\"\n", "\"Udgifter\"\n");
    let found = read(&contract, "KMD.xlsx", &xlsx(""));
    assert_eq!(refused(&found), ["Q014 Om, Forbrug"]);
    let contract = SPENDING.replace("sheetName = \"Forbrug\"", "sheetNumber = 3");
    assert_eq!(refused(&read(&contract, "KMD.xlsx", &xlsx(""))), ["Q014 Om, Forbrug"]);
    let contract = SPENDING.replace("sheetName = \"Forbrug\"\n", "");
    assert_eq!(refused(&read(&contract, "KMD.xlsx", &xlsx(""))), ["Q001"]);
}

/// `Om` is the first sheet and `Forbrug` the second; a hidden one has no number.
#[test]
fn a_sheet_nobody_can_see_is_read_by_its_name_alone() {
    let head = row(1, &[text("A1", "day"), text("B1", "text"), text("C1", "amount")]);
    let line = row(2, &[day("A2", "43162"), text("B2", "b"), number("C2", "3")]);
    for state in ["hidden", "veryHidden"] {
        let book = xlsx_with("", &format!("state=\"{state}\""), &format!("{head}{line}"));
        let first = SPENDING.replace("sheetName = \"Forbrug\"\n", "");
        assert_eq!(read(&first, "KMD.xlsx", &book).accounts[0].accepted.get(), 300, "{state}");
        let named = SPENDING.replace("\"Forbrug\"\n", "\"Om\"\n");
        assert_eq!(refused(&read(&named, "KMD.xlsx", &book)), ["Q001"], "{state}");
    }
}

/// The bounds of a sheet are held by the tests of `source/sheet` and by `bounds`.
#[test]
fn a_cell_far_out_is_a_line_of_its_own_and_one_nowhere_is_refused() {
    let head = row(1, &[text("A1", "day"), text("B1", "text"), text("C1", "amount")]);
    let sheet = |row: String| read(SPENDING, "KMD.xlsx", &xlsx(&format!("{head}{row}")));
    let far = sheet(row(20_000, &[number("XFD20000", "1")]));
    assert_eq!(refused(&far), ["20000: Q201 16384"]);
    let nowhere = sheet(row(2, &[number("AAAAAAAA2", "1")]));
    assert_eq!(refused(&nowhere), ["Q009 xlsx"]);
}

#[test]
fn an_open_document_is_read_with_its_rows_and_types() {
    let text = |text: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let row = |cells: &str| format!("<table:table-row>{cells}</table:table-row>");
    let empty = |many: u32| {
        format!(
            "<table:table-row table:number-rows-repeated=\"{many}\">\
             <table:table-cell table:number-columns-repeated=\"1024\"/></table:table-row>"
        )
    };
    let line = "<table:table-cell office:value-type=\"date\" office:date-value=\"2018-03-04\"/>\
                <table:table-cell office:value-type=\"string\"><text:p>0751</text:p></table:table-cell>\
                <table:table-cell office:value-type=\"float\" office:value=\"1234.5\"/>";
    let bytes = ods(&[
        empty(2),
        row(&[text("day"), text("text"), text("amount")].concat()),
        row(line),
        empty(1),
        row(&line.replace("1234.5", "0.125")),
        empty(1_048_570),
    ]
    .concat());
    let found = read(SPENDING, "KMD.ods", &bytes);
    assert_eq!(refused(&found), ["6: Q101 0,125"]);
    let account = &found.accounts[0];
    assert_eq!((account.lines_accepted, account.accepted.get()), (1, 123_450));
    assert_eq!(account.encoding, "ods");
}

fn small_workbook() -> Vec<u8> {
    let head = [text("A1", "day"), text("B1", "text"), text("C1", "amount")];
    let line = [day("A2", "43163"), text("B2", "0751"), number("C2", "1234.5")];
    xlsx(&[row(1, &head), row(2, &line)].concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Whatever becomes of packed bytes on their way, each delivery is read or refused.
    #[test]
    fn damage_anywhere_is_read_or_refused(
        kind in 0_usize..4,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let (name, mut bytes) = match kind {
            0 => ("KMD.csv.gz", gzip(LINES)),
            1 => ("KMD.csv.zst", zstd::encode_all(LINES.as_bytes(), 3).expect("memory writes")),
            2 => ("2018.zip", zip(&[("KMD.csv", LINES)])),
            _ => ("KMD.xlsx", small_workbook()),
        };
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        // Damage can reach the name of a file: with one beside it that is claimed, the folder is
        // that of the pipeline whatever it is.
        let deliveries = [delivery(name, bytes), delivery("0751.csv", LINES)];
        let found = kit::read(&contracts(SPENDING, terms()), &deliveries);
        for account in &found.accounts {
            prop_assert_eq!(account.lines_read, account.lines_accepted + account.lines_refused);
        }
        prop_assert!(found.accounts.len() > 1);
    }

    /// Whatever a workbook's cells hold, each row is posted, refused or no data.
    #[test]
    fn any_cells_are_read_or_refused(
        cells in prop::collection::vec(("[A-D]", 1_u32..9, "[-0-9.eE]{0,12}", 0_u32..3), 0..12),
    ) {
        let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for (column, line, value, style) in &cells {
            let cell = format!("<c r=\"{column}{line}\" s=\"{style}\"><v>{value}</v></c>");
            rows.entry(*line).or_default().push(cell);
        }
        let rows: String = rows.iter().map(|(line, cells)| row(*line, cells)).collect();
        let head = row(1, &[text("A1", "day"), text("B1", "text"), text("C1", "amount")]);
        let found = read(SPENDING, "KMD.xlsx", &xlsx(&format!("{head}{rows}")));
        prop_assert_eq!(found.accounts.len(), 1);
    }

    /// Whatever the parts of a workbook say, checksums and all, it is read or refused.
    #[test]
    fn any_sheet_is_read_or_refused(
        parts in prop::collection::vec(
            "<row r=\"[0-9]{0,11}\">|</row>|<c r=\"[A-Z]{0,8}[0-9]{0,11}\" t=\"(s|str|b|e|d|n|x)?\" \
             s=\"[0-9]{0,11}\">|<v>[-0-9a-z.]{0,9}</v>|</c>|<f>A1</f>|<is><t>|</t></is>|<!--|&#x[0-9]{1,6};|\
             <dimension ref=\"[A-Z]{0,5}[0-9]{0,11}:[A-Z]{0,5}[0-9]{0,9}\"/>|<mergeCell ref=\"[A-Z:0-9]{0,6}\"/>",
            0..24,
        ),
        open_document: bool,
    ) {
        let (name, bytes) = if open_document {
            let rows = parts
                .concat()
                .replace("<c r", "<table:table-cell office:value-type=\"float\" office:value")
                .replace("</c>", "</table:table-cell>")
                .replace("<row r", "<table:table-row table:number-rows-repeated")
                .replace("</row>", "</table:table-row>");
            ("KMD.ods", ods(&rows))
        } else {
            ("KMD.xlsx", xlsx(&parts.concat()))
        };
        prop_assert_eq!(read(SPENDING, name, &bytes).accounts.len(), 1);
    }
}
