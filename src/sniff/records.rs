//! Text to records: the delimiter and quote under which it is most of a table, and its header.

use crate::sniff::{date, number, words};
use crate::source::bounds::Bound;

/// Delimiters tried; of equals the first is taken.
const DELIMITERS: [char; 4] = [';', ',', '\t', '|'];

/// Records a delimiter is judged by.
const JUDGED: usize = 400;

/// Most records looked at.
const RECORDS: usize = 20_000;

/// Records before which the header is looked for.
const PREAMBLE: usize = 50;

/// Most physical lines of one record.
const LINES: usize = 20;

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
    /// Between cells; `None` when no delimiter makes a table.
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

/// Finds the delimiter, the quote and the header.
pub(super) fn table(text: &str) -> SniffedTable {
    let lines = lines(text);
    let judged = |delimiter: char| {
        let by = |loose| split(&lines, Marks { delimiter, quote: '"', loose }, JUDGED);
        (score(&by(false)).max(score(&by(true))), delimiter)
    };
    let mut best = (0, None);
    for (score, delimiter) in DELIMITERS.into_iter().map(judged) {
        if score > best.0 {
            best = (score, Some(delimiter));
        }
    }
    let delimiter = best.1;
    let mark = delimiter.unwrap_or(DELIMITERS[0]);
    let by = |quote, loose| split(&lines, Marks { delimiter: mark, quote, loose }, RECORDS);
    let (mut records, single) = (by('"', false), by('\'', false));
    let quoted = [&records, &single].map(|all| all.iter().map(|record| record.quoted).sum());
    let mut quote = '"';
    if quoted[0] == 0 && quoted[1] > 0 {
        (quote, records) = ('\'', single);
    }
    let unclosed = |records: &[Record]| -> Vec<usize> {
        records.iter().filter(|record| !record.clean).map(|record| record.line).collect()
    };
    let mut closed_late = unclosed(&records);
    let loosely = if closed_late.is_empty() { Vec::new() } else { by(quote, true) };
    let fits = |records: &[Record]| {
        let (width, _) = modal(records);
        records.iter().filter(|record| record.clean && record.cells.len() == width).count()
    };
    let loose = fits(&loosely) > fits(&records);
    if loose {
        let still = unclosed(&loosely);
        closed_late.retain(|line| !still.contains(line));
        records = loosely;
    } else {
        closed_late.clear();
    }
    let (width, count) = modal(&records);
    let header = header(&records);
    let even = (count * 1000).checked_div(records.len()).unwrap_or(0);
    SniffedTable { delimiter, quote, quoted, loose, closed_late, width, even, header, records }
}

/// The bound that a line of the text passes, whatever its delimiter may be.
pub(super) fn too_large(text: &str) -> Option<Bound> {
    lines(text).into_iter().find_map(|line| {
        let cells = |mark: &char| line.matches(*mark).count() >= Bound::LineCells.most();
        if line.len() > Bound::LineBytes.most() {
            Some(Bound::LineBytes)
        } else if line.len() >= Bound::LineCells.most() && DELIMITERS.iter().any(cells) {
            Some(Bound::LineCells)
        } else {
            None
        }
    })
}

/// Physical lines, ended by LF, CRLF or a lone CR.
fn lines(text: &str) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while let Some(end) = rest.find(['\n', '\r']) {
        let (line, after) = rest.split_at(end);
        lines.push(line);
        rest = after.strip_prefix("\r\n").unwrap_or(&after[1..]);
    }
    if !rest.is_empty() {
        lines.push(rest);
    }
    lines
}

/// What parts cells and stands around them.
#[derive(Clone, Copy)]
struct Marks {
    delimiter: char,
    quote: char,
    /// Whether a quote closes a cell only before a delimiter or the line's end.
    loose: bool,
}

/// Records of the first lines; blank lines are none.
fn split(lines: &[&str], marks: Marks, most: usize) -> Vec<Record> {
    let mut records = Vec::new();
    let mut at = 0;
    while at < lines.len() && records.len() < most {
        let line = at + 1;
        if lines[at].trim().is_empty() {
            at += 1;
            continue;
        }
        let (cells, taken) = read(&lines[at..], marks);
        let clean = cells.is_some();
        let (cells, quoted) = cells.unwrap_or_else(|| (plain(lines[at], marks.delimiter), 0));
        records.push(Record { line, cells, quoted, clean });
        at += taken;
    }
    records
}

/// The record that begins on the first line, and the lines it takes; `None` where a quote is not
/// closed at the end of a cell.
fn read(lines: &[&str], marks: Marks) -> (Option<RecordCells>, usize) {
    let mut text = lines[0].to_owned();
    for taken in 1..=LINES.min(lines.len()) {
        if taken > 1 {
            text.push('\n');
            text.push_str(lines[taken - 1]);
        }
        match cells(&text, marks) {
            Ok(cells) => return (Some(cells), taken),
            // A cell that is closed late never spans lines.
            Err(QuoteState::Yes) if !marks.loose => {}
            Err(QuoteState::Yes | QuoteState::Broken) => break,
        }
    }
    (None, 1)
}

/// Cells of a record, and how many stand in quotes.
type RecordCells = (Vec<String>, usize);

enum QuoteState {
    /// The text ends inside quotes.
    Yes,
    /// Something follows a closing quote.
    Broken,
}

fn cells(text: &str, marks: Marks) -> Result<RecordCells, QuoteState> {
    let Marks { delimiter, quote, .. } = marks;
    let mut cells = Vec::new();
    let mut quoted = 0;
    let mut rest = text;
    loop {
        let Some(inside) = rest.strip_prefix(quote) else {
            let (cell, after) =
                rest.split_once(delimiter).map_or((rest, None), |(a, b)| (a, Some(b)));
            cells.push(tidy(cell));
            match after {
                Some(after) => rest = after,
                None => return Ok((cells, quoted)),
            }
            continue;
        };
        let (cell, behind) = within(inside, marks)?;
        cells.push(tidy(&cell));
        quoted += 1;
        if behind.is_empty() {
            return Ok((cells, quoted));
        }
        rest = behind.strip_prefix(delimiter).ok_or(QuoteState::Broken)?;
    }
}

/// The cell that has been opened by a quote, and what stands behind its end.
fn within(inside: &str, marks: Marks) -> Result<(String, &str), QuoteState> {
    let mut cell = String::new();
    let mut left = inside;
    loop {
        let (part, after) = left.split_once(marks.quote).ok_or(QuoteState::Yes)?;
        cell.push_str(part);
        let behind = after.trim_start_matches(|blank| blank == ' ' && blank != marks.delimiter);
        if let Some(after) = after.strip_prefix(marks.quote) {
            cell.push(marks.quote);
            left = after;
        } else if !marks.loose {
            return Ok((cell, after));
        } else if behind.is_empty() || behind.starts_with(marks.delimiter) {
            return Ok((cell, behind));
        } else {
            cell.push(marks.quote);
            left = after;
        }
    }
}

fn plain(line: &str, delimiter: char) -> Vec<String> {
    line.split(delimiter).map(tidy).collect()
}

/// A cell without spaces of any width around it.
fn tidy(cell: &str) -> String {
    cell.trim().to_owned()
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
    use super::table;

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
