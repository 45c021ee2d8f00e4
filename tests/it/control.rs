//! Control totals: a delivery is what its sender says was sent, or it is held back whole.

use crate::kit::{contracts, delivery, open_terms, problem, read};
use gevinst::testing::ledger::{Ledger, post};
use gevinst::testing::source::Delivery;
use proptest::prelude::*;

const CONTRACT: &str = r#"
title.en = "Spending with a control total"
[files]
names = ["in/{authority}.csv"]
supersede = "file"
[schema]
[[schema.fields]]
name = "month"
type = "yearmonth"
format = ["%Y-%m"]
role = "period"
[[schema.fields]]
name = "count"
type = "string"
[[schema.fields]]
name = "amount"
type = "number"
decimalChar = ","
groupChar = "."
role = "amount"
constraints.required = true
"#;

const SIDECAR: &str = "[[control]]\nfile = \"in/control{any}csv\"\n";

const TRAILER: &str =
    "[[control]]\ncolumn = \"month\"\nlabel = \"I alt\"\nlines = \"count\"\nsum = \"amount\"\n";

/// What comes of deliveries under the contract with some control total, up to the ledger.
fn posted(control: &str, files: &[(&str, &str)]) -> Ledger {
    let contracts = contracts(&format!("{CONTRACT}{control}"), open_terms(2016, 2016));
    let mut deliveries: Vec<Delivery> =
        files.iter().map(|(name, text)| delivery(name, text)).collect();
    deliveries.sort_by(|one, other| one.name.cmp(&other.name));
    post(&contracts, read(&contracts, &deliveries), None)
}

/// Refused lines and files as `file:line code details`, in order.
fn refused(ledger: &Ledger) -> Vec<String> {
    ledger
        .quarantine
        .iter()
        .map(|refused| {
            let at = refused.delivery.place();
            let name = &ledger.deliveries[at].account.name;
            let line = refused.line.map_or(String::new(), |line| format!(":{line}"));
            let details: Vec<String> =
                refused.fault.reason.details().into_iter().map(|(_, detail)| detail).collect();
            format!("{name}{line} {} {}", refused.fault.reason.code(), details.join(", "))
                .trim_end()
                .to_owned()
        })
        .collect()
}

const LINES: &str = "month;count;amount\n2016-01;;1.000,00\n2016-02;;-0,05\n";

#[test]
fn a_delivery_equals_its_row_of_totals_or_is_held_back() {
    for (rows, expected) in [
        ("I alt;2;999,95\n", vec![]),
        ("I alt;2;999,95\n\n", vec![]),
        ("\" I alt \";2;999,95\n", vec![]),
        ("I alt;3;999,95\n", vec!["in/A.csv Q010 3 / 999.95, 2 / 999.95"]),
        ("I alt;2;999,96\n", vec!["in/A.csv Q010 2 / 999.96, 2 / 999.95"]),
        ("", vec!["in/A.csv Q011"]),
        ("i alt;2;999,95\n", vec!["in/A.csv Q011", "in/A.csv:4 Q103 i alt, %Y-%m"]),
        ("I alt;two;999,95\n", vec!["in/A.csv Q011", "in/A.csv:4 Q103 I alt, %Y-%m"]),
        (
            "I alt;2;999,95\nI alt;2;999,95\n",
            vec!["in/A.csv Q010 2 / 999.95, 3 / 1999.90", "in/A.csv:5 Q103 I alt, %Y-%m"],
        ),
        ("2016-13;;1,00\nI alt;3;1.000,95\n", vec!["in/A.csv:4 Q103 2016-13, %Y-%m"]),
        ("2016-03;;abc\nI alt;3;9.999,95\n", vec!["in/A.csv:4 Q101 abc"]),
        (
            "2016-03;;abc\nI alt;2;9.999,95\n",
            vec!["in/A.csv Q010 2 / 9999.95, 3 / 999.95", "in/A.csv:4 Q101 abc"],
        ),
    ] {
        let file = format!("{LINES}{rows}");
        assert_eq!(refused(&posted(TRAILER, &[("in/A.csv", &file)])), expected, "{rows}");
    }
}

#[test]
fn what_is_held_back_is_counted_as_refused_in_lines_and_kroner() {
    let held = format!("{LINES}I alt;3;999,95\n");
    let fine = format!("{LINES}I alt;2;999,95\n");
    let ledger = posted(TRAILER, &[("in/A.csv", &held), ("in/B.csv", &fine)]);
    let (lines, oere) = (ledger.balance.lines, ledger.balance.oere);
    assert_eq!((lines.read, lines.posted, lines.refused), (4, 2, 2));
    assert_eq!((oere.posted.get(), oere.refused.get()), (99_995, 99_995));
    assert_eq!(ledger.balance.refused_absolute.get(), 99_995);
    assert!(ledger.deliveries[0].account.rejected && !ledger.deliveries[1].account.rejected);
    assert_eq!(ledger.deliveries[1].account.lines_not_data, 2, "header and row of totals");
}

