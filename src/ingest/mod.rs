//! Bytes to facts and quarantine.

mod above;
mod account;
mod archive;
pub(crate) mod bounds;
pub(crate) mod cell;
pub(crate) mod charset;
mod check;
mod claim;
mod container;
mod control;
mod correction;
pub(crate) mod corrector;
mod decode;
mod delivery;
mod evidence;
mod find;
#[doc(hidden)]
pub mod fuzz;
mod guard;
mod header;
mod identifier;
mod kernel;
mod line;
mod moment;
mod not_data;
mod ods;
mod pack;
pub(crate) mod privacy;
pub mod recall;
pub mod records;
mod reference;
pub mod remember;
mod scan;
mod sheet;
mod split;
mod stray;
mod tally;
mod text;
mod twice;
mod verdict;
mod workbook;
mod xlsx;
mod xml;

pub(crate) use crate::ingest::container::is_caught;

use crate::contract::compiled::{Contract, Layout};
use crate::contract::line_rule::NotData;
use crate::domain::coded::Shown;
use crate::domain::correction::Corrections;
use crate::domain::delivery::DeliveryId;
use crate::domain::error::Error;
use crate::domain::id::ContractId;
use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::neutral;
use crate::domain::number::to_u64;
use crate::domain::quarantine::{Quarantined, Reason};
use crate::domain::source::{Content, Delivery};
use crate::facts::Facts;
use crate::ingest::archive::Handed;
use crate::ingest::bounds::{Bound, LISTED, heaviest};
use crate::ingest::delivery::Way;
use crate::ingest::privacy::masked;
use crate::ingest::records::Row;
use crate::ingest::remember::{Kept, Memory};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

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

/// What was read of one delivery.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeliveryAccount {
    /// Its number in the run, which says nothing in the next one.
    #[serde(skip)]
    pub id: DeliveryId,
    /// Path relative to the delivery folder; [`DeliveryAccount::shown`] is for others to see. It is
    /// kept nowhere.
    #[serde(skip)]
    pub name: String,
    /// The contract that claimed it; `None` when none did.
    pub contract: Option<ContractId>,
    /// Version from the file name; 1 when it gives none. A higher one is later.
    pub version: u32,
    /// Size in bytes.
    pub bytes: u64,
    /// BLAKE3 of the bytes, lower-case hex.
    pub blake3: String,
    /// BLAKE3 of the bytes unpacked, where they are packed as one stream; else the same.
    pub content: String,
    /// Whether bytes stand behind the last line end, as in a file that was cut.
    pub open_end: bool,
    /// Numbers that rounding changed.
    pub rounded: Rounded,
    /// Encoding the bytes were read in.
    pub encoding: String,
    /// Data lines (records) read: accepted + refused.
    pub lines_read: u32,
    /// Data lines accepted.
    pub lines_accepted: u32,
    /// Data lines refused.
    pub lines_refused: u32,
    /// Data lines accepted as a correction pack has them, not as they were delivered.
    pub lines_corrected: u32,
    /// Lines that are not data: blank, header, totals stated, and what the contract declares.
    pub lines_not_data: u32,
    /// The same, by what they are; they add up to `lines_not_data`.
    pub not_data: BTreeMap<NotData, u32>,
    /// Sum of the amounts on accepted lines.
    pub accepted: Oere,
    /// Sum of the readable amounts on refused lines.
    pub refused: Oere,
    /// Refused lines that should carry an amount, and whose amount could not be read.
    pub refused_unreadable: u32,
    /// Set when the whole delivery is refused; one held back for its control total has all its
    /// lines in `lines_refused`.
    pub rejected: bool,
}

/// The name of a delivery as others may see it, cut short where it is long.
pub fn named(account: &DeliveryAccount) -> Shown {
    privacy::show(account.shown().as_bytes(), encoding_rs::UTF_8)
}

/// Numbers written finer than their unit, where the contract lets them be rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rounded {
    /// How many on accepted lines.
    pub cells: u32,
    /// What rounding added to the sum of amounts, in billionths of the currency unit.
    pub added: i64,
}

