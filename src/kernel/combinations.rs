//! Combinations of codes to rows of the fact table: one lookup a line, in one slot.

use crate::kernel::batch::{MOST, bits, with};
use crate::kernel::interner::{FACTOR, NEXT_FACTOR, place_of, settle};

/// Places looked at before a combination is given up: its lines are read plainly then.
const PROBES: usize = 32;

/// Slots to a group: in a full table, which is two thirds taken, two or three combinations.
const SPREAD: usize = 4;

/// A table from combinations to rows.
///
/// A perfect hash: a mispredicted branch costs more than everything else here, so each combination
/// has a slot of its own. Combinations fall into groups, and a group is displaced until none of its
/// combinations shares a slot. So a lookup is one comparison, and the table can be small enough to
/// stay in cache.
#[derive(Debug)]
pub(super) struct CombinationIndex {
    /// A power of two of them, at most two thirds of them taken.
    entries: Vec<CombinationSlot>,
    /// By group: what is changed in the places of its combinations.
    displacements: Vec<u8>,
    taken: usize,
    /// How often a combination was found elsewhere since the groups were moved.
    displaced: usize,
    /// What the hash is made with.
    factor: u64,
}

#[derive(Debug, Clone, Copy, Default)]
struct CombinationSlot {
    combination: u64,
    /// The row and 1; 0 for no entry.
    mark: u32,
}

impl CombinationIndex {
    pub(super) fn new() -> CombinationIndex {
        CombinationIndex::of(64, FACTOR)
    }

    fn of(length: usize, factor: u64) -> CombinationIndex {
        let (entries, displacements) =
            (vec![CombinationSlot::default(); length], vec![0; length / SPREAD]);
        CombinationIndex { entries, displacements, taken: 0, displaced: 0, factor }
    }

    /// The row of a combination.
    pub(super) fn get(&self, combination: u64) -> Option<u32> {
        self.entries[self.place(combination)?].mark.checked_sub(1)
    }

    /// Finds the rows of some combinations; gives those that have none: one bit each.
    #[inline(never)]
    pub(super) fn find(&mut self, combinations: &[u64], rows: &mut [u32; MOST]) -> u64 {
        let mut others = 0;
        for (record, (combination, row)) in combinations.iter().zip(&mut *rows).enumerate() {
            let CombinationSlot { combination: entered, mark } =
                self.entries[self.home(*combination)];
            *row = mark.wrapping_sub(1);
            others |= u64::from(entered != *combination || mark == 0) << record;
        }
        if others == 0 { 0 } else { self.seek(combinations, rows, others) }
    }

    /// Finds those that are not where they are looked for first.
    #[cold]
    fn seek(&mut self, combinations: &[u64], rows: &mut [u32; MOST], others: u64) -> u64 {
        let mut unknown = 0;
        for record in bits(others) {
            if let Some(row) = self.get(combinations[record]) {
                rows[record] = row;
                self.displaced += 1;
            } else {
                unknown = with(unknown, record);
            }
        }
        if self.displaced > self.taken {
            let alone = self.rebuild(self.entries.len());
            settle(alone, || {
                self.factor = self.factor.wrapping_mul(NEXT_FACTOR);
                self.rebuild(self.entries.len())
            });
        }
        unknown
    }

    /// Gives a combination its row, if there is room near its place.
    pub(super) fn insert(&mut self, combination: u64, row: u32) {
        if self.taken * 3 >= self.entries.len() * 2 {
            self.rebuild(self.entries.len() * 2);
        }
        self.put(CombinationSlot { combination, mark: row.saturating_add(1) });
    }

    /// Puts every entry into a table of `length`, the largest groups first, while there is most
    /// room; whether each is where it is looked for first.
    fn rebuild(&mut self, length: usize) -> bool {
        let old = std::mem::replace(self, CombinationIndex::of(length, self.factor)).entries;
        let taken = old.into_iter().filter(|entry| entry.mark > 0);
        let mut entries: Vec<CombinationSlot> = taken.collect();
        entries.sort_by_key(|entry| self.group(entry.combination));
        let mut groups: Vec<&[CombinationSlot]> = entries
            .chunk_by(|one, other| self.group(one.combination) == self.group(other.combination))
            .collect();
        groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
        let mut alone = true;
        for entries in groups {
            let group = self.group(entries[0].combination);
            for by in 0..=u8::MAX {
                self.displacements[group] = by;
                let free =
                    |entry: &CombinationSlot| self.entries[self.home(entry.combination)].mark == 0;
                if entries.iter().all(free) {
                    break;
                }
            }
            for entry in entries {
                alone &= self.put(*entry);
            }
        }
        alone
    }

    /// Puts an entry where there is room for it; whether that is where it is looked for first.
    fn put(&mut self, entry: CombinationSlot) -> bool {
        let slot = self.place(entry.combination);
        if let Some(index) = slot {
            self.taken += 1;
            self.entries[index] = entry;
        }
        slot == Some(self.home(entry.combination))
    }

    #[inline]
    fn group(&self, combination: u64) -> usize {
        place_of(combination.wrapping_mul(NEXT_FACTOR), self.displacements.len())
    }

    /// Where a combination is looked for first.
    #[inline]
    fn home(&self, combination: u64) -> usize {
        let place = place_of(combination.wrapping_mul(self.factor), self.entries.len());
        (place ^ usize::from(self.displacements[self.group(combination)]))
            & (self.entries.len() - 1)
    }

    /// Where the combination is, or would go.
    fn place(&self, combination: u64) -> Option<usize> {
        let first = self.home(combination);
        let holds = |probe: &usize| {
            let entry = &self.entries[*probe];
            entry.combination == combination || entry.mark == 0
        };
        // Quadratic probing: linear probing would cluster.
        let probe = |step: usize| (first + step * (step + 1) / 2) & (self.entries.len() - 1);
        (0..PROBES).map(probe).find(holds)
    }
}

#[cfg(test)]
mod tests {
    use super::CombinationIndex;
    use crate::kernel::batch::MOST;

    fn combination(row: u32) -> u64 {
        u64::from(row % 40) << 32 | u64::from(row / 40)
    }

    #[test]
    fn a_combination_has_the_row_it_was_given() {
        let mut rows = CombinationIndex::new();
        for row in 0..5_000 {
            assert_eq!(rows.get(combination(row)), None);
            rows.insert(combination(row), row);
        }
        assert!((0..5_000).all(|row| rows.get(combination(row)) == Some(row)));
        assert_eq!(rows.get(combination(5_000)), None);
    }

    #[test]
    fn those_looked_up_together_are_found_or_unknown() {
        let mut rows = CombinationIndex::new();
        (0..1_000).for_each(|row| rows.insert(combination(row), row));
        for _ in 0..20 {
            for first in (0..2_000).step_by(50) {
                let asked: Vec<u64> = (first..first + 50).map(combination).collect();
                let mut found = [0; MOST];
                let unknown = rows.find(&asked, &mut found);
                for (place, row) in (first..first + 50).enumerate() {
                    assert_eq!(unknown >> place & 1 == 1, row >= 1_000, "{row}");
                    assert!(row >= 1_000 || found[place] == row);
                }
                assert_eq!(unknown >> 50, 0);
            }
        }
    }
}
