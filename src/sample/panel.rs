//! Panels, means and intervals by hand, from what was written: nothing is borrowed from the metrics
//! they are to be held against. Ends of intervals are found by halving, not by their formula.

use crate::domain::id::{AuthorityId, ServiceId};
use crate::domain::period::Span;
use crate::programme::model::Programme;
use crate::sample::account::{Account, AccountKey};
use crate::sample::saving::{Fraction, under_later_names};
use crate::sample::slot::{CLOSING, Slot};
use num_bigint::BigInt;
use std::collections::{BTreeMap, BTreeSet};

/// z² of a 95 % interval, in thousand millionths.
const Z_SQUARED: i64 = 3_841_458_821;
/// What ends of intervals are halved down to: the million millionth.
const FINE: i64 = 1_000_000_000_000;

/// A year against the first: who delivered the same months in both.
#[derive(Debug, Default)]
pub(super) struct Panel {
    /// Øre then and now, period 13 where all twelve months are in both.
    pub(super) oere: (i64, i64),
    /// Authorities and services with an amount in a month of both.
    pub(super) spenders: usize,
    /// Authorities and services with digital and completed in a month of both.
    pub(super) users: usize,
    /// Mean digital share then and now, by pejlemærke and, under `total`, of all; millionths.
    pub(super) digital: BTreeMap<String, (i64, i64)>,
    /// Mean satisfaction of the year, of all who delivered, by the same names: the mean, the lower
    /// and the upper end of its interval; millionths.
    pub(super) satisfied: BTreeMap<String, (i64, i64, i64)>,
}

/// Part and whole, by service.
type PartsByService<'a> = BTreeMap<&'a ServiceId, (i64, i64)>;

/// Every panel, by year. The first year of the programme is the baseline of every service.
pub(super) fn panels(programme: &Programme, account: &Account) -> BTreeMap<i16, Panel> {
    let account = under_later_names(programme, account);
    let first = programme.first.year().get();
    let years = first + 1..=programme.last.year().get();
    let spent = baseline_spending(programme, &account, first);
    years.map(|year| (year, panel(programme, &account, &spent, (first, year)))).collect()
}

fn panel(
    programme: &Programme,
    account: &Account,
    spent: &BTreeMap<&ServiceId, i64>,
    (then, now): (i16, i16),
) -> Panel {
    let (oere, spenders) = spending(account, then, now);
    let (old, new, users) = digital(account, then, now);
    let mut panel = Panel { oere, spenders, users, ..Panel::default() };
    let answers = of_year(account, now);
    let marks = programme.pejlemaerker.iter().map(|mark| mark.id.to_string());
    for mark in std::iter::once("total".to_owned()).chain(marks) {
        let weights = weights(programme, spent, &mark);
        if let (Some(old), Some(new)) = (mean(&old, &weights), mean(&new, &weights)) {
            panel.digital.insert(mark.clone(), (millionths(&old), millionths(&new)));
        }
        if let Some(found) = satisfied(&answers, &weights) {
            panel.satisfied.insert(mark, found);
        }
    }
    panel
}

/// What each service with a baseline spent in that year.
fn baseline_spending<'a>(
    programme: &'a Programme,
    account: &Account,
    first: i16,
) -> BTreeMap<&'a ServiceId, i64> {
    let mut spent = BTreeMap::new();
    for service in programme.services.entries.values() {
        let baseline = match service.baseline {
            Some(Span::Year(year)) => year.get() == first,
            Some(Span::Window(_)) | None => false,
        };
        let own = account
            .spending
            .iter()
            .filter(|((_, id, slot), _)| baseline && *id == service.id && slot.year == first);
        let oere: i64 = own.map(|(_, oere)| oere).sum();
        if oere > 0 {
            spent.insert(&service.id, oere);
        }
    }
    spent
}

