//! What a field declares: forms of numbers, dates and identifiers, and what cannot be declared.

use crate::kit::{self, authorities, contracts, delivery, open_terms, problem, skipped};
use gevinst::testing::collect::Ingested;
use gevinst::testing::contract::Terms;
use gevinst::testing::domain::Measure;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A contract with a place for the keys under test.
const CONTRACT: &str = r#"
title.en = "Forms"
[files]
names = ["{any}.csv"]
[dialect]
encoding = ["utf-8", "windows-1252"]
[schema]
PRIMARY
[[schema.fields]]
name = "who"
type = "string"
role = "authority"
WHO
[[schema.fields]]
name = "when"
type = "date"
role = "period"
WHEN
[[schema.fields]]
name = "amount"
type = "number"
decimalChar = ","
role = "amount"
AMOUNT
[[schema.fields]]
name = "number"
type = "string"
NUMBER
[[schema.foreignKeys]]
fields = "who"
reference = { resource = "authorities", fields = "id" }
KEYS
"#;

/// The contract with keys in the named places; a place not named has nothing, the dates `%Y-%m`.
fn contract(keys: &[(&str, &str)]) -> String {
    let mut text = CONTRACT.to_owned();
    let defaults = [("WHEN", "format = [\"%Y-%m\"]")];
    for (place, keys) in keys.iter().chain(&defaults) {
        text = text.replacen(&format!("\n{place}\n"), &format!("\n{keys}\n"), 1);
    }
    for place in ["PRIMARY", "WHO", "AMOUNT", "NUMBER", "KEYS"] {
        text = text.replacen(&format!("\n{place}\n"), "\n", 1);
    }
    text
}

fn terms() -> Terms {
    let ids = ["0101", "0751", "1084"].map(|id| (id, None));
    Terms { authorities: Some(authorities(ids)), ..open_terms(2010, 2029) }
}

fn read(keys: &[(&str, &str)], lines: &str) -> Ingested {
    let file = format!("who;when;amount;number\n{lines}\n");
    kit::read(&contracts(&contract(keys), terms()), &[delivery("a.csv", file)])
}

/// One cell among good ones: what it is read as, or the code it is refused with.
fn verdict(column: &str, keys: &str, cell: &str) -> String {
    let (who, when, amount, number) = match column {
        "WHO" => (cell, "2019-03", "1,00", ""),
        "WHEN" => ("0101", cell, "1,00", ""),
        "AMOUNT" => ("0101", "2019-03", cell, ""),
        _ => ("0101", "2019-03", "1,00", cell),
    };
    let ingested = read(&[(column, keys)], &format!("{who};{when};{amount};{number}"));
    if let Some(refused) = ingested.quarantine.first() {
        return refused.fault.reason.code().to_owned();
    }
    let fact = ingested.facts.get(0);
    match column {
        "WHO" => fact.key.authority.to_string(),
        "WHEN" => fact.key.period.to_string(),
        "AMOUNT" => fact.measures.get(Measure::Amount).value().unwrap_or_default().to_string(),
        _ => "read".to_owned(),
    }
}

