//! What a cell says is what a person sees: encodings by evidence, one normal form, no characters
//! that are not seen. Each line that cannot be read so is refused alone.

use crate::fixture::{RunFixture, TABLES};
use crate::kit::zip_by;

const PIPELINE: &str = r#"
name.da = "Bogstaver"
name.en = "Letters"
languages = ["en"]
[currency]
code = "DKK"
unit.da = "kr."
unit.en = "kr."
[period]
first = "2018-01"
last = "2020-12"
[deliveries]
folder = "deliveries"
synthetic = true
[authorities]
open = true
[services]
open = true
[services.defaults]
initiative = "i1"
cost_type = "general"
[prices]
basis = "current"
source = "a test"
"#;

const CONTRACT: &str = r#"
title.en = "Spending"
[files]
names = ["{any}.csv", "{any}.zip/{any}.csv"]
[dialect]
encoding = ["utf-8", "windows-1252", "utf-16"]
[schema]
[[schema.fields]]
name = "Myndighed"
type = "string"
role = "authority"
[[schema.fields]]
name = "Måned"
type = "yearmonth"
format = ["%Y-%m"]
role = "period"
[[schema.fields]]
name = "Tekst"
type = "string"
[[schema.fields]]
name = "Beløb"
type = "number"
decimalChar = ","
role = "amount"
"#;

const HEADER: &str = "Myndighed;Måned;Tekst;Beløb\n";

/// A fixture with the contract, in which each `from` is replaced by its `to`.
fn fixture(changes: &[(&str, &str)]) -> RunFixture {
    let mut contract = CONTRACT.to_owned();
    for (from, to) in changes {
        assert!(contract.contains(from), "the contract has no `{from}`");
        contract = contract.replace(from, to);
    }
    RunFixture::new().with_pipeline(&[
        ("pipeline.toml", PIPELINE),
        ("contracts/spending.toml", &contract),
        TABLES[0],
        TABLES[1],
        TABLES[2],
    ])
}

/// What is posted, `authority lines amount_oere` each, and the refusals.
fn said(fixture: &RunFixture) -> (Vec<String>, Vec<String>) {
    let facts = fixture.path("facts.csv");
    let facts = facts.to_str().expect("a path in UTF-8");
    let ran = fixture.check_with(&["--language", "en", "--facts", facts]);
    assert!(ran.out.contains("deliveries: "), "{}{}", ran.out, ran.err);
    let text = std::fs::read_to_string(facts).expect("facts");
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let header: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let place = |name: &str| header.iter().position(|own| *own == name).expect("a column");
    let columns = ["authority", "lines", "amount_oere"].map(place);
    let posted = lines.filter(|line| line.starts_with("posted"));
    let posted = posted
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            columns.map(|column| cells[column]).join(" ")
        })
        .collect();
    let refused = ran.out.lines().take_while(|line| !line.starts_with("deliveries: "));
    let refused = refused.filter(|line| line.contains(": Q")).map(str::to_owned).collect();
    (posted, refused)
}

/// The same of one delivery.
fn said_of(bytes: &[u8]) -> (Vec<String>, Vec<String>) {
    let fixture = fixture(&[]);
    fixture.deliver("x.csv", bytes);
    said(&fixture)
}

fn western(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1252.encode(text).0.into_owned()
}

const KBH: &str = "Københavns Kommune;2019-03;øl;10,00\n";

#[test]
fn a_letter_cut_by_the_end_is_its_lines_fault() {
    let whole = format!("{HEADER}{}Københavns Kommune;2019-03;ø", KBH.repeat(3));
    let (posted, refused) = said_of(&whole.as_bytes()[..whole.len() - 1]);
    assert_eq!(posted, ["Københavns Kommune 3 3000"]);
    assert_eq!(
        refused,
        [
            "x.csv:5: Q206: the line has 0xC3 …, which is no text in the encoding of the file, `UTF-8`"
        ]
    );
}

#[test]
fn a_foreign_byte_is_its_lines_fault() {
    let foreign = western("Odense;2019-03;øl;5,00\n");
    let bytes = [HEADER.as_bytes(), &foreign, KBH.repeat(2).as_bytes()].concat();
    let (posted, refused) = said_of(&bytes);
    assert_eq!(posted, ["Københavns Kommune 2 2000"]);
    assert_eq!(refused.len(), 1);
    assert!(refused[0].starts_with("x.csv:2: Q206: the line has 0xF8 = ø (windows-1252)"));

    let bytes = [&western(&format!("{HEADER}{}", KBH.repeat(2))), KBH.as_bytes()].concat();
    let (posted, refused) = said_of(&bytes);
    assert_eq!(posted, ["Københavns Kommune 2 2000"]);
    assert_eq!(refused.len(), 1);
    assert!(
        refused[0].starts_with("x.csv:4: Q113 Myndighed: `KÃ¸benhavns Kommune`"),
        "{refused:?}"
    );

    // Where it is only said of what, and not of whom, the money is right and stays.
    let text = "Odense;2019-03;ø;1,00\n";
    let bytes = [&western(&format!("{HEADER}{KBH}")), text.as_bytes()].concat();
    assert_eq!(
        said_of(&bytes),
        (vec!["Københavns Kommune 1 1000".to_owned(), "Odense 1 100".to_owned()], vec![])
    );
}

