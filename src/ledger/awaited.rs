//! Who should have delivered, and what of it came.

use crate::domain::id::{AuthorityId, ContractId};
use crate::domain::period::Period;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

/// Who should have delivered, and who has.
#[derive(Debug, Clone, Default)]
pub struct Coverage {
    /// By kind of contract, authority and awaited period: only contracts that await deliveries are
    /// here.
    pub cells: BTreeMap<(ContractId, AuthorityId, Period), CoverageState>,
    /// The contracts of those kinds.
    pub awaited: BTreeSet<ContractId>,
}

/// Whether something awaited has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverageState {
    /// Lines are posted, of each service that is awaited.
    Delivered,
    /// Lines are posted, and none of a service that is awaited.
    Incomplete,
    /// Something came, and every line of it was refused.
    Refused,
    /// Nothing came.
    Missing,
}

impl Coverage {
    /// Awaited cells delivered, and awaited cells in all.
    pub fn delivered(&self) -> (usize, usize) {
        let delivered =
            self.cells.values().filter(|state| **state == CoverageState::Delivered).count();
        (delivered, self.cells.len())
    }
}
