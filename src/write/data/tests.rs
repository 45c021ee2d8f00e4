//! One small run by hand, and the files it must give.

use crate::contract::line_rule::NotData;
use crate::contract::schema::Vat;
use crate::domain::correction::{Corrections, Correctors};
use crate::domain::delivery::DeliveryId;
use crate::domain::id::{AuthorityId, ContractId, ServiceId};
use crate::domain::known::Known;
use crate::domain::language::{Language, Names};
use crate::domain::measure::Measure;
use crate::domain::money::Oere;
use crate::domain::period::Period;
use crate::domain::privacy::Shown;
use crate::domain::quarantine::{Fault, Quarantined, Reason};
use crate::facts::Facts;
use crate::facts::fact::About;
use crate::facts::sums::Sums;
use crate::ingest::delivery_account::DeliveryAccount;
use crate::ledger::Ledger;
use crate::ledger::awaited::{Coverage, CoverageState};
use crate::ledger::posting::{Balance, DeliveryPosting, Quantities};
use crate::ledger::vat::VatStatement;
use crate::metrics::data_table::{Column, DataTable};
use crate::programme::model::{Currency, Limits, NotWorse, Prices, Programme, Register};
use crate::write::data::words::ReasonText;
use crate::write::data::{Run, as_csv, coverage, facts, files, quarantine, receipt};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn programme() -> Programme {
    Programme {
        id: "lille".to_owned(),
        name: Names::same("Lille"),
        first: "2016-01".parse().expect("a month"),
        last: "2020-12".parse().expect("a month"),
        languages: vec![Language::Da],
        currency: Currency { code: "DKK".to_owned(), unit: Names::same("kr.") },
        deliveries: "deliveries".to_owned(),
        synthetic: true,
        limits: Limits {
            refused_lines_ppm: 200_000,
            refused_oere: None,
            refused_deliveries: 0,
            not_worse: NotWorse::default(),
            superseded_oere: None,
            notices: std::collections::BTreeMap::new(),
        },
        corrections: Correctors::default(),
        authorities: Register { open: true, entries: BTreeMap::new() },
        pejlemaerker: Vec::new(),
        themes: Vec::new(),
        initiatives: BTreeMap::new(),
        services: Register { open: true, entries: BTreeMap::new() },
        service_defaults: None,
        prices: Prices::Current { source: "ét år".to_owned() },
        targets: Vec::new(),
        assumptions: Vec::new(),
    }
}

fn month(text: &str) -> Period {
    Period::Month(text.parse().expect("a month"))
}

fn made(period: &str, measures: &[(Measure, i64)]) -> Facts {
    let mut sums = Sums::default();
    for (measure, value) in measures {
        sums.add(*measure, *value);
    }
    let about = About {
        authority: AuthorityId::new("0751"),
        service: Some(ServiceId::new("flytning")),
        initiative: None,
        account: None,
        channel: None,
    };
    let mut facts = Facts::default();
    facts.push(DeliveryId(0), (&about, month(period)), 1, &sums);
    facts
}

fn refused() -> Vec<Quarantined> {
    let fault = |column: &str, reason| Fault { column: Some(column.into()), reason };
    let found = Shown::from("=1.2.3");
    vec![
        Quarantined {
            delivery: DeliveryId(0),
            line: Some(4),
            fault: fault("cost", Reason::NotAnAmount { found }),
            also: Box::new([
                fault("cases", Reason::MissingValue {}),
                Fault { column: None, reason: Reason::PossibleCpr {} },
            ]),
            authority: Some(AuthorityId::new("0751")),
            period: Some(month("2019-05")),
            amount: Known::Missing,
        },
        Quarantined {
            delivery: DeliveryId(1),
            line: None,
            fault: Fault { column: None, reason: Reason::EmptyFile {} },
            also: Box::default(),
            authority: None,
            period: None,
            amount: Known::Missing,
        },
    ]
}

