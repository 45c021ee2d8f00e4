//! What panels promise: a late sender is no growth, and counts of unlike services are not added.

use crate::domain::known::Known;
use crate::domain::measure::Measure::{Amount, Answered, Completed, Digital, Satisfied, Started};
use crate::domain::money::Oere;
use crate::domain::share::Share;
use crate::metrics::figures::{Mean, ShareFigures, SpanFigures};
use crate::metrics::fixture::{ProgrammeFixture, month, span, total};

fn plain() -> ProgrammeFixture {
    ProgrammeFixture::new()
        .initiative("1.1", &[("a", 100)])
        .service("post", "1.1", Some("2016"), None)
        .service("byg", "1.1", Some("2016"), None)
}

/// A year of equal months.
fn year(
    fixture: ProgrammeFixture,
    who: &str,
    at: i16,
    service: &str,
    values: &[(crate::domain::measure::Measure, i64)],
) -> ProgrammeFixture {
    (1..=12).fold(fixture, |fixture, number| {
        fixture.line(who, &format!("{at}-{number:02}"), service, values)
    })
}

fn spent(figures: &SpanFigures) -> Option<(i64, i64, u32)> {
    let panel = figures.spending_panel.value()?;
    Some((panel.then.nominal.get(), panel.now.nominal.get(), panel.cells))
}

fn mean(figures: &ShareFigures) -> Option<Mean> {
    figures.mean.clone().value()
}

fn means(figures: &ShareFigures) -> Option<(i64, i64)> {
    let (then, now) = figures.panel.clone().value()?.means?;
    Some((then.ppm, now.ppm))
}

#[test]
fn a_late_sender_is_in_the_total_and_in_no_change() {
    let fixture = year(plain(), "0751", 2016, "byg", &[(Amount, 100)]);
    let fixture = year(fixture, "0751", 2017, "byg", &[(Amount, 90)]);
    let fixture = year(fixture, "0101", 2017, "byg", &[(Amount, 1_000)]);
    let fixture = fixture.line("0751", "2016-13", "byg", &[(Amount, 7)]);
    let figures = total(&fixture.compute(), "2017").clone();
    assert_eq!(figures.spending, Known::Value(Oere::new(12 * 1_090)));
    assert_eq!(spent(&figures), Some((1_200, 1_080, 1)), "period 13 is in one year only");
    // Period 13 counts: all twelve months and it are in both.
    let fixture = fixture.line("0751", "2017-13", "byg", &[(Amount, 5)]);
    let figures = total(&fixture.compute(), "2017").clone();
    assert_eq!(spent(&figures), Some((1_207, 1_085, 1)));
    assert_eq!(figures.panel_then, Some(span("2016")));
}

#[test]
fn months_that_one_end_lacks_are_in_neither() {
    let mut fixture = plain().line("0751", "2016-13", "byg", &[(Amount, 7)]);
    for number in 1..=9 {
        fixture = fixture.line("0751", &format!("2016-{number:02}"), "byg", &[(Amount, 10)]);
    }
    for number in 2..=12 {
        fixture = fixture.line("0751", &format!("2017-{number:02}"), "byg", &[(Amount, 11)]);
    }
    assert_eq!(spent(total(&fixture.compute(), "2017")), Some((80, 88, 1)));
    // Nothing after the month looked back from.
    fixture.as_of = month("2017-03");
    assert_eq!(spent(total(&fixture.compute(), "2017")), Some((20, 22, 1)));
}

#[test]
fn where_nobody_delivered_both_ends_there_is_no_panel() {
    let fixture =
        year(plain(), "0751", 2016, "byg", &[(Amount, 100), (Completed, 9), (Digital, 3)]);
    let fixture = year(fixture, "0101", 2017, "byg", &[(Amount, 90), (Completed, 9), (Digital, 6)]);
    let metrics = fixture.compute();
    let figures = total(&metrics, "2017");
    assert_eq!(figures.spending_panel, Known::Missing);
    assert_eq!(figures.digital.panel, Known::Missing);
    assert_eq!(total(&metrics, "2016").panel_then, None, "the baseline has none before it");
}

