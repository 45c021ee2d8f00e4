//! What is known of deliveries from an earlier run, so that one which is what it was is not read
//! anew. Why and how far: `docs/decisions/0016-a-delivery-is-remembered-by-its-bytes.md`.
//!
//! What is remembered is one file: a top, and a section for each delivery. The top has the hash of
//! itself and of every section; whatever does not match its hash is as if it were not there.

mod columns;
mod lines;
#[cfg(test)]
mod tests;

use crate::domain::quarantine::Common;
use crate::domain::source::{Content, Delivery, DeliveryId, Folder, Stamp};
use crate::ingest::DeliveryAccount;
use crate::ingest::account::Read;
use crate::ingest::control::Total;
use crate::ingest::remember::columns::Names;
use crate::ingest::remember::lines::Lines;
use crate::ingest::scan::{WINDOW, fill};
use blake3::{Hash, Hasher};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

/// What the file begins with. Another form gets another number.
const MARK: &[u8; 16] = b"gevinst kept  1\n";

/// When a delivery is taken for what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// When every byte of it is: its BLAKE3 is the one remembered.
    Bytes,
    /// When it has the size and the times it had; no byte of it is read.
    Times,
}

/// What an earlier run remembers of deliveries.
#[derive(Debug)]
pub struct Remembered {
    /// The code and the pipeline that made it.
    maker: Hash,
    bytes: Vec<u8>,
    /// By name of the delivery: what is remembered, and where its section stands.
    known: BTreeMap<String, (Entry, Range<usize>)>,
}

/// What is remembered of one delivery, its section aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    name: String,
    bytes: u64,
    /// BLAKE3, lower-case hex.
    blake3: String,
    stamp: Option<Stamp>,
    /// Length of the section, and its BLAKE3.
    length: usize,
    section: String,
}

/// What a section holds before its columns.
#[derive(Debug, Serialize, Deserialize)]
struct Head<A, Q> {
    account: A,
    quarantine: Q,
    trailer: Option<Total>,
    has_amounts: bool,
    names: Names,
}

/// One delivery as it is kept for the next run.
#[derive(Debug)]
pub(super) struct Kept {
    entry: Entry,
    /// The section; `None`: the one remembered.
    section: Option<Vec<u8>>,
}

impl Remembered {
    /// What these bytes remember of the deliveries of a pipeline: nothing at all when they are
    /// damaged, or were made by other code or from another definition. `code` is what tells one
    /// build from another.
    pub fn read(code: &str, definition: &Folder, bytes: Option<Vec<u8>>) -> Remembered {
        let maker = maker(code, definition);
        let bytes = bytes.unwrap_or_default();
        let known = entries(&maker, &bytes).unwrap_or_default();
        Remembered { maker, bytes, known }
    }

    /// What is remembered of a delivery, as if it were read now; `None` when it is not what it was.
    pub(super) fn recall(
        &self,
        id: DeliveryId,
        delivery: &Delivery,
        trust: Trust,
    ) -> io::Result<Option<(Read, Kept)>> {
        let Some((entry, place)) = self.known.get(&delivery.name) else {
            return Ok(None);
        };
        let stamp = delivery.content.stamp();
        let same = match trust {
            Trust::Times => stamp.is_some() && stamp == entry.stamp,
            Trust::Bytes => {
                delivery.content.size()? == Some(entry.bytes)
                    && hash(&*delivery.content)?.to_hex().as_str() == entry.blake3
            }
        };
        let section = self.bytes.get(place.clone()).filter(|_| same);
        let whole = |section: &&[u8]| blake3::hash(section).to_hex().as_str() == entry.section;
        let read = section.filter(whole).and_then(|section| open(id, section));
        let kept = || Kept { entry: Entry { stamp, ..entry.clone() }, section: None };
        Ok(read.map(|read| (read, kept())))
    }

    /// The bytes to remember next time; `None` when they are those of this time.
    pub(super) fn next(&self, kept: &[Kept]) -> Option<Vec<u8>> {
        let same = |kept: &Kept| {
            let before = self.known.get(&kept.entry.name);
            kept.section.is_none() && before.is_some_and(|(entry, _)| *entry == kept.entry)
        };
        if kept.len() == self.known.len() && kept.iter().all(same) && !self.bytes.is_empty() {
            return None;
        }
        let entries: Vec<&Entry> = kept.iter().map(|kept| &kept.entry).collect();
        let mut bytes = top(&self.maker, &entries);
        bytes.reserve(entries.iter().map(|entry| entry.length).sum());
        for Kept { entry, section } in kept {
            let before =
                || self.known.get(&entry.name).map(|(_, place)| &self.bytes[place.clone()]);
            bytes.extend_from_slice(section.as_deref().or_else(before).unwrap_or_default());
        }
        Some(bytes)
    }
}