#[test]
fn a_file_of_control_totals_speaks_for_the_files_beside_it() {
    let files = |control: &'static str| {
        [("in/A.csv", LINES), ("in/B.csv", LINES), ("in/control.csv", control)]
    };
    for (control, expected) in [
        ("file;lines;sum\nA.csv;2;999,95\nB.csv;2;999,95\n", vec![]),
        ("\nsum;file;lines\n999,95;A.csv;2\n\n999,95;B.csv;2\n", vec![]),
        (
            "file;lines;sum\nA.csv;2;999,95\nB.csv;2;999,94\n",
            vec!["in/B.csv Q010 2 / 999.94, 2 / 999.95"],
        ),
        ("file;lines;sum\nA.csv;2;999,95\n", vec!["in/B.csv Q011"]),
        (
            "file;lines;sum\nA.csv;2;999,95\nB.csv;2;999,95\nC.csv;1;1,00\n",
            vec!["in/control.csv:4 Q012 in/C.csv"],
        ),
        (
            "file;lines;sum\nA.csv;2;999,95\nB.csv;many;999,95\n",
            vec!["in/B.csv Q011", "in/control.csv:3 Q104 many"],
        ),
        (
            "file;lines;sum\nA.csv;2;999,95\nB.csv;2;999.95\n",
            vec!["in/B.csv Q011", "in/control.csv:3 Q101 999.95"],
        ),
        (
            "file;lines\nA.csv;2\n",
            vec!["in/A.csv Q011", "in/B.csv Q011", "in/control.csv Q004 sum, file; lines"],
        ),
        ("", vec!["in/A.csv Q011", "in/B.csv Q011", "in/control.csv Q001"]),
    ] {
        let ledger = posted(SIDECAR, &files(control));
        assert_eq!(refused(&ledger), expected, "{control}");
    }
}

#[test]
fn a_later_file_of_control_totals_replaces_what_an_earlier_one_says() {
    let control = "[[control]]\nfile = \"in/control.v{version}.csv\"\n\
                   headings = [\"Fil\", \"Antal\", \"Sum\"]\n";
    let files = [
        ("in/A.csv", LINES),
        ("in/control.v10.csv", "Fil;Antal;Sum\nA.csv;2;999,95\n"),
        ("in/control.v9.csv", "Fil;Antal;Sum\nA.csv;2;1,00\n"),
    ];
    assert_eq!(refused(&posted(control, &files)), Vec::<String>::new());
}

#[test]
fn a_control_total_that_says_too_little_is_a_problem() {
    for (control, expected) in [
        ("[[control]]\n", "has neither `file` nor `column`"),
        ("[[control]]\nfile = \"a.csv\"\ncolumn = \"month\"\n", "in a file of its own or in a row"),
        ("[[control]]\nfile = \"a.csv\"\nlabel = \"x\"\n", "belong to a row of totals"),
        ("[[control]]\nfile = \"{month}.csv\"\n", "`{month}` is no part of a file name"),
        ("[[control]]\ncolumn = \"month\"\nsum = \"amount\"\n", "which row the totals are in"),
        ("[[control]]\ncolumn = \"month\"\nlabel = \"x\"\n", "neither lines nor a sum"),
        (
            "[[control]]\ncolumn = \"moon\"\nlabel = \"x\"\nsum = \"amount\"\n",
            "`moon` is no column",
        ),
        (
            "[[control]]\ncolumn = \"month\"\nlabel = \"x\"\nsum = \"count\"\n",
            "the sum does not stand in the column it adds up",
        ),
        (&format!("{TRAILER}{TRAILER}"), "a delivery has one row of totals"),
    ] {
        let message = problem(&format!("{CONTRACT}{control}"), open_terms(2016, 2016));
        assert!(message.contains(expected), "{control}\n{message}");
    }
}

proptest! {
    /// Whichever line is cut off, doubled or changed, the file is held back; else it is posted.
    #[test]
    fn a_change_on_the_way_is_seen(
        amounts in prop::collection::vec(-10_000_i64..10_000, 1..12),
        at in any::<prop::sample::Index>(),
        change in 0_usize..4,
    ) {
        let written = |oere: i64| {
            let sign = if oere < 0 { "-" } else { "" };
            format!("2016-01;;{sign}{},{:02}", oere.abs() / 100, oere.abs() % 100)
        };
        let mut lines: Vec<String> = amounts.iter().map(|oere| written(*oere)).collect();
        let total = written(amounts.iter().sum());
        let total = total.replace("2016-01;", &format!("I alt;{}", amounts.len()));
        let at = at.index(lines.len());
        match change {
            0 => {}
            1 => drop(lines.remove(at)),
            2 => lines.insert(at, lines[at].clone()),
            _ => lines[at] = written(amounts[at] + 1),
        }
        let file = format!("month;count;amount\n{}\n{total}\n", lines.join("\n"));
        let ledger = posted(TRAILER, &[("in/A.csv", &file)]);
        let emptied = lines.is_empty();
        prop_assert_eq!(ledger.deliveries[0].account.rejected, change != 0 || emptied);
        let lines = ledger.balance.lines;
        prop_assert_eq!(lines.read, lines.posted + lines.refused);
    }
}
