//! A stretch of a delivery, record by record: the kernel's one loop.

use crate::domain::number::{to_u64, to_usize};
use crate::kernel::batch::{Batch, Indexed, MOST, Spot};
use crate::kernel::block::Text;
use crate::kernel::index::{BYTE_ORDER_MARK, Index};
use crate::kernel::record::{Desk, Found};
use crate::kernel::window::{BEFORE, Window};
use crate::source::bounds::Bound;
use std::io::{self, Read};

/// Where a stretch begins and ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    /// The first byte that is read.
    pub(super) start: u64,
    /// Bytes behind it that belong to no data line, or to one of the stretch before.
    pub(super) skipped: usize,
    /// No record of the stretch begins here or later.
    pub(super) end: u64,
    /// The line its first data line is counted as.
    pub(super) line: u32,
}

impl Stretch {
    /// Where its first data line begins.
    pub(super) fn first(&self) -> u64 {
        self.start + to_u64(self.skipped)
    }
}

/// What was read of a stretch.
#[derive(Debug, Clone, Copy)]
pub(super) struct Covered {
    /// Where the next record begins.
    pub(super) end: u64,
    /// The line that record would be.
    pub(super) line: u32,
    /// Whether every byte is of the encoding the stretch was read in, and no bound is passed. If
    /// not, it was not read to its end.
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
    let batch = Batch::new(desk.program.steps.len());
    let found = Found::new(desk.program.numbers);
    let mut walk = Walk { index: Index::default(), batch, found, most: 1, line: stretch.line };
    let mut kept = BEFORE;
    // Where in the delivery the text of the window begins.
    let mut base = stretch.start;
    let mut skipped = stretch.skipped;
    let mut holds = true;
    loop {
        base += to_u64(kept - BEFORE);
        let part = window.advance(kept, input)?;
        seen(part);
        // A zero byte is for the plain reader to tell.
        holds &= memchr::memchr(0, part).is_none();
        let (marks, charset) = (desk.program.marks, desk.program.charset);
        let (bytes, end, at_end) = (window.buffer(), window.end(), window.at_end());
        kept = BEFORE;
        if end - BEFORE >= skipped {
            // What stands before a stretch is for the one before it to look at.
            let start = if stretch.start == 0 { BEFORE } else { BEFORE + skipped };
            holds &= !bytes[BEFORE + skipped..end].starts_with(BYTE_ORDER_MARK);
            holds &= walk.index.build(Text { bytes, start, end, marks, charset, at_end });
            let stop = usize::try_from(stretch.end - base).unwrap_or(usize::MAX);
            kept = walk.records(desk, &window, BEFORE + skipped, stop.saturating_add(BEFORE));
            skipped = 0;
        }
        holds &= !desk.over && !too_long(&window) && u64::from(walk.line) <= Bound::Lines.limit();
        let end = base + to_u64(kept - BEFORE);
        if !holds || window.at_end() || stretch.end <= end {
            return Ok(Covered { end, line: walk.line, holds });
        }
    }
}

/// Whether a line in the window may be longer than any may be. It is so large for a long record.
fn too_long(window: &Window) -> bool {
    let (text, most) = (&window.buffer()[BEFORE..window.end()], Bound::LineBytes.most());
    text.len() > most && text.split(|byte| matches!(byte, b'\n' | b'\r')).any(|it| it.len() > most)
}

/// How far the loop has come.
struct Walk {
    index: Index,
    batch: Batch,
    found: Found,
    /// How many records the next batch may have: few where the plain reader was asked a moment ago.
    most: usize,
    line: u32,
}

impl Walk {
    /// Reads every record that begins before `stop` and is whole in the window; gives the place
    /// where the first other one begins.
    fn records(&mut self, desk: &mut Desk, window: &Window, from: usize, stop: usize) -> usize {
        let text = Indexed {
            buffer: window.buffer(),
            end: window.end(),
            at_end: window.at_end(),
            index: &self.index,
            marks: desk.program.marks,
            quotes: desk.layout.quote.is_some(),
        };
        let mut spot = Spot::first(&self.index, from);
        while spot.at < stop && spot.at < text.end {
            self.batch.fill(text, spot, stop, self.most);
            desk.read(&self.batch, &mut self.found, text.buffer);
            self.most = MOST.min(self.most * 2);
            let mut done = 0;
            loop {
                let place = (done, self.line);
                let posted = desk.post(&self.batch, &self.found, text.buffer, place);
                if posted > 0 {
                    done += posted;
                    self.line = further(self.line, posted);
                    spot = self.batch.after(done - 1);
                }
                if done > 0 && done == self.batch.records() {
                    break;
                }
                let rest = &text.buffer[spot.at..text.end];
                let Some(asked) = desk.ask(rest, text.at_end, self.line) else {
                    return spot.at;
                };
                self.line = further(self.line, to_usize(asked.lines));
                spot = spot.skip(&self.index, spot.at + asked.bytes);
                let cut = done < self.batch.records() && self.batch.after(done).at == spot.at;
                if asked.learned || !cut {
                    self.most = 1;
                    break;
                }
                done += 1;
                if done == self.batch.records() {
                    break;
                }
            }
        }
        spot.at
    }
}

/// The line so many lines behind; a number past every bound is as good as another.
fn further(line: u32, lines: usize) -> u32 {
    line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX))
}
