//! Figures and ledger for the strategy of `fixture`, made by hand.

use crate::contract::line_rule::NotData;
use crate::domain::correction::Corrections;
use crate::domain::delivery::DeliveryId;
use crate::domain::id::{AuthorityId, ContractId, InitiativeId, PejlemaerkeId, ServiceId};
use crate::domain::known::Known;
use crate::domain::period::Period;
use crate::domain::privacy::Shown;
use crate::domain::quarantine::{Fault, Quarantined, Reason};
use crate::domain::share::Share;
use crate::facts::Facts;
use crate::ingest::delivery_account::DeliveryAccount;
use crate::ledger::Ledger;
use crate::ledger::awaited::{Coverage, CoverageState};
use crate::ledger::posting::{Balance, DeliveryPosting, Quantities};
use crate::metrics::figures::{
    Basis, Bridge, Cell, ChainLink, Compared, Comparison, MarkFigures, Mean, Metrics, NoComparison,
    PanelPoint, Range, ServiceUse, ShareFigures, SharePanel, SpanFigures, SpendingPanel, Spent,
    TargetPosition,
};
use crate::metrics::unknown_part::{Actor, Cause, Unknown, UnknownWeight};
use crate::programme::model::TargetReading;
use crate::report::fixture::{kroner, month, span, year};
use std::collections::BTreeMap;

/// A saving under the three assumptions, in kroner.
pub(crate) fn range(none_fixed: i64, declared: i64, all_fixed: i64) -> Range {
    Range {
        none_fixed: kroner(none_fixed),
        declared: Some(kroner(declared)),
        all_fixed: kroner(all_fixed),
    }
}

/// The domain's test vector: 80 to 84 million, 500,000 to 560,000 transactions, φ = 0.3.
fn compared(saving: Range) -> Compared {
    Compared {
        spending_then: kroner(80_000_000),
        spending_now: kroner(84_000_000),
        saving,
        saving_real: saving,
        bridge: Bridge {
            price: kroner(4_488_000),
            volume: kroner(10_138_560),
            absorption: kroner(-3_041_568),
            efficiency: kroner(-7_584_992),
        },
    }
}

fn figures(step: i16, share: i64) -> SpanFigures {
    let wide = i64::from(step);
    let baseline = step == 0;
    let saving = range(2_656_640 * wide / share, 1_896_248 * wide / share, 122_000 * wide / share);
    let index = |each: i64| Known::Value(1_000_000 + each * wide);
    SpanFigures {
        span: span(2016 + step),
        spending: Known::Value(kroner((80_000_000 + 1_000_000 * wide) / share)),
        spending_real: Known::Value(kroner((84_500_000 - 120_000 * wide) / share)),
        compared: if baseline { Known::Missing } else { Known::Value(compared(saving)) },
        partly: Known::Missing,
        basis: Basis {
            compared: if baseline { 0 } else { 4 },
            months: if baseline { 0 } else { 48 },
            partly: u32::from(step == 4),
            months_partly: if step == 4 { 7 } else { 0 },
            is_baseline: if baseline { 6 } else { 0 },
            no_baseline: 2,
            baseline_missing: 0,
            now_missing: 1,
            new_or_closed: 0,
            net_income: 0,
            spending_compared: kroner(84_000_000 / share),
            spending_outside: kroner(12_300_000 / share),
        },
        unknown: unknown(),
        activity_index_ppm: index(28_000),
        input_index_ppm: index(-1_500),
        productivity_ppm: index(30_000),
        chain: ChainLink::default(),
        unit_cost_index_ppm: if baseline { Known::Missing } else { index(-23_000) },
        spending_panel: spending_panel(step, share),
        digital: shares(step, 300, 60),
        completion: shares(step, 800, 10),
        satisfaction: ShareFigures::default(),
        panel_then: (!baseline).then(|| span(2016)),
    }
}

/// One authority whose spending came without its volume, one that was silent.
fn unknown() -> Unknown {
    let mut unknown = Unknown::default();
    let weight = |spending, estimated| UnknownWeight {
        cells: 1,
        spending: kroner(spending),
        estimated: kroner(estimated),
        unweighed: 0,
    };
    let authority = |id: &str| Actor::Authority(AuthorityId::new(id));
    unknown.add(Cause::NoBaseline, Actor::Programme, weight(6_000_000, 0));
    unknown.add(Cause::NotDelivered, authority("0851"), weight(0, 5_000_000));
    unknown
}

/// The mean of three services.
fn mean(thousandths: i64) -> Mean {
    Mean {
        ppm: thousandths * 1_000,
        interval: None,
        services: 3,
        unweighed: 1,
        count: 1_000,
        largest: ServiceId::new("pas"),
        largest_ppm: 640_000,
    }
}

