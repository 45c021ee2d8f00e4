//! What becomes of one record: accepted with what it says, or refused with why.

use crate::contract::compiled::Layout;
use crate::contract::schema::SurplusCells;
use crate::domain::delivery::DeliveryId;
use crate::domain::id::AuthorityId;
use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::period::Period;
use crate::domain::privacy::Shown;
use crate::domain::privacy::may_hold_cpr;
use crate::domain::quarantine::{Common, Fault, Quarantined, Reason};
use crate::domain::wording::Wording;
use crate::source::line::LineCells;
use crate::source::split::is_blank;
use crate::validate::check::check;
use crate::validate::line_values::LineValues;
use crate::validate::other_header;
use crate::validate::setting::Setting;
use std::sync::LazyLock;

/// What a delivery must be whose sums are held in `i64`.
static TOO_HEAVY: LazyLock<Wording> =
    LazyLock::new(|| Wording::from("a delivery's sum below 92,233 trillion"));

/// The verdict on one record.
pub(crate) enum Verdict {
    /// It is posted.
    Accepted(LineValues),
    /// It is not.
    Refused(Refusal),
}

/// A refused line.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// Physical line on which the record begins, 1-based.
    pub(crate) line: u32,
    /// The leftmost fault, and the others, left to right.
    pub(crate) fault: Fault,
    pub(crate) also: Box<[Fault]>,
    pub(crate) authority: Option<AuthorityId>,
    pub(crate) period: Option<Period>,
    /// The line's amount, where it can be read.
    pub(crate) amount: Option<Oere>,
}

impl Refusal {
    /// Refuses a line whose cells cannot be told apart.
    pub(crate) fn of_layout(line: u32, setting: &Setting, reason: Reason) -> Refusal {
        Refusal {
            line,
            fault: Fault { column: None, reason },
            also: Box::default(),
            authority: setting.sender.clone(),
            period: None,
            amount: None,
        }
    }

    /// Refuses a line with a quote that is not closed, `raw` as it stands.
    pub(crate) fn of_unclosed(
        line: u32,
        setting: &Setting,
        (layout, raw): (&Layout, &[u8]),
    ) -> Refusal {
        let personal = may_hold_cpr(&layout.without_escapes(raw));
        let reason = if personal { Reason::PossibleCpr {} } else { Reason::UnclosedQuote {} };
        Refusal::of_layout(line, setting, reason)
    }

    /// The same for bytes that are no text, where the layout alone was at fault: they are why.
    pub(crate) fn or_stray(mut self, stray: Option<Reason>) -> Refusal {
        let layout =
            matches!(self.fault.reason, Reason::UnclosedQuote {} | Reason::CellCount { .. });
        if let Some(stray) = stray.filter(|_| layout) {
            self.fault.reason = stray;
        }
        self
    }

    /// The same as it is kept, with what it shares with others once. `amounts`: whether each line
    /// of the delivery carries one.
    pub(crate) fn into_quarantined(
        self,
        delivery: DeliveryId,
        amounts: bool,
        common: &mut Common,
    ) -> Quarantined {
        let Refusal { line, fault, also, authority, period, amount } = self;
        let authority = authority.map(|authority| common.authority(authority));
        let amount = if amounts { Known::from_option(amount) } else { Known::NotApplicable };
        Quarantined { delivery, line: Some(line), fault, also, authority, period, amount }
    }
}

/// What is known of the lines before this one.
pub(crate) trait Book {
    /// The line that had this key before, if one had; otherwise `line` has it now.
    fn repeated(&mut self, key: &[u8], line: u32) -> Option<u32>;

    /// Makes room for a line's values; false when the delivery's sums could leave `i64`.
    fn fits_in_sum(&mut self, values: &[[Option<i64>; 8]]) -> bool;
}

