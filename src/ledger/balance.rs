//! The proof that every line read, and every readable øre, is counted exactly once.

use crate::domain::money::Oere;
use crate::domain::quarantine::Quarantined;
use crate::facts::Facts;
use crate::facts::fact::Fact;
use crate::ingest::delivery_account::DeliveryAccount;
use crate::ledger::posting::{Balance, DeliveryPosting};
use rayon::prelude::*;

/// Facts worth a thread, which has a sum for every delivery.
const SHARE: usize = 1 << 16;

/// The balance of each delivery and of the run.
pub(super) fn prove(
    accounts: Vec<DeliveryAccount>,
    quarantine: &[Quarantined],
    posted: &Facts,
    superseded: &Facts,
) -> (Vec<DeliveryPosting>, Balance) {
    let mut balances = vec![Balance::default(); accounts.len()];
    let (posted, superseded) = rayon::join(
        || by_delivery(posted, accounts.len()),
        || by_delivery(superseded, accounts.len()),
    );
    for (balance, (lines, amount)) in balances.iter_mut().zip(posted) {
        (balance.lines.posted, balance.oere.posted) = (lines, Oere::new(amount));
    }
    for (balance, (lines, amount)) in balances.iter_mut().zip(superseded) {
        (balance.lines.superseded, balance.oere.superseded) = (lines, Oere::new(amount));
    }
    for line in quarantine {
        let balance = &mut balances[line.delivery.place()];
        let absolute = line.amount.value().map(|amount| Oere::new(amount.get().abs()));
        balance.refused_absolute = plus(balance.refused_absolute, absolute);
    }
    for (balance, account) in balances.iter_mut().zip(&accounts) {
        balance.lines.read = account.lines_read;
        balance.lines.refused = account.lines_refused;
        balance.oere.read = Oere::sum([account.accepted, account.refused]);
        balance.oere.refused = account.refused;
        balance.refused_unreadable = account.refused_unreadable;
        hold(balance, &account.shown());
    }
    let total = balances.iter().fold(Balance::default(), |total, balance| add(&total, balance));
    hold(&total, "the whole run");
    let deliveries = accounts
        .into_iter()
        .zip(balances)
        .map(|(account, balance)| DeliveryPosting { account, balance })
        .collect();
    (deliveries, total)
}

/// The lines of each of so many deliveries, and the sum of their amounts, which cannot wrap: see
/// [`crate::ledger::bound`].
fn by_delivery(facts: &Facts, deliveries: usize) -> Vec<(u32, i64)> {
    let none = || vec![(0, 0); deliveries];
    let add = |mut sums: Vec<(u32, i64)>, fact: Fact| {
        let (lines, amount) = &mut sums[fact.delivery.place()];
        *lines += fact.lines;
        *amount += fact.measures.amount().map_or(0, Oere::get);
        sums
    };
    let merge = |mut sums: Vec<(u32, i64)>, others: Vec<(u32, i64)>| {
        for ((lines, amount), (more_lines, more)) in sums.iter_mut().zip(others) {
            *lines += more_lines;
            *amount += more;
        }
        sums
    };
    facts.par_iter().with_min_len(SHARE).fold(none, add).reduce(none, merge)
}

/// A balance that does not hold is a bug of ours, never the sender's fault.
fn hold(balance: &Balance, what: &str) {
    let lines = balance.lines;
    assert_eq!(
        lines.read,
        lines.posted + lines.superseded + lines.refused,
        "lines of {what} do not balance"
    );
    let oere = balance.oere;
    assert_eq!(
        oere.read,
        Oere::sum([oere.posted, oere.superseded, oere.refused]),
        "øre of {what} do not balance"
    );
}

fn add(one: &Balance, other: &Balance) -> Balance {
    let mut sum = *one;
    sum.lines.read += other.lines.read;
    sum.lines.posted += other.lines.posted;
    sum.lines.superseded += other.lines.superseded;
    sum.lines.refused += other.lines.refused;
    sum.oere.read = plus(sum.oere.read, Some(other.oere.read));
    sum.oere.posted = plus(sum.oere.posted, Some(other.oere.posted));
    sum.oere.superseded = plus(sum.oere.superseded, Some(other.oere.superseded));
    sum.oere.refused = plus(sum.oere.refused, Some(other.oere.refused));
    sum.refused_unreadable += other.refused_unreadable;
    sum.refused_absolute = plus(sum.refused_absolute, Some(other.refused_absolute));
    sum
}

fn plus(total: Oere, amount: Option<Oere>) -> Oere {
    Oere::sum([total, amount.unwrap_or(Oere::ZERO)])
}
