//! Records: taken while everything about them is known to hold, else left to the plain reader.

use crate::contract::compiled::Layout;
use crate::domain::facts::About;
use crate::domain::quarantine::Reason;
use crate::ingest::cell::trim;
use crate::ingest::check::{Said, Setting};
use crate::ingest::kernel::batch::{Batch, MOST};
use crate::ingest::kernel::codes::{Codes, Key};
use crate::ingest::kernel::number::Reading;
use crate::ingest::kernel::program::{Program, Step};
use crate::ingest::kernel::rows::Rows;
use crate::ingest::kernel::table::Table;
use crate::ingest::kernel::text::harmless;
use crate::ingest::split::{Piece, Split};
use crate::ingest::verdict::{Book, Refusal, Verdict, judge};
use std::io::BufRead;

/// What one thread knows of a delivery.
pub(super) struct Desk<'a> {
    pub(super) setting: &'a Setting<'a>,
    pub(super) layout: &'a Layout,
    pub(super) program: &'a Program,
    /// By code column: the values met on accepted lines.
    codes: Vec<Codes>,
    /// Combinations of codes met on accepted lines, and the row of each.
    rows: Rows,
    /// By row: in which periods the authority exists.
    open: Vec<Vec<bool>>,
    /// Whether every authority so far exists in all of them, as nearly all do.
    all_open: bool,
    pub(super) table: Table,
    pub(super) book: Keys,
    pub(super) lines_accepted: u32,
    pub(super) lines_not_data: u32,
    pub(super) refusals: Vec<Refusal>,
    /// Lines the plain reader was asked about.
    #[cfg(test)]
    pub(super) asked: u32,
}

/// Keys met, and how much the accepted lines weigh.
pub(super) struct Keys {
    lines: Codes,
    buffer: Vec<u8>,
    /// Absolute values added so far, at most: while this is an i64, so is every sum.
    pub(super) weight: u64,
}

impl Book for Keys {
    fn repeated(&mut self, key: &[u8], line: u32) -> Option<u32> {
        let first = self.lines.get(Key::loose(key));
        if first.is_none() {
            self.lines.insert(Key::loose(key), line);
        }
        first
    }

    /// Always, for now: a delivery that weighs too much in the end is read again plainly.
    fn bears(&mut self, values: &[[Option<i64>; 8]]) -> bool {
        let line = values.iter().flatten().flatten();
        self.weight = line.fold(self.weight, |sum, value| sum.saturating_add(value.unsigned_abs()));
        true
    }
}

impl Keys {
    /// Adds what lines weigh that are accepted, or some of them.
    fn weigh(&mut self, values: &[i64]) {
        let weight = values.iter().fold(0, |sum: u64, value| sum + value.unsigned_abs());
        self.weight = self.weight.saturating_add(weight);
    }
}

/// What the cells of a batch say, by record.
pub(super) struct Found {
    /// The codes that say what a record is about.
    combinations: [u64; MOST],
    periods: [u32; MOST],
    /// By number column.
    numbers: Vec<Numbers>,
}

/// The numbers of a column, by record: which there are, and what they are.
struct Numbers {
    there: [bool; MOST],
    values: [i64; MOST],
}

impl Found {
    pub(super) fn new(columns: usize) -> Found {
        let numbers =
            (0..columns).map(|_| Numbers { there: [false; MOST], values: [0; MOST] }).collect();
        Found { combinations: [0; MOST], periods: [0; MOST], numbers }
    }

    /// What record `record` has in number column `column`.
    #[inline]
    fn number(&self, column: usize, record: usize) -> Option<i64> {
        let numbers = &self.numbers[column];
        numbers.there[record % MOST].then(|| numbers.values[record % MOST])
    }
}

