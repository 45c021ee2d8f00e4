//! The pieces of a page: sections, figures, key figures, boxes.

use crate::domain::known::Known;
use crate::report::document::{
    Block, Figure, KeyFigure, Page, Phrase, Standing, Table, TextKey, Value,
};
use crate::report::standing_key;
use crate::write::html::edition::{Edition, csv_name, svg_name};
use crate::write::html::table;
use maud::{Markup, PreEscaped, html};

/// Rows past which a table is folded until it is asked for.
const LONG: usize = 30;

/// One section: its heading, if it has one, and what stands under it.
pub(crate) struct PageSection<'a> {
    /// Id to link to, and the heading.
    pub(crate) heading: Option<(String, &'a Phrase)>,
    blocks: Vec<&'a Block>,
}

/// Cuts a page at its headings.
pub(crate) fn sections(page: &Page) -> Vec<PageSection<'_>> {
    let mut sections = vec![PageSection { heading: None, blocks: Vec::new() }];
    for block in &page.blocks {
        match block {
            Block::Heading(heading) => {
                let id = anchor(heading.key);
                let same = |section: &&PageSection| {
                    section.heading.as_ref().is_some_and(|(_, other)| other.key == heading.key)
                };
                let earlier = sections.iter().filter(same).count();
                let id = if earlier == 0 { id } else { format!("{id}-{}", earlier + 1) };
                sections.push(PageSection { heading: Some((id, heading)), blocks: Vec::new() });
            }
            Block::Text(_)
            | Block::List(_)
            | Block::Notice(_)
            | Block::KeyFigures(_)
            | Block::Figure(_)
            | Block::Table(_) => {
                let section = sections.last_mut().expect("there is a first section");
                section.blocks.push(block);
            }
        }
    }
    sections
}

/// The id a heading is linked to by.
pub(crate) fn anchor(key: TextKey) -> String {
    key.replace(['.', '_'], "-")
}

/// Figures and tables are numbered through the page.
#[derive(Default)]
pub(crate) struct Numbering {
    figures: i64,
    tables: i64,
}

/// A section with its heading.
pub(crate) fn section(
    edition: &Edition<'_>,
    section: &PageSection<'_>,
    numbers: &mut Numbering,
) -> Markup {
    let headed = section.heading.is_some();
    let blocks: Vec<Markup> =
        section.blocks.iter().map(|block| piece(edition, block, headed, numbers)).collect();
    html! {
        @match &section.heading {
            Some((id, heading)) => section aria-labelledby=(id) {
                h2 id=(id) { (edition.texts.say(heading)) }
                @for block in &blocks { (block) }
            },
            None => @for block in &blocks { (block) },
        }
    }
}

fn piece(edition: &Edition<'_>, block: &Block, headed: bool, numbers: &mut Numbering) -> Markup {
    let texts = edition.texts;
    match block {
        Block::Heading(_) => html! {},
        Block::Text(text) => html! { p { (texts.say(text)) } },
        Block::List(items) => html! {
            ul { @for item in items { li { (texts.say(item)) } } }
        },
        Block::Notice(text) => html! {
            p.notice role="note" {
                strong { (texts.say(&Phrase::new("ui.notice"))) } " " (texts.say(text))
            }
        },
        Block::KeyFigures(all) => html! {
            dl.key-figures { @for one in all { (key_figure(edition, one)) } }
        },
        Block::Figure(one) => {
            numbers.figures += 1;
            figure(edition, one, headed, numbers.figures)
        }
        Block::Table(one) => {
            numbers.tables += 1;
            let id = format!("tabel-{}", numbers.tables);
            let set = table::table(one, &id, texts);
            html! {
                div.table {
                    p.number-label { (numbered(edition, "ui.table", numbers.tables)) }
                    @if one.rows.len() > LONG {
                        details {
                            summary {
                                (texts.say(&folded(one)))
                                ": " (texts.say(&one.caption))
                            }
                            (set)
                        }
                    } @else {
                        (set)
                    }
                }
            }
        }
    }
}

fn folded(table: &Table) -> Phrase {
    let rows = Value::Count(Known::from_option(table.rows.len().try_into().ok()));
    Phrase::new("ui.show_table").with("rows", rows)
}

fn numbered(edition: &Edition<'_>, key: TextKey, number: i64) -> String {
    let number = Value::Count(Known::Value(number));
    edition.texts.say(&Phrase::new(key).with("number", number))
}

fn key_figure(edition: &Edition<'_>, figure: &KeyFigure) -> Markup {
    let texts = edition.texts;
    let worded = match &figure.value {
        Value::Phrase(_) => true,
        Value::Money(_)
        | Value::Exact(_)
        | Value::Count(_)
        | Value::Percent(_)
        | Value::Ppm(_)
        | Value::Index(_)
        | Value::Headline(_)
        | Value::Month(_)
        | Value::Span(_)
        | Value::Name(_)
        | Value::Verbatim(_)
        | Value::Notice(_)
        | Value::Empty => false,
    };
    let standing = Phrase::new(standing_key(figure.standing));
    html! {
        div {
            dt { (texts.say(&figure.label)) }
            dd.value.worded[worded] { (texts.value(&figure.value)) }
            @if figure.standing != Standing::Neutral {
                dd.stands {
                    (texts.say(&Phrase::new("ui.standing"))) " "
                    (table::badge(figure.standing, &standing, texts))
                }
            }
            dd.rests-on { (texts.say(&figure.note)) }
        }
    }
}

fn figure(edition: &Edition<'_>, figure: &Figure, headed: bool, number: i64) -> Markup {
    let texts = edition.texts;
    let id = &figure.id;
    let heading = format!("{id}-h");
    let headline = texts.say(&figure.headline);
    let drawing = edition.drawings.get(id.as_str()).map_or("", String::as_str);
    html! {
        figure id=(id) aria-labelledby=(heading) {
            figcaption {
                p.number-label { (numbered(edition, "ui.figure", number)) }
                @if headed {
                    h3 id=(heading) { (headline) }
                } @else {
                    h2 id=(heading) { (headline) }
                }
                p.subtitle { (texts.say(&figure.subtitle)) }
            }
            // Our own drawing, escaped where it was made.
            div.drawing { (PreEscaped(drawing)) }
            p.note {
                strong { (texts.say(&Phrase::new("ui.source"))) } " " (texts.say(&figure.note))
            }
            details {
                summary { (texts.say(&Phrase::new("ui.show_data"))) }
                (table::table(&figure.table, &format!("{id}-tabel"), texts))
            }
            p.downloads {
                a href=(csv_name(id)) download { (texts.say(&Phrase::new("ui.csv"))) }
                " " span aria-hidden="true" { "·" } " "
                a href=(svg_name(id)) download { (texts.say(&Phrase::new("ui.svg"))) }
            }
        }
    }
}