#[test]
fn a_cell_is_read_as_declared_and_refused_undeclared() {
    for (column, keys, cell, expected) in [
        ("AMOUNT", "groupChar = \"\\u00A0\"", "1\u{A0}234,50", "123450"),
        ("AMOUNT", "groupChar = [\" \", \"\\u202F\"]", "1\u{202F}234", "123400"),
        ("AMOUNT", "groupChar = [\" \", \"\\u202F\"]", "1 234", "123400"),
        ("AMOUNT", "groupChar = \"'\"", "1'234", "123400"),
        ("AMOUNT", "", "1 234", "Q101"),
        ("AMOUNT", "zero = [\"-\"]", " -   ", "0"),
        ("AMOUNT", "", " -   ", "Q101"),
        ("AMOUNT", "negative = [\"−1\"]", "\u{2212}1", "-100"),
        ("AMOUNT", "negative = [\"−1\"]", "-1", "Q101"),
        ("AMOUNT", "affix = [\"kr.\"]", "kr. 1,00", "100"),
        ("AMOUNT", "", "kr. 1,00", "Q101"),
        ("AMOUNT", "decimals = 4", "1,5000", "150"),
        ("AMOUNT", "decimals = 4", "1,5001", "Q101"),
        ("AMOUNT", "decimals = 4\nrounding = \"half-away\"", "1,5051", "151"),
        ("AMOUNT", "scale = 1000\ndecimals = 3\naffix = [\"t.kr.\"]", "1,234 t.kr.", "123400"),
        ("WHEN", "format = [\"%b-%y\"]\ncentury = 2000", "maj-19", "2019-05"),
        ("WHEN", "format = [\"%-d-%-m-%Y\"]", "1-2-2019", "2019-02"),
        ("WHEN", "format = [\"%YM%m\", \"%Y%m\", \"%m-%Y\"]", "2019M03", "2019-03"),
        ("WHEN", "format = [\"%YM%m\", \"%Y%m\", \"%m-%Y\"]", "03-2019", "2019-03"),
        ("WHEN", "format = [\"excel\"]", "43525", "2019-03"),
        ("WHEN", "format = [\"%Y-%m\"]", "43525", "Q103"),
        ("WHO", "format = [\"kommunekode\"]\nleadingZeros = 4", "101", "0101"),
        ("WHO", "leadingZeros = 4", "0101", "0101"),
        ("WHO", "leadingZeros = 4", "", "Q102"),
        ("WHO", "", "101", "Q301"),
        ("WHO", "format = [\"kommunekode\"]", "1084", "Q108"),
        ("WHO", "format = [\"regionskode\"]", "1084", "1084"),
        ("NUMBER", "format = [\"cvr\"]", "13748136", "read"),
        ("NUMBER", "format = [\"cvr\"]", "13748137", "Q108"),
        ("NUMBER", "format = [\"cvr\"]", "", "read"),
        ("NUMBER", "format = [\"cvr\"]", "010180-1234", "Q401"),
        ("NUMBER", "format = [\"gln\"]", "5798000016002", "read"),
        ("NUMBER", "format = [\"pnr\"]", "1003388382", "read"),
        ("NUMBER", "format = [\"pnummer\"]", "1003388382", "read"),
        ("NUMBER", "format = [\"pnr\"]", "103388382", "Q108"),
        ("NUMBER", "format = [\"pnr\"]", "100338-8382", "Q401"),
        ("NUMBER", "format = [\"document\"]", "1003388382", "read"),
        ("NUMBER", "format = [\"document\"]", "KF19-001234", "read"),
        ("NUMBER", "format = [\"document\"]", "KF 19", "Q108"),
        ("NUMBER", "format = [\"document\"]", "100338-8382", "Q401"),
        ("NUMBER", "personalData = \"none\"", "100338-8382", "read"),
        ("NUMBER", "", "1003388382", "Q401"),
        ("WHEN", "format = [\"%Y-%m\"]", "010180-1234", "Q401"),
        ("AMOUNT", "", "010180-1234", "Q401"),
        ("AMOUNT", "", "0101801234", "Q401"),
        ("AMOUNT", "", "101801234,00", "10180123400"),
        ("AMOUNT", "personalData = \"none\"", "0101801234", "10180123400"),
    ] {
        assert_eq!(verdict(column, keys, cell), expected, "{column} {keys}: `{cell}`");
    }
}

