//! Small files in many dialects: what is proposed for each, and that the proposal runs.

use crate::collect::{Ingested, ingest};
use crate::contract::compile;
use crate::contract::compiled::Contract;
use crate::contract::terms::Terms;
use crate::domain::error::Error;
use crate::domain::folder::Folder;
use crate::domain::language::Language;
use crate::domain::privacy::may_hold_cpr;
use crate::domain::quarantine::Reason;
use crate::sniff::column::ProposedColumn;
use crate::sniff::sniffed::Sniffed;
use crate::sniff::values::CellForm;
use crate::sniff::words::role_word;
use crate::sniff::{render, sniff};
use crate::source::bounds::FREE;
use crate::source::content::Delivery;
use encoding_rs::WINDOWS_1252;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::io::{self, Read as _};
use std::sync::Arc;

const SPENDING: &str = "Myndighed;Bogføringsdato;Konto;Tekst;Beløb\r\n\
    0751;27-01-2016;18.11;Løn, sagsbehandling;8.538.989,60\r\n\
    0751;03-01-2016;22.60;\"Køb; hos andre\";-1.122,80\r\n\
    0751;13-02-2016;22.60;;12,00\r\n";

fn look(name: &str, bytes: &[u8]) -> Sniffed {
    sniff(name, &bytes.to_vec()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The contract proposed for a file, compiled by the room that runs contracts.
fn compiled(name: &str, bytes: &[u8]) -> Result<Vec<Contract>, Error> {
    compile_text(render(&look(name, bytes), name, Language::Da))
}

/// The same, every question answered by what was proposed.
fn decided(name: &str, bytes: &[u8]) -> Result<Vec<Contract>, Error> {
    let text = render(&look(name, bytes), name, Language::Da);
    let lines = text.split_inclusive('\n').filter(|line| !line.starts_with("undecided = "));
    compile_text(lines.collect())
}

fn compile_text(text: String) -> Result<Vec<Contract>, Error> {
    let files = BTreeMap::from([("contracts/proposed.toml".to_owned(), text.into_bytes())]);
    let month = |text: &str| text.parse().expect("a month");
    let terms = Terms { first: month("1990-01"), last: month("2090-12"), ..Terms::unknown() };
    compile(&Folder { name: "p".into(), files }, &Arc::new(terms))
}

/// What becomes of a file under the contract proposed for it.
fn read_back(name: &str, bytes: &[u8]) -> Ingested {
    let contracts = compiled(name, bytes).unwrap_or_else(|error| panic!("{error}"));
    let delivery = Delivery { name: name.to_owned(), content: Box::new(bytes.to_vec()) };
    ingest(&contracts, &[delivery], &|| ()).expect("memory reads")
}

fn field<'a>(sniffed: &'a Sniffed, heading: &str) -> &'a ProposedColumn {
    sniffed.fields.iter().find(|field| field.heading == heading).expect("the column")
}

/// The keys of what a person must decide about a column.
fn checks(field: &ProposedColumn) -> Vec<&'static str> {
    field.notes.iter().filter(|note| note.check).map(|note| note.key).collect()
}

#[test]
fn a_danish_ledger_in_many_dialects_is_read_to_the_oere() {
    let windows = WINDOWS_1252.encode(SPENDING).0.into_owned();
    let tabs = SPENDING.replace("Køb; hos", "Køb hos").replace(';', "\t");
    let marked = format!("\u{feff}{SPENDING}");
    let lone = SPENDING.replace("\r\n", "\r");
    for (name, bytes, encoding, delimiter) in [
        ("utf-8", SPENDING.as_bytes(), "utf-8", ';'),
        ("marked", marked.as_bytes(), "utf-8", ';'),
        ("windows", &windows, "windows-1252", ';'),
        ("tabs", tabs.as_bytes(), "utf-8", '\t'),
        ("lone CR", lone.as_bytes(), "utf-8", ';'),
    ] {
        let sniffed = look("forbrug.csv", bytes);
        assert_eq!(sniffed.encoding.value, encoding, "{name}");
        assert_eq!(sniffed.delimiter.value, delimiter, "{name}");
        let roles: Vec<_> = sniffed.fields.iter().map(|field| field.role.map(role_word)).collect();
        let expected = [Some("authority"), Some("period"), Some("account"), None, Some("amount")];
        assert_eq!(roles, expected, "{name}");
        let account = &read_back("forbrug.csv", bytes).accounts[0];
        assert_eq!((account.lines_read, account.lines_accepted), (3, 3), "{name}");
        // 853898960 - 112280 + 1200
        assert_eq!(account.accepted.get(), 853_787_880, "{name}");
    }
}

