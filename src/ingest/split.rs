//! Bytes to records, each with the physical line it begins on. The one seam between layout and
//! rules.
//!
//! A record is one physical line, or several when a quoted cell holds line breaks. Lines end with
//! LF, CRLF or a lone CR. A quote that is opened and not closed costs its own line and no other:
//! the lines behind it are read again as records of their own.

use std::collections::VecDeque;
use std::io::{self, BufRead};

/// One record, or a line that is none.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Cells of a record.
    Record,
    /// A line with nothing on it.
    Blank,
    /// A quote is opened here and never closed, or closed in the middle of a cell.
    Unclosed,
}

/// Reads records from bytes.
pub(super) struct Split<R> {
    input: R,
    delimiter: u8,
    quote: Option<u8>,
    max_lines: usize,
    /// Cells a record of several lines must have to be believed; set once the header is known.
    width: Option<usize>,
    /// Physical lines read ahead and not yet used.
    ahead: VecDeque<Line>,
    first_line: u32,
    next_line: u32,
    /// The record last read.
    text: Vec<u8>,
    cells: Vec<CellSpan>,
    line: u32,
    /// Bytes read from the input, the lines ahead included.
    taken: usize,
}

struct Line {
    number: u32,
    bytes: Vec<u8>,
    /// Bytes it takes in the input, its end included.
    length: usize,
}

/// A cell in the record's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct CellSpan {
    start: usize,
    end: usize,
    /// Quoted, with doubled quotes inside.
    doubled: bool,
}

/// How a text reads as one record.
enum Reading {
    Whole,
    /// The text ends inside quotes.
    Open,
    /// Something follows a closing quote.
    Broken,
}

impl<R: BufRead> Split<R> {
    pub(super) fn new(input: R, delimiter: u8, quote: Option<u8>, max_lines: usize) -> Split<R> {
        Split {
            input,
            delimiter,
            quote,
            max_lines,
            width: None,
            ahead: VecDeque::new(),
            first_line: 1,
            next_line: 1,
            text: Vec::new(),
            cells: Vec::new(),
            line: 0,
            taken: 0,
        }
    }

    /// Bytes of the input that are in the pieces given so far.
    pub(super) fn consumed(&self) -> usize {
        self.taken - self.ahead.iter().map(|line| line.length).sum::<usize>()
    }

    /// Physical lines of the input that are in the pieces given so far.
    pub(super) fn lines(&self) -> u32 {
        let ahead = u32::try_from(self.ahead.len()).expect("few lines are read ahead");
        self.next_line - self.first_line - ahead
    }

    /// Bytes of the input that were looked at.
    pub(super) fn taken(&self) -> usize {
        self.taken
    }

    /// Says on which physical line the input begins.
    pub(super) fn on_line(mut self, line: u32) -> Split<R> {
        self.first_line = line;
        self.next_line = line;
        self
    }

    /// Says how many cells a record has, so that a record of several lines can be checked.
    pub(super) fn expect(&mut self, width: usize) {
        self.width = Some(width);
    }

    /// The line the last piece begins on, 1-based.
    pub(super) fn line(&self) -> u32 {
        self.line
    }

    /// Number of cells in the last record.
    pub(super) fn width(&self) -> usize {
        self.cells.len()
    }

    /// A cell of the last record, quotes taken off; `buffer` is used where quotes were doubled.
    pub(super) fn cell<'a>(&'a self, index: usize, buffer: &'a mut Vec<u8>) -> &'a [u8] {
        let Some(span) = self.cells.get(index) else {
            return &[];
        };
        let bytes = &self.text[span.start..span.end];
        if !span.doubled {
            return bytes;
        }
        buffer.clear();
        let mut skip = false;
        for byte in bytes {
            skip = Some(*byte) == self.quote && !skip;
            if !skip {
                buffer.push(*byte);
            }
        }
        buffer
    }

    /// The last piece as it stands, its line end aside.
    pub(super) fn raw(&self) -> &[u8] {
        &self.text
    }

    /// Passes over one physical line, whatever its quotes: whether it was blank; `None` at the end.
    pub(super) fn skip_line(&mut self) -> io::Result<Option<bool>> {
        Ok(self.take_line()?.map(|line| is_blank(&line.bytes)))
    }

    /// Whether the last piece begins with this byte.
    pub(super) fn begins_with(&self, byte: u8) -> bool {
        self.text.first() == Some(&byte)
    }

    /// Reads the next piece; `None` at the end.
    pub(super) fn next(&mut self) -> io::Result<Option<Piece>> {
        let Some(first) = self.take_line()? else {
            return Ok(None);
        };
        self.line = first.number;
        self.text = first.bytes;
        if is_blank(&self.text) {
            self.cells.clear();
            return Ok(Some(Piece::Blank));
        }
        match self.read_cells() {
            Reading::Whole => return Ok(Some(Piece::Record)),
            Reading::Broken => return Ok(Some(Piece::Unclosed)),
            Reading::Open => {}
        }
        let mut joined = Vec::new();
        let own_length = self.text.len();
        while joined.len() + 1 < self.max_lines {
            let Some(line) = self.take_line()? else { break };
            self.text.push(b'\n');
            self.text.extend_from_slice(&line.bytes);
            joined.push(line);
            match self.read_cells() {
                Reading::Whole if self.width.is_none_or(|width| width == self.cells.len()) => {
                    return Ok(Some(Piece::Record));
                }
                Reading::Whole | Reading::Broken => break,
                Reading::Open => {}
            }
        }
        for line in joined.into_iter().rev() {
            self.ahead.push_front(line);
        }
        self.text.truncate(own_length);
        self.cells.clear();
        Ok(Some(Piece::Unclosed))
    }

