//! Text that would act on what reads along: terminals, browsers, spreadsheets, runners of jobs.
//! Wherever a sender can put it, it comes out as text.

use crate::fixture::{Ran, RunFixture, TABLES, binary, ran, tree};
use crate::kit::zip;
use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};
use zip::ZipArchive;

/// What a runner, a terminal or a reader's eye would obey.
const ACTS: [&str; 17] = [
    "\n::error::x",
    "\r\n  ::warning::x",
    "::set-output name=a::b",
    "##vso[task.complete]",
    "##[error]x",
    "##teamcity[x]",
    "\u{1b}[2J",
    "\u{9b}2J\u{7f}",
    "\u{202e}fdp",
    "\u{2066}\u{200f}\u{61c}",
    "\u{2028}::add-mask::x",
    "\u{200b}\u{ad}\u{feff}",
    "#\u{200b}#vso[x]",
    "\u{e0041}\u{3164}",
    "\u{7}\t\u{8}",
    "-1+1;=2",
    "＝1;＋2,－3\t＠4",
];

/// A pipeline that takes any authority and any service.
pub(crate) const PIPELINE: [(&str, &str); 6] = [
    (
        "pipeline.toml",
        "languages = [\"da\", \"en\"]\n[name]\nda = \"P\"\nen = \"P\"\n\
         [period]\nfirst = \"2016-01\"\nlast = \"2020-12\"\n\
         [currency]\ncode = \"DKK\"\nunit.da = \"kr.\"\nunit.en = \"kr.\"\n\
         [deliveries]\nfolder = \"d\"\nsynthetic = true\n\
         [limits]\nnot_worse = [\"lines\"]\n\
         [authorities]\nopen = true\n[services]\nopen = true\n\
         [services.defaults]\ninitiative = \"i1\"\ncost_type = \"general\"\nbaseline = \"2016\"\n\
         [prices]\nbasis = \"current\"\nsource = \"ingen\"\n",
    ),
    TABLES[0],
    TABLES[1],
    TABLES[2],
    (
        "contracts/a.toml",
        "title.da = \"F\"\ntitle.en = \"S\"\n[files]\n\
         names = [\"{authority}-f.csv\", \"s-{any}.csv\", \"{any}/s-{any}.csv\"]\n\
         [dialect]\nencoding = [\"utf-8\"]\ndelimiter = [\";\"]\n\
         [schema]\nfieldsMatch = \"equal\"\n\
         [[schema.fields]]\nname = \"Myndighed\"\ntype = \"string\"\nrole = \"authority\"\n\
         [[schema.fields]]\nname = \"Måned\"\ntype = \"yearmonth\"\nformat = [\"%Y-%m\"]\n\
         role = \"period\"\n\
         [[schema.fields]]\nname = \"Ydelse\"\ntype = \"string\"\nrole = \"service\"\n\
         [[schema.fields]]\nname = \"Konto\"\ntype = \"string\"\nrole = \"account\"\n\
         [[schema.fields]]\nname = \"Kanal\"\ntype = \"string\"\nrole = \"channel\"\n\
         [[schema.fields]]\nname = \"Initiativ\"\ntype = \"string\"\nrole = \"initiative\"\n\
         [[schema.fields]]\nname = \"Tekst\"\ntype = \"string\"\n\
         [[schema.fields]]\nname = \"Beløb\"\ntype = \"number\"\ndecimalChar = \",\"\n\
         role = \"amount\"\nconstraints.required = true\n\
         [[schema.foreignKeys]]\nfields = \"Initiativ\"\n\
         reference = { resource = \"initiatives\", fields = \"id\" }\n",
    ),
    (
        "contracts/k.toml",
        "title.da = \"K\"\ntitle.en = \"K\"\n[files]\n\
         names = [\"kontrol/{authority}.csv\", \"kontrol/{authority}.xlsx\"]\n\
         [dialect]\nsheetName = \"Forbrug\"\n\
         [[schema.fields]]\nname = \"Måned\"\ntype = \"yearmonth\"\nformat = [\"%Y-%m\"]\n\
         role = \"period\"\n\
         [[schema.fields]]\nname = \"Beløb\"\ntype = \"number\"\ndecimalChar = \",\"\n\
         role = \"amount\"\n\
         [[control]]\nfile = \"kontrol/kontrol.csv\"\nheadings = [\"Fil\", \"Linjer\", \"Sum\"]\n",
    ),
];

