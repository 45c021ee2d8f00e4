//! An accepted line as it was read, and which of them stand in their delivery again.

use serde::{Deserialize, Serialize};

/// Lines that stand in a delivery again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepeatedLines {
    /// How many.
    pub lines: u32,
    /// The first of them.
    pub first: u32,
    /// Where that one stood before.
    pub before: u32,
    /// What stands on them, in øre; `None` where they have no amounts.
    pub oere: Option<i64>,
}

/// An accepted line, as it was read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SeenLine {
    /// Its bytes, as a hash.
    pub(crate) hash: u64,
    /// Its number.
    pub(crate) line: u32,
    /// Its amount in øre.
    pub(crate) oere: Option<i64>,
}

impl SeenLine {
    /// A line of these bytes.
    pub(crate) fn new(bytes: &[u8], line: u32, oere: Option<i64>) -> SeenLine {
        let own = bytes.trim_ascii_end();
        let hash =
            blake3::hash(own).as_bytes().first_chunk().map_or(0, |own| u64::from_le_bytes(*own));
        SeenLine { hash, line, oere }
    }
}
