//! The number of a delivery in a run.

use crate::domain::number::to_usize;
/// Number of a delivery in the run: its place in name order, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct DeliveryId(pub u32);

impl DeliveryId {
    /// The delivery's place among the accounts and postings of its run.
    pub fn place(self) -> usize {
        to_usize(self.0)
    }
}
