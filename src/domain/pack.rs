//! The form of a correction pack: what who writes one and who reads it back must agree on.
//!
//! A pack is a grid. Each row begins with the [`HEADINGS`]; behind them stand the cells of the
//! refused line as delivered, under the delivery's own headings. A row of headings opens each
//! delivery, so one pack holds deliveries of any layout. Every cell is written by
//! [`PackCell::written`] and read back by [`PackCell::read`], whatever was delivered.

use crate::domain::formula::{guard, unguard};
use crate::domain::neutral::is_hidden;
use std::fmt::Write as _;

/// The headings of a pack's own columns, before those of the delivery.
pub(crate) const HEADINGS: [&str; 7] =
    ["Rettes i fil", "Linje", "Aftryk", "Kode", "Kolonne", "Årsag", "Gør dette"];

/// The name of the sheet a pack is in, by which a workbook is known for one.
pub(crate) const SHEET: &str = "Rettelser til gevinst";

/// The name of the pack of lines that are no one's.
pub(crate) const NOBODY: &str = "ukendt";

/// Longest file name of a pack, ending aside.
const NAME_MAX: usize = 80;

/// An authority's id as the name of its pack, without ending: a file's name on any system.
pub(crate) fn file_name(id: &str) -> String {
    let stays = |letter: char| (letter.is_alphanumeric() && !is_hidden(letter)) || letter == '-';
    let plain = |letter: char| if stays(letter) { letter } else { '_' };
    id.chars().take(NAME_MAX).map(plain).collect()
}

/// The bytes of a delivery, by the beginning of their BLAKE3: nothing takes it for a number. Empty
/// when they are not known.
pub(crate) fn fingerprint(blake3: &str) -> String {
    if blake3.is_empty() {
        return String::new();
    }
    format!("blake3:{}", blake3.get(..16).unwrap_or(blake3))
}

/// One cell of a refused line in a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackCell {
    /// The cell as delivered.
    Text(String),
    /// A mark in its place. A line that still has one is not corrected.
    Mark(CellMark),
}

/// Why a cell is not shown as delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellMark {
    /// The line may hold a personal number: none of its cells is shown.
    Hidden,
    /// The line has fewer cells than its header.
    Absent,
    /// The line has an empty cell beyond its header, or several behind its last that is not empty.
    Surplus,
    /// The text is longer than a workbook's cell can be.
    TooLong,
    /// The cell of a workbook says nothing certain: a formula without a result, a time where a
    /// number is due, a number that has lost digits, or it is merged with one above.
    Unsaid,
}

impl CellMark {
    const ALL: [CellMark; 5] = [
        CellMark::Hidden,
        CellMark::Absent,
        CellMark::Surplus,
        CellMark::TooLong,
        CellMark::Unsaid,
    ];

    /// How it is written.
    pub fn word(self) -> &'static str {
        match self {
            CellMark::Hidden => "[skjult]",
            CellMark::Absent => "[felt mangler]",
            CellMark::Surplus => "[felt for meget]",
            CellMark::TooLong => "[står kun i CSV-filen]",
            CellMark::Unsaid => "[se regnearket]",
        }
    }
}

impl PackCell {
    /// The cell as it stands in a pack: nothing a spreadsheet would run, nothing it cannot hold.
    ///
    /// - A character that cannot be seen or stored is `␥` and its number in four hex digits (two of
    ///   these where its number has more: its UTF-16), and so is `␥` itself.
    /// - Whatever would begin a formula gets a `'` before it, as in every CSV.
    /// - A text that reads as a mark gets a `'` too.
    pub fn written(&self) -> String {
        match self {
            PackCell::Mark(mark) => mark.word().to_owned(),
            PackCell::Text(text) => {
                let safe = guard(&escape(text));
                if is_mark(&safe) { format!("'{safe}") } else { safe }
            }
        }
    }

    /// The cell that is written so: exactly the one it was, or what someone wrote in its place.
    pub fn read(written: &str) -> PackCell {
        if let Some(mark) = CellMark::ALL.into_iter().find(|mark| mark.word() == written) {
            return PackCell::Mark(mark);
        }
        let guarded = written.strip_prefix('\'').filter(|rest| is_mark(rest)).unwrap_or(written);
        PackCell::Text(unescape(&unguard(guarded)))
    }
}

/// The cells of a line or of its header as they are written, behind each other: some lines have
/// thousands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackLine {
    written: Box<str>,
    width: usize,
}

/// What stands between cells: it is hidden, so no cell is written with one.
const BETWEEN: char = '\u{1F}';

impl PackLine {
    /// A line of these cells.
    pub fn of(cells: impl IntoIterator<Item = PackCell>) -> PackLine {
        let (mut written, mut width) = (String::new(), 0);
        for cell in cells {
            if width > 0 {
                written.push(BETWEEN);
            }
            written.push_str(&cell.written());
            width += 1;
        }
        PackLine { written: written.into_boxed_str(), width }
    }

    /// The cells as they are written.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        self.written.split(BETWEEN).take(self.width)
    }

    /// How many cells it has.
    pub fn width(&self) -> usize {
        self.width
    }

    /// What it costs to hold and to write: the bytes of its cells, and 8 for each.
    pub fn weight(&self) -> usize {
        self.written.len() + 8 * self.width
    }

    /// Whether one of its cells is this mark.
    pub fn has(&self, mark: CellMark) -> bool {
        self.cells().any(|cell| cell == mark.word())
    }
}

