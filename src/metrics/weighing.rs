//! What the unknown weighs: delivered, estimated, refused, or nothing that can be weighed.

use crate::domain::id::AuthorityId;
use crate::domain::measure::Measure::{Amount, Completed};
use crate::domain::money::Oere;
use crate::metrics::figures::Metrics;
use crate::metrics::fixture::{ProgrammeFixture, cell, total};
use crate::metrics::unknown_part::{Actor, Cause, CellUnknown, Unknown, UnknownWeight};
use crate::programme::model::TargetReading;

/// One service compared with 2016; prices doubled to 2018 and again to 2020, whose level is used.
fn plain() -> ProgrammeFixture {
    ProgrammeFixture::new()
        .initiative("1.1", &[("a", 100)])
        .service("s", "1.1", Some("2016"), Some(0))
        .prices(2020, &[(2015, 50), (2016, 50), (2017, 50), (2018, 100), (2019, 100), (2020, 200)])
}

fn of(metrics: &Metrics, authority: &str, at: &str) -> CellUnknown {
    cell(metrics, authority, "s", at).unknown.expect("something is unknown")
}

fn weight(cells: u32, spending: i64, estimated: i64, unweighed: u32) -> UnknownWeight {
    UnknownWeight {
        cells,
        spending: Oere::new(spending),
        estimated: Oere::new(estimated),
        unweighed,
    }
}

#[test]
fn what_never_came_is_weighed_with_what_last_came_for_the_same_months() {
    let metrics = plain()
        .months("0751", 2016, "s", 100, 1)
        .months("0751", 2018, "s", 90, 1)
        .months("0101", 2020, "s", 1, 1)
        .line("0751", "2020-01", "s", &[(Amount, 70), (Completed, 1)])
        .compute();
    // Eleven months of 90 in 2018, at twice the prices; January came.
    let found = of(&metrics, "0751", "2020");
    assert_eq!(found.cause, Cause::PartOfSpan);
    assert_eq!((found.spending, found.outside), (Oere::new(70), Oere::ZERO));
    assert_eq!((found.estimated, found.unweighed), (Oere::new(11 * 180), false));
    // 2018 is compared, and so is nothing of it unknown.
    assert_eq!(cell(&metrics, "0751", "s", "2018").unknown, None);
    // Of a year before anything came, what came after is the best there is: 12 at level prices.
    let found = of(&metrics, "0101", "2018");
    assert_eq!((found.cause, found.estimated), (Cause::NotDelivered, Oere::new(12)));
}

#[test]
fn what_there_is_nothing_to_weigh_by_is_counted_and_weighs_nothing() {
    let metrics = plain()
        .months("0751", 2016, "s", 100, 1)
        .line("0101", "2020-01", "s", &[(Completed, 1)])
        .months("0851", 2016, "s", 100, 1)
        .months("0851", 2020, "s", -5, 1)
        .compute();
    let silent = of(&metrics, "0101", "2020");
    assert_eq!(
        (silent.spending, silent.estimated, silent.unweighed),
        (Oere::ZERO, Oere::ZERO, true)
    );
    let income = of(&metrics, "0851", "2020");
    assert_eq!((income.cause, income.unweighed), (Cause::NetIncome, true));
    let unknown = &total(&metrics, "2020").unknown;
    let programme = unknown.rows[&(Cause::NetIncome, Actor::Programme)];
    assert_eq!(programme, weight(1, 0, 0, 1), "income weighs nothing, and has no lower bound");
    // 0751 lacks 2020: twelve months of 100, at four times the prices.
    let authority = Actor::Authority(AuthorityId::new("0751"));
    assert_eq!(unknown.rows[&(Cause::NotDelivered, authority)], weight(1, 0, 4_800, 0));
    assert_eq!(unknown.comparisons(), weight(3, 0, 4_800, 2));
}

