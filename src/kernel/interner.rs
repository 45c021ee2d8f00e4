//! Bytes to small numbers: which values have been met, found again without a comparison of texts.

use crate::domain::number::to_usize;
use crate::kernel::batch::{CellColumn, MOST};
use crate::kernel::window::{CellBytes, SHORT};
use std::collections::BTreeMap;

/// Places looked at before a key is sought in the overflow: a sender who knows the hash can
/// fill one corner of the table, and gains nothing by it.
const PROBES: usize = 16;

/// Most keys for which another hash is looked for when two of them want the same place, and how
/// many hashes are tried each time.
const FEW: usize = 64;
const TRIES: usize = 8;

/// From this many keys on the table is denser.
const MANY: usize = 1 << 12;

/// The first factor of a hash, and what each is multiplied by for the next.
pub(super) const FACTOR: u64 = 0xD6E8_FEB8_6659_FD93;
pub(super) const NEXT_FACTOR: u64 = 0xD134_2543_DE82_EF95;

/// A table from byte strings to `u32`. Keys of at most 16 bytes are compared as two words.
#[derive(Debug)]
pub(super) struct Interner {
    /// A power of two of them.
    entries: Vec<InternedKey>,
    taken: usize,
    /// Whether there may be as many keys as lines, so that many of them stand close.
    close: bool,
    /// What the hash is made with: while keys are few, one that leaves each of them alone.
    factor: u64,
    /// Whether every key has at most eight bytes.
    all_short: bool,
    /// Bytes of the keys longer than 16.
    long: Vec<u8>,
    /// Keys that found no place near their own.
    overflow: BTreeMap<([u64; 2], Vec<u8>), u32>,
}

/// A key: its first 16 bytes as words, and all of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeyBytes<'a> {
    front: [u64; 2],
    bytes: &'a [u8],
}

#[derive(Debug, Clone, Copy, Default)]
struct InternedKey {
    front: [u64; 2],
    /// Length of the key and 1; 0 for no key.
    mark: u32,
    /// Where a long key begins in `long`.
    at: u32,
    value: u32,
}

impl<'a> KeyBytes<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> KeyBytes<'a> {
        let mut front = [0; 16];
        let most = bytes.len().min(16);
        front[..most].copy_from_slice(&bytes[..most]);
        KeyBytes { front: halves(u128::from_le_bytes(front)), bytes }
    }

    fn mark(&self) -> u32 {
        u32::try_from(self.bytes.len()).expect("a cell is under 4 GiB").saturating_add(1)
    }

    fn hash(&self, factor: u64) -> u64 {
        let [low, high] = self.front;
        let rest = if self.bytes.len() > SHORT { self.tail_hash() } else { 0 };
        hash([low, high ^ rest], factor)
    }

    fn owned(&self) -> ([u64; 2], Vec<u8>) {
        (self.front, self.bytes.to_vec())
    }

    /// The bytes behind the first 16, mixed.
    fn tail_hash(&self) -> u64 {
        self.bytes[SHORT..].chunks(8).fold(0, |mixed: u64, chunk| {
            let part = chunk.iter().fold(0, |word: u64, byte| word << 8 | u64::from(*byte));
            (mixed.rotate_left(23) ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        })
    }
}

/// A hash of two words. Its top bits are the best mixed.
#[inline]
pub(super) fn hash([low, high]: [u64; 2], factor: u64) -> u64 {
    let mixed = low ^ high.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed.wrapping_mul(factor)
}

/// The low and high half of a word.
pub(super) fn halves(word: u128) -> [u64; 2] {
    let half = |word: u128| u64::try_from(word & u128::from(u64::MAX)).expect("it is cut");
    [half(word), half(word >> 64)]
}

/// The place a hash gives in a table of `length` entries, a power of two.
#[inline]
pub(super) fn place_of(hash: u64, length: usize) -> usize {
    let top = hash >> ((length.leading_zeros() + 1) % 64);
    usize::try_from(top).expect("the table is in memory") & (length - 1)
}

