//! Deliveries held against each other: control totals, correction packs, one order.

mod claim;
mod correction;
pub(crate) mod corrector;
#[doc(hidden)]
pub mod fuzz;
mod gathered;
mod totals;

use crate::collect::gathered::{Gathered, Refused, held, take_off};
use crate::contract::compiled::{Contract, Layout};
use crate::domain::correction::Corrections;
use crate::domain::delivery::DeliveryId;
use crate::domain::error::Error;
use crate::domain::quarantine::{Quarantined, Reason};
use crate::facts::Facts;
use crate::ingest::Plan;
use crate::ingest::account::Read;
use crate::ingest::cache::{Kept, Memory};
use crate::ingest::delivery::{Way, unread};
use crate::ingest::delivery_account::DeliveryAccount;
use crate::source;
use crate::source::content::{Content, Delivery};
use crate::source::input::{Handed, hand_out, steady};
use crate::source::records::Row;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

/// Bytes of a range of a large delivery: many to a file worth cutting, and far more than it costs
/// to find where one begins.
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
    read_all(contracts, deliveries, &Plan::of(Way::Kernel { range: RANGE }), done)
        .map(|(ingested, _)| ingested)
}

/// The same, but that a delivery which is what it was is not read: what is remembered of it is
/// taken. What to remember next time is left in its place, and of other deliveries nothing.
///
/// - Keeps: what is ingested is what [`ingest`] would give, as long as a delivery that is taken for
///   what it was is that.
///
/// # Errors
/// As [`ingest`].
pub fn ingest_remembering(
    contracts: &[Contract],
    deliveries: &[Delivery],
    memory: &Memory,
    done: &(dyn Fn() + Sync),
) -> Result<Ingested, Error> {
    let plan = Plan { memory: Some(memory), ..Plan::of(Way::Kernel { range: RANGE }) };
    let (ingested, parts) = read_all(contracts, deliveries, &plan, done)?;
    memory.shelf.leave(&parts);
    Ok(ingested)
}

/// The same by the plain reader alone: what the kernel is held equal to.
///
/// # Errors
/// As [`ingest`].
#[doc(hidden)]
pub fn ingest_plainly(
    contracts: &[Contract],
    deliveries: &[Delivery],
    done: &(dyn Fn() + Sync),
) -> Result<Ingested, Error> {
    read_all(contracts, deliveries, &Plan::of(Way::Plain), done).map(|(ingested, _)| ingested)
}

/// The same with deliveries cut every `range` bytes: where they are cut does not show.
///
/// # Errors
/// As [`ingest`].
#[doc(hidden)]
pub fn ingest_in_ranges(
    contracts: &[Contract],
    deliveries: &[Delivery],
    range: u64,
) -> Result<Ingested, Error> {
    let plan = Plan::of(Way::Kernel { range });
    read_all(contracts, deliveries, &plan, &|| ()).map(|(ingested, _)| ingested)
}

/// The records of content by the layout alone: what the reader is held to known records through.
///
/// # Errors
/// As [`ingest`]; the inner error says why the content is refused whole.
#[doc(hidden)]
pub fn records(
    content: &dyn Content,
    layout: &Layout,
) -> std::io::Result<Result<Vec<(u32, Row)>, Reason>> {
    source::records::records(content, layout)
}

fn read_all(
    contracts: &[Contract],
    deliveries: &[Delivery],
    plan: &Plan,
    done: &(dyn Fn() + Sync),
) -> Result<(Ingested, BTreeSet<String>), Error> {
    let handed = hand_out(deliveries)?;
    claim::settle(contracts, &handed)?;
    let gathered = Gathered::default();
    let refused = Mutex::new(Refused::default());
    let mut each: Vec<(usize, (Read, Option<String>))> = order(&handed)
        .into_iter()
        .par_bridge()
        .map(|place| {
            let id = DeliveryId(u32::try_from(place).expect("under 2^32 deliveries"));
            let handed = &handed[place];
            let (mut read, kept) =
                match steady(handed.delivery(), || plan.read(contracts, id, handed)) {
                    Err(Error::Read { source, .. }) => {
                        (unread(contracts, id, handed.delivery(), &source), None)
                    }
                    read => read?,
                };
            let counts = !totals::may_hold_back(contracts, &read);
            let facts = if counts { std::mem::take(&mut read.facts) } else { Facts::default() };
            gathered.add(place, facts);
            held(&refused).add(place, std::mem::take(&mut read.quarantine));
            let part = kept.map(|Kept { part, bytes }| {
                if let Some((memory, bytes)) = plan.memory.zip(bytes) {
                    memory.shelf.put(&part, &bytes);
                }
                part
            });
            done();
            Ok((place, (read, part)))
        })
        .collect::<Result<_, Error>>()?;
    each.sort_unstable_by_key(|(place, _)| *place);
    let (mut each, parts): (Vec<Read>, Vec<Option<String>>) =
        each.into_iter().map(|(_, read)| read).unzip();
    let refused = refused.into_inner().unwrap_or_else(PoisonError::into_inner);
    let weights = refused.give_back(&mut each);
    totals::hold(contracts, &mut each);
    let mut facts = gathered.all();
    for read in &mut each {
        facts.append(std::mem::take(&mut read.facts));
    }
    facts = take_off(weights, &mut each, facts);
    let corrections = correction::apply(contracts, &handed, &mut each, &mut facts)?;
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

/// The order the deliveries are read in: their own, but that large ones are the first, so that no
/// thread is left alone with one of them in the end.
fn order(handed: &[Handed]) -> Vec<usize> {
    let size = |place: usize| handed[place].delivery().content.size().ok().flatten().unwrap_or(0);
    let all: u64 = (0..handed.len()).map(size).sum();
    let mut order: Vec<usize> = (0..handed.len()).collect();
    order.sort_by_cached_key(|place| {
        let size = size(*place);
        std::cmp::Reverse(if size > all / 16 { size } else { 0 })
    });
    order
}
