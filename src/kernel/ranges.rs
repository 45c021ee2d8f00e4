//! A large delivery in ranges, on every thread there is. Where a range begins is guessed, and held
//! against where the range before it ends.

use crate::domain::number::{to_u64, to_usize};
use crate::kernel::block::{BLOCK, IndexInput};
use crate::kernel::byte_range::{ByteRange, RangeRead, read_range};
use crate::kernel::index::StructuralIndex;
use crate::kernel::program::Program;
use crate::kernel::record::ThreadState;
use crate::source::content::Content;
use crate::source::scan::{fill, hash};
use blake3::hazmat::{
    ChainingValue, HasherExt, Mode, left_subtree_len, merge_subtrees_non_root, merge_subtrees_root,
};
use blake3::{CHUNK_LEN, Hasher};
use rayon::prelude::*;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// Bytes looked at for the beginning of a range.
const LOOK: usize = 16 * 1024;

/// The line the first one of a range is counted as, before it is known: not 1, on which a byte
/// order mark may stand.
const FIRST: u32 = 2;

/// What one thread read: all it knows, and what it found in each range.
type ThreadShare<'a> = (ThreadState<'a>, Vec<Ranged>);

/// What was found in one range.
struct Ranged {
    number: usize,
    covered: RangeRead,
    /// Where its refused lines stand among those of its thread.
    refused: Range<usize>,
    hashes: Vec<ChainingValue>,
}

/// Reads a delivery of `size` bytes in ranges of about `range` bytes; gives what was found, the
/// bytes read and their hash. `None` when a guess was wrong or the encoding is another.
pub(super) fn read<'a>(
    content: &dyn Content,
    program: &Program,
    whole: ByteRange,
    (size, range): (u64, u64),
    state: &(dyn Fn() -> ThreadState<'a> + Sync),
) -> io::Result<Option<(ThreadState<'a>, u64, String)>> {
    let stretches = cut(content, program, whole, (size, range))?;
    // A subtree of the hash is a power of two of bytes.
    let in_parts =
        range.is_power_of_two() && usize::try_from(range).is_ok_and(|it| it >= CHUNK_LEN);
    let taken: Vec<AtomicBool> = stretches.iter().map(|_| AtomicBool::new(false)).collect();
    let threads = rayon::current_num_threads().min(stretches.len());
    let work = |thread: usize| -> io::Result<ThreadShare<'a>> {
        let mut state = state();
        let mut ranged = Vec::new();
        // Each thread starts at another place. Deliveries are mostly in date order, so that a
        // thread's table then holds few periods.
        let first = stretches.len() * thread / threads;
        for number in (first..stretches.len()).chain(0..first) {
            if taken[number].swap(true, Ordering::Relaxed) {
                continue;
            }
            let byte_range = stretches[number];
            let before = state.quarantine.len();
            let mut input = content.open_at(byte_range.start)?;
            let end = stretches.get(number + 1).map_or(size, |next| next.start);
            let end = if in_parts { end } else { byte_range.start };
            let mut parts = SubtreeHashes::new(range, byte_range.start..end);
            let covered =
                read_range(&mut state, byte_range, &mut input, |part| parts.update(part))?;
            let refused = before..state.quarantine.len();
            ranged.push(Ranged { number, covered, refused, hashes: parts.hashes });
        }
        Ok((state, ranged))
    };
    let shares = (0..threads).into_par_iter().map(work).collect::<io::Result<Vec<_>>>()?;
    let Some((state, hashes)) = join(shares, &stretches) else {
        return Ok(None);
    };
    let blake3 = if in_parts {
        whole_hash(&hashes, size, range)
    } else {
        Some(hash(content)?.to_hex().to_string())
    };
    Ok(blake3.map(|blake3| (state, size, blake3)))
}

/// Adds up what the threads found, with lines counted from the top of the delivery; gives the
/// hashes of its parts too.
fn join<'a>(
    shares: Vec<ThreadShare<'a>>,
    stretches: &[ByteRange],
) -> Option<(ThreadState<'a>, Vec<ChainingValue>)> {
    let (mut desks, of_threads): (Vec<ThreadState>, Vec<Vec<Ranged>>) = shares.into_iter().unzip();
    let owned = |(state, of_threads): (usize, Vec<Ranged>)| {
        of_threads.into_iter().map(move |it| (state, it))
    };
    let mut ranges: Vec<(usize, Ranged)> =
        of_threads.into_iter().enumerate().flat_map(owned).collect();
    ranges.sort_unstable_by_key(|(_, range)| range.number);
    let mut line = stretches.first()?.line;
    let mut parts = Vec::new();
    for (state, Ranged { number, covered, refused, hashes }) in ranges {
        let first_line = stretches[number].line;
        for refused in &mut desks[state].quarantine[refused] {
            refused.line = refused.line.map(|it| line + (it - first_line));
        }
        line = line.checked_add(covered.line - first_line)?;
        let date_cache = stretches.get(number + 1).is_none_or(|next| next.first() == covered.end);
        if !date_cache || !covered.holds {
            return None;
        }
        parts.extend(hashes);
    }
    let mut all = desks.into_iter().reduce(|mut all, state| {
        all.absorb(state);
        all
    })?;
    all.quarantine.sort_unstable_by_key(|refused| refused.line);
    Some((all, parts))
}

