//! Postings that are wrong, each in one way.

use crate::domain::id::InitiativeId;
use crate::sample::dialect::SenderDialect;
use crate::sample::mistake::SpendingMistake;
use crate::sample::plan::{SamplePlan, SenderPlan, ServicePlan};
use crate::sample::posting;
use crate::sample::sheet::{LineFate, SampleLine};
use crate::sample::slot::Slot;

/// Whether a line of this cell can be bad in this way.
pub(super) fn possible(
    way: SpendingMistake,
    plan: &SamplePlan,
    sender: &SenderPlan,
    cell: &ServicePlan,
) -> bool {
    match way {
        SpendingMistake::QuoteOpen => {
            SenderDialect::of(sender.authority.id.as_str()).delimiter == b';'
        }
        SpendingMistake::InitiativeOther => other_initiative(plan, cell).is_some(),
        SpendingMistake::AuthorityOther => sender.stranger.is_some(),
        SpendingMistake::AmountGrouping
        | SpendingMistake::AmountPoint
        | SpendingMistake::AmountWord
        | SpendingMistake::AmountEmpty
        | SpendingMistake::ServiceEmpty
        | SpendingMistake::DateImpossible
        | SpendingMistake::PeriodImpossible
        | SpendingMistake::AccountLong
        | SpendingMistake::CellTooFew
        | SpendingMistake::CellTooMany
        | SpendingMistake::AuthorityUnknown
        | SpendingMistake::ServiceUnknown
        | SpendingMistake::InitiativeUnknown
        | SpendingMistake::PersonalNumber
        | SpendingMistake::DateAndAmount => true,
    }
}

fn other_initiative<'a>(plan: &SamplePlan<'a>, cell: &ServicePlan) -> Option<&'a InitiativeId> {
    plan.programme.initiatives.keys().find(|id| **id != cell.initiative)
}

fn code_of(way: SpendingMistake) -> &'static str {
    match way {
        SpendingMistake::AmountGrouping
        | SpendingMistake::AmountPoint
        | SpendingMistake::AmountWord => "Q101",
        SpendingMistake::AmountEmpty | SpendingMistake::ServiceEmpty => "Q102",
        SpendingMistake::DateImpossible
        | SpendingMistake::PeriodImpossible
        | SpendingMistake::DateAndAmount => "Q103",
        SpendingMistake::AccountLong => "Q107",
        SpendingMistake::CellTooFew | SpendingMistake::CellTooMany => "Q201",
        SpendingMistake::QuoteOpen => "Q202",
        SpendingMistake::AuthorityUnknown => "Q301",
        SpendingMistake::ServiceUnknown => "Q303",
        SpendingMistake::InitiativeUnknown => "Q304",
        SpendingMistake::InitiativeOther => "Q306",
        SpendingMistake::AuthorityOther => "Q307",
        SpendingMistake::PersonalNumber => "Q401",
    }
}

/// A line beside the good ones, bad in one way.
pub(super) fn line(
    way: SpendingMistake,
    plan: &SamplePlan,
    sender: &SenderPlan,
    cell: &ServicePlan,
    slot: Slot,
    place: usize,
) -> SampleLine {
    let mut line = posting::refused(code_of(way), sender, cell, slot, place);
    let dialect = SenderDialect::of(sender.authority.id.as_str());
    let cells = &mut line.cells;
    let mut unreadable = false;
    let mut amount = |cells: &mut Vec<String>, text: &str| {
        text.clone_into(&mut cells[7]);
        unreadable = true;
    };
    match way {
        SpendingMistake::AmountGrouping => amount(cells, "1.2.34"),
        SpendingMistake::AmountPoint => amount(cells, "12.34"),
        SpendingMistake::AmountWord => amount(cells, "abc"),
        SpendingMistake::AmountEmpty => amount(cells, ""),
        SpendingMistake::ServiceEmpty => cells[3].clear(),
        SpendingMistake::DateImpossible => cells[1] = dialect.date(slot.year, 2, 31),
        SpendingMistake::PeriodImpossible => cells[2] = format!("{}-14", slot.year),
        SpendingMistake::DateAndAmount => {
            cells[1] = dialect.date(slot.year, 2, 31);
            amount(cells, "1.2.34");
        }
        SpendingMistake::AccountLong => cells[5].push_str("99"),
        SpendingMistake::CellTooFew => {
            cells.remove(4);
            unreadable = true;
        }
        SpendingMistake::CellTooMany => {
            cells.push("x".to_owned());
            unreadable = true;
        }
        SpendingMistake::QuoteOpen => {
            "Faktura uden slut".clone_into(&mut cells[6]);
            line.left_open = Some(6);
            unreadable = true;
        }
        SpendingMistake::AuthorityUnknown => "0999".clone_into(&mut cells[0]),
        SpendingMistake::ServiceUnknown => "XYZ".clone_into(&mut cells[3]),
        SpendingMistake::InitiativeUnknown => "9.9".clone_into(&mut cells[4]),
        SpendingMistake::InitiativeOther => {
            cells[4] = other_initiative(plan, cell).map_or_else(String::new, ToString::to_string);
        }
        SpendingMistake::AuthorityOther => {
            cells[0] = sender.stranger.as_ref().map_or_else(String::new, ToString::to_string);
        }
        SpendingMistake::PersonalNumber => "Udlæg til borger 010180-0000".clone_into(&mut cells[6]),
    }
    if unreadable {
        line.fate = LineFate::Refused { code: code_of(way), oere: None };
    }
    line
}
