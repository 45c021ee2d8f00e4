//! Whatever is delivered, the kernel says what the plain reader says.

use crate::collect::kit::{contracts, delivery, open_terms};
use crate::collect::{Ingested, ingest, ingest_in_ranges, ingest_plainly};
use crate::contract::compiled::Contract;
use crate::contract::terms::{Terms, Validity};
use crate::domain::id::{AuthorityId, InitiativeId, ServiceId};
use crate::domain::number::to_usize;
use crate::source::bounds::{Bound, LISTED};
use crate::source::content::{Content, Delivery};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A contract with one of everything the kernel knows; the marks are put in by `contract`.
const CONTRACT: &str = r#"
title.en = "Everything"
[files]
names = ["{authority}.csv", "all-{any}.txt"]
[dialect]
encoding = [ENCODINGS]
delimiter = [";", "\t"]
quoteChar = "QUOTE"
maxLinesPerRecord = 5
surplusCells = "SURPLUS"
[schema]
fieldsMatch = "subset"
missingValues = ["", "-", "n/a"]
primaryKey = [KEY]
[[schema.fields]]
name = "who"
type = "string"
role = "authority"
[[schema.fields]]
name = "when"
type = "yearmonth"
format = ["%Y-%P", "%m.%Y"]
role = "period"
[[schema.fields]]
name = "posted"
type = "date"
format = ["%d-%m-%Y"]
[[schema.fields]]
name = "service"
type = "string"
role = "service"
[[schema.fields]]
name = "plan"
type = "string"
role = "initiative"
[[schema.fields]]
name = "account"
type = "string"
role = "account"
constraints.maxLength = 20
[[schema.fields]]
name = "kind"
type = "string"
constraints.enum = ["a", "b", "ø"]
[[schema.fields]]
name = "text"
type = "string"
constraints.minLength = 2
constraints.maxLength = 9
[[schema.fields]]
name = "amount"
type = "number"
decimalChar = ","
groupChar = "."
role = "amount"
negative = ["-1", "1-"]
constraints.required = true
[[schema.fields]]
name = "begun"
type = "integer"
role = "started"
constraints.minimum = 0
[[schema.fields]]
name = "ended"
type = "integer"
groupChar = "."
role = "completed"
constraints.maximum = 5000
[[schema.foreignKeys]]
fields = "who"
reference = { resource = "authorities", fields = "id" }
[[schema.foreignKeys]]
fields = "service"
reference = { resource = "services", fields = "id" }
[[schema.foreignKeys]]
fields = "plan"
reference = { resource = "initiatives", fields = "id" }
[[schema.parts]]
part = "ended"
whole = "begun"
"#;

const HEADER: [&str; 13] = [
    "who", "when", "posted", "extra", "more", "service", "plan", "account", "kind", "text",
    "amount", "begun", "ended",
];

/// Cells that hold, most of them often, then cells that do not or that need a second look.
const GOOD: [&[&str]; 13] = [
    &["0751", "OLD"],
    &["2016-01", "2016-02", "03.2016", "2016-13"],
    &["01-02-2016", "", "28-02-2015"],
    &["x", "", "4500332252", "010180-1234", "150385", "no 15 03"],
    &["x", "", "1234", " 1234 ", "12345", "851234"],
    &["BYG", "", "FLYT"],
    &["1.1", "", "1.2"],
    &["100", "a rather long name", "200"],
    &["a", "b", "ø"],
    &["tekst", "æøå", "2016 0101", "\""],
    &["1,00", "48.000,00", "-0,5", "1234567,89"],
    &["5000", "12", ""],
    &["12", "1", "", "13"],
];

const ODD: [&str; 46] = [
    "",
    " ",
    "-",
    "n/a",
    "010180-1234",
    "0101801234",
    "XYZ",
    "1.2",
    "2016-14",
    "2017-01",
    "13.2016",
    "29-02-2015",
    "12.34",
    "1,00-",
    "9.999.999.999.999,00",
    "99999999999999",
    "6000",
    "ø",
    " 0751",
    "0751\u{a0}",
    "c",
    "more than nine",
    "a name that is longer than twenty bytes",
    "5\" skærm",
    "x\ny",
    "a;b",
    "\"",
    "'",
    "-5",
    "€",
    "1503851234",
    "-1503851234",
    "1503851234,00",
    "１５０３８５1234",
    "50385-1234",
    "15.03.85/1234",
    "75\u{ad}0385-1234",
    "150385\"\"1234",
    "07\u{200b}51",
    "BY\u{ad}G",
    "- 5,00",
    "tekst\u{a0}",
    "\u{a0}",
    "ka\u{30a}l",
    "Ã¸",
    "\u{FFFD}",
];

