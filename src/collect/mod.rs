//! Deliveries held against each other: control totals, correction packs, one order.

#[cfg(test)]
mod cache_tests;
mod claim;
mod correction;
pub(crate) mod corrector;
#[doc(hidden)]
pub(crate) mod fuzz;
mod gathered;
#[cfg(test)]
mod kernel_tests;
#[cfg(test)]
pub(crate) mod kit;
#[cfg(test)]
mod sheet_tests;
mod totals;

use crate::collect::gathered::{Gathered, RefusedLines, held, take_off};
use crate::contract::compiled::{Contract, Layout};
use crate::domain::correction::Corrections;
use crate::domain::delivery::DeliveryId;
use crate::domain::error::Error;
use crate::domain::quarantine::{Quarantined, Reason};
use crate::facts::Facts;
use crate::ingest::ReadPlan;
use crate::ingest::account::DeliveryResult;
use crate::ingest::cache::{Cache, CacheEntry};
use crate::ingest::delivery::{ReaderKind, unread};
use crate::ingest::delivery_account::DeliveryAccount;
use crate::source;
use crate::source::content::{Content, Delivery};
use crate::source::input::{Input, expand_archives, fail_if_changed};
use crate::source::records::TextRecord;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Bytes of a range of a large delivery: small enough to give every thread several, and large
/// beside the 16 KiB it takes to find where one begins.
const RANGE: u64 = 2 << 20;

/// Everything the deliveries said: facts, refused lines, and one account of each delivery.
#[derive(Debug, Default)]
pub struct Ingested {
    /// Facts in (delivery, key) order.
    pub facts: Facts,
    /// Refused lines in (delivery, line) order.
    pub quarantine: Vec<Quarantined>,
    /// What correction packs came to.
    pub corrections: Corrections,
    /// One account a delivery, in name order; `DeliveryId(n)` is the n-th.
    pub accounts: Vec<DeliveryAccount>,
}

/// Reads every delivery against the contract that claims it; keeps what holds, refuses the rest.
///
/// - Shape: facts in (delivery, key) order, refused lines in (delivery, line) order, on any number
///   of threads. `done` is called once a delivery, from any thread, for a progress bar.
/// - Units: amounts in øre; hours in hundredths; everything else in ones.
/// - Keeps: for each delivery, `lines_read == lines_accepted + lines_refused`, and each accepted
///   line is counted in exactly one fact. Nothing is dropped or guessed.
///
/// # Errors
/// Only when a delivery changes while it is read. One that cannot be read is refused whole, and
/// what its bytes say is never an error.
pub fn ingest(
    contracts: &[Contract],
    deliveries: &[Delivery],
    done: &(dyn Fn() + Sync),
) -> Result<Ingested, Error> {
    read_all(contracts, deliveries, &ReadPlan::of(ReaderKind::Kernel { range: RANGE }), done)
        .map(|(ingested, _)| ingested)
}

/// Like [`ingest`], but takes unchanged deliveries from the cache, and leaves in it the entries of
/// these deliveries and no others.
///
/// - Keeps: the result is that of [`ingest`], as long as a delivery that counts as unchanged is.
///
/// # Errors
/// As [`ingest`].
pub(crate) fn ingest_with_cache(
    contracts: &[Contract],
    deliveries: &[Delivery],
    cache: &Cache,
    done: &(dyn Fn() + Sync),
) -> Result<Ingested, Error> {
    let plan = ReadPlan { cache: Some(cache), ..ReadPlan::of(ReaderKind::Kernel { range: RANGE }) };
    let (ingested, parts) = read_all(contracts, deliveries, &plan, done)?;
    cache.store.retain_only(&parts);
    Ok(ingested)
}

/// Like [`ingest`], by the plain reader alone. Tests hold the kernel equal to it.
///
/// # Errors
/// As [`ingest`].
#[doc(hidden)]
pub fn ingest_plainly(
    contracts: &[Contract],
    deliveries: &[Delivery],
    done: &(dyn Fn() + Sync),
) -> Result<Ingested, Error> {
    read_all(contracts, deliveries, &ReadPlan::of(ReaderKind::Plain), done)
        .map(|(ingested, _)| ingested)
}

