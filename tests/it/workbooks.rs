//! Workbooks: a cell says what a person sees in it, or its line is refused for what it is.

use crate::packed::{day, number, ods_of, read, refused, row, text, xlsx, xlsx_of, xlsx_with};
use gevinst::testing::collect::Ingested;
use gevinst::testing::domain::Measure;

const HOURS: &str = r#"
title.en = "Hours"
[files]
names = ["{authority}.xlsx", "{authority}.ods"]
supersede = "file"
[dialect]
sheetNumber = 2
[[schema.fields]]
name = "day"
type = "date"
format = ["%d-%m-%Y", "excel"]
role = "period"
[[schema.fields]]
name = "text"
type = "string"
role = "account"
[[schema.fields]]
name = "amount"
type = "number"
decimalChar = ","
role = "amount"
[[schema.fields]]
name = "hours"
type = "number"
decimalChar = ","
role = "hours"
"#;

/// A workbook of one line of these cells, the first in B2, below the headings.
fn line(cells: &[String]) -> String {
    let heads = ["day", "text", "amount", "hours"].iter().zip(["A1", "B1", "C1", "D1"]);
    let heads: Vec<String> = heads.map(|(name, place)| text(place, name)).collect();
    let first = [day("A2", "43163")];
    row(1, &heads) + &row(2, &[&first[..], cells].concat())
}

fn found(cells: &[String]) -> Ingested {
    read(HOURS, "KMD.xlsx", &xlsx(&line(cells)))
}

fn sum(found: &Ingested, measure: Measure) -> i64 {
    found.facts.iter().map(|fact| fact.measures.get(measure).sum).sum()
}

#[test]
fn a_formula_without_a_result_refuses_its_line() {
    let zero = "<c r=\"C2\"><f>D2*2</f><v>0</v></c>";
    for (cell, expected) in [
        ("<c r=\"C2\"><f>D2*2</f></c>", "2: Q109 =D2*2"),
        ("<c r=\"C2\"><f>D2*2</f><v></v></c>", "2: Q109 =D2*2"),
        ("<c r=\"C2\" t=\"str\"><f>D2&amp;1</f></c>", "2: Q109 =D2&1"),
        ("<c r=\"C2\"><f t=\"shared\" si=\"0\"/></c>", "2: Q109 ="),
        ("<c r=\"C2\" t=\"e\"><f>D2/0</f><v>#DIV/0!</v></c>", "2: Q109 #DIV/0!"),
        ("<c r=\"C2\" t=\"e\"><v>#REF!</v></c>", "2: Q109 #REF!"),
        ("<c r=\"B2\"><f>D2*2</f></c>", "2: Q109 =D2*2"),
        ("<c r=\"B2\" t=\"e\"><v>#N/A</v></c>", "2: Q109 #N/A"),
        ("<c r=\"A3\"><f>A2</f></c>", "3: Q109 =A2"),
    ] {
        let found = found(&[cell.to_owned()]);
        assert_eq!(refused(&found), [expected], "{cell}");
    }
    for (cell, amount) in [
        ("<c r=\"C2\"><f>D2*2</f><v>12.5</v></c>", 1_250),
        ("<c r=\"C2\" t=\"str\"><f>IF(D2,1,\"\")</f><v></v></c>", 0),
        (zero, 0),
    ] {
        let found = found(&[cell.to_owned()]);
        assert_eq!(refused(&found), [""; 0], "{cell}");
        assert_eq!(sum(&found, Measure::Amount), amount, "{cell}");
    }
    let uncalculated = "<calcPr calcId=\"124519\" fullCalcOnLoad=\"1\"/>";
    let zero = xlsx_with(uncalculated, "", &line(&[zero.to_owned()]));
    assert_eq!(refused(&read(HOURS, "KMD.xlsx", &zero)), ["2: Q109 =D2*2"]);
}

#[test]
fn a_time_is_hours_and_no_other_number() {
    let cell = |place: &str, style: u8, days: &str| {
        format!("<c r=\"{place}\" s=\"{style}\"><v>{days}</v></c>")
    };
    for (style, days, hundredths) in [
        (2, "0.3125", 750),
        (2, "1.3125", 3_150),
        (3, "0.3125", 750),
        (2, "2", 4_800),
        (0, "7.5", 750),
    ] {
        let found = found(&[cell("D2", style, days)]);
        assert_eq!(refused(&found), [""; 0]);
        assert_eq!(sum(&found, Measure::Hours), hundredths, "{days} in style {style}");
    }
    let twenty = cell("D2", 2, "0.30555555555555558");
    assert_eq!(refused(&found(&[twenty])), ["2: Q110 7:20"]);
    assert_eq!(refused(&found(&[cell("C2", 2, "2")])), ["2: Q110 48:00"]);
    assert_eq!(refused(&found(&[cell("C2", 3, "0.5")])), ["2: Q110 12:00"]);
    let named = found(&[cell("B2", 2, "0.5")]);
    let account = named.facts.iter().find_map(|fact| fact.key.account);
    assert_eq!(account.expect("an account").as_str(), "12:00", "a text is what is shown");
}

