//! One truth in the key figure, the headline and the picture; and what is said where there is none.

use crate::domain::known::Known;
use crate::metrics::figures::{Mean, Metrics, ShareFigures, SharePanel};
use crate::report::compose;
use crate::report::document::{Block, Chart, ChartLine, Figure, KeyFigure, Phrase, Report, Value};
use crate::report::fixture::programme;
use crate::report::fixture_figures::{ledger, metrics, nothing_compared};

fn figure<'a>(report: &'a Report, id: &str) -> Option<&'a Figure> {
    let blocks = report.pages.iter().flat_map(|page| &page.blocks);
    for block in blocks {
        if let Block::Figure(figure) = block
            && figure.id == id
        {
            return Some(figure);
        }
    }
    None
}

fn key<'a>(report: &'a Report, slug: &str, label: &str) -> &'a KeyFigure {
    let page = report.pages.iter().find(|page| page.slug == slug).expect("the page");
    let Some(Block::KeyFigures(all)) = page.blocks.first() else {
        panic!("key figures first");
    };
    all.iter().find(|one| one.label.key == label).expect("the key figure")
}

fn lines(figure: &Figure) -> &[ChartLine] {
    let Chart::Lines { lines, .. } = &figure.chart else {
        panic!("lines over time");
    };
    lines
}

/// The value of a placeholder, however deep.
fn value<'a>(phrase: &'a Phrase, name: &str) -> Option<&'a Value> {
    phrase.values.iter().find_map(|(own, value)| {
        if *own == name {
            return Some(value);
        }
        if let Value::Phrase(inner) = value { self::value(inner, name) } else { None }
    })
}

fn ppm(value: Option<&Value>) -> Option<i64> {
    if let Some(Value::Ppm(ppm)) = value { ppm.value() } else { None }
}

#[test]
fn the_key_figure_the_headline_and_the_line_are_of_one_panel() {
    let report = compose(&programme(), &metrics(), &ledger());
    let digital = figure(&report, "pejlemaerke-2-digital").expect("the figure");
    let key = key(&report, "pejlemaerke-2", "mark.key_digital");
    let panel = &lines(digital)[0];
    assert_eq!(digital.headline.key, "digital.headline");
    let (then, now) = (ppm(value(&digital.headline, "then")), ppm(value(&digital.headline, "now")));
    assert_eq!((then, now), (Some(310_000), Some(550_000)));
    assert_eq!((panel.values[0], panel.values[4], panel.pale), (then, now, false));
    assert_eq!(ppm(Some(&key.value)), now);
    let all = &lines(digital)[1];
    assert_eq!((all.values[4], all.pale), (Some(540_000), true), "all delivered, pale");
}

#[test]
fn a_change_of_spending_is_that_of_the_line() {
    let report = compose(&programme(), &metrics(), &ledger());
    let spending = figure(&report, "pejlemaerke-1-udgifter").expect("the figure");
    let panel = &lines(spending)[0];
    // 76,050,000 then, 432,000 less now.
    assert_eq!(panel.values[0], Some(7_605_000_000));
    assert_eq!(panel.values[4], Some(7_561_800_000));
    assert_eq!(spending.headline.key, "spending.headline_down");
    assert_eq!(ppm(value(&spending.headline, "change")), Some(5_680));
    assert!(lines(spending)[1..].iter().all(|line| line.pale));
}

#[test]
fn without_a_panel_nothing_is_said_to_have_changed() {
    let mut none = nothing_compared();
    none.now = metrics().now;
    let report = compose(&programme(), &none, &ledger());
    for (id, headline) in [
        ("pejlemaerke-1-udgifter", "spending.headline_none"),
        ("pejlemaerke-2-digital", "digital.headline_none"),
        ("pejlemaerke-2-gennemfoert", "completion.headline_none"),
    ] {
        let figure = figure(&report, id).expect("all delivered is drawn");
        assert_eq!(figure.headline.key, headline);
        assert!(lines(figure).iter().all(|line| line.pale), "{id}");
        assert_eq!(ppm(value(&figure.headline, "change")), None);
    }
    let key = key(&report, "pejlemaerke-2", "mark.key_digital");
    assert_eq!(ppm(Some(&key.value)), Some(540_000), "of all delivered, and it says so");
}

/// Satisfaction then and now, each with its interval.
fn satisfied(then: (i64, i64, i64), now: (i64, i64, i64)) -> Metrics {
    let mut metrics = metrics();
    let last = metrics.pejlemaerker[1].1.spans.last_mut().expect("a span");
    let digital = last.digital.mean.clone().value().expect("a mean");
    let mean = |(low, ppm, high)| Mean { ppm, interval: Some((low, high)), ..digital.clone() };
    let panel = last.digital.panel.clone().value().expect("a panel");
    let means = Some((mean(then), mean(now)));
    last.satisfaction = ShareFigures {
        mean: Known::Value(mean(now)),
        counts: Known::Missing,
        panel: Known::Value(SharePanel { means, ..panel }),
    };
    metrics
}

#[test]
fn up_or_down_is_said_only_where_intervals_do_not_overlap() {
    let headline = |then, now| {
        let report = compose(&programme(), &satisfied(then, now), &ledger());
        let figure = figure(&report, "pejlemaerke-2-tilfredshed").expect("the figure");
        (figure.headline.key, value(&figure.headline, "change").is_some())
    };
    let (low, high) = ((790, 810, 830), (831, 850, 870));
    assert_eq!(headline(low, high), ("satisfaction.headline", true));
    assert_eq!(headline(high, low), ("satisfaction.headline", true));
    assert_eq!(headline(low, (830, 850, 870)), ("satisfaction.headline_unsure", false));
    assert_eq!(headline(low, low), ("satisfaction.headline_unsure", false));
}
