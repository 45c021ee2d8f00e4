//! What the report promises to say, and never to say.

use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::period::{Period, Span};
use crate::metrics::figures::{MarkFigures, Metrics, Range, SpanFigures};
use crate::metrics::unknown_part::{Actor, Cause, Unknown, UnknownWeight};
use crate::programme::model::{Covers, TargetBasis, TargetReading};
use crate::report::compose;
use crate::report::document::{
    Block, Chart, Figure, KeyFigure, Page, Phrase, Report, Standing, Table, Value,
};
use crate::report::finding::{SavingSign, bounds, sign};
use crate::report::fixture::{bare, kroner, programme, span};
use crate::report::fixture_figures::{ledger, metrics, nothing_compared, range, settled};
use crate::report::trust::refused_spending;
use crate::report::verdict::saved;
use std::collections::BTreeSet;

fn report() -> Report {
    compose(&programme(), &metrics(), &ledger())
}

fn page<'a>(report: &'a Report, slug: &str) -> &'a Page {
    report.pages.iter().find(|page| page.slug == slug).expect("the page is there")
}

fn figures(page: &Page) -> Vec<&Figure> {
    let blocks = page.blocks.iter();
    blocks
        .filter_map(|block| if let Block::Figure(own) = block { Some(own) } else { None })
        .collect()
}

fn figure<'a>(report: &'a Report, id: &str) -> &'a Figure {
    report
        .pages
        .iter()
        .flat_map(figures)
        .find(|figure| figure.id == id)
        .expect("the figure is there")
}

fn key_figures(page: &Page) -> Vec<&KeyFigure> {
    let mut all = Vec::new();
    for block in &page.blocks {
        if let Block::KeyFigures(some) = block {
            all.extend(some);
        }
    }
    all
}

fn tables(page: &Page) -> Vec<&Table> {
    let mut all = Vec::new();
    for block in &page.blocks {
        if let Block::Table(table) = block {
            all.push(table);
        }
        if let Block::Figure(figure) = block {
            all.push(&figure.table);
        }
    }
    all
}

/// The paragraphs of a page, those of its lists among them.
fn said(page: &Page) -> Vec<&Phrase> {
    let mut all = Vec::new();
    for block in &page.blocks {
        if let Block::Text(phrase) = block {
            all.push(phrase);
        }
        if let Block::List(phrases) = block {
            all.extend(phrases);
        }
    }
    all
}

fn keys(phrase: &Phrase) -> BTreeSet<&'static str> {
    let mut all = BTreeSet::from([phrase.key]);
    for (_, value) in &phrase.values {
        if let Value::Phrase(inner) = value {
            all.extend(keys(inner));
        }
    }
    all
}

