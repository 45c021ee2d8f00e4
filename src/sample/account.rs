//! The sample's own account of what it wrote: kept apart from the pipeline, to be held against it.

use crate::domain::id::{AuthorityId, ServiceId};
use crate::sample::sheet::{GoodLine, LineFate, LineFigures, SampleDelivery};
use crate::sample::slot::Slot;
use std::collections::BTreeMap;

/// Everything written, counted.
#[derive(Debug, Default)]
pub(super) struct Account {
    /// By file name.
    pub(super) files: BTreeMap<String, FileAccount>,
    /// Data lines by what becomes of them.
    pub(super) lines: FateSums,
    /// Øre by what becomes of them; of the refused, the readable.
    pub(super) oere: FateSums,
    /// Refused spending lines whose amount cannot be read.
    pub(super) unreadable: i64,
    /// Refused usage lines, which have no amount to read.
    pub(super) without_amount: i64,
    /// Refused lines and files by code.
    pub(super) codes: BTreeMap<&'static str, i64>,
    /// Øre posted.
    pub(super) spending: BTreeMap<AccountKey, i64>,
    /// Completed transactions posted.
    pub(super) completed: BTreeMap<AccountKey, i64>,
    /// Completed digitally, and completed, by year.
    pub(super) digital: BTreeMap<i16, (i64, i64)>,
    /// Satisfied, and answered, by year.
    pub(super) satisfied: BTreeMap<i16, (i64, i64)>,
    /// Completed digitally, and completed, posted.
    pub(super) digital_by: BTreeMap<AccountKey, (i64, i64)>,
    /// Satisfied, and answered, posted.
    pub(super) satisfied_by: BTreeMap<AccountKey, (i64, i64)>,
}

/// Whose, of what, and when.
pub(super) type AccountKey = (AuthorityId, ServiceId, Slot);

/// A quantity by what becomes of it.
#[derive(Debug, Default)]
pub(super) struct FateSums {
    /// It counts.
    pub(super) posted: i64,
    /// A later delivery replaces it.
    pub(super) superseded: i64,
    /// It is refused.
    pub(super) refused: i64,
}

impl FateSums {
    /// All of it.
    pub(super) fn read(&self) -> i64 {
        self.posted + self.superseded + self.refused
    }
}

/// One file.
#[derive(Debug, Default)]
pub(super) struct FileAccount {
    /// The code it is refused under as a whole.
    pub(super) rejected: Option<&'static str>,
    /// Data lines.
    pub(super) read: u32,
    /// Physical line numbers, header included, of refused lines, by code.
    pub(super) refused: BTreeMap<&'static str, Vec<u32>>,
    /// Physical line numbers of superseded lines.
    pub(super) superseded: Vec<u32>,
}

impl Account {
    /// Enters every line of a delivery.
    pub(super) fn enter(&mut self, sheet: &SampleDelivery) {
        let mut file = FileAccount::default();
        for (number, line) in (2..).zip(&sheet.lines) {
            file.read += 1;
            match &line.fate {
                LineFate::Posted(entry) => self.post(&sheet.authority, entry),
                LineFate::Superseded(entry) => {
                    self.lines.superseded += 1;
                    if let LineFigures::Oere(oere) = entry.content {
                        self.oere.superseded += oere;
                    }
                    file.superseded.push(number);
                }
                LineFate::Refused { code, oere } => {
                    self.refuse(sheet, code, *oere);
                    file.refused.entry(code).or_default().push(number);
                }
            }
        }
        self.files.insert(sheet.name.clone(), file);
    }

    /// Enters a file that is refused whole: none of its lines is read.
    pub(super) fn reject(&mut self, name: &str, code: &'static str) {
        *self.codes.entry(code).or_default() += 1;
        let file = FileAccount { rejected: Some(code), ..FileAccount::default() };
        self.files.insert(name.to_owned(), file);
    }

    fn refuse(&mut self, sheet: &SampleDelivery, code: &'static str, oere: Option<i64>) {
        self.lines.refused += 1;
        *self.codes.entry(code).or_default() += 1;
        match oere {
            Some(oere) => self.oere.refused += oere,
            None if sheet.kind.has_amounts() => self.unreadable += 1,
            None => self.without_amount += 1,
        }
    }

    fn post(&mut self, authority: &AuthorityId, entry: &GoodLine) {
        self.lines.posted += 1;
        let key = (authority.clone(), entry.service.clone(), entry.slot);
        match entry.content {
            LineFigures::Oere(oere) => {
                self.oere.posted += oere;
                *self.spending.entry(key).or_default() += oere;
            }
            LineFigures::Counts { completed, digital, survey } => {
                *self.completed.entry(key.clone()).or_default() += completed;
                let own = self.digital_by.entry(key.clone()).or_default();
                own.0 += digital;
                own.1 += completed;
                let year = self.digital.entry(entry.slot.year).or_default();
                year.0 += digital;
                year.1 += completed;
                if let Some((satisfied, answered)) = survey {
                    let own = self.satisfied_by.entry(key).or_default();
                    own.0 += satisfied;
                    own.1 += answered;
                    let year = self.satisfied.entry(entry.slot.year).or_default();
                    year.0 += satisfied;
                    year.1 += answered;
                }
            }
        }
    }
}