#[test]
fn a_number_is_the_15_digits_a_sheet_means() {
    for (stored, oere) in [
        ("1234.5600000000001", 123_456),
        ("0.30000000000000004", 30),
        ("2.8999999999999999", 290),
        ("-1.1E-1", -11),
        ("1.23456E+3", 123_456),
    ] {
        let found = found(&[number("C2", stored)]);
        assert_eq!(refused(&found), [""; 0], "{stored}");
        assert_eq!(sum(&found, Measure::Amount), oere, "{stored}");
    }
    assert_eq!(refused(&found(&[number("C2", "1.005")])), ["2: Q101 1,005"]);
    let lost = "2: Q111 1234567890123456";
    assert_eq!(refused(&found(&[number("B2", "1234567890123456")])), [lost]);
    let kept = found(&[number("B2", "123456789012345")]);
    assert_eq!(refused(&kept), [""; 0]);
    let text = found(&[text("B2", "1234567890123456")]);
    assert_eq!(refused(&text), [""; 0], "a text loses nothing");
}

#[test]
fn a_bare_day_is_counted_from_where_the_workbook_counts() {
    let bare = |serial: &str| line(&[]).replace(" s=\"1\"><v>43163", &format!("><v>{serial}"));
    let typed = |serial: &str| {
        line(&[]).replace("<c r=\"A2\" s=\"1\"><v>43163</v></c>", &text("A2", serial))
    };
    let from_1904 = "<workbookPr date1904=\"1\"/>";
    for (book, rows) in [
        ("", bare("43163")),
        (from_1904, bare("41701")),
        (from_1904, typed("41701")),
        (from_1904, line(&[]).replace("43163", "41701")),
    ] {
        let found = read(HOURS, "KMD.xlsx", &xlsx_with(book, "", &rows));
        let months: Vec<String> =
            found.facts.iter().map(|fact| fact.key.period.to_string()).collect();
        assert_eq!((refused(&found), months), (vec![], vec!["2018-03".to_owned()]), "{rows}");
    }
}

/// The rows of an open document: headings, and one line.
fn open_line(cells: &str) -> String {
    let heading = |name: &&str| {
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{name}</text:p></table:table-cell>"
        )
    };
    let heads: String = ["day", "text", "amount", "hours"].iter().map(heading).collect();
    format!(
        "<table:table-row>{heads}</table:table-row><table:table-row><table:table-cell \
         office:value-type=\"date\" office:date-value=\"2018-03-04\"/>{cells}</table:table-row>"
    )
}

fn open(styles: &str, before: &str, rows: &str) -> Ingested {
    let hidden = "<table:table table:name=\"Om\" table:style-name=\"ta1\"/>";
    let shown = format!(
        "<table:table table:name=\"Forbrug\" table:style-name=\"ta2\">{rows}</table:table>"
    );
    let contract = HOURS.replace("sheetNumber = 2", "sheetNumber = 1");
    read(&contract, "KMD.ods", &ods_of(styles, &format!("{before}{hidden}{shown}")))
}

/// The first table has a style that hides it.
const STYLES: &str = "<office:automatic-styles>\
    <style:style style:name=\"ta1\" style:family=\"table\"><style:table-properties \
    table:display=\"false\"/></style:style>\
    <style:style style:name=\"ta2\" style:family=\"table\"><style:table-properties \
    table:display=\"true\"/></style:style></office:automatic-styles>";

#[test]
fn a_hidden_table_of_an_open_document_has_no_number() {
    let line = "<table:table-cell/>\
                <table:table-cell office:value-type=\"float\" office:value=\"3\"/>";
    let found = open(STYLES, "", &open_line(line));
    assert_eq!((refused(&found), sum(&found, Measure::Amount)), (vec![], 300));
    let found = open(&STYLES.replace("false", "true"), "", &open_line(line));
    assert_eq!(refused(&found), ["Q001"], "a first table that is shown is the first");
}

