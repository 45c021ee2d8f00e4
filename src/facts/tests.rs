//! Facts come out as they went in.

use crate::domain::delivery::DeliveryId;
use crate::domain::id::{AuthorityId, ServiceId};
use crate::domain::measure::Measure;
use crate::domain::period::Period;
use crate::facts::Facts;
use crate::facts::fact::About;
use crate::facts::sums::Sums;
use proptest::prelude::*;

type Made = (u32, u8, u8, u8, i64);

fn add(facts: &mut Facts, (delivery, authority, service, month, value): Made) {
    let about = About {
        authority: AuthorityId::new(&format!("a{authority}")),
        service: (service > 0).then(|| ServiceId::new(&format!("s{service}"))),
        initiative: None,
        account: None,
        channel: None,
    };
    let month = format!("2019-{:02}", month % 12 + 1).parse().expect("a month");
    let mut sums = Sums::default();
    sums.add(Measure::Hours, value);
    if value > 0 {
        sums.add(Measure::Amount, -value);
    }
    facts.push(DeliveryId(delivery), (&about, Period::Month(month)), 1, &sums);
}

fn shown(facts: &Facts) -> Vec<String> {
    facts.iter().map(|fact| format!("{:?}", (fact.key, fact.delivery, fact.measures))).collect()
}

proptest! {
    /// Facts come out as they went in, sorted as their keys are, and parted without loss.
    #[test]
    fn facts_are_what_was_added(
        made in prop::collection::vec((0_u32..4, 0_u8..3, 0_u8..3, 0_u8..14, -9_i64..9), 0..40),
        cut in 0_usize..40,
    ) {
        let cut = cut.min(made.len());
        let (mut all, mut front, mut back) = (Facts::default(), Facts::default(), Facts::default());
        for one in &made { add(&mut all, *one); }
        for one in &made[..cut] { add(&mut front, *one); }
        for one in &made[cut..] { add(&mut back, *one); }
        front.append(back);
        prop_assert_eq!(shown(&front), shown(&all));
        let hours: i64 = all.iter().map(|fact| fact.measures.get(Measure::Hours).sum).sum();
        prop_assert_eq!(hours, made.iter().map(|one| one.4).sum::<i64>());

        front.sort_by_key();
        let keys: Vec<_> = front.iter().map(|fact| (fact.key, fact.delivery)).collect();
        prop_assert!(keys.is_sorted());
        let counts: Vec<bool> = front.iter().map(|fact| fact.lines + fact.delivery.0 > 2).collect();
        let (posted, rest) = front.clone().part(&counts);
        prop_assert!(posted.iter().all(|fact| fact.delivery.0 > 1));
        let mut together = [shown(&posted), shown(&rest)].concat();
        let mut before = shown(&all);
        together.sort();
        before.sort();
        prop_assert_eq!(together, before);
    }
}
