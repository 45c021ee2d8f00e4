//! The answer on a promise in kroner, in a sentence: decided or not, what is known, what is not.

use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::period::Month;
use crate::ledger::Ledger;
use crate::metrics::figures::{Metrics, TargetPosition};
use crate::metrics::unknown_part::UnknownWeight;
use crate::programme::model::{Covers, Programme, Target, TargetReading};
use crate::report::document::{Headline, Phrase, Standing, TextKey, Value};
use crate::report::levels::{Decision, PromiseEvidence, Question, Undecided, unstated};
use crate::report::phrase;
use crate::report::verdict::StandingReason;

/// A target in one of its readings, and what can be said of it.
pub(crate) struct Answer<'a> {
    /// The target.
    pub(crate) promise: &'a Target,
    /// Where it stands.
    pub(crate) position: &'a TargetPosition,
    /// Decided or not, and why.
    pub(crate) verdict: StandingReason,
    question: Question<'a>,
    decision: Decision,
    due: bool,
}

/// An answer to each target and reading, in the programme's order.
pub(crate) fn answers<'a>(
    programme: &'a Programme,
    metrics: &'a Metrics,
    ledger: &Ledger,
) -> Vec<Answer<'a>> {
    let positions = metrics.targets.iter();
    positions
        .filter_map(|position| {
            let promise = programme.targets.get(position.target)?;
            let awaited = !ledger.coverage.cells.is_empty();
            Some(answer(promise, position, (ledger.as_of, awaited)))
        })
        .collect()
}

/// What can be said of one target in one reading, seen from a month, and whether anything is
/// awaited. Before it falls due nothing is
/// decided.
pub(crate) fn answer<'a>(
    promise: &'a Target,
    position: &'a TargetPosition,
    (as_of, awaited): (Month, bool),
) -> Answer<'a> {
    let question = Question {
        measured: PromiseEvidence {
            saving: position.reached.value(),
            needed: position.low,
            cells: position.compared_cells,
            months: position.compared_months,
        },
        unknown: &position.unknown,
        most_saved: promise.most_saved.as_ref(),
        unstated: unstated(promise, awaited),
    };
    let decision = question.decide();
    let due = promise.due.months().last().is_some_and(|last| last <= as_of);
    let verdict = if due {
        StandingReason::of(&question, decision)
    } else {
        let why = Phrase::new("verdict.not_due").with("due", phrase::verbatim(promise.due));
        StandingReason::new(Standing::Unknown, why)
    };
    Answer { promise, position, verdict, question, decision, due }
}

