//! Every file of the collection of real data is held against its truth by a test named here.

use crate::real::{collection, truth};
use std::collections::BTreeSet;
use std::path::Path;

/// Folder, what its file names begin with, and the test that reads them. A `datapackage.json` says
/// where the file beside it is from, and has nothing to read.
const COVERED: [(&str, &str, &str); 35] = [
    ("at_graz_budget", "Rechnungsabschluss2009", "folders::single_quotes_and_a_minus"),
    ("derived_dk", "fl16-cp1252-crlf", "finanslov::the_same_table_in_another_dialect"),
    ("derived_dk", "gcloud_maanedlig/it-forbrug-", "real::gcloud_months_and_authorities"),
    ("dk_finanslov_2016", "fl16.csv", "finanslov::each_of_five_levels"),
    ("dk_finanslov_2016", "fl16-m-niveauer", "finanslov::each_of_five_levels"),
    ("dk_finanslov_latin1", "finanslov-20", "finanslov::each_bill_and_its_amendments"),
    ("dk_finanslov_latin1", "bilateral-", "finanslov::each_bill_and_its_amendments"),
    ("dk_finanslov_years", "finanslov_y2016", "finanslov::standard_accounts_of_a_year"),
    ("dk_originals_small", "oes-cs-finanslov-2012", "folders::levels_of_a_hierarchy"),
    ("dk_originals_small", "statbank-off29-2012", "folders::levels_of_a_hierarchy"),
    ("dk_originals_small", "statbank-bulk-off3", "folders::levels_of_a_hierarchy"),
    ("dk_originals_small", "kommuner-latin1", "agencies::a_table_to_look_things_up_in"),
    ("no_datahotell", "bergen-2012-drift", "folders::budgets_of_several_years"),
    ("no_datahotell", "sogndal-2013-drift", "folders::budgets_of_several_years"),
    ("no_datahotell", "innsynskrav-2010", "folders::requests_by_month"),
    ("no_datahotell", "partistotte-2011", "folders::support_payments_and_page_views"),
    ("no_datahotell", "eiti-2011-totalt", "folders::support_payments_and_page_views"),
    ("no_datahotell", "sidevisninger-pr-datasett", "folders::support_payments_and_page_views"),
    ("other_gov", "albania-treasury", "folders::receipts_of_a_treasury"),
    ("torture", "", "torture::no_case_is_left_out"),
    ("uk_departments_raw", "BIS_spending_over__25_000", "folders::rows_of_commas"),
    ("uk_gcloud", "G-Cloud-Total-Spend-13-12-13", "folders::mac_roman"),
    ("uk_gla_consolidated", "gla-2008-2013-all", "agencies::five_years_put_together"),
    ("uk_gla_consolidated", "datapackage.json", "agencies::five_years_put_together"),
    ("uk_gla_periods", "gla-201", "real::three_headers_of_one_authority"),
    ("uk_gla_raw", "gla-december_2009", "folders::headers_are_found"),
    ("uk_gla_raw", "gla-2011-12-P13-500", "folders::headers_are_found"),
    ("uk_gla_raw", "gla-250-report-2013-14-P07", "folders::headers_are_found"),
    ("uk_leeds_raw", "leeds-20", "folders::an_unlabelled_total"),
    ("uk_multi_agency", "harrogate-2019-", "agencies::three_bodies"),
    ("uk_multi_agency", "networkrail-2019-", "agencies::three_bodies"),
    ("uk_multi_agency", "salford-2019-", "agencies::three_bodies"),
    ("uk_transactions", "transaction-volumes", "real::rolling_years_side_by_side"),
    ("uk_transactions", "services-format-sample.csv", "agencies::the_form_before"),
    ("uk_transactions", "services-format-sample-2", "agencies::the_form_before"),
];

/// Folders with tables of what was promised, which are no deliveries.
const PROMISES: [&str; 2] = ["benefits_gmpp", "benefits_vector"];

/// Every file below a folder, by its path from there.
fn below(folder: &Path) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        let name = entry.file_name().to_str().expect("UTF-8").to_owned();
        if path.is_dir() {
            names.extend(below(&path).into_iter().map(|inner| format!("{name}/{inner}")));
        } else {
            names.insert(name);
        }
    }
    names
}

/// The text of a test that is named `module::beginning`.
fn test_text(named: &str) -> String {
    let (module, name) = named.split_once("::").expect("a module and a test");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/it/{module}.rs"));
    let source = std::fs::read_to_string(path).expect("the tests are readable");
    let mut tests = source.split("#[test]\nfn ").skip(1);
    let found = tests.find(|test| test.starts_with(name));
    found.unwrap_or_else(|| panic!("no test is named {named}")).to_owned()
}

#[test]
fn every_file_of_the_collection_is_read_by_a_test() {
    let Some(root) = collection("") else {
        return;
    };
    let mut read: BTreeSet<&(&str, &str, &str)> = BTreeSet::new();
    for path in below(&root) {
        let Some((folder, name)) = path.split_once('/') else {
            continue;
        };
        if PROMISES.contains(&folder) {
            continue;
        }
        let own =
            COVERED.iter().filter(|(own, start, _)| *own == folder && name.starts_with(start));
        read.extend(own.clone());
        let covered = name == "_truth.json" || own.count() > 0;
        assert!(covered, "{path} is read by no test: write one and name it here");
    }
    let stale: Vec<_> = COVERED.iter().filter(|entry| !read.contains(entry)).collect();
    assert!(stale.is_empty(), "no file is left of {stale:?}");
}

#[test]
fn every_file_of_a_truth_is_there_and_its_test_reads_its_folder() {
    let Some(root) = collection("") else {
        return;
    };
    for (folder, _, named) in COVERED {
        assert!(test_text(named).contains(folder), "{named} does not read {folder}");
        let folder = root.join(folder);
        if !folder.join("_truth.json").exists() {
            continue;
        }
        let there = below(&folder);
        for name in truth(&folder)["files"].as_object().expect("files").keys() {
            assert!(there.contains(name), "{} has no {name}", folder.display());
        }
    }
}