/// Of all who delivered, and ten thousandths above it for the four who delivered then and now.
fn shares(step: i16, first: i64, each: i64) -> ShareFigures {
    let now = first + each * i64::from(step);
    let share = |part| Share::new(part, 1_000).expect("a share");
    let panel = SharePanel {
        means: Some((mean(first + 10), mean(now + 10))),
        counts_then: share(first + 10),
        counts_now: share(now + 10),
        counts_cells: 4,
        cells: 4,
    };
    ShareFigures {
        mean: Known::Value(mean(now)),
        counts: Known::Value(share(now)),
        panel: if step == 0 { Known::Missing } else { Known::Value(panel) },
    }
}

/// A tenth less than all that was delivered.
fn spent(step: i16, share: i64) -> Spent {
    let wide = i64::from(step);
    Spent {
        nominal: kroner((72_000_000 + 900_000 * wide) / share),
        real: kroner((76_050_000 - 108_000 * wide) / share),
    }
}

fn spending_panel(step: i16, share: i64) -> Known<SpendingPanel> {
    let panel = SpendingPanel { then: spent(0, share), now: spent(step, share), cells: 4 };
    if step == 0 { Known::Missing } else { Known::Value(panel) }
}

fn mark(share: i64) -> MarkFigures {
    let point = |step: i16| PanelPoint {
        spending: Known::Value(spent(step, share)),
        digital: Known::Value(mean(310 + 60 * i64::from(step))),
        completion: Known::Value(mean(810 + 10 * i64::from(step))),
        satisfaction: Known::Missing,
    };
    MarkFigures {
        spans: (0..5).map(|step| figures(step, share)).collect(),
        course: (0..5).map(point).collect(),
    }
}

/// 2016 to 2020, five comparisons of eight in 2020.
pub(crate) fn metrics() -> Metrics {
    let position = |reading, reached| TargetPosition {
        target: 0,
        reading,
        reached: Known::Value(reached),
        low: kroner(6_000_000),
        high: kroner(12_000_000),
        unknown_cells: 3,
        compared_cells: 5,
        compared_months: 60,
        unknown: unknown(),
    };
    Metrics {
        spans: (2016..=2020).map(span).collect(),
        now: Some(span(2020)),
        cells: cells(),
        total: mark(1),
        pejlemaerker: vec![
            (PejlemaerkeId::new("1"), mark(1)),
            (PejlemaerkeId::new("2"), mark(2)),
            (PejlemaerkeId::new("3"), MarkFigures::default()),
        ],
        targets: vec![
            position(TargetReading::AnnualRunRate, range(10_100_000, 7_200_000, 480_000)),
            position(TargetReading::Cumulative, range(25_300_000, 18_000_000, 1_200_000)),
        ],
        services: vec![ServiceUse {
            service: ServiceId::new("pas"),
            span: span(2020),
            baseline_spending: Known::Value(kroner(20_000_000)),
            digital: Known::from_option(Share::new(54, 100)),
            completion: Known::Missing,
            satisfaction: Known::from_option(Share::new(810, 1_000)),
            interval: Some((784_517, 833_111)),
        }],
        tables: Vec::new(),
    }
}

fn cells() -> Vec<Cell> {
    let saving = range(2_656_640, 1_896_248, 122_000);
    let comparison = |months| Comparison {
        baseline: span(2016),
        months,
        months_in_span: 12,
        spending_then: kroner(20_000_000),
        spending_now: kroner(21_000_000),
        volume_then: 125_000,
        volume_now: 140_000,
        saving,
        saving_real: saving,
        bridge: Bridge::default(),
    };
    let cell = |authority: &str, service: &str, initiative: &str, comparison| Cell {
        authority: AuthorityId::new(authority),
        service: ServiceId::new(service),
        initiative: Some(InitiativeId::new(initiative)),
        span: span(2020),
        spending: Known::Value(kroner(21_000_000)),
        spending_real: Known::Value(kroner(21_000_000)),
        volume: Known::Value(140_000),
        comparison,
        unknown: None,
    };
    let mut silent = cell("0851", "pas", "2.1", Err(NoComparison::NowMissing));
    silent.spending = Known::Missing;
    silent.volume = Known::Missing;
    vec![
        cell("0101", "byggesag", "2.1", Err(NoComparison::NoBaseline)),
        cell("0101", "flytning", "1.1", Ok(comparison(12))),
        cell("0101", "pas", "2.1", Ok(comparison(12))),
        cell("0751", "byggesag", "2.1", Err(NoComparison::NoBaseline)),
        cell("0751", "flytning", "1.1", Ok(comparison(12))),
        cell("0751", "pas", "2.1", Ok(comparison(7))),
        cell("0851", "flytning", "1.1", Ok(comparison(12))),
        silent,
    ]
}

