//! Sheets of a workbook beside the one that is read: those that look like it are named.

use crate::contract::charset::Charset;
use crate::contract::compiled::Contract;
use crate::domain::packing::Packing;
use crate::domain::privacy::{Shown, show};
use crate::source::container::quietly;
use crate::source::content::Content;
use crate::source::sheet::{self, SheetText};
use crate::source::text::EncodedText;
use crate::source::workbook::{self, Sheet};
use crate::validate::find::find;
use encoding_rs::UTF_8;
use std::io;
use std::sync::Arc;

/// The names of the other sheets with the contract's headings and a line below them; `None` where
/// there is none.
pub(super) fn find_others(
    contract: &Contract,
    name: &str,
    content: &dyn Content,
    packing: Packing,
) -> io::Result<Option<Shown>> {
    let (layout, _) = contract.sender(name);
    let mut names: Vec<String> = Vec::new();
    workbook::others(content, packing, &layout.sheet, &mut |tab, sheet| {
        // What cannot be read of another sheet says nothing of it.
        if is_table(contract, name, sheet).unwrap_or(false) {
            names.push(tab.to_owned());
        }
    })?;
    let shown = || names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    Ok((!names.is_empty()).then(|| show(shown().as_bytes(), UTF_8)))
}

/// Whether a sheet has the contract's headings, and something below them.
fn is_table(contract: &Contract, name: &str, own: Sheet) -> io::Result<bool> {
    let (layout, sender) = contract.sender(name);
    let layout = sheet::laid_out(layout);
    let own = Arc::new(own);
    let content = SheetText::of(Arc::clone(&own));
    let text = EncodedText { content: &content, charset: Charset::Web(UTF_8), layout: &layout };
    let Ok((_, header)) = find(contract, sender, &text)? else { return Ok(false) };
    quietly(|| {
        let mut rows = own.rows()?;
        while let Some(row) = rows.next()? {
            // Rows are counted from 0, lines from 1.
            if row.number >= header.line && !row.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    })
}
