//! What is not known, in kroner of spending: by cause, and by who can make it known.

use crate::domain::id::AuthorityId;
use crate::domain::measure::Measure;
use crate::domain::money::Oere;
use crate::domain::period::{Month, Period, Span};
use crate::metrics::comparable_panel::{closing, pairs};
use crate::metrics::exact::{oere, whole};
use crate::metrics::figures::{Cell, NoComparison};
use crate::metrics::followed::{Followed, is_whole};
use crate::metrics::ground::CellContext;
use crate::metrics::refused::RefusedWeights;
use crate::metrics::series::Tallies;
use crate::metrics::unknown_part::{Actor, Cause, CellUnknown, Unknown, UnknownWeight};
use crate::programme::model::TargetReading;
use num_rational::BigRational;
use num_traits::Signed;
use std::collections::BTreeSet;

/// What is not known about a cell; `None` when it is compared wholly, or is the baseline.
pub(crate) fn of_cell(
    ground: &CellContext<'_>,
    followed: &Followed<'_>,
    cell: &Cell,
) -> Option<CellUnknown> {
    let (cause, compared) = match &cell.comparison {
        Ok(comparison) if is_whole(comparison) => {
            return closing_in_one_year(followed, comparison.baseline, cell.span);
        }
        Ok(comparison) => (Cause::PartOfSpan, comparison.spending_now),
        Err(NoComparison::IsBaseline) => return None,
        Err(NoComparison::NoBaseline) => (Cause::NoBaseline, Oere::ZERO),
        Err(NoComparison::BaselineMissing) if silent_in(cell) => (Cause::NotDelivered, Oere::ZERO),
        Err(NoComparison::BaselineMissing) => (Cause::BaselineMissing, Oere::ZERO),
        Err(NoComparison::NowMissing) => (Cause::NotDelivered, Oere::ZERO),
        Err(NoComparison::NewOrClosed) => (Cause::NewOrClosed, Oere::ZERO),
        Err(NoComparison::NetIncome) => (Cause::NetIncome, Oere::ZERO),
    };
    let level = followed.prices.level_over(cell.span.price_year());
    let real = |amount: Oere| oere(&(whole(amount.get()) * level.as_ref()?));
    let nominal = cell.spending.value().unwrap_or(Oere::ZERO);
    let outside = Oere::new(nominal.get().saturating_sub(compared.get()));
    let (estimated, lacks) = estimate(ground, followed, cell.span);
    let priced = real(nominal).zip(real(outside));
    let (spending, outside) = priced.unwrap_or_default();
    let income = cause == Cause::NetIncome || spending < Oere::ZERO || outside < Oere::ZERO;
    Some(CellUnknown {
        cause,
        spending,
        outside,
        estimated,
        unweighed: lacks || priced.is_none() || income,
    })
}

/// What period 13 of one of two years weighs, where the other has none: what it brings now can be
/// lost, and what it brought then is an estimate of what did not come now.
fn closing_in_one_year(followed: &Followed<'_>, baseline: Span, now: Span) -> Option<CellUnknown> {
    let real = |span: Span, amount: i64| {
        let level = followed.prices.level_over(span.price_year())?;
        oere(&(whole(amount.checked_abs()?) * level))
    };
    let closings = (closing(&followed.series, baseline), closing(&followed.series, now));
    let (spending, estimated) = match closings {
        (None, Some(amount)) => (real(now, amount), Some(Oere::ZERO)),
        (Some(amount), None) => (Some(Oere::ZERO), real(baseline, amount)),
        (Some(_), Some(_)) | (None, None) => return None,
    };
    let weighed = spending.zip(estimated);
    let (spending, estimated) = weighed.unwrap_or_default();
    Some(CellUnknown {
        cause: Cause::ClosingInOneYear,
        spending,
        outside: spending,
        estimated,
        unweighed: weighed.is_none(),
    })
}

/// Whether nothing came for a cell's own span, whatever came for its baseline.
fn silent_in(cell: &Cell) -> bool {
    cell.spending.value().is_none() && cell.volume.value().is_none()
}

/// What never came of a span, weighed with what was last delivered for the same months; and whether
/// any of it was never delivered at all.
fn estimate(ground: &CellContext<'_>, followed: &Followed<'_>, span: Span) -> (Oere, bool) {
    let mut sum = BigRational::from_integer(0.into());
    let mut lacks = false;
    for (period, _) in pairs(span, span) {
        let reported = followed.series.get(&period);
        lacks |= reported.is_some_and(|tallies| tallies.short);
        let came = reported.is_some_and(|tallies| tallies.value(Measure::Amount).is_some());
        if came || !followed.awaited_in(ground, period.bounds()) {
            continue;
        }
        match last(followed, period) {
            Some(amount) => sum += amount,
            None => lacks = true,
        }
    }
    let none = !sum.is_positive();
    match oere(&sum).filter(|_| !none) {
        Some(estimated) => (estimated, lacks),
        None => (Oere::ZERO, lacks || !none),
    }
}

