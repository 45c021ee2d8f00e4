//! Text to records: the delimiter and quote under which it is most of a table, and its header.

use crate::contract::charset::Charset;
use crate::contract::compiled::Layout;
use crate::domain::number::to_usize;
use crate::sniff::{date, number, words};
use crate::source::bounds::Bound;
use crate::source::sheet;
use crate::source::split::{RecordKind, Split};
use crate::source::{decode, stray};
use encoding_rs::Encoding;
use std::io;

/// Delimiters tried; of equals the first is taken.
const DELIMITERS: [u8; 4] = *b";,\t|";

/// Records a delimiter is judged by.
const JUDGED: usize = 400;

/// Most records looked at.
const RECORDS: usize = 20_000;

/// Records before which the header is looked for.
const PREAMBLE: usize = 50;

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// 1-based physical line it begins on.
    pub(super) line: usize,
    /// Its cells, trimmed, quotes taken off.
    pub(super) cells: Vec<String>,
    /// Cells that stand in quotes.
    pub(super) quoted: usize,
    /// Whether its quotes are closed where cells end.
    pub(super) clean: bool,
    /// Whether it has bytes that are no text in the encoding of the file.
    pub(super) stray: bool,
}

impl Record {
    /// Cells with something in them.
    pub(super) fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.is_empty()).count()
    }
}

/// A text as a table.
#[derive(Debug)]
pub(super) struct SniffedTable {
    /// Between cells; `None` when no delimiter makes a table, and in a workbook.
    pub(super) delimiter: Option<char>,
    /// Around cells, and how many are.
    pub(super) quote: char,
    /// Cells in either quote: `"`, `'`.
    pub(super) quoted: [usize; 2],
    /// Whether a quote closes a cell only where the cell can end.
    pub(super) loose: bool,
    /// Records whose quotes are closed in that way alone, by their lines.
    pub(super) closed_late: Vec<usize>,
    /// Cells in most records.
    pub(super) width: usize,
    /// Records of that width, per thousand.
    pub(super) even: usize,
    /// Place of the header among the records; `None` when none looks like one.
    pub(super) header: Option<usize>,
    /// Every record looked at.
    pub(super) records: Vec<Record>,
}

/// The first lines of a text, as bytes in which ASCII is ASCII.
pub(super) struct TextHead<'a> {
    pub(super) text: &'a [u8],
    pub(super) charset: Charset,
}

/// Finds the delimiter, the quote and the header.
///
/// # Errors
/// The bound that a line passes.
pub(super) fn table(head: &TextHead) -> io::Result<SniffedTable> {
    let mut best = (0, None);
    let mut too_wide = None;
    for delimiter in DELIMITERS {
        let layout = Layout { delimiters: vec![delimiter], ..Layout::default() };
        let score = head.score(&layout).and_then(|plain| {
            let loosely = Layout { loose_quotes: true, ..layout };
            Ok(plain.max(head.score(&loosely)?))
        });
        match score {
            Ok(score) if score > best.0 => best = (score, Some(delimiter)),
            Ok(_) => {}
            Err(error) if Bound::of(&error) == Some(Bound::LineCells) => too_wide = Some(error),
            Err(error) => return Err(error),
        }
    }
    let delimiter = best.1;
    if let (None, Some(error)) = (delimiter, too_wide) {
        return Err(error);
    }
    let delimiters = vec![delimiter.unwrap_or(DELIMITERS[0])];
    let mut layout = Layout { delimiters, ..Layout::default() };
    let mut records = head.records(&layout, RECORDS)?;
    let apostrophe = Layout { quote: Some(b'\''), ..layout.clone() };
    let singly = head.records(&apostrophe, RECORDS)?;
    let quoted = [&records, &singly].map(|all| all.iter().map(|record| record.quoted).sum());
    let mut quote = '"';
    if quoted[0] == 0 && quoted[1] > 0 {
        (quote, layout, records) = ('\'', apostrophe, singly);
    }
    let mut closed_late = unclosed(&records);
    layout.loose_quotes = true;
    let loosely = if closed_late.is_empty() { Vec::new() } else { head.records(&layout, RECORDS)? };
    let loose = fitting(&loosely) > fitting(&records);
    if loose {
        let still = unclosed(&loosely);
        closed_late.retain(|line| !still.contains(line));
        records = loosely;
    } else {
        closed_late.clear();
    }
    let delimiter = delimiter.map(char::from);
    Ok(SniffedTable { delimiter, quote, quoted, loose, closed_late, ..headed(records) })
}

