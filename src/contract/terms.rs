//! What the programme says that a contract holds lines against: who, what and when.

use crate::domain::id::{AuthorityId, InitiativeId, ServiceId};
use crate::domain::period::Month;
use std::collections::{BTreeMap, BTreeSet};

/// The registers and the period lines are held against. `None` is an open register: any id goes.
#[derive(Debug, Clone)]
pub struct Terms {
    /// First month of the programme.
    pub first: Month,
    /// Last month of the programme.
    pub last: Month,
    /// Authorities that may deliver, and when they exist.
    pub authorities: Option<BTreeMap<AuthorityId, Validity>>,
    /// Services, each with the initiative it belongs to.
    pub services: Option<BTreeMap<ServiceId, InitiativeId>>,
    /// Initiatives of the strategy.
    pub initiatives: BTreeSet<InitiativeId>,
}

/// The months an authority exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    /// First month; `None`: since before the programme.
    pub from: Option<Month>,
    /// Last month; `None`: it still does.
    pub to: Option<Month>,
    /// Whether its deliveries are awaited.
    pub expected: bool,
}

impl Validity {
    /// Whether the authority exists in every month from `first` to `last`.
    pub fn covers(&self, first: Month, last: Month) -> bool {
        self.from.is_none_or(|from| from <= first) && self.to.is_none_or(|to| last <= to)
    }
}
