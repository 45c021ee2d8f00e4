//! The report as web pages: one folder a language, no scripts, nothing fetched, works from disk.

mod edition;
mod table;
mod block;
mod shell;
mod csv;
#[cfg(test)]
mod tests;

use crate::domain::error::Error;
use crate::domain::language::Language;
use crate::domain::neutral;
use crate::report::document::{Block, Figure, Report};
use crate::write::chart;
use crate::write::html::edition::{Edition, csv_name, file_name, path, svg_name};
use crate::write::text::messages::texts;
use std::collections::BTreeMap;

/// The bytes of every page, drawing and figure table, by path relative to the report folder.
///
/// - Shape: `index.html` to choose a language; a language's pages in its folder (`da/index.html`),
///   each figure as `da/figurer/ID.svg` and `da/figurer/ID.csv`.
/// - Keeps: no hidden character but line feeds of our own, wherever a text comes from.
///
/// # Errors
/// [`Error::Encode`] when a chart cannot be drawn.
pub(crate) fn pages(
    report: &Report,
    languages: &[Language],
) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let mut files = BTreeMap::new();
    for language in languages {
        let texts = texts(*language, &report.unit);
        let mut drawings = BTreeMap::new();
        for figure in figures(report) {
            drawings.insert(figure.id.as_str(), chart::draw(figure, &texts)?);
            let table = csv::encode(&figure.table, *language, &texts);
            files.insert(path(*language, &csv_name(&figure.id)), table);
        }
        for (id, svg) in &drawings {
            files.insert(path(*language, &svg_name(id)), svg.clone().into_bytes());
        }
        let edition =
            Edition { report, language: *language, languages, texts: &texts, drawings: &drawings };
        for page in &report.pages {
            let html = neutral::lines(shell::page(&edition, page).into_string());
            files.insert(path(*language, &file_name(page)), html.into_bytes());
        }
    }
    if !languages.is_empty() {
        let html = neutral::lines(shell::chooser(report, languages).into_string());
        files.insert("index.html".to_owned(), html.into_bytes());
    }
    Ok(files)
}

fn figures(report: &Report) -> impl Iterator<Item = &Figure> {
    let blocks = report.pages.iter().flat_map(|page| &page.blocks);
    blocks.filter_map(|block| match block {
        Block::Figure(figure) => Some(figure),
        Block::Heading(_)
        | Block::Text(_)
        | Block::List(_)
        | Block::Notice(_)
        | Block::KeyFigures(_)
        | Block::Table(_) => None,
    })
}
