//! Method: what is measured and how, on which assumptions and prices, from exactly which files.

use crate::contract::schema::Vat;
use crate::domain::known::Known;
use crate::ledger::Ledger;
use crate::ledger::vat::VatStatement;
use crate::metrics::catalogue::{METRICS, MetricEntry};
use crate::metrics::exact::ppm;
use crate::metrics::figures::Metrics;
use crate::programme::model::{
    CostType, Covers, Prices, Programme, Target, TargetBasis, TargetReading,
};
use crate::report::document::{Block, Page, Phrase, Table, TextKey, Value};
use crate::report::{phrase, price, services};
use num_rational::BigRational;
use num_traits::Zero;

/// Deliveries listed in the receipt on the page; past that the file alone holds them all.
const DELIVERIES: usize = 400;

/// Words the report uses in a sense of its own.
const GLOSSARY: &[(TextKey, TextKey)] = &[
    ("glossary.pejlemaerke", "glossary.pejlemaerke_is"),
    ("glossary.initiative", "glossary.initiative_is"),
    ("glossary.service", "glossary.service_is"),
    ("glossary.authority", "glossary.authority_is"),
    ("glossary.delivery", "glossary.delivery_is"),
    ("glossary.comparison", "glossary.comparison_is"),
    ("glossary.baseline", "glossary.baseline_is"),
    ("glossary.fixed_share", "glossary.fixed_share_is"),
    ("glossary.quarantine", "glossary.quarantine_is"),
    ("glossary.superseded", "glossary.superseded_is"),
    ("glossary.price_level", "glossary.price_level_is"),
];

/// The page on method.
pub(crate) fn page(programme: &Programme, metrics: &Metrics, ledger: &Ledger) -> Page {
    let mut blocks = vec![
        Block::Heading(Phrase::new("method.measured")),
        Block::Text(Phrase::new("method.measured_text")),
        Block::Table(formulas()),
        Block::Table(sources()),
        Block::Heading(Phrase::new("method.assumptions")),
    ];
    blocks.extend(assumptions(programme));
    blocks.push(Block::Heading(Phrase::new("method.prices")));
    blocks.extend(prices(programme));
    blocks.extend(vat(ledger));
    blocks.push(Block::Heading(Phrase::new("method.targets")));
    blocks.extend(targets(programme));
    blocks.push(Block::Heading(Phrase::new("method.states")));
    blocks.push(states());
    blocks.push(Block::Heading(Phrase::new("method.limits")));
    blocks.push(Block::List(limits(metrics)));
    blocks.push(Block::Heading(Phrase::new("method.receipt")));
    blocks.extend(receipt(ledger));
    blocks.push(Block::Heading(Phrase::new("method.accessibility")));
    blocks.push(Block::Text(Phrase::new("method.accessibility_text")));
    blocks.push(Block::Notice(Phrase::new("method.accessibility_statement")));
    blocks.push(Block::Heading(Phrase::new("method.glossary")));
    blocks.push(Block::Table(glossary()));
    Page {
        slug: "metode".to_owned(),
        title: Phrase::new("method.title"),
        lead: Phrase::new("method.lead"),
        blocks,
    }
}

/// What every metric is counted in, and how.
fn formulas() -> Table {
    let row = |metric: &MetricEntry| {
        vec![
            phrase::word(metric.name),
            phrase::verbatim(metric.unit),
            phrase::word(metric.explanation),
            phrase::verbatim(metric.formula),
        ]
    };
    Table {
        caption: Phrase::new("method.metrics_caption"),
        columns: phrase::columns(&[
            "column.measure",
            "column.counted_in",
            "column.how",
            "column.formula",
        ]),
        rows: METRICS.iter().map(row).collect(),
    }
}

/// On whose word every metric is computed so, and since which change.
fn sources() -> Table {
    let row = |metric: &MetricEntry| {
        vec![
            phrase::word(metric.name),
            metric.source.map_or_else(|| phrase::word("metric.own"), phrase::verbatim),
            phrase::verbatim(metric.id),
            phrase::count(metric.version),
        ]
    };
    Table {
        caption: Phrase::new("method.sources_caption"),
        columns: phrase::columns(&[
            "column.measure",
            "column.source",
            "column.metric_id",
            "column.version",
        ]),
        rows: METRICS.iter().map(row).collect(),
    }
}

fn glossary() -> Table {
    Table {
        caption: Phrase::new("method.glossary_caption"),
        columns: phrase::columns(&["column.term", "column.meaning"]),
        rows: GLOSSARY
            .iter()
            .map(|(name, text)| vec![phrase::word(name), phrase::word(text)])
            .collect(),
    }
}

