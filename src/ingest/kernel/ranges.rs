//! A large delivery in ranges, on every thread there is. Where a range begins is guessed, and held
//! against where the range before it ends.

use crate::domain::source::Content;
use crate::ingest::kernel::index::{BLOCK, Index, Text};
use crate::ingest::kernel::program::Program;
use crate::ingest::kernel::record::Desk;
use crate::ingest::kernel::stretch::{Covered, Stretch, cover};
use crate::ingest::scan::{WINDOW, fill};
use crate::ingest::verdict::Refusal;
use blake3::Hasher;
use rayon::prelude::*;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes looked at for the beginning of a range.
const LOOK: usize = 16 * 1024;

/// The line the first one of a range is counted as, before it is known: not 1, on which a byte
/// order mark may stand.
const FIRST: u32 = 2;

/// What one thread read: all it knows, and what it found in each range.
type Share<'a> = (Desk<'a>, Vec<(usize, Covered, Vec<Refusal>)>);

/// Reads a delivery of `size` bytes in ranges of about `range` bytes; gives what was found, the
/// bytes read and their hash. `None` when a guess was wrong or the encoding is another.
pub(super) fn read<'a>(
    content: &dyn Content,
    program: &Program,
    whole: Stretch,
    (size, range): (u64, u64),
    desk: &(dyn Fn() -> Desk<'a> + Sync),
) -> io::Result<Option<(Desk<'a>, u64, String)>> {
    let stretches = cut(content, program, whole, (size, range))?;
    let next = AtomicUsize::new(0);
    let work = |_| -> io::Result<Share<'a>> {
        let mut desk = desk();
        let mut found = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some(stretch) = stretches.get(number) else {
                return Ok((desk, found));
            };
            let mut input = content.open_at(stretch.start)?;
            let covered = cover(&mut desk, *stretch, &mut input, |_| ())?;
            found.push((number, covered, std::mem::take(&mut desk.refusals)));
        }
    };
    let threads = rayon::current_num_threads().min(stretches.len());
    let (hashed, shares) = rayon::join(
        || hash(content),
        || (0..threads).into_par_iter().map(work).collect::<io::Result<Vec<_>>>(),
    );
    let (bytes, blake3) = hashed?;
    Ok(join(shares?, &stretches).map(|desk| (desk, bytes, blake3)))
}

/// Adds up what the threads found, with lines counted from the top of the delivery.
fn join<'a>(shares: Vec<Share<'a>>, stretches: &[Stretch]) -> Option<Desk<'a>> {
    let mut all: Option<Desk<'a>> = None;
    let mut ranges = Vec::new();
    for (desk, found) in shares {
        ranges.extend(found);
        match &mut all {
            None => all = Some(desk),
            Some(all) => all.absorb(desk),
        }
    }
    let mut all = all?;
    ranges.sort_unstable_by_key(|(number, _, _)| *number);
    let mut line = stretches.first()?.line;
    for (number, covered, refusals) in ranges {
        let own = stretches[number].line;
        all.refusals.extend(
            refusals
                .into_iter()
                .map(|refusal| Refusal { line: line + (refusal.line - own), ..refusal }),
        );
        line = line.checked_add(covered.line - own).expect("a delivery has under 2^32 lines");
        let met = stretches.get(number + 1).is_none_or(|next| next.start == covered.end);
        if !met || !covered.holds {
            return None;
        }
    }
    Some(all)
}

/// The stretches between the borders found.
fn cut(
    content: &dyn Content,
    program: &Program,
    whole: Stretch,
    (size, range): (u64, u64),
) -> io::Result<Vec<Stretch>> {
    let mut stretches = vec![whole];
    let mut near = range.max(1);
    while near < size {
        let last = stretches.last_mut().expect("there is a first stretch");
        let top = u64::try_from(last.skipped).expect("usize fits u64");
        if let Some(start) = border(content, program, near)?
            && last.start + top < start
        {
            last.end = start;
            stretches.push(Stretch { start, skipped: 0, end: whole.end, line: FIRST });
        }
        near += range.max(1);
    }
    Ok(stretches)
}

/// Where the first record behind `near` begins, as far as can be told from there: behind the end of
/// a line that two whole records of plain cells follow.
fn border(content: &dyn Content, program: &Program, near: u64) -> io::Result<Option<u64>> {
    let mut text = vec![0; LOOK + BLOCK];
    let length = fill(&mut content.open_at(near)?, &mut text[..LOOK])?;
    let mut index = Index::default();
    // A look from the middle of a character says nothing of the encoding.
    let (marks, charset) = (program.marks, program.charset);
    index.build(Text { bytes: &text, start: 0, end: length, marks, charset, at_end: false });
    let places: Vec<usize> = index
        .places()
        .iter()
        .map(|place| usize::try_from(*place).expect("u32 fits usize"))
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
    Ok(found.map(|ends| near + u64::try_from(ends[0]).expect("usize fits u64") + 1))
}

/// The bytes of a delivery and their hash.
fn hash(content: &dyn Content) -> io::Result<(u64, String)> {
    let mut input = content.open()?;
    let mut window = vec![0; WINDOW];
    let (mut hash, mut bytes) = (Hasher::new(), 0);
    loop {
        let length = fill(&mut input, &mut window)?;
        if length == 0 {
            return Ok((bytes, hash.finalize().to_hex().to_string()));
        }
        hash.update(&window[..length]);
        bytes += u64::try_from(length).expect("usize fits u64");
    }
}
