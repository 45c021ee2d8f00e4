//! Deliveries add up once: whose a file is, what a resend replaces, and that the same is not
//! counted twice.

use crate::fixture::{Ran, RunFixture, TABLES};
use crate::kit::{gzip, zip};
use proptest::prelude::*;

/// Any authority and any service, in current prices.
const PIPELINE: &str = "languages = [\"en\", \"da\"]\n[name]\nda = \"P\"\nen = \"P\"\n\
         [period]\nfirst = \"2018-01\"\nlast = \"2020-12\"\n\
         [currency]\ncode = \"DKK\"\nunit.da = \"kr.\"\nunit.en = \"kr.\"\n\
         [deliveries]\nfolder = \"d\"\nsynthetic = true\n\
         [authorities]\nopen = true\n[services]\nopen = true\n\
         [services.defaults]\ninitiative = \"i1\"\ncost_type = \"general\"\n\
         [prices]\nbasis = \"current\"\nsource = \"none\"\n\
         [limits]\nrefused_deliveries = 0\n";

/// A contract for lines of authority, month and amount: `files` stands under `[files]`, `more`
/// behind the columns.
pub(crate) fn contract(files: &str, more: &str) -> String {
    format!(
        "title.da = \"F\"\ntitle.en = \"S\"\n[files]\n{files}\n\
         [dialect]\ndelimiter = [\";\"]\n[schema]\n\
         [[schema.fields]]\nname = \"who\"\ntype = \"string\"\nrole = \"authority\"\n\
         constraints.required = true\n\
         [[schema.fields]]\nname = \"month\"\ntype = \"yearmonth\"\nformat = [\"%Y-%m\"]\n\
         role = \"period\"\nconstraints.required = true\n\
         [[schema.fields]]\nname = \"kr\"\ntype = \"number\"\ndecimalChar = \",\"\n\
         role = \"amount\"\nconstraints.required = true\n{more}"
    )
}

/// A fixture with these contracts.
pub(crate) fn fixture(contracts: &[(&str, &str)]) -> RunFixture {
    let named: Vec<(String, &str)> =
        contracts.iter().map(|(id, text)| (format!("contracts/{id}.toml"), *text)).collect();
    let files: Vec<(&str, &str)> = std::iter::once(("pipeline.toml", PIPELINE))
        .chain(TABLES)
        .chain(named.iter().map(|(name, text)| (name.as_str(), *text)))
        .collect();
    RunFixture::new().with_pipeline(&files)
}

/// A delivery of lines `who;month;kr`.
pub(crate) fn lines(rows: &[&str]) -> String {
    format!("who;month;kr\n{}\n", rows.join("\n"))
}

/// The balance in kroner, as `check` says it.
fn kroner(ran: &Ran) -> &str {
    let line = ran.out.lines().find_map(|line| line.strip_prefix("DKK: ")).unwrap_or_default();
    line.split(';').next().expect("a part")
}

fn any(supersede: &str) -> RunFixture {
    let files =
        format!("names = [\"{{any}}.csv\", \"{{any}}.csv.gz\"]\nsupersede = \"{supersede}\"");
    fixture(&[("f", &contract(&files, ""))])
}

#[test]
fn a_file_is_its_name_and_replaces_no_other() {
    let files = "names = [\"payments-2019-10.csv\", \"cards-2019-10.csv\", \"cards-2019-10.v{version}.csv\"]\n\
                 supersede = \"file\"";
    let fixture = fixture(&[("f", &contract(files, ""))]);
    fixture.deliver("payments-2019-10.csv", lines(&["A;2019-10;1000000,00"]));
    fixture.deliver("cards-2019-10.csv", lines(&["A;2019-10;5,00"]));
    let ran = fixture.check();
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert_eq!(
        kroner(&ran),
        "1000005.00 read = 1000005.00 posted + 0.00 superseded + 0.00 refused"
    );
    fixture.deliver("cards-2019-10.v2.csv", lines(&["A;2019-10;7,00"]));
    let ran = fixture.check();
    assert_eq!(
        kroner(&ran),
        "1000012.00 read = 1000007.00 posted + 5.00 superseded + 0.00 refused"
    );
    assert!(
        ran.out.contains(
            "cards-2019-10.csv: N001: the whole file is replaced by `cards-2019-10.v2.csv`"
        ),
        "{}",
        ran.out
    );
}

