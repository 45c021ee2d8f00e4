//! Workbooks and correction packs: a pack in any workbook, and the refused line of a workbook in a
//! pack.

use crate::fixture::{HEADER, Ran, RunFixture};
use crate::packed::{ods_of, row, text, xlsx, xlsx_with};

/// A fixture with a line refused for its amount, `20.00`, and a pack of it.
fn fixture() -> RunFixture {
    let fixture = RunFixture::new();
    let line = |amount: &str| format!("0751;01-03-2018;2018-03;BYG;2.1;22.65;Licens;{amount}\n");
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{}{}", line("1,00"), line("20.00")));
    fixture.check_with_packs();
    fixture
}

/// The rows of the pack, mended.
fn rows(fixture: &RunFixture) -> Vec<Vec<String>> {
    let pack = fixture.packs()["0751.csv"].clone();
    let pack = pack.strip_prefix("\u{feff}".as_bytes()).expect("a byte order mark");
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .flexible(true)
        .from_reader(pack);
    let rows: Vec<Vec<String>> = reader
        .records()
        .map(|row| row.expect("a row").iter().map(|cell| cell.replace("20.00", "20,00")).collect())
        .collect();
    assert!(rows.len() >= 2 && rows.concat().contains(&"20,00".to_owned()), "{rows:?}");
    rows
}

fn escaped(cell: &str) -> String {
    cell.replace('&', "&amp;").replace('<', "&lt;")
}

/// The rows as those of an `.xlsx`.
fn sheet(rows: &[Vec<String>]) -> String {
    let cells = |number: u32, cells: &Vec<String>| {
        let cells: Vec<String> = (b'A'..=b'Z')
            .zip(cells)
            .map(|(letter, cell)| text(&format!("{}{number}", char::from(letter)), &escaped(cell)))
            .collect();
        row(number, &cells)
    };
    (1..).zip(rows).map(|(number, own)| cells(number, own)).collect()
}

/// The rows as a table of an `.ods`.
fn table(name: &str, rows: &[Vec<String>]) -> String {
    let cell = |cell: &String| {
        let text = escaped(cell);
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p>\
             </table:table-cell>"
        )
    };
    let row = |row: &Vec<String>| {
        let cells: String = row.iter().map(cell).collect();
        format!("<table:table-row>{cells}</table:table-row>")
    };
    let rows: String = rows.iter().map(row).collect();
    format!("<table:table table:name=\"{name}\">{rows}</table:table>")
}

fn mends(ran: &Ran) -> bool {
    ran.out.contains("\nDKK: 21.00 read = 21.00 posted + 0.00 superseded + 0.00 refused;")
}

/// The sheet is the second of the workbook; the first is empty.
#[test]
fn a_pack_copied_into_a_workbook_is_known_by_its_headings() {
    let rows = rows(&fixture());
    let opened = table("Ark1", &[]) + &table("Ark2", &rows);
    for (name, bytes) in [
        ("0751.xlsx", xlsx(&sheet(&rows))),
        ("0751.ods", ods_of("", &opened)),
        ("0751.ods", ods_of("", &table("Rettelser til gevinst", &rows))),
    ] {
        let fixture = fixture();
        assert!(!mends(&fixture.check()));
        fixture.deliver(&format!("rettelser/{name}"), bytes);
        let ran = fixture.check();
        assert!(mends(&ran), "{name}: {}", ran.out);
        assert_eq!(ran.code, 0, "{name}: {}", ran.err);
    }
}

/// A workbook of data is one, whatever stands behind its first sheet; and a pack begins with its
/// headings.
#[test]
fn a_workbook_that_begins_with_something_else_is_no_pack() {
    let rows = rows(&fixture());
    let data = [["a", "b"].map(str::to_owned).to_vec()];
    let titled = [&data[..], &rows[..]].concat();
    for (name, bytes) in [
        ("0751.ods", ods_of("", &(table("Ark1", &data) + &table("Ark2", &rows)))),
        ("0751.xlsx", xlsx(&sheet(&titled))),
        ("0751.xlsx", xlsx_with("", "", &sheet(&data))),
    ] {
        let fixture = fixture();
        fixture.deliver(&format!("rettelser/{name}"), bytes);
        let ran = fixture.check();
        assert!(ran.out.contains(&format!("rettelser/{name}:1: Q007")), "{name}: {}", ran.out);
        assert!(!mends(&ran), "{name}: {}", ran.out);
    }
}

/// An unmended cell of a workbook is a mark in the pack, and no value when the pack comes back.
#[test]
fn a_formula_without_a_result_is_a_mark_in_the_pack() {
    let fixture = RunFixture::new().own_pipeline();
    fixture.change(
        "contracts/forbrug.toml",
        "{authority}-{any}.csv\", ",
        "{authority}-{any}.xlsx\", ",
    );
    let head: Vec<String> = HEADER.trim_end().split(';').map(str::to_owned).collect();
    let line = ["0751", "01-03-2018", "2018-03", "BYG", "2.1", "22.65", "Licens", "20,00"];
    let rows = [head, line.map(str::to_owned).to_vec()];
    let formula = sheet(&rows).replace(&text("H2", "20,00"), "<c r=\"H2\"><f>G9*2</f></c>");
    let book = xlsx_with("", "state=\"hidden\"", &formula);
    fixture.deliver("forbrug/0751-2018.xlsx", book);
    let ran = fixture.check_with_packs();
    assert!(ran.out.contains("forbrug/0751-2018.xlsx:2: Q109 Beløb: "), "{}", ran.out);
    let pack = String::from_utf8(fixture.packs()["0751.csv"].clone()).expect("UTF-8");
    assert!(pack.contains(";Licens;[se regnearket]\r\n"), "{pack}");
    fixture.deliver("rettelser/0751.csv", &pack);
    let back = fixture.check();
    assert!(back.out.contains("rettelser/0751.csv:2: Q102 Beløb: "), "{}", back.out);
    assert!(
        back.out.contains("lines: 1 read = 0 posted + 0 superseded + 1 refused"),
        "{}",
        back.out
    );
    fixture.deliver("rettelser/0751.csv", pack.replace("[se regnearket]", "20,00"));
    let mended = fixture.check();
    assert!(mended.out.contains("DKK: 20.00 read = 20.00 posted"), "{}", mended.out);
}
