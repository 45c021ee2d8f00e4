//! What counts and should be known, found when everything is posted.

pub(super) mod before;
mod counts;
mod dates;
mod measured;
mod resent;
mod same;
mod spelling;
mod sums;
mod windows;

use crate::contract::compiled::Contract;
use crate::domain::id::ContractId;
use crate::domain::money::Oere;
use crate::domain::notice::{Notice, Remark};
use crate::domain::privacy::{masked, show};
use crate::domain::reached_twice::ReachedTwice;
use crate::domain::wording::Wording;
use crate::facts::Facts;
use crate::ingest::delivery_account::DeliveryAccount;
use crate::ledger::posting::DeliveryPosting;
use crate::programme::model::Limits;
use encoding_rs::UTF_8;
use std::collections::BTreeMap;

/// What the accounts and the posted facts tell, in no order.
pub(super) fn find(
    contracts: &[Contract],
    accounts: &[DeliveryAccount],
    posted: &Facts,
) -> Vec<Notice> {
    let mut notices = open_ends(contracts, accounts);
    notices.extend(accounts.iter().filter_map(rounded));
    notices.extend(dates::find(accounts, posted));
    let kinds = kinds(contracts, accounts);
    notices.extend(measured::find(&kinds, accounts, posted));
    notices.extend(sums::find(&kinds, posted));
    notices.extend(counts::find(&kinds, posted));
    notices.extend(spelling::find(posted));
    notices.extend(resent::find(contracts, accounts));
    notices.extend(same::find(&kinds, accounts, posted));
    notices.extend(windows::find(&kinds, accounts, posted));
    notices.extend(accounts.iter().filter_map(other_sheets));
    notices.extend(accounts.iter().filter_map(repeated));
    notices
}

/// By delivery, the kind of its contract, as a number.
fn kinds(contracts: &[Contract], accounts: &[DeliveryAccount]) -> Vec<usize> {
    let mut numbers: BTreeMap<&ContractId, usize> = BTreeMap::new();
    let mut by_id = BTreeMap::new();
    for contract in contracts {
        let next = numbers.len();
        by_id.insert(&contract.id, *numbers.entry(&contract.kind).or_insert(next));
    }
    let kind = |account: &DeliveryAccount| by_id.get(account.contract.as_ref()?).copied();
    accounts.iter().map(|account| kind(account).unwrap_or(usize::MAX)).collect()
}

/// Files without a last line end, unless that is how their sender writes: several, and none with.
fn open_ends(contracts: &[Contract], accounts: &[DeliveryAccount]) -> Vec<Notice> {
    let mut senders: BTreeMap<_, Vec<&DeliveryAccount>> = BTreeMap::new();
    for account in accounts.iter().filter(|account| account.lines_accepted > 0) {
        let own = |contract: &&Contract| Some(&contract.id) == account.contract.as_ref();
        let named = contracts.iter().find(own).and_then(|one| one.claims(&account.name));
        let sender = named.and_then(|named| named.authority);
        senders.entry((&account.contract, sender)).or_default().push(account);
    }
    let mut notices = Vec::new();
    for files in senders.into_values() {
        let own_way = files.len() > 1 && files.iter().all(|account| account.open_end);
        for account in files.into_iter().filter(|account| account.open_end && !own_way) {
            let what = Remark::OpenEnd {};
            notices.push(Notice { delivery: account.id, what, lines: 1, amount: None });
        }
    }
    notices
}

fn rounded(account: &DeliveryAccount) -> Option<Notice> {
    let rounded = account.rounded;
    (rounded.cells > 0 && account.lines_accepted > 0).then(|| Notice {
        delivery: account.id,
        what: Remark::Rounded { added: Wording::from(billionths(rounded.added)) },
        lines: rounded.cells,
        amount: Some(account.accepted),
    })
}

/// Sheets that look like the one that was read.
fn other_sheets(account: &DeliveryAccount) -> Option<Notice> {
    let what = Remark::OtherSheets { found: account.other_sheets.clone()? };
    Some(Notice { delivery: account.id, what, lines: 0, amount: None })
}

/// Lines that stand in the file twice.
fn repeated(account: &DeliveryAccount) -> Option<Notice> {
    let own = account.repeated.filter(|_| account.lines_accepted > 0)?;
    Some(Notice {
        delivery: account.id,
        what: Remark::Repeated { first: own.first, before: own.before },
        lines: own.lines,
        amount: own.oere.map(Oere::new),
    })
}

/// A number of billionths as a decimal number, two decimals at least.
fn billionths(number: i64) -> String {
    let whole = number.unsigned_abs();
    let fine = format!("{:09}", whole % 1_000_000_000);
    let (two, rest) = fine.split_at(2);
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}.{two}{}", whole / 1_000_000_000, rest.trim_end_matches('0'))
}

/// What was found by a second way, at the delivery that way leads to; of a folder, at its first.
pub(super) fn read_once(deliveries: &[DeliveryPosting], again: &[ReachedTwice]) -> Vec<Notice> {
    let notice = |again: &ReachedTwice| {
        let folder = format!("{}/", again.first);
        let leads = |posting: &&DeliveryPosting| {
            let name = &posting.account.name;
            *name == again.first || again.first == "." || name.starts_with(&folder)
        };
        let delivery = deliveries.iter().find(leads)?.account.id;
        let found = show(masked(&again.name).as_bytes(), UTF_8);
        Some(Notice { delivery, what: Remark::ReadOnce { found }, lines: 0, amount: None })
    };
    again.iter().filter_map(notice).collect()
}

/// How many notices there are of each code, with their lines and what stands on them.
pub(crate) fn by_code(notices: &[Notice]) -> BTreeMap<&'static str, (u32, u32, Oere)> {
    let mut codes: BTreeMap<&'static str, (u32, u32, Oere)> = BTreeMap::new();
    for notice in notices {
        let (count, lines, amount) = codes.entry(notice.what.code()).or_default();
        *count += 1;
        *lines = lines.saturating_add(notice.lines);
        let own = notice.amount.map_or(0, |amount| amount.get().saturating_abs());
        *amount = Oere::new(amount.get().saturating_add(own));
    }
    codes
}

/// The codes there are more notices of than the pipeline tolerates.
pub(crate) fn over_limit(notices: &[Notice], limits: &Limits) -> Vec<&'static str> {
    let codes = by_code(notices).into_iter();
    let over = codes
        .filter(|(code, (count, ..))| limits.notices.get(*code).is_some_and(|most| count > most));
    over.map(|(code, _)| code).collect()
}

#[cfg(test)]
mod tests {
    use super::billionths;

    #[test]
    fn what_rounding_adds_is_written_exactly() {
        for (number, text) in [
            (0, "0.00"),
            (40_000_000, "0.04"),
            (-5_000_000, "-0.005"),
            (1_000_000_001, "1.000000001"),
            (-12_500_000_000, "-12.50"),
        ] {
            assert_eq!(billionths(number), text);
        }
    }
}
