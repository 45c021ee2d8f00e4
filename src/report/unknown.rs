//! How large the unknown is, by cause and by who can make it known.

use crate::domain::money::Oere;
use crate::metrics::figures::SpanFigures;
use crate::metrics::unknown_part::{Actor, Cause, Unknown, UnknownWeight};
use crate::programme::model::Programme;
use crate::report::document::{Block, Phrase, Table, Value};
use crate::report::{phrase, price};
use std::cmp::Reverse;

/// Rows shown one by one; past that the largest are shown and the rest added up.
const ROWS: usize = 12;

/// The unknown of the span page one speaks of.
pub(crate) fn blocks(programme: &Programme, now: Option<&SpanFigures>) -> Vec<Block> {
    let Some(figures) = now else {
        return vec![Block::Text(Phrase::new("overview.no_figures"))];
    };
    if figures.unknown.is_nothing() {
        return vec![Block::Text(
            Phrase::new("unknown.nothing").with("span", Value::Span(figures.span)),
        )];
    }
    vec![
        Block::Text(Phrase::new("unknown.text").with("level", price::level(programme))),
        Block::Table(table(programme, figures)),
    ]
}

fn table(programme: &Programme, figures: &SpanFigures) -> Table {
    let mut largest: Vec<_> = figures.unknown.rows.iter().collect();
    largest.sort_by_key(|((cause, _), weight)| {
        (*cause == Cause::Refused, Reverse((weight.all(), weight.unweighed)))
    });
    let rest = largest.split_off(largest.len().min(ROWS));
    let mut rows: Vec<Vec<Value>> = largest
        .into_iter()
        .map(|((cause, who), weight)| {
            row(self::cause(*cause).into(), actor(programme, who), weight)
        })
        .collect();
    if !rest.is_empty() {
        let rows_left = phrase::count(rest.len());
        let mut left = Unknown::default();
        for ((cause, _), weight) in rest {
            left.add(*cause, Actor::Unseen, *weight);
        }
        let weight = left.comparisons().plus(left.refused());
        let others = Phrase::new("unknown.others").with("rows", rows_left);
        rows.push(row(others.into(), Value::Empty, &weight));
    }
    Table {
        caption: Phrase::new("unknown.caption").with("span", Value::Span(figures.span)),
        columns: phrase::columns(&[
            "column.cause",
            "column.who_acts",
            "column.unknown",
            "column.unknown_spending",
            "column.unknown_estimate",
            "column.unweighed",
        ]),
        rows,
    }
}

fn row(cause: Value, who: Value, weight: &UnknownWeight) -> Vec<Value> {
    vec![
        cause,
        who,
        phrase::count(weight.cells),
        phrase::exact(weight.spending),
        if weight.estimated == Oere::ZERO { Value::Empty } else { phrase::exact(weight.estimated) },
        phrase::count(weight.unweighed),
    ]
}

fn cause(cause: Cause) -> Phrase {
    Phrase::new(match cause {
        Cause::PartOfSpan => "unknown.part_of_span",
        Cause::NoBaseline => "unknown.no_baseline",
        Cause::BaselineMissing => "unknown.baseline_missing",
        Cause::NotDelivered => "unknown.not_delivered",
        Cause::NewOrClosed => "unknown.new_or_closed",
        Cause::NetIncome => "unknown.net_income",
        Cause::ClosingInOneYear => "unknown.closing_in_one_year",
        Cause::Refused => "unknown.refused",
    })
}

fn actor(programme: &Programme, actor: &Actor) -> Value {
    match actor {
        Actor::Authority(id) => phrase::verbatim(phrase::authority(programme, id)),
        Actor::Programme => phrase::word("unknown.programme"),
        Actor::Unseen => phrase::word("quality.no_authority"),
    }
}
