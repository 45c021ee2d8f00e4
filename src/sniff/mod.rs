//! An unknown file to a contract ready to edit: every guess with its evidence, every doubt marked.

mod column;
mod date;
mod doubt;
mod encoding;
mod names;
mod note;
mod number;
mod propose;
mod records;
mod render;
mod side;
pub(crate) mod sniffed;
mod survey;
mod text;
mod values;
mod when;
mod words;

pub use crate::sniff::render::render;

use crate::domain::error::Error;
use crate::sniff::sniffed::Sniffed;
use crate::source::content::Content;
use std::io;

/// Looks at a file and proposes a contract for it.
///
/// - Shape: columns in the file's order; every question that the bytes could not decide is a note
///   with `check` set. What is undecided is proposed so that it refuses lines, never so that it
///   could post them wrongly.
/// - Looks at all bytes for encoding and line ends, at the first 2 MiB (at most 20,000 records) for
///   all else.
///
/// # Errors
/// [`Error::Read`] when the file cannot be read, [`Error::Changed`] when it was written to
/// meanwhile, [`Error::Nothing`] when it is empty, no table, or has a line no delivery may have.
pub fn sniff(name: &str, content: &dyn Content) -> Result<Sniffed, Error> {
    let help = "check that the file is there and that you may read it";
    let unreadable = |source: io::Error| Error::reading(name.into(), source, help);
    let survey = survey::survey(content.open().map_err(unreadable)?).map_err(unreadable)?;
    content.unchanged().map_err(unreadable)?;
    if survey.bytes == 0 {
        return Err(Error::Nothing {
            what: format!("`{}` is empty", note::safe(name)),
            help: "ask the sender for the file again",
        });
    }
    if let Some(kind) = survey::no_table(name, &survey) {
        return Err(Error::Nothing {
            what: format!("`{}` is no table of text but {kind}", note::safe(name)),
            help: if matches!(kind, "a workbook" | "Excel 97") {
                "open the workbook and save the sheet as CSV to sniff it; a contract reads .xlsx \
                 and .ods as they are"
            } else if matches!(kind, "HTML" | "JSON") {
                "it may be a page to sign in on, or an error in place of the file: fetch it again"
            } else {
                "unpack it or save it as CSV, and sniff that"
            },
        });
    }
    let encoding = encoding::guess(&survey);
    if let Some(bound) = records::too_large(&encoding.text) {
        return Err(Error::Nothing {
            what: format!(
                "`{}` has a line that is larger than any may be: the bound `{}` is {}",
                note::safe(name),
                bound.name(),
                bound.limit()
            ),
            help: "look for a line end that is missing or another than the sender says",
        });
    }
    let table = records::table(&encoding.text);
    Ok(propose::propose(name, &survey, encoding, &table))
}

#[cfg(test)]
mod tests;