/// What to keep of a delivery just read; `None` for one that is read anew each time: a correction
/// pack, a file of control totals, a file in a zip.
pub(super) fn keep(delivery: &Delivery, read: &Read) -> io::Result<Option<Kept>> {
    let account = &read.account;
    let ordinary = read.stated.is_empty() && !read.sidecar && read.pack.is_none();
    if !ordinary || delivery.content.size()? != Some(account.bytes) {
        return Ok(None);
    }
    let section = close(read);
    let entry = Entry {
        name: account.name.clone(),
        bytes: account.bytes,
        blake3: account.blake3.clone(),
        stamp: delivery.content.stamp(),
        length: section.len(),
        section: blake3::hash(&section).to_hex().to_string(),
    };
    Ok(Some(Kept { entry, section: Some(section) }))
}

/// The BLAKE3 of content.
fn hash(content: &dyn Content) -> io::Result<Hash> {
    let mut input = content.open()?;
    let mut hash = Hasher::new();
    let mut window = vec![0; WINDOW];
    loop {
        let length = fill(&mut input, &mut window)?;
        if length == 0 {
            return Ok(hash.finalize());
        }
        hash.update(&window[..length]);
    }
}

/// The BLAKE3 of the code and of every file of the definition, with names and lengths between, so
/// that no two definitions are the same bytes in a row.
fn maker(code: &str, definition: &Folder) -> Hash {
    let mut hash = Hasher::new();
    let parts = definition.files.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes]);
    for part in [code.as_bytes()].into_iter().chain(parts) {
        hash.update(&wide(part.len()).to_le_bytes());
        hash.update(part);
    }
    hash.finalize()
}

/// The top: mark, maker, length of the entries, the hash of what stands before and behind it, and
/// the entries.
fn top(maker: &Hash, entries: &[&Entry]) -> Vec<u8> {
    let entries = serde_json::to_vec(entries).expect("entries are text and numbers");
    let mut top = [MARK, &maker.as_bytes()[..]].concat();
    top.extend_from_slice(&wide(entries.len()).to_le_bytes());
    let hash = Hasher::new().update(&top).update(&entries).finalize();
    top.extend_from_slice(hash.as_bytes());
    top.extend_from_slice(&entries);
    top
}

/// The entries of a file, and where their sections stand; `None` when it is damaged or another's.
fn entries(maker: &Hash, bytes: &[u8]) -> Option<BTreeMap<String, (Entry, Range<usize>)>> {
    let mut rest = bytes;
    let before = rest.split_off(..MARK.len() + blake3::OUT_LEN + 8)?;
    let (own, length) = before.strip_prefix(MARK)?.split_at_checked(blake3::OUT_LEN)?;
    let length = usize::try_from(u64::from_le_bytes(length.try_into().ok()?)).ok()?;
    let hash = rest.split_off(..blake3::OUT_LEN)?;
    let listed = rest.split_off(..length)?;
    let found = Hasher::new().update(before).update(listed).finalize();
    if own != maker.as_bytes() || hash != found.as_bytes() {
        return None;
    }
    let listed: Vec<Entry> = serde_json::from_slice(listed).ok()?;
    let mut known = BTreeMap::new();
    let mut start = bytes.len() - rest.len();
    for entry in listed {
        let place = start..start.checked_add(entry.length)?;
        start = place.end;
        known.insert(entry.name.clone(), (entry, place));
    }
    (start == bytes.len()).then_some(known)
}

/// What was read of a delivery as a section: the length of its head, the head, and the columns.
fn close(read: &Read) -> Vec<u8> {
    let mut columns = Vec::new();
    let head = Head {
        names: columns::write(&read.facts, &mut columns),
        account: &read.account,
        quarantine: &read.quarantine,
        trailer: read.trailer,
        has_amounts: read.has_amounts,
    };
    let head = serde_json::to_vec(&head).expect("a head is text and numbers");
    [&wide(head.len()).to_le_bytes()[..], &head, &columns].concat()
}

/// What a section says of a delivery that has this number now.
fn open(id: DeliveryId, section: &[u8]) -> Option<Read> {
    let mut rest = section;
    let length = u64::from_le_bytes(*rest.split_off(..8)?.first_chunk()?);
    let head = rest.split_off(..usize::try_from(length).ok()?)?;
    let head: Head<DeliveryAccount, Lines> = serde_json::from_slice(head).ok()?;
    let facts = columns::read(&head.names, id, rest)?;
    let Lines(mut quarantine) = head.quarantine;
    for refused in &mut quarantine {
        refused.delivery = id;
    }
    Some(Read {
        facts,
        quarantine,
        account: DeliveryAccount { id, ..head.account },
        trailer: head.trailer,
        stated: Vec::new(),
        sidecar: false,
        pack: None,
        keys: BTreeMap::new(),
        has_amounts: head.has_amounts,
        common: Common::default(),
    })
}

fn wide(length: usize) -> u64 {
    u64::try_from(length).expect("a length fits u64")
}
