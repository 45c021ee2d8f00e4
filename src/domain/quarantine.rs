//! What fails: a refused line or file, where it stands and why. Bad data is a value, not an `Err`.

use crate::domain::coded::{Detail as _, Sharing, coded};
use crate::domain::delivery::DeliveryId;
use crate::domain::id::AuthorityId;
use crate::domain::intern::intern;
use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::period::{Month, Period};
use crate::domain::privacy::Shown;
use crate::domain::wording::Wording;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// One refused line, or one refused delivery: where it stands, what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quarantined {
    /// The delivery. It is a place in the run, which says nothing in the next one.
    #[serde(skip)]
    pub delivery: DeliveryId,
    /// 1-based physical line where the record begins, header included: the number an editor shows.
    /// `None` when the whole delivery is at fault.
    pub line: Option<u32>,
    /// The leftmost fault: what the line is refused for.
    pub fault: Fault,
    /// The line's other faults, left to right, for the sender's sake. Never counted.
    pub also: Box<[Fault]>,
    /// Whom the line concerns, where that could be read: the line's authority, else the file
    /// name's.
    pub authority: Option<AuthorityId>,
    /// The period the line concerns, where that could be read.
    pub period: Option<Period>,
    /// The amount the line carried; `Missing` where it could not be read, `NotApplicable` where the
    /// contract has no amounts.
    pub amount: Known<Oere>,
}

impl Quarantined {
    /// Bytes it takes, as far as it shares none of them.
    pub(crate) fn held(&self) -> usize {
        let faults = std::iter::once(&self.fault).chain(&self.also);
        let text: usize = faults.map(|fault| fault.reason.held()).sum();
        size_of::<Quarantined>() + size_of::<Fault>() * self.also.len() + text
    }
}

/// What refused lines say that others say too, kept once.
#[derive(Debug, Default)]
pub(crate) struct Common {
    wordings: BTreeSet<Wording>,
    authorities: BTreeSet<AuthorityId>,
}

impl Common {
    /// Lets a refused line share what others before it said.
    pub(crate) fn share(&mut self, refused: &mut Quarantined) {
        for fault in std::iter::once(&mut refused.fault).chain(&mut refused.also) {
            if let Some(column) = &mut fault.column {
                column.share(&mut self.wordings);
            }
            fault.reason.share(&mut self.wordings);
        }
        refused.authority = refused.authority.take().map(|authority| self.authority(authority));
    }

    /// The authority as it was met before.
    pub(crate) fn authority(&mut self, authority: AuthorityId) -> AuthorityId {
        intern(&mut self.authorities, authority)
    }
}

/// One thing wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The contract's column; `None` when the whole line is at fault.
    pub column: Option<Wording>,
    /// What is wrong with it.
    pub reason: Reason,
}