#[test]
fn british_dialects_are_read_to_the_penny() {
    let text = "Department,Payment Date,Supplier,Amount\n\
        GDS,2013-04-02,\"A, B and C\",\"12,700.50\"\n\
        GDS,2013-05-22,D,(0.25)\n\
        GDS,2013-05-13,E,-3.00\n";
    let account = &read_back("spend-2013-04.csv", text.as_bytes()).accounts[0];
    assert_eq!((account.lines_accepted, account.accepted.get()), (3, 1_269_725));
    let quoted = "Body;Date paid;Net amount\n'GD;S';'17/03/2018';1.00\n'GDS';'18/03/2018';2.50\n";
    let sniffed = look("x.csv", quoted.as_bytes());
    assert_eq!((sniffed.delimiter.value, sniffed.quote.value), (';', '\''));
    assert_eq!(sniffed.vat, "net");
}

#[test]
fn thousands_or_decimals_are_never_decided_in_silence() {
    let file = |cells: &[&str]| {
        let lines: Vec<_> = cells.iter().map(|cell| format!("A;31-03-2019;{cell}\n")).collect();
        format!("Myndighed;Dato;Beløb\nA;31-01-2019;{}\n{}", cells[0], lines.concat())
    };
    for (cells, decimal, group, check) in [
        (&["1.234", "12.345"][..], Some('.'), None, Some("either-open")),
        (&["1,234"], Some(','), None, Some("either-open")),
        (&["1.234", "0,50"], Some(','), Some('.'), None),
        (&["1.234", "1.234.567"], Some(','), Some('.'), None),
        (&["1,234,567"], None, Some(','), None),
        (&["1.50", "1.234.567"], Some('.'), None, Some("marks-mixed")),
        (&["1.234", "0.50"], Some('.'), None, Some("either-decimal")),
        (&["12", "13"], None, None, Some("decimal-unseen")),
        (&["1,50", "1.50", "1.234"], Some(','), None, Some("marks-mixed")),
    ] {
        let sniffed = look("f.csv", file(cells).as_bytes());
        let field = field(&sniffed, "Beløb");
        let CellForm::Number { decimal: found, group: marked, .. } = &field.form else {
            panic!("{cells:?}: {field:?}");
        };
        assert_eq!((*found, *marked), (decimal, group), "{cells:?}");
        let checks = checks(field);
        match check {
            Some(check) => assert!(checks.contains(&check), "{cells:?}: {checks:?}"),
            None => assert!(!checks.iter().any(|key| key.starts_with("either")), "{cells:?}"),
        }
    }
    // Until a person decides, such a cell is refused: it is posted neither as 1234 nor as 1.23.
    let account = &read_back("f.csv", file(&["1.234", "12.345"]).as_bytes()).accounts[0];
    assert_eq!((account.lines_accepted, account.lines_refused), (0, 3));
    assert!(!account.rejected);
}

#[test]
fn day_or_month_is_never_decided_in_silence() {
    let file = |dates: &[&str]| {
        let lines: Vec<_> = dates.iter().map(|date| format!("A,{date},1.50\n")).collect();
        format!("Department,Date,Amount\n{}", lines.concat())
    };
    for (dates, forms, check) in [
        (&["03/04/2018", "17/03/2018"][..], &["%d/%m/%Y"][..], None),
        (&["03/04/2018", "03/17/2018"], &["%m/%d/%Y"], None),
        (&["03/04/2018", "05/06/2018"], &["%Y-%m-%d"], Some("dates-open")),
        (&["03/17/2018", "17/03/2018"], &["%Y-%m-%d"], Some("dates-clash")),
        (&["2018-03-17", "17/03/2018"], &["%Y-%m-%d", "%d/%m/%Y"], None),
        (&["2018-12", "2018-13"], &["%Y-%P"], Some("period-13")),
        (&["201812", "201901"], &["%Y%m"], Some("dates-bare")),
    ] {
        let sniffed = look("f.csv", file(dates).as_bytes());
        let field = field(&sniffed, "Date");
        let expected = CellForm::Date(forms.iter().map(|form| (*form).to_owned()).collect());
        assert_eq!(field.form, expected, "{dates:?}");
        assert_eq!(checks(field).first().copied(), check, "{dates:?}");
    }
    let account = &read_back("f.csv", file(&["03/04/2018", "05/06/2018"]).as_bytes()).accounts[0];
    assert_eq!((account.rejected, account.lines_accepted, account.lines_refused), (false, 0, 2));
}

