//! What `sniff` opens: packed files and workbooks, as `check` does, with the same bounds.

use crate::fixture::{Ran, binary, ran};
use crate::once::fixture;
use crate::proposed::{Read, answered, at_hand, compiled, is_packed, read};
use gevinst::testing::collect::records;
use gevinst::testing::domain::Language;
use gevinst::testing::sniff::{render, sniff};
use gevinst::testing::source::TextRecord;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const TABLE: &str = "Myndighed;Måned;Beløb\n0101;2019-07;1,50\n0101;2019-08;2,50\n";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(bytes).expect("memory writes");
    writer.finish().expect("memory writes")
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 1).expect("memory writes")
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).expect("memory writes");
        writer.write_all(bytes).expect("memory writes");
    }
    writer.finish().expect("memory writes").into_inner()
}

/// A text as XML can hold it.
fn xml(text: &str) -> String {
    let shown = text.chars().filter(|letter| !letter.is_control());
    shown.collect::<String>().replace('&', "&amp;").replace('<', "&lt;")
}

/// Sheets of a name and rows of texts, as an `.xlsx`; one named `-` is hidden.
fn xlsx(sheets: &[(&str, Vec<Vec<String>>)]) -> Vec<u8> {
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |id: &str, kind: &str, to: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{to}\"/>")
    };
    let book = relation("r1", &format!("{kind}/officeDocument"), "xl/workbook.xml");
    let (mut tabs, mut relations, mut parts) = (String::new(), String::new(), Vec::new());
    for (number, (name, rows)) in sheets.iter().enumerate() {
        let state = if *name == "-" { " state=\"hidden\"" } else { "" };
        write!(tabs, "<sheet name=\"{name}\" sheetId=\"{number}\" r:id=\"s{number}\"{state}/>")
            .expect("a String takes any text");
        let (id, part) = (format!("s{number}"), format!("worksheets/sheet{number}.xml"));
        relations.push_str(&relation(&id, &format!("{kind}/worksheet"), &part));
        let cell = |cell: &String| format!("<c t=\"inlineStr\"><is><t>{}</t></is></c>", xml(cell));
        let row = |cells: &Vec<String>| {
            format!("<row>{}</row>", cells.iter().map(cell).collect::<String>())
        };
        let rows: String = rows.iter().map(row).collect();
        let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
        parts.push((format!("xl/{part}"), sheet));
    }
    let listed = |inner: &str| format!("<Relationships>{inner}</Relationships>");
    parts.push(("_rels/.rels".to_owned(), listed(&book)));
    parts.push(("xl/_rels/workbook.xml.rels".to_owned(), listed(&relations)));
    let book = format!("<workbook><sheets>{tabs}</sheets></workbook>");
    parts.push(("xl/workbook.xml".to_owned(), book));
    let parts: Vec<_> = parts.iter().map(|(name, xml)| (name.as_str(), xml.as_bytes())).collect();
    zip(&parts)
}

/// Rows of texts as an `.ods`.
fn ods(rows: &[Vec<String>]) -> Vec<u8> {
    let cell = |cell: &String| {
        let text = xml(cell);
        format!(
            "<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let row = |cells: &Vec<String>| {
        format!("<table:table-row>{}</table:table-row>", cells.iter().map(cell).collect::<String>())
    };
    let rows: String = rows.iter().map(row).collect();
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"A\">\
         {rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
    ])
}

/// The cells of a text parted by semicolons.
fn cells(text: &str) -> Vec<Vec<String>> {
    text.lines().map(|line| line.split(';').map(str::to_owned).collect()).collect()
}

/// What `sniff` prints for a file.
fn sniffed(name: &str, bytes: &[u8]) -> Ran {
    let pen = fixture(&[]);
    pen.deliver(name, bytes);
    let path = pen.path("deliveries").join(name);
    let output = binary().args(["sniff", "--language", "en"]).arg(path).output();
    ran(&output.expect("gevinst starts"))
}

/// The same, and what `check` says of the file under that.
fn checked(name: &str, bytes: &[u8]) -> (String, Ran) {
    let printed = sniffed(name, bytes);
    assert_eq!(printed.code, 0, "{name}: {}", printed.err);
    let pen = fixture(&[]);
    pen.deliver(name, bytes);
    pen.lay("pipeline/contracts/proposed.toml", &printed.out);
    let checked = pen.check();
    (printed.out, checked)
}

#[test]
fn a_table_is_read_as_proposed_however_it_is_packed() {
    let (plain, rows) = (TABLE.as_bytes(), cells(TABLE));
    for (name, bytes, said) in [
        ("f.csv.gz", gzip(plain), "# Packed as gzip;"),
        ("f.csv.zst", zst(plain), "# Packed as zstd;"),
        ("f.zip", zip(&[("f.csv", plain)]), "# The zip has `f.csv` alone."),
        ("f.xlsx", xlsx(&[("Ark", rows.clone())]), "# The sheet: `Ark`, number 1; rows: 3."),
        ("f.ods", ods(&rows), "# The sheet: `A`, number 1; rows: 3."),
        ("g.zip", zip(&[("f.csv.gz", &gzip(plain))]), "# Packed as gzip;"),
        ("h.zip", zip(&[("f.xlsx", &xlsx(&[("Ark", rows)]))]), "# The sheet: `Ark`, number 1;"),
    ] {
        let (printed, checked) = checked(name, &bytes);
        assert!(printed.contains(said), "{name}: {printed}");
        assert!(checked.out.contains(" = 4.00 posted "), "{name}: {}{}", checked.out, checked.err);
    }
}

