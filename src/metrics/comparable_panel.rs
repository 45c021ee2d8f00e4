//! Two spans of one series laid side by side: only what both have is compared.

use crate::domain::measure::Measure;
use crate::domain::period::{Month, Period, Span, Year};
use crate::metrics::exact::sum;
use crate::metrics::figures::NoComparison;
use crate::metrics::series::{Periods, Tallies};

/// What two spans have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ComparablePanel {
    /// Months compared.
    pub(crate) months: u8,
    /// Months the later span has.
    pub(crate) months_in_span: u8,
    /// Spending then, nominal øre, above zero (E₀).
    pub(crate) spending_then: i64,
    /// Spending now, nominal øre, not below zero (E₁).
    pub(crate) spending_now: i64,
    /// Completed then, above zero (V₀).
    pub(crate) volume_then: i64,
    /// Completed now, above zero (V₁).
    pub(crate) volume_now: i64,
}

/// Lays `now` beside `then`, over the months in which both reported spending and volume.
///
/// Period 13 belongs to no month, so it counts only where the whole year is compared and both years
/// have one. A year and a window have no months to pair, so neither is the other's baseline.
///
/// - Errors: `BaselineMissing`, `NowMissing`, `NewOrClosed` or `NetIncome`, in that order.
pub(crate) fn align(
    series: &Periods,
    then: Span,
    now: Span,
    as_of: Month,
) -> Result<ComparablePanel, NoComparison> {
    let pairs = pairs(then, now);
    let usable = |period: Period| {
        let known = series.get(&period).filter(|tallies| tallies.usable());
        known.filter(|_| period.bounds().1 <= as_of)
    };
    if !pairs.iter().any(|(before, _)| usable(*before).is_some()) {
        return Err(NoComparison::BaselineMissing);
    }
    let common: Vec<(&Tallies, &Tallies)> =
        pairs.iter().filter_map(|(before, after)| usable(*before).zip(usable(*after))).collect();
    if common.is_empty() {
        return Err(NoComparison::NowMissing);
    }
    let months_in_span = months_in(now);
    let whole = common.len() == pairs.len();
    let closings = closing(series, then).zip(closing(series, now)).filter(|_| whole);
    let (closing_then, closing_now) = closings.unwrap_or_default();
    let aligned = ComparablePanel {
        months: match now {
            Span::Year(_) => u8::try_from(common.len()).expect("a year has twelve months"),
            Span::Window(_) => months_in_span,
        },
        months_in_span,
        spending_then: sum(common.iter().map(|(b, _)| amount(Some(b))).chain([closing_then])),
        spending_now: sum(common.iter().map(|(_, a)| amount(Some(a))).chain([closing_now])),
        volume_then: sum(common.iter().map(|(before, _)| completed(before))),
        volume_now: sum(common.iter().map(|(_, after)| completed(after))),
    };
    if aligned.volume_then <= 0 || aligned.volume_now <= 0 {
        return Err(NoComparison::NewOrClosed);
    }
    if aligned.spending_then <= 0 || aligned.spending_now < 0 {
        return Err(NoComparison::NetIncome);
    }
    Ok(aligned)
}

/// The amount of period 13 of a year; `None` where none was delivered, and of a window.
pub(crate) fn closing(series: &Periods, span: Span) -> Option<i64> {
    match span {
        Span::Year(year) => series.get(&Period::Closing(year))?.value(Measure::Amount),
        Span::Window(_) => None,
    }
}

/// Whether any period of `span` can be compared with another span at all.
pub(crate) fn usable_in(series: &Periods, span: Span, as_of: Month) -> bool {
    pairs(span, span).iter().any(|(period, _)| {
        series.get(period).is_some_and(Tallies::usable) && period.bounds().1 <= as_of
    })
}

/// What was reported in a span, period 13 included.
pub(crate) fn within(series: &Periods, span: Span) -> impl Iterator<Item = &Tallies> {
    let (first, last) = bounds(span);
    let (months, lump) = match span {
        Span::Year(year) => {
            let months = Period::Month(first)..=Period::Month(last);
            (Some(series.range(months)), Period::Closing(year))
        }
        Span::Window(window) => (None, Period::Window(window)),
    };
    let months = months.into_iter().flatten().map(|(_, tallies)| tallies);
    months.chain(series.get(&lump))
}

/// First and last month of a span.
pub(crate) fn bounds(span: Span) -> (Month, Month) {
    match span {
        Span::Window(window) => (window.first(), window.last()),
        Span::Year(year) => {
            let mut months = year.months();
            let first = months.next().expect("a year begins in January");
            (first, months.last().expect("a year ends in December"))
        }
    }
}

/// The periods of two spans that answer to each other: month to the same month, window to window.
pub(crate) fn pairs(then: Span, now: Span) -> Vec<(Period, Period)> {
    match (then, now) {
        (Span::Year(before), Span::Year(after)) => months(before).zip(months(after)).collect(),
        (Span::Window(before), Span::Window(after)) => {
            vec![(Period::Window(before), Period::Window(after))]
        }
        (Span::Year(_), Span::Window(_)) | (Span::Window(_), Span::Year(_)) => Vec::new(),
    }
}

/// Months a span has, at most 255.
fn months_in(span: Span) -> u8 {
    u8::try_from(span.months().len()).unwrap_or(u8::MAX)
}

fn months(year: Year) -> impl Iterator<Item = Period> {
    year.months().map(Period::Month)
}

fn amount(tallies: Option<&Tallies>) -> i64 {
    let value = tallies.and_then(|tallies| tallies.value(Measure::Amount));
    value.unwrap_or(0)
}

fn completed(tallies: &Tallies) -> i64 {
    tallies.value(Measure::Completed).unwrap_or(0)
}
