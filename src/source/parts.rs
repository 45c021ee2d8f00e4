//! The parts of a workbook and its list of sheets: what the readers of both formats share.

use crate::source::archive::ZipMember;
use crate::source::bounds::Bound;
use crate::source::content::Content as _;
use crate::source::rows::SheetValue;
use crate::source::xml::Xml;
use std::collections::BTreeMap;
use std::io;

/// The parts of a workbook, by their names in lower case.
pub(crate) struct WorkbookParts(pub(super) BTreeMap<String, ZipMember>);

/// Which of the named sheets is read, by its place among them.
pub(crate) type SheetChooser<'a, T> = &'a dyn Fn(&[Tab]) -> Result<usize, T>;

impl WorkbookParts {
    /// Where a part stands; programs are not careful with capitals.
    pub(crate) fn get(&self, name: &str) -> Option<&ZipMember> {
        self.0.get(&name.to_lowercase())
    }

    /// A part as XML, of which there may be so much.
    pub(crate) fn open(&self, name: &str, bound: Bound) -> io::Result<Option<Xml>> {
        self.get(name).map(|part| Ok(Xml::of(part.open()?, bound))).transpose()
    }
}

/// A sheet as the workbook lists it.
#[derive(Debug, Clone)]
pub(crate) struct Tab {
    pub(crate) name: String,
    /// Whether no tab is shown for it.
    pub(crate) is_hidden: bool,
}

/// A cell of text; an empty one holds nothing.
pub(crate) fn text_of(text: &str) -> Option<SheetValue> {
    (!text.is_empty()).then(|| SheetValue::Text(text.to_owned()))
}
