//! "Can I trust the numbers?": the balance, who is missing, what refused lines could hide, prices.

use crate::domain::id::AuthorityId;
use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::period::Span;
use crate::domain::quarantine::Quarantined;
use crate::ledger::Ledger;
use crate::ledger::awaited::CoverageState;
use crate::ledger::notices::by_code;
use crate::ledger::posting::Balance;
use crate::metrics::figures::Metrics;
use crate::programme::model::Programme;
use crate::report::document::{Block, Phrase, Table, Value};
use crate::report::{phrase, price};
use std::collections::BTreeSet;

/// Names listed before the rest are only counted.
const NAMES: usize = 12;

/// The box on page one.
pub(crate) fn blocks(programme: &Programme, metrics: &Metrics, ledger: &Ledger) -> Vec<Block> {
    let mut points = vec![awaited(programme, metrics, ledger), refused(ledger, metrics.now)];
    let rejected = ledger.rejected();
    if rejected > 0 {
        points.push(Phrase::new("trust.rejected").with("deliveries", phrase::deliveries(rejected)));
    }
    points.extend(notices(ledger));
    if programme.synthetic {
        points.push(Phrase::new("trust.synthetic"));
    }
    points.push(price::stated(programme));
    points.extend(price::borrowed(programme));
    points.push(Phrase::new("trust.as_of").with("month", Value::Month(ledger.as_of)));
    vec![
        Block::Heading(Phrase::new("trust.heading")),
        Block::Notice(balance_sentence(&ledger.balance)),
        Block::List(points),
        Block::Table(balance_table(&ledger.balance)),
    ]
}

/// Whether every line read is accounted for.
pub(crate) fn balances(balance: &Balance) -> bool {
    let lines = &balance.lines;
    let amounts = &balance.oere;
    let counted = u64::from(lines.posted) + u64::from(lines.superseded) + u64::from(lines.refused);
    let parts = [amounts.posted, amounts.superseded, amounts.refused];
    u64::from(lines.read) == counted && amounts.read == Oere::sum(parts)
}

/// The balance as a sentence.
pub(crate) fn balance_sentence(balance: &Balance) -> Phrase {
    let key = if balances(balance) { "trust.balances" } else { "trust.does_not_balance" };
    Phrase::new(key)
        .with("read", phrase::lines(balance.lines.read))
        .with("posted", phrase::count(balance.lines.posted))
        .with("superseded", phrase::count(balance.lines.superseded))
        .with("refused", phrase::count(balance.lines.refused))
}

/// read = posted + superseded + refused, in lines and in kroner.
pub(crate) fn balance_table(balance: &Balance) -> Table {
    let lines = &balance.lines;
    let amounts = &balance.oere;
    Table {
        caption: Phrase::new("trust.balance_caption"),
        columns: phrase::columns(&[
            "column.what",
            "column.read",
            "column.posted",
            "column.superseded",
            "column.refused",
        ]),
        rows: vec![
            vec![
                phrase::word("trust.row_lines"),
                phrase::count(lines.read),
                phrase::count(lines.posted),
                phrase::count(lines.superseded),
                phrase::count(lines.refused),
            ],
            vec![
                phrase::word("trust.row_amount"),
                phrase::exact(amounts.read),
                phrase::exact(amounts.posted),
                phrase::exact(amounts.superseded),
                phrase::exact(amounts.refused),
            ],
        ],
    }
}

/// How many notices there are, and what they stand on; those of sums moved by a power of ten apart,
/// for a saving that rests on one is that much too large or too small.
fn notices(ledger: &Ledger) -> Vec<Phrase> {
    if ledger.notices.is_empty() {
        return Vec::new();
    }
    let codes = by_code(&ledger.notices);
    let amounts = codes.values().map(|(_, _, amount)| amount.get());
    let amount = Oere::new(amounts.fold(0, i64::saturating_add));
    let mut said = vec![
        Phrase::new("trust.notices")
            .with("notices", phrase::count(ledger.notices.len()))
            .with("amount", phrase::money(amount)),
    ];
    said.extend(codes.get("N009").map(|(count, _, amount)| {
        Phrase::new("trust.power_of_ten")
            .with("notices", phrase::count(*count))
            .with("amount", phrase::money(*amount))
    }));
    said
}

/// That what is said may rest on a sum moved by a power of ten; nothing where there is none.
pub(crate) fn moved(ledger: &Ledger) -> Option<Phrase> {
    let codes = by_code(&ledger.notices);
    ["N009", "N020"].iter().any(|code| codes.contains_key(code)).then(|| Phrase::new("trust.moved"))
}

/// Who has not delivered for the span page one speaks of, by name.
fn awaited(programme: &Programme, metrics: &Metrics, ledger: &Ledger) -> Phrase {
    if ledger.coverage.cells.is_empty() {
        return Phrase::new("trust.none_awaited");
    }
    let missing = missing_in(ledger, metrics.now);
    if missing.is_empty() {
        return Phrase::new("trust.all_came").with("span", phrase::span(metrics.now));
    }
    let names: Vec<&str> = missing.iter().map(|id| phrase::authority(programme, id)).collect();
    Phrase::new("trust.missing")
        .with("span", phrase::span(metrics.now))
        .with("names", phrase::listing(&names, NAMES))
}

/// Authorities with something awaited in the span (or ever) that did not come or was refused whole.
fn missing_in(ledger: &Ledger, span: Option<Span>) -> BTreeSet<&AuthorityId> {
    ledger
        .coverage
        .cells
        .iter()
        .filter(|((_, _, period), state)| {
            **state != CoverageState::Delivered && span.is_none_or(|span| period.span() == span)
        })
        .map(|((_, authority, _), _)| authority)
        .collect()
}

/// Refused spending of the span, refunds left aside: what its spending lacks at most.
///
/// Lines whose period cannot be read count too, for they may belong here.
pub(crate) fn refused_spending(ledger: &Ledger, span: Option<Span>) -> Oere {
    let here = |line: &&Quarantined| {
        span.is_none_or(|span| line.period.is_none_or(|period| period.span() == span))
    };
    let amounts = ledger.quarantine.iter().filter(here).filter_map(|line| line.amount.value());
    Oere::sum(amounts.filter(|amount| *amount > Oere::ZERO))
}

/// Readable money on refused lines, without signs; `Missing` when something is refused and nothing
/// of it can be read.
pub(crate) fn at_stake(balance: &Balance) -> Known<Oere> {
    let refused = balance.lines.refused;
    if refused > 0 && balance.refused_unreadable >= refused {
        Known::Missing
    } else {
        Known::Value(balance.refused_absolute)
    }
}

fn refused(ledger: &Ledger, span: Option<Span>) -> Phrase {
    let balance = &ledger.balance;
    if balance.lines.refused == 0 {
        return Phrase::new("trust.nothing_refused");
    }
    if at_stake(balance) == Known::Missing {
        return Phrase::new("trust.refused_all_unreadable")
            .with("lines", phrase::lines(balance.lines.refused));
    }
    let key =
        if balance.refused_unreadable == 0 { "trust.refused" } else { "trust.refused_unreadable" };
    Phrase::new(key)
        .with("amount", phrase::money(refused_spending(ledger, span)))
        .with("span", phrase::span(span))
        .with("lines", phrase::lines(balance.lines.refused))
        .with("unreadable", phrase::lines(balance.refused_unreadable))
}
