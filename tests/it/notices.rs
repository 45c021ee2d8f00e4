//! Notices: what counts and should be known, where it is said and how a pipeline limits it.

use crate::fixture::RunFixture;
use crate::once::{contract, fixture, lines};

fn any(more: &str) -> RunFixture {
    fixture(&[("f", &contract(&format!("names = [\"{{any}}.csv\"]\n{more}"), ""))])
}

#[test]
fn a_month_replaced_in_part_is_said_with_its_sum() {
    let fixture = any("");
    fixture.deliver("period-07.csv", lines(&["A;2019-09;1,00", "A;2019-10;12597034,43"]));
    fixture.deliver("period-08.csv", lines(&["A;2019-10;2,00", "A;2019-11;3,00"]));
    let ran = fixture.check();
    assert_eq!(ran.code, 0, "{}", ran.out);
    let said = "period-07.csv: N002: some of the file is replaced by `period-08.csv`: 1 lines, \
                12,597,034.43\u{a0}kr., in 2019-10; the rest is counted\n  help: ";
    assert!(ran.out.contains(said), "{}", ran.out);
    assert!(ran.out.contains("notices N002: 1\n"), "{}", ran.out);
}

#[test]
fn what_is_replaced_and_noticed_may_be_limited() {
    for (limit, code, said) in [
        ("superseded_kr = 100", 0, None),
        ("superseded_kr = 99", 3, Some("more is superseded than")),
        ("[limits.notices]\nN001 = 1", 0, None),
        ("[limits.notices]\nN001 = 0", 3, Some("more is noticed (N001) than")),
    ] {
        let fixture = any("");
        fixture.change("pipeline.toml", "refused_deliveries = 0\n", &format!("{limit}\n"));
        fixture.deliver("a.csv", lines(&["A;2019-10;100,00"]));
        fixture.deliver("a-v2.csv", lines(&["A;2019-10;90,00"]));
        let ran = fixture.run(&[]);
        assert_eq!(ran.code, code, "{limit}: {}{}", ran.out, ran.err);
        if let Some(said) = said {
            assert!(ran.out.contains(said), "{}", ran.out);
        }
        let page = String::from_utf8_lossy(&fixture.report()["en/datakvalitet.html"]).into_owned();
        assert_eq!(page.contains("Notices with the code N001"), limit.contains("N001"));
    }
    for limit in ["[limits.notices]\nN099 = 0", "[limits.notices]\nN001 = -1"] {
        let fixture = any("");
        fixture.change("pipeline.toml", "refused_deliveries = 0\n", &format!("{limit}\n"));
        fixture.deliver("a.csv", lines(&["A;2019-10;1,00"]));
        assert_eq!(fixture.check().code, 1, "{limit}");
    }
}

#[test]
fn a_notice_is_in_the_receipt_and_on_the_page_in_both_languages() {
    let fixture = any("");
    fixture.deliver("a.csv", lines(&["A;2019-10;100,00"]));
    fixture.deliver("a-v2.csv", lines(&["A;2019-10;90,00"]));
    fixture.run(&[]);
    let report = fixture.report();
    let receipt: serde_json::Value = serde_json::from_slice(&report["receipt.json"]).expect("JSON");
    assert_eq!(
        receipt["notices"],
        serde_json::json!([{
            "code": "N001", "delivery": "a.csv", "lines": 1, "oere": 10_000,
            "details": { "found": "a-v2.csv" },
        }])
    );
    for (language, title, said) in [
        ("da", "Erstattet helt", "hele filen er erstattet af `a-v2.csv`"),
        ("en", "Replaced whole", "the whole file is replaced by `a-v2.csv`"),
    ] {
        let page = &report[&format!("{language}/datakvalitet.html")];
        let page = String::from_utf8_lossy(page).into_owned();
        assert!(page.contains("N001") && page.contains(title) && page.contains(said), "{page}");
    }
}

