//! Activity, input and productivity, chained span by span over the units that report in both.

use crate::domain::known::Known;
use crate::domain::measure::Measure;
use crate::domain::period::Span;
use crate::metrics::comparable_panel::{align, usable_in, within};
use crate::metrics::exact::{oere, ppm, sum, whole};
use crate::metrics::figures::ChainLink;
use crate::metrics::followed::Followed;
use crate::metrics::ground::CellContext;
use num_rational::BigRational;
use num_traits::{One, Signed};
use std::collections::BTreeMap;

/// The three indices of a span; `1_000_000` is index 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Indices {
    /// Cost-weighted activity.
    pub(crate) activity: Known<i64>,
    /// Spending at unchanged prices.
    pub(crate) input: Known<i64>,
    /// Activity over input.
    pub(crate) productivity: Known<i64>,
    /// What the link from the span before rests on.
    pub(crate) link: ChainLink,
}

impl Default for Indices {
    fn default() -> Indices {
        Indices {
            activity: Known::Missing,
            input: Known::Missing,
            productivity: Known::Missing,
            link: ChainLink::default(),
        }
    }
}

/// A span the chain has reached, with the levels of activity and input, exact.
struct ChainPoint {
    span: Span,
    activity: BigRational,
    input: BigRational,
    link: ChainLink,
}

/// Chained Laspeyres indices of a pejlemærke, by span; years and windows are two chains.
///
/// Each step weighs each unit's growth, over the months both spans have, by all it spent in the
/// span before (W): `Σ W·V₁/V₀ / Σ W`, input is `Σ W·E₁/E₀·p₀/p₁ / Σ W`. Terms are whole øre,
/// rounded once a unit; the chain is exact and rounded once a published index. A span that shares
/// no unit with the one before begins anew at 100. Chained figures do not add up.
///
/// Source: `docs/method.md`, `activity-index`.
pub(crate) fn chain(
    ground: &CellContext<'_>,
    scope: &[&Followed<'_>],
    mark: Option<usize>,
) -> BTreeMap<Span, Indices> {
    let (years, windows): (Vec<Span>, Vec<Span>) =
        ground.posted.iter().partition(|span| match span {
            Span::Year(_) => true,
            Span::Window(_) => false,
        });
    let mut indices = BTreeMap::new();
    for spans in [years, windows] {
        let mut reached: Option<ChainPoint> = None;
        let mut begun = false;
        for span in spans {
            let step = reached.as_ref().and_then(|before| step(ground, scope, mark, before, span));
            let usable = |followed: &&Followed<'_>| usable_in(&followed.series, span, ground.as_of);
            let next = step.or_else(|| {
                let link = ChainLink { broken: begun, ..ChainLink::default() };
                let one = BigRational::one;
                let begun = ChainPoint { span, activity: one(), input: one(), link };
                scope.iter().any(usable).then_some(begun)
            });
            indices.insert(span, next.as_ref().map(published).unwrap_or_default());
            begun |= next.is_some();
            reached = next;
        }
    }
    indices
}

fn published(reached: &ChainPoint) -> Indices {
    let ChainPoint { activity, input, link, .. } = reached;
    Indices {
        activity: Known::from_option(ppm(activity)),
        input: Known::from_option(ppm(input)),
        productivity: if input.is_positive() {
            Known::from_option(ppm(&(activity / input)))
        } else {
            Known::NotApplicable
        },
        link: *link,
    }
}

/// The next span, by the growth of activity and of input; `None` when nothing is in both.
fn step(
    ground: &CellContext<'_>,
    scope: &[&Followed<'_>],
    mark: Option<usize>,
    before: &ChainPoint,
    after: Span,
) -> Option<ChainPoint> {
    let (mut spent, mut activity, mut input) = (whole(0), whole(0), whole(0));
    let mut all = whole(0);
    let mut link = ChainLink::default();
    for followed in scope {
        let weight = followed.weights.on(mark)?;
        let amounts = within(&followed.series, before.span);
        let cost = whole(sum(amounts.filter_map(|tallies| tallies.value(Measure::Amount))));
        if !cost.is_positive() {
            continue;
        }
        all += &weight * &cost;
        let prices = followed.prices.ratio(after.price_year(), before.span.price_year());
        let aligned = align(&followed.series, before.span, after, ground.as_of).ok();
        let (Some(aligned), Some(deflator)) = (aligned, prices) else {
            continue;
        };
        let volume = whole(aligned.volume_now) / whole(aligned.volume_then);
        let spending = whole(aligned.spending_now) / whole(aligned.spending_then) * deflator;
        let (at_old_cost, at_old_prices) = (oere(&(&cost * volume)), oere(&(&cost * spending)));
        let (Some(at_old_cost), Some(at_old_prices)) = (at_old_cost, at_old_prices) else {
            continue;
        };
        link.count(aligned.months);
        spent += &weight * cost;
        activity += &weight * whole(at_old_cost.get());
        input += weight * whole(at_old_prices.get());
    }
    spent.is_positive().then(|| {
        link.spending_share_ppm = ppm(&(&spent / all));
        ChainPoint {
            span: after,
            activity: &before.activity * activity / &spent,
            input: &before.input * input / spent,
            link,
        }
    })
}

impl ChainLink {
    fn count(&mut self, months: u8) {
        self.units += 1;
        let (least, most) = self.months.unwrap_or((months, months));
        self.months = Some((least.min(months), most.max(months)));
    }
}
