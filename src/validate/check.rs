//! A record held against its contract: accepted, or refused at its leftmost fault.

use crate::contract::compiled::{CellType, Column, Contract, Expected, Role};
use crate::domain::blank::trim_in;
use crate::domain::id::{AccountId, ChannelId, InitiativeId, ServiceId};
use crate::domain::letters::folded;
use crate::domain::measure::Measure;
use crate::domain::money::Oere;
use crate::domain::privacy::Shown;
use crate::domain::privacy::show;
use crate::domain::quarantine::{Fault, Reason};
use crate::domain::rounding::half_away;
use crate::domain::wording::Wording;
use crate::source::line::LineCells;
use crate::source::sheet::written::unsaid;
use crate::validate::cell::date::period;
use crate::validate::cell::number::{amount, count};
use crate::validate::identifier::{self, Seen};
use crate::validate::line_values::LineValues;
use crate::validate::reference;
use crate::validate::setting::Setting;
use encoding_rs::{Encoding, UTF_8};
use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// Reads a record of the right number of cells against the contract.
pub(crate) fn check(setting: &Setting, line: &impl LineCells) -> LineValues {
    let contract = setting.contract;
    let stopped = setting.guard.stops(line);
    let periods = contract.unpivot.len().max(1);
    let mut values = LineValues {
        authority: contract.authority.as_ref().or(setting.sender.as_ref()).cloned(),
        service: contract.service.clone(),
        initiative: contract.initiative.clone(),
        period: contract.period,
        values: vec![[None; 8]; periods],
        ..LineValues::default()
    };
    if let Some(constant) = contract.service.as_ref().filter(|_| setting.joined) {
        values.services.push(constant.to_string());
    }
    let mut numbers = vec![vec![None; periods]; contract.columns.len()];
    let mut buffer = Vec::new();
    let mut restored = Vec::new();
    for (index, column) in contract.columns.iter().enumerate() {
        if setting.joined && column.role == Some(Role::Service) {
            values.services.push(String::new());
        }
        for (turn, place) in setting.header.places[index].iter().enumerate() {
            let cell = trim_in(line.cell(*place, &mut buffer), setting.encoding);
            let seen = identifier::seen(cell, column, setting.encoding);
            let text = seen.as_ref().map_or((cell, setting.encoding), |seen| (seen.bytes(), UTF_8));
            let cell = (identifier::restore(text.0, column, &mut restored), text.1);
            if contract.key.contains(&index) {
                identifier::add_key(&mut values.key, cell);
            }
            if let Some(reason) = seen.as_ref().and_then(Seen::fault) {
                values.fault(*place, column, reason);
                continue;
            }
            numbers[index][turn] = read(setting, &mut values, index, *place, cell);
            if let (Some(Role::Measure(measure)), Some(value)) = (column.role, numbers[index][turn])
            {
                values.values[turn][measure.index()] = Some(value);
            }
        }
    }
    if setting.joined {
        values.service = ServiceId::joined(&values.services);
    }
    multiply(contract, &numbers, &mut values);
    compare(setting, &numbers, &mut values);
    reference::check(setting, &mut values);
    if let Some(places) = &stopped {
        stop(setting, places, &mut values);
    }
    values
}