/// Bytes that are no text in one encoding or the other, or begin a file that is joined to another.
const STRAY: [&[u8]; 7] =
    [b"\0", b"\xEF\xBB\xBF", b"\xC3", b"\xF8", b"\xC3\xB8", b"\xC5\x94", b"\xA0"];

fn contract(which: usize) -> Vec<Contract> {
    let encodings = ["\"utf-8\", \"windows-1252\"", "\"windows-1252\"", "\"utf-8\""][which % 3];
    let text = CONTRACT
        .replace("ENCODINGS", encodings)
        .replace("QUOTE", ["\\\"", "'", ""][which / 3 % 3])
        .replace("SURPLUS", ["refuse", "ignore"][which / 9 % 2])
        .replace("KEY", ["", "\"who\", \"when\", \"text\""][which / 18 % 2]);
    let month = |text: &str| text.parse().expect("a month");
    let validity = |to: Option<&str>| Validity { from: None, to: to.map(month), expected: true };
    let service = |id, plan| (ServiceId::new(id), InitiativeId::new(plan));
    let terms = Terms {
        authorities: Some(BTreeMap::from([
            (AuthorityId::new("0751"), validity(None)),
            (AuthorityId::new("OLD"), validity(Some("2016-01"))),
        ])),
        services: Some(BTreeMap::from([service("BYG", "1.1"), service("FLYT", "1.2")])),
        initiatives: Some(BTreeSet::from([InitiativeId::new("1.1"), InitiativeId::new("1.2")])),
        ..open_terms(2016)
    };
    contracts(&text, terms)
}

/// A cell by its place: nearly always one that holds, bare or in quotes.
fn cell(place: usize, choice: u32) -> String {
    let pick = to_usize(choice >> 8);
    let good = GOOD[place][[0, 0, 0, 1, 2, 3, 4, 5][pick % 8] % GOOD[place].len()];
    let text = if choice.is_multiple_of(40) { ODD[pick % ODD.len()] } else { good };
    match choice % 23 {
        0 => format!("\"{text}\""),
        1 => format!("'{text}'"),
        2 => format!("\"{}\"", text.replace('"', "\"\"")),
        3 if choice.is_multiple_of(5) => format!("\"{text}"),
        _ => text.to_owned(),
    }
}

fn line() -> impl Strategy<Value = String> {
    let usual = (prop::array::uniform13(any::<u32>()), 0_u8..60).prop_map(|(choices, shape)| {
        let mut cells: Vec<String> =
            choices.iter().enumerate().map(|(place, choice)| cell(place, *choice)).collect();
        match shape {
            0 => drop(cells.pop()),
            1 => cells.push("surplus".into()),
            2 => cells.push("ref 010180-1234".into()),
            3 => return String::new(),
            4 => return " \t\u{a0}".into(),
            _ => {}
        }
        cells.join(";")
    });
    let end = prop_oneof![20 => Just("\n"), 2 => Just("\r\n"), 1 => Just("\r"), 1 => Just("\n\n")];
    (usual, end).prop_map(|(line, end)| line + end)
}

/// Everything said, as text: two readings are equal when all of it is.
fn said(ingested: &Ingested) -> String {
    format!("{:#?}\n{:#?}\n{:#?}", ingested.facts, ingested.quarantine, ingested.accounts)
}

