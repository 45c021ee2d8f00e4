//! A unit whose service is followed, with its periods and prices.

use crate::domain::period::{Month, Span};
use crate::metrics::figures::{Cell, Comparison};
use crate::metrics::prices::PriceLine;
use crate::metrics::series::{Periods, Unit};
use crate::metrics::weights::Weights;
use crate::programme::model::Authority;
use num_rational::BigRational;

/// One authority's one service over the whole run.
pub(crate) struct Followed<'a> {
    /// Who and what.
    pub(crate) unit: Unit,
    /// What was reported.
    pub(crate) series: Periods,
    /// What it is compared with; `None`: nothing.
    pub(crate) baseline: Option<Span>,
    /// The prices its cost follows.
    pub(crate) prices: PriceLine<'a>,
    /// How it counts towards the pejlemærker; empty without an initiative.
    pub(crate) weights: Weights,
    /// Its cells, in span order.
    pub(crate) cells: Vec<Cell>,
    pub(crate) fixed: Option<&'a BigRational>,
    /// The authority and those it succeeds, as registered; none in an open register.
    pub(crate) members: Vec<&'a Authority>,
}

impl Followed<'_> {
    /// The cell of one span.
    pub(crate) fn at(&self, span: Span) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.span == span)
    }

    /// Whether the authority or one it succeeds exists in some of these months.
    pub(crate) fn exists_in(&self, (first, last): (Month, Month)) -> bool {
        let exists = |authority: &&Authority| {
            authority.valid_from.is_none_or(|from| from <= last)
                && authority.valid_to.is_none_or(|to| first <= to)
        };
        self.members.is_empty() || self.members.iter().any(exists)
    }
}

/// Whether a comparison rests on every month of its span.
pub(crate) fn is_whole(comparison: &Comparison) -> bool {
    comparison.months == comparison.months_in_span
}
