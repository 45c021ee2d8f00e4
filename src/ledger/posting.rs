//! What one delivery came to, and how a run balances.

use crate::domain::money::Oere;
use crate::ingest::delivery_account::DeliveryAccount;

/// What became of one delivery.
#[derive(Debug, Clone)]
pub struct DeliveryPosting {
    /// What was read.
    pub account: DeliveryAccount,
    /// Its balance.
    pub balance: Balance,
}

/// read = posted + superseded + refused, in lines and in øre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Balance {
    /// Data lines.
    pub lines: Quantities<u32>,
    /// Amounts; `refused` holds the readable ones.
    pub oere: Quantities<Oere>,
    /// Refused lines whose amount could not be read: in `lines.refused`, not in `oere.refused`.
    pub refused_unreadable: u32,
    /// Sum of absolute readable amounts on refused lines: what is at stake.
    pub refused_absolute: Oere,
}

/// One quantity by what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quantities<T> {
    /// All of it.
    pub read: T,
    /// What counts.
    pub posted: T,
    /// What a later delivery replaced.
    pub superseded: T,
    /// What failed.
    pub refused: T,
}
