//! The saving by hand: plain fractions of large whole numbers, one rounding, nothing borrowed from
//! the metrics it is to be held against.

use crate::domain::authority::Sector;
use crate::domain::id::{AuthorityId, ServiceId};
use crate::domain::period::{Span, Year};
use crate::programme::model::{Prices, Programme, Service};
use crate::sample::account::{Account, AccountKey};
use crate::sample::slot::{CLOSING, Slot};
use num_bigint::BigInt;
use std::collections::BTreeMap;

/// A fraction; the denominator is above zero.
#[derive(Debug, Clone)]
pub(super) struct Fraction {
    /// Numerator.
    pub(super) top: BigInt,
    /// Denominator.
    pub(super) bottom: BigInt,
}

/// Cost and volume of the same months, then and now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ComparedMonths {
    /// How many months are compared.
    pub(super) months: u32,
    /// Øre in the baseline, and now.
    pub(super) oere: (i64, i64),
    /// Completed in the baseline, and now.
    pub(super) cases: (i64, i64),
}

/// One cell's saving in one year, nominal øre.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Saving {
    /// What is compared.
    pub(super) pair: ComparedMonths,
    /// All cost follows volume.
    pub(super) none_fixed: i64,
    /// The declared part does not.
    pub(super) declared: Option<i64>,
    /// No cost follows volume.
    pub(super) all_fixed: i64,
}

/// Every saving there is, by authority, service and year.
pub(super) fn savings(
    programme: &Programme,
    account: &Account,
) -> BTreeMap<(AuthorityId, ServiceId, i16), Saving> {
    let mut savings = BTreeMap::new();
    let account = &under_later_names(programme, account);
    for authority in programme.authorities.entries.values() {
        for service in programme.services.entries.values() {
            let Some(Span::Year(then)) = service.baseline else {
                continue;
            };
            for year in programme.first.year().get()..=programme.last.year().get() {
                let Some(now) = Year::new(year).filter(|now| *now != then) else {
                    continue;
                };
                let who = (authority.id.clone(), service.id.clone());
                let prices = price_change(programme, authority.sector, service, then, now);
                let pair = pair(account, &who, then.get(), year);
                if let Some(saving) = prices.and_then(|prices| saving(pair, service, &prices)) {
                    savings.insert((who.0, who.1, year), saving);
                }
            }
        }
    }
    savings
}

/// The posted figures, under the name of each authority's successor.
pub(super) fn under_later_names(programme: &Programme, account: &Account) -> Account {
    let moved = |(authority, service, slot): &AccountKey| {
        (heir(programme, authority).clone(), service.clone(), *slot)
    };
    let sums = |figures: &BTreeMap<AccountKey, i64>| {
        let mut sums = BTreeMap::new();
        for (key, figure) in figures {
            *sums.entry(moved(key)).or_default() += figure;
        }
        sums
    };
    let counts = |figures: &BTreeMap<AccountKey, (i64, i64)>| {
        let mut counts: BTreeMap<AccountKey, (i64, i64)> = BTreeMap::new();
        for (key, (part, whole)) in figures {
            let sum = counts.entry(moved(key)).or_default();
            sum.0 += part;
            sum.1 += whole;
        }
        counts
    };
    Account {
        spending: sums(&account.spending),
        completed: sums(&account.completed),
        digital_by: counts(&account.digital_by),
        satisfied_by: counts(&account.satisfied_by),
        ..Account::default()
    }
}

/// Who took over, and from them, and so on.
pub(super) fn heir<'a>(programme: &'a Programme, authority: &'a AuthorityId) -> &'a AuthorityId {
    let entry = programme.authorities.entries.get(authority);
    match entry.and_then(|entry| entry.successor.as_ref()) {
        Some(next) => heir(programme, next),
        None => authority,
    }
}

/// Cost and volume in the months that have both, in both years. Period 13 joins when all twelve do.
fn pair(account: &Account, who: &(AuthorityId, ServiceId), then: i16, now: i16) -> ComparedMonths {
    let key = |year: i16, number: u8| -> AccountKey {
        (who.0.clone(), who.1.clone(), Slot { year, number })
    };
    let spent = |year, number| account.spending.get(&key(year, number)).copied();
    let done = |year, number| account.completed.get(&key(year, number)).copied();
    let mut pair = ComparedMonths::default();
    for number in 1..=12 {
        if let (Some(old), Some(new), Some(before), Some(after)) =
            (spent(then, number), spent(now, number), done(then, number), done(now, number))
        {
            pair.months += 1;
            pair.oere.0 += old;
            pair.oere.1 += new;
            pair.cases.0 += before;
            pair.cases.1 += after;
        }
    }
    if pair.months == 12 {
        pair.oere.0 += spent(then, CLOSING).unwrap_or(0);
        pair.oere.1 += spent(now, CLOSING).unwrap_or(0);
    }
    pair
}

