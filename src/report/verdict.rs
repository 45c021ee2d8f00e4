//! Whether something is achieved. Yes and no are said only when nothing it rests on is unknown.

use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::period::{Month, Span, Year};
use crate::ledger::{CoverageState, Ledger};
use crate::metrics::figures::{Range, SpanFigures, TargetPosition};
use crate::programme::model::Programme;
use crate::report::document::{KeyFigure, Phrase, Standing, TextKey, Value};
use crate::report::finding::{best, bounds, spread};
use crate::report::{price, say};

/// What is not known about the run as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Doubt {
    /// Awaited deliveries that did not come, or came and were refused whole.
    pub(crate) missing: usize,
    /// Readable money on refused lines, without signs: it could belong to either side.
    pub(crate) at_stake: Oere,
    /// Refused lines whose amount could not be read.
    pub(crate) unreadable: u32,
    /// Deliveries refused whole: what they hold is not known.
    pub(crate) rejected: usize,
}

impl Doubt {
    /// What the ledger leaves open.
    pub(crate) fn of(ledger: &Ledger) -> Doubt {
        let missing = ledger
            .coverage
            .cells
            .values()
            .filter(|state| **state != CoverageState::Delivered)
            .count();
        Doubt {
            missing,
            at_stake: ledger.balance.refused_absolute,
            unreadable: ledger.balance.refused_unreadable,
            rejected: ledger.rejected(),
        }
    }
}

/// A standing and the reason for it.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    /// Yes, no or not known.
    pub(crate) standing: Standing,
    /// Why.
    pub(crate) why: Phrase,
}

impl Verdict {
    fn new(standing: Standing, why: Phrase) -> Verdict {
        Verdict { standing, why }
    }

    fn unknown(key: TextKey) -> Verdict {
        Verdict::new(Standing::Unknown, Phrase::new(key))
    }

    /// The standing as a word for a table.
    pub(crate) fn word(&self) -> Value {
        say::word(standing_key(self.standing))
    }
}

/// The word for a standing.
pub(crate) fn standing_key(standing: Standing) -> TextKey {
    match standing {
        Standing::Achieved => "standing.achieved",
        Standing::NotAchieved => "standing.not_achieved",
        Standing::Unknown => "standing.unknown",
        Standing::Neutral => "standing.neutral",
    }
}

/// The standing a phrase is the word for, if it is one.
pub(crate) fn standing_of(phrase: &Phrase) -> Option<Standing> {
    [Standing::Achieved, Standing::NotAchieved, Standing::Unknown, Standing::Neutral]
        .into_iter()
        .find(|standing| standing_key(*standing) == phrase.key)
}

/// Whether a target is met under one of its readings. Before it falls due the answer is not known.
pub(crate) fn target(position: &TargetPosition, due: Year, as_of: Month, doubt: &Doubt) -> Verdict {
    let due_month = due.months().last().expect("a year has a last month");
    if as_of < due_month {
        return Verdict::new(
            Standing::Unknown,
            Phrase::new("verdict.not_due").with("due", say::verbatim(due)),
        );
    }
    match position.reached {
        Known::Value(range) => judge(range, position.low, position.unknown_cells, doubt),
        Known::Missing | Known::Suppressed | Known::NotApplicable => {
            Verdict::unknown("verdict.nothing_compared")
        }
    }
}

/// Whether money is saved at all: even the lowest assumption is above zero.
pub(crate) fn saved(range: Option<Range>, unknown_cells: u32, doubt: &Doubt) -> Verdict {
    match range {
        Some(range) => judge(range, Oere::new(1), unknown_cells, doubt),
        None => Verdict::unknown("verdict.nothing_compared"),
    }
}

/// The saving of a span as a key figure, with its range, price level and standing.
pub(crate) fn key_figure(
    programme: &Programme,
    figures: Option<&SpanFigures>,
    span: Option<Span>,
    doubt: &Doubt,
) -> KeyFigure {
    let range = price::saving_at(programme, figures);
    let unknown = figures.map_or(0, |figures| figures.basis.unknown());
    let note = match range {
        Some(range) if range.declared.is_some() => Phrase::new("overview.key_saving_note")
            .with("range", spread(range))
            .with("level", price::level(programme)),
        Some(_) => Phrase::new("overview.key_saving_note_undeclared")
            .with("level", price::level(programme)),
        None => Phrase::new("verdict.nothing_compared"),
    };
    KeyFigure {
        label: Phrase::new("overview.key_saving").with("span", say::span(span)),
        value: range.map_or(Value::Money(Known::Missing), best),
        note,
        standing: saved(range, unknown, doubt).standing,
    }
}

fn judge(range: Range, needed: Oere, unknown_cells: u32, doubt: &Doubt) -> Verdict {
    if unknown_cells > 0 {
        let why =
            Phrase::new("verdict.unknown_cells").with("cells", say::comparisons(unknown_cells));
        return Verdict::new(Standing::Unknown, why);
    }
    if doubt.missing > 0 {
        let why = Phrase::new("verdict.missing").with("deliveries", say::deliveries(doubt.missing));
        return Verdict::new(Standing::Unknown, why);
    }
    if doubt.rejected > 0 {
        let why =
            Phrase::new("verdict.rejected").with("deliveries", say::deliveries(doubt.rejected));
        return Verdict::new(Standing::Unknown, why);
    }
    if doubt.unreadable > 0 {
        let why = Phrase::new("verdict.unreadable").with("lines", say::lines(doubt.unreadable));
        return Verdict::new(Standing::Unknown, why);
    }
    let (low, high) = bounds(range);
    let (low, high, needed) = (low.get(), high.get(), needed.get());
    let stake = doubt.at_stake.get();
    if low.saturating_sub(stake) >= needed {
        return Verdict::new(Standing::Achieved, Phrase::new("verdict.achieved"));
    }
    if high.saturating_add(stake) < needed {
        return Verdict::new(Standing::NotAchieved, Phrase::new("verdict.not_achieved"));
    }
    if low >= needed || high < needed {
        let why = Phrase::new("verdict.at_stake").with("amount", say::money(doubt.at_stake));
        return Verdict::new(Standing::Unknown, why);
    }
    Verdict::unknown("verdict.assumption")
}
