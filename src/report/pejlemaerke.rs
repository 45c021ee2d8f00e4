//! A page a pejlemærke: its aims, its initiatives, its figures and the services behind them.

use crate::domain::known::Known;
use crate::domain::period::Span;
use crate::metrics::figures::{MarkFigures, Metrics, SpanFigures};
use crate::programme::model::{Initiative, Pejlemaerke, Programme, Weight};
use crate::report::document::{Block, KeyFigure, Page, Phrase, Standing, Table, Value};
use crate::report::finding::{SavingKeys, saving};
use crate::report::use_figures::{COMPLETION, DIGITAL, SATISFACTION};
use crate::report::{mark_figures, phrase, price, services, verdict};

const LEAD: SavingKeys =
    SavingKeys { saved: "mark.lead_saved", extra: "mark.lead_extra", open: "mark.lead_open" };

/// The file name of a pejlemærke's page: its id where that makes a file name, else its place.
pub(crate) fn slug(programme: &Programme, place: usize) -> String {
    let fit = |text: &str| {
        let sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        !text.is_empty() && text.chars().all(sound)
    };
    let all_fit = programme.pejlemaerker.iter().all(|mark| fit(mark.id.as_str()));
    match programme.pejlemaerker.get(place) {
        Some(mark) if all_fit => format!("pejlemaerke-{}", mark.id),
        Some(_) | None => format!("pejlemaerke-{}", place + 1),
    }
}

/// The page of the pejlemærke at `place` in the programme's list.
pub(crate) fn page(programme: &Programme, metrics: &Metrics, place: usize) -> Page {
    let mark = &programme.pejlemaerker[place];
    let slug = slug(programme, place);
    let none = MarkFigures::default();
    let all = metrics
        .pejlemaerker
        .iter()
        .find(|(id, _)| *id == mark.id)
        .map_or(&none, |(_, figures)| figures);
    let now = metrics.now.and_then(|span| all.at(span));
    let mut blocks = Vec::new();
    blocks.push(Block::KeyFigures(key_figures(programme, mark, now, metrics.now)));
    blocks.push(Block::Heading(Phrase::new("mark.aims")));
    blocks.extend(aims(mark));
    blocks.push(Block::Heading(Phrase::new("mark.figures")));
    blocks.extend(mark_figures::blocks(programme, mark, &slug, all, now));
    blocks.push(Block::Heading(Phrase::new("mark.services")));
    blocks.extend(services::blocks(programme, metrics, mark));
    blocks.push(Block::Heading(Phrase::new("mark.initiatives")));
    blocks.extend(initiatives(programme, mark));
    Page {
        slug,
        title: Phrase::new("mark.title")
            .with("id", phrase::verbatim(&mark.id))
            .with("name", mark.name.clone()),
        lead: lead(programme, mark, now),
        blocks,
    }
}

fn lead(programme: &Programme, mark: &Pejlemaerke, now: Option<&SpanFigures>) -> Phrase {
    if !mark.spending {
        return Phrase::new("mark.lead_not_money");
    }
    match now.and_then(|figures| price::saving_at(programme, Some(figures)).zip(Some(figures))) {
        Some((range, figures)) => saving(&LEAD, range)
            .with("span", Value::Span(figures.span))
            .with("level", price::level(programme)),
        None => Phrase::new("mark.lead_none"),
    }
}

fn key_figures(
    programme: &Programme,
    mark: &Pejlemaerke,
    now: Option<&SpanFigures>,
    span: Option<Span>,
) -> Vec<KeyFigure> {
    let mut all = Vec::new();
    if mark.spending {
        all.push(verdict::key_figure(programme, now, span));
        all.push(neutral(
            Phrase::new("mark.key_unit_cost"),
            Value::Index(now.map_or(Known::Missing, |figures| figures.unit_cost_index_ppm)),
            Phrase::new("mark.key_unit_cost_note"),
        ));
    }
    all.push(DIGITAL.key_figure(programme, now));
    if !mark.spending {
        all.push(COMPLETION.key_figure(programme, now));
        all.push(SATISFACTION.key_figure(programme, now));
    }
    all.push(unmeasured(mark, now));
    all
}

