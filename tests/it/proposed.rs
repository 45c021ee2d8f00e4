//! What `sniff` proposes reads the file it was proposed for, or is marked and refused where it is
//! not known to.

use crate::fixture::{Ran, binary, ran, root};
use crate::once::fixture;
use gevinst::testing::contract::Contract;
use gevinst::testing::domain::{Error, Folder, Language, Quarantined};
use gevinst::testing::sniff::{Sniffed, render, sniff};
use gevinst::testing::source::Delivery;
use gevinst::testing::{collect, contract};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What `sniff` prints for a file, and what `check` says of the file under that.
fn proposed(name: &str, text: &str) -> (String, Ran) {
    let pen = fixture(&[]);
    pen.deliver(name, text);
    let path = pen.path("deliveries").join(name);
    let output = binary().args(["sniff", "--language", "en"]).arg(path).output();
    let printed = ran(&output.expect("gevinst starts"));
    assert_eq!(printed.code, 0, "{name}: {}", printed.err);
    pen.lay("pipeline/contracts/proposed.toml", &printed.out);
    let checked = pen.check();
    (printed.out, checked)
}

/// The lines of a month, each of these behind its authority.
fn file(heading: &str, rows: &[&str]) -> String {
    let lines: Vec<String> = rows.iter().map(|row| format!("0101;{row}\n")).collect();
    format!("Myndighed;{heading}\n{}", lines.concat())
}

/// What no file decides by itself: kind, headings, lines, and the word that stays undecided.
const ASKED: &[(&str, &str, &[&str], &str)] = &[
    ("an accounting period", "Periode;Beløb", &["201907;1,50", "201908;2,50"], "period"),
    ("one of three digits", "Dato;Beløb", &["2019/001;1,50", "2019/002;2,50"], "period"),
    ("a closing period", "Måned;Beløb", &["2019-12;1,50", "2019-13;2,50"], "period"),
    (
        "a month other than the date's",
        "Måned;Bilagsdato;Beløb",
        &["2019-07;02-10-2019;1,50", "2019-07;14-10-2019;2,50"],
        "period",
    ),
    (
        "a month without its year",
        "Måned;Bilag oprettet;Beløb",
        &["4;02-07-2019;1,50", "4;14-07-2019;2,50"],
        "period",
    ),
    ("a date by no known name", "Oprettet;Beløb", &["2019-07-31;1,50"], "period"),
    ("a number by no known name", "Måned;Fortjeneste", &["2019-07;1,50"], "amount"),
    (
        "with and without VAT",
        "Måned;Beløb ekskl. moms;Beløb inkl. moms",
        &["2019-07;1,50;2,00"],
        "measure",
    ),
    ("an amount and its VAT", "Måned;Beløb;Momsbeløb", &["2019-07;1,50;2,00"], "measure"),
    ("debit and credit", "Måned;Beløb;D/K", &["2019-07;1,50;D", "2019-07;2,50;K"], "sign"),
    ("more below zero", "Måned;Beløb", &["2019-07;-1,50", "2019-07;-9,50", "2019-08;2,50"], "sign"),
    ("currencies", "Måned;Beløb;Valuta", &["2019-07;1,50;DKK", "2019-07;2,50;EUR"], "currency"),
    (
        "totals",
        "Måned;Tekst;Beløb",
        &["2019-07;x;1,50", "2019-07;y;2,50", "2019-07;I alt;4,00"],
        "totals",
    ),
    (
        "a total nobody calls one",
        "Måned;Tekst;Beløb",
        &["2019-07;x;1,50", "2019-07;y;2,50", "2019-07;;4,00"],
        "totals",
    ),
    (
        "budget and accounts",
        "Måned;Type;Beløb",
        &["2019-07;Budget;1,50", "2019-07;Regnskab;2,00"],
        "measure",
    ),
    (
        "thousands by another column",
        "Måned;Timer;Beløb",
        &["2019-07;7,50;1.234", "2019-08;7,25;2.345"],
        "decimalChar",
    ),
    ("years side by side", "2014;2015", &["1,50;2,50", "3,50;4,50"], "measure"),
];

fn is_asked_for(kind: &str, text: &str, word: &str) {
    let (printed, checked) = proposed("f.csv", text);
    assert_eq!(checked.code, 1, "{kind}: {}\n{printed}", checked.out);
    assert!(printed.contains(&format!("undecided = [\"{word}\"]")), "{kind}: {printed}");
    let said = "is undecided\nhelp: answer the CHECK";
    assert!(checked.err.contains(said), "{kind}: {}", checked.err);
}

#[test]
fn what_could_be_posted_wrongly_is_asked_and_does_not_run() {
    for (kind, heading, rows, word) in ASKED {
        is_asked_for(kind, &file(heading, rows), word);
    }
    let table = file("Måned;Beløb", &["2019-07;1,50", "2019-08;2,50"]);
    is_asked_for("thousands above", &format!("Alle tal i 1.000 kr.;;\n{table}"), "scale");
    is_asked_for("no authority", "Måned;Beløb\n2019-07;1,50\n", "authority");
    let sides = file("Måned;Debet;Kredit", &["2019-07;1,50;", "2019-07;;2,50"]);
    let (_, checked) = proposed("f.csv", &sides);
    assert!(checked.err.contains("no column is a measure"), "{}", checked.err);
}

