//! Delivered lines in, figures out: what the room promises, with numbers worked by hand.

use crate::domain::id::AuthorityId;
use crate::domain::known::Known;
use crate::domain::measure::Measure::{Amount, Answered, Completed, Digital, Satisfied, Started};
use crate::domain::money::Oere;
use crate::domain::share::Share;
use crate::metrics::figures::{Metrics, NoComparison, Range};
use crate::metrics::fixture::{ProgrammeFixture, cell, month, span, total};

/// One service under one initiative that counts wholly towards `a`, compared with 2015.
fn plain() -> ProgrammeFixture {
    ProgrammeFixture::new().initiative("1.1", &[("a", 100)]).service(
        "su",
        "1.1",
        Some("2015"),
        None,
    )
}

fn saving(metrics: &Metrics, at: &str) -> Option<i64> {
    let compared = total(metrics, at).compared.value()?;
    Some(compared.saving.none_fixed.get())
}

fn share(numerator: i64, denominator: i64) -> Known<Share> {
    Known::Value(Share { numerator, denominator })
}

#[test]
fn only_months_both_years_reported_are_compared() {
    // Then: 12 months of 1,000 øre for 10. Now: January to March of 900 for 10, April without
    // volume.
    let mut fixture = plain().months("0751", 2015, "su", 1_000, 10);
    for at in ["2016-01", "2016-02", "2016-03"] {
        fixture = fixture.line("0751", at, "su", &[(Amount, 900), (Completed, 10)]);
    }
    let metrics = fixture
        .line("0751", "2016-04", "su", &[(Amount, 50_000)])
        .line("0751", "2016-13", "su", &[(Amount, 70_000)])
        .compute();

    let now = cell(&metrics, "0751", "su", "2016");
    assert_eq!(now.spending, Known::Value(Oere::new(122_700)));
    assert_eq!(now.volume, Known::Value(30));
    let comparison = now.comparison.as_ref().expect("three months in common");
    assert_eq!((comparison.months, comparison.months_in_span), (3, 12));
    assert_eq!(comparison.spending_then, Oere::new(3_000));
    assert_eq!(comparison.spending_now, Oere::new(2_700));
    assert_eq!(comparison.saving.none_fixed, Oere::new(300));

    let figures = total(&metrics, "2016");
    assert_eq!((figures.basis.compared, figures.basis.partly), (0, 1));
    assert_eq!(figures.compared, Known::Missing, "three months are no year");
    let partly = figures.partly.value().expect("three months in common");
    assert_eq!(partly.saving.none_fixed, Oere::new(300));
    assert_eq!(figures.basis.unknown(), 1);
    assert_eq!(figures.basis.spending_compared, Oere::ZERO);
    assert_eq!(figures.basis.spending_outside, Oere::new(122_700));
    assert_eq!(metrics.now, Some(span("2016")));
}

#[test]
fn period_13_counts_where_the_whole_year_is_compared() {
    let metrics = plain()
        .months("0751", 2015, "su", 1_000, 10)
        .line("0751", "2015-13", "su", &[(Amount, 600)])
        .months("0751", 2016, "su", 900, 10)
        .line("0751", "2016-13", "su", &[(Amount, 100)])
        .compute();
    // (12,000 + 600) - (10,800 + 100).
    assert_eq!(saving(&metrics, "2016"), Some(1_700));
    assert_eq!(total(&metrics, "2016").basis.compared, 1);
}

#[test]
fn nothing_after_the_month_looked_back_from_is_compared() {
    let mut fixture =
        plain().months("0751", 2015, "su", 1_000, 10).months("0751", 2016, "su", 900, 10);
    fixture.as_of = month("2016-06");
    let metrics = fixture.compute();
    let partly = total(&metrics, "2016").partly.value().map(|sums| sums.saving.none_fixed);
    assert_eq!((saving(&metrics, "2016"), partly), (None, Some(Oere::new(600))));
    fixture.as_of = month("2015-12");
    let metrics = fixture.compute();
    let now = cell(&metrics, "0751", "su", "2016");
    assert_eq!(now.comparison.as_ref().err(), Some(&NoComparison::NowMissing));
}

