//! No personal number gets out: planted in every form and in every place, it is in no file and no
//! message of any command, whether its line is accepted or refused.

use crate::fixture::{Ran, RunFixture, TABLES, binary, ran, tree};
use crate::kit::{gzip, zip};
use crate::packed::{number, row, text, xlsx};
use std::collections::BTreeMap;
use std::io::Read as _;

const PIPELINE: [(&str, &str); 6] = [
    (
        "pipeline.toml",
        r#"
languages = ["da", "en"]
name = { da = "Prøve", en = "Trial" }
currency = { code = "DKK", unit = { da = "kr.", en = "kr." } }
deliveries = { folder = "deliveries", synthetic = true }
limits = { refused_lines_ppm = 1_000_000, refused_deliveries = 100 }
authorities = { open = true }
prices = { basis = "current", source = "-" }
[period]
first = "2019-01"
last = "2019-12"
[services]
open = true
defaults = { initiative = "i1", cost_type = "general", baseline = "2019" }
"#,
    ),
    (
        "contracts/spending.toml",
        r#"
title = { da = "Forbrug", en = "Spending" }
[files]
names = ["s-{any}.csv", "{authority}-of.csv", "s-{any}.xlsx", "{any}.zip/{any}.csv", "{any}/s-{any}.csv"]
supersede = "never"
[dialect]
encoding = ["utf-8", "utf-16", "windows-1252"]
escapeChar = "\\"
sheetName = "Forbrug"
[schema]
fieldsMatch = "subset"
[[schema.fields]]
name = "Myndighed"
type = "string"
role = "authority"
[[schema.fields]]
name = "Dato"
type = "date"
format = ["%Y-%m-%d"]
role = "period"
[[schema.fields]]
name = "Ydelse"
type = "string"
role = "service"
[[schema.fields]]
name = "Konto"
type = "string"
role = "account"
[[schema.fields]]
name = "Kanal"
type = "string"
role = "channel"
[[schema.fields]]
name = "Tekst"
type = "string"
constraints.maxLength = 60
[[schema.fields]]
name = "Beløb"
type = "number"
decimalChar = ","
role = "amount"
constraints.required = true
[[schema.fields]]
name = "Antal"
type = "integer"
role = "completed"
"#,
    ),
    (
        "contracts/checked.toml",
        r#"
title = { da = "Med kontroltal", en = "With control totals" }
[files]
names = ["c-{any}.csv"]
[schema]
fields = [
    { name = "Myndighed", type = "string", role = "authority" },
    { name = "Dato", type = "date", format = ["%Y-%m-%d"], role = "period" },
    { name = "Beløb", type = "number", decimalChar = ",", role = "amount" },
]
[[control]]
file = "kontrol-{any}.txt"
"#,
    ),
    TABLES[0],
    TABLES[1],
    TABLES[2],
];

const HEADER: &str = "Myndighed;Dato;Ydelse;Konto;Kanal;Tekst;Beløb;Antal;Andet";

/// Cells that hold.
const CELLS: [&str; 9] = ["0101", "2019-03-01", "BYG", "K1", "web", "t", "1,00", "2", "y"];

/// One number in the forms it is written in: the 15th of March 1985, or that day and 60.
const FORMS: [&str; 16] = [
    "150385-4321",
    "1503854321",
    "150385 4321",
    "750385-4321",
    "15-03-85-4321",
    "15.03.85.4321",
    "15 03 85 4321",
    "150385/4321",
    "150385_4321",
    "150385:4321",
    "15 0385-4321",
    "1503 85-4321",
    "１５０３８５-４３２１",
    "1\u{200b}50385\u{ad}4321",
    "150385\u{a0}\u{2013}\u{a0}4321",
    "150385\\-4321",
];

/// A line of these cells, but for one.
fn line(place: usize, cell: &str) -> String {
    let mut cells = CELLS.map(str::to_owned);
    cell.clone_into(&mut cells[place]);
    cells.join(";") + "\n"
}

