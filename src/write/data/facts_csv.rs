//! Every fact as CSV, some thousand at a time: a run may have more of them than there is room for.

use crate::domain::measure::Measure;
use crate::domain::number::to_usize;
use crate::domain::period::Period;
use crate::facts::Facts;
use crate::facts::fact::Fact;
use crate::ledger::Ledger;
use crate::write::data::facts::{ABOUT, AUTHORITY, FactOrigin, ORIGIN, PERIOD, TextColumn};
use crate::write::data::{as_csv, facts};
use rayon::prelude::*;
use std::io::{self, Write};
use std::sync::mpsc::channel;
use std::thread;

/// Facts that one thread writes at a time.
const PART: usize = 2048;

/// Parts that are made at a time.
const PARTS: usize = 8;

/// How often so many may be waiting or in the making.
const AHEAD: usize = 3;

/// Writes the facts of [`facts::table`] as [`as_csv::bytes`] does, byte for byte.
///
/// # Errors
/// Whatever `out` says when it cannot be written.
pub(super) fn write(ledger: &Ledger, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let heading = facts::headings().join(",");
    out.write_all(heading.as_bytes())?;
    out.write_all(b"\r\n")?;
    // The next lines are made while those before them are written, and in the room that was theirs.
    // The writer has a thread of its own: the rayon pool may have only one.
    let (made, to_write) = channel::<Vec<Vec<u8>>>();
    let (written, room) = channel();
    for _ in 0..AHEAD {
        written.send(vec![Vec::new(); PARTS]).expect("its other end is here");
    }
    thread::scope(|scope| {
        let writer = scope.spawn(move || {
            for parts in to_write {
                parts.iter().try_for_each(|part| out.write_all(part))?;
                // Nobody asks for room any more when all is made.
                let _ = written.send(parts);
            }
            Ok(())
        });
        'all: for (status, facts) in facts::by_status(ledger) {
            let names = SharedCells::of(&facts::origins(ledger, status), facts);
            for start in (0..facts.len()).step_by(PART * PARTS) {
                // The writer that stopped says why.
                let Ok(mut parts) = room.recv() else { break 'all };
                parts.par_iter_mut().enumerate().for_each(|(place, part)| {
                    lines(&names, facts, start + place * PART, part);
                });
                let _ = made.send(parts);
            }
        }
        drop(made);
        writer.join().expect("the writer does not panic")
    })
}

/// The same in memory, for a report.
pub(super) fn bytes(ledger: &Ledger) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(ledger, &mut bytes).expect("memory takes any text");
    bytes
}

/// What many facts share, in cells with a comma behind each.
struct SharedCells {
    /// By delivery: what became of the facts, and its name.
    deliveries: Vec<Vec<u8>>,
    /// By number of what a fact is about: its authority, and the rest.
    abouts: Vec<(Vec<u8>, Vec<u8>)>,
}

impl SharedCells {
    fn of(origins: &[FactOrigin], facts: &Facts) -> SharedCells {
        let abouts = facts.abouts().iter();
        SharedCells {
            deliveries: origins.iter().map(|origin| cells(&ORIGIN, origin)).collect(),
            abouts: abouts.map(|about| (cells(&AUTHORITY, about), cells(&ABOUT, about))).collect(),
        }
    }
}

/// The cells of some columns, with a comma behind each.
fn cells<T>(columns: &[TextColumn<T>], of: &T) -> Vec<u8> {
    let mut cells = Vec::new();
    add_cells(&mut cells, columns, of);
    cells
}

fn add_cells<T>(out: &mut Vec<u8>, columns: &[TextColumn<T>], of: &T) {
    for column in columns {
        text(out, (column.cell)(of).as_deref().unwrap_or(""));
    }
}

/// The lines of the facts from `start` on, instead of what `out` holds.
fn lines(names: &SharedCells, facts: &Facts, start: usize, out: &mut Vec<u8>) {
    out.clear();
    let mut period = PeriodCells::default();
    // Many facts on end have all but the last cells in common.
    let (mut head, mut of) = (Vec::new(), None);
    for place in start..facts.len().min(start + PART) {
        let (about, fact) = (facts.about(place), facts.get(place));
        let (authority, rest) = &names.abouts[to_usize(about)];
        let own = (fact.delivery, fact.key.period, authority);
        if of != Some(own) {
            of = Some(own);
            head.clear();
            head.extend_from_slice(&names.deliveries[fact.delivery.place()]);
            head.extend_from_slice(authority);
            head.extend_from_slice(period.cells(fact.key.period));
        }
        out.extend_from_slice(&head);
        out.extend_from_slice(rest);
        numbers(out, &fact);
        out.extend_from_slice(b"\r\n");
    }
}

/// A period in words, which many facts on end have.
#[derive(Default)]
struct PeriodCells {
    of: Option<Period>,
    cells: Vec<u8>,
}

impl PeriodCells {
    /// The period and its span, each with a comma behind it.
    fn cells(&mut self, period: Period) -> &[u8] {
        if self.of != Some(period) {
            self.cells.clear();
            add_cells(&mut self.cells, &PERIOD, &period);
            self.of = Some(period);
        }
        &self.cells
    }
}

/// A cell and the comma behind it.
fn text(out: &mut Vec<u8>, text: &str) {
    // Nearly every name is made of what needs no second look; a formula may begin with a sign.
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'/' | b'-');
    if text.bytes().all(plain) && !text.starts_with('-') {
        out.extend_from_slice(text.as_bytes());
    } else {
        out.extend_from_slice(&as_csv::cell(text));
    }
    out.push(b',');
}

/// The lines, and each measure's sum and lines.
fn numbers(out: &mut Vec<u8>, fact: &Fact) {
    let mut digits = itoa::Buffer::new();
    out.extend_from_slice(digits.format(fact.lines).as_bytes());
    let mut written = 0;
    for (measure, tally) in fact.measures.tallies() {
        if let Some(sum) = tally.value() {
            nothing(out, measure.index() - written);
            out.push(b',');
            out.extend_from_slice(digits.format(sum).as_bytes());
            out.push(b',');
            out.extend_from_slice(digits.format(tally.lines).as_bytes());
            written = measure.index() + 1;
        }
    }
    nothing(out, Measure::ALL.len() - written);
}

/// The cells of so many measures that no line carries.
fn nothing(out: &mut Vec<u8>, measures: usize) {
    const ALL: [[u8; 3]; Measure::ALL.len()] = [*b",,0"; Measure::ALL.len()];
    out.extend_from_slice(ALL[..measures].as_flattened());
}