/// The amount last delivered for the same months before, else first after, at the price level.
fn last(followed: &Followed<'_>, period: Period) -> Option<BigRational> {
    let alike = |other: &Period| match (period, *other) {
        (Period::Month(one), Period::Month(other)) => one.number() == other.number(),
        (Period::Window(one), Period::Window(other)) => {
            one.first().number() == other.first().number()
                && one.last().number() == other.last().number()
        }
        (Period::Month(_) | Period::Closing(_) | Period::Window(_), _) => false,
    };
    let known = |(other, tallies): (&Period, &Tallies)| {
        let amount = tallies.value(Measure::Amount).filter(|_| alike(other) && !tallies.short)?;
        Some(whole(amount) * followed.prices.level_over(other.span().price_year())?)
    };
    let before = followed.series.range(..period).rev().find_map(known);
    before.or_else(|| followed.series.range(period..).find_map(known))
}

/// What is not known about a sum over spans: of a pejlemærke, or of everything.
///
/// What counts of a cell that is compared over some months depends on the reading: an annual one
/// leaves it out whole, one that adds years up has those months. Units of no initiative may belong
/// to any pejlemærke: each has all that they do not show, and none of their cells.
pub(crate) fn over(
    ground: &CellContext<'_>,
    (followed, unassigned, refused): (&[&Followed<'_>], &[&Followed<'_>], &RefusedWeights),
    mark: Option<usize>,
    spans: &[Span],
    reading: TargetReading,
) -> Unknown {
    let mut unknown = Unknown::default();
    for (followed, cell, own) in followed
        .iter()
        .map(|one| (one, true))
        .chain(unassigned.iter().map(|one| (one, false)))
        .flat_map(|(one, own)| one.cells.iter().map(move |cell| (one, cell, own)))
        .filter(|(_, cell, _)| spans.contains(&cell.span))
    {
        let Some(found) = cell.unknown else {
            continue;
        };
        let spending = match reading {
            TargetReading::AnnualRunRate => found.spending,
            TargetReading::Cumulative => found.outside,
        };
        let part = |amount: Oere| {
            let amount = amount.max(Oere::ZERO);
            if own { followed.weights.portion(amount, mark) } else { amount }
        };
        let weight = UnknownWeight {
            cells: u32::from(own && found.cause != Cause::ClosingInOneYear),
            spending: part(spending),
            estimated: part(found.estimated),
            unweighed: u32::from(found.unweighed),
        };
        unknown.add(found.cause, actor(found.cause, cell), weight);
    }
    refused.count(ground, spans, &mut unknown);
    for authority in silent(ground, followed, spans) {
        let weight = UnknownWeight { unweighed: 1, ..UnknownWeight::default() };
        unknown.add(Cause::NotDelivered, Actor::Authority(authority.clone()), weight);
    }
    unknown
}

fn actor(cause: Cause, cell: &Cell) -> Actor {
    match cause {
        Cause::PartOfSpan
        | Cause::BaselineMissing
        | Cause::NotDelivered
        | Cause::ClosingInOneYear
        | Cause::Refused => Actor::Authority(cell.authority.clone()),
        Cause::NoBaseline | Cause::NewOrClosed | Cause::NetIncome => Actor::Programme,
    }
}

/// Authorities whose awaited deliveries of the spans did not come, and who have no cell in them
/// that says so.
fn silent<'a>(
    ground: &'a CellContext<'_>,
    followed: &[&Followed<'_>],
    spans: &[Span],
) -> BTreeSet<&'a AuthorityId> {
    let has_cell = |one: &&&Followed<'_>| one.cells.iter().any(|cell| spans.contains(&cell.span));
    let heard: BTreeSet<&AuthorityId> =
        followed.iter().filter(has_cell).map(|one| &one.unit.authority).collect();
    let heard = |authority: &AuthorityId| heard.contains(ground.programme.unit_of(authority));
    let missing = ground.missing.iter().filter(|(span, _)| spans.contains(span));
    missing.flat_map(|(_, authorities)| authorities).filter(|one| !heard(one)).collect()
}

impl Followed<'_> {
    /// Whether figures are awaited for some months: within the programme, as far as is looked back
    /// from, while the unit exists.
    fn awaited_in(&self, ground: &CellContext<'_>, (first, last): (Month, Month)) -> bool {
        let programme = ground.programme;
        last <= ground.as_of
            && programme.first <= first
            && last <= programme.last
            && self.exists_in((first, last))
    }
}
