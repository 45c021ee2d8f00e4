//! The run in numbers: the receipt, and every table as CSV and Parquet, for who computes on.

mod as_csv;
mod as_parquet;
mod coverage;
mod facts;
mod facts_csv;
mod quarantine;
pub(crate) mod receipt;
pub(crate) mod words;

use crate::domain::error::Error;
use crate::domain::language::Language;
use crate::domain::quarantine::Reason;
use crate::ledger::Ledger;
use crate::metrics::data_table::DataTable;
use crate::write::data::words::ReasonText;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io;

/// What is known of one run, for its data files.
pub(crate) struct Run<'a> {
    /// The reconciled table.
    pub ledger: &'a Ledger,
    /// The figures as tables; each name once, and none that the ledger's own tables have.
    pub tables: &'a [DataTable],
    /// Tool version.
    pub version: &'a str,
}

/// Writes the data files of a run: everything under `data/`.
///
/// - Shape: bytes by path relative to the report folder; `docs/outputs.md` describes each.
/// - Units: øre and whole numbers; a value that is not known is empty, or null in Parquet.
/// - Keeps: the same run gives the same bytes, on any number of threads.
///
/// # Errors
/// `Encode` when an encoder refuses, which would be a bug.
pub(crate) fn files(
    run: &Run<'_>,
    reason_text: &dyn Fn(Language, &Reason) -> ReasonText,
) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let own = [facts::table(run.ledger), coverage::table(run.ledger)];
    let mut tables: Vec<&DataTable> = own.iter().chain(run.tables).collect();
    tables.sort_by_key(|table| table.name.as_str());
    let quarantine = quarantine::table(run.ledger, reason_text);
    let named_twice = tables.windows(2).find(|pair| pair[0].name == pair[1].name);
    assert!(
        named_twice.is_none() && tables.iter().all(|table| table.name != quarantine.name),
        "two data files would have the same name: {:?}",
        tables.iter().map(|table| &table.name).collect::<Vec<_>>()
    );

    let encoded = tables
        .par_iter()
        .map(|table| {
            let csv = if table.name == facts::NAME {
                facts_csv::bytes(run.ledger)
            } else {
                as_csv::bytes(table)
            };
            Ok((csv, as_parquet::bytes(table, run.version)?))
        })
        .collect::<Result<Vec<_>, Error>>()?;
    let mut files = BTreeMap::new();
    for (table, (csv, parquet)) in tables.iter().zip(encoded) {
        files.insert(format!("data/{}.csv", table.name), csv);
        files.insert(format!("data/{}.parquet", table.name), parquet);
    }
    let name = format!("data/{}.csv", quarantine.name);
    files.insert(name, as_csv::bytes(&quarantine));
    Ok(files)
}

/// Writes `data/facts.csv` alone, with little in memory at a time.
///
/// # Errors
/// Whatever `out` says when it cannot be written.
pub(crate) fn facts(ledger: &Ledger, out: &mut (dyn io::Write + Send)) -> io::Result<()> {
    facts_csv::write(ledger, out)
}

#[cfg(test)]
mod tests;
