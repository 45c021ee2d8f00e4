//! What a saving, an index or a share says in one sentence, chosen by rule from the numbers.

use crate::domain::money::Oere;
use crate::metrics::figures::{Range, SpanFigures};
use crate::report::document::{Phrase, TextKey, Value};
use crate::report::phrase;

/// Lowest and highest saving over the assumptions about fixed cost.
pub(crate) fn bounds(range: Range) -> (Oere, Oere) {
    let declared = range.declared.unwrap_or(range.none_fixed);
    let low = range.none_fixed.min(range.all_fixed).min(declared);
    let high = range.none_fixed.max(range.all_fixed).max(declared);
    (low, high)
}

/// What a range of savings amounts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SavingSign {
    /// Saved under every assumption.
    Saved,
    /// Spent more under every assumption.
    Extra,
    /// It depends on the assumption.
    Open,
}

/// What a range of savings amounts to.
pub(crate) fn sign(range: Range) -> SavingSign {
    let (low, high) = bounds(range);
    if low > Oere::ZERO {
        SavingSign::Saved
    } else if high < Oere::ZERO {
        SavingSign::Extra
    } else {
        SavingSign::Open
    }
}

/// The saving as one value: the declared one, else from lowest to highest.
pub(crate) fn best(range: Range) -> Value {
    match range.declared {
        Some(declared) => phrase::money(declared),
        None => spread(range),
    }
}

/// From lowest to highest.
pub(crate) fn spread(range: Range) -> Value {
    let (low, high) = bounds(range);
    Phrase::new("text.between")
        .with("low", phrase::money(low))
        .with("high", phrase::money(high))
        .into()
}

/// The range with its sign turned: extra spending instead of saving.
fn turned(range: Range) -> Range {
    let turn = |amount: Oere| Oere::new(amount.get().saturating_neg());
    Range {
        none_fixed: turn(range.none_fixed),
        declared: range.declared.map(turn),
        all_fixed: turn(range.all_fixed),
    }
}

/// The three sentences a saving can be told in.
pub(crate) struct SavingKeys {
    /// Saved under every assumption: takes `saving` and `why`.
    pub(crate) saved: TextKey,
    /// Extra spending under every assumption: takes `saving` and `why`, amounts above zero.
    pub(crate) extra: TextKey,
    /// It depends: takes `range`.
    pub(crate) open: TextKey,
}

/// The range and what it depends on; the range alone is not repeated when it is the saving itself.
fn why(range: Range) -> Phrase {
    match range.declared {
        Some(_) => Phrase::new("text.range_why").with("range", spread(range)),
        None => Phrase::new("text.why"),
    }
}

/// Tells a saving in the sentence that fits its sign.
pub(crate) fn saving(keys: &SavingKeys, range: Range) -> Phrase {
    match sign(range) {
        SavingSign::Saved => {
            Phrase::new(keys.saved).with("saving", best(range)).with("why", why(range))
        }
        SavingSign::Extra => Phrase::new(keys.extra)
            .with("saving", best(turned(range)))
            .with("why", why(turned(range))),
        SavingSign::Open => Phrase::new(keys.open).with("range", spread(range)),
    }
}

/// Up, down or level: which of three texts fits a change.
pub(crate) fn direction(change: i64, up: TextKey, down: TextKey, level: TextKey) -> TextKey {
    match change.signum() {
        1 => up,
        -1 => down,
        _ => level,
    }
}

/// Change from `then` to `now` in parts per million of `then`; `None` unless `then` is above zero.
pub(crate) fn relative_ppm(then: i64, now: i64) -> Option<i64> {
    if then <= 0 {
        return None;
    }
    let change = (i128::from(now) - i128::from(then)) * 1_000_000;
    i64::try_from(change / i128::from(then)).ok()
}

/// Comparisons made over the whole of a span, and those that should have been.
pub(crate) fn compared_of(figures: &SpanFigures) -> (u32, u32) {
    let basis = &figures.basis;
    (basis.compared, basis.compared + basis.unknown())
}