#[test]
fn what_rounding_adds_is_said_to_the_last_decimal() {
    let text = contract("names = [\"{any}.csv\"]", "").replace(
        "decimalChar = \",\"\n",
        "decimalChar = \",\"\ndecimals = 4\nrounding = \"half-away\"\n",
    );
    let fixture = fixture(&[("f", &text)]);
    let rows = ["A;2019-10;0,005"; 8];
    fixture
        .deliver("a.csv", lines(&[&rows[..], &["A;2019-10;-1,0012", "A;2019-10;2,50"]].concat()));
    let ran = fixture.check();
    // 8 x 0.005 to 0.01 adds 0.04; -1.0012 to -1.00 adds 0.0012.
    let said = "a.csv: N006: 9 numbers are rounded, as the contract says; that adds 0.0412 to the sum of amounts";
    assert!(ran.out.contains(said), "{}", ran.out);
}

#[test]
fn a_last_line_without_its_end_is_said_unless_it_is_the_senders_way() {
    let open = |kr: &str| format!("who;month;kr\nA;2019-09;1,00\nA;2019-10;{kr}");
    let fixture = any("supersede = \"file\"");
    fixture.deliver("a.csv", open("29692"));
    let ran = fixture.check();
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("a.csv: N007: the last line ends without a line end"), "{}", ran.out);
    fixture.deliver("b.csv", lines(&["A;2019-11;1,00"]));
    assert_eq!(fixture.check().out.matches(": N007: ").count(), 1);
    fixture.deliver("b.csv", open("1"));
    let ran = fixture.check();
    assert_eq!(ran.out.matches("N007").count(), 0, "every file of the sender's: {}", ran.out);
}

#[test]
fn dates_far_from_the_others_are_said() {
    let fixture = any("");
    let rows: Vec<String> = (1..=12).map(|month| format!("A;2020-{month:02};1,00")).collect();
    let mut rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    fixture.deliver("a.csv", lines(&rows));
    assert_eq!(fixture.check().out.matches("N008").count(), 0);
    rows.push("A;2018-12;500,00");
    fixture.deliver("a.csv", lines(&rows));
    let ran = fixture.check();
    let said = "a.csv: N008: 1 lines are in 2018-12, far from the others in \
                2020-01..2020-12: 500.00";
    assert!(ran.out.contains(said), "{}", ran.out);
}

#[test]
fn a_sum_moved_by_a_power_of_ten_is_said() {
    for (kr, factor) in
        [("110000,00", Some("100")), ("1,05", Some("1/1000")), ("2500,00", None), ("0,00", None)]
    {
        let fixture = any("");
        let last = format!("A;2019-05;{kr}");
        fixture.deliver(
            "a.csv",
            lines(&[
                "A;2019-01;900,00",
                "A;2019-02;1000,00",
                "A;2019-03;1100,00",
                "A;2019-04;1000,00",
                &last,
            ]),
        );
        let ran = fixture.check();
        assert_eq!(
            ran.out.matches(": N009: ").count(),
            usize::from(factor.is_some()),
            "{}",
            ran.out
        );
        if let Some(factor) = factor {
            let said = format!("about {factor} times the usual, which is 1,000.00");
            assert!(
                ran.out.contains("a.csv: N009: the sum of May 2019 is ") && ran.out.contains(&said),
                "{}",
                ran.out
            );
        }
    }
}

#[test]
fn one_name_written_in_two_ways_is_said() {
    let fixture = any("");
    fixture.deliver(
        "a.csv",
        lines(&[
            "Aarhus Kommune;2019-10;1,00",
            "Aarhus Kommune;2019-11;1,00",
            "AARHUS  kommune;2019-10;5,00",
            "Vejle;2019-10;1,00",
        ]),
    );
    let ran = fixture.check();
    let said = "a.csv: N010: `AARHUS  kommune` is the same name as `Aarhus Kommune`, written in \
                another way, and they count as two: 1 lines, 5.00";
    assert!(ran.out.contains(said), "{}", ran.out);
    assert_eq!(ran.out.matches(": N010: ").count(), 1);
}

