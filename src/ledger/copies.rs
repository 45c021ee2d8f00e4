//! Deliveries with the bytes of another: they count once, whatever their names.

use crate::collect::Ingested;
use crate::contract::compiled::{Contract, Role};
use crate::contract::line_rule::NotData;
use crate::contract::naming::Naming;
use crate::domain::delivery::DeliveryId;
use crate::domain::id::ContractId;
use crate::domain::notice::{Notice, Remark};
use crate::domain::quarantine::Reason;
use crate::ingest::delivery_account::{DeliveryAccount, named};
use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;

/// What the same bytes are, read in the same way: hash, kind, and whom they are of where only the
/// name says.
type ContentKey<'a> = (&'a str, &'a ContractId, Option<String>);

/// Sets every copy aside: its lines are no data, for they count in the delivery it is a copy of.
///
/// Of several, the one that packs correct or with the highest version is the delivery, then the one
/// with the fewest marks, for ` (2)` of the same bytes is no resend; then the later by name.
pub(super) fn set_aside(contracts: &[Contract], ingested: &mut Ingested) -> Vec<Notice> {
    let (copies, mut notices) = find(contracts, ingested);
    if copies.is_empty() {
        return notices;
    }
    for (copy, of) in &copies {
        let found = named(&ingested.accounts[of.place()]);
        let account = &mut ingested.accounts[copy.place()];
        let lines = take(&mut account.lines_read);
        notices.push(Notice {
            delivery: *copy,
            what: Remark::Copy { found },
            lines,
            amount: account.contract.as_ref().map(|_| account.accepted),
        });
        *account.not_data.entry(NotData::Copy).or_default() += lines;
        account.lines_not_data += lines;
        (account.lines_accepted, account.lines_refused, account.lines_corrected) = (0, 0, 0);
        account.refused_unreadable = 0;
        (account.accepted, account.refused) = Default::default();
        account.rejected = false;
    }
    let stands = |delivery: DeliveryId| !copies.contains_key(&delivery);
    let kept: Vec<bool> = ingested.facts.iter().map(|fact| stands(fact.delivery)).collect();
    (ingested.facts, _) = take(&mut ingested.facts).part(&kept);
    ingested.quarantine.retain(|refused| stands(refused.delivery));
    ingested.corrections.corrected.retain(|line| stands(line.refused.delivery));
    ingested.corrections.failed.retain(|attempt| stands(attempt.of.delivery));
    notices
}

/// Each copy with the delivery it is a copy of; and those that are read in two ways.
fn find(
    contracts: &[Contract],
    ingested: &Ingested,
) -> (BTreeMap<DeliveryId, DeliveryId>, Vec<Notice>) {
    let unclaimed: BTreeSet<DeliveryId> = ingested
        .quarantine
        .iter()
        .filter(|refused| refused.fault.reason == Reason::NoContract {})
        .map(|refused| refused.delivery)
        .collect();
    let mut same: BTreeMap<ContentKey, Vec<&DeliveryAccount>> = BTreeMap::new();
    for account in ingested.accounts.iter().filter(|account| account.lines_read > 0) {
        let own = |contract: &&Contract| Some(&contract.id) == account.contract.as_ref();
        // A file of control totals is of a contract, and claimed by none.
        let claims = |contract: &&Contract| contract.claims(&account.name).is_some();
        let contract = contracts.iter().find(own).filter(claims);
        if let Some(contract) = contract.filter(|_| !account.rejected) {
            let content = (account.content.as_str(), &contract.kind, sender(contract, account));
            same.entry(content).or_default().push(account);
        }
    }
    let mut copies = BTreeMap::new();
    let mut first: BTreeMap<&str, (&DeliveryAccount, &ContractId)> = BTreeMap::new();
    let mut senders: BTreeMap<(&str, &ContractId), &DeliveryAccount> = BTreeMap::new();
    let mut notices = Vec::new();
    for ((bytes, kind, _), accounts) in same {
        let first_of_all = accounts.first().expect("a group has a delivery");
        let of = accounts.iter().fold(*first_of_all, |best, account| {
            if stands_for(contracts, account, best) { account } else { best }
        });
        let rest = accounts.iter().filter(|account| account.id != of.id);
        copies.extend(rest.map(|account| (account.id, of.id)));
        // By another sender's name the same lines are that sender's.
        let sender = senders.entry((bytes, kind)).or_insert(of);
        if sender.id != of.id {
            notices.push(Notice {
                delivery: of.id,
                what: Remark::CopyOfOther { found: named(sender) },
                lines: of.lines_accepted,
                amount: Some(of.accepted),
            });
        }
        let (before, other) = *first.entry(bytes).or_insert((of, kind));
        if other != kind {
            notices.push(Notice {
                delivery: of.id,
                what: Remark::ReadTwice { found: named(before) },
                lines: of.lines_accepted,
                amount: Some(of.accepted),
            });
        }
    }
    for account in ingested.accounts.iter().filter(|account| unclaimed.contains(&account.id)) {
        if let Some((of, _)) = first.get(account.content.as_str()) {
            copies.insert(account.id, of.id);
        }
    }
    (copies, notices)
}

/// Whether of two deliveries with the same bytes this is the one that counts, and not `other`,
/// which is before it by name.
fn stands_for(contracts: &[Contract], account: &DeliveryAccount, other: &DeliveryAccount) -> bool {
    let naming = |account: &DeliveryAccount| {
        let own = |contract: &&Contract| Some(&contract.id) == account.contract.as_ref();
        let named = contracts.iter().find(own).and_then(|one| one.claims(&account.name));
        named.expect("the contract claimed this name").naming
    };
    let (own, others) = (naming(account), naming(other));
    let rank = |account: &DeliveryAccount, naming: &Naming| {
        (account.lines_corrected, account.version, Reverse(naming.marked()))
    };
    let order = rank(account, &own).cmp(&rank(other, &others));
    order.then_with(|| own.against(&others).unwrap_or(Ordering::Less)).is_gt()
}

/// Whom the lines are of, where nothing but the file name says it.
fn sender(contract: &Contract, account: &DeliveryAccount) -> Option<String> {
    let told = contract.columns.iter().any(|column| column.role == Some(Role::Authority));
    let named = contract.claims(&account.name).filter(|_| !told && contract.authority.is_none());
    named.and_then(|named| named.authority)
}
