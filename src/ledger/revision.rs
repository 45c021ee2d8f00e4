//! Later deliveries supersede earlier ones; nothing is thrown away.

use crate::contract::compiled::Contract;
use crate::contract::schema::Supersede;
use crate::domain::facts::{Fact, Facts};
use crate::domain::id::ContractId;
use crate::domain::source::DeliveryId;
use crate::ingest::DeliveryAccount;
use std::collections::BTreeMap;

/// Later is: a higher version in the file name, then a later name.
type Rank = (u32, DeliveryId);

/// When a delivery's facts count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts<'a> {
    /// Where no later one under the contract has the same authority and period.
    UnlessLater(&'a ContractId),
    /// All of them, or none.
    Whole(bool),
}

/// Parts the facts into those that count and those a later delivery replaced, each in (key,
/// delivery) order.
pub(super) fn supersede(
    contracts: &[Contract],
    accounts: &[DeliveryAccount],
    mut facts: Facts,
) -> (Facts, Facts) {
    facts.sort_by_key();
    let rules = rules(contracts, accounts, &facts);
    let rank = |fact: &Fact| (accounts[fact.delivery.place()].version, fact.delivery);
    let mut counts = vec![true; facts.len()];
    // One authority's one period after the other: its facts stand together.
    let mut latest: BTreeMap<&ContractId, Rank> = BTreeMap::new();
    for places in facts.slots() {
        let only = facts.get(places.start).delivery;
        if facts.senders(places.clone()).all(|delivery| delivery == only) {
            // Nearly always: no other delivery says anything here.
            counts[places].fill(rules[only.place()] != Counts::Whole(false));
            continue;
        }
        latest.clear();
        for fact in places.clone().map(|place| facts.get(place)) {
            if let Counts::UnlessLater(contract) = rules[fact.delivery.place()] {
                let entry = latest.entry(contract).or_insert(rank(&fact));
                *entry = rank(&fact).max(*entry);
            }
        }
        for place in places {
            let delivery = facts.get(place).delivery;
            counts[place] = match rules[delivery.place()] {
                Counts::UnlessLater(contract) => latest[contract].1 == delivery,
                Counts::Whole(counts) => counts,
            };
        }
    }
    facts.part(&counts)
}

/// By delivery: when its facts count.
fn rules<'a>(
    contracts: &'a [Contract],
    accounts: &[DeliveryAccount],
    facts: &Facts,
) -> Vec<Counts<'a>> {
    let mut holds = vec![false; accounts.len()];
    facts.senders(0..facts.len()).for_each(|delivery| holds[delivery.place()] = true);
    // One file under one contract, version aside.
    let mut files: BTreeMap<(&ContractId, String), Rank> = BTreeMap::new();
    let mut identities = Vec::with_capacity(accounts.len());
    for (account, holds) in accounts.iter().zip(holds) {
        let contract = contracts
            .iter()
            .find(|contract| holds && Some(&contract.id) == account.contract.as_ref());
        let identity =
            contract.filter(|contract| contract.supersede == Supersede::File).map(|contract| {
                let named = contract.claims(&account.name);
                (&contract.id, named.expect("the contract claimed this name").identity)
            });
        if let Some(identity) = &identity {
            let rank = (account.version, account.id);
            let entry = files.entry(identity.clone()).or_insert(rank);
            *entry = rank.max(*entry);
        }
        identities.push((contract, identity));
    }
    let rule =
        |(account, (contract, identity)): (&DeliveryAccount, (Option<&'a Contract>, _))| match (
            contract.map(|contract| contract.supersede),
            contract,
            identity,
        ) {
            (Some(Supersede::Period), Some(contract), _) => Counts::UnlessLater(&contract.id),
            (_, _, Some(identity)) => Counts::Whole(files[&identity].1 == account.id),
            _ => Counts::Whole(true),
        };
    accounts.iter().zip(identities).map(rule).collect()
}