#[test]
fn what_cannot_be_compared_says_why_and_is_counted() {
    let metrics = plain()
        .service("new", "1.1", Some("2015"), None)
        .service("free", "1.1", None, None)
        .months("0751", 2015, "su", 1_000, 10)
        .months("0751", 2017, "su", 1_000, 10)
        .months("0101", 2016, "su", 1_000, 10)
        .months("0101", 2015, "new", 0, 0)
        .months("0101", 2016, "new", 1_000, 10)
        .months("0101", 2016, "free", 1_000, 10)
        .months("0101", 2014, "new", 1_000, 10)
        .compute();
    let why = |authority, service, at| {
        let comparison = &cell(&metrics, authority, service, at).comparison;
        comparison.as_ref().err().copied()
    };
    assert_eq!(why("0751", "su", "2015"), Some(NoComparison::IsBaseline));
    assert_eq!(why("0751", "su", "2016"), Some(NoComparison::NowMissing));
    assert_eq!(why("0751", "su", "2017"), None);
    assert_eq!(why("0101", "su", "2016"), Some(NoComparison::BaselineMissing));
    assert_eq!(why("0101", "new", "2014"), Some(NoComparison::NoBaseline));
    assert_eq!(why("0101", "new", "2016"), Some(NoComparison::NewOrClosed));
    assert_eq!(why("0101", "free", "2016"), Some(NoComparison::NoBaseline));

    let gap = cell(&metrics, "0751", "su", "2016");
    assert_eq!((gap.spending, gap.volume), (Known::Missing, Known::Missing));
    let basis = total(&metrics, "2016").basis;
    assert_eq!((basis.compared, basis.partly), (0, 0));
    assert_eq!((basis.now_missing, basis.baseline_missing), (1, 1));
    assert_eq!((basis.no_baseline, basis.new_or_closed), (1, 1));
    assert_eq!(basis.unknown(), 4);
    assert_eq!(saving(&metrics, "2016"), None);
}

#[test]
fn income_above_spending_is_no_comparison() {
    let now = |then: i64, now: i64| {
        let fixture =
            plain().months("0751", 2015, "su", then, 10).months("0751", 2016, "su", now, 10);
        let metrics = fixture.compute();
        let basis = total(&metrics, "2016").basis;
        let error = cell(&metrics, "0751", "su", "2016").comparison.as_ref().err().copied();
        (error, basis.net_income, basis.unknown(), total(&metrics, "2016").chain.units)
    };
    let net = Some(NoComparison::NetIncome);
    assert_eq!(now(-1_000, -1_500), (net, 1, 1, 0));
    assert_eq!(now(0, 1_000), (net, 1, 1, 0));
    assert_eq!(now(1_000, -1), (net, 1, 1, 0));
    assert_eq!(now(1_000, 0).0, None, "nothing spent on the same volume is a saving");
}

#[test]
fn nothing_is_awaited_of_an_authority_that_does_not_exist() {
    let mut fixture =
        plain().months("0751", 2015, "su", 1_000, 10).months("0101", 2016, "su", 1_000, 10);
    let gaps = |fixture: &ProgrammeFixture| fixture.compute().cells.len();
    // Each reported one year; only 2016 lies within the programme, and 0751 did not report it.
    assert_eq!(gaps(&fixture), 3);
    let entries = &mut fixture.programme.authorities.entries;
    let closed = entries.get_mut(&AuthorityId::new("0751")).expect("delivered");
    closed.valid_to = Some(month("2015-12"));
    assert_eq!(gaps(&fixture), 2);
}

#[test]
fn a_service_counts_under_the_initiative_its_lines_agree_on() {
    let fixture = plain()
        .initiative("2.1", &[("b", 100)])
        .line("0751", "2016-01", "su", &[(Amount, 5)])
        .line("0751", "2016-02", "su", &[(Amount, 7)])
        .naming("2.1");
    let initiative = |fixture: &ProgrammeFixture| {
        let metrics = fixture.compute();
        let found = &cell(&metrics, "0751", "su", "2016").initiative;
        found.as_ref().expect("an initiative").to_string()
    };
    assert_eq!(initiative(&fixture), "2.1");
    let torn = fixture.line("0751", "2016-03", "su", &[(Amount, 9)]).naming("1.1");
    assert_eq!(initiative(&torn), "1.1");
}

#[test]
#[should_panic(expected = "its register is closed")]
fn a_price_index_needs_a_closed_register() {
    let mut fixture = plain().prices(2015, &[(2015, 100)]);
    fixture.programme.authorities.open = true;
    let _ = fixture.compute();
}

