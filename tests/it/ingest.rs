//! Lines in, verdicts out: what the contract accepts, and what it refuses and why.

use crate::kit::{self, authorities, contracts, delivery, initiatives, open_terms, problem};
use gevinst::testing::collect::Ingested;
use gevinst::testing::contract::Terms;
use gevinst::testing::domain::{InitiativeId, Measure, ServiceId};
use gevinst::testing::facts::Fact;
use gevinst::testing::ledger::{Ledger, post};
use gevinst::testing::source::Delivery;
use proptest::prelude::*;
use std::collections::BTreeMap;

const SPENDING: &str = r#"
title.en = "Spending"
[files]
names = ["{authority}.csv", "{authority}.v{version}.csv"]
awaited = "monthly"
[dialect]
encoding = ["utf-8", "windows-1252"]
delimiter = [";", ","]
[schema]
primaryKey = []
[[schema.fields]]
name = "authority"
type = "string"
role = "authority"
[[schema.fields]]
name = "month"
type = "yearmonth"
format = ["%Y-%P"]
role = "period"
[[schema.fields]]
name = "service"
type = "string"
role = "service"
[[schema.fields]]
name = "text"
type = "string"
[[schema.fields]]
name = "amount"
aliases = ["Beløb"]
type = "number"
decimalChar = ","
groupChar = "."
role = "amount"
constraints.required = true
[[schema.foreignKeys]]
fields = "authority"
reference = { resource = "authorities", fields = "id" }
[[schema.foreignKeys]]
fields = "service"
reference = { resource = "services", fields = "id" }
"#;

const HEADER: &str = "authority;month;service;text;amount\n";

fn terms() -> Terms {
    Terms {
        authorities: Some(authorities([("0751", None), ("OLD", Some("2016-06"))])),
        services: Some(BTreeMap::from([(ServiceId::new("BYG"), InitiativeId::new("1.1"))])),
        initiatives: Some(initiatives(["1.1"])),
        ..open_terms(2016, 2016)
    }
}

fn read(deliveries: &[Delivery]) -> Ingested {
    kit::read(&contracts(SPENDING, terms()), deliveries)
}

fn posted(deliveries: &[Delivery]) -> Ledger {
    post(&contracts(SPENDING, terms()), read(deliveries), None)
}

/// The verdict on one line of a delivery: `posted`, or code and column, and every `also`.
fn verdicts(table: &str) -> Vec<String> {
    let lines: Vec<&str> = table.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let data: Vec<&str> =
        lines.iter().map(|line| line.split(" -> ").next().unwrap_or("")).collect();
    let file = format!("{HEADER}{}\n", data.join("\n"));
    let ingested = read(&[delivery("0751.csv", &file)]);
    (2..).zip(&data).map(|(line, _)| verdict(&ingested, line)).collect()
}

fn verdict(ingested: &Ingested, line: u32) -> String {
    let Some(refused) = ingested.quarantine.iter().find(|refused| refused.line == Some(line))
    else {
        return "posted".to_owned();
    };
    std::iter::once(&refused.fault)
        .chain(&refused.also)
        .map(|fault| match &fault.column {
            Some(column) => format!("{} {column}", fault.reason.code()),
            None => fault.reason.code().to_owned(),
        })
        .collect::<Vec<_>>()
        .join(", ")
}

/// Lines and their verdicts, side by side.
fn check(table: &str) {
    let expected: Vec<&str> = table
        .lines()
        .filter_map(|line| line.split_once(" -> "))
        .map(|(_, verdict)| verdict.trim())
        .collect();
    assert_eq!(verdicts(table), expected);
}

#[test]
fn a_line_is_posted_or_refused_at_its_leftmost_fault() {
    check(
        "
        0751;2016-01;BYG;ok;48.000,00              -> posted
        0751;2016-13;BYG;closing period;-12,5      -> posted
        0751;2016-14;BYG;no such month;1,00        -> Q103 month
        0751;2016-01;BYG;two marks;1.2.34          -> Q101 amount
        0751;2016-01;BYG;point;12.34               -> Q101 amount
        0751;2016-01;BYG;empty;                    -> Q102 amount
        ;2016-01;BYG;nobody;1,00                   -> Q102 authority
        0999;2016-01;BYG;unknown;1,00              -> Q301 authority
        OLD;2016-07;BYG;gone;1,00                  -> Q302 authority
        OLD;2016-06;BYG;other file;1,00            -> Q307 authority
        0751;2017-01;BYG;late;1,00                 -> Q305 month
        0751;2016-01;XYZ;unknown;1,00              -> Q303 service
        0751;2016-01;;none;1,00                    -> posted
        0751;2016-01;BYG;too few                   -> Q201
        0751;2016-01;BYG;a;b;1,00                  -> Q201
        0751;2016-01;BYG;\"never closed;1,00       -> Q202
        0751;2016-01;BYG;\"a; b\";1,00             -> posted
        0751;2016-01;BYG;ref 010180-1234;1,00      -> Q401 text
        0751;2016-99;XYZ;several;abc               -> Q103 month, Q303 service, Q101 amount
        0751;2016-01;BYG;huge;9.999.999.999.999,00 -> Q105 amount
        ",
    );
}

