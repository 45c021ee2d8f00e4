//! Bytes to records, each with the physical line it begins on. The one seam between layout and
//! rules.
//!
//! A record is one physical line, or several when a quoted cell holds line breaks. Lines end with
//! LF, CRLF or a lone CR. A quote that is opened and not closed costs its own line and no other:
//! the lines behind it are read again as records of their own. A line, or a record of several, has
//! at most so many bytes and cells: see [`Bound`].

#[cfg(test)]
mod tests;

use crate::contract::compiled::Layout;
use crate::source::bounds::Bound;
use std::collections::VecDeque;
use std::io::{self, BufRead};

/// One record, or a line that is none.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum RecordKind {
    /// Cells of a record.
    Record,
    /// A line with nothing on it.
    Blank,
    /// A quote is opened here and never closed, or closed in the middle of a cell.
    Unclosed,
}

/// Reads records from bytes.
pub(crate) struct Split<R> {
    input: R,
    marks: Delimiters,
    max_lines: usize,
    /// Cells a record of several lines must have to be believed; set once the header is known.
    width: Option<usize>,
    /// Physical lines read ahead and not yet used.
    ahead: VecDeque<LineBuffer>,
    first_line: u32,
    next_line: u32,
    /// The record last read.
    text: Vec<u8>,
    cells: Vec<CellSpan>,
    line: u32,
    /// Bytes read from the input, the lines ahead included.
    taken: usize,
}

/// The bytes that tell cells apart.
#[derive(Debug, Clone, Copy)]
struct Delimiters {
    delimiter: u8,
    quote: Option<u8>,
    /// A quote closes a cell only where the cell can end.
    loose: bool,
    /// The byte behind it stands for itself.
    escape: Option<u8>,
}

struct LineBuffer {
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
    inside: Inside,
}

/// What is to be taken off a cell's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// Nothing.
    Text,
    /// Escapes.
    Escapes,
    /// Escapes, and one of two quotes that stand together: it is a quoted cell.
    Quotes,
}

/// How a text reads as one record.
enum RecordReading {
    Whole,
    /// The text ends inside quotes.
    Open(OpenQuote),
    /// Something follows a closing quote.
    Broken,
    /// It has more cells than any line may.
    TooWide,
}

/// A quoted cell whose end is not in the text yet.
#[derive(Debug, Clone, Copy)]
struct OpenQuote {
    /// Where its text begins, and how far it was looked at.
    start: usize,
    at: usize,
    inside: Inside,
}

