//! Danish finance acts against their true answers: years side by side, amounts in millions. The
//! files are not part of the project: where they are not there, each test says so and ends.

use crate::folders::contracts;
use crate::real::{collection, hundredths, truth};
use gevinst::testing::contract::NotData;
use gevinst::testing::domain::Measure;
use gevinst::testing::facts::Fact;
use gevinst::testing::ledger::{DeliveryPosting, Ledger};
use gevinst::testing::{collect, disk, ledger};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// Runs the finance act contracts on a folder up to the ledger.
fn posted(deliveries: &Path) -> Ledger {
    posted_by(deliveries, str::to_owned)
}

/// The same by the contracts as `edit` makes them.
fn posted_by(deliveries: &Path, edit: impl Fn(&str) -> String) -> Ledger {
    let contracts = contracts("dk-finanslov", edit);
    let deliveries = disk::open_all(deliveries).expect("the deliveries are readable").deliveries;
    let ingested =
        collect::ingest(&contracts, &deliveries, &|| ()).expect("the deliveries are readable");
    ledger::post(&contracts, ingested, None)
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

fn account<'a>(fact: &Fact<'a>) -> &'a str {
    fact.key.account.expect("an account").as_str()
}

/// The levels of a hierarchy, by the form of the code an account's name begins with.
const LEVELS: [(&str, &str); 5] = [
    ("paragraf", "\"## *\""),
    ("hovedomraade", "\"### *\""),
    ("aktivitetsomraade", "\"#### *\""),
    ("hovedkonto", "\"###### *\""),
    ("underkonto", "\"######## *\""),
];

/// The rule of the contracts, which leaves the lowest level.
const RULE: &str = "like = [\"## *\", \"### *\", \"#### *\", \"###### *\"]";

/// Holds files of five levels against the truth, each level counted in turn and the others left
/// out: lines, what is no data, sums, every ministry.
fn hold_levels(folder: &Path, names: &[&str]) {
    let truth = truth(folder);
    for (level, _) in LEVELS {
        let others: Vec<&str> =
            LEVELS.iter().filter(|(other, _)| *other != level).map(|(_, form)| *form).collect();
        let ledger = posted_by(folder, |text| {
            text.replace(RULE, &format!("like = [{}]", others.join(", ")))
        });
        for name in names {
            let file = &truth["files"][name];
            let (posting, facts) = of_file(&ledger, name);
            let rows = |value: &Value| u32::try_from(value.as_u64().expect("rows")).expect("few");
            let own = rows(&file["rows_by_level"][level]);
            let all = rows(&file["data_rows"]);
            assert_eq!(posting.balance.lines.posted, own, "{name}: {level}");
            let not_data = [(NotData::Header, 1), (NotData::Subtotal, all - own)];
            assert_eq!(posting.account.not_data, BTreeMap::from(not_data), "{name}: {level}");
            let mut expected_sums = expected(&file["sum_by_level"]);
            expected_sums.retain(|(other, _), _| *other == level);
            assert_eq!(sums(&facts, |_| level), expected_sums, "{name}: {level}");
            if level == "paragraf" {
                let found = sums(&facts, account);
                assert_eq!(found, trimmed(&file["by_agency_paragraf"]), "{name}");
            }
        }
    }
}

/// Sums by name, the names without the space some of them end with.
fn trimmed(table: &Value) -> BTreeMap<(&str, String), i64> {
    let of = expected(table);
    of.into_iter().map(|((name, year), sum)| ((name.trim(), year), sum)).collect()
}

#[test]
fn each_of_five_levels_is_counted_once_and_alone() {
    let Some(folder) = collection("dk_finanslov_2016") else {
        return;
    };
    hold_levels(&folder, &["fl16.csv", "fl16-m-niveauer.csv"]);
}

#[test]
fn the_contracts_count_the_lowest_level_whose_names_may_have_quotes() {
    let Some(folder) = collection("dk_finanslov_2016") else {
        return;
    };
    let (ledger, truth) = (posted(&folder), truth(&folder));
    for name in ["fl16.csv", "fl16-m-niveauer.csv"] {
        let file = &truth["files"][name];
        let (_, facts) = of_file(&ledger, name);
        let lowest = |table| -> BTreeMap<_, _> {
            expected(table).into_iter().filter(|((level, _), _)| *level == "underkonto").collect()
        };
        assert_eq!(sums(&facts, |_| "underkonto"), lowest(&file["sum_by_level"]), "{name}");
        // Adding every level, as a contract without the rule does, is five times the truth.
        let naive = posted_by(&folder, |text| text.replace(RULE, "equals = [\"\"]"));
        let (_, facts) = of_file(&naive, name);
        let all = sums(&facts, |_| "all");
        for (year, sum) in file["naive_sum_of_all_rows"].as_object().expect("years") {
            assert_eq!(all[&("all", year.clone())], hundredths(sum) * 1_000_000, "{name} {year}");
        }
        let quoted = "165114 \"Lær at leve med\" - program for angst og depr";
        assert!(facts.iter().any(|fact| account(fact) == quoted), "{name}");
    }
}

#[test]
fn the_same_table_in_another_dialect_gives_the_same_sums() {
    let Some(folder) = collection("derived_dk") else {
        return;
    };
    hold_levels(&folder, &["fl16-cp1252-crlf.csv"]);
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