/// Lines with a number in every cell of one that would be accepted, and of one that is refused.
fn lines(form: &str) -> String {
    let mut lines = String::new();
    for place in 0..CELLS.len() {
        lines += &line(place, form);
        lines += &line(place, form).replace("1,00", "intet beløb");
        lines += &line(place, &format!("før {form}, efter"));
    }
    lines += &line(8, &format!("y;{form}"));
    let uneven = format!("0101;{form}\n\"0101;{form}\n");
    lines + &uneven + &line(0, "0101")
}

fn deliveries() -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for (at, form) in FORMS.into_iter().enumerate() {
        let whole = format!("{HEADER}\n{}", lines(form));
        files.insert(format!("s-{at}.csv"), whole.clone().into_bytes());
        files.insert(
            format!("s-head-{at}.csv"),
            format!("{HEADER};{form}\n{}", line(0, "0101")).into(),
        );
        files.insert(format!("s-missing-{at}.csv"), format!("Myndighed;{form}\nx;y\n").into());
        files.insert(
            format!("kontrol-{at}.txt"),
            format!("file;lines;sum\n{form};1;1,00\nx.csv;{form};1,00\nx.csv;1;{form}\n").into(),
        );
    }
    let dash = format!("{HEADER}\n{}", lines(FORMS[0]));
    files.insert("s-packed.csv.gz".into(), gzip(&dash));
    files.insert(
        "150385-4321.zip".into(),
        zip(&[("s-150385-4321.csv", &dash), ("150385-4321/x.csv", &dash)]),
    );
    files.insert("mappe 150385-4321/s-x.csv".into(), dash.clone().into());
    files.insert("1503854321-of.csv".into(), dash.clone().into());
    files.insert("s-wide.csv".into(), wide(&dash));
    files.insert("s-single.csv".into(), encoding_rs::WINDOWS_1252.encode(&dash).0.into_owned());
    // Two cells side by side, both of which would be ids; and beside an amount that cannot be read.
    let apart = line(3, "150385").replace("web", "8765");
    let refused = line(6, "intet beløb").replace("K1;web", "150385;8765");
    let amount =
        line(5, "150385").replace("1,00", "8765").replace("BYG", "").replace("2019-03", "2019-33");
    files.insert("s-apart.csv".into(), format!("{HEADER}\n{apart}{refused}{amount}").into());
    files.insert("s-typed.xlsx".into(), workbook());
    files.insert("150385-4321.txt".into(), "x".into());
    files.insert("beside.csv".into(), "a;b;c\n150385;4321;10,00\n".into());
    files
}

fn wide(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

/// A number whose zero in front was lost, typed as an account; and one as a text, an amount, a
/// service.
fn workbook() -> Vec<u8> {
    let columns = ["A", "B", "C", "D", "E", "F", "G", "H"];
    let cells = |at: u32, replaced: usize, cell: String| {
        let cells = columns.into_iter().zip(CELLS).enumerate().map(|(place, (column, value))| {
            let at = format!("{column}{at}");
            match place {
                place if place == replaced => cell.clone(),
                6 => number(&at, "1"),
                7 => number(&at, "2"),
                _ => text(&at, value),
            }
        });
        row(at, &cells.collect::<Vec<_>>())
    };
    let head: Vec<String> = columns
        .into_iter()
        .zip(HEADER.split(';'))
        .map(|(column, name)| text(&format!("{column}1"), name))
        .collect();
    let rows = [
        row(1, &head),
        cells(2, 3, number("D2", "503854321")),
        cells(3, 3, number("D3", "1503854321")),
        cells(4, 6, number("G4", "1503854321")),
        cells(5, 5, text("F5", "150385-4321")),
        cells(6, 2, text("C6", "50385-4321")),
        cells(7, 6, text("G7", "150385-4321")),
    ];
    xlsx(&rows.concat())
}

/// Whether a text holds a planted number: the last four digits, which nothing else has; or, of the
/// number in two cells, the date and they side by side. Hashes are left out.
fn leaks(text: &str) -> Option<String> {
    let words = text.split(|letter: char| !letter.is_ascii_hexdigit());
    let is_hash = |word: &&str| word.len() > 15 && word.chars().any(char::is_alphabetic);
    let text = words.filter(is_hash).fold(text.to_owned(), |text, hash| text.replace(hash, ""));
    let apart = |at: usize| {
        let behind = text[at + 6..].trim_start_matches(|letter: char| !letter.is_alphanumeric());
        behind.starts_with("8765")
    };
    let together = || text.match_indices("150385").map(|(at, _)| at).find(|at| apart(*at));
    let shown = ["4321", "４３２１"].into_iter().find_map(|digits| text.find(digits));
    let shown = shown.or_else(together)?;
    let from = text[..shown].char_indices().rev().nth(60).map_or(0, |(at, _)| at);
    Some(text[from..].chars().take(120).collect())
}

/// Every text in a file: itself, or what is packed in it.
fn texts(bytes: &[u8]) -> Vec<String> {
    let Ok(mut zip) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) else {
        return vec![String::from_utf8_lossy(bytes).into_owned()];
    };
    let parts = zip.len();
    let part = |at: usize| {
        let mut text = String::new();
        zip.by_index(at).expect("a part").read_to_string(&mut text).expect("a text");
        text
    };
    (0..parts).map(part).collect()
}

