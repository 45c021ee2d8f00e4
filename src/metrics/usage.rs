//! Shares of use, a service at a time: digital take-up, completion, satisfaction. Counts of unlike
//! services are not added up; a pejlemærke has the mean of its services.

use crate::domain::id::ServiceId;
use crate::domain::known::Known;
use crate::domain::measure::Measure;
use crate::domain::money::Oere;
use crate::domain::period::Span;
use crate::domain::share::Share;
use crate::metrics::comparable_panel::within;
use crate::metrics::exact::{ppm, ppm_of, sum};
use crate::metrics::figures::{Mean, ServiceUse};
use crate::metrics::followed::Followed;
use crate::metrics::interval::{Stratum, square_and_add, wilson};
use crate::metrics::series::Tallies;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A share that is measured: a part out of a whole.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ratio {
    part: Measure,
    whole: Measure,
    /// Whether the whole is a sample, so that the share has an interval.
    sampled: bool,
    /// Whether the part may be from another span than the whole, and so be more than it.
    carried_over: bool,
}

/// Digital take-up.
pub(crate) const DIGITAL: Ratio = Ratio {
    part: Measure::Digital,
    whole: Measure::Completed,
    sampled: false,
    carried_over: false,
};
/// Completion rate.
pub(crate) const COMPLETION: Ratio =
    Ratio { part: Measure::Completed, whole: Measure::Started, sampled: false, carried_over: true };
/// Satisfaction.
pub(crate) const SATISFACTION: Ratio = Ratio {
    part: Measure::Satisfied,
    whole: Measure::Answered,
    sampled: true,
    carried_over: false,
};

impl Ratio {
    /// Part and whole, where both were reported.
    pub(crate) fn counts(self, tallies: &Tallies) -> Option<(i64, i64)> {
        tallies.value(self.part).zip(tallies.value(self.whole))
    }
}

/// Part and whole by service.
pub(crate) type Counts<'a> = BTreeMap<&'a ServiceId, (i64, i64)>;

/// What each service spent in its baseline, above zero, in øre: its weight in a mean.
pub(crate) type BaselineSpending<'a> = BTreeMap<&'a ServiceId, i64>;

/// Adds up, by service, what its units spent in their baselines; of a pejlemærke the part that
/// counts towards it. A service that spent nothing then has no weight.
pub(crate) fn baseline_spending<'a>(
    scope: &[&'a Followed<'_>],
    mark: Option<usize>,
) -> BaselineSpending<'a> {
    let mut spent: BTreeMap<&ServiceId, Vec<i64>> = BTreeMap::new();
    for followed in scope {
        let cell = followed.baseline.and_then(|baseline| followed.at(baseline));
        let amount = cell.and_then(|cell| cell.spending.value());
        let part = amount.map(|amount| followed.weights.portion(amount, mark).get());
        spent.entry(&followed.unit.service).or_default().extend(part);
    }
    let sums = spent.into_iter().map(|(service, amounts)| (service, sum(amounts)));
    sums.filter(|(_, oere)| *oere > 0).collect()
}

/// What every unit reported in a span, by service.
pub(crate) fn reported<'a>(scope: &[&'a Followed<'_>], span: Span, ratio: Ratio) -> Counts<'a> {
    let mut counts: BTreeMap<&ServiceId, Vec<(i64, i64)>> = BTreeMap::new();
    for followed in scope {
        let tallies = within(&followed.series, span);
        let own: Vec<(i64, i64)> = tallies.filter_map(|tallies| ratio.counts(tallies)).collect();
        if !own.is_empty() {
            counts.entry(&followed.unit.service).or_default().extend(own);
        }
    }
    counts.into_iter().map(|(service, own)| (service, added(&own))).collect()
}

/// Parts and wholes added up.
pub(crate) fn added(counts: &[(i64, i64)]) -> (i64, i64) {
    (sum(counts.iter().map(|count| count.0)), sum(counts.iter().map(|count| count.1)))
}

/// Every count added up; `Missing` without any, `NotApplicable` when the whole is nothing.
pub(crate) fn together(counts: &Counts<'_>) -> Known<Share> {
    if counts.is_empty() {
        return Known::Missing;
    }
    let (part, whole) = added(&counts.values().copied().collect::<Vec<_>>());
    Share::new(part, whole).map_or(Known::NotApplicable, Known::Value)
}