#[test]
fn a_file_of_two_contracts_is_a_problem_before_anything_is_read() {
    let (income, spending) =
        (contract("names = [\"{any}.csv\"]", ""), contract("names = [\"x.csv\"]", ""));
    for ids in [["a", "b"], ["b", "a"]] {
        let fixture = fixture(&[(ids[0], &income), (ids[1], &spending)]);
        fixture.deliver("x.csv", lines(&["A;2019-10;1,00"]));
        let ran = fixture.check();
        assert_eq!(ran.code, 1, "{}", ran.out);
        assert!(ran.err.contains("`x.csv` is claimed by the contracts `a` and `b`"), "{}", ran.err);
        assert!(ran.err.contains("contracts/b.toml:4:10: "), "{}", ran.err);
        assert!(ran.err.contains("help: narrow `names`"), "{}", ran.err);
        assert_eq!(ran.out, "");
    }
}

#[test]
fn a_name_that_is_read_in_two_ways_is_a_problem() {
    for (names, name, said) in [
        (
            "\"{authority}-{any}.csv\", \"{any}-{authority}.csv\"",
            "0101-0751.csv",
            "authority `0101`, version `-`; and authority `0751`, version `-`",
        ),
        (
            "\"s-{version}-{any}.csv\", \"s-{any}-{version}.csv\"",
            "s-1-2.csv",
            "authority `-`, version `1`; and authority `-`, version `2`",
        ),
    ] {
        let fixture = fixture(&[("f", &contract(&format!("names = [{names}]"), ""))]);
        fixture.deliver(name, lines(&["0101;2019-10;1,00"]));
        let ran = fixture.check();
        assert_eq!(ran.code, 1, "{name}: {}", ran.out);
        assert!(ran.err.contains(said), "{}", ran.err);
    }
    let senders =
        "[[senders]]\nnames = [\"a-{any}.csv\"]\n[[senders]]\nnames = [\"{any}-b.csv\"]\n";
    let fixture = fixture(&[("f", &contract("names = [\"{any}.csv\"]", senders))]);
    fixture.deliver("a-b.csv", lines(&["A;2019-10;1,00"]));
    let ran = fixture.check();
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.err.contains("`a-b.csv` is claimed by 2 `[[senders]]`"), "{}", ran.err);
}

#[test]
fn a_star_is_no_placeholder() {
    let fixture = fixture(&[("f", &contract("names = [\"spend-*.csv\"]", ""))]);
    fixture.deliver("spend-1.csv", lines(&["A;2019-10;1,00"]));
    let ran = fixture.check();
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.err.contains("`*` is no part of a file name"), "{}", ran.err);
    assert!(ran.err.contains("{any} is what `*` is elsewhere"), "{}", ran.err);
}

#[test]
fn a_resend_counts_whatever_its_mark() {
    let files = "names = [\"{authority}-{any}.csv\", \"{authority}-{any}.v{version}.csv\"]\n\
                 supersede = \"period\"";
    for name in [
        "0101-2019 (2).csv",
        "0101-2019-v2.csv",
        "0101-2019.V2.csv",
        "0101-2019.v2.csv",
        "0101-2019_rettet.csv",
        "0101-2019 rettet.csv",
        "0101-2019-ny.csv",
        "0101-2019_final.csv",
    ] {
        let fixture = fixture(&[("f", &contract(files, ""))]);
        fixture.deliver("0101-2019.csv", lines(&["0101;2019-03;100,00"]));
        fixture.deliver(name, lines(&["0101;2019-03;90,00"]));
        let ran = fixture.check();
        assert_eq!(ran.code, 0, "{name}: {}", ran.out);
        let right = "190.00 read = 90.00 posted + 100.00 superseded + 0.00 refused";
        assert_eq!(kroner(&ran), right, "{name}");
        let said = format!("0101-2019.csv: N001: the whole file is replaced by `{name}`: 1 lines");
        assert!(ran.out.contains(&said), "{}", ran.out);
    }
}

