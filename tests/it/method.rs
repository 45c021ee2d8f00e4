//! The text of docs/method.md is enough: a reader who follows it comes to the published figures.

use crate::fixture::{RunFixture, root};
use crate::kit::skipped;
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
