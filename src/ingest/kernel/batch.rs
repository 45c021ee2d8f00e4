//! Records side by side: up to 64 of them, so that each column is looked at in one short loop.

use crate::ingest::kernel::index::{Index, Marks};
use crate::ingest::kernel::window::Cell;

/// Most records of a batch: one bit each in a word.
pub(super) const MOST: usize = 64;

/// Records that stand behind each other in a window, cut into cells.
#[derive(Debug)]
pub(super) struct Batch {
    /// By cell, then by record: where the cell begins and ends.
    spans: Vec<[(u32, u32); MOST]>,
    /// By record: what follows it.
    after: [Spot; MOST],
    /// One bit a record: it has doubled quotes.
    doubled: u64,
    records: usize,
}

/// A place between two records.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spot {
    /// Where the next record begins in the window.
    pub(super) at: usize,
    /// The number of the first place of the index behind it.
    place: usize,
    /// The number of the first break behind it.
    breaks: usize,
}

/// A window as it is cut: its bytes, and where they end something.
#[derive(Clone, Copy)]
pub(super) struct Indexed<'w> {
    pub(super) buffer: &'w [u8],
    /// Where the text ends.
    pub(super) end: usize,
    /// Whether nothing follows it.
    pub(super) at_end: bool,
    pub(super) index: &'w Index,
    pub(super) marks: Marks,
    /// Whether the layout has quotes.
    pub(super) quotes: bool,
}

impl Batch {
    /// An empty batch of records of `width` cells.
    pub(super) fn new(width: usize) -> Batch {
        Batch {
            spans: vec![[(0, 0); MOST]; width],
            after: [Spot::default(); MOST],
            doubled: 0,
            records: 0,
        }
    }

    /// How many records there are.
    pub(super) fn records(&self) -> usize {
        self.records
    }

    /// Where the record behind record `number` begins.
    pub(super) fn after(&self, number: usize) -> Spot {
        self.after[number]
    }

    /// Lets every record stand in `held` whose cell `cell` is as `holds` wants it, told by its
    /// number.
    #[inline]
    pub(super) fn each<'b>(
        &self,
        buffer: &'b [u8],
        cell: usize,
        held: &mut [bool; MOST],
        mut holds: impl FnMut(usize, Cell<'b>) -> bool,
    ) {
        let spans = self.spans[cell][..self.records].iter().zip(held).enumerate();
        for (number, ((start, end), held)) in spans {
            *held &= holds(number, Cell::new(buffer, wide(*start), wide(*end)));
        }
    }

    /// One cell of one record.
    pub(super) fn cell<'b>(&self, buffer: &'b [u8], number: usize, cell: usize) -> Cell<'b> {
        let (start, end) = self.spans[cell][number];
        Cell::new(buffer, wide(start), wide(end))
    }

    /// The records that have doubled quotes.
    pub(super) fn doubled(&self) -> impl Iterator<Item = usize> + use<> {
        let doubled = self.doubled;
        (0..self.records).filter(move |number| doubled >> number & 1 == 1)
    }

    /// Cuts at most `most` records that begin at `from` and before `stop`, each whole on one line
    /// and with as many cells as it should have; stops before the first that is not.
    pub(super) fn fill(&mut self, text: Indexed, from: Spot, stop: usize, most: usize) {
        self.records = 0;
        self.doubled = 0;
        let (places, breaks) = (text.index.places(), text.index.breaks());
        let width = self.spans.len();
        let mut spot = from;
        while self.records < most && spot.at < stop && spot.at < text.end {
            let ends = places.get(spot.place..spot.place + width).filter(|ends| {
                let end = ends.last().expect("a record has cells");
                let quote = text.quotes && text.buffer[wide(*end)] == text.marks.quote;
                breaks.get(spot.breaks) == Some(end) && !quote
            });
            if let Some(ends) = ends {
                let mut start = narrow(spot.at);
                for (spans, end) in self.spans.iter_mut().zip(ends) {
                    spans[self.records % MOST] = (start, *end);
                    start = *end + 1;
                }
                let (place, breaks) = (spot.place + width, spot.breaks + 1);
                spot = Spot { at: wide(start), place, breaks };
            } else if let Some(quoted) = self.quoted(text, spot) {
                spot = quoted;
            } else {
                return;
            }
            if text.buffer[spot.at - 1] == b'\r' {
                if spot.at == text.end && !text.at_end {
                    return;
                }
                if spot.at < text.end && text.buffer[spot.at] == b'\n' {
                    spot = Spot { at: spot.at + 1, place: spot.place + 1, breaks: spot.breaks + 1 };
                }
            }
            self.after[self.records] = spot;
            self.records += 1;
        }
    }

    /// Cuts a record of one line that has quotes; `None` unless it has as many cells as it should,
    /// each closed where it ends.
    fn quoted(&mut self, text: Indexed, from: Spot) -> Option<Spot> {
        let (buffer, places) = (text.buffer, text.index.places());
        let quote = text.quotes.then_some(text.marks.quote)?;
        let mut cells = 0;
        let mut start = narrow(from.at);
        let mut next = from.place;
        let byte = |place: u32| buffer[wide(place)];
        loop {
            let mut end = *places.get(next)?;
            let mut cell = (start, end);
            if end == start && byte(end) == quote {
                loop {
                    next += 1;
                    end = *places.get(next)?;
                    match byte(end) {
                        b'\n' | b'\r' => return None,
                        other if other != quote => {}
                        _ if places.get(next + 1) == Some(&(end + 1)) && byte(end + 1) == quote => {
                            self.doubled |= 1 << self.records;
                            next += 1;
                        }
                        _ => break,
                    }
                }
                cell = (start + 1, end);
                next += 1;
                if *places.get(next)? != end + 1 {
                    return None;
                }
                end += 1;
            } else {
                // A quote inside a cell is a character.
                while byte(end) == quote {
                    next += 1;
                    end = *places.get(next)?;
                }
                cell.1 = end;
            }
            self.spans.get_mut(cells)?[self.records] = cell;
            cells += 1;
            next += 1;
            if byte(end) == text.marks.delimiter {
                start = end + 1;
                continue;
            }
            let whole = cells == self.spans.len() && matches!(byte(end), b'\n' | b'\r');
            return whole.then(|| from.skip(text.index, wide(end) + 1));
        }
    }
}

impl Spot {
    /// The place before the first record of a window, which begins at `at`.
    pub(super) fn first(index: &Index, at: usize) -> Spot {
        Spot::default().skip(index, at)
    }

    /// The place at `at`, which is not before this one.
    pub(super) fn skip(self, index: &Index, at: usize) -> Spot {
        let (places, breaks) = (index.places(), index.breaks());
        let mut spot = Spot { at, ..self };
        while places.get(spot.place).is_some_and(|place| wide(*place) < at) {
            spot.place += 1;
        }
        while breaks.get(spot.breaks).is_some_and(|place| wide(*place) < at) {
            spot.breaks += 1;
        }
        spot
    }
}

/// A place as a number of bytes or lines.
#[inline]
pub(super) fn wide(place: u32) -> usize {
    usize::try_from(place).expect("u32 fits usize")
}

#[inline]
fn narrow(place: usize) -> u32 {
    u32::try_from(place).expect("a window is under 4 GiB")
}
