//! Where the promises in kroner stand: every reading side by side, each with its own answer.

use crate::ledger::Ledger;
use crate::metrics::figures::Metrics;
use crate::programme::model::Programme;
use crate::report::answer::{Answer, answers};
use crate::report::document::{Block, Figure, Interval, Phrase, Table};
use crate::report::figure::{FigureText, interval, intervals};
use crate::report::{phrase, price};
use std::collections::BTreeSet;

/// Where the targets stand: the first reading of the first in full, the others in short. Empty when
/// the programme has no target.
pub(crate) fn lead(programme: &Programme, metrics: &Metrics, ledger: &Ledger) -> Vec<Phrase> {
    let answers = answers(programme, metrics, ledger);
    let Some((first, others)) = answers.split_first() else {
        return Vec::new();
    };
    let mut said = first.sentences();
    said.extend(others.iter().map(|answer| answer.short(label(programme, answer))));
    said
}

/// The targets with their readings: the chart, and the answer to each with its reason.
pub(crate) fn blocks(programme: &Programme, metrics: &Metrics, ledger: &Ledger) -> Vec<Block> {
    if programme.targets.is_empty() {
        return vec![Block::Text(Phrase::new("overview.no_target_text"))];
    }
    let answers = answers(programme, metrics, ledger);
    if answers.is_empty() {
        return vec![Block::Text(Phrase::new("verdict.nothing_compared"))];
    }
    let unweighed: Vec<Phrase> = answers.iter().filter_map(Answer::unweighed).collect();
    let mut blocks = vec![
        Block::Text(Phrase::new("target.text")),
        Block::Figure(figure(programme, &answers)),
        Block::Table(table(programme, &answers)),
    ];
    if !unweighed.is_empty() {
        blocks.push(Block::List(unweighed));
    }
    blocks
}

fn table(programme: &Programme, answers: &[Answer<'_>]) -> Table {
    let rows = answers
        .iter()
        .map(|answer| {
            let unknown = answer.position.unknown.comparisons();
            vec![
                label(programme, answer).into(),
                answer.verdict.decided(),
                answer.verdict.why.clone().into(),
                Phrase::new("text.part_of_known")
                    .with("known", phrase::count(answer.position.compared_cells))
                    .with("unknown", phrase::count(answer.position.unknown_cells))
                    .with("months", phrase::count(answer.position.compared_months))
                    .into(),
                phrase::exact(unknown.spending),
                phrase::exact(unknown.estimated),
            ]
        })
        .collect();
    Table {
        caption: Phrase::new("target.table"),
        columns: phrase::columns(&[
            "column.reading",
            "column.standing",
            "column.why",
            "column.basis",
            "column.unknown_spending",
            "column.unknown_estimate",
        ]),
        rows,
    }
}

/// The reading alone, or with the target's name when there are several targets.
fn label(programme: &Programme, answer: &Answer<'_>) -> Phrase {
    if programme.targets.len() == 1 {
        return answer.reading();
    }
    Phrase::new("target.named")
        .with("name", answer.promise.name.clone())
        .with("reading", answer.reading())
}

fn figure(programme: &Programme, answers: &[Answer<'_>]) -> Figure {
    let rows = answers
        .iter()
        .map(|answer| {
            let (low, high) = (answer.position.low, answer.position.high);
            Interval {
                band: Some((low.get(), high.get())),
                ..interval(label(programme, answer), answer.position.reached.value())
            }
        })
        .collect();
    let levels: Vec<String> = answers
        .iter()
        .map(|answer| answer.promise.price_level.to_string())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let mut note = vec![Phrase::new("target.note")];
    if answers.iter().any(|answer| answer.promise.price_level_assumed) {
        note.push(Phrase::new("target.note_assumed"));
    }
    note.push(price::stated(programme));
    let standings = answers.iter().map(|answer| {
        Phrase::new("target.headline")
            .with("reading", label(programme, answer))
            .with("standing", answer.verdict.decided())
    });
    let told = FigureText {
        id: "maal".to_owned(),
        headline: phrase::enumeration(standings.collect()).expect("the figure has an answer"),
        subtitle: Phrase::new("target.subtitle").with("level", phrase::verbatim(levels.join(", "))),
        note: phrase::sentences(note).expect("the note has a first sentence"),
        caption: Phrase::new("target.caption"),
    };
    intervals(told, rows)
}
