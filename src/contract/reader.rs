//! Notes what is wrong with a contract, each with its place.

use crate::contract::compiled::{Column, Resource};
use crate::domain::error::Problem;
use crate::domain::measure::Measure;
use crate::domain::place::Place;
use std::ops::Range;
use toml::Spanned;

/// Collects problems in one contract file.
pub(super) struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    /// Every problem so far.
    pub(super) problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Reader<'a> {
        Reader { file, text, problems: Vec::new() }
    }

    /// The place of a byte of the file.
    pub(super) fn place(&self, offset: usize) -> Place {
        Place::of(self.file, self.text, offset)
    }

    /// Notes a problem at a byte range.
    pub(super) fn problem(&mut self, span: Range<usize>, problem: String, help: &str) {
        let place = self.place(span.start);
        self.problems.push(Problem { place, problem, help: help.to_owned() });
    }

    /// Notes a problem with a value.
    pub(super) fn at(&mut self, value: &Spanned<String>, problem: &str, help: &str) {
        self.problem(value.span(), problem.to_owned(), help);
    }

    /// Notes that a value names nothing that exists.
    pub(super) fn unknown(&mut self, value: &Spanned<String>, what: &str, help: &str) {
        let problem = format!("`{}` is no {what}", value.get_ref());
        self.problem(value.span(), problem, help);
    }

    /// The place of a column in the contract, or a note that there is none.
    pub(super) fn column(&mut self, columns: &[Column], name: &Spanned<String>) -> Option<usize> {
        let found = columns.iter().position(|column| *column.name == **name.get_ref());
        if found.is_none() {
            self.unknown(name, "column of this contract", "use a `name` from `[[schema.fields]]`");
        }
        found
    }

    /// The measure a role names, or a note that there is none.
    pub(super) fn measure(&mut self, role: &Spanned<String>) -> Option<Measure> {
        let found = Measure::ALL.into_iter().find(|measure| measure.word() == role.get_ref());
        if found.is_none() {
            let words: Vec<_> = Measure::ALL.into_iter().map(Measure::word).collect();
            self.unknown(role, "measure", &format!("use one of {}", words.join(", ")));
        }
        found
    }
}

/// The register a resource name stands for.
pub(super) fn resource(name: &str) -> Option<Resource> {
    match name {
        "authorities" => Some(Resource::Authorities),
        "services" => Some(Resource::Services),
        "initiatives" => Some(Resource::Initiatives),
        _ => None,
    }
}
