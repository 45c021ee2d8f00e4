//! Correction packs: to each authority what it must mend, as it delivered it, and safe to open.

use crate::fixture::{HEADER, RunFixture, root};
use crate::kit::gzip;
use calamine::{Data, Reader as _, Xlsx};
use gevinst::testing::collect::ingest;
use gevinst::testing::domain::{Error, Folder};
use gevinst::testing::ingest::reread_refused;
use gevinst::testing::run::define;
use gevinst::testing::source::Delivery;
use std::io::Cursor;

/// The pack's text without its byte order mark, line by line.
fn lines(bytes: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    let text = text.strip_prefix('\u{FEFF}').expect("a byte order mark");
    assert!(text.ends_with("\r\n"));
    text.trim_end_matches("\r\n").split("\r\n").map(str::to_owned).collect()
}

/// Line, code, column and the cells as delivered; the words between are for people.
fn short(line: &str) -> String {
    let cells: Vec<String> = csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .from_reader(line.as_bytes())
        .records()
        .flat_map(|record| record.expect("a record").iter().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let own = [&cells[0], &cells[1], &cells[3], &cells[4]].map(String::as_str).join(";");
    format!("{own} | {}", cells[7..].join(";"))
}

fn one_authority() -> RunFixture {
    let fixture = RunFixture::new();
    let file = [
        HEADER,
        "0751;01-03-2018;2018-03;BYG;2.1;22.65;Licens;48.000,00\n",
        "0751;02-03-2018;2018-03;BYG;2.1;22.65;=HYPERLINK(\"http://x\");48,000.00\n",
        "0751;02-03-2018;2018-03;BYG;2.1;22.65;Anna And ref 010180-0000;10,00\n",
        "0751;03-03-2018;2018-03;BYX;2.1;22.65;\"Kabler; 2 \"\"stk\"\"\";-1.250,00\n",
        "0751;04-03-2018;2018-03;BYG;2.1;22.65\n",
        "0751;05-03-2018;2018-03;BYG;2.1;22.65;'@x;1x\n",
    ];
    fixture.deliver("forbrug/0751-2018.csv", file.concat());
    fixture
}

#[test]
fn a_pack_has_the_refused_lines_as_delivered() {
    let fixture = one_authority();
    assert_eq!(fixture.check().code, 3);
    assert!(fixture.packs().is_empty(), "nothing is written that was not asked for");
    let ran = fixture.check_with_packs();
    assert_eq!(ran.code, 3, "{}", ran.err);
    let packs = fixture.packs();
    let names: Vec<&str> = packs.keys().map(String::as_str).collect();
    assert_eq!(names, ["0751.csv", "0751.xlsx", "rettelser.json"]);
    let written = lines(&packs["0751.csv"]);
    let heads = "Rettes i fil;Linje;Aftryk;Kode;Kolonne;Årsag;Gør dette;";
    assert_eq!(written[0], format!("{heads}{}", HEADER.trim_end()));
    let rows: Vec<String> = written[1..].iter().map(|line| short(line)).collect();
    let file = "forbrug/0751-2018.csv";
    assert_eq!(
        rows,
        [
            format!(
                "{file};3;Q101;Beløb | 0751;02-03-2018;2018-03;BYG;2.1;22.65;\
                 '=HYPERLINK(\"http://x\");48,000.00"
            ),
            format!(
                "{file};4;Q401;Posteringstekst | [skjult];[skjult];[skjult];[skjult];[skjult];\
                 [skjult];[skjult];[skjult]"
            ),
            format!(
                "{file};5;Q303;Ydelse | 0751;03-03-2018;2018-03;BYX;2.1;22.65;\
                 Kabler; 2 \"stk\";'-1.250,00"
            ),
            format!(
                "{file};6;Q201; | 0751;04-03-2018;2018-03;BYG;2.1;22.65;[felt mangler];\
                 [felt mangler]"
            ),
            format!("{file};7;Q101;Beløb | 0751;05-03-2018;2018-03;BYG;2.1;22.65;''@x;1x"),
        ]
    );
    assert!(written[1].contains("`48,000.00` er ikke et beløb"), "{}", written[1]);
    assert!(written[2].contains("skriv alle felter igen uden nummeret"), "{}", written[2]);
    for (name, bytes) in &packs {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("010180") && !text.contains("Anna"), "{name}");
    }
}

/// The cells of a pack's workbook, as text.
fn sheet(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut book = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
    let range = book.worksheet_range("Rettelser til gevinst").expect("the sheet");
    let text = |cell: &Data| {
        assert!(matches!(cell, Data::String(_) | Data::Empty), "{cell} is no text");
        cell.to_string()
    };
    range.rows().map(|row| row.iter().map(text).collect()).collect()
}

