//! Tables: headed, captioned, scrolled by keyboard where they are wider than the page.

use crate::domain::known::Known;
use crate::report::document::{Phrase, Standing, Table, Value};
use crate::report::standing_of;
use crate::write::text::messages::Texts;
use maud::{Markup, html};

/// Phrases that stand among numbers and are set as they are.
const COUNTS: [&str; 2] = ["text.out_of", "quality.not_awaited"];

/// A table in a region that can be scrolled; `id` is the id of its caption.
pub(crate) fn table(table: &Table, id: &str, texts: &Texts) -> Markup {
    let numeric: Vec<bool> = (0..table.columns.len()).map(|at| all_numbers(table, at)).collect();
    html! {
        div.scroll role="region" tabindex="0" aria-labelledby=(id) {
            table {
                caption id=(id) { span { (texts.say(&table.caption)) } }
                thead {
                    tr {
                        @for (head, numeric) in table.columns.iter().zip(&numeric) {
                            th.number[*numeric] scope="col" { (texts.say(head)) }
                        }
                    }
                }
                tbody {
                    @for (row, spanned) in table.rows.iter().zip(spans(table, texts)) {
                        tr {
                            @for (at, value) in row.iter().enumerate() {
                                @if at == 0 {
                                    (row_heading(value, spanned, texts))
                                } @else {
                                    (cell(value, numeric[at], texts))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How many rows each row's heading stands for; `None` where the row above has said it already.
fn spans(table: &Table, texts: &Texts) -> Vec<Option<usize>> {
    let headings: Vec<Option<String>> =
        table.rows.iter().map(|row| row.first().map(|value| texts.value(value))).collect();
    (0..headings.len())
        .map(|at| {
            if at > 0 && headings[at - 1] == headings[at] {
                return None;
            }
            let same = headings[at..].iter().take_while(|other| **other == headings[at]);
            Some(same.count())
        })
        .collect()
}

/// The first cell of a row heads it, and the rows below that begin alike.
fn row_heading(value: &Value, spanned: Option<usize>, texts: &Texts) -> Markup {
    html! {
        @if let Some(rows) = spanned {
            th scope="row" rowspan=[(rows > 1).then_some(rows)] { (value_markup(value, texts)) }
        }
    }
}

fn cell(value: &Value, numeric: bool, texts: &Texts) -> Markup {
    let class = match kind(value) {
        CellStyle::Number | CellStyle::Text => None,
        CellStyle::Unknown => Some("unknown"),
        CellStyle::Fingerprint => Some("fingerprint"),
        CellStyle::Address => Some("address"),
    };
    let number = numeric.then_some("number");
    let classes: Vec<&str> = number.into_iter().chain(class).collect();
    html! {
        td class=[(!classes.is_empty()).then(|| classes.join(" "))] { (value_markup(value, texts)) }
    }
}

fn value_markup(value: &Value, texts: &Texts) -> Markup {
    if let Value::Phrase(phrase) = value
        && let Some(standing) = standing_of(phrase)
    {
        return badge(standing, phrase, texts);
    }
    html! { (texts.value(value)) }
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
enum CellStyle {
    Number,
    Unknown,
    Fingerprint,
    /// Holds a web address, which may be broken anywhere.
    Address,
    Text,
}

fn kind(value: &Value) -> CellStyle {
    match value {
        Value::Money(amount) | Value::Exact(amount) => known(amount),
        Value::Count(number) | Value::Ppm(number) | Value::Index(number) => known(number),
        Value::Percent(share) => known(share),
        Value::Phrase(phrase) if COUNTS.contains(&phrase.key) => CellStyle::Number,
        Value::Verbatim(text) if is_fingerprint(text) => CellStyle::Fingerprint,
        Value::Verbatim(text) if text.contains("://") => CellStyle::Address,
        Value::Headline(_)
        | Value::Phrase(_)
        | Value::Verbatim(_)
        | Value::Notice(_)
        | Value::Month(_)
        | Value::Span(_)
        | Value::Name(_)
        | Value::Empty => CellStyle::Text,
    }
}

fn known<T>(value: &Known<T>) -> CellStyle {
    match value {
        Known::Value(_) => CellStyle::Number,
        Known::Missing | Known::Suppressed | Known::NotApplicable => CellStyle::Unknown,
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
            CellStyle::Number | CellStyle::Unknown => true,
            CellStyle::Fingerprint | CellStyle::Address | CellStyle::Text => false,
        })
}
