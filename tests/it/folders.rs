//! Published files as they are, read by configuration alone, against their true answers: lines,
//! what is no data, what is refused, and sums to the cent.

use crate::kit::{self, delivery};
use crate::real::{collection, hundredths, truth};
use gevinst::testing::collect::Ingested;
use gevinst::testing::contract::{Contract, NotData};
use gevinst::testing::domain::Measure;
use gevinst::testing::facts::Fact;
use gevinst::testing::ingest::DeliveryAccount;
use gevinst::testing::source::Delivery;
use gevinst::testing::{contract, disk, programme};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// A folder of the collection read by a pipeline of the tests.
pub(crate) struct Folder {
    truth: Value,
    pub(crate) read: Ingested,
}

/// Contracts of a pipeline of the tests, as they stand or as `edit` makes them.
pub(crate) fn contracts(pipeline: &str, edit: impl Fn(&str) -> String) -> Vec<Contract> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pipelines").join(pipeline);
    let mut definition = disk::read_folder(&root).expect("the pipeline is readable");
    for (name, text) in &mut definition.files {
        if name.starts_with("contracts/") {
            *text = edit(std::str::from_utf8(text).expect("UTF-8")).into_bytes();
        }
    }
    let programme = programme::parse(&definition).unwrap_or_else(|error| panic!("{error}"));
    contract::compile(&definition, &programme::terms(&programme))
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Files of a folder of the collection, as they are.
pub(crate) fn deliveries(folder: &Path, files: &[&str]) -> Vec<Delivery> {
    let read = |name: &&str| {
        let bytes = std::fs::read(folder.join(name)).expect("the file is readable");
        delivery(name, bytes)
    };
    files.iter().map(read).collect()
}

impl Folder {
    /// Reads those files of a folder whose names end as one of `files`; all must be claimed.
    pub(crate) fn read(folder: &str, pipeline: &str, files: &[&str]) -> Option<Folder> {
        let folder = collection(folder)?;
        let (contracts, deliveries) =
            (contracts(pipeline, str::to_owned), deliveries(&folder, files));
        let read = kit::read(&contracts, &deliveries);
        Some(Folder { truth: truth(&folder), read })
    }

    pub(crate) fn file(&self, name: &str) -> (&Value, &DeliveryAccount) {
        let account = self.read.accounts.iter().find(|account| account.name == name);
        (&self.truth["files"][name], account.expect("the file was read"))
    }

    /// Holds one file's account against the truth: nothing refused, every line accounted for.
    pub(crate) fn account(&self, name: &str, not_data: &[(NotData, u32)]) {
        let (_, account) = self.file(name);
        let refused: Vec<_> = self.read.quarantine.iter().take(5).collect();
        assert_eq!((account.lines_refused, account.rejected), (0, false), "{name}: {refused:?}");
        let declared: BTreeMap<_, _> = not_data.iter().copied().collect();
        assert_eq!(account.not_data, declared, "{name}");
        let all: u32 = not_data.iter().map(|(_, count)| count).sum();
        assert_eq!(account.lines_not_data, all, "{name}");
    }

    /// Sums of a measure over one file's facts.
    fn sums(&self, name: &str, measure: Measure, key: impl Fn(&Fact) -> String) -> Sums {
        let id = self.file(name).1.id;
        let mut sums = Sums::new();
        for fact in self.read.facts.iter().filter(|fact| fact.delivery == id) {
            *sums.entry(key(&fact)).or_default() += fact.measures.get(measure).sum;
        }
        sums
    }

    pub(crate) fn amounts(&self, name: &str, key: impl Fn(&Fact) -> String) -> Sums {
        self.sums(name, Measure::Amount, key)
    }
}

pub(crate) type Sums = BTreeMap<String, i64>;

pub(crate) fn count(value: &Value) -> u32 {
    u32::try_from(value.as_u64().expect("a count")).expect("a small count")
}

/// An object of decimals in hundredths.
pub(crate) fn decimals(object: &Value) -> Sums {
    let object = object.as_object().expect("an object");
    object.iter().map(|(key, value)| (key.clone(), hundredths(value))).collect()
}

