//! Through the binary: files in, files and exit codes out.

use crate::fixture::{HEADER, RunFixture, binary, ran, root, tree};
use std::collections::BTreeMap;
use std::time::Duration;

fn posting(month: &str, amount: &str) -> String {
    format!("0751;01-03-2018;{month};BYG;2.1;22.65;Licens;{amount}\n")
}

#[test]
fn the_main_job_writes_a_report_in_both_languages_and_ends_clean() {
    let fixture = RunFixture::new();
    let ran = fixture.run_sample(&[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.starts_with("report: "), "{}", ran.out);
    assert_eq!(ran.err, "", "nothing but the outcome in a pipe");
    let report = fixture.report();
    for name in [
        "index.html",
        "receipt.json",
        "da/index.html",
        "en/index.html",
        "da/pejlemaerke-3.html",
        "data/quarantine.csv",
        "data/facts.csv",
        "data/facts.parquet",
        "data/cells.parquet",
    ] {
        assert!(report.contains_key(name), "{name} is missing");
    }
}

#[test]
fn two_runs_and_any_number_of_threads_give_the_same_bytes() {
    let reports: Vec<_> = [&["--jobs", "1"][..], &["--jobs", "2"], &[]]
        .into_iter()
        .map(|arguments| {
            let fixture = RunFixture::new();
            assert_eq!(fixture.run_sample(arguments).code, 0);
            fixture.report()
        })
        .collect();
    for other in &reports[1..] {
        let names = |report: &BTreeMap<String, Vec<u8>>| report.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&reports[0]), names(other));
        let differing: Vec<_> =
            reports[0].iter().filter(|(name, bytes)| other[*name] != **bytes).collect();
        assert!(
            differing.is_empty(),
            "{:?}",
            differing.iter().map(|(name, _)| name).collect::<Vec<_>>()
        );
    }
}

#[test]
fn nothing_delivered_is_quoted_raw_in_the_report() {
    let fixture = RunFixture::new();
    let text = "<script>alert(1)</script>";
    let line = posting("2018-03", "abc").replace("BYG", text);
    fixture
        .deliver("forbrug/0751-2018.csv", format!("{HEADER}{line}{}", posting("2018-03", "1,00")));
    fixture.run(&[]);
    for (name, bytes) in fixture.report() {
        let page = String::from_utf8_lossy(&bytes).into_owned();
        let is_page = name.strip_suffix(".html").is_some() || name.strip_suffix(".svg").is_some();
        assert!(!is_page || !page.contains("<script"), "{name}");
    }
}

#[test]
fn a_personal_number_is_in_no_file_and_no_message() {
    let fixture = RunFixture::new();
    let line = posting("2018-03", "1,00").replace("Licens", "ref 010180-4321");
    fixture
        .deliver("forbrug/0751-2018.csv", format!("{HEADER}{line}{}", posting("2018-03", "1,00")));
    let ran = fixture.run(&[]);
    assert!(ran.out.contains("possible personal numbers: 1 lines"), "{}", ran.out);
    let checked = fixture.check();
    let printed = format!("{}{}{}{}", ran.out, ran.err, checked.out, checked.err);
    assert!(!printed.contains("4321"), "{printed}");
    for (name, bytes) in fixture.report() {
        let found = bytes.windows(4).any(|window| window == b"4321");
        let hash_or_parquet = name == "receipt.json" || name.ends_with("parquet");
        assert!(!found || hash_or_parquet, "{name}");
    }
}

#[test]
fn a_personal_number_in_a_file_name_is_shown_nowhere() {
    let fixture = RunFixture::new();
    let lines = format!("{HEADER}{}{}", posting("2018-03", "1,00"), posting("2018-03", "abc"));
    fixture.deliver("forbrug/0751-010180-4321.csv", &lines);
    fixture.deliver("forbrug/0101804321-2018.csv", &lines);
    fixture.deliver("010180 4321.txt", "x");
    let ran = fixture.run(&[]);
    let facts = fixture.path("facts.csv");
    let checked = fixture.check_with(&["--facts", facts.to_str().expect("a path in UTF-8")]);
    let packed = fixture.check_with_packs();

    // The number is the authority's name in one of them: that one is refused whole.
    assert!(ran.out.contains("lines: 2 read = 1 posted + 0 superseded + 1 refused"), "{}", ran.out);
    for shown in [
        "forbrug/0751-******-****.csv:3: Q101",
        "forbrug/**********-2018.csv:1: Q401",
        "****** ****.txt:1: Q007",
    ] {
        assert!(checked.out.contains(shown), "{shown}\n{}", checked.out);
    }
    for said in [ran, checked, packed].map(|ran| ran.out + &ran.err) {
        assert!(!said.contains("010180"), "{said}");
    }
    let mut files = fixture.report();
    files.extend(fixture.packs());
    files.insert("facts.csv".into(), std::fs::read(facts).expect("the facts"));
    for (name, bytes) in files {
        let found = bytes.windows(6).any(|window| window == b"010180");
        assert!(!found && !name.contains("010180"), "{name}");
    }
}

