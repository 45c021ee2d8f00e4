//! Postings that are wrong, each in one way.

use crate::domain::id::InitiativeId;
use crate::sample::dialect::Dialect;
use crate::sample::mistake::Way;
use crate::sample::plan::{Cell, Plan, Sender};
use crate::sample::posting;
use crate::sample::sheet::{Fate, Line};
use crate::sample::slot::Slot;

/// Whether a line of this cell can be bad in this way.
pub(super) fn possible(way: Way, plan: &Plan, sender: &Sender, cell: &Cell) -> bool {
    match way {
        Way::QuoteOpen => Dialect::of(sender.authority.id.as_str()).delimiter == ';',
        Way::InitiativeOther => other_initiative(plan, cell).is_some(),
        Way::AuthorityOther => sender.stranger.is_some(),
        Way::AmountGrouping
        | Way::AmountPoint
        | Way::AmountWord
        | Way::AmountEmpty
        | Way::ServiceEmpty
        | Way::DateImpossible
        | Way::PeriodImpossible
        | Way::AccountLong
        | Way::CellTooFew
        | Way::CellTooMany
        | Way::AuthorityUnknown
        | Way::ServiceUnknown
        | Way::InitiativeUnknown
        | Way::PersonalNumber
        | Way::DateAndAmount => true,
    }
}

fn other_initiative<'a>(plan: &Plan<'a>, cell: &Cell) -> Option<&'a InitiativeId> {
    plan.programme.initiatives.keys().find(|id| **id != cell.initiative)
}

fn code_of(way: Way) -> &'static str {
    match way {
        Way::AmountGrouping | Way::AmountPoint | Way::AmountWord => "Q101",
        Way::AmountEmpty | Way::ServiceEmpty => "Q102",
        Way::DateImpossible | Way::PeriodImpossible | Way::DateAndAmount => "Q103",
        Way::AccountLong => "Q107",
        Way::CellTooFew | Way::CellTooMany => "Q201",
        Way::QuoteOpen => "Q202",
        Way::AuthorityUnknown => "Q301",
        Way::ServiceUnknown => "Q303",
        Way::InitiativeUnknown => "Q304",
        Way::InitiativeOther => "Q306",
        Way::AuthorityOther => "Q307",
        Way::PersonalNumber => "Q401",
    }
}

/// A line beside the good ones, bad in one way.
pub(super) fn line(
    way: Way,
    plan: &Plan,
    sender: &Sender,
    cell: &Cell,
    slot: Slot,
    place: usize,
) -> Line {
    let mut line = posting::refused(code_of(way), sender, cell, slot, place);
    let dialect = Dialect::of(sender.authority.id.as_str());
    let cells = &mut line.cells;
    let mut unreadable = false;
    let mut amount = |cells: &mut Vec<String>, text: &str| {
        text.clone_into(&mut cells[7]);
        unreadable = true;
    };
    match way {
        Way::AmountGrouping => amount(cells, "1.2.34"),
        Way::AmountPoint => amount(cells, "12.34"),
        Way::AmountWord => amount(cells, "abc"),
        Way::AmountEmpty => amount(cells, ""),
        Way::ServiceEmpty => cells[3].clear(),
        Way::DateImpossible => cells[1] = dialect.date(slot.year, 2, 31),
        Way::PeriodImpossible => cells[2] = format!("{}-14", slot.year),
        Way::DateAndAmount => {
            cells[1] = dialect.date(slot.year, 2, 31);
            amount(cells, "1.2.34");
        }
        Way::AccountLong => cells[5].push_str("99"),
        Way::CellTooFew => {
            cells.remove(4);
            unreadable = true;
        }
        Way::CellTooMany => {
            cells.push("x".to_owned());
            unreadable = true;
        }
        Way::QuoteOpen => {
            "Faktura uden slut".clone_into(&mut cells[6]);
            line.left_open = Some(6);
            unreadable = true;
        }
        Way::AuthorityUnknown => "0999".clone_into(&mut cells[0]),
        Way::ServiceUnknown => "XYZ".clone_into(&mut cells[3]),
        Way::InitiativeUnknown => "9.9".clone_into(&mut cells[4]),
        Way::InitiativeOther => {
            cells[4] = other_initiative(plan, cell).map_or_else(String::new, ToString::to_string);
        }
        Way::AuthorityOther => {
            cells[0] = sender.stranger.as_ref().map_or_else(String::new, ToString::to_string);
        }
        Way::PersonalNumber => "Udlæg til borger 010180-0000".clone_into(&mut cells[6]),
    }
    if unreadable {
        line.fate = Fate::Refused { code: code_of(way), oere: None };
    }
    line
}
