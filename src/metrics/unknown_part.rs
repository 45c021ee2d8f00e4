//! A part of what is unknown: why, who must act, and what it weighs.

use crate::domain::id::AuthorityId;
use crate::domain::money::Oere;
use std::collections::BTreeMap;

/// Why a saving is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// Some months of the span are compared, and not all.
    PartOfSpan,
    /// The programme declares no baseline.
    NoBaseline,
    /// The baseline was not delivered.
    BaselineMissing,
    /// Spending or volume was not delivered for the span.
    NotDelivered,
    /// The task is new or closed.
    NewOrClosed,
    /// More came in than was spent, or nothing was spent in the baseline.
    NetIncome,
    /// Period 13 was delivered in one of the two years only: the months are compared without it.
    ClosingInOneYear,
    /// Lines were refused. Part of no comparison: they may change one that is made.
    Refused,
}

/// Who can make it known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Actor {
    /// The authority: by delivering.
    Authority(AuthorityId),
    /// Who runs the programme: by agreeing on what to compare with.
    Programme,
    /// It cannot be seen from what was delivered.
    Unseen,
}

/// What something unknown weighs, at the programme's price level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UnknownWeight {
    /// Comparisons that are not known.
    pub cells: u32,
    /// Spending that came, and is not compared; of refused lines, readable amounts without signs.
    pub spending: Oere,
    /// An estimate of what never came: what was last delivered for the same months.
    pub estimated: Oere,
    /// Comparisons, lines and deliveries of which something has no weight at all.
    pub unweighed: u32,
}

impl UnknownWeight {
    /// Two weights as one.
    #[must_use]
    pub fn plus(self, other: UnknownWeight) -> UnknownWeight {
        let sum = |one: Oere, other: Oere| Oere::new(one.get().saturating_add(other.get()));
        UnknownWeight {
            cells: self.cells + other.cells,
            spending: sum(self.spending, other.spending),
            estimated: sum(self.estimated, other.estimated),
            unweighed: self.unweighed + other.unweighed,
        }
    }

    /// What came and what is estimated, together.
    pub fn all(&self) -> Oere {
        Oere::new(self.spending.get().saturating_add(self.estimated.get()))
    }
}

/// Everything that is not known about a sum.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unknown {
    /// By cause and by who must act.
    pub rows: BTreeMap<(Cause, Actor), UnknownWeight>,
}

impl Unknown {
    /// Adds a weight to its row.
    pub fn add(&mut self, cause: Cause, actor: Actor, weight: UnknownWeight) {
        let row = self.rows.entry((cause, actor)).or_default();
        *row = row.plus(weight);
    }

    /// The comparisons that are not known, added up.
    pub fn comparisons(&self) -> UnknownWeight {
        self.sum(|cause| cause != Cause::Refused)
    }

    /// What is refused, added up.
    pub fn refused(&self) -> UnknownWeight {
        self.sum(|cause| cause == Cause::Refused)
    }

    /// Whether nothing is unknown.
    pub fn is_nothing(&self) -> bool {
        self.rows.is_empty()
    }

    pub(crate) fn sum(&self, counts: impl Fn(Cause) -> bool) -> UnknownWeight {
        let rows = self.rows.iter().filter(|((cause, _), _)| counts(*cause));
        rows.fold(UnknownWeight::default(), |sum, (_, row)| sum.plus(*row))
    }
}

/// What is not known about one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CellUnknown {
    /// Why.
    pub cause: Cause,
    /// Spending of the span, at the programme's price level; below zero where more came in.
    pub spending: Oere,
    /// The same outside the months that are compared.
    pub outside: Oere,
    /// An estimate of what never came.
    pub estimated: Oere,
    /// Whether something of it has no weight: months of which nothing was ever delivered, spending
    /// without a price index, or income, which has no lower bound.
    pub unweighed: bool,
}
