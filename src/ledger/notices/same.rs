//! Deliveries that say the same and both count: a file saved again, with other bytes.

use crate::domain::delivery::DeliveryId;
use crate::domain::notice::{Notice, Remark};
use crate::facts::Facts;
use crate::ingest::delivery_account::{DeliveryAccount, named};
use std::collections::BTreeMap;

/// A digest of the facts of one delivery, in their order: two lanes of 64 bits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Digest(u64, u64);

impl Digest {
    fn add(&mut self, value: u64) {
        self.0 = (self.0 ^ value).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
        self.1 = (self.1.rotate_left(23) ^ value).wrapping_mul(0xC2B2_AE3D_27D4_EB4F);
    }
}

/// One notice for each delivery that says all that another of its kind says, and no more.
pub(super) fn find(kinds: &[usize], accounts: &[DeliveryAccount], posted: &Facts) -> Vec<Notice> {
    // Nearly no two have as many lines and the same sum: only those are looked at.
    let like = |account: &DeliveryAccount| {
        (kinds[account.id.place()], account.lines_accepted, account.accepted.get())
    };
    let claimed = |account: &&DeliveryAccount| {
        account.lines_accepted > 0 && kinds[account.id.place()] != usize::MAX
    };
    let mut alike = BTreeMap::new();
    for account in accounts.iter().filter(claimed) {
        *alike.entry(like(account)).or_insert(0_u32) += 1;
    }
    let is_alike =
        |account: &DeliveryAccount| alike.get(&like(account)).is_some_and(|count| *count > 1);
    let mut digests: Vec<Option<Digest>> =
        accounts.iter().map(|account| is_alike(account).then(Digest::default)).collect();
    if digests.iter().all(Option::is_none) {
        return Vec::new();
    }
    let mut counted = vec![0_u32; accounts.len()];
    for (fact, (about, period)) in posted.iter().zip(posted.numbers()) {
        let Some(digest) = &mut digests[fact.delivery.place()] else { continue };
        counted[fact.delivery.place()] += fact.lines;
        digest.add(u64::from(about) << 32 | u64::from(period));
        digest.add(u64::from(fact.lines));
        for (measure, tally) in fact.measures.tallies() {
            let (lines, sum) = (tally.lines, tally.sum);
            digest.add(u64::from(lines) << 8 | u64::try_from(measure.index()).unwrap_or(0));
            digest.add(sum.cast_unsigned());
        }
    }
    let mut first: BTreeMap<(usize, u32, Digest), DeliveryId> = BTreeMap::new();
    let mut notices = Vec::new();
    for (account, digest) in accounts.iter().zip(digests) {
        let place = account.id.place();
        let Some(digest) = digest.filter(|_| counted[place] == account.lines_accepted) else {
            continue;
        };
        let other = *first.entry((kinds[place], counted[place], digest)).or_insert(account.id);
        if other != account.id {
            notices.push(Notice {
                delivery: account.id,
                what: Remark::SaysTheSame { found: named(&accounts[other.place()]) },
                lines: account.lines_accepted,
                amount: Some(account.accepted),
            });
        }
    }
    notices
}
