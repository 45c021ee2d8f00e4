//! Every refused line as a table the sender can work through: where, what and how to mend it.

use crate::domain::correction::LineRef;
use crate::domain::language::Language;
use crate::domain::money::Oere;
use crate::domain::quarantine::{Quarantined, Reason};
use crate::ledger::Ledger;
use crate::metrics::data_table::{Column, DataTable};
use crate::write::data::words::{ReasonText, delivery_name};

/// A row of the table: what was refused, what became of it, and the other end of its correction.
struct QuarantineRow<'a> {
    refused: &'a Quarantined,
    status: &'static str,
    correction: Option<LineRef>,
}

/// Everything refused, corrected or not, in (delivery, line) order.
fn entries(ledger: &Ledger) -> Vec<QuarantineRow<'_>> {
    let corrections = &ledger.corrections;
    let standing = ledger.quarantine.iter().map(|refused| QuarantineRow {
        refused,
        status: "refused",
        correction: None,
    });
    let corrected = corrections.corrected.iter().map(|line| QuarantineRow {
        refused: &line.refused,
        status: "corrected",
        correction: Some(line.by),
    });
    let failed = corrections.failed.iter().map(|attempt| QuarantineRow {
        refused: &attempt.refused,
        status: "correction_refused",
        correction: Some(attempt.of),
    });
    let mut entries: Vec<QuarantineRow> = standing.chain(corrected).chain(failed).collect();
    entries.sort_by_key(|entry| (entry.refused.delivery, entry.refused.line));
    entries
}

/// The refused lines, a row each, in (delivery, line) order; none is left out.
///
/// - Shape: `line` is empty when the whole delivery is refused, `column` when the whole line is.
/// - Units: `amount_oere` in øre, empty when it could not be read or there is none.
pub(super) fn table(
    ledger: &Ledger,
    reason_text: &dyn Fn(Language, &Reason) -> ReasonText,
) -> DataTable {
    let entries = entries(ledger);
    let refused = || entries.iter().map(|entry| entry.refused);
    let column = |name: &str, of: &dyn Fn(&Quarantined) -> Option<String>| {
        Column::text(name, refused().map(of))
    };
    let in_words = |name: &str, language: Language, of: &dyn Fn(ReasonText) -> String| {
        column(name, &|line| Some(of(reason_text(language, &line.fault.reason))))
    };
    let number = refused().map(|line| line.line.map(i64::from));
    let amount = refused().map(|line| line.amount.value().map(Oere::get));
    let spot = |spot: LineRef| format!("{}:{}", delivery_name(ledger, spot.delivery), spot.line);
    DataTable::new(
        "quarantine",
        vec![
            column("file", &|line| Some(delivery_name(ledger, line.delivery).into_owned())),
            Column::int("line", number),
            column("column", &|line| line.fault.column.as_ref().map(ToString::to_string)),
            column("code", &|line| Some(line.fault.reason.code().to_owned())),
            in_words("reason_da", Language::Da, &|reason_text| reason_text.reason),
            in_words("reason_en", Language::En, &|reason_text| reason_text.reason),
            in_words("help_da", Language::Da, &|reason_text| reason_text.help),
            in_words("help_en", Language::En, &|reason_text| reason_text.help),
            column("also", &also),
            column("authority", &|line| line.authority.as_ref().map(ToString::to_string)),
            column("period", &|line| line.period.map(|period| period.to_string())),
            Column::int("amount_oere", amount),
            Column::text("status", entries.iter().map(|entry| Some(entry.status.to_owned()))),
            Column::text("correction", entries.iter().map(|entry| Some(spot(entry.correction?)))),
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
