//! The header line to a map from cells to the contract's columns.

use crate::contract::compiled::{Cell, Contract, SenderRule};
use crate::domain::quarantine::Reason;
use crate::ingest::cell::trim;
use crate::ingest::privacy::show;
use encoding_rs::Encoding;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Where the contract's columns stand in a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// Number of cells in the header.
    pub(super) width: usize,
    /// For each column, where it stands in each period: one place, or one a period of the unpivot.
    pub(super) places: Vec<Vec<usize>>,
    /// The physical line it begins on.
    pub(super) line: u32,
    /// Its cells, as delivered.
    pub(super) cells: Vec<Vec<u8>>,
    /// For each column, the scale its heading says.
    pub(super) scales: Vec<Option<i64>>,
}

impl Header {
    /// The contract with the scales the headings say.
    pub(super) fn in_force<'a>(&self, contract: &'a Contract) -> Cow<'a, Contract> {
        if self.scales.iter().all(Option::is_none) {
            return Cow::Borrowed(contract);
        }
        let mut contract = contract.clone();
        for (column, scale) in contract.columns.iter_mut().zip(&self.scales) {
            if let (Cell::Number(form) | Cell::Integer(form), Some(scale)) =
                (&mut column.cell, scale)
            {
                form.scale = *scale;
            }
        }
        Cow::Owned(contract)
    }
}

/// Maps header cells to columns.
///
/// # Errors
/// A column that is missing, repeated, or (in a closed contract) not known.
pub(super) fn read(
    contract: &Contract,
    sender: Option<&SenderRule>,
    line: u32,
    cells: &[Vec<u8>],
    encoding: &'static Encoding,
) -> Result<Header, Reason> {
    let names = expected(contract, sender);
    let headings: Vec<String> = cells
        .iter()
        .map(|cell| encoding.decode_without_bom_handling(trim(cell)).0.trim().to_owned())
        .collect();
    let periods = contract.unpivot.len().max(1);
    let mut places: Vec<Vec<Option<usize>>> = contract
        .columns
        .iter()
        .map(|column| vec![None; if column.per_period { periods } else { 1 }])
        .collect();
    let mut scales = vec![None; contract.columns.len()];
    let mut unknown = Vec::new();
    for (at, heading) in headings.iter().enumerate() {
        match names.get(heading.as_str()) {
            None if heading.is_empty() => {}
            None => unknown.push(show(&cells[at], encoding).0.into_string()),
            Some((column, period)) => {
                scales[*column] = contract.columns[*column].scales.get(heading).copied();
                if places[*column][*period].replace(at).is_some() {
                    let column = contract.columns[*column].name.clone();
                    return Err(Reason::RepeatedColumn { column });
                }
            }
        }
    }
    let missing: Vec<&str> = contract
        .columns
        .iter()
        .zip(&places)
        .filter(|(_, places)| places.iter().any(Option::is_none))
        .map(|(column, _)| &*column.name)
        .collect();
    if !missing.is_empty() {
        let found = show(&cells.join(&b"; "[..]), encoding);
        return Err(Reason::MissingColumn { missing: missing.join(", ").into(), found });
    }
    if contract.closed && !unknown.is_empty() {
        let found = crate::domain::quarantine::Shown(unknown.join(", ").into());
        return Err(Reason::UnknownColumn { found });
    }
    let places = places.into_iter().map(|places| places.into_iter().flatten().collect()).collect();
    let cells = cells.to_vec();
    Ok(Header { width: cells.len(), places, line, cells, scales })
}

/// Every heading the contract knows: the column it means and the period it is for.
fn expected(contract: &Contract, sender: Option<&SenderRule>) -> BTreeMap<String, (usize, usize)> {
    let mut names = BTreeMap::new();
    for (index, column) in contract.columns.iter().enumerate() {
        for heading in &column.headings {
            if column.per_period {
                for (period, (label, _)) in contract.unpivot.iter().enumerate() {
                    names.insert(contract.unpivoted(heading, label), (index, period));
                }
            } else {
                names.insert(heading.clone(), (index, 0));
            }
        }
    }
    for (heading, column) in sender.iter().flat_map(|rule| &rule.aliases) {
        names.insert(heading.clone(), (*column, 0));
    }
    names
}