/// Whether a text is a mark, or one with a `'` or more before it.
fn is_mark(text: &str) -> bool {
    let bare = text.trim_start_matches('\'');
    CellMark::ALL.into_iter().any(|mark| mark.word() == bare)
}

/// The sign before a character that is written as its number.
const NUMBERED: char = '␥';

/// Whether a character is written as its number: all that is hidden but tab and line feed, and the
/// `_` of `_x0041_`, which a workbook would take for a letter.
fn is_numbered(letter: char, rest: &str) -> bool {
    match letter {
        '\t' | '\n' => false,
        NUMBERED => true,
        '_' => rest.starts_with("_x"),
        _ => is_hidden(letter),
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (at, letter) in text.char_indices() {
        if is_numbered(letter, &text[at..]) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                write!(escaped, "{NUMBERED}{unit:04X}").expect("a String takes any text");
            }
        } else {
            escaped.push(letter);
        }
    }
    escaped
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(NUMBERED) {
        plain.push_str(before);
        let one = unit(after);
        let two = one.zip(after.get(4..).and_then(|next| unit(next.strip_prefix(NUMBERED)?)));
        let pair = two.map(|(one, two)| String::from_utf16(&[one, two]));
        let alone = one.map(|one| String::from_utf16(&[one]));
        let (letter, taken) = match (alone, pair) {
            (Some(Ok(letter)), _) => (letter, 4),
            (_, Some(Ok(letter))) => (letter, 4 + NUMBERED.len_utf8() + 4),
            _ => (NUMBERED.to_string(), 0),
        };
        plain.push_str(&letter);
        rest = &after[taken..];
    }
    plain + rest
}

/// The UTF-16 unit that a text begins with the four hex digits of.
fn unit(text: &str) -> Option<u16> {
    let hex = text.get(..4).filter(|hex| hex.bytes().all(|digit| digit.is_ascii_hexdigit()))?;
    u16::from_str_radix(hex, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::{CellMark, PackCell, PackLine};
    use proptest::prelude::*;

    fn text(text: &str) -> PackCell {
        PackCell::Text(text.to_owned())
    }

    #[test]
    fn a_cell_is_safe_in_a_spreadsheet() {
        for (delivered, written) in [
            ("Aarhus", "Aarhus"),
            ("0751", "0751"),
            ("1-2", "1-2"),
            ("'x", "'x"),
            ("=1+1", "'=1+1"),
            ("'=1+1", "''=1+1"),
            ("-48.000,00", "'-48.000,00"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t'=1"),
            ("\r=1", "␥000D=1"),
            ("x;=1", "x;'=1"),
            ("x,\"+1", "x,\"'+1"),
            ("a\u{0}b", "a␥0000b"),
            ("x\u{202E}y\u{ad}", "x␥202Ey␥00AD"),
            ("\u{E0041}", "␥DB40␥DC41"),
            ("␥", "␥2425"),
            ("_x0041_", "␥005Fx0041_"),
            ("[skjult]", "'[skjult]"),
            ("'[skjult]", "''[skjult]"),
        ] {
            assert_eq!(text(delivered).written(), written, "{delivered:?}");
            assert_eq!(PackCell::read(written), text(delivered), "{written:?}");
        }
    }

    #[test]
    fn what_someone_writes_is_read_as_it_stands() {
        for written in ["48.000,00", "-5", "=A1", "␥", "␥12", "␥DB40x", "[skjult] "] {
            assert_eq!(PackCell::read(written), text(written), "{written:?}");
        }
        for mark in CellMark::ALL {
            assert_eq!(PackCell::read(mark.word()), PackCell::Mark(mark));
        }
    }

    #[test]
    fn a_line_has_the_cells_it_was_made_of() {
        let cells = [text("a"), text(""), text("b\u{1F}c"), PackCell::Mark(CellMark::Absent)];
        for width in 0..=cells.len() {
            let line = PackLine::of(cells[..width].iter().cloned());
            let written: Vec<String> = cells[..width].iter().map(PackCell::written).collect();
            assert_eq!(line.cells().collect::<Vec<_>>(), written);
            let bytes: usize = written.iter().map(String::len).sum();
            assert_eq!(
                (line.width(), line.weight()),
                (width, bytes + width.max(1) - 1 + 8 * width)
            );
            assert_eq!(line.has(CellMark::Absent), width == 4);
        }
        assert!(!PackLine::of([text("[skjult]")]).has(CellMark::Hidden));
    }

    proptest! {
        /// Whatever was delivered comes back as it was, and begins no formula on the way.
        #[test]
        fn a_cell_is_read_back_as_it_was(
            cell in "[-=+@';,\" \t\n\r␥_x\\[\\]a0]{0,9}|\\PC{0,9}|.{0,9}|'{0,2}\\[skjult\\]",
        ) {
            let written = text(&cell).written();
            prop_assert!(!written.starts_with(['=', '+', '-', '@', '\t', '\r']));
            prop_assert_eq!(PackCell::read(&written), text(&cell));
        }
    }
}