#[test]
fn of_a_zip_the_first_table_by_name_is_proposed_and_the_others_are_named() {
    let pack = "Rettes i fil;Linje;Aftryk;Kode;x\n";
    let files = [
        ("c.csv", TABLE.as_bytes()),
        ("b.csv", TABLE.as_bytes()),
        ("a.pdf", b"%PDF-1.4"),
        ("a.csv", pack.as_bytes()),
    ];
    let printed = sniffed("f.zip", &zip(&files)).out;
    let plain = printed.replace("\n#  ", "");
    assert!(printed.contains("names = [\"f.zip/b.csv\"]"), "{printed}");
    let said = "# CHECK: proposed for `b.csv`, the first table in the zip by name. Other files in \
                it: 2 (`a.pdf`, `c.csv`).";
    assert!(plain.contains(said), "{printed}");
    let other = sniffed("f.zip", &zip(&files[2..3]));
    assert!(other.err.contains("`f.zip` is no table of text but PDF"), "{}", other.err);
    let packs = sniffed("f.zip", &zip(&files[3..]));
    assert!(packs.err.contains("`f.zip` is a correction pack"), "{}", packs.err);
}

#[test]
fn of_a_workbook_the_first_shown_sheet_with_something_in_it_is_proposed() {
    let above = [vec!["Udtræk".to_owned()], Vec::new()];
    let rows: Vec<_> = above.into_iter().chain(cells(TABLE)).collect();
    let note = cells("Noter;til;os\n");
    let sheets = [("-", note.clone()), ("Tom", Vec::new()), ("Tal", rows), ("Noter", note)];
    let (printed, checked) = checked("f.xlsx", &xlsx(&sheets));
    let plain = printed.replace("\n#  ", "");
    assert!(printed.contains("sheetNumber = 2\n"), "{printed}");
    assert!(printed.contains("headerRows = [3]\n"), "{printed}");
    assert!(plain.contains("Shown sheets: 3 (`Tom`, `Tal`, `Noter`)."), "{printed}");
    assert!(!printed.contains("encoding = ") && !printed.contains("quoteChar = "), "{printed}");
    assert!(checked.out.contains(" = 4.00 posted "), "{}{}", checked.out, checked.err);
}

#[test]
fn names_of_files_and_sheets_show_no_personal_number() {
    let rows = cells(TABLE);
    for (name, bytes) in [
        ("f.xlsx", xlsx(&[("010180-1234", rows.clone()), ("B", rows)])),
        ("f.zip", zip(&[("010180-1234.csv", TABLE.as_bytes()), ("311299-4321.csv", b"x")])),
    ] {
        let ran = sniffed(name, &bytes);
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert!(!ran.out.contains("1234") && !ran.out.contains("4321"), "{}", ran.out);
    }
}

#[test]
fn every_file_at_hand_is_proposed_the_same_packed_and_read_from_a_workbook() {
    let (mut packed, mut rows_read) = (0, [0, 0]);
    for (path, bytes) in at_hand(8 * 1024).into_iter().filter(|(path, _)| !is_packed(path)) {
        let name = path.file_name().expect("a name").to_string_lossy();
        let Ok(plain) = sniff(&name, &bytes) else { continue };
        let printed = render(&plain, &name, Language::En);
        let from_dialect = |text: &str| text[text.find("[files]").expect("a part")..].to_owned();
        for (ending, bytes) in [("gz", gzip(&bytes)), ("zst", zst(&bytes))] {
            let name = format!("{name}.{ending}");
            let again = sniff(&name, &bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
            let again = render(&again, &name, Language::En);
            assert_eq!(from_dialect(&again), from_dialect(&printed), "{name}");
            packed += 1;
        }
        let Ok(contracts) = compiled(answered(&printed)) else { continue };
        let Ok(Ok(records)) = records(&bytes, &contracts[0].layout) else { continue };
        let rows: Vec<Vec<String>> = records
            .into_iter()
            .map(|(_, record)| match record {
                TextRecord::Record(cells) => cells,
                TextRecord::Blank | TextRecord::Unclosed => Vec::new(),
            })
            .collect();
        for (at, (ending, bytes)) in
            [("xlsx", xlsx(&[("Ark", rows.clone())])), ("ods", ods(&rows))].into_iter().enumerate()
        {
            match read(&format!("{name}.{ending}"), &bytes) {
                Read::Refused | Read::Asked => {}
                Read::Lines(all, refused, said) => {
                    assert!(refused * 20 <= all, "{name}.{ending}: {refused} of {all}: {said}");
                    rows_read[at] += all;
                }
            }
        }
    }
    assert!(packed > 0 && !rows_read.contains(&0), "{packed} packed files, {rows_read:?} rows");
}