/// What a service weighs on a pejlemærke: its spending times its initiative's weight.
fn weights<'a>(
    programme: &Programme,
    spent: &BTreeMap<&'a ServiceId, i64>,
    mark: &str,
) -> BTreeMap<&'a ServiceId, Fraction> {
    let mut weights = BTreeMap::new();
    for (service, oere) in spent {
        let share = if mark == "total" {
            Some(Fraction { top: 1.into(), bottom: 1.into() })
        } else {
            let initiative = programme.initiative_of(service);
            let initiative = initiative.and_then(|id| programme.initiatives.get(id));
            let weights = initiative.map(|initiative| &initiative.weights);
            let own = weights.and_then(|all| all.iter().find(|(id, _)| id.as_str() == mark));
            own.map(|(_, weight)| Fraction {
                top: weight.share.numer().clone(),
                bottom: weight.share.denom().clone(),
            })
        };
        if let Some(Fraction { top, bottom }) = share {
            weights.insert(*service, Fraction { top: top * *oere, bottom });
        }
    }
    weights
}

/// Whose, and of what.
type Who = (AuthorityId, ServiceId);

fn pairs<T>(figures: &BTreeMap<AccountKey, T>) -> BTreeSet<Who> {
    figures.keys().map(|(authority, service, _)| (authority.clone(), service.clone())).collect()
}

fn key(who: &Who, year: i16, number: u8) -> AccountKey {
    (who.0.clone(), who.1.clone(), Slot { year, number })
}

fn spending(account: &Account, then: i16, now: i16) -> ((i64, i64), usize) {
    let (mut oere, mut spenders) = ((0, 0), 0);
    for who in pairs(&account.spending) {
        let spent = |year, number| account.spending.get(&key(&who, year, number)).copied();
        let mut months = 0;
        for number in 1..=12 {
            if let (Some(old), Some(new)) = (spent(then, number), spent(now, number)) {
                months += 1;
                oere.0 += old;
                oere.1 += new;
            }
        }
        if months == 12 {
            oere.0 += spent(then, CLOSING).unwrap_or(0);
            oere.1 += spent(now, CLOSING).unwrap_or(0);
        }
        spenders += usize::from(months > 0);
    }
    (oere, spenders)
}

fn digital(
    account: &Account,
    then: i16,
    now: i16,
) -> (PartsByService<'_>, PartsByService<'_>, usize) {
    let (mut old, mut new) = (PartsByService::new(), PartsByService::new());
    let mut users = BTreeSet::new();
    for ((authority, service, slot), count) in &account.digital_by {
        let later = (authority.clone(), service.clone(), Slot { year: now, ..*slot });
        let Some(other) = account.digital_by.get(&later).filter(|_| slot.year == then) else {
            continue;
        };
        for (counts, (part, whole)) in [(&mut old, count), (&mut new, other)] {
            let sum = counts.entry(service).or_default();
            sum.0 += part;
            sum.1 += whole;
        }
        users.insert((authority, service));
    }
    (old, new, users.len())
}

fn of_year(account: &Account, year: i16) -> PartsByService<'_> {
    let mut counts = PartsByService::new();
    let own = account.satisfied_by.iter().filter(|((.., slot), _)| slot.year == year);
    for ((_, service, _), (part, whole)) in own {
        let sum = counts.entry(service).or_default();
        sum.0 += part;
        sum.1 += whole;
    }
    counts
}

/// `Σ weight · part / whole / Σ weight`.
fn mean(counts: &PartsByService<'_>, weights: &BTreeMap<&ServiceId, Fraction>) -> Option<Fraction> {
    let mut sum = Fraction { top: 0.into(), bottom: 1.into() };
    let mut all = Fraction { top: 0.into(), bottom: 1.into() };
    for (service, (part, whole)) in counts.iter().filter(|(_, (_, whole))| *whole > 0) {
        let Some(weight) = weights.get(service) else {
            continue;
        };
        all = plus(&all, weight);
        let own = Fraction { top: &weight.top * *part, bottom: &weight.bottom * *whole };
        sum = plus(&sum, &own);
    }
    let none = all.top == BigInt::from(0);
    (!none).then(|| Fraction { top: sum.top * &all.bottom, bottom: sum.bottom * all.top })
}

