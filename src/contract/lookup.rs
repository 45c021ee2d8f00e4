//! What a contract's texts name: its own columns, measures, registers of the pipeline.

use crate::contract::compiled::{Column, Resource};
use crate::definition::located::Located;
use crate::definition::problems::Problems;
use crate::domain::measure::Measure;

/// The registers a column may be held against, by the names contracts use.
const REGISTERS: [(&str, Resource); 3] = [
    ("authorities", Resource::Authorities),
    ("services", Resource::Services),
    ("initiatives", Resource::Initiatives),
];

/// The place of a column in the contract, or a note that there is none.
pub(super) fn column(
    columns: &[Column],
    name: &Located<String>,
    problems: &mut Problems,
) -> Option<usize> {
    let found = columns.iter().position(|column| *column.name == *name.value);
    if found.is_none() {
        let names = columns.iter().map(|column| &*column.name);
        name.unknown("column of this contract", names, problems);
    }
    found
}

/// The measure a role names, or a note that there is none.
pub(super) fn measure(role: &Located<String>, problems: &mut Problems) -> Option<Measure> {
    let found = Measure::ALL.into_iter().find(|measure| measure.word() == role.value);
    if found.is_none() {
        role.unknown("measure", Measure::ALL.map(Measure::word), problems);
    }
    found
}

/// The register a resource names, or a note that there is none.
pub(super) fn register(name: &Located<String>, problems: &mut Problems) -> Option<Resource> {
    let found = REGISTERS.iter().find(|(word, _)| *word == name.value);
    if found.is_none() {
        name.unknown("register of the pipeline", REGISTERS.map(|(word, _)| word), problems);
    }
    found.map(|(_, register)| *register)
}
