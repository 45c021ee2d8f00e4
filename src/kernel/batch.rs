//! Records side by side: up to 64 of them, so that each column is looked at in one short loop.

use crate::domain::number::to_usize;
use crate::kernel::block::StructuralBytes;
use crate::kernel::index::StructuralIndex;
use crate::kernel::window::CellBytes;

/// Most records of a batch: one bit each in a word.
pub(super) const MOST: usize = 64;

/// Records that stand behind each other in a window, cut into cells.
#[derive(Debug)]
pub(super) struct Batch {
    /// By cell, then by record: where the cell begins and ends.
    starts: Vec<[u32; MOST]>,
    ends: Vec<[u32; MOST]>,
    /// By cell, one bit a record: it stands in quotes.
    quoted: Vec<u64>,
    /// By record: what follows it.
    after: [RecordBoundary; MOST],
    /// One bit a record: it has doubled quotes.
    doubled: u64,
    records: usize,
}

/// A place between two records.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RecordBoundary {
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
    pub(super) index: &'w StructuralIndex,
    pub(super) marks: StructuralBytes,
    /// Whether the layout has quotes.
    pub(super) quotes: bool,
}

/// One cell of every record of a batch.
#[derive(Clone, Copy)]
pub(super) struct CellColumn<'b> {
    buffer: &'b [u8],
    starts: &'b [u32; MOST],
    ends: &'b [u32; MOST],
    records: usize,
}

impl<'b> CellColumn<'b> {
    /// How many cells there are.
    pub(super) fn records(self) -> usize {
        self.records
    }

    /// The cell that every record has, where it is the same one and short: as is the sender's own
    /// name in all it sends.
    #[inline]
    pub(super) fn common_cell(self) -> Option<CellBytes<'b>> {
        let records = self.records.min(MOST);
        let first = (records > 0).then(|| self.cell(0)).filter(|first| first.is_short())?;
        let (length, front) = (first.length(), first.first_16_bytes());
        let same = |other: CellBytes| other.length() == length && other.first_16_bytes() == front;
        (1..records).all(|number| same(self.cell(number))).then_some(first)
    }

    #[inline]
    fn cell(self, number: usize) -> CellBytes<'b> {
        CellBytes::new(self.buffer, self.starts[number], self.ends[number])
    }

    /// The records whose cell is not as `holds` wants it, told by its number: one bit each.
    #[inline]
    pub(super) fn each(self, mut holds: impl FnMut(usize, CellBytes<'b>) -> bool) -> u64 {
        let mut others = 0;
        for number in 0..self.records.min(MOST) {
            if !holds(number, self.cell(number)) {
                others = with(others, number);
            }
        }
        others
    }
}

impl Batch {
    /// An empty batch of records of `width` cells.
    pub(super) fn new(width: usize) -> Batch {
        Batch {
            starts: vec![[0; MOST]; width],
            ends: vec![[0; MOST]; width],
            quoted: vec![0; width],
            after: [RecordBoundary::default(); MOST],
            doubled: 0,
            records: 0,
        }
    }

    /// How many records there are.
    pub(super) fn records(&self) -> usize {
        self.records
    }

    /// Where the record behind record `number` begins.
    pub(super) fn after(&self, number: usize) -> RecordBoundary {
        self.after[number]
    }

    /// One cell of every record.
    pub(super) fn column<'b>(&'b self, buffer: &'b [u8], cell: usize) -> CellColumn<'b> {
        let (starts, ends) = (&self.starts[cell], &self.ends[cell]);
        CellColumn { buffer, starts, ends, records: self.records }
    }