impl<R: BufRead> Split<R> {
    pub(crate) fn new(input: R, delimiter: u8, quote: Option<u8>, max_lines: usize) -> Split<R> {
        Split {
            input,
            marks: Delimiters { delimiter, quote, loose: false, escape: None },
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

    /// The same, with all that the layout says of quotes.
    pub(crate) fn of(input: R, delimiter: u8, layout: &Layout) -> Split<R> {
        let mut split = Split::new(input, delimiter, layout.quote, layout.max_lines);
        split.marks.loose = layout.loose_quotes;
        split.marks.escape = layout.escape;
        if layout.loose_quotes {
            // A quote never closed would find its end in any cell of the lines behind it.
            split.max_lines = 1;
        }
        split
    }

    /// Bytes of the input that are in the pieces given so far.
    pub(crate) fn consumed(&self) -> usize {
        self.taken - self.ahead.iter().map(|line| line.length).sum::<usize>()
    }

    /// Physical lines of the input that are in the pieces given so far.
    pub(crate) fn lines(&self) -> u32 {
        let ahead = u32::try_from(self.ahead.len()).expect("few lines are read ahead");
        self.next_line - self.first_line - ahead
    }

    /// Bytes of the input that were looked at.
    pub(crate) fn taken(&self) -> usize {
        self.taken
    }

    /// Says on which physical line the input begins.
    pub(crate) fn on_line(mut self, line: u32) -> Split<R> {
        self.first_line = line;
        self.next_line = line;
        self
    }

    /// Says how many cells a record has, so that a record of several lines can be checked.
    pub(crate) fn expect(&mut self, width: usize) {
        self.width = Some(width);
    }

    /// The line the last piece begins on, 1-based.
    pub(crate) fn line(&self) -> u32 {
        self.line
    }

    /// Number of cells in the last record.
    pub(crate) fn width(&self) -> usize {
        self.cells.len()
    }

    /// A cell of the last record, quotes and escapes taken off; `buffer` is used where there were
    /// some inside it.
    pub(crate) fn cell<'a>(&'a self, index: usize, buffer: &'a mut Vec<u8>) -> &'a [u8] {
        let Some(span) = self.cells.get(index) else {
            return &[];
        };
        let bytes = &self.text[span.start..span.end];
        if span.inside == Inside::Text {
            return bytes;
        }
        let quote = self.marks.quote.filter(|_| span.inside == Inside::Quotes);
        buffer.clear();
        let mut rest = bytes;
        while let Some((byte, behind)) = rest.split_first() {
            let pair = Some(*byte) == quote && behind.first() == Some(byte)
                || Some(*byte) == self.marks.escape;
            rest = match behind.split_first() {
                Some((own, behind)) if pair => {
                    buffer.push(*own);
                    behind
                }
                _ => {
                    buffer.push(*byte);
                    behind
                }
            };
        }
        buffer
    }

    /// Whether a cell of the last record stands in quotes.
    pub(crate) fn is_quoted(&self, index: usize) -> bool {
        let before = self.cells.get(index).and_then(|span| span.start.checked_sub(1));
        before.is_some_and(|before| Some(self.text[before]) == self.marks.quote)
    }

    /// The last piece as it stands, its line end aside.
    pub(crate) fn raw(&self) -> &[u8] {
        &self.text
    }

    /// Passes over one physical line, whatever its quotes: whether it was blank; `None` at the end.
    pub(crate) fn skip_line(&mut self) -> io::Result<Option<bool>> {
        Ok(self.take_line()?.map(|line| is_blank(&line.bytes)))
    }

    /// Takes one physical line, whatever its quotes; `None` at the end.
    pub(crate) fn line_alone(&mut self) -> io::Result<Option<Vec<u8>>> {
        Ok(self.take_line()?.map(|line| line.bytes))
    }

    /// Whether the last piece begins with this byte.
    pub(crate) fn begins_with(&self, byte: u8) -> bool {
        self.text.first() == Some(&byte)
    }

    /// Reads the next piece; `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<RecordKind>> {
        let Some(first) = self.take_line()? else {
            return Ok(None);
        };
        self.line = first.number;
        self.text = first.bytes;
        if is_blank(&self.text) {
            self.cells.clear();
            return Ok(Some(RecordKind::Blank));
        }
        let mut open = match self.marks.read(&self.text, &mut self.cells) {
            RecordReading::Whole => return Ok(Some(RecordKind::Record)),
            RecordReading::Broken => return Ok(Some(RecordKind::Unclosed)),
            RecordReading::Open(open) => open,
            RecordReading::TooWide => return Err(Bound::LineCells.into()),
        };
        // The cells of the line when the quote is taken for a character.
        let bare = self.text[open.start..].iter().filter(|byte| **byte == self.marks.delimiter);
        let alone = self.cells.len() + 1 + bare.count();
        let mut joined = Vec::new();
        let own_length = self.text.len();
        while joined.len() + 1 < self.max_lines {
            let Some(line) = self.take_line()? else { break };
            if self.text.len() + 1 + line.bytes.len() > Bound::LineBytes.most() {
                self.ahead.push_front(line);
                break;
            }
            self.text.push(b'\n');
            self.text.extend_from_slice(&line.bytes);
            joined.push(line);
            match self.marks.read_on(&self.text, open, &mut self.cells) {
                RecordReading::Whole if self.believed(alone, &joined) => {
                    return Ok(Some(RecordKind::Record));
                }
                RecordReading::Whole | RecordReading::Broken | RecordReading::TooWide => break,
                RecordReading::Open(further) => open = further,
            }
        }
        for line in joined.into_iter().rev() {
            self.ahead.push_front(line);
        }
        self.text.truncate(own_length);
        self.cells.clear();
        Ok(Some(RecordKind::Unclosed))
    }

    fn take_line(&mut self) -> io::Result<Option<LineBuffer>> {
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
        if u64::from(number) > Bound::Lines.limit() {
            return Err(Bound::Lines.into());
        }
        // Of each file there is where several are joined.
        if bytes.starts_with(b"\xEF\xBB\xBF") {
            bytes.drain(..3);
        }
        self.next_line = number + 1;
        Ok(Some(LineBuffer { number, bytes, length }))
    }

    /// Whether the text is one record, whose first line has `alone` cells when its quote is taken
    /// for a character, and whose other lines are `joined`.
    ///
    /// It is when it has the cells it should have. It is also, and will be refused for them, when
    /// no line could be read without it: none that is joined would be a record, or only the last,
    /// with the closing quote for a character, while the first would then be none.
    fn believed(&self, alone: usize, joined: &[LineBuffer]) -> bool {
        let Some(width) = self.width.filter(|width| *width != self.cells.len()) else {
            return true;
        };
        let mut cells = Vec::new();
        let last = joined.len();
        !joined.iter().zip(1..).any(|(line, place)| {
            match self.marks.read(&line.bytes, &mut cells) {
                RecordReading::Whole if is_blank(&line.bytes) => false,
                RecordReading::Whole => cells.len() == width && (place < last || alone == width),
                RecordReading::Broken | RecordReading::TooWide => false,
                RecordReading::Open(_) => true,
            }
        })
    }
}

impl Delimiters {
    /// Finds the cells of a text.
    fn read(self, text: &[u8], cells: &mut Vec<CellSpan>) -> RecordReading {
        cells.clear();
        self.read_from(text, 0, cells)
    }

