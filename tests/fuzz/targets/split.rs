//! Any bytes as records: each physical line is in one piece, the pieces are those of a splitter
//! written the slow way and those of the `csv` crate, and what that crate writes is read back.
#![no_main]

use gevinst::testing::collect::{SplitRecord, SplitRecords, SplitterSettings, split};
use gevinst_fuzz::choices::Choices;
use gevinst_fuzz::lines;
use gevinst_fuzz::slow::Slow;
use libfuzzer_sys::fuzz_target;
use std::io::BufReader;

fuzz_target!(|input: &[u8]| {
    let mut choices = Choices::of(input);
    let marks = SplitterSettings {
        delimiter: choices.one_of(b";,\t|"),
        quote: choices.one_of(&[Some(b'"'), Some(b'\''), None]),
        max_lines: choices.one_of(&[1, 2, 3, 5, 20]),
        width: choices.one_of(&[None, Some(1), Some(2), Some(3)]),
    };
    let capacity = usize::from(choices.byte()) + 1;
    let text = choices.rest();

    let pieces = split(text, marks).expect("memory reads");
    let small = BufReader::with_capacity(capacity, Slow::new(text, capacity));
    assert_eq!(split(small, marks).expect("memory reads"), pieces, "buffers show");
    hold(text, &pieces, marks);
    assert_eq!(pieces.pieces, plainly(text, marks));
    like_the_csv_crate(text, &pieces, marks);
    round_trip(text, marks);
});

/// Each physical line is in one piece, and the pieces are the text.
fn hold(text: &[u8], pieces: &SplitRecords, marks: SplitterSettings) {
    let count = lines::cut(text).len();
    assert_eq!((pieces.bytes, usize::try_from(pieces.lines)), (text.len(), Ok(count)));
    let starts = pieces.pieces.iter().map(|(line, _)| *line);
    let ends = starts.clone().skip(1).chain([pieces.lines + 1]);
    for ((start, end), (_, piece)) in starts.zip(ends).zip(&pieces.pieces) {
        let most = if matches!(piece, SplitRecord::Record(_)) { marks.max_lines.max(1) } else { 1 };
        assert!(start < end && usize::try_from(end - start).is_ok_and(|own| own <= most));
    }
}

/// The pieces by the rule, a line at a time.
fn plainly(text: &[u8], marks: SplitterSettings) -> Vec<(u32, SplitRecord)> {
    let lines = lines::cut(text);
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let (own, piece) = piece(&lines[at..], marks);
        pieces.push((u32::try_from(at + 1).expect("few lines"), piece));
        at += own;
    }
    pieces
}

/// The first piece of these lines, and how many of them it takes.
fn piece(lines: &[&[u8]], marks: SplitterSettings) -> (usize, SplitRecord) {
    if String::from_utf8_lossy(lines[0]).chars().all(|letter| letter == ' ' || letter == '\t') {
        return (1, SplitRecord::Blank);
    }
    if no_break(lines[0]) {
        return (1, SplitRecord::Blank);
    }
    let mut alone = 0;
    for own in 1..=marks.max_lines.max(1).min(lines.len()) {
        match cells(&lines[..own].join(&b'\n'), marks) {
            Reading::Whole(cells) if own == 1 => return (1, SplitRecord::Record(cells)),
            Reading::Whole(cells) if believed(&lines[1..own], alone, cells.len(), marks) => {
                return (own, SplitRecord::Record(cells));
            }
            Reading::Whole(_) | Reading::Broken => break,
            Reading::Open(bare) if own == 1 => alone = bare,
            Reading::Open(_) => {}
        }
    }
    (1, SplitRecord::Unclosed)
}

/// Whether lines joined to one of `alone` cells, its quote taken for a character, are one record
/// with it: it has the cells it should, or no line could be read without it.
fn believed(joined: &[&[u8]], alone: usize, count: usize, marks: SplitterSettings) -> bool {
    let Some(width) = marks.width else { return true };
    let (last, between) = joined.split_last().expect("a line was joined");
    let open = |line: &&[u8]| matches!(cells(line, marks), Reading::Open(_));
    let record = |line: &&[u8]| match cells(line, marks) {
        Reading::Whole(cells) => !no_break(line) && cells.len() == width,
        Reading::Open(_) | Reading::Broken => false,
    };
    let lost =
        joined.iter().any(open) || between.iter().any(record) || record(last) && alone == width;
    count == width || !lost
}