/// Letters are 99 of 100 cases and a tenth of the money.
#[test]
fn the_mean_is_weighted_with_what_services_cost_and_not_with_their_counts() {
    let fixture =
        year(plain(), "0751", 2016, "post", &[(Amount, 10), (Completed, 9_900), (Digital, 9_900)]);
    let fixture =
        year(fixture, "0751", 2016, "byg", &[(Amount, 90), (Completed, 100), (Digital, 20)]);
    let figures = total(&fixture.compute(), "2016").clone();
    let found = mean(&figures.digital).expect("both have a baseline");
    // 0.1 · 1 + 0.9 · 0.2.
    assert_eq!(found.ppm, 280_000);
    assert_eq!((found.services, found.unweighed), (2, 0));
    assert_eq!((found.largest.as_str(), found.largest_ppm), ("post", 990_000));
    assert_eq!(found.count, 120_000);
    assert_eq!(found.interval, None, "every case is counted: it is no sample");
    let counts = figures.digital.counts.value().expect("counts");
    assert_eq!(counts.parts_per_million(), 992_000);
}

#[test]
fn a_service_without_spending_in_its_baseline_is_counted_and_in_no_mean() {
    let uses = [(Completed, 10), (Digital, 5), (Started, 20)];
    let fixture = year(plain().service("ny", "1.1", None, None), "0751", 2016, "ny", &uses);
    let fixture = year(fixture, "0751", 2016, "post", &[(Completed, 10), (Digital, 1)]);
    let none = total(&fixture.compute(), "2016").clone();
    assert_eq!(mean(&none.digital), None, "nothing is to weigh with");
    assert!(none.digital.counts.value().is_some());
    let fixture = year(fixture, "0751", 2016, "byg", &[(Amount, 1), (Completed, 10), (Digital, 4)]);
    let metrics = fixture.compute();
    let found = mean(&total(&metrics, "2016").digital).expect("one has");
    assert_eq!((found.ppm, found.services, found.unweighed), (400_000, 1, 2));
    let own: Vec<_> = metrics
        .services
        .iter()
        .map(|used| (used.service.as_str(), used.digital.value().map(Share::parts_per_million)))
        .collect();
    assert_eq!(own, [("byg", Some(400_000)), ("ny", Some(500_000)), ("post", Some(100_000))]);
}

/// One service is there for both; of the other 2017 lacks a month of the panel of 2018.
#[test]
fn a_span_that_lacks_some_of_the_panel_has_no_point() {
    let share = |done, digital| [(Amount, 10), (Completed, done), (Digital, digital)];
    let mut fixture = plain();
    for (at, digital) in [(2016, 10), (2017, 20), (2018, 30)] {
        fixture = year(fixture, "0751", at, "byg", &share(100, digital));
        fixture = year(fixture, "0751", at, "post", &share(100, digital + 50));
    }
    let whole = fixture.compute();
    let points = |metrics: &crate::metrics::figures::Metrics| -> Vec<_> {
        let course = &metrics.pejlemaerker[0].1.course;
        let digital = course.iter().map(|point| point.digital.clone().value().map(|mean| mean.ppm));
        let nominal = course.iter().map(|point| point.spending.value().map(|at| at.nominal.get()));
        digital.zip(nominal).collect()
    };
    let full = |ppm| (Some(ppm), Some(240));
    assert_eq!(points(&whole), [full(350_000), full(450_000), full(550_000)]);
    let now = whole.pejlemaerker[0].1.at(span("2018")).expect("figures");
    assert_eq!(means(&now.digital), Some((350_000, 550_000)), "the ends of what is drawn");
    let lacks =
        |(about, period, _): &(crate::facts::fact::About, crate::domain::period::Period, _)| {
            let service = about.service.as_ref().map(crate::domain::id::ServiceId::as_str);
            service == Some("byg") && period.to_string() == "2017-03"
        };
    fixture.facts.retain(|fact| !lacks(fact));
    assert_eq!(points(&fixture.compute()), [full(350_000), (None, None), full(550_000)]);
}

/// The baseline most units have is what panels begin in.
#[test]
fn a_panel_begins_in_the_common_baseline() {
    let fixture = plain().service("tidlig", "1.1", Some("2015"), None);
    let fixture = year(fixture, "0751", 2015, "tidlig", &[(Amount, 1)]);
    let fixture = [2016, 2017].into_iter().fold(fixture, |fixture, at| {
        let fixture = year(fixture, "0751", at, "tidlig", &[(Amount, 2)]);
        let fixture = year(fixture, "0751", at, "post", &[(Amount, 3)]);
        year(fixture, "0751", at, "byg", &[(Amount, 4)])
    });
    let metrics = fixture.compute();
    assert_eq!(spent(total(&metrics, "2017")), Some((108, 108, 3)));
    assert_eq!(total(&metrics, "2016").spending_panel, Known::Missing);
}

