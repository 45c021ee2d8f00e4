//! Edge cases of CSV from five projects, held cell by cell to the records known for them. The files
//! are not part of the project: where they are not there, each test is skipped.

use crate::kit::{self, contracts, delivery, open_terms};
use crate::real::{collection, truth};
use gevinst::testing::collect::{Ingested, records};
use gevinst::testing::contract::{Contract, Layout, NotData};
use gevinst::testing::domain::Reason;
use gevinst::testing::source::TextRecord;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Cases the collection has no truth for, and why what is here is right.
const OURS: [(&str, &str); 4] = [
    ("duckdb/comma_decimal_null.csv", "its first number stands below"),
    ("tabulator/escaping.csv", "a quote behind a space is a character, so it needs no escape"),
    ("csv-spectrum/location_coordinates.csv", "the project's own JSON is of another file"),
    ("csv-spectrum/newlines_crlf.csv", "the file lost the returns its JSON has"),
];

/// The one record that is refused where the truth has what a lenient reader makes of it: text
/// behind a closing quote. The truth says that a strict reader must report the line.
const STRICT: (&str, u32) = ("csvlint/invalid_many_rows.csv", 4);

/// The one file with line breaks of its own in quoted cells: a lone CR. A break in a cell is read
/// as LF however it is written, so that a name is the same in a file with other line ends.
const RETURNS: &str = "messytables/spanish_chars.csv";

/// The one line that is blank to us, and to the truth a record of one cell: file, line, spaces.
const SPACES: (&str, u32, usize) = ("messytables/weird_head_padding.csv", 5, 100);

/// A contract with a dialect, and whatever else is under test.
fn contract(dialect: &str, rest: &str) -> Contract {
    let text = format!(
        "title.en = \"Torture\"\n[files]\nnames = [\"{{any}}\", \"{{any}}/{{any}}\", \"{{any}}/{{any}}/{{any}}\"]\n[constants]\nauthority = \"X\"\n\
         period = \"2016-01\"\n[dialect]\n{dialect}\n{rest}"
    );
    let mut contracts = contracts(&text, open_terms(2000, 2020));
    contracts.pop().expect("one contract")
}

/// The layout a case is declared to have.
fn layout(encoding: &str, delimiter: &str, escape: Option<&str>) -> Layout {
    let encoding = match encoding {
        "utf-8-sig" => "utf-8",
        "cp1252" => "windows-1252",
        other => other,
    };
    let escape = escape.map_or_else(String::new, |mark| format!("escapeChar = {mark:?}\n"));
    let dialect = format!("encoding = [\"{encoding}\"]\ndelimiter = [{delimiter:?}]\n{escape}");
    let fields = "[[schema.fields]]\nname = \"a\"\ntype = \"number\"\nrole = \"amount\"\n";
    contract(&dialect, fields).layout
}

fn bytes(folder: &Path, name: &str) -> Vec<u8> {
    std::fs::read(folder.join(name)).expect("the file is readable")
}

fn read(folder: &Path, name: &str, layout: &Layout) -> Vec<(u32, TextRecord)> {
    let rows = records(&bytes(folder, name), layout).expect("memory reads");
    rows.unwrap_or_else(|reason| panic!("{name}: {reason:?}"))
}

/// Rows as the truth writes them: a blank line is a record without cells.
fn plain(rows: Vec<(u32, TextRecord)>, name: &str) -> Vec<Vec<String>> {
    let plain = |(line, row)| match row {
        TextRecord::Record(cells) => cells,
        TextRecord::Blank => Vec::new(),
        TextRecord::Unclosed => panic!("{name}:{line} is refused"),
    };
    rows.into_iter().map(plain).collect()
}

fn strings(value: &Value) -> Vec<Vec<String>> {
    serde_json::from_value(value.clone()).expect("records of cells")
}

