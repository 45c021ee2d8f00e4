//! A stretch of a delivery, record by record: the kernel's one loop.

use crate::ingest::kernel::index::Index;
use crate::ingest::kernel::record::Desk;
use crate::ingest::kernel::window::{BEFORE, Window};
use std::io::{self, Read};

/// Where a stretch begins and ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    /// The first byte that is read.
    pub(super) start: u64,
    /// Bytes behind it that belong to no data line.
    pub(super) skipped: usize,
    /// No record of the stretch begins here or later.
    pub(super) end: u64,
    /// The line its first data line is counted as.
    pub(super) line: u32,
}

/// What was read of a stretch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Covered {
    /// Where the next record begins.
    pub(super) end: u64,
    /// The line that record would be.
    pub(super) line: u32,
    /// Whether every byte is of the encoding the stretch was read in.
    pub(super) holds: bool,
}

/// Reads a stretch; `seen` is shown every byte read.
pub(super) fn cover(
    desk: &mut Desk,
    stretch: Stretch,
    input: &mut impl Read,
    mut seen: impl FnMut(&[u8]),
) -> io::Result<Covered> {
    let mut window = Window::new();
    let mut walk = Walk { index: Index::default(), spans: Vec::new(), line: stretch.line };
    let mut kept = BEFORE;
    // Where in the delivery the text of the window begins.
    let mut base = stretch.start;
    let mut skipped = stretch.skipped;
    let mut holds = true;
    loop {
        base += length(kept - BEFORE);
        seen(window.advance(kept, input)?);
        let (marks, charset) = (desk.program.marks, desk.program.charset);
        let text = (BEFORE, window.end());
        holds &= walk.index.build(window.buffer(), text, marks, charset, window.at_end());
        kept = BEFORE;
        if window.end() - BEFORE >= skipped {
            let stop = usize::try_from(stretch.end - base).unwrap_or(usize::MAX);
            kept = walk.records(desk, &window, BEFORE + skipped, stop.saturating_add(BEFORE));
            skipped = 0;
        }
        let end = base + length(kept - BEFORE);
        if window.at_end() || stretch.end <= end {
            return Ok(Covered { end, line: walk.line, holds });
        }
    }
}

fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).expect("usize fits u64")
}

/// How far the loop has come.
struct Walk {
    index: Index,
    /// Cells of a record with quotes.
    spans: Vec<(usize, usize)>,
    line: u32,
}

/// A record whose cells are in `spans`.
struct Quoted {
    /// Places of the index it takes.
    places: usize,
    doubled: bool,
}

impl Walk {
    /// Reads every record that begins before `stop` and is whole in the window; gives the place
    /// where the first other one begins.
    fn records(&mut self, desk: &mut Desk, window: &Window, from: usize, stop: usize) -> usize {
        let buffer = window.buffer();
        let width = desk.program.steps.len();
        let delimiter = desk.program.marks.delimiter;
        let index = std::mem::take(&mut self.index);
        let places = index.places();
        let mut next = places.partition_point(|place| wide(*place) < from);
        let mut at = from;
        while at < stop && at < window.end() {
            let plain = places.get(next..next + width).filter(|ends| {
                let (last, inner) = ends.split_last().expect("a record has cells");
                inner.iter().all(|place| buffer[wide(*place)] == delimiter)
                    && matches!(buffer[wide(*last)], b'\n' | b'\r')
            });
            let taken = if let Some(ends) = plain {
                let start = |cell: usize| if cell == 0 { at } else { wide(ends[cell - 1]) + 1 };
                let span = |cell: usize| (start(cell), wide(ends[cell]));
                desk.take(buffer, span, false, self.line).then_some(width)
            } else {
                self.quoted(desk, buffer, at, &places[next..]).and_then(|quoted| {
                    let span = |cell: usize| self.spans[cell];
                    desk.take(buffer, span, quoted.doubled, self.line).then_some(quoted.places)
                })
            };
            if let Some(taken) = taken {
                next += taken;
                at = wide(places[next - 1]) + 1;
                self.line = self.line.checked_add(1).expect("a delivery has under 2^32 lines");
                if buffer[at - 1] == b'\r' && buffer[at] == b'\n' && at < window.end() {
                    at += 1;
                    next += 1;
                }
                continue;
            }
            let text = &buffer[at..window.end()];
            let Some((bytes, lines)) = desk.ask(text, window.at_end(), self.line) else {
                break;
            };
            at += bytes;
            self.line = self.line.checked_add(lines).expect("a delivery has under 2^32 lines");
            while places.get(next).is_some_and(|place| wide(*place) < at) {
                next += 1;
            }
        }
        self.index = index;
        at
    }

    /// Finds the cells of a record of one line that has quotes; `None` unless it has as many as it
    /// should, each closed where it ends.
    fn quoted(&mut self, desk: &Desk, buffer: &[u8], at: usize, places: &[u32]) -> Option<Quoted> {
        let (marks, width) = (desk.program.marks, desk.program.steps.len());
        let quote = desk.layout.quote?;
        self.spans.clear();
        let mut start = at;
        let mut next = 0;
        let mut doubled = false;
        loop {
            let mut end = wide(*places.get(next)?);
            if end == start && buffer[start] == quote {
                start += 1;
                loop {
                    next += 1;
                    end = wide(*places.get(next)?);
                    match buffer[end] {
                        b'\n' | b'\r' => return None,
                        byte if byte != quote => {}
                        _ if places.get(next + 1).is_some_and(|more| {
                            wide(*more) == end + 1 && buffer[end + 1] == quote
                        }) =>
                        {
                            doubled = true;
                            next += 1;
                        }
                        _ => break,
                    }
                }
                self.spans.push((start, end));
                next += 1;
                if wide(*places.get(next)?) != end + 1 {
                    return None;
                }
                end += 1;
            } else {
                // A quote inside a cell is a character.
                while buffer[end] == quote {
                    next += 1;
                    end = wide(*places.get(next)?);
                }
                self.spans.push((start, end));
            }
            next += 1;
            if buffer[end] == marks.delimiter {
                start = end + 1;
                continue;
            }
            let whole = self.spans.len() == width && matches!(buffer[end], b'\n' | b'\r');
            return whole.then_some(Quoted { places: next, doubled });
        }
    }
}

/// A place of the index.
#[inline]
fn wide(place: u32) -> usize {
    usize::try_from(place).expect("u32 fits usize")
}
