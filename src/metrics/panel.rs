//! Panels: what the same units delivered for the same months in two spans, so that a change is none
//! of who delivered.

use crate::domain::id::ServiceId;
use crate::domain::known::Known;
use crate::domain::measure::Measure;
use crate::domain::money::Oere;
use crate::domain::period::{Period, Span};
use crate::metrics::comparable_panel::{bounds, closing, pairs};
use crate::metrics::exact::{oere, sum, whole};
use crate::metrics::figures::{Mean, PanelPoint, SharePanel, SpendingPanel, Spent};
use crate::metrics::followed::Followed;
use crate::metrics::ground::CellContext;
use crate::metrics::series::Tallies;
use crate::metrics::usage::{
    BaselineSpending, COMPLETION, Counts, DIGITAL, Ratio, SATISFACTION, added, mean, together,
};
use std::collections::BTreeMap;

/// The two spans a panel is delivered in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ends {
    /// Then.
    pub(crate) then: Span,
    /// Now.
    pub(crate) now: Span,
}

/// Whether two spans have months that answer to each other, and as many of them.
fn alike(one: Span, other: Span) -> bool {
    !pairs(one, other).is_empty() && one.months().len() == other.months().len()
}

/// What `now` is compared with: the baseline most units have, else the first span of its kind that
/// anything is posted in. `None` when that does not lie before `now`.
pub(crate) fn ends(scope: &[&Followed<'_>], now: Span) -> Option<Ends> {
    let alike = |span: &Span| alike(*span, now);
    let mut units: BTreeMap<Span, usize> = BTreeMap::new();
    for baseline in scope.iter().filter_map(|followed| followed.baseline).filter(alike) {
        *units.entry(baseline).or_default() += 1;
    }
    let most = units.values().max().copied();
    let common = units.iter().find(|(_, count)| Some(**count) == most).map(|(span, _)| *span);
    let posted =
        scope.iter().flat_map(|followed| followed.series.keys().map(|period| period.span()));
    let then = common.or_else(|| posted.filter(alike).min_by_key(|span| bounds(*span)))?;
    (bounds(then).0 < bounds(now).0).then_some(Ends { then, now })
}

/// The units of a panel, each with the places of its months among those of a span.
struct Panel<'a, 'b> {
    units: Vec<(&'a Followed<'b>, Vec<usize>)>,
}

/// What is known of one month; `None` where the unit lacks it, or part of the unit does.
fn month<'s>(
    (ground, followed): (&CellContext<'_>, &'s Followed<'_>),
    period: Period,
) -> Option<&'s Tallies> {
    let tallies = followed.series.get(&period).filter(|tallies| !tallies.short);
    tallies.filter(|_| period.bounds().1 <= ground.as_of)
}

impl<'a, 'b> Panel<'a, 'b> {
    /// The units and months that are known in both ends.
    fn of(
        ground: &CellContext<'_>,
        scope: &[&'a Followed<'b>],
        ends: Ends,
        known: impl Fn(&Tallies) -> bool,
    ) -> Panel<'a, 'b> {
        let pairs = pairs(ends.then, ends.now);
        let mut units = Vec::new();
        for followed in scope {
            let has = |period| month((ground, followed), period).is_some_and(&known);
            let both = pairs.iter().enumerate().filter(|(_, pair)| has(pair.0) && has(pair.1));
            let places: Vec<usize> = both.map(|(place, _)| place).collect();
            if !places.is_empty() {
                units.push((*followed, places));
            }
        }
        Panel { units }
    }

    fn cells(&self) -> u32 {
        u32::try_from(self.units.len()).expect("a run has under 2^32 units")
    }