#[test]
fn the_workbook_has_the_same_cells_all_of_them_text() {
    let fixture = one_authority();
    fixture.check_with_packs();
    let packs = fixture.packs();
    let rows = sheet(&packs["0751.xlsx"]);
    let text = packs["0751.csv"].strip_prefix("\u{FEFF}".as_bytes()).expect("a mark");
    let mut reader = csv::ReaderBuilder::new();
    let mut reader = reader.delimiter(b';').has_headers(false).from_reader(text);
    let csv: Vec<Vec<String>> = reader
        .records()
        .map(|record| record.expect("a record").iter().map(str::to_owned).collect())
        .collect();
    assert_eq!(rows, csv);
}

#[test]
fn each_sender_gets_its_own_and_no_one_anothers() {
    let fixture = RunFixture::new();
    let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(
        "Myndighed;Bogføringsdato;Regnskabsperiode;Ydelse;Initiativ;Konto;Posteringstekst;Beløb\n\
         0101;01-03-2018;2018-03;BYG;2.1;22.65;Lønsystem på Østerbro;ti\n",
    );
    fixture.deliver("forbrug/0101-2018.csv", windows);
    fixture.deliver(
        "forbrug/0751-2018.csv",
        format!("{HEADER}9999;01-03-2018;2018-03;BYG;2.1;22.65;x;1,00\n0751;x\n"),
    );
    fixture.deliver("forbrug/0751-tom.csv", "");
    fixture.deliver("noget andet.csv", "a;b\n1;2\n");
    fixture.check_with_packs();
    let packs = fixture.packs();
    let names: Vec<&str> = packs.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "0101.csv",
            "0101.xlsx",
            "0751.csv",
            "0751.xlsx",
            "rettelser.json",
            "ukendt.csv",
            "ukendt.xlsx"
        ]
    );
    let copenhagen = lines(&packs["0101.csv"]);
    assert!(copenhagen[1].ends_with(";Lønsystem på Østerbro;ti"), "{}", copenhagen[1]);
    let aarhus: Vec<String> = lines(&packs["0751.csv"]).iter().map(|line| short(line)).collect();
    assert_eq!(aarhus[0], "Rettes i fil;Linje;Kode;Kolonne | ", "what has no line comes first");
    assert_eq!(aarhus[1], "forbrug/0751-tom.csv;;Q001; | ");
    assert!(aarhus[2].ends_with(&format!(" | {}", HEADER.trim_end())));
    assert!(aarhus[3].starts_with("forbrug/0751-2018.csv;2;Q301;Myndighed | 9999;"));
    assert!(aarhus[4].starts_with("forbrug/0751-2018.csv;3;Q201; | 0751;x;[felt mangler];"));
    let nobody = lines(&packs["ukendt.csv"]);
    assert_eq!(short(&nobody[1]), "noget andet.csv;;Q007; | ");
    let index: serde_json::Value = serde_json::from_slice(&packs["rettelser.json"]).expect("JSON");
    let counted: Vec<String> = index["packs"]
        .as_array()
        .expect("packs")
        .iter()
        .map(|pack| format!("{} {} {}", pack["authority"], pack["lines"], pack["whole_deliveries"]))
        .collect();
    assert_eq!(counted, ["\"0101\" 1 0", "\"0751\" 2 1", "null 0 1"]);
}

#[test]
fn packed_deliveries_and_workbooks_are_read_again_too() {
    let fixture = RunFixture::new();
    let file = format!("{HEADER}0751;01-03-2018;2018-03;BYG;2.1;22.65;\"to\nlinjer\";ti\n");
    fixture.deliver("forbrug/0751-2018.csv.gz", gzip(file));
    fixture.check_with_packs();
    let packs = fixture.packs();
    let text = String::from_utf8_lossy(&packs["0751.csv"]).into_owned();
    assert!(text.contains(";\"to\nlinjer\";ti\r\n"), "{text}");
    assert!(text.contains("\r\nforbrug/0751-2018.csv.gz;2;blake3:"), "{text}");
    assert_eq!(sheet(&packs["0751.xlsx"])[1][13], "to\nlinjer");
}

#[test]
fn cells_are_parted_as_the_contract_says() {
    let fixture = RunFixture::new().own_pipeline();
    let delimiters = "delimiter = [\";\", \",\", \"\\t\"]\n";
    let escaped = format!("{delimiters}quoteChar = \"\"\nescapeChar = \"\\\\\"\n");
    fixture.change("contracts/forbrug.toml", delimiters, &escaped);
    let line = "0751;01-03-2018;2018-03;BYG;2.1;22.65;Kabler\\; stik;ti\n";
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{line}"));
    let ran = fixture.check_with_packs();
    assert_eq!(ran.code, 3, "{}", ran.err);
    let row = &sheet(&fixture.packs()["0751.xlsx"])[1];
    assert_eq!(
        row[7..],
        ["0751", "01-03-2018", "2018-03", "BYG", "2.1", "22.65", "Kabler; stik", "ti"]
    );
}

