//! What a decision is called, and why it is none.

use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::period::Span;
use crate::metrics::figures::{Range, SpanFigures};
use crate::metrics::unknown_part::{Unknown, UnknownWeight};
use crate::programme::model::Programme;
use crate::report::document::{KeyFigure, Phrase, Standing, TextKey, Value};
use crate::report::finding::{best, spread};
use crate::report::levels::{Decision, PromiseEvidence, Question, Undecided, Unstated};
use crate::report::{phrase, price, services};

/// A standing and the reason for it.
#[derive(Debug, Clone)]
pub(crate) struct StandingReason {
    /// Yes, no or not known.
    pub(crate) standing: Standing,
    /// Why.
    pub(crate) why: Phrase,
    /// Whether it rests on an estimate of what never came.
    pub(crate) estimated: bool,
}

impl StandingReason {
    /// A standing that rests on no estimate.
    pub(crate) fn new(standing: Standing, why: Phrase) -> StandingReason {
        StandingReason { standing, why, estimated: false }
    }

    /// What a decision comes to, and why. What never came has no bound but its estimate, so a
    /// decision that needs one is said to rest on it.
    pub(crate) fn of(question: &Question<'_>, decision: Decision) -> StandingReason {
        let amount = question.unknown.comparisons().estimated;
        let estimated = amount > Oere::ZERO;
        let (standing, why) = match decision {
            Decision::Reached if estimated => {
                let why = Phrase::new("verdict.achieved_estimated");
                (Standing::Achieved, why.with("estimated", phrase::money(amount)))
            }
            Decision::Reached => (Standing::Achieved, Phrase::new("verdict.achieved")),
            Decision::NotReached => (Standing::NotAchieved, Phrase::new("verdict.not_achieved")),
            Decision::NotReachedWithin => {
                let most = question.most_saved.map(|most| services::weight(&most.share));
                let key: TextKey = if estimated {
                    "verdict.not_achieved_within_estimated"
                } else {
                    "verdict.not_achieved_within"
                };
                let why = Phrase::new(key)
                    .with("share", most.unwrap_or(Value::Empty))
                    .with("estimated", phrase::money(amount));
                (Standing::NotAchieved, why)
            }
            Decision::Open(open) => (Standing::Unknown, self::open(open)),
        };
        StandingReason { standing, why, estimated: estimated && standing != Standing::Unknown }
    }

    /// The standing of a promise as a word for a table: decided or not.
    pub(crate) fn decided(&self) -> Value {
        phrase::word(match self.standing {
            Standing::Unknown => "standing.undecided",
            Standing::Achieved if self.estimated => "standing.achieved_estimated",
            Standing::NotAchieved if self.estimated => "standing.not_achieved_estimated",
            Standing::Achieved | Standing::NotAchieved | Standing::Neutral => {
                standing_key(self.standing)
            }
        })
    }

    /// The standing of a saving as a word for a table: it is no promise that is kept.
    pub(crate) fn saved(&self) -> Value {
        phrase::word(match self.standing {
            Standing::Achieved if self.estimated => "standing.saved_estimated",
            Standing::Achieved => "standing.saved",
            Standing::NotAchieved => "standing.not_saved",
            Standing::Unknown | Standing::Neutral => standing_key(self.standing),
        })
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
    match phrase.key {
        "standing.undecided" => return Some(Standing::Unknown),
        "standing.saved" | "standing.saved_estimated" | "standing.achieved_estimated" => {
            return Some(Standing::Achieved);
        }
        "standing.not_saved" | "standing.not_achieved_estimated" => {
            return Some(Standing::NotAchieved);
        }
        _ => {}
    }
    [Standing::Achieved, Standing::NotAchieved, Standing::Unknown, Standing::Neutral]
        .into_iter()
        .find(|standing| standing_key(*standing) == phrase.key)
}

/// Why nothing is decided.
fn open(open: Undecided) -> Phrase {
    match open {
        Undecided::NothingCompared => Phrase::new("verdict.nothing_compared"),
        Undecided::Bring { need, cost } => {
            let phrase = Phrase::new("verdict.bring")
                .with("need", phrase::money(need))
                .with("cost", phrase::money(cost));
            let shares = Undecided::bring(need, cost);
            let share = shares.map_or(Known::Missing, |(_, saved)| Known::Value(saved));
            phrase.with("share", Value::Percent(share))
        }
        Undecided::MayLose(amount) => {
            Phrase::new("verdict.may_lose").with("amount", phrase::money(amount))
        }
        Undecided::Unweighed(count) => {
            Phrase::new("verdict.unweighed").with("count", phrase::count(count))
        }
        Undecided::AtStake(amount) => {
            Phrase::new("verdict.at_stake").with("amount", phrase::money(amount))
        }
        Undecided::Assumption => Phrase::new("verdict.assumption"),
        Undecided::Unstated(left) => Phrase::new(match left {
            Unstated::Basis => "verdict.unstated_basis",
            Unstated::PriceLevel => "verdict.unstated_level",
            Unstated::Cover => "verdict.unstated_cover",
            Unstated::Awaited => "verdict.unstated_awaited",
        }),
    }
}

/// Whether money is saved at all: even the lowest assumption, less what the unknown can lose, is
/// above zero.
pub(crate) fn saved(range: Option<Range>, figures: Option<&SpanFigures>) -> StandingReason {
    let none = Unknown::default();
    let basis = figures.map(|figures| figures.basis).unwrap_or_default();
    let question = Question {
        measured: PromiseEvidence {
            saving: range,
            needed: Oere::new(1),
            cells: basis.compared,
            months: basis.months,
        },
        unknown: figures.map_or(&none, |figures| &figures.unknown),
        most_saved: None,
        unstated: None,
    };
    StandingReason::of(&question, question.decide())
}

/// The saving of a span as a key figure, with its range, price level and standing.
pub(crate) fn key_figure(
    programme: &Programme,
    figures: Option<&SpanFigures>,
    span: Option<Span>,
) -> KeyFigure {
    let range = price::saving_at(programme, figures);
    let note = match range {
        Some(range) if range.declared.is_some() => Phrase::new("overview.key_saving_note")
            .with("range", spread(range))
            .with("level", price::level(programme)),
        Some(_) => Phrase::new("overview.key_saving_note_undeclared")
            .with("level", price::level(programme)),
        None => Phrase::new("verdict.nothing_compared"),
    };
    KeyFigure {
        label: Phrase::new("overview.key_saving").with("span", phrase::span(span)),
        value: range.map_or(Value::Money(Known::Missing), best),
        note,
        standing: match saved(range, figures).standing {
            Standing::Unknown => Standing::Unknown,
            Standing::Achieved | Standing::NotAchieved | Standing::Neutral => Standing::Neutral,
        },
    }
}

/// What the comparisons that are not known weigh, as a note beside their number.
pub(crate) fn unknown_note(figures: &SpanFigures) -> Phrase {
    let weight = figures.unknown.comparisons();
    if weight == UnknownWeight::default() {
        return Phrase::new("unknown.note_none");
    }
    let key = match (weight.estimated > Oere::ZERO, weight.unweighed > 0) {
        (false, false) => "unknown.note",
        (true, false) => "unknown.note_estimated",
        (false, true) => "unknown.note_unweighed",
        (true, true) => "unknown.note_both",
    };
    Phrase::new(key)
        .with("spending", phrase::money(weight.spending))
        .with("estimated", phrase::money(weight.estimated))
        .with("unweighed", phrase::count(weight.unweighed))
}
