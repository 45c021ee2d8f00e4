//! One delivery by itself: its facts, its refused lines and its account.

use crate::contract::compiled::Contract;
use crate::domain::delivery::DeliveryId;
use crate::domain::error::Error;
use crate::ingest::account::Read;
use crate::ingest::cache::{Kept, Memory};
use crate::ingest::delivery::Way;
use crate::source::input::Handed;
use crate::source::unreadable::unreadable;

pub(crate) mod account;
pub mod cache;
pub(crate) mod delivery;
pub mod delivery_account;
pub(crate) mod pack;
pub mod reread;
pub(crate) mod stated;
pub(crate) mod statement;

/// How deliveries are read.
pub(crate) struct Plan<'a> {
    pub(crate) way: Way,
    /// What is known of them from an earlier run.
    pub(crate) memory: Option<&'a Memory<'a>>,
}

impl Plan<'_> {
    pub(crate) fn of(way: Way) -> Plan<'static> {
        Plan { way, memory: None }
    }

    /// One delivery, and what to keep of it for the next run.
    pub(crate) fn read(
        &self,
        contracts: &[Contract],
        id: DeliveryId,
        handed: &Handed,
    ) -> Result<(Read, Option<Kept>), Error> {
        let Some(memory) = self.memory.filter(|_| handed.refused.is_none()) else {
            return Ok((delivery::read(contracts, id, handed, self.way)?, None));
        };
        let delivery = handed.delivery();
        let unreadable = |source| unreadable(delivery, source);
        if let Some((read, kept)) = memory.recall(id, delivery).map_err(unreadable)? {
            return Ok((read, Some(kept)));
        }
        let read = delivery::read(contracts, id, handed, self.way)?;
        let kept = memory.keep(delivery, &read).map_err(unreadable)?;
        Ok((read, kept))
    }
}
