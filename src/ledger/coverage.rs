//! Who should have delivered what, and whether it came.

use crate::contract::compiled::Contract;
use crate::contract::schema::Awaited;
use crate::domain::facts::Facts;
use crate::domain::id::{AuthorityId, ContractId};
use crate::domain::period::{Month, Period};
use crate::domain::quarantine::Quarantined;
use crate::domain::source::DeliveryId;
use crate::ledger::{Coverage, CoverageState, DeliveryPosting};
use std::collections::{BTreeMap, BTreeSet};

/// Holds what was posted against what is awaited: each expected authority, every month it exists,
/// from the programme's first month to `as_of`.
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
    let refused: BTreeSet<(&ContractId, &AuthorityId, Period)> = quarantine
        .iter()
        .filter_map(|line| Some((kind_of(line.delivery)?, line.authority.as_ref()?, line.period?)))
        .collect();
    let mut coverage = Coverage::default();
    for contract in contracts.iter().filter(awaiting) {
        let terms = &contract.terms;
        for (authority, validity) in terms.authorities.iter().flatten() {
            let mut month = Some(terms.first);
            while let Some(now) = month.filter(|now| *now <= terms.last.min(as_of)) {
                if validity.expected && validity.covers(now, now) {
                    let period = Period::Month(now);
                    let cell = (&contract.kind, authority, period);
                    let state = if delivered.contains(&cell) {
                        CoverageState::Delivered
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
