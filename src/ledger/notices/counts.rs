//! A count that moved by a power of ten: a column of another unit, a digit too many.

use crate::domain::delivery::DeliveryId;
use crate::domain::id::{AuthorityId, ServiceId};
use crate::domain::measure::Measure;
use crate::domain::notice::{Notice, Remark};
use crate::domain::period::Period;
use crate::domain::privacy::show;
use crate::domain::wording::Wording;
use crate::facts::Facts;
use crate::ledger::notices::sums::{CERTAIN, factor, usual};
use encoding_rs::UTF_8;
use std::collections::BTreeMap;

/// What an authority counted of one service in one period.
struct PeriodCount {
    period: Period,
    delivery: DeliveryId,
    lines: u32,
    count: i64,
}

/// Counts held against each other: of one authority, kind, service and measure, of periods as long.
type CountKey<'a> = (&'a AuthorityId, usize, Option<&'a ServiceId>, Measure, i32);

/// Periods whose count is that of the other periods times a hundred or more, or a hundredth of it.
pub(super) fn find(kinds: &[usize], posted: &Facts) -> Vec<Notice> {
    let mut counts: BTreeMap<CountKey, Vec<PeriodCount>> = BTreeMap::new();
    for fact in posted.iter() {
        let period = fact.key.period;
        if matches!(period, Period::Closing(_)) {
            continue;
        }
        let (first, last) = period.bounds();
        let length = last.ordinal() - first.ordinal();
        let kind = kinds[fact.delivery.place()];
        for (measure, tally) in fact.measures.tallies().filter(|of| of.0 != Measure::Amount) {
            let key = (fact.key.authority, kind, fact.key.service, measure, length);
            let series = counts.entry(key).or_default();
            // Facts come in the order of their periods: those of one period follow each other.
            match series.last_mut().filter(|last| last.period == period) {
                Some(same) => {
                    same.count = same.count.saturating_add(tally.sum);
                    same.lines = same.lines.saturating_add(tally.lines);
                }
                None => series.push(PeriodCount {
                    period,
                    delivery: fact.delivery,
                    lines: tally.lines,
                    count: tally.sum,
                }),
            }
        }
    }
    counts.iter().flat_map(|(key, series)| moved(key, series)).collect()
}

fn moved(&(_, _, service, measure, _): &CountKey, series: &[PeriodCount]) -> Vec<Notice> {
    let Some((usual, held)) = usual(series, |of| of.count.unsigned_abs()) else {
        return Vec::new();
    };
    let of = |one: &PeriodCount| {
        let factor = factor(one.count.unsigned_abs(), usual, CERTAIN)?;
        let service = service.map_or("-", ServiceId::as_str);
        let what = Remark::CountMoved {
            measure: measure.word().into(),
            service: show(service.as_bytes(), UTF_8),
            period: one.period,
            count: Wording::from(one.count.to_string()),
            factor,
            usual: Wording::from(usual.to_string()),
        };
        Some(Notice { delivery: one.delivery, what, lines: one.lines, amount: None })
    };
    held.iter().filter_map(of).collect()
}
