//! What is said: pages, figures and tables as values. No language, no format.

pub(crate) mod document;
mod phrase;
mod price;
mod finding;
pub(crate) mod levels;
mod verdict;
mod answer;
mod figure;
mod about;
mod bridge;
mod corrections;
mod notices;
mod use_figures;
mod progress;
mod targets;
mod trust;
mod unknown;
mod overview;
mod mark_figures;
mod usage;
mod services;
mod pejlemaerke;
mod quality;
mod method;
#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
pub(crate) mod fixture_figures;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod use_tests;

use crate::ledger::Ledger;
use crate::metrics::figures::Metrics;
use crate::programme::model::Programme;
use crate::report::document::Report;

pub(crate) use crate::report::verdict::{standing_key, standing_of};

/// Says what the figures show: an overview, a page a pejlemærke, data quality and method.
///
/// - Shape: pages in reading order, the overview first; figure ids are unique in the report.
/// - Keeps: an unknown figure is said to be unknown and never shown as zero; nothing is called
///   achieved while the unknown could undo it, nor missed while it could bring it.
/// - Errors: none; what a programme does not have (targets, themes, price tables, baselines) is
///   said to be absent.
pub(crate) fn compose(programme: &Programme, metrics: &Metrics, ledger: &Ledger) -> Report {
    let mut pages = vec![overview::page(programme, metrics, ledger)];
    for place in 0..programme.pejlemaerker.len() {
        pages.push(pejlemaerke::page(programme, metrics, place));
    }
    pages.push(quality::page(programme, ledger));
    pages.push(method::page(programme, metrics, ledger));
    Report {
        pages,
        programme: programme.name.clone(),
        synthetic: programme.synthetic,
        unit: programme.currency.unit.clone(),
        as_of: ledger.as_of,
        version: env!("CARGO_PKG_VERSION"),
    }
}
