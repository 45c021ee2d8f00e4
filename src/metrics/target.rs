//! Where each target stands, in each of its readings.

use crate::domain::known::Known;
use crate::domain::period::Span;
use crate::metrics::comparable_panel::bounds;
use crate::metrics::figures::{Basis, Compared, MarkFigures, Range, SpanFigures, TargetPosition};
use crate::metrics::followed::Followed;
use crate::metrics::ground::CellContext;
use crate::metrics::mark::plus_range;
use crate::metrics::refused::RefusedWeights;
use crate::metrics::unknown::over;
use crate::programme::model::{Target, TargetReading};

/// One position a target and reading, in the programme's order; from savings in fixed prices.
pub(crate) fn positions(
    ground: &CellContext<'_>,
    (followed, refused): (&[Followed<'_>], &RefusedWeights),
    total: &MarkFigures,
) -> Vec<TargetPosition> {
    let scope: Vec<&Followed<'_>> = followed.iter().collect();
    let targets = ground.programme.targets.iter().enumerate();
    targets
        .flat_map(|(place, target)| {
            let all = (scope.as_slice(), refused);
            target
                .readings
                .iter()
                .map(move |reading| position(ground, all, total, (place, target), *reading))
        })
        .collect()
}

fn position(
    ground: &CellContext<'_>,
    all: (&[&Followed<'_>], &RefusedWeights),
    total: &MarkFigures,
    (place, target): (usize, &Target),
    reading: TargetReading,
) -> TargetPosition {
    let counting = counting(ground, total, target, reading);
    let over_year = |figures: &&SpanFigures| bounds(figures.span).1 <= ground.as_of;
    let reached = match reading {
        // Part of a year is no annual saving.
        TargetReading::AnnualRunRate => {
            sum(counting.iter().copied().filter(over_year).map(|figures| figures.compared))
        }
        // Savings of different months add up, also where a year is not compared whole.
        TargetReading::Cumulative => {
            sum(counting.iter().flat_map(|figures| [figures.compared, figures.partly]))
        }
    };
    let spans: Vec<Span> = counting.iter().map(|figures| figures.span).collect();
    let cells = |count: fn(&Basis) -> u32| counting.iter().map(|f| count(&f.basis)).sum();
    TargetPosition {
        target: place,
        reading,
        reached,
        low: target.low,
        high: target.high,
        unknown_cells: cells(Basis::unknown),
        compared_cells: cells(|basis| basis.compared),
        compared_months: cells(match reading {
            TargetReading::AnnualRunRate => |basis| basis.months,
            TargetReading::Cumulative => |basis| basis.months + basis.months_partly,
        }),
        unknown: over(ground, (all.0, &[], all.1), None, &spans, reading),
    }
}

/// The years that count under a reading and have begun. Windows overlap, so they never count.
fn counting<'a>(
    ground: &CellContext<'_>,
    total: &'a MarkFigures,
    target: &Target,
    reading: TargetReading,
) -> Vec<&'a SpanFigures> {
    let counts = |figures: &&SpanFigures| match figures.span {
        Span::Window(_) => false,
        Span::Year(year) => {
            let due = match reading {
                TargetReading::AnnualRunRate => year == target.due,
                TargetReading::Cumulative => target.from <= year && year <= target.due,
            };
            due && bounds(figures.span).0 <= ground.as_of
        }
    };
    total.spans.iter().filter(counts).collect()
}

/// The savings known, added up; `Missing` when none is.
fn sum(sums: impl Iterator<Item = Known<Compared>>) -> Known<Range> {
    let mut savings = sums.filter_map(|sums| sums.value().map(|sums| sums.saving_real));
    let first = savings.next();
    Known::from_option(first.and_then(|first| savings.try_fold(first, plus_range)))
}
