//! A record held against its contract: accepted, or refused at its leftmost fault.

use crate::contract::compiled::{Cell, Column, Contract, Expected, Role};
use crate::domain::blank::trim_in;
use crate::domain::coded::Shown;
use crate::domain::id::{AccountId, ChannelId, InitiativeId, ServiceId};
use crate::domain::letters::folded;
use crate::domain::measure::Measure;
use crate::domain::money::Oere;
use crate::domain::privacy::show;
use crate::domain::quarantine::{Fault, Reason};
use crate::domain::rounding::half_away;
use crate::domain::wording::Wording;
use crate::source::line::Line;
use crate::source::sheet::written::unsaid;
use crate::validate::cell::date::period;
use crate::validate::cell::number::{amount, count};
use crate::validate::identifier::{self, Seen};
use crate::validate::line_values::Said;
use crate::validate::reference;
use crate::validate::setting::Setting;
use encoding_rs::{Encoding, UTF_8};
use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// Reads a record of the right number of cells against the contract.
pub(crate) fn check(setting: &Setting, line: &impl Line) -> Said {
    let contract = setting.contract;
    let stopped = setting.guard.stops(line);
    let periods = contract.unpivot.len().max(1);
    let mut said = Said {
        authority: contract.authority.as_ref().or(setting.sender.as_ref()).cloned(),
        service: contract.service.clone(),
        initiative: contract.initiative.clone(),
        period: contract.period,
        values: vec![[None; 8]; periods],
        ..Said::default()
    };
    if let Some(constant) = contract.service.as_ref().filter(|_| setting.joined) {
        said.services.push(constant.to_string());
    }
    let mut numbers = vec![vec![None; periods]; contract.columns.len()];
    let mut buffer = Vec::new();
    let mut restored = Vec::new();
    for (index, column) in contract.columns.iter().enumerate() {
        if setting.joined && column.role == Some(Role::Service) {
            said.services.push(String::new());
        }
        for (turn, place) in setting.header.places[index].iter().enumerate() {
            let cell = trim_in(line.cell(*place, &mut buffer), setting.encoding);
            let seen = identifier::seen(cell, column, setting.encoding);
            let text = seen.as_ref().map_or((cell, setting.encoding), |seen| (seen.bytes(), UTF_8));
            let cell = (identifier::restore(text.0, column, &mut restored), text.1);
            if contract.key.contains(&index) {
                identifier::add_key(&mut said.key, cell);
            }
            if let Some(reason) = seen.as_ref().and_then(Seen::fault) {
                said.fault(*place, column, reason);
                continue;
            }
            numbers[index][turn] = read(setting, &mut said, index, *place, cell);
            if let (Some(Role::Measure(measure)), Some(value)) = (column.role, numbers[index][turn])
            {
                said.values[turn][measure.index()] = Some(value);
            }
        }
    }
    if setting.joined {
        said.service = ServiceId::joined(&said.services);
    }
    multiply(contract, &numbers, &mut said);
    compare(setting, &numbers, &mut said);
    reference::check(setting, &mut said);
    if let Some(places) = &stopped {
        stop(setting, places, &mut said);
    }
    said
}

