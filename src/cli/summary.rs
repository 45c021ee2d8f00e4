//! The few lines a run ends with, and the exit code they stand for.

use crate::cli::{CLEAN, OVER_LIMIT, say};
use crate::domain::error::Error;
use crate::domain::quarantine::Reason;
use crate::ledger::Ledger;
use crate::programme::model::Programme;
use std::collections::BTreeMap;

/// The exit code of what was read, by what the pipeline tolerates.
pub(super) fn code(programme: &Programme, ledger: &Ledger) -> u8 {
    if ledger.over_limit(&programme.limits) { OVER_LIMIT } else { CLEAN }
}

/// Prints what was read and what became of it.
pub(super) fn print(programme: &Programme, ledger: &Ledger) -> Result<(), Error> {
    let balance = &ledger.balance;
    let lines = balance.lines;
    let oere = balance.oere;
    let code = &programme.currency.code;
    say(format_args!("deliveries: {}", ledger.deliveries.len()))?;
    say(format_args!(
        "lines: {} read = {} posted + {} superseded + {} refused",
        lines.read, lines.posted, lines.superseded, lines.refused
    ))?;
    say(format_args!(
        "{code}: {} read = {} posted + {} superseded + {} refused; {} refused lines without a \
         readable amount",
        oere.read, oere.posted, oere.superseded, oere.refused, balance.refused_unreadable
    ))?;
    let (delivered, awaited) = ledger.coverage.delivered();
    if awaited > 0 {
        say(format_args!("coverage: {delivered} of {awaited} awaited months delivered"))?;
    }
    for (code, count) in reasons(ledger) {
        say(format_args!("refused for {code}: {count}"))?;
    }
    let personal = ledger.quarantine.iter().filter(|line| is_personal(&line.fault.reason)).count();
    if personal > 0 {
        say(format_args!(
            "possible personal numbers: {personal} lines; quarantine.csv says where, not what"
        ))?;
    }
    if ledger.over_limit(&programme.limits) {
        say(format_args!(
            "over the limit: more is refused than pipeline.toml tolerates under [limits]"
        ))?;
    }
    Ok(())
}

fn reasons(ledger: &Ledger) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for refused in &ledger.quarantine {
        *counts.entry(refused.fault.reason.code()).or_default() += 1;
    }
    counts
}

fn is_personal(reason: &Reason) -> bool {
    matches!(reason, Reason::PossibleCpr {})
}
