//! How values are put into phrases: amounts, counted nouns, lists of names, rows of a table.

use crate::domain::authority::Sector;
use crate::domain::id::{AuthorityId, InitiativeId, ServiceId};
use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::period::Span;
use crate::programme::model::Programme;
use crate::report::document::{ChartUnit, Phrase, TextKey, Value};
use std::fmt::Display;

/// A known amount, scaled for reading.
pub(crate) fn money(amount: Oere) -> Value {
    Value::Money(Known::Value(amount))
}

/// A known amount, to the øre.
pub(crate) fn exact(amount: Oere) -> Value {
    Value::Exact(Known::Value(amount))
}

/// A known whole number.
pub(crate) fn count(number: impl TryInto<i64>) -> Value {
    Value::Count(Known::from_option(number.try_into().ok()))
}

/// Text that is the same in every language.
pub(crate) fn verbatim(text: impl Display) -> Value {
    Value::Verbatim(format!("{text}"))
}

/// A source within a sentence: the sentence brings its own full stop.
pub(crate) fn source(text: &str) -> Value {
    verbatim(text.trim_end_matches('.'))
}

/// The amount without its sign.
pub(crate) fn magnitude(amount: Oere) -> Oere {
    Oere::new(amount.get().saturating_abs())
}

/// A text without placeholders, as a value.
pub(crate) fn word(key: TextKey) -> Value {
    Phrase::new(key).into()
}

/// Table headings from their keys.
pub(crate) fn columns(keys: &[TextKey]) -> Vec<Phrase> {
    keys.iter().map(|key| Phrase::new(key)).collect()
}

/// `n` things, in the singular or the plural.
fn counted(number: impl TryInto<i64>, one: TextKey, many: TextKey) -> Phrase {
    let number = number.try_into().ok();
    let key = if number == Some(1) { one } else { many };
    Phrase::new(key).with("count", Value::Count(Known::from_option(number)))
}

/// `n` comparisons: one authority's one service in one span.
pub(crate) fn comparisons(number: impl TryInto<i64>) -> Phrase {
    counted(number, "noun.comparison", "noun.comparisons")
}

/// `n` data lines.
pub(crate) fn lines(number: impl TryInto<i64>) -> Phrase {
    counted(number, "noun.line", "noun.lines")
}

/// `n` deliveries.
pub(crate) fn deliveries(number: impl TryInto<i64>) -> Phrase {
    counted(number, "noun.delivery", "noun.deliveries")
}

/// `n` services.
pub(crate) fn services(number: impl TryInto<i64>) -> Phrase {
    counted(number, "noun.service", "noun.services")
}

/// `n` sub-aims.
pub(crate) fn sub_aims(number: impl TryInto<i64>) -> Phrase {
    counted(number, "noun.sub_aim", "noun.sub_aims")
}

/// "8 of 12".
pub(crate) fn out_of(part: impl TryInto<i64>, whole: impl TryInto<i64>) -> Phrase {
    Phrase::new("text.out_of").with("part", count(part)).with("whole", count(whole))
}

/// Sentences one after the other; `None` when there are none.
pub(crate) fn sentences(parts: Vec<Phrase>) -> Option<Phrase> {
    chain("text.sequence", parts)
}

/// Parts of one sentence, a semicolon between; `None` when there are none.
pub(crate) fn enumeration(parts: Vec<Phrase>) -> Option<Phrase> {
    chain("text.enumeration", parts)
}

fn chain(link: TextKey, parts: Vec<Phrase>) -> Option<Phrase> {
    parts
        .into_iter()
        .rev()
        .reduce(|rest, first| Phrase::new(link).with("first", first).with("rest", rest))
}

/// Names as a person writes them, "A, B og C"; past `most` of them the rest are counted.
pub(crate) fn listing(names: &[&str], most: usize) -> Phrase {
    if names.len() > most {
        return Phrase::new("text.list_more")
            .with("list", verbatim(names[..most].join(", ")))
            .with("more", count(names.len() - most));
    }
    match names {
        [] => Phrase::new("text.list_none"),
        [only] => Phrase::new("text.list_one").with("only", verbatim(only)),
        [head @ .., last] => Phrase::new("text.list")
            .with("list", verbatim(head.join(", ")))
            .with("last", verbatim(last)),
    }
}

/// A chart's number, as it is written in running text.
pub(crate) fn rough(unit: ChartUnit, number: Known<i64>) -> Value {
    match unit {
        ChartUnit::Money => Value::Money(number.map(Oere::new)),
        ChartUnit::Percent => Value::Ppm(number),
        ChartUnit::Index => Value::Index(number),
    }
}

/// A chart's number, as it is written in the chart's table.
pub(crate) fn precise(unit: ChartUnit, number: Known<i64>) -> Value {
    match unit {
        ChartUnit::Money => Value::Exact(number.map(Oere::new)),
        ChartUnit::Percent | ChartUnit::Index => rough(unit, number),
    }
}

/// An authority's name, or its id when the register does not know it.
pub(crate) fn authority<'a>(programme: &'a Programme, id: &'a AuthorityId) -> &'a str {
    programme.authorities.entries.get(id).map_or(id.as_str(), |entry| &entry.name)
}

/// A service's name, or its id when it was first met in a delivery.
pub(crate) fn service(programme: &Programme, id: &ServiceId) -> Value {
    match programme.services.entries.get(id) {
        Some(entry) => Value::Name(entry.name.clone()),
        None => verbatim(id),
    }
}

/// An initiative's number and title.
pub(crate) fn initiative(programme: &Programme, id: &InitiativeId) -> Value {
    match programme.initiatives.get(id) {
        Some(entry) => Phrase::new("text.numbered")
            .with("number", verbatim(id))
            .with("title", entry.title.clone())
            .into(),
        None => verbatim(id),
    }
}

/// The name of a sector.
pub(crate) fn sector(sector: Sector) -> Phrase {
    Phrase::new(match sector {
        Sector::Stat => "sector.stat",
        Sector::Kommune => "sector.kommune",
        Sector::Region => "sector.region",
    })
}

/// A span, or the words for "no span".
pub(crate) fn span(span: Option<Span>) -> Value {
    span.map_or_else(|| word("text.no_span"), Value::Span)
}