#[test]
fn an_open_document_says_what_is_seen() {
    let time = |place: &str, time: &str| {
        format!(
            "{place}<table:table-cell office:value-type=\"time\" office:time-value=\"{time}\"/>"
        )
    };
    let two = "<table:table-cell/><table:table-cell/>";
    let found = open(STYLES, "", &open_line(&time(two, "PT31H30M00S")));
    assert_eq!((refused(&found), sum(&found, Measure::Hours)), (vec![], 3_150));
    for (cells, expected) in [
        (time(two, "PT07H20M00S"), "2: Q110 7:20"),
        (time("<table:table-cell/>", "PT12H"), "2: Q110 12:00"),
        ("<table:table-cell table:formula=\"of:=[.C1]\"/>".to_owned(), "2: Q109 of:=[.C1]"),
        (
            "<table:table-cell/><table:table-cell table:formula=\"of:=1/0\" \
             office:value-type=\"float\" office:value=\"0\"><text:p>#DIV/0!</text:p>\
             </table:table-cell>"
                .to_owned(),
            "2: Q109 #DIV/0!",
        ),
        (
            "<table:table-cell table:formula=\"of:=[.Z9]\" office:value-type=\"string\" \
             office:string-value=\"\" calcext:value-type=\"error\"><text:p>#REF!</text:p>\
             </table:table-cell>"
                .to_owned(),
            "2: Q109 #REF!",
        ),
    ] {
        assert_eq!(refused(&open(STYLES, "", &open_line(&cells))), [expected], "{cells}");
    }
    let empty = "<table:table-cell table:formula=\"of:=&quot;&quot;\" office:value-type=\"string\" \
                 office:string-value=\"\"/>";
    assert_eq!(refused(&open(STYLES, "", &open_line(empty))), [""; 0]);
}

#[test]
fn a_bare_day_of_an_open_document_is_counted_from_its_null_date() {
    let from = |day: &str| {
        format!(
            "<table:calculation-settings><table:null-date table:date-value=\"{day}\"/>\
                 </table:calculation-settings>"
        )
    };
    for (before, serial) in
        [(String::new(), "43163"), (from("1899-12-30"), "43163"), (from("1904-01-01"), "41701")]
    {
        let date = "office:value-type=\"date\" office:date-value=\"2018-03-04\"";
        let bare = format!("office:value-type=\"float\" office:value=\"{serial}\"");
        let found = open(STYLES, &before, &open_line("").replace(date, &bare));
        let months: Vec<String> =
            found.facts.iter().map(|fact| fact.key.period.to_string()).collect();
        assert_eq!((refused(&found), months), (vec![], vec!["2018-03".to_owned()]), "{before}");
    }
}

#[test]
fn a_file_of_another_kind_than_its_name_says_is_told_what_it_is() {
    let contract = HOURS.replace(".ods\"]", ".ods\", \"{authority}.csv\", \"{authority}.xls\"]");
    let csv = b"day;text;amount;hours\n04-03-2018;a;1,00;\n".to_vec();
    let (book, open) = (xlsx(&line(&[])), ods_of("", "<table:table table:name=\"Ark1\"/>"));
    let page = b"<html><table><tr><td>day</td></tr></table></html>\n".to_vec();
    for (name, bytes, found, ending) in [
        ("KMD.csv", &book, "xlsx", "csv"),
        ("KMD.CSV", &open, "ods", "csv"),
        ("KMD.ods", &book, "xlsx", "ods"),
        ("KMD.xlsx", &open, "ods", "xlsx"),
        ("KMD.xlsx", &csv, "CSV", "xlsx"),
        ("KMD.xlsx", &page, "HTML", "xlsx"),
        ("KMD.xls", &page, "HTML", "xls"),
        ("KMD.xls", &book, "xlsx", "xls"),
    ] {
        let contract = contract.replace("{authority}.csv", &name.replace("KMD", "{authority}"));
        let read = read(&contract, name, bytes);
        assert_eq!(refused(&read), [format!("Q017 {found}")], "{name}");
        let reason = &read.quarantine[0].fault.reason;
        assert_eq!(reason.detail("expected").as_deref(), Some(ending), "{name}");
    }
    assert_eq!(refused(&read(&contract, "KMD.csv", &page)), ["Q003 HTML"]);
}

