//! Facts to one reconciled table: what counts, what is superseded, who has not delivered.

use crate::domain::fact::Fact;
use crate::domain::id::{AuthorityId, ContractId};
use crate::domain::money::Oere;
use crate::domain::period::{Month, Period};
use crate::domain::quarantine::Quarantined;
use crate::ingest::DeliveryAccount;
use std::collections::BTreeMap;

/// The reconciled table: every line read is posted, superseded or refused, and counted once.
#[derive(Debug)]
pub struct Ledger {
    /// Facts that count, in key order (then delivery).
    pub posted: Vec<Fact>,
    /// Facts a later delivery replaced, in key order (then delivery).
    pub superseded: Vec<Fact>,
    /// Refused lines in (delivery, line) order.
    pub quarantine: Vec<Quarantined>,
    /// One account a delivery, in name order.
    pub deliveries: Vec<DeliveryPosting>,
    /// The balance of the whole run; proven when the ledger is made.
    pub balance: Balance,
    /// Who should have delivered what, and did.
    pub coverage: Coverage,
    /// The month the run looks back from: nothing later is awaited or compared.
    pub as_of: Month,
}

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

/// Who should have delivered, and who has.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// By contract, authority and awaited period: only contracts that await deliveries are here.
    pub cells: BTreeMap<(ContractId, AuthorityId, Period), CoverageState>,
}

/// Whether something awaited has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverageState {
    /// Lines are posted.
    Delivered,
    /// Something came, and every line of it was refused.
    Refused,
    /// Nothing came.
    Missing,
}

impl Coverage {
    /// Awaited cells delivered, and awaited cells in all.
    pub fn delivered(&self) -> (usize, usize) {
        let delivered = self
            .cells
            .values()
            .filter(|state| **state == CoverageState::Delivered)
            .count();
        (delivered, self.cells.len())
    }
}