pub(crate) fn period(fact: &Fact) -> String {
    fact.key.period.to_string()
}

fn authority(fact: &Fact) -> String {
    fact.key.authority.as_str().to_owned()
}

fn account(fact: &Fact) -> String {
    fact.key.account.map_or_else(String::new, |account| account.as_str().to_owned())
}

fn year(fact: &Fact) -> String {
    fact.key.period.to_string()[..4].to_owned()
}

#[test]
fn rows_of_commas_are_counted_and_no_data() {
    let name = "BIS_spending_over__25_000_July_2014.csv";
    let Some(folder) = Folder::read("uk_departments_raw", "uk-departments-raw", &[name]) else {
        return;
    };
    folder.account(name, &[(NotData::Header, 1), (NotData::EmptyRow, 251)]);
    let (truth, read) = folder.file(name);
    assert_eq!(read.lines_accepted, count(&truth["data_rows"]));
    assert_eq!(read.accepted.get(), hundredths(&truth["sum_amount"]));
    assert_eq!(folder.amounts(name, period), decimals(&truth["by_month"]));
    assert_eq!(folder.amounts(name, authority), decimals(&truth["by_agency"]));
}

#[test]
fn headers_are_found_behind_preambles_and_totals_before_remarks() {
    let december = "gla-december_2009.csv";
    let (closing, seventh) = ("gla-2011-12-P13-500.csv", "gla-250-report-2013-14-P07.csv");
    let files = [closing, seventh, december];
    let Some(folder) = Folder::read("uk_gla_raw", "uk-gla-raw", &files) else {
        return;
    };
    let header = (NotData::Header, 1);
    let (preamble, total) = ((NotData::Preamble, 6), (NotData::Total, 1));
    let empty = |count| (NotData::EmptyRow, count);
    folder.account(december, &[(NotData::Blank, 1), (NotData::Preamble, 4), header]);
    folder.account(closing, &[preamble, header, empty(11), total, (NotData::Footnote, 2)]);
    folder.account(seventh, &[preamble, header, empty(2), total]);
    for name in files {
        let (truth, read) = folder.file(name);
        assert_eq!(read.lines_accepted, count(&truth["data_rows"]), "{name}");
        assert_eq!(read.accepted.get(), hundredths(&truth["sum_amount"]), "{name}");
        assert_eq!(folder.amounts(name, period), decimals(&truth["by_month"]), "{name}");
    }
}

#[test]
fn an_unlabelled_total_is_no_payment() {
    let (first, last) = ("leeds-2011-05.csv", "leeds-2013-12.csv");
    let Some(folder) = Folder::read("uk_leeds_raw", "uk-leeds-raw", &[first, last]) else {
        return;
    };
    folder.account(first, &[(NotData::Header, 1)]);
    folder.account(last, &[(NotData::Header, 1), (NotData::Total, 1)]);
    for name in [first, last] {
        let (truth, read) = folder.file(name);
        assert_eq!(read.lines_accepted, count(&truth["data_rows"]), "{name}");
        assert_eq!(read.accepted.get(), hundredths(&truth["sum_amount"]), "{name}");
        assert_eq!(folder.amounts(name, period), decimals(&truth["by_month"]), "{name}");
        assert_eq!(folder.amounts(name, authority), decimals(&truth["by_agency"]), "{name}");
    }
}

#[test]
fn single_quotes_and_a_minus_behind_the_number_are_read() {
    let name = "Rechnungsabschluss2009.csv";
    let Some(folder) = Folder::read("at_graz_budget", "at-graz-budget", &[name]) else {
        return;
    };
    folder.account(name, &[(NotData::Header, 1)]);
    let (truth, read) = folder.file(name);
    assert_eq!(read.lines_accepted, count(&truth["data_rows"]));
    let sides = folder.amounts(name, account);
    for side in ["AUSGABE", "EINNAHME"] {
        assert_eq!(sides[side], hundredths(&truth["by_side"][side]["Ist EUR"]), "{side}");
    }
    let mut offices = folder.amounts(name, |fact| format!("{} {}", account(fact), authority(fact)));
    offices.retain(|key, _| key.starts_with("AUSGABE "));
    let offices: Sums =
        offices.into_iter().map(|(key, sum)| (key["AUSGABE ".len()..].to_owned(), sum)).collect();
    assert_eq!(offices, decimals(&truth["by_agency_AOB_ausgabe_ist"]));
}