#[test]
fn money_is_split_by_weight_and_counts_are_not() {
    let done = [(Amount, 101), (Completed, 10), (Digital, 4)];
    let metrics = ProgrammeFixture::new()
        .initiative("2.1", &[("a", 50), ("b", 30), ("c", 20)])
        .service("su", "2.1", Some("2015"), Some(50))
        .months("0751", 2015, "su", 120, 10)
        .line("0751", "2016-01", "su", &done)
        .line("0751", "2016-02", "-", &[(Amount, 7)])
        .line("0751", "2016-02", "-", &[(Amount, 11)])
        .naming("2.1")
        .compute();
    let figures: Vec<_> = metrics
        .pejlemaerker
        .iter()
        .map(|(_, figures)| figures.at(span("2016")).expect("weight on every mark"))
        .collect();
    // 101 is 50.5 + 30.3 + 20.2, the last øre to the largest remainder; 11 is 5.5 + 3.3 + 2.2.
    let spending: Vec<_> = figures.iter().map(|f| f.spending.value()).collect();
    let oere = |amount| Some(Oere::new(amount));
    assert_eq!(spending, [oere(51 + 6), oere(30 + 3), oere(20 + 2)]);
    assert_eq!(total(&metrics, "2016").spending.value(), oere(101 + 11 + 7));
    assert_eq!(figures[1].digital.counts, share(4, 10));
    assert_eq!(figures[1].basis.no_baseline, 1);
    assert_eq!(total(&metrics, "2016").basis.no_baseline, 2);
    assert_eq!(total(&metrics, "2016").basis.spending_outside, Oere::new(119));
    let compared = figures[0].partly.value().expect("one month in common");
    // 120 then, 101 now: a saving of 19 is 9.5 + 5.7 + 3.8, and 9.5 has the smallest remainder.
    assert_eq!(compared.saving.declared, oere(9));
}

#[test]
fn the_index_is_chained_and_weighted_by_last_years_unit_cost() {
    let report = |fixture: ProgrammeFixture, at: &str, a: (i64, i64), b: (i64, i64)| {
        let line = |(unit_cost, done): (i64, i64)| [(Amount, unit_cost * done), (Completed, done)];
        (1..=12).fold(fixture, |fixture, number| {
            let at = format!("{at}-{number:02}");
            fixture.line("0751", &at, "a", &line(a)).line("0751", &at, "b", &line(b))
        })
    };
    let fixture = ProgrammeFixture::new()
        .initiative("1.1", &[("a", 100)])
        .service("a", "1.1", Some("2016"), None)
        .service("b", "1.1", Some("2016"), None);
    let fixture = report(fixture, "2016", (60, 1_000), (20, 5_000));
    let fixture = report(fixture, "2017", (58, 900), (19, 6_000));
    let fixture = report(fixture, "2018", (58, 850), (19, 6_600));
    let metrics = fixture.compute();
    let activity = |at| total(&metrics, at).activity_index_ppm;
    assert_eq!(activity("2016"), Known::Value(1_000_000));
    assert_eq!(activity("2017"), Known::Value(1_087_500));
    assert_eq!(activity("2018"), Known::Value(1_143_118));
    // Input 160,000 -> 166,200: 1.03875; productivity 1.0875 / 1.03875 = 1.046931...
    assert_eq!(total(&metrics, "2017").input_index_ppm, Known::Value(1_038_750));
    assert_eq!(total(&metrics, "2017").productivity_ppm, Known::Value(1_046_931));
    // 166,200 over 174,000.
    assert_eq!(total(&metrics, "2017").unit_cost_index_ppm, Known::Value(955_172));
}

#[test]
fn a_link_of_one_month_weighs_what_the_whole_year_cost() {
    // Two services of 12 million kr. a year; one doubles its volume, and sends January alone.
    let month = 100_000_000;
    let metrics = plain()
        .service("byg", "1.1", None, None)
        .months("0751", 2016, "su", month, 100)
        .months("0751", 2016, "byg", month, 100)
        .months("0751", 2017, "su", month, 100)
        .line("0751", "2017-01", "byg", &[(Amount, month), (Completed, 200)])
        .compute();
    let figures = total(&metrics, "2017");
    // Half of the spending doubles: 1.5. By the months shared it were (12 + 2) / 13.
    assert_eq!(figures.activity_index_ppm, Known::Value(1_500_000));
    assert_eq!(figures.input_index_ppm, Known::Value(1_000_000));
    let link = figures.chain;
    assert_eq!((link.units, link.months, link.broken), (2, Some((1, 12)), false));
    assert_eq!(link.spending_share_ppm, Some(1_000_000));
    assert_eq!(total(&metrics, "2016").chain.months, None);
}

