//! Later deliveries supersede earlier ones; nothing is thrown away. Where no name tells which of
//! two is the later, neither counts.

use crate::collect::Ingested;
use crate::contract::compiled::Contract;
use crate::contract::naming::Naming;
use crate::contract::schema::Supersede;
use crate::domain::delivery::DeliveryId;
use crate::domain::id::ContractId;
use crate::domain::money::Oere;
use crate::domain::notice::{Notice, Remark};
use crate::domain::period::Month;
use crate::facts::Facts;
use crate::facts::fact::Fact;
use crate::ingest::delivery_account::{DeliveryAccount, named};
use crate::ledger::refuse::refuse;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::mem::take;

/// Sets of deliveries remembered: the same meet in one period after the other.
const KNOWN: usize = 256;

/// Deliveries that may each be the later one, each with another of them.
type Rivals = BTreeMap<DeliveryId, DeliveryId>;

/// A delivery with facts, as far as it may replace others.
struct Candidate<'a> {
    kind: &'a ContractId,
    rule: Supersede,
    naming: Naming,
}

/// Parts the facts into those that count and those a later delivery replaced, each in (key,
/// delivery) order. Deliveries that no name puts in order are refused whole first.
pub(super) fn supersede(
    contracts: &[Contract],
    ingested: &mut Ingested,
) -> (Facts, Facts, Vec<Notice>) {
    ingested.facts.sort_by_key();
    loop {
        let entries = entries(contracts, &ingested.accounts, &ingested.facts);
        let order = ReplacementOrder { entries, ..ReplacementOrder::default() };
        match order.counts(ingested) {
            Ok((counts, replaced)) => {
                let notices = notices(ingested, replaced);
                let (posted, superseded) = take(&mut ingested.facts).part(&counts);
                return (posted, superseded, notices);
            }
            Err(rivals) => refuse(contracts, ingested, &rivals),
        }
    }
}

/// By delivery: what it may replace; `None` for one without facts.
fn entries<'a>(
    contracts: &'a [Contract],
    accounts: &[DeliveryAccount],
    facts: &Facts,
) -> Vec<Option<Candidate<'a>>> {
    let mut holds = vec![false; accounts.len()];
    facts.senders(0..facts.len()).for_each(|delivery| holds[delivery.place()] = true);
    let entry = |(account, holds): (&DeliveryAccount, bool)| {
        let own = |contract: &&Contract| holds && Some(&contract.id) == account.contract.as_ref();
        let contract = contracts.iter().find(own)?;
        let named = contract.claims(&account.name).expect("the contract claimed this name");
        Some(Candidate { kind: &contract.kind, rule: contract.supersede, naming: named.naming })
    };
    accounts.iter().zip(holds).map(entry).collect()
}

/// What one delivery replaced of another.
struct ReplacedPart {
    facts: usize,
    lines: u32,
    oere: Option<i64>,
    months: (Month, Month),
}

/// By delivery replaced and delivery that replaced it.
type Replacements = BTreeMap<(DeliveryId, DeliveryId), ReplacedPart>;

/// One notice for each two deliveries.
fn notices(ingested: &Ingested, replaced: Replacements) -> Vec<Notice> {
    let Ingested { accounts, facts, .. } = ingested;
    if replaced.is_empty() {
        return Vec::new();
    }
    let mut own = vec![0; accounts.len()];
    facts.iter().for_each(|fact| own[fact.delivery.place()] += 1);
    let of = |((earlier, later), part): ((DeliveryId, DeliveryId), ReplacedPart)| {
        let found = named(&accounts[later.place()]);
        let whole = part.facts == own[earlier.place()];
        let what = if whole {
            Remark::Replaced { found }
        } else {
            Remark::ReplacedInPart { found, months: part.months }
        };
        Notice { delivery: earlier, what, lines: part.lines, amount: part.oere.map(Oere::new) }
    };
    replaced.into_iter().map(of).collect()
}

#[derive(Default)]
struct ReplacementOrder<'a> {
    entries: Vec<Option<Candidate<'a>>>,
    rivals: Rivals,
    /// For deliveries that met before in a period, which one replaces each.
    known: BTreeMap<Vec<DeliveryId>, Vec<Option<DeliveryId>>>,
}

