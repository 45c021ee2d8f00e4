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