#[test]
fn what_is_known_is_proposed_and_read() {
    for (kind, text, sum) in [
        ("a month", file("Måned;Beløb", &["2019-07;1,50", "2019-08;2,50"]), "4.00"),
        (
            "an accounting period with the date's month",
            file("Periode;Bilagsdato;Beløb", &["201907;02-07-2019;1,50", "201908;14-08-2019;2,50"]),
            "4.00",
        ),
        ("names of months", file("Dato;Beløb", &["31-Aug-2019;1,50", "1-okt-2019;2,50"]), "4.00"),
        ("in Danish", file("Dato;Beløb", &["3. marts 2019;1,50", "14. maj 2019;2,50"]), "4.00"),
        (
            "quotes in a cell",
            file("Måned;Tekst;Beløb", &["2019-07;\"kaldt \"x\" her\";1,50", "2019-08;\"y\";2,50"]),
            "4.00",
        ),
        (
            "a blank behind a quote",
            file("Måned;Tekst;Beløb", &["2019-07;\"x\" ;1,50", "2019-08;\"y\" ;2,50"]),
            "4.00",
        ),
        (
            "a blank at the end",
            file("Måned;Beløb;Tekst", &["2019-07;1,50;\"x\" ", "2019-08;2,50;\"y\" "]),
            "4.00",
        ),
        (
            "thousands",
            file("Måned;Beløb (1.000 kr.)", &["2019-07;1,50", "2019-08;2,50"]),
            "4000.00",
        ),
        (
            "a total without a month",
            file("Måned;Beløb", &["2019-07;1,50", ";"]) + "I alt;;1,50\n",
            "1.50",
        ),
    ] {
        let (printed, checked) = proposed("f.csv", &text);
        assert!(!printed.contains("undecided = "), "{kind}: {printed}");
        let posted = format!(" = {sum} posted ");
        assert!(checked.out.contains(&posted), "{kind}: {}{}\n{printed}", checked.out, checked.err);
    }
}

#[test]
fn a_two_digit_year_waits_for_its_century() {
    let (printed, checked) = proposed("f.csv", &file("Dato;Beløb", &["31-Aug-19;1,50"]));
    assert!(printed.contains("%d-%b-%y") && printed.contains("CHECK: the years have two digits"));
    assert_eq!(checked.code, 1);
    assert!(checked.err.contains("nothing says which century %y is in"), "{}", checked.err);
}

#[test]
fn a_page_in_place_of_a_file_is_no_table() {
    for (text, kind) in [
        ("<!-- login -->\n<p>Log ind;her</p>\n", "HTML"),
        ("\u{feff}  <HEAD><title>Sign in</title>", "HTML"),
        ("<form action=\"/login\">;</form>", "HTML"),
        ("{\"error\": \"expired\", \"code\": 401}", "JSON"),
    ] {
        let pen = fixture(&[]);
        pen.deliver("f.csv", text);
        let output = binary().arg("sniff").arg(pen.path("deliveries/f.csv")).output();
        let output = ran(&output.expect("gevinst starts"));
        assert_eq!((output.code, output.out.as_str()), (1, ""), "{text}");
        let said = format!("is no table of text but {kind}\nhelp: it may be a page to sign in on");
        assert!(output.err.contains(&said), "{}", output.err);
    }
}

/// Bytes of a file that say how it is laid out; whole lines of it.
const ENOUGH: usize = 32 * 1024;

/// What became of a file under the contract proposed for it.
pub(crate) enum Read {
    /// `sniff` would not propose one.
    Refused,
    /// The proposal lacks what only a person can say, such as which column is the amount.
    Asked,
    /// Its lines were read: how many, how many of them are refused in a place no CHECK stands at,
    /// and what one of them is refused for.
    Lines(u32, u32, String),
}

pub(crate) fn compiled(text: String) -> Result<Vec<Contract>, Error> {
    let files = BTreeMap::from([("contracts/proposed.toml".to_owned(), text.into_bytes())]);
    let month = |text: &str| text.parse().expect("a month");
    let unknown = contract::Terms::unknown();
    let terms = contract::Terms { first: month("1950-01"), last: month("2099-12"), ..unknown };
    contract::compile(&Folder { name: "p".into(), files }, &Arc::new(terms))
}

/// Whether a CHECK stands at what a line is refused for: its column, its number, or, where the
/// whole of it is at fault, the layout.
fn asks(sniffed: &Sniffed, refused: &Quarantined) -> bool {
    let layout = sniffed.rows.iter().chain(&sniffed.quote.notes).chain(&sniffed.delimiter.notes);
    let layout = layout.chain(&sniffed.header.notes).chain(&sniffed.encoding.notes);
    let mut layout = layout.filter(|note| note.check);
    let Some(column) = &refused.fault.column else { return layout.next().is_some() };
    // What is proposed as a part of another is asked about beside it.
    if refused.fault.reason.code() == "Q204" {
        return true;
    }
    let line = refused.line.map_or(String::new(), |line| line.to_string());
    let field = sniffed.fields.iter().find(|field| field.heading == **column);
    field.is_some_and(|field| field.notes.iter().any(|note| note.check))
        || layout
            .any(|note| note.values.iter().any(|(_, said)| said.split(", ").any(|one| one == line)))
}