/// Like [`ingest`], with deliveries cut every `range` bytes. Tests hold that a cut never shows.
///
/// # Errors
/// As [`ingest`].
#[doc(hidden)]
pub fn ingest_in_ranges(
    contracts: &[Contract],
    deliveries: &[Delivery],
    range: u64,
) -> Result<Ingested, Error> {
    let plan = ReadPlan::of(ReaderKind::Kernel { range });
    read_all(contracts, deliveries, &plan, &|| ()).map(|(ingested, _)| ingested)
}

/// The records of content by the layout alone. Tests hold the reader to known records.
///
/// # Errors
/// As [`ingest`]; the inner error says why the content is refused whole.
#[doc(hidden)]
pub fn records(
    content: &dyn Content,
    layout: &Layout,
) -> std::io::Result<Result<Vec<(u32, TextRecord)>, Reason>> {
    source::records::records(content, layout)
}

fn read_all(
    contracts: &[Contract],
    deliveries: &[Delivery],
    plan: &ReadPlan,
    done: &(dyn Fn() + Sync),
) -> Result<(Ingested, BTreeSet<String>), Error> {
    let inputs = expand_archives(deliveries)?;
    claim::settle(contracts, &inputs)?;
    let gathered = Gathered::default();
    let refused = Mutex::new(RefusedLines::default());
    let mut each: Vec<(usize, (DeliveryResult, Option<String>))> = order(&inputs)
        .into_iter()
        .par_bridge()
        .map(|number| {
            let id = DeliveryId(u32::try_from(number).expect("under 2^32 deliveries"));
            let input = &inputs[number];
            let (mut read, entry) =
                match fail_if_changed(input.delivery(), || plan.read(contracts, id, input)) {
                    Err(Error::Read { source, .. }) => {
                        (unread(contracts, id, input.delivery(), &source), None)
                    }
                    read => read?,
                };
            let counts = !totals::may_hold_back(contracts, &read);
            let facts = if counts { std::mem::take(&mut read.facts) } else { Facts::default() };
            gathered.add(number, facts);
            held(&refused).add(number, std::mem::take(&mut read.quarantine));
            let part = entry.map(|CacheEntry { part, bytes }| {
                if let Some((cache, bytes)) = plan.cache.zip(bytes) {
                    cache.store.put(&part, &bytes);
                }
                part
            });
            done();
            Ok((number, (read, part)))
        })
        .collect::<Result<_, Error>>()?;
    each.sort_unstable_by_key(|(number, _)| *number);
    let (mut each, parts): (Vec<DeliveryResult>, Vec<Option<String>>) =
        each.into_iter().map(|(_, read)| read).unzip();
    let refused = refused.into_inner().unwrap_or_else(PoisonError::into_inner);
    let weights = refused.give_back(&mut each);
    totals::hold(contracts, &mut each);
    let mut facts = gathered.all();
    for read in &mut each {
        facts.append(std::mem::take(&mut read.facts));
    }
    facts = take_off(weights, &mut each, facts);
    let corrections = correction::apply(contracts, &inputs, &mut each, &mut facts)?;
    facts.sort_by_delivery();
    let mut accounts = Vec::with_capacity(each.len());
    let mut quarantine = Vec::new();
    for read in each {
        quarantine.extend(read.quarantine);
        accounts.push(read.account);
    }
    // In place: a line is refused once, so that no two are equal in this.
    quarantine.sort_unstable_by_key(|refused| (refused.delivery, refused.line));
    quarantine.shrink_to_fit();
    let ingested = Ingested { facts, quarantine, corrections, accounts };
    Ok((ingested, parts.into_iter().flatten().collect()))
}

/// The order the deliveries are read in: large ones first, so that no thread ends the run alone
/// with one of them; the others by name.
fn order(inputs: &[Input]) -> Vec<usize> {
    let size = |number: usize| inputs[number].delivery().content.size().ok().flatten().unwrap_or(0);
    let all: u64 = (0..inputs.len()).map(size).sum();
    let mut order: Vec<usize> = (0..inputs.len()).collect();
    order.sort_by_cached_key(|number| {
        let size = size(*number);
        std::cmp::Reverse(if size > all / 16 { size } else { 0 })
    });
    order
}
