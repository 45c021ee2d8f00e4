//! The facts of one delivery as columns of bytes, and back.

use crate::domain::delivery::DeliveryId;
use crate::domain::id::{AccountId, AuthorityId, ChannelId, InitiativeId, ServiceId};
use crate::domain::measure::Tally;
use crate::domain::period::{Month, Period, Window};
use crate::facts::Facts;
use crate::facts::fact::About;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the columns point into, and how long they are.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct NameTables {
    authorities: Vec<AuthorityId>,
    services: Vec<ServiceId>,
    initiatives: Vec<InitiativeId>,
    accounts: Vec<AccountId>,
    channels: Vec<ChannelId>,
    /// How many periods there are.
    periods: usize,
    abouts: usize,
    facts: usize,
    tallies: usize,
}

/// Names in the order they were met, each with its place, counted from 1: 0 is no name.
struct NameIndex<T> {
    places: BTreeMap<T, u32>,
    names: Vec<T>,
}

impl<T: Clone + Ord> NameIndex<T> {
    fn none() -> NameIndex<T> {
        NameIndex { places: BTreeMap::new(), names: Vec::new() }
    }

    fn place(&mut self, name: Option<&T>) -> u32 {
        let Some(name) = name else {
            return 0;
        };
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        self.names.push(name.clone());
        let place = u32::try_from(self.names.len()).expect("a delivery has under 2^32 names");
        self.places.insert(name.clone(), place);
        place
    }
}

/// Writes the facts behind `to`, and gives the names they point to.
pub(super) fn write(facts: &Facts, to: &mut Vec<u8>) -> NameTables {
    let abouts = facts.abouts();
    let mut authorities = NameIndex::none();
    let mut services = NameIndex::none();
    let mut initiatives = NameIndex::none();
    let mut accounts = NameIndex::none();
    let mut channels = NameIndex::none();
    put(to, abouts.iter().map(|about| authorities.place(Some(&about.authority))));
    put(to, abouts.iter().map(|about| services.place(about.service.as_ref())));
    put(to, abouts.iter().map(|about| initiatives.place(about.initiative.as_ref())));
    put(to, abouts.iter().map(|about| accounts.place(about.account.as_ref())));
    put(to, abouts.iter().map(|about| channels.place(about.channel.as_ref())));
    put(to, facts.numbers().map(|(about, _)| about));
    put(to, facts.numbers().map(|(_, period)| period));
    put(to, facts.iter().map(|fact| fact.lines));
    put(to, facts.periods().iter().flat_map(|period| coded(*period)));
    let mut tallies = Vec::new();
    for fact in facts.iter() {
        let before = tallies.len();
        tallies.extend(fact.measures.tallies());
        let held = tallies[before..].iter().map(|(measure, _)| 1_u8 << measure.index());
        to.push(held.fold(0, |all, one| all | one));
    }
    to.extend(tallies.iter().flat_map(|(_, tally)| tally.sum.to_le_bytes()));
    put(to, tallies.iter().map(|(_, tally)| tally.lines));
    NameTables {
        authorities: authorities.names,
        services: services.names,
        initiatives: initiatives.names,
        accounts: accounts.names,
        channels: channels.names,
        periods: facts.periods().len(),
        abouts: abouts.len(),
        facts: facts.len(),
        tallies: tallies.len(),
    }
}

/// Reads the facts back, as those of this delivery; `None` when the bytes are no such columns.
pub(super) fn read(names: &NameTables, delivery: DeliveryId, bytes: &[u8]) -> Option<Facts> {
    let mut rest = bytes;
    let mut abouts = Vec::new();
    let mut facts = Facts::default();
    {
        let mut column = || get(&mut rest, names.abouts).map(Vec::into_iter);
        let authorities = column()?;
        let (mut services, mut initiatives) = (column()?, column()?);
        let (mut accounts, mut channels) = (column()?, column()?);
        for authority in authorities {
            let about = About {
                authority: named(&names.authorities, authority)??,
                service: named(&names.services, services.next()?)?,
                initiative: named(&names.initiatives, initiatives.next()?)?,
                account: named(&names.accounts, accounts.next()?)?,
                channel: named(&names.channels, channels.next()?)?,
            };
            abouts.push(facts.number(&about));
        }
    }
    let numbers = get(&mut rest, names.facts)?.into_iter();
    let periods = get(&mut rest, names.facts)?.into_iter();
    let lines = get(&mut rest, names.facts)?.into_iter();
    let spans = get(&mut rest, names.periods.checked_mul(3)?)?;
    let spans = spans.as_chunks().0.iter();
    let dates: Vec<u32> =
        spans.map(|code| Some(facts.date(decoded(*code)?))).collect::<Option<_>>()?;
    let held = rest.split_off(..names.facts)?;
    let sums = rest.split_off(..names.tallies.checked_mul(8)?)?.as_chunks().0.iter();
    let counts = get(&mut rest, names.tallies)?;
    let tallies =
        sums.zip(counts).map(|(sum, lines)| Tally { sum: i64::from_le_bytes(*sum), lines });
    let rows =
        numbers.zip(periods).zip(lines.zip(held)).map(|((number, period), (lines, held))| {
            let about = *abouts.get(usize::try_from(number).ok()?)?;
            let period = *dates.get(usize::try_from(period).ok()?)?;
            Some(((about, period), lines, *held))
        });
    let whole = facts.add_all(delivery, rows, tallies);
    (whole && rest.is_empty()).then_some(facts)
}