/// The table of a sheet, whose cells are parted as a workbook's are.
///
/// # Errors
/// The bound that a line passes.
pub(super) fn sheet_table(head: &TextHead) -> io::Result<SniffedTable> {
    let mut table = headed(head.records(&sheet::laid_out(&Layout::default()), RECORDS)?);
    // A row ends with its last cell that holds something.
    let width = table.header.map_or(0, |place| table.records[place].cells.len());
    for record in &mut table.records {
        record.cells.resize(width.max(record.cells.len()), String::new());
    }
    Ok(table)
}

/// Records with their header and their usual width.
fn headed(records: Vec<Record>) -> SniffedTable {
    let (width, count) = modal(&records);
    let header = header(&records);
    let even = (count * 1000).checked_div(records.len()).unwrap_or(0);
    SniffedTable {
        delimiter: None,
        quote: '"',
        quoted: [0, 0],
        loose: false,
        closed_late: Vec::new(),
        width,
        even,
        header,
        records,
    }
}

/// The lines of records whose quotes are not closed.
fn unclosed(records: &[Record]) -> Vec<usize> {
    records.iter().filter(|record| !record.clean).map(|record| record.line).collect()
}

/// Records that are as wide as most are.
fn fitting(records: &[Record]) -> usize {
    let (width, _) = modal(records);
    records.iter().filter(|record| record.clean && record.cells.len() == width).count()
}

impl TextHead<'_> {
    fn score(&self, layout: &Layout) -> io::Result<usize> {
        Ok(score(&self.records(layout, JUDGED)?))
    }

    /// The first records of a layout, as a delivery is taken apart; blank lines are none. Once the
    /// header is known, a record of several lines is to be as wide.
    fn records(&self, layout: &Layout, most: usize) -> io::Result<Vec<Record>> {
        let records = self.taken_apart(layout, most, None)?;
        match header(&records).map(|place| &records[place]) {
            Some(header) if layout.max_lines > 1 && !layout.loose_quotes => {
                self.taken_apart(layout, most, Some(header))
            }
            Some(_) | None => Ok(records),
        }
    }

    fn taken_apart(
        &self,
        layout: &Layout,
        most: usize,
        header: Option<&Record>,
    ) -> io::Result<Vec<Record>> {
        let (delimiter, encoding) = (layout.delimiters[0], decode::inner(self.charset));
        let mut split = Split::of(self.text, delimiter, layout);
        let mut records = Vec::new();
        while records.len() < most
            && let Some(kind) = split.next()?
        {
            let (cells, quoted) = match kind {
                RecordKind::Blank => continue,
                RecordKind::Record => cells(&split, encoding),
                RecordKind::Unclosed => {
                    let cells = split.raw().split(|byte| *byte == delimiter);
                    (cells.map(|cell| tidy(cell, encoding)).collect(), 0)
                }
            };
            let line = to_usize(split.line());
            let stray = stray::find(split.raw(), self.charset).is_some();
            let clean = kind == RecordKind::Record;
            records.push(Record { line, cells, quoted, clean, stray });
            if let Some(header) = header.filter(|header| header.line == line) {
                split.expect(header.cells.len());
            }
        }
        Ok(records)
    }
}

/// The cells of the record last read, and how many of them stand in quotes.
fn cells(split: &Split<&[u8]>, encoding: &'static Encoding) -> (Vec<String>, usize) {
    let mut buffer = Vec::new();
    let places = || 0..split.width();
    let cells = places().map(|place| tidy(split.cell(place, &mut buffer), encoding)).collect();
    (cells, places().filter(|place| split.is_quoted(*place)).count())
}

/// A cell without spaces of any width around it.
fn tidy(cell: &[u8], encoding: &'static Encoding) -> String {
    encoding.decode_without_bom_handling(cell).0.trim().to_owned()
}

/// How much of a table the records are: even width, and cells that say one thing.
fn score(records: &[Record]) -> usize {
    let (width, count) = modal(records);
    if width < 2 {
        return 0;
    }
    let alike = || records.iter().filter(|record| record.clean && record.cells.len() == width);
    let points: usize = alike().flat_map(|record| &record.cells).map(|cell| worth(cell)).sum();
    let cells = width * count.max(1);
    let even = count * 1000 / records.len().max(1);
    even * even / 1000 * points / cells * width.min(6)
}

