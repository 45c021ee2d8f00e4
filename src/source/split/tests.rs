//! Where records begin and end, in words and by properties.

use crate::source::bounds::Bound;
use crate::source::split::{RecordKind, Split};
use proptest::prelude::*;
use std::io::{self, Read as _};

/// Every piece as `line: cells`, `line blank` or `line unclosed`.
fn pieces(text: &str, width: usize) -> Vec<String> {
    pieces_of(strict(text.as_bytes(), 20), width)
}

/// Quotes as they are unless a layout says otherwise.
fn strict(text: &[u8], max_lines: usize) -> Split<&[u8]> {
    Split::new(text, b';', Some(b'"'), max_lines)
}

/// Quotes that close a cell only where the cell can end.
fn loose(text: &[u8]) -> Split<&[u8]> {
    let mut split = strict(text, 1);
    split.marks.loose = true;
    split
}

fn pieces_of(mut split: Split<&[u8]>, width: usize) -> Vec<String> {
    split.expect(width);
    let mut found = Vec::new();
    while let Some(piece) = split.next().expect("memory reads") {
        let line = split.line();
        found.push(match piece {
            RecordKind::Blank => format!("{line} blank"),
            RecordKind::Unclosed => format!("{line} unclosed"),
            RecordKind::Record => format!("{line}: {}", cells(&split).join("|")),
        });
    }
    found
}

fn cells<R: std::io::BufRead>(split: &Split<R>) -> Vec<String> {
    let mut buffer = Vec::new();
    (0..split.width())
        .map(|at| String::from_utf8_lossy(split.cell(at, &mut buffer)).into_owned())
        .collect()
}

#[test]
fn records_begin_on_the_line_an_editor_shows() {
    let text = "a;b\r\n1;2\n\n3;\"x\ny\"\n4;\"say \"\"hi\"\"\"\r5;6";
    let expected = ["1: a|b", "2: 1|2", "3 blank", "4: 3|x\ny", "6: 4|say \"hi\"", "7: 5|6"];
    assert_eq!(pieces(text, 2), expected);
}

#[test]
fn an_unclosed_quote_costs_its_own_line() {
    let text = "a;b\n1;\"oops\n2;fine\n3;\"also fine\"\n4;x\n";
    let expected = ["1: a|b", "2 unclosed", "3: 2|fine", "4: 3|also fine", "5: 4|x"];
    assert_eq!(pieces(text, 2), expected);
}

#[test]
fn a_quote_inside_a_cell_is_a_character_and_text_behind_a_quoted_cell_is_a_fault() {
    assert_eq!(pieces("5\" skærm;1\n", 2), ["1: 5\" skærm|1"]);
    assert_eq!(pieces("\"a\"b;1\nc;2\n", 2), ["1 unclosed", "2: c|2"]);
}

#[test]
fn a_cell_too_many_beside_a_line_break_in_quotes_is_one_record() {
    assert_eq!(pieces("\"x\ny\";2;3\n4;5\n", 2), ["1: x\ny|2|3", "3: 4|5"]);
    // The second line has three cells by itself, but then the first has two.
    assert_eq!(pieces("1;\"x\ny\";3;4\n5;6;7\n", 3), ["1: 1|x\ny|3|4", "3: 5|6|7"]);
    // A cell too few, and a blank line in quotes.
    assert_eq!(pieces("\"x\n\ny\";2\n5;6;7\n", 3), ["1: x\n\ny|2", "4: 5|6|7"]);
}

#[test]
fn a_line_that_could_be_read_alone_is_never_swallowed() {
    // Two lines of two cells, or one of three.
    let text = "1;\"oops\nskærm 5\";7\n3;x\n";
    assert_eq!(pieces(text, 2), ["1 unclosed", "2: skærm 5\"|7", "3: 3|x"]);
    // A whole line in between.
    let text = "1;\"oops\n2;5\nx\";7;8\n";
    assert_eq!(pieces(text, 2), ["1 unclosed", "2: 2|5", "3: x\"|7|8"]);
    // The second begins a record of two lines.
    let text = "1;\"oops\n2;\"; say\nmore\"\n";
    assert_eq!(pieces(text, 2), ["1 unclosed", "2: 2|; say\nmore"]);
}

#[test]
fn loose_quotes_close_a_cell_where_it_can_end() {
    for (text, expected) in [
        ("\"Lær \"at\" leve\"; 2,2\n", "1: Lær \"at\" leve| 2,2"),
        ("\"2018\";\"2019\" \n", "1: 2018|2019"),
        ("\"a \"\"b\"\" c\";\"\"\n", "1: a \"b\" c|"),
        ("\"a;b\";5\" skærm\n", "1: a;b|5\" skærm"),
        ("\"never closed;1\n", "1 unclosed"),
    ] {
        assert_eq!(pieces_of(loose(text.as_bytes()), 2), [expected], "{text}");
    }
    // No cell reaches into the next line, where any quote would close it.
    let text = "1;\"oops\n2;\"fine\"\n";
    assert_eq!(pieces_of(loose(text.as_bytes()), 2), ["1 unclosed", "2: 2|fine"]);
}