#[test]
fn a_personal_number_is_counted_and_never_printed() {
    let text = "Myndighed;Dato;Ref;Note;Beløb\n\
        A;31-01-2019;010180-1234;set 0101801234\t;1,00\n\
        A;31-01-2019;3112994321;010180\t1234 010180\u{200b}1234;2,00\n";
    let sniffed = look("010180-1234.csv", text.as_bytes());
    assert_eq!(checks(field(&sniffed, "Ref")), ["personal"]);
    for language in Language::ALL {
        let printed = render(&sniffed, "010180-1234.csv", language);
        assert!(!may_hold_cpr(printed.as_bytes()), "{printed}");
        assert!(!printed.contains("1234"), "{printed}");
    }
    let headed = "010180-1234;Dato;Beløb\nx;31-01-2019;1,00\n";
    let printed = render(&look("f.csv", headed.as_bytes()), "f.csv", Language::En);
    assert!(printed.contains("CHECK: headings that may hold a personal number: 1"), "{printed}");
    assert!(!printed.contains("1234"), "{printed}");
}

#[test]
fn what_stands_between_the_data_is_told() {
    let text = "Udtræk ekskl. moms;;\nPeriode:;2019;\nMyndighed;Dato;Beløb i kr.;\n\
        A;31-01-2019;1,00;\nA;28-02-2019;..;\n;;;\nMyndighed;Dato;Beløb i kr.;\nA;31-01-2019;2,00;;;\n\
        I alt;;3,00;\nA;31-01-2019\nB;30-01-2019;-;\n";
    let sniffed = look("f.csv", text.as_bytes());
    assert_eq!(sniffed.header.value, Some(3));
    assert_eq!(sniffed.vat, "net");
    assert_eq!(sniffed.missing.value, ["", ".."]);
    let rows: Vec<_> = sniffed.rows.iter().map(|note| note.key).collect();
    assert_eq!(rows, ["rows-empty", "rows-header", "rows-short", "rows-total", "rows-trailing"]);
    let printed = render(&sniffed, "f.csv", Language::Da);
    // Two lines with an amount and one that says it has none; a total, a short line and a dash do
    // not pass.
    let account = &read_back("f.csv", text.as_bytes()).accounts[0];
    let lines = (account.lines_read, account.lines_accepted, account.accepted.get());
    assert_eq!((account.rejected, lines), (false, (6, 3, 300)));
    for said in [
        "headerRows = [3]",
        "surplusCells = \"ignoreEmpty\"",
        "# CHECK: linjer før overskriften: 2.",
        "# CHECK: linjer, der ligner summer: 1 (linje 9).",
        "# CHECK: felter med en streg alene: 1.",
        "# Kolonner uden overskrift til sidst: 1.",
    ] {
        assert!(printed.contains(said), "{said}\n{printed}");
    }
}

