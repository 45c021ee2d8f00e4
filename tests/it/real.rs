//! Real government files against their true answers. The files are not part of the project: where
//! they are not there, each test is skipped.

use crate::kit::skipped;
use gevinst::testing::contract::Contract;
use gevinst::testing::domain::{AuthorityId, Measure, Period};
use gevinst::testing::ledger::Ledger;
use gevinst::testing::programme::Programme;
use gevinst::testing::{collect, contract, disk, ledger, metrics, programme};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A folder of the collection, or `None` and the test is skipped.
pub(crate) fn collection(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real-data").join(name);
    if !folder.is_dir() {
        skipped(&format!("no real data at ../shared/real-data/{name}"));
        return None;
    }
    Some(folder)
}

/// The collection's own account of the truth.
pub(crate) fn truth(folder: &Path) -> Value {
    let path = folder.join("_truth.json");
    let text = std::fs::read(path).expect("the truth is readable");
    serde_json::from_slice(&text).expect("the truth is JSON")
}

/// A pipeline of ours: its programme and its contracts.
pub(crate) fn read_pipeline(name: &str) -> (Programme, Vec<Contract>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("pipelines").join(name);
    let folder = disk::read_folder(&root).expect("the pipeline is readable");
    let programme = programme::parse(&folder).unwrap_or_else(|error| panic!("{error}"));
    let contracts = contract::compile(&folder, &programme::terms(&programme))
        .unwrap_or_else(|error| panic!("{error}"));
    (programme, contracts)
}

/// Runs a pipeline of ours on a folder up to the ledger.
pub(crate) fn post(pipeline: &str, deliveries: &Path) -> (Programme, Ledger) {
    let (programme, contracts) = read_pipeline(pipeline);
    let deliveries = disk::open_all(deliveries).expect("the deliveries are readable").deliveries;
    let ingested =
        collect::ingest(&contracts, &deliveries, &|| ()).expect("the deliveries are readable");
    (programme, ledger::post(&contracts, ingested, None))
}

/// The transactions' one large file.
const SERVICES: &str = "transaction-volumes-2013q2.derived-from-json.csv";

/// One file of a collection in a folder of its own.
fn alone(folder: &Path, name: &str) -> tempfile::TempDir {
    let only = tempfile::tempdir().expect("a folder");
    std::fs::copy(folder.join(name), only.path().join(name)).expect("a copy");
    only
}

/// A decimal of the truth, such as `-1234.56`, in hundredths.
pub(crate) fn hundredths(value: &Value) -> i64 {
    let text = value.as_str().expect("amounts are written as text");
    let (whole, part) = text.split_once('.').unwrap_or((text, "00"));
    assert_eq!(part.len(), 2, "{text}");
    format!("{whole}{part}").parse().expect("a decimal")
}

fn amounts<K: Ord>(
    ledger: &Ledger,
    key: impl Fn(&gevinst::testing::facts::Fact) -> K,
) -> BTreeMap<K, i64> {
    let mut sums = BTreeMap::new();
    for fact in ledger.posted.iter() {
        *sums.entry(key(&fact)).or_default() += fact.measures.get(Measure::Amount).sum;
    }
    sums
}

#[test]
fn gcloud_months_and_authorities_equal_the_truth_to_the_penny() {
    let Some(folder) = collection("derived_dk") else {
        return;
    };
    let truth = truth(&folder);
    let (_, ledger) = post("uk-gcloud", &folder.join("gcloud_maanedlig"));
    let total = &truth["total_gcloud_maanedlig"];
    assert_eq!(u64::from(ledger.balance.lines.posted), total["data_rows"].as_u64().expect("rows"));
    assert_eq!(ledger.balance.lines.refused, 0);
    assert_eq!(ledger.balance.oere.posted.get(), hundredths(&total["sum_amount"]));

    let found = amounts(&ledger, |fact| {
        (fact.key.period.to_string(), fact.key.authority.as_str().to_owned())
    });
    let mut expected = BTreeMap::new();
    for file in truth["files"].as_object().expect("files").values() {
        let Some(by_agency) = file.get("by_agency").and_then(Value::as_object) else {
            continue;
        };
        let month = file["month"].as_str().expect("a month");
        for (agency, sum) in by_agency {
            expected.insert((month.to_owned(), agency.clone()), hundredths(sum));
        }
    }
    assert_eq!(ledger.deliveries.len(), 20);
    assert_eq!(found, expected);
}

