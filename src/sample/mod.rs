//! Made-up deliveries with known answers: as many lines as asked for, the same bytes every time.

mod account;
mod answers;
mod course;
mod dialect;
mod fault;
mod misposting;
mod panel;
mod plan;
mod random;
mod readme;
mod saving;
mod sheet;
mod slot;
mod spending;
mod stray;
mod usage;
mod world;

use crate::programme::model::Programme;
use crate::sample::account::Account;
use crate::sample::fault::Faults;
use crate::sample::plan::{Plan, Sender};
use crate::sample::sheet::Sheet;
use crate::sample::slot::Kind;
use std::collections::BTreeMap;

/// What was made: nothing of it has touched the disk.
#[derive(Debug)]
pub struct Made {
    /// Contents by path relative to the folder: the deliveries under `forbrug/` and `brug/`,
    /// `answers.toml` (what a run must find) and `README.md`.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// How much to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Postings of one service at one authority in one month; at least 1. Usage, which has one line
    /// a channel, does not grow with it.
    pub lines_per_cell: u32,
}

impl Default for Size {
    /// The committed sample: some 10,000 lines.
    fn default() -> Size {
        Size { lines_per_cell: 2 }
    }
}

impl Size {
    /// The size that gives about `lines` lines in all: a whole number of postings a cell, and at
    /// least one, so a programme has a least number of lines.
    pub fn of_lines(programme: &Programme, lines: u32) -> Size {
        let (months, closings) = Plan::of(programme).extent();
        let fixed = months * 3 + closings * spending::CLOSING_LINES;
        // One line in a hundred is a bad one, written beside the good ones.
        let good = lines / 101 * 100;
        let lines_per_cell = good.saturating_sub(fixed).div_ceil(months.max(1)).max(1);
        Size { lines_per_cell }
    }
}

/// Makes deliveries for a programme, and the answers a run over them must give.
///
/// - Shape: the two Danish contracts' files, `forbrug/{authority}-{year}.csv` and
///   `brug/{authority}-{year}.csv`, each in its authority's own dialect; resends carry `.v2`.
///   Every code a delivered line or file can be refused under is there, where the programme allows:
///   Q302 needs an authority with a first or last month, Q306 two initiatives, Q307 two senders.
/// - Units: amounts in kroner with øre; the answers in øre.
/// - Keeps: the same programme and size give the same bytes; a cell's amounts add up to the same
///   whatever the size.
pub fn make(programme: &Programme, size: &Size) -> Made {
    let (plan, size) = (Plan::of(programme), *size);
    let (months, closings) = plan.extent();
    let postings = months
        .saturating_mul(size.lines_per_cell.max(1))
        .saturating_add(closings * spending::CLOSING_LINES);
    let mut bad_postings = Faults::among(postings, 100, &misposting::WAYS);
    // A month has three usage lines, and only one of them may be spoiled.
    let mut bad_counts = Faults::among(months, 33, &usage::WAYS);
    let mut account = Account::default();
    let mut files = BTreeMap::new();
    let mut keep = |sheet: Sheet| {
        if !sheet.lines.is_empty() {
            account.enter(&sheet);
            files.insert(sheet.name.clone(), sheet.bytes());
        }
    };
    for sender in &plan.senders {
        for year in plan.years() {
            keep(spending::sheet(&plan, sender, year, size, &mut bad_postings));
            keep(usage::sheet(sender, year, &mut bad_counts));
        }
        resends(sender, size).into_iter().for_each(&mut keep);
    }
    stray::sheets(&plan).into_iter().for_each(&mut keep);
    for rejected in stray::rejected(&plan) {
        account.reject(&rejected.name, rejected.code);
        files.insert(rejected.name, rejected.bytes);
    }
    files.insert("README.md".to_owned(), readme::text(programme).into_bytes());
    let answers = answers::text(programme, &account, &files);
    files.insert("answers.toml".to_owned(), answers.into_bytes());
    Made { files }
}

fn resends(sender: &Sender, size: Size) -> Vec<Sheet> {
    let spending = sender.resent(Kind::Spending).map(|slot| spending::resend(sender, slot, size));
    let usage = sender.resent(Kind::Usage).map(|slot| usage::resend(sender, slot));
    spending.into_iter().chain(usage).collect()
}

#[cfg(test)]
mod tests;