/// The ranges between the borders found.
fn cut(
    content: &dyn Content,
    program: &Program,
    whole: ByteRange,
    (size, range): (u64, u64),
) -> io::Result<Vec<ByteRange>> {
    let mut stretches = vec![whole];
    let mut near = range;
    while near < size {
        let last = stretches.last_mut().expect("there is a first stretch");
        if let Some(skipped) = border(content, program, near)?
            && last.first() < near
        {
            let next = ByteRange { start: near, skipped, end: whole.end, line: FIRST };
            last.end = next.first();
            stretches.push(next);
        }
        near += range;
    }
    Ok(stretches)
}

/// How far behind `near` the first record begins, as far as can be told from there: behind the end
/// of a line that two whole records of plain cells follow.
fn border(content: &dyn Content, program: &Program, near: u64) -> io::Result<Option<usize>> {
    let mut text = vec![0; LOOK + BLOCK];
    let length = fill(&mut content.open_at(near)?, &mut text[..LOOK])?;
    let mut index = StructuralIndex::default();
    // A look from the middle of a character says nothing of the encoding.
    let (marks, charset) = (program.marks, program.charset);
    index.build(IndexInput { bytes: &text, start: 0, end: length, marks, charset, at_end: false });
    let places: Vec<usize> = index
        .places()
        .iter()
        .map(|place| to_usize(*place))
        .filter(|at| text[*at] != b'\r')
        .collect();
    let width = program.steps.len();
    let plain = |ends: &[usize]| {
        let (last, inner) = ends.split_last().expect("a record has cells");
        inner.iter().all(|at| text[*at] == program.marks.delimiter) && text[*last] == b'\n'
    };
    let found = places
        .windows(1 + 2 * width)
        .find(|ends| text[ends[0]] == b'\n' && ends[1..].chunks(width).all(plain));
    Ok(found.map(|ends| ends[0] + 1))
}

/// The hashes of the parts a range is made of, each of which is a subtree of the whole one's.
struct SubtreeHashes {
    part: u64,
    /// Where the bytes that come next stand, and where the last part ends.
    at: u64,
    end: u64,
    hash: Hasher,
    hashes: Vec<ChainingValue>,
}

impl SubtreeHashes {
    fn new(part: u64, Range { start, end }: Range<u64>) -> SubtreeHashes {
        SubtreeHashes { part, at: start, end, hash: Hasher::new(), hashes: Vec::new() }
    }

    fn update(&mut self, mut bytes: &[u8]) {
        while self.at < self.end && !bytes.is_empty() {
            if self.at.is_multiple_of(self.part) {
                self.hash = Hasher::new();
                self.hash.set_input_offset(self.at);
            }
            let end = self.end.min(self.at - self.at % self.part + self.part);
            let left = usize::try_from(end - self.at).unwrap_or(usize::MAX);
            let (piece, rest) = bytes.split_at(left.min(bytes.len()));
            self.hash.update(piece);
            self.at += to_u64(piece.len());
            bytes = rest;
            if self.at == end {
                self.hashes.push(self.hash.finalize_non_root());
            }
        }
    }
}

/// The hash of `size` bytes from those of their parts, at least two; `None` when there are fewer
/// than there should be, for the delivery became shorter meanwhile.
fn whole_hash(parts: &[ChainingValue], size: u64, part: u64) -> Option<String> {
    if u64::try_from(parts.len()).ok() != Some(size.div_ceil(part)) {
        return None;
    }
    let [left, right] = halves(parts, size, part);
    Some(merge_subtrees_root(&left, &right, Mode::Hash).to_hex().to_string())
}

/// The hashes of both subtrees of `size` bytes.
fn halves(parts: &[ChainingValue], size: u64, part: u64) -> [ChainingValue; 2] {
    let left_size = left_subtree_len(size);
    let left_parts = usize::try_from(left_size / part).expect("there are so many");
    let (left, right) = parts.split_at(left_parts);
    [(left, left_size), (right, size - left_size)].map(|(parts, size)| match parts {
        [part] => *part,
        _ => {
            let [left, right] = halves(parts, size, part);
            merge_subtrees_non_root(&left, &right, Mode::Hash)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{SubtreeHashes, whole_hash};
    use crate::domain::number::to_u64;

    #[test]
    fn the_hashes_of_parts_are_those_of_the_whole() {
        let bytes: Vec<u8> = (0..251).cycle().take(20_000).collect();
        for (size, part, most) in [
            (2_048, 1_024, 1),
            (2_049, 1_024, 1),
            (8_191, 1_024, 3),
            (8_192, 4_096, 1),
            (11_000, 2_048, 2),
            (20_000, 1_024, 5),
        ] {
            let bytes = &bytes[..size];
            let mut hashes = Vec::new();
            let byte_range = part * most;
            for start in (0..size).step_by(byte_range) {
                let own = |place: usize| to_u64(place);
                let end = size.min(start + byte_range);
                let mut parts = SubtreeHashes::new(own(part), own(start)..own(end));
                // More is read than belongs to the range.
                bytes[start..].chunks(700).for_each(|some| parts.update(some));
                hashes.extend(parts.hashes);
            }
            let whole = blake3::hash(bytes).to_hex().to_string();
            let [size, part] = [size, part].map(to_u64);
            assert_eq!(whole_hash(&hashes, size, part), Some(whole), "{size} in {part}");
            assert_eq!(whole_hash(&hashes[1..], size, part), None);
        }
    }
}