#[test]
fn files_that_are_no_tables_are_turned_away_by_name() {
    let png = b"\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0\x03\n\x08\0";
    for (name, bytes, said) in [
        ("f.csv", &b""[..], "`f.csv` is empty"),
        ("f.xlsx", b"", "`f.xlsx` is empty"),
        ("f.zip", b"", "`f.zip` is empty"),
        ("f.csv", b"PK\x03\x04", "`f.csv` is no table of text but zip\nhelp: name it by"),
        ("f.csv", b"\x1F\x8B\x08", "`f.csv` is no table of text but gzip\nhelp: name it by"),
        ("f.csv", b"<!DOCTYPE html><html>", "`f.csv` is no table of text but HTML\nhelp: it may"),
        ("f.csv", png, "`f.csv` is no table of text but binary\nhelp: save it as CSV"),
        ("f.xls", b"\xD0\xCF\x11\xE0", "`f.xls` is no table of text but Excel 97\nhelp: open"),
        ("f.csv.gz", b"a;b\n1;2\n", "`f.csv.gz` is damaged, cut short or no gzip"),
        ("f.csv.zst", b"a;b\n1;2\n", "`f.csv.zst` is damaged, cut short or no zstd"),
        ("f.zip", b"PK\x03\x04", "`f.zip` is damaged, cut short or no zip"),
        ("f.xlsx", b"a;b\n1;2\n", "`f.xlsx` is named .xlsx and is CSV\nhelp: give it the ending"),
        ("f.csv", b"\xFF\xFEa\0\n\0\x01\0", "`f.csv` is in no encoding that is read: line"),
        (
            "f.csv",
            b"Rettes i fil;Linje;Aftryk;Kode;x\n",
            "`f.csv` is a correction pack\nhelp: deliver it",
        ),
    ] {
        let error = sniff(name, &bytes.to_vec()).expect_err(said).to_string();
        assert!(error.starts_with(said), "{error}");
    }
}

#[test]
fn what_grows_beyond_belief_is_not_looked_at() {
    let blank = io::repeat(b'\n').take(FREE + 4_000_000);
    let bomb = zstd::stream::encode_all(blank, 1).expect("memory writes");
    let error = sniff("f.csv.zst", &bomb).expect_err("it is a bomb").to_string();
    assert!(error.contains("the bound `unpacked_ratio` is 100"), "{error}");
}

#[test]
fn the_sample_files_of_the_project_run_as_proposed() {
    let usage = "Myndighed;Måned;Ydelse;Kanal;Påbegyndt;Gennemført;Timer\n\
        1084;2018-01;HENV;selvbetjening;20578;19599;196,62\n\
        1084;2018-01;HENV;telefon;6.329;5591;839,15\n";
    let sniffed = look("1084-2018.csv", usage.as_bytes());
    assert_eq!(checks(field(&sniffed, "Påbegyndt")), ["either-file"]);
    let account = &read_back("1084-2018.csv", usage.as_bytes()).accounts[0];
    assert_eq!((account.lines_read, account.lines_accepted), (2, 2));
}

/// Problems a proposal may have: what the file does not carry, and what it does not decide.
fn is_asked(problem: &str) -> bool {
    let lacking = [
        "no column says which period a line concerns",
        "no column is a measure",
        "nothing says which century %y is in",
    ];
    lacking.contains(&problem) || problem.ends_with(" is undecided")
}

/// A heading of two lines that could be the amount as well is asked about on one.
#[test]
fn a_heading_in_a_question_does_not_leave_its_comment() {
    let text = "Antal sager;Beløb;\"Beløb\nx\u{7f}\"\n1;1.234,00;1.234,00\n2;2,50;2,50\n";
    let printed = render(&look("a.csv", text.as_bytes()), "a.csv", Language::Da);
    let read = crate::contract::compile::keys(&printed);
    assert!(read.is_ok(), "{}\n{printed}", read.expect_err("it is not"));
    assert!(printed.contains("Beløb⏎x"), "{printed}");
}

/// Holds a proposal to what is promised of every one.
fn holds(name: &str, bytes: &[u8]) -> Result<(), TestCaseError> {
    let Ok(sniffed) = sniff(name, &bytes.to_vec()) else {
        return Ok(());
    };
    for language in Language::ALL {
        let printed = render(&sniffed, name, language);
        let read = crate::contract::compile::keys(&printed);
        prop_assert!(read.is_ok(), "{}\n{}", read.expect_err("it is not"), printed);
        let personal = printed.lines().find(|line| may_hold_cpr(line.as_bytes()));
        prop_assert!(personal.is_none(), "{:?}\n{}", personal, printed);
    }
    if let Err(Error::Pipeline { problems }) = compiled(name, bytes) {
        prop_assert!(problems.iter().all(|one| is_asked(&one.problem)), "{:?}", problems);
    }
    let contracts = match decided(name, bytes) {
        Ok(contracts) => contracts,
        Err(Error::Pipeline { problems }) => {
            prop_assert!(problems.iter().all(|one| is_asked(&one.problem)), "{:?}", problems);
            return Ok(());
        }
        Err(error) => return Err(TestCaseError::fail(error.to_string())),
    };
    // Where there is a header, the layout proposed is the layout read.
    if sniffed.header.value.is_some() {
        let delivery = Delivery { name: name.to_owned(), content: Box::new(bytes.to_vec()) };
        let ingested = ingest(&contracts, &[delivery], &|| ()).expect("memory reads");
        let headed = !ingested.quarantine.iter().any(|refused| {
            matches!(
                refused.fault.reason,
                Reason::MissingColumn { .. }
                    | Reason::UnknownColumn { .. }
                    | Reason::RepeatedColumn { .. }
                    | Reason::NoContract {}
            )
        });
        prop_assert!(headed, "{:?}", ingested.quarantine);
    }
    Ok(())
}