/// The number that counts is the one a person sees, or none.
#[test]
fn a_number_that_is_shown_as_another_refuses_its_line() {
    let codes =
        ["[$€-2] #,##0", "0.00\" t.kr.\"", "#,##0,", "-0.00", "0%", ";;;", "#,##0.00\\ \"kr.\""];
    for (style, code) in (4..).zip(codes) {
        let cell = |value: &str| format!("<c r=\"C2\" s=\"{style}\"><v>{value}</v></c>");
        let book = |value: &str| xlsx_of("", "", &codes, ["", &line(&[cell(value)])]);
        let found = read(HOURS, "KMD.xlsx", &book("3"));
        if code.contains(" \"kr.") || code.contains("\\ ") {
            assert_eq!(sum(&found, Measure::Amount), 300, "{code}");
            continue;
        }
        assert_eq!(refused(&found), [format!("2: Q115 3 ({code})")], "{code}");
        assert_eq!(refused(&read(HOURS, "KMD.xlsx", &book("0"))), [""; 0], "{code}");
    }
    let cell = |kind: &str, value: &str, shown: &str| {
        let label =
            "<table:table-cell office:value-type=\"string\"><text:p>b</text:p></table:table-cell>";
        let cell = format!(
            "<table:table-cell {kind} office:value=\"{value}\"><text:p>{shown}</text:p></table:table-cell>"
        );
        open(STYLES, "", &open_line(&format!("{label}{cell}")))
    };
    let float = "office:value-type=\"float\"";
    for (kind, value, shown) in [
        ("office:value-type=\"currency\" office:currency=\"EUR\"", "3", ""),
        ("office:value-type=\"currency\" office:currency=\"EUR\"", "3", "3,00 €"),
        (float, "3", "3,00 t.kr."),
        (float, "3", "-3,00"),
        (float, "-3", "3,00"),
        ("office:value-type=\"percentage\"", "3", "300 %"),
    ] {
        let found = refused(&cell(kind, value, shown));
        assert_eq!(found.len(), 1, "{kind} {shown}");
        assert!(found[0].starts_with(&format!("2: Q115 {value} (")), "{found:?}");
    }
    for (kind, value, shown) in [
        ("office:value-type=\"currency\" office:currency=\"DKK\"", "3", "3,00 kr."),
        ("office:value-type=\"currency\" office:currency=\"DKK\"", "-3", "-3,00 kr."),
        (float, "-3", "-3.000,00"),
        (float, "-3", "(3)"),
        (float, "3", ""),
        (float, "3", "###"),
    ] {
        assert_eq!(refused(&cell(kind, value, shown)), [""; 0], "{kind} {shown}");
    }
}

/// Who sees a year has not seen the month, nor who sees a time the day.
#[test]
fn a_day_of_which_a_year_or_a_time_is_shown_refuses_its_line() {
    let codes = ["yyyy", "h:mm", "d-m-yyyy"];
    let one = |style: usize, value: &str| {
        let heads = ["day", "text", "amount", "hours"].iter().zip(["A1", "B1", "C1", "D1"]);
        let heads: Vec<String> = heads.map(|(name, place)| text(place, name)).collect();
        let cells = [format!("<c r=\"A2\" s=\"{style}\"><v>{value}</v></c>"), number("C2", "1")];
        let rows = row(1, &heads) + &row(2, &cells);
        refused(&read(HOURS, "KMD.xlsx", &xlsx_of("", "", &codes, ["", &rows])))
    };
    assert_eq!(one(4, "43163"), ["2: Q115 2018-03-04 (yyyy)"]);
    assert_eq!(one(5, "43163.5"), ["2: Q115 2018-03-04 (h:mm)"]);
    assert_eq!(one(6, "43163"), [""; 0]);
}

/// A value of three rows is one: a person sees it on each, and a sum has it once.
#[test]
fn a_cell_merged_with_one_above_refuses_its_line() {
    let lines: String = (2..6)
        .map(|line| {
            let label = if line == 2 { text("B2", "b") } else { String::new() };
            let cells = [day(&format!("A{line}"), "43163"), label];
            row(line, &[&cells[..], &[number(&format!("C{line}"), "1")]].concat())
        })
        .collect();
    let heads = ["day", "text", "amount", "hours"].iter().zip(["A1", "B1", "C1", "D1"]);
    let heads: Vec<String> = heads.map(|(name, place)| text(place, name)).collect();
    let rows = row(1, &heads) + &lines;
    let merge = |range: &str| {
        let merged = format!("</sheetData><mergeCells><mergeCell ref=\"{range}\"/></mergeCells>");
        let book = xlsx_parts(&rows, &merged);
        refused(&read(HOURS, "KMD.xlsx", &book))
    };
    assert_eq!(merge("B2:B4"), ["3: Q112", "4: Q112"]);
    assert_eq!(merge("D2:D4"), [""; 0], "nothing is seen of an empty one");
    assert_eq!(merge("F2:F4"), [""; 0], "nobody reads it");
    assert_eq!(merge("B2:C2"), [""; 0]);
    let spanned = "<table:table-cell table:number-rows-spanned=\"2\" \
                   office:value-type=\"string\"><text:p>b</text:p></table:table-cell>";
    let below = "</table:table-row><table:table-row><table:table-cell office:value-type=\"date\" \
                 office:date-value=\"2018-03-04\"/><table:covered-table-cell/>\
                 <table:table-cell office:value-type=\"float\" office:value=\"1\"/>";
    let found = open(STYLES, "", &open_line(&format!("{spanned}{below}")));
    assert_eq!(refused(&found), ["3: Q112"]);
}

/// A workbook whose sheet has something behind its rows.
fn xlsx_parts(rows: &str, behind: &str) -> Vec<u8> {
    // The end of the rows is written behind them by the maker of workbooks.
    xlsx(&format!("{rows}{behind}<sheetData>"))
}
