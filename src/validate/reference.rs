//! What a line says held against the registers and the programme's period.

use crate::contract::compiled::{Contract, Resource, Role};
use crate::domain::privacy::Shown;
use crate::domain::privacy::show;
use crate::domain::quarantine::Reason;
use crate::validate::line_values::LineValues;
use crate::validate::setting::Setting;

/// Notes every reference that does not hold.
pub(crate) fn check(setting: &Setting, values: &mut LineValues) {
    authority(setting, values);
    service_and_initiative(setting, values);
    if let Some(period) = values.period {
        let terms = &setting.contract.terms;
        let (first, last) = period.bounds();
        if first < terms.first || terms.last < last {
            let expected = (terms.first, terms.last);
            let reason = Reason::OutsideProgramme { found: period, expected };
            fault(setting, values, Role::Period, reason);
        }
    }
}

fn authority(setting: &Setting, values: &mut LineValues) {
    let Some(authority) = values.authority.clone() else {
        return;
    };
    let contract = setting.contract;
    if let Some(register) = &contract.terms.authorities {
        let Some(validity) = register.get(&authority) else {
            let found = safe(authority.as_str());
            return fault(setting, values, Role::Authority, Reason::UnknownAuthority { found });
        };
        if let Some(period) = values.period {
            let (first, last) = period.bounds();
            if !validity.covers(first, last) {
                let found = safe(authority.as_str());
                let expected = (validity.from, validity.to);
                let reason = Reason::AuthorityNotValid { found, expected };
                return fault(setting, values, Role::Authority, reason);
            }
        }
    }
    if let Some(named) = &setting.sender
        && *named != authority
    {
        let (found, expected) = (safe(authority.as_str()), named.into());
        fault(setting, values, Role::Authority, Reason::NotOfThisFile { found, expected });
    }
}

fn service_and_initiative(setting: &Setting, values: &mut LineValues) {
    let terms = &setting.contract.terms;
    if let Some(initiative) = values.initiative.clone()
        && registered(setting.contract, Resource::Initiatives)
        && terms.initiatives.as_ref().is_some_and(|known| !known.contains(&initiative))
    {
        let found = safe(initiative.as_str());
        fault(setting, values, Role::Initiative, Reason::UnknownInitiative { found });
        values.initiative = None;
    }
    let (Some(service), Some(register)) = (values.service.clone(), &terms.services) else {
        return;
    };
    match register.get(&service) {
        None => {
            let found = safe(service.as_str());
            fault(setting, values, Role::Service, Reason::UnknownService { found });
        }
        Some(declared) => {
            if let Some(initiative) = values.initiative.clone()
                && &initiative != declared
            {
                let (found, expected) = (safe(initiative.as_str()), declared.into());
                let reason = Reason::OtherInitiative { found, expected };
                fault(setting, values, Role::Initiative, reason);
            }
        }
    }
}

fn registered(contract: &Contract, resource: Resource) -> bool {
    contract.columns.iter().any(|column| column.register == Some(resource))
}

/// Notes a fault at the column that has the role, or at the line when a constant or the file name
/// has.
fn fault(setting: &Setting, values: &mut LineValues, role: Role, reason: Reason) {
    let columns = &setting.contract.columns;
    match columns.iter().position(|column| column.role == Some(role)) {
        Some(index) => {
            let place = setting.header.places[index].first().copied().unwrap_or(usize::MAX);
            values.fault(place, &columns[index], reason);
        }
        None => values
            .faults
            .push((usize::MAX, crate::domain::quarantine::Fault { column: None, reason })),
    }
}

fn safe(text: &str) -> Shown {
    show(text.as_bytes(), encoding_rs::UTF_8)
}
