//! What a run can add up exactly: past it, the deliveries that weigh most are refused, by name.

use crate::collect::Ingested;
use crate::contract::compiled::Contract;
use crate::domain::known::Known;
use crate::domain::measure::Measure;
use crate::domain::money::Oere;
use crate::domain::quarantine::{Fault, Quarantined};
use crate::ingest::delivery_account::DeliveryAccount;
use crate::source::bounds::{Bound, LISTED, heaviest};
use std::collections::BTreeMap;

/// Refuses the deliveries whole that bring a run past what it can add up: the heaviest, until the
/// rest fits. After this no sum of facts, amounts or lines wraps.
///
/// - Keeps: for each delivery, lines read = accepted + refused; one past [`Bound::RunSum`] has all
///   its lines among them, with amounts that are as good as unread; of one past
///   [`Bound::RunLines`], nothing is counted.
/// - Order: which deliveries it refuses is the same in any order of files and on any threads.
pub(super) fn bound(contracts: &[Contract], ingested: &mut Ingested) {
    let lines = |account: &DeliveryAccount| {
        u64::from(account.lines_read) + u64::from(account.lines_not_data)
    };
    let weights = ingested.accounts.iter().map(lines).zip(0..);
    let over = heaviest(weights, Bound::RunLines.limit());
    refuse(contracts, ingested, &over, Bound::RunLines);
    let over = heaviest(weigh(ingested).into_iter().zip(0..), Bound::RunSum.limit());
    refuse(contracts, ingested, &over, Bound::RunSum);
}

/// By delivery: everything it measures and the readable amounts it has refused, without signs.
fn weigh(ingested: &Ingested) -> Vec<u128> {
    let absolute = |value: i64| u128::from(value.unsigned_abs());
    let mut weights = vec![0_u128; ingested.accounts.len()];
    for fact in ingested.facts.iter() {
        let tallies = fact.measures.tallies();
        weights[fact.delivery.place()] +=
            tallies.map(|(_, tally)| absolute(tally.sum)).sum::<u128>();
    }
    for refused in &ingested.quarantine {
        if let Known::Value(amount) = refused.amount {
            weights[refused.delivery.place()] += absolute(amount.get());
        }
    }
    weights
}

/// Refuses deliveries whole, by their places in order.
fn refuse(contracts: &[Contract], ingested: &mut Ingested, over: &[usize], bound: Bound) {
    if over.is_empty() {
        return;
    }
    let is_over = |place: usize| over.binary_search(&place).is_ok();
    let Ingested { facts, quarantine, corrections, accounts } = ingested;
    let counts: Vec<bool> = facts.iter().map(|fact| !is_over(fact.delivery.place())).collect();
    *facts = std::mem::take(facts).part(&counts).0;
    corrections.corrected.retain(|line| !is_over(line.refused.delivery.place()));
    corrections.failed.retain(|attempt| {
        !is_over(attempt.of.delivery.place()) && !is_over(attempt.refused.delivery.place())
    });
    let mut of_each: BTreeMap<usize, Vec<Quarantined>> = BTreeMap::new();
    for refused in quarantine.extract_if(.., |refused| is_over(refused.delivery.place())) {
        let own = of_each.entry(refused.delivery.place()).or_default();
        if own.len() < LISTED {
            own.push(refused);
        }
    }
    for place in over {
        let (account, mut listed) =
            (&mut accounts[*place], of_each.remove(place).unwrap_or_default());
        let own = |contract: &&Contract| Some(&contract.id) == account.contract.as_ref();
        let amounts = contracts.iter().find(own).is_some_and(|it| it.measures(Measure::Amount));
        take_off(account, &mut listed, amounts, bound);
        quarantine.append(&mut listed);
    }
    quarantine.sort_unstable_by_key(|refused| (refused.delivery, refused.line));
}

/// Refuses a delivery whole, of whose refused lines the first are listed. `amounts`: whether each
/// of its lines carries one.
fn take_off(
    account: &mut DeliveryAccount,
    listed: &mut Vec<Quarantined>,
    amounts: bool,
    bound: Bound,
) {
    if bound == Bound::RunLines {
        (account.lines_read, account.lines_not_data) = (0, 0);
        account.not_data.clear();
        listed.retain(|refused| refused.line.is_none());
    }
    let unread = if amounts { account.lines_read } else { 0 };
    account.unread(unread, listed.iter_mut());
    account.accepted = Oere::ZERO;
    account.lines_refused = account.lines_read;
    (account.lines_accepted, account.lines_corrected) = (0, 0);
    if std::mem::replace(&mut account.rejected, true) {
        return;
    }
    listed.push(Quarantined {
        delivery: account.id,
        line: None,
        fault: Fault { column: None, reason: bound.reason() },
        also: Box::default(),
        authority: None,
        period: None,
        amount: if amounts { Known::Missing } else { Known::NotApplicable },
    });
}