/// Looks for a hash that leaves each key alone: `again` makes the table anew by the next one, and
/// says whether it does.
pub(super) fn settle(mut alone: bool, mut again: impl FnMut() -> bool) {
    for _ in 0..TRIES {
        if alone {
            return;
        }
        alone = again();
    }
}

impl Interner {
    pub(super) fn new() -> Interner {
        let entries = vec![InternedKey::default(); 64];
        let (long, overflow) = (Vec::new(), BTreeMap::new());
        Interner {
            entries,
            taken: 0,
            close: false,
            factor: FACTOR,
            all_short: true,
            long,
            overflow,
        }
    }

    /// The same for as many keys as there are lines: in less room, and not found as fast.
    pub(super) fn close() -> Interner {
        Interner { close: true, ..Interner::new() }
    }

    /// Entries for each key, at least: with sixteen a key is nearly always alone.
    fn spread(&self) -> usize {
        if self.close && self.taken >= MANY { 2 } else { 16 }
    }

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        self.taken + self.overflow.len()
    }

    /// The records of a column whose cell is none of the keys.
    #[inline(never)]
    pub(super) fn unknown(&self, cells: CellColumn) -> u64 {
        self.look_up(cells, |_, _| ())
    }

    /// The same; puts the values of the others into `words`, from bit `shift` on.
    #[inline(never)]
    pub(super) fn combine(&self, cells: CellColumn, shift: u32, words: &mut [u64; MOST]) -> u64 {
        self.look_up(cells, |record, value| {
            words[record % MOST] |= u64::from(value) << (shift % 64);
        })
    }

    #[inline]
    fn look_up(&self, cells: CellColumn, mut on_found: impl FnMut(usize, u32)) -> u64 {
        if let Some(value) = cells.common_cell().and_then(|cell| self.get(cell.bytes())) {
            return cells.each(|record, _| {
                on_found(record, value);
                true
            });
        }
        // Nearly every key is short, and where it is looked for first.
        let entry = |front| &self.entries[place_of(hash(front, self.factor), self.entries.len())];
        let mut take = |record, known: Option<u32>, cell: CellBytes| {
            let value = known.or_else(|| self.get(cell.bytes()));
            value.map(|value| on_found(record, value)).is_some()
        };
        if self.all_short {
            return cells.each(|record, cell| {
                let (word, tag) = (cell.first_8_bytes(), cell.length().wrapping_add(1));
                let entry = entry([word, 0]);
                let equal = entry.mark == tag && entry.front[0] == word;
                take(record, equal.then_some(entry.value), cell)
            });
        }
        cells.each(|record, cell| {
            let (front, tag) = (cell.first_16_bytes(), cell.length().wrapping_add(1));
            let entry = entry(front);
            let equal = entry.mark == tag && entry.front == front && cell.is_short();
            take(record, equal.then_some(entry.value), cell)
        })
    }

    /// The value of a key.
    #[cold]
    #[inline(never)]
    pub(super) fn get(&self, key: &[u8]) -> Option<u32> {
        let key = KeyBytes::of(key);
        match self.place(key) {
            Ok(at) => Some(self.entries[at].value),
            Err(_) if self.overflow.is_empty() => None,
            Err(_) => self.overflow.get(&key.owned()).copied(),
        }
    }

    /// Gives a key that has none a value.
    pub(super) fn insert(&mut self, key: &[u8], value: u32) {
        self.all_short &= key.len() <= 8;
        let key = KeyBytes::of(key);
        if self.taken * self.spread() >= self.entries.len() {
            self.rebuild(self.entries.len() * 2);
        }
        let Err(Some(free)) = self.place(key) else {
            self.overflow.insert(key.owned(), value);
            return;
        };
        let mut long_start = 0;
        if key.bytes.len() > SHORT {
            let Ok(end) = u32::try_from(self.long.len()) else {
                self.overflow.insert(key.owned(), value);
                return;
            };
            long_start = end;
            self.long.extend_from_slice(key.bytes);
        }
        self.entries[free] =
            InternedKey { front: key.front, mark: key.mark(), at: long_start, value };
        self.taken += 1;
        settle(self.taken > FEW || free == self.start(key), || {
            self.factor = self.factor.wrapping_mul(NEXT_FACTOR);
            self.rebuild(self.entries.len())
        });
    }

    /// Where a key is looked for first.
    fn start(&self, key: KeyBytes) -> usize {
        place_of(key.hash(self.factor), self.entries.len())
    }

    /// Where the key is, else where it would go; no place at all when every near one is taken.
    fn place(&self, key: KeyBytes) -> Result<usize, Option<usize>> {
        let first = self.start(key);
        for step in 0..PROBES {
            let slot = (first + step) & (self.entries.len() - 1);
            let entry = &self.entries[slot];
            if entry.mark == 0 {
                return Err(Some(slot));
            }
            let equal = entry.mark == key.mark() && entry.front == key.front;
            if equal && (key.bytes.len() <= SHORT || self.long(entry) == key.bytes) {
                return Ok(slot);
            }
        }
        Err(None)
    }

    fn long(&self, entry: &InternedKey) -> &[u8] {
        let index = |number: u32| to_usize(number);
        let start = index(entry.at);
        &self.long[start..start + index(entry.mark) - 1]
    }

    /// Gives every key a place in a table of `length` entries; whether each has the one it is
    /// looked for first. A key without a place near its own joins the overflow.
    fn rebuild(&mut self, length: usize) -> bool {
        let old = std::mem::replace(&mut self.entries, vec![InternedKey::default(); length]);
        self.taken = 0;
        let mut alone = true;
        for entry in old.into_iter().filter(|entry| entry.mark > 0) {
            let length = to_usize(entry.mark) - 1;
            let bytes = if length > SHORT {
                self.long(&entry).to_vec()
            } else {
                let front = entry.front.map(u64::to_le_bytes).concat();
                front[..length].to_vec()
            };
            let key = KeyBytes::of(&bytes);
            match self.place(key) {
                Err(Some(slot)) => {
                    alone &= slot == self.start(key);
                    self.entries[slot] = entry;
                    self.taken += 1;
                }
                Ok(_) | Err(None) => {
                    self.overflow.insert((entry.front, bytes), entry.value);
                }
            }
        }
        alone
    }
}

