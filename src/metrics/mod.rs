//! Ledger and programme to figures: per cell, per pejlemærke, per target.

pub(crate) mod catalogue;
mod cell_figures;
mod comparable_panel;
pub(crate) mod data_table;
pub(crate) mod exact;
pub(crate) mod figures;
#[cfg(test)]
mod fixture;
mod followed;
mod frames;
mod ground;
mod interval;
#[cfg(test)]
mod journey;
#[cfg(test)]
mod like_for_like;
mod mark;
mod panel;
mod prices;
mod productivity;
#[cfg(test)]
mod property;
mod refused;
#[cfg(test)]
mod rolling;
mod saving;
mod series;
#[cfg(test)]
mod successors;
mod table;
mod target;
mod unit;
pub(crate) mod unknown;
pub(crate) mod unknown_part;
mod usage;
#[cfg(test)]
mod weighing;
mod weights;

use crate::domain::period::Span;
use crate::ledger::Ledger;
use crate::metrics::cell_figures::follow;
use crate::metrics::comparable_panel::bounds;
use crate::metrics::figures::{MarkFigures, Metrics};
use crate::metrics::ground::CellContext;
use crate::metrics::refused::RefusedWeights;
use crate::programme::model::{Prices, Programme};
use rayon::prelude::{IndexedParallelIterator, IntoParallelRefIterator, ParallelIterator};

/// Computes every figure of a run.
///
/// - Shape: cells in (authority, service, span) order; pejlemærker and targets in the programme's.
/// - Units: øre, nominal or at the programme's price level as each field says; indices in
///   millionths.
/// - Keeps: pejlemærker with all the initiatives' weight add up to the total, to the øre; the parts
///   of a bridge to the difference. Nothing unknown is zero. The order of facts and the number of
///   threads do not show.
/// - Errors: none; what cannot be known or held is `Missing` or has no comparison.
pub fn compute(programme: &Programme, ledger: &Ledger) -> Metrics {
    let indexed = match programme.prices {
        Prices::Current { .. } => false,
        Prices::Indexed { .. } => true,
    };
    assert!(
        !(indexed && programme.authorities.open),
        "a price index needs to know each authority's sector, so its register is closed"
    );
    let ground = CellContext::of(programme, ledger);
    let refused = RefusedWeights::of(programme, ledger);
    let followed = follow(&ground, ledger);
    let total = mark::figures(&ground, (&followed, &refused), None, None);
    let now = now(&ground, &total);
    let pejlemaerker: Vec<_> = programme
        .pejlemaerker
        .par_iter()
        .enumerate()
        .map(|(place, mark)| {
            let figures = mark::figures(&ground, (&followed, &refused), Some(place), now);
            (mark.id.clone(), figures)
        })
        .collect();
    let targets = target::positions(&ground, (&followed, &refused), &total);
    let services = usage::services(&followed, &ground.spans);
    let cells: Vec<_> = followed.into_iter().flat_map(|one| one.cells).collect();
    Metrics {
        tables: frames::tables(programme, &cells, &services, (&total, &pejlemaerker), &targets),
        now,
        spans: ground.spans,
        cells,
        total,
        pejlemaerker,
        targets,
        services,
    }
}

/// The span that ends last among those that are over and have a comparison, whole or not; else
/// among those with a comparison, else among all.
fn now(ground: &CellContext<'_>, total: &MarkFigures) -> Option<Span> {
    let compared = |span: &&Span| {
        let figures = total.at(**span);
        figures.is_some_and(|figures| figures.basis.compared + figures.basis.partly > 0)
    };
    let latest = |span: &&Span| (bounds(**span).1, **span);
    let over = |span: &&Span| bounds(**span).1 <= ground.as_of;
    let spans = || ground.spans.iter();
    let over = spans().filter(compared).filter(over).max_by_key(latest);
    let compared = over.or_else(|| spans().filter(compared).max_by_key(latest));
    compared.or_else(|| spans().max_by_key(latest)).copied()
}
