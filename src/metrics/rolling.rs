//! Rolling years that overlap, with a service missing in the middle: like for like, or not at all.

use crate::domain::known::Known;
use crate::domain::measure::Measure::{Amount, Completed, Digital};
use crate::domain::share::Share;
use crate::metrics::data_table::Column;
use crate::metrics::figures::Metrics;
use crate::metrics::fixture::{ProgrammeFixture, month, span, total};

fn saving(metrics: &Metrics, at: &str) -> Option<i64> {
    let compared = total(metrics, at).compared.value()?;
    Some(compared.saving.none_fixed.get())
}

fn share(numerator: i64, denominator: i64) -> Known<Share> {
    Known::Value(Share { numerator, denominator })
}

/// Rolling years that overlap, spending derived from volume and unit cost, as a public explorer of
/// transactions gives them.
fn rolling_years() -> ProgrammeFixture {
    let windows = ["2011-04/2012-03", "2012-01/2012-12", "2012-04/2013-03"];
    let mut fixture = ProgrammeFixture::new()
        .initiative("1.1", &[("a", 100)])
        .service("tax", "1.1", Some(windows[0]), None)
        .service("fee", "1.1", Some(windows[0]), None);
    fixture.programme.first = month("2011-04");
    fixture.programme.last = month("2013-03");
    fixture.as_of = month("2013-03");
    let tax = [(536, 1_000, Some(800)), (540, 1_010, None), (572, 990, Some(900))];
    for (at, (unit_cost, done, digital)) in windows.into_iter().zip(tax) {
        let mut values = vec![(Amount, unit_cost * done), (Completed, done)];
        values.extend(digital.map(|count| (Digital, count)));
        fixture = fixture.line("HMRC", at, "tax", &values);
    }
    // The dear service is missing in the middle.
    for (at, unit_cost) in [(windows[0], 90_000), (windows[2], 81_000)] {
        let values = [(Amount, unit_cost * 10), (Completed, 10)];
        fixture = fixture.line("DfT", at, "fee", &values);
    }
    fixture
}

#[test]
fn overlapping_rolling_years_are_compared_like_for_like() {
    let metrics = rolling_years().compute();
    let windows = ["2011-04/2012-03", "2012-01/2012-12", "2012-04/2013-03"];
    assert_eq!(metrics.spans, windows.map(span));
    assert_eq!(metrics.now, Some(span(windows[2])));
    let middle = total(&metrics, windows[1]);
    // Only the cheap one is compared: (536 - 540) * 1,010. The missing one saves nothing.
    assert_eq!(saving(&metrics, windows[1]), Some(-4_040));
    assert_eq!((middle.basis.compared, middle.basis.now_missing), (1, 1));
    assert_eq!(middle.unit_cost_index_ppm, Known::Value(1_007_463));
    // (536 - 572) * 990 + (90,000 - 81,000) * 10.
    assert_eq!(saving(&metrics, windows[2]), Some(54_360));
    assert_eq!(middle.digital.counts, Known::Missing);
    assert_eq!(middle.digital.panel, Known::Missing);
    let last = total(&metrics, windows[2]);
    let panel = last.digital.panel.clone().value().expect("one service in both");
    assert_eq!(Known::Value(panel.counts_then), share(800, 1_000));
    assert_eq!(Known::Value(panel.counts_now), share(900, 990));
    // The chain goes through the cheap service alone: 1,010 / 1,000, then 990 / 1,010.
    assert_eq!(middle.activity_index_ppm, Known::Value(1_010_000));
    assert_eq!(last.activity_index_ppm, Known::Value(990_000));
}

#[test]
fn tables_hold_a_row_a_cell_a_mark_and_a_reading() {
    let metrics = rolling_years().target(2012, 2013, 1, 2).compute();
    let shape: Vec<_> =
        metrics.tables.iter().map(|table| (table.name.as_str(), table.rows())).collect();
    // Two services and total and one mark over three windows: the gap has a row.
    assert_eq!(shape, [("cells", 6), ("marks", 6), ("services", 6), ("targets", 2)]);
    let column = |name: &str| metrics.tables[0].columns.iter().find(|column| column.name() == name);
    let Some(Column::Text { values: states, .. }) = column("state") else { panic!("a text") };
    let expected = ["is_baseline", "now_missing", "compared"];
    assert_eq!(states[..3], expected.map(|state| Some(state.to_owned())));
    let Some(Column::Int { values: saved, .. }) = column("saving_oere_phi0") else {
        panic!("whole numbers")
    };
    assert_eq!(saved, &[None, None, Some(90_000), None, Some(-4_040), Some(-35_640)]);
}