/// The amount of such a line is counted as refused, and a personal number on it is told as one.
#[test]
fn a_line_that_is_no_text_keeps_what_can_be_read() {
    let fixture = fixture(&[]);
    let lines = [western("0101;2019-03;øl;5,00\n"), western("0101;2019-03;ø 150385-1234;5,00\n")];
    fixture.deliver("x.csv", [HEADER.as_bytes(), KBH.as_bytes(), &lines.concat()].concat());
    let ran = fixture.check_with(&["--language", "en"]);
    assert!(ran.out.contains("x.csv:3: Q206: "), "{}", ran.out);
    assert!(ran.out.contains("x.csv:4: Q401 "), "{}", ran.out);
    assert!(ran.out.contains("10.00 posted + 0.00 superseded + 10.00 refused"), "{}", ran.out);
}

#[test]
fn letters_encoded_twice_are_refused_and_shown_as_they_were() {
    let twice = western("KÃ¸benhavns Kommune;2019-03;x;10,00\n");
    let twice = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&twice).0;
    let lost = "K\u{FFFD}benhavns Kommune;2019-03;x;10,00\n";
    let text = "Odense;2019-03;K\u{FFFD}benhavn KÃ¸benhavn;1,00\n";
    let (posted, refused) = said_of(format!("{HEADER}{twice}{lost}{text}{KBH}").as_bytes());
    assert_eq!(posted, ["Københavns Kommune 1 1000", "Odense 1 100"]);
    assert_eq!(
        refused,
        [
            "x.csv:2: Q113 Myndighed: `KÃ¸benhavns Kommune` was read in another encoding than it was written in; it probably means \
             `Københavns Kommune`",
            "x.csv:3: Q114 Myndighed: `K\u{FFFD}benhavns Kommune` has lost a letter",
        ]
    );
}

#[test]
fn headings_encoded_twice_are_told_as_such() {
    let twice = encoding_rs::WINDOWS_1252.decode_without_bom_handling(HEADER.as_bytes()).0;
    let (posted, refused) = said_of(format!("{twice}0101;2019-03;x;1,00\n").as_bytes());
    assert!(posted.is_empty());
    assert_eq!(
        refused,
        [
            "x.csv:1: Q113: `MÃ¥ned` was read in another encoding than it was written in; it probably means `Måned`"
        ]
    );
}

/// A header that is UTF-8 says what the file is, however few letters stand below it.
#[test]
fn the_header_says_which_encoding_a_file_is_in() {
    let foreign = western("Køge;2019-03;ø;1,00\n").repeat(9);
    let plain = "0101;2019-03;x;1,00\n";
    let (posted, refused) = said_of(&[HEADER.as_bytes(), &foreign, plain.as_bytes()].concat());
    assert_eq!((posted, refused.len()), (vec!["0101 1 100".to_owned()], 9));
}

#[test]
fn labels_of_lines_that_are_no_data_are_compared_as_they_look() {
    let rule = "[[notData]]\nwhat = \"total\"\ncolumn = \"Myndighed\"\nequals = [\"I alt på året\"]\n[schema]";
    let fixture = fixture(&[("[schema]", rule)]);
    fixture.deliver("x.csv", format!("{HEADER}{KBH}I\u{A0}alt pa\u{30A} år\u{AD}et;;;10,00\n"));
    assert_eq!(said(&fixture), (vec!["Københavns Kommune 1 1000".to_owned()], vec![]));
}

#[test]
fn texts_that_look_the_same_are_one() {
    let lines: String = ["Århus", "A\u{30A}rhus", "År\u{AD}hus", "\u{200E}Århus\u{200B}"]
        .map(|name| format!("{name};2019-03;x;1,00\n"))
        .concat();
    let (posted, refused) = said_of(format!("{HEADER}{lines}").as_bytes());
    assert_eq!((posted, refused), (vec!["Århus 4 400".to_owned()], vec![]));
}

#[test]
fn a_name_of_a_file_fits_whichever_way_its_letters_are_written() {
    let own = [("\"{any}.csv\"", "\"Ta\u{30A}rn-{authority}.csv\"")];
    for (name, inside) in
        [("Ta\u{30A}rn-A\u{30A}rhus.csv", "Århus"), ("Tårn-Århus.csv", "A\u{30A}rhus")]
    {
        let fixture = fixture(&own);
        fixture.deliver(name, format!("{HEADER}{inside};2019-03;x;1,00\n"));
        assert_eq!(said(&fixture), (vec!["Århus 1 100".to_owned()], vec![]), "{name}");
    }
}

