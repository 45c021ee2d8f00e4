//! What several data files say in words.

use crate::domain::delivery::DeliveryId;
use crate::ledger::Ledger;
use std::borrow::Cow;

/// A reason in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReasonText {
    /// What is wrong.
    pub reason: String,
    /// What the sender can do about it.
    pub help: String,
}

/// The name a delivery was handed over under, as it may be shown.
pub(super) fn delivery_name(ledger: &Ledger, id: DeliveryId) -> Cow<'_, str> {
    ledger.deliveries[id.place()].account.shown()
}
