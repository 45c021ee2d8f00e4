//! An accounting period of a year, and what is delivered for it.

use crate::domain::id::AuthorityId;
use crate::domain::period::Month;
use std::fmt;

/// One accounting period of one year: a month, or 13.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot {
    /// The accounting year.
    pub(super) year: i16,
    /// 1 to 12, or 13 for the closing period.
    pub(super) number: u8,
}

/// The closing period's number.
pub(super) const CLOSING: u8 = 13;

impl Slot {
    /// The period of a month.
    pub(super) fn of(month: Month) -> Slot {
        Slot { year: month.year().get(), number: month.number() }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.year, self.number)
    }
}

/// The two kinds of delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum DeliveryKind {
    /// Postings with amounts.
    Spending,
    /// Monthly counts by channel.
    Usage,
}

impl DeliveryKind {
    /// The folder such deliveries lie in.
    pub(super) fn folder(self) -> &'static str {
        match self {
            DeliveryKind::Spending => "forbrug",
            DeliveryKind::Usage => "brug",
        }
    }

    /// Whether its lines carry money.
    pub(super) fn has_amounts(self) -> bool {
        self == DeliveryKind::Spending
    }

    /// The file of an authority's year; `version` 1 is the first delivery.
    pub(super) fn file(self, authority: &AuthorityId, year: i16, version: u32) -> String {
        let folder = self.folder();
        if version == 1 {
            format!("{folder}/{authority}-{year}.csv")
        } else {
            format!("{folder}/{authority}-{year}.v{version}.csv")
        }
    }
}

/// Whether a line's month is delivered again.
#[derive(Clone, Copy)]
pub(super) enum Redelivery {
    /// A later delivery has the month too.
    Later,
    /// This is the last word.
    Never,
}

/// Postings of a service in a closing period.
pub(super) const CLOSING_LINES: u32 = 3;