/// What figures rest on that no delivery shows: declared assumptions, and φ a service.
fn assumptions(programme: &Programme) -> Vec<Block> {
    let mut blocks = Vec::new();
    if programme.assumptions.is_empty() {
        blocks.push(Block::Text(Phrase::new("method.no_assumptions")));
    } else {
        let rows = programme
            .assumptions
            .iter()
            .map(|entry| vec![entry.text.clone().into(), phrase::verbatim(&entry.source)])
            .collect();
        blocks.push(Block::Table(Table {
            caption: Phrase::new("method.assumptions_caption"),
            columns: phrase::columns(&["column.assumption", "column.source"]),
            rows,
        }));
    }
    let succeeded: Vec<Phrase> = programme
        .authorities
        .entries
        .values()
        .filter_map(|entry| {
            let to = phrase::authority(programme, entry.successor.as_ref()?);
            let phrase =
                Phrase::new("method.succeeded").with("from", phrase::verbatim(&entry.name));
            Some(phrase.with("to", phrase::verbatim(to)))
        })
        .collect();
    if !succeeded.is_empty() {
        blocks.push(Block::List(succeeded));
    }
    if programme.services.entries.is_empty() {
        return blocks;
    }
    let rows = programme
        .services
        .entries
        .values()
        .map(|service| {
            let (share, source) = match &service.fixed_share {
                Some(fixed) => (services::weight(&fixed.share), phrase::verbatim(&fixed.source)),
                None => (phrase::word("method.not_declared"), Value::Empty),
            };
            vec![
                Value::Name(service.name.clone()),
                service.baseline.map_or_else(|| phrase::word("method.no_baseline"), Value::Span),
                cost_type(service.cost_type).into(),
                share,
                source,
            ]
        })
        .collect();
    blocks.push(Block::Table(Table {
        caption: Phrase::new("method.services_caption"),
        columns: phrase::columns(&[
            "column.service",
            "column.baseline",
            "column.cost_type",
            "column.fixed_share",
            "column.source",
        ]),
        rows,
    }));
    blocks
}

fn cost_type(cost_type: CostType) -> Phrase {
    Phrase::new(match cost_type {
        CostType::General => "cost_type.general",
        CostType::Wages => "cost_type.wages",
        CostType::Prices => "cost_type.prices",
    })
}

fn prices(programme: &Programme) -> Vec<Block> {
    let mut blocks = vec![Block::Text(price::stated(programme))];
    let (level, index, sources) = match &programme.prices {
        Prices::Current { .. } => return blocks,
        Prices::Indexed { level, index, sources, .. } => (level, index, sources),
    };
    let notes = price::borrowed(programme);
    if !notes.is_empty() {
        blocks.push(Block::List(notes));
    }
    let rows = index
        .iter()
        .map(|((sector, kind, year), value)| {
            let base = index.get(&(*sector, *kind, *level));
            vec![
                Phrase::new("method.series")
                    .with("sector", phrase::sector(*sector))
                    .with("kind", cost_type(*kind))
                    .into(),
                phrase::verbatim(year),
                Value::Index(Known::from_option(base.and_then(|base| per_base(value, base)))),
            ]
        })
        .collect();
    blocks.push(Block::Table(Table {
        caption: Phrase::new("method.prices_caption").with("level", phrase::verbatim(level)),
        columns: phrase::columns(&["column.series", "column.year", "column.index"]),
        rows,
    }));
    blocks.push(Block::List(
        sources
            .iter()
            .map(|source| Phrase::new("text.source").with("source", phrase::verbatim(source)))
            .collect(),
    ));
    blocks
}

/// Whether amounts include VAT, as the contracts say: nothing is converted.
fn vat(ledger: &Ledger) -> Option<Block> {
    let row = |said: &VatStatement| {
        let vat = match said.vat {
            Some(Vat::Net) => "vat.net",
            Some(Vat::Gross) => "vat.gross",
            Some(Vat::Unknown) => "vat.unknown",
            None => "vat.unsaid",
        };
        vec![said.title.clone().into(), phrase::verbatim(&said.column), phrase::word(vat)]
    };
    let table = Table {
        caption: Phrase::new("vat.caption"),
        columns: phrase::columns(&["column.contract", "column.amount_column", "column.vat"]),
        rows: ledger.vat.iter().map(row).collect(),
    };
    (!table.rows.is_empty()).then_some(Block::Table(table))
}

/// An index value with the price level's year as 100, in parts per million of 100.
fn per_base(value: &BigRational, base: &BigRational) -> Option<i64> {
    if base.is_zero() { None } else { ppm(&(value / base)) }
}

fn targets(programme: &Programme) -> Vec<Block> {
    if programme.targets.is_empty() {
        return vec![Block::Text(Phrase::new("overview.no_target_text"))];
    }
    let mut blocks = vec![Block::Text(Phrase::new("method.targets_text"))];
    blocks.extend(programme.targets.iter().map(target));
    blocks
}