fn account(id: u32, name: &str, lines: (u32, u32), rejected: bool) -> DeliveryAccount {
    DeliveryAccount {
        id: DeliveryId(id),
        name: name.to_owned(),
        contract: (!rejected).then(|| ContractId::new("udgifter")),
        version: 1,
        bytes: 90,
        blake3: "ab".to_owned(),
        content: String::new(),
        open_end: false,
        other_sheets: None,
        repeated: None,
        rounded: crate::validate::rounded::Rounded::default(),
        encoding: "utf-8".to_owned(),
        lines_read: lines.0 + lines.1,
        lines_accepted: lines.0,
        lines_refused: lines.1,
        lines_corrected: 0,
        lines_not_data: 1,
        not_data: BTreeMap::from([(NotData::Header, 1)]),
        accepted: Oere::new(4_800_000),
        refused: Oere::ZERO,
        refused_unreadable: lines.1,
        rejected,
    }
}

/// Three lines read: one posted, one superseded, one refused; and one empty delivery.
fn ledger() -> Ledger {
    let balance = Balance {
        lines: Quantities { read: 3, posted: 1, superseded: 1, refused: 1 },
        oere: Quantities {
            read: Oere::new(4_800_000),
            posted: Oere::new(4_800_000),
            superseded: Oere::ZERO,
            refused: Oere::ZERO,
        },
        refused_unreadable: 1,
        refused_absolute: Oere::ZERO,
    };
    let awaited = |text: &str| (ContractId::new("udgifter"), AuthorityId::new("0751"), month(text));
    Ledger {
        posted: made("2019-03", &[(Measure::Amount, 4_800_000), (Measure::Hours, 150)]),
        superseded: made("2019-04", &[(Measure::Completed, 0)]),
        quarantine: refused(),
        corrections: Corrections::default(),
        previous: None,
        again: Vec::new(),
        notices: Vec::new(),
        deliveries: vec![
            DeliveryPosting { account: account(0, "aarhus-2019.csv", (2, 1), false), balance },
            DeliveryPosting {
                account: account(1, "tom.csv", (0, 0), true),
                balance: Balance::default(),
            },
        ],
        balance,
        coverage: Coverage {
            cells: BTreeMap::from([
                (awaited("2019-03"), CoverageState::Delivered),
                (awaited("2019-04"), CoverageState::Missing),
                (awaited("2019-05"), CoverageState::Refused),
            ]),
            ..Coverage::default()
        },
        vat: vec![VatStatement {
            contract: ContractId::new("forbrug"),
            title: Names::same("Forbrug"),
            column: "Beløb".to_owned(),
            vat: Some(Vat::Net),
        }],
        as_of: "2020-12".parse().expect("a month"),
    }
}

fn reason_text(language: Language, reason: &Reason) -> ReasonText {
    let details: Vec<String> = reason.details().into_iter().map(|(_, found)| found).collect();
    ReasonText {
        reason: format!("{}{}", details.join(" "), language.tag()),
        help: format!("help {}", language.tag()),
    }
}

fn written(tables: &[DataTable]) -> BTreeMap<String, Vec<u8>> {
    let run = Run { ledger: &ledger(), tables, version: "1.2.3" };
    let mut files = files(&run, &reason_text).expect("files");
    files.insert("index.html".to_owned(), b"<!doctype html>".to_vec());
    let receipt = receipt::bytes(&programme(), run.ledger, &files, run.version).expect("JSON");
    files.insert("receipt.json".to_owned(), receipt);
    files
}

fn text(files: &BTreeMap<String, Vec<u8>>, name: &str) -> String {
    String::from_utf8(files[name].clone()).expect("UTF-8").replace("\r\n", "\n")
}

#[test]
fn facts_tell_unknown_from_zero() {
    assert_eq!(
        text(&written(&[]), "data/facts.csv"),
        "status,delivery,authority,period,span,service,initiative,account,channel,lines,\
         amount_oere,amount_lines,started,started_lines,completed,completed_lines,\
         digital,digital_lines,assisted,assisted_lines,hours_hundredths,hours_lines,\
         satisfied,satisfied_lines,answered,answered_lines\n\
         posted,aarhus-2019.csv,0751,2019-03,2019,flytning,,,,1,\
         4800000,1,,0,,0,,0,,0,150,1,,0,,0\n\
         superseded,aarhus-2019.csv,0751,2019-04,2019,flytning,,,,1,\
         ,0,,0,0,1,,0,,0,,0,,0,,0\n"
    );
}

