//! What contracts say of VAT: said, never converted.

use crate::contract::compiled::{Column, Contract, Role};
use crate::contract::schema::Vat;
use crate::domain::id::ContractId;
use crate::domain::language::Names;
use crate::domain::measure::Measure;

/// What a contract says of VAT in one of its columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VatStatement {
    /// The contract.
    pub contract: ContractId,
    /// What its deliveries are.
    pub title: Names,
    /// The contract's name for the column.
    pub column: String,
    /// Whether amounts include VAT; `None` where the contract does not say.
    pub vat: Option<Vat>,
}

/// What each contract says of VAT, in the contracts' order: one a column that is the amount, or a
/// factor of it, or declares VAT.
pub(super) fn statements(contracts: &[Contract]) -> Vec<VatStatement> {
    let of = |contract: &Contract| -> Vec<VatStatement> {
        let statement = |column: &Column| VatStatement {
            contract: contract.id.clone(),
            title: contract.title.clone(),
            column: column.name.to_string(),
            vat: column.vat,
        };
        let is_amount = |column: &&Column| column.role == Some(Role::Measure(Measure::Amount));
        let product = contract.products.iter().find(|(measure, _)| *measure == Measure::Amount);
        // A product has VAT by one of its factors: a count has none.
        let factors = product.map_or(&[][..], |(_, factors)| factors);
        let factors: Vec<&Column> = factors.iter().map(|place| &contract.columns[*place]).collect();
        let unsaid =
            factors.first().filter(|_| !factors.iter().any(|factor| factor.vat.is_some())).copied();
        let is_unsaid = |column: &Column| unsaid.is_some_and(|unsaid| unsaid.name == column.name);
        let columns = contract.columns.iter();
        columns
            .filter(|column| is_amount(column) || column.vat.is_some() || is_unsaid(column))
            .map(statement)
            .collect()
    };
    contracts.iter().flat_map(of).collect()
}
