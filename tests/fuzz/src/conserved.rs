//! What holds of every reading: nothing lost, nothing invented, nobody named.
//!
//! `facts` is the only place that knows how facts are held.

use crate::fixture;
use crate::guard::holds_cpr;
use gevinst::testing::collect::Ingested;
use gevinst::testing::contract::Contract;
use gevinst::testing::domain::{DeliveryId, Measure, Quarantined};
use gevinst::testing::ingest::DeliveryAccount;

/// Everything said, as text: two readings are one when all of it is.
pub fn said(ingested: &Ingested) -> String {
    let Ingested { facts, quarantine, accounts, .. } = ingested;
    format!("{facts:?}\n{quarantine:?}\n{accounts:?}")
}

/// Holds two readings to be one.
pub fn hold_equal(found: &Ingested, expected: &Ingested, how: &str) {
    let Ingested { facts, quarantine, accounts, .. } = found;
    let same = *facts == expected.facts
        && *quarantine == expected.quarantine
        && format!("{accounts:?}") == format!("{:?}", expected.accounts);
    if !same {
        assert_eq!(said(found), said(expected), "{how}");
        panic!("{how}: what is equal is not shown equal");
    }
}

/// What the lines said, whatever they were packed in.
pub fn said_of_lines(ingested: &Ingested) -> String {
    let Ingested { facts, quarantine, accounts, .. } = ingested;
    let accounts: Vec<_> = accounts
        .iter()
        .map(|account| {
            let (read, not_data) = (account.lines_read, &account.not_data);
            (read, account.lines_refused, not_data, account.accepted, account.refused)
        })
        .collect();
    format!("{facts:?}\n{quarantine:?}\n{accounts:?}")
}

/// Lines and øre of a delivery's facts, whose keys are in order and stand once.
fn facts(ingested: &Ingested, delivery: DeliveryId) -> (u64, i128) {
    let own: Vec<_> = ingested.facts.iter().filter(|fact| fact.delivery == delivery).collect();
    assert!(own.windows(2).all(|pair| pair[0].key < pair[1].key), "keys are in order, each once");
    let lines = own.iter().map(|fact| u64::from(fact.lines)).sum();
    let oere = own.iter().map(|fact| i128::from(fact.measures.get(Measure::Amount).sum)).sum();
    (lines, oere)
}

/// Holds every account of a reading against its facts and refused lines.
pub fn hold(contract: &Contract, ingested: &Ingested) {
    for account in &ingested.accounts {
        hold_account(contract, ingested, account);
    }
    let accounts = ingested.accounts.len();
    assert!(ingested.quarantine.iter().all(|refused| refused.delivery.place() < accounts));
}

fn hold_account(contract: &Contract, ingested: &Ingested, account: &DeliveryAccount) {
    let own: Vec<&Quarantined> =
        ingested.quarantine.iter().filter(|refused| refused.delivery == account.id).collect();
    let (whole, lines): (Vec<&Quarantined>, Vec<&Quarantined>) =
        own.iter().copied().partition(|refused| refused.line.is_none());
    assert_eq!(account.lines_read, account.lines_accepted + account.lines_refused);
    assert_eq!(account.lines_not_data, account.not_data.values().sum::<u32>());
    assert_eq!(whole.len(), usize::from(account.rejected), "refused whole, once and for a reason");
    assert!(lines.windows(2).all(|pair| pair[0].line < pair[1].line), "each line is refused once");
    let (counted, oere) = facts(ingested, account.id);
    assert_eq!(counted, u64::from(account.lines_accepted), "each line is in one fact");
    assert_eq!(oere, i128::from(account.accepted.get()));
    if account.rejected {
        assert_eq!(account.lines_accepted, 0);
    } else {
        // A correction pack is claimed by no contract, and may only tell of what is refused.
        let pack = account.contract.is_none();
        assert!(pack || account.lines_read > 0, "a delivery without lines is refused");
        assert_eq!(u32::try_from(lines.len()), Ok(account.lines_refused));
    }
    for refused in own {
        nobody_is_named(contract, refused);
    }
}

/// No refused line shows what may be a personal number.
fn nobody_is_named(contract: &Contract, refused: &Quarantined) {
    let faults = || std::iter::once(&refused.fault).chain(&refused.also);
    for fault in faults() {
        for (word, detail) in fault.reason.details() {
            let own = matches!(word, "expected" | "declared" | "missing" | "column");
            assert!(own || !holds_cpr(detail.as_bytes()), "{word} of {fault:?}");
        }
    }
    let guarded = contract.columns.iter().all(|column| column.guarded);
    if let (Some(authority), true) = (&refused.authority, guarded && contract.authority.is_none()) {
        assert!(!holds_cpr(authority.as_str().as_bytes()), "{refused:?}");
    }
}

/// Holds a reading of text against its physical lines: every one is data, or counted as none, or
/// part of a record of several.
pub fn hold_lines(contract: &Contract, ingested: &Ingested, physical: usize) {
    let layout = fixture::layout(contract);
    let account = &ingested.accounts[0];
    let physical = u64::try_from(physical).expect("few lines");
    for refused in &ingested.quarantine {
        let line = refused.line.map_or(1, u64::from);
        assert!(1 <= line && line <= physical.max(1), "line {line} of {physical}");
    }
    let pieces = u64::from(account.lines_read) + u64::from(account.lines_not_data);
    if account.rejected && pieces == 0 {
        return;
    }
    assert!(pieces <= physical, "{pieces} records of {physical} lines");
    // The rows of a correction pack may be longer than those of a contract's deliveries.
    if account.rejected || account.contract.is_none() {
        return;
    }
    let most = match layout.quote {
        None => 1,
        Some(_) => u64::try_from(layout.max_lines.max(1)).expect("a limit of lines"),
    };
    assert!(physical <= pieces.saturating_mul(most), "{pieces} records of {physical} lines");
}