#[test]
fn two_files_no_name_puts_in_order_are_refused_with_both_names() {
    for (supersede, one, other) in [
        ("period", "0101-2019.csv", "0101-2019 - Kopi.csv"),
        ("file", "0101-2019-rettet.csv", "0101-2019-v2.csv"),
        ("period", "0101-2019.csv", "0101-2019.csv.gz"),
        ("file", "0101-2019.csv", "0101-2019-v1.csv"),
    ] {
        let fixture = any(supersede);
        for (name, kr) in [(one, "100,00"), (other, "90,00")] {
            let text = lines(&[&format!("0101;2019-03;{kr}")]);
            if name.contains(".gz") {
                fixture.deliver(name, gzip(&text));
            } else {
                fixture.deliver(name, text);
            }
        }
        fixture.deliver("0102-2019.csv", lines(&["0102;2019-03;7,00"]));
        let ran = fixture.check();
        assert_eq!(ran.code, 3, "{one} and {other}: {}", ran.out);
        let right = "197.00 read = 7.00 posted + 0.00 superseded + 190.00 refused";
        assert_eq!(kroner(&ran), right, "{one} and {other}: {}", ran.out);
        for (name, than) in [(one, other), (other, one)] {
            let said = format!("{name}:1: Q016: the file says something of the same as `{than}`");
            assert!(ran.out.contains(&said), "{}", ran.out);
        }
    }
}

#[test]
fn an_authority_at_the_end_of_a_name_is_without_the_mark() {
    let files = "names = [\"{authority}.csv\"]";
    let text = contract(files, "").replace("role = \"authority\"\n", "");
    let fixture = fixture(&[("f", &text)]);
    fixture.deliver("0101.csv", lines(&["x;2019-03;100,00"]));
    fixture.deliver("0101-v2.csv", lines(&["x;2019-03;90,00"]));
    let ran = fixture.check();
    assert_eq!(kroner(&ran), "190.00 read = 90.00 posted + 100.00 superseded + 0.00 refused");
}

#[test]
fn contracts_of_one_kind_replace_each_other() {
    let old = contract("names = [\"spend-{any}-v1.csv\"]\nkind = \"spend\"", "");
    let new = contract("names = [\"spend-{any}-v2.csv\"]\nkind = \"spend\"", "")
        .replace("\"kr\"", "\"net kr\"");
    let layout = |text: &str| text.replace(";kr", ";net kr");
    let deliver = |fixture: &RunFixture| {
        fixture.deliver("spend-2019-10-v1.csv", lines(&["A;2019-10;100,00"]));
        fixture.deliver("spend-2019-10-v2.csv", layout(&lines(&["A;2019-10;101,00"])));
    };
    // Which contract comes first by name is of no matter.
    for ids in [["a", "b"], ["b", "a"]] {
        let fixture = fixture(&[(ids[0], &old), (ids[1], &new)]);
        deliver(&fixture);
        let ran = fixture.check();
        let right = "201.00 read = 101.00 posted + 100.00 superseded + 0.00 refused";
        assert_eq!(kroner(&ran), right, "{}", ran.out);
    }
    let apart = [&old, &new].map(|text| text.replace("kind = \"spend\"", ""));
    let fixture = fixture(&[("a", &apart[0]), ("b", &apart[1])]);
    deliver(&fixture);
    let ran = fixture.check();
    assert_eq!(kroner(&ran), "201.00 read = 201.00 posted + 0.00 superseded + 0.00 refused");
    assert!(
        ran.out.contains("spend-2019-10-v2.csv: N005: the file has `amount` of the same authority"),
        "{}",
        ran.out
    );
}

#[test]
fn contracts_of_one_kind_agree_on_what_is_replaced() {
    let file = contract("names = [\"a.csv\"]\nkind = \"spend\"\nsupersede = \"file\"", "");
    let period = contract("names = [\"b.csv\"]\nkind = \"spend\"", "");
    let fixture = fixture(&[("a", &file), ("b", &period)]);
    fixture.deliver("a.csv", lines(&["A;2019-10;1,00"]));
    let ran = fixture.check();
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.err.contains("the contracts `a` and `b` are of the kind `spend`"), "{}", ran.err);
}

