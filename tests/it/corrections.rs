//! A pack that comes back: what holds takes the refused line's place, once, and is traced.

use crate::fixture::{HEADER, Ran, RunFixture, edited, said};
use crate::kit::zip;
use proptest::prelude::*;
use std::io::{Cursor, Read as _};
use zip::ZipArchive;

/// Five lines: one that holds, 100,00 kr.; the others refused: a form, a service, a personal
/// number, too few cells.
const LINES: [&str; 5] = [
    "0751;01-03-2018;2018-03;BYG;2.1;22.65;Licens;100,00",
    "0751;02-03-2018;2018-03;BYG;2.1;22.65;=1+1;20.00",
    "0751;03-03-2018;2018-03;BYX;2.1;22.65;Kabler;-3,00",
    "0751;04-03-2018;2018-03;BYG;2.1;22.65;Anna And 010180-0000;4,00",
    "0751;05-03-2018;2018-03;BYG;2.1;22.65",
];

fn fixture() -> RunFixture {
    let fixture = RunFixture::new();
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{}\n", LINES.join("\n")));
    fixture.check_with_packs();
    fixture
}

/// Lines and kroner as the summary has them.
fn balance(ran: &Ran) -> [&str; 2] {
    [said(ran, "lines: ")[0], said(ran, "DKK: ")[0].split(';').next().expect("an account")]
}

const ALL_MENDED: [(&str, &str); 4] = [
    (";20.00\r\n", ";20,00\r\n"),
    (";BYX;", ";BYG;"),
    (
        "[skjult];[skjult];[skjult];[skjult];[skjult];[skjult];[skjult];[skjult]",
        "0751;04-03-2018;2018-03;BYG;2.1;22.65;Løn;4,00",
    ),
    ("[felt mangler];[felt mangler]", "Rest;5,00"),
];

#[test]
fn a_pack_finds_its_way_to_files_whose_names_are_shown_alike() {
    let fixture = RunFixture::new();
    for (serial, amount) in [("4321", "20.00"), ("1234", "30.00")] {
        let line = LINES[1].replace("20.00", amount);
        fixture.deliver(&format!("forbrug/0751-010180-{serial}.csv"), format!("{HEADER}{line}\n"));
    }
    fixture.check_with_packs();
    let pack =
        edited(&fixture, "0751.csv", &[(";20.00\r\n", ";20,00\r\n"), (";30.00\r\n", ";30,00\r\n")]);
    assert_eq!(pack.matches("forbrug/0751-******-****.csv").count(), 2, "{pack}");
    fixture.deliver("0751.csv", pack);
    let after = fixture.check();
    assert_eq!(said(&after, "lines: ").len(), 1);
    assert!(balance(&after)[0].ends_with("+ 0 refused"), "{}", after.out);
}

#[test]
fn check_pack_edit_deliver_and_the_check_is_clean() {
    let fixture = fixture();
    let before = fixture.check();
    assert_eq!(before.code, 3);
    assert_eq!(
        balance(&before),
        [
            "lines: 5 read = 1 posted + 0 superseded + 4 refused",
            "DKK: 101.00 read = 100.00 posted + 0.00 superseded + 1.00 refused"
        ]
    );
    fixture.deliver("0751/marts-rettet.csv", edited(&fixture, "0751.csv", &ALL_MENDED));
    let after = fixture.check();
    assert_eq!(after.code, 0, "{}", after.out);
    // 100 + 20 - 3 + 4 + 5, each line once, the guards before `=1+1` and `-3,00` taken off.
    assert_eq!(
        balance(&after),
        [
            "lines: 5 read = 5 posted + 0 superseded + 0 refused",
            "DKK: 126.00 read = 126.00 posted + 0.00 superseded + 0.00 refused"
        ]
    );
    let codes = ["Q101", "Q303", "Q401", "Q201"];
    let trail: Vec<String> = (3..)
        .zip(codes)
        .map(|(line, code)| {
            let by = line - 1;
            format!(
                "corrected: forbrug/0751-2018.csv:{line} ({code}) by 0751/marts-rettet.csv:{by}"
            )
        })
        .collect();
    assert_eq!(said(&after, "corrected: "), trail);
}

