//! Later deliveries supersede earlier ones; nothing is thrown away.

use crate::contract::compiled::Contract;
use crate::contract::schema::Supersede;
use crate::domain::fact::Fact;
use crate::domain::id::{AuthorityId, ContractId};
use crate::domain::period::Period;
use crate::domain::source::DeliveryId;
use crate::ingest::DeliveryAccount;
use rayon::prelude::ParallelSliceMut;
use std::collections::BTreeMap;

/// What one delivery replaces of another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    /// One authority's one period under one contract.
    Period(ContractId, AuthorityId, Period),
    /// One file under one contract, version aside.
    File(ContractId, String),
    /// A delivery that replaces nothing and is never replaced.
    Own(DeliveryId),
}

/// Parts the facts into those that count and those a later delivery replaced, each in (key,
/// delivery) order. Later is: a higher version in the file name, then a later name.
pub(super) fn supersede(
    contracts: &[Contract],
    accounts: &[DeliveryAccount],
    facts: Vec<Fact>,
) -> (Vec<Fact>, Vec<Fact>) {
    let slots: Vec<Slot> = facts.iter().map(|fact| slot(contracts, accounts, fact)).collect();
    let mut latest: BTreeMap<&Slot, (u32, DeliveryId)> = BTreeMap::new();
    for (fact, slot) in facts.iter().zip(&slots) {
        let rank = (accounts[fact.delivery.place()].version, fact.delivery);
        let entry = latest.entry(slot).or_insert(rank);
        *entry = rank.max(*entry);
    }
    let counts: Vec<bool> =
        facts.iter().zip(&slots).map(|(fact, slot)| latest[slot].1 == fact.delivery).collect();
    let mut posted = Vec::with_capacity(facts.len());
    let mut superseded = Vec::new();
    for (fact, counts) in facts.into_iter().zip(counts) {
        if counts { posted.push(fact) } else { superseded.push(fact) }
    }
    let order =
        |one: &Fact, other: &Fact| (&one.key, one.delivery).cmp(&(&other.key, other.delivery));
    posted.par_sort_by(order);
    superseded.par_sort_by(order);
    (posted, superseded)
}

fn slot(contracts: &[Contract], accounts: &[DeliveryAccount], fact: &Fact) -> Slot {
    let account = &accounts[fact.delivery.place()];
    let id = account.contract.as_ref().expect("a delivery with facts has a contract");
    let contract =
        contracts.iter().find(|contract| &contract.id == id).expect("the contract is one of ours");
    match contract.supersede {
        Supersede::Period => Slot::Period(id.clone(), fact.key.authority.clone(), fact.key.period),
        Supersede::File => {
            let named = contract.claims(&account.name).expect("the contract claimed this name");
            Slot::File(id.clone(), named.identity)
        }
        Supersede::Never => Slot::Own(fact.delivery),
    }
}
