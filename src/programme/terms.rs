//! What the contracts need to know of the programme.

use crate::contract::terms::{Terms, Validity};
use crate::programme::model::Programme;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The registers and the period that lines are held against.
pub fn terms(programme: &Programme) -> Arc<Terms> {
    let authorities = (!programme.authorities.open).then(|| {
        let entries = programme.authorities.entries.values();
        entries
            .map(|authority| {
                let validity = Validity {
                    from: authority.valid_from,
                    to: authority.valid_to,
                    expected: authority.expected,
                };
                (authority.id.clone(), validity)
            })
            .collect()
    });
    let services = (!programme.services.open).then(|| {
        let entries = programme.services.entries.values();
        entries.map(|service| (service.id.clone(), service.initiative.clone())).collect()
    });
    let mut awaited: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for service in programme.services.entries.values() {
        for authority in &service.awaited_from {
            awaited.entry(authority.clone()).or_default().insert(service.id.clone());
        }
    }
    Arc::new(Terms {
        first: programme.first,
        last: programme.last,
        authorities,
        services,
        awaited,
        initiatives: Some(programme.initiatives.keys().cloned().collect()),
        currency: programme.currency.code.clone(),
        corrections: programme.corrections.clone(),
    })
}
