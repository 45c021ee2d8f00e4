//! Authorities that are succeeded by another: the two are one unit, under the later name.

use crate::domain::id::AuthorityId;
use crate::domain::period::Month;
use crate::programme::model::{Authority, Programme};
use crate::programme::problems::Problems;
use crate::programme::word::Word;
use std::collections::{BTreeMap, BTreeSet};

/// One row's successor: who is followed, and the cell that says by whom.
#[derive(Debug)]
pub(super) struct Handover {
    /// Who ceases.
    pub(super) from: AuthorityId,
    /// The cell of the column `successor`.
    pub(super) to: Word,
}

/// Holds every handover against the months both exist in: the successor goes on where the other
/// stops. It begins the month after, or it existed already in `first`, the first month compared.
pub(super) fn check(
    entries: &BTreeMap<AuthorityId, Authority>,
    handovers: &[Handover],
    first: Month,
    problems: &mut Problems,
) {
    for handover in handovers {
        let Handover { from, to } = handover;
        if let Some(ring) = ring(entries, from) {
            let what = format!("which leads back to `{from}` itself: {}", ring.join(" -> "));
            to.refuse(&what, "let the last of them have no successor", problems);
            continue;
        }
        let entry = entries.get(from).filter(|_| to.text != from.as_str());
        let last = entry.filter(|entry| entry.valid_from <= entry.valid_to);
        let last = last.and_then(|entry| entry.valid_to);
        let next = last.and_then(|last| last.offset(1));
        let successor = entries.get(&AuthorityId::new(&to.text));
        if let (Some(next), Some(successor)) = (next, successor) {
            continues(successor, to, next, first, problems);
        }
        if let (Some(entry), Some(successor)) = (entry, successor) {
            same_sector(entry, successor, to, problems);
        }
    }
}

/// Notes a gap between two bodies, or months in which the later one grows up beside the other.
fn continues(successor: &Authority, to: &Word, next: Month, first: Month, problems: &mut Problems) {
    let problem = match successor.valid_from {
        Some(from) if next < from => {
            let what = format!("which begins in `{from}`: no one has the tasks from `{next}`");
            Some((what, format!("let it begin in `{next}`, or correct who took over")))
        }
        Some(from) if first < from && from < next => {
            let what = format!("which begins in `{from}`: both have the tasks until `{next}`");
            let help = "let it begin when the other has stopped; leave its `valid_from` empty if \
                        it is older than what is compared";
            Some((what, help.to_owned()))
        }
        Some(_) | None => None,
    };
    if let Some((what, help)) = problem {
        to.refuse(&what, help, problems);
    }
    if let Some(ends) = successor.valid_to.filter(|ends| *ends < next) {
        let what = format!("which ended in `{ends}`, before it took over");
        to.refuse(&what, "correct who took over, or when it ended", problems);
    }
}

/// Notes a successor of another sector: the two are one unit, whose cost follows one price series.
fn same_sector(entry: &Authority, successor: &Authority, to: &Word, problems: &mut Problems) {
    if entry.sector != successor.sector {
        let (from, into) = (entry.sector.word(), successor.sector.word());
        to.refuse(
            &format!("of the sector `{into}`, while `{}` is of `{from}`", entry.id),
            "the figures of both follow the successor's prices: correct the sector, or leave \
             `successor` empty, and the task is closed in one and new in the other",
            problems,
        );
    }
}

/// The way from an authority back to itself; `None` when there is none, or it is one step long,
/// which is told where the cell is read.
fn ring(entries: &BTreeMap<AuthorityId, Authority>, start: &AuthorityId) -> Option<Vec<String>> {
    let mut way = vec![start.to_string()];
    let mut at = start;
    for _ in 0..entries.len() {
        at = entries.get(at)?.successor.as_ref()?;
        way.push(at.to_string());
        if at == start {
            return (way.len() > 2).then_some(way);
        }
    }
    None
}

/// Every authority that one succeeds, directly or through another.
pub(super) fn before(
    entries: &BTreeMap<AuthorityId, Authority>,
    authority: &AuthorityId,
) -> BTreeSet<AuthorityId> {
    let mut found = BTreeSet::from([authority.clone()]);
    for _ in entries.keys() {
        let leads = |entry: &&Authority| {
            entry.successor.as_ref().is_some_and(|successor| found.contains(successor))
        };
        let more: Vec<_> = entries.values().filter(leads).map(|entry| entry.id.clone()).collect();
        found.extend(more);
    }
    found
}

impl Programme {
    /// The authority under whose name another's figures stand: the last of its successors, or
    /// itself.
    pub fn unit_of<'a>(&'a self, authority: &'a AuthorityId) -> &'a AuthorityId {
        let mut at = authority;
        for _ in 0..self.authorities.entries.len() {
            match self.authorities.entries.get(at).and_then(|entry| entry.successor.as_ref()) {
                Some(next) => at = next,
                None => break,
            }
        }
        at
    }
}