impl DeliveryAccount {
    /// Its name as it may be shown: what may be a personal number has stars for its digits, and no
    /// character acts. Two names may be shown alike.
    pub fn shown(&self) -> Cow<'_, str> {
        match masked(&self.name) {
            Cow::Borrowed(name) => neutral::shown(name),
            Cow::Owned(name) => neutral::shown(&name).into_owned().into(),
        }
    }

    /// Takes the amounts of so many refused lines, which are all there are, for unread: no sum can
    /// hold them.
    pub(crate) fn unread<'a>(
        &mut self,
        lines: u32,
        refused: impl IntoIterator<Item = &'a mut Quarantined>,
    ) {
        self.refused = Oere::ZERO;
        self.refused_unreadable = lines;
        for refused in refused {
            if refused.amount != Known::NotApplicable {
                refused.amount = Known::Missing;
            }
        }
    }
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
    records::records(content, layout)
}

/// How deliveries are read.
struct Plan<'a> {
    way: Way,
    /// What is known of them from an earlier run.
    memory: Option<&'a Memory<'a>>,
}

impl Plan<'_> {
    fn of(way: Way) -> Plan<'static> {
        Plan { way, memory: None }
    }

    /// One delivery, and what to keep of it for the next run.
    fn read(
        &self,
        contracts: &[Contract],
        id: DeliveryId,
        handed: &Handed,
    ) -> Result<(account::Read, Option<Kept>), Error> {
        let Some(memory) = self.memory.filter(|_| handed.refused.is_none()) else {
            return Ok((delivery::read(contracts, id, handed, self.way)?, None));
        };
        let delivery = handed.delivery();
        let unreadable = |source| delivery::unreadable(delivery, source);
        if let Some((read, kept)) = memory.recall(id, delivery).map_err(unreadable)? {
            return Ok((read, Some(kept)));
        }
        let read = delivery::read(contracts, id, handed, self.way)?;
        let kept = memory.keep(delivery, &read).map_err(unreadable)?;
        Ok((read, kept))
    }
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
    let mut each: Vec<(usize, (account::Read, Option<String>))> = order(&handed)
        .into_iter()
        .par_bridge()
        .map(|place| {
            let id = DeliveryId(u32::try_from(place).expect("under 2^32 deliveries"));
            let handed = &handed[place];
            let (mut read, kept) =
                match steady(handed.delivery(), || plan.read(contracts, id, handed)) {
                    Err(Error::Read { source, .. }) => {
                        (delivery::unread(contracts, id, handed.delivery(), &source), None)
                    }
                    read => read?,
                };
            let counts = !control::may_hold_back(contracts, &read);
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
    let (mut each, parts): (Vec<account::Read>, Vec<Option<String>>) =
        each.into_iter().map(|(_, read)| read).unzip();
    let refused = refused.into_inner().unwrap_or_else(PoisonError::into_inner);
    let weights = refused.give_back(&mut each);
    control::hold(contracts, &mut each);
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

/// Facts added up as they come, so that no delivery's are held twice, and in the order of the
/// deliveries, so that they need not be sorted.
#[derive(Default)]
struct Gathered {
    /// Those of deliveries whose turn is not yet.
    waiting: Mutex<BTreeMap<usize, Facts>>,
    sum: Mutex<Sum>,
}

/// The facts of the deliveries before one.
#[derive(Default)]
struct Sum {
    facts: Facts,
    /// The one whose turn is next.
    next: usize,
}

impl Gathered {
    fn add(&self, place: usize, facts: Facts) {
        held(&self.waiting).insert(place, facts);
        // Nobody waits for who adds up: what that one misses is for the next who comes.
        if let Ok(mut sum) = self.sum.try_lock() {
            sum.go_on(&self.waiting);
        }
    }

    fn all(self) -> Facts {
        let mut sum = self.sum.into_inner().unwrap_or_else(PoisonError::into_inner);
        sum.go_on(&self.waiting);
        sum.facts
    }
}

impl Sum {
    fn go_on(&mut self, waiting: &Mutex<BTreeMap<usize, Facts>>) {
        loop {
            let Some(facts) = held(waiting).remove(&self.next) else {
                return;
            };
            self.facts.append(facts);
            self.next += 1;
        }
    }
}

/// The refused lines of the deliveries read so far. Where they are more than a run holds, those of
/// the heaviest deliveries are forgotten but for the first: which deliveries that are in the end,
/// [`heaviest`] says of all of them, and no other can be among those that were forgotten before.
#[derive(Default)]
struct Refused {
    /// By place, with the bytes of all of them.
    lines: BTreeMap<usize, (u64, Vec<Quarantined>)>,
    /// The places whose lines are held, by weight.
    held: BTreeSet<(u64, usize)>,
    sum: u64,
}

impl Refused {
    fn add(&mut self, place: usize, lines: Vec<Quarantined>) {
        let weight = to_u64(bounds::held(&lines));
        self.lines.insert(place, (weight, lines));
        self.held.insert((weight, place));
        self.sum += weight;
        while self.sum > Bound::RunRefusedBytes.limit() {
            let Some((weight, place)) = self.held.pop_last() else { return };
            self.sum -= weight;
            if let Some((_, lines)) = self.lines.get_mut(&place) {
                lines.truncate(LISTED);
                lines.shrink_to_fit();
            }
        }
    }

    /// Gives each delivery its lines; says what all of them weigh.
    fn give_back(self, each: &mut [account::Read]) -> Vec<u64> {
        let mut weights = vec![0; each.len()];
        for (place, (weight, lines)) in self.lines {
            each[place].quarantine = lines;
            weights[place] = weight;
        }
        weights
    }
}

/// Refuses the deliveries whole that have more refused lines than a run can hold beside those of
/// the others; gives the facts of the rest.
fn take_off(weights: Vec<u64>, each: &mut [account::Read], facts: Facts) -> Facts {
    let now = |read: &account::Read| u64::try_from(bounds::held(&read.quarantine)).unwrap_or(0);
    let weights = weights.into_iter().zip(&*each).map(|(weight, read)| weight.max(now(read)));
    let over = heaviest(weights.zip(0..), Bound::RunRefusedBytes.limit());
    if over.is_empty() {
        return facts;
    }
    for place in &over {
        each[*place].take_off(Bound::RunRefusedBytes);
    }
    let counts: Vec<bool> =
        facts.iter().map(|fact| over.binary_search(&fact.delivery.place()).is_err()).collect();
    facts.part(&counts).0
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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

/// What was read of a delivery, if it is still what it was. One that changed says nothing, whatever
/// the reading of it came to: its bytes are of no one file.
fn steady<T>(delivery: &Delivery, read: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let read = read();
    let unreadable = |source| delivery::unreadable(delivery, source);
    delivery.content.unchanged().map_err(unreadable)?;
    read
}

/// The deliveries as they are read: the files of a zip in its place, all in name order.
fn hand_out(deliveries: &[Delivery]) -> Result<Vec<Handed<'_>>, Error> {
    let unpacked: Vec<Vec<Handed>> = deliveries
        .par_iter()
        .map(|delivery| {
            let unreadable = |source| delivery::unreadable(delivery, source);
            match steady(delivery, || archive::unpack(delivery).map_err(unreadable)) {
                Err(Error::Read { source, .. }) => {
                    Ok(vec![Handed::itself(delivery, Some(delivery::refusal(&source)))])
                }
                unpacked => unpacked,
            }
        })
        .collect::<Result<_, _>>()?;
    let mut handed: Vec<Handed> = unpacked.into_iter().flatten().collect();
    if handed.len() != deliveries.len() {
        handed.sort_by(|one, other| one.delivery().name.cmp(&other.delivery().name));
    }
    Ok(handed)
}
