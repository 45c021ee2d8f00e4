//! Records: taken while everything about them is known to hold, else left to the plain reader.

use crate::contract::compiled::Layout;
use crate::domain::blank::trim_in;
use crate::domain::delivery::DeliveryId;
use crate::domain::measure::Measure;
use crate::domain::number::to_usize;
use crate::domain::privacy::{is_date_of_birth, is_serial, may_matter};
use crate::domain::quarantine::{Common, Quarantined};
use crate::facts::fact::About;
use crate::kernel::batch::{Batch, MOST, bits, with};
use crate::kernel::calendar::DateCache;
use crate::kernel::combinations::CombinationIndex;
use crate::kernel::interner::Interner;
use crate::kernel::number::NumberBatch;
use crate::kernel::program::{Program, Step};
use crate::kernel::table::FactTable;
use crate::kernel::text::{harmful, side_by_side};
use crate::source::bounds::{Bound, refused};
use crate::source::split::{RecordKind, Split};
use crate::validate::identifier::add_key;
use crate::validate::line_values::LineValues;
use crate::validate::setting::Setting;
use crate::validate::verdict::{Book, Refusal, Verdict, judge};
use std::io::BufRead;
use std::ops::Range;

/// What one thread knows of a delivery.
pub(super) struct ThreadState<'a> {
    pub(super) setting: &'a Setting<'a>,
    pub(super) layout: &'a Layout,
    pub(super) program: &'a Program,
    pub(super) delivery: DeliveryId,
    /// By code column: the values met on accepted lines.
    codes: Vec<Interner>,
    /// By date column: the dates met, and the place of the period of each.
    dates: Vec<DateCache>,
    /// Combinations of codes met on accepted lines, and the row of each.
    rows: CombinationIndex,
    /// By row: in which periods the authority exists.
    open: Vec<Vec<bool>>,
    /// Whether every authority so far exists in all of them, as nearly all do.
    all_open: bool,
    pub(super) table: FactTable,
    pub(super) book: KernelBook,
    pub(super) lines_accepted: u32,
    pub(super) lines_not_data: u32,
    pub(super) quarantine: Vec<Quarantined>,
    /// Bytes the refused lines take.
    held: usize,
    /// Whether something passes a bound: then the plain reader says which.
    pub(super) over: bool,
    /// What the refused lines share.
    common: Common,
}

/// Keys met, and how much the accepted lines weigh.
pub(super) struct KernelBook {
    lines: Interner,
    buffer: Vec<u8>,
    /// Absolute values added so far, at most: while this is an i64, so is every sum.
    pub(super) weight: u64,
}

impl Book for KernelBook {
    fn repeated(&mut self, key: &[u8], line: u32) -> Option<u32> {
        let first = self.lines.get(key);
        if first.is_none() {
            self.lines.insert(key, line);
        }
        first
    }

    /// Always true here: where the sums could pass `i64` in the end, the plain reader reads the
    /// whole delivery again.
    fn fits_in_sum(&mut self, values: &[[Option<i64>; 8]]) -> bool {
        let line = values.iter().flatten().flatten();
        self.weight = line.fold(self.weight, |sum, value| sum.saturating_add(value.unsigned_abs()));
        true
    }
}

impl KernelBook {
    /// Adds what lines weigh that are accepted, or some of them.
    fn add_to_sum(&mut self, values: &[i64]) {
        let weight = values.iter().fold(0, |sum: u64, value| sum + value.unsigned_abs());
        self.weight = self.weight.saturating_add(weight);
    }
}

/// What the cells of a batch say, by record.
pub(super) struct BatchValues {
    /// One bit a record: something about it does not surely hold.
    unsure: u64,
    /// The codes that say what a record is about, and the row they have.
    combinations: [u64; MOST],
    rows: [u32; MOST],
    periods: [u32; MOST],
    /// By number column.
    numbers: Vec<NumberBatch>,
}

/// What the plain reader was asked about.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlainRead {
    pub(super) bytes: usize,
    pub(super) lines: u32,
    /// Whether the thread knows more than before.
    pub(super) learned: bool,
}

impl BatchValues {
    pub(super) fn new(columns: usize) -> BatchValues {
        BatchValues {
            unsure: 0,
            combinations: [0; MOST],
            rows: [0; MOST],
            periods: [0; MOST],
            numbers: vec![NumberBatch::new(); columns],
        }
    }
}

