//! Who may correct whose lines: an authority its own, others where the pipeline says so.

use crate::acting::{HEADER, PIPELINE};
use crate::fixture::{Ran, RunFixture, edited, said};
use crate::kit::zip;

/// A fixture that takes any authority, with a refused line of 0751, one of 0101 and one that names
/// no authority, in one file that is named for none; `corrections` goes into `pipeline.toml`.
fn fixture(corrections: &str) -> RunFixture {
    let fixture = RunFixture::new().with_pipeline(&PIPELINE);
    fixture.change("pipeline.toml", "[authorities]", &format!("{corrections}[authorities]"));
    let lines = ["0751;2018-03;S;;;;;x", "0101;2018-03;S;;;;;y", ";2018-03;S;;;;;z"];
    fixture.deliver("s-a.csv", format!("{HEADER}{}\n", lines.join("\n")));
    fixture.check_with_packs();
    fixture
}

fn lines(ran: &Ran) -> &str {
    said(ran, "lines: ")[0]
}

const MENDED: [(&str, &str); 1] = [(";x\r\n", ";7,00\r\n")];

#[test]
fn an_authority_corrects_its_own_lines_under_the_name_its_pack_came_by() {
    for name in
        ["0751.csv", "0751 (2).csv", "marts/0751-rettet.csv", "0751/x.csv", "p.zip/0751.csv"]
    {
        let fixture = fixture("");
        let pack = edited(&fixture, "0751.csv", &MENDED);
        match name.split_once(".zip/") {
            None => fixture.deliver(name, pack),
            Some((outer, inner)) => fixture.deliver(&format!("{outer}.zip"), zip(&[(inner, pack)])),
        };
        let ran = fixture.check();
        assert_eq!(
            said(&ran, "corrected: "),
            [format!("corrected: s-a.csv:2 (Q101) by {name}:2")],
            "{}",
            ran.out
        );
        assert_eq!(lines(&ran), "lines: 3 read = 1 posted + 0 superseded + 2 refused");
    }
}

#[test]
fn no_one_corrects_anothers_line() {
    for name in ["0101.csv", "0101/0751.csv", "0101.zip.d/0751.csv", "rettet.csv", "07510.csv"] {
        let fixture = fixture("");
        fixture.deliver(name, edited(&fixture, "0751.csv", &MENDED));
        let ran = fixture.check();
        assert!(said(&ran, "corrected: ").is_empty(), "{name}: {}", ran.out);
        let refused = format!("{name}:2: Q505 Linje: linjen hører til `0751`, og `{name}` er ");
        assert_eq!(said(&ran, &refused).len(), 1, "{}", ran.out);
        assert_eq!(lines(&ran), "lines: 4 read = 0 posted + 0 superseded + 4 refused");
    }
}

#[test]
fn a_row_that_may_not_correct_is_in_nobodys_way() {
    let fixture = fixture("");
    // In name order the other's packs are first, one with a row that would hold, one that fails.
    fixture.deliver("0101.csv", edited(&fixture, "0751.csv", &[(";x\r\n", ";8,00\r\n")]));
    fixture.deliver("0102.csv", edited(&fixture, "0751.csv", &[(";x\r\n", ";otte\r\n")]));
    fixture.deliver("0751.csv", edited(&fixture, "0751.csv", &MENDED));
    let ran = fixture.check();
    assert_eq!(said(&ran, "corrected: "), ["corrected: s-a.csv:2 (Q101) by 0751.csv:2"]);
    assert!(said(&ran, "DKK: ")[0].starts_with("DKK: 7.00 read = 7.00 posted"), "{}", ran.out);
    assert_eq!(said(&ran, "refused for Q505"), ["refused for Q505: 2"]);
}

#[test]
fn a_row_nobody_touched_asks_for_nothing_whoever_sends_it() {
    let fixture = fixture("");
    let before = fixture.check();
    fixture.deliver("0101.csv", &fixture.packs()["0751.csv"]);
    fixture.deliver("x.xlsx", &fixture.packs()["0751.xlsx"]);
    let after = fixture.check();
    assert_eq!((after.code, lines(&after)), (before.code, lines(&before)), "{}", after.out);
}

