//! Made-up deliveries with known answers: as many lines as asked for, the same bytes every time.

mod account;
mod answers;
mod broken_files;
mod dialect;
mod fault;
mod misposting;
mod mistake;
mod panel;
mod plan;
mod posting;
mod random;
mod readme;
mod saving;
mod sheet;
pub(crate) mod size;
mod slot;
mod spending;
mod timeline;
mod usage;
mod world;

use crate::programme::model::Programme;
use crate::sample::account::Account;
use crate::sample::fault::Faults;
use crate::sample::plan::{SamplePlan, SenderPlan};
use crate::sample::sheet::SampleDelivery;
use crate::sample::size::Size;
use crate::sample::slot::{CLOSING_LINES, DeliveryKind};
use std::collections::BTreeMap;

/// What was made: nothing of it has touched the disk.
#[derive(Debug)]
pub struct Made {
    /// Contents by path relative to the folder: the deliveries under `forbrug/` and `brug/`,
    /// `answers.toml` (what a run must find) and `README.md`.
    pub files: BTreeMap<String, Vec<u8>>,
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
    let (plan, size) = (SamplePlan::of(programme), *size);
    let (months, closings) = plan.extent();
    let postings =
        months.saturating_mul(size.lines_per_cell.max(1)).saturating_add(closings * CLOSING_LINES);
    let mut bad_postings = Faults::among(postings, 100, &mistake::WAYS);
    // A month has three usage lines, and only one of them may be spoiled.
    let mut bad_counts = Faults::among(months, 33, &usage::WAYS);
    let mut account = Account::default();
    let mut files = BTreeMap::new();
    let mut keep = |sheet: SampleDelivery| {
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
    broken_files::sheets(&plan).into_iter().for_each(&mut keep);
    for rejected in broken_files::rejected(&plan) {
        account.reject(&rejected.name, rejected.code);
        files.insert(rejected.name, rejected.bytes);
    }
    files.insert("README.md".to_owned(), readme::text(programme).into_bytes());
    let answers = answers::text(programme, &account, &files);
    files.insert("answers.toml".to_owned(), answers.into_bytes());
    Made { files }
}

fn resends(sender: &SenderPlan, size: Size) -> Vec<SampleDelivery> {
    let spending =
        sender.resent(DeliveryKind::Spending).map(|slot| spending::resend(sender, slot, size));
    let usage = sender.resent(DeliveryKind::Usage).map(|slot| usage::resend(sender, slot));
    spending.into_iter().chain(usage).collect()
}

#[cfg(test)]
mod tests;