#[test]
fn a_personal_number_is_shown_nowhere() {
    let file = format!("{HEADER}0751;2016-01;010180-1234;x;1,00\n0751;0101801234;BYG;x;1,00\n");
    let ingested = read(&[delivery("0751.csv", &file)]);
    assert_eq!(ingested.quarantine.len(), 2);
    let shown = format!("{:?}", ingested.quarantine);
    assert!(!shown.contains("1234"), "{shown}");
}

#[test]
fn a_file_that_is_no_table_is_refused_whole_and_the_others_are_read() {
    let good = format!("{HEADER}0751;2016-01;BYG;ok;1,00\n");
    let bad: [(&str, &[u8], &str); 10] = [
        ("a.csv", b"", "Q001"),
        ("b.csv", b"authority;month;service;text;amount\n", "Q002"),
        ("c.csv", b"<!doctype html><p>log in", "Q003"),
        ("d.csv", b"PK\x03\x04", "Q003"),
        ("e.csv", b"authority;month;service;text\n0751;2016-01;BYG;x\n", "Q004"),
        ("f.csv", b"authority;month;service;text;amount;colour\n1;2;3;4;5;6\n", "Q005"),
        ("g.csv", "authority;month;service;text;amount;Beløb\n1;2;3;4;5;6\n".as_bytes(), "Q006"),
        ("h.txt", b"hello", "Q007"),
        ("i.csv", b"authority;month;service;text;amount\n0751;2016-01;BYG;\x8D;1,00\n", "Q008"),
        ("j.csv", b"\n\n\n", "Q001"),
    ];
    let mut deliveries = vec![delivery("0751.csv", good)];
    deliveries.extend(bad.iter().map(|(name, bytes, _)| delivery(name, bytes)));
    let ledger = posted(&deliveries);
    let codes: Vec<_> =
        ledger.quarantine.iter().map(|refused| refused.fault.reason.code()).collect();
    assert_eq!(codes, bad.map(|(_, _, code)| code));
    assert!(ledger.quarantine.iter().all(|refused| refused.line.is_none()));
    assert_eq!(ledger.balance.lines.posted, 1);
}

#[test]
fn encoding_delimiter_and_line_ends_are_found_among_those_declared() {
    let utf8 = "\u{feff}authority,month,service,text,Beløb\r\n0751,2016-01,BYG,ø,\"48.000,00\"\r\n";
    let latin = b"authority;month;service;text;Bel\xF8b\r0751;2016-02;BYG;\xF8;1,00";
    let ledger = posted(&[delivery("0751.csv", utf8), delivery("0751.v2.csv", latin)]);
    assert_eq!(ledger.quarantine, []);
    let encodings: Vec<_> =
        ledger.deliveries.iter().map(|each| each.account.encoding.as_str()).collect();
    assert_eq!(encodings, ["UTF-8", "windows-1252"]);
    assert_eq!(ledger.balance.oere.posted.get(), 4_800_100);
}

#[test]
fn a_later_delivery_supersedes_the_same_authority_and_period_only() {
    let first = format!("{HEADER}0751;2016-01;BYG;x;1,00\n0751;2016-02;BYG;x;2,00\n");
    let second = format!("{HEADER}0751;2016-02;BYG;x;5,00\n0751;2016-02;BYG;y;abc\n");
    let ledger = posted(&[delivery("0751.csv", first), delivery("0751.v2.csv", second)]);
    let lines = ledger.balance.lines;
    assert_eq!((lines.read, lines.posted, lines.superseded, lines.refused), (4, 2, 1, 1));
    let oere = ledger.balance.oere;
    assert_eq!((oere.posted.get(), oere.superseded.get()), (600, 200));
    assert_eq!(ledger.balance.refused_unreadable, 1);
}

#[test]
fn who_has_not_delivered_is_known() {
    let file = format!("{HEADER}0751;2016-01;BYG;x;1,00\n0751;2016-03;BYG;x;1,00\n");
    let ledger = posted(&[delivery("0751.csv", &file)]);
    assert_eq!(ledger.as_of.to_string(), "2016-03");
    assert_eq!(ledger.coverage.delivered(), (2, 6), "two authorities, three months");
}

