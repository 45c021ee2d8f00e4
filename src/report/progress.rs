//! What is achieved, what is not and what is unknown, a pejlemærke at a time.

use crate::domain::id::PejlemaerkeId;
use crate::domain::known::Known;
use crate::domain::period::Span;
use crate::metrics::figures::{Metrics, SpanFigures};
use crate::programme::model::{Pejlemaerke, Programme};
use crate::report::document::{Phrase, Standing, Table, Value};
use crate::report::finding::best;
use crate::report::use_figures::change;
use crate::report::verdict::{StandingReason, saved};
use crate::report::{phrase, price};

/// A pejlemærke's figures in one span.
pub(crate) fn figures_at<'a>(
    metrics: &'a Metrics,
    mark: &PejlemaerkeId,
    span: Span,
) -> Option<&'a SpanFigures> {
    metrics.pejlemaerker.iter().find(|(id, _)| id == mark).and_then(|(_, figures)| figures.at(span))
}

/// One row a pejlemærke and measure, with its standing and why.
pub(crate) fn table(programme: &Programme, metrics: &Metrics) -> Table {
    let mut rows = Vec::new();
    for mark in &programme.pejlemaerker {
        let figures = metrics.now.and_then(|span| figures_at(metrics, &mark.id, span));
        let name = Phrase::new("text.numbered")
            .with("number", verbatim_id(mark))
            .with("title", mark.name.clone());
        for measured in measures(programme, mark, figures) {
            rows.push(vec![
                name.clone().into(),
                measured.measure.into(),
                measured.result,
                measured.verdict.saved(),
                measured.verdict.why.into(),
            ]);
        }
    }
    Table {
        caption: Phrase::new("progress.caption").with("span", phrase::span(metrics.now)),
        columns: phrase::columns(&[
            "column.mark",
            "column.measure",
            "column.result",
            "column.standing",
            "column.why",
        ]),
        rows,
    }
}

fn verbatim_id(mark: &Pejlemaerke) -> Value {
    phrase::verbatim(&mark.id)
}

/// One thing measured, or not measured, of a pejlemærke.
pub(crate) struct ProgressRow {
    measure: Phrase,
    result: Value,
    verdict: StandingReason,
}

fn measures(
    programme: &Programme,
    mark: &Pejlemaerke,
    figures: Option<&SpanFigures>,
) -> Vec<ProgressRow> {
    let mut all = vec![if mark.spending { money(programme, figures) } else { not_money() }];
    all.push(digital(figures));
    if !mark.sub_aims.is_empty() {
        all.push(ProgressRow {
            measure: Phrase::new("progress.sub_aims"),
            result: phrase::sub_aims(mark.sub_aims.len()).into(),
            verdict: StandingReason::new(Standing::Unknown, Phrase::new("progress.sub_aims_why")),
        });
    }
    all
}

fn money(programme: &Programme, figures: Option<&SpanFigures>) -> ProgressRow {
    let range = price::saving_at(programme, figures);
    ProgressRow {
        measure: Phrase::new("progress.saving"),
        result: range.map_or(Value::Money(Known::Missing), best),
        verdict: saved(range, figures),
    }
}

fn not_money() -> ProgressRow {
    ProgressRow {
        measure: Phrase::new("progress.saving"),
        result: Value::Money(Known::NotApplicable),
        verdict: StandingReason::new(Standing::Neutral, Phrase::new("progress.not_money")),
    }
}

/// Digital take-up over the same services then and now. Without a target there is no verdict.
fn digital(figures: Option<&SpanFigures>) -> ProgressRow {
    let measure = Phrase::new("progress.digital");
    match figures.and_then(|figures| change(&figures.digital)) {
        Some(change) => ProgressRow {
            measure,
            result: change.said().into(),
            verdict: StandingReason::new(
                Standing::Neutral,
                Phrase::new("progress.digital_why")
                    .with("services", change.services())
                    .with("cells", phrase::comparisons(change.cells)),
            ),
        },
        None => ProgressRow {
            measure,
            result: Value::Percent(Known::Missing),
            verdict: StandingReason::new(
                Standing::Unknown,
                Phrase::new("progress.digital_unknown"),
            ),
        },
    }
}