/// Reads one cell: notes its faults, keeps what it says, gives its number if it is one.
fn read(
    setting: &Setting,
    values: &mut LineValues,
    index: usize,
    place: usize,
    (cell, encoding): (&[u8], &'static Encoding),
) -> Option<i64> {
    let column = &setting.contract.columns[index];
    if let Some(reason) = unsaid(cell).filter(|_| setting.guard.in_workbook) {
        values.fault(place, column, reason);
        return None;
    }
    if column.missing.iter().any(|missing| missing.as_bytes() == cell) {
        let placed = matches!(column.role, Some(Role::Authority | Role::Period));
        if column.required || placed {
            values.fault(place, column, Reason::MissingValue {});
        }
        return None;
    }
    let shown = || show(cell, encoding);
    match &column.cell {
        CellType::Text => {
            let text = encoding.decode_without_bom_handling(cell).0;
            match text_fault(column, &text) {
                Some(TextBound::Length) => {
                    let expected = column.expected.length.clone();
                    values.fault(place, column, Reason::WrongLength { found: shown(), expected });
                }
                Some(TextBound::List) => {
                    let expected = column.expected.listed.clone();
                    values.fault(place, column, Reason::NotListed { found: shown(), expected });
                }
                None => {}
            }
            if column.identifier.is_some_and(|kind| !identifier::fits(kind, cell)) {
                let expected = column.expected.identifier.clone();
                values.fault(place, column, Reason::NotAnIdentifier { found: shown(), expected });
            } else if let Some(reason) =
                identifier::stranger(setting.contract, column, &text, &shown)
            {
                values.fault(place, column, reason);
            }
            keep(setting.contract, values, column.role, &text);
            None
        }
        CellType::Number(form) => match amount(cell, *form, column.lenient.as_ref(), encoding) {
            Some(value) => {
                values.round(setting, column, cell, (*form, 100));
                in_range(values, (place, column), value, (100, &LIMIT_HUNDREDTHS), &shown)
            }
            None => {
                values.fault(place, column, Reason::NotAnAmount { found: shown() });
                None
            }
        },
        CellType::Integer(form) => match count(cell, *form, column.lenient.as_ref(), encoding) {
            Some(value) => {
                values.round(setting, column, cell, (*form, 1));
                in_range(values, (place, column), value, (1, &LIMIT_ONES), &shown)
            }
            None => {
                values.fault(place, column, Reason::NotANumber { found: shown() });
                None
            }
        },
        CellType::Date(forms) => {
            let read = period(cell, forms);
            if read.is_none() {
                let expected = column.expected.dates.clone();
                values.fault(place, column, Reason::NotADate { found: shown(), expected });
            }
            if column.role == Some(Role::Period) {
                values.period = read;
            }
            None
        }
    }
}

/// Keeps what a text cell says.
fn keep(contract: &Contract, values: &mut LineValues, role: Option<Role>, text: &str) {
    match role {
        Some(Role::Authority) => values.authority = Some(contract.authority(text)),
        Some(Role::Service) => match values.services.last_mut() {
            Some(own) => text.clone_into(own),
            None => values.service = Some(ServiceId::new(text)),
        },
        Some(Role::Initiative) => values.initiative = Some(InitiativeId::new(text)),
        Some(Role::Account) => values.account = Some(AccountId::new(text)),
        Some(Role::Channel) => values.channel = Some(ChannelId::new(text)),
        Some(Role::Period | Role::Measure(_)) | None => {}
    }
}

enum TextBound {
    Length,
    List,
}

fn text_fault(column: &Column, text: &str) -> Option<TextBound> {
    let (least, most) = column.length;
    if least.is_some() || most.is_some() {
        let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        if least.is_some_and(|least| length < least) || most.is_some_and(|most| most < length) {
            return Some(TextBound::Length);
        }
    }
    let listed = column.listed.is_empty()
        || column.listed.iter().any(|value| value == text || folded(value) == text);
    (!listed).then_some(TextBound::List)
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
    values: &mut LineValues,
    (place, column): (usize, &Column),
    value: i64,
    (unit, limit): (i64, &Wording),
    shown: &dyn Fn() -> Shown,
) -> Option<i64> {
    let (least, most) = column.range;
    let lenient = i128::from(value);
    let below = least.is_some_and(|least| lenient < i128::from(least) * i128::from(unit));
    let above = most.is_some_and(|most| i128::from(most) * i128::from(unit) < lenient);
    if below || above {
        let expected = column.expected.range.clone();
        values.fault(place, column, Reason::OutOfRange { found: shown(), expected });
    } else if value.unsigned_abs() > Oere::LINE_MAX.get().unsigned_abs() {
        let expected = limit.clone();
        values.fault(place, column, Reason::OutOfRange { found: shown(), expected });
        return None;
    }
    Some(value)
}

/// Adds the measures that are a product of two columns; either missing, there is none.
///
/// A factor with decimals is read as hundredths; the product is rounded once, half away from zero,
/// to the measure's own unit.
fn multiply(contract: &Contract, numbers: &[Vec<Option<i64>>], values: &mut LineValues) {
    for (measure, factors) in &contract.products {
        let decimal = |index: usize| matches!(contract.columns[index].cell, CellType::Number(_));
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
        for turn in 0..values.values.len() {
            let factor =
                |index: usize| numbers[index].get(turn).or(numbers[index].first()).copied();
            let (Some(Some(first)), Some(Some(second))) = (factor(factors[0]), factor(factors[1]))
            else {
                continue;
            };
            let product = half_away(i128::from(first) * i128::from(second) * unit, scale);
            match i64::try_from(product) {
                Ok(value) if value.unsigned_abs() <= Oere::LINE_MAX.get().unsigned_abs() => {
                    values.values[turn][measure.index()] = Some(value);
                }
                Ok(_) | Err(_) => {
                    let column = &contract.columns[factors[0]];
                    let found = Shown::number(product);
                    let expected = LIMIT_ONES.clone();
                    values.fault(usize::MAX, column, Reason::OutOfRange { found, expected });
                }
            }
        }
    }
}

/// Notes every part that exceeds its whole.
fn compare(setting: &Setting, numbers: &[Vec<Option<i64>>], values: &mut LineValues) {
    let contract = setting.contract;
    for (part, whole) in &contract.parts {
        for turn in 0..numbers[*part].len() {
            let value_of = |index: usize| numbers[index].get(turn).copied().flatten();
            if let (Some(less), Some(more)) = (value_of(*part), value_of(*whole))
                && more < less
            {
                let column = &contract.columns[*part];
                let reason = Reason::ExceedsWhole {
                    part: column.name.clone(),
                    whole: contract.columns[*whole].name.clone(),
                };
                values.fault(setting.header.places[*part][turn], column, reason);
            }
        }
    }
}

/// Takes off a stopped line what the cells with a possible personal number say, and every other
/// fault. One in the authority's place names no authority.
fn stop(setting: &Setting, places: &RangeInclusive<usize>, values: &mut LineValues) {
    let stands =
        |index: usize| setting.header.places[index].iter().any(|index| places.contains(index));
    let columns = &setting.contract.columns;
    if (0..columns.len()).any(|index| columns[index].role == Some(Role::Authority) && stands(index))
    {
        values.authority.clone_from(&setting.sender);
    }
    let is_number =
        |column: &Column| matches!(column.cell, CellType::Number(_) | CellType::Integer(_));
    if (0..columns.len()).any(|index| is_number(&columns[index]) && stands(index)) {
        values.values.iter_mut().for_each(|values| *values = [None; 8]);
    }
    let first = *places.start();
    let column = (0..columns.len()).find(|index| setting.header.places[*index].contains(&first));
    let heading = || setting.heading(first);
    let column = column.map(|index| columns[index].name.clone()).or_else(heading);
    values.faults = vec![(first, Fault { column, reason: Reason::PossibleCpr {} })];
}
