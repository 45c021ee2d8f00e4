//! A fact: what one delivery says of one thing in one period.

use crate::domain::delivery::DeliveryId;
use crate::domain::id::{AccountId, AuthorityId, ChannelId, InitiativeId, ServiceId};
use crate::domain::measure::{Measure, Tally};
use crate::domain::money::Oere;
use crate::domain::number::to_usize;
use crate::domain::period::Period;

/// What a fact is about, but for its period.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct About {
    /// Who it concerns.
    pub authority: AuthorityId,
    /// Which service, where the contract has one.
    pub service: Option<ServiceId>,
    /// Which initiative, where the line names one.
    pub initiative: Option<InitiativeId>,
    /// Which account, where the contract has one.
    pub account: Option<AccountId>,
    /// Which channel, where the contract has one.
    pub channel: Option<ChannelId>,
}

/// A fact: what one delivery says of one thing in one period, lines counted and measures added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact<'a> {
    /// The delivery it came in.
    pub delivery: DeliveryId,
    /// What it is about.
    pub key: FactKey<'a>,
    /// Lines behind it.
    pub lines: u32,
    /// What they add up to.
    pub measures: Measures<'a>,
}

/// What a fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FactKey<'a> {
    /// Who it concerns.
    pub authority: &'a AuthorityId,
    /// When.
    pub period: Period,
    /// Which service, where the contract has one.
    pub service: Option<&'a ServiceId>,
    /// Which initiative, where the line names one.
    pub initiative: Option<&'a InitiativeId>,
    /// Which account, where the contract has one.
    pub account: Option<&'a AccountId>,
    /// Which channel, where the contract has one.
    pub channel: Option<&'a ChannelId>,
}

/// One tally a measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measures<'a> {
    /// One bit a measure, by its place in [`Measure::ALL`].
    pub(super) measure_mask: u8,
    /// The tallies of the measures held, in the same order.
    pub(super) tallies: &'a [Tally],
}

impl Measures<'_> {
    /// The tally of one measure.
    pub fn get(&self, measure: Measure) -> Tally {
        let bit = 1_u8 << measure.index();
        if self.measure_mask & bit == 0 {
            return Tally::default();
        }
        self.tallies[to_usize((self.measure_mask & (bit - 1)).count_ones())]
    }

    /// The tallies there are, in the order of [`Measure::ALL`].
    pub fn tallies(&self) -> impl Iterator<Item = (Measure, Tally)> {
        let measure_mask = self.measure_mask;
        let measures =
            Measure::ALL.into_iter().filter(move |one| measure_mask & (1 << one.index()) != 0);
        measures.zip(self.tallies.iter().copied())
    }

    /// Spending in øre; `None` when no line carried an amount.
    pub fn amount(&self) -> Option<Oere> {
        self.get(Measure::Amount).value().map(Oere::new)
    }
}
