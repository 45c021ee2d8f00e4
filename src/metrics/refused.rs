//! What refused lines may change, by the span they concern and by who sent them.

use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::period::{Period, Span, Year};
use crate::domain::quarantine::{Quarantined, Reason};
use crate::ledger::Ledger;
use crate::metrics::exact::{oere, whole};
use crate::metrics::ground::CellContext;
use crate::metrics::prices::PriceLine;
use crate::metrics::unknown_part::{Actor, Cause, Unknown, UnknownWeight};
use crate::programme::model::{CostType, Programme};
use num_rational::BigRational;
use std::collections::BTreeMap;

/// Refused lines and deliveries; `None` where the span cannot be read.
#[derive(Debug, Default)]
pub(crate) struct RefusedWeights {
    rows: Vec<(Option<Span>, Actor, UnknownWeight)>,
}

impl RefusedWeights {
    /// What the ledger has refused, at the programme's price level.
    pub(crate) fn of(programme: &Programme, ledger: &Ledger) -> RefusedWeights {
        let mut rows: BTreeMap<(Option<Span>, Actor), Vec<UnknownWeight>> = BTreeMap::new();
        for line in &ledger.quarantine {
            if let Some(weight) = weigh(programme, ledger, line) {
                let actor = line.authority.clone().map_or(Actor::Unseen, Actor::Authority);
                let span = line.period.map(Period::span);
                rows.entry((span, actor)).or_default().push(weight);
            }
        }
        let mut all = RefusedWeights::default();
        for ((span, actor), weights) in rows {
            let mut sum = Unknown::default();
            for weight in weights {
                sum.add(Cause::Refused, actor.clone(), weight);
            }
            all.rows.push((span, actor, sum.refused()));
        }
        all
    }

    /// Adds what may concern some spans: lines of theirs, of a baseline, or of an unread period.
    pub(crate) fn count(&self, ground: &CellContext<'_>, spans: &[Span], unknown: &mut Unknown) {
        for (span, actor, weight) in &self.rows {
            let concerns =
                span.is_none_or(|span| spans.contains(&span) || ground.baselines.contains(&span));
            if concerns {
                unknown.add(Cause::Refused, actor.clone(), *weight);
            }
        }
    }
}

/// What a refused line weighs. A delivery refused whole weighs nothing of its own where its
/// kind is awaited: what it should have brought is missed where it lacks. One that was read, and
/// of which no name says whether it is the later, weighs what it says.
fn weigh(programme: &Programme, ledger: &Ledger, line: &Quarantined) -> Option<UnknownWeight> {
    let unweighed = UnknownWeight { unweighed: 1, ..UnknownWeight::default() };
    if line.line.is_none() {
        let contract = ledger.deliveries[line.delivery.place()].account.contract.as_ref();
        let awaited = contract.is_some_and(|contract| ledger.coverage.awaited.contains(contract));
        let read = matches!(line.fault.reason, Reason::NoLater { .. });
        if awaited || !read {
            return (!awaited).then_some(unweighed);
        }
    }
    let amount = match line.amount {
        Known::Value(amount) => whole(amount.get()),
        Known::Missing | Known::Suppressed | Known::NotApplicable => return Some(unweighed),
    };
    let year = line.period.map_or(programme.first.year(), |period| period.span().price_year());
    let real = level(programme, line, year).map(|level| amount * level);
    let spending = real.and_then(|real| oere(&real));
    Some(spending.map_or(unweighed, |spending| UnknownWeight {
        spending: Oere::new(spending.get().abs()),
        ..UnknownWeight::default()
    }))
}

/// The price level over prices of a year, for the authority of a line; of a line that names none,
/// the highest of any.
fn level(programme: &Programme, line: &Quarantined, year: Year) -> Option<BigRational> {
    let entries = &programme.authorities.entries;
    let own = line.authority.as_ref().and_then(|id| entries.get(id)).map(|entry| entry.sector);
    let sectors: Vec<_> = match own {
        Some(sector) => vec![Some(sector)],
        None if entries.is_empty() => vec![None],
        None => entries.values().map(|entry| Some(entry.sector)).collect(),
    };
    let price =
        |sector| PriceLine { prices: &programme.prices, sector, cost_type: CostType::General };
    sectors.into_iter().filter_map(|sector| price(sector).level_over(year)).max()
}
