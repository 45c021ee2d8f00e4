//! Who should have delivered what, and whether it came.

use crate::contract::compiled::Contract;
use crate::contract::schema::Awaited;
use crate::domain::delivery::DeliveryId;
use crate::domain::id::{AuthorityId, ContractId, ServiceId};
use crate::domain::period::{Month, Period};
use crate::domain::quarantine::Quarantined;
use crate::facts::Facts;
use crate::ledger::awaited::{Coverage, CoverageState};
use crate::ledger::posting::DeliveryPosting;
use std::collections::{BTreeMap, BTreeSet};

/// Holds what was posted against what is awaited: each expected authority, every month it exists,
/// from the programme's first month to `as_of`; and of it, each service that is awaited by name.
pub(super) fn find(
    contracts: &[Contract],
    posted: &Facts,
    quarantine: &[Quarantined],
    deliveries: &[DeliveryPosting],
    as_of: Month,
) -> Coverage {
    let kinds: BTreeMap<&ContractId, &ContractId> =
        contracts.iter().map(|contract| (&contract.id, &contract.kind)).collect();
    let kind_of = |delivery: DeliveryId| -> Option<&ContractId> {
        kinds.get(deliveries[delivery.place()].account.contract.as_ref()?).copied()
    };
    let awaiting = |contract: &&Contract| contract.awaited == Awaited::Monthly;
    if !contracts.iter().any(|contract| awaiting(&contract)) {
        return Coverage::default();
    }
    let mut delivered = BTreeSet::new();
    for places in posted.slots() {
        let key = posted.get(places.start).key;
        let kinds = posted.senders(places).filter_map(kind_of);
        delivered.extend(kinds.map(|kind| (kind, key.authority, key.period)));
    }
    let services = Services::of(contracts, posted, &kind_of);
    let refused: BTreeSet<(&ContractId, &AuthorityId, Period)> = quarantine
        .iter()
        .filter_map(|line| Some((kind_of(line.delivery)?, line.authority.as_ref()?, line.period?)))
        .collect();
    let mut coverage = Coverage::default();
    let kinds: BTreeSet<&ContractId> =
        contracts.iter().filter(awaiting).map(|contract| &contract.kind).collect();
    let of_these = contracts.iter().filter(|contract| kinds.contains(&contract.kind));
    coverage.awaited.extend(of_these.map(|contract| contract.id.clone()));
    for contract in contracts.iter().filter(awaiting) {
        let terms = &contract.terms;
        for (authority, validity) in terms.authorities.iter().flatten() {
            let mut month = Some(terms.first);
            while let Some(now) = month.filter(|now| *now <= terms.last.min(as_of)) {
                if validity.expected && validity.covers(now, now) {
                    let period = Period::Month(now);
                    let cell = (&contract.kind, authority, period);
                    let state = if delivered.contains(&cell) {
                        services.state(contract, authority, period)
                    } else if refused.contains(&cell) {
                        CoverageState::Refused
                    } else {
                        CoverageState::Missing
                    };
                    coverage
                        .cells
                        .insert((contract.kind.clone(), authority.clone(), period), state);
                }
                month = now.offset(1);
            }
        }
    }
    coverage
}

/// The services that came, where services are awaited by name.
struct Services<'a> {
    /// By kind of contract, authority and period.
    came: BTreeMap<(&'a ContractId, &'a AuthorityId, Period), BTreeSet<&'a ServiceId>>,
    /// The services each kind has brought from anyone.
    brought: BTreeMap<&'a ContractId, BTreeSet<&'a ServiceId>>,
}

impl<'a> Services<'a> {
    fn of(
        contracts: &'a [Contract],
        posted: &'a Facts,
        kind_of: &impl Fn(DeliveryId) -> Option<&'a ContractId>,
    ) -> Services<'a> {
        let mut services = Services { came: BTreeMap::new(), brought: BTreeMap::new() };
        if contracts.iter().all(|contract| contract.terms.awaited.is_empty()) {
            return services;
        }
        for fact in posted.iter() {
            if let (Some(kind), Some(service)) = (kind_of(fact.delivery), fact.key.service) {
                let key = (kind, fact.key.authority, fact.key.period);
                services.came.entry(key).or_default().insert(service);
                services.brought.entry(kind).or_default().insert(service);
            }
        }
        services
    }

    /// Whether every service that is awaited came with what did. A kind is awaited to bring the
    /// services it has brought from anyone, and those that no kind has.
    fn state(&self, contract: &Contract, authority: &AuthorityId, period: Period) -> CoverageState {
        let awaited = contract.terms.awaited.get(authority).into_iter().flatten();
        let came = self.came.get(&(&contract.kind, authority, period));
        let own = self.brought.get(&contract.kind);
        let lacks = |service: &&ServiceId| {
            let brings = own.is_some_and(|own| own.contains(service))
                || own.is_some() && self.brought.values().all(|all| !all.contains(service));
            brings && came.is_none_or(|came| !came.contains(service))
        };
        if awaited.into_iter().any(|service| lacks(&service)) {
            CoverageState::Incomplete
        } else {
            CoverageState::Delivered
        }
    }
}
