//! No sender stops the run: what passes a bound is refused by its name, and the others stand.

use crate::fixture::{HEADER, Ran, RunFixture, ran};
use crate::kit::{zip, zip_by};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

const LINE: &str = "0751;01-03-2018;2018-03;BYG;2.1;22.65;x;1,00\n";

/// KiB of address space a run is given: threads and libraries reserve more than they use.
const ROOM: u32 = 1 << 20;

/// Each part so many times, packed as it is made: some are larger than memory should hold.
fn gzip(parts: &[(&str, usize)]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for (part, times) in parts {
        let some = part.repeat(times.min(&4_096).to_owned());
        for _ in 0..times / 4_096 {
            writer.write_all(some.as_bytes()).expect("memory writes");
        }
        writer.write_all(part.repeat(times % 4_096).as_bytes()).expect("memory writes");
    }
    writer.finish().expect("memory writes")
}

/// A workbook of one sheet with these rows, shared strings and cell formats.
fn xlsx(rows: &str, strings: &str, formats: &str) -> Vec<u8> {
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |id: &str, kind: &str, to: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{kind}\" Target=\"{to}\"/>")
    };
    let relations = |inner: String| format!("<Relationships>{inner}</Relationships>");
    let book = relation("r1", &format!("{kind}/officeDocument"), "xl/workbook.xml");
    let sheet = relation("r1", &format!("{kind}/worksheet"), "worksheets/sheet1.xml");
    zip::<&[u8]>(&[
        ("_rels/.rels", relations(book).as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations(sheet).as_bytes()),
        (
            "xl/workbook.xml",
            b"<workbook><sheets><sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>",
        ),
        ("xl/sharedStrings.xml", format!("<sst>{strings}</sst>").as_bytes()),
        ("xl/styles.xml", format!("<styleSheet>{formats}</styleSheet>").as_bytes()),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet><sheetData>{rows}</sheetData></worksheet>").as_bytes(),
        ),
    ])
}

fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"A\">\
         {rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    zip::<&[u8]>(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
    ])
}

/// A check of one delivery beside one that holds, with little room.
fn check(name: &str, bytes: &[u8]) -> Ran {
    let fixture = fixture();
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{LINE}"));
    fixture.deliver(&format!("forbrug/{name}"), bytes);
    within(&fixture.command("check", &fixture.path("deliveries")), ROOM)
}

/// A fixture whose pipeline reads workbooks and tolerates anything.
fn fixture() -> RunFixture {
    let fixture = RunFixture::new().own_pipeline();
    fixture.change("pipeline.toml", "refused_lines_ppm = 20_000", "refused_lines_ppm = 1_000_000");
    let contract = "contracts/forbrug.toml";
    fixture.change(contract, "names = [", "names = [\"forbrug/{authority}.xlsx\", \"forbrug/{authority}.ods\", \"forbrug/{any}.zip/{authority}.csv\", ");
    fixture
}

/// The same command in so many KiB of address space.
fn within(command: &Command, room: u32) -> Ran {
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("ulimit -v {room}; exec \"$0\" \"$@\"")]);
    shell.arg(command.get_program()).args(command.get_args()).args(["--jobs", "2"]);
    ran(&shell.output().expect("the shell starts"))
}

/// Holds that the delivery is refused by a bound, that nothing is said of it on standard error,
/// and that the one beside it is posted.
fn refused_by(name: &str, bytes: &[u8], bound: &str) {
    let ran = check(name, bytes);
    let said = format!("Q013: filen er større, end en leverance kan være: grænsen `{bound}` er ");
    assert!(ran.out.contains(&said), "{name}: {bound}\n{}\n{}", ran.out, ran.err);
    assert!(ran.out.contains(" 1 posted "), "{name}: {}", ran.out);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{name}");
}