#[test]
fn a_heading_says_its_scale_where_declared() {
    let scales =
        ("AMOUNT", "scales = { \"Beløb (1.000 kr.)\" = 1000, \"Beløb (kr.)\" = 1 }\nscale = 100");
    let contracts = contracts(&contract(&[scales]), terms());
    for (heading, expected) in
        [("amount", 12_345_000), ("Beløb (1.000 kr.)", 123_450_000), ("Beløb (kr.)", 123_450)]
    {
        let file = format!("who;when;{heading};number\n0101;2019-03;1234,50;\n");
        let ingested = kit::read(&contracts, &[delivery("a.csv", file)]);
        assert_eq!(
            ingested.facts.get(0).measures.get(Measure::Amount).value(),
            Some(expected),
            "{heading}"
        );
    }
    let unknown = "who;when;Beløb (mio. kr.);number\n0101;2019-03;1,00;\n";
    let ingested = kit::read(&contracts, &[delivery("a.csv", unknown)]);
    assert_eq!(ingested.quarantine[0].fault.reason.code(), "Q004");
}

#[test]
fn a_refused_identifier_shows_no_ten_digits() {
    let ingested = read(&[("NUMBER", "format = [\"pnr\"]")], "0101;2019-03;1,00;400180-1234");
    let shown = format!("{:?}", ingested.quarantine);
    assert!(shown.contains("******-****") && !shown.contains("1234"), "{shown}");
}

#[test]
fn a_column_of_no_role_is_held_against_its_register_too() {
    let keys = "[[schema.foreignKeys]]\nfields = \"number\"\n\
                reference = { resource = \"authorities\", fields = \"id\" }";
    let zeros = ("NUMBER", "leadingZeros = 4");
    let lines = "0101;2019-03;1,00;751\n0101;2019-03;1,00;0999\n0101;2019-03;1,00;";
    let ingested = read(&[("KEYS", keys), zeros], lines);
    let refused: Vec<_> = ingested
        .quarantine
        .iter()
        .map(|line| (line.line, line.fault.reason.code(), line.fault.column.as_deref()))
        .collect();
    assert_eq!(refused, [(Some(3), "Q301", Some("number"))]);
}

#[test]
fn zeros_are_put_back_before_keys_are_compared() {
    let keys = [("PRIMARY", "primaryKey = [\"who\"]"), ("WHO", "leadingZeros = 4")];
    let ingested = read(&keys, "0101;2019-03;1,00;\n101;2019-03;1,00;");
    assert_eq!(ingested.quarantine[0].fault.reason.code(), "Q203");
}