    fn take_line(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.ahead.pop_front() {
            return Ok(Some(line));
        }
        let mut bytes = Vec::new();
        let length = read_line(&mut self.input, &mut bytes)?;
        if length == 0 {
            return Ok(None);
        }
        self.taken += length;
        let number = self.next_line;
        if number == 1 && bytes.starts_with(b"\xEF\xBB\xBF") {
            bytes.drain(..3);
        }
        self.next_line = number.checked_add(1).expect("a delivery has under 2^32 lines");
        Ok(Some(Line { number, bytes, length }))
    }

    /// Finds the cells of `self.text`.
    fn read_cells(&mut self) -> Reading {
        self.cells.clear();
        let text = &self.text;
        let mut at = 0;
        loop {
            if text.get(at).copied().is_some_and(|byte| Some(byte) == self.quote) {
                let quote = text[at];
                let start = at + 1;
                let mut doubled = false;
                let mut end = start;
                loop {
                    match text[end..].iter().position(|byte| *byte == quote) {
                        None => return Reading::Open,
                        Some(step) => end += step,
                    }
                    if text.get(end + 1) != Some(&quote) {
                        break;
                    }
                    doubled = true;
                    end += 2;
                }
                self.cells.push(CellSpan { start, end, doubled });
                at = end + 1;
                match text.get(at) {
                    None => return Reading::Whole,
                    Some(byte) if *byte == self.delimiter => at += 1,
                    Some(_) => return Reading::Broken,
                }
            } else {
                let rest = &text[at..];
                let length = rest.iter().position(|byte| *byte == self.delimiter);
                let end = at + length.unwrap_or(rest.len());
                self.cells.push(CellSpan { start: at, end, doubled: false });
                if length.is_none() {
                    return Reading::Whole;
                }
                at = end + 1;
            }
        }
    }
}

/// Reads up to LF, CRLF or a lone CR, which is taken off; gives the bytes read, 0 at the end.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<usize> {
    loop {
        let window = input.fill_buf()?;
        if window.is_empty() {
            return Ok(line.len());
        }
        let Some(end) = window.iter().position(|byte| *byte == b'\n' || *byte == b'\r') else {
            line.extend_from_slice(window);
            let length = window.len();
            input.consume(length);
            continue;
        };
        line.extend_from_slice(&window[..end]);
        let was_return = window[end] == b'\r';
        input.consume(end + 1);
        if was_return && input.fill_buf()?.first() == Some(&b'\n') {
            input.consume(1);
            return Ok(line.len() + 2);
        }
        return Ok(line.len() + 1);
    }
}

/// Whether a line holds nothing but spaces, tabs and no-break spaces (UTF-8 or a single byte).
pub(super) fn is_blank(line: &[u8]) -> bool {
    let mut bytes = line.iter().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b' ' | b'\t' | 0xA0 => {}
            0xC2 if bytes.peek() == Some(&&0xA0) => {}
            _ => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{Piece, Split};
    use proptest::prelude::*;

    /// Every piece as `line: cells`, `line blank` or `line unclosed`.
    fn pieces(text: &str, width: usize) -> Vec<String> {
        let mut split = Split::new(text.as_bytes(), b';', Some(b'"'), 20);
        split.expect(width);
        let mut found = Vec::new();
        while let Some(piece) = split.next().expect("memory reads") {
            let line = split.line();
            found.push(match piece {
                Piece::Blank => format!("{line} blank"),
                Piece::Unclosed => format!("{line} unclosed"),
                Piece::Record => format!("{line}: {}", cells(&split).join("|")),
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
                let own = if piece == Piece::Record { breaks } else { 0 };
                next += 1 + u32::try_from(own).expect("few lines");
            }
            prop_assert_eq!(usize::try_from(next - 1).expect("few lines"), text.lines().count());
        }

        /// Well-formed text reads as the csv crate reads it.
        #[test]
        fn well_formed_records_agree_with_the_csv_crate(
            rows in prop::collection::vec(prop::collection::vec("[a-c;\"\n ]{0,6}", 2), 1..8)
        ) {
            let mut writer = csv::WriterBuilder::new().delimiter(b';').from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).expect("memory writes");
            }
            let bytes = writer.into_inner().expect("memory writes");
            let mut reference =
                csv::ReaderBuilder::new().delimiter(b';').has_headers(false).from_reader(&bytes[..]);
            let expected: Vec<Vec<String>> = reference
                .records()
                .map(|row| row.expect("well-formed").iter().map(str::to_owned).collect())
                .collect();
            let mut split = Split::new(&bytes[..], b';', Some(b'"'), 200);
            split.expect(2);
            let mut found = Vec::new();
            while let Some(piece) = split.next().expect("memory reads") {
                prop_assert!(piece == Piece::Record);
                found.push(cells(&split));
            }
            prop_assert_eq!(found, expected);
        }
    }
}