fn hold_tight(what: &str, bytes: &[u8]) {
    for text in texts(bytes) {
        assert_eq!(leaks(&text), None, "{what}");
    }
}

fn said(what: &str, ran: &Ran) {
    hold_tight(what, ran.out.as_bytes());
    hold_tight(what, ran.err.as_bytes());
}

#[test]
fn no_number_gets_out_whatever_its_form_and_place() {
    let fixture = RunFixture::new().with_pipeline(&PIPELINE);
    for (name, bytes) in deliveries() {
        fixture.deliver(&name, bytes);
    }
    let (facts, cache) = (fixture.path("facts.csv"), fixture.path("cache"));
    let arguments = ["--facts".as_ref(), facts.as_os_str(), "--cache".as_ref(), cache.as_os_str()];
    let arguments = arguments.map(|argument| argument.to_str().expect("a path in UTF-8"));
    let run = fixture.run(&["--cache", arguments[3]]);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    said("run", &run);
    let checked = fixture.check_with(&arguments);
    said("check", &checked);
    said("packs", &fixture.check_with_packs());
    for (name, bytes) in fixture.report().into_iter().chain(fixture.packs()) {
        hold_tight(&name, name.as_bytes());
        hold_tight(&name, &bytes);
    }
    hold_tight("facts", &std::fs::read(&facts).expect("the facts"));
    for (name, bytes) in tree(&cache) {
        hold_tight(&name, &bytes);
    }
    // The lines beside those with a number are read: one of each delivery, and no other.
    assert!(checked.out.contains("refused for Q401: "), "{}", checked.out);
    let posted = std::fs::read_to_string(&facts).expect("the facts");
    let accounts: Vec<&str> =
        posted.lines().skip(1).filter_map(|line| line.split(',').nth(7)).collect();
    assert!(
        !accounts.is_empty() && accounts.iter().all(|account| *account == "K1"),
        "{accounts:?}"
    );
}

#[test]
fn a_file_looked_at_shows_no_number() {
    let fixture = RunFixture::new();
    for (name, bytes) in deliveries() {
        fixture.deliver(&name, bytes);
        for language in ["da", "en"] {
            let mut command = binary();
            command
                .arg("sniff")
                .arg(fixture.path("deliveries").join(&name))
                .args(["--language", language]);
            said(&name, &ran(&command.output().expect("the binary starts")));
        }
    }
}

