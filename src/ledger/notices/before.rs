//! Deliveries whose sum moved by a power of ten since the run before: held against the one of their
//! name, or of their file, or against those their sender had.

use crate::contract::compiled::Contract;
use crate::contract::naming::Naming;
use crate::domain::id::ContractId;
use crate::domain::money::Oere;
use crate::domain::notice::{Notice, Remark};
use crate::domain::privacy::show;
use crate::ledger::notices::sums::{CERTAIN, factor};
use crate::ledger::posting::DeliveryPosting;
use crate::ledger::previous::Previous;

/// Fewest sums of a sender that make one of them usual, so that ten times of it is told.
const USUAL: usize = 3;

/// A delivery of the run before, by the contract that claims its name now.
struct Before<'a> {
    name: &'a str,
    kind: &'a ContractId,
    authority: Option<String>,
    naming: Naming,
    oere: Oere,
}

/// One notice for each delivery that moved.
pub(in crate::ledger) fn find(
    contracts: &[Contract],
    deliveries: &[DeliveryPosting],
    previous: &Previous,
) -> Vec<Notice> {
    let before: Vec<Before> = previous
        .sums
        .iter()
        .filter_map(|(name, oere)| {
            let (contract, named) =
                contracts.iter().find_map(|one| Some((one, one.claims(name)?)))?;
            let (kind, authority, naming) = (&contract.kind, named.authority, named.naming);
            Some(Before { name, kind, authority, naming, oere: *oere })
        })
        .collect();
    deliveries.iter().filter_map(|posting| moved(contracts, posting, previous, &before)).collect()
}

fn moved(
    contracts: &[Contract],
    posting: &DeliveryPosting,
    previous: &Previous,
    before: &[Before],
) -> Option<Notice> {
    let (account, now) = (&posting.account, posting.balance.oere.read);
    let size = |amount: Oere| amount.get().unsigned_abs();
    let moved = |what| {
        Some(Notice {
            delivery: account.id,
            what,
            lines: posting.balance.lines.read,
            amount: Some(now),
        })
    };
    if let Some(usual) = previous.sums.get(&*account.shown()).copied() {
        let factor = factor(size(now), size(usual), 1)?;
        return moved(Remark::MovedSince { factor, usual });
    }
    let own = |contract: &&Contract| Some(&contract.id) == account.contract.as_ref();
    let contract = contracts.iter().find(own)?;
    let named = contract.claims(&account.name)?;
    let of_kind = || before.iter().filter(|other| *other.kind == contract.kind);
    // A resend is held against what it is sent in place of.
    if let Some(other) = of_kind().rfind(|other| other.naming.file == named.naming.file) {
        let (factor, usual) = (factor(size(now), size(other.oere), 1)?, other.oere);
        return moved(Remark::MovedSince { factor, usual });
    }
    let form = form(&named.naming.file);
    let like = |other: &&Before| {
        other.authority == named.authority && self::form(&other.naming.file) == form
    };
    let mut senders: Vec<&Before> = of_kind().filter(like).collect();
    senders.sort_by_key(|other| size(other.oere));
    let usual = senders.get(senders.len() / 2)?;
    let least = if senders.len() < USUAL { CERTAIN } else { 1 };
    let factor = factor(size(now), size(usual.oere), least)?;
    let found = show(usual.name.as_bytes(), encoding_rs::UTF_8);
    moved(Remark::SenderMovedSince { found, factor, usual: usual.oere })
}

/// A name with `#` for its digits: that of the next month has the same.
fn form(name: &str) -> String {
    name.chars().map(|letter| if letter.is_ascii_digit() { '#' } else { letter }).collect()
}