/// What a cell adds to the belief in its delimiter, in hundredths.
fn worth(cell: &str) -> usize {
    if cell.is_empty() {
        60
    } else if number::looks(cell) || date::looks(cell) {
        200
    } else if cell.contains([';', '\t', '|']) {
        0
    } else {
        100
    }
}

/// The commonest width of clean records, and how many have it; of equals the wider.
fn modal(records: &[Record]) -> (usize, usize) {
    let mut counts = std::collections::BTreeMap::new();
    for record in records.iter().filter(|record| record.clean) {
        *counts.entry(record.cells.len()).or_insert(0) += 1;
    }
    counts.into_iter().max_by_key(|(width, count)| (*count, *width)).unwrap_or((0, 0))
}

/// The first record that is filled as the others are and holds words, not numbers. One with more
/// known headings than it is preferred.
fn header(records: &[Record]) -> Option<usize> {
    let mut filled: Vec<usize> = records.iter().map(Record::filled).collect();
    filled.sort_unstable();
    let usual = filled.get(filled.len() / 2).copied().unwrap_or(0);
    let mut best: Option<(usize, usize)> = None;
    for (place, record) in records.iter().take(PREAMBLE).enumerate() {
        let values = record.cells.iter().filter(|cell| is_value(cell)).count();
        let filled = record.filled();
        let wordy = filled > 0 && values * 4 <= filled;
        let enough = filled * 10 >= usual * 6 && (filled > 1 || usual <= 1);
        if !(record.clean && wordy && (enough || of_periods(record, usual))) {
            continue;
        }
        let known = record.cells.iter().filter(|cell| words::role(cell).is_some()).count();
        if best.is_none_or(|(_, most)| most < known) {
            best = Some((place, known));
        }
    }
    best.map(|(place, _)| place)
}

/// Whether every heading of a record is a period, and it is as wide as the others are filled: what
/// stands before the periods often has no heading.
fn of_periods(record: &Record, usual: usize) -> bool {
    let headed = || record.cells.iter().filter(|cell| !cell.is_empty());
    record.cells.len() == usual
        && record.cells[0].is_empty()
        && headed().all(|cell| words::year(cell))
}

/// Whether a cell is a number or date, and not a year that heads a column.
fn is_value(cell: &str) -> bool {
    let year = cell.len() == 4 && (cell.starts_with("19") || cell.starts_with("20"));
    !year && (number::looks(cell) || date::looks(cell))
}

#[cfg(test)]
mod tests {
    use super::{SniffedTable, TextHead};
    use crate::contract::charset::Charset;
    use encoding_rs::UTF_8;

    fn table(text: &str) -> SniffedTable {
        let head = TextHead { text: text.as_bytes(), charset: Charset::Web(UTF_8) };
        super::table(&head).expect("no line is too long")
    }

    #[test]
    fn the_delimiter_makes_the_table() {
        for (text, delimiter, width) in [
            ("a;b;c\n1;2,5;3\n4;5,5;6\n", Some(';'), 3),
            ("a,b\n1,\"x;y\"\n2,\"z;w\"\n", Some(','), 2),
            ("a\tb\n1\t2\n", Some('\t'), 2),
            ("a|b\n1|2\n", Some('|'), 2),
            (
                "Paragraf, Konto;2014\n\"01 Dronningen, m.v.\"; 77,7\n\"02 Andet\"; 1,0\n",
                Some(';'),
                2,
            ),
            ("a\nb\nc\n", None, 1),
            ("", None, 0),
        ] {
            let found = table(text);
            assert_eq!((found.delimiter, found.width), (delimiter, width), "{text}");
        }
    }

    #[test]
    fn single_quotes_are_quotes_where_double_ones_are_none() {
        let found = table("a;b\n'x;1';2\n'y';3\n");
        assert_eq!((found.quote, found.width), ('\'', 2));
        assert_eq!(table("a;b\nO'Brien;2\n\"y\";3\n").quote, '"');
    }

    #[test]
    fn the_header_stands_below_its_preamble() {
        for (text, line) in [
            ("Dato;Beløb\n01-02-2019;12,00\n", Some(1)),
            ("Udtræk;\nPeriode:;2019\n;\nDato;Beløb\n01-02-2019;12,00\n01-02-2019;1,00\n", Some(4)),
            ("01-02-2019;12,00\n02-02-2019;12,50\n", None),
            ("\n\nNavn;2014;2015\nx;1,0;2,0\n", Some(3)),
        ] {
            let found = table(text);
            assert_eq!(found.header.map(|place| found.records[place].line), line, "{text}");
        }
    }
}