#[test]
fn years_added_up_have_the_months_that_are_compared() {
    let metrics = plain()
        .target(2017, 2020, 1, 2)
        .months("0751", 2016, "s", 100, 1)
        .months("0751", 2020, "s", 30, 1)
        .line("0751", "2017-01", "s", &[(Amount, 60), (Completed, 1)])
        .line("0751", "2017-02", "s", &[(Amount, 50)])
        .compute();
    let known = |reading: TargetReading| {
        let at = metrics.targets.iter().find(|at| at.reading == reading).expect("the reading");
        let reached = at.reached.value().map(|range| range.none_fixed.get());
        (reached, at.compared_cells, at.unknown.comparisons())
    };
    // 2020: 12 · (400 - 30). January 2017: (100 - 60) · 4; February's 50, and ten months of 100.
    let year = 12 * 370;
    assert_eq!(known(TargetReading::AnnualRunRate), (Some(year), 1, UnknownWeight::default()));
    // Nothing came of 2018 and 2019: each is 60, 50 and ten times 100, four times dearer.
    let both = weight(3, 200, 4_000 + 2 * 4_440, 0);
    assert_eq!(known(TargetReading::Cumulative), (Some(year + 160), 1, both));
}

#[test]
fn rows_of_one_cause_and_actor_add_up() {
    let mut unknown = Unknown::default();
    assert!(unknown.is_nothing());
    unknown.add(Cause::Refused, Actor::Unseen, weight(0, 7, 0, 1));
    unknown.add(Cause::Refused, Actor::Unseen, weight(0, i64::MAX, 0, 0));
    unknown.add(Cause::NoBaseline, Actor::Programme, weight(1, 5, 2, 0));
    assert_eq!(unknown.refused(), weight(0, i64::MAX, 0, 1), "held at the largest amount");
    assert_eq!(unknown.comparisons().all(), Oere::new(7));
}

/// The months cost the same both years: what period 13 of one of them holds is no saving.
#[test]
fn period_13_of_one_year_alone_is_left_out_and_unknown() {
    let desk = || plain().months("0751", 2016, "s", 100, 1).months("0751", 2017, "s", 100, 1);
    let saved = |metrics: &Metrics| {
        let compared = total(metrics, "2017").compared.value().expect("twelve months");
        (compared.saving_real.none_fixed.get(), compared.saving_real.all_fixed.get())
    };
    for (period, spending, estimated) in [("2016-13", 0, 2_000), ("2017-13", 2_000, 0)] {
        let metrics = desk().line("0751", period, "s", &[(Amount, 500)]).compute();
        assert_eq!(saved(&metrics), (0, 0), "{period}");
        // 500 at prices a fourth of the level's.
        let found = of(&metrics, "0751", "2017");
        assert_eq!(found.cause, Cause::ClosingInOneYear);
        assert_eq!((found.spending.get(), found.estimated.get()), (spending, estimated));
        let authority = Actor::Authority(AuthorityId::new("0751"));
        let rows = &total(&metrics, "2017").unknown.rows;
        assert_eq!(rows[&(Cause::ClosingInOneYear, authority)], weight(0, spending, estimated, 0));
        let panel = total(&metrics, "2017").spending_panel.value().expect("a panel");
        assert_eq!(panel.then.nominal, panel.now.nominal);
    }
    let both = desk().line("0751", "2016-13", "s", &[(Amount, 500)]).line(
        "0751",
        "2017-13",
        "s",
        &[(Amount, 100)],
    );
    let metrics = both.compute();
    assert_eq!(saved(&metrics), (1_600, 1_600));
    assert_eq!(cell(&metrics, "0751", "s", "2017").unknown, None);
}

/// Spending of no service may be that of any pejlemærke: each can lose all of it.
#[test]
fn spending_of_no_initiative_holds_every_mark_back() {
    let metrics = plain()
        .months("0751", 2016, "s", 100, 1)
        .months("0751", 2020, "s", 30, 1)
        .months("0751", 2020, "-", 75, 1)
        .compute();
    for (id, figures) in &metrics.pejlemaerker {
        let unknown =
            figures.at("2020".parse().expect("a year")).map(|at| at.unknown.comparisons());
        let held = (id.as_str() == "a").then(|| weight(0, 900, 0, 0));
        assert_eq!(unknown, held, "{id}");
    }
    assert_eq!(total(&metrics, "2020").unknown.comparisons(), weight(1, 900, 0, 0));
}
