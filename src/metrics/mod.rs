//! Ledger and programme to figures: per cell, per pejlemærke, per target.

pub mod catalogue;
pub mod figures;

mod align;
mod exact;
mod follow;
mod frames;
mod mark;
mod prices;
mod productivity;
mod saving;
mod table;
mod target;
mod unit;
mod usage;
mod weights;

#[cfg(test)]
mod desk;
#[cfg(test)]
mod journey;
#[cfg(test)]
mod property;
#[cfg(test)]
mod rolling;
#[cfg(test)]
mod successors;

pub use crate::metrics::table::NO_SERVICE;

use crate::domain::period::Span;
use crate::ledger::Ledger;
use crate::metrics::align::bounds;
use crate::metrics::figures::{MarkFigures, Metrics};
use crate::metrics::follow::{Ground, follow};
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
    let ground = Ground { programme, as_of: ledger.as_of, spans: table::spans(&ledger.posted) };
    let followed = follow(&ground, ledger);
    let total = mark::figures(&ground, &followed, None);
    let pejlemaerker: Vec<_> = programme
        .pejlemaerker
        .par_iter()
        .enumerate()
        .map(|(place, mark)| {
            let figures = mark::figures(&ground, &followed, Some(place));
            (mark.id.clone(), figures)
        })
        .collect();
    let targets = target::positions(&ground, &total);
    let cells: Vec<_> = followed.into_iter().flat_map(|one| one.cells).collect();
    Metrics {
        tables: frames::tables(programme, &cells, &total, &pejlemaerker, &targets),
        now: now(&ground.spans, &total),
        spans: ground.spans,
        cells,
        total,
        pejlemaerker,
        targets,
    }
}

/// The span that ends last among those with a whole comparison, else among all.
fn now(spans: &[Span], total: &MarkFigures) -> Option<Span> {
    let compared = |span: &&Span| {
        let figures = total.at(**span);
        figures.is_some_and(|figures| figures.basis.compared > 0)
    };
    let latest = |span: &&Span| (bounds(**span).1, **span);
    let with_comparison = spans.iter().filter(compared).max_by_key(latest);
    with_comparison.or_else(|| spans.iter().max_by_key(latest)).copied()
}
