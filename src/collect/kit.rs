//! What unit tests share: contracts and terms made from text, and deliveries in memory.

use crate::contract::compile;
use crate::contract::compiled::Contract;
use crate::contract::terms::Terms;
use crate::domain::folder::Folder;
use crate::source::content::Delivery;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A pipeline folder of this contract alone.
pub(crate) fn folder(contract: &str) -> Folder {
    let files = BTreeMap::from([("contracts/spending.toml".to_owned(), contract.into())]);
    Folder { name: "pipelines/test".into(), files }
}

/// Terms of this year with open registers.
pub(crate) fn open_terms(year: u16) -> Terms {
    Terms {
        first: format!("{year}-01").parse().expect("a month"),
        last: format!("{year}-12").parse().expect("a month"),
        ..Terms::unknown()
    }
}

/// The contract compiled; a test with one that does not hold fails with its problems.
pub(crate) fn contracts(contract: &str, terms: Terms) -> Vec<Contract> {
    compile(&folder(contract), &Arc::new(terms)).unwrap_or_else(|error| panic!("{error}"))
}

/// A delivery in memory.
pub(crate) fn delivery(name: &str, bytes: impl AsRef<[u8]>) -> Delivery {
    Delivery { name: name.to_owned(), content: Box::new(bytes.as_ref().to_vec()) }
}
