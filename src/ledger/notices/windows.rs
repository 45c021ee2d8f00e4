//! A window and the months in it from one sender: a year's accounts beside the months of it.

use crate::domain::delivery::DeliveryId;
use crate::domain::id::AuthorityId;
use crate::domain::measure::Measure;
use crate::domain::money::Oere;
use crate::domain::notice::{Notice, Remark};
use crate::domain::period::{Month, Period};
use crate::facts::Facts;
use crate::ingest::delivery_account::{DeliveryAccount, named};
use std::collections::BTreeMap;

/// What one delivery says of an authority in one period, in one measure.
#[derive(Clone, Copy)]
struct Said {
    period: Period,
    months: (Month, Month),
    delivery: DeliveryId,
    lines: u32,
    sum: i64,
}

/// Whose figures may be the same ones twice.
type Sender<'a> = (&'a AuthorityId, usize, usize);

/// One notice for each delivery with a window in which the same authority has another period of
/// the same kind and measure.
pub(super) fn find(kinds: &[usize], accounts: &[DeliveryAccount], posted: &Facts) -> Vec<Notice> {
    let has_windows = posted.periods().iter().any(|period| matches!(period, Period::Window(_)));
    if !has_windows {
        return Vec::new();
    }
    let mut senders: BTreeMap<Sender, Vec<Said>> = BTreeMap::new();
    for fact in posted.iter() {
        let (period, months) = (fact.key.period, fact.key.period.bounds());
        for (measure, tally) in fact.measures.tallies() {
            let sender = (fact.key.authority, kinds[fact.delivery.place()], measure.index());
            let all = senders.entry(sender).or_default();
            let (lines, sum) = (tally.lines, tally.sum);
            match all.last_mut() {
                Some(last) if last.period == period && last.delivery == fact.delivery => {
                    last.lines = last.lines.saturating_add(lines);
                    last.sum = last.sum.saturating_add(sum);
                }
                _ => all.push(Said { period, months, delivery: fact.delivery, lines, sum }),
            }
        }
    }
    let mut met: BTreeMap<(DeliveryId, usize), (DeliveryId, Said)> = BTreeMap::new();
    for ((.., measure), all) in &mut senders {
        all.sort_by_key(|said| (said.months, said.period, said.delivery));
        for (window, other) in overlaps(all) {
            let (_, own) = met
                .entry((window.delivery, *measure))
                .or_insert_with(|| (other.delivery, Said { lines: 0, sum: 0, ..window }));
            own.lines = own.lines.saturating_add(window.lines);
            own.sum = own.sum.saturating_add(window.sum);
        }
    }
    let of = |((delivery, measure), (other, own)): ((DeliveryId, usize), (DeliveryId, Said))| {
        let measure = Measure::ALL[measure];
        Notice {
            delivery,
            what: Remark::WindowAndMonths {
                found: named(&accounts[other.place()]),
                period: own.period,
                measure: measure.word().into(),
            },
            lines: own.lines,
            amount: (measure == Measure::Amount).then_some(Oere::new(own.sum)),
        }
    };
    met.into_iter().map(of).collect()
}

/// Each window that shares a month with another period, and the first of those. The periods stand
/// in the order of their first months.
fn overlaps(all: &[Said]) -> Vec<(Said, Said)> {
    let is_window = |said: &Said| matches!(said.period, Period::Window(_));
    let mut found = Vec::new();
    for (place, window) in all.iter().enumerate().filter(|(_, said)| is_window(said)) {
        let meets = |other: &&Said| {
            let rolling = is_window(other) && length(other) == length(window);
            other.period != window.period
                && !rolling
                && other.months.0 <= window.months.1
                && window.months.0 <= other.months.1
        };
        let behind = all[place + 1..].iter().take_while(|other| other.months.0 <= window.months.1);
        let other = behind.chain(&all[..place]).find(meets);
        found.extend(other.map(|other| (*window, *other)));
    }
    found
}

fn length(said: &Said) -> i32 {
    said.months.1.ordinal() - said.months.0.ordinal()
}
