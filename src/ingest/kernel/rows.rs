//! Combinations of codes to rows: small entries, for every line looks one up.

use crate::ingest::kernel::codes::{FACTOR, NEXT_FACTOR, place_of, settle};

/// Places looked at before a combination is given up: its lines are read plainly then.
const PROBES: usize = 32;

/// Entries that are at hand however they are spread; of more of them, fewer that are closer are
/// sooner found.
const NEAR: usize = if cfg!(test) { 256 } else { 1 << 14 };

/// A table from combinations to rows.
#[derive(Debug)]
pub(super) struct Rows {
    /// A power of two of them, at most an eighth of them taken, or a third where they are many.
    entries: Vec<Entry>,
    taken: usize,
    /// What the hash is made with: while rows are few, one that leaves each combination alone.
    factor: u64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    combination: u64,
    /// The row and 1; 0 for no entry.
    mark: u32,
}

impl Rows {
    pub(super) fn new() -> Rows {
        Rows { entries: vec![Entry::default(); 64], taken: 0, factor: FACTOR }
    }

    /// The row of a combination.
    #[inline]
    pub(super) fn get(&self, combination: u64) -> Option<u32> {
        // Nearly every combination is where it is looked for first.
        let entry = &self.entries[self.start(combination)];
        if entry.combination == combination && entry.mark > 0 {
            return Some(entry.mark - 1);
        }
        self.seek(combination)
    }

    #[cold]
    #[inline(never)]
    fn seek(&self, combination: u64) -> Option<u32> {
        self.entries[self.place(combination)?].mark.checked_sub(1)
    }

    /// Gives a combination its row, if there is room near its place.
    pub(super) fn insert(&mut self, combination: u64, row: u32) {
        let room = if self.entries.len() < NEAR { 8 } else { 3 };
        if self.taken * room >= self.entries.len() {
            self.rebuild(self.entries.len() * 2);
        }
        let alone = self.put(Entry { combination, mark: row.saturating_add(1) });
        settle(alone, self.taken, || {
            self.factor = self.factor.wrapping_mul(NEXT_FACTOR);
            self.rebuild(self.entries.len())
        });
    }

    /// Puts every entry into a table of `length`; whether each has the place it is looked for
    /// first.
    fn rebuild(&mut self, length: usize) -> bool {
        let old = std::mem::replace(&mut self.entries, vec![Entry::default(); length]);
        self.taken = 0;
        let mut alone = true;
        for entry in old.into_iter().filter(|entry| entry.mark > 0) {
            alone &= self.put(entry);
        }
        alone
    }

    fn put(&mut self, entry: Entry) -> bool {
        let place = self.place(entry.combination);
        if let Some(at) = place {
            self.taken += 1;
            self.entries[at] = entry;
        }
        place == Some(self.start(entry.combination))
    }

    /// Where a combination is looked for first.
    #[inline]
    fn start(&self, combination: u64) -> usize {
        place_of(combination.wrapping_mul(self.factor), self.entries.len())
    }

    /// Where the combination is, or would go.
    fn place(&self, combination: u64) -> Option<usize> {
        let first = self.start(combination);
        let holds = |at: &usize| {
            let entry = &self.entries[*at];
            entry.combination == combination || entry.mark == 0
        };
        (first..first + PROBES).map(|at| at & (self.entries.len() - 1)).find(holds)
    }
}

#[cfg(test)]
mod tests {
    use super::Rows;

    #[test]
    fn a_combination_has_the_row_it_was_given_or_none() {
        let mut rows = Rows::new();
        let combination = |row: u32| u64::from(row % 40) << 32 | u64::from(row / 40);
        for row in 0..5_000 {
            assert_eq!(rows.get(combination(row)), None);
            rows.insert(combination(row), row);
        }
        let kept = (0..5_000).filter(|row| rows.get(combination(*row)) == Some(*row)).count();
        assert!(kept > 4_900, "{kept}");
        assert!((0..5_000).all(|row| rows.get(combination(row)).is_none_or(|found| found == row)));
    }
}