#[test]
fn mac_roman_with_lone_returns_and_a_stray_letter_is_read() {
    let name = "G-Cloud-Total-Spend-13-12-13.csv";
    let Some(folder) = Folder::read("uk_gcloud", "uk-gcloud-original", &[name]) else {
        return;
    };
    folder.account(name, &[(NotData::Header, 1)]);
    let (truth, read) = folder.file(name);
    assert_eq!(read.encoding, "macintosh");
    assert_eq!(read.lines_accepted, count(&truth["data_rows"]));
    assert_eq!(read.accepted.get(), hundredths(&truth["sum_amount"]));
    assert_eq!(folder.amounts(name, period), decimals(&truth["by_month"]));
    assert_eq!(folder.amounts(name, authority), decimals(&truth["by_agency"]));
}

#[test]
fn receipts_of_a_treasury_are_read() {
    let name = "albania-treasury.csv";
    let Some(folder) = Folder::read("other_gov", "other-gov", &[name]) else {
        return;
    };
    folder.account(name, &[(NotData::Header, 1)]);
    let (truth, read) = folder.file(name);
    assert_eq!(read.lines_accepted, count(&truth["data_rows"]));
    assert_eq!(folder.amounts(name, period), decimals(&truth["by_month"]));
    assert_eq!(folder.amounts(name, authority), decimals(&truth["by_agency"]));
}

#[test]
fn levels_of_a_hierarchy_are_excluded_or_told_apart() {
    let budget = "oes-cs-finanslov-2012-excerpt.csv";
    let export = "statbank-off29-2012-excerpt.csv";
    let bulk = "statbank-bulk-off3-fixture.csv";
    let files = [budget, bulk, export];
    let Some(folder) = Folder::read("dk_originals_small", "dk-originals-small", &files) else {
        return;
    };
    folder.account(budget, &[(NotData::Header, 1), (NotData::Subtotal, 2)]);
    let (truth, read) = folder.file(budget);
    assert_eq!(read.lines_accepted + 2, count(&truth["data_rows"]));
    assert_eq!(folder.amounts(budget, year), decimals(&truth["sum_of_two_digit_rows"]));

    let not_data = [(NotData::Blank, 2), (NotData::Preamble, 2), (NotData::Header, 1)];
    folder.account(export, &not_data);
    let (truth, read) = folder.file(export);
    assert_eq!(read.lines_accepted, count(&truth["data_rows"]));
    assert_eq!(folder.amounts(export, account), decimals(&truth["values"]));

    folder.account(bulk, &[(NotData::Header, 1)]);
    let (truth, read) = folder.file(bulk);
    assert_eq!(read.lines_accepted, count(&truth["data_rows"]));
    let services = folder.amounts(bulk, |fact| {
        let service = fact.key.service.as_ref().expect("three columns make it");
        service.as_str().rsplit_once(" / ").expect("three parts").0.to_owned()
    });
    assert_eq!(services["1 / TOTAL"], hundredths(&truth["sum_total_sector_ui1"]));
    let missing = |fact: &Fact| {
        fact.measures.amount().is_none()
            && fact.key.service.as_ref().is_some_and(|id| id.as_str() == "1 / TOTAL / 2024")
    };
    assert_eq!(folder.read.facts.iter().filter(missing).count(), 1, "not available is not zero");
}