/// Holds one record against the contract and the lines before it.
pub(crate) fn judge(
    setting: &Setting,
    layout: &Layout,
    line: u32,
    record: &impl LineCells,
    book: &mut impl Book,
) -> Verdict {
    let verdict = judge_data(setting, layout, line, record, book);
    if matches!(verdict, Verdict::Refused(_)) && other_header::is_one(setting, record) {
        return Verdict::Refused(Refusal::of_layout(line, setting, Reason::OtherHeader { line }));
    }
    verdict
}

/// The same for a record that is no header.
fn judge_data(
    setting: &Setting,
    layout: &Layout,
    line: u32,
    record: &impl LineCells,
    book: &mut impl Book,
) -> Verdict {
    let width = setting.header.width;
    let surplus = record.width() > width && may_pass(layout, record, width);
    if record.width() != width && !surplus {
        if setting.guard.stops(record).is_some() {
            return Verdict::Refused(Refusal::of_layout(line, setting, Reason::PossibleCpr {}));
        }
        let count = |cells: usize| u32::try_from(cells).unwrap_or(u32::MAX);
        let reason = Reason::CellCount { found: count(record.width()), expected: count(width) };
        return Verdict::Refused(Refusal::of_layout(line, setting, reason));
    }
    let mut values = check(setting, record);
    if values.faults.is_empty() && !setting.contract.key.is_empty() {
        let key = std::mem::take(&mut values.key);
        if let Some(first) = book.repeated(&key, line) {
            let reason = Reason::DuplicateKey { first };
            values.faults.push((usize::MAX, Fault { column: None, reason }));
        }
    }
    if values.faults.is_empty() && !book.fits_in_sum(&values.values) {
        let count = || values.values.iter().flatten().flatten().max_by_key(|it| it.unsigned_abs());
        let found = values
            .amount()
            .map_or_else(|| Shown::number(count().copied().unwrap_or(0).into()), Shown::amount);
        let expected = TOO_HEAVY.clone();
        let reason = Reason::OutOfRange { found, expected };
        values.faults.push((usize::MAX, Fault { column: None, reason }));
    }
    let mut faults = values.sorted_faults();
    let Some(fault) = faults.next() else {
        drop(faults);
        return Verdict::Accepted(values);
    };
    let also = faults.collect();
    let amount = values.amount();
    let LineValues { authority, period, .. } = values;
    Verdict::Refused(Refusal { line, fault, also, authority, period, amount })
}

/// Refuses a record with bytes that are no text; what it says is kept as far as it can be read.
pub(crate) fn refuse_stray(
    setting: &Setting,
    layout: &Layout,
    line: u32,
    record: &impl LineCells,
    stray: Reason,
) -> Refusal {
    let whole = record.width() == setting.header.width;
    if !whole && let Verdict::Refused(refusal) = judge(setting, layout, line, record, &mut Unread) {
        return refusal.or_stray(Some(stray));
    }
    let mut values = check(setting, record);
    let guarded = |(_, fault): &(usize, Fault)| matches!(fault.reason, Reason::PossibleCpr {});
    if !values.faults.iter().any(guarded) {
        values.faults.insert(0, (0, Fault { column: None, reason: stray }));
    }
    let mut faults = values.sorted_faults();
    let fault = faults.next().expect("it has one");
    let also = faults.collect();
    let amount = values.amount();
    Refusal { line, fault, also, authority: values.authority, period: values.period, amount }
}

/// The book of a line that is refused whatever stands on others.
struct Unread;

impl Book for Unread {
    fn repeated(&mut self, _: &[u8], _: u32) -> Option<u32> {
        None
    }

    fn fits_in_sum(&mut self, _: &[[Option<i64>; 8]]) -> bool {
        true
    }
}

/// Whether the cells beyond the header may be read over.
fn may_pass(layout: &Layout, record: &impl LineCells, width: usize) -> bool {
    let mut buffer = Vec::new();
    match layout.surplus {
        SurplusCells::Refuse => false,
        SurplusCells::Ignore => true,
        SurplusCells::IgnoreEmpty => {
            (width..record.width()).all(|place| is_blank(record.cell(place, &mut buffer)))
        }
    }
}
