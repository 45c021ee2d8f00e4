//! Deliveries of two kinds that measure the same: a month sent again in a layout of its own.

use crate::domain::delivery::DeliveryId;
use crate::domain::measure::Measure;
use crate::domain::money::Oere;
use crate::domain::notice::{Notice, Remark};
use crate::domain::wording::Wording;
use crate::facts::Facts;
use crate::ingest::delivery_account::{DeliveryAccount, named};
use std::collections::BTreeMap;

/// What one delivery says of an authority and a period in one measure.
#[derive(Default)]
struct DeliverySum {
    lines: u32,
    sum: i64,
}

/// Two kinds that measure the same, as two deliveries of theirs first meet.
struct MeasureOverlap {
    /// The later by name.
    of: DeliveryId,
    found: DeliveryId,
    /// Whether that is the one of the first kind.
    of_first: bool,
    /// What all of its kind say.
    own: DeliverySum,
}

/// One notice for each two kinds and measure, of the later delivery they meet in first.
pub(super) fn find(kinds: &[usize], accounts: &[DeliveryAccount], posted: &Facts) -> Vec<Notice> {
    let mut met: BTreeMap<(usize, usize, usize), MeasureOverlap> = BTreeMap::new();
    for places in posted.slots() {
        let kind = |delivery: DeliveryId| kinds[delivery.place()];
        let only = kind(posted.get(places.start).delivery);
        if posted.senders(places.clone()).all(|delivery| kind(delivery) == only) {
            continue;
        }
        let mut here: BTreeMap<(usize, usize), (DeliveryId, DeliverySum)> = BTreeMap::new();
        for fact in places.map(|place| posted.get(place)) {
            for (measure, tally) in fact.measures.tallies() {
                let entry = here.entry((measure.index(), kind(fact.delivery)));
                let (_, own) = entry.or_insert_with(|| (fact.delivery, DeliverySum::default()));
                own.lines += tally.lines;
                own.sum = own.sum.saturating_add(tally.sum);
            }
        }
        let here: Vec<_> = here.into_iter().collect();
        for two in here.windows(2) {
            let [((measure, one), (first, _)), ((same, other), (second, _))] = two else {
                continue;
            };
            if measure != same {
                continue;
            }
            let new = || {
                let of_first = first > second;
                let (of, found) = if of_first { (*first, *second) } else { (*second, *first) };
                MeasureOverlap { of, found, of_first, own: DeliverySum::default() }
            };
            let met = met.entry((*one, *other, *measure)).or_insert_with(new);
            let (_, own) = if met.of_first { &two[0].1 } else { &two[1].1 };
            met.own.lines = met.own.lines.saturating_add(own.lines);
            met.own.sum = met.own.sum.saturating_add(own.sum);
        }
    }
    let of = |((.., measure), met): ((usize, usize, usize), MeasureOverlap)| {
        let measure = Measure::ALL[measure];
        let found = named(&accounts[met.found.place()]);
        let word = Wording::from(measure.word());
        Notice {
            delivery: met.of,
            what: Remark::MeasuredTwice { found, measure: word },
            lines: met.own.lines,
            amount: (measure == Measure::Amount).then_some(Oere::new(met.own.sum)),
        }
    };
    met.into_iter().map(of).collect()
}