/// The mean of the services' shares, each weighted with its spending in the baseline; rounded once.
///
/// - `Missing` when nothing is reported or nothing of it can be weighed, `NotApplicable` when every
///   whole is nothing, or a part is no part of its whole.
pub(crate) fn mean(counts: &Counts<'_>, spent: &BaselineSpending<'_>, ratio: Ratio) -> Known<Mean> {
    let shares: Vec<(&ServiceId, (i64, i64))> = counts
        .iter()
        .map(|(service, count)| (*service, *count))
        .filter(|(_, (_, whole))| *whole > 0)
        .collect();
    let is_share = |(part, whole): &(i64, i64)| {
        *part >= 0 && *whole >= 0 && (ratio.carried_over || part <= whole)
    };
    if shares.is_empty() && !counts.is_empty() || !counts.values().all(is_share) {
        return Known::NotApplicable;
    }
    let weighed: Vec<Weighed<'_>> = shares
        .iter()
        .filter_map(|(service, count)| Some((*service, *count, *spent.get(service)?)))
        .collect();
    let count = sum(weighed.iter().map(|(_, (_, whole), _)| *whole));
    let largest = weighed.iter().min_by_key(|(_, (_, whole), _)| Reverse(*whole));
    let Some((largest, (_, most), _)) = largest else {
        return Known::Missing;
    };
    let exact = weighted(&weighed);
    let interval = if ratio.sampled { interval(&weighed, &exact) } else { None };
    let share = ppm_of(&exact.top, &exact.bottom);
    if share.is_some_and(|ppm| ppm > 1_000_000) {
        return Known::NotApplicable;
    }
    let figures = share.map(|ppm| Mean {
        ppm,
        interval,
        services: number(weighed.len()),
        unweighed: number(shares.len() - weighed.len()),
        count,
        largest: (*largest).clone(),
        largest_ppm: Share { numerator: *most, denominator: count }.parts_per_million(),
    });
    Known::from_option(figures)
}

fn number(services: usize) -> u32 {
    u32::try_from(services).expect("a run has under 2^32 services")
}

/// A service, its part and whole, and its weight.
type Weighed<'a> = (&'a ServiceId, (i64, i64), i64);

/// A fraction that is not reduced; `bottom` is above zero.
struct Exact {
    top: BigInt,
    bottom: BigInt,
}

/// `Σ E₀ · part / whole / Σ E₀`.
fn weighted(weighed: &[Weighed<'_>]) -> Exact {
    let Exact { top, bottom } = total(weighed);
    let weights: BigInt = weighed.iter().map(|(_, _, weight)| BigInt::from(*weight)).sum();
    Exact { top, bottom: bottom * weights }
}

/// `Σ E₀ · part / whole`, by halves: numbers grow as long as there are services, and adding one
/// service at a time would multiply each with the longest.
fn total(weighed: &[Weighed<'_>]) -> Exact {
    match weighed {
        [] => Exact { top: BigInt::zero(), bottom: BigInt::one() },
        [(_, (part, whole), weight)] => {
            Exact { top: BigInt::from(*part) * *weight, bottom: (*whole).into() }
        }
        many => {
            let (first, rest) = many.split_at(many.len() / 2);
            let (first, rest) = (total(first), total(rest));
            Exact {
                top: first.top * &rest.bottom + rest.top * &first.bottom,
                bottom: first.bottom * rest.bottom,
            }
        }
    }
}

/// The interval of a mean, within 0 and 1; `None` where a share has none.
fn interval(weighed: &[Weighed<'_>], mean: &Exact) -> Option<(i64, i64)> {
    let mut strata = Vec::new();
    for (_, (part, whole), weight) in weighed {
        let (low, high) = wilson(*part, *whole)?;
        let share = BigRational::new((*part).into(), (*whole).into());
        strata.push(Stratum { weight: *weight, below: &share - low, above: high - share });
    }
    let (below, above) = square_and_add(&strata);
    let end = |distance: BigRational| {
        let top = &mean.top * distance.denom() + distance.numer() * &mean.bottom;
        ppm_of(&top, &(&mean.bottom * distance.denom()))
    };
    let (low, high) = end(-below).zip(end(above))?;
    Some((low.max(0), high.min(1_000_000)))
}

/// Every service in every span anything was posted in, over all authorities.
pub(crate) fn services(followed: &[Followed<'_>], spans: &[Span]) -> Vec<ServiceUse> {
    let mut scopes: BTreeMap<&ServiceId, Vec<&Followed<'_>>> = BTreeMap::new();
    for one in followed {
        scopes.entry(&one.unit.service).or_default().push(one);
    }
    let mut all = Vec::new();
    for (service, scope) in scopes {
        let spent = baseline_spending(&scope, None).get(service).copied();
        let posted: BTreeSet<Span> =
            scope.iter().flat_map(|one| one.cells.iter().map(|cell| cell.span)).collect();
        for span in spans.iter().filter(|span| posted.contains(span)) {
            let share = |ratio| {
                let share = together(&reported(&scope, *span, ratio));
                let is_part = share.value().is_none_or(Share::is_part);
                if is_part { share } else { Known::NotApplicable }
            };
            let satisfaction = share(SATISFACTION);
            let limits = satisfaction.value().and_then(|share| {
                let (low, high) = wilson(share.numerator, share.denominator)?;
                ppm(&low).zip(ppm(&high))
            });
            all.push(ServiceUse {
                service: service.clone(),
                span: *span,
                baseline_spending: Known::from_option(spent.map(Oere::new)),
                digital: share(DIGITAL),
                completion: share(COMPLETION),
                satisfaction,
                interval: limits,
            });
        }
    }
    all
}