    /// Finds the cells of a text that had an open one when it was shorter: those before it are
    /// found.
    fn read_on(self, text: &[u8], open: OpenQuote, cells: &mut Vec<CellSpan>) -> RecordReading {
        match self.quoted(text, open) {
            Err(open) => RecordReading::Open(open),
            Ok((cell, behind)) => {
                cells.push(cell);
                match text.get(behind) {
                    None => RecordReading::Whole,
                    Some(byte) if *byte == self.delimiter => {
                        self.read_from(text, behind + 1, cells)
                    }
                    Some(_) => RecordReading::Broken,
                }
            }
        }
    }

    /// Finds the cells from `position` on.
    fn read_from(
        self,
        text: &[u8],
        mut position: usize,
        cells: &mut Vec<CellSpan>,
    ) -> RecordReading {
        loop {
            if cells.len() == Bound::LineCells.most() {
                return RecordReading::TooWide;
            }
            let quoted = text.get(position).copied().is_some_and(|byte| Some(byte) == self.quote);
            let (cell, behind) = if quoted {
                let open =
                    OpenQuote { start: position + 1, at: position + 1, inside: Inside::Text };
                match self.quoted(text, open) {
                    Ok(found) => found,
                    Err(open) => return RecordReading::Open(open),
                }
            } else {
                self.bare(text, position)
            };
            cells.push(cell);
            match text.get(behind) {
                None => return RecordReading::Whole,
                Some(byte) if *byte == self.delimiter => position = behind + 1,
                Some(_) => return RecordReading::Broken,
            }
        }
    }

    /// The cell that is open, and the place behind its end; how far it was looked at when it does
    /// not end.
    fn quoted(self, text: &[u8], open: OpenQuote) -> Result<(CellSpan, usize), OpenQuote> {
        let OpenQuote { start, at: mut end, mut inside } = open;
        loop {
            let special = |byte: &u8| Some(*byte) == self.quote || Some(*byte) == self.escape;
            let rest = text.get(end..).unwrap_or_default();
            let Some(step) = rest.iter().position(special) else {
                return Err(OpenQuote { start, at: end.max(text.len()), inside });
            };
            end += step;
            if Some(text[end]) == self.escape || text.get(end + 1) == Some(&text[end]) {
                inside = Inside::Quotes;
                end += 2;
            } else if !self.loose {
                return Ok((CellSpan { start, end, inside }, end + 1));
            } else if let Some(behind) = self.cell_end(text, end + 1) {
                return Ok((CellSpan { start, end, inside }, behind));
            } else {
                end += 1;
            }
        }
    }

    /// Where the delimiter or the end of the text stands at `position`, spaces before it aside.
    fn cell_end(self, text: &[u8], position: usize) -> Option<usize> {
        let blank = |byte: &u8| *byte == b' ' && *byte != self.delimiter;
        let spaces = text[position..].iter().take_while(|byte| blank(byte)).count();
        let end = position + spaces;
        text.get(end).is_none_or(|byte| *byte == self.delimiter).then_some(end)
    }

    /// The cell that begins at `start` without a quote, and the place behind its end.
    fn bare(self, text: &[u8], start: usize) -> (CellSpan, usize) {
        let mut inside = Inside::Text;
        let mut end = start;
        let special = |byte: &u8| *byte == self.delimiter || Some(*byte) == self.escape;
        while let Some(step) = text[end..].iter().position(special) {
            end += step;
            if text[end] == self.delimiter {
                return (CellSpan { start, end, inside }, end);
            }
            inside = Inside::Escapes;
            end = text.len().min(end + 2);
        }
        (CellSpan { start, end: text.len(), inside }, text.len())
    }
}

/// Reads up to LF, CRLF or a lone CR, which is taken off; gives the bytes read, 0 at the end.
///
/// # Errors
/// [`Bound::LineBytes`], among those of the input.
fn read_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<usize> {
    loop {
        let window = match input.fill_buf() {
            Ok(window) => window,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if window.is_empty() {
            return Ok(line.len());
        }
        let Some(end) = window.iter().position(|byte| *byte == b'\n' || *byte == b'\r') else {
            let length = window.len();
            Bound::LineBytes.hold(line.len() + length)?;
            line.extend_from_slice(window);
            input.consume(length);
            continue;
        };
        Bound::LineBytes.hold(line.len() + end)?;
        line.extend_from_slice(&window[..end]);
        let was_return = window[end] == b'\r';
        input.consume(end + 1);
        if was_return && next_byte(input)? == Some(b'\n') {
            input.consume(1);
            return Ok(line.len() + 2);
        }
        return Ok(line.len() + 1);
    }
}

/// The next byte, not yet taken; `None` at the end.
fn next_byte(input: &mut impl BufRead) -> io::Result<Option<u8>> {
    loop {
        match input.fill_buf() {
            Ok(window) => return Ok(window.first().copied()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whether a line holds nothing but spaces, tabs and no-break spaces (UTF-8 or a single byte).
pub(crate) fn is_blank(line: &[u8]) -> bool {
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
