//! Tables: headed, captioned, scrolled by keyboard where they are wider than the page.

use crate::domain::known::Known;
use crate::report::document::{Phrase, Standing, Table, Value};
use crate::report::standing_of;
use crate::write::text::Texts;
use maud::{Markup, html};

/// A table in a region that can be scrolled; `id` is the id of its caption.
pub(crate) fn table(table: &Table, id: &str, texts: &Texts) -> Markup {
    let numeric: Vec<bool> = (0..table.columns.len()).map(|at| all_numbers(table, at)).collect();
    html! {
        div.scroll role="region" tabindex="0" aria-labelledby=(id) {
            table {
                caption id=(id) { (texts.say(&table.caption)) }
                thead {
                    tr {
                        @for (head, numeric) in table.columns.iter().zip(&numeric) {
                            th.number[*numeric] scope="col" { (texts.say(head)) }
                        }
                    }
                }
                tbody {
                    @for row in &table.rows {
                        tr {
                            @for (at, value) in row.iter().enumerate() {
                                (cell(at, value, texts))
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The first cell of a row heads it.
fn cell(at: usize, value: &Value, texts: &Texts) -> Markup {
    let kind = kind(value);
    let class = match kind {
        Kind::Number => "number",
        Kind::Unknown => "number unknown",
        Kind::Fingerprint => "fingerprint",
        Kind::Text => "",
    };
    let class = (!class.is_empty()).then_some(class);
    html! {
        @if at == 0 {
            th scope="row" class=[class] { (said(value, texts)) }
        } @else {
            td class=[class] { (said(value, texts)) }
        }
    }
}

fn said(value: &Value, texts: &Texts) -> Markup {
    match value {
        Value::Phrase(phrase) => match standing_of(phrase) {
            Some(standing) => badge(standing, phrase, texts),
            None => html! { (texts.say(phrase)) },
        },
        Value::Money(_)
        | Value::Exact(_)
        | Value::Count(_)
        | Value::Percent(_)
        | Value::Ppm(_)
        | Value::Index(_)
        | Value::Points(_)
        | Value::Month(_)
        | Value::Period(_)
        | Value::Span(_)
        | Value::Name(_)
        | Value::Verbatim(_)
        | Value::Empty => html! { (texts.value(value)) },
    }
}

/// A standing: a word, with a sign in front that the eye finds and the ear skips.
pub(crate) fn badge(standing: Standing, word: &Phrase, texts: &Texts) -> Markup {
    let (class, sign) = match standing {
        Standing::Achieved => ("standing achieved", "✓"),
        Standing::NotAchieved => ("standing not-achieved", "✕"),
        Standing::Unknown => ("standing open", "?"),
        Standing::Neutral => ("standing neutral", "–"),
    };
    html! {
        span class=(class) {
            span.sign aria-hidden="true" { (sign) }
            (texts.say(word))
        }
    }
}

/// How a cell is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Unknown,
    Fingerprint,
    Text,
}

fn kind(value: &Value) -> Kind {
    match value {
        Value::Money(amount) | Value::Exact(amount) => known(*amount),
        Value::Count(number)
        | Value::Ppm(number)
        | Value::Index(number)
        | Value::Points(number) => known(*number),
        Value::Percent(share) => known(*share),
        Value::Phrase(phrase) if phrase.key == "text.out_of" => Kind::Number,
        Value::Verbatim(text) if is_fingerprint(text) => Kind::Fingerprint,
        Value::Phrase(_)
        | Value::Verbatim(_)
        | Value::Month(_)
        | Value::Period(_)
        | Value::Span(_)
        | Value::Name(_)
        | Value::Empty => Kind::Text,
    }
}

fn known<T>(value: Known<T>) -> Kind {
    match value {
        Known::Value(_) => Kind::Number,
        Known::Missing | Known::Suppressed | Known::NotApplicable => Kind::Unknown,
    }
}

fn is_fingerprint(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn all_numbers(table: &Table, at: usize) -> bool {
    let mut kinds = table.rows.iter().filter_map(|row| row.get(at)).map(kind);
    at > 0
        && !table.rows.is_empty()
        && kinds.all(|kind| match kind {
            Kind::Number | Kind::Unknown => true,
            Kind::Fingerprint | Kind::Text => false,
        })
}
