//! The rows of a pack.

use crate::domain::pack::{CellMark, HEADINGS, PackCell, PackLine, fingerprint};
use crate::domain::quarantine::{Quarantined, Reason};
use crate::ledger::Ledger;
use crate::report::document::Phrase;
use crate::write::text::messages::Texts;
use std::borrow::Cow;

/// One row of a pack.
pub(super) struct PackRow<'a> {
    /// What it is about; `None` in a row of headings.
    pub(super) refused: Option<&'a Quarantined>,
    /// What the sender delivered, or its headings.
    pub(super) delivered: Option<&'a PackLine>,
    /// Whether the line is left out, being too large.
    pub(super) left_out: bool,
}

/// The rows of a pack, which are written one by one: only what they are about is held.
pub(super) struct PackRows<'a> {
    pub(super) about: Vec<PackRow<'a>>,
    pub(super) ledger: &'a Ledger,
    pub(super) texts: &'a Texts,
}

/// What one authority is to mend.
pub(super) struct AuthorityPack<'a> {
    /// Whom it is for; `None` when that cannot be told.
    pub(super) authority: Option<String>,
    pub(super) refused: Vec<&'a Quarantined>,
}

impl PackRows<'_> {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.about.len()
    }

    /// Cells of the widest.
    pub(super) fn width(&self) -> usize {
        let delivered = |row: &PackRow| row.delivered.map_or(0, PackLine::width);
        HEADINGS.len() + self.about.iter().map(delivered).max().unwrap_or(0)
    }

    /// Whether each is a row of headings, and its cells as they are written.
    pub(super) fn written(&self) -> impl Iterator<Item = (bool, Vec<Cow<'_, str>>)> {
        self.about.iter().map(|row| {
            let mut cells: Vec<Cow<str>> = match row.refused {
                None => HEADINGS.map(Cow::Borrowed).into(),
                Some(refused) => self.own(refused, row).map(Cow::Owned).into(),
            };
            cells.extend(row.delivered.into_iter().flat_map(PackLine::cells).map(Cow::Borrowed));
            (row.refused.is_none(), cells)
        })
    }

    /// The pack's own cells of what is refused.
    pub(super) fn own(&self, refused: &Quarantined, row: &PackRow) -> [String; HEADINGS.len()] {
        let account = &self.ledger.deliveries[refused.delivery.place()].account;
        let reason = &refused.fault.reason;
        let mut help = self.texts.reason_help(reason).into_owned();
        if row.left_out {
            help = format!("{help}; {}", self.texts.say(&Phrase::new("pack.left_out")));
        }
        if row.delivered.is_some_and(|line| line.has(CellMark::Hidden)) {
            let redact = self.texts.say(&Phrase::new("pack.redact"));
            let alone = matches!(reason, Reason::PossibleCpr {});
            help = if alone { redact } else { format!("{help}; {redact}") };
        }
        let own = [
            account.shown().into_owned(),
            refused.line.map_or_else(String::new, |line| line.to_string()),
            fingerprint(&account.blake3),
            reason.code().to_owned(),
            refused.fault.column.as_ref().map_or_else(String::new, ToString::to_string),
            self.texts.reason(reason),
            help,
        ];
        own.map(|text| PackCell::Text(text).written())
    }
}
