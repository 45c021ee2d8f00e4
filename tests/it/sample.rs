//! The committed sample against its answers, which come from arithmetic of its own.

use crate::real::read_pipeline;
use gevinst::testing::domain::{AuthorityId, Known, Measure, Oere, Reason};
use gevinst::testing::ledger::{CoverageState, Ledger};
use gevinst::testing::metrics;
use gevinst::testing::metrics::{Metrics, Range};
use gevinst::testing::programme::Programme;
use gevinst::testing::sample::{Size, make};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

const PIPELINE: &str = "faellesoffentlig-2016-2020";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data")
}

fn answers() -> Table {
    let text = std::fs::read_to_string(folder().join("answers.toml")).expect("the answers");
    text.parse().expect("the answers are TOML")
}

fn posted() -> (Programme, Ledger) {
    crate::real::post(PIPELINE, &folder())
}

fn computed() -> (Ledger, Metrics) {
    let (programme, ledger) = posted();
    let metrics = metrics::compute(&programme, &ledger);
    (ledger, metrics)
}

fn number(table: &Value, key: &str) -> i64 {
    table[key].as_integer().unwrap_or_else(|| panic!("{key} is a whole number"))
}

fn numbers(table: &Value) -> BTreeMap<String, i64> {
    let entries = table.as_table().expect("a table");
    entries.iter().map(|(key, value)| (key.clone(), value.as_integer().expect("whole"))).collect()
}

#[test]
fn the_committed_sample_is_what_the_generator_makes() {
    let (programme, _) = read_pipeline(PIPELINE);
    let made = make(&programme, &Size::default());
    for (name, bytes) in &made.files {
        let committed = std::fs::read(folder().join(name)).expect(name);
        assert!(&committed == bytes, "{name} differs; `gevinst sample` renews it");
    }
    let size: usize = made.files.values().map(Vec::len).sum();
    assert!(size < 3_000_000, "{size} bytes are too many to commit");
}

#[test]
fn every_line_and_every_oere_is_where_the_answers_say() {
    let (_, ledger) = posted();
    let answers = answers();
    let totals = &answers["totals"];
    let balance = &ledger.balance;
    let lines = balance.lines;
    assert_eq!(i64::from(lines.read), number(totals, "lines_read"));
    assert_eq!(i64::from(lines.posted), number(totals, "lines_posted"));
    assert_eq!(i64::from(lines.superseded), number(totals, "lines_superseded"));
    assert_eq!(i64::from(lines.refused), number(totals, "lines_refused"));
    assert_eq!(balance.oere.read.get(), number(totals, "oere_read"));
    assert_eq!(balance.oere.posted.get(), number(totals, "oere_posted"));
    assert_eq!(balance.oere.superseded.get(), number(totals, "oere_superseded"));
    assert_eq!(balance.oere.refused.get(), number(totals, "oere_refused"));
    assert_eq!(i64::from(balance.refused_unreadable), number(totals, "refused_unreadable"));
    let rejected = ledger.deliveries.iter().filter(|each| each.account.rejected).count();
    assert_eq!(i64::try_from(rejected).ok(), totals["files_rejected"].as_integer());
}

#[test]
fn every_reason_is_provoked_and_counted_on_the_lines_the_answers_name() {
    let (_, ledger) = posted();
    let answers = answers();
    let mut codes: BTreeMap<String, i64> = BTreeMap::new();
    let mut places: BTreeMap<(String, String), Vec<i64>> = BTreeMap::new();
    for refused in &ledger.quarantine {
        let code = refused.fault.reason.code().to_owned();
        *codes.entry(code.clone()).or_default() += 1;
        let at = refused.delivery.place();
        let name = ledger.deliveries[at].account.name.clone();
        if let Some(line) = refused.line {
            places.entry((name, code)).or_default().push(i64::from(line));
        }
    }
    assert_eq!(codes, numbers(&answers["codes"]));
    // No contract of the programme declares identifiers or control totals, or looks for a header,
    // no file of the sample is packed or cannot be read, and none is sent twice without a word on
    // which is the later.
    let undeclared = [
        "Q009", "Q010", "Q011", "Q012", "Q013", "Q014", "Q015", "Q016", "Q017", "Q108", "Q109",
        "Q110", "Q111", "Q112", "Q113", "Q114", "Q115", "Q205", "Q206", "Q207", "Q501", "Q502",
        "Q503", "Q504", "Q505", "Q506",
    ];
    let mut planted = Reason::CODES.iter().filter(|code| !undeclared.contains(code));
    assert!(planted.all(|code| codes.contains_key(*code)));
    let mut expected = BTreeMap::new();
    for (name, file) in answers["files"].as_table().expect("files") {
        for (code, lines) in file.get("lines").and_then(Value::as_table).into_iter().flatten() {
            let lines = lines.as_array().expect("lines");
            let lines = lines.iter().map(|line| line.as_integer().expect("a line")).collect();
            expected.insert((name.clone(), code.clone()), lines);
        }
    }
    assert_eq!(places, expected);
}

#[test]
fn posted_money_equals_the_answers_by_authority_and_by_period() {
    let (_, ledger) = posted();
    let answers = answers();
    let mut authorities: BTreeMap<String, i64> = BTreeMap::new();
    let mut periods: BTreeMap<String, i64> = BTreeMap::new();
    for fact in ledger.posted.iter().filter(|fact| fact.measures.amount().is_some()) {
        let amount = fact.measures.get(Measure::Amount).sum;
        *authorities.entry(fact.key.authority.to_string()).or_default() += amount;
        *periods.entry(fact.key.period.to_string()).or_default() += amount;
    }
    assert_eq!(authorities, numbers(&answers["posted"]["authorities"]));
    assert_eq!(periods, numbers(&answers["posted"]["periods"]));
}

