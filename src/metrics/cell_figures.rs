//! What is followed: one authority's one service, the terms it is compared on, and its cells.

use crate::domain::id::{AuthorityId, ServiceId};
use crate::domain::known::Known;
use crate::domain::measure::Measure;
use crate::domain::money::Oere;
use crate::domain::period::Span;
use crate::ledger::Ledger;
use crate::metrics::comparable_panel::{align, bounds, within};
use crate::metrics::exact::{oere, sum, whole};
use crate::metrics::figures::{Cell, Comparison, NoComparison};
use crate::metrics::followed::Followed;
use crate::metrics::ground::CellContext;
use crate::metrics::prices::PriceLine;
use crate::metrics::saving::{PriceRatios, compare};
use crate::metrics::series::{NO_SERVICE, Periods, Unit};
use crate::metrics::table::group;
use crate::metrics::unknown::of_cell;
use crate::metrics::weights::Weights;
use crate::programme::model::{CostType, FixedShare, Programme};
use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use std::collections::{BTreeMap, BTreeSet};

/// Groups the posted facts and makes every cell, units in order.
pub(crate) fn follow<'a>(ground: &CellContext<'a>, ledger: &Ledger) -> Vec<Followed<'a>> {
    awaited(ground.programme, group(ground.programme, &ledger.posted))
        .into_iter()
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|(unit, series)| {
            let mut followed = terms(ground.programme, unit, series);
            followed.cells = cells(ground, &followed);
            followed
        })
        .collect()
}

/// Adds those whose figures of a service are awaited by name and who never delivered any.
fn awaited(programme: &Programme, mut units: BTreeMap<Unit, Periods>) -> BTreeMap<Unit, Periods> {
    let heard: BTreeSet<(AuthorityId, ServiceId)> =
        units.keys().map(|unit| (unit.authority.clone(), unit.service.clone())).collect();
    for service in programme.services.entries.values() {
        for authority in &service.awaited_from {
            let authority = programme.unit_of(authority).clone();
            if !heard.contains(&(authority.clone(), service.id.clone())) {
                let initiative = Some(service.initiative.clone());
                let unit = Unit { authority, service: service.id.clone(), initiative };
                units.entry(unit).or_default();
            }
        }
    }
    units
}

/// Looks up what the programme says of a unit. Cost of no service follows the general price series.
fn terms(programme: &Programme, unit: Unit, series: Periods) -> Followed<'_> {
    let entry = programme.services.entries.get(&unit.service);
    let defaults = programme.service_defaults.as_ref();
    let defaults = defaults.filter(|_| unit.service.as_str() != NO_SERVICE);
    let (baseline, fixed, cost_type) = match (entry, defaults) {
        (Some(entry), _) => (entry.baseline, entry.fixed_share.as_ref(), entry.cost_type),
        (None, Some(open)) => (open.baseline, open.fixed_share.as_ref(), open.cost_type),
        (None, None) => (None, None, CostType::General),
    };
    let initiative = unit.initiative.as_ref();
    let initiative = initiative.and_then(|id| programme.initiatives.get(id));
    let weights = initiative.map_or_else(Weights::default, |initiative| {
        let marks = programme.pejlemaerker.iter().enumerate();
        let shares = marks.filter_map(|(place, mark)| {
            let weight = initiative.weights.get(&mark.id)?;
            Some((place, weight.share.clone()))
        });
        Weights::new(&shares.collect::<Vec<_>>())
    });
    let authority = programme.authorities.entries.get(&unit.authority);
    let members = programme.authorities.entries.values();
    let members = members.filter(|entry| programme.unit_of(&entry.id) == &unit.authority).collect();
    Followed {
        unit,
        series,
        baseline,
        prices: PriceLine {
            prices: &programme.prices,
            sector: authority.map(|authority| authority.sector),
            cost_type,
        },
        weights,
        cells: Vec::new(),
        fixed: fixed.map(|FixedShare { share, .. }| share),
        members,
    }
}

fn cells(ground: &CellContext<'_>, followed: &Followed<'_>) -> Vec<Cell> {
    ground
        .spans
        .iter()
        .filter(|span| has_cell(ground, followed, **span))
        .map(|span| cell(ground, followed, *span))
        .collect()
}

/// A span has a cell where something was posted, and where something should have been: within the
/// programme, not before the baseline, not after the month looked back from, while the authority
/// exists, and for a unit that reports in spans of that kind; one that has reported nothing is
/// awaited in spans of its baseline's kind, else in years.
fn has_cell(ground: &CellContext<'_>, followed: &Followed<'_>, span: Span) -> bool {
    let mut posted = followed.series.keys().map(|period| period.span());
    if posted.clone().any(|reported| reported == span) {
        return true;
    }
    let (first, last) = bounds(span);
    let programme = ground.programme;
    let kind = |span: Span| match span {
        Span::Year(_) => true,
        Span::Window(_) => false,
    };
    let of_kind = if followed.series.is_empty() {
        followed.baseline.is_none_or(|baseline| kind(baseline) == kind(span))
    } else {
        posted.any(|reported| kind(reported) == kind(span))
    };
    followed.unit.service.as_str() != NO_SERVICE
        && of_kind
        && programme.first <= last
        && first <= programme.last
        && first <= ground.as_of
        && followed.baseline.is_none_or(|baseline| bounds(baseline).0 <= first)
        && followed.exists_in((first, last))
}

fn cell(ground: &CellContext<'_>, followed: &Followed<'_>, span: Span) -> Cell {
    let total = |measure| {
        let reported = within(&followed.series, span);
        let values: Vec<i64> = reported.filter_map(|tallies| tallies.value(measure)).collect();
        Known::from_option((!values.is_empty()).then(|| sum(values)))
    };
    let spending = total(Measure::Amount).map(Oere::new);
    let level = followed.prices.level_over(span.price_year());
    let spending_real = spending.value().and_then(|nominal| {
        let level = level?;
        oere(&(whole(nominal.get()) * level))
    });
    let cell = Cell {
        authority: followed.unit.authority.clone(),
        service: followed.unit.service.clone(),
        initiative: followed.unit.initiative.clone(),
        span,
        spending,
        spending_real: Known::from_option(spending_real),
        volume: total(Measure::Completed),
        comparison: comparison(ground, followed, span),
        unknown: None,
    };
    Cell { unknown: of_cell(ground, followed, &cell), ..cell }
}

/// Compares one span with the baseline. A span before the baseline has nothing to be compared with,
/// and a missing price index leaves the side it belongs to unknown.
fn comparison(
    ground: &CellContext<'_>,
    followed: &Followed<'_>,
    span: Span,
) -> Result<Comparison, NoComparison> {
    let baseline = followed.baseline.ok_or(NoComparison::NoBaseline)?;
    if span == baseline {
        return Err(NoComparison::IsBaseline);
    }
    if bounds(span).0 < bounds(baseline).0 {
        return Err(NoComparison::NoBaseline);
    }
    let aligned = align(&followed.series, baseline, span, ground.as_of)?;
    let (then, now) = (baseline.price_year(), span.price_year());
    let prices = &followed.prices;
    let ratios = PriceRatios {
        to_level: prices.level_over(now).ok_or(NoComparison::NowMissing)?,
        since_baseline: prices.ratio(then, now).ok_or(NoComparison::BaselineMissing)?,
    };
    // A counterfactual too large for whole øre takes a volume of another order than the baseline's.
    compare(&aligned, baseline, followed.fixed, &ratios).ok_or(NoComparison::NewOrClosed)
}
