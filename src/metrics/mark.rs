//! The figures of a pejlemærke: sums of its parts of the cells.

use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::period::Span;
use crate::metrics::exact::{ppm, whole};
use crate::metrics::figures::{
    Basis, Cell, Compared, Comparison, MarkFigures, NoComparison, Range, ShareFigures, SpanFigures,
};
use crate::metrics::followed::{Followed, is_whole};
use crate::metrics::ground::CellContext;
use crate::metrics::panel::{self, Ends, ends};
use crate::metrics::productivity::{Indices, chain};
use crate::metrics::refused::RefusedWeights;
use crate::metrics::saving::bridge;
use crate::metrics::unknown::over;
use crate::metrics::usage::{
    BaselineSpending, COMPLETION, DIGITAL, Ratio, SATISFACTION, baseline_spending, mean, reported,
    together,
};
use crate::programme::model::TargetReading;

/// What the figures of a pejlemærke are made of.
struct Scope<'a, 'b> {
    units: Vec<&'a Followed<'b>>,
    /// Units that may belong to any pejlemærke, for no initiative is theirs. None for the total.
    unassigned: Vec<&'a Followed<'b>>,
    spent: BaselineSpending<'a>,
    mark: Option<usize>,
}

/// The figures of the pejlemærke at `mark`, or of everything together when it is `None`; with the
/// course of those who delivered in `now`, where that is given.
pub(crate) fn figures(
    ground: &CellContext<'_>,
    (followed, refused): (&[Followed<'_>], &RefusedWeights),
    mark: Option<usize>,
    now: Option<Span>,
) -> MarkFigures {
    let units: Vec<&Followed<'_>> =
        followed.iter().filter(|one| one.weights.on(mark).is_some()).collect();
    let spent = baseline_spending(&units, mark);
    let stray = |one: &&Followed<'_>| {
        let initiative = one.unit.initiative.as_ref();
        initiative.is_none_or(|id| !ground.programme.initiatives.contains_key(id))
    };
    let unassigned = followed.iter().filter(|_| mark.is_some()).filter(stray).collect();
    let scope = Scope { units, unassigned, spent, mark };
    let mut indices = chain(ground, &scope.units, mark);
    let spans = ground.spans.iter().filter_map(|span| {
        let index = indices.remove(span).unwrap_or_default();
        span_figures(ground, (&scope, refused), *span, index)
    });
    let mut figures = MarkFigures { spans: spans.collect(), course: Vec::new() };
    let now = now.filter(|now| figures.at(*now).is_some());
    if let Some(ends) = now.and_then(|now| ends(&scope.units, now)) {
        let spans: Vec<Span> = figures.spans.iter().map(|at| at.span).collect();
        let Scope { units, spent, mark, .. } = &scope;
        figures.course = panel::course(ground, units, spent, *mark, (ends, &spans));
    }
    figures
}

/// A share of use, and that of its panel.
fn use_of(
    ground: &CellContext<'_>,
    scope: &Scope<'_, '_>,
    (span, ends): (Span, Option<Ends>),
    ratio: Ratio,
) -> ShareFigures {
    let counts = reported(&scope.units, span, ratio);
    let panel = ends.map_or(Known::Missing, |ends| {
        panel::share(ground, &scope.units, &scope.spent, ends, ratio)
    });
    ShareFigures { mean: mean(&counts, &scope.spent, ratio), counts: together(&counts), panel }
}

fn span_figures(
    ground: &CellContext<'_>,
    (all, refused): (&Scope<'_, '_>, &RefusedWeights),
    span: Span,
    index: Indices,
) -> Option<SpanFigures> {
    let (scope, mark) = (&all.units, all.mark);
    let ends = ends(scope, span);
    let cells: Vec<(&Followed<'_>, &Cell)> = scope
        .iter()
        .filter_map(|followed| followed.at(span).map(|cell| (*followed, cell)))
        .collect();
    if cells.is_empty() {
        return None;
    }
    let compared = sums(&cells, mark, is_whole);
    let reporting = cells.iter().filter(|(_, cell)| cell.spending.value().is_some());
    let real_known = reporting.clone().all(|(_, cell)| cell.spending_real.value().is_some());
    let real = known_sum(&cells, mark, |cell| cell.spending_real);
    Some(SpanFigures {
        span,
        spending: known_sum(&cells, mark, |cell| cell.spending),
        spending_real: if real_known { real } else { Known::Missing },
        compared,
        partly: sums(&cells, mark, |comparison| !is_whole(comparison)),
        basis: basis(&cells, mark),
        unknown: over(
            ground,
            (scope, &all.unassigned, refused),
            mark,
            &[span],
            TargetReading::AnnualRunRate,
        ),
        activity_index_ppm: index.activity,
        input_index_ppm: index.input,
        productivity_ppm: index.productivity,
        chain: index.link,
        unit_cost_index_ppm: unit_cost_index(compared),
        spending_panel: ends
            .map_or(Known::Missing, |ends| panel::spending(ground, scope, mark, ends)),
        digital: use_of(ground, all, (span, ends), DIGITAL),
        completion: use_of(ground, all, (span, ends), COMPLETION),
        satisfaction: use_of(ground, all, (span, ends), SATISFACTION),
        panel_then: ends.map(|ends| ends.then),
    })
}

/// The sum of what is known; `Missing` when nothing is, or when the sum leaves `i64` øre.
fn known_sum(
    cells: &[(&Followed<'_>, &Cell)],
    mark: Option<usize>,
    amount: impl Fn(&Cell) -> Known<Oere>,
) -> Known<Oere> {
    let mut parts = cells.iter().filter_map(|(followed, cell)| {
        let amount = amount(cell).value()?;
        Some(followed.weights.portion(amount, mark))
    });
    let first = parts.next();
    Known::from_option(first.and_then(|first| parts.try_fold(first, Oere::checked_add)))
}

/// Sums over the comparisons that are taken; `Missing` when there is none.
fn sums(
    cells: &[(&Followed<'_>, &Cell)],
    mark: Option<usize>,
    taken: impl Fn(&Comparison) -> bool,
) -> Known<Compared> {
    let mut parts = cells.iter().filter_map(|(followed, cell)| {
        let comparison = cell.comparison.as_ref().ok().filter(|found| taken(found))?;
        Some(part(comparison, |amount| followed.weights.portion(amount, mark)))
    });
    let first = parts.next();
    Known::from_option(first.and_then(|first| parts.try_fold(first, plus)))
}

/// The part of a comparison that counts towards a pejlemærke. Spending, savings and the price
/// effect are split; the bridge is built anew from the parts, so it adds up within the pejlemærke
/// as well.
fn part(comparison: &Comparison, split: impl Fn(Oere) -> Oere) -> Compared {
    let range = |range: Range| Range {
        none_fixed: split(range.none_fixed),
        declared: range.declared.map(&split),
        all_fixed: split(range.all_fixed),
    };
    let (then, now) = (split(comparison.spending_then), split(comparison.spending_now));
    let saving = range(comparison.saving);
    Compared {
        spending_then: then,
        spending_now: now,
        saving,
        saving_real: range(comparison.saving_real),
        bridge: bridge(then, now, split(comparison.bridge.price), &saving),
    }
}

/// Two sums as one; `None` when one of them leaves `i64` øre.
fn plus(one: Compared, other: Compared) -> Option<Compared> {
    let mut sum = one;
    sum.spending_then = one.spending_then.checked_add(other.spending_then)?;
    sum.spending_now = one.spending_now.checked_add(other.spending_now)?;
    sum.saving = plus_range(one.saving, other.saving)?;
    sum.saving_real = plus_range(one.saving_real, other.saving_real)?;
    sum.bridge.price = one.bridge.price.checked_add(other.bridge.price)?;
    sum.bridge.volume = one.bridge.volume.checked_add(other.bridge.volume)?;
    sum.bridge.absorption = one.bridge.absorption.checked_add(other.bridge.absorption)?;
    sum.bridge.efficiency = one.bridge.efficiency.checked_add(other.bridge.efficiency)?;
    Some(sum)
}

/// Two ranges as one. A declared sum exists only where both have one; `None` beyond `i64` øre.
pub(crate) fn plus_range(one: Range, other: Range) -> Option<Range> {
    let declared = match one.declared.zip(other.declared) {
        Some((one, other)) => Some(one.checked_add(other)?),
        None => None,
    };
    Some(Range {
        none_fixed: one.none_fixed.checked_add(other.none_fixed)?,
        declared,
        all_fixed: one.all_fixed.checked_add(other.all_fixed)?,
    })
}

fn basis(cells: &[(&Followed<'_>, &Cell)], mark: Option<usize>) -> Basis {
    let mut basis = Basis::default();
    let (mut inside, mut delivered) = (Vec::new(), Vec::new());
    for (followed, cell) in cells {
        let split = |amount| followed.weights.portion(amount, mark);
        delivered.extend(cell.spending.value().map(split));
        match &cell.comparison {
            Ok(comparison) if is_whole(comparison) => {
                inside.push(split(comparison.spending_now));
                basis.compared += 1;
                basis.months += u32::from(comparison.months);
            }
            Ok(comparison) => {
                basis.partly += 1;
                basis.months_partly += u32::from(comparison.months);
            }
            Err(NoComparison::IsBaseline) => basis.is_baseline += 1,
            Err(NoComparison::NoBaseline) => basis.no_baseline += 1,
            Err(NoComparison::BaselineMissing) => basis.baseline_missing += 1,
            Err(NoComparison::NowMissing) => basis.now_missing += 1,
            Err(NoComparison::NewOrClosed) => basis.new_or_closed += 1,
            Err(NoComparison::NetIncome) => basis.net_income += 1,
        }
    }
    basis.spending_compared = Oere::sum(inside.iter().copied());
    let compared = inside.into_iter().map(|amount| Oere::new(-amount.get()));
    basis.spending_outside = Oere::sum(delivered.into_iter().chain(compared));
    basis
}

/// Spending now over what the baseline's unit cost, volume now and prices now would have given.
fn unit_cost_index(compared: Known<Compared>) -> Known<i64> {
    let Known::Value(compared) = compared else {
        return Known::Missing;
    };
    let now = whole(compared.spending_now.get());
    let expected = &now + whole(compared.saving.none_fixed.get());
    if expected <= whole(0) {
        return Known::NotApplicable;
    }
    Known::from_option(ppm(&(now / expected)))
}