#[cfg(test)]
mod tests {
    use super::{Interner, KeyBytes, place_of};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        /// The table is a map, whatever the keys.
        #[test]
        fn what_goes_in_comes_out(keys in prop::collection::vec("[ab\0]{0,40}|[a-z]{0,4}", 0..300)) {
            let mut codes = Interner::new();
            let mut map = BTreeMap::new();
            for (value, key) in (0..).zip(&keys) {
                prop_assert_eq!(codes.get(key.as_bytes()), map.get(key).copied());
                if !map.contains_key(key) {
                    codes.insert(key.as_bytes(), value);
                    map.insert(key.clone(), value);
                }
            }
            prop_assert_eq!(codes.len(), map.len());
            for (key, value) in &map {
                prop_assert_eq!(codes.get(key.as_bytes()), Some(*value));
            }
        }
    }

    #[test]
    fn crowded_keys_are_found_in_the_overflow() {
        let mut codes = Interner::new();
        for value in 0..100 {
            codes.insert(format!("{value}").as_bytes(), value);
        }
        // From here on the hash stays what it is.
        let crowd: Vec<[u8; 16]> = (0..100_000_u128)
            .map(u128::to_le_bytes)
            .filter(|bytes| place_of(KeyBytes::of(bytes).hash(codes.factor), 4_096) == 7)
            .collect();
        for (value, bytes) in (0..).zip(&crowd) {
            codes.insert(bytes, value);
        }
        assert!(!codes.overflow.is_empty());
        for (value, bytes) in (0..).zip(&crowd) {
            assert_eq!(codes.get(bytes), Some(value));
        }
        assert!((0..100).all(|value| codes.get(format!("{value}").as_bytes()) == Some(value)));
    }
}
