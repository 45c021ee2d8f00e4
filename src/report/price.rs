//! Which prices a figure is in, and where the price series come from.

use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::period::Span;
use crate::metrics::figures::{Compared, MarkFigures, Range, SpanFigures};
use crate::programme::model::{Prices, Programme};
use crate::report::document::Phrase;
use crate::report::phrase;

/// The price level of the programme's figures, in a few words.
pub(crate) fn level(programme: &Programme) -> Phrase {
    match &programme.prices {
        Prices::Current { .. } => Phrase::new("price.current"),
        Prices::Indexed { level, .. } => {
            Phrase::new("price.indexed").with("level", phrase::verbatim(level))
        }
    }
}

/// The price level with the vintage of the price table, as a sentence.
pub(crate) fn stated(programme: &Programme) -> Phrase {
    match &programme.prices {
        Prices::Current { source } => {
            Phrase::new("price.current_stated").with("source", phrase::source(source))
        }
        Prices::Indexed { level, vintage, .. } => Phrase::new("price.indexed_stated")
            .with("level", phrase::verbatim(level))
            .with("vintage", phrase::verbatim(vintage)),
    }
}

/// One footnote a borrowed price series.
pub(crate) fn borrowed(programme: &Programme) -> Vec<Phrase> {
    match &programme.prices {
        Prices::Current { .. } => Vec::new(),
        Prices::Indexed { borrowed, .. } => borrowed
            .iter()
            .map(|(sector, loan)| {
                Phrase::new("price.borrowed")
                    .with("sector", phrase::sector(*sector))
                    .with("from", phrase::sector(loan.from))
                    .with("source", phrase::source(&loan.source))
            })
            .collect(),
    }
}

/// Whether figures are held together across years by price indices.
pub(crate) fn indexed(programme: &Programme) -> bool {
    match &programme.prices {
        Prices::Current { .. } => false,
        Prices::Indexed { .. } => true,
    }
}

/// The saving at the programme's price level; in current prices, the nominal one.
pub(crate) fn saving(programme: &Programme, compared: &Compared) -> Range {
    if indexed(programme) { compared.saving_real } else { compared.saving }
}

/// The saving of one span, where anything could be compared.
pub(crate) fn saving_at(programme: &Programme, figures: Option<&SpanFigures>) -> Option<Range> {
    figures
        .and_then(|figures| figures.compared.value())
        .map(|compared| saving(programme, &compared))
}

/// Savings added up over the programme's accounting years, those of some months of a year among
/// them, with the years that counted.
///
/// `None` when no year could be compared. Windows may overlap and are never added.
pub(crate) fn saved_so_far(
    programme: &Programme,
    figures: &MarkFigures,
) -> Option<(Vec<Span>, Range)> {
    let years = programme.first.year()..=programme.last.year();
    let mut spans = Vec::new();
    let mut ranges = Vec::new();
    for entry in &figures.spans {
        let counts = match entry.span {
            Span::Year(year) => years.contains(&year),
            Span::Window(_) => false,
        };
        let sums = [entry.compared, entry.partly].into_iter().filter_map(Known::value);
        let known: Vec<Range> = sums.map(|sums| saving(programme, &sums)).collect();
        if counts && !known.is_empty() {
            spans.push(entry.span);
            ranges.extend(known);
        }
    }
    (!spans.is_empty()).then(|| (spans, sum(&ranges)))
}

/// Ranges added up; the declared sum is known only when every part of it is.
pub(crate) fn sum(ranges: &[Range]) -> Range {
    let declared: Option<Vec<Oere>> = ranges.iter().map(|range| range.declared).collect();
    Range {
        none_fixed: Oere::sum(ranges.iter().map(|range| range.none_fixed)),
        declared: declared.map(Oere::sum),
        all_fixed: Oere::sum(ranges.iter().map(|range| range.all_fixed)),
    }
}
