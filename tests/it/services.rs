//! A service that several columns name: other cells are another service, for both readers.

use crate::acting::PIPELINE;
use crate::fixture::RunFixture;
use std::collections::BTreeSet;

const CONTRACT: &str = "title.da = \"F\"\ntitle.en = \"S\"\n[files]\nnames = [\"f-{any}.csv\"]\n\
     [dialect]\ndelimiter = [\";\"]\n\
     [[schema.fields]]\nname = \"Hvem\"\ntype = \"string\"\nrole = \"authority\"\n\
     [[schema.fields]]\nname = \"Hvornår\"\ntype = \"yearmonth\"\nformat = [\"%Y-%m\"]\n\
     role = \"period\"\n\
     [[schema.fields]]\nname = \"Område\"\ntype = \"string\"\nrole = \"service\"\n\
     [[schema.fields]]\nname = \"Opgave\"\ntype = \"string\"\nrole = \"service\"\n\
     [[schema.fields]]\nname = \"Beløb\"\ntype = \"number\"\ndecimalChar = \",\"\nrole = \"amount\"\n";

/// A fixture where a service is named by two columns, and any is taken.
fn fixture() -> RunFixture {
    let fixture = RunFixture::new().with_pipeline(&PIPELINE);
    fixture.lay("pipeline/contracts/f.toml", CONTRACT);
    fixture
}

/// The services of the facts, with their amounts in øre.
fn services(fixture: &RunFixture) -> BTreeSet<(String, i64)> {
    let file = fixture.path("facts.csv");
    let ran = fixture.check_with(&["--facts", file.to_str().expect("UTF-8")]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let mut facts = csv::Reader::from_path(file).expect("facts");
    let rows = facts.records().map(|row| {
        let row = row.expect("a row");
        (row[5].to_owned(), row[10].parse().expect("an amount"))
    });
    rows.collect()
}

#[test]
fn cells_that_would_be_joined_alike_are_two_services() {
    let fixture = fixture();
    let pairs = [
        ("a / b", "c", "a // b / c"),
        ("a", "b / c", "a / b // c"),
        ("a // b", "c", "a /// b / c"),
        ("a/b", "c", "a/b / c"),
        ("x", "", "x"),
        ("", "x", "/ x"),
        ("/ x", "", "// x"),
        ("x /", "y", "x // / y"),
        ("x", "/ y", "x / // y"),
    ];
    // Twice over: the first line of its kind is the plain reader's, the second is the kernel's.
    let line = |(place, (one, other, _)): (i64, &(&str, &str, &str))| {
        format!("0751;2018-03;{one};{other};{place},00\n")
    };
    let lines: String = (1..).zip(&pairs).map(line).collect();
    fixture.deliver("f-a.csv", format!("Hvem;Hvornår;Område;Opgave;Beløb\n{lines}{lines}"));
    let expected: BTreeSet<(String, i64)> =
        (1..).zip(&pairs).map(|(place, (_, _, id))| ((*id).to_owned(), place * 200)).collect();
    assert_eq!(services(&fixture), expected);
}