#[test]
fn what_cannot_be_declared_is_a_problem_with_its_place() {
    for (column, keys, expected) in [
        (
            "WHEN",
            "format = [\"%d/%m/%Y\", \"%m/%d/%Y\"]",
            "16:23: `%d/%m/%Y` and `%m/%d/%Y` cannot both be declared: 01/02/2001 reads as \
             2001-02 and as 2001-01\n",
        ),
        (
            "WHEN",
            "format = [\"%d%m%y\", \"%Y%m\"]\ncentury = 2000",
            "`%d%m%y` and `%Y%m` cannot both be declared: 200102 reads as 2002-01 and as 2001-02\n",
        ),
        (
            "WHEN",
            "format = [\"%d-%m-%y\", \"%y-%m-%d\"]\ncentury = 2000",
            "cannot both be declared",
        ),
        ("WHEN", "format = [\"%d-%m-%Y\", \"%-d-%-m-%Y\", \"%d.%m.%Y\", \"%Y-%m-%d\"]", "none"),
        ("WHEN", "format = [\"%Y-%m\", \"%Y-%P\", \"%YM%m\", \"excel\", \"%Y%m%d\"]", "none"),
        ("WHEN", "format = [\"%m-%y\"]", "nothing says which century %y is in\n"),
        ("WHEN", "format = [\"%m-%Y\"]\ncentury = 2000", "no form has two-digit years\n"),
        ("WHEN", "format = [\"%m-%y\"]\ncentury = 32700", "a century cannot begin in 32700\n"),
        ("WHEN", "format = [\"%-d%m%Y\"]", "nothing says where %-d or %-m ends\n"),
        ("WHEN", "format = [\"%d-%Y\"]", "the form lacks a year or a month\n"),
        ("WHEN", "format = [\"%d-excel\"]", "the form lacks a year or a month\n"),
        ("WHEN", "format = [\"%Y-%m\"]\nzero = [\"-\"]", "`zero` says nothing about a field"),
        ("AMOUNT", "groupChar = \",\"", "decimalChar and groupChar are the same\n"),
        ("AMOUNT", "groupChar = [\" \", \",\"]", "decimalChar and groupChar are the same\n"),
        ("AMOUNT", "groupChar = \"x\"", "groupChar `x` is not a mark between thousands\n"),
        ("AMOUNT", "groupChar = 5", "write a mark, or a list of marks"),
        ("AMOUNT", "negative = [\"minus\"]", "`minus` is no way to write minus one\n"),
        ("AMOUNT", "zero = [\"0,0\"]", "`0,0` cannot be declared as zero\n"),
        ("AMOUNT", "zero = [\" \"]", "`` cannot be declared as zero\n"),
        ("AMOUNT", "affix = [\"-\"]", "`-` could be a part of the number\n"),
        ("AMOUNT", "affix = [\"m2\"]", "`m2` could be a part of the number\n"),
        ("AMOUNT", "affix = [\",\"]", "`,` could be a part of the number\n"),
        ("AMOUNT", "decimals = 10", "10 decimals are no amount\n"),
        ("AMOUNT", "century = 2000", "`century` says nothing about a field"),
        ("NUMBER", "format = [\"cpr\"]", "`cpr` is no kind of identifier\n"),
        ("NUMBER", "format = [\"cvr\", \"ean\"]", "a column holds one kind of identifier\n"),
        ("NUMBER", "leadingZeros = 1", "1 is not how many digits the column has\n"),
        (
            "NUMBER",
            "format = [\"cvr\"]\nleadingZeros = 4",
            "4 is not how many digits the column has",
        ),
    ] {
        let found = problem(&contract(&[(column, keys)]), terms());
        assert!(found.contains(expected), "{keys}\n{found}");
    }
    let both = [("PRIMARY", "missingValues = [\"-\"]"), ("AMOUNT", "zero = [\"-\"]")];
    let message = problem(&contract(&both), terms());
    assert!(message.contains("`-` cannot mean both zero and no value"), "{message}");
}

/// The register of municipalities is not part of the project: where it is not there, the test is
/// skipped.
#[test]
fn every_municipality_has_a_valid_cvr_number_and_code() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = path.join("../shared/reference/kommuner.csv");
    let Ok(text) = std::fs::read_to_string(&path) else {
        return skipped("no register at ../shared/reference/kommuner.csv");
    };
    let mut count = 0;
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(';').collect();
        let [code, _, region, cvr] = cells[..] else {
            panic!("four cells: {line}");
        };
        for (kind, number) in [("kommunekode", code), ("regionskode", region), ("cvr", cvr)] {
            let keys = format!("format = [\"{kind}\"]");
            assert_eq!(verdict("NUMBER", &keys, number), "read", "{line}");
        }
        count += 1;
    }
    assert_eq!(count, 98);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Codes whose zeros a spreadsheet took are read as they were written.
    #[test]
    fn identifiers_survive_a_spreadsheet(numbers in prop::collection::btree_set(1_u32..=999, 1..30)) {
        let taken: Vec<String> =
            numbers.iter().map(|number| format!("0101;2019-03;1,00;{number}")).collect();
        let keys = "role = \"account\"\nformat = [\"kommunekode\"]\nleadingZeros = 4";
        let ingested = read(&[("NUMBER", keys)], &taken.join("\n"));
        prop_assert!(ingested.quarantine.is_empty());
        let accounts = ingested.facts.iter().filter_map(|fact| fact.key.account);
        let found: BTreeSet<String> = accounts.map(ToString::to_string).collect();
        let written: BTreeSet<String> = numbers.iter().map(|number| format!("{number:04}")).collect();
        prop_assert_eq!(found, written);
    }
}