/// A workbook with some of its cells changed.
fn rezipped(workbook: &[u8], changes: &[(&str, &str)]) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(workbook)).expect("a zip");
    let mut parts = Vec::new();
    for at in 0..from.len() {
        let mut part = from.by_index(at).expect("a part");
        let name = part.name().expect("a name").to_string();
        let mut text = String::new();
        part.read_to_string(&mut text).expect("UTF-8");
        if name.ends_with("sheet1.xml") {
            for (from, to) in changes {
                assert!(text.contains(from), "the sheet has no `{from}`:\n{text}");
                text = text.replacen(from, to, 1);
            }
        }
        parts.push((name, text));
    }
    let parts: Vec<(&str, &str)> = parts.iter().map(|(name, text)| (&**name, &**text)).collect();
    zip(&parts)
}

#[test]
fn a_workbook_sent_back_corrects_as_the_csv_does() {
    let fixture = fixture();
    let text =
        |text: &str| format!("t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is>");
    let typed = |number: &str| format!("><v>{number}</v>");
    let changes = [(text("20.00"), typed("20.5")), (text("BYX"), text("BYG"))];
    let changes: Vec<(&str, &str)> =
        changes.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    fixture.deliver("rettelser/0751.xlsx", rezipped(&fixture.packs()["0751.xlsx"], &changes));
    let ran = fixture.check();
    // A number typed into the workbook is read as the column has it: 100 + 20,50 - 3.
    assert_eq!(
        balance(&ran),
        [
            "lines: 5 read = 3 posted + 0 superseded + 2 refused",
            "DKK: 121.50 read = 117.50 posted + 0.00 superseded + 4.00 refused"
        ]
    );
    assert_eq!(said(&ran, "corrected: ").len(), 2);
    assert_eq!(
        said(&ran, "rettelser/0751.xlsx:"),
        ["rettelser/0751.xlsx:5: Q102 Posteringstekst: feltet er tomt, men skal udfyldes"]
    );
}

#[test]
fn a_pack_sent_back_as_it_was_changes_nothing() {
    let fixture = fixture();
    let before = fixture.check();
    for name in ["0751.csv", "0751.xlsx"] {
        fixture.deliver(name, &fixture.packs()[name]);
    }
    let after = fixture.check();
    assert_eq!((after.code, balance(&after)), (3, balance(&before)));
    assert_eq!(said(&after, "refused for"), said(&before, "refused for"));
}

#[test]
fn a_second_identical_pack_changes_nothing_in_the_data() {
    let fixture = fixture();
    fixture.deliver("a/0751.csv", edited(&fixture, "0751.csv", &ALL_MENDED));
    assert_eq!(fixture.run(&[]).code, 0);
    let once = fixture.report();
    fixture.deliver("b/0751.csv", edited(&fixture, "0751.csv", &ALL_MENDED));
    assert_eq!(fixture.run(&[]).code, 0);
    let twice = fixture.report();
    for (name, bytes) in once.iter().filter(|(name, _)| name.starts_with("data/")) {
        assert_eq!(bytes, &twice[name], "{name}");
    }
    let receipt: serde_json::Value = serde_json::from_slice(&twice["receipt.json"]).expect("JSON");
    let corrected = |at: usize| receipt["deliveries"][at]["lines_corrected"].as_u64();
    assert_eq!([0, 1, 2].map(corrected), [Some(0), Some(0), Some(4)]);
    assert_eq!(receipt["deliveries"][1]["not_data"]["correction"], 4);
}

#[test]
fn a_correction_that_fails_is_refused_where_it_stands_and_counts_no_line_twice() {
    let fixture = fixture();
    let changes = [(";20.00\r\n", ";tyve\r\n"), (";BYX;", ";BYG;")];
    fixture.deliver("rettelser/0751.csv", edited(&fixture, "0751.csv", &changes));
    let ran = fixture.check();
    assert_eq!(
        balance(&ran),
        [
            "lines: 5 read = 2 posted + 0 superseded + 3 refused",
            "DKK: 101.00 read = 97.00 posted + 0.00 superseded + 4.00 refused"
        ]
    );
    let refused = said(&ran, "rettelser/0751.csv:2: Q101 Beløb: `tyve` er ikke et beløb");
    assert_eq!(refused.len(), 1, "{}", ran.out);
    assert_eq!(
        said(&ran, "still refused: "),
        [
            "still refused: forbrug/0751-2018.csv:3, for the correction rettelser/0751.csv:2 fails",
            "still refused: forbrug/0751-2018.csv:6, for the correction rettelser/0751.csv:5 fails",
        ]
    );
    // A later pack that holds takes the place, and what failed is forgotten.
    fixture
        .deliver("senere/0751.csv", edited(&fixture, "0751.csv", &[(";20.00\r\n", ";20,00\r\n")]));
    let ran = fixture.check();
    assert_eq!(balance(&ran)[0], "lines: 5 read = 3 posted + 0 superseded + 2 refused");
    assert!(ran.out.contains("0751-2018.csv:3 (Q101) by senere/0751.csv:2"), "{}", ran.out);
    assert!(!ran.out.contains("tyve"), "{}", ran.out);
}