#[test]
fn a_line_longer_or_wider_than_any_is_refused_by_name() {
    let long = |what: &str, times: usize| format!("{HEADER}{LINE}{}", what.repeat(times));
    refused_by("0751-2019.csv", long("x", (1 << 20) + 1).as_bytes(), "line_bytes");
    refused_by("0751-2019.csv", "x".repeat(3 << 20).as_bytes(), "line_bytes");
    refused_by("0751-2019.csv", long(";", 1 << 14).as_bytes(), "line_cells");
    refused_by("0751-2019.csv.gz", &gzip(&[(HEADER, 1), (";", 6 << 20)]), "line_bytes");
    let wide: String = (0..20_000).fold(String::new(), |mut wide, column| {
        write!(wide, "{column};").expect("a String takes any text");
        wide
    });
    refused_by("0751-2019.csv", wide.as_bytes(), "line_cells");
    // As long, and as wide, as any may be.
    for line in ["x".repeat(1 << 20), ";".repeat((1 << 14) - 1)] {
        let ran = check("0751-2019.csv", format!("{HEADER}{LINE}{line}\n").as_bytes());
        assert!(
            ran.out.contains("lines: 3 read = 1 posted + 1 superseded + 1 refused"),
            "{}",
            ran.out
        );
    }
}

#[test]
fn a_quote_that_stays_open_over_long_lines_costs_its_own_line() {
    let line = format!("\"{}\n", "x".repeat(600_000));
    let ran = check("0751-2019.csv", format!("{HEADER}{}", line.repeat(8)).as_bytes());
    assert!(ran.out.contains("refused for Q202: 8"), "{}", ran.out);
}