fn plus(one: &Fraction, other: &Fraction) -> Fraction {
    Fraction {
        top: &one.top * &other.bottom + &other.top * &one.bottom,
        bottom: &one.bottom * &other.bottom,
    }
}

/// The nearest millionth of a fraction that is not below zero.
fn millionths(share: &Fraction) -> i64 {
    let whole: BigInt = (&share.top * 2_000_000 + &share.bottom) / (&share.bottom * 2);
    i64::try_from(whole).expect("a share is small")
}

fn satisfied(
    counts: &PartsByService<'_>,
    weights: &BTreeMap<&ServiceId, Fraction>,
) -> Option<(i64, i64, i64)> {
    let mean = mean(counts, weights)?;
    let (mut all, mut below, mut above) = (BigInt::from(0), BigInt::from(0), BigInt::from(0));
    for (service, (part, whole)) in counts.iter().filter(|(_, (_, whole))| *whole > 0) {
        let Some(weight) = weights.get(service) else {
            continue;
        };
        let weight: BigInt = &weight.top * 1_000_000 / &weight.bottom;
        let share = BigInt::from(*part) * FINE / *whole;
        let (low, high) = ends(*part, *whole);
        let square = |distance: BigInt| (distance * &weight).pow(2);
        below += square(&share - low);
        above += square(high - &share);
        all += weight;
    }
    let fine = Fraction { top: mean.top * FINE, bottom: mean.bottom };
    let centre: BigInt = fine.top / fine.bottom;
    let shown = |end: BigInt| millionths(&Fraction { top: end, bottom: FINE.into() });
    let low = shown(&centre - root(&below) / &all);
    let high = shown(&centre + root(&above) / &all);
    let ppm = shown(centre);
    Some((ppm, low, high))
}

/// The shares of everyone that so many answers are just consistent with: where
/// `n·(part/n − share)² = z²·share·(1 − share)`. In million millionths, found by halving.
fn ends(part: i64, whole: i64) -> (BigInt, BigInt) {
    let observed = BigInt::from(part) * FINE / whole;
    let outside = |share: &BigInt| {
        let distance: BigInt = BigInt::from(part) * FINE - share * whole;
        let billion = BigInt::from(1_000_000_000);
        distance.pow(2) * billion > share * (FINE - share) * whole * Z_SQUARED
    };
    let halve = |mut far: BigInt, mut near: BigInt| {
        let step = |far: &BigInt, near: &BigInt| -> BigInt { (far + near) / 2 };
        while (&far - &near).magnitude() > BigInt::from(1).magnitude() {
            let middle = step(&far, &near);
            if outside(&middle) { far = middle } else { near = middle }
        }
        near
    };
    let (zero, one) = (BigInt::from(0), BigInt::from(FINE));
    let low = if outside(&zero) { halve(zero, observed.clone()) } else { zero };
    let high = if outside(&one) { halve(one, observed) } else { one };
    (low, high)
}

/// The whole part of a square root, by halving.
fn root(square: &BigInt) -> BigInt {
    let (mut low, mut high) = (BigInt::from(0), BigInt::from(1) << (square.bits() / 2 + 1));
    while &high - &low > BigInt::from(1) {
        let middle: BigInt = (&low + &high) / 2;
        if &middle * &middle <= *square { low = middle } else { high = middle }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::{ends, root};
    use num_bigint::BigInt;

    #[test]
    fn ends_are_found_to_the_millionth() {
        let millionths = |(low, high): (BigInt, BigInt)| {
            [low, high].map(|end: BigInt| (end + 500_000) / 1_000_000)
        };
        assert_eq!(millionths(ends(810, 1_000)), [784_517, 833_111].map(BigInt::from));
        assert_eq!(millionths(ends(0, 12)), [0, 242_494].map(BigInt::from));
    }

    #[test]
    fn roots_are_cut() {
        for (square, whole) in [(0, 0), (1, 1), (8, 2), (9, 3), (1_000_000, 1_000)] {
            assert_eq!(root(&BigInt::from(square)), BigInt::from(whole));
        }
    }
}
