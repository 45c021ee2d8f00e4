//! Who corrected: each pack, whom it is from, and what it brought.

use crate::domain::known::Known;
use crate::ledger::Ledger;
use crate::programme::model::Programme;
use crate::report::document::{Block, Phrase, Table, Value};
use crate::report::phrase;

/// The section on corrections; nothing where no line is corrected.
pub(crate) fn section(programme: &Programme, ledger: &Ledger) -> Vec<Block> {
    let packs = ledger.corrections.by_pack();
    if packs.is_empty() {
        return Vec::new();
    }
    let rows = packs
        .iter()
        .map(|(id, pack)| {
            let from = match &pack.from {
                Some(id) => phrase::verbatim(phrase::authority(programme, id)),
                None => phrase::word("quality.from_no_one"),
            };
            vec![
                phrase::verbatim(ledger.deliveries[id.place()].account.shown()),
                from,
                phrase::count(pack.lines),
                Value::Exact(pack.amount.map_or(Known::NotApplicable, Known::Value)),
            ]
        })
        .collect();
    vec![
        Block::Heading(Phrase::new("quality.corrections")),
        Block::Text(Phrase::new("quality.corrections_text")),
        Block::Table(Table {
            caption: Phrase::new("quality.corrections_caption"),
            columns: phrase::columns(&[
                "column.file",
                "column.corrected_by",
                "column.corrected",
                "column.corrected_amount",
            ]),
            rows,
        }),
    ]
}