#[test]
fn three_headers_of_one_authority_read_by_one_contract() {
    let Some(folder) = collection("uk_gla_periods") else {
        return;
    };
    let truth = truth(&folder);
    let only_csv = tempfile::tempdir().expect("a folder for links");
    for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
        if entry.path().extension().is_some_and(|ending| ending == "csv") {
            let link = only_csv.path().join(entry.file_name());
            std::fs::copy(entry.path(), link).expect("a copy");
        }
    }
    let (_, ledger) = post("uk-gla", only_csv.path());
    assert_eq!(ledger.quarantine, []);
    let total = &truth["by_split_open"];
    assert_eq!(u64::from(ledger.balance.lines.posted), total["data_rows"].as_u64().expect("rows"));
    assert_eq!(ledger.balance.oere.posted.get(), hundredths(&total["sum_amount"]));
    let found = amounts(&ledger, |fact| fact.key.period.to_string());
    let expected: BTreeMap<String, i64> = total["by_month"]
        .as_object()
        .expect("months")
        .iter()
        .map(|(month, sum)| (month.clone(), hundredths(sum)))
        .collect();
    assert_eq!(found, expected);
    for posting in &ledger.deliveries {
        let file = &truth["files"][&posting.account.name];
        assert_eq!(
            u64::from(posting.balance.lines.posted),
            file["data_rows"].as_u64().expect("rows")
        );
        assert_eq!(posting.balance.oere.posted.get(), hundredths(&file["sum_amount"]));
    }
}

#[test]
fn rolling_years_side_by_side_become_facts_of_their_own() {
    let Some(folder) = collection("uk_transactions") else {
        return;
    };
    let truth = truth(&folder);
    let name = SERVICES;
    let only = alone(&folder, name);
    let (_, ledger) = post("uk-transactions", only.path());
    let lines = ledger.balance.lines;
    assert_eq!((lines.read, lines.posted, lines.refused), (658, 658, 0));
    let spending = amounts(&ledger, |fact| fact.key.period.to_string());
    for (label, kpi) in truth["files"][name]["kpi"].as_object().expect("periods") {
        let covers = kpi["covers"].as_array().expect("two dates");
        let month = |at: usize| &covers[at].as_str().expect("a date")[..7];
        let window = format!("{}/{}", month(0), month(1));
        let total = &kpi["total"];
        assert_eq!(spending[&window], hundredths(&total["spending_volume_x_cpt"]), "{label}");
        let facts = || ledger.posted.iter().filter(|fact| fact.key.period.to_string() == window);
        let costed = facts().filter(|fact| fact.measures.amount().is_some()).count();
        assert_eq!(Some(costed as u64), total["services_costed"].as_u64(), "{label}");
        let completed = Measure::Completed;
        let volume: i64 = facts().map(|fact| fact.measures.get(completed).sum).sum();
        assert_eq!(volume * 100, hundredths(&total["volume_all"]), "{label}");
    }
    let department = AuthorityId::new("HMRC");
    let middle = |period: &Period| period.to_string() == "2012-01/2012-12";
    let silent = ledger.posted.iter().all(|fact| {
        *fact.key.authority != department
            || !middle(&fact.key.period)
            || fact.measures.amount().is_none()
    });
    assert!(silent, "a department that did not report is unknown, not zero");
}

#[test]
fn services_are_compared_like_for_like_over_rolling_years() {
    let Some(folder) = collection("uk_transactions") else {
        return;
    };
    let truth = truth(&folder);
    let name = SERVICES;
    let only = alone(&folder, name);
    let (programme, ledger) = post("uk-transactions", only.path());
    let metrics = metrics::compute(&programme, &ledger);
    let now = metrics.now.expect("there is a comparison");
    assert_eq!(now.to_string(), "2012-04/2013-03");

    let file = &truth["files"][name];
    let pairs = file["savings"].as_array().expect("pairs");
    for (span, label) in [("2012-01/2012-12", "2013 Q1"), ("2012-04/2013-03", "2013 Q2")] {
        let expected = pairs
            .iter()
            .find(|pair| pair["base"] == "2012 Q4" && pair["now"] == label)
            .map(|pair| &pair["total"])
            .expect("the pair");
        let figures = metrics.total.at(span.parse().expect("a span")).expect("figures");
        let compared = figures.compared.value().expect("services were compared");
        let declared = compared.saving.declared.expect("a share is declared");
        assert_eq!(declared.get(), hundredths(&expected["saving"]), "{label}");
        assert_eq!(compared.bridge.volume.get(), hundredths(&expected["volume_effect"]), "{label}");
        assert_eq!(compared.spending_then.get(), hundredths(&expected["spending_base"]));
        assert_eq!(compared.spending_now.get(), hundredths(&expected["spending_now"]));
        let matched = u64::from(figures.basis.compared + figures.basis.partly);
        assert_eq!(Some(matched), expected["services_matched"].as_u64(), "{label}");
        // The unit cost of whoever happens to report jumps from 5.36 to 36.05 and back to 5.72.
        let index = figures.unit_cost_index_ppm.value().expect("an index");
        let paasche = expected["unit_cost_index_paasche"].as_str().expect("an index");
        assert_eq!(format!("0.{index:06}"), paasche, "{label}");
    }
    let latest = metrics.total.at(now).expect("figures");
    let panel = latest.digital.panel.clone().value().expect("a panel");
    assert_eq!(panel.counts_cells, 40);
    assert_eq!(panel.counts_then.parts_per_million(), 812_778);
    assert_eq!(panel.counts_now.parts_per_million(), 833_770);
    // Three of the forty completed nothing in one of the two: they have no share to compare.
    assert_eq!(panel.cells, 37);
}