#[test]
fn every_problem_in_a_contract_is_reported_with_its_place() {
    let contract =
        SPENDING.replace("\"%Y-%P\"", "\"%Q\"").replace("\"amount\"\nconstr", "\"amont\"\nconstr");
    let message = problem(&contract, terms());
    let first = "contracts/spending.toml:18:11: `%Q` is no form of a date\nhelp: ";
    assert!(message.starts_with(first), "{message}");
    assert!(message.contains("`amont` is no role"), "{message}");
}

/// What a ledger says, whichever delivery said it.
fn says(ledger: &Ledger) -> Vec<(String, u32, i64)> {
    let fact = |fact: Fact| {
        let key = format!("{:?}", fact.key);
        (key, fact.lines, fact.measures.get(Measure::Amount).sum)
    };
    ledger.posted.iter().map(fact).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Nothing is lost, whatever is delivered; a record of several lines is one.
    #[test]
    fn every_line_is_posted_or_refused(
        cells in prop_oneof![
            prop::collection::vec("[0-9a-z,.;]{1,9}", 0..40),
            prop::collection::vec("[0-9a-z,.;\"]{1,9}", 0..40),
        ]
    ) {
        let lines: Vec<_> =
            cells.iter().map(|cell| format!("0751;2016-01;BYG;{cell};{cell}")).collect();
        let file = format!("{HEADER}{}\n", lines.join("\n"));
        let ingested = read(&[delivery("0751.csv", &file)]);
        let account = &ingested.accounts[0];
        let read = usize::try_from(account.lines_read).expect("few lines");
        prop_assert_eq!(account.lines_read, account.lines_accepted + account.lines_refused);
        // A quote may reach over a line end, and nothing else may.
        let quoted = cells.iter().any(|cell| cell.contains('"'));
        prop_assert!(read == cells.len() || quoted && read < cells.len());
        let counted: u32 = ingested.facts.iter().map(|fact| fact.lines).sum();
        prop_assert_eq!(counted, account.lines_accepted);
    }

    /// A second identical delivery changes nothing: its lines are those of the first.
    #[test]
    fn an_identical_resend_changes_no_total(amounts in prop::collection::vec(-10_000_i64..10_000, 1..20)) {
        let lines: Vec<_> = amounts
            .iter()
            .map(|oere| {
                let sign = if *oere < 0 { "-" } else { "" };
                format!("0751;2016-01;BYG;x;{sign}{},{:02}", oere.abs() / 100, oere.abs() % 100)
            })
            .collect();
        let file = format!("{HEADER}{}\n", lines.join("\n"));
        let once = posted(&[delivery("0751.csv", &file)]);
        let twice =
            posted(&[delivery("0751.csv", &file), delivery("0751.v2.csv", &file)]);
        prop_assert_eq!(once.balance.oere.posted, twice.balance.oere.posted);
        prop_assert_eq!(once.balance.oere.posted.get(), amounts.iter().sum::<i64>());
        prop_assert_eq!(&twice.balance, &once.balance);
        prop_assert_eq!(twice.notices.iter().filter(|one| one.what.code() == "N003").count(), 1);
        prop_assert_eq!(says(&once), says(&twice));
    }

    /// In which order files come to be in the folder, and lines in a file, does not show.
    #[test]
    fn the_order_of_files_and_lines_does_not_show(
        lines in prop::collection::vec((1_u8..=12, 0_i64..10_000), 1..12),
        turn in 0_usize..12,
        versions in Just(vec![1, 2, 3]).prop_shuffle(),
    ) {
        let text = |lines: &[(u8, i64)], version: i64| {
            let line = |(month, oere): &(u8, i64)| {
                let oere = oere * version;
                format!("0751;2016-{month:02};BYG;x;{},{:02}\n", oere / 100, oere % 100)
            };
            format!("{HEADER}{}", lines.iter().map(line).collect::<Vec<_>>().concat())
        };
        let mut turned = lines.clone();
        turned.rotate_left(turn % lines.len());
        let run = |order: &[i64], lines: &[(u8, i64)]| {
            let folder = tempfile::tempdir().expect("a folder");
            for version in order {
                let name = folder.path().join(format!("0751.v{version}.csv"));
                std::fs::write(name, text(lines, *version)).expect("a file");
            }
            posted(&gevinst::testing::disk::open_all(folder.path()).expect("the folder is readable").deliveries)
        };
        let (straight, other) = (run(&[1, 2, 3], &lines), run(&versions, &turned));
        prop_assert_eq!(says(&straight), says(&other));
        // The last version counts, and the other two are superseded.
        let all: i64 = lines.iter().map(|(_, oere)| oere * 3).sum();
        prop_assert_eq!(straight.balance.oere.posted.get(), all);
    }

    /// Whatever the bytes, no stage panics.
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = posted(&[delivery("0751.csv", &bytes)]);
        let headed = [HEADER.as_bytes(), &bytes].concat();
        let _ = posted(&[delivery("0751.csv", &headed)]);
    }
}
