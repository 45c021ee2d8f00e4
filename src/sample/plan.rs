//! Who delivers what, and when: the programme held against the made-up world.

use crate::domain::authority::Sector;
use crate::domain::id::{AuthorityId, InitiativeId, ServiceId};
use crate::domain::period::Month;
use crate::programme::model::{Authority, Programme};
use crate::sample::slot::{CLOSING, DeliveryKind, Redelivery, Slot};
use crate::sample::timeline::Timeline;
use crate::sample::world::{self, Deliverers, Profile};

/// One service at one authority, from its first month to its last.
pub(super) struct ServicePlan {
    /// Which service.
    pub(super) service: ServiceId,
    /// The initiative that is to change it.
    pub(super) initiative: InitiativeId,
    /// How its cost and volume run.
    pub(super) course: Timeline,
    first: Month,
    last: Month,
}

impl ServicePlan {
    /// Whether there is anything to deliver in the period.
    pub(super) fn runs_in(&self, slot: Slot) -> bool {
        let number = slot.number.min(12);
        Month::new(slot.year, number).is_some_and(|month| self.first <= month && month <= self.last)
    }
}

/// One authority that delivers, and what.
pub(super) struct SenderPlan<'a> {
    /// Its entry in the register.
    pub(super) authority: &'a Authority,
    /// Its services, in id order; at least one.
    pub(super) cells: Vec<ServicePlan>,
    /// Another authority of the register, whose lines do not belong in this one's files.
    pub(super) stranger: Option<AuthorityId>,
}

/// Everything there is to deliver.
pub(super) struct SamplePlan<'a> {
    /// The programme it is made for.
    pub(super) programme: &'a Programme,
    /// Who delivers, in id order.
    pub(super) senders: Vec<SenderPlan<'a>>,
}

impl SenderPlan<'_> {
    /// Whether nothing is delivered for the period, though it should be.
    pub(super) fn is_gap(&self, kind: DeliveryKind, slot: Slot) -> bool {
        let (authority, year, first, last) = world::GAP;
        kind == DeliveryKind::Usage
            && self.authority.id.as_str() == authority
            && slot.year == year
            && (first..=last).contains(&slot.number)
    }

    /// The period of this kind the authority delivers twice.
    pub(super) fn resent(&self, kind: DeliveryKind) -> Option<Slot> {
        let (authority, year, number) = match kind {
            DeliveryKind::Spending => world::RESENT_SPENDING,
            DeliveryKind::Usage => world::RESENT_USAGE,
        };
        let slot = Slot { year, number };
        let delivers = self.cells.iter().any(|cell| cell.runs_in(slot));
        (self.authority.id.as_str() == authority && delivers).then_some(slot)
    }

    /// Whether the first delivery of the period is replaced by a second.
    pub(super) fn replaced(&self, kind: DeliveryKind, slot: Slot) -> Redelivery {
        if self.resent(kind) == Some(slot) { Redelivery::Later } else { Redelivery::Never }
    }

    /// Months of the year in which the authority did not yet, or did no longer, exist: the one
    /// before it began, and the one after it ended.
    pub(super) fn slots_outside(&self, year: i16) -> Vec<Slot> {
        let before = self.authority.valid_from.and_then(|from| from.offset(-1));
        let after = self.authority.valid_to.and_then(|to| to.offset(1));
        let outside = [before, after].into_iter().flatten().map(Slot::of);
        // A month of another year would be refused for standing in the wrong file as well.
        let here = |slot: &Slot| {
            let same = |bound: Option<Month>| bound.is_some_and(|month| month.year().get() == year);
            slot.year == year && (same(self.authority.valid_from) || same(self.authority.valid_to))
        };
        outside.filter(here).collect()
    }
}

impl<'a> SamplePlan<'a> {
    /// Lays the plan for a programme.
    pub(super) fn of(programme: &'a Programme) -> SamplePlan<'a> {
        let mut senders: Vec<SenderPlan> = programme
            .authorities
            .entries
            .values()
            .filter(|authority| authority.id.as_str() != world::SILENT)
            .map(|authority| SenderPlan {
                authority,
                cells: cells_of(programme, authority),
                stranger: None,
            })
            .filter(|sender| !sender.cells.is_empty())
            .collect();
        let strangers: Vec<Option<AuthorityId>> =
            senders.iter().map(|sender| stranger_to(sender.authority, &senders)).collect();
        for (sender, stranger) in senders.iter_mut().zip(strangers) {
            sender.stranger = stranger;
        }
        SamplePlan { programme, senders }
    }

    /// The accounting years of the programme.
    pub(super) fn years(&self) -> impl Iterator<Item = i16> + use<> {
        self.programme.first.year().get()..=self.programme.last.year().get()
    }

    /// How many (authority, service, month) there are, and how many (authority, service, year)
    /// with a closing period.
    pub(super) fn extent(&self) -> (u32, u32) {
        let mut extent = (0, 0);
        for cell in self.senders.iter().flat_map(|sender| &sender.cells) {
            for year in self.years() {
                for number in 1..=CLOSING {
                    if cell.runs_in(Slot { year, number }) {
                        let count = if number == CLOSING { &mut extent.1 } else { &mut extent.0 };
                        *count += 1;
                    }
                }
            }
        }
        extent
    }
}

fn cells_of(programme: &Programme, authority: &Authority) -> Vec<ServicePlan> {
    let services = programme.services.entries.values();
    services
        .filter_map(|service| {
            let profile = world::profile_of(service.id.as_str());
            let begins = profile.from.and_then(|(year, month)| Month::new(year, month));
            let first = [authority.valid_from, begins]
                .into_iter()
                .flatten()
                .fold(programme.first, Month::max);
            let last = authority.valid_to.map_or(programme.last, |to| to.min(programme.last));
            (delivers(profile, authority) && first <= last).then(|| ServicePlan {
                service: service.id.clone(),
                initiative: service.initiative.clone(),
                course: Timeline::of(programme, authority, service, profile),
                first,
                last,
            })
        })
        .collect()
}

fn delivers(profile: &Profile, authority: &Authority) -> bool {
    match &profile.who {
        Deliverers::Sector(sector) => authority.sector == *sector,
        Deliverers::Named(ids) => ids.contains(&authority.id.as_str()),
        Deliverers::Everyone => true,
    }
}

/// Another sender, of the same sector where there is one, that exists throughout and misses no
/// month: a stray line in its name then changes nothing of what is known about it.
fn stranger_to(authority: &Authority, senders: &[SenderPlan]) -> Option<AuthorityId> {
    let steady = |other: &&SenderPlan| {
        let other = other.authority;
        other.id != authority.id
            && other.valid_from.is_none()
            && other.valid_to.is_none()
            && other.id.as_str() != world::GAP.0
    };
    let same = |sector: Sector| move |other: &&SenderPlan| other.authority.sector == sector;
    let near = senders.iter().filter(steady).rfind(same(authority.sector));
    near.or_else(|| senders.iter().find(steady)).map(|other| other.authority.id.clone())
}
