//! Activity, input and productivity, chained span by span over the units that report in both.

use crate::domain::known::Known;
use crate::domain::period::Span;
use crate::metrics::align::{align, usable_in};
use crate::metrics::exact::{oere, ppm, whole};
use crate::metrics::follow::{Followed, Ground};
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
}

impl Default for Indices {
    fn default() -> Indices {
        Indices { activity: Known::Missing, input: Known::Missing, productivity: Known::Missing }
    }
}

/// How far a chain has come.
enum Chain {
    /// No span yet in which anything is usable.
    NotBegun,
    /// At this span, with the levels of activity and input, exact.
    At(Span, BigRational, BigRational),
    /// A step had nothing in both spans; no later span can be reached.
    Broken,
}

/// Chained Laspeyres indices of a pejlemærke, by span; years and windows are two chains.
///
/// Each step weighs volume now by the unit cost of the span before: `Σ V₁·E₀/V₀ / Σ E₀`, input is
/// `Σ E₁·p₀/p₁ / Σ E₀`, over the same units and the same months. Terms are whole øre, rounded once
/// a unit; the chain is exact and rounded once a published index. Chained figures do not add up.
///
/// Source: `docs/method.md`, `activity-index`.
pub(crate) fn chain(
    ground: &Ground<'_>,
    scope: &[&Followed<'_>],
    mark: Option<usize>,
) -> BTreeMap<Span, Indices> {
    let (years, windows): (Vec<Span>, Vec<Span>) =
        ground.spans.iter().partition(|span| match span {
            Span::Year(_) => true,
            Span::Window(_) => false,
        });
    let mut indices = BTreeMap::new();
    for spans in [years, windows] {
        let mut chain = Chain::NotBegun;
        for span in spans {
            chain = match chain {
                Chain::NotBegun => begin(ground, scope, span),
                Chain::At(before, activity, input) => {
                    match step(ground, scope, mark, before, span) {
                        Some((by_activity, by_input)) => {
                            Chain::At(span, activity * by_activity, input * by_input)
                        }
                        None => Chain::Broken,
                    }
                }
                Chain::Broken => Chain::Broken,
            };
            indices.insert(span, published(&chain));
        }
    }
    indices
}

fn begin(ground: &Ground<'_>, scope: &[&Followed<'_>], span: Span) -> Chain {
    let usable = |followed: &&Followed<'_>| usable_in(&followed.series, span, ground.as_of);
    if scope.iter().any(usable) {
        Chain::At(span, BigRational::one(), BigRational::one())
    } else {
        Chain::NotBegun
    }
}

fn published(chain: &Chain) -> Indices {
    match chain {
        Chain::NotBegun | Chain::Broken => Indices::default(),
        Chain::At(_, activity, input) => Indices {
            activity: Known::from_option(ppm(activity)),
            input: Known::from_option(ppm(input)),
            productivity: if input.is_positive() {
                Known::from_option(ppm(&(activity / input)))
            } else {
                Known::NotApplicable
            },
        },
    }
}

/// Growth of activity and of input from one span to the next; `None` when nothing is in both.
fn step(
    ground: &Ground<'_>,
    scope: &[&Followed<'_>],
    mark: Option<usize>,
    before: Span,
    after: Span,
) -> Option<(BigRational, BigRational)> {
    let (mut spent, mut activity, mut input) = (whole(0), whole(0), whole(0));
    for followed in scope {
        let prices = followed.prices.ratio(after.price_year(), before.price_year());
        let aligned = align(&followed.series, before, after, ground.as_of).ok();
        let (Some(aligned), Some(deflator)) = (aligned, prices) else {
            continue;
        };
        let then = whole(aligned.spending_then);
        let growth = whole(aligned.volume_now) / whole(aligned.volume_then);
        let at_old_cost = oere(&(&then * growth));
        let at_old_prices = oere(&(whole(aligned.spending_now) * deflator));
        let (Some(at_old_cost), Some(at_old_prices)) = (at_old_cost, at_old_prices) else {
            continue;
        };
        let weight = followed.weights.on(mark)?;
        spent += &weight * then;
        activity += &weight * whole(at_old_cost.get());
        input += weight * whole(at_old_prices.get());
    }
    spent.is_positive().then(|| (activity / &spent, input / spent))
}
