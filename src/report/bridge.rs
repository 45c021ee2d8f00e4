//! The bridge figure: why spending changed from the baseline to now.

use crate::domain::money::Oere;
use crate::metrics::figures::{Compared, SpanFigures};
use crate::programme::model::Programme;
use crate::report::document::{Bar, Figure, Phrase, TextKey, Value};
use crate::report::figure::{FigureText, waterfall};
use crate::report::finding::{compared_of, direction};
use crate::report::{phrase, price};

/// Price, volume, fixed-cost absorption and efficiency, over what could be compared in one span.
///
/// `None` when nothing could be compared. Steps that do not exist are left out, and the note says
/// so: price in current prices, absorption where no fixed share is declared.
pub(crate) fn figure(programme: &Programme, id: String, figures: &SpanFigures) -> Option<Figure> {
    let compared = figures.compared.value()?;
    let bridge = compared.bridge;
    let mut steps = Vec::new();
    if price::indexed(programme) {
        steps.push(bar("bridge.price", bridge.price));
    }
    steps.push(bar("bridge.volume", bridge.volume));
    if compared.saving.declared.is_some() {
        steps.push(bar("bridge.absorption", bridge.absorption));
    }
    steps.push(bar("bridge.efficiency", bridge.efficiency));
    let told = FigureText {
        id,
        headline: headline(bridge.efficiency),
        subtitle: subtitle(figures),
        note: note(programme, &compared),
        caption: Phrase::new("bridge.caption").with("span", Value::Span(figures.span)),
    };
    let start = bar("bridge.then", compared.spending_then);
    let end = bar("bridge.now", compared.spending_now);
    Some(waterfall(told, start, steps, end))
}

fn bar(label: TextKey, value: Oere) -> Bar {
    Bar { label: Phrase::new(label), value: Some(value.get()) }
}

/// Efficiency below zero has brought spending down.
fn headline(efficiency: Oere) -> Phrase {
    let key = direction(
        efficiency.get(),
        "bridge.headline_up",
        "bridge.headline_down",
        "bridge.headline_level",
    );
    Phrase::new(key).with("amount", phrase::money(phrase::magnitude(efficiency)))
}

fn subtitle(figures: &SpanFigures) -> Phrase {
    let (made, all) = compared_of(figures);
    Phrase::new("bridge.subtitle")
        .with("span", Value::Span(figures.span))
        .with("cells", phrase::out_of(made, all))
}

fn note(programme: &Programme, compared: &Compared) -> Phrase {
    let mut parts = vec![Phrase::new("bridge.note")];
    if !price::indexed(programme) {
        parts.push(Phrase::new("bridge.note_current"));
    }
    if compared.saving.declared.is_none() {
        parts.push(Phrase::new("bridge.note_undeclared"));
    }
    phrase::sentences(parts).expect("the note has a first sentence")
}