#[test]
fn headings_are_compared_as_they_look() {
    let header = "Myn\u{AD}dighed;\"Ma\u{30A}ned\";Tekst\u{200B};\"Beløb\n (kr.)\"\n";
    let fixture = fixture(&[("\"Beløb\"", "\"Beløb (kr.)\"")]);
    fixture.deliver("x.csv", format!("{header}0101;2019-03;x;1,50\n"));
    assert_eq!(said(&fixture), (vec!["0101 1 150".to_owned()], vec![]));
    fixture
        .deliver("x.csv", "Myndighed;Måned;Tekst;Tek\u{AD}st;Beløb (kr.)\n0101;2019-03;x;y;1,50\n");
    let (posted, refused) = said(&fixture);
    assert!(posted.is_empty());
    assert_eq!(
        refused,
        ["x.csv:1: Q006: the column `Tekst` stands more than once in the header line"]
    );
    fixture.deliver("x.csv", "Myndighed;Måned;Tekst;Be\u{AD}lob\n0101;2019-03;x;1,50\n");
    assert!(said(&fixture).1[0].contains("Be<U+00AD>lob"), "{:?}", said(&fixture).1);
}

#[test]
fn two_columns_of_a_contract_have_headings_that_look_different() {
    let fixture = fixture(&[("name = \"Tekst\"", "name = \"Be\u{AD}løb\"")]);
    fixture.deliver("x.csv", HEADER);
    let ran = fixture.check();
    assert!(ran.err.contains("the field stands twice"), "{}{}", ran.out, ran.err);
}

#[test]
fn ids_of_tables_are_compared_as_they_look() {
    let fixture = fixture(&[(
        "[[schema.fields]]\nname = \"Måned\"",
        "[[schema.foreignKeys]]\nfields = \"Myndighed\"\nreference = { resource = \"authorities\", fields = \"id\" }\n[[schema.fields]]\nname = \"Måned\"",
    )]);
    fixture.change("pipeline.toml", "[authorities]\nopen = true", "[authorities]\nopen = false");
    let table = "id;name;sector;valid_from;valid_to;successor;expected\nA\u{30A}rhus;Århus;kommune;;;;nej\n";
    fixture.lay("pipeline/tables/authorities.csv", table);
    fixture
        .deliver("x.csv", format!("{HEADER}År\u{AD}hus;2019-03;x;1,00\nOdense;2019-03;x;1,00\n"));
    let (posted, refused) = said(&fixture);
    assert_eq!(posted, ["Århus 1 100"]);
    assert_eq!(refused, ["x.csv:3: Q301 Myndighed: the authority `Odense` is not in the register"]);
    fixture.lay("pipeline/tables/authorities.csv", format!("{table}Århus;Århus;kommune;;;;nej\n"));
    assert!(fixture.check().err.contains("stands twice"), "{}", fixture.check().err);
}

#[test]
fn a_key_is_repeated_where_it_looks_the_same() {
    let fixture = fixture(&[("[schema]", "[schema]\nprimaryKey = [\"Tekst\"]")]);
    let line = |text: &str| format!("0101;2019-03;{text};1,00\n");
    fixture
        .deliver("x.csv", format!("{HEADER}{}{}", line("bilag å1"), line("bilag a\u{30A}\u{AD}1")));
    let (posted, refused) = said(&fixture);
    assert_eq!(posted, ["0101 1 100"]);
    assert_eq!(refused, ["x.csv:3: Q203: the line's key already stands on line 2"]);
}

/// A zip with one stored file of this name, as it is written in bytes.
fn zip(name: &[u8], content: &[u8]) -> Vec<u8> {
    // The library writes UTF-8 alone: a name of the same length is written, and replaced.
    let stand_in = "n".repeat(name.len());
    let mut bytes = zip_by(zip::CompressionMethod::Stored, &[(&stand_in, content)]);
    for at in 0..bytes.len() - name.len() {
        if bytes[at..].starts_with(stand_in.as_bytes()) {
            bytes[at..at + name.len()].copy_from_slice(name);
        }
    }
    bytes
}

#[test]
fn names_in_a_zip_from_windows_are_read() {
    for name in [&b"\x8Frhus.csv"[..], "Århus.csv".as_bytes(), b"\xC5rhus.csv"] {
        let fixture = fixture(&[("\"{any}.zip/{any}.csv\"", "\"{any}.zip/{authority}.csv\"")]);
        fixture.deliver("a.zip", zip(name, format!("{HEADER}Århus;2019-03;x;1,00\n").as_bytes()));
        assert_eq!(said(&fixture), (vec!["Århus 1 100".to_owned()], vec![]), "{name:?}");
    }
}

