//! How it looks: a report in, the bytes of each file out. Words and digits, drawings, pages, data.

mod csv;
pub(crate) mod text;
pub(crate) mod theme;
pub(crate) mod chart;
pub(crate) mod html;
pub(crate) mod data;
pub(crate) mod pack;

use crate::domain::error::Error;
use crate::domain::language::Language;
use crate::domain::quarantine::Reason;
use crate::ledger::Ledger;
use crate::metrics::figures::Metrics;
use crate::programme::model::Programme;
use crate::report::document::Report;
use crate::write::data::Run;
use crate::write::data::words::ReasonText;
use crate::write::text::messages::texts;
use std::collections::BTreeMap;

/// Every file of a report: the pages in each language, the drawings, the data and the receipt.
///
/// # Errors
/// [`Error::Encode`] when a drawing or a data file cannot be made, which is a bug.
pub(crate) fn files(
    programme: &Programme,
    ledger: &Ledger,
    metrics: &Metrics,
    report: &Report,
) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let texts = Language::ALL.map(|language| texts(language, &programme.currency.unit));
    let said = |language: Language, reason: &Reason| {
        let texts = texts.iter().find(|texts| texts.language() == language);
        let texts = texts.expect("every language has its texts");
        ReasonText { reason: texts.reason(reason), help: texts.reason_help(reason).into_owned() }
    };
    let run = Run { ledger, tables: &metrics.tables, version: report.version };
    let mut files = data::files(&run, &said)?;
    files.extend(html::pages(report, &programme.languages)?);
    let receipt = data::receipt::bytes(programme, ledger, &files, report.version)?;
    files.insert("receipt.json".to_owned(), receipt);
    Ok(files)
}
