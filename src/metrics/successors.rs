//! Authorities that take over from others: one unit, under the later name, from the first month.

use crate::domain::id::AuthorityId;
use crate::domain::measure::Measure::{Amount, Completed};
use crate::domain::money::Oere;
use crate::metrics::figures::{Comparison, NoComparison};
use crate::metrics::fixture::{ProgrammeFixture, cell, month};

/// 24 transactions and 4,800 øre a year follow volume fully; baseline 2016.
fn plain() -> ProgrammeFixture {
    ProgrammeFixture::new().initiative("1.1", &[("a", 100)]).service(
        "s",
        "1.1",
        Some("2016"),
        Some(0),
    )
}

/// `old` ceases after `last`, and `new` takes over.
fn succeeded(
    mut fixture: ProgrammeFixture,
    old: &str,
    last: &str,
    new: &str,
    from: Option<&str>,
) -> ProgrammeFixture {
    let entries = &mut fixture.programme.authorities.entries;
    let entry = entries.get_mut(&AuthorityId::new(old)).expect("a line of the old authority");
    entry.valid_to = Some(month(last));
    entry.successor = Some(AuthorityId::new(new));
    let entry = entries.get_mut(&AuthorityId::new(new)).expect("a line of the new authority");
    entry.valid_from = from.map(month);
    fixture
}

fn compared(
    fixture: &ProgrammeFixture,
    authority: &str,
    at: &str,
) -> Result<Comparison, NoComparison> {
    cell(&fixture.compute(), authority, "s", at).comparison.clone()
}

fn figures(comparison: &Comparison) -> (u8, i64, i64, i64, i64) {
    let Comparison { months, spending_then, spending_now, volume_then, .. } = comparison;
    (*months, spending_then.get(), spending_now.get(), *volume_then, comparison.volume_now)
}

#[test]
fn a_new_successor_goes_on_with_the_old_ones_baseline() {
    let mut fixture = plain().months("old", 2016, "s", 400, 2).months("old", 2017, "s", 400, 2);
    for number in 1..=12 {
        let who = if number <= 6 { "old" } else { "new" };
        let values = [(Amount, 300), (Completed, 2)];
        fixture = fixture.line(who, &format!("2018-{number:02}"), "s", &values);
    }
    let fixture = succeeded(fixture, "old", "2018-06", "new", Some("2018-07"));
    let metrics = fixture.compute();
    let units: Vec<&str> = metrics.cells.iter().map(|cell| cell.authority.as_str()).collect();
    assert_eq!(units, ["new", "new", "new"], "one unit, from the first month");
    let found = compared(&fixture, "new", "2018").expect("both years are delivered");
    assert_eq!(figures(&found), (12, 4_800, 3_600, 24, 24));
    assert_eq!(found.saving.declared, Some(Oere::new(1_200)));
}

#[test]
fn a_successor_that_existed_is_compared_with_both() {
    let fixture = plain()
        .months("old", 2016, "s", 400, 2)
        .months("new", 2016, "s", 600, 3)
        .months("new", 2017, "s", 1_000, 5);
    let fixture = succeeded(fixture, "old", "2016-12", "new", None);
    let found = compared(&fixture, "new", "2017").expect("both years are delivered");
    assert_eq!(figures(&found), (12, 12_000, 12_000, 60, 60));
    assert_eq!((found.saving.none_fixed, found.saving.all_fixed), (Oere::ZERO, Oere::ZERO));
}

#[test]
fn a_successor_that_had_not_the_task_before_is_not_missed_before() {
    let fixture = plain()
        .months("old", 2016, "s", 400, 2)
        .months("new", 2016, "other", 600, 3)
        .months("new", 2017, "s", 400, 2);
    let fixture = succeeded(fixture, "old", "2016-12", "new", None);
    assert_eq!(compared(&fixture, "new", "2017").map(|found| found.months), Ok(12));
}

#[test]
fn a_month_that_one_of_the_two_lacks_is_no_month_of_the_unit() {
    let mut fixture = plain().months("old", 2016, "s", 400, 2).months("new", 2017, "s", 1_000, 5);
    for number in 1..=12 {
        // The later body says nothing of March, and has no volume in April.
        let values = [(Amount, 600), (Completed, 3)];
        let values = if number == 4 { &values[..1] } else { &values[..] };
        if number != 3 {
            fixture = fixture.line("new", &format!("2016-{number:02}"), "s", values);
        }
    }
    let fixture = succeeded(fixture, "old", "2016-12", "new", None);
    let found = compared(&fixture, "new", "2017").expect("ten months are whole");
    assert_eq!(figures(&found), (10, 10_000, 10_000, 50, 50));
}

#[test]
fn successors_of_successors_are_one_unit() {
    let fixture = plain()
        .months("one", 2016, "s", 400, 2)
        .months("two", 2017, "s", 400, 2)
        .months("three", 2018, "s", 200, 2);
    let fixture = succeeded(fixture, "one", "2016-12", "two", Some("2017-01"));
    let fixture = succeeded(fixture, "two", "2017-12", "three", Some("2018-01"));
    let found = compared(&fixture, "three", "2018").expect("the first one's baseline");
    assert_eq!(figures(&found), (12, 4_800, 2_400, 24, 24));
}
