//! Danish finance acts against their true answers: years side by side, amounts in millions. The
//! files are not part of the project: where they are not there, each test says so and ends.

use crate::real::{collection, hundredths, truth};
use gevinst::domain::fact::Measure;
use gevinst::domain::facts::Fact;
use gevinst::ledger::{DeliveryPosting, Ledger};
use gevinst::{contract, disk, ingest, ledger, programme};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Runs the finance act contracts on a folder up to the ledger.
fn posted(deliveries: &Path) -> Ledger {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pipelines/dk-finanslov");
    let folder = disk::read_folder(&root).expect("the pipeline is readable");
    let programme = programme::parse(&folder).unwrap_or_else(|error| panic!("{error}"));
    let contracts = contract::compile(&folder, &programme::terms(&programme))
        .unwrap_or_else(|error| panic!("{error}"));
    let deliveries = disk::open_all(deliveries).expect("the deliveries are readable");
    let ingested =
        ingest::ingest(&contracts, &deliveries, &|| ()).expect("the deliveries are readable");
    ledger::post(&contracts, ingested, None).expect("amounts of public size")
}

/// The posting of one file, which has no refused line, and its facts.
fn of_file<'a>(ledger: &'a Ledger, name: &str) -> (&'a DeliveryPosting, Vec<Fact<'a>>) {
    let posting = ledger
        .deliveries
        .iter()
        .find(|posting| posting.account.name == name)
        .unwrap_or_else(|| panic!("{name} is delivered"));
    let id = posting.account.id;
    let refused: Vec<_> = ledger.quarantine.iter().filter(|line| line.delivery == id).collect();
    assert!(refused.is_empty(), "{name}: {refused:?}");
    (posting, ledger.posted.iter().filter(|fact| fact.delivery == id).collect())
}

/// Sums by something and accounting year.
fn sums<'a>(
    facts: &[Fact<'a>],
    by: impl Fn(&Fact<'a>) -> &'a str,
) -> BTreeMap<(&'a str, String), i64> {
    let mut sums = BTreeMap::new();
    for fact in facts {
        let (first, last) = fact.key.period.bounds();
        assert_eq!((first.number(), last.number()), (1, 12), "a whole year");
        let year = first.year().to_string();
        assert_eq!(last.year().to_string(), year);
        *sums.entry((by(fact), year)).or_default() += fact.measures.get(Measure::Amount).sum;
    }
    sums
}

/// The same from the truth: a table by name and column, in millions; a column's last word is its
/// year.
fn expected(table: &Value) -> BTreeMap<(&str, String), i64> {
    let mut sums = BTreeMap::new();
    for (name, years) in table.as_object().expect("a table") {
        for (column, sum) in years.as_object().expect("columns") {
            let year = column.trim().rsplit(' ').next().expect("a year");
            sums.insert((name.as_str(), year.to_owned()), hundredths(sum) * 1_000_000);
        }
    }
    sums
}

/// An account's name without the quotes that one of the files makes letters of.
fn account<'a>(fact: &Fact<'a>) -> &'a str {
    let account = fact.key.account.expect("an account").as_str();
    account.trim_matches('"').trim()
}

/// An account's level: the length of the code its name begins with.
fn level<'a>(fact: &Fact<'a>) -> &'a str {
    let account = account(fact);
    match account.split(' ').next().map_or(0, str::len) {
        2 => "paragraf",
        3 => "hovedomraade",
        4 => "aktivitetsomraade",
        6 => "hovedkonto",
        8 => "underkonto",
        length => panic!("a code of {length} digits: {account}"),
    }
}

/// Holds a file of five levels against the truth: lines, hash, every level, every ministry.
fn hold_levels(ledger: &Ledger, truth: &Value, name: &str) {
    let file = &truth["files"][name];
    let (posting, facts) = of_file(ledger, name);
    assert_eq!(u64::from(posting.balance.lines.posted), file["data_rows"].as_u64().expect("rows"));
    assert_eq!(sums(&facts, level), expected(&file["sum_by_level"]), "{name}");

    let mut lines: BTreeMap<&str, u64> = BTreeMap::new();
    for fact in &facts {
        *lines.entry(level(fact)).or_default() += u64::from(fact.lines);
    }
    for (level, rows) in file["rows_by_level"].as_object().expect("levels") {
        assert_eq!(Some(lines[level.as_str()]), rows.as_u64(), "{name}: {level}");
    }
    let ministries: Vec<Fact> =
        facts.iter().copied().filter(|fact| level(fact) == "paragraf").collect();
    for ((ministry, year), sum) in expected(&file["by_agency_paragraf"]) {
        let own: Vec<Fact> =
            ministries.iter().copied().filter(|fact| account(fact) == ministry).collect();
        assert_eq!(sums(&own, level)[&("paragraf", year)], sum, "{name}: {ministry}");
    }
}

#[test]
fn five_levels_of_one_table_are_told_apart_by_account() {
    let Some(folder) = collection("dk_finanslov_2016") else {
        return;
    };
    let (ledger, truth) = (posted(&folder), truth(&folder));
    hold_levels(&ledger, &truth, "fl16.csv");
    hold_levels(&ledger, &truth, "fl16-m-niveauer.csv");
}

#[test]
fn the_same_table_in_another_dialect_gives_the_same_sums() {
    let Some(folder) = collection("derived_dk") else {
        return;
    };
    let ledger = posted(&folder);
    hold_levels(&ledger, &truth(&folder), "fl16-cp1252-crlf.csv");
}

#[test]
fn standard_accounts_of_a_year_equal_the_truth_by_ministry() {
    let Some(folder) = collection("dk_finanslov_years") else {
        return;
    };
    let truth = truth(&folder);
    let name = "finanslov_y2016.tsv";
    let file = &truth["files"][name];
    let ledger = posted(&folder);
    let (posting, facts) = of_file(&ledger, name);
    let rows = file["rows_that_are_not_headers"].as_u64().expect("rows");
    assert_eq!(u64::from(posting.balance.lines.posted), rows);
    let found = sums(&facts, |fact| fact.key.authority.as_str());
    assert_eq!(found, expected(&file["by_agency_paragraf_distinct"]));
    let all = sums(&facts, |_| "all");
    for (column, sum) in file["sum_distinct"].as_object().expect("columns") {
        let year = column.rsplit(' ').next().expect("a year").to_owned();
        assert_eq!(all[&("all", year)], hundredths(sum) * 1_000_000, "{column}");
    }
}

#[test]
fn each_bill_and_its_amendments_equal_the_truth_and_are_never_added() {
    let Some(folder) = collection("dk_finanslov_latin1") else {
        return;
    };
    let truth = truth(&folder);
    let ledger = posted(&folder);
    let files = truth["files"].as_object().expect("files");
    assert_eq!(files.len(), 16);
    for (name, file) in files {
        let (posting, facts) = of_file(&ledger, name);
        let rows = file["data_rows"].as_u64().expect("rows");
        assert_eq!(u64::from(posting.balance.lines.posted), rows, "{name}");
        assert_eq!(posting.account.encoding, "windows-1252");
        let by_country = name.starts_with("bilateral");
        let found =
            sums(
                &facts,
                |fact| {
                    if by_country { account(fact) } else { fact.key.authority.as_str() }
                },
            );
        assert_eq!(found, expected(&file["by_agency"]), "{name}");
        for (year, sum) in file["sum"].as_object().expect("years") {
            let all = sums(&facts, |_| "all");
            assert_eq!(all[&("all", year.clone())], hundredths(sum) * 1_000_000, "{name} {year}");
        }
    }
}