#[test]
fn what_a_workbook_repeats_is_counted_each_time() {
    let cell = |times: u32, text: &str| {
        format!(
            "<table:table-cell table:number-columns-repeated=\"{times}\" \
             office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let row = |times: u32, cells: &str| {
        format!("<table:table-row table:number-rows-repeated=\"{times}\">{cells}</table:table-row>")
    };
    let head: String = HEADER.trim().split(';').map(|heading| cell(1, heading)).collect();
    let head = row(1, &head);
    let sheet = |rows: String| ods(&format!("{head}{rows}"));
    let text = "x".repeat(90);
    let wide = sheet(row(1, &cell(16_000, &text)));
    refused_by("0751.ods", &wide, "line_bytes");
    let beyond = sheet(row(1, &cell(4_000_000_000, "x")));
    refused_by("0751.ods", &beyond, "sheet_columns");
    let spaces = sheet(row(1, &cell(1, "<text:s text:c=\"4000000000\"/>")));
    refused_by("0751.ods", &spaces, "line_bytes");
}

#[test]
fn empty_rows_and_cells_are_counted_as_any_other() {
    let row = "<table:table-row><table:table-cell office:value=\"1\"/></table:table-row>";
    let blank = |times: &str| format!("<table:table-row table:number-rows-repeated=\"{times}\"/>");
    refused_by("0751.ods", &ods(&(blank("1000000000000") + row)), "sheet_rows");
    refused_by("0751.ods", &ods(&(blank("4294967296") + row)), "sheet_rows");
    refused_by("0751.ods", &ods(&(blank("2000000").repeat(1_000) + row)), "sheet_rows");
    refused_by("0751.ods", &ods(&blank("1").repeat((1 << 20) + 1)), "sheet_rows");
    let cells = "<table:table-cell/>".repeat((1 << 14) + 1);
    refused_by(
        "0751.ods",
        &ods(&format!("<table:table-row>{cells}</table:table-row>")),
        "sheet_columns",
    );
    // The last row, behind as many blank ones as there may be; a sheet filled past its end.
    for rows in [blank("1048575") + row, row.to_owned() + &blank("1048576")] {
        let ran = check("0751.ods", &ods(&rows));
        assert!(ran.out.contains("0751.ods:1: Q00"), "{}{}", ran.out, ran.err);
        assert!(!ran.out.contains("Q013"), "{}", ran.out);
    }
    let xlsx = |rows: &str| xlsx(rows, "", "");
    let cells = |cell: &str| format!("<row>{}</row>", cell.repeat((1 << 14) + 1));
    refused_by("0751.xlsx", &xlsx(&cells("<c/>")), "sheet_columns");
    refused_by("0751.xlsx", &xlsx(&cells("<c r=\"A1\"/>")), "sheet_columns");
    refused_by("0751.xlsx", &xlsx(&"<row/>".repeat((1 << 20) + 1)), "sheet_rows");
    refused_by("0751.xlsx", &xlsx(&"<row r=\"1\"/>".repeat((1 << 20) + 1)), "sheet_rows");
}

#[test]
fn xml_in_xml_goes_no_deeper_than_any_workbook() {
    let deep = "<a>".repeat(1 << 20);
    refused_by("0751.xlsx", &xlsx(&deep, "", ""), "workbook_depth");
    refused_by("0751.xlsx", &xlsx("", &deep, ""), "workbook_depth");
    refused_by("0751.xlsx", &xlsx("", "", &deep), "workbook_depth");
    refused_by("0751.ods", &ods(&deep), "workbook_depth");
    let long = format!("<{}>", "a".repeat(500_000)).repeat(3);
    refused_by("0751.ods", &ods(&long), "line_bytes");
}

#[test]
fn what_a_workbook_shares_is_bounded() {
    let cells = HEADER
        .trim()
        .split(';')
        .map(|heading| format!("<c t=\"inlineStr\"><is><t>{heading}</t></is></c>"));
    let head = cells.collect::<Vec<_>>().concat();
    let head = format!("<row>{head}</row>");
    // One long string in every cell; an entry too long to be held; more strings than are said.
    let long = format!("<si><t>{}</t></si>", "x".repeat(900_000));
    let same = format!("{head}<row>{}</row>", "<c t=\"s\"><v>0</v></c>".repeat(8));
    refused_by("0751.xlsx", &xlsx(&same, &long, ""), "line_bytes");
    let longer = format!("<si><t>{}</t></si>", "x".repeat(3 << 20));
    refused_by("0751.xlsx", &xlsx(&head, &longer, ""), "line_bytes");
    let many = long.repeat(75);
    refused_by("0751.xlsx", &xlsx(&head, &many, ""), "workbook_string_bytes");
    let formats =
        format!("<cellXfs>{}</cellXfs>", format!("<xf/>{}", " ".repeat(1_000_000)).repeat(9));
    refused_by("0751.xlsx", &xlsx(&head, "", &formats), "workbook_part_bytes");
    // A code that every format of a cell has is held once.
    let code = format!(
        "<numFmts><numFmt numFmtId=\"200\" formatCode=\"{}\"/></numFmts>",
        "0".repeat(900_000)
    );
    let formats = format!("{code}<cellXfs>{}</cellXfs>", "<xf numFmtId=\"200\"/>".repeat(50_000));
    let claimed = "<sst uniqueCount=\"99999999999\"></sst>";
    let ran = check("0751.xlsx", &xlsx(&head, claimed, &formats));
    assert!(ran.out.contains("0751.xlsx:1: Q002"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_workbook_no_program_writes_is_refused_without_a_word_on_standard_error() {
    for rows in
        ["<row><c s=\"1\"><v>1e300</v></c></row>", "<row r=\"0\"><c><v>1</v></c></row>", "<c"]
    {
        let ran =
            check("0751.xlsx", &xlsx(rows, "", "<cellXfs><xf/><xf numFmtId=\"14\"/></cellXfs>"));
        assert!(ran.out.contains("0751.xlsx:1: Q0"), "{}", ran.out);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    }
}

#[test]
fn zips_are_read_where_they_stand() {
    let line = format!("{HEADER}{LINE}");
    let mut state = 1_u64;
    let noise: Vec<u8> = (0..3 << 20)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state.to_be_bytes()[0]
        })
        .collect();
    let fixture = fixture();
    let files = [("0751.csv", line.as_bytes()), ("0752.csv", &noise[..])];
    let zip = zip_by(zip::CompressionMethod::Stored, &files);
    for number in 0..60 {
        fixture.deliver(&format!("forbrug/{number}.zip"), &zip);
    }
    // Sixty zips of 3 MiB are more than this together.
    let ran = within(&fixture.command("check", &fixture.path("deliveries")), 170 << 10);
    assert!(ran.out.contains("deliveries: 120"), "{}{}", ran.out, ran.err);
}

#[test]
fn the_delivery_that_no_sum_can_hold_is_refused_and_the_others_stand() {
    let heavy = |sign: &str| {
        let line = format!("0751;01-03-1999;1999-03;BYG;2.1;22.65;x;{sign}999.999.999.999,00\n");
        gzip(&[(HEADER, 1), (&line, 60_000)])
    };
    let fixture = fixture();
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{LINE}"));
    fixture.deliver("forbrug/0751-2019.csv.gz", heavy(""));
    fixture.deliver("forbrug/0751-2020.csv.gz", heavy("-"));
    let mut said: Vec<(String, Vec<u8>)> = Vec::new();
    for jobs in ["1", "2"] {
        let ran = fixture.run(&["--jobs", jobs]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        let receipt = fixture.report().remove("receipt.json").expect("a receipt");
        said.push((ran.out, receipt));
    }
    assert_eq!(said[0].1, said[1].1, "on any number of threads");
    let receipt: serde_json::Value = serde_json::from_slice(&said[0].1).expect("JSON");
    let balance = &receipt["balance"];
    assert_eq!(balance["lines"]["read"], 120_001);
    assert_eq!(balance["lines"]["posted"], 1);
    assert_eq!(balance["lines"]["refused"], 120_000);
    assert_eq!(balance["oere"]["posted"], 100);
    // Of two that weigh the same, the one delivered last is as good as unread.
    assert_eq!(balance["oere"]["refused"], 60_000 * 99_999_999_999_900_i64);
    assert_eq!(balance["refused_unreadable_lines"], 60_000);
    let rejected: Vec<&str> = receipt["deliveries"]
        .as_array()
        .expect("deliveries")
        .iter()
        .filter(|delivery| delivery["rejected"] == true)
        .filter_map(|delivery| delivery["name"].as_str())
        .collect();
    assert_eq!(rejected, ["forbrug/0751-2020.csv.gz"]);
}

#[test]
fn too_many_refused_lines_are_counted_and_the_first_are_listed() {
    let line = "0751;01-03-1999;1999-03;BYG;2.1;22.65;x;2,00\n";
    let bytes = gzip(&[(HEADER, 1), (LINE, 5), (line, 120_001)]);
    let ran = check("0751-2019.csv.gz", &bytes);
    assert!(ran.out.contains("grænsen `refused_lines` er 120000"), "{}", ran.out);
    assert!(ran.out.contains("lines: 120007 read = 1 posted + 0 superseded + 120006 refused"));
    assert!(
        ran.out.contains("DKK: 240008.00 read = 1.00 posted + 0.00 superseded + 240007.00 refused"),
        "{}",
        ran.out
    );
    assert_eq!(ran.out.matches(": Q305").count(), 20);
}

#[test]
fn more_refused_lines_than_a_run_holds_cost_the_deliveries_that_have_most() {
    let fixture = fixture();
    let line = "0751;01-03-1999;1999-03;BYG;2.1;22.65;x;2,00\n";
    let refused = |lines: usize| gzip(&[(HEADER, 1), (LINE, 1), (line, lines)]);
    for (year, lines) in [(2018, 50_000), (2019, 90_000), (2020, 30_000)] {
        fixture.deliver(&format!("forbrug/0751-{year}.csv.gz"), refused(lines));
    }
    let mut printed: Vec<String> = Vec::new();
    for jobs in ["1", "2"] {
        let mut command = fixture.command("check", &fixture.path("deliveries"));
        printed.push(ran(&command.args(["--jobs", jobs]).output().expect("it starts")).out);
    }
    assert_eq!(printed[0], printed[1], "on any number of threads");
    let named = |line: &&str| line.contains(":1: Q013: ");
    let named: Vec<&str> = printed[0].lines().filter(named).collect();
    assert_eq!(named.len(), 1, "{named:?}");
    assert!(named[0].starts_with("forbrug/0751-2019.csv.gz:1: "), "{named:?}");
    assert!(named[0].contains("`run_refused_bytes`"), "{named:?}");
    assert!(
        printed[0].contains("lines: 170003 read = "),
        "{}",
        &printed[0][printed[0].len() - 600..]
    );
}

/// The rows of the pack of a delivery, written with little room, beside what the pack is of.
fn packed(parts: &[(&str, usize)]) -> Vec<String> {
    let fixture = fixture();
    fixture.deliver("forbrug/0751-2019.csv.gz", gzip(parts));
    let mut command = fixture.command("check", &fixture.path("deliveries"));
    command.arg("--rettelser").arg(fixture.path("packs"));
    let ran = within(&command, 700 << 10);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    let pack = std::fs::read_to_string(fixture.path("packs/0751.csv")).expect("a pack");
    assert!(fixture.path("packs/0751.xlsx").is_file(), "the same as a workbook");
    pack.trim_start_matches('\u{FEFF}').split_terminator("\r\n").map(str::to_owned).collect()
}

/// Rows of a pack by whether their line is left out, the headings aside.
fn left_out(rows: &[String]) -> (usize, usize) {
    let said = "find den i jeres eget udtræk ud fra fil og linjenummer";
    let lines = rows.iter().filter(|row| !row.starts_with("Rettes i fil;"));
    let (out, kept): (Vec<_>, Vec<_>) = lines.partition(|row| row.contains(said));
    (out.len(), kept.len())
}

#[test]
fn a_correction_pack_holds_so_much_and_says_what_it_leaves_out() {
    // Empty cells a line ends with are one.
    let empty = format!("0751;x;1;y;k;t;1{}\n", ";".repeat(16_000));
    let rows = packed(&[(HEADER, 1), (&empty, 300)]);
    assert_eq!(left_out(&rows), (0, 300));
    assert!(rows[1].ends_with(";0751;x;1;y;k;t;1;;[felt for meget]"), "{}", rows[1]);
    // Long lines as far as there is room, and a short one behind them.
    let long = format!("0751;{};;;;;;\n", "x".repeat(1_000_000));
    let rows = packed(&[(HEADER, 1), (&long, 40), ("0751;x\n", 1)]);
    assert_eq!(left_out(&rows), (7, 34));
    assert!(rows.last().is_some_and(|row| row.contains(";42;")), "{:?}", rows.last());
}

#[test]
fn sniff_looks_at_no_line_that_no_delivery_may_have() {
    let fixture = RunFixture::new();
    let columns: String = (0..60_000).fold(String::new(), |mut text, column| {
        write!(text, "c{column};").expect("a String takes any text");
        text
    });
    fixture.lay("wide.csv", format!("{columns}\n1\n")).lay("long.csv", "x".repeat(3 << 20));
    for (name, bound) in [("wide.csv", "line_cells"), ("long.csv", "line_bytes")] {
        let mut command = crate::fixture::binary();
        let ran = ran(&command.arg("sniff").arg(fixture.path(name)).output().expect("it starts"));
        assert_eq!(ran.code, 1, "{}", ran.out);
        assert!(ran.err.contains(bound) && ran.err.contains("help: "), "{}", ran.err);
    }
    // As many columns as there may be are looked at once each.
    let columns: String = (0..16_000).fold(String::new(), |mut text, column| {
        write!(text, "c{column};").expect("a String takes any text");
        text
    });
    fixture.lay("most.csv", format!("{columns}x\n{}\n", "1;".repeat(16_000)));
    let mut command = crate::fixture::binary();
    let ran = ran(&command.arg("sniff").arg(fixture.path("most.csv")).output().expect("it starts"));
    assert_eq!(ran.code, 0, "{}", ran.err);
}

#[test]
fn more_threads_than_help_are_not_started() {
    let fixture = fixture();
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{LINE}"));
    let ran = fixture.check_with(&["--jobs", "65535"]);
    assert_eq!(ran.code, 0);
    assert!(ran.err.starts_with("warning: ") && ran.err.contains("not 65535"), "{}", ran.err);
    assert_eq!(ran.out, fixture.check().out);
}

#[test]
fn the_environment_changes_nothing() {
    let fixture = fixture();
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{LINE}"));
    fixture.run(&[]);
    let (usual, check) = (fixture.report(), fixture.check());
    for (name, value) in [
        ("POLARS_MAX_THREADS", "0"),
        ("POLARS_MAX_THREADS", "x"),
        ("POLARS_VERBOSE", "1"),
        ("POLARS_MAX_EXPR_DEPTH", "x"),
        ("POLARS_IDEAL_MORSEL_SIZE", "0"),
        ("POLARS_PANIC_ON_ERR", "1"),
        ("RAYON_NUM_THREADS", "x"),
        ("RAYON_NUM_THREADS", "100000"),
    ] {
        let mut command = fixture.command("run", &fixture.path("deliveries"));
        command.env(name, value).arg("--out").arg(fixture.path("report"));
        let run = ran(&command.output().expect("it starts"));
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{name}={value}");
        assert_eq!(fixture.report(), usual, "{name}={value}");
        let mut command = fixture.command("check", &fixture.path("deliveries"));
        let again = ran(&command.env(name, value).output().expect("it starts"));
        assert_eq!((again.code, again.out), (check.code, check.out.clone()), "{name}={value}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn standard_error_that_cannot_be_written_changes_nothing() {
    let fixture = fixture();
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{LINE}"));
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").expect("it is there");
    let mut command = fixture.command("check", &fixture.path("deliveries"));
    command.args(["--jobs", "9999"]).stderr(Stdio::from(full()));
    assert_eq!(ran(&command.output().expect("it starts")).code, 0, "a warning");
    let mut command = fixture.command("check", &fixture.path("nowhere"));
    assert_eq!(ran(&command.stderr(Stdio::from(full())).output().expect("it starts")).code, 1);
}

/// Three thousand headings no contract knows, and the same without the contract's own.
#[test]
fn what_is_said_of_many_headings_is_short() {
    let own =
        "Myndighed;Bogføringsdato;Regnskabsperiode;Ydelse;Initiativ;Konto;Posteringstekst;Beløb";
    let more: Vec<String> = (0..3_000).map(|number| format!("Ekstra kolonne {number}")).collect();
    let fixture = RunFixture::new();
    fixture.deliver("forbrug/0751-2018.csv", format!("{own};{}\n0751\n", more.join(";")));
    fixture.deliver("forbrug/0461-2018.csv", format!("{}\n0461\n", more.join(";")));
    for language in ["da", "en"] {
        let ran = fixture.check_with(&["--language", language]);
        let listed = "Ekstra kolonne 0, Ekstra kolonne 1, Ekstra kolonne 2, … (+2997)";
        assert!(ran.out.contains(listed), "{}", ran.out);
        assert!(ran.out.contains(&listed.replace(',', ";")), "{}", ran.out);
        assert!(ran.out.len() < 4_096, "{} bytes", ran.out.len());
    }
}