    /// One cell of one record.
    pub(super) fn cell<'b>(&self, buffer: &'b [u8], number: usize, cell: usize) -> CellBytes<'b> {
        CellBytes::new(buffer, self.starts[cell][number], self.ends[cell][number])
    }

    /// The records that have doubled quotes.
    pub(super) fn doubled(&self) -> impl Iterator<Item = usize> + use<> {
        bits(self.doubled).take_while({
            let records = self.records;
            move |record| *record < records
        })
    }

    /// Cuts at most `most` records that begin at `from` and before `stop`, each whole on one line
    /// and with as many cells as it should have; stops before the first that is not.
    #[inline(never)]
    pub(super) fn fill(&mut self, text: Indexed, from: RecordBoundary, stop: usize, most: usize) {
        self.doubled = 0;
        self.quoted.fill(0);
        let mut boundary = from;
        let mut records = 0;
        while records < most && boundary.at < stop && boundary.at < text.end {
            let cut = self.plain(text, boundary, records);
            let Some((mut next, mark)) = cut.or_else(|| self.in_quotes(text, boundary, records))
            else {
                break;
            };
            if mark == b'\r' {
                if next.at == text.end && !text.at_end {
                    break;
                }
                if next.at < text.end && text.buffer[next.at] == b'\n' {
                    next = next.further(1);
                }
            }
            self.starts[0][records % MOST] = narrow(boundary.at);
            self.after[records % MOST] = next;
            records += 1;
            boundary = next;
        }
        self.records = records;
        self.begin();
    }

    /// Cuts a record without quotes; gives what follows it, and the mark it ends with.
    #[inline]
    fn plain(
        &mut self,
        text: Indexed,
        from: RecordBoundary,
        record: usize,
    ) -> Option<(RecordBoundary, u8)> {
        let width = self.ends.len();
        let ends = text.index.places().get(from.place..from.place + width)?;
        let end = ends.last().expect("a record has cells");
        let mark = text.buffer[to_usize(*end)];
        if text.index.breaks().get(from.breaks) != Some(end) || !matches!(mark, b'\n' | b'\r') {
            return None;
        }
        for (column, end) in self.ends.iter_mut().zip(ends) {
            column[record % MOST] = *end;
        }
        let next = RecordBoundary { at: to_usize(*end), place: from.place + width - 1, ..from };
        Some((next.further(1), mark))
    }

    /// Works out where the cells begin, and takes their quotes off.
    fn begin(&mut self) {
        for (starts, ends) in self.starts.iter_mut().skip(1).zip(&self.ends) {
            for (start, end) in starts.iter_mut().zip(ends) {
                *start = end.wrapping_add(1);
            }
        }
        let own = u64::MAX.checked_shr(narrow(MOST - self.records)).unwrap_or(0);
        let columns = self.starts.iter_mut().zip(&mut self.ends);
        for (quoted, (starts, ends)) in self.quoted.iter().zip(columns) {
            for record in bits(quoted & own) {
                starts[record] += 1;
                ends[record] -= 1;
            }
        }
    }

    /// Cuts a record of one line that has quotes; `None` unless it has as many cells as it should,
    /// each closed where it ends.
    #[inline(never)]
    fn in_quotes(
        &mut self,
        text: Indexed,
        from: RecordBoundary,
        record: usize,
    ) -> Option<(RecordBoundary, u8)> {
        let (buffer, places) = (text.buffer, text.index.places());
        let quote = text.quotes.then_some(text.marks.quote)?;
        let record_bit = 1 << record;
        let mut cells = 0;
        let mut start = narrow(from.at);
        let mut next = from.place;
        let byte = |place: u32| buffer[to_usize(place)];
        loop {
            let mut end = *places.get(next)?;
            if end == start && byte(end) == quote {
                loop {
                    next += 1;
                    end = *places.get(next)?;
                    match byte(end) {
                        b'\n' | b'\r' | 0 => return None,
                        other if other != quote => {}
                        _ if places.get(next + 1) == Some(&(end + 1)) && byte(end + 1) == quote => {
                            self.doubled |= record_bit;
                            next += 1;
                        }
                        _ => break,
                    }
                }
                next += 1;
                if *places.get(next)? != end + 1 {
                    return None;
                }
                *self.quoted.get_mut(cells)? |= record_bit;
                end += 1;
            } else {
                // A quote inside a cell is a character.
                while byte(end) == quote {
                    next += 1;
                    end = *places.get(next)?;
                }
            }
            self.ends.get_mut(cells)?[record] = end;
            cells += 1;
            next += 1;
            if byte(end) == text.marks.delimiter {
                start = end + 1;
                continue;
            }
            let mark = byte(end);
            let whole = cells == self.ends.len() && matches!(mark, b'\n' | b'\r');
            return whole.then(|| (from.skip(text.index, to_usize(end) + 1), mark));
        }
    }
}

/// The set of records with one more: a way that is nearly never taken.
#[cold]
#[inline(never)]
pub(super) fn with(set: u64, record: usize) -> u64 {
    set | 1 << (record % MOST)
}

/// The records of a set, in order.
pub(super) fn bits(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let next = set.trailing_zeros();
        set &= set.wrapping_sub(1);
        usize::try_from(next).ok().filter(|next| *next < MOST)
    })
}

impl RecordBoundary {
    /// The place before the first record of a window, which begins at `at`.
    pub(super) fn first(index: &StructuralIndex, at: usize) -> RecordBoundary {
        RecordBoundary::default().skip(index, at)
    }

    /// The place behind so many breaks that stand here.
    fn further(self, breaks: usize) -> RecordBoundary {
        RecordBoundary {
            at: self.at + breaks,
            place: self.place + breaks,
            breaks: self.breaks + breaks,
        }
    }

    /// The place at `start`, which is not before this one.
    pub(super) fn skip(self, index: &StructuralIndex, start: usize) -> RecordBoundary {
        let (places, breaks) = (index.places(), index.breaks());
        let mut boundary = RecordBoundary { at: start, ..self };
        while places.get(boundary.place).is_some_and(|place| to_usize(*place) < start) {
            boundary.place += 1;
        }
        while breaks.get(boundary.breaks).is_some_and(|place| to_usize(*place) < start) {
            boundary.breaks += 1;
        }
        boundary
    }
}

#[inline]
fn narrow(place: usize) -> u32 {
    u32::try_from(place).expect("a window is under 4 GiB")
}
