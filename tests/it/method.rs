//! The text of docs/method.md is enough: a reader who follows it comes to the published figures.

use crate::fixture::{RunFixture, root};
use crate::kit::skipped;
use std::fs;
use std::process::Command;

#[test]
fn figures_reckoned_by_the_text_are_those_that_are_published() {
    let fixture = RunFixture::new();
    let ran = fixture.run_sample(&[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let reader = Command::new("python3")
        .arg(root().join("tests/method/recompute.py"))
        .arg(root().join("pipelines/faellesoffentlig-2016-2020"))
        .arg(fixture.path("report"))
        .output();
    let Ok(reader) = reader else {
        return skipped("python3 is not installed");
    };
    let (said, wrong) = (reader.stdout, reader.stderr);
    let (said, wrong) = (String::from_utf8_lossy(&said), String::from_utf8_lossy(&wrong));
    assert!(said.contains(" 0 differ"), "{said}{wrong}");
    assert!(reader.status.success(), "{said}{wrong}");
}

/// Every section of a metric says where it is `Computed`, and the function is there.
#[test]
fn every_metric_names_the_function_that_computes_it() {
    let text = fs::read_to_string(root().join("docs/method.md")).expect("the method");
    let sections: Vec<&str> =
        text.split("\n### ").filter(|section| heading(section).contains("(`")).collect();
    assert!(sections.len() > 20, "{} sections have an id", sections.len());
    for section in sections {
        let computed = section.split("Computed: `").nth(1).and_then(|rest| rest.split('`').next());
        let (file, function) = computed
            .and_then(|place| place.split_once("::"))
            .unwrap_or_else(|| panic!("{}: no `Computed: `file::function``", heading(section)));
        let code = fs::read_to_string(root().join(file));
        let code = code.unwrap_or_else(|error| panic!("{}: {file}: {error}", heading(section)));
        let is_there = code.contains(&format!("fn {function}("));
        assert!(is_there, "{}: {file} has no {function}", heading(section));
    }
}

fn heading(section: &str) -> &str {
    section.lines().next().unwrap_or_default()
}

/// Of each contract with amounts: without VAT as it is declared, and unsaid where it is not.
#[test]
fn whether_amounts_include_vat_is_said_of_each_contract() {
    let said = |from: &str, to: &str| {
        let fixture = RunFixture::new().own_pipeline();
        fixture.change("contracts/forbrug.toml", from, to);
        let header = "Myndighed;Bogføringsdato;Regnskabsperiode;Ydelse;Initiativ;Konto;\
                      Posteringstekst;Beløb\n";
        let line = "0751;01-03-2018;2018-03;BYG;2.1;22.65;Licens;1,00\n";
        fixture.deliver("forbrug/0751-2018.csv", format!("{header}{line}"));
        let ran = fixture.run(&[]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        let report = fixture.report();
        let receipt: serde_json::Value =
            serde_json::from_slice(&report["receipt.json"]).expect("the receipt is JSON");
        let page = |name: &str| String::from_utf8(report[name].clone()).expect("UTF-8");
        (receipt["vat"].clone(), page("da/metode.html"), page("en/metode.html"))
    };
    let (receipt, danish, english) = said("vat = \"net\"", "vat = \"gross\"");
    let expected = serde_json::json!([
        { "contract": "forbrug", "column": "Beløb", "vat": "gross" }
    ]);
    assert_eq!(receipt, expected);
    assert!(danish.contains("Med moms") && english.contains("With VAT"));
    let (receipt, danish, english) = said("vat = \"net\"\n", "");
    let unsaid = serde_json::json!([{ "contract": "forbrug", "column": "Beløb", "vat": null }]);
    assert_eq!(receipt, unsaid);
    assert!(danish.contains("Kontrakten siger det ikke"), "{danish}");
    assert!(english.contains("The contract does not say"), "{english}");
}