impl<'a> Desk<'a> {
    pub(super) fn new(
        setting: &'a Setting<'a>,
        layout: &'a Layout,
        program: &'a Program,
    ) -> Desk<'a> {
        Desk {
            setting,
            layout,
            program,
            codes: (0..program.codes).map(|_| Codes::new()).collect(),
            rows: Rows::new(),
            open: Vec::new(),
            all_open: true,
            table: Table::new(program.calendar.periods(), &program.measures),
            book: Keys { lines: Codes::new(), buffer: Vec::new(), weight: 0 },
            lines_accepted: 0,
            lines_not_data: 0,
            refusals: Vec::new(),
            #[cfg(test)]
            asked: 0,
        }
    }

    /// Adds what another thread found in the same delivery, but for its refusals.
    pub(super) fn absorb(&mut self, other: Desk<'a>) {
        self.table.merge(other.table);
        self.book.weight = self.book.weight.saturating_add(other.book.weight);
        self.lines_accepted += other.lines_accepted;
        self.lines_not_data += other.lines_not_data;
    }

    /// Reads the cells of a batch, column by column, and posts its records up to the first that
    /// does not surely hold; gives how many that is. The plain reader must judge the next one.
    /// `found` is room for what the cells say; `line`: the first one's.
    pub(super) fn take(
        &mut self,
        batch: &Batch,
        found: &mut Found,
        buffer: &[u8],
        line: u32,
    ) -> usize {
        let held = self.read(batch, buffer, found);
        let sure = held.iter().position(|held| !held).unwrap_or(MOST);
        for column in &self.program.values {
            self.book.weigh(&found.numbers[*column].values[..sure]);
        }
        let posted = (0..sure).zip(line..).take_while(|(record, line)| {
            let cell = |place| batch.cell(buffer, *record, place).bytes();
            self.post(found, *record, *line, cell)
        });
        posted.count()
    }

    /// Reads every cell of a batch; by record, whether all of them surely hold.
    fn read(&self, batch: &Batch, buffer: &[u8], found: &mut Found) -> [bool; MOST] {
        found.combinations = [0; MOST];
        let Found { combinations, periods, numbers } = found;
        let mut held = [false; MOST];
        held[..batch.records()].fill(true);
        let held = &mut held;
        for (place, step) in self.program.steps.iter().enumerate() {
            match step {
                Step::Pass => {}
                Step::Guard => batch.each(buffer, place, held, |_, cell| harmless(cell.bytes())),
                Step::Text(texts) => {
                    batch.each(buffer, place, held, |_, cell| texts.hold(cell.bytes()));
                }
                Step::Code { codes, about: None } => {
                    let codes = &self.codes[*codes];
                    batch.each(buffer, place, held, |_, cell| codes.get(Key::of(cell)).is_some());
                }
                Step::Code { codes, about: Some(shift) } => {
                    let codes = &self.codes[*codes];
                    batch.each(buffer, place, held, |record, cell| {
                        let id = codes.get(Key::of(cell));
                        combinations[record % MOST] |= u64::from(id.unwrap_or(0)) << (shift % 64);
                        id.is_some()
                    });
                }
                Step::Date(dates) => batch
                    .each(buffer, place, held, |_, cell| dates.holds(cell, &self.program.calendar)),
                Step::Period(dates) => batch.each(buffer, place, held, |record, cell| {
                    let period = dates.place(cell, &self.program.calendar);
                    periods[record % MOST] = period.unwrap_or(0);
                    period.is_some()
                }),
                Step::Number { numbers: column, place: number } => {
                    let Numbers { there, values } = &mut numbers[*number];
                    batch.each(buffer, place, held, |record, cell| {
                        let reading = column.read(cell);
                        there[record % MOST] = matches!(reading, Reading::Value(_));
                        values[record % MOST] = match reading {
                            Reading::Value(value) => value,
                            Reading::NoValue | Reading::Unsure => 0,
                        };
                        reading != Reading::Unsure
                    });
                }
            }
        }
        for record in batch.doubled().filter(|record| self.quoted(batch, buffer, *record)) {
            held[record] = false;
        }
        *held
    }

    /// Whether what is compared or read has a quote too many.
    fn quoted(&self, batch: &Batch, buffer: &[u8], record: usize) -> bool {
        let quote = self.program.marks.quote;
        let steps = self.program.steps.iter().enumerate();
        steps
            .filter(|(_, step)| !matches!(step, Step::Pass | Step::Guard))
            .any(|(place, _)| batch.cell(buffer, record, place).bytes().contains(&quote))
    }

    /// Posts a record whose cells hold, if they hold together; false, and nothing is posted, when
    /// the plain reader must judge it.
    #[inline]
    fn post<'t>(
        &mut self,
        found: &Found,
        record: usize,
        line: u32,
        cell: impl Fn(usize) -> &'t [u8],
    ) -> bool {
        let program = self.program;
        let Some(row) = self.rows.get(found.combinations[record]) else {
            return false;
        };
        let row = usize::try_from(row).expect("u32 fits usize");
        let period = found.periods[record];
        let number = |column: usize| found.number(column, record);
        let exceeds = |(part, whole): &(usize, usize)| matches!((number(*part), number(*whole)), (Some(part), Some(whole)) if whole < part);
        let place = usize::try_from(period).expect("u32 fits usize");
        let open = self.all_open || self.open[row][place];
        if !open || program.parts.iter().any(exceeds) {
            return false;
        }
        if !program.key.is_empty() {
            self.book.buffer.clear();
            for place in &program.key {
                self.book.buffer.extend_from_slice(trim(cell(*place)));
                self.book.buffer.push(0);
            }
            let key = Key::loose(&self.book.buffer);
            if self.book.lines.get(key).is_some() {
                return false;
            }
            self.book.lines.insert(key, line);
        }
        self.lines_accepted += 1;
        self.table.add(row, period, program.values.iter().map(|column| number(*column)));
        true
    }

    /// Lets the plain reader judge what stands in `text`, which begins on `line`; gives how many
    /// bytes and lines it was, and nothing when more text is needed to tell.
    pub(super) fn ask(&mut self, text: &[u8], at_end: bool, line: u32) -> Option<(usize, u32)> {
        let layout = self.layout;
        let mut split =
            Split::new(text, self.program.marks.delimiter, layout.quote, layout.max_lines)
                .on_line(line);
        split.expect(self.program.steps.len());
        let piece = split.next().expect("memory reads")?;
        if split.taken() == text.len() && !at_end {
            return None;
        }
        #[cfg(test)]
        {
            self.asked += 1;
        }
        match piece {
            Piece::Blank => self.lines_not_data += 1,
            Piece::Unclosed => {
                let reason = Reason::UnclosedQuote {};
                self.refusals.push(Refusal::of_layout(line, self.setting.named, reason));
            }
            Piece::Record => match judge(self.setting, layout, line, &split, &mut self.book) {
                Verdict::Accepted(said) => self.learn(&said, &split),
                Verdict::Refused(refusal) => self.refusals.push(refusal),
            },
        }
        Some((split.consumed(), split.lines()))
    }

    /// Posts what the plain reader accepted, and remembers its codes and their combination.
    fn learn<R: BufRead>(&mut self, said: &Said, split: &Split<R>) {
        let program = self.program;
        let values = &said.values[0];
        let period = said.period.and_then(|period| program.calendar.place(period));
        let period = period.expect("an accepted line is within the programme");
        let authority = said.authority.clone().expect("an accepted line has an authority");
        let register = self.setting.contract.terms.authorities.as_ref();
        let validity = register.and_then(|register| register.get(&authority).copied());
        let row = self.table.row(About {
            authority,
            service: said.service.clone(),
            initiative: said.initiative.clone(),
            account: said.account.clone(),
            channel: said.channel.clone(),
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
        }
    }

    /// The combination of a record's codes, each remembered; `None` when one is one too many.
    fn remember<R: BufRead>(&mut self, split: &Split<R>) -> Option<u64> {
        let mut combination = 0;
        let mut buffer = Vec::new();
        for (place, step) in self.program.steps.iter().enumerate() {
            if let Step::Code { codes, about } = step {
                let codes = &mut self.codes[*codes];
                let key = Key::loose(split.cell(place, &mut buffer));
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
