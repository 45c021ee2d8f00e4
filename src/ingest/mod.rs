//! One delivery by itself: its facts, its refused lines and its account.

use crate::contract::compiled::Contract;
use crate::domain::delivery::DeliveryId;
use crate::domain::error::Error;
use crate::ingest::account::DeliveryResult;
use crate::ingest::cache::{Cache, CacheEntry};
use crate::ingest::delivery::ReaderKind;
use crate::source::input::Input;
use crate::source::unreadable::unreadable;

pub(crate) mod account;
pub(crate) mod cache;
pub(crate) mod delivery;
pub(crate) mod delivery_account;
mod other_sheets;
pub(crate) mod pack;
mod repeated;
pub(crate) mod seen_line;
pub(crate) mod reread;
pub(crate) mod stated;
pub(crate) mod statement;

/// How deliveries are read.
pub(crate) struct ReadPlan<'a> {
    pub(crate) reader: ReaderKind,
    /// What is known of them from an earlier run.
    pub(crate) cache: Option<&'a Cache<'a>>,
}

impl ReadPlan<'_> {
    pub(crate) fn of(reader: ReaderKind) -> ReadPlan<'static> {
        ReadPlan { reader, cache: None }
    }

    /// One delivery, and what to keep of it for the next run.
    pub(crate) fn read(
        &self,
        contracts: &[Contract],
        id: DeliveryId,
        input: &Input,
    ) -> Result<(DeliveryResult, Option<CacheEntry>), Error> {
        let Some(cache) = self.cache.filter(|_| input.refused.is_none()) else {
            return Ok((delivery::read(contracts, id, input, self.reader)?, None));
        };
        let delivery = input.delivery();
        let unreadable = |source| unreadable(delivery, source);
        if let Some((read, entry)) = cache.lookup(id, delivery).map_err(unreadable)? {
            return Ok((read, Some(entry)));
        }
        let read = delivery::read(contracts, id, input, self.reader)?;
        let entry = cache.entry(delivery, &read).map_err(unreadable)?;
        Ok((read, entry))
    }
}
