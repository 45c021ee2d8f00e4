//! Deliveries of two kinds that measure the same: a month sent again in a layout of its own.

use crate::domain::fact::Measure;
use crate::domain::facts::Facts;
use crate::domain::money::Oere;
use crate::domain::notice::{Notice, Remark};
use crate::domain::source::DeliveryId;
use crate::domain::wording::Wording;
use crate::ingest::{DeliveryAccount, named};
use std::collections::BTreeMap;

/// What one delivery says of an authority and a period in one measure.
#[derive(Default)]
struct Own {
    lines: u32,
    sum: i64,
}

/// One notice for each two kinds and measure, of the later delivery they meet in first.
pub(super) fn find(kinds: &[usize], accounts: &[DeliveryAccount], posted: &Facts) -> Vec<Notice> {
    let mut met: BTreeMap<(usize, usize, usize), (DeliveryId, DeliveryId, Own)> = BTreeMap::new();
    for places in posted.slots() {
        let kind = |delivery: DeliveryId| kinds[delivery.place()];
        let only = kind(posted.get(places.start).delivery);
        if posted.senders(places.clone()).all(|delivery| kind(delivery) == only) {
            continue;
        }
        let mut here: BTreeMap<(usize, usize), (DeliveryId, Own)> = BTreeMap::new();
        for fact in places.map(|place| posted.get(place)) {
            for (measure, tally) in fact.measures.tallies() {
                let entry = here.entry((measure.index(), kind(fact.delivery)));
                let (_, own) = entry.or_insert_with(|| (fact.delivery, Own::default()));
                own.lines += tally.lines;
                own.sum = own.sum.saturating_add(tally.sum);
            }
        }
        let here: Vec<_> = here.into_iter().collect();
        for two in here.windows(2) {
            let [((measure, one), (first, _)), ((same, other), (second, own))] = two else {
                continue;
            };
            if measure == same {
                let entry = met.entry((*one, *other, *measure));
                let (.., sum) = entry.or_insert((*first, *second, Own::default()));
                sum.lines = sum.lines.saturating_add(own.lines);
                sum.sum = sum.sum.saturating_add(own.sum);
            }
        }
    }
    let of = |((.., measure), (first, second, own)): ((usize, usize, usize), (_, _, Own))| {
        let measure = Measure::ALL[measure];
        let found = named(&accounts[DeliveryId::place(first)]);
        let word = Wording::from(measure.word());
        Notice {
            delivery: second,
            what: Remark::MeasuredTwice { found, measure: word },
            lines: own.lines,
            amount: (measure == Measure::Amount).then_some(Oere::new(own.sum)),
        }
    };
    met.into_iter().map(of).collect()
}