#[test]
fn pages_stand_in_reading_order_and_figures_have_their_own_ids() {
    let report = report();
    let slugs: Vec<&str> = report.pages.iter().map(|page| page.slug.as_str()).collect();
    assert_eq!(
        slugs,
        ["index", "pejlemaerke-1", "pejlemaerke-2", "pejlemaerke-3", "datakvalitet", "metode"]
    );
    let ids: Vec<&str> =
        report.pages.iter().flat_map(figures).map(|figure| figure.id.as_str()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    assert!(ids.len() >= 3 + 6, "{ids:?}");
}

#[test]
fn an_id_that_is_no_file_name_gives_way_to_the_place() {
    let mut programme = programme();
    programme.pejlemaerker[1].id = crate::domain::id::PejlemaerkeId::new("../Æ");
    let report = compose(&programme, &metrics(), &ledger());
    assert_eq!(report.pages[2].slug, "pejlemaerke-2");
}

#[test]
fn rows_are_as_long_as_their_heads() {
    let bare = compose(&bare(), &nothing_compared(), &ledger());
    for report in [report(), bare] {
        for table in report.pages.iter().flat_map(tables) {
            for row in &table.rows {
                assert_eq!(row.len(), table.columns.len(), "{}", table.caption.key);
            }
        }
    }
}

/// An unknown figure is a gap in the chart and a word in the table, at the same place.
#[test]
fn unknown_is_never_zero() {
    let report = report();
    let Chart::Lines { lines, .. } = &figure(&report, "pejlemaerke-1-besparelse").chart else {
        panic!("lines over time");
    };
    assert_eq!(lines[1].values[0], None);
    assert_eq!(lines[1].values[4], Some(kroner(7_584_992).get()));
    let table = &figure(&report, "pejlemaerke-1-besparelse").table;
    assert!(matches!(table.rows[0][2], Value::Exact(Known::Missing)));

    let Chart::Intervals { rows, .. } = &figure(&report, "pejlemaerker").chart else {
        panic!("intervals");
    };
    assert_eq!(rows[2].span, None, "pejlemærke 3 has no figures");
    let silent = tables(page(&report, "pejlemaerke-1"))
        .into_iter()
        .find(|table| table.caption.key == "services.by_cell")
        .and_then(|table| table.rows.last())
        .expect("the last cell");
    assert!(matches!(silent[3], Value::Exact(Known::Missing)));
    assert!(matches!(silent[5], Value::Exact(Known::Missing)));
}

#[test]
fn a_line_nobody_reported_is_described_as_unknown_and_not_drawn() {
    let mut undeclared = metrics();
    for figures in &mut undeclared.pejlemaerker[0].1.spans {
        figures.compared = figures.compared.map(|compared| {
            let saving_real = Range { declared: None, ..compared.saving_real };
            crate::metrics::figures::Compared { saving_real, ..compared }
        });
    }
    let report = compose(&programme(), &undeclared, &settled());
    let saving = figure(&report, "pejlemaerke-1-besparelse");
    let Chart::Lines { lines, .. } = &saving.chart else {
        panic!("lines over time");
    };
    assert_eq!(lines.len(), 2, "the declared one is not drawn");
    assert_eq!(saving.table.columns.len(), 4, "but has its column");
    assert!(keys(&saving.description).contains("describe.line_unknown"));
}

#[test]
fn a_saving_is_achieved_where_the_unknown_cannot_undo_it() {
    let mut metrics = metrics();
    let figures = metrics.total.spans.last_mut().expect("a span");
    let verdict = |figures: &SpanFigures, saving| {
        let verdict = saved(saving, Some(figures));
        (verdict.standing, verdict.why.key)
    };
    let (yes, no, open) = (Standing::Achieved, Standing::NotAchieved, Standing::Unknown);
    // The unknown of the fixture cost 11 million.
    let (much, little) = (range(13_000_000, 12_000_000, 11_000_001), range(9, 7, 5));
    assert_eq!(verdict(figures, Some(much)), (yes, "verdict.achieved_estimated"));
    assert_eq!(verdict(figures, Some(little)), (open, "verdict.may_lose"));
    assert_eq!(verdict(figures, Some(range(-5, -7, -9))), (open, "verdict.bring"));
    assert_eq!(verdict(figures, None), (open, "verdict.nothing_compared"));
    figures.unknown = Unknown::default();
    assert_eq!(verdict(figures, Some(little)), (yes, "verdict.achieved"));
    assert_eq!(verdict(figures, Some(range(-5, -7, -9))), (no, "verdict.not_achieved"));
    assert_eq!(verdict(figures, Some(range(9, 7, -1))), (open, "verdict.assumption"));
}

#[test]
fn nothing_is_achieved_while_a_comparison_is_unknown() {
    let report = compose(&programme(), &metrics(), &settled());
    for page in &report.pages {
        for table in tables(page) {
            for value in table.rows.iter().flatten() {
                if let Value::Phrase(phrase) = value {
                    assert_ne!(phrase.key, "standing.achieved", "{}", table.caption.key);
                }
            }
        }
        for figure in key_figures(page) {
            assert_ne!(figure.standing, Standing::Achieved, "{}", figure.label.key);
        }
    }
    let headline = keys(&figure(&report, "maal").headline);
    assert!(headline.contains("standing.undecided"), "{headline:?}");
}

/// Nothing is unknown, and the readings differ: each has its own answer, and page one begins with
/// the first.
#[test]
fn each_reading_has_its_own_answer() {
    let mut programme = programme();
    let promise = &mut programme.targets[0];
    promise.basis = TargetBasis::Net;
    promise.price_level_assumed = false;
    promise.covers = Covers::All;
    let mut metrics = metrics();
    for position in &mut metrics.targets {
        position.unknown = Unknown::default();
        position.reached = Known::Value(match position.reading {
            TargetReading::AnnualRunRate => range(3, 2, 1),
            TargetReading::Cumulative => range(9_000_000, 8_000_000, 7_000_000),
        });
    }
    let mut awaited = settled();
    awaited.coverage = ledger().coverage;
    let report = compose(&programme, &metrics, &awaited);
    let table = tables(&report.pages[0])
        .into_iter()
        .find(|table| table.caption.key == "target.table")
        .expect("the answers");
    let standings: Vec<_> = table.rows.iter().map(|row| format!("{:?}", row[1])).collect();
    assert!(standings[0].contains("standing.not_achieved"), "{standings:?}");
    assert!(standings[1].contains("standing.achieved"), "{standings:?}");
    let Value::Phrase(first) = &report.pages[0].lead.values[0].1 else {
        panic!("the lead has a first sentence");
    };
    assert_eq!(first.key, "answer.first");
    assert!(keys(first).contains("answer.not_reached") && keys(first).contains("answer.saved"));
    assert!(keys(&report.pages[0].lead).contains("answer.short"));
    let texts: BTreeSet<_> = said(&report.pages[0]).into_iter().flat_map(keys).collect();
    assert!(!texts.contains("answer.register"));
    programme.targets[0].covers = Covers::Register;
    let report = compose(&programme, &metrics, &settled());
    let texts: BTreeSet<_> = said(&report.pages[0]).into_iter().flat_map(keys).collect();
    assert!(texts.contains("answer.register"));
}

/// The unknown is shown by who must act, largest first; past twelve rows the rest is added up.
#[test]
fn the_unknown_is_told_by_cause_and_by_who_must_act() {
    let mut metrics = metrics();
    let unknown = &mut metrics.total.spans.last_mut().expect("a span").unknown;
    for at in 0..20 {
        let weight = UnknownWeight {
            cells: 1,
            spending: kroner(1),
            estimated: Oere::ZERO,
            unweighed: at % 2,
        };
        let who = Actor::Authority(crate::domain::id::AuthorityId::new(&format!("x{at}")));
        unknown.add(Cause::PartOfSpan, who, weight);
    }
    let report = compose(&programme(), &metrics, &ledger());
    let table = tables(&report.pages[0])
        .into_iter()
        .find(|table| table.caption.key == "unknown.caption")
        .expect("the unknown");
    assert_eq!(table.rows.len(), 13);
    let row = |at: usize| format!("{:?}", table.rows[at]);
    assert!(row(0).contains("unknown.no_baseline") && row(0).contains("unknown.programme"));
    assert!(row(1).contains("unknown.not_delivered") && row(1).contains("Østerå Kommune"));
    assert!(matches!(table.rows[12][2], Value::Count(Known::Value(10))), "{}", row(12));
    assert!(matches!(table.rows[12][3], Value::Exact(Known::Value(sum)) if sum == kroner(10)));
}

#[test]
fn a_pejlemaerke_that_is_not_about_money_gets_no_saving_verdict() {
    let report = report();
    let page = page(&report, "pejlemaerke-2");
    assert_eq!(page.lead.key, "mark.lead_not_money");
    let labels: Vec<&str> = key_figures(page).iter().map(|one| one.label.key).collect();
    assert_eq!(
        labels,
        ["mark.key_digital", "mark.key_completion", "mark.key_satisfaction", "mark.key_unmeasured"]
    );
    assert_eq!(figures(page)[0].id, "pejlemaerke-2-digital");
}

#[test]
fn a_saving_is_told_by_its_sign() {
    let cases = [
        (range(9, 7, 5), SavingSign::Saved, "overview.lead_saved"),
        (range(-5, -7, -9), SavingSign::Extra, "overview.lead_extra"),
        (range(9, 7, -5), SavingSign::Open, "overview.lead_open"),
        (range(0, 0, 0), SavingSign::Open, "overview.lead_open"),
    ];
    for (saving, expected, key) in cases {
        assert_eq!(sign(saving), expected);
        let mut programme = programme();
        programme.targets = Vec::new();
        let report = compose(&programme, &with_saving(saving), &ledger());
        assert!(keys(&report.pages[0].lead).contains(key), "{key}");
    }
}

fn with_saving(saving: Range) -> Metrics {
    let mut metrics = metrics();
    let last = metrics.total.spans.last_mut().expect("a span");
    last.compared = last
        .compared
        .map(|compared| crate::metrics::figures::Compared { saving_real: saving, ..compared });
    metrics
}

/// φ differs from service to service, so the declared saving may lie outside the other two.
#[test]
fn the_range_holds_the_declared_saving() {
    assert_eq!(bounds(range(5, 9, 7)), (kroner(5), kroner(9)));
    let mut undeclared = range(5, 0, 7);
    undeclared.declared = None;
    assert_eq!(bounds(undeclared), (kroner(5), kroner(7)));
}

#[test]
fn the_bridge_adds_up_and_leaves_out_what_does_not_exist() {
    let steps_of = |report: &Report| {
        let Chart::Bridge { start, steps, end, .. } = figure(report, "bro-i-alt").chart.clone()
        else {
            panic!("a bridge");
        };
        let number = |bar: &crate::report::document::Bar| bar.value.expect("a number");
        let sum: i64 = steps.iter().map(number).sum();
        (steps.len(), number(&start) + sum == number(&end))
    };
    assert_eq!(steps_of(&report()), (4, true));

    let mut current = metrics();
    let last = current.total.spans.last_mut().expect("a span");
    last.compared = last.compared.map(|mut compared| {
        compared.bridge.efficiency = kroner(-6_138_560);
        compared.bridge.price = Oere::ZERO;
        compared.bridge.absorption = Oere::ZERO;
        compared.saving.declared = None;
        compared
    });
    let mut programme = programme();
    programme.prices = bare().prices;
    let report = compose(&programme, &current, &ledger());
    assert_eq!(steps_of(&report), (2, true));
    let note = keys(&figure(&report, "bro-i-alt").note);
    assert!(note.contains("bridge.note_current") && note.contains("bridge.note_undeclared"));
}

#[test]
fn a_bare_programme_says_what_it_has_not() {
    let report = compose(&bare(), &nothing_compared(), &settled());
    let texts: BTreeSet<&str> =
        report.pages.iter().flat_map(said).map(|phrase| phrase.key).collect();
    for missing in [
        "overview.no_target_text",
        "overview.no_bridge",
        "mark.no_aims",
        "price.current_stated",
        "method.no_assumptions",
        "trust.nothing_refused",
        "overview.key_covered_none",
    ] {
        assert!(texts.contains(missing), "{missing}");
    }
    let lead = keys(&report.pages[0].lead);
    assert!(lead.contains("overview.lead_none") && lead.contains("overview.no_target"));
}

#[test]
fn windows_are_compared_and_never_added() {
    let mut metrics = metrics();
    for (at, figures) in metrics.total.spans.iter_mut().enumerate() {
        let of = ["2011-04/2012-03", "2011-07/2012-06", "2011-10/2012-09"];
        figures.span = of[at % 3].parse().expect("a window");
    }
    let now: Span = metrics.total.spans[4].span;
    metrics.now = Some(now);
    let report = compose(&programme(), &metrics, &ledger());
    let so_far = key_figures(&report.pages[0])[1];
    assert_eq!(so_far.label.key, "overview.key_so_far");
    assert!(matches!(so_far.value, Value::Money(Known::Missing)));
}

#[test]
fn no_figures_at_all_is_a_report_too() {
    let empty = Metrics {
        spans: Vec::new(),
        now: None,
        cells: Vec::new(),
        total: MarkFigures::default(),
        pejlemaerker: Vec::new(),
        targets: Vec::new(),
        services: Vec::new(),
        tables: Vec::new(),
    };
    let report = compose(&programme(), &empty, &settled());
    assert_eq!(report.pages.len(), 6);
    assert_eq!(report.pages[1].lead.key, "mark.lead_none");
}

/// Twelve refused amounts: a refund of 0.2 million, one of 0.2, ten of 0.1; two cannot be read.
#[test]
fn refused_spending_is_the_positive_side_of_the_span() {
    let mut ledger = ledger();
    assert_eq!(refused_spending(&ledger, Some(span(2020))), kroner(1_200_000));
    assert_eq!(refused_spending(&ledger, Some(span(2019))), kroner(100_000), "no period read");
    ledger.quarantine[1].period = Some(Period::Month("2019-03".parse().expect("a month")));
    assert_eq!(refused_spending(&ledger, Some(span(2020))), kroner(1_000_000));
}

#[test]
fn refusals_are_counted_by_authority() {
    let report = report();
    let table = tables(page(&report, "datakvalitet"))
        .into_iter()
        .find(|table| table.caption.key == "quality.refused_by")
        .expect("the table by authority");
    let numbers: Vec<_> = table.rows.iter().map(|row| format!("{:?}", row[1])).collect();
    assert_eq!(numbers, ["Count(Value(2))", "Count(Value(12))"]);
}

#[test]
fn who_is_missing_is_said_by_name() {
    let report = report();
    let missing = said(&report.pages[0])
        .into_iter()
        .find(|phrase| phrase.key == "trust.missing")
        .expect("who is missing is said");
    let Value::Phrase(names) = &missing.values[1].1 else {
        panic!("a list of names");
    };
    let listed: Vec<String> = names.values.iter().map(|(_, name)| format!("{name:?}")).collect();
    assert!(listed[0].contains("Sønderås") && listed[1].contains("Østerå"), "{listed:?}");
}

#[test]
fn coverage_is_counted_by_authority_and_year_most_missing_first() {
    let report = report();
    let table = tables(page(&report, "datakvalitet"))
        .into_iter()
        .find(|table| table.caption.key == "quality.coverage_caption")
        .expect("the coverage table");
    let first = format!("{:?}", table.rows[0]);
    assert!(first.contains("Østerå Kommune"), "{first}");
    let Value::Phrase(counted) = &table.rows[1][4] else {
        panic!("delivered out of awaited");
    };
    assert!(matches!(counted.values[0].1, Value::Count(Known::Value(11))));
    assert!(matches!(counted.values[1].1, Value::Count(Known::Value(12))));
    assert_eq!(table.columns[4].key, "column.delivered_in");
    assert!(matches!(table.columns[4].values[0].1, Value::Span(of) if of == span(2020)));
}

#[test]
fn refused_money_nobody_can_read_is_unknown_and_not_nothing() {
    let mut ledger = ledger();
    ledger.balance.refused_unreadable = ledger.balance.lines.refused;
    ledger.balance.refused_absolute = Oere::ZERO;
    let report = compose(&programme(), &metrics(), &ledger);
    let refused = key_figures(&report.pages[0])[3];
    assert_eq!(refused.label.key, "overview.key_refused");
    assert!(matches!(refused.value, Value::Money(Known::Missing)));
    let by_reason = tables(page(&report, "datakvalitet"))
        .into_iter()
        .find(|table| table.caption.key == "quality.reasons_caption")
        .expect("the table of reasons");
    assert!(matches!(by_reason.rows[0][3], Value::Exact(Known::Missing)));
}
