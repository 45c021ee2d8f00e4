//! Page one: are we there, and what is not known. Made to be answered in a minute.

use crate::domain::known::Known;
use crate::domain::share::Share;
use crate::ledger::Ledger;
use crate::metrics::figures::{Metrics, SpanFigures};
use crate::programme::model::Programme;
use crate::report::document::{Block, Interval, KeyFigure, Page, Phrase, Standing, TextKey, Value};
use crate::report::figure::{FigureText, interval, intervals};
use crate::report::finding::{SavingKeys, best, compared_of, saving, spread};
use crate::report::{answer, bridge, phrase, price, progress, targets, trust, unknown, verdict};

const LEAD: SavingKeys = SavingKeys {
    saved: "overview.lead_saved",
    extra: "overview.lead_extra",
    open: "overview.lead_open",
};

/// The overview.
pub(crate) fn page(programme: &Programme, metrics: &Metrics, ledger: &Ledger) -> Page {
    let now = metrics.now.and_then(|span| metrics.total.at(span));
    let mut blocks = vec![Block::KeyFigures(key_figures(programme, metrics, ledger))];
    blocks.push(Block::Heading(Phrase::new("overview.targets")));
    if !programme.targets.is_empty() {
        let basis = now.map(reach).into_iter().chain(answer::cover(programme)).collect();
        blocks.extend(phrase::sentences(basis).map(Block::Text));
    }
    blocks.extend(targets::blocks(programme, metrics, ledger));
    blocks.push(Block::Heading(Phrase::new("overview.unknown")));
    blocks.extend(unknown::blocks(programme, now));
    blocks.push(Block::Heading(Phrase::new("overview.status")));
    blocks.push(Block::Text(Phrase::new("overview.status_text")));
    blocks.push(Block::Table(progress::table(programme, metrics)));
    blocks.push(Block::Heading(Phrase::new("overview.marks")));
    blocks.extend(marks(programme, metrics));
    blocks.push(Block::Heading(Phrase::new("overview.bridge")));
    match now.and_then(|figures| bridge::figure(programme, "bro-i-alt".to_owned(), figures)) {
        Some(figure) => blocks.push(Block::Figure(figure)),
        None => blocks.push(Block::Text(Phrase::new("overview.no_bridge"))),
    }
    blocks.extend(trust::blocks(programme, metrics, ledger));
    Page {
        slug: "index".to_owned(),
        title: Phrase::new("overview.title"),
        lead: lead(programme, metrics, ledger, now),
        blocks,
    }
}

/// The answer: where the targets stand; without any, what is saved, and what it rests on.
fn lead(
    programme: &Programme,
    metrics: &Metrics,
    ledger: &Ledger,
    now: Option<&SpanFigures>,
) -> Phrase {
    let moved = trust::moved(ledger);
    if !programme.targets.is_empty() {
        let mut said = targets::lead(programme, metrics, ledger);
        said.extend(moved);
        return phrase::sentences(said).unwrap_or_else(|| Phrase::new("overview.lead_none"));
    }
    let mut parts = Vec::new();
    match now.and_then(|figures| price::saving_at(programme, Some(figures)).zip(Some(figures))) {
        Some((range, figures)) => {
            parts.push(
                saving(&LEAD, range)
                    .with("span", Value::Span(figures.span))
                    .with("level", price::level(programme)),
            );
            parts.push(reach(figures));
        }
        None => parts.push(Phrase::new("overview.lead_none")),
    }
    parts.extend(moved);
    parts.push(Phrase::new("overview.no_target"));
    phrase::sentences(parts).expect("the lead has a first sentence")
}

/// How many of the comparisons that should be made could be.
fn reach(figures: &SpanFigures) -> Phrase {
    let (made, all) = compared_of(figures);
    let unknown = figures.basis.unknown();
    let key = if unknown == 0 { "overview.reach_all" } else { "overview.reach" };
    Phrase::new(key)
        .with("span", Value::Span(figures.span))
        .with("cells", phrase::out_of(made, all))
        .with("months", phrase::count(figures.basis.months))
        .with("unknown", phrase::count(unknown))
}

fn key_figures(programme: &Programme, metrics: &Metrics, ledger: &Ledger) -> Vec<KeyFigure> {
    let now = metrics.now.and_then(|span| metrics.total.at(span));
    vec![
        verdict::key_figure(programme, now, metrics.now),
        saving_so_far(programme, metrics),
        covered(ledger),
        quarantined(ledger),
        outside(metrics, now),
    ]
}

