//! Where the promises in kroner stand: every reading side by side, none chosen.

use crate::ledger::Ledger;
use crate::metrics::figures::{Metrics, TargetPosition};
use crate::programme::model::{Programme, Reading, Target};
use crate::report::document::{Block, Figure, Interval, Phrase, Standing, Table};
use crate::report::figure::{Told, interval, intervals};
use crate::report::verdict::{Doubt, Verdict, target};
use crate::report::{price, say};
use std::collections::BTreeSet;

/// A target, one of its readings, and what can be said of it.
type Judged<'a> = (&'a Target, &'a TargetPosition, Verdict);

/// Each target position with its target and verdict, in the programme's order.
fn verdicts<'a>(
    programme: &'a Programme,
    metrics: &'a Metrics,
    ledger: &Ledger,
    doubt: &Doubt,
) -> Vec<Judged<'a>> {
    metrics
        .targets
        .iter()
        .filter_map(|position| {
            let promise = programme.targets.get(position.target)?;
            let verdict = target(position, promise.due, ledger.as_of, doubt);
            Some((promise, position, verdict))
        })
        .collect()
}

/// Where the targets stand, in half a sentence; `None` when the programme has no target.
pub(crate) fn answer(
    programme: &Programme,
    metrics: &Metrics,
    ledger: &Ledger,
    doubt: &Doubt,
) -> Option<Phrase> {
    let verdicts = verdicts(programme, metrics, ledger, doubt);
    (!programme.targets.is_empty()).then(|| headline(&verdicts))
}

/// Where the targets stand, all readings taken together.
fn headline(verdicts: &[Judged<'_>]) -> Phrase {
    let number =
        |standing| verdicts.iter().filter(|(_, _, verdict)| verdict.standing == standing).count();
    let achieved = number(Standing::Achieved);
    let not_achieved = number(Standing::NotAchieved);
    if achieved == 0 && not_achieved == 0 {
        return Phrase::new("target.headline_unknown");
    }
    if achieved == verdicts.len() {
        return Phrase::new("target.headline_achieved");
    }
    if not_achieved == verdicts.len() {
        return Phrase::new("target.headline_not_achieved");
    }
    Phrase::new("target.headline_mixed")
        .with("achieved", say::count(achieved))
        .with("not_achieved", say::count(not_achieved))
        .with("unknown", say::count(number(Standing::Unknown)))
}

fn reading(reading: Reading) -> Phrase {
    Phrase::new(match reading {
        Reading::AnnualRunRate => "target.annual",
        Reading::Cumulative => "target.cumulative",
    })
}

/// The targets with their readings: the chart, and the verdict on each with its reason.
pub(crate) fn blocks(
    programme: &Programme,
    metrics: &Metrics,
    ledger: &Ledger,
    doubt: &Doubt,
) -> Vec<Block> {
    if programme.targets.is_empty() {
        return vec![Block::Text(Phrase::new("overview.no_target_text"))];
    }
    let verdicts = verdicts(programme, metrics, ledger, doubt);
    if verdicts.is_empty() {
        return vec![Block::Text(Phrase::new("verdict.nothing_compared"))];
    }
    let rows = verdicts
        .iter()
        .map(|(promise, position, verdict)| {
            vec![
                label(programme, promise, position).into(),
                verdict.word(),
                verdict.why.clone().into(),
                Phrase::new("text.part_of_known")
                    .with("known", say::count(position.compared_cells))
                    .with("unknown", say::count(position.unknown_cells))
                    .into(),
            ]
        })
        .collect();
    vec![
        Block::Text(Phrase::new("target.text")),
        Block::Figure(figure(programme, &verdicts)),
        Block::Table(Table {
            caption: Phrase::new("target.table"),
            columns: say::columns(&[
                "column.reading",
                "column.standing",
                "column.why",
                "column.basis",
            ]),
            rows,
        }),
    ]
}

/// The reading alone, or with the target's name when there are several targets.
fn label(programme: &Programme, promise: &Target, position: &TargetPosition) -> Phrase {
    let reading = reading(position.reading)
        .with("due", say::verbatim(promise.due))
        .with("from", say::verbatim(promise.from));
    if programme.targets.len() == 1 {
        return reading;
    }
    Phrase::new("target.named").with("name", promise.name.clone()).with("reading", reading)
}

fn figure(programme: &Programme, verdicts: &[Judged<'_>]) -> Figure {
    let rows = verdicts
        .iter()
        .map(|(promise, position, _)| {
            let label = label(programme, promise, position);
            Interval {
                band: Some((position.low.get(), position.high.get())),
                ..interval(label, position.reached.value())
            }
        })
        .collect();
    let levels: Vec<String> = verdicts
        .iter()
        .map(|(promise, _, _)| promise.price_level.to_string())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let assumed = verdicts.iter().any(|(promise, _, _)| promise.price_level_assumed);
    let mut note = vec![Phrase::new("target.note")];
    if assumed {
        note.push(Phrase::new("target.note_assumed"));
    }
    note.push(price::stated(programme));
    let told = Told {
        id: "maal".to_owned(),
        headline: headline(verdicts),
        subtitle: Phrase::new("target.subtitle").with("level", say::verbatim(levels.join(", "))),
        note: say::sentences(note).expect("the note has a first sentence"),
        caption: Phrase::new("target.caption"),
    };
    intervals(told, rows)
}