impl ReplacementOrder<'_> {
    /// For each fact whether it counts, and what was replaced; or the deliveries that cannot be put
    /// in order.
    fn counts(mut self, ingested: &Ingested) -> Result<(Vec<bool>, Replacements), Rivals> {
        let facts = &ingested.facts;
        let files = self.files(&ingested.accounts);
        let mut replaced = Replacements::new();
        let mut counts = vec![true; facts.len()];
        // One authority's one period after the other: its facts stand together.
        let mut here: Vec<DeliveryId> = Vec::new();
        for places in facts.slots() {
            let only = facts.get(places.start).delivery;
            if facts.senders(places.clone()).all(|delivery| delivery == only) {
                // Nearly always: no other delivery says anything here.
                if let Some(later) = files.get(&only) {
                    counts[places.clone()].fill(false);
                    places.for_each(|place| enter(&mut replaced, facts.get(place), *later));
                }
                continue;
            }
            here.clear();
            here.extend(facts.senders(places.clone()));
            here.sort_unstable();
            here.dedup();
            if !self.known.contains_key(&here) {
                let later = here.iter().map(|own| files.get(own).copied());
                let later = later.zip(self.later(&here)).map(|(file, later)| file.or(later));
                let later = later.collect();
                if self.known.len() == KNOWN {
                    self.known.clear();
                }
                self.known.insert(here.clone(), later);
            }
            let later = &self.known[&here];
            for place in places {
                let fact = facts.get(place);
                let own = here.binary_search(&fact.delivery).expect("it stands here");
                if let Some(later) = later[own] {
                    counts[place] = false;
                    enter(&mut replaced, fact, later);
                }
            }
        }
        if self.rivals.is_empty() { Ok((counts, replaced)) } else { Err(self.rivals) }
    }

    /// Deliveries that a later one replaces as files, each with that one.
    fn files(&mut self, accounts: &[DeliveryAccount]) -> BTreeMap<DeliveryId, DeliveryId> {
        let mut files: BTreeMap<(&ContractId, &str), Vec<DeliveryId>> = BTreeMap::new();
        for (account, entry) in accounts.iter().zip(&self.entries) {
            if let Some(entry) = entry.as_ref().filter(|entry| entry.rule == Supersede::File) {
                files.entry((entry.kind, &entry.naming.file)).or_default().push(account.id);
            }
        }
        let files: Vec<Vec<DeliveryId>> = files.into_values().collect();
        let mut replaced = BTreeMap::new();
        for file in files.into_iter().filter(|file| file.len() > 1) {
            if let Some(latest) = self.latest(&file) {
                let earlier = file.into_iter().filter(|delivery| *delivery != latest);
                replaced.extend(earlier.map(|delivery| (delivery, latest)));
            }
        }
        replaced
    }

    /// For each of these deliveries, which one replaces it where they say something of the same.
    fn later(&mut self, all: &[DeliveryId]) -> Vec<Option<DeliveryId>> {
        let kind = |delivery: &DeliveryId| {
            let entry = self.entries[delivery.place()].as_ref();
            entry.filter(|entry| entry.rule == Supersede::Period).map(|entry| entry.kind)
        };
        let own: Vec<Option<&ContractId>> = all.iter().map(kind).collect();
        let mut kinds: BTreeMap<&ContractId, Vec<DeliveryId>> = BTreeMap::new();
        for (delivery, kind) in all.iter().zip(&own) {
            if let Some(kind) = kind {
                kinds.entry(kind).or_default().push(*delivery);
            }
        }
        let latest: BTreeMap<&ContractId, Option<DeliveryId>> = kinds
            .into_iter()
            .map(|(kind, of)| (kind, if of.len() == 1 { None } else { self.latest(&of) }))
            .collect();
        let later = |(delivery, kind): (&DeliveryId, Option<&ContractId>)| {
            latest[kind?].filter(|latest| latest != delivery)
        };
        all.iter().zip(own).map(later).collect()
    }

    /// The latest of several deliveries, which stand in name order; `None`, and rivals noted, where
    /// no name tells.
    fn latest(&mut self, of: &[DeliveryId]) -> Option<DeliveryId> {
        let naming = |delivery: DeliveryId| {
            &self.entries[delivery.place()].as_ref().expect("it has facts").naming
        };
        let mut unbeaten: Vec<DeliveryId> = Vec::new();
        for delivery in of.iter().copied() {
            let own = naming(delivery);
            let mut beaten = false;
            unbeaten.retain(|other| match own.against(naming(*other)) {
                Some(Ordering::Greater) => false,
                Some(_) => {
                    beaten = true;
                    true
                }
                None => true,
            });
            if !beaten {
                unbeaten.push(delivery);
            }
        }
        let latest = match unbeaten[..] {
            [only] => Some(only),
            _ => None,
        };
        if latest.is_none() {
            for (place, delivery) in unbeaten.iter().enumerate() {
                let other = unbeaten[(place + 1) % unbeaten.len()];
                self.rivals.entry(*delivery).or_insert(other);
            }
        }
        latest
    }
}

/// Enters a fact among what a later delivery replaced.
fn enter(replaced: &mut Replacements, fact: Fact, later: DeliveryId) {
    let (first, last) = fact.key.period.bounds();
    let none = ReplacedPart { facts: 0, lines: 0, oere: None, months: (first, last) };
    let part = replaced.entry((fact.delivery, later)).or_insert(none);
    part.facts += 1;
    part.lines += fact.lines;
    part.months = (part.months.0.min(first), part.months.1.max(last));
    if let Some(amount) = fact.measures.amount() {
        part.oere = Some(part.oere.unwrap_or(0) + amount.get());
    }
}