#[test]
fn a_personal_number_on_a_line_of_too_few_cells_is_hidden_too() {
    let fixture = RunFixture::new();
    let torn = "0751;01-03-2018;010180-0000\n0751;\"ref 010180-0000\n010180-0000;2018\n";
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{torn}"));
    fixture.check_with_packs();
    for (name, bytes) in fixture.packs() {
        assert!(!String::from_utf8_lossy(&bytes).contains("010180"), "{name}");
    }
    for row in &sheet(&fixture.packs()["0751.xlsx"])[1..] {
        assert!(row[7..].iter().all(|cell| cell.starts_with('[')), "{row:?}");
    }
}

#[test]
fn the_folder_is_replaced_whole_and_only_if_it_is_ours() {
    let fixture = one_authority();
    fixture.check_with_packs();
    let first = fixture.packs();
    fixture.deliver("forbrug/0461-2018.csv", "x\n");
    fixture.check_with_packs();
    assert_ne!(fixture.packs(), first);
    std::fs::remove_file(fixture.path("deliveries/forbrug/0461-2018.csv")).expect("a delivery");
    fixture.check_with_packs();
    assert!(fixture.packs() == first, "what was left of an earlier check is gone");
    let one = fixture.check_with(&["--jobs", "1", "--rettelser", &text(&fixture, "en")]);
    assert_eq!((one.code, crate::fixture::tree(&fixture.path("en"))), (3, first));

    fixture.lay("andet/brev.txt", "x");
    for (folder, said) in
        [("andet", "holds `brev.txt`"), ("deliveries/rettelser", "would lie in the deliveries")]
    {
        let ran = fixture.check_with(&["--rettelser", &text(&fixture, folder)]);
        assert_eq!(ran.code, 1);
        assert!(ran.err.contains(said) && ran.err.contains("--rettelser"), "{}", ran.err);
        assert!(!ran.err.contains("--out"), "{}", ran.err);
    }
    assert_eq!(crate::fixture::tree(&fixture.path("andet")).len(), 1);
}

fn text(fixture: &RunFixture, name: &str) -> String {
    fixture.path(name).to_str().expect("a path in UTF-8").to_owned()
}

#[test]
fn with_nothing_to_mend_there_are_no_packs() {
    let fixture = RunFixture::new();
    let fine = "0751;01-03-2018;2018-03;BYG;2.1;22.65;Licens;48.000,00\n";
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{fine}"));
    assert_eq!(fixture.check_with_packs().code, 0);
    assert_eq!(fixture.packs().keys().collect::<Vec<_>>(), ["rettelser.json"]);
}

#[test]
fn a_delivery_that_changed_meanwhile_is_an_error() {
    let folder = root().join("pipelines/faellesoffentlig-2016-2020");
    let files = crate::fixture::tree(&folder);
    let folder = Folder { name: "p".to_owned(), files };
    let (_, contracts) = define(&folder).expect("the pipeline holds");
    let delivery = |line: &str| {
        let content = Box::new(format!("{HEADER}0751;{line}\n").into_bytes());
        [Delivery { name: "forbrug/0751-2018.csv".to_owned(), content }]
    };
    let before = delivery("01-03-2018;2018-03;BYG;2.1;22.65;x;ti");
    let read = ingest(&contracts, &before, &|| ()).expect("memory reads");
    let accounts: Vec<_> = read.accounts.iter().collect();
    let again = |now: &[Delivery]| reread_refused(&contracts, now, &accounts, &read.quarantine);
    assert_eq!(again(&before).expect("the same")[0].lines.len(), 1);
    for now in ["01-03-2018;2018-03;BYG;2.1;22.65;x;to", "x"] {
        assert!(matches!(again(&delivery(now)), Err(Error::Changed { .. })), "{now}");
    }
    assert!(matches!(again(&[]), Err(Error::Changed { .. })));
}

#[test]
fn facts_alone_are_those_of_the_report() {
    let fixture = RunFixture::new();
    for amounts in [["1,00", "2,00"], ["3,00", "x"]] {
        let lines =
            amounts.map(|amount| format!("0751;01-03-2018;2018-03;BYG;2.1;22.65;a;{amount}\n"));
        fixture.deliver(
            &format!("forbrug/0751-2018{}.csv", if amounts[1] == "x" { "-v2" } else { "" }),
            format!("{HEADER}{}", lines.concat()),
        );
    }
    fixture.run(&[]);
    let file = fixture.path("facts.csv");
    let file = file.to_str().expect("a path in UTF-8");
    let ran = fixture.check_with(&["--facts", file]);
    assert!(ran.out.ends_with(&format!("facts: {file}\n")), "{}", ran.out);
    let facts = std::fs::read(file).expect("the facts are written");
    assert_eq!(Some(&facts), fixture.report().get("data/facts.csv"));
    assert!(facts.windows(10).any(|text| text == b"superseded"), "both kinds are there");

    let among = fixture.path("deliveries/facts.csv");
    let among = fixture.check_with(&["--facts", among.to_str().expect("a path in UTF-8")]);
    assert_eq!(among.code, 1, "what is written there would be read as a delivery: {}", among.err);
    let nowhere = fixture.check_with(&["--facts", "/proc/none/facts.csv"]);
    assert_eq!(nowhere.code, 1, "{}", nowhere.err);
}