#[test]
fn a_byte_order_mark_within_joined_files_is_passed_over() {
    let other = "Odense;2019-03;x;2,00\n";
    let joined = format!("\u{feff}{HEADER}{KBH}\u{feff}{other}\u{feff}{HEADER}{KBH}");
    let wide: Vec<u8> = joined.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [joined.clone().into_bytes(), wide] {
        let (posted, refused) = said_of(&bytes);
        assert_eq!(posted, ["Københavns Kommune 2 2000", "Odense 1 200"]);
        assert_eq!(refused.len(), 1, "{refused:?}");
        assert!(
            refused[0].starts_with("x.csv:4: Q103 Måned: `Måned` is not a date"),
            "{refused:?}"
        );
    }
    let fixture = fixture(&[("[schema]", "[[notData]]\nwhat = \"repeatedHeader\"\n[schema]")]);
    fixture.deliver("x.csv", &joined);
    assert_eq!(said(&fixture).1, Vec::<String>::new());
}

#[test]
fn a_zero_byte_is_its_lines_fault() {
    let (posted, refused) =
        said_of(format!("{HEADER}{KBH}0101;2019-03;x\0y;1,00\n{KBH}").as_bytes());
    assert_eq!(posted, ["Københavns Kommune 2 2000"]);
    assert_eq!(
        refused,
        ["x.csv:3: Q206: the line has 0x00, which is no text in the encoding of the file, `UTF-8`"]
    );
    let wide: Vec<u8> =
        format!("{HEADER}{KBH}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(said_of(&wide).0, ["Københavns Kommune 1 1000"]);
    let fixture = fixture(&[(", \"utf-16\"", "")]);
    fixture.deliver("x.csv", wide);
    assert!(said(&fixture).1[0].starts_with("x.csv:1: Q008: "), "{:?}", said(&fixture).1);
}

#[test]
fn utf_16_cut_in_a_letter_is_refused_in_its_last_line() {
    let mut wide: Vec<u8> =
        format!("{HEADER}{KBH}0101;2019-03;xy").encode_utf16().flat_map(u16::to_le_bytes).collect();
    wide.pop();
    let (posted, refused) = said_of(&wide);
    assert_eq!(posted, ["Københavns Kommune 1 1000"]);
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].starts_with("x.csv:3: Q206: the line has U+FFFD"), "{refused:?}");
}

#[test]
fn blanks_beside_a_sign_and_around_a_cell_say_nothing() {
    for change in [
        "decimalChar = \",\"",
        "decimalChar = \",\"\naffix = [\"kr.\"]\nnegative = [\"-1\", \"−1\", \"1-\"]",
    ] {
        let fixture = fixture(&[("decimalChar = \",\"", change)]);
        let mut amounts = vec!["- 5,00", "-\u{A0}5,00", "\u{A0}-5,00\u{A0}"];
        if change.contains("affix") {
            amounts.extend([
                "- 5,00 kr.",
                "- kr. 5,00",
                "-kr. 5,00",
                "kr. - 5,00",
                "− 5,00",
                "5,00 -",
            ]);
        }
        let line = |own: &&str| format!("\u{A0}ø\u{A0};2019-03\u{A0};\u{A0};{own}\n");
        let lines = amounts.iter().map(line).collect::<Vec<_>>().concat();
        let expected = format!("ø {} -{}", amounts.len(), amounts.len() * 500);
        fixture.deliver("x.csv", format!("{HEADER}{lines}"));
        assert_eq!(said(&fixture), (vec![expected.clone()], vec![]));
        if !change.contains('−') {
            fixture.deliver("x.csv", western(&format!("{HEADER}{lines}")));
            assert_eq!(said(&fixture), (vec![expected], vec![]), "windows-1252");
        }
    }
}

#[test]
fn a_period_that_is_missing_beside_others_is_named() {
    let periods = r#"
[unpivot]
header = "{period}"
fields = ["Beløb"]
[[unpivot.periods]]
label = "2018"
first = "2018-01"
last = "2018-12"
[[unpivot.periods]]
label = "2019"
first = "2019-01"
last = "2019-12"
"#;
    let month = "[[schema.fields]]\nname = \"Måned\"\ntype = \"yearmonth\"\nformat = [\"%Y-%m\"]\nrole = \"period\"\n";
    let fixture =
        fixture(&[(month, ""), ("role = \"amount\"", &format!("role = \"amount\"{periods}"))]);
    fixture.deliver("x.csv", "Myndighed;Tekst;2018\n0101;x;1,00\n");
    let (_, refused) = said(&fixture);
    assert_eq!(
        refused,
        ["x.csv:1: Q004: the header line lacks `2019`; it reads `Myndighed; Tekst; 2018`"]
    );
}
