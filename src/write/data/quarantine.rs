//! Every refused line as a table the sender can work through: where, what and how to mend it.

use crate::domain::language::Language;
use crate::domain::money::Oere;
use crate::domain::quarantine::{Quarantined, Reason};
use crate::domain::table::{Column, DataTable};
use crate::ledger::Ledger;
use crate::write::data::{Said, delivery_name};

/// The refused lines, a row each, in (delivery, line) order; none is left out.
///
/// - Shape: `line` is empty when the whole delivery is refused, `column` when the whole line is.
/// - Units: `amount_oere` in øre, empty when it could not be read or there is none.
pub(super) fn table(ledger: &Ledger, said: &dyn Fn(Language, &Reason) -> Said) -> DataTable {
    let refused = &ledger.quarantine;
    let column = |name: &str, of: &dyn Fn(&Quarantined) -> Option<String>| {
        Column::text(name, refused.iter().map(of))
    };
    let in_words = |name: &str, language: Language, of: &dyn Fn(Said) -> String| {
        column(name, &|line| Some(of(said(language, &line.fault.reason))))
    };
    let number = refused.iter().map(|line| line.line.map(i64::from));
    let amount = refused.iter().map(|line| line.amount.value().map(Oere::get));
    DataTable::new(
        "quarantine",
        vec![
            column("file", &|line| Some(delivery_name(ledger, line.delivery).to_owned())),
            Column::int("line", number),
            column("column", &|line| line.fault.column.clone()),
            column("code", &|line| Some(line.fault.reason.code().to_owned())),
            in_words("reason_da", Language::Da, &|said| said.reason),
            in_words("reason_en", Language::En, &|said| said.reason),
            in_words("help_da", Language::Da, &|said| said.help),
            in_words("help_en", Language::En, &|said| said.help),
            column("also", &also),
            column("authority", &|line| line.authority.as_ref().map(ToString::to_string)),
            column("period", &|line| line.period.map(|period| period.to_string())),
            Column::int("amount_oere", amount),
        ],
    )
}

/// The line's other faults as codes and columns, `Q102 antal, Q104 timer`.
fn also(line: &Quarantined) -> Option<String> {
    let faults: Vec<String> = line
        .also
        .iter()
        .map(|fault| match &fault.column {
            Some(column) => format!("{} {column}", fault.reason.code()),
            None => fault.reason.code().to_owned(),
        })
        .collect();
    (!faults.is_empty()).then(|| faults.join(", "))
}
