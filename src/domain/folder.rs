//! A folder of small text files, read whole.

use std::collections::BTreeMap;

/// A folder of small text files, read whole: a pipeline definition.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    /// How the folder was named by whoever asked for it.
    pub name: String,
    /// Contents by path relative to the folder, with `/` between the parts.
    pub files: BTreeMap<String, Vec<u8>>,
}