#[test]
fn bytes_read_under_two_contracts_are_said() {
    let fixture = fixture(&[
        ("a", &contract("names = [\"a-{any}.csv\"]", "")),
        ("b", &contract("names = [\"b-{any}.csv\"]", "")),
    ]);
    fixture
        .deliver("a-1.csv", lines(&["A;2019-10;1,00"]))
        .deliver("b-1.csv", lines(&["A;2019-10;1,00"]));
    let ran = fixture.check();
    assert!(
        ran.out.contains("b-1.csv: N004: the file is byte for byte the same as `a-1.csv`"),
        "{}",
        ran.out
    );
}

#[test]
fn a_sum_moved_since_the_run_before_is_said() {
    let fixture = any("");
    fixture.deliver("a.csv", lines(&["A;2019-10;1000,00"]));
    fixture.deliver("b.csv", lines(&["B;2019-10;1000,00"]));
    let out = fixture.path("last");
    assert_eq!(fixture.run(&["--out", out.to_str().expect("UTF-8")]).code, 0);
    fixture.deliver("a.csv", lines(&["A;2019-10;1000000,00"]));
    fixture.deliver("b.csv", lines(&["B;2019-10;4000,00"]));
    let receipt = out.join("receipt.json");
    let ran = fixture.check_with(&["--previous", receipt.to_str().expect("UTF-8")]);
    let said = "a.csv: N011: the sum is 1,000,000.00\u{a0}kr. on 1 lines, about 1000 times the one \
                the file had in the run before, 1,000.00\u{a0}kr.";
    assert!(ran.out.contains(said), "{}", ran.out);
    assert_eq!(ran.out.matches(": N011: ").count(), 1, "{}", ran.out);
    assert_eq!(fixture.check().out.matches("N011").count(), 0);
}

/// The deliveries of a run before, its report in `last`, and the argument that names its receipt.
fn before(fixture: &RunFixture) -> Vec<String> {
    let out = fixture.path("last");
    assert_eq!(fixture.run(&["--out", out.to_str().expect("UTF-8")]).code, 0);
    std::fs::remove_dir_all(fixture.path("deliveries")).expect("a folder");
    let receipt = out.join("receipt.json");
    vec!["--previous".to_owned(), receipt.to_str().expect("UTF-8").to_owned()]
}

fn check_after(fixture: &RunFixture, before: &[String]) -> String {
    let arguments: Vec<&str> = before.iter().map(String::as_str).collect();
    fixture.check_with(&arguments).out
}

#[test]
fn a_resend_is_held_against_the_file_of_the_run_before() {
    let fixture = any("");
    fixture.deliver("a-2019-10.csv", lines(&["A;2019-10;1000,00"]));
    let before = before(&fixture);
    fixture.deliver("a-2019-10-rettet.csv", lines(&["A;2019-10;1000000,00"]));
    let out = check_after(&fixture, &before);
    let said =
        "a-2019-10-rettet.csv: N011: the sum is 1,000,000.00\u{a0}kr. on 1 lines, about 1000 times";
    assert!(out.contains(said), "{out}");
}

#[test]
fn a_new_month_is_held_against_the_senders_own_of_the_run_before() {
    let fixture = any("");
    for (name, kr) in [("a-2019-08", "900"), ("a-2019-09", "1100"), ("b-2019-09", "900000")] {
        let month = &name[2..];
        fixture
            .deliver(&format!("{name}.csv"), lines(&[&format!("{};{month};{kr},00", &name[..1])]));
    }
    let before = before(&fixture);
    fixture.deliver("a-2019-10.csv", lines(&["a;2019-10;1000000,00"]));
    fixture.deliver("b-2019-10.csv", lines(&["b;2019-10;1000000,00"]));
    let out = check_after(&fixture, &before);
    let said = "a-2019-10.csv: N014: the sum is 1,000,000.00\u{a0}kr. on 1 lines, about 1000 times \
                that of `a-2019-09.csv` in the run before, 1,100.00\u{a0}kr.";
    assert!(out.contains(said), "{out}");
    assert_eq!(out.matches(": N014: ").count(), 1, "{out}");
}