/// A period in three words: its kind, and the ordinals of its first month and its last.
fn coded(period: Period) -> [u32; 3] {
    let kind = match period {
        Period::Month(_) => 0,
        Period::Closing(_) => 1,
        Period::Window(_) => 2,
    };
    let (first, last) = period.bounds();
    [kind, first.ordinal().cast_unsigned(), last.ordinal().cast_unsigned()]
}

/// The period of these words; `None` where there is none.
fn decoded([kind, first, last]: [u32; 3]) -> Option<Period> {
    let month = |ordinal: u32| {
        let year = i16::try_from(ordinal / 12).ok()?;
        Month::new(year, u8::try_from(ordinal % 12 + 1).ok()?)
    };
    let (first, last) = (month(first)?, month(last)?);
    match kind {
        0 => Some(Period::Month(first)),
        1 => Some(Period::Closing(first.year())),
        2 => Window::new(first, last).map(Period::Window),
        _ => None,
    }
}

/// Writes a column of numbers, each in as few bytes as the largest needs, behind how many those
/// are.
fn put(to: &mut Vec<u8>, numbers: impl Iterator<Item = u32>) {
    let numbers: Vec<u32> = numbers.collect();
    let width = match numbers.iter().max() {
        None | Some(0..=0xFF) => 1,
        Some(0x100..=0xFFFF) => 2,
        Some(_) => 4,
    };
    to.push(width);
    let width = usize::from(width);
    for number in numbers {
        to.extend_from_slice(&number.to_le_bytes()[..width]);
    }
}

/// Takes a column of so many numbers off the bytes.
fn get(rest: &mut &[u8], count: usize) -> Option<Vec<u32>> {
    let width = *rest.split_off_first()?;
    let bytes = rest.split_off(..count.checked_mul(usize::from(width))?)?;
    match width {
        1 => Some(bytes.iter().copied().map(u32::from).collect()),
        2 => Some(bytes.as_chunks().0.iter().map(|two| u16::from_le_bytes(*two).into()).collect()),
        4 => Some(bytes.as_chunks().0.iter().map(|four| u32::from_le_bytes(*four)).collect()),
        _ => None,
    }
}

/// The name at a place; the outer `None` is a place there is not.
#[expect(clippy::option_option, reason = "a place of no name is not no place")]
fn named<T: Clone>(names: &[T], place: u32) -> Option<Option<T>> {
    match usize::try_from(place).ok()?.checked_sub(1) {
        None => Some(None),
        Some(place) => names.get(place).cloned().map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::{coded, decoded, get, put};
    use crate::domain::period::{Month, Period, Window, Year};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_column_is_what_it_was(
            numbers in prop::collection::vec(prop_oneof![0_u32..9, 0_u32..999, any::<u32>()], 0..9),
            more in prop::collection::vec(any::<u8>(), 0..9),
        ) {
            let mut bytes = Vec::new();
            put(&mut bytes, numbers.iter().copied());
            bytes.extend_from_slice(&more);
            let mut rest = &bytes[..];
            prop_assert_eq!(get(&mut rest, numbers.len()), Some(numbers));
            prop_assert_eq!(rest, more);
        }

        #[test]
        fn a_period_is_what_it_was(year in 1900_i16..=2199, month in 1_u8..=12, more in 0_i32..40) {
            let first = Month::new(year, month).expect("a month");
            let last = first.offset(more).unwrap_or(first);
            let year = Year::new(year).expect("a year");
            let window = Window::new(first, last).expect("a window");
            for period in [Period::Month(first), Period::Closing(year), Period::Window(window)] {
                prop_assert_eq!(decoded(coded(period)), Some(period));
            }
        }
    }
}