coded! {
    /// Why a line or a delivery was refused. Codes are stable: never reused, never renumbered.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    Reason, "reason_title";
    /// the delivery has no bytes.
    "Q001" EmptyFile {};
    /// the delivery has a header and no lines.
    "Q002" HeaderOnly {};
    /// the bytes are something else than a table, such as a web page or a zip.
    "Q003" NotATable {
        /// What the bytes look like.
        found: Wording
    };
    /// a column the contract requires is not in the header.
    "Q004" MissingColumn {
        /// The contract's names of the missing columns.
        missing: Wording,
        /// The header as delivered.
        found: Shown
    };
    /// the header has a column the contract does not know.
    "Q005" UnknownColumn {
        /// The header cells no column of the contract is called by.
        found: Shown
    };
    /// two header cells name the same column.
    "Q006" RepeatedColumn {
        /// The contract's name of the column.
        column: Wording
    };
    /// no contract of the pipeline claims a file of this name.
    "Q007" NoContract {};
    /// the bytes are not in any encoding the contract declares.
    "Q008" WrongEncoding {
        /// The encodings declared.
        declared: Wording,
        /// 1-based line of the first byte that contradicts them.
        line: u32,
        /// The bytes there, and what they look like: `0xE6 = æ (windows-1252)`.
        found: Wording
    };
    /// the name says the file is packed, and it cannot be unpacked.
    "Q009" BrokenContainer {
        /// What the name says it is, such as `gzip`.
        container: Wording
    };
    /// the lines read are not those the sender's control total counts and adds up.
    "Q010" ControlTotal {
        /// Lines and sum as the sender states them, where stated.
        expected: Wording,
        /// The same as read.
        found: Wording
    };
    /// the contract asks for a control total and the sender gives none.
    "Q011" NoControlTotal {};
    /// a control total names a file that was not delivered.
    "Q012" NotDelivered {
        /// The file's name, made safe.
        found: Shown
    };
    /// the delivery is larger than any may be, packed or not.
    "Q013" TooLarge {
        /// The name of the bound it passes, as `docs/pipelines.md` lists it.
        bound: Wording,
        /// Its value.
        limit: Wording
    };
    /// the workbook has no sheet of the declared name or number.
    "Q014" NoSuchSheet {
        /// The sheet's name, or its number.
        expected: Wording,
        /// The names of the sheets there are.
        found: Shown
    };
    /// the delivery cannot be read: it is a link to nothing, a pipe, forbidden.
    "Q015" Unreadable {
        /// What stands there, by a word the translations have, or what the operating system says.
        found: Wording
    };
    /// it says the same as another delivery, and no name says which is the later.
    "Q016" NoLater {
        /// The other delivery, made safe.
        found: Shown
    };
    /// the delivery is another kind of file than its name says, such as a workbook named `.csv`.
    "Q017" Misnamed {
        /// The kind it is, by its ending or its name.
        found: Wording,
        /// The ending of its name.
        expected: Wording
    };
    /// the cell is no amount.
    "Q101" NotAnAmount {
        /// The cell, made safe.
        found: Shown
    };
    /// a required cell is empty.
    "Q102" MissingValue {};
    /// the cell is no date or month in a declared form.
    "Q103" NotADate {
        /// The cell, made safe.
        found: Shown,
        /// The forms declared.
        expected: Wording
    };
    /// the cell is no whole number.
    "Q104" NotANumber {
        /// The cell, made safe.
        found: Shown
    };
    /// the number is below or above what the contract allows.
    "Q105" OutOfRange {
        /// The cell, made safe.
        found: Shown,
        /// The range allowed.
        expected: Wording
    };
    /// the cell is none of the values the contract lists.
    "Q106" NotListed {
        /// The cell, made safe.
        found: Shown,
        /// The values allowed.
        expected: Wording
    };
    /// the cell is longer or shorter than the contract allows.
    "Q107" WrongLength {
        /// The cell, made safe.
        found: Shown,
        /// The lengths allowed.
        expected: Wording
    };
    /// the cell is no identifier of the declared kind: digits are missing, or the check digit is
    /// another.
    "Q108" NotAnIdentifier {
        /// The cell, made safe.
        found: Shown,
        /// The kind, as the contract writes it.
        expected: Wording
    };
    /// the cell of a workbook holds a formula that has no result.
    "Q109" NoResult {
        /// The formula behind a `=`, or the error it gives, made safe.
        found: Shown
    };
    /// the cell of a workbook holds a span of time or a time of day where a number is due.
    "Q110" TimeNotNumber {
        /// The time, as `h:mm`.
        found: Shown
    };
    /// the cell of a workbook holds a number of more digits than it can keep.
    "Q111" DigitsLost {
        /// The number as the workbook has it, made safe.
        found: Shown
    };
    /// the cell of a workbook is merged with one above, and has no value of its own.
    "Q112" Merged {};
    /// the cell says who or what the line is of, and its letters were encoded twice.
    "Q113" EncodedTwice {
        /// The cell, made safe.
        found: Shown,
        /// What it most likely was, made safe.
        expected: Wording
    };
    /// the cell says who or what the line is of, and a letter of it is lost.
    "Q114" LostLetter {
        /// The cell, made safe.
        found: Shown
    };
    /// the cell of a workbook holds a number and shows another: in thousands, in another currency,
    /// with a sign of the format's own.
    "Q115" ShownOtherwise {
        /// The number and the format it is shown by, made safe.
        found: Shown
    };
    /// the line has another number of cells than the header.
    "Q201" CellCount {
        /// Cells found.
        found: u32,
        /// Cells expected.
        expected: u32
    };
    /// a quote is opened and not closed within the record.
    "Q202" UnclosedQuote {};
    /// the key stands on an earlier line of the same delivery.
    "Q203" DuplicateKey {
        /// The line that has it first.
        first: u32
    };
    /// a value exceeds another it is a part of.
    "Q204" ExceedsWhole {
        /// The column that must not exceed.
        part: Wording,
        /// The column it must not exceed.
        whole: Wording
    };
    /// the line stands above the header, and is data.
    "Q205" AboveHeader {
        /// The line the header stands on.
        header: u32
    };
    /// the line has bytes that are no text in the encoding of the delivery.
    "Q206" NotInEncoding {
        /// The bytes, and what they look like: `0xE6 = æ (windows-1252)`.
        found: Wording,
        /// The encoding.
        expected: Wording
    };
    /// the delivery has a second header, with the columns in another order, and nothing tells which
    /// lines are under which.
    "Q207" OtherHeader {
        /// The line it stands on.
        line: u32
    };
    /// the authority is not in the register.
    "Q301" UnknownAuthority {
        /// The cell, made safe.
        found: Shown
    };
    /// the authority did not exist in the period.
    "Q302" AuthorityNotValid {
        /// The authority's id.
        found: Shown,
        /// First and last month it existed, where there is one.
        expected: (Option<Month>, Option<Month>)
    };
    /// the service is not in the register.
    "Q303" UnknownService {
        /// The cell, made safe.
        found: Shown
    };
    /// the initiative is not in the register.
    "Q304" UnknownInitiative {
        /// The cell, made safe.
        found: Shown
    };
    /// the period is outside the programme.
    "Q305" OutsideProgramme {
        /// The period read.
        found: Period,
        /// First and last month of the programme.
        expected: (Month, Month)
    };
    /// the service belongs to another initiative than the line says.
    "Q306" OtherInitiative {
        /// The initiative on the line.
        found: Shown,
        /// The service's initiative.
        expected: Wording
    };
    /// the line's authority or period is not the one the file name gives.
    "Q307" NotOfThisFile {
        /// What the line says.
        found: Shown,
        /// What the file name says.
        expected: Wording
    };
    /// a text holds what may be a personal identity number (CPR). It is shown nowhere.
    "Q401" PossibleCpr {};
    /// a correction is for a line that does not stand refused by itself.
    "Q501" CorrectedNotRefused {
        /// The delivery it names, made safe.
        found: Shown,
        /// The line it names.
        line: u32
    };
    /// a correction is for a file that was not delivered.
    "Q502" CorrectedNotDelivered {
        /// The delivery it names, made safe.
        found: Shown
    };
    /// a correction is for a line that has another.
    "Q503" CorrectedTwice {
        /// Where the first stands.
        first: Shown
    };
    /// a correction is for a file of this name with other bytes.
    "Q504" CorrectedOther {
        /// The delivery it names, made safe.
        found: Shown
    };
    /// a correction is from someone whose line it is not.
    "Q505" CorrectedByOther {
        /// The pack, made safe.
        found: Shown,
        /// Whose the line is, made safe; the name of the pack without a receiver, where no one can
        /// tell.
        expected: Wording
    };
    /// a row that was added to a correction pack, and corrects no line.
    "Q506" CorrectsNothing {};
}

#[cfg(test)]
mod tests {
    use super::{Fault, Quarantined, Reason};

    #[test]
    fn codes_are_unique_and_in_order() {
        assert!(Reason::CODES.windows(2).all(|pair| pair[0] < pair[1]));
    }

    /// A run holds every refused line to its end: a hundred thousand of them, a thousandth of a
    /// hundred million, are to take a few MiB. What they share stands elsewhere, once.
    #[test]
    fn a_refused_line_is_small() {
        assert!(size_of::<Reason>() <= 32, "{} bytes", size_of::<Reason>());
        assert!(size_of::<Fault>() <= 40, "{} bytes", size_of::<Fault>());
        assert!(size_of::<Quarantined>() <= 104, "{} bytes", size_of::<Quarantined>());
    }
}