#[test]
fn a_row_below_headings_cut_short_is_not_passed_over() {
    let fixture = fixture();
    let text = edited(&fixture, "0751.csv", &ALL_MENDED[..1]);
    let (headings, rows) = text.split_once("\r\n").expect("headings");
    let own: Vec<&str> = headings.split(';').take(7).collect();
    fixture.deliver("rettelser/0751.csv", format!("{}\r\n{rows}", own.join(";")));
    let ran = fixture.check();
    assert_eq!(balance(&ran)[0], "lines: 5 read = 1 posted + 0 superseded + 4 refused");
    assert_eq!(said(&ran, "still refused: ").len(), 4, "{}", ran.out);
    assert_eq!(said(&ran, "rettelser/0751.csv:2: Q004").len(), 1, "{}", ran.out);
}

#[test]
fn the_trail_is_in_the_quarantine_list() {
    let fixture = fixture();
    fixture.deliver(
        "rettelser/0751.csv",
        edited(&fixture, "0751.csv", &[(";20.00\r\n", ";20,00\r\n"), (";BYX;", ";BYZ;")]),
    );
    fixture.run(&[]);
    let report = fixture.report();
    let mut reader = csv::Reader::from_reader(report["data/quarantine.csv"].as_slice());
    let heads = reader.headers().expect("headings").clone();
    let at = |name: &str| heads.iter().position(|head| head == name).expect("a column");
    let rows: Vec<String> = reader
        .records()
        .map(|row| {
            let row = row.expect("a row");
            let columns = ["file", "line", "code", "status", "correction"];
            columns.map(|name| row[at(name)].to_owned()).join(" ")
        })
        .collect();
    assert_eq!(
        rows,
        [
            "forbrug/0751-2018.csv 3 Q101 corrected rettelser/0751.csv:2",
            "forbrug/0751-2018.csv 4 Q303 refused ",
            "forbrug/0751-2018.csv 5 Q401 refused ",
            "forbrug/0751-2018.csv 6 Q201 refused ",
            "rettelser/0751.csv 3 Q303 correction_refused forbrug/0751-2018.csv:4",
            "rettelser/0751.csv 5 Q102 correction_refused forbrug/0751-2018.csv:6",
        ]
    );
}

#[test]
fn a_correction_counts_where_its_file_counts() {
    let fixture = fixture();
    fixture.deliver("z/0751.csv", edited(&fixture, "0751.csv", &ALL_MENDED));
    let later = "0751;06-03-2018;2018-03;BYG;2.1;22.65;Alt;50,00\n";
    fixture.deliver("forbrug/0751-2018.v2.csv", format!("{HEADER}{later}"));
    let ran = fixture.check();
    // The later version of the month replaces the file, its corrected lines with it.
    assert_eq!(balance(&ran)[0], "lines: 6 read = 1 posted + 5 superseded + 0 refused");
    assert_eq!(
        balance(&ran)[1],
        "DKK: 176.00 read = 50.00 posted + 126.00 superseded + 0.00 refused"
    );
}

#[test]
fn a_windows_file_is_corrected_by_a_pack_a_spreadsheet_saved_anew() {
    let fixture = RunFixture::new();
    let text = format!("{HEADER}0101;01-03-2018;2018-03;BYG;2.1;22.65;Lønsystem på Østerbro;ti\n");
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(&text);
    fixture.deliver("forbrug/0101-2018.csv", bytes);
    fixture.check_with_packs();
    let pack = String::from_utf8(fixture.packs()["0101.csv"].clone()).expect("UTF-8");
    let pack = pack.trim_start_matches('\u{FEFF}').replace(";ti\r\n", ";10,00;;;\r\n;;;\r\n");
    let (bytes, _, lost) = encoding_rs::WINDOWS_1252.encode(&pack);
    assert!(!lost);
    fixture.deliver("0101 (2).csv", bytes);
    let ran = fixture.check();
    assert_eq!((ran.code, said(&ran, "corrected: ").len()), (0, 1), "{}", ran.out);
}

