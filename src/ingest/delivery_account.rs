//! What was read of one delivery, in numbers.

use crate::contract::line_rule::NotData;
use crate::domain::delivery::DeliveryId;
use crate::domain::id::ContractId;
use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::privacy::Shown;
use crate::domain::privacy::masked;
use crate::domain::quarantine::Quarantined;
use crate::domain::{neutral, privacy};
use crate::ingest::seen_line::RepeatedLines;
use crate::validate::rounded::Rounded;
use serde::Deserialize;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What was read of one delivery.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeliveryAccount {
    /// Its number in the run, which says nothing in the next one.
    #[serde(skip)]
    pub id: DeliveryId,
    /// Path relative to the delivery folder; [`DeliveryAccount::shown`] is for others to see. It is
    /// kept nowhere.
    #[serde(skip)]
    pub name: String,
    /// The contract that claimed it; `None` when none did.
    pub contract: Option<ContractId>,
    /// Version from the file name; 1 when it gives none. A higher one is later.
    pub version: u32,
    /// Size in bytes.
    pub bytes: u64,
    /// BLAKE3 of the bytes, lower-case hex.
    pub blake3: String,
    /// BLAKE3 of the bytes unpacked, where they are packed as one stream; else the same.
    pub content: String,
    /// Whether bytes stand behind the last line end, as in a file that was cut.
    pub open_end: bool,
    /// Numbers that rounding changed.
    pub rounded: Rounded,
    /// Other sheets of the workbook that have the contract's headings and lines below them, made
    /// safe.
    pub other_sheets: Option<Shown>,
    /// Lines that stand in it twice.
    pub repeated: Option<RepeatedLines>,
    /// Encoding the bytes were read in.
    pub encoding: String,
    /// Data lines (records) read: accepted + refused.
    pub lines_read: u32,
    /// Data lines accepted.
    pub lines_accepted: u32,
    /// Data lines refused.
    pub lines_refused: u32,
    /// Data lines accepted as a correction pack has them, not as they were delivered.
    pub lines_corrected: u32,
    /// Lines that are not data: blank, header, totals stated, and what the contract declares.
    pub lines_not_data: u32,
    /// The same, by what they are; they add up to `lines_not_data`.
    pub not_data: BTreeMap<NotData, u32>,
    /// Sum of the amounts on accepted lines.
    pub accepted: Oere,
    /// Sum of the readable amounts on refused lines.
    pub refused: Oere,
    /// Refused lines that should carry an amount, and whose amount could not be read.
    pub refused_unreadable: u32,
    /// Set when the whole delivery is refused; one held back for its control total has all its
    /// lines in `lines_refused`.
    pub rejected: bool,
}

/// The name of a delivery as others may see it, cut short where it is long.
pub(crate) fn named(account: &DeliveryAccount) -> Shown {
    privacy::show(account.shown().as_bytes(), encoding_rs::UTF_8)
}

impl DeliveryAccount {
    /// Its name as it may be shown: what may be a personal number has stars for its digits, and no
    /// character acts. Two names may be shown alike.
    pub fn shown(&self) -> Cow<'_, str> {
        match masked(&self.name) {
            Cow::Borrowed(name) => neutral::shown(name),
            Cow::Owned(name) => neutral::shown(&name).into_owned().into(),
        }
    }

    /// Takes the amounts of so many refused lines, which are all there are, for unread: no sum can
    /// hold them.
    pub(crate) fn unread<'a>(
        &mut self,
        lines: u32,
        refused: impl IntoIterator<Item = &'a mut Quarantined>,
    ) {
        self.refused = Oere::ZERO;
        self.refused_unreadable = lines;
        for refused in refused {
            if refused.amount != Known::NotApplicable {
                refused.amount = Known::Missing;
            }
        }
    }
}