impl Answer<'_> {
    /// The reading, such as "annual effect in 2020".
    pub(crate) fn reading(&self) -> Phrase {
        Phrase::new(match self.position.reading {
            TargetReading::AnnualRunRate => "target.annual",
            TargetReading::Cumulative => "target.cumulative",
        })
        .with("due", phrase::verbatim(self.promise.due))
        .with("from", phrase::verbatim(self.promise.from))
    }

    /// The answer in full sentences: what is known of what was promised, and what the unknown would
    /// have to bring.
    pub(crate) fn sentences(&self) -> Vec<Phrase> {
        let mut said = vec![
            Phrase::new("answer.first").with("standing", self.stands()).with("known", self.known()),
        ];
        said.extend(self.rest());
        said
    }

    /// What of the unknown has no weight; `None` where all of it has.
    pub(crate) fn unweighed(&self) -> Option<Phrase> {
        let unknown = self.question.unknown;
        let cells = unknown.comparisons().unweighed;
        let lines = unknown.refused().unweighed;
        let unweighed = match (cells, lines) {
            (0, 0) => return None,
            (_, 0) => "answer.unweighed_cells",
            (0, _) => "answer.unweighed_lines",
            (_, _) => "answer.unweighed_both",
        };
        let phrase = Phrase::new(unweighed).with("reading", self.reading());
        Some(phrase.with("cells", phrase::comparisons(cells)).with("lines", phrase::lines(lines)))
    }

    /// The answer in short, for a reading beside the first.
    pub(crate) fn short(&self, label: Phrase) -> Phrase {
        let key = if self.question.measured.saving.is_some() {
            "answer.short"
        } else {
            "answer.short_none"
        };
        Phrase::new(key)
            .with("reading", label)
            .with("standing", self.verdict.decided())
            .with("saving", self.money(self.question.measured.best().unwrap_or(Oere::ZERO)))
            .with("share", self.percent())
            .with("low", self.money(self.position.low))
    }

    fn stands(&self) -> Phrase {
        Phrase::new(match self.verdict.standing {
            Standing::Achieved if self.verdict.estimated => "answer.reached_estimated",
            Standing::NotAchieved if self.verdict.estimated => "answer.not_reached_estimated",
            Standing::Achieved => "answer.reached",
            Standing::NotAchieved => "answer.not_reached",
            Standing::Unknown | Standing::Neutral if !self.due => {
                return Phrase::new("answer.not_due")
                    .with("due", phrase::verbatim(self.promise.due));
            }
            Standing::Unknown | Standing::Neutral => "answer.open",
        })
    }

    fn known(&self) -> Phrase {
        let measured = self.question.measured;
        let when = Phrase::new(match self.position.reading {
            TargetReading::AnnualRunRate => "answer.in_year",
            TargetReading::Cumulative => "answer.in_years",
        })
        .with("due", phrase::verbatim(self.promise.due))
        .with("from", phrase::verbatim(self.promise.from));
        let best = measured.best().unwrap_or(Oere::ZERO);
        let key: TextKey = match (measured.saving, measured.remaining() > Oere::ZERO) {
            (None, _) => "answer.none",
            (Some(_), true) if best < Oere::ZERO => "answer.extra",
            (Some(_), true) => "answer.saved",
            (Some(_), false) => "answer.enough",
        };
        Phrase::new(key)
            .with("when", when)
            .with(
                "saving",
                self.money(if best < Oere::ZERO { phrase::magnitude(best) } else { best }),
            )
            .with("share", self.percent())
            .with("low", self.money(self.position.low))
            .with("need", self.money(measured.remaining()))
    }

    /// What the unknown means for the answer; nothing where there is none.
    fn rest(&self) -> Option<Phrase> {
        let open = self.question.unknown.comparisons();
        match self.decision {
            _ if !self.due => None,
            Decision::Open(Undecided::Bring { need, cost }) => {
                let times = Undecided::bring(need, cost).map(|(times, _)| Headline::Times(times));
                let key = estimated(&open, "answer.bring", "answer.bring_estimated");
                Some(
                    Phrase::new(key)
                        .with("cost", self.money(cost))
                        .with("estimated", self.money(open.estimated))
                        .with("times", times.map_or(Value::Empty, Value::Headline)),
                )
            }
            Decision::Open(Undecided::NothingCompared) if open.all() > Oere::ZERO => {
                let key = estimated(&open, "answer.cost", "answer.cost_estimated");
                let phrase = Phrase::new(key).with("cost", self.money(open.all()));
                Some(phrase.with("estimated", self.money(open.estimated)))
            }
            Decision::Open(Undecided::NothingCompared) => None,
            Decision::Reached
            | Decision::NotReached
            | Decision::NotReachedWithin
            | Decision::Open(_) => Some(self.verdict.why.clone()),
        }
    }

    fn money(&self, amount: Oere) -> Value {
        Value::Headline(Headline::Money { amount, like: self.position.low })
    }

    fn percent(&self) -> Value {
        match self.question.measured.share() {
            Known::Value(share) => Value::Headline(Headline::Percent(share)),
            Known::Missing | Known::Suppressed | Known::NotApplicable => Value::Empty,
        }
    }
}

fn estimated(open: &UnknownWeight, delivered: TextKey, with_estimate: TextKey) -> TextKey {
    if open.estimated > Oere::ZERO { with_estimate } else { delivered }
}

/// That the register is not everyone a promise is about, where one says so.
pub(crate) fn cover(programme: &Programme) -> Option<Phrase> {
    let register = programme.targets.iter().any(|target| target.covers == Covers::Register);
    register.then(|| Phrase::new("answer.register"))
}

#[cfg(test)]
mod tests {
    use super::answer;
    use crate::metrics::unknown_part::Unknown;
    use crate::programme::model::{Covers, Target, TargetBasis};
    use crate::report::document::Standing;
    use crate::report::fixture::{kroner, programme};
    use crate::report::fixture_figures::metrics;

    #[test]
    fn a_target_is_not_judged_before_it_falls_due() {
        let metrics = metrics();
        let mut position = metrics.targets[0].clone();
        position.unknown = Unknown::default();
        position.low = kroner(100_000);
        let mut promise = programme().targets[0].clone();
        promise.basis = TargetBasis::Gross;
        promise.price_level_assumed = false;
        promise.covers = Covers::All;
        let seen = |promise: &Target, as_of: &str, awaited: bool| {
            answer(promise, &position, (as_of.parse().expect("a month"), awaited)).verdict
        };
        let standing = |promise: &Target, as_of: &str| seen(promise, as_of, true).standing;
        let unawaited = seen(&promise, "2020-12", false);
        assert_eq!(
            (unawaited.standing, unawaited.why.key),
            (Standing::Unknown, "verdict.unstated_awaited")
        );
        assert_eq!(standing(&promise, "2020-11"), Standing::Unknown);
        assert_eq!(standing(&promise, "2020-12"), Standing::Achieved);
        for change in [
            (|promise| promise.basis = TargetBasis::Unknown) as fn(&mut Target),
            |promise| promise.price_level_assumed = true,
            |promise| promise.covers = Covers::Register,
        ] {
            let mut promise = promise.clone();
            change(&mut promise);
            assert_eq!(standing(&promise, "2020-12"), Standing::Unknown);
        }
    }
}
