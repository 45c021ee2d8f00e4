//! Published files of several bodies, files that others put together, and a table without figures,
//! against their true answers. The files are not part of the project: where they are not there,
//! each test is skipped.

use crate::folders::{Folder, Sums, contracts, count, decimals, deliveries, period};
use crate::kit::read;
use crate::real::{collection, hundredths, truth};
use gevinst::testing::contract::NotData;
use gevinst::testing::domain::Measure;
use gevinst::testing::facts::Fact;
use serde_json::Value;
use std::collections::BTreeMap;

/// The body whose name a file begins with.
fn body(fact: &Fact) -> String {
    match fact.key.authority.as_str() {
        "harrogate" => "Harrogate Borough Council",
        "networkrail" => "Network Rail",
        "salford" => "Salford City Council",
        other => panic!("no body of this collection: {other}"),
    }
    .to_owned()
}

/// Every file of the three bodies.
fn months() -> Vec<String> {
    let bodies = ["harrogate", "networkrail", "salford"];
    let files = |body| (1..=6).map(move |month| format!("{body}-2019-{month:02}.csv"));
    bodies.into_iter().flat_map(files).collect()
}

fn total(sums: &Sums) -> i64 {
    sums.values().sum()
}

#[test]
fn three_bodies_with_headings_of_their_own_are_read() {
    let names = months();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let Some(folder) = Folder::read("uk_multi_agency", "uk-multi-agency", &names) else {
        return;
    };
    let mut by_body = Sums::new();
    let mut by_body_and_month: BTreeMap<String, Sums> = BTreeMap::new();
    for name in &names {
        let header = (NotData::Header, 1);
        let total_row = name.starts_with("networkrail").then_some((NotData::Total, 1));
        folder.account(name, &[header].into_iter().chain(total_row).collect::<Vec<_>>());
        let (truth, read) = folder.file(name);
        assert_eq!(read.lines_accepted, count(&truth["data_rows"]), "{name}");
        assert_eq!(read.accepted.get(), hundredths(&truth["sum_amount"]), "{name}");
        assert_eq!(folder.amounts(name, period), decimals(&truth["by_month"]), "{name}");
        for (body, sum) in folder.amounts(name, body) {
            assert_eq!(Some(body.as_str()), truth["body"].as_str(), "{name}");
            *by_body.entry(body.clone()).or_default() += sum;
            for (month, sum) in folder.amounts(name, period) {
                *by_body_and_month.entry(body.clone()).or_default().entry(month).or_default() +=
                    sum;
            }
        }
    }
    let truth = truth(&collection("uk_multi_agency").expect("it was there"));
    assert_eq!(by_body, decimals(&truth["by_body_open"]));
    for (body, months) in truth["by_body_and_month_open"].as_object().expect("bodies") {
        assert_eq!(by_body_and_month[body], decimals(months), "{body}");
    }
    assert_eq!(total(&by_body), hundredths(&truth["by_split_open"]["sum_amount"]));
    let lines: u32 = folder.read.accounts.iter().map(|account| account.lines_accepted).sum();
    assert_eq!(lines, count(&truth["by_split_open"]["data_rows"]));
}

#[test]
fn a_stray_point_in_the_gross_column_refuses_its_line() {
    let Some(folder) = collection("uk_multi_agency") else {
        return;
    };
    // Told to read gross amounts, the pipeline must show the line that has no readable one.
    let gross =
        contracts("uk-multi-agency", |text| text.replace("name = \"Net\"", "name = \"Gross\""));
    let name = "salford-2019-05.csv";
    let read = read(&gross, &deliveries(&folder, &[name]));
    let refused: Vec<_> =
        read.quarantine.iter().map(|line| (line.line, line.fault.reason.code())).collect();
    assert_eq!(refused, [(Some(2), "Q101")]);
    let money = &truth(&folder)["files"][name]["other_money_columns"];
    assert_eq!(count(&money["unreadable_gross_cells"][0]["line"]), 2);
    assert_eq!(read.accounts[0].accepted.get(), hundredths(&money["Gross"]));
    assert_eq!(read.accounts[0].refused_unreadable, 1, "its weight is known to be unknown");
}

/// Hundredths of a plain decimal with at most two of them, by the digits alone.
fn exact(text: &str) -> i64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    hundredths(&Value::from(format!("{whole}.{part:0<2}")))
}