#[test]
fn what_is_escaped_stands_for_itself() {
    let escaped = |text: &str| {
        let mut split = strict(text.as_bytes(), 20);
        split.marks.escape = Some(b'\\');
        pieces_of(split, 2)
    };
    assert_eq!(escaped(r#""foo (\"foo\")";"a\;b\\""#), [r#"1: foo ("foo")|a;b\"#]);
    assert_eq!(escaped(r#"a\;b;\"c""d"#), [r#"1: a;b|"c""d"#]);
    assert_eq!(escaped("a;b\\\nc;\"d\\"), ["1: a|b\\", "2 unclosed"]);
}

/// The cells by the csv crate, which shares no code with ours.
fn by_csv(bytes: &[u8]) -> Vec<Vec<String>> {
    csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .from_reader(bytes)
        .records()
        .map(|row| row.expect("well-formed").iter().map(str::to_owned).collect())
        .collect()
}

fn written(rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).expect("memory writes");
    }
    writer.into_inner().expect("memory writes")
}

fn records(mut split: Split<&[u8]>) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    while let Some(piece) = split.next().expect("memory reads") {
        assert_eq!(piece, RecordKind::Record);
        found.push(cells(&split));
    }
    found
}

#[test]
fn an_interrupted_read_is_tried_again() {
    struct Interrupted(bool);
    impl io::Read for Interrupted {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            self.0 = !self.0;
            if self.0 {
                return Err(io::ErrorKind::Interrupted.into());
            }
            b"\r".as_slice().read(out)
        }
    }
    let two = io::BufReader::new(Interrupted(false).take(2));
    let mut split = Split::new(two, b';', None, 1);
    assert_eq!(split.next().expect("tried again"), Some(RecordKind::Blank));
    assert_eq!(split.next().expect("tried again"), Some(RecordKind::Blank));
    assert_eq!(split.next().expect("tried again"), None);
}

#[test]
fn a_cell_that_is_read_on_is_the_cell_that_is_read_whole() {
    for text in ["1;\"x\ny\"\"\nz\";2", "\"a\\\nb\";c", "\"\n\n\n\";\"x\ny\""] {
        let mut split = strict(text.as_bytes(), 20);
        split.marks.escape = Some(b'\\');
        assert_eq!(split.next().expect("memory reads"), Some(RecordKind::Record), "{text}");
        let mut whole = Vec::new();
        split.marks.read(text.as_bytes(), &mut whole);
        assert_eq!(split.cells, whole, "{text}");
    }
}

#[test]
fn what_is_longer_or_wider_than_any_line_stops_the_reader() {
    let (bytes, cells) = (Bound::LineBytes.most(), Bound::LineCells.most());
    let bound = |text: &str| {
        let read = strict(text.as_bytes(), 20).next();
        read.err().as_ref().and_then(Bound::of)
    };
    assert_eq!(bound(&"x".repeat(bytes)), None);
    assert_eq!(bound(&"x".repeat(bytes + 1)), Some(Bound::LineBytes));
    if cells < bytes {
        assert_eq!(bound(&";".repeat(cells - 1)), None);
        assert_eq!(bound(&";".repeat(cells)), Some(Bound::LineCells));
    }
    // A quote that is not closed within the bound costs its own line.
    let half = "x".repeat(bytes / 2);
    let text = format!("\"{half}\n{half}\"\n1;2\n");
    let mut split = strict(text.as_bytes(), 20);
    assert_eq!(split.next().expect("memory reads"), Some(RecordKind::Unclosed));
    assert_eq!(split.next().expect("memory reads"), Some(RecordKind::Record));
    assert_eq!((split.line(), split.width()), (2, 1));
}

proptest! {
    /// Whatever is delivered, each physical line is in one piece, and none is lost.
    #[test]
    fn no_line_is_lost(text in "[a;\"\n]{0,80}") {
        let mut split = Split::new(text.as_bytes(), b';', Some(b'"'), 4);
        split.expect(2);
        let mut next = 1;
        while let Some(piece) = split.next().expect("memory reads") {
            prop_assert_eq!(split.line(), next);
            let breaks = split.text.iter().filter(|byte| **byte == b'\n').count();
            let own = if piece == RecordKind::Record { breaks } else { 0 };
            next += 1 + u32::try_from(own).expect("few lines");
        }
        prop_assert_eq!(usize::try_from(next - 1).expect("few lines"), text.lines().count());
    }

    /// Well-formed text reads as the csv crate reads it.
    #[test]
    fn well_formed_records_agree_with_the_csv_crate(
        rows in prop::collection::vec(prop::collection::vec("[a-c;\"\n ]{0,6}", 2), 1..8)
    ) {
        let bytes = written(&rows);
        let mut split = strict(&bytes, 200);
        split.expect(2);
        prop_assert_eq!(records(split), by_csv(&bytes));
    }

    /// Quotes declared loose read a well-formed record of one line as it is.
    #[test]
    fn loose_quotes_do_not_show_where_all_is_well_formed(
        rows in prop::collection::vec(prop::collection::vec("[a-c;\" ]{0,6}", 2), 1..8)
    ) {
        let bytes = written(&rows);
        prop_assert_eq!(records(loose(&bytes)), by_csv(&bytes));
    }

    /// A record of several lines that fits no header swallows no line without quotes that would
    /// fit it alone; nor any that would, when its own first line has the cells it should have.
    #[test]
    fn a_line_that_fits_is_never_swallowed(
        first in "(a;\"b?|a;b|)", rest in "[a;\"\n]{0,60}"
    ) {
        let text = format!("{first}\n{rest}");
        let lines: Vec<&str> = text.lines().collect();
        let mut split = strict(text.as_bytes(), 4);
        split.expect(2);
        while let Some(piece) = split.next().expect("memory reads") {
            let breaks = split.text.iter().filter(|byte| **byte == b'\n').count();
            if piece != RecordKind::Record || split.width() == 2 || breaks == 0 {
                continue;
            }
            let begun = split.line() == 1 && first.starts_with("a;\"");
            let behind = usize::try_from(split.line()).expect("few lines");
            for line in &lines[behind..behind + breaks] {
                let mut alone = strict(line.as_bytes(), 1);
                let record = alone.next().expect("memory reads") == Some(RecordKind::Record);
                let fits = record && alone.width() == 2;
                prop_assert!(!fits || line.contains('"') && !begun, "{}", line);
            }
        }
    }
}
