//! What counts and should be known: between what is refused and what needs no word.

use crate::domain::coded::{Detail as _, coded};
use crate::domain::delivery::DeliveryId;
use crate::domain::money::Oere;
use crate::domain::period::{Month, Period};
use crate::domain::privacy::Shown;
use crate::domain::wording::Wording;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// One thing to know of a delivery. Nothing is refused for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The delivery.
    pub delivery: DeliveryId,
    /// What there is to know.
    pub what: Remark,
    /// How many lines it is about; 0 where it is about the file.
    pub lines: u32,
    /// What stands on them; `None` where they have no amounts.
    pub amount: Option<Oere>,
}

coded! {
    /// What there is to know. Codes are stable: never reused, never renumbered.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
    Remark, "notice_title";
    /// a later delivery replaced all of it.
    "N001" Replaced {
        /// The later delivery, made safe.
        found: Shown
    };
    /// a later delivery replaced some of it, and the rest counts.
    "N002" ReplacedInPart {
        /// The later delivery, made safe.
        found: Shown,
        /// First and last month replaced.
        months: (Month, Month)
    };
    /// it has the bytes of another delivery, and counts there.
    "N003" Copy {
        /// The other delivery, made safe.
        found: Shown
    };
    /// it has the bytes of another delivery of another kind, and both count.
    "N004" ReadTwice {
        /// The other delivery, made safe.
        found: Shown
    };
    /// a delivery of another kind measures the same of the same authority and period, and both
    /// count.
    "N005" MeasuredTwice {
        /// The other delivery, made safe.
        found: Shown,
        /// What is measured, as contracts write it.
        measure: Wording
    };
    /// numbers were rounded, as the contract says.
    "N006" Rounded {
        /// What that added to the sum of amounts, in currency units.
        added: Wording
    };
    /// its last line has no line end, as in a file that was cut.
    "N007" OpenEnd {};
    /// some dates lie far from the others.
    "N008" FarDates {
        /// First and last month of them.
        found: (Month, Month),
        /// First and last month of the others.
        expected: (Month, Month)
    };
    /// the sum of a period is another by a power of ten than the sender's other periods.
    "N009" PowerOfTen {
        /// The period.
        period: Period,
        /// The power of ten, as `10` or `1/1000`.
        factor: Wording,
        /// What is usual.
        usual: Oere
    };
    /// the sender writes one name in two ways, which count as two.
    "N010" Spellings {
        /// The rarer way, made safe.
        found: Shown,
        /// The other, made safe.
        expected: Shown
    };
    /// its sum is another by a power of ten than that of the delivery of its name, marks aside, in
    /// the run before.
    "N011" MovedSince {
        /// The power of ten, as `10` or `1/1000`.
        factor: Wording,
        /// What it was.
        usual: Oere
    };
    /// another way leads to the same file, or to the folder it is in, and it is read once.
    "N012" ReadOnce {
        /// The other way, made safe.
        found: Shown
    };
    /// it is of the same file as another, as a resend is, and both count, for nothing is replaced.
    "N013" ResentAndAdded {
        /// The other delivery, made safe.
        found: Shown
    };
    /// its sum is another by a power of ten than the sender's deliveries had in the run before.
    "N014" SenderMovedSince {
        /// The delivery with the usual sum, made safe.
        found: Shown,
        /// The power of ten, as `10` or `1/1000`.
        factor: Wording,
        /// What is usual.
        usual: Oere
    };
    /// other sheets of the workbook have the contract's headings and lines below them, and are not
    /// read.
    "N015" OtherSheets {
        /// The sheets, made safe.
        found: Shown
    };
    /// it says the same as another delivery of its kind, in other bytes, and both count.
    "N016" SaysTheSame {
        /// The other delivery, made safe.
        found: Shown
    };
    /// lines of it stand in it twice, one behind the other as they did before, and count twice.
    "N017" Repeated {
        /// The first line that stands there again.
        first: u32,
        /// The line it stood on before.
        before: u32
    };
    /// it has the bytes of a delivery of another authority, which nothing but its name tells, and
    /// both count.
    "N018" CopyOfOther {
        /// The other delivery, made safe.
        found: Shown
    };
    /// it has a window, and the same is said of months or shorter windows in it, and both count.
    "N019" WindowAndMonths {
        /// The delivery with those, made safe.
        found: Shown,
        /// The window.
        period: Period,
        /// What is measured, as contracts write it.
        measure: Wording
    };
    /// the count of a service in a period is another by a power of ten than in its other periods.
    "N020" CountMoved {
        /// What is counted, as a contract calls it.
        measure: Wording,
        /// The service, made safe; `-` for lines without one.
        service: Shown,
        /// The period.
        period: Period,
        /// How many there are.
        count: Wording,
        /// The power of ten, as `100` or `1/1000`.
        factor: Wording,
        /// What is usual.
        usual: Wording
    };
}