#[test]
fn numbers_without_a_role_and_lines_taken_back_are_asked_about() {
    let text = "Myndighed;Måned;Status;Beløb;Antal breve\n\
                0751;2016-01;Bogført;1000,00;30\n0751;2016-02;Annulleret;2000,00;40\n";
    let sniffed = look("f.csv", text.as_bytes());
    assert_eq!(checks(field(&sniffed, "Antal breve")), ["number-idle"]);
    assert!(checks(field(&sniffed, "Beløb")).contains(&"measure-cancelled"));
    assert!(compiled("f.csv", text.as_bytes()).is_err(), "nobody has said whether they count");
    let booked = text.replace("Annulleret", "Bogført");
    assert!(
        !checks(field(&look("f.csv", booked.as_bytes()), "Beløb")).contains(&"measure-cancelled")
    );
    let all = "Myndighed;Måned;Ydelse;Beløb\n0751;2016-01;S;1000,00\n0751;2016-01;Alle;1000,00\n";
    assert_eq!(look("f.csv", all.as_bytes()).undecided, ["totals"]);
}

#[test]
fn a_measure_that_is_a_part_of_another_is_proposed_as_that() {
    let text = "Myndighed;Måned;Ydelse;Gennemført;Digitale;Tilfredse;Svar\n\
                0751;2016-01;S;30;20;4;5\n0751;2016-02;S;30;20;4;5\n";
    let proposed = compiled("f.csv", text.as_bytes()).expect("a contract");
    assert_eq!(proposed[0].parts.len(), 2);
    let alone = text.replace("Svar", "Vejr");
    assert_eq!(compiled("f.csv", alone.as_bytes()).expect("a contract")[0].parts.len(), 1);
}

proptest! {
    #[test]
    fn any_bytes_are_borne(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        holds("f.csv", &bytes)?;
    }

    #[test]
    fn any_table_gives_a_contract_without_personal_numbers(
        name in "[a-z0-9{} .-]{1,24}",
        text in "((Dato|Beløb|Myndighed|[0-9]{6}[- \t\u{200b}\u{a0}]?[0-9]{4}|[0-9.,-]{0,9}|[\"'a\\\\#æ\u{7f}]{0,3})[;,\n\t]){0,60}",
    ) {
        holds(&name, text.as_bytes())?;
    }

    #[test]
    fn a_table_with_a_header_is_read_by_the_layout_proposed(
        mark in prop::sample::select(vec![";", ",", "\t", "|"]),
        headings in prop::sample::subsequence(
            vec!["Myndighed", "Dato", "Beløb", "Tekst", "Konto", "Antal sager", "\"a b\"", ""], 2..8,
        ),
        rows in prop::collection::vec(
            prop::collection::vec(
                prop::sample::select(vec![
                    "", "0751", "31-01-2019", "01-02-2019", "2019-13", "1.234", "12,50", "-3", "(1,00)",
                    "\"x\ny\"", "\"open", "..", "-", "I alt", "010180-1234", "kr. 5", "æ",
                ]),
                2..8,
            ),
            1..8,
        ),
    ) {
        let lines: Vec<_> = rows.iter().map(|row| row.join(mark)).collect();
        let text = format!("{}\n{}\n", headings.join(mark), lines.join("\n"));
        holds("f.csv", text.as_bytes())?;
    }
}
