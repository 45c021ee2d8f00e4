//! A sender's sum that moved by a power of ten: thousands taken for kroner, øre for kroner.

use crate::domain::delivery::DeliveryId;
use crate::domain::id::AuthorityId;
use crate::domain::money::Oere;
use crate::domain::notice::{Notice, Remark};
use crate::domain::period::Period;
use crate::domain::wording::Wording;
use crate::facts::Facts;
use std::collections::BTreeMap;

/// The powers of ten, and how far from one a sum may be, in per cent of it.
const POWERS: [(i128, i128, i128); 4] =
    [(10, 80, 125), (100, 50, 200), (1_000, 33, 300), (1_000_000, 33, 300)];

/// The least power that is told of a sum below the usual, for the last month is often not whole;
/// and of one of two sums.
pub(super) const CERTAIN: i128 = 100;

/// What an authority spent in one period.
struct PeriodTotal {
    period: Period,
    delivery: DeliveryId,
    lines: u32,
    oere: i64,
}

/// Whose sums are held against each other: of one authority and kind, of periods as long.
type SenderKey<'a> = (&'a AuthorityId, usize, i32);

/// Periods whose sum is that of the sender's other periods times a power of ten, or over one.
pub(super) fn find(kinds: &[usize], posted: &Facts) -> Vec<Notice> {
    let mut sums: BTreeMap<SenderKey, Vec<PeriodTotal>> = BTreeMap::new();
    for places in posted.slots() {
        let key = posted.get(places.start).key;
        if matches!(key.period, Period::Closing(_)) {
            continue;
        }
        let (first, last) = key.period.bounds();
        let length = last.ordinal() - first.ordinal();
        // By kind: nearly always one.
        let mut here: Vec<(usize, PeriodTotal)> = Vec::new();
        for fact in places.map(|place| posted.get(place)) {
            let Some(amount) = fact.measures.amount() else { continue };
            let kind = kinds[fact.delivery.place()];
            let (delivery, period, lines, oere) =
                (fact.delivery, key.period, fact.lines, amount.get());
            match here.iter_mut().find(|(own, _)| *own == kind) {
                Some((_, sum)) => {
                    sum.oere = sum.oere.saturating_add(oere);
                    sum.lines = sum.lines.saturating_add(lines);
                }
                None => here.push((kind, PeriodTotal { period, delivery, lines, oere })),
            }
        }
        for (kind, sum) in here {
            sums.entry((key.authority, kind, length)).or_default().push(sum);
        }
    }
    sums.into_values().flat_map(|sums| moved(&sums)).collect()
}

fn moved(sums: &[PeriodTotal]) -> Vec<Notice> {
    let Some((usual, held)) = usual(sums, |sum| sum.oere.unsigned_abs()) else {
        return Vec::new();
    };
    let least = if sums.len() == 2 { CERTAIN } else { 1 };
    let of = |sum: &PeriodTotal| {
        let factor = factor(sum.oere.unsigned_abs(), usual, least)?;
        Some(Notice {
            delivery: sum.delivery,
            what: Remark::PowerOfTen {
                period: sum.period,
                factor,
                usual: Oere::new(i64::try_from(usual).unwrap_or(i64::MAX)),
            },
            lines: sum.lines,
            amount: Some(Oere::new(sum.oere)),
        })
    };
    held.iter().filter_map(of).collect()
}

/// What is usual in a series, and what is held against it: the median and all of them; of two, the
/// first and the second. `None`: there is nothing to hold one against.
pub(super) fn usual<T>(series: &[T], size: impl Fn(&T) -> u64) -> Option<(u64, &[T])> {
    match series {
        [] | [_] => None,
        [first, second] => Some((size(first), std::slice::from_ref(second))),
        _ => {
            let mut sizes: Vec<u64> = series.iter().map(size).collect();
            sizes.sort_unstable();
            Some((sizes[sizes.len() / 2], series))
        }
    }
}

/// The power of ten, of `least` at least, by which a sum is another than is usual.
pub(super) fn factor(size: u64, usual: u64, least: i128) -> Option<Wording> {
    let above = power(size, usual).filter(|power| *power >= least);
    let below = || power(usual, size).filter(|power| *power >= CERTAIN);
    Some(Wording::from(match above {
        Some(power) => power.to_string(),
        None => format!("1/{}", below()?),
    }))
}

/// The power of ten by which `large` is more than `small`.
fn power(large: u64, small: u64) -> Option<i128> {
    let (large, small) = (i128::from(large) * 100, i128::from(small));
    let near = |(power, least, most): &&(i128, i128, i128)| {
        small > 0 && small * power * least <= large && large <= small * power * most
    };
    POWERS.iter().find(near).map(|(power, ..)| *power)
}

#[cfg(test)]
mod tests {
    use super::power;

    #[test]
    fn a_power_of_ten_is_told_from_a_large_month() {
        assert_eq!(power(11_000, 1_000), Some(10));
        assert_eq!(power(5_000, 1_000), None);
        assert_eq!(power(80_000, 1_000), Some(100));
        assert_eq!(power(700_000, 1_000), Some(1_000));
        assert_eq!(power(1_000, 0), None);
    }
}