fn hold_equal(which: usize, bytes: &[u8], range: u64) -> Result<(), TestCaseError> {
    let contracts = contract(which);
    let packed = zstd::encode_all(bytes, 1).expect("memory takes it");
    let deliveries = [
        delivery("0751.csv", bytes),
        delivery("all-1.txt", bytes),
        delivery("all-2.txt.zst", &packed),
    ];
    let plainly = said(&ingest_plainly(&contracts, &deliveries, &|| ()).expect("memory reads"));
    let whole = ingest(&contracts, &deliveries, &|| ()).expect("memory reads");
    prop_assert_eq!(&said(&whole), &plainly);
    let cut = ingest_in_ranges(&contracts, &deliveries, range).expect("memory reads");
    prop_assert_eq!(&said(&cut), &plainly);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn the_kernel_says_what_the_plain_reader_says(
        which in 0_usize..36,
        lines in prop::collection::vec(line(), 0..40),
        range in 40_u64..2_000,
        top in prop_oneof![Just(""), Just("\u{feff}"), Just("\n\r\n")],
        latin: bool,
        tabs in prop::bool::weighted(0.2),
        cut in prop::bool::weighted(0.2),
        stray in prop::collection::vec((prop::sample::select(&STRAY[..]), any::<prop::sample::Index>(), any::<bool>()), 0..3),
    ) {
        let mut text = format!("{top}{}\n{}", HEADER.join(";"), lines.concat());
        if tabs {
            text = text.replace(';', "\t");
        }
        let mut bytes = text.clone().into_bytes();
        if latin {
            bytes = encoding_rs::WINDOWS_1252.encode(&text).0.into_owned();
        }
        for (stray, place, first) in stray {
            let begins = |at: &usize| *at == 0 || bytes[*at - 1] == b'\n';
            let places: Vec<usize> = (0..bytes.len()).filter(|at| !first || begins(at)).collect();
            let at = places[place.index(places.len())];
            bytes.splice(at..at, stray.iter().copied());
        }
        if cut {
            bytes.pop();
        }
        hold_equal(which, &bytes, range)?;
    }

    #[test]
    fn any_bytes_are_read_alike(
        which in 0_usize..36,
        bytes in prop::collection::vec(
            prop_oneof![any::<u8>(), Just(b';'), Just(b'\n'), Just(b'"'), Just(b'0')], 0..400),
        range in 1_u64..100,
    ) {
        let headed = [HEADER.join(";").as_bytes(), b"\n", &bytes].concat();
        hold_equal(which, &headed, range)?;
    }
}

#[test]
fn amounts_too_heavy_to_add_up_are_refused_line_by_line() {
    let heavy = "0751;2016-01;;;BYG;1.1;100;a;tekst;999.999.999.999,99;;\n".repeat(92_300);
    let bytes = format!("{}\n{heavy}", HEADER.join(";"));
    hold_equal(2, bytes.as_bytes(), 1 << 20).expect("both refuse the last lines");
}

/// A line of so many bytes, its text padded.
fn padded(bytes: usize) -> String {
    let line = |text: &str| format!("0751;2016-01;;{text};BYG;1.1;100;a;text;1,00;12;1");
    line(&"x".repeat(bytes - line("").len()))
}

#[test]
fn a_line_at_the_bound_is_read_alike_and_one_beyond_is_refused_alike() {
    let most = Bound::LineBytes.most();
    let lines = |longest: &str| {
        let short = padded(80);
        format!("{}\n{short}\n{longest}\n{short}\n", HEADER.join(";"))
    };
    let quoted = |text: String| format!("0751;2016-01;;\"{text}\";BYG;1.1;100;a;text;1,00;12;1");
    for longest in [
        padded(most),
        padded(most + 1),
        padded(most * 5),
        "x".repeat(most * 3),
        ";".repeat(most - 1),
        // A record of several lines, whole and beyond; a quote that is never closed.
        quoted(format!("{0}\n{0}", "x".repeat(most / 2 - 80))),
        quoted(format!("{0}\n{0}", "x".repeat(most - 80))),
        format!("\"{}", "x\n".repeat(most)),
    ] {
        for (which, range) in [(2, 1 << 20), (2, 1_000), (2, 70), (20, 1 << 20), (6, 3_000)] {
            hold_equal(which, lines(&longest).as_bytes(), range).expect("both say the same");
        }
    }
}

#[test]
fn more_lines_than_a_delivery_may_have_are_refused_alike() {
    let own = |bound: Bound| bound.most();
    for (line, times) in [
        ("\n", own(Bound::NoData) - 1),
        ("\n", own(Bound::NoData)),
        (" \n", own(Bound::NoData) * 3),
        ("x\n", own(Bound::RefusedLines)),
        ("x\n", own(Bound::RefusedLines) + 1),
        ("\"x\n", own(Bound::RefusedLines) * 4),
    ] {
        let bytes = format!("{}\n{}\n{}", HEADER.join(";"), padded(80), line.repeat(times));
        for range in [1 << 20, 700] {
            hold_equal(2, bytes.as_bytes(), range).expect("both say the same");
        }
    }
    let bytes = format!("{}\n{}", HEADER.join(";"), "x\n".repeat(own(Bound::RefusedLines) + 1));
    let read = ingest(&contract(2), &[delivery("0751.csv", bytes.as_bytes())], &|| ());
    let read = read.expect("memory reads");
    assert_eq!(read.quarantine[0].fault.reason, Bound::RefusedLines.reason());
    assert_eq!(read.quarantine.len(), 1 + LISTED);
    assert_eq!(u64::from(read.accounts[0].lines_refused), Bound::RefusedLines.limit() + 1);
}

/// How often a source was read, byte by byte.
#[derive(Clone)]
struct Counted(Arc<AtomicU64>, Arc<[u8]>);

