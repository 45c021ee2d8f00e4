//! Control totals: what the senders say was sent, held against what was read.

use crate::contract::compiled::{Contract, Control};
use crate::contract::line_rule::NotData;
use crate::domain::letters::composed;
use crate::domain::money::Oere;
use crate::domain::privacy::{masked, show};
use crate::domain::quarantine::{Fault, Reason};
use crate::ingest::account::DeliveryResult;
use crate::ingest::statement::Total;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Whether a delivery may turn out not to be what was sent, when all have been read.
pub(crate) fn may_hold_back(contracts: &[Contract], read: &DeliveryResult) -> bool {
    let own = |contract: &&Contract| Some(&contract.id) == read.account.contract.as_ref();
    contracts.iter().find(own).is_some_and(|contract| !contract.controls.is_empty())
}

/// Compares every delivery with its sender's control totals. Where they differ, the whole delivery
/// is refused: it is not what was sent. A statement about a file that never came is refused where
/// it stands.
pub(crate) fn hold(contracts: &[Contract], reads: &mut [DeliveryResult]) {
    if contracts.iter().all(|contract| contract.controls.is_empty()) {
        return;
    }
    let mut stated: BTreeMap<String, (u32, Total)> = BTreeMap::new();
    for read in reads.iter() {
        for statement in &read.stated {
            let version = read.account.version;
            let entry = stated.entry(statement.file.clone()).or_insert((0, statement.total));
            if entry.0 <= version {
                *entry = (version, statement.total);
            }
        }
    }
    let delivered: BTreeSet<String> =
        reads.iter().map(|read| composed(&read.account.name).into_owned()).collect();
    for read in reads {
        for statement in std::mem::take(&mut read.stated) {
            if !delivered.contains(&statement.file) {
                let found = show(statement.file.as_bytes(), encoding_rs::UTF_8);
                let fault = Fault { column: None, reason: Reason::NotDelivered { found } };
                read.count_off(NotData::Total);
                read.refuse_alone(statement.line, fault);
            }
        }
        read.quarantine.sort_by_key(|refused| refused.line);
        let reason = contracts
            .iter()
            .filter(|contract| Some(&contract.id) == read.account.contract.as_ref())
            .flat_map(|contract| &contract.controls)
            .find_map(|control| difference(control, &stated, read));
        if let Some(reason) = reason.filter(|_| !read.sidecar && !read.account.rejected) {
            read.hold_back(reason);
        }
    }
}

/// How what was read differs from what a control total states.
fn difference(
    control: &Control,
    stated: &BTreeMap<String, (u32, Total)>,
    read: &DeliveryResult,
) -> Option<Reason> {
    let total = match control {
        Control::Sidecar { .. } => {
            stated.get(&*composed(&read.account.name)).map(|(_, total)| *total)
        }
        Control::Trailer { .. } => read.trailer,
    };
    let Some(total) = total else {
        return Some(Reason::NoControlTotal {});
    };
    let account = &read.account;
    let lines = total.lines.map(|_| account.lines_read);
    let sum = account.accepted.checked_add(account.refused).map(Oere::get);
    let oere = total.oere.and(sum);
    let adds_up = total.oere == oere || account.refused_unreadable > 0;
    if total.lines == lines && adds_up {
        return None;
    }
    let found = said(Total { lines, oere });
    Some(Reason::ControlTotal { expected: said(total).into(), found: found.into() })
}

/// Lines and sum with a slash between, as far as they are stated.
fn said(total: Total) -> String {
    let lines = total.lines.map(|lines| lines.to_string());
    let sum = total.oere.map(|oere| Oere::new(oere).to_string());
    masked(&lines.into_iter().chain(sum).collect::<Vec<_>>().join(" / ")).into_owned()
}