/// Names of which a part would be the authority's id, a pack that holds a number again and one that
/// gives it for a line, two figures of a control total, and two columns that are looked at.
#[test]
fn half_a_number_and_one_that_comes_back_are_not_shown() {
    let fixture = RunFixture::new().with_pipeline(&PIPELINE);
    let lines = [line(6, "intet beløb"), line(5, FORMS[0])].concat();
    fixture.deliver("s-a.csv", format!("{HEADER}\n{lines}"));
    fixture.deliver("150385-4321-of.csv", format!("{HEADER}\n{}", line(6, "intet beløb")));
    fixture.check_with_packs();
    let pack = String::from_utf8(fixture.packs()["0101.csv"].clone()).expect("UTF-8");
    let numbered = pack.replace("s-a.csv;2;", "s-a.csv;1503854321;");
    let again = pack.replace(&["[skjult]"; 9].join(";"), line(5, FORMS[0]).trim_end());
    assert!(numbered != pack && again != pack, "{pack}");
    for (at, pack) in [numbered, again].into_iter().enumerate() {
        fixture.deliver("0101.csv", pack);
        let checked = fixture.check_with_packs();
        said(&format!("pack {at}"), &checked);
        assert!(checked.out.contains("0101.csv:"), "the pack's line is listed\n{}", checked.out);
        for (name, bytes) in fixture.packs() {
            hold_tight(&name, name.as_bytes());
            hold_tight(&name, &bytes);
        }
    }
    for (name, bytes) in fixture.packs() {
        let texts = texts(&bytes).join("\n") + &name;
        assert!(!texts.contains("150385"), "{name}: {texts}");
    }
}

#[test]
fn a_heading_of_a_megabyte_costs_each_stopped_line_little() {
    let fixture = RunFixture::new().with_pipeline(&PIPELINE);
    let lines = line(8, FORMS[0]).repeat(20_000);
    let header = HEADER.replace("Andet", &"z".repeat(1_000_000));
    fixture.deliver("s-a.csv", format!("{header}\n{lines}"));
    // With the heading made safe anew for each line this took hours.
    let mut command = fixture.command("check", &fixture.path("deliveries"));
    let checked = ran(&command.output().expect("the binary starts"));
    assert!(checked.out.contains("refused for Q401: 20000"), "{}", &checked.out[..400]);
}

#[test]
fn a_stopped_line_names_its_column_or_its_heading() {
    let fixture = RunFixture::new().with_pipeline(&PIPELINE);
    let lines = [line(6, FORMS[0]), line(8, FORMS[0]), line(8, "y;150385-4321")].concat();
    fixture.deliver("s-a.csv", format!("{HEADER}\n{lines}"));
    let checked = fixture.check();
    for expected in [
        "s-a.csv:2: Q401 Beløb: ",
        "s-a.csv:3: Q401 Andet: ",
        "s-a.csv:4: Q401: ",
        "personalData = \"none\"",
    ] {
        assert!(checked.out.contains(expected), "{expected}\n{}", checked.out);
    }
}

#[test]
fn a_pipeline_can_say_that_undeclared_cells_hold_no_number() {
    let (_, contract) = PIPELINE[1];
    let contract = contract
        .replace("[schema]", "[schema]\nundeclared = { personalData = \"none\" }")
        .replace("[dialect]", "[dialect]\nsurplusCells = \"ignore\"");
    let mut pipeline = PIPELINE;
    pipeline[1].1 = &contract;
    let fixture = RunFixture::new().with_pipeline(&pipeline);
    let lines = [line(8, FORMS[0]), line(8, "y;150385-4321"), line(5, FORMS[0])].concat();
    fixture.deliver("s-a.csv", format!("{HEADER}\n{lines}"));
    let checked = fixture.check();
    assert!(
        checked.out.contains("3 read = 2 posted + 0 superseded + 1 refused"),
        "{}",
        checked.out
    );
}

/// A cell too many takes nothing from what the contract says of the others.
#[test]
fn a_declared_identifier_is_one_on_a_line_with_cells_to_spare() {
    let (_, contract) = PIPELINE[1];
    let contract = contract
        .replace("[dialect]", "[dialect]\nsurplusCells = \"ignore\"")
        .replace("role = \"account\"", "role = \"account\"\nformat = [\"document\"]");
    let mut pipeline = PIPELINE;
    pipeline[1].1 = &contract;
    let fixture = RunFixture::new().with_pipeline(&pipeline);
    let number = "1503854321";
    let lines = [line(3, number), line(3, number).replace(";y", ";y;z")].concat();
    fixture.deliver("s-a.csv", format!("{HEADER}\n{lines}"));
    let out = fixture.check().out;
    assert!(out.contains("2 read = 2 posted + 0 superseded + 0 refused"), "{out}");
}
