//! Every fact as a table: posted ones first, then the ones a later delivery replaced.

use crate::domain::measure::Measure;
use crate::facts::fact::Fact;
use crate::ledger::Ledger;
use crate::metrics::data_table::{Column, DataTable};
use crate::write::data::words::delivery_name;

/// The name of the table.
pub(super) const NAME: &str = "facts";

/// The columns that say what a fact is about.
const ABOUT: [&str; 9] = [
    "status",
    "delivery",
    "authority",
    "period",
    "span",
    "service",
    "initiative",
    "account",
    "channel",
];

/// The facts, a row each, in the ledger's order.
///
/// - Units: `amount_oere` in øre, `hours_hundredths` in hundredths of an hour, the rest in ones.
/// - Keeps: a measure no line gave a value to is empty, with 0 lines; it is never 0.
pub(super) fn table(ledger: &Ledger) -> DataTable {
    let rows: Vec<(&'static str, Fact)> = ledger
        .posted
        .iter()
        .map(|fact| ("posted", fact))
        .chain(ledger.superseded.iter().map(|fact| ("superseded", fact)))
        .collect();
    let text = |name: &str, of: &dyn Fn(&Fact) -> Option<String>| {
        Column::text(name, rows.iter().map(|(_, fact)| of(fact)))
    };
    let int = |name: &str, of: &dyn Fn(&Fact) -> Option<i64>| {
        Column::int(name, rows.iter().map(|(_, fact)| of(fact)))
    };
    let status = rows.iter().map(|(status, _)| Some((*status).to_owned()));
    let mut columns = vec![
        Column::text("status", status),
        text("delivery", &|fact| Some(delivery_name(ledger, fact.delivery).into_owned())),
        text("authority", &|fact| Some(fact.key.authority.to_string())),
        text("period", &|fact| Some(fact.key.period.to_string())),
        text("span", &|fact| Some(fact.key.period.span().to_string())),
        text("service", &|fact| fact.key.service.map(ToString::to_string)),
        text("initiative", &|fact| fact.key.initiative.map(ToString::to_string)),
        text("account", &|fact| fact.key.account.map(ToString::to_string)),
        text("channel", &|fact| fact.key.channel.map(ToString::to_string)),
        int("lines", &|fact| Some(i64::from(fact.lines))),
    ];
    for measure in Measure::ALL {
        let tally = |fact: &Fact| fact.measures.get(measure);
        columns.push(int(sum_name(measure), &|fact| tally(fact).value()));
        columns.push(int(&lines_name(measure), &|fact| Some(i64::from(tally(fact).lines))));
    }
    DataTable::new(NAME, columns)
}

/// The headings, in order.
pub(super) fn headings() -> Vec<String> {
    let mut headings: Vec<String> = ABOUT.into_iter().chain(["lines"]).map(str::to_owned).collect();
    for measure in Measure::ALL {
        headings.push(sum_name(measure).to_owned());
        headings.push(lines_name(measure));
    }
    headings
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