impl Content for Counted {
    fn open(&self) -> std::io::Result<Box<dyn std::io::Read + Send>> {
        struct Reading(Arc<AtomicU64>, Box<dyn std::io::Read + Send>);
        impl std::io::Read for Reading {
            fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
                let length = self.1.read(out)?;
                self.0.fetch_add(u64::try_from(length).expect("small"), Ordering::Relaxed);
                Ok(length)
            }
        }
        Ok(Box::new(Reading(Arc::clone(&self.0), self.1.open()?)))
    }
}

#[test]
fn a_line_without_an_end_is_not_read_to_it() {
    let most = Bound::LineBytes.most();
    let bytes = format!("{}\n{}\n{}", HEADER.join(";"), padded(80), "x".repeat(most * 1_000));
    let (read, bytes) = (Arc::new(AtomicU64::new(0)), Arc::<[u8]>::from(bytes.into_bytes()));
    let counted = Counted(Arc::clone(&read), bytes.clone());
    let delivery = Delivery { name: "0751.csv".to_owned(), content: Box::new(counted) };
    let found = ingest(&contract(2), &[delivery], &|| ()).expect("memory reads");
    assert_eq!(found.quarantine[0].fault.reason, Bound::LineBytes.reason());
    // Once for the hash, and a little more.
    let passes = read.load(Ordering::Relaxed) / u64::try_from(bytes.len()).expect("small");
    assert_eq!(passes, 1);
}

#[test]
fn a_border_inside_quotes_is_no_border() {
    let line = |extra: &str, kroner: usize| {
        format!("0751;2016-01;;{extra};BYG;1.1;100;a;text;{kroner},00;12;1\n")
    };
    let inner = format!("\"x\n{}{}y\"", line("x", 1), line("x", 2));
    let lines: Vec<String> =
        (0..60).map(|at| line(if at % 4 == 0 { &inner } else { "x" }, at)).collect();
    let bytes = format!("{}\n{}", HEADER.join(";"), lines.concat());
    for range in (50..3_000).step_by(37).chain([1_024, 2_048]) {
        hold_equal(2, bytes.as_bytes(), range).expect("the guess is undone");
    }
}

#[test]
fn a_cell_that_is_empty_was_never_met() {
    // Every cell empty in turn, behind a line that holds.
    let cells =
        ["0751", "2016-01", "01-02-2016", "x", "BYG", "1.1", "100", "a", "text", "1,00", "12", "1"];
    let line = |empty: usize| {
        let cells = cells.iter().enumerate();
        cells.map(|(at, cell)| if at == empty { "" } else { *cell }).collect::<Vec<_>>().join(";")
    };
    for which in 0..36 {
        let lines: Vec<String> = (0..=cells.len()).rev().map(line).collect();
        let bytes = format!("{}\n{}\n", HEADER.join(";"), lines.join("\n"));
        hold_equal(which, bytes.as_bytes(), 1 << 20).expect("both say the same of it");
    }
}

#[test]
fn a_doubled_quote_is_one_character() {
    let line = |text: &str| format!("0751;2016-01;;x;;BYG;1.1;100;a;{text};1,00;12;1\n");
    let texts = ["text", "text", "\"\"\"\"", "\"1234567\"\"9\"", "\"12345678\"\"9\""];
    let bytes = format!("{}\n{}", HEADER.join(";"), texts.map(line).concat());
    hold_equal(2, bytes.as_bytes(), 1 << 20).expect("one is too short, one too long");
}

#[test]
fn an_encoding_that_shows_late_is_found() {
    let line = "0751;2016-01;;æ;;BYG;1.1;100;a;text;1,00;12;1\n".repeat(8_000);
    let mut bytes = format!("{}\n{}", HEADER.join(";"), line.replace('æ', "x")).into_bytes();
    bytes.extend_from_slice(&encoding_rs::WINDOWS_1252.encode(&line[..500]).0);
    for which in 0..3 {
        hold_equal(which, &bytes, 100_000).expect("the whole is read in the other encoding");
    }
}

#[test]
fn a_zero_behind_the_first_look_is_seen_alike() {
    let line = "0751;2016-01;;x;;BYG;1.1;100;a;text;1,00;12;1\n";
    let lines = |count: usize| line.repeat(count);
    for before in [10, 1_000, 10_000] {
        let zero = line.replace(";x;", ";x\0;");
        let bytes = format!("{}\n{}{zero}{}", HEADER.join(";"), lines(before), lines(10));
        for which in 0..3 {
            hold_equal(which, bytes.as_bytes(), 1 << 20).expect("both refuse it, or neither");
        }
    }
}
