//! A fact: what an authority delivered about one thing in one period, added up and counted.

use crate::domain::id::{AccountId, AuthorityId, ChannelId, InitiativeId, ServiceId};
use crate::domain::money::Oere;
use crate::domain::period::Period;
use crate::domain::source::DeliveryId;

/// What a column can measure. Every measure is a whole number of its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Spending in øre, expenditure positive.
    Amount,
    /// Transactions started.
    Started,
    /// Transactions completed, all channels.
    Completed,
    /// Transactions completed digitally, assisted ones included.
    Digital,
    /// Transactions completed digitally with help.
    Assisted,
    /// Hours worked, in hundredths of an hour.
    Hours,
    /// Users who answered that they were satisfied.
    Satisfied,
    /// Users who answered.
    Answered,
}

impl Measure {
    /// Every measure, in the order of columns in data files.
    pub const ALL: [Measure; 8] = [
        Measure::Amount,
        Measure::Started,
        Measure::Completed,
        Measure::Digital,
        Measure::Assisted,
        Measure::Hours,
        Measure::Satisfied,
        Measure::Answered,
    ];

    /// The word used in contracts and data files.
    pub fn word(self) -> &'static str {
        match self {
            Measure::Amount => "amount",
            Measure::Started => "started",
            Measure::Completed => "completed",
            Measure::Digital => "digital",
            Measure::Assisted => "assisted",
            Measure::Hours => "hours",
            Measure::Satisfied => "satisfied",
            Measure::Answered => "answered",
        }
    }

    /// Place in [`Measure::ALL`].
    pub fn index(self) -> usize {
        match self {
            Measure::Amount => 0,
            Measure::Started => 1,
            Measure::Completed => 2,
            Measure::Digital => 3,
            Measure::Assisted => 4,
            Measure::Hours => 5,
            Measure::Satisfied => 6,
            Measure::Answered => 7,
        }
    }
}

/// A sum and how many lines gave a value to it: no line, no value, which is not zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Sum in the measure's unit.
    pub sum: i64,
    /// Lines that carried a value.
    pub lines: u32,
}

impl Tally {
    /// The sum, or `None` when no line carried a value.
    pub fn value(self) -> Option<i64> {
        (self.lines > 0).then_some(self.sum)
    }

    /// This tally and another as one; panics past `i64`, which no bounded set of lines reaches.
    #[must_use]
    pub fn plus(self, other: Tally) -> Tally {
        Tally {
            sum: self.sum.checked_add(other.sum).expect("a fact stays within i64"),
            lines: self.lines.checked_add(other.lines).expect("a fact has under 2^32 lines"),
        }
    }
}

/// One tally a measure. Takes room only for the measures there are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Measures {
    /// One bit a measure, by its place in [`Measure::ALL`].
    held: u8,
    /// The tally of the first measure held; most facts have one.
    first: Tally,
    /// Those of the others, in the same order.
    others: Box<[Tally]>,
}

impl Measures {
    /// The tally of one measure.
    pub fn get(&self, measure: Measure) -> Tally {
        if self.held >> measure.index() & 1 == 0 {
            return Tally::default();
        }
        match self.rank(measure) {
            0 => self.first,
            rank => self.others[rank - 1],
        }
    }

    /// Adds a line's value.
    pub fn add(&mut self, measure: Measure, value: i64) {
        self.set(measure, self.get(measure).plus(Tally { sum: value, lines: 1 }));
    }

    /// Makes the tally of one measure.
    pub fn set(&mut self, measure: Measure, tally: Tally) {
        let rank = self.rank(measure);
        if self.held >> measure.index() & 1 == 0 {
            let mut all: Vec<Tally> = Vec::with_capacity(self.others.len() + 1);
            all.extend((self.held != 0).then_some(self.first));
            all.extend(&self.others);
            all.insert(rank, Tally::default());
            self.first = all[0];
            self.others = all[1..].into();
            self.held |= 1 << measure.index();
        }
        match rank {
            0 => self.first = tally,
            rank => self.others[rank - 1] = tally,
        }
    }

    /// Adds every tally of `other`.
    pub fn merge(&mut self, other: &Measures) {
        for measure in Measure::ALL {
            let more = other.get(measure);
            if more.lines > 0 {
                self.set(measure, self.get(measure).plus(more));
            }
        }
    }

    /// How many measures held stand before this one.
    fn rank(&self, measure: Measure) -> usize {
        let before = self.held & ((1 << measure.index()) - 1);
        usize::try_from(before.count_ones()).expect("at most eight")
    }

    /// Spending in øre; `None` when no line carried an amount.
    pub fn amount(&self) -> Option<Oere> {
        self.get(Measure::Amount).value().map(Oere::new)
    }
}

/// What a fact is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FactKey {
    /// Who it concerns.
    pub authority: AuthorityId,
    /// When.
    pub period: Period,
    /// Which service, where the contract has one.
    pub service: Option<ServiceId>,
    /// Which initiative, where the line names one.
    pub initiative: Option<InitiativeId>,
    /// Which account, where the contract has one.
    pub account: Option<AccountId>,
    /// Which channel, where the contract has one.
    pub channel: Option<ChannelId>,
}

/// What one delivery says of one key: lines counted, measures added up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The delivery it came in.
    pub delivery: DeliveryId,
    /// What it is about.
    pub key: FactKey,
    /// Lines behind it.
    pub lines: u32,
    /// What they add up to.
    pub measures: Measures,
}

#[cfg(test)]
mod tests {
    use super::{Measure, Measures, Tally};

    #[test]
    fn measures_are_kept_apart_in_any_order() {
        let mut measures = Measures::default();
        for (measure, value) in [
            (Measure::Hours, 5),
            (Measure::Amount, -7),
            (Measure::Answered, 1),
            (Measure::Hours, 6),
        ] {
            measures.add(measure, value);
        }
        let mut twice = measures.clone();
        twice.merge(&measures);
        assert_eq!(twice.get(Measure::Hours), Tally { sum: 22, lines: 4 });
        assert_eq!(twice.get(Measure::Amount), Tally { sum: -14, lines: 2 });
        assert_eq!(twice.get(Measure::Answered), Tally { sum: 2, lines: 2 });
        assert_eq!(twice.get(Measure::Started).value(), None);
    }
}