#[test]
fn every_case_gives_the_records_it_is_known_to_have() {
    let Some(folder) = collection("torture") else {
        return;
    };
    let truth = truth(&folder);
    let files = truth["files"].as_object().expect("files");
    assert_eq!(files.len(), 47);
    for (name, case) in files {
        let text = |key: &str| case[key].as_str();
        assert_eq!(text("quote"), Some("\""), "{name}");
        let encoding = text("encoding").expect("an encoding");
        let layout = layout(encoding, text("delimiter").expect("a delimiter"), text("escape"));
        let mut rows = read(&folder, name, &layout);
        if name == SPACES.0 {
            let place = rows.iter().position(|(line, _)| *line == SPACES.1).expect("the line");
            let cell = TextRecord::Record(vec![" ".repeat(SPACES.2)]);
            assert_eq!(std::mem::replace(&mut rows[place].1, cell), TextRecord::Blank);
        }
        let mut expected = case.get("expected").map(strings);
        if *name == STRICT.0 {
            let place = rows.iter().position(|(line, _)| *line == STRICT.1).expect("the line");
            assert_eq!(rows.remove(place).1, TextRecord::Unclosed);
            let lenient = expected.as_mut().expect("records").remove(place);
            assert_eq!(lenient, ["1", "2", "3 \""], "all else is held to the truth");
        } else {
            // All the cells at once, also where the truth has no room for them.
            let mut json = serde_json::to_string(&plain(rows.clone(), name)).expect("text");
            if name == RETURNS {
                json = json.replace("\\n", "\\r");
            }
            let hash = format!("{:x}", Hex(Sha256::digest(&json).to_vec()));
            assert_eq!(Some(hash.as_str()), text("records_sha256"), "{name}: {json}");
        }
        if let Some(expected) = expected {
            assert_eq!(plain(rows, name), expected, "{name}");
        }
    }
}

/// Bytes in lower-case hex.
struct Hex(Vec<u8>);

impl std::fmt::LowerHex for Hex {
    fn fmt(&self, out: &mut std::fmt::Formatter) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(out, "{byte:02x}"))
    }
}

#[test]
fn the_spectrum_is_read_as_its_own_answers_say() {
    let Some(folder) = collection("torture") else {
        return;
    };
    let truth = truth(&folder);
    let layout = layout("utf-8", ",", None);
    for (name, case) in truth["csv_spectrum_with_expected_json"].as_object().expect("cases") {
        let file = format!("csv-spectrum/{name}");
        if case["agrees_with_our_reader"] == Value::Bool(false) {
            assert!(OURS.iter().any(|(ours, _)| *ours == file), "{name}");
            continue;
        }
        let answers = format!("csv-spectrum/expected/{}.json", name.trim_end_matches(".csv"));
        let answers: Vec<BTreeMap<String, String>> =
            serde_json::from_slice(&bytes(&folder, &answers)).expect("records");
        let mut rows = plain(read(&folder, &file, &layout), name).into_iter();
        let header = rows.next().expect("a header");
        let found: Vec<BTreeMap<String, String>> = rows
            .map(|row| {
                assert_eq!(row.len(), header.len(), "{name}");
                header.iter().cloned().zip(row).collect()
            })
            .collect();
        assert_eq!(found, answers, "{name}");
        assert_eq!(Some(found.len() as u64), case["rows"].as_u64(), "{name}");
    }
}

#[test]
fn cases_without_a_truth_are_read_as_they_stand() {
    let Some(folder) = collection("torture") else {
        return;
    };
    let comma = layout("utf-8", ",", None);
    let rows = |name: &str| plain(read(&folder, name, &comma), name);
    let returns = rows("csv-spectrum/newlines_crlf.csv");
    assert_eq!(returns[2], ["Once upon \na time", "5", "6"]);
    // The file holds U+FFFD where its degree signs were.
    let place = rows("csv-spectrum/location_coordinates.csv");
    assert_eq!(place[1][0], "2095257564");
    assert_eq!(place[1][1].replace('\u{fffd}', ""), "3736'37.8\"N 1212'17.9\"W");
    let escaping = rows("tabulator/escaping.csv");
    assert_eq!(escaping[2], ["2", " \"Test \"\" line 2\""]);
    assert_eq!(escaping[3], ["3", " \"Test \\\" line 3\""]);
    let nulls = rows("duckdb/comma_decimal_null.csv");
    assert_eq!(nulls[1][8], "80000000,00");
    assert!(nulls.iter().all(|row| row.len() == nulls[0].len()));
}

#[test]
fn what_is_no_table_is_refused_whole_and_what_is_packed_is_opened_by_its_name() {
    let Some(folder) = collection("torture") else {
        return;
    };
    let refused: Vec<String> =
        serde_json::from_value(truth(&folder)["refuse"].clone()).expect("names");
    let looks = ["Excel 97", "zip", "zip"].map(Into::into);
    assert_eq!(refused.len(), looks.len());
    for (name, found) in refused.iter().zip(looks) {
        let said = records(&bytes(&folder, name), &layout("utf-8", ",", None));
        assert_eq!(said.expect("memory reads").err(), Some(Reason::NotATable { found }), "{name}");
    }
    // Today a name may say that a file is a workbook or packed, and then it is opened: the sheet
    // and the file inside are read, and refused for what stands in them.
    let fields = "[[schema.fields]]\nname = \"beløb\"\ntype = \"number\"\nrole = \"amount\"\n";
    let contract = contract("delimiter = [\",\"]", fields);
    let deliveries = refused.iter().map(|name| delivery(name, bytes(&folder, name)));
    let read = kit::read(&[contract], &deliveries.collect::<Vec<_>>());
    let codes: Vec<(&str, &str)> = read
        .accounts
        .iter()
        .zip(&read.quarantine)
        .map(|(account, refused)| (account.name.as_str(), refused.fault.reason.code()))
        .collect();
    assert!(read.accounts.iter().all(|account| account.rejected));
    assert_eq!(
        codes,
        [
            ("csvlint/spreadsheet.xls", "Q003"),
            ("csvlint/spreadsheet.xlsx", "Q004"),
            ("messytables/simple.zip/simple.csv", "Q004"),
        ]
    );
}

