//! Refuses a delivery whole that was read: every line of it then counts as refused.

use crate::collect::Ingested;
use crate::contract::compiled::Contract;
use crate::domain::delivery::DeliveryId;
use crate::domain::id::AuthorityId;
use crate::domain::known::Known;
use crate::domain::measure::Measure;
use crate::domain::money::Oere;
use crate::domain::quarantine::{Fault, Quarantined, Reason};
use crate::ingest::delivery_account::named;
use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;

/// Refuses deliveries of which no name says whether they are later than the other one given with
/// each.
pub(super) fn refuse(
    contracts: &[Contract],
    ingested: &mut Ingested,
    rivals: &BTreeMap<DeliveryId, DeliveryId>,
) {
    for (id, other) in rivals {
        let reason = Reason::NoLater { found: named(&ingested.accounts[other.place()]) };
        let authority = only_authority(ingested, *id);
        let account = &mut ingested.accounts[id.place()];
        let own = |contract: &&Contract| Some(&contract.id) == account.contract.as_ref();
        let amounts = contracts.iter().find(own).is_some_and(|one| one.measures(Measure::Amount));
        ingested.quarantine.push(Quarantined {
            delivery: *id,
            line: None,
            fault: Fault { column: None, reason },
            also: Box::default(),
            authority,
            period: None,
            amount: if amounts { Known::Value(account.accepted) } else { Known::NotApplicable },
        });
        account.rejected = true;
        account.lines_refused = account.lines_read;
        (account.lines_accepted, account.lines_corrected) = (0, 0);
        account.refused = Oere::sum([account.refused, take(&mut account.accepted)]);
    }
    let kept: Vec<bool> =
        ingested.facts.iter().map(|fact| !rivals.contains_key(&fact.delivery)).collect();
    (ingested.facts, _) = take(&mut ingested.facts).part(&kept);
    let stands = |refused: &Quarantined| !rivals.contains_key(&refused.delivery);
    ingested.corrections.corrected.retain(|line| stands(&line.refused));
    ingested.quarantine.sort_by_key(|refused| (refused.delivery, refused.line));
}

/// The one authority a delivery says something of.
fn only_authority(ingested: &Ingested, id: DeliveryId) -> Option<AuthorityId> {
    let own = ingested.facts.iter().filter(|fact| fact.delivery == id);
    let authorities: BTreeSet<&AuthorityId> = own.map(|fact| fact.key.authority).collect();
    authorities.first().filter(|_| authorities.len() == 1).map(|authority| (*authority).clone())
}
