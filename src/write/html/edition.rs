//! The report in one language, and what its files are called.

use crate::domain::language::Language;
use crate::report::document::{Page, Report};
use crate::write::text::messages::Texts;
use std::collections::BTreeMap;

/// The report in one language, with its charts drawn.
pub(crate) struct Edition<'a> {
    /// What is said.
    pub(crate) report: &'a Report,
    /// The language it is said in.
    pub(crate) language: Language,
    /// Every language the report is written in.
    pub(crate) languages: &'a [Language],
    /// The words.
    pub(crate) texts: &'a Texts,
    /// SVG by figure id.
    pub(crate) drawings: &'a BTreeMap<&'a str, String>,
}

/// A file of the language's folder, relative to the report folder.
pub(crate) fn path(language: Language, name: &str) -> String {
    format!("{}/{name}", language.tag())
}

/// A page's file, relative to the language's folder.
pub(crate) fn file_name(page: &Page) -> String {
    format!("{}.html", page.slug)
}

/// A figure's drawing, relative to the language's folder.
pub(crate) fn svg_name(figure: &str) -> String {
    format!("figurer/{figure}.svg")
}

/// A figure's numbers, relative to the language's folder.
pub(crate) fn csv_name(figure: &str) -> String {
    format!("figurer/{figure}.csv")
}
