//! A sender's sum that moved by a power of ten: thousands taken for kroner, øre for kroner.

use crate::domain::facts::Facts;
use crate::domain::id::AuthorityId;
use crate::domain::money::Oere;
use crate::domain::notice::{Notice, Remark};
use crate::domain::period::Month;
use crate::domain::source::DeliveryId;
use crate::domain::wording::Wording;
use std::collections::BTreeMap;

/// Other months there must be, to say what is usual.
const MONTHS: usize = 3;

/// The powers of ten, and how far from one a sum may be, in per cent of it.
const POWERS: [(i128, i128, i128); 4] =
    [(10, 80, 125), (100, 50, 200), (1_000, 33, 300), (1_000_000, 33, 300)];

/// What an authority spent in one month.
struct Sum {
    month: Month,
    delivery: DeliveryId,
    lines: u32,
    oere: i64,
}

/// Months whose sum is that of the sender's other months times a power of ten, or over one.
pub(super) fn find(kinds: &[usize], posted: &Facts) -> Vec<Notice> {
    let mut sums: BTreeMap<(&AuthorityId, usize), Vec<Sum>> = BTreeMap::new();
    for fact in posted.iter() {
        let Some(amount) = fact.measures.amount() else { continue };
        let own = sums.entry((fact.key.authority, kinds[fact.delivery.place()])).or_default();
        let (month, _) = fact.key.period.bounds();
        let (delivery, lines, oere) = (fact.delivery, fact.lines, amount.get());
        match own.last_mut().filter(|sum| sum.month == month) {
            Some(sum) => {
                sum.oere = sum.oere.saturating_add(oere);
                sum.lines = sum.lines.saturating_add(lines);
            }
            None => own.push(Sum { month, delivery, lines, oere }),
        }
    }
    sums.into_values().flat_map(|sums| moved(&sums)).collect()
}

fn moved(sums: &[Sum]) -> Vec<Notice> {
    let mut sizes: Vec<u64> = sums.iter().map(|sum| sum.oere.unsigned_abs()).collect();
    sizes.sort_unstable();
    let usual = sizes.get(sizes.len() / 2).copied().filter(|usual| *usual > 0);
    let Some(usual) = usual.filter(|_| sums.len() > MONTHS) else {
        return Vec::new();
    };
    let of = |sum: &Sum| {
        let size = sum.oere.unsigned_abs();
        let factor = match power(size, usual) {
            Some(power) => power.to_string(),
            None => format!("1/{}", power(usual, size)?),
        };
        let expected = i64::try_from(usual).map_or(i64::MAX, |usual| usual);
        Some(Notice {
            delivery: sum.delivery,
            what: Remark::PowerOfTen {
                month: sum.month,
                factor: Wording::from(factor),
                usual: Wording::from(Oere::new(expected).to_string()),
            },
            lines: sum.lines,
            amount: Some(Oere::new(sum.oere)),
        })
    };
    sums.iter().filter_map(of).collect()
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