#[test]
fn more_refused_than_tolerated_is_exit_code_3_with_the_report_written() {
    let fixture = RunFixture::new();
    fixture.deliver(
        "forbrug/0751-2018.csv",
        format!("{HEADER}{}{}", posting("2018-03", "1,00"), posting("2018-03", "abc")),
    );
    let ran = fixture.run(&[]);
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("over the limit"), "{}", ran.out);
    assert!(fixture.report().contains_key("da/index.html"));
    assert_eq!(fixture.check().code, 3);
}

#[test]
fn a_delivery_refused_whole_is_over_the_limit_and_the_others_are_posted() {
    let fixture = RunFixture::new().own_pipeline();
    fixture.change("pipeline.toml", "refused_deliveries = 9", "refused_deliveries = 0");
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{}", posting("2018-03", "1,00")));
    fixture.deliver("forbrug/0461-2018.csv", "<!doctype html><title>Log in</title>");
    let ran = fixture.run(&[]);
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("lines: 1 read = 1 posted"), "{}", ran.out);
    assert!(ran.out.contains("refused for Q003: 1"), "{}", ran.out);
}

#[test]
fn check_names_file_line_column_and_reason_and_writes_nothing() {
    let fixture = RunFixture::new();
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{}", posting("2018-03", "1.2.34")));
    let ran = fixture.check();
    let first = ran.out.lines().next().expect("a line");
    assert!(first.starts_with("forbrug/0751-2018.csv:2: Q101 Beløb: "), "{first}");
    assert!(first.contains("`1.2.34`"), "{first}");
    assert!(fixture.report().is_empty());
}

#[test]
fn what_breaks_a_run_is_said_with_what_to_do_and_is_exit_code_1() {
    let missing = RunFixture::new();
    let ran = missing.run(&[]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("error: cannot read `"), "{}", ran.err);
    assert!(ran.err.contains("help: check the path"), "{}", ran.err);

    let empty = RunFixture::new();
    std::fs::create_dir(empty.path("deliveries")).expect("a folder");
    let ran = empty.run(&[]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("error: no deliveries in `"), "{}", ran.err);
    assert!(ran.err.contains("help: "), "{}", ran.err);

    let wrong = RunFixture::new().own_pipeline();
    wrong.change("pipeline.toml", "[limits]", "[limit]");
    wrong.change("contracts/forbrug.toml", "maxLength", "maxLenght").deliver("x.csv", "");
    let ran = wrong.run(&[]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("pipeline/pipeline.toml:"), "{}", ran.err);
    assert!(ran.err.contains("`limits`"), "{}", ran.err);
    assert!(
        ran.err.contains("pipeline/contracts/forbrug.toml:"),
        "every problem at once: {}",
        ran.err
    );
    assert!(ran.err.contains("maxLenght"), "{}", ran.err);
}

#[test]
fn wrong_usage_is_exit_code_2() {
    for arguments in
        [&["run"][..], &["fly"], &["run", "x", "--as-of", "march"], &["run", "x", "--jobs", "0"]]
    {
        let ran = ran(&binary().args(arguments).output().expect("the binary starts"));
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.err);
    }
}

#[test]
fn a_broken_run_leaves_the_old_report_untouched() {
    let fixture = RunFixture::new();
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{}", posting("2018-03", "1,00")));
    assert_eq!(fixture.run(&[]).code, 0);
    let before = fixture.report();
    std::fs::remove_dir_all(fixture.path("deliveries")).expect("the deliveries");
    assert_eq!(fixture.run(&[]).code, 1);
    assert!(fixture.report() == before);
}

#[test]
fn a_folder_that_is_no_report_is_never_replaced() {
    let fixture = RunFixture::new();
    fixture.lay("report/thesis.txt", "years of work");
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{}", posting("2018-03", "1,00")));
    let ran = fixture.run(&[]);
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("holds `thesis.txt`, which gevinst did not write"), "{}", ran.err);
    assert_eq!(fixture.report().len(), 1);
}

#[test]
fn a_killed_run_leaves_the_old_report_or_the_new_one() {
    let fixture = RunFixture::new();
    assert_eq!(fixture.run_sample(&[]).code, 0);
    let new = fixture.report();
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{}", posting("2018-03", "1,00")));
    assert_eq!(fixture.run(&[]).code, 0);
    let old = fixture.report();
    assert!(old != new);
    for milliseconds in [0, 5, 20, 60, 120, 200, 300, 400, 600, 900, 1300] {
        let mut command = fixture.command("run", &root().join("sample-data"));
        command.arg("--out").arg(fixture.path("report")).stdout(std::process::Stdio::null());
        let mut child = command.spawn().expect("the binary starts");
        std::thread::sleep(Duration::from_millis(milliseconds));
        let _ = child.kill();
        child.wait().expect("the binary ends");
        let found = tree(&fixture.path("report"));
        assert!(found == old || found == new, "a mixture after {milliseconds} ms");
    }
}

#[test]
fn the_sample_is_made_again_from_the_command_line() {
    let fixture = RunFixture::new();
    let pipeline = root().join("pipelines/faellesoffentlig-2016-2020");
    let mut command = binary();
    command.arg("sample").arg(pipeline).arg("--out").arg(fixture.path("sample"));
    let made = ran(&command.output().expect("the binary starts"));
    assert_eq!(made.code, 0, "{}", made.err);
    let committed = tree(&root().join("sample-data"));
    assert!(tree(&fixture.path("sample")) == committed);
}