impl<'a> ThreadState<'a> {
    pub(super) fn new(
        setting: &'a Setting<'a>,
        layout: &'a Layout,
        program: &'a Program,
        delivery: DeliveryId,
    ) -> ThreadState<'a> {
        ThreadState {
            setting,
            layout,
            program,
            delivery,
            codes: (0..program.codes).map(|_| Interner::new()).collect(),
            dates: (0..program.dates).map(|_| DateCache::new()).collect(),
            rows: CombinationIndex::new(),
            open: Vec::new(),
            all_open: true,
            table: FactTable::new(program.calendar.periods(), &program.measures),
            book: KernelBook { lines: Interner::close(), buffer: Vec::new(), weight: 0 },
            lines_accepted: 0,
            lines_not_data: 0,
            quarantine: Vec::new(),
            held: 0,
            over: false,
            common: Common::default(),
        }
    }

    /// Adds what another thread found in the same delivery; its refused lines stand last.
    pub(super) fn absorb(&mut self, mut other: ThreadState<'a>) {
        self.quarantine.append(&mut other.quarantine);
        self.table.merge(other.table);
        self.book.weight = self.book.weight.saturating_add(other.book.weight);
        self.lines_accepted = self.lines_accepted.saturating_add(other.lines_accepted);
        self.lines_not_data = self.lines_not_data.saturating_add(other.lines_not_data);
        self.held += other.held;
        self.over |= other.over;
        self.look();
    }

    /// Whether what is held passes a bound.
    fn look(&mut self) {
        self.over |= refused(self.quarantine.len(), self.held).is_some()
            || u64::from(self.lines_not_data) >= Bound::NoData.limit();
    }

    /// Reads every cell of a batch, column by column.
    pub(super) fn read(&mut self, batch: &Batch, values: &mut BatchValues, buffer: &[u8]) {
        let ThreadState { program, codes, dates: date_cache, .. } = self;
        let calendar = &program.calendar;
        values.combinations = [0; MOST];
        let BatchValues { combinations, periods, numbers, .. } = values;
        let mut unsure = 0;
        for (cell_number, step) in program.steps.iter().enumerate() {
            let cells = batch.column(buffer, cell_number);
            unsure |= match step {
                Step::Pass => 0,
                Step::Guard => harmful(cells),
                Step::Text(texts) => texts.others(cells),
                Step::Code { codes: number, about: None, .. } => codes[*number].unknown(cells),
                Step::Code { codes: number, about: Some(shift), .. } => {
                    codes[*number].combine(cells, *shift, combinations)
                }
                Step::Date { dates, date_cache: number } => {
                    dates.others(cells, calendar, &mut date_cache[*number])
                }
                Step::Period { dates, date_cache: number } => {
                    dates.places(cells, calendar, &mut date_cache[*number], periods)
                }
                Step::Number { numbers: column, place: number } => {
                    column.read(cells, &mut numbers[*number])
                }
            };
        }
        for record in batch.doubled().filter(|record| self.quoted(batch, buffer, *record)) {
            unsure = with(unsure, record);
        }
        for cell_number in &self.program.neighbours {
            unsure |= beside(batch, buffer, *cell_number);
        }
        values.unsure = unsure | self.together(values, batch.records());
    }

    /// The records whose cells do not hold together, and finds the rows of the others.
    fn together(&mut self, values: &mut BatchValues, records: usize) -> u64 {
        let BatchValues { combinations, rows, periods, numbers, .. } = values;
        let mut unsure = self.rows.find(&combinations[..records.min(MOST)], rows);
        if !self.all_open {
            let closed = |record: &usize| {
                !self
                    .open
                    .get(to_usize(rows[*record]))
                    .is_some_and(|open| open[to_usize(periods[*record])])
            };
            unsure = (0..records).filter(closed).fold(unsure, with);
        }
        for (part, whole) in &self.program.parts {
            let exceeds = |record: &usize| matches!((numbers[*part].get(*record), numbers[*whole].get(*record)), (Some(part), Some(whole)) if whole < part);
            unsure = (0..records).filter(exceeds).fold(unsure, with);
        }
        unsure
    }

    /// Whether what is compared, read or searched for a personal number has a quote too many.
    fn quoted(&self, batch: &Batch, buffer: &[u8], record: usize) -> bool {
        let quote = self.program.marks.quote;
        self.program.steps.iter().enumerate().any(|(place, step)| {
            let cell = batch.cell(buffer, record, place).bytes();
            let matters = match step {
                Step::Pass => false,
                Step::Guard => may_matter(cell),
                Step::Text(_)
                | Step::Code { .. }
                | Step::Date { .. }
                | Step::Period { .. }
                | Step::Number { .. } => true,
            };
            matters && cell.contains(&quote)
        })
    }

    /// Posts the records of a batch from number `from` up to the first that does not surely hold;
    /// gives how many that is. The plain reader must judge the next one. `line`: the first one's.
    pub(super) fn post(
        &mut self,
        batch: &Batch,
        values: &BatchValues,
        buffer: &[u8],
        (from, line): (usize, u32),
    ) -> usize {
        let unsure = values.unsure >> from;
        let sure = to_usize(unsure.trailing_zeros()).min(batch.records() - from);
        let sure = self.new_keys(batch, buffer, from..from + sure, line);
        for column in &self.program.values {
            self.book.add_to_sum(&values.numbers[*column].values[from..from + sure]);
        }
        let places = (&values.rows, &values.periods);
        self.table.post(places, from..from + sure, &self.program.values, &values.numbers);
        self.lines_accepted += u32::try_from(sure).expect("a batch is short");
        sure
    }

    /// Remembers the keys of records, up to the first that is not new; gives how many that is.
    fn new_keys(
        &mut self,
        batch: &Batch,
        buffer: &[u8],
        records: Range<usize>,
        line: u32,
    ) -> usize {
        let ThreadState { program, book, setting, .. } = self;
        let encoding = setting.encoding;
        if program.key.is_empty() {
            return records.len();
        }
        let new = records.zip(line..).take_while(|(record, line)| {
            book.buffer.clear();
            for place in &program.key {
                let cell = trim_in(batch.cell(buffer, *record, *place).bytes(), encoding);
                add_key(&mut book.buffer, (cell, encoding));
            }
            let new = book.lines.get(&book.buffer).is_none();
            if new {
                book.lines.insert(&book.buffer, *line);
            }
            new
        });
        new.count()
    }

    /// Lets the plain reader judge what stands in `text`, which begins on `line`; gives nothing
    /// when more text is needed to tell.
    pub(super) fn ask(&mut self, text: &[u8], at_end: bool, line: u32) -> Option<PlainRead> {
        let layout = self.layout;
        let mut split =
            Split::new(text, self.program.marks.delimiter, layout.quote, layout.max_lines)
                .on_line(line);
        split.expect(self.program.steps.len());
        let Ok(piece) = split.next() else {
            self.over = true;
            return None;
        };
        let piece = piece?;
        // A zero byte is its line's fault, which only the plain reader tells.
        if memchr::memchr(0, &text[..split.taken()]).is_some() {
            self.over = true;
            return None;
        }
        if split.taken() == text.len() && !at_end {
            return None;
        }
        let mut learned = false;
        match piece {
            RecordKind::Blank => {
                self.lines_not_data += 1;
                self.look();
            }
            RecordKind::Unclosed => {
                let raw = (layout, split.raw());
                self.refuse(Refusal::of_unclosed(line, self.setting, raw));
            }
            RecordKind::Record => match judge(self.setting, layout, line, &split, &mut self.book) {
                Verdict::Accepted(said) => learned = self.learn(&said, &split),
                Verdict::Refused(refusal) => self.refuse(refusal),
            },
        }
        Some(PlainRead { bytes: split.consumed(), lines: split.lines(), learned })
    }

    fn refuse(&mut self, refusal: Refusal) {
        let amounts = self.setting.contract.measures(Measure::Amount);
        let refused = refusal.into_quarantined(self.delivery, amounts, &mut self.common);
        self.held += refused.held();
        self.quarantine.push(refused);
        self.look();
    }

    /// Posts what the plain reader accepted, and remembers its codes and their combination; whether
    /// that is a new one.
    fn learn<R: BufRead>(&mut self, line_values: &LineValues, split: &Split<R>) -> bool {
        let program = self.program;
        let values = &line_values.values[0];
        let period = line_values.period.and_then(|period| program.calendar.place(period));
        let period = period.expect("an accepted line is within the programme");
        let authority = line_values.authority.clone().expect("an accepted line has an authority");
        let register = self.setting.contract.terms.authorities.as_ref();
        let validity = register.and_then(|register| register.get(&authority).copied());
        let row = self.table.row(About {
            authority,
            service: line_values.service.clone(),
            initiative: line_values.initiative.clone(),
            account: line_values.account.clone(),
            channel: line_values.channel.clone(),
        });
        if self.open.len() <= row {
            let (from, to) = validity.map_or((None, None), |validity| (validity.from, validity.to));
            let open = program.calendar.open(from, to);
            self.all_open &= open.iter().all(|open| *open);
            self.open.push(open);
        }
        let measured = program.measures.iter().map(|measure| values[measure.index()]);
        self.table.add(row, period, measured);
        self.lines_accepted += 1;
        if let (Some(combination), Ok(row)) = (self.remember(split), u32::try_from(row))
            && self.rows.get(combination).is_none()
        {
            self.rows.insert(combination, row);
            return true;
        }
        false
    }

    /// The combination of a record's codes, each remembered; `None` when one is one too many.
    fn remember<R: BufRead>(&mut self, split: &Split<R>) -> Option<u64> {
        let mut combination = 0;
        let mut buffer = Vec::new();
        for (place, step) in self.program.steps.iter().enumerate() {
            if let Step::Code { codes, about, .. } = step {
                let codes = &mut self.codes[*codes];
                let key = split.cell(place, &mut buffer);
                let id = match codes.get(key) {
                    Some(id) => id,
                    None if codes.len() >> self.program.bits > 0 => return None,
                    None => {
                        let id = u32::try_from(codes.len()).expect("few codes are remembered");
                        codes.insert(key, id);
                        id
                    }
                };
                combination |= about.map_or(0, |shift| u64::from(id) << shift);
            }
        }
        Some(combination)
    }
}

/// The records with the date and the serial of a personal number side by side from `cell_number`
/// on.
fn beside(batch: &Batch, buffer: &[u8], cell_number: usize) -> u64 {
    let [dates, serials] =
        [cell_number, cell_number + 1].map(|cell_number| batch.column(buffer, cell_number));
    let held = |record: &usize| {
        let cell = |cell_number| batch.cell(buffer, *record, cell_number).bytes();
        is_date_of_birth(cell(cell_number)) && is_serial(cell(cell_number + 1))
    };
    bits(side_by_side(dates, serials)).filter(held).fold(0, with)
}
