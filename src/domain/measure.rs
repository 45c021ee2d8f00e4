//! What facts measure, added up and counted.

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
// Twelve bytes, not sixteen: a run may have many.
#[repr(Rust, packed(4))]
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