#[test]
fn a_year_that_shares_nothing_with_the_one_before_begins_anew() {
    let metrics = plain()
        .months("0751", 2016, "su", 100, 1)
        .months("0101", 2017, "su", 100, 1)
        .months("0101", 2018, "su", 100, 3)
        .months("0851", 2018, "su", 100, 3)
        .months("0101", 2019, "su", 100, 3)
        .compute();
    let index = |at| {
        let figures = total(&metrics, at);
        (figures.activity_index_ppm, figures.chain.broken, figures.chain.spending_share_ppm)
    };
    assert_eq!(index("2016"), (Known::Value(1_000_000), false, None));
    assert_eq!(index("2017"), (Known::Value(1_000_000), true, None));
    assert_eq!(index("2018"), (Known::Value(3_000_000), false, Some(1_000_000)));
    assert_eq!(index("2019"), (Known::Value(3_000_000), false, Some(500_000)));
}

#[test]
fn shares_rest_on_lines_that_report_both_sides() {
    let metrics = plain()
        .line("0751", "2015-01", "su", &[(Completed, 100), (Digital, 40)])
        .line("0751", "2016-01", "su", &[(Completed, 100), (Digital, 60)])
        .line("0751", "2016-02", "su", &[(Completed, 900), (Started, 1_000)])
        .line("0101", "2016-01", "su", &[(Completed, 50), (Digital, 50)])
        .line("0101", "2016-01", "su", &[(Satisfied, 0), (Answered, 0)])
        .compute();
    let figures = total(&metrics, "2016");
    assert_eq!(figures.digital.counts, share(110, 150));
    assert_eq!(figures.completion.counts, share(900, 1_000));
    assert_eq!(figures.satisfaction.counts, Known::NotApplicable);
    let panel = figures.digital.panel.clone().value().expect("one unit in both years");
    assert_eq!(Known::Value(panel.counts_then), share(40, 100));
    assert_eq!((Known::Value(panel.counts_now), panel.cells), (share(60, 100), 1));
    assert_eq!(panel.means, None, "nothing was spent in the baseline");
    assert_eq!(total(&metrics, "2015").completion.counts, Known::Missing);
    assert_eq!(total(&metrics, "2015").digital.panel, Known::Missing);
}

#[test]
fn real_figures_stand_in_the_prices_of_the_level() {
    let metrics = plain()
        .prices(2015, &[(2015, 100), (2016, 125)])
        .months("0751", 2015, "su", 1_000, 10)
        .months("0751", 2016, "su", 1_000, 10)
        .compute();
    let figures = total(&metrics, "2016");
    assert_eq!(figures.spending_real, Known::Value(Oere::new(9_600)));
    let compared = figures.compared.value().expect("a whole year");
    assert_eq!(compared.saving.none_fixed, Oere::new(3_000));
    assert_eq!(compared.saving_real.none_fixed, Oere::new(2_400));
    assert_eq!(compared.bridge.price, Oere::new(3_000));
    assert_eq!(figures.input_index_ppm, Known::Value(800_000));
}

#[test]
fn both_readings_of_a_target_are_given_and_neither_before_its_time() {
    let mut fixture = plain()
        .target(2016, 2017, 1, 2)
        .service("free", "1.1", None, None)
        .months("0751", 2015, "su", 1_000, 10)
        .months("0751", 2016, "su", 900, 10)
        .months("0751", 2017, "su", 700, 10)
        .months("0751", 2017, "free", 700, 10);
    let reached = |fixture: &ProgrammeFixture| -> Vec<(Option<i64>, u32, u32)> {
        let targets = fixture.compute().targets;
        let saving = |range: Range| range.none_fixed.get();
        targets
            .iter()
            .map(|at| {
                let reached = at.reached.value().map(saving);
                (reached, at.compared_cells, at.unknown_cells)
            })
            .collect()
    };
    // 12 times 100 in 2016 and 12 times 300 in 2017; `free` has no baseline in either year.
    assert_eq!(reached(&fixture), [(Some(3_600), 1, 1), (Some(4_800), 2, 2)]);
    fixture.as_of = month("2017-11");
    assert_eq!(reached(&fixture), [(None, 0, 2), (Some(1_200 + 11 * 300), 1, 3)]);
    fixture.as_of = month("2016-12");
    assert_eq!(reached(&fixture), [(None, 0, 0), (Some(1_200), 1, 1)]);
}