#[test]
fn a_lookup_table_is_sent_again_whole() {
    let fixture = RunFixture::new().own_pipeline();
    let contract = "title.da = \"Steder\"\ntitle.en = \"Places\"\n\
                    [files]\nnames = [\"steder.csv\"]\nholds = \"lookup\"\n[schema]\n[[schema.fields]]\n\
                    name = \"kode\"\ntype = \"string\"\nconstraints.required = true\n\
                    [[schema.fields]]\nname = \"sted\"\ntype = \"string\"\n";
    fixture.lay("pipeline/contracts/steder.toml", contract);
    fixture.deliver("steder.csv", "kode;sted\n0751;Aarhus\n;Odense\n");
    let before = fixture.check_with_packs();
    assert_eq!(before.code, 3, "{}{}", before.out, before.err);
    let (name, pack) = fixture
        .packs()
        .into_iter()
        .find(|(name, _)| std::path::Path::new(name).extension().is_some_and(|end| end == "csv"))
        .expect("a pack");
    let pack = String::from_utf8(pack).expect("UTF-8");
    assert!(pack.contains(";;Odense\r\n"), "{pack}");
    fixture.deliver(&name, pack.replace(";;Odense\r\n", ";0461;Odense\r\n"));
    let after = fixture.check();
    assert_eq!((after.code, balance(&after)), (3, balance(&before)), "{}", after.err);
    assert!(said(&after, "corrected: ").is_empty());
}

#[test]
fn two_corrected_lines_of_one_key_are_one_fact_with_the_lines_that_held() {
    let fixture = fixture();
    fixture.deliver("rettelser/0751.csv", edited(&fixture, "0751.csv", &ALL_MENDED));
    fixture.run(&[]);
    let report = fixture.report();
    let facts = String::from_utf8_lossy(&report["data/facts.csv"]).into_owned();
    let rows: Vec<&str> = facts.lines().filter(|row| row.starts_with("posted,")).collect();
    // Five lines of one authority, month, service, initiative and account: 126,00 kr. in all.
    assert_eq!(rows.len(), 1, "{facts}");
    assert!(rows[0].contains(",5,12600,5,"), "{}", rows[0]);
}

#[test]
fn threads_do_not_show() {
    let fixture = fixture();
    fixture.deliver(
        "a/0751.csv",
        edited(&fixture, "0751.csv", &[(";20.00\r\n", ";20,00\r\n"), (";BYX;", ";BYZ;")]),
    );
    fixture.deliver("b/0751.csv", edited(&fixture, "0751.csv", &ALL_MENDED));
    fixture.run(&["--jobs", "1"]);
    let one = fixture.report();
    fixture.run(&["--jobs", "2"]);
    assert_eq!(one, fixture.report());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    /// Whatever a pack says of each line, no line is lost or counted twice.
    #[test]
    fn corrections_conserve_lines(fates in prop::collection::vec(0_usize..4, 1..7)) {
        let fixture = RunFixture::new();
        let line = |amount: &str| format!("0751;01-03-2018;2018-03;BYG;2.1;22.65;x;{amount}\n");
        let file: String = fates.iter().map(|_| line("ti")).collect();
        fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{}{file}", line("1,00")));
        fixture.check_with_packs();
        let pack = String::from_utf8(fixture.packs()["0751.csv"].clone()).expect("UTF-8");
        let mut rows = pack.split_inclusive("\r\n");
        let mut back = rows.next().expect("headings").to_owned();
        for (row, fate) in rows.zip(&fates) {
            match fate {
                0 => back.push_str(row),
                1 => back.push_str(&row.replace(";ti\r\n", ";10,00\r\n")),
                2 => back.push_str(&row.replace(";ti\r\n", ";elleve\r\n")),
                _ => {}
            }
        }
        fixture.deliver("rettelser/0751.csv", back);
        let ran = fixture.check();
        let mended = fates.iter().filter(|fate| **fate == 1).count();
        let (all, posted) = (fates.len() + 1, mended + 1);
        let expected =
            format!("lines: {all} read = {posted} posted + 0 superseded + {} refused", all - posted);
        prop_assert_eq!(balance(&ran)[0], expected);
        let kroner = 1 + 10 * mended;
        let expected = format!(
            "DKK: {kroner}.00 read = {kroner}.00 posted + 0.00 superseded + 0.00 refused"
        );
        prop_assert_eq!(balance(&ran)[1], expected);
    }
}
