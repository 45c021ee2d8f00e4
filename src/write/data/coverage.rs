//! Who should have delivered what, and did, as a table.

use crate::ledger::Ledger;
use crate::ledger::awaited::CoverageState;
use crate::metrics::data_table::{Column, DataTable};

/// The awaited deliveries, a row each, by contract, authority and period.
pub(super) fn table(ledger: &Ledger) -> DataTable {
    let cells = &ledger.coverage.cells;
    let contracts = cells.keys().map(|(contract, ..)| Some(contract.to_string()));
    let authorities = cells.keys().map(|(_, authority, _)| Some(authority.to_string()));
    let periods = cells.keys().map(|(.., period)| Some(period.to_string()));
    let states = cells.values().map(|state| Some(word(*state).to_owned()));
    DataTable::new(
        "coverage",
        vec![
            Column::text("contract", contracts),
            Column::text("authority", authorities),
            Column::text("period", periods),
            Column::text("state", states),
        ],
    )
}

fn word(state: CoverageState) -> &'static str {
    match state {
        CoverageState::Delivered => "delivered",
        CoverageState::Incomplete => "incomplete",
        CoverageState::Refused => "refused",
        CoverageState::Missing => "missing",
    }
}
