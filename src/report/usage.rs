//! How each service of a pejlemærke is used: its own shares, from its own counts.

use crate::domain::id::ServiceId;
use crate::domain::known::Known;
use crate::domain::share::Share;
use crate::metrics::figures::{Metrics, ServiceUse};
use crate::programme::model::Programme;
use crate::report::document::{Block, Phrase, Table, Value};
use crate::report::phrase;
use std::collections::BTreeSet;

/// The table of some services in the span page one speaks of; none where nothing of it is known.
pub(crate) fn blocks(
    programme: &Programme,
    metrics: &Metrics,
    services: &BTreeSet<&ServiceId>,
) -> Vec<Block> {
    let known = |used: &&ServiceUse| {
        [used.digital, used.completion, used.satisfaction]
            .iter()
            .any(|share| share.value().is_some())
    };
    let rows: Vec<Vec<Value>> = metrics
        .services
        .iter()
        .filter(|used| Some(used.span) == metrics.now && services.contains(&used.service))
        .filter(known)
        .map(|used| row(programme, used))
        .collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let columns = phrase::columns(&[
        "column.service",
        "column.baseline_spending",
        "column.digital",
        "column.out_of_completed",
        "column.completion",
        "column.out_of_started",
        "column.satisfaction",
        "column.satisfaction_interval",
        "column.out_of_answered",
    ]);
    let caption = Phrase::new("services.use").with("span", phrase::span(metrics.now));
    vec![
        Block::Text(Phrase::new("services.use_text")),
        Block::Table(Table { caption, columns, rows }),
    ]
}

fn row(programme: &Programme, used: &ServiceUse) -> Vec<Value> {
    let whole = |share: Known<Share>| match share {
        Known::Value(share) => phrase::count(share.denominator),
        Known::Missing | Known::Suppressed | Known::NotApplicable => Value::Empty,
    };
    vec![
        phrase::service(programme, &used.service),
        Value::Exact(used.baseline_spending),
        Value::Percent(used.digital),
        whole(used.digital),
        Value::Percent(used.completion),
        whole(used.completion),
        Value::Percent(used.satisfaction),
        used.interval.map_or(Value::Empty, |(low, high)| {
            Phrase::new("share.between")
                .with("low", Value::Ppm(Known::Value(low)))
                .with("high", Value::Ppm(Known::Value(high)))
                .into()
        }),
        whole(used.satisfaction),
    ]
}
