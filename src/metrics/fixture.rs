//! A small programme and ledger to test on: one call a promise, one call a delivered line.

use crate::domain::authority::Sector;
use crate::domain::correction::{Corrections, Correctors};
use crate::domain::delivery::DeliveryId;
use crate::domain::id::{AuthorityId, InitiativeId, PejlemaerkeId, ServiceId};
use crate::domain::language::{Language, Names};
use crate::domain::measure::Measure;
use crate::domain::money::Oere;
use crate::domain::period::{Month, Period, Span, Year};
use crate::facts::Facts;
use crate::facts::fact::About;
use crate::facts::sums::Sums;
use crate::ledger::Ledger;
use crate::ledger::awaited::Coverage;
use crate::ledger::posting::Balance;
use crate::metrics::exact::whole;
use crate::metrics::figures::{Cell, Metrics, SpanFigures};
use crate::programme::model::{
    Authority, CostType, Covers, Currency, FixedShare, Initiative, Limits, NotWorse, Pejlemaerke,
    Prices, Programme, Register, Service, Target, TargetBasis, TargetReading, Weight,
};
use std::collections::{BTreeMap, BTreeSet};

/// A programme of 2016-2020 and the facts delivered to it.
#[derive(Clone)]
pub(crate) struct ProgrammeFixture {
    pub(crate) programme: Programme,
    pub(crate) facts: Vec<(About, Period, Sums)>,
    pub(crate) as_of: Month,
}

impl ProgrammeFixture {
    /// Current prices, pejlemærker `a`, `b` and `c`, no authority, no service, seen from end 2020.
    pub(crate) fn new() -> ProgrammeFixture {
        let marks = ["a", "b", "c"].map(|id| Pejlemaerke {
            id: PejlemaerkeId::new(id),
            name: Names::same(id),
            sub_aims: Vec::new(),
            source: String::new(),
            spending: true,
        });
        let programme = Programme {
            id: "desk".to_owned(),
            name: Names::same("Desk"),
            first: month("2016-01"),
            last: month("2020-12"),
            languages: Language::ALL.to_vec(),
            currency: Currency { code: "DKK".to_owned(), unit: Names::same("kr.") },
            deliveries: String::new(),
            synthetic: true,
            limits: Limits {
                refused_lines_ppm: 0,
                refused_oere: None,
                refused_deliveries: 0,
                not_worse: NotWorse::default(),
                superseded_oere: None,
                notices: std::collections::BTreeMap::new(),
            },
            corrections: Correctors::default(),
            authorities: closed(),
            pejlemaerker: marks.to_vec(),
            themes: Vec::new(),
            initiatives: BTreeMap::new(),
            services: closed(),
            service_defaults: None,
            prices: Prices::Current { source: String::new() },
            targets: Vec::new(),
            assumptions: Vec::new(),
        };
        ProgrammeFixture { programme, facts: Vec::new(), as_of: month("2020-12") }
    }

    /// An initiative and its weights in hundredths.
    pub(crate) fn initiative(mut self, id: &str, weights: &[(&str, i64)]) -> ProgrammeFixture {
        let weight = |(mark, hundredths): &(&str, i64)| {
            let weight = Weight {
                share: whole(*hundredths) / whole(100),
                source: String::new(),
                date: "2016-05-12".to_owned(),
            };
            (PejlemaerkeId::new(mark), weight)
        };
        let initiative = Initiative {
            id: InitiativeId::new(id),
            title: Names::same(id),
            verified: false,
            owner: String::new(),
            theme: None,
            weights: weights.iter().map(weight).collect(),
            source: String::new(),
        };
        let id = initiative.id.clone();
        self.programme.initiatives.insert(id, initiative);
        self
    }

    /// A service under an initiative, with its baseline and φ in hundredths.
    pub(crate) fn service(
        mut self,
        id: &str,
        initiative: &str,
        baseline: Option<&str>,
        fixed: Option<i64>,
    ) -> ProgrammeFixture {
        let service = Service {
            id: ServiceId::new(id),
            name: Names::same(id),
            initiative: InitiativeId::new(initiative),
            baseline: baseline.map(span),
            fixed_share: fixed.map(|hundredths| FixedShare {
                share: whole(hundredths) / whole(100),
                source: String::new(),
            }),
            cost_type: CostType::General,
            awaited_from: BTreeSet::new(),
        };
        let entries = &mut self.programme.services.entries;
        entries.insert(service.id.clone(), service);
        self
    }

    /// Prices by year, with real figures in the prices of `level`.
    pub(crate) fn prices(mut self, level: i16, index: &[(i16, i64)]) -> ProgrammeFixture {
        self.programme.prices = indexed(level, index);
        self
    }