fn balance() -> Balance {
    Balance {
        lines: Quantities { read: 1_234, posted: 1_200, superseded: 20, refused: 14 },
        oere: Quantities {
            read: kroner(410_000_000),
            posted: kroner(400_000_000),
            superseded: kroner(9_000_000),
            refused: kroner(1_000_000),
        },
        refused_unreadable: 2,
        refused_absolute: kroner(1_400_000),
    }
}

/// Three deliveries, 14 refused lines, one authority that has not delivered.
pub(crate) fn ledger() -> Ledger {
    let posting = |id: u32, name: &str, balance: Balance| DeliveryPosting {
        account: DeliveryAccount {
            id: DeliveryId(id),
            name: name.to_owned(),
            contract: Some(ContractId::new("regnskab")),
            version: 1,
            bytes: 4096,
            blake3: "3f".repeat(32),
            content: String::new(),
            open_end: false,
            other_sheets: None,
            repeated: None,
            rounded: crate::validate::rounded::Rounded::default(),
            encoding: "utf-8".to_owned(),
            lines_read: balance.lines.read,
            lines_accepted: balance.lines.posted + balance.lines.superseded,
            lines_refused: balance.lines.refused,
            lines_corrected: 0,
            lines_not_data: 1,
            not_data: BTreeMap::from([(NotData::Header, 1)]),
            accepted: balance.oere.posted,
            refused: balance.oere.refused,
            refused_unreadable: balance.refused_unreadable,
            rejected: false,
        },
        balance,
    };
    let mut cells = BTreeMap::new();
    for (authority, lacks) in [("0101", 0), ("0751", 1), ("0851", 12)] {
        for month in year(2020).months() {
            let state = if month.number() > 12 - lacks {
                CoverageState::Missing
            } else {
                CoverageState::Delivered
            };
            let key =
                (ContractId::new("regnskab"), AuthorityId::new(authority), Period::Month(month));
            cells.insert(key, state);
        }
    }
    Ledger {
        posted: Facts::default(),
        superseded: Facts::default(),
        quarantine: refused(),
        corrections: Corrections::default(),
        previous: None,
        again: Vec::new(),
        notices: Vec::new(),
        deliveries: vec![
            posting(0, "nordby-2020-01.csv", balance()),
            posting(1, "=sønderås-<b>2020</b>-01.csv", Balance::default()),
        ],
        balance: balance(),
        coverage: Coverage { cells, ..Coverage::default() },
        vat: Vec::new(),
        as_of: month("2020-12"),
    }
}

fn refused() -> Vec<Quarantined> {
    let line = |line: u32, reason: Reason, amount: Option<i64>| Quarantined {
        delivery: DeliveryId(0),
        line: Some(line),
        fault: Fault { column: Some("cost_kr".into()), reason },
        also: Box::default(),
        authority: (line < 40).then(|| AuthorityId::new("0751")),
        period: (line != 13).then(|| Period::Month(month("2020-03"))),
        amount: Known::from_option(amount.map(kroner)),
    };
    let found = || Shown::from("1.2.34");
    let mut all: Vec<Quarantined> = (0..12)
        .map(|at| line(2 + at, Reason::UnknownService { found: found() }, Some(100_000)))
        .collect();
    all[0].amount = Known::Value(kroner(-200_000));
    all[1].amount = Known::Value(kroner(200_000));
    all.push(line(40, Reason::NotAnAmount { found: found() }, None));
    all.push(line(41, Reason::NotAnAmount { found: found() }, None));
    all
}

/// Figures where nothing could be compared.
pub(crate) fn nothing_compared() -> Metrics {
    let mut metrics = metrics();
    metrics.now = None;
    metrics.targets = Vec::new();
    let all =
        metrics.pejlemaerker.iter_mut().map(|(_, figures)| figures).chain([&mut metrics.total]);
    for figures in all.flat_map(|figures| &mut figures.spans) {
        figures.compared = Known::Missing;
        figures.unit_cost_index_ppm = Known::Missing;
        figures.digital.panel = Known::Missing;
        figures.completion.panel = Known::Missing;
        figures.spending_panel = Known::Missing;
    }
    for cell in &mut metrics.cells {
        cell.comparison = Err(NoComparison::NoBaseline);
    }
    metrics
}

/// A ledger that leaves nothing open.
pub(crate) fn settled() -> Ledger {
    let mut ledger = ledger();
    ledger.quarantine = Vec::new();
    ledger.coverage = Coverage::default();
    ledger.balance = Balance {
        lines: Quantities { read: 10, posted: 10, ..Quantities::default() },
        ..Balance::default()
    };
    ledger
}