#[test]
fn the_same_bytes_count_once_whatever_their_names() {
    let own = lines(&["A;2019-10;100,00", "A;2019-10;x"]);
    for supersede in ["period", "file", "never"] {
        let files = format!(
            "names = [\"{{any}}.csv\", \"{{any}}.csv.gz\", \"{{any}}/{{any}}.csv\"]\nsupersede = \"{supersede}\""
        );
        for (name, bytes) in [
            ("a - Kopi.csv", own.clone().into_bytes()),
            ("b.csv", own.clone().into_bytes()),
            ("b.csv.gz", gzip(&own)),
            ("b.zip", zip(&[("a.csv", &own)])),
            ("old/a.csv", own.clone().into_bytes()),
            ("not claimed.txt", own.clone().into_bytes()),
        ] {
            let fixture = fixture(&[("f", &contract(&files, ""))]);
            fixture.deliver("a.csv", &own).deliver(name, bytes);
            let ran = fixture.check();
            let right = "100.00 read = 100.00 posted + 0.00 superseded + 0.00 refused";
            assert_eq!(kroner(&ran), right, "{name}, {supersede}: {}", ran.out);
            assert!(
                ran.out.contains("lines: 2 read = 1 posted + 0 superseded + 1 refused"),
                "{name}"
            );
            assert!(
                ran.out.contains("N003: the file is byte for byte the same as `"),
                "{}",
                ran.out
            );
            assert_eq!(ran.out.matches("Q007").count(), 0, "{}", ran.out);
        }
    }
}

#[test]
fn the_same_bytes_of_two_authorities_are_two_deliveries() {
    let text = contract("names = [\"{authority}.csv\"]", "").replace("role = \"authority\"\n", "");
    let fixture = fixture(&[("f", &text)]);
    for name in ["0101.csv", "0102.csv"] {
        fixture.deliver(name, lines(&["x;2019-03;1,00"]));
    }
    let ran = fixture.check();
    assert_eq!(kroner(&ran), "2.00 read = 2.00 posted + 0.00 superseded + 0.00 refused");
}

#[test]
fn data_above_a_header_that_is_looked_for_are_refused() {
    for header in ["findHeader = 5", "headerRows = [4]"] {
        let text = contract("names = [\"{any}.csv\"]", "")
            .replace("[dialect]\n", &format!("[dialect]\n{header}\n"));
        let fixture = fixture(&[("f", &text)]);
        fixture.deliver(
            "x.csv",
            "Report of 2019;;\nA;2019-03;100,00\n\nwho;month;kr\nA;2019-03;2,00\n",
        );
        let ran = fixture.check();
        assert!(ran.out.contains("x.csv:2: Q205: the line stands above the header"), "{}", ran.out);
        assert!(ran.out.contains("which is line 4"), "{}", ran.out);
        assert_eq!(kroner(&ran), "102.00 read = 2.00 posted + 0.00 superseded + 100.00 refused");
        assert_eq!(ran.code, 3);
        // The line is in the pack, to be mended.
        fixture.check_with_packs();
        let packs = fixture.packs();
        let pack = String::from_utf8_lossy(&packs["A.csv"]).into_owned();
        assert!(pack.contains(";Q205;"), "{pack}");
    }
}

#[test]
fn a_folder_of_other_files_leaves_the_good_report() {
    let fixture = any("period");
    fixture.deliver("a.csv", lines(&["A;2019-10;1,00"]));
    assert_eq!(fixture.run(&[]).code, 0);
    let before = fixture.report();
    fixture.lay("other/readme.txt", "hello\n").lay("other/x.pdf", "%PDF");
    let other = fixture.path("other");
    let mut run = fixture.command("run", &other);
    let ran = crate::fixture::ran(
        &run.arg("--out").arg(fixture.path("report")).output().expect("it starts"),
    );
    assert_eq!(ran.code, 1, "{}", ran.out);
    assert!(ran.err.contains("no contract claims any of the 2 files delivered"), "{}", ran.err);
    assert!(
        ran.err.contains("the first is `readme.txt`") && ran.err.contains("help: "),
        "{}",
        ran.err
    );
    assert_eq!(fixture.report(), before);
}

