//! Bytes to facts and quarantine.

use crate::domain::fact::Fact;
use crate::domain::id::ContractId;
use crate::domain::money::Oere;
use crate::domain::quarantine::Quarantined;
use crate::domain::source::DeliveryId;

/// Everything the deliveries said: facts, refused lines, and one account of each delivery.
#[derive(Debug, Default)]
pub struct Ingested {
    /// Facts in (delivery, key) order.
    pub facts: Vec<Fact>,
    /// Refused lines in (delivery, line) order.
    pub quarantine: Vec<Quarantined>,
    /// One account a delivery, in name order; `DeliveryId(n)` is the n-th.
    pub accounts: Vec<DeliveryAccount>,
}

/// What was read of one delivery.
#[derive(Debug, Clone)]
pub struct DeliveryAccount {
    /// Its number in the run.
    pub id: DeliveryId,
    /// Path relative to the delivery folder.
    pub name: String,
    /// The contract that claimed it; `None` when none did.
    pub contract: Option<ContractId>,
    /// Version from the file name; 1 when it gives none. A higher one is later.
    pub version: u32,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the bytes, lower-case hex.
    pub sha256: String,
    /// Encoding the bytes were read in.
    pub encoding: String,
    /// Data lines (records) read: accepted + refused.
    pub lines_read: u32,
    /// Data lines accepted.
    pub lines_accepted: u32,
    /// Data lines refused.
    pub lines_refused: u32,
    /// Blank lines and header, which are not data.
    pub lines_not_data: u32,
    /// Sum of the amounts on accepted lines.
    pub accepted: Oere,
    /// Sum of the readable amounts on refused lines.
    pub refused: Oere,
    /// Refused lines whose amount could not be read.
    pub refused_unreadable: u32,
    /// Set when the whole delivery is refused.
    pub rejected: bool,
}
