//! A range of a delivery, record by record: the kernel's one loop.

use crate::domain::number::{to_u64, to_usize};
use crate::kernel::batch::{Batch, Indexed, MOST, RecordBoundary};
use crate::kernel::block::IndexInput;
use crate::kernel::index::{BYTE_ORDER_MARK, StructuralIndex};
use crate::kernel::record::{BatchValues, ThreadState};
use crate::kernel::window::{BEFORE, ReadWindow};
use crate::source::bounds::Bound;
use std::io::{self, Read};

/// Where a range begins and ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct ByteRange {
    /// The first byte that is read.
    pub(super) start: u64,
    /// Bytes behind it that belong to no data line, or to one of the range before.
    pub(super) skipped: usize,
    /// No record of the range begins here or later.
    pub(super) end: u64,
    /// The line its first data line is counted as.
    pub(super) line: u32,
}

impl ByteRange {
    /// Where its first data line begins.
    pub(super) fn first(&self) -> u64 {
        self.start + to_u64(self.skipped)
    }
}

/// What was read of a range.
#[derive(Debug, Clone, Copy)]
pub(super) struct RangeRead {
    /// Where the next record begins.
    pub(super) end: u64,
    /// The line that record would be.
    pub(super) line: u32,
    /// Whether every byte is of the encoding the range was read in, and no bound is passed. If
    /// not, it was not read to its end.
    pub(super) holds: bool,
}

/// Reads a range; `seen` is shown every byte read.
pub(super) fn read_range(
    state: &mut ThreadState,
    byte_range: ByteRange,
    input: &mut impl Read,
    mut seen: impl FnMut(&[u8]),
) -> io::Result<RangeRead> {
    let mut window = ReadWindow::new();
    let batch = Batch::new(state.program.steps.len());
    let found = BatchValues::new(state.program.numbers);
    let mut walk = RecordLoop {
        index: StructuralIndex::default(),
        batch,
        found,
        most: 1,
        line: byte_range.line,
    };
    let mut keep_from = BEFORE;
    // Where in the delivery the text of the window begins.
    let mut base = byte_range.start;
    let mut skipped = byte_range.skipped;
    let mut holds = true;
    loop {
        base += to_u64(keep_from - BEFORE);
        let part = window.advance(keep_from, input)?;
        seen(part);
        let (marks, charset) = (state.program.marks, state.program.charset);
        let (bytes, end, at_end) = (window.buffer(), window.end(), window.at_end());
        keep_from = BEFORE;
        if end - BEFORE >= skipped {
            // What stands before a range is for the one before it to look at.
            let start = if byte_range.start == 0 { BEFORE } else { BEFORE + skipped };
            holds &= !bytes[BEFORE + skipped..end].starts_with(BYTE_ORDER_MARK);
            holds &= walk.index.build(IndexInput { bytes, start, end, marks, charset, at_end });
            let stop = usize::try_from(byte_range.end - base).unwrap_or(usize::MAX);
            keep_from = walk.records(state, &window, BEFORE + skipped, stop.saturating_add(BEFORE));
            skipped = 0;
        }
        holds &= !state.over && !too_long(&window) && u64::from(walk.line) <= Bound::Lines.limit();
        let end = base + to_u64(keep_from - BEFORE);
        if !holds || window.at_end() || byte_range.end <= end {
            return Ok(RangeRead { end, line: walk.line, holds });
        }
    }
}

/// Whether a line in the window may be longer than any may be. It is so large for a long record.
fn too_long(window: &ReadWindow) -> bool {
    let (text, most) = (&window.buffer()[BEFORE..window.end()], Bound::LineBytes.most());
    text.len() > most && text.split(|byte| matches!(byte, b'\n' | b'\r')).any(|it| it.len() > most)
}

/// How far the loop has come.
struct RecordLoop {
    index: StructuralIndex,
    batch: Batch,
    found: BatchValues,
    /// How many records the next batch may have: few where the plain reader was asked a moment ago.
    most: usize,
    line: u32,
}

impl RecordLoop {
    /// Reads every record that begins before `stop` and is whole in the window; gives the place
    /// where the first other one begins.
    fn records(
        &mut self,
        state: &mut ThreadState,
        window: &ReadWindow,
        from: usize,
        stop: usize,
    ) -> usize {
        let text = Indexed {
            buffer: window.buffer(),
            end: window.end(),
            at_end: window.at_end(),
            index: &self.index,
            marks: state.program.marks,
            quotes: state.layout.quote.is_some(),
        };
        let mut boundary = RecordBoundary::first(&self.index, from);
        while boundary.at < stop && boundary.at < text.end {
            self.batch.fill(text, boundary, stop, self.most);
            state.read(&self.batch, &mut self.found, text.buffer);
            self.most = MOST.min(self.most * 2);
            let mut done = 0;
            loop {
                let place = (done, self.line);
                let posted = state.post(&self.batch, &self.found, text.buffer, place);
                if posted > 0 {
                    done += posted;
                    self.line = line_after(self.line, posted);
                    boundary = self.batch.after(done - 1);
                }
                if done > 0 && done == self.batch.records() {
                    break;
                }
                let rest = &text.buffer[boundary.at..text.end];
                let Some(asked) = state.ask(rest, text.at_end, self.line) else {
                    return boundary.at;
                };
                self.line = line_after(self.line, to_usize(asked.lines));
                boundary = boundary.skip(&self.index, boundary.at + asked.bytes);
                let cut = done < self.batch.records() && self.batch.after(done).at == boundary.at;
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
        boundary.at
    }
}

/// The line so many lines behind; a number past every bound is as good as another.
fn line_after(line: u32, lines: usize) -> u32 {
    line.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX))
}
