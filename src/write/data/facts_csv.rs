//! Every fact as CSV, some thousand at a time: a run may have more of them than there is room for.

use crate::domain::fact::Measure;
use crate::domain::facts::{Fact, Facts};
use crate::domain::period::Period;
use crate::ledger::Ledger;
use crate::write::data::delivery_name;
use crate::write::data::{as_csv, facts};
use rayon::prelude::*;
use std::io::{self, Write};

/// Facts that one thread writes at a time.
const PART: usize = 4096;

/// Parts that are held before they are written down.
const PARTS: usize = 8;

/// Writes the facts of [`facts::table`] as [`as_csv::bytes`] does, byte for byte.
///
/// # Errors
/// Whatever `out` says when it cannot be written.
pub(super) fn write(ledger: &Ledger, out: &mut dyn Write) -> io::Result<()> {
    let heading = facts::headings().join(",");
    out.write_all(heading.as_bytes())?;
    out.write_all(b"\r\n")?;
    for (status, facts) in [("posted", &ledger.posted), ("superseded", &ledger.superseded)] {
        let starts: Vec<usize> = (0..facts.len()).step_by(PART).collect();
        for some in starts.chunks(PARTS) {
            let parts: Vec<Vec<u8>> =
                some.par_iter().map(|start| part(ledger, status, facts, *start)).collect();
            parts.iter().try_for_each(|part| out.write_all(part))?;
        }
    }
    Ok(())
}

/// The same in memory, for a report.
pub(super) fn bytes(ledger: &Ledger) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(ledger, &mut bytes).expect("memory takes any text");
    bytes
}

/// The lines of the facts from `start` on.
fn part(ledger: &Ledger, status: &str, facts: &Facts, start: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(PART * 128);
    let mut period = Dated::default();
    for place in start..facts.len().min(start + PART) {
        let fact = facts.get(place);
        let key = fact.key;
        text(&mut out, status);
        text(&mut out, delivery_name(ledger, fact.delivery));
        text(&mut out, key.authority.as_str());
        out.extend_from_slice(period.cells(key.period));
        text(&mut out, key.service.map_or("", |id| id.as_str()));
        text(&mut out, key.initiative.map_or("", |id| id.as_str()));
        text(&mut out, key.account.map_or("", |id| id.as_str()));
        text(&mut out, key.channel.map_or("", |id| id.as_str()));
        numbers(&mut out, &fact);
        out.extend_from_slice(b"\r\n");
    }
    out
}

/// A period in words, which many facts on end have.
#[derive(Default)]
struct Dated {
    of: Option<Period>,
    cells: Vec<u8>,
}

impl Dated {
    /// The period and its span, each with a comma behind it.
    fn cells(&mut self, period: Period) -> &[u8] {
        if self.of != Some(period) {
            self.cells.clear();
            text(&mut self.cells, &period.to_string());
            text(&mut self.cells, &period.span().to_string());
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
    let number = |out: &mut Vec<u8>, value: i64| {
        write!(out, "{value}").expect("memory takes any text");
    };
    number(out, i64::from(fact.lines));
    for measure in Measure::ALL {
        let tally = fact.measures.get(measure);
        match tally.value() {
            Some(sum) => {
                out.push(b',');
                number(out, sum);
                out.push(b',');
                number(out, i64::from(tally.lines));
            }
            None => out.extend_from_slice(b",,0"),
        }
    }
}
