//! A cache of read deliveries: an unchanged one is not read again. Why, and what it may keep:
//! `docs/decisions/0016-a-delivery-is-remembered-by-its-bytes.md`.
//!
//! An entry holds the result of one delivery, and nothing of any other. It carries a hash of its
//! own bytes, of the code and of the pipeline that made it; an entry whose hashes do not match is
//! ignored.

mod columns;
mod lines;

use crate::domain::delivery::DeliveryId;
use crate::domain::folder::Folder;
use crate::domain::number::to_u64;
use crate::ingest::account::DeliveryResult;
use crate::ingest::cache::columns::NameTables;
use crate::ingest::cache::lines::CachedLines;
use crate::ingest::delivery_account::DeliveryAccount;
use crate::ingest::statement::Total;
use crate::source::content::{Delivery, Stamp};
use crate::source::scan::hash;
use blake3::{Hash, Hasher};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io;

/// The first bytes of an entry. A new format gets a new number.
const MARK: &[u8; 16] = b"gevinst kept  8\n";

/// When a delivery counts as unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    /// When its BLAKE3 is the one in its entry.
    Bytes,
    /// When its size and times are those in its entry; no byte of it is read.
    Times,
}

/// Where entries are stored, each under a name of 64 hex digits. Called from any thread.
pub(crate) trait CacheStore: Sync {
    /// The bytes stored under a name; `None` when there are none.
    fn get(&self, part: &str) -> Option<Vec<u8>>;
    /// Stores an entry. One that cannot be stored costs the next run a reading.
    fn put(&self, part: &str, bytes: &[u8]);
    /// Removes every entry but these.
    fn retain_only(&self, parts: &BTreeSet<String>);
}

/// The entries of earlier runs, and when a delivery counts as unchanged.
pub(crate) struct Cache<'a> {
    /// The code and the pipeline that made it.
    maker: Hash,
    trust: Trust,
    pub(crate) store: &'a dyn CacheStore,
}

/// The head of an entry, before its columns.
#[derive(Debug, Serialize, Deserialize)]
struct EntryHead<A, Q> {
    /// The hash of the delivery's name: the name itself may hold a personal number.
    name: String,
    account: A,
    stamp: Option<Stamp>,
    quarantine: Q,
    trailer: Option<Total>,
    has_amounts: bool,
    names: NameTables,
}

/// The entry of one delivery, for the next run.
#[derive(Debug)]
pub(crate) struct CacheEntry {
    /// The name it is stored under.
    pub(crate) part: String,
    /// Its bytes; `None`: the stored entry stays.
    pub(crate) bytes: Option<Vec<u8>>,
}

impl<'a> Cache<'a> {
    /// The cache of a pipeline. `code` tells one build from another: an entry of another build, or
    /// of another definition, is not used.
    pub(crate) fn new(
        code: &str,
        definition: &Folder,
        trust: Trust,
        store: &'a dyn CacheStore,
    ) -> Cache<'a> {
        Cache { maker: maker(code, definition), trust, store }
    }

    /// The result of an unchanged delivery; `None` when it has to be read.
    pub(crate) fn lookup(
        &self,
        id: DeliveryId,
        delivery: &Delivery,
    ) -> io::Result<Option<(DeliveryResult, CacheEntry)>> {
        let part = part(&delivery.name);
        let named = (id, delivery.name.as_str());
        let found = self.store.get(&part).and_then(|bytes| decode(&self.maker, named, &bytes));
        let Some((read, stamp)) = found else {
            return Ok(None);
        };
        let now = delivery.content.stamp();
        let same = match self.trust {
            Trust::Times => now.is_some() && now == stamp,
            Trust::Bytes => {
                delivery.content.size()? == Some(read.account.bytes)
                    && hash(&*delivery.content)?.to_hex().as_str() == read.account.blake3
            }
        };
        let moved = now != stamp;
        let entry = same
            .then(|| CacheEntry { part, bytes: moved.then(|| encode(&self.maker, &read, now)) });
        Ok(entry.map(|entry| (read, entry)))
    }

    /// What to keep of a delivery just read; `None` for one that is read anew each time: a
    /// correction pack, a file of control totals, a file in a zip.
    pub(crate) fn entry(
        &self,
        delivery: &Delivery,
        read: &DeliveryResult,
    ) -> io::Result<Option<CacheEntry>> {
        let ordinary = read.stated.is_empty() && !read.sidecar && read.pack.is_none();
        if !ordinary || delivery.content.size()? != Some(read.account.bytes) {
            return Ok(None);
        }
        let bytes = Some(encode(&self.maker, read, delivery.content.stamp()));
        Ok(Some(CacheEntry { part: part(&delivery.name), bytes }))
    }
}

/// The name of the part of a delivery.
fn part(delivery: &str) -> String {
    blake3::hash(delivery.as_bytes()).to_hex().to_string()
}

/// The BLAKE3 of the code and of every file of the definition, with names and lengths between, so
/// that no two definitions are the same bytes in a row.
fn maker(code: &str, definition: &Folder) -> Hash {
    let mut hash = Hasher::new();
    let parts = definition.files.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes]);
    for part in [code.as_bytes()].into_iter().chain(parts) {
        hash.update(&to_u64(part.len()).to_le_bytes());
        hash.update(part);
    }
    hash.finalize()
}

/// What was read of a delivery as a part: mark, maker, the hash of what stands before and behind
/// it, the length of the head, the head, and the columns.
fn encode(maker: &Hash, read: &DeliveryResult, stamp: Option<Stamp>) -> Vec<u8> {
    let mut columns = Vec::new();
    let head = EntryHead {
        name: part(&read.account.name),
        names: columns::write(&read.facts, &mut columns),
        account: &read.account,
        stamp,
        quarantine: &read.quarantine,
        trailer: read.trailer,
        has_amounts: read.has_amounts,
    };
    let head = postcard::to_stdvec(&head).expect("a head is text and numbers");
    let before = [MARK, &maker.as_bytes()[..]].concat();
    let behind = [&to_u64(head.len()).to_le_bytes()[..], &head, &columns].concat();
    let hash = Hasher::new().update(&before).update(&behind).finalize();
    [&before[..], hash.as_bytes(), &behind].concat()
}

/// What a part says of a delivery that has this number now and this name, and the stamp it had;
/// `None` when it is damaged or another's.
fn decode(
    maker: &Hash,
    (id, name): (DeliveryId, &str),
    bytes: &[u8],
) -> Option<(DeliveryResult, Option<Stamp>)> {
    let mut rest = bytes;
    let before = rest.split_off(..MARK.len() + blake3::OUT_LEN)?;
    let hash = rest.split_off(..blake3::OUT_LEN)?;
    let own = before.strip_prefix(MARK)? == maker.as_bytes();
    if !own || hash != Hasher::new().update(before).update(rest).finalize().as_bytes() {
        return None;
    }
    let length = u64::from_le_bytes(*rest.split_off(..8)?.first_chunk()?);
    let head = rest.split_off(..usize::try_from(length).ok()?)?;
    let head: EntryHead<DeliveryAccount, CachedLines> = postcard::from_bytes(head).ok()?;
    if head.name != part(name) {
        return None;
    }
    let facts = columns::read(&head.names, id, rest)?;
    let CachedLines(mut quarantine) = head.quarantine;
    for refused in &mut quarantine {
        refused.delivery = id;
    }
    let account = DeliveryAccount { id, name: name.to_owned(), ..head.account };
    let read =
        DeliveryResult::from_cache(account, facts, quarantine, (head.trailer, head.has_amounts));
    Some((read, head.stamp))
}
