//! What is told of a contract that does not hold: every problem of every file at once, in order of
//! place, each with what it may have been meant to be.

use crate::fixture::Ran;
use crate::once::{contract, fixture, lines};

/// The problems told, each as `file:line:column: problem` and its help, in the order told.
fn told(ran: &Ran) -> Vec<(String, String)> {
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert_eq!(ran.out, "", "nothing is read");
    ran.err
        .trim_end()
        .split("\n\n")
        .map(|told| {
            let told = told.trim_start_matches("error: ");
            let (problem, help) = told.split_once("\nhelp: ").expect("each has its help");
            let at = problem.find("contracts/").expect("each names its file");
            (problem[at..].to_owned(), help.to_owned())
        })
        .collect()
}

const TEN: &str = "\
titel.da = \"F\"
[files]
names = \"{any}.csv\"
supersede = \"periode\"
[dialect]
headerRows = [0]
delimeter = [\";\"]
[schema]
[[schema.fields]]
name = \"who\"
type = \"text\"
role = \"authorty\"
constraints = { required = \"yes\" }
[[schema.fields]]
name = \"kr\"
type = \"number\"
decimals = 300
rolle = \"amount\"
[[notData]]
what = \"total\"
onlyFilled = [\"hwo\"]
[[schema.foreignKeys]]
fields = \"who\"
reference.resource = \"authority\"
reference.fields = \"id\"
";

#[test]
fn a_contract_tells_all_its_mistakes_in_order_of_place() {
    let ran = fixture(&[("f", TEN)]).check();
    let field = "`schema.fields[1]";
    let types = "write one of `string`, `number`, `integer`, `date`, `yearmonth`";
    let expected = [
        ("1:1: `titel` is no key of this table", "did you mean `title`?"),
        ("1:1: `title` is missing", "add `title.da = \"...\"`"),
        (
            "3:9: `files.names` is `\"{any}.csv\"`, which is a string",
            "write a list such as `[\"a\", \"b\"]`",
        ),
        ("4:13: `files.supersede` is `periode`, which is not known", "did you mean `period`?"),
        ("6:14: a header stands on one line", "write one line number, such as [7]"),
        ("7:1: `dialect.delimeter` is no key of this table", "did you mean `delimiter`?"),
        (&format!("11:8: {field}.type` is `text`, which is not known"), types),
        ("12:8: `authorty` is no role", "did you mean `authority`?"),
        (
            &format!("13:28: {field}.constraints.required` is `\"yes\"`, which is a string"),
            "write `true` or `false` without quotes",
        ),
        (
            "17:12: `schema.fields[2].decimals` is `300`, outside 0 to 255",
            "write a whole number from 0 to 255",
        ),
        ("18:1: `schema.fields[2].rolle` is no key of this table", "did you mean `role`?"),
        ("21:15: `hwo` is no column of this contract", "did you mean `who`?"),
        ("24:22: `authority` is no register of the pipeline", "did you mean `authorities`?"),
    ]
    .map(|(problem, help)| (format!("contracts/f.toml:{problem}"), help.to_owned()));
    assert_eq!(told(&ran), expected);
}

#[test]
fn broken_contracts_are_told_together() {
    let names = "names = [\"{any}.csv\"]";
    let no_toml = contract(names, "[[products]\n");
    let misspelt = contract(names, "[[schema.parts]]\npart = \"kr\"\nhole = \"kr\"\n");
    let no_text = b"title.da = \"\xC5r\"\n".to_vec();
    let fixture = fixture(&[("a", &no_toml), ("b", &misspelt), ("c", ""), ("d", "")]);
    fixture.lay("pipeline/contracts/d.toml", no_text);
    let ran = fixture.check();
    let told = told(&ran);
    let problems: Vec<&str> = told.iter().map(|(problem, _)| problem.as_str()).collect();
    assert!(problems[0].starts_with("contracts/a.toml:25:12: "), "{problems:?}");
    assert!(problems[0].contains("`[[products]` is not TOML: "), "{problems:?}");
    let behind = problems.iter().skip_while(|problem| problem.starts_with("contracts/a.toml"));
    let expected = [
        "contracts/b.toml:25:1: `schema.parts[1].whole` is missing",
        "contracts/b.toml:27:1: `schema.parts[1].hole` is no key of this table",
        "contracts/c.toml:1:1: `files` is missing",
        "contracts/c.toml:1:1: `schema` is missing",
        "contracts/c.toml:1:1: `title` is missing",
        "contracts/d.toml:1:13: byte `0xC5` is not UTF-8",
    ];
    assert_eq!(behind.copied().collect::<Vec<_>>(), expected);
}

#[test]
fn a_value_that_cannot_be_read_is_told_once() {
    let whole = contract("names = [\"{any}.csv\"]", "[schema.undeclared]\n");
    for (from, to, problem) in [
        // A field whose type is unknown is held against no role, and needs no format.
        ("type = \"yearmonth\"", "type = \"month\"", "which is not known"),
        // A field without a name is not the column some other key lacks.
        ("name = \"kr\"", "name = 7", "which is an integer"),
        ("names = [\"{any}.csv\"]", "names = \"{any}.csv\"", "which is a string"),
        ("[schema.undeclared]", "[schema.undeclared]\npersonalData = 0", "which is an integer"),
        ("[dialect]", "[dialect]\nmaxLinesPerRecord = -1", "outside 0 to 4294967295"),
        ("[schema.undeclared]", "[[products]]\nrole = \"hours\"\nfactors = [\"kr\"]", "1 entries"),
        ("[schema.undeclared]", "[[control]]\n", "neither `file` nor `column`"),
    ] {
        assert!(whole.contains(from), "{from}");
        let ran = fixture(&[("f", &whole.replace(from, to))]).check();
        let told = told(&ran);
        assert!(told.len() == 1 && told[0].0.contains(problem), "{to}: {told:?}");
    }
}

#[test]
fn a_word_is_met_with_the_nearest_one_or_with_all() {
    let whole = contract("names = [\"{any}.csv\"]", "[constants]\n");
    for (from, to, help) in [
        ("[\";\"]", "[\";\"]\nencoding = [\"utf8-\"]", "did you mean `utf-8`?"),
        ("\"amount\"", "\"amuont\"", "did you mean `amount`?"),
        ("type = \"number\"", "type = \"numbr\"", "did you mean `number`?"),
        ("decimalChar", "decimalchar", "did you mean `decimalChar`?"),
        ("[\";\"]", "[\";\"]\nsurplusCells = \"ignoreempty\"", "did you mean `ignoreEmpty`?"),
        (
            "[\";\"]",
            "[\";\"]\nsurplusCells = \"keep\"",
            "write one of `refuse`, `ignore`, `ignoreEmpty`",
        ),
        ("[constants]", "[constants]\ninitiative = \"i2\"", "write `i1`"),
        ("[constants]", "[[notData]]\nwhat = \"totals\"", "did you mean `total`?"),
        (
            "[constants]",
            "[[schema.parts]]\npart = \"mnth\"\nwhole = \"kr\"",
            "did you mean `month`?",
        ),
    ] {
        assert!(whole.contains(from), "{from}");
        let ran = fixture(&[("f", &whole.replace(from, to))]).check();
        let told = told(&ran);
        assert!(told.iter().any(|(_, told)| told.starts_with(help)), "{to}: {told:?}");
    }
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_contract() {
    let marked = format!("\u{FEFF}{}", contract("names = [\"{any}.csv\"]", ""));
    let fixture = fixture(&[("f", &marked)]);
    fixture.deliver("a.csv", lines(&["A;2019-10;1,00"]));
    let ran = fixture.check();
    assert_eq!(ran.code, 0, "{}", ran.err);
}
