//! Numbers written finer than their unit.

use serde::Deserialize;
use serde::Serialize;

/// Numbers written finer than their unit, where the contract lets them be rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rounded {
    /// How many on accepted lines.
    pub cells: u32,
    /// What rounding added to the sum of amounts, in billionths of the currency unit.
    pub added: i64,
}