/// The headings of its deliveries.
pub(crate) const HEADER: &str = "Myndighed;Måned;Ydelse;Konto;Kanal;Initiativ;Tekst;Beløb\n";

/// A cell in quotes, which may hold any text.
fn cell(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A fixture with each text in every place a sender has.
fn fixture() -> RunFixture {
    let fixture = RunFixture::new().with_pipeline(&PIPELINE);
    for (number, text) in ACTS.iter().enumerate() {
        let quoted = cell(text);
        let fine = format!("0101;2018-03;S;K;web;i1;{quoted};1,00\n");
        fixture.deliver(&format!("s-{number}{text}.csv"), format!("{HEADER}{fine}"));
        fixture.deliver(&format!("s-{text}x.csv"), format!("{HEADER}0101;2018-03;S;;;;;x\n"));
        fixture.deliver(&format!("{text}/s-a.csv"), "");
        fixture.deliver(&format!("{text}-f.csv"), format!("{HEADER}0101;2018-03;S;;;;;1,00\n"));
        fixture.deliver(&format!("{text}.csv"), "unknown");
        let lines = [
            format!("{quoted};2018-03;S;K;web;i1;t;1,00\n"),
            format!("0101;2018-03;{quoted};K;web;i1;t;1,00\n"),
            format!("0101;2018-03;S;{quoted};web;i1;t;1,00\n"),
            format!("0101;2018-03;S;K;{quoted};i1;t;1,00\n"),
            format!("0101;2018-03;S;K;web;{quoted};t;1,00\n"),
            format!("0101;2018-03;S;K;web;i1;t;{quoted}\n"),
            format!("0101;{quoted};S;K;web;i1;t;1,00\n"),
            format!("{quoted};2018-03;S;K;web;i1;{quoted};\n"),
            format!("{quoted};2018-03\n"),
        ];
        fixture.deliver(&format!("s-cells-{number}.csv"), format!("{HEADER}{}", lines.concat()));
        let header = HEADER.trim_end();
        fixture.deliver(&format!("s-head-{number}.csv"), format!("{header};{quoted}\n{fine}"));
        let stated = format!("Fil;Linjer;Sum\n{quoted};1;1,00\nx;{quoted};1,00\nx;1;{quoted}\n");
        fixture.deliver(&format!("{number}/kontrol/kontrol.csv"), &stated);
        if number == 0 {
            fixture.deliver("kontrol/kontrol.csv", &stated);
        }
        fixture.deliver(&format!("kontrol/{number}.xlsx"), workbook(text));
        fixture.deliver(&format!("z-{number}.zip"), zip(&[(&format!("s-{text}y.csv"), "")]));
    }
    fixture
}

/// A workbook of one sheet with this name, as far as XML can hold it.
fn workbook(sheet: &str) -> Vec<u8> {
    let name: String = sheet.chars().filter(|letter| *letter >= ' ').collect();
    let book = format!(
        "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\
         <sheets><sheet name=\"{name}\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let relations = |kind: &str, to: &str| {
        format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
             <Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/\
             relationships/{kind}\" Target=\"{to}\"/></Relationships>"
        )
    };
    zip::<&str>(&[
        ("_rels/.rels", &relations("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", &book),
        ("xl/_rels/workbook.xml.rels", &relations("worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", "<worksheet><sheetData/></worksheet>"),
    ])
}

/// Whether a character is one that no reader sees, by their numbers.
fn acts(letter: char) -> bool {
    let hidden = [
        0x00..=0x1F,
        0x7F..=0x9F,
        0xAD..=0xAD,
        0x61C..=0x61C,
        0x200B..=0x200F,
        0x2028..=0x202E,
        0x2060..=0x206F,
        0x3164..=0x3164,
        0xFEFF..=0xFEFF,
        0xE0000..=0xE0FFF,
    ];
    hidden.iter().any(|range| range.contains(&u32::from(letter)))
}

/// Everything printed is lines of plain text that call no runner.
fn holds(said: &Ran, of: &str) {
    for line in said.out.lines().chain(said.err.lines()) {
        assert!(!line.trim_start().starts_with("::"), "{of}: {line:?}");
        for mark in ["##[", "##vso[", "##teamcity[", "::", "##"] {
            assert!(!line.contains(mark), "{of}: {line:?}");
        }
        assert!(!line.contains(acts), "{of}: {line:?}");
    }
}

/// No file holds a hidden character, but for line ends, and a byte order mark in front.
fn shows(name: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    // What was delivered in several lines stands so in a pack's cells, and a tab stays a tab.
    let pack = |letter: char| name.starts_with("rettelser/") && letter == '\t';
    let found = text.find(|letter: char| letter != '\n' && acts(letter) && !pack(letter));
    let around = found.map(|at| text[..at].chars().rev().take(80).collect::<String>());
    assert_eq!(around, None, "{name}, read backwards");
}

/// No cell of a CSV begins a formula, whichever mark a spreadsheet splits the lines at. A negative
/// number is none.
fn counts(name: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}');
    for cell in text.split([';', ',', '\t', '\r', '\n']) {
        let begin = cell.trim_start_matches(|letter: char| letter == '"' || letter.is_whitespace());
        let digits = begin.strip_prefix('-').unwrap_or(begin);
        let number = digits.starts_with(|letter: char| letter.is_ascii_digit())
            && digits.chars().all(|letter| letter.is_ascii_digit() || letter == '.');
        let formula = begin.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
        assert!(number || !formula, "{name}: {cell}");
    }
}

#[test]
fn nothing_delivered_acts_on_what_is_printed_or_written() {
    let fixture = fixture();
    let run = fixture.run(&[]);
    holds(&run, "run");
    assert_eq!(run.code, 3, "{}{}", run.out, run.err);
    let receipt = fixture.path("report/receipt.json").display().to_string();
    let again = fixture.run(&["--previous", &receipt]);
    holds(&again, "run after run");
    let mut written = 0;
    for (name, bytes) in fixture.report() {
        if !name.ends_with(".parquet") {
            shows(&name, &bytes);
            written += 1;
        }
        if std::path::Path::new(&name).extension().is_some_and(|ending| ending == "csv") {
            counts(&name, &bytes);
        }
    }
    assert!(written > 20, "{written} files");

    let check = fixture.check_with_packs();
    holds(&check, "check");
    let codes = ["Q001", "Q005", "Q007", "Q009", "Q012", "Q014", "Q101", "Q103", "Q201", "Q304"];
    for code in codes {
        assert!(check.out.contains(code), "{code} is provoked");
    }
    for (name, bytes) in fixture.packs() {
        if bytes.starts_with(b"PK") {
            let mut book = ZipArchive::new(Cursor::new(bytes)).expect("a workbook");
            let mut sheet = String::new();
            let part = book.by_name("xl/worksheets/sheet1.xml");
            part.expect("a sheet").read_to_string(&mut sheet).expect("UTF-8");
            shows(&format!("rettelser/{name}"), sheet.as_bytes());
        } else {
            shows(&format!("rettelser/{name}"), &bytes);
            if std::path::Path::new(&name).extension().is_some_and(|ending| ending == "csv") {
                counts(&name, &bytes);
            }
        }
    }
    holds(&fixture.check_with(&["--language", "en"]), "check in English");
}

#[test]
fn a_pack_that_comes_back_under_such_a_name_acts_no_more() {
    let fixture = RunFixture::new().with_pipeline(&PIPELINE);
    fixture.change(
        "pipeline.toml",
        "[authorities]",
        "[corrections]\nfrom = \"anyone\"\n[authorities]",
    );
    for (number, text) in ACTS.iter().enumerate() {
        fixture.deliver(&format!("s-{number}{text}.csv"), format!("{HEADER};;;;;;;x{number}\n"));
    }
    fixture.check_with_packs();
    let pack = String::from_utf8(fixture.packs()["ukendt.csv"].clone()).expect("UTF-8");
    let row = |amount: &str| format!(";0101;2018-03;S;;;;;{amount}\r\n");
    for (number, text) in ACTS.iter().enumerate() {
        let amount = if number == 0 { "1,00" } else { text };
        let mended = (0..ACTS.len()).fold(pack.clone(), |pack, own| {
            pack.replace(&format!(";;;;;;;;x{own}\r\n"), &row(&cell(amount)))
        });
        fixture.deliver(&format!("{text}.csv"), mended);
    }
    let check = fixture.check();
    holds(&check, "check");
    assert_eq!(check.out.matches("corrected: ").count(), ACTS.len(), "{}", check.out);
    fixture.run(&[]);
    for (name, bytes) in fixture.report() {
        if !name.ends_with(".parquet") {
            shows(&name, &bytes);
        }
    }
}

#[test]
fn a_proposal_acts_on_nobody_and_names_what_was_delivered() {
    let fixture = fixture();
    let (mut files, mut headings) = (0, 0);
    for name in tree(&fixture.path("deliveries")).keys() {
        let file = fixture.path("deliveries").join(name);
        let said = ran(&binary().arg("sniff").arg(&file).output().expect("the binary starts"));
        holds(&said, name);
        files += 1;
        if said.code != 0 {
            continue;
        }
        let contract: toml::Table = said.out.parse().unwrap_or_else(|error| panic!("{error}"));
        let fields = contract["schema"]["fields"].as_array().expect("fields");
        let found: BTreeSet<&str> =
            fields.iter().filter_map(|field| field["name"].as_str()).collect();
        let number = name.strip_prefix("s-head-").and_then(|rest| rest.strip_suffix(".csv"));
        if let Some(number) = number {
            let text = ACTS[number.parse::<usize>().expect("a number")];
            let lines = text.contains(['\n', '\r']);
            assert!(lines || found.contains(text.trim()), "{name}: {text:?} in {found:?}");
            headings += 1;
        }
    }
    assert!(files > 100 && headings == ACTS.len(), "{files} files, {headings} headings");
}

#[test]
fn an_argument_acts_no_more_than_a_delivery() {
    let fixture = RunFixture::new();
    for text in ACTS {
        let text = format!("x{text} 010180-1234");
        for arguments in [
            &["run", &text][..],
            &["run", "pipeline", &format!("--x{text}")],
            &["check", "pipeline", "--jobs", &text],
            &["check", "pipeline", "--as-of", &text],
            &["sniff", &text],
            &["sniff", "x", "--language", &text],
            &[&text],
        ] {
            let said = binary().args(arguments).current_dir(fixture.path("")).output();
            let said = ran(&said.expect("the binary starts"));
            holds(&said, &text);
            assert!(said.code == 1 || said.code == 2, "{arguments:?}: {}", said.code);
            assert!(!said.err.contains("010180") && !said.err.is_empty(), "{}", said.err);
        }
    }
    let help = ran(&binary().args(["run", "--help"]).output().expect("the binary starts"));
    assert_eq!((help.code, help.err.as_str()), (0, ""));
    assert!(help.out.contains("--deliveries <DIR>"), "{}", help.out);
    let none = ran(&binary().output().expect("the binary starts"));
    assert_eq!((none.code, none.out.as_str()), (2, ""));
}

#[test]
fn two_deliveries_shown_alike_are_two() {
    let fixture = RunFixture::new().with_pipeline(&PIPELINE);
    let line = |month: &str| format!("{HEADER}0101;{month};S;K;web;i1;t;1,00\n");
    fixture.deliver("s-\u{1b}.csv", line("2018-03")).deliver("s-\u{202e}.csv", line("2018-04"));
    let run = fixture.run(&[]);
    assert!(run.out.contains("lines: 2 read = 2 posted"), "{}{}", run.out, run.err);
    let receipt: serde_json::Value =
        serde_json::from_slice(&fixture.report()["receipt.json"]).expect("JSON");
    let deliveries = receipt["deliveries"].as_array().expect("deliveries");
    let shown: Vec<_> = deliveries.iter().map(|one| one["name"].as_str()).collect();
    assert_eq!(shown, [Some("s-\u{fffd}.csv"); 2]);
    assert_ne!(deliveries[0]["blake3"], deliveries[1]["blake3"]);
}
