//! One posting as its cells.

use crate::domain::id::InitiativeId;
use crate::sample::dialect::{SenderDialect, decimal};
use crate::sample::plan::{SenderPlan, ServicePlan};
use crate::sample::random::Random;
use crate::sample::sheet::{LineFate, SampleLine};
use crate::sample::slot::{CLOSING, Slot};

pub(super) const PURCHASES: &[&str] = &[
    "Drift af it-løsning",
    "Licens til fagsystem",
    "Konsulentbistand; fejlretning",
    "Faktura mærket \"rest\", anden rate",
    "Kørsel og møder",
    "Hosting og overvågning",
    "Køb af ydelser hos andre",
    "Scanning og print; arkiv",
];

pub(super) const ACCOUNTS: [&str; 4] = ["18.11", "22.60", "22.65", "22.70"];

/// The first five cells of a line.
pub(super) fn cells_of(
    sender: &SenderPlan,
    cell: &ServicePlan,
    slot: Slot,
    initiative: Option<&InitiativeId>,
    day: i64,
) -> [String; 5] {
    let id = sender.authority.id.as_str();
    let (year, month) = match slot.number {
        CLOSING => (slot.year + 1, 1),
        number => (slot.year, number),
    };
    [
        id.to_owned(),
        SenderDialect::of(id).date(year, month, day),
        slot.to_string(),
        cell.service.to_string(),
        initiative.map_or_else(String::new, ToString::to_string),
    ]
}

/// A line whose cells are all in order and which is refused all the same.
pub(super) fn refused(
    code: &'static str,
    sender: &SenderPlan,
    cell: &ServicePlan,
    slot: Slot,
    place: usize,
) -> SampleLine {
    let seed =
        ["refused", code, sender.authority.id.as_str(), &slot.to_string(), &place.to_string()];
    let mut random = Random::seeded(&seed);
    let oere = random.between(100_000, 9_000_000);
    let cells = cells_of(sender, cell, slot, Some(&cell.initiative), random.between(1, 28));
    let said = [ACCOUNTS[1].to_owned(), random.pick(PURCHASES).to_owned(), decimal(oere)];
    SampleLine {
        cells: cells.into_iter().chain(said).collect(),
        left_open: None,
        fate: LineFate::Refused { code, oere: Some(oere) },
    }
}
