//! Lines that stand in a file twice: a block pasted again, a file joined with itself.
//!
//! The facts give the hint, for a block that stands twice makes even sums of an even number of
//! lines; the lines then are read once more to see whether it is so.

use crate::contract::compiled::Contract;
use crate::contract::schema::Holds;
use crate::domain::measure::Tally;
use crate::domain::number::to_usize;
use crate::facts::Facts;
use crate::ingest::account::DeliveryResult;
use crate::ingest::seen_line::{RepeatedLines, SeenLine};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Fewest different lines in a row that are a block.
const BLOCK: usize = 5;

/// Fewest facts that are even before the lines are looked at.
const EVEN: usize = 5;

/// Most lines of a delivery that is looked at: it is held while it is.
const MOST: u32 = 500_000;

/// Earlier lines like one that are held against what follows it.
const PLACES: usize = 4;

/// Whether the facts of a delivery are such that a block of its lines may stand in it twice.
pub(crate) fn may_be(contract: &Contract, read: &DeliveryResult) -> bool {
    let few = (2..=MOST).contains(&read.account.lines_accepted);
    few && contract.holds == Holds::Figures && contract.key.is_empty() && are_even(&read.facts)
}

/// Whether all facts of several lines but a few are even, or all of one authority and period.
fn are_even(facts: &Facts) -> bool {
    let authority = |about: u32| &facts.abouts()[to_usize(about)].authority;
    let (mut even, mut several, mut slot_even) = (0, 0, false);
    // Even facts in a row of one authority and period, while there is no other among them.
    let (mut run, mut before) = (Some(0), None);
    for ((about, period), (lines, tallies)) in facts.numbers().zip(facts.weights()) {
        let same = before.is_some_and(|(last, of)| {
            of == period && (last == about || authority(last) == authority(about))
        });
        if !same {
            slot_even |= run.is_some_and(|run| run >= EVEN);
            run = Some(0);
        }
        before = Some((about, period));
        let is_even = is_even(lines, tallies);
        even += usize::from(is_even);
        several += usize::from(lines > 1);
        run = run.filter(|_| is_even).map(|run| run + 1);
    }
    slot_even |= run.is_some_and(|run| run >= EVEN);
    even >= EVEN && (even * 10 >= several * 9 || slot_even)
}

fn is_even(lines: u32, tallies: &[Tally]) -> bool {
    let even = |tally: &Tally| {
        let (lines, sum) = (tally.lines, tally.sum);
        lines.is_multiple_of(2) && sum % 2 == 0
    };
    lines > 0 && lines.is_multiple_of(2) && tallies.iter().all(even)
}

/// The lines that stand again in the order they stood in before; `None`: no block of them does.
pub(crate) fn find(lines: &[SeenLine]) -> Option<RepeatedLines> {
    let mut places: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    let mut found: Option<RepeatedLines> = None;
    let (mut place, mut noted) = (0, 0);
    while place < lines.len() {
        while noted < place {
            let own = places.entry(lines[noted].hash).or_default();
            if own.len() < PLACES {
                own.push(noted);
            }
            noted += 1;
        }
        let earlier = places.get(&lines[place].hash).into_iter().flatten();
        let runs = earlier.map(|before| (run(lines, *before, place), *before));
        let longest = runs.max_by_key(|(run, before)| (*run, Reverse(*before)));
        let Some((length, before)) =
            longest.filter(|(length, _)| is_block(&lines[place..][..*length]))
        else {
            place += 1;
            continue;
        };
        let (first, before) = (lines[place].line, lines[before].line);
        let own = found.get_or_insert(RepeatedLines { lines: 0, first, before, oere: None });
        for line in &lines[place..][..length] {
            own.lines += 1;
            if let Some(oere) = line.oere {
                own.oere = Some(own.oere.unwrap_or(0).saturating_add(oere));
            }
        }
        place += length;
    }
    found
}

/// How many lines from `place` on are those from `before` on, up to `place`.
fn run(lines: &[SeenLine], before: usize, place: usize) -> usize {
    let pairs = lines[before..place].iter().zip(&lines[place..]);
    pairs.take_while(|(one, other)| one.hash == other.hash).count()
}

/// Whether lines are a block: the same bill over and over is none.
fn is_block(lines: &[SeenLine]) -> bool {
    lines.len() >= BLOCK
        && lines.iter().map(|line| line.hash).collect::<BTreeSet<_>>().len() >= BLOCK
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::ingest::seen_line::SeenLine;

    fn seen(text: &str) -> Vec<SeenLine> {
        let lines = text.split(' ').zip(2..);
        lines.map(|(own, line)| SeenLine::new(own.as_bytes(), line, Some(1))).collect()
    }

    #[test]
    fn a_block_that_stands_again_is_found_and_one_line_over_and_over_is_not() {
        for (text, expected) in [
            ("a b c d e a b c d e", Some((5, 7, 2))),
            ("x a b c d e y a b c d e z", Some((5, 9, 3))),
            ("a b c d e a b c d e a b c d e", Some((10, 7, 2))),
            ("a b c d e a b c d f", None),
            ("a a a a a a a a a a a a", None),
            ("a b a b a b a b a b a b", None),
        ] {
            let found = find(&seen(text)).map(|own| (own.lines, own.first, own.before));
            assert_eq!(found, expected, "{text}");
        }
    }
}