#[test]
fn looking_back_from_outside_the_programme_is_wrong_usage() {
    let fixture = any("period");
    fixture.deliver("a.csv", lines(&["A;2019-10;1,00"]));
    for (month, side) in [("2017-12", "before"), ("2021-01", "after")] {
        for ran in [fixture.run(&["--as-of", month]), fixture.check_with(&["--as-of", month])] {
            assert_eq!(ran.code, 2, "{}", ran.out);
            let said = format!("--as-of {month} lies {side} the programme, 2018-01..2020-12");
            assert!(ran.err.contains(&said), "{}", ran.err);
        }
        assert!(fixture.report().is_empty());
    }
    assert_eq!(fixture.check_with(&["--as-of", "2020-12"]).code, 0);
}

#[test]
fn a_bound_beyond_what_a_line_may_carry_is_a_problem() {
    for (bound, code) in [("1000000000001", 1), ("-1000000000001", 1), ("1000000000000", 0)] {
        let text = contract("names = [\"{any}.csv\"]", "").replace(
            "role = \"amount\"\n",
            &format!("role = \"amount\"\nconstraints.maximum = {bound}\n"),
        );
        let fixture = fixture(&[("f", &text)]);
        fixture.deliver("a.csv", lines(&["A;2019-10;1,00"]));
        let ran = fixture.check();
        assert_eq!(ran.code, code, "{bound}: {}{}", ran.out, ran.err);
        let said = format!("`{bound}` is beyond what one line may carry, 1000000000000");
        assert_eq!(ran.err.contains(&said), code == 1, "{}", ran.err);
    }
}

#[test]
fn the_lock_file_of_a_spreadsheet_is_no_delivery() {
    let files = "names = [\"{any}.csv\", \"{any}.xlsx\", \"{any}.zip/{any}.csv\"]";
    let fixture = fixture(&[("f", &contract(files, ""))]);
    let own = lines(&["A;2019-10;1,00"]);
    fixture.deliver("a.csv", &own).deliver("~$a.xlsx", "\u{5}Name");
    fixture
        .deliver("b.zip", zip(&[("b.csv", lines(&["A;2019-11;2,00"]).as_str()), ("~$b.csv", "x")]));
    let ran = fixture.check();
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(ran.out.contains("deliveries: 2\n"), "{}", ran.out);
}

/// What was posted, as CSV.
fn facts(fixture: &RunFixture) -> String {
    let file = fixture.path("facts.csv");
    let ran = fixture.check_with(&["--facts", file.to_str().expect("a path in UTF-8")]);
    assert!(ran.code == 0 || ran.code == 3, "{}{}", ran.out, ran.err);
    let text = std::fs::read_to_string(file).expect("facts");
    let figures = |line: &str| line.starts_with("posted,").then(|| line.to_owned());
    // The delivery aside: of equal files any may be the one that counts.
    let aside = |line: String| {
        let cells: Vec<&str> = line.split(',').collect();
        [&cells[..1], &cells[2..]].concat().join(",")
    };
    text.lines().filter_map(figures).map(aside).collect::<Vec<_>>().join("\n")
}