fn target(target: &Target) -> Block {
    let row = |key: TextKey, value: Value| vec![phrase::word(key), value];
    let readings = target
        .readings
        .iter()
        .map(|reading| {
            Phrase::new(match reading {
                TargetReading::AnnualRunRate => "target.annual",
                TargetReading::Cumulative => "target.cumulative",
            })
            .with("due", phrase::verbatim(target.due))
            .with("from", phrase::verbatim(target.from))
        })
        .map(|reading| row("target.reading", reading.into()));
    let level = Phrase::new(if target.price_level_assumed {
        "target.level_assumed"
    } else {
        "target.level_stated"
    })
    .with("level", phrase::verbatim(target.price_level));
    let basis = match target.basis {
        TargetBasis::Gross => "target.gross",
        TargetBasis::Net => "target.net",
        TargetBasis::Unknown => "target.basis_unknown",
    };
    let covers = match target.covers {
        Covers::All => "target.covers_all",
        Covers::Register => "target.covers_register",
    };
    let most_saved = target.most_saved.as_ref().map_or_else(
        || phrase::word("target.no_most_saved"),
        |most| {
            Phrase::new("target.most_saved_of")
                .with("share", services::weight(&most.share))
                .with("source", phrase::source(&most.source))
                .into()
        },
    );
    let mut rows = vec![
        row("target.low", phrase::exact(target.low)),
        row("target.high", phrase::exact(target.high)),
    ];
    rows.extend(readings);
    rows.extend([
        row("target.due", phrase::verbatim(target.due)),
        row("target.price_level", level.into()),
        row("target.basis", phrase::word(basis)),
        row("target.covers", phrase::word(covers)),
        row("target.most_saved", most_saved),
        row("target.status", target.status.clone().into()),
        row("column.source", phrase::verbatim(&target.source)),
    ]);
    Block::Table(Table {
        caption: Phrase::new("target.object").with("name", target.name.clone()),
        columns: phrase::columns(&["column.property", "column.value"]),
        rows,
    })
}

/// The four states of a figure, each shown as it is written in the tables.
fn states() -> Block {
    let row = |state: Value, text: TextKey| vec![state, phrase::word(text)];
    Block::Table(Table {
        caption: Phrase::new("method.states_caption"),
        columns: phrase::columns(&["column.written", "column.meaning"]),
        rows: vec![
            row(phrase::word("method.state_number"), "method.state_value"),
            row(Value::Count(Known::Missing), "method.state_missing"),
            row(Value::Count(Known::Suppressed), "method.state_suppressed"),
            row(Value::Count(Known::NotApplicable), "method.state_not_applicable"),
        ],
    })
}

/// What the report cannot tell.
fn limits(metrics: &Metrics) -> Vec<Phrase> {
    let mut all: Vec<Phrase> = [
        "method.limit_cause",
        "method.limit_quality",
        "method.limit_time",
        "method.limit_fixed",
        "method.limit_tasks",
        "method.limit_upscaling",
        "method.limit_investment",
        "method.limit_burden",
    ]
    .into_iter()
    .map(Phrase::new)
    .collect();
    if metrics.now.is_none() {
        all.push(Phrase::new("overview.no_figures"));
    }
    all
}

/// Exactly which files the report is made from.
fn receipt(ledger: &Ledger) -> Vec<Block> {
    let mut blocks = vec![Block::Text(
        Phrase::new("method.receipt_text")
            .with("version", phrase::verbatim(env!("CARGO_PKG_VERSION")))
            .with("month", Value::Month(ledger.as_of))
            .with("files", phrase::deliveries(ledger.deliveries.len()))
            .with("lines", phrase::lines(ledger.balance.lines.read)),
    )];
    if ledger.deliveries.len() > DELIVERIES {
        blocks.push(Block::Text(
            Phrase::new("method.receipt_long").with("shown", phrase::count(DELIVERIES)),
        ));
    }
    let rows = ledger
        .deliveries
        .iter()
        .take(DELIVERIES)
        .map(|posting| {
            let account = &posting.account;
            vec![
                phrase::verbatim(account.shown()),
                phrase::count(account.lines_read),
                match &account.contract {
                    Some(contract) => phrase::verbatim(contract),
                    None => phrase::word("method.no_contract"),
                },
                phrase::verbatim(&account.encoding),
                phrase::verbatim(&account.blake3),
            ]
        })
        .collect();
    blocks.push(Block::Table(Table {
        caption: Phrase::new("method.receipt_caption"),
        columns: phrase::columns(&[
            "column.file",
            "column.read",
            "column.contract",
            "column.encoding",
            "column.blake3",
        ]),
        rows,
    }));
    blocks
}