/// Reads one cell: notes its faults, keeps what it says, gives its number if it is one.
fn read(
    setting: &Setting,
    said: &mut Said,
    index: usize,
    place: usize,
    (cell, encoding): (&[u8], &'static Encoding),
) -> Option<i64> {
    let column = &setting.contract.columns[index];
    if let Some(reason) = unsaid(cell).filter(|_| setting.guard.in_workbook) {
        said.fault(place, column, reason);
        return None;
    }
    if column.missing.iter().any(|missing| missing.as_bytes() == cell) {
        let placed = matches!(column.role, Some(Role::Authority | Role::Period));
        if column.required || placed {
            said.fault(place, column, Reason::MissingValue {});
        }
        return None;
    }
    let found = || show(cell, encoding);
    match &column.cell {
        Cell::Text => {
            let text = encoding.decode_without_bom_handling(cell).0;
            match text_fault(column, &text) {
                Some(Bound::Length) => {
                    let expected = column.expected.length.clone();
                    said.fault(place, column, Reason::WrongLength { found: found(), expected });
                }
                Some(Bound::List) => {
                    let expected = column.expected.listed.clone();
                    said.fault(place, column, Reason::NotListed { found: found(), expected });
                }
                None => {}
            }
            if column.identifier.is_some_and(|kind| !identifier::fits(kind, cell)) {
                let expected = column.expected.identifier.clone();
                said.fault(place, column, Reason::NotAnIdentifier { found: found(), expected });
            } else if let Some(reason) =
                identifier::stranger(setting.contract, column, &text, &found)
            {
                said.fault(place, column, reason);
            }
            keep(setting.contract, said, column.role, &text);
            None
        }
        Cell::Number(form) => match amount(cell, *form, column.wide.as_ref(), encoding) {
            Some(value) => {
                said.round(setting, column, cell, (*form, 100));
                in_range(said, (place, column), value, (100, &LIMIT_HUNDREDTHS), &found)
            }
            None => {
                said.fault(place, column, Reason::NotAnAmount { found: found() });
                None
            }
        },
        Cell::Integer(form) => match count(cell, *form, column.wide.as_ref(), encoding) {
            Some(value) => {
                said.round(setting, column, cell, (*form, 1));
                in_range(said, (place, column), value, (1, &LIMIT_ONES), &found)
            }
            None => {
                said.fault(place, column, Reason::NotANumber { found: found() });
                None
            }
        },
        Cell::Date(forms) => {
            let read = period(cell, forms);
            if read.is_none() {
                let expected = column.expected.dates.clone();
                said.fault(place, column, Reason::NotADate { found: found(), expected });
            }
            if column.role == Some(Role::Period) {
                said.period = read;
            }
            None
        }
    }
}

/// Keeps what a text cell says.
fn keep(contract: &Contract, said: &mut Said, role: Option<Role>, text: &str) {
    match role {
        Some(Role::Authority) => said.authority = Some(contract.authority(text)),
        Some(Role::Service) => match said.services.last_mut() {
            Some(own) => text.clone_into(own),
            None => said.service = Some(ServiceId::new(text)),
        },
        Some(Role::Initiative) => said.initiative = Some(InitiativeId::new(text)),
        Some(Role::Account) => said.account = Some(AccountId::new(text)),
        Some(Role::Channel) => said.channel = Some(ChannelId::new(text)),
        Some(Role::Period | Role::Measure(_)) | None => {}
    }
}

enum Bound {
    Length,
    List,
}

fn text_fault(column: &Column, text: &str) -> Option<Bound> {
    let (least, most) = column.length;
    if least.is_some() || most.is_some() {
        let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        if least.is_some_and(|least| length < least) || most.is_some_and(|most| most < length) {
            return Some(Bound::Length);
        }
    }
    let listed = column.listed.is_empty()
        || column.listed.iter().any(|value| value == text || folded(value) == text);
    (!listed).then_some(Bound::List)
}

/// What a line may carry at most, in words: of a number read as hundredths, and of any other.
static LIMIT_HUNDREDTHS: LazyLock<Wording> = LazyLock::new(|| limit(100));
static LIMIT_ONES: LazyLock<Wording> = LazyLock::new(|| limit(1));

fn limit(unit: i64) -> Wording {
    let most = Oere::LINE_MAX.get() / unit;
    Expected::between(Some(-most), Some(most))
}

/// A number within its bounds; `unit` is how many of it make one of the contract's, and `limit`
/// what a line may carry of it.
fn in_range(
    said: &mut Said,
    (place, column): (usize, &Column),
    value: i64,
    (unit, limit): (i64, &Wording),
    found: &dyn Fn() -> Shown,
) -> Option<i64> {
    let (least, most) = column.range;
    let wide = i128::from(value);
    let below = least.is_some_and(|least| wide < i128::from(least) * i128::from(unit));
    let above = most.is_some_and(|most| i128::from(most) * i128::from(unit) < wide);
    if below || above {
        let expected = column.expected.range.clone();
        said.fault(place, column, Reason::OutOfRange { found: found(), expected });
    } else if value.unsigned_abs() > Oere::LINE_MAX.get().unsigned_abs() {
        let expected = limit.clone();
        said.fault(place, column, Reason::OutOfRange { found: found(), expected });
        return None;
    }
    Some(value)
}

/// Adds the measures that are a product of two columns; either missing, there is none.
///
/// A factor with decimals is read as hundredths; the product is rounded once, half away from zero,
/// to the measure's own unit.
fn multiply(contract: &Contract, numbers: &[Vec<Option<i64>>], said: &mut Said) {
    for (measure, factors) in &contract.products {
        let decimal = |index: usize| matches!(contract.columns[index].cell, Cell::Number(_));
        let scale: i128 =
            factors.iter().map(|index| if decimal(*index) { 100 } else { 1 }).product();
        let unit: i128 = match measure {
            Measure::Amount | Measure::Hours => 100,
            Measure::Started
            | Measure::Completed
            | Measure::Digital
            | Measure::Assisted
            | Measure::Satisfied
            | Measure::Answered => 1,
        };
        for turn in 0..said.values.len() {
            let at = |index: usize| numbers[index].get(turn).or(numbers[index].first()).copied();
            let (Some(Some(one)), Some(Some(other))) = (at(factors[0]), at(factors[1])) else {
                continue;
            };
            let product = half_away(i128::from(one) * i128::from(other) * unit, scale);
            match i64::try_from(product) {
                Ok(value) if value.unsigned_abs() <= Oere::LINE_MAX.get().unsigned_abs() => {
                    said.values[turn][measure.index()] = Some(value);
                }
                Ok(_) | Err(_) => {
                    let column = &contract.columns[factors[0]];
                    let found = Shown(product.to_string().into());
                    let expected = LIMIT_ONES.clone();
                    said.fault(usize::MAX, column, Reason::OutOfRange { found, expected });
                }
            }
        }
    }
}

/// Notes every part that exceeds its whole.
fn compare(setting: &Setting, numbers: &[Vec<Option<i64>>], said: &mut Said) {
    let contract = setting.contract;
    for (part, whole) in &contract.parts {
        for turn in 0..numbers[*part].len() {
            let at = |index: usize| numbers[index].get(turn).copied().flatten();
            if let (Some(less), Some(more)) = (at(*part), at(*whole))
                && more < less
            {
                let column = &contract.columns[*part];
                let reason = Reason::ExceedsWhole {
                    part: column.name.clone(),
                    whole: contract.columns[*whole].name.clone(),
                };
                said.fault(setting.header.places[*part][turn], column, reason);
            }
        }
    }
}

/// Takes off a stopped line what the cells with a possible personal number say, and every other
/// fault. One in the authority's place names no authority.
fn stop(setting: &Setting, places: &RangeInclusive<usize>, said: &mut Said) {
    let stands = |index: usize| setting.header.places[index].iter().any(|at| places.contains(at));
    let columns = &setting.contract.columns;
    if (0..columns.len()).any(|at| columns[at].role == Some(Role::Authority) && stands(at)) {
        said.authority.clone_from(&setting.sender);
    }
    let is_number = |column: &Column| matches!(column.cell, Cell::Number(_) | Cell::Integer(_));
    if (0..columns.len()).any(|at| is_number(&columns[at]) && stands(at)) {
        said.values.iter_mut().for_each(|values| *values = [None; 8]);
    }
    let first = *places.start();
    let column = (0..columns.len()).find(|at| setting.header.places[*at].contains(&first));
    let heading = || setting.heading(first);
    let column = column.map(|at| columns[at].name.clone()).or_else(heading);
    said.faults = vec![(first, Fault { column, reason: Reason::PossibleCpr {} })];
}