    /// A target in both readings, in øre.
    pub(crate) fn target(mut self, from: i16, due: i16, low: i64, high: i64) -> ProgrammeFixture {
        self.programme.targets.push(Target {
            name: Names::same("target"),
            low: Oere::new(low),
            high: Oere::new(high),
            readings: vec![TargetReading::AnnualRunRate, TargetReading::Cumulative],
            due: year(due),
            from: year(from),
            price_level: year(due),
            price_level_assumed: true,
            basis: TargetBasis::Unknown,
            covers: Covers::Register,
            most_saved: None,
            status: Names::same("potential"),
            source: String::new(),
        });
        self
    }

    /// One delivered line; an authority not met before is a state authority. `-` is no service.
    pub(crate) fn line(
        mut self,
        authority: &str,
        period: &str,
        service: &str,
        values: &[(Measure, i64)],
    ) -> ProgrammeFixture {
        let mut measures = Sums::default();
        for (measure, value) in values {
            measures.add(*measure, *value);
        }
        let id = AuthorityId::new(authority);
        let entries = &mut self.programme.authorities.entries;
        entries.entry(id.clone()).or_insert_with(|| Authority {
            id: id.clone(),
            name: authority.to_owned(),
            sector: Sector::Stat,
            valid_from: None,
            valid_to: None,
            successor: None,
            expected: true,
        });
        let about = About {
            authority: id,
            service: (service != "-").then(|| ServiceId::new(service)),
            initiative: None,
            account: None,
            channel: None,
        };
        self.facts.push((about, self::period(period), measures));
        self
    }

    /// The last line, naming an initiative of its own.
    pub(crate) fn naming(mut self, initiative: &str) -> ProgrammeFixture {
        let fact = self.facts.last_mut().expect("a line before its initiative");
        fact.0.initiative = Some(InitiativeId::new(initiative));
        self
    }

    /// Spending in øre and completed transactions, the same in each of twelve months.
    pub(crate) fn months(
        self,
        authority: &str,
        at: i16,
        service: &str,
        oere: i64,
        done: i64,
    ) -> ProgrammeFixture {
        let values = [(Measure::Amount, oere), (Measure::Completed, done)];
        (1..=12).fold(self, |fixture, number| {
            fixture.line(authority, &format!("{at}-{number:02}"), service, &values)
        })
    }

    /// Every figure.
    pub(crate) fn compute(&self) -> Metrics {
        let mut posted = Facts::default();
        for (about, period, sums) in &self.facts {
            posted.push(DeliveryId(0), (about, *period), 1, sums);
        }
        let ledger = Ledger {
            posted,
            superseded: Facts::default(),
            quarantine: Vec::new(),
            corrections: Corrections::default(),
            previous: None,
            again: Vec::new(),
            notices: Vec::new(),
            deliveries: Vec::new(),
            balance: Balance::default(),
            coverage: Coverage::default(),
            vat: Vec::new(),
            as_of: self.as_of,
        };
        crate::metrics::compute(&self.programme, &ledger)
    }
}

/// The cell of an authority's service in a span.
pub(crate) fn cell<'a>(metrics: &'a Metrics, authority: &str, service: &str, at: &str) -> &'a Cell {
    let wanted = (authority, service, span(at));
    let key = |cell: &&Cell| (cell.authority.as_str(), cell.service.as_str(), cell.span) == wanted;
    metrics.cells.iter().find(key).expect("a cell")
}

/// The figures of everything in a span.
pub(crate) fn total<'a>(metrics: &'a Metrics, at: &str) -> &'a SpanFigures {
    metrics.total.at(span(at)).expect("figures of the span")
}

/// A state price index, general and exact, by year.
pub(crate) fn indexed(level: i16, index: &[(i16, i64)]) -> Prices {
    let entry = |(at, value): &(i16, i64)| {
        let key = (Sector::Stat, CostType::General, year(*at));
        (key, whole(*value))
    };
    Prices::Indexed {
        level: year(level),
        vintage: "desk".to_owned(),
        index: index.iter().map(entry).collect(),
        borrowed: BTreeMap::new(),
        sources: Vec::new(),
    }
}

/// A year.
pub(crate) fn year(number: i16) -> Year {
    Year::new(number).expect("a year")
}

/// A month, `yyyy-mm`.
pub(crate) fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

/// A span, `yyyy` or `yyyy-mm/yyyy-mm`.
pub(crate) fn span(text: &str) -> Span {
    text.parse().expect("a span")
}

/// A period as data files write it: `2019-03`, `2019-13` or a window.
fn period(text: &str) -> Period {
    if let Some(closing) = text.strip_suffix("-13") {
        return Period::Closing(year(closing.parse().expect("a year")));
    }
    match text.contains('/').then(|| span(text)) {
        Some(Span::Window(window)) => Period::Window(window),
        Some(Span::Year(_)) | None => Period::Month(month(text)),
    }
}

fn closed<Id: Ord, Entry>() -> Register<Id, Entry> {
    Register { open: false, entries: BTreeMap::new() }
}
