//! An unknown file to a contract ready to edit: every guess with its evidence, every doubt marked.

mod column;
mod date;
mod doubt;
mod encoding;
mod names;
mod note;
mod number;
mod open;
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
use crate::domain::quarantine::Reason;
use crate::sniff::sniffed::Sniffed;
use crate::source::content::Content;
use std::io;

/// Looks at a file and proposes a contract for it. The file is opened as `ingest` opens a delivery
/// of its name: what is packed is unpacked, of a zip the first table is looked at, of a workbook
/// the first sheet.
///
/// - Shape: columns in the file's order; every question that the bytes could not decide is a note
///   with `check` set. What is undecided is proposed so that it refuses lines, never so that it
///   could post them wrongly.
/// - Looks at all bytes for encoding and line ends, at the first 2 MiB (at most 20,000 records) for
///   all else.
///
/// # Errors
/// [`Error::Read`] when the file cannot be read, [`Error::Changed`] when it was written to
/// meanwhile, [`Error::Nothing`] when it would be refused whole whatever the contract says: it is
/// empty, no table, damaged, or passes a bound.
pub fn sniff(name: &str, content: &dyn Content) -> Result<Sniffed, Error> {
    let help = "check that the file is there and that you may read it";
    let unreadable = |source: io::Error| Error::reading(name.into(), source, help);
    let looked = open::look(name, content);
    content.unchanged().map_err(unreadable)?;
    looked.map_err(unreadable)?.map_err(|reason| turned_away(name, reason.as_ref()))
}

/// What is said of a file no contract can be proposed for; no reason is that of a correction pack.
fn turned_away(name: &str, reason: Option<&Reason>) -> Error {
    let name = note::safe(name);
    let detail = |key| reason.and_then(|reason| reason.detail(key)).unwrap_or_default();
    let (found, again) = (detail("found"), "ask the sender for the file again");
    let (what, help) = match reason.map(Reason::code) {
        None => ("is a correction pack".to_owned(), "deliver it: it is read without a contract"),
        Some("Q001") => ("is empty".to_owned(), again),
        Some("Q002") => ("has no sheet with anything in it".to_owned(), again),
        Some("Q003") => (format!("is no table of text but {found}"), help_for(&found)),
        Some("Q009") => (
            format!("is damaged, cut short or no {}", detail("container")),
            "ask the sender for the file again, named by what it is",
        ),
        Some("Q013") => (
            format!(
                "is larger than a delivery may be: the bound `{}` is {}",
                detail("bound"),
                detail("limit")
            ),
            "look for a line end that is missing or another than the sender says",
        ),
        Some("Q017") => (
            format!("is named .{} and is {found}", detail("expected")),
            "give it the ending of what it is, and sniff that",
        ),
        Some(_) => (
            format!("is in no encoding that is read: line {} has {found}", detail("line")),
            "ask the sender for UTF-8",
        ),
    };
    Error::Nothing { what: format!("`{name}` {what}"), help }
}

/// What to do with a file that is of this kind.
fn help_for(kind: &str) -> &'static str {
    match kind {
        "HTML" | "JSON" => {
            "it may be a page to sign in on, or an error in place of the file: fetch it again"
        }
        "zip" | "gzip" | "zstd" => "name it by what it is (.zip, .gz, .zst), and sniff that",
        "Excel 97" => "open it, save it as .xlsx or the sheet as CSV, and sniff that",
        _ => "save it as CSV, and sniff that",
    }
}

#[cfg(test)]
mod tests;