#[test]
fn every_refused_line_is_handed_back() {
    assert_eq!(
        text(&written(&[]), "data/quarantine.csv"),
        "file,line,column,code,reason_da,reason_en,help_da,help_en,also,\
         authority,period,amount_oere,status,correction\n\
         aarhus-2019.csv,4,cost,Q101,'=1.2.3da,'=1.2.3en,help da,help en,\
         \"Q102 cases, Q401\",0751,2019-05,,refused,\n\
         tom.csv,,,Q001,da,en,help da,help en,,,,,refused,\n"
    );
}

#[test]
fn coverage_says_who_is_missing() {
    assert_eq!(
        text(&written(&[]), "data/coverage.csv"),
        "contract,authority,period,state\n\
         udgifter,0751,2019-03,delivered\n\
         udgifter,0751,2019-04,missing\n\
         udgifter,0751,2019-05,refused\n"
    );
}

#[test]
fn the_receipt_adds_up_and_names_every_file() {
    let cells = DataTable::new("cells", vec![Column::int("saving_oere", [Some(-5)])]);
    let files = written(&[cells]);
    let receipt: Value = serde_json::from_slice(&files["receipt.json"]).expect("JSON");
    assert!(files["receipt.json"].ends_with(b"}\n"));
    assert_eq!(receipt["schema"], "gevinst-receipt/2");
    assert_eq!(receipt["tool"]["version"], "1.2.3");
    assert_eq!(receipt["as_of"], "2020-12");
    assert_eq!(receipt["prices"], json!({ "kind": "current", "source": "ét år" }));
    assert_eq!(
        receipt["balance"]["lines"],
        json!({ "read": 3, "posted": 1, "superseded": 1, "refused": 1 })
    );
    assert_eq!(receipt["balance"]["oere"]["read"], 4_800_000);
    assert_eq!(receipt["limits"]["refused_lines_ppm"], 333_333);
    assert_eq!(receipt["limits"]["tolerated_refused_lines_ppm"], 200_000);
    assert_eq!(receipt["limits"]["exceeded"], true);
    assert_eq!(
        receipt["coverage"],
        json!({ "awaited": 3, "delivered": 1, "incomplete": 0, "refused": 1, "missing": 1 })
    );
    assert_eq!(receipt["deliveries"][1]["contract"], Value::Null);
    assert_eq!(receipt["deliveries"][1]["rejected"], true);

    let named: Vec<&str> = receipt["files"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|file| file["name"].as_str().expect("a name"))
        .collect();
    let made: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(named, made[..made.len() - 1], "all but receipt.json itself, which is last");
    assert_eq!(named[0], "data/cells.csv");
    assert!(named.contains(&"index.html"), "pages are files as well");
    assert_eq!(receipt["files"][0]["bytes"], "saving_oere\r\n-5\r\n".len());
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    assert_eq!(written(&[]), written(&[]));
}

#[test]
#[should_panic(expected = "the same name")]
fn a_table_cannot_hide_another() {
    let _ = written(&[DataTable::new("facts", Vec::new())]);
}

#[test]
fn every_column_is_described() {
    let described = include_str!("../../../docs/outputs.md");
    let ledger = ledger();
    for table in
        [facts::table(&ledger), coverage::table(&ledger), quarantine::table(&ledger, &reason_text)]
    {
        for column in &table.columns {
            let name = format!("`{}`", column.name());
            assert!(described.contains(&name), "docs/outputs.md leaves out {name}");
        }
    }
}

#[test]
fn facts_written_part_by_part_are_the_table_of_facts() {
    let mut ledger = ledger();
    ledger.deliveries[0].account.name = "=a,\"b\";ø/æ-1.csv".to_owned();
    let table = as_csv::bytes(&facts::table(&ledger));
    let mut written = Vec::new();
    crate::write::data::facts(&ledger, &mut written).expect("memory takes any text");
    assert_eq!(String::from_utf8(written), String::from_utf8(table));
}
