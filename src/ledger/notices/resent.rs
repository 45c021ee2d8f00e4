//! Files of one name but for their marks, under a contract in which nothing is replaced: a resend
//! then counts beside what it was sent in place of.

use crate::contract::compiled::Contract;
use crate::contract::naming::Naming;
use crate::contract::schema::Supersede;
use crate::domain::id::ContractId;
use crate::domain::notice::{Notice, Remark};
use crate::ingest::delivery_account::{DeliveryAccount, named};
use std::collections::BTreeMap;

/// One notice for each delivery of a file but the one with the fewest marks.
pub(super) fn find(contracts: &[Contract], accounts: &[DeliveryAccount]) -> Vec<Notice> {
    let mut files: BTreeMap<(&ContractId, String), Vec<(&DeliveryAccount, Naming)>> =
        BTreeMap::new();
    for account in accounts.iter().filter(|account| account.lines_accepted > 0) {
        let own = |contract: &&Contract| Some(&contract.id) == account.contract.as_ref();
        let contract = contracts.iter().find(own).filter(|one| one.supersede == Supersede::Never);
        let claimed = contract.and_then(|one| Some((one, one.claims(&account.name)?)));
        if let Some((contract, claimed)) = claimed {
            let file = (&contract.kind, claimed.naming.file.clone());
            files.entry(file).or_default().push((account, claimed.naming));
        }
    }
    let mut notices = Vec::new();
    for mut file in files.into_values() {
        // What has fewest marks is the file, and the others are sent in its place.
        file.sort_by_key(|(account, naming)| (naming.marks(), account.id));
        let Some(((first, _), rest)) = file.split_first() else { continue };
        notices.extend(rest.iter().map(|(account, _)| Notice {
            delivery: account.id,
            what: Remark::ResentAndAdded { found: named(first) },
            lines: account.lines_accepted,
            amount: Some(account.accepted),
        }));
    }
    notices
}
