//! Correction packs: to each authority the lines it must mend, as it delivered them, and how.

mod csv;
mod index;
mod xlsx;

use crate::contract::compiled::Contract;
use crate::domain::error::Error;
use crate::domain::id::AuthorityId;
use crate::domain::language::Language;
use crate::domain::pack::{Cell, HEADINGS, Mark, NOBODY, file_name, fingerprint};
use crate::domain::quarantine::{Quarantined, Reason};
use crate::domain::source::DeliveryId;
use crate::ingest::corrector::owner;
use crate::ingest::recall::Recalled;
use crate::ledger::Ledger;
use crate::programme::model::Programme;
use crate::report::document::Phrase;
use crate::write::text::{Texts, texts};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// One row of a pack.
pub(super) struct Row {
    /// Whether it is a row of headings.
    pub(super) heads: bool,
    /// Its cells as they are written.
    pub(super) cells: Vec<String>,
}

/// What one authority is to mend.
struct Pack<'a> {
    /// Whom it is for; `None` when that cannot be told.
    authority: Option<String>,
    refused: Vec<&'a Quarantined>,
}

/// Writes a pack for each authority with something refused, as `AUTHORITY.csv` and
/// `AUTHORITY.xlsx`, and `rettelser.json` that says what is in each.
///
/// - Shape: rows in (delivery, line) order, what has no line to correct first.
/// - Keeps: every refused line and every delivery refused whole is in exactly one pack. Danish.
///
/// # Errors
/// [`Error::Encode`] when a workbook cannot be made, which is a bug.
pub fn files(
    programme: &Programme,
    contracts: &[Contract],
    ledger: &Ledger,
    recalled: &[Recalled],
) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let texts = texts(Language::Da, &programme.currency.unit);
    let recalled: BTreeMap<DeliveryId, &Recalled> =
        recalled.iter().map(|lines| (lines.delivery, lines)).collect();
    let packs = packs(contracts, ledger);
    let grids: Vec<(String, Vec<u8>, Option<Vec<u8>>)> = packs
        .par_iter()
        .map(|(name, pack)| {
            let rows = rows(pack, ledger, &recalled, &texts);
            Ok((name.clone(), csv::bytes(&rows), xlsx::bytes(&rows)?))
        })
        .collect::<Result<_, Error>>()?;
    let mut files = BTreeMap::new();
    for (name, csv, xlsx) in grids {
        files.insert(format!("{name}.csv"), csv);
        if let Some(xlsx) = xlsx {
            files.insert(format!("{name}.xlsx"), xlsx);
        }
    }
    let index = index::bytes(programme, &packs, &files)?;
    files.insert("rettelser.json".to_owned(), index);
    Ok(files)
}

/// What is refused by whom it is for, under the names of the packs.
fn packs<'a>(contracts: &[Contract], ledger: &'a Ledger) -> BTreeMap<String, Pack<'a>> {
    let mut by_authority: BTreeMap<Option<AuthorityId>, Vec<&Quarantined>> = BTreeMap::new();
    for refused in &ledger.quarantine {
        let account = &ledger.deliveries[refused.delivery.place()].account;
        let whose = owner(contracts, account, refused);
        by_authority.entry(whose).or_default().push(refused);
    }
    let mut packs: BTreeMap<String, Pack> = BTreeMap::new();
    for (authority, refused) in by_authority {
        let plain = authority
            .as_ref()
            .map(AuthorityId::as_str)
            .map_or_else(|| NOBODY.to_owned(), file_name);
        let taken =
            |name: &str| packs.keys().any(|other| other.to_lowercase() == name.to_lowercase());
        let numbered = (2_u32..).map(|number| format!("{plain}-{number}"));
        let mut names = std::iter::once(plain.clone()).chain(numbered);
        let name = names.find(|name| !taken(name)).expect("a number is free");
        packs.insert(name, Pack { authority: authority.map(String::from), refused });
    }
    packs
}

/// The rows of a pack: first what has no line to correct, then each delivery's lines below its own
/// headings.
fn rows(
    pack: &Pack,
    ledger: &Ledger,
    recalled: &BTreeMap<DeliveryId, &Recalled>,
    texts: &Texts,
) -> Vec<Row> {
    let lines = |refused: &Quarantined| recalled.get(&refused.delivery).copied();
    let cells = |refused: &Quarantined| lines(refused)?.lines.get(&refused.line?);
    let mut rows = Vec::new();
    let messages = || pack.refused.iter().filter(|refused| cells(refused).is_none());
    if messages().next().is_some() {
        rows.push(Row { heads: true, cells: headings(&[]) });
    }
    rows.extend(messages().map(|refused| row(refused, &[], ledger, texts)));
    let mut section = None;
    for refused in &pack.refused {
        let (Some(of), Some(cells)) = (lines(refused), cells(refused)) else {
            continue;
        };
        if section.replace(refused.delivery) != Some(refused.delivery) {
            rows.push(Row { heads: true, cells: headings(&of.headings) });
        }
        rows.push(row(refused, cells, ledger, texts));
    }
    rows
}

fn headings(delivered: &[Cell]) -> Vec<String> {
    let own = HEADINGS.iter().map(|heading| (*heading).to_owned());
    own.chain(delivered.iter().map(Cell::written)).collect()
}

fn row(refused: &Quarantined, delivered: &[Cell], ledger: &Ledger, texts: &Texts) -> Row {
    let account = &ledger.deliveries[refused.delivery.place()].account;
    let reason = &refused.fault.reason;
    let mut help = texts.reason_help(reason).into_owned();
    if delivered.contains(&Cell::Mark(Mark::Hidden)) {
        let redact = texts.say(&Phrase::new("pack.redact"));
        let alone = matches!(reason, Reason::PossibleCpr {});
        help = if alone { redact } else { format!("{help}; {redact}") };
    }
    let own = [
        account.shown().into_owned(),
        refused.line.map_or_else(String::new, |line| line.to_string()),
        fingerprint(&account.blake3),
        reason.code().to_owned(),
        refused.fault.column.as_ref().map_or_else(String::new, ToString::to_string),
        texts.reason(reason),
        help,
    ];
    let own = own.map(|text| Cell::Text(text).written());
    let cells = own.into_iter().chain(delivered.iter().map(Cell::written)).collect();
    Row { heads: false, cells }
}