#[test]
fn a_resend_that_adds_up_is_said() {
    let fixture = any("supersede = \"never\"");
    fixture.deliver("a.csv", lines(&["A;2019-10;100,00"]));
    fixture.deliver("b.csv", lines(&["A;2019-10;5,00"]));
    assert_eq!(fixture.check().out.matches("N013").count(), 0);
    for resend in ["a-v2.csv", "a (2).csv", "a_rettet.csv"] {
        let path = fixture.path("deliveries").join(resend);
        fixture.deliver(resend, lines(&["A;2019-10;90,00"]));
        let ran = fixture.check();
        let said = format!(
            "{resend}: N013: it is named as a resend of `a.csv` is, and both count: 1 lines, 90.00"
        );
        assert!(ran.out.contains(&said), "{}", ran.out);
        assert_eq!(ran.out.matches(": N013: ").count(), 1, "{}", ran.out);
        std::fs::remove_file(path).expect("a file");
    }
}

#[cfg(unix)]
#[test]
fn a_second_way_to_a_file_is_said() {
    let fixture = any("");
    fixture.deliver("a.csv", lines(&["A;2019-10;100,00"]));
    fixture.deliver("sub/b.csv", lines(&["B;2019-10;7,00"]));
    let at = fixture.path("deliveries");
    std::os::unix::fs::symlink(at.join("a.csv"), at.join("link.csv")).expect("a link");
    std::os::unix::fs::symlink(at.join("sub"), at.join("way")).expect("a link");
    let ran = fixture.check();
    assert!(ran.out.contains("notices N012: 2"), "{}", ran.out);
    let said = "a.csv: N012: `link.csv` leads to the same by another way, and it is read once";
    assert!(ran.out.contains(said), "{}", ran.out);
    assert!(ran.out.contains("sub/b.csv: N012: `way` leads to the same"), "{}", ran.out);
}

#[test]
fn what_rounding_adds_to_a_corrected_line_is_said() {
    let text = contract("names = [\"{any}.csv\"]", "").replace(
        "decimalChar = \",\"\n",
        "decimalChar = \",\"\ndecimals = 4\nrounding = \"half-away\"\n",
    );
    let fixture = fixture(&[("f", &text)]);
    fixture.change("pipeline.toml", "[limits]", "[corrections]\nfrom = \"anyone\"\n[limits]");
    fixture.deliver("a.csv", lines(&["A;2019-10;x", "A;2019-10;1,00"]));
    fixture.check_with_packs();
    let packs = fixture.packs();
    let (name, pack) = packs.iter().find(|(name, _)| name.ends_with("csv")).expect("a pack as CSV");
    let pack = String::from_utf8(pack.clone()).expect("UTF-8");
    assert!(pack.contains(";x"), "{pack}");
    fixture.deliver(&format!("rettelser/{name}"), pack.replace(";x", ";0,005"));
    let ran = fixture.check();
    assert!(ran.out.contains("corrected: a.csv:2"), "{}{}", ran.out, ran.err);
    let said = "a.csv: N006: 1 numbers are rounded, as the contract says; that adds 0.005 to";
    assert!(ran.out.contains(said), "{}", ran.out);
}

#[test]
fn deliveries_no_name_puts_in_order_weigh_what_they_say() {
    let fixture = any("");
    fixture.deliver("x.csv", lines(&["A;2019-10;100,00"]));
    fixture.deliver("x - Kopi.csv", lines(&["A;2019-10;-90,00"]));
    fixture.deliver("y.csv", lines(&["B;2019-10;1,00"]));
    let ran = fixture.run(&[]);
    assert!(ran.out.contains("refused for Q016: 2"), "{}{}", ran.out, ran.err);
    let marks = String::from_utf8(fixture.report()["data/marks.csv"].clone()).expect("UTF-8");
    let mut rows = marks.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let headings = rows.next().expect("a header");
    let at = |name: &str| headings.iter().position(|one| *one == name).expect("a column");
    let total = rows.find(|row| row[0] == "total" && row[1] == "2019").expect("the total of 2019");
    let found = (total[at("unknown_refused_oere")], total[at("unknown_unweighed")]);
    // 100 and 90 kr. at stake; what has no weight is B, who has no baseline.
    assert_eq!(found, ("19000", "1"), "{marks}");
}
