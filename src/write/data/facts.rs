//! Every fact as a table: posted ones first, then the ones a later delivery replaced.

use crate::domain::measure::Measure;
use crate::domain::number::to_usize;
use crate::domain::period::Period;
use crate::facts::Facts;
use crate::facts::fact::{About, Fact};
use crate::ledger::Ledger;
use crate::metrics::data_table::{Column, DataTable};
use std::borrow::Cow;

/// The name of the table.
pub(super) const NAME: &str = "facts";

/// A column of text: its heading, and its cell of the part of a fact it is about.
pub(super) struct TextColumn<T> {
    heading: &'static str,
    pub(super) cell: for<'a> fn(&'a T) -> Option<Cow<'a, str>>,
}

/// Where facts are from: what became of them, and the name their delivery was handed over under.
pub(super) struct FactOrigin {
    status: &'static str,
    delivery: String,
}

// The columns, in the order they are written in: these, `lines`, and two for each measure.

/// Those about the delivery.
pub(super) const ORIGIN: [TextColumn<FactOrigin>; 2] = [
    TextColumn { heading: "status", cell: |origin| Some(origin.status.into()) },
    TextColumn { heading: "delivery", cell: |origin| Some(origin.delivery.as_str().into()) },
];

/// The one about whom it concerns.
pub(super) const AUTHORITY: [TextColumn<About>; 1] =
    [TextColumn { heading: "authority", cell: |about| Some(about.authority.as_str().into()) }];

/// Those about the period.
pub(super) const PERIOD: [TextColumn<Period>; 2] = [
    TextColumn { heading: "period", cell: |period| Some(period.to_string().into()) },
    TextColumn { heading: "span", cell: |period| Some(period.span().to_string().into()) },
];

/// Those about the rest.
#[rustfmt::skip]
pub(super) const ABOUT: [TextColumn<About>; 4] = [
    TextColumn { heading: "service", cell: |about| Some(about.service.as_ref()?.as_str().into()) },
    TextColumn { heading: "initiative", cell: |about| Some(about.initiative.as_ref()?.as_str().into()) },
    TextColumn { heading: "account", cell: |about| Some(about.account.as_ref()?.as_str().into()) },
    TextColumn { heading: "channel", cell: |about| Some(about.channel.as_ref()?.as_str().into()) },
];

/// The facts by what became of them.
pub(super) fn by_status(ledger: &Ledger) -> [(&'static str, &Facts); 2] {
    [("posted", &ledger.posted), ("superseded", &ledger.superseded)]
}

/// The origin of the facts of each delivery.
pub(super) fn origins(ledger: &Ledger, status: &'static str) -> Vec<FactOrigin> {
    let names = ledger.deliveries.iter().map(|posting| posting.account.shown().into_owned());
    names.map(|delivery| FactOrigin { status, delivery }).collect()
}

/// A fact with what it shares with others.
struct FactRow<'a> {
    origin: &'a FactOrigin,
    about: &'a About,
    fact: Fact<'a>,
}

/// The facts, a row each, in the ledger's order.
///
/// - Units: `amount_oere` in øre, `hours_hundredths` in hundredths of an hour, the rest in ones.
/// - Keeps: a measure no line gave a value to is empty, with 0 lines; it is never 0.
pub(super) fn table(ledger: &Ledger) -> DataTable {
    let parts = by_status(ledger).map(|(status, facts)| (origins(ledger, status), facts));
    let rows = parts.iter().flat_map(|(origins, facts)| {
        (0..facts.len()).map(|place| {
            let (fact, about) = (facts.get(place), to_usize(facts.about(place)));
            FactRow { origin: &origins[fact.delivery.place()], about: &facts.abouts()[about], fact }
        })
    });
    DataTable::new(NAME, columns(&rows.collect::<Vec<FactRow>>()))
}

/// The headings, in order.
pub(super) fn headings() -> Vec<String> {
    columns(&[]).iter().map(|column| column.name().to_owned()).collect()
}

fn columns(rows: &[FactRow]) -> Vec<Column> {
    let int = |name: &str, of: &dyn Fn(&Fact) -> Option<i64>| {
        Column::int(name, rows.iter().map(|row| of(&row.fact)))
    };
    let mut columns = texts(&ORIGIN, rows, |row| row.origin);
    columns.extend(texts(&AUTHORITY, rows, |row| row.about));
    columns.extend(texts(&PERIOD, rows, |row| &row.fact.key.period));
    columns.extend(texts(&ABOUT, rows, |row| row.about));
    columns.push(int("lines", &|fact| Some(i64::from(fact.lines))));
    for measure in Measure::ALL {
        let tally = |fact: &Fact| fact.measures.get(measure);
        columns.push(int(sum_name(measure), &|fact| tally(fact).value()));
        columns.push(int(&lines_name(measure), &|fact| Some(i64::from(tally(fact).lines))));
    }
    columns
}

fn texts<T>(
    columns: &[TextColumn<T>],
    rows: &[FactRow],
    part: impl for<'a> Fn(&'a FactRow) -> &'a T,
) -> Vec<Column> {
    let cells = |column: &TextColumn<T>| {
        let cell = |row| (column.cell)(part(row)).map(Cow::into_owned);
        Column::text(column.heading, rows.iter().map(cell))
    };
    columns.iter().map(cells).collect()
}

fn lines_name(measure: Measure) -> String {
    format!("{}_lines", measure.word())
}

/// The heading of a measure's sum: its word, and its unit last where that is not ones.
fn sum_name(measure: Measure) -> &'static str {
    match measure {
        Measure::Amount => "amount_oere",
        Measure::Hours => "hours_hundredths",
        Measure::Started
        | Measure::Completed
        | Measure::Digital
        | Measure::Assisted
        | Measure::Satisfied
        | Measure::Answered => measure.word(),
    }
}
