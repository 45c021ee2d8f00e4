//! What a sender states of a delivery.

use serde::Deserialize;
use serde::Serialize;

/// What the sender says of one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Total {
    pub(crate) lines: Option<u32>,
    pub(crate) oere: Option<i64>,
}

/// One line of a file of control totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Statement {
    /// The delivery it speaks of.
    pub(crate) file: String,
    /// The line it stands on.
    pub(crate) line: u32,
    pub(crate) total: Total,
}