#[test]
fn the_authority_that_delivered_nothing_is_missing_every_month() {
    let (_, ledger) = posted();
    for missing in answers()["missing"]["authorities"].as_array().expect("ids") {
        let id = AuthorityId::new(missing.as_str().expect("an id"));
        let own = || ledger.coverage.cells.iter().filter(|((_, authority, _), _)| *authority == id);
        assert_eq!(own().count(), 120, "two kinds, sixty months");
        assert!(own().all(|(_, state)| *state == CoverageState::Missing));
    }
}

#[test]
fn every_cell_and_every_saving_equals_the_answers_to_the_oere() {
    let (_, metrics) = computed();
    let answers = answers();
    let mut cells = BTreeMap::new();
    let mut savings = BTreeMap::new();
    for cell in &metrics.cells {
        let key = (cell.authority.to_string(), cell.service.to_string(), cell.span.to_string());
        if let (Known::Value(spending), Known::Value(volume)) = (cell.spending, cell.volume) {
            cells.insert(key.clone(), (spending.get(), volume));
        }
        if let Ok(found) = &cell.comparison {
            savings.insert(key, (i64::from(found.months), found.saving));
        }
    }
    let key = |row: &Value| {
        let text = |name: &str| row[name].as_str().expect("an id").to_owned();
        (text("authority"), text("service"), number(row, "year").to_string())
    };
    let rows = |section: &str| answers[section]["rows"].as_array().expect("rows").clone();
    let expected: BTreeMap<_, _> = rows("cells")
        .iter()
        .filter(|row| row.get("oere").is_some() && row.get("completed").is_some())
        .map(|row| (key(row), (number(row, "oere"), number(row, "completed"))))
        .collect();
    assert_eq!(cells, expected);
    let expected: BTreeMap<_, _> =
        rows("savings").iter().map(|row| (key(row), (number(row, "months"), range(row)))).collect();
    assert_eq!(savings, expected);
}

#[test]
fn the_savings_the_unknown_and_the_digital_share_of_each_year_equal_the_answers() {
    let (_, metrics) = computed();
    let answers = answers();
    let years = answers["savings"]["years"].as_table().expect("years");
    assert_eq!(years.len(), 4);
    for figures in &metrics.total.spans {
        let year = figures.span.to_string();
        let expected = years.get(&year).map(range);
        assert_eq!(figures.compared.value().map(|sums| sums.saving), expected, "{year}");
        if let Some(counted) = answers["comparisons"].get(year.as_str()) {
            let all = figures.basis.compared + figures.basis.unknown();
            assert_eq!(i64::from(all), number(counted, "all"), "{year}");
            assert_eq!(i64::from(figures.basis.unknown()), number(counted, "unknown"), "{year}");
        }
        let digital = &answers["digital"][year.as_str()];
        let share = figures.digital.counts.value().expect("usage is delivered every year");
        assert_eq!(share.numerator, number(digital, "digital"), "{year}");
        assert_eq!(share.denominator, number(digital, "completed"), "{year}");
    }
}

#[test]
fn the_panels_the_means_and_their_intervals_equal_the_answers() {
    let (_, metrics) = computed();
    let answers = answers();
    let years = answers["panels"].as_table().expect("years");
    assert_eq!(years.len(), 4);
    let marks = metrics.pejlemaerker.iter().map(|(id, figures)| (id.to_string(), figures));
    let marks: Vec<_> =
        std::iter::once(("total".to_owned(), &metrics.total)).chain(marks).collect();
    assert_eq!(marks.len(), 4);
    for (year, expected) in years {
        let at = year.parse().expect("a year");
        let spending = metrics.total.at(at).and_then(|figures| figures.spending_panel.value());
        let spending = spending.expect("someone delivered both");
        assert_eq!(spending.then.nominal.get(), number(expected, "oere_then"), "{year}");
        assert_eq!(spending.now.nominal.get(), number(expected, "oere_now"), "{year}");
        assert_eq!(i64::from(spending.cells), number(expected, "spenders"), "{year}");
        for (mark, figures) in &marks {
            let figures = figures.at(at).expect("figures of the year");
            let panel = figures.digital.panel.clone().value().expect("a panel");
            if mark == "total" {
                assert_eq!(i64::from(panel.cells), number(expected, "users"), "{year}");
            }
            let (then, now) = panel.means.expect("means");
            let digital = &expected["digital"][mark.as_str()];
            assert_eq!(then.ppm, number(digital, "then"), "{mark} {year}");
            assert_eq!(now.ppm, number(digital, "now"), "{mark} {year}");
            let mean = figures.satisfaction.mean.clone().value().expect("answers");
            let satisfied = &expected["satisfied"][mark.as_str()];
            let ends = (number(satisfied, "low"), number(satisfied, "high"));
            assert_eq!(mean.ppm, number(satisfied, "mean"), "{mark} {year}");
            assert_eq!(mean.interval, Some(ends), "{mark} {year}");
        }
    }
}

fn range(row: &Value) -> Range {
    Range {
        none_fixed: Oere::new(number(row, "none_fixed")),
        declared: row.get("declared").and_then(Value::as_integer).map(Oere::new),
        all_fixed: Oere::new(number(row, "all_fixed")),
    }
}
