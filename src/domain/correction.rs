//! What correction packs came to, and whose lines a pack may correct.

use crate::domain::delivery::DeliveryId;
use crate::domain::id::AuthorityId;
use crate::domain::money::Oere;
use crate::domain::quarantine::Quarantined;
use std::collections::{BTreeMap, BTreeSet};

/// Whose refused lines a pack may correct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Correctors {
    /// Each authority its own; those named here anyone's.
    Own(BTreeSet<AuthorityId>),
    /// Anyone may correct anyone's.
    Anyone,
}

impl Default for Correctors {
    fn default() -> Correctors {
        Correctors::Own(BTreeSet::new())
    }
}

/// A line of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineRef {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Its line, as in [`Quarantined`].
    pub line: u32,
}

/// A refused line whose place a correction has taken. It counts no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corrected {
    /// The line as it was refused.
    pub refused: Quarantined,
    /// The correction.
    pub by: LineRef,
    /// Whom its pack is from; `None` where its name does not tell.
    pub from: Option<AuthorityId>,
    /// The amount it posts; `None` where there is none.
    pub amount: Option<Oere>,
}

/// A correction that fails itself. It does not count: the line it is for is still refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The correction, and what it is refused for.
    pub refused: Quarantined,
    /// The line it is for.
    pub of: LineRef,
}

/// What correction packs came to, each in (delivery, line) order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Corrections {
    /// Lines that are corrected.
    pub corrected: Vec<Corrected>,
    /// Corrections that fail, of lines that are not.
    pub failed: Vec<Attempt>,
}

/// What one pack corrected.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PackTotal {
    /// Whom it is from; `None` where its name does not tell.
    pub from: Option<AuthorityId>,
    /// How many lines.
    pub lines: u32,
    /// What they post, in øre; `None` where none of them has an amount.
    pub amount: Option<Oere>,
}

impl Corrections {
    /// What each pack corrected, by its delivery; their lines are all that are corrected.
    pub fn by_pack(&self) -> BTreeMap<DeliveryId, PackTotal> {
        let mut packs: BTreeMap<DeliveryId, PackTotal> = BTreeMap::new();
        for line in &self.corrected {
            let pack = packs.entry(line.by.delivery).or_default();
            pack.from.clone_from(&line.from);
            pack.lines += 1;
            let amounts = pack.amount.into_iter().chain(line.amount);
            pack.amount = line.amount.or(pack.amount).map(|_| Oere::sum(amounts));
        }
        packs
    }
}