/// Deliveries of some authorities and months, some sent again with a mark.
fn deliveries() -> impl Strategy<Value = Vec<(String, String)>> {
    let row = ("[AB]", 1_u8..=12, 0_u32..1_000);
    let own = prop::collection::vec(row, 1..5).prop_map(|rows| {
        let rows: Vec<String> =
            rows.iter().map(|(who, month, kr)| format!("{who};2019-{month:02};{kr},00")).collect();
        lines(&rows.iter().map(String::as_str).collect::<Vec<_>>())
    });
    let name = prop::sample::select(vec!["x", "x-v2", "x rettet", "y", "y (2)", "z_ny", "z"]);
    prop::collection::btree_map(name, own, 1..5).prop_map(|files| {
        files.into_iter().map(|(name, text)| (format!("{name}.csv"), text)).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// No figure is another for what a contract is called, for a copy of a delivery, or for the
    /// order files are laid down in.
    #[test]
    fn names_of_contracts_copies_and_order_change_no_figure(
        files in deliveries(),
        copied in 0_usize..5,
        mark in prop::sample::select(vec![" - Kopi", " (3)", " (1)", "-kopi"]),
        supersede in prop::sample::select(vec!["period", "file", "never"]),
    ) {
        let narrow = |names: &str| contract(&format!("names = [{names}]\nsupersede = \"{supersede}\""), "");
        let (one, other) = (narrow("\"x{any}.csv\", \"x.csv\", \"copies/{any}.csv\""),
                            narrow("\"y{any}.csv\", \"y.csv\", \"z{any}.csv\", \"z.csv\""));
        let [first, renamed] = [["a", "b"], ["z", "c"]].map(|ids| {
            fixture(&[(ids[0], one.as_str()), (ids[1], other.as_str())])
        });
        for ((name, text), (other, own)) in files.iter().zip(files.iter().rev()) {
            first.deliver(name, text);
            renamed.deliver(other, own);
        }
        let figures = facts(&first);
        prop_assert_eq!(&figures, &facts(&renamed));
        let (name, text) = &files[copied % files.len()];
        let (stem, _) = name.split_once(".csv").expect("a name");
        renamed.deliver(&format!("{stem}{mark}.csv"), text);
        prop_assert_eq!(figures, facts(&renamed));
    }
}

#[test]
fn an_old_copy_does_not_bring_an_old_month_back() {
    // Of the same bytes, ` (3)` is no resend: what came after the first still counts.
    for copy in ["x (3).csv", "x - Kopi.csv", "Kopi af x.csv"] {
        let fixture = any("period");
        fixture.deliver("x.csv", lines(&["A;2019-10;100,00"]));
        fixture.deliver("x-rettet.csv", lines(&["A;2019-10;90,00"]));
        fixture.deliver(copy, lines(&["A;2019-10;100,00"]));
        let ran = fixture.check();
        let right = "190.00 read = 90.00 posted + 100.00 superseded + 0.00 refused";
        assert_eq!(kroner(&ran), right, "{copy}: {}", ran.out);
    }
    // A version says that it is meant.
    let fixture = any("period");
    fixture.deliver("x.csv", lines(&["A;2019-10;100,00"]));
    fixture.deliver("x-v2.csv", lines(&["A;2019-10;90,00"]));
    fixture.deliver("x-v3.csv", lines(&["A;2019-10;100,00"]));
    let ran = fixture.check();
    assert_eq!(kroner(&ran), "190.00 read = 100.00 posted + 90.00 superseded + 0.00 refused");
}

#[test]
fn no_name_a_sender_may_choose_ends_the_run() {
    let files = "names = [\"{authority}.csv\", \"{authority}.v{version}.csv\", \
                 \"b/{any}.csv\", \"b/{any}-v{version}.csv\"]";
    let fixture = fixture(&[("f", &contract(files, ""))]);
    fixture.deliver("0101.csv", lines(&["0101;2019-03;1,00"]));
    for name in ["9999.v2.csv", "0101.v2.v3.csv", "b/x-v2-v3.csv", "b/x-v1.csv", "b/-v7.csv"] {
        fixture.deliver(name, lines(&["0101;2019-04;1,00"]));
        let ran = fixture.check();
        assert!(ran.code == 0 || ran.code == 3, "{name}: {}", ran.err);
    }
}

#[test]
fn equal_files_of_control_totals_are_no_copies() {
    let control =
        "[[control]]\nfile = \"k/{any}.csv\"\nheadings = [\"file\", \"lines\", \"sum\"]\n";
    let fixture = fixture(&[("f", &contract("names = [\"{any}.csv\"]", control))]);
    fixture.deliver("a.csv", lines(&["A;2019-10;1,00"]));
    for name in ["k/1.csv", "k/2.csv"] {
        fixture.deliver(name, "file;lines;sum\na.csv;1;1,00\nb.csv;x;1,00\n");
    }
    let ran = fixture.check();
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    assert_eq!(ran.out.matches("N003").count(), 0, "{}", ran.out);
}
