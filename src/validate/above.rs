//! What stands above a header that is looked for: preamble, or data that would be lost.

use crate::contract::compiled::{Layout, Role};
use crate::domain::quarantine::{Fault, Reason};
use crate::source::split::{RecordKind, Split, is_blank};
use crate::validate::check::check;
use crate::validate::line_values::LineValues;
use crate::validate::not_data::Rules;
use crate::validate::setting::Setting;
use crate::validate::verdict::Refusal;
use std::io;

/// A line above the header.
pub(crate) enum Above {
    /// Nothing stands on it.
    Blank,
    /// A title, a date of printing, or the like.
    Preamble,
    /// A record of the table: the sheet was sorted with its header, or two files were joined.
    Data(Refusal),
}

/// Tells what `line_bytes` is, the bytes of a physical line. It is data where it has a cell for
/// each heading and holds, or says when and how much.
pub(crate) fn of(
    line_bytes: &[u8],
    line: u32,
    delimiter: u8,
    setting: &Setting,
    (layout, rules): (&Layout, &Rules),
) -> io::Result<Above> {
    if is_blank(line_bytes) {
        return Ok(Above::Blank);
    }
    let mut split = Split::of(line_bytes, delimiter, layout);
    let whole = split.next()? == Some(RecordKind::Record) && split.width() == setting.header.width;
    let comment = layout.comment.is_some_and(|mark| split.begins_with(mark))
        || layout.comment_rows.contains(&line);
    if !whole || comment || rules.verdict(&split).is_some() {
        return Ok(Above::Preamble);
    }
    let values = check(setting, &split);
    if !is_data(setting, &values) {
        return Ok(Above::Preamble);
    }
    let reason = Reason::AboveHeader { header: setting.header.line };
    let (amount, guarded) = (values.amount(), setting.guard.stops(&split).is_some());
    let reason = if guarded { Reason::PossibleCpr {} } else { reason };
    Ok(Above::Data(Refusal {
        line,
        fault: Fault { column: None, reason },
        also: Box::default(),
        authority: values.authority,
        period: values.period,
        amount,
    }))
}

/// Whether a line says whatever a record of the table does, or at least when and how much.
fn is_data(setting: &Setting, values: &LineValues) -> bool {
    let contract = setting.contract;
    let dated = contract.columns.iter().any(|column| column.role == Some(Role::Period));
    let measured = values.values.iter().flatten().any(Option::is_some);
    values.faults.is_empty() || (measured && values.period.is_some() && dated)
}