    /// Part and whole of its months in a span, by service; `None` when some of them lack there.
    fn counts(&self, ground: &CellContext<'_>, at: Span, ratio: Ratio) -> Option<Counts<'a>> {
        let periods = pairs(at, at);
        let mut counts: BTreeMap<&ServiceId, Vec<(i64, i64)>> = BTreeMap::new();
        for (followed, places) in &self.units {
            let own = counts.entry(&followed.unit.service).or_default();
            for place in places {
                let (period, _) = *periods.get(*place)?;
                own.push(ratio.counts(month((ground, followed), period)?)?);
            }
        }
        Some(counts.into_iter().map(|(service, own)| (service, added(&own))).collect())
    }

    /// What its months in a span cost; `None` when some of them lack there, or a price index does.
    fn spent(
        &self,
        ground: &CellContext<'_>,
        mark: Option<usize>,
        (ends, at): (Ends, Span),
    ) -> Option<Spent> {
        let periods = pairs(at, at);
        let mut total = Spent { nominal: Oere::ZERO, real: Oere::ZERO };
        for (followed, places) in &self.units {
            let mut amounts = Vec::new();
            for place in places {
                let (period, _) = *periods.get(*place)?;
                amounts.push(month((ground, followed), period)?.value(Measure::Amount)?);
            }
            let counts = places.len() == periods.len() && closed(followed, ends);
            amounts.extend(closing(&followed.series, at).filter(|_| counts));
            let nominal = Oere::new(sum(amounts));
            let level = followed.prices.level_over(at.price_year())?;
            let real = oere(&(whole(nominal.get()) * level))?;
            let part = |amount| followed.weights.portion(amount, mark);
            total.nominal = total.nominal.checked_add(part(nominal))?;
            total.real = total.real.checked_add(part(real))?;
        }
        Some(total)
    }
}

/// Whether period 13 was delivered in both ends.
fn closed(followed: &Followed<'_>, ends: Ends) -> bool {
    [ends.then, ends.now].iter().all(|span| closing(&followed.series, *span).is_some())
}

/// The units whose months have an amount in both ends, and a price in both.
fn spenders<'a, 'b>(
    ground: &CellContext<'_>,
    scope: &[&'a Followed<'b>],
    ends: Ends,
) -> Panel<'a, 'b> {
    let mut panel = Panel::of(ground, scope, ends, |month| month.value(Measure::Amount).is_some());
    panel.units.retain(|(followed, _)| {
        let priced = |span: Span| followed.prices.level_over(span.price_year()).is_some();
        priced(ends.then) && priced(ends.now)
    });
    panel
}

/// The units whose months have part and whole in both ends.
fn counted<'a, 'b>(
    ground: &CellContext<'_>,
    scope: &[&'a Followed<'b>],
    ends: Ends,
    ratio: Ratio,
) -> Panel<'a, 'b> {
    Panel::of(ground, scope, ends, |month| ratio.counts(month).is_some())
}

/// Those of them whose service has a share in both ends.
fn users<'a, 'b>(
    ground: &CellContext<'_>,
    scope: &[&'a Followed<'b>],
    ends: Ends,
    ratio: Ratio,
) -> Panel<'a, 'b> {
    let mut panel = counted(ground, scope, ends, ratio);
    for span in [ends.then, ends.now] {
        let counts = panel.counts(ground, span, ratio).unwrap_or_default();
        panel.units.retain(|(followed, _)| {
            counts.get(&followed.unit.service).is_some_and(|(_, whole)| *whole > 0)
        });
    }
    panel
}

/// Spending then and now; `Missing` where nothing was delivered in both ends.
pub(crate) fn spending(
    ground: &CellContext<'_>,
    scope: &[&Followed<'_>],
    mark: Option<usize>,
    ends: Ends,
) -> Known<SpendingPanel> {
    let panel = spenders(ground, scope, ends);
    if panel.units.is_empty() {
        return Known::Missing;
    }
    let spent = |span| panel.spent(ground, mark, (ends, span));
    let both = spent(ends.then).zip(spent(ends.now));
    let cells = panel.cells();
    Known::from_option(both.map(|(then, now)| SpendingPanel { then, now, cells }))
}

/// A share then and now; `Missing` where nothing was delivered in both ends.
pub(crate) fn share(
    ground: &CellContext<'_>,
    scope: &[&Followed<'_>],
    spent: &BaselineSpending<'_>,
    ends: Ends,
    ratio: Ratio,
) -> Known<SharePanel> {
    let panel = users(ground, scope, ends, ratio);
    let average = |span| {
        let counts = panel.counts(ground, span, ratio).unwrap_or_default();
        mean(&counts, spent, ratio).value()
    };
    let all = counted(ground, scope, ends, ratio);
    let added = |span| together(&all.counts(ground, span, ratio).unwrap_or_default()).value();
    let counts = added(ends.then).zip(added(ends.now));
    Known::from_option(counts.map(|(counts_then, counts_now)| SharePanel {
        means: average(ends.then).zip(average(ends.now)),
        cells: panel.cells(),
        counts_then,
        counts_now,
        counts_cells: all.cells(),
    }))
}

/// What the panel of two ends had in each of some spans.
pub(crate) fn course(
    ground: &CellContext<'_>,
    scope: &[&Followed<'_>],
    spent: &BaselineSpending<'_>,
    mark: Option<usize>,
    (ends, spans): (Ends, &[Span]),
) -> Vec<PanelPoint> {
    let spenders = spenders(ground, scope, ends);
    let shares = [DIGITAL, COMPLETION, SATISFACTION];
    let panels = shares.map(|ratio| (users(ground, scope, ends, ratio), ratio));
    spans
        .iter()
        .map(|span| {
            let alike = alike(ends.now, *span);
            let [digital, completion, satisfaction] = panels.each_ref().map(|(panel, ratio)| {
                let counts = panel.counts(ground, *span, *ratio).filter(|_| alike);
                counts.map_or(Known::Missing, |counts| point(&counts, spent, *ratio))
            });
            let amount = spenders.spent(ground, mark, (ends, *span));
            let amount = amount.filter(|_| alike && !spenders.units.is_empty());
            let spending = Known::from_option(amount);
            PanelPoint { spending, digital, completion, satisfaction }
        })
        .collect()
}

/// The mean of a panel in a span; `Missing` when a service of it has no share there.
fn point(counts: &Counts<'_>, spent: &BaselineSpending<'_>, ratio: Ratio) -> Known<Mean> {
    if counts.values().any(|(_, whole)| *whole <= 0) {
        return Known::Missing;
    }
    mean(counts, spent, ratio)
}