/// One case read by a contract: its columns as `NAME TYPE KEYS`, the first of them the amount.
fn by_contract(folder: &Path, name: &str, dialect: &str, fields: &[(&str, &str)]) -> Ingested {
    let fields: Vec<String> = fields
        .iter()
        .map(|(name, keys)| format!("[[schema.fields]]\nname = {name:?}\n{keys}\n"))
        .collect();
    let contract = contract(dialect, &fields.concat());
    kit::read(&[contract], &[delivery("case.csv", bytes(folder, name))])
}

/// What became of a case.
type Said = (Vec<(Option<u32>, &'static str)>, Vec<(NotData, u32)>, i64);

/// Lines refused with their codes, lines that are no data, and the sum of the rest in hundredths.
fn said(read: &Ingested) -> Said {
    let account = &read.accounts[0];
    let refused =
        read.quarantine.iter().map(|refused| (refused.line, refused.fault.reason.code())).collect();
    let not_data = account.not_data.iter().map(|(what, count)| (*what, *count)).collect();
    (refused, not_data, account.accepted.get())
}

#[test]
fn what_the_cases_warn_of_is_refused_or_declared() {
    let Some(folder) = collection("torture") else {
        return;
    };
    let amount = "type = \"number\"\nrole = \"amount\"";
    let comma = "type = \"number\"\ndecimalChar = \",\"\nrole = \"amount\"";
    let text = "type = \"string\"";
    let header = (NotData::Header, 1);
    let read = |name: &str, dialect: &str, fields: &[(&str, &str)]| {
        by_contract(&folder, name, &format!("encoding = [\"utf-8\"]\n{dialect}"), fields)
    };
    let point = "delimiter = [\",\"]";

    // 5.25 in a column of decimal commas is never 525.
    let mixed = read("duckdb/decimal_separators/mixed_format_fail.csv", "", &[("foo", comma)]);
    assert_eq!(said(&mixed), (vec![(Some(4), "Q101")], vec![header], 1_250 + 14_500));
    // A number with an exponent is no amount.
    let fields = [("commas", comma), ("periods", text)];
    let exponents = read("duckdb/decimal_separators/decimal_separators.csv", "", &fields);
    let refused = [4, 5, 6].map(|line| (Some(line), "Q101")).to_vec();
    assert_eq!(said(&exponents), (refused, vec![header], 110 + 25));
    // Text behind a closing quote, and text where a number should be: lines of their own.
    let fields = [("Foo", text), ("Bar", amount), ("Baz", text)];
    let invalid = read("csvlint/invalid_many_rows.csv", point, &fields);
    let refused = vec![(Some(4), "Q202"), (Some(5), "Q101")];
    assert_eq!(said(&invalid), (refused, vec![(NotData::Blank, 1), header], 7 * 200));
    // A title, a note, a comment before the header.
    let fields = [("COL1", amount), ("COL2", text), ("COL3", text)];
    let junk = read("duckdb/dirty_line.csv", &format!("{point}\nheaderRows = [2]"), &fields);
    assert_eq!(said(&junk), (vec![], vec![(NotData::Preamble, 1), header], 150 + 250));
    let fields = [("number", amount), ("text", text), ("date", text)];
    let note = read("duckdb/auto/skip_row.csv", &format!("{point}\nfindHeader = 5"), &fields);
    assert_eq!(said(&note), (vec![], vec![(NotData::Preamble, 1), header], 34_500));
    // Twelve columns of one name.
    let twelve = read("duckdb/auto/duplicate_header_columns.csv", point, &[("a", amount)]);
    assert_eq!(said(&twelve).0, [(None, "Q006")]);
    // A heading with a quote in it.
    let fields = [("foo \"bar", amount), ("name", text)];
    let quoted = read("duckdb/double_quoted_header.csv", point, &fields);
    assert_eq!(said(&quoted), (vec![], vec![header], 300));
    // One cell more than the header, behind a cell of nine lines: one line refused.
    let odd = read("duckdb/csv_quoted_newline_odd.csv", point, &[("content", amount)]);
    let refused = said(&odd).0;
    assert_eq!(refused[0], (Some(2), "Q101"));
    assert_eq!((refused.len(), refused[1].1), (2, "Q201"));
}

#[test]
fn a_date_of_the_other_order_is_refused_and_never_turned() {
    let Some(folder) = collection("torture") else {
        return;
    };
    let fields = |format: &str| {
        let date = format!("type = \"date\"\nformat = [\"{format}\"]\nrole = \"period\"");
        let text = "type = \"string\"".to_owned();
        let amount = "type = \"number\"\nrole = \"amount\"".to_owned();
        [("a", amount), ("b", text.clone()), ("t", text.clone()), ("d", date), ("ts", text)]
    };
    let (day, month) = ("duckdb/auto/time_date_timestamp_dd-mm-yyyy.csv", "%d-%m-%Y");
    let (other, turned) = ("duckdb/auto/time_date_timestamp_mm-dd-yyyy.csv", "%m-%d-%Y");
    for (name, format, refused) in [
        (day, month, None),
        (other, turned, None),
        (day, turned, Some((Some(4), "Q103"))),
        (other, month, Some((Some(4), "Q103"))),
    ] {
        let fields = fields(format);
        let fields = fields.each_ref().map(|(name, keys)| (*name, keys.as_str()));
        let read = by_contract(&folder, name, "delimiter = [\",\"]", &fields);
        assert_eq!(said(&read).0, refused.into_iter().collect::<Vec<_>>(), "{name} {format}");
        let months: BTreeSet<_> =
            read.facts.iter().map(|fact| fact.key.period.to_string()).collect();
        let third = refused.is_none().then_some("2004-12");
        let expected = ["2000-01", "2002-02"].into_iter().chain(third).map(str::to_owned);
        assert_eq!(months, expected.collect(), "{name} {format}");
    }
}

#[test]
fn levels_in_columns_of_their_own_are_counted_once() {
    let Some(folder) = collection("torture") else {
        return;
    };
    let number = "type = \"number\"\ngroupChar = \",\"\nrole = \"amount\"";
    let text = "type = \"string\"";
    let fields = [("GF_ID", text), ("FN_ID", text), ("SF_ID", text), ("Gasto total 2011", number)];
    // Three levels, each with its code in a column of its own, a row of commas and a source. Sums
    // in hundredths of a million pesos, added apart; the levels differ by what they are rounded.
    for (level, lines, sum) in
        [("GF_ID", 3, 262_252_790), ("FN_ID", 24, 262_252_780), ("SF_ID", 87, 262_252_800)]
    {
        let dialect = "encoding = [\"windows-1252\"]\ndelimiter = [\",\"]\n[schema]\n\
                       fieldsMatch = \"subset\"\n";
        let rules = format!(
            "[[notData]]\nwhat = \"emptyRow\"\n\
             [[notData]]\nwhat = \"footnote\"\ncolumn = \"GF_ID\"\nstartsWith = [\"Fuente:\"]\n\
             [[notData]]\nwhat = \"subtotal\"\ncolumn = \"{level}\"\nempty = true"
        );
        let mut fields = fields;
        let amount = format!("{number}\n{rules}");
        fields[3].1 = &amount;
        let read = by_contract(&folder, "messytables/spanish_chars.csv", dialect, &fields);
        let not_data = vec![
            (NotData::Header, 1),
            (NotData::EmptyRow, 1),
            (NotData::Subtotal, 3 + 24 + 87 - lines),
            (NotData::Footnote, 1),
        ];
        assert_eq!(said(&read), (vec![], not_data, sum), "{level}");
    }
}

#[test]
fn no_case_is_left_out() {
    let Some(folder) = collection("torture") else {
        return;
    };
    let truth = truth(&folder);
    let names = |key: &str| truth[key].as_object().expect("cases").keys().cloned();
    let spectrum = names("csv_spectrum_with_expected_json").map(|n| format!("csv-spectrum/{n}"));
    let refused: Vec<String> = serde_json::from_value(truth["refuse"].clone()).expect("names");
    let covered: BTreeSet<String> = names("files")
        .chain(spectrum)
        .chain(refused)
        .chain(OURS.map(|(name, _)| name.to_owned()))
        .collect();
    let mut found = BTreeSet::new();
    let mut folders: Vec<PathBuf> = vec![folder.clone()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).expect("a folder").flatten() {
            let path = entry.path();
            let name = path.strip_prefix(&folder).expect("below").to_str().expect("UTF-8");
            if path.is_dir() {
                folders.push(path);
            } else if name != "_truth.json" && !name.starts_with("csv-spectrum/expected/") {
                found.insert(name.to_owned());
            }
        }
    }
    assert_eq!(found, covered);
}
