//! What every comparison is made from.

use crate::domain::id::AuthorityId;
use crate::domain::period::{Month, Span, Year};
use crate::ledger::Ledger;
use crate::ledger::awaited::CoverageState;
use crate::metrics::table::spans;
use crate::programme::model::Programme;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// What every cell of a run is seen against.
pub(crate) struct CellContext<'a> {
    /// The programme.
    pub(crate) programme: &'a Programme,
    /// The month the run looks back from.
    pub(crate) as_of: Month,
    /// Every span with posted facts, and every year that counts in a target, ascending.
    pub(crate) spans: Vec<Span>,
    /// Every span with posted facts, ascending.
    pub(crate) posted: Vec<Span>,
    /// Every span something is compared with.
    pub(crate) baselines: BTreeSet<Span>,
    /// Who lacks an awaited delivery, by span.
    pub(crate) missing: BTreeMap<Span, BTreeSet<AuthorityId>>,
}

impl<'a> CellContext<'a> {
    /// What a programme and a ledger say before anything is followed.
    pub(crate) fn of(programme: &'a Programme, ledger: &Ledger) -> CellContext<'a> {
        let declared = programme.services.entries.values().filter_map(|entry| entry.baseline);
        let assumed = programme.service_defaults.as_ref().and_then(|terms| terms.baseline);
        let mut missing: BTreeMap<Span, BTreeSet<AuthorityId>> = BTreeMap::new();
        for ((_, authority, period), state) in &ledger.coverage.cells {
            if *state != CoverageState::Delivered {
                missing.entry(period.span()).or_default().insert(authority.clone());
            }
        }
        let posted = spans(&ledger.posted);
        CellContext {
            programme,
            as_of: ledger.as_of,
            spans: with_target_years(programme, &posted),
            posted,
            baselines: declared.chain(assumed).collect(),
            missing,
        }
    }
}

/// Some spans, and the years that count in a target: one that nobody delivered is unknown, not
/// absent. Nothing is added where windows alone are delivered, for they count in no target.
fn with_target_years(programme: &Programme, posted: &[Span]) -> Vec<Span> {
    let is_year = |span: &Span| matches!(span, Span::Year(_));
    let mut spans: BTreeSet<Span> = posted.iter().copied().collect();
    if posted.iter().any(is_year) {
        for target in &programme.targets {
            let years = target.from.min(target.due).get()..=target.due.get();
            spans.extend(years.filter_map(Year::new).map(Span::Year));
        }
    }
    spans.into_iter().collect()
}
