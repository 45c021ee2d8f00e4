//! Limits that say "not worse": this run against the one before, whose receipt is named.

use crate::fixture::{HEADER, Ran, RunFixture};

/// A fixture whose pipeline tolerates any share of refused lines, if it is not worse than before.
fn fixture() -> RunFixture {
    let fixture = RunFixture::new().own_pipeline();
    let limits = "refused_lines_ppm = 1_000_000\nnot_worse = [\"lines\", \"kr\"]\n";
    fixture.change("pipeline.toml", "refused_lines_ppm = 20_000\n", limits);
    fixture
}

/// A month with so many lines that hold, and refused ones (an unknown service) of these kroner.
fn deliver(fixture: &RunFixture, good: usize, refused_kr: &[u32]) {
    let line =
        |service: &str, kr: u32| format!("0751;01-03-2018;2018-03;{service};2.1;22.65;x;{kr},00\n");
    let refused: String = refused_kr.iter().map(|kr| line("BYX", *kr)).collect();
    fixture.deliver(
        "forbrug/0751-2018.csv",
        format!("{HEADER}{}{refused}", line("BYG", 1).repeat(good)),
    );
}

/// Runs last month into a folder of its own and gives the path of its receipt.
fn last_month(fixture: &RunFixture, good: usize, refused_kr: &[u32]) -> String {
    deliver(fixture, good, refused_kr);
    let out = fixture.path("sidst");
    let ran = fixture.run(&["--out", out.to_str().expect("UTF-8")]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    out.join("receipt.json").to_str().expect("UTF-8").to_owned()
}

fn compared(ran: &Ran) -> Vec<&str> {
    ran.out.lines().filter(|line| line.starts_with("refused: ")).collect()
}

#[test]
fn a_month_is_held_against_the_last_in_lines_and_in_kroner() {
    let fixture = fixture();
    // One line of four refused, 100 kr.
    let receipt = last_month(&fixture, 3, &[100]);
    for (good, refused, code, lines, kroner) in [
        (6, &[60, 40][..], 0, "2 of 8 lines", "100.00"),
        (5, &[50, 50], 3, "2 of 7 lines", "100.00"),
        (9, &[60, 41], 3, "2 of 11 lines", "101.00"),
        (2, &[], 0, "0 of 2 lines", "0.00"),
    ] {
        deliver(&fixture, good, refused);
        let ran = fixture.check_with(&["--previous", &receipt]);
        assert_eq!(ran.code, code, "{}", ran.out);
        // 2/8 = 1/4, 2/7 > 1/4, 2/11 < 1/4.
        let verdict = |worse: bool| if worse { "worse" } else { "not worse" };
        let expected = [
            format!(
                "refused: {lines}; last time, as of 2018-03, 1 of 4 lines: {}",
                verdict(good == 5)
            ),
            format!(
                "refused: DKK {kroner}; last time, as of 2018-03, DKK 100.00: {}",
                verdict(kroner == "101.00")
            ),
        ];
        assert_eq!(compared(&ran), expected);
    }
}

#[test]
fn no_previous_result_is_said_and_written() {
    let fixture = fixture();
    deliver(&fixture, 3, &[100]);
    let ran = fixture.run(&[]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let none = "no previous result; name its receipt with --previous";
    assert_eq!(
        compared(&ran),
        [format!("refused: 1 of 4 lines: {none}"), format!("refused: DKK 100.00: {none}")]
    );
    let report = fixture.report();
    let receipt: serde_json::Value = serde_json::from_slice(&report["receipt.json"]).expect("JSON");
    let limits = &receipt["limits"];
    assert_eq!(limits["not_worse_lines"], "no_previous");
    assert_eq!(limits["not_worse_amount"], "no_previous");
    assert!(limits["previous"].is_null());
    let page = String::from_utf8_lossy(&report["da/datakvalitet.html"]).into_owned();
    assert_eq!(page.matches("Intet tidligere resultat at måle mod").count(), 2);
}

#[test]
fn the_previous_result_is_an_input_that_is_written_down() {
    let fixture = fixture();
    let receipt = last_month(&fixture, 3, &[100]);
    deliver(&fixture, 3, &[101]);
    let ran = fixture.run(&["--previous", &receipt, "--jobs", "1"]);
    assert_eq!(ran.code, 3);
    let once = fixture.report();
    fixture.run(&["--previous", &receipt, "--jobs", "2"]);
    assert_eq!(once, fixture.report());
    let written: serde_json::Value = serde_json::from_slice(&once["receipt.json"]).expect("JSON");
    let limits = &written["limits"];
    assert_eq!(limits["not_worse_lines"], "not_worse");
    assert_eq!(limits["not_worse_amount"], "worse");
    assert_eq!(limits["previous"]["refused_absolute_oere"], 10_000);
    assert_eq!(limits["exceeded"], true);
    let page = String::from_utf8_lossy(&once["da/datakvalitet.html"]).into_owned();
    assert!(page.contains("Værre end sidst") && page.contains("Ikke værre end sidst"));
}

#[test]
fn what_is_no_receipt_of_the_pipeline_breaks_the_run() {
    let fixture = fixture();
    let receipt = last_month(&fixture, 3, &[]);
    let other = std::fs::read_to_string(&receipt).expect("a receipt");
    let other = other.replace("\"id\": \"pipeline\"", "\"id\": \"another\"");
    fixture.lay("andet.json", other).lay("tekst.json", "hej").lay("tom.json", "[]");
    for (name, said) in [
        ("andet.json", "of another pipeline"),
        ("tekst.json", "no receipt of gevinst"),
        ("tom.json", "no receipt of gevinst"),
        ("mangler.json", "cannot read"),
    ] {
        let ran = fixture.check_with(&["--previous", fixture.path(name).to_str().expect("UTF-8")]);
        assert_eq!(ran.code, 1, "{name}");
        assert!(ran.err.contains(said) && ran.err.contains("help: "), "{}", ran.err);
        assert!(ran.err.contains(&format!("{name}`")), "it names the file: {}", ran.err);
    }
}

#[test]
fn a_word_that_is_no_measure_is_a_problem() {
    let fixture = RunFixture::new().own_pipeline();
    fixture.change("pipeline.toml", "refused_deliveries = 9", "not_worse = [\"linjer\"]");
    deliver(&fixture, 1, &[]);
    let ran = fixture.check();
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("`limits.not_worse` has `linjer`"), "{}", ran.err);
}