/// Whether a problem of a proposal is one that only a person can answer.
fn is_asked(problem: &str) -> bool {
    let lacking = [
        "no column is a measure",
        "no column says which period a line concerns",
        "nothing says which century %y is in",
    ];
    lacking.contains(&problem) || problem.ends_with(" is undecided")
}

/// A proposal with every question answered by what is proposed.
pub(crate) fn answered(printed: &str) -> String {
    printed.split_inclusive('\n').filter(|line| !line.starts_with("undecided = ")).collect()
}

/// What becomes of a file under the contract proposed for it; of a zip, of the file in it that the
/// contract is proposed for.
pub(crate) fn read(name: &str, bytes: &[u8]) -> Read {
    let Ok(sniffed) = sniff(name, &bytes.to_vec()) else { return Read::Refused };
    let printed = render(&sniffed, name, Language::En);
    // As it is printed, and with every question answered by what is proposed.
    let answered = answered(&printed);
    let mut contracts = Vec::new();
    for text in [printed, answered] {
        match compiled(text) {
            Ok(found) => contracts = found,
            Err(Error::Pipeline { problems }) => {
                let other = problems.iter().find(|one| !is_asked(&one.problem));
                assert!(other.is_none(), "{name}: {other:?}");
            }
            Err(error) => panic!("{name}: {error}"),
        }
    }
    if contracts.is_empty() {
        return Read::Asked;
    }
    let delivery = Delivery { name: name.to_owned(), content: Box::new(bytes.to_vec()) };
    let ingested = collect::ingest(&contracts, &[delivery], &|| ()).expect("memory reads");
    let claimed = |refused: &&Quarantined| refused.fault.reason.code() != "Q007";
    let bad = ingested.quarantine.iter().filter(claimed);
    let bad: Vec<_> = bad.filter(|refused| !asks(&sniffed, refused)).collect();
    let said = bad.first().map(|one| format!("{:?}: {:?}", one.line, one.fault));
    let count = u32::try_from(bad.len()).expect("few");
    let lines = ingested.accounts.iter().map(|account| account.lines_read).sum();
    Read::Lines(lines, count, said.unwrap_or_default())
}

/// Endings of files that are text in lines.
const TEXTS: [&str; 4] = ["csv", "tsv", "psv", "ssv"];

/// Endings of files that hold some.
const PACKED: [&str; 5] = ["gz", "zst", "zip", "xlsx", "ods"];

/// The files below a folder that are text in lines or hold some; a link to nothing is none.
fn tables(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("");
        // A pipeline's own tables and correction packs are no deliveries; what a fuzzer or a build
        // left behind is nobody's.
        let passed_over = ["tables", "rettelser", "corpus", "artifacts", "target", "node_modules"];
        if path.is_dir() && !passed_over.iter().any(|name| path.ends_with(name)) {
            found.append(&mut tables(&path));
        } else if TEXTS.contains(&ending) || PACKED.contains(&ending) {
            found.extend(std::fs::read(&path).map(|bytes| (path, bytes)));
        }
    }
    found
}

/// Whether a file holds others, or a sheet.
pub(crate) fn is_packed(path: &Path) -> bool {
    path.extension().is_some_and(|ending| PACKED.iter().any(|packed| ending == *packed))
}

/// Every file at hand; of those that are text the first lines, no more bytes than these.
pub(crate) fn at_hand(enough: usize) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut folders = vec![root().join("tests"), root().join("sample-data")];
    let real = root().join("../shared/real-data");
    if real.is_dir() {
        folders.push(real);
    } else {
        crate::kit::skipped("no real data at ../shared/real-data");
    }
    let mut found: BTreeMap<PathBuf, Vec<u8>> =
        folders.iter().flat_map(|folder| tables(folder)).collect();
    for (path, bytes) in &mut found {
        let end = bytes.iter().take(enough).rposition(|byte| *byte == b'\n');
        if let Some(end) = end.filter(|_| !is_packed(path) && bytes.len() > enough) {
            bytes.truncate(end + 1);
        }
    }
    found
}

#[test]
fn every_file_at_hand_is_read_as_proposed_or_asked_about() {
    let (mut asked, mut lines) = (0, 0);
    let mut wrong = Vec::new();
    for (path, bytes) in at_hand(ENOUGH) {
        let name = path.file_name().expect("a name").to_string_lossy();
        match read(&name, &bytes) {
            Read::Refused => {}
            Read::Asked => asked += 1,
            Read::Lines(all, refused, said) if refused * 20 > all => {
                wrong.push(format!("{}: {refused} of {all}: {said}", path.display()));
            }
            Read::Lines(all, ..) => lines += all,
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(asked > 0 && lines > 0, "{asked} files asked about, {lines} lines read");
}