#[test]
fn budgets_of_several_years_side_by_side_balance() {
    let (bergen, sogndal) = ("bergen-2012-drift.csv", "sogndal-2013-drift.csv");
    let Some(folder) = Folder::read("no_datahotell", "no-datahotell", &[bergen, sogndal]) else {
        return;
    };
    for (name, blank) in [(bergen, None), (sogndal, Some((NotData::Blank, 1)))] {
        let not_data: Vec<_> = blank.into_iter().chain([(NotData::Header, 1)]).collect();
        folder.account(name, &not_data);
        let (truth, read) = folder.file(name);
        assert_eq!(read.lines_accepted, count(&truth["data_rows"]));
        let columns = truth["sums"].as_object().expect("columns").keys();
        let year_of = |column: &str| column[column.len() - 4..].to_owned();
        let by_year: BTreeMap<String, &String> =
            columns.map(|column| (year_of(column), column)).collect();
        let sums = folder.amounts(name, year);
        for (year, column) in &by_year {
            assert_eq!(sums[year], hundredths(&truth["sums"][column]), "{name} {column}");
        }
        let found = folder.amounts(name, |fact| format!("{}: {}", authority(fact), year(fact)));
        for (agency, columns) in truth["by_agency"].as_object().expect("agencies") {
            for (column, sum) in columns.as_object().expect("columns") {
                let key = format!("{agency}: {}", year_of(column));
                assert_eq!(found[&key], hundredths(sum), "{name} {key}");
            }
        }
    }
}

#[test]
fn requests_by_month_side_by_side_become_months() {
    let name = "innsynskrav-2010.csv";
    let Some(folder) = Folder::read("no_datahotell", "no-datahotell", &[name]) else {
        return;
    };
    folder.account(name, &[(NotData::Header, 1)]);
    let (truth, read) = folder.file(name);
    assert_eq!(read.lines_accepted, count(&truth["data_rows"]));
    let agencies = folder.sums(name, Measure::Completed, authority);
    assert_eq!(Some(agencies.len() as u64), truth["agencies"].as_u64());
    let months = folder.sums(name, Measure::Completed, period);
    assert_eq!(months.values().sum::<i64>() * 100, hundredths(&truth["total_requests"]));
    assert_eq!(months["2010-10"] * 100, hundredths(&truth["sums"]["okt"]));
    for (agency, months) in truth["by_agency"].as_object().expect("agencies") {
        assert_eq!(agencies[agency] * 100, hundredths(&months["total"]), "{agency}");
    }
}

#[test]
fn support_payments_and_page_views_are_read() {
    let support = "partistotte-2011.csv";
    let paid = "eiti-2011-totalt.csv";
    let views = "sidevisninger-pr-datasett-sample.csv";
    let files = [paid, support, views];
    let Some(folder) = Folder::read("no_datahotell", "no-datahotell", &files) else {
        return;
    };
    folder.account(support, &[(NotData::Header, 1)]);
    let (truth, read) = folder.file(support);
    assert_eq!(read.lines_accepted, count(&truth["data_rows"]));
    assert_eq!(read.accepted.get(), hundredths(&truth["sums"]["totalt"]));
    let counties = folder.amounts(support, authority);
    for (county, sums) in truth["by_agency"].as_object().expect("counties") {
        assert_eq!(counties[county], hundredths(&sums["totalt"]), "{county}");
    }

    folder.account(paid, &[(NotData::Blank, 1), (NotData::Header, 1)]);
    let (truth, read) = folder.file(paid);
    assert_eq!(read.lines_accepted, count(&truth["data_rows"]));
    assert_eq!(read.accepted.get(), hundredths(&truth["sums"]["sum-myndighet"]));

    folder.account(views, &[(NotData::Header, 1)]);
    let (truth, read) = folder.file(views);
    assert_eq!(read.lines_accepted, count(&truth["data_rows"]));
    let publishers = folder.sums(views, Measure::Completed, account);
    for (publisher, sum) in truth["by_publisher"].as_object().expect("publishers") {
        let key = if publisher == "(none)" { "" } else { publisher };
        assert_eq!(publishers[key] * 100, hundredths(sum), "{publisher}");
    }
}
