//! The header line to a map from cells to the contract's columns.

use crate::contract::compiled::{CellType, Contract, SenderRule};
use crate::domain::blank::trim_in;
use crate::domain::letters::folded_heading;
use crate::domain::privacy::{show, show_list};
use crate::domain::quarantine::Reason;
use crate::validate::twice;
use encoding_rs::Encoding;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Where the contract's columns stand in a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    /// Number of cells in the header.
    pub(crate) width: usize,
    /// For each column, where it stands in each period: one place, or one a period of the unpivot.
    pub(crate) places: Vec<Vec<usize>>,
    /// The physical line it begins on.
    pub(crate) line: u32,
    /// Its cells, as delivered.
    pub(crate) cells: Vec<Vec<u8>>,
    /// For each column, the scale its heading says.
    pub(crate) scales: Vec<Option<i64>>,
}

impl Header {
    /// The contract with the scales the headings say.
    pub(crate) fn in_force<'a>(&self, contract: &'a Contract) -> Cow<'a, Contract> {
        if self.scales.iter().all(Option::is_none) {
            return Cow::Borrowed(contract);
        }
        let mut contract = contract.clone();
        for (column, scale) in contract.columns.iter_mut().zip(&self.scales) {
            if let (CellType::Number(form) | CellType::Integer(form), Some(scale)) =
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
pub(crate) fn read(
    contract: &Contract,
    sender: Option<&SenderRule>,
    line: u32,
    cells: &[Vec<u8>],
    encoding: &'static Encoding,
) -> Result<Header, Reason> {
    let names = expected(contract, sender);
    let headings: Vec<String> = cells
        .iter()
        .map(|cell| folded_heading(&encoding.decode_without_bom_handling(cell).0))
        .collect();
    let periods = contract.unpivot.len().max(1);
    let mut places: Vec<Vec<Option<usize>>> = contract
        .columns
        .iter()
        .map(|column| vec![None; if column.per_period { periods } else { 1 }])
        .collect();
    let mut scales = vec![None; contract.columns.len()];
    let mut unknown = Vec::new();
    for (number, heading) in headings.iter().enumerate() {
        match names.get(heading.as_str()) {
            None if heading.is_empty() => {}
            None => unknown.push(cells[number].as_slice()),
            Some((column, period)) => {
                let said = contract.columns[*column].scales.iter();
                let mut said = said.filter(|(own, _)| folded_heading(own) == *heading);
                scales[*column] = said.next().map(|(_, scale)| *scale);
                if places[*column][*period].replace(number).is_some() {
                    let column = contract.columns[*column].name.clone();
                    return Err(Reason::RepeatedColumn { column });
                }
            }
        }
    }
    let missing = missing(contract, &places);
    if !missing.is_empty() {
        let was = |heading: &String| twice::repaired(heading).filter(|was| names.contains_key(was));
        if let Some((place, was)) =
            (0..).zip(&headings).find_map(|(number, own)| Some((number, was(own)?)))
        {
            let found = show(trim_in(&cells[place], encoding), encoding);
            return Err(Reason::EncodedTwice { found, expected: was.into() });
        }
        let found = show_list(cells.iter().map(Vec::as_slice), "; ", encoding);
        return Err(Reason::MissingColumn { missing: missing.join(", ").into(), found });
    }
    if contract.closed && !unknown.is_empty() {
        let found = show_list(unknown, ", ", encoding);
        return Err(Reason::UnknownColumn { found });
    }
    let places = places.into_iter().map(|places| places.into_iter().flatten().collect()).collect();
    let cells = cells.to_vec();
    Ok(Header { width: cells.len(), places, line, cells, scales })
}

/// The headings that are not there: of a column with periods side by side, those it lacks.
fn missing(contract: &Contract, places: &[Vec<Option<usize>>]) -> Vec<String> {
    let mut missing = Vec::new();
    for (column, places) in contract.columns.iter().zip(places) {
        let name = &*column.name;
        if column.per_period {
            let labels = contract.unpivot.iter().zip(places);
            let lacking = labels.filter(|(_, place)| place.is_none());
            missing.extend(lacking.map(|((label, _), _)| contract.unpivoted(name, label)));
        } else if places.contains(&None) {
            missing.push(name.to_owned());
        }
    }
    missing
}

/// Every heading the contract knows, as it is compared: the column it means and the period it is
/// for.
fn expected(contract: &Contract, sender: Option<&SenderRule>) -> BTreeMap<String, (usize, usize)> {
    let mut names = BTreeMap::new();
    for (index, column) in contract.columns.iter().enumerate() {
        for heading in &column.headings {
            if column.per_period {
                for (period, (label, _)) in contract.unpivot.iter().enumerate() {
                    let heading = contract.unpivoted(heading, label);
                    names.insert(folded_heading(&heading), (index, period));
                }
            } else {
                names.insert(folded_heading(heading), (index, 0));
            }
        }
    }
    for (heading, column) in sender.iter().flat_map(|rule| &rule.aliases) {
        names.insert(folded_heading(heading), (*column, 0));
    }
    names
}
