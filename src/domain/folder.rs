//! A folder of small text files, read whole.

use std::collections::BTreeMap;

/// A folder of small text files, read whole: a pipeline definition.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    /// The folder's name as it was given.
    pub name: String,
    /// Contents by path relative to the folder, with `/` between the parts.
    pub files: BTreeMap<String, Vec<u8>>,
}
