//! Shares of use, a service at a time: digital take-up, completion, satisfaction. Counts of unlike
//! services are not added up; a pejlemærke has the mean of its services.

use crate::domain::fact::Measure;
use crate::domain::id::ServiceId;
use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::period::Span;
use crate::domain::share::Share;
use crate::metrics::align::within;
use crate::metrics::exact::{ppm, sum};
use crate::metrics::figures::{Mean, ServiceUse};
use crate::metrics::follow::Followed;
use crate::metrics::interval::{Stratum, square_and_add, wilson};
use crate::metrics::table::Tallies;
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
}

/// Digital take-up.
pub(crate) const DIGITAL: Ratio =
    Ratio { part: Measure::Digital, whole: Measure::Completed, sampled: false };
/// Completion rate.
pub(crate) const COMPLETION: Ratio =
    Ratio { part: Measure::Completed, whole: Measure::Started, sampled: false };
/// Satisfaction.
pub(crate) const SATISFACTION: Ratio =
    Ratio { part: Measure::Satisfied, whole: Measure::Answered, sampled: true };

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
///   whole is nothing.
pub(crate) fn mean(counts: &Counts<'_>, spent: &BaselineSpending<'_>, ratio: Ratio) -> Known<Mean> {
    let shares: Vec<(&ServiceId, (i64, i64))> = counts
        .iter()
        .map(|(service, count)| (*service, *count))
        .filter(|(_, (_, whole))| *whole > 0)
        .collect();
    if shares.is_empty() && !counts.is_empty() {
        return Known::NotApplicable;
    }
    let weighed: Vec<(&ServiceId, (i64, i64), i64)> = shares
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
    let figures = ppm(&exact).map(|ppm| Mean {
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

/// `Σ E₀ · part / whole / Σ E₀`. One common denominator, reduced once: adding fractions one by one
/// would reduce each time.
fn weighted(weighed: &[(&ServiceId, (i64, i64), i64)]) -> BigRational {
    let (mut top, mut bottom) = (BigInt::zero(), BigInt::one());
    let mut weights = BigInt::zero();
    for (_, (part, whole), weight) in weighed {
        top = top * *whole + &bottom * *part * *weight;
        bottom *= *whole;
        weights += *weight;
    }
    BigRational::new(top, bottom * weights)
}

/// The interval of a mean; `None` where a share has none.
fn interval(weighed: &[(&ServiceId, (i64, i64), i64)], mean: &BigRational) -> Option<(i64, i64)> {
    let mut strata = Vec::new();
    for (_, (part, whole), weight) in weighed {
        let (low, high) = wilson(*part, *whole)?;
        let share = BigRational::new((*part).into(), (*whole).into());
        strata.push(Stratum { weight: *weight, below: &share - low, above: high - share });
    }
    let (below, above) = square_and_add(&strata);
    let (zero, one) = (BigRational::zero(), BigRational::one());
    ppm(&(mean - below).max(zero)).zip(ppm(&(mean + above).min(one)))
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
            let share = |ratio| together(&reported(&scope, *span, ratio));
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
