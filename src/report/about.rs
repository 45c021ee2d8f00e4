//! What the charts of a pejlemærke are made from: its figures, a span at a time.

use crate::domain::known::Known;
use crate::domain::period::Span;
use crate::metrics::figures::{MarkFigures, PanelPoint, SpanFigures};
use crate::programme::model::Programme;
use crate::report::document::Phrase;
use crate::report::figure::FigureText;
use crate::report::phrase;

/// What every figure of the page is made from.
pub(crate) struct PageContext<'a> {
    /// The programme.
    pub(crate) programme: &'a Programme,
    /// File name of the page.
    pub(crate) slug: &'a str,
    /// Its figures.
    pub(crate) all: &'a MarkFigures,
    /// The spans of the pejlemærke, ascending.
    pub(crate) spans: &'a [Span],
}

impl PageContext<'_> {
    /// One value a span.
    pub(crate) fn series(&self, value: impl Fn(&SpanFigures) -> Known<i64>) -> Vec<Known<i64>> {
        self.all.spans.iter().map(value).collect()
    }

    /// One value a span, of the panel of the span page one speaks of; unknown where there is none.
    pub(crate) fn course(&self, value: impl Fn(&PanelPoint) -> Known<i64>) -> Vec<Known<i64>> {
        let course = &self.all.course;
        let at = |place: usize| course.get(place).map_or(Known::Missing, &value);
        (0..self.spans.len()).map(at).collect()
    }

    /// First and last span with a known value, and those values.
    pub(crate) fn ends(&self, values: &[Known<i64>]) -> Option<((Span, i64), (Span, i64))> {
        let known: Vec<(Span, i64)> = self
            .spans
            .iter()
            .zip(values)
            .filter_map(|(span, value)| value.value().map(|value| (*span, value)))
            .collect();
        Some((*known.first()?, *known.last()?))
    }

    /// What is said about a figure of the page.
    pub(crate) fn told(
        &self,
        name: &str,
        headline: Phrase,
        subtitle: Phrase,
        note: Phrase,
    ) -> FigureText {
        FigureText {
            id: format!("{}-{name}", self.slug),
            headline,
            caption: subtitle.clone(),
            subtitle,
            note,
        }
    }

    /// A phrase with the first and the last span.
    pub(crate) fn period(&self, phrase: Phrase) -> Phrase {
        phrase
            .with("first", phrase::span(self.spans.first().copied()))
            .with("last", phrase::span(self.spans.last().copied()))
    }
}