fn saving(pair: ComparedMonths, service: &Service, prices: &Fraction) -> Option<Saving> {
    if pair.months == 0 || pair.cases.0 <= 0 || pair.cases.1 <= 0 {
        return None;
    }
    if pair.oere.0 <= 0 || pair.oere.1 < 0 {
        return None;
    }
    let with = |fixed: &Fraction| expected(&pair, fixed, prices) - pair.oere.1;
    let declared = service.fixed_share.as_ref().map(|fixed| Fraction {
        top: fixed.share.numer().clone(),
        bottom: fixed.share.denom().clone(),
    });
    let whole = |top: i64| Fraction { top: BigInt::from(top), bottom: BigInt::from(1) };
    Some(Saving {
        none_fixed: with(&whole(0)),
        declared: declared.as_ref().map(with),
        all_fixed: with(&whole(1)),
        pair,
    })
}

/// What the old way would have cost now, in øre: E₀ · (φ + (1 − φ) · V₁/V₀) · p₁/p₀.
fn expected(pair: &ComparedMonths, fixed: &Fraction, prices: &Fraction) -> i64 {
    let (then, now) = (BigInt::from(pair.cases.0), BigInt::from(pair.cases.1));
    let volume = &fixed.top * &then + (&fixed.bottom - &fixed.top) * now;
    let top = BigInt::from(pair.oere.0) * volume * &prices.top;
    let bottom = &fixed.bottom * then * &prices.bottom;
    rounded(&top, &bottom)
}

/// `top / bottom` to the nearest whole number, halves away from zero. `bottom` is above zero.
fn rounded(top: &BigInt, bottom: &BigInt) -> i64 {
    let zero = BigInt::from(0);
    let size = if *top < zero { -top } else { top.clone() };
    let whole: BigInt = (size * 2 + bottom) / (bottom * 2);
    let signed = if *top < zero { -whole } else { whole };
    i64::try_from(signed).expect("amounts of this world stay far within i64")
}

/// How much dearer the service's costs are now than then; `None` where the table is silent.
fn price_change(
    programme: &Programme,
    sector: Sector,
    service: &Service,
    then: Year,
    now: Year,
) -> Option<Fraction> {
    let one = || BigInt::from(1);
    match &programme.prices {
        Prices::Current { .. } => Some(Fraction { top: one(), bottom: one() }),
        Prices::Indexed { index, borrowed, .. } => {
            let sector = borrowed.get(&sector).map_or(sector, |lent| lent.from);
            let old = index.get(&(sector, service.cost_type, then))?;
            let new = index.get(&(sector, service.cost_type, now))?;
            Some(Fraction { top: new.numer() * old.denom(), bottom: new.denom() * old.numer() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ComparedMonths, Fraction, expected, rounded};
    use num_bigint::BigInt;

    fn fraction(top: i64, bottom: i64) -> Fraction {
        Fraction { top: BigInt::from(top), bottom: BigInt::from(bottom) }
    }

    #[test]
    fn eighty_millions_then_and_eighty_four_now() {
        // 80 mio. kr. then and 84 now, 500,000 cases then and 560,000 now, prices up 5.61 per cent.
        // By hand: 80,000,000 · 1.12 · 1.0561 = 94,626,560 and 80,000,000 · 1.0561 = 84,488,000.
        let pair = ComparedMonths {
            months: 12,
            oere: (8_000_000_000, 8_400_000_000),
            cases: (500_000, 560_000),
        };
        let prices = fraction(10_561, 10_000);
        for (fixed, saving_kr) in [
            (fraction(0, 1), 10_626_560),
            (fraction(3, 10), 7_584_992),
            (fraction(6, 10), 4_543_424),
            (fraction(1, 1), 488_000),
        ] {
            assert_eq!(expected(&pair, &fixed, &prices) - pair.oere.1, saving_kr * 100);
        }
    }

    #[test]
    fn halves_go_away_from_zero() {
        let nearest = |top, bottom| rounded(&BigInt::from(top), &BigInt::from(bottom));
        for (top, bottom, whole) in [(5, 2, 3), (-5, 2, -3), (7, 3, 2), (-7, 3, -2), (0, 9, 0)] {
            assert_eq!(nearest(top, bottom), whole, "{top}/{bottom}");
        }
    }
}