#[test]
fn five_years_put_together_by_others_are_read_whole() {
    let Some(folder) = collection("uk_gla_consolidated") else {
        return;
    };
    let name = "gla-2008-2013-all.csv";
    let contracts = contracts("uk-gla-consolidated", str::to_owned);
    let read = read(&contracts, &deliveries(&folder, &[name]));
    assert_eq!(read.quarantine, []);
    // The folder has no truth: a reader that shares no code with ours adds the amounts.
    let mut expected: BTreeMap<(String, String), i64> = BTreeMap::new();
    let mut reader = csv::Reader::from_path(folder.join(name)).expect("the file is readable");
    let mut lines = 0;
    for record in reader.records() {
        let record = record.expect("well-formed");
        let (amount, date) = (exact(&record[6]), &record[7]);
        *expected.entry((date[..7].to_owned(), record[4].trim().to_owned())).or_default() += amount;
        lines += 1;
    }
    let mut found: BTreeMap<(String, String), i64> = BTreeMap::new();
    for fact in read.facts.iter() {
        let account = fact.key.account.map_or("", |account| account.as_str()).to_owned();
        let key = (fact.key.period.to_string(), account);
        *found.entry(key).or_default() += fact.measures.get(Measure::Amount).sum;
    }
    assert_eq!(found, expected);
    // And added apart, in exact decimals: 28,145 lines, 1,000,083,306.00 pounds.
    assert_eq!((lines, read.accounts[0].lines_accepted), (28_145, 28_145));
    assert_eq!(read.accounts[0].accepted.get(), 100_008_330_600);
}

#[test]
fn a_table_to_look_things_up_in_is_held_against_its_contract_and_is_no_data() {
    let Some(folder) = collection("dk_originals_small") else {
        return;
    };
    let name = "kommuner-latin1.csv";
    let truth = truth(&folder)["files"][name].clone();
    let delivered = || deliveries(&folder, &[name]);
    let read = |edit: &dyn Fn(&str) -> String| {
        let contracts = contracts("dk-originals-small", edit);
        read(&contracts, &delivered())
    };
    let whole = read(&str::to_owned);
    let account = &whole.accounts[0];
    let rows = count(&truth["data_rows"]);
    assert_eq!(whole.quarantine, []);
    assert_eq!((account.lines_read, account.rejected, whole.facts.len()), (0, false, 0));
    let not_data = [(NotData::Header, 1), (NotData::Lookup, rows)];
    assert_eq!(account.not_data, BTreeMap::from(not_data));
    assert_eq!(account.encoding, "windows-1252");
    // With one region alone on the list, the lines of the others are refused.
    for (region, own) in truth["by_region"].as_object().expect("regions") {
        let only = format!("constraints.enum = [\"{region}\"]");
        let listed = "constraints.enum = [\"Hovedstaden\", \"Midtjylland\", \"Nordjylland\", \
                      \"Sjælland\", \"Syddanmark\"]";
        let read = read(&|text| text.replace(listed, &only));
        let own = count(own);
        assert_eq!(read.accounts[0].not_data[&NotData::Lookup], own, "{region}");
        assert_eq!(read.accounts[0].lines_refused, rows - own, "{region}");
        assert!(read.quarantine.iter().all(|line| line.fault.reason.code() == "Q106"));
    }
    // Each name the truth samples is in the file, letters and all: it alone may stand.
    for sample in truth["sample_names"].as_array().expect("names") {
        let only = format!(
            "name = \"Kommune\"\ntype = \"string\"\nconstraints.required = true\n\
             constraints.enum = [{sample}]"
        );
        let field = "name = \"Kommune\"\ntype = \"string\"\nconstraints.required = true";
        let read = read(&|text| text.replace(field, &only));
        assert_eq!(read.accounts[0].not_data[&NotData::Lookup], 1, "{sample}");
    }
}

#[test]
fn the_form_before_the_published_one_is_read_with_windows_side_by_side() {
    let (first, second) = ("services-format-sample.csv", "services-format-sample-2.csv");
    let Some(folder) = collection("uk_transactions") else {
        return;
    };
    let contracts = contracts("uk-transactions-format", str::to_owned);
    // Added apart, from the files: volume, digital volume, volume times unit cost in pence. The one
    // file marks thousands, the other does not.
    for (name, lines, blank, expected) in [
        (
            first,
            8,
            Some((NotData::Blank, 1)),
            [
                ("2011-04/2012-03", [27_521_433, 24_184_442, 8_442_823_680]),
                ("2012-01/2012-12", [9_382_338, 9_019_750, 9_087_470_070]),
            ],
        ),
        (
            second,
            11,
            None,
            [
                ("2011-04/2012-03", [667_536_690, 664_194_454, 14_863_850_790]),
                ("2012-01/2012-12", [4_829_406_231, 491_038_680, 57_320_920_270]),
            ],
        ),
    ] {
        let read = read(&contracts, &deliveries(&folder, &[name]));
        let account = &read.accounts[0];
        assert_eq!((read.quarantine, account.lines_accepted), (vec![], lines), "{name}");
        let not_data = [(NotData::Header, 1)].into_iter().chain(blank).collect();
        assert_eq!(account.not_data, not_data, "{name}");
        for (window, sums) in expected {
            let measures = [Measure::Completed, Measure::Digital, Measure::Amount];
            let found = measures.map(|measure| {
                let own = read.facts.iter().filter(|fact| fact.key.period.to_string() == window);
                own.map(|fact| fact.measures.get(measure).sum).sum::<i64>()
            });
            assert_eq!(found, sums, "{name} {window}");
        }
    }
}
