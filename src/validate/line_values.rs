//! What a line says, as far as it can be read.

use crate::contract::compiled::{Column, Contract, NumberForm, Role};
use crate::domain::id::{AccountId, AuthorityId, ChannelId, InitiativeId, ServiceId};
use crate::domain::measure::Measure;
use crate::domain::money::Oere;
use crate::domain::period::Period;
use crate::domain::quarantine::{Fault, Reason};
use crate::facts::fact::About;
use crate::validate::cell::lenient;
use crate::validate::rounded::Rounded;
use crate::validate::setting::Setting;

/// What a line says of one thing in one period.
pub(crate) type FactValues<'a> = ((About, Period), &'a [Option<i64>; 8]);

/// What a line says, as far as it can be read.
#[derive(Debug, Default)]
pub(crate) struct LineValues {
    pub(crate) authority: Option<AuthorityId>,
    pub(crate) service: Option<ServiceId>,
    /// The texts that make the service, where several do: empty for a column without a value.
    pub(super) services: Vec<String>,
    pub(crate) initiative: Option<InitiativeId>,
    pub(crate) account: Option<AccountId>,
    pub(crate) channel: Option<ChannelId>,
    pub(crate) period: Option<Period>,
    /// The cells of the key, by which a repeated line is known.
    pub(crate) key: Vec<u8>,
    /// One set of values a period of the unpivot, else one.
    pub(crate) values: Vec<[Option<i64>; 8]>,
    /// Its numbers that rounding changed.
    pub(crate) rounded: Rounded,
    /// Every fault, with the place of its cell; `usize::MAX` for the line as a whole.
    pub(crate) faults: Vec<(usize, Fault)>,
}

impl LineValues {
    pub(crate) fn fault(&mut self, place: usize, column: &Column, reason: Reason) {
        let column = Some(column.name.clone());
        self.faults.push((place, Fault { column, reason }));
    }

    /// Notes what rounding did to a number read in `unit`ths.
    pub(super) fn round(
        &mut self,
        setting: &Setting,
        column: &Column,
        cell: &[u8],
        (form, unit): (NumberForm, i128),
    ) {
        let Some(lenient) = column.lenient.as_ref().filter(|lenient| lenient.rounded) else {
            return;
        };
        let added = lenient::added(cell, form, lenient, setting.encoding, unit).unwrap_or(0);
        self.rounded.cells += u32::from(added != 0);
        if column.role == Some(Role::Measure(Measure::Amount)) {
            self.rounded.added += added;
        }
    }

    /// Gives up the faults, leftmost first; none when the line is accepted.
    pub(crate) fn sorted_faults(&mut self) -> impl ExactSizeIterator<Item = Fault> + use<> {
        self.faults.sort_by_key(|(place, _)| *place);
        std::mem::take(&mut self.faults).into_iter().map(|(_, fault)| fault)
    }

    /// The line's amounts added up; `None` when it has none or they cannot be read.
    pub(crate) fn amount(&self) -> Option<Oere> {
        let mut total: Option<i64> = None;
        for values in &self.values {
            if let Some(amount) = values[Measure::Amount.index()] {
                total = Some(total.unwrap_or(0).checked_add(amount)?);
            }
        }
        total.map(Oere::new)
    }

    /// The facts an accepted line adds to: each period with a value, else the first period.
    pub(crate) fn facts(&self, contract: &Contract) -> Vec<FactValues<'_>> {
        let authority = self.authority.as_ref().expect("an accepted line has an authority");
        let about = || About {
            authority: authority.clone(),
            service: self.service.clone(),
            initiative: self.initiative.clone(),
            account: self.account.clone(),
            channel: self.channel.clone(),
        };
        if contract.unpivot.is_empty() {
            let period = self.period.expect("an accepted line has a period");
            return vec![((about(), period), &self.values[0])];
        }
        let periods = || contract.unpivot.iter().zip(&self.values);
        let mut facts: Vec<_> = periods()
            .filter(|(_, values)| values.iter().any(Option::is_some))
            .map(|((_, period), values)| ((about(), *period), values))
            .collect();
        if facts.is_empty() {
            facts.extend(
                periods().take(1).map(|((_, period), values)| ((about(), *period), values)),
            );
        }
        facts
    }
}
