//! An authority and its successor as one unit: their series added up, month by month.

use crate::domain::id::AuthorityId;
use crate::domain::measure::{Measure, Tally};
use crate::domain::period::{Month, Period};
use crate::metrics::series::{Periods, Tallies, Unit};
use crate::programme::model::Programme;
use std::collections::BTreeMap;

/// Adds the series of authorities that are one unit up under the later name.
///
/// - Keeps: a month in which one of them lacks what it delivers otherwise is short: its sums stand,
///   and it is compared with nothing.
pub(crate) fn unite(
    programme: &Programme,
    alone: BTreeMap<Unit, Periods>,
) -> BTreeMap<Unit, Periods> {
    let mut together: BTreeMap<Unit, Vec<(AuthorityId, Periods)>> = BTreeMap::new();
    for (unit, series) in alone {
        let later = programme.unit_of(&unit.authority).clone();
        let member = unit.authority.clone();
        together.entry(Unit { authority: later, ..unit }).or_default().push((member, series));
    }
    let added =
        |(unit, members): (Unit, Vec<(AuthorityId, Periods)>)| (unit, sum(programme, members));
    together.into_iter().map(added).collect()
}

fn sum(programme: &Programme, mut members: Vec<(AuthorityId, Periods)>) -> Periods {
    if members.len() == 1 {
        return members.pop().map(|(_, series)| series).unwrap_or_default();
    }
    let mut total = Periods::new();
    for (period, tallies) in members.iter().flat_map(|(_, series)| series) {
        total.entry(*period).or_default().add(tallies);
    }
    for (authority, series) in &members {
        for measure in [Measure::Amount, Measure::Completed] {
            let Some((from, to)) = needed(programme, authority, series, measure) else {
                continue;
            };
            for (period, tallies) in &mut total {
                let (first, last) = period.bounds();
                let exists =
                    from.is_none_or(|from| from <= last) && to.is_none_or(|to| first <= to);
                let lacks = series.get(period).is_none_or(|own| own.value(measure).is_none());
                let closing = matches!(period, Period::Closing(_));
                tallies.short |= exists && lacks && !closing;
            }
        }
    }
    total
}

/// The months in which a measure is needed from an authority that delivers it: as long as it
/// exists, or from when it took over, where it delivered none before. `None`: it never does.
fn needed(
    programme: &Programme,
    authority: &AuthorityId,
    series: &Periods,
    measure: Measure,
) -> Option<(Option<Month>, Option<Month>)> {
    let delivered = series.iter().filter(|(_, tallies)| tallies.value(measure).is_some());
    let begins = delivered.map(|(period, _)| period.bounds().0).min()?;
    let entries = &programme.authorities.entries;
    let before = entries.values().filter(|entry| entry.successor.as_ref() == Some(authority));
    let took_over = before.filter_map(|entry| entry.valid_to?.offset(1)).min();
    let entry = entries.get(authority);
    let exists = entry.and_then(|entry| entry.valid_from);
    let from = took_over.filter(|month| *month <= begins).or(exists);
    Some((from, entry.and_then(|entry| entry.valid_to)))
}

impl Tallies {
    fn add(&mut self, other: &Tallies) {
        for (own, more) in self.tallies.iter_mut().zip(&other.tallies) {
            *own = Tally { sum: own.sum + more.sum, lines: own.lines.saturating_add(more.lines) };
        }
    }
}