fn saving_so_far(programme: &Programme, metrics: &Metrics) -> KeyFigure {
    let label = Phrase::new("overview.key_so_far");
    match price::saved_so_far(programme, &metrics.total) {
        Some((spans, range)) => {
            let key: TextKey = match spans.as_slice() {
                [_] => "overview.key_so_far_note_one",
                _ => "overview.key_so_far_note",
            };
            let all = metrics.total.spans.iter();
            let unknown = all.filter(|at| !at.unknown.is_nothing()).count();
            KeyFigure {
                label,
                value: best(range),
                note: Phrase::new(key)
                    .with("first", phrase::span(spans.first().copied()))
                    .with("last", phrase::span(spans.last().copied()))
                    .with("range", spread(range))
                    .with("level", price::level(programme)),
                standing: if unknown == 0 { Standing::Neutral } else { Standing::Unknown },
            }
        }
        None => KeyFigure {
            label,
            value: Value::Money(Known::Missing),
            note: Phrase::new("overview.key_so_far_none"),
            standing: Standing::Unknown,
        },
    }
}

fn covered(ledger: &Ledger) -> KeyFigure {
    let (delivered, awaited) = ledger.coverage.delivered();
    let share = i64::try_from(delivered)
        .ok()
        .zip(i64::try_from(awaited).ok())
        .and_then(|(part, whole)| Share::new(part, whole));
    KeyFigure {
        label: Phrase::new("overview.key_covered"),
        value: Value::Percent(share.map_or(Known::NotApplicable, Known::Value)),
        note: match share {
            Some(_) => Phrase::new("overview.key_covered_note")
                .with("deliveries", phrase::out_of(delivered, awaited)),
            None => Phrase::new("overview.key_covered_none"),
        },
        standing: Standing::Neutral,
    }
}

fn quarantined(ledger: &Ledger) -> KeyFigure {
    let balance = &ledger.balance;
    let key = if balance.refused_unreadable == 0 {
        "overview.key_refused_note"
    } else {
        "overview.key_refused_note_unreadable"
    };
    let lines = Phrase::new(key)
        .with("lines", phrase::lines(balance.lines.refused))
        .with("unreadable", phrase::lines(balance.refused_unreadable));
    let rejected = ledger.rejected();
    let whole = Phrase::new("trust.rejected").with("deliveries", phrase::deliveries(rejected));
    let (value, note) = match (balance.lines.refused, rejected) {
        (_, 0) => (trust::at_stake(balance), vec![lines]),
        // Deliveries refused whole have no lines: nothing of what they held is known.
        (0, _) => (Known::Missing, vec![whole]),
        (_, _) => (trust::at_stake(balance), vec![lines, whole]),
    };
    KeyFigure {
        label: Phrase::new("overview.key_refused"),
        value: Value::Money(value),
        note: phrase::sentences(note).expect("the note has a first sentence"),
        standing: if rejected == 0 { Standing::Neutral } else { Standing::Unknown },
    }
}

fn outside(metrics: &Metrics, now: Option<&SpanFigures>) -> KeyFigure {
    let label = Phrase::new("overview.key_unknown").with("span", phrase::span(metrics.now));
    match now {
        Some(figures) => {
            let unknown = figures.basis.unknown();
            KeyFigure {
                label,
                value: phrase::count(unknown),
                note: verdict::unknown_note(figures),
                standing: if unknown == 0 { Standing::Neutral } else { Standing::Unknown },
            }
        }
        None => KeyFigure {
            label,
            value: Value::Count(Known::Missing),
            note: Phrase::new("overview.no_figures"),
            standing: Standing::Unknown,
        },
    }
}

/// The saving of each pejlemærke, and of all together.
fn marks(programme: &Programme, metrics: &Metrics) -> Vec<Block> {
    let Some(now) = metrics.now else {
        return vec![Block::Text(Phrase::new("overview.no_figures"))];
    };
    let row = |label, figures| interval(label, price::saving_at(programme, figures));
    let mut rows: Vec<Interval> = programme
        .pejlemaerker
        .iter()
        .map(|mark| {
            let key = if mark.spending { "marks.row" } else { "marks.row_not_money" };
            let label = Phrase::new(key)
                .with("id", phrase::verbatim(&mark.id))
                .with("name", mark.name.clone());
            row(label, progress::figures_at(metrics, &mark.id, now))
        })
        .collect();
    rows.push(row(Phrase::new("marks.total"), metrics.total.at(now)));
    let unknown = rows.iter().filter(|row| row.span.is_none()).count();
    let headline = if unknown == 0 {
        Phrase::new("marks.headline")
    } else {
        Phrase::new("marks.headline_unknown").with("rows", phrase::out_of(unknown, rows.len()))
    };
    let told = FigureText {
        id: "pejlemaerker".to_owned(),
        headline: headline.with("span", Value::Span(now)),
        subtitle: Phrase::new("marks.subtitle")
            .with("span", Value::Span(now))
            .with("level", price::level(programme)),
        note: Phrase::new("marks.note").with("price", price::stated(programme)),
        caption: Phrase::new("marks.caption").with("span", Value::Span(now)),
    };
    vec![Block::Figure(intervals(told, rows))]
}