/// No service has a baseline, and the pejlemærke begins a year after the programme's data.
#[test]
fn without_a_baseline_a_panel_begins_where_the_pejlemaerke_does() {
    let fixture = ProgrammeFixture::new()
        .initiative("1.1", &[("a", 100)])
        .initiative("1.2", &[("b", 100)])
        .service("x", "1.1", None, None)
        .service("y", "1.2", None, None);
    let fixture = year(fixture, "0751", 2016, "x", &[(Amount, 1)]);
    let fixture = year(fixture, "0751", 2017, "y", &[(Amount, 5)]);
    let fixture = year(fixture, "0751", 2018, "y", &[(Amount, 6)]);
    let metrics = fixture.compute();
    let figures = metrics.pejlemaerker[1].1.at(span("2018")).expect("figures");
    assert_eq!((figures.panel_then, spent(figures)), (Some(span("2017")), Some((60, 72, 1))));
}

#[test]
fn a_window_is_compared_with_one_as_long() {
    let fixture = ProgrammeFixture::new()
        .initiative("1.1", &[("a", 100)])
        .service("x", "1.1", None, None)
        .line("0751", "2016-01/2016-09", "x", &[(Amount, 90)])
        .line("0751", "2016-01/2016-12", "x", &[(Amount, 120)])
        .line("0751", "2017-01/2017-12", "x", &[(Amount, 130)]);
    let metrics = fixture.compute();
    assert_eq!(spent(total(&metrics, "2017-01/2017-12")), Some((120, 130, 1)));
    assert_eq!(total(&metrics, "2016-01/2016-12").panel_then, None);
}

#[test]
fn satisfaction_has_the_interval_of_its_answers() {
    let answers =
        |satisfied, answered| [(Amount, 10), (Satisfied, satisfied), (Answered, answered)];
    let fixture = plain().line("0751", "2016-03", "byg", &answers(810, 1_000)).line(
        "0751",
        "2017-03",
        "byg",
        &answers(0, 12),
    );
    let metrics = fixture.compute();
    let ends = |at| mean(&total(&metrics, at).satisfaction).and_then(|mean| mean.interval);
    assert_eq!(ends("2016"), Some((784_517, 833_111)), "of one service it is Wilson's");
    assert_eq!(ends("2017"), Some((0, 242_494)));
    // Two of the same weight: 0.81 ∓ √(½²·0.025483² + ½²·0.025483²), and so for the upper end.
    let two = fixture.line("0751", "2016-03", "post", &answers(810, 1_000)).compute();
    let found = mean(&total(&two, "2016").satisfaction).expect("two services");
    assert_eq!((found.ppm, found.interval), (810_000, Some((791_981, 826_342))));
    assert_eq!((found.services, found.count), (2, 2_000));
}

/// Twice as many digital as completed, or fewer than none: no share, and so no rise.
#[test]
fn a_part_that_is_more_than_its_whole_is_no_share() {
    let counts = |done, digital, answered, satisfied| {
        let values = [(Amount, 10), (Completed, done), (Digital, digital)];
        [values.as_slice(), &[(Answered, answered), (Satisfied, satisfied)]].concat()
    };
    for now in [counts(10, 20, 4, 9), counts(10, -1, 4, -1)] {
        let fixture = year(plain(), "0751", 2016, "byg", &counts(10, 5, 4, 3));
        let fixture = year(fixture, "0751", 2017, "byg", &now);
        let metrics = fixture.compute();
        let figures = total(&metrics, "2017");
        for figures in [&figures.digital, &figures.satisfaction] {
            assert_eq!(figures.mean, Known::NotApplicable);
            assert_eq!(means(figures), None);
        }
        let service = |at: &&crate::metrics::figures::ServiceUse| at.span == span("2017");
        let service = metrics.services.iter().find(service).expect("the service");
        assert_eq!(service.digital, Known::NotApplicable);
        assert_eq!(service.satisfaction, Known::NotApplicable);
        let before = total(&metrics, "2016");
        assert_eq!(mean(&before.digital).expect("a mean").ppm, 500_000);
    }
}

/// Cases begun the year before may be completed in this one: only a mean above all of it is none.
#[test]
fn more_may_be_completed_than_started() {
    let share = |done, started| [(Amount, 10), (Completed, done), (Started, started)];
    let fixture = year(plain(), "0751", 2016, "byg", &share(11, 10));
    let with_post = year(fixture.clone(), "0751", 2016, "post", &share(5, 10));
    let completion =
        |fixture: ProgrammeFixture| total(&fixture.compute(), "2016").completion.clone();
    assert_eq!(mean(&completion(with_post)).expect("a mean").ppm, 800_000);
    assert_eq!(completion(fixture).mean, Known::NotApplicable);
}
