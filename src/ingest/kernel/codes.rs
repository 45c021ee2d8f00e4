//! Bytes to small numbers: which values have been met, found again without a comparison of texts.

use crate::ingest::kernel::window::Cell;
use std::collections::BTreeMap;

/// Places looked at before a key is sought among the unlucky ones: a sender who knows the hash can
/// fill one corner of the table, and gains nothing by it.
const PROBES: usize = 16;

/// A table from byte strings to `u32`. Keys of at most 16 bytes are compared as two words.
#[derive(Debug)]
pub(super) struct Codes {
    /// A power of two of them, at most a quarter of them taken.
    entries: Vec<Entry>,
    taken: usize,
    /// Bytes of the keys longer than 16.
    long: Vec<u8>,
    /// Keys that found no place near their own.
    unlucky: BTreeMap<(u64, u64, Vec<u8>), u32>,
}

/// A key: its first 16 bytes as words, and all of it where it is longer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key<'a> {
    pub(super) low: u64,
    pub(super) high: u64,
    pub(super) bytes: &'a [u8],
}

#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    low: u64,
    high: u64,
    /// Length of the key and 1; 0 for no key.
    mark: u32,
    /// Where a long key begins in `long`.
    at: u32,
    value: u32,
}

impl<'a> Key<'a> {
    /// A cell as a key.
    pub(super) fn of(cell: Cell<'a>) -> Key<'a> {
        let (low, high) = cell.front();
        Key { low, high, bytes: cell.bytes() }
    }

    /// Bytes that stand in no window as a key.
    pub(super) fn loose(bytes: &'a [u8]) -> Key<'a> {
        let mut front = [0; 16];
        let length = bytes.len().min(16);
        front[..length].copy_from_slice(&bytes[..length]);
        let word = u128::from_le_bytes(front);
        let (low, high) = halves(word);
        Key { low, high, bytes }
    }

    #[inline]
    fn mark(&self) -> u32 {
        u32::try_from(self.bytes.len()).expect("a cell is under 4 GiB").saturating_add(1)
    }

    #[inline]
    fn hash(&self) -> u64 {
        let mut mixed = self.low ^ self.high.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        if self.bytes.len() > 16 {
            mixed ^= self.rest();
        }
        let spread = mixed.wrapping_mul(0xD6E8_FEB8_6659_FD93);
        spread ^ spread >> 32
    }
}

impl Key<'_> {
    fn owned(&self) -> (u64, u64, Vec<u8>) {
        (self.low, self.high, self.bytes.to_vec())
    }

    /// The bytes behind the first 16, mixed.
    #[cold]
    fn rest(&self) -> u64 {
        self.bytes[16..].chunks(8).fold(0, |mixed: u64, chunk| {
            let part = chunk.iter().fold(0, |word: u64, byte| word << 8 | u64::from(*byte));
            (mixed.rotate_left(23) ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        })
    }
}

/// The low and high half of a word.
pub(super) fn halves(word: u128) -> (u64, u64) {
    let bytes = word.to_le_bytes();
    let half = |at: usize| {
        u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes are a word"))
    };
    (half(0), half(8))
}

impl Codes {
    pub(super) fn new() -> Codes {
        let entries = vec![Entry::default(); 64];
        Codes { entries, taken: 0, long: Vec::new(), unlucky: BTreeMap::new() }
    }

    /// How many keys there are.
    pub(super) fn len(&self) -> usize {
        self.taken + self.unlucky.len()
    }

    /// The value of a key.
    #[inline]
    pub(super) fn get(&self, key: Key) -> Option<u32> {
        // Nearly every key is short, and where it is looked for first.
        let entry = &self.entries[self.start(key)];
        let equal = entry.mark == key.mark() && entry.low == key.low && entry.high == key.high;
        if equal && entry.mark <= 17 { Some(entry.value) } else { self.seek(key) }
    }

    #[cold]
    #[inline(never)]
    fn seek(&self, key: Key) -> Option<u32> {
        match self.place(key) {
            Ok(at) => Some(self.entries[at].value),
            Err(_) if self.unlucky.is_empty() => None,
            Err(_) => self.unlucky.get(&key.owned()).copied(),
        }
    }

    /// Gives a key that has none a value.
    pub(super) fn insert(&mut self, key: Key, value: u32) {
        if self.taken * 4 >= self.entries.len() {
            self.grow();
        }
        let Err(Some(free)) = self.place(key) else {
            self.unlucky.insert(key.owned(), value);
            return;
        };
        let mut at = 0;
        if key.bytes.len() > 16 {
            let Ok(end) = u32::try_from(self.long.len()) else {
                self.unlucky.insert(key.owned(), value);
                return;
            };
            at = end;
            self.long.extend_from_slice(key.bytes);
        }
        self.entries[free] = Entry { low: key.low, high: key.high, mark: key.mark(), at, value };
        self.taken += 1;
    }

    /// Where a key is looked for first.
    #[inline]
    fn start(&self, key: Key) -> usize {
        let hash = usize::try_from(key.hash() & 0xFFFF_FFFF).expect("32 bits fit usize");
        hash & (self.entries.len() - 1)
    }

    /// Where the key is, else where it would go; no place at all when every near one is taken.
    fn place(&self, key: Key) -> Result<usize, Option<usize>> {
        let first = self.start(key);
        for step in 0..PROBES {
            let at = (first + step) & (self.entries.len() - 1);
            let entry = &self.entries[at];
            if entry.mark == 0 {
                return Err(Some(at));
            }
            let equal = entry.mark == key.mark() && entry.low == key.low && entry.high == key.high;
            if equal && (entry.mark <= 17 || self.long(entry) == key.bytes) {
                return Ok(at);
            }
        }
        Err(None)
    }

    fn long(&self, entry: &Entry) -> &[u8] {
        let index = |number: u32| usize::try_from(number).expect("u32 fits usize");
        let start = index(entry.at);
        &self.long[start..start + index(entry.mark) - 1]
    }

    /// Doubles the table. A key without a place near its own joins the unlucky ones.
    fn grow(&mut self) {
        let larger = vec![Entry::default(); self.entries.len() * 2];
        let old = std::mem::replace(&mut self.entries, larger);
        self.taken = 0;
        for entry in old.into_iter().filter(|entry| entry.mark > 0) {
            let length = usize::try_from(entry.mark).expect("u32 fits usize") - 1;
            let bytes = if length > 16 {
                self.long(&entry).to_vec()
            } else {
                let word = u128::from(entry.low) | u128::from(entry.high) << 64;
                word.to_le_bytes()[..length].to_vec()
            };
            match self.place(Key { low: entry.low, high: entry.high, bytes: &bytes }) {
                Err(Some(at)) => {
                    self.entries[at] = entry;
                    self.taken += 1;
                }
                Ok(_) | Err(None) => {
                    self.unlucky.insert((entry.low, entry.high, bytes), entry.value);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Codes, Key};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        /// The table is a map, whatever the keys.
        #[test]
        fn what_goes_in_comes_out(keys in prop::collection::vec("[ab\0]{0,40}|[a-z]{0,4}", 0..300)) {
            let mut codes = Codes::new();
            let mut map = BTreeMap::new();
            for (value, key) in (0..).zip(&keys) {
                prop_assert_eq!(codes.get(Key::loose(key.as_bytes())), map.get(key).copied());
                if !map.contains_key(key) {
                    codes.insert(Key::loose(key.as_bytes()), value);
                    map.insert(key.clone(), value);
                }
            }
            prop_assert_eq!(codes.len(), map.len());
            for (key, value) in &map {
                prop_assert_eq!(codes.get(Key::loose(key.as_bytes())), Some(*value));
            }
        }
    }

    #[test]
    fn crowded_keys_are_found_among_the_unlucky() {
        let mut codes = Codes::new();
        let crowd: Vec<[u8; 16]> = (0..100_000_u128)
            .map(u128::to_le_bytes)
            .filter(|bytes| Key::loose(bytes).hash() & 0xFFF == 7)
            .collect();
        for (value, bytes) in (0..).zip(&crowd) {
            codes.insert(Key::loose(bytes), value);
        }
        assert!(!codes.unlucky.is_empty());
        for (value, bytes) in (0..).zip(&crowd) {
            assert_eq!(codes.get(Key::loose(bytes)), Some(value));
        }
    }
}