#[test]
fn no_line_is_corrected_into_anothers() {
    let fixture = fixture("");
    let moved = [(";0101;2018-03;S;;;;;y\r\n", ";0751;2018-03;S;;;;;99,00\r\n")];
    fixture.deliver("0101.csv", edited(&fixture, "0101.csv", &moved));
    let ran = fixture.check();
    assert!(said(&ran, "corrected: ").is_empty(), "{}", ran.out);
    let refused = said(&ran, "0101.csv:2: Q505 Linje: linjen hører til `0751`, og `0101.csv`");
    assert_eq!(refused.len(), 1, "{}", ran.out);
}

#[test]
fn a_line_that_is_no_ones_is_for_whom_the_pipeline_names() {
    let mended = [(";;2018-03;S;;;;;z\r\n", ";0101;2018-03;S;;;;;5,00\r\n")];
    for (corrections, name, holds) in [
        ("", "ukendt.csv", false),
        ("", "0101.csv", false),
        ("[corrections]\nfrom = [\"digst\"]\n", "ukendt.csv", false),
        ("[corrections]\nfrom = [\"digst\"]\n", "0101/digst.csv", false),
        ("[corrections]\nfrom = [\"digst\"]\n", "digst/ukendt.csv", true),
        ("[corrections]\nfrom = [\"digst\"]\n", "digst.csv", true),
        ("[corrections]\nfrom = \"anyone\"\n", "hvad som helst.csv", true),
    ] {
        let fixture = fixture(corrections);
        fixture.deliver(name, edited(&fixture, "ukendt.csv", &mended));
        let ran = fixture.check();
        assert_eq!(said(&ran, "corrected: ").len(), usize::from(holds), "{name}: {}", ran.out);
        let whose = "linjen hører til `ukendt`, og ";
        assert_eq!(ran.out.contains(whose), !holds, "{name}: {}", ran.out);
    }
}

#[test]
fn a_line_that_contradicts_its_files_name_is_the_senders_to_mend() {
    let fixture = RunFixture::new().with_pipeline(&PIPELINE);
    fixture.deliver("0101-f.csv", format!("{HEADER}0751;2018-03;S;;;;;1,00\n"));
    assert!(fixture.check_with_packs().out.contains("0101-f.csv:2: Q307"));
    assert!(!fixture.packs().contains_key("0751.csv"), "it is not shown to another");
    let mended = [(";0751;2018-03;", ";0101;2018-03;")];
    fixture.deliver("0101.csv", edited(&fixture, "0101.csv", &mended));
    let ran = fixture.check();
    assert_eq!(said(&ran, "corrected: ").len(), 1, "{}", ran.out);
}

#[test]
fn the_report_says_who_corrected() {
    let fixture = fixture("[corrections]\nfrom = [\"digst\"]\n");
    let none: serde_json::Value = {
        fixture.run(&[]);
        let report = fixture.report();
        let page = String::from_utf8_lossy(&report["da/datakvalitet.html"]).into_owned();
        assert!(!page.contains("Hvem har rettet?"));
        serde_json::from_slice(&report["receipt.json"]).expect("JSON")
    };
    assert_eq!(none["corrections"], serde_json::json!([]));
    fixture.deliver("0751.csv", edited(&fixture, "0751.csv", &MENDED));
    let others = [(";y\r\n", ";-2,50\r\n")];
    fixture.deliver("digst/0101.csv", edited(&fixture, "0101.csv", &others));
    fixture.run(&[]);
    let report = fixture.report();
    let receipt: serde_json::Value = serde_json::from_slice(&report["receipt.json"]).expect("JSON");
    let expected = serde_json::json!([
        { "pack": "0751.csv", "from": "0751", "lines": 1, "oere": 700 },
        { "pack": "digst/0101.csv", "from": "digst", "lines": 1, "oere": -250 },
    ]);
    assert_eq!(receipt["corrections"], expected);
    for (page, heading, amount) in [
        ("da/datakvalitet.html", "Hvem har rettet?", "7,00"),
        ("en/datakvalitet.html", "Who corrected?", "7.00"),
    ] {
        let page = String::from_utf8_lossy(&report[page]).into_owned();
        let from = page.find(&format!("\">{heading}</h2>")).expect("the section");
        let row = page[from..].find("<tr><th scope=\"row\">0751.csv</th>").expect("the row");
        let row = &page[from + row..];
        let row = &row[..row.find("</tr>").expect("its end")];
        assert!(row.contains("0751") && row.contains(amount), "{row}");
    }
}