/// What is not known about a pejlemærke: aims without a measure, or comparisons without a saving.
fn unmeasured(mark: &Pejlemaerke, now: Option<&SpanFigures>) -> KeyFigure {
    if mark.spending {
        let unknown = now.map(|figures| i64::from(figures.basis.unknown()));
        return KeyFigure {
            label: Phrase::new("mark.key_unknown"),
            value: Value::Count(Known::from_option(unknown)),
            note: match now {
                Some(figures) => verdict::unknown_note(figures),
                None => Phrase::new("overview.no_figures"),
            },
            standing: match unknown {
                Some(0) => Standing::Neutral,
                Some(_) | None => Standing::Unknown,
            },
        };
    }
    KeyFigure {
        label: Phrase::new("mark.key_unmeasured"),
        value: phrase::count(mark.sub_aims.len()),
        note: Phrase::new("progress.sub_aims_why"),
        standing: if mark.sub_aims.is_empty() { Standing::Neutral } else { Standing::Unknown },
    }
}

fn neutral(label: Phrase, value: Value, note: Phrase) -> KeyFigure {
    KeyFigure { label, value, note, standing: Standing::Neutral }
}

/// The aims as the source words them, each said not to be measured on its own.
fn aims(mark: &Pejlemaerke) -> Vec<Block> {
    let source =
        Block::Text(Phrase::new("mark.source").with("source", phrase::source(&mark.source)));
    if mark.sub_aims.is_empty() {
        return vec![source, Block::Text(Phrase::new("mark.no_aims"))];
    }
    let measured_by = if mark.spending { "mark.aim_together" } else { "mark.aim_unmeasured" };
    let rows = mark
        .sub_aims
        .iter()
        .map(|aim| {
            vec![
                aim.name.clone().into(),
                phrase::word("standing.unknown"),
                phrase::word(measured_by),
                phrase::verbatim(&aim.source),
            ]
        })
        .collect();
    let table = Table {
        caption: Phrase::new("mark.aims_caption"),
        columns: phrase::columns(&["column.aim", "column.standing", "column.why", "column.source"]),
        rows,
    };
    vec![source, Block::Table(table)]
}

/// The initiatives that count towards the pejlemærke, and how much.
fn initiatives(programme: &Programme, mark: &Pejlemaerke) -> Vec<Block> {
    let rows: Vec<Vec<Value>> = programme
        .initiatives
        .values()
        .filter_map(|entry| {
            let weight = entry.weights.get(&mark.id)?;
            Some(initiative_row(programme, entry, weight))
        })
        .collect();
    if rows.is_empty() {
        return vec![Block::Text(Phrase::new("mark.no_initiatives"))];
    }
    let mut columns =
        phrase::columns(&["column.initiative", "column.title_status", "column.owner"]);
    if !programme.themes.is_empty() {
        columns.push(Phrase::new("column.theme"));
    }
    columns.extend(phrase::columns(&[
        "column.services",
        "column.weight",
        "column.weight_source",
        "column.source",
    ]));
    vec![
        Block::Text(Phrase::new("mark.initiatives_text")),
        Block::Table(Table { caption: Phrase::new("mark.initiatives_caption"), columns, rows }),
    ]
}

fn initiative_row(programme: &Programme, entry: &Initiative, weight: &Weight) -> Vec<Value> {
    let mut row = vec![
        phrase::initiative(programme, &entry.id),
        phrase::word(if entry.verified { "mark.title_verified" } else { "mark.title_made_up" }),
        phrase::verbatim(&entry.owner),
    ];
    if !programme.themes.is_empty() {
        let theme = entry
            .theme
            .as_ref()
            .and_then(|id| programme.themes.iter().find(|theme| theme.id == *id));
        row.push(match theme {
            Some(theme) => Value::Name(theme.name.clone()),
            None => phrase::word("mark.no_theme"),
        });
    }
    let followed = programme
        .services
        .entries
        .values()
        .filter(|service| service.initiative == entry.id)
        .count();
    row.push(if followed == 0 && !programme.services.open {
        phrase::word("mark.no_services")
    } else {
        phrase::count(followed)
    });
    row.push(services::weight(&weight.share));
    row.push(
        Phrase::new("mark.weight_source")
            .with("source", phrase::verbatim(&weight.source))
            .with("date", phrase::verbatim(&weight.date))
            .into(),
    );
    row.push(phrase::verbatim(&entry.source));
    row
}
