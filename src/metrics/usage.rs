//! Shares of use: digital take-up, completion, satisfaction. Counts are never weighted.

use crate::domain::fact::Measure;
use crate::domain::known::Known;
use crate::domain::period::{Period, Span};
use crate::domain::share::Share;
use crate::metrics::align::{bounds, pairs, within};
use crate::metrics::exact::sum;
use crate::metrics::figures::SharePanel;
use crate::metrics::follow::{Followed, Ground};

/// Part out of whole over every unit and period of the span that reports both.
///
/// - `Missing` when none does, `NotApplicable` when the whole is nothing.
pub(crate) fn share(
    scope: &[&Followed<'_>],
    span: Span,
    part: Measure,
    whole: Measure,
) -> Known<Share> {
    let counts: Vec<(i64, i64)> = scope
        .iter()
        .flat_map(|followed| within(&followed.series, span))
        .filter_map(|tallies| tallies.value(part).zip(tallies.value(whole)))
        .collect();
    of(&counts)
}

/// The same share in the baseline and in the span, over the same units and the same months.
///
/// - `Missing` when no unit reports both measures in both, `NotApplicable` when a whole is nothing.
pub(crate) fn share_panel(
    ground: &Ground<'_>,
    scope: &[&Followed<'_>],
    span: Span,
    part: Measure,
    whole: Measure,
) -> Known<SharePanel> {
    let mut then = Vec::new();
    let mut now = Vec::new();
    let mut cells: u32 = 0;
    for followed in scope {
        let after = |baseline: &Span| bounds(*baseline).0 < bounds(span).0;
        let Some(baseline) = followed.baseline.filter(after) else {
            continue;
        };
        let both = |period: Period| {
            let tallies = followed.series.get(&period)?;
            let counts = tallies.value(part).zip(tallies.value(whole))?;
            (period.bounds().1 <= ground.as_of).then_some(counts)
        };
        let common: Vec<((i64, i64), (i64, i64))> = pairs(baseline, span)
            .into_iter()
            .filter_map(|(before, after)| both(before).zip(both(after)))
            .collect();
        if !common.is_empty() {
            cells += 1;
        }
        then.extend(common.iter().map(|(before, _)| *before));
        now.extend(common.iter().map(|(_, after)| *after));
    }
    match (of(&then), of(&now)) {
        (Known::Value(then), Known::Value(now)) => Known::Value(SharePanel { then, now, cells }),
        (Known::Missing, _) | (_, Known::Missing) => Known::Missing,
        (Known::Suppressed, _) | (_, Known::Suppressed) => Known::Suppressed,
        (Known::NotApplicable, _) | (_, Known::NotApplicable) => Known::NotApplicable,
    }
}

fn of(counts: &[(i64, i64)]) -> Known<Share> {
    if counts.is_empty() {
        return Known::Missing;
    }
    let part = sum(counts.iter().map(|(part, _)| *part));
    let whole = sum(counts.iter().map(|(_, whole)| *whole));
    Share::new(part, whole).map_or(Known::NotApplicable, Known::Value)
}
