//! The services behind a pejlemærke: what could be compared, what could not, and why.

use crate::domain::id::ServiceId;
use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::share::Share;
use crate::metrics::figures::{Cell, Comparison, Metrics, NoComparison, Range};
use crate::programme::model::{Pejlemaerke, Programme};
use crate::report::document::{Block, Phrase, Table, Value};
use crate::report::finding::bounds;
use crate::report::{phrase, price, usage};
use num_rational::BigRational;
use num_traits::ToPrimitive;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Cells shown one by one; past that the largest are shown and the rest counted.
const CELLS: usize = 300;

/// The services of a pejlemærke in the span page one speaks of.
pub(crate) fn blocks(programme: &Programme, metrics: &Metrics, mark: &Pejlemaerke) -> Vec<Block> {
    let mut cells: Vec<(&Cell, &BigRational)> = metrics
        .cells
        .iter()
        .filter(|cell| Some(cell.span) == metrics.now)
        .filter_map(|cell| Some((cell, share_of(programme, cell, mark)?)))
        .collect();
    if cells.is_empty() {
        return vec![Block::Text(Phrase::new("services.none"))];
    }
    let mut blocks = vec![
        Block::Text(Phrase::new("services.text").with("level", price::level(programme))),
        Block::Table(by_service(programme, metrics, &cells)),
    ];
    let own: BTreeSet<&ServiceId> = cells.iter().map(|(cell, _)| &cell.service).collect();
    blocks.extend(usage::blocks(programme, metrics, &own));
    let hidden = cells.len().saturating_sub(CELLS);
    if hidden > 0 {
        cells.sort_by_key(|(cell, _)| Reverse(cell.spending.value()));
        cells.truncate(CELLS);
        blocks.push(Block::Text(
            Phrase::new("services.largest")
                .with("shown", phrase::count(CELLS))
                .with("hidden", phrase::count(hidden)),
        ));
    }
    blocks.push(Block::Table(by_cell(programme, metrics, &cells)));
    blocks
}

/// The weight of the cell's initiative on the pejlemærke; `None` when it does not count towards it.
fn share_of<'a>(
    programme: &'a Programme,
    cell: &Cell,
    mark: &Pejlemaerke,
) -> Option<&'a BigRational> {
    let initiative = cell.initiative.as_ref()?;
    let weight = programme.initiatives.get(initiative)?.weights.get(&mark.id)?;
    Some(&weight.share)
}

/// A weight as a per cent.
pub(crate) fn weight(share: &BigRational) -> Value {
    let parts = share.numer().to_i64().zip(share.denom().to_i64());
    match parts.and_then(|(part, whole)| Share::new(part, whole)) {
        Some(share) => Value::Percent(Known::Value(share)),
        None => phrase::verbatim(share),
    }
}

/// A service over all its authorities.
#[derive(Default)]
struct ServiceTotals {
    compared: u32,
    unknown: u32,
    ranges: Vec<Range>,
}

fn by_service(programme: &Programme, metrics: &Metrics, cells: &[(&Cell, &BigRational)]) -> Table {
    let mut services: BTreeMap<&ServiceId, (Value, ServiceTotals)> = BTreeMap::new();
    for (cell, share) in cells {
        let (_, together) = services
            .entry(&cell.service)
            .or_insert_with(|| (weight(share), ServiceTotals::default()));
        match &cell.comparison {
            Ok(comparison) if whole(comparison) => {
                together.compared += 1;
                together.ranges.push(saving(programme, comparison));
            }
            Err(NoComparison::IsBaseline) => {}
            Ok(_) | Err(_) => together.unknown += 1,
        }
    }
    let rows = services
        .into_iter()
        .map(|(id, (weight, together))| {
            let range = (!together.ranges.is_empty()).then(|| price::sum(&together.ranges));
            let mut row = vec![
                phrase::service(programme, id),
                programme.initiative_of(id).map_or(Value::Empty, phrase::verbatim),
                weight,
                phrase::count(together.compared),
                phrase::count(together.unknown),
            ];
            row.extend(amounts(range));
            row
        })
        .collect();
    Table {
        caption: Phrase::new("services.by_service").with("span", phrase::span(metrics.now)),
        columns: phrase::columns(&[
            "column.service",
            "column.initiative",
            "column.weight",
            "column.compared",
            "column.unknown",
            "column.declared",
            "column.lowest",
            "column.highest",
        ]),
        rows,
    }
}

fn by_cell(programme: &Programme, metrics: &Metrics, cells: &[(&Cell, &BigRational)]) -> Table {
    let rows = cells
        .iter()
        .map(|(cell, _)| {
            let range =
                cell.comparison.as_ref().ok().map(|comparison| saving(programme, comparison));
            let mut row = vec![
                phrase::verbatim(phrase::authority(programme, &cell.authority)),
                phrase::service(programme, &cell.service),
                status(cell).into(),
                Value::Exact(cell.spending),
                Value::Count(cell.volume),
            ];
            row.extend(amounts(range));
            row
        })
        .collect();
    Table {
        caption: Phrase::new("services.by_cell").with("span", phrase::span(metrics.now)),
        columns: phrase::columns(&[
            "column.authority",
            "column.service",
            "column.comparison",
            "column.spending",
            "column.volume",
            "column.declared",
            "column.lowest",
            "column.highest",
        ]),
        rows,
    }
}

/// Declared, lowest and highest saving; unknown where there is none.
fn amounts(range: Option<Range>) -> [Value; 3] {
    let ends = range.map(bounds);
    let exact = |amount: Option<Oere>| Value::Exact(Known::from_option(amount));
    [
        exact(range.and_then(|range| range.declared)),
        exact(ends.map(|(low, _)| low)),
        exact(ends.map(|(_, high)| high)),
    ]
}

fn saving(programme: &Programme, comparison: &Comparison) -> Range {
    if price::indexed(programme) { comparison.saving_real } else { comparison.saving }
}

/// Whether every month of the span is compared; the saving of some months is none of the span.
fn whole(comparison: &Comparison) -> bool {
    comparison.months == comparison.months_in_span
}

/// What a cell's comparison rests on, or why there is none.
fn status(cell: &Cell) -> Phrase {
    match &cell.comparison {
        Ok(comparison) if whole(comparison) => {
            Phrase::new("gap.compared").with("baseline", Value::Span(comparison.baseline))
        }
        Ok(comparison) => Phrase::new("gap.partly")
            .with("months", phrase::out_of(comparison.months, comparison.months_in_span))
            .with("baseline", Value::Span(comparison.baseline)),
        Err(reason) => Phrase::new(match reason {
            NoComparison::IsBaseline => "gap.is_baseline",
            NoComparison::NoBaseline => "gap.no_baseline",
            NoComparison::BaselineMissing => "gap.baseline_missing",
            NoComparison::NowMissing => "gap.now_missing",
            NoComparison::NewOrClosed => "gap.new_or_closed",
            NoComparison::NetIncome => "gap.net_income",
        }),
    }
}
