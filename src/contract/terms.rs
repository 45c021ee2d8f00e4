//! What the programme says that a contract holds lines against: who, what and when.

use crate::domain::correction::Correctors;
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
    /// The services each authority's figures are awaited for, where the programme says so.
    pub awaited: BTreeMap<AuthorityId, BTreeSet<ServiceId>>,
    /// Initiatives of the strategy; `None` only while the programme itself does not hold.
    pub initiatives: Option<BTreeSet<InitiativeId>>,
    /// The code of the currency amounts are in.
    pub currency: String,
    /// Whose refused lines a correction pack may correct.
    pub corrections: Correctors,
}

impl Terms {
    /// Terms that refuse nobody: for finding a contract's own problems when the programme has some
    /// too. No line is held against them.
    pub fn unknown() -> Terms {
        let any = Month::new(2000, 1).expect("a month");
        Terms {
            first: any,
            last: any,
            authorities: None,
            services: None,
            awaited: BTreeMap::new(),
            initiatives: None,
            currency: "DKK".to_owned(),
            corrections: Correctors::default(),
        }
    }
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