/// Whether a line is blanks, some of them no-break spaces of one byte or two.
fn no_break(line: &[u8]) -> bool {
    let mut rest = line;
    while let Some((first, after)) = rest.split_first() {
        rest = match (first, after) {
            (b' ' | b'\t' | 0xA0, _) => after,
            (0xC2, [0xA0, after @ ..]) => after,
            _ => return false,
        };
    }
    true
}

enum Reading {
    Whole(Vec<Vec<u8>>),
    /// It has so many cells when the quote is taken for a character.
    Open(usize),
    Broken,
}

/// The cells of a text, byte by byte.
fn cells(text: &[u8], marks: SplitterSettings) -> Reading {
    let mut cells = vec![Vec::new()];
    let mut rest = text;
    loop {
        if rest.first().copied() == marks.quote && !rest.is_empty() {
            let bare = rest.iter().filter(|byte| **byte == marks.delimiter).count();
            let alone = cells.len() + bare;
            rest = &rest[1..];
            loop {
                match rest {
                    [] => return Reading::Open(alone),
                    [one, two, after @ ..] if Some(*one) == marks.quote && one == two => {
                        cells.last_mut().expect("a cell").push(*one);
                        rest = after;
                    }
                    [one, after @ ..] if Some(*one) == marks.quote => {
                        rest = after;
                        break;
                    }
                    [one, after @ ..] => {
                        cells.last_mut().expect("a cell").push(*one);
                        rest = after;
                    }
                }
            }
            if rest.first().is_some_and(|byte| *byte != marks.delimiter) {
                return Reading::Broken;
            }
        }
        while let Some((byte, after)) =
            rest.split_first().filter(|(byte, _)| **byte != marks.delimiter)
        {
            cells.last_mut().expect("a cell").push(*byte);
            rest = after;
        }
        match rest.split_first() {
            None => return Reading::Whole(cells),
            Some((_, after)) => rest = after,
        }
        cells.push(Vec::new());
    }
}

/// Where nothing is refused, the records are those of the `csv` crate.
fn like_the_csv_crate(text: &[u8], pieces: &SplitRecords, marks: SplitterSettings) {
    if pieces.pieces.iter().any(|(_, piece)| *piece == SplitRecord::Unclosed) {
        return;
    }
    let mut reader = csv::ReaderBuilder::new();
    reader.delimiter(marks.delimiter).has_headers(false).flexible(true);
    match marks.quote {
        Some(quote) => reader.quote(quote),
        None => reader.quoting(false),
    };
    // A tab is a blank, also where it is the delimiter.
    let blank = |cells: &[Vec<u8>]| no_break(&cells.join(&marks.delimiter));
    let mut expected = Vec::new();
    for record in reader.from_reader(text).byte_records() {
        let cells: Vec<Vec<u8>> = record
            .expect("memory reads")
            .iter()
            .map(|cell| lines::cut_all(cell).join(&b'\n'))
            .collect();
        expected.extend(Some(cells).filter(|cells| !blank(cells)));
    }
    let found: Vec<_> = pieces
        .pieces
        .iter()
        .filter_map(|(_, piece)| match piece {
            SplitRecord::Record(cells) => Some(cells.clone()).filter(|cells| !blank(cells)),
            SplitRecord::Blank | SplitRecord::Unclosed => None,
        })
        .collect();
    assert_eq!(found, expected, "the csv crate reads another table");
}

/// What is written well is read back.
fn round_trip(text: &[u8], marks: SplitterSettings) {
    let Some(quote) = marks.quote else { return };
    let width = marks.width.unwrap_or(2);
    let own: Vec<Vec<u8>> =
        text.split(|byte| *byte == 0).map(|cell| lines::cut_all(cell).join(&b'\n')).collect();
    let rows: Vec<&[Vec<u8>]> = own.chunks_exact(width).collect();
    let mut writer = csv::WriterBuilder::new();
    writer.delimiter(marks.delimiter).quote(quote).quote_style(csv::QuoteStyle::Always);
    let mut writer = writer.from_writer(Vec::new());
    for row in &rows {
        writer.write_record(*row).expect("memory writes");
    }
    let written = writer.into_inner().expect("memory writes");
    let marks = SplitterSettings { max_lines: usize::MAX, width: Some(width), ..marks };
    let pieces = split(&written[..], marks).expect("memory reads").pieces;
    let found: Vec<SplitRecord> = pieces.into_iter().map(|(_, piece)| piece).collect();
    let expected: Vec<SplitRecord> =
        rows.iter().map(|row| SplitRecord::Record(row.to_vec())).collect();
    assert_eq!(found, expected);
}
