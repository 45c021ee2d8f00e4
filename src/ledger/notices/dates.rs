//! Dates far from the others of their file: a century mistaken, a year mistyped.

use crate::domain::money::Oere;
use crate::domain::notice::{Notice, Remark};
use crate::domain::period::Month;
use crate::facts::Facts;
use crate::facts::fact::Fact;
use crate::ingest::delivery_account::DeliveryAccount;
use std::collections::BTreeMap;

/// Months that must be empty on both sides of what is far.
const GAP: i32 = 12;

/// Lines to one that is far, at least; two do where it stands alone.
const OTHERS: u64 = 9;

/// Lines and what stands on them, by month.
type Months = BTreeMap<Month, (u64, i64, bool)>;

/// Deliveries with a few lines more than a year from all others.
pub(super) fn find(accounts: &[DeliveryAccount], posted: &Facts) -> Vec<Notice> {
    let mut months: Vec<Months> = vec![Months::new(); accounts.len()];
    for places in posted.slots() {
        let (first, _) = posted.get(places.start).key.period.bounds();
        let facts: Vec<Fact> = places.map(|place| posted.get(place)).collect();
        for own in facts.chunk_by(|one, other| one.delivery == other.delivery) {
            let (lines, sum, has) = months[own[0].delivery.place()].entry(first).or_default();
            for fact in own {
                *lines += u64::from(fact.lines);
                if let Some(amount) = fact.measures.amount() {
                    (*sum, *has) = (sum.saturating_add(amount.get()), true);
                }
            }
        }
    }
    let mut notices = Vec::new();
    for (account, months) in accounts.iter().zip(&months) {
        for (what, (lines, sum, has)) in far(months) {
            notices.push(Notice {
                delivery: account.id,
                what,
                lines: u32::try_from(lines).unwrap_or(u32::MAX),
                amount: has.then_some(Oere::new(sum)),
            });
        }
    }
    notices
}

/// The stretches of months that stand apart, each with what is on them.
fn far(months: &Months) -> Vec<(Remark, (u64, i64, bool))> {
    let all: Vec<(&Month, &(u64, i64, bool))> = months.iter().collect();
    let near = |one: &(&Month, _), other: &(&Month, _)| other.0.ordinal() - one.0.ordinal() <= GAP;
    let stretches: Vec<_> = all.chunk_by(near).collect();
    let lines = |stretch: &&[(&Month, &(u64, i64, bool))]| -> u64 {
        stretch.iter().map(|(_, (lines, ..))| lines).sum()
    };
    let Some(largest) = stretches.iter().max_by_key(|stretch| lines(stretch)) else {
        return Vec::new();
    };
    let most = lines(largest);
    let ends =
        |stretch: &[(&Month, &(u64, i64, bool))]| (*stretch[0].0, *stretch[stretch.len() - 1].0);
    let apart = |stretch: &&&[(&Month, &(u64, i64, bool))]| {
        let own = lines(stretch);
        own * OTHERS <= most || (own == 1 && most > 1)
    };
    let stretches = stretches.iter().filter(apart);
    let of = |stretch: &&[(&Month, &(u64, i64, bool))]| {
        let sum = stretch.iter().fold(0_i64, |sum, (_, (_, own, _))| sum.saturating_add(*own));
        let has = stretch.iter().any(|(_, (.., has))| *has);
        let what = Remark::FarDates { found: ends(stretch), expected: ends(largest) };
        (what, (lines(stretch), sum, has))
    };
    stretches.map(of).collect()
}
