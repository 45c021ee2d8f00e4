//! Correction packs: to each authority the lines it must mend, as it delivered them, and how.

mod csv;
mod index;
mod rows;
mod xlsx;

use crate::collect::corrector::owner;
use crate::contract::compiled::Contract;
use crate::domain::delivery::DeliveryId;
use crate::domain::error::Error;
use crate::domain::id::AuthorityId;
use crate::domain::language::Language;
use crate::domain::pack::{NOBODY, file_name};
use crate::domain::quarantine::Quarantined;
use crate::ingest::reread::RereadLines;
use crate::ledger::Ledger;
use crate::programme::model::Programme;
use crate::write::pack::rows::{AuthorityPack, PackRow, PackRows};
use crate::write::text::messages::texts;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Writes a pack for each authority with something refused, as `AUTHORITY.csv` and
/// `AUTHORITY.xlsx`, and `rettelser.json` that says what is in each.
///
/// - Shape: rows in (delivery, line) order, what has no line to correct first.
/// - Keeps: every refused line and every delivery refused whole is in exactly one pack. Danish.
///
/// # Errors
/// [`Error::Encode`] when a workbook cannot be made, which is a bug.
pub(crate) fn files(
    programme: &Programme,
    contracts: &[Contract],
    ledger: &Ledger,
    recalled: &[RereadLines],
) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let texts = texts(Language::Da, &programme.currency.unit);
    let recalled: BTreeMap<DeliveryId, &RereadLines> =
        recalled.iter().map(|lines| (lines.delivery, lines)).collect();
    let packs = packs(contracts, ledger);
    let grids: Vec<(String, Vec<u8>, Option<Vec<u8>>)> = packs
        .par_iter()
        .map(|(name, pack)| {
            let rows = PackRows { about: rows(pack, &recalled), ledger, texts: &texts };
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
fn packs<'a>(contracts: &[Contract], ledger: &'a Ledger) -> BTreeMap<String, AuthorityPack<'a>> {
    let mut by_authority: BTreeMap<Option<AuthorityId>, Vec<&Quarantined>> = BTreeMap::new();
    for refused in &ledger.quarantine {
        let account = &ledger.deliveries[refused.delivery.place()].account;
        let whose = owner(contracts, account, refused);
        by_authority.entry(whose).or_default().push(refused);
    }
    let mut packs: BTreeMap<String, AuthorityPack> = BTreeMap::new();
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
        packs.insert(name, AuthorityPack { authority: authority.map(String::from), refused });
    }
    packs
}

/// The rows of a pack: first what has no line to correct, then each delivery's lines below its own
/// headings.
fn rows<'a>(
    pack: &AuthorityPack<'a>,
    recalled: &BTreeMap<DeliveryId, &'a RereadLines>,
) -> Vec<PackRow<'a>> {
    let lines = |refused: &Quarantined| recalled.get(&refused.delivery).copied();
    let cells = |refused: &Quarantined| lines(refused)?.lines.get(&refused.line?);
    let mut rows = Vec::new();
    let messages = || pack.refused.iter().filter(|refused| cells(refused).is_none());
    if messages().next().is_some() {
        rows.push(PackRow { refused: None, delivered: None, left_out: false });
    }
    rows.extend(messages().map(|refused| {
        let left_out = refused.line.is_some() && lines(refused).is_some();
        PackRow { refused: Some(refused), delivered: None, left_out }
    }));
    let mut section = None;
    for refused in &pack.refused {
        let (Some(of), Some(cells)) = (lines(refused), cells(refused)) else {
            continue;
        };
        if section.replace(refused.delivery) != Some(refused.delivery) {
            rows.push(PackRow { refused: None, delivered: Some(&of.headings), left_out: false });
        }
        rows.push(PackRow { refused: Some(refused), delivered: Some(cells), left_out: false });
    }
    rows
}
