//! The few lines a run ends with, and the exit code they stand for.

use crate::cli::outcome::{CLEAN, OVER_LIMIT};
use crate::cli::say::say;
use crate::domain::delivery::DeliveryId;
use crate::domain::error::Error;
use crate::domain::privacy::masked;
use crate::domain::quarantine::Reason;
use crate::ledger::Ledger;
use crate::ledger::notices::by_code;
use crate::ledger::previous::PreviousCheck;
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
    for again in &ledger.again {
        let (name, first) = (masked(&again.name), masked(&again.first));
        say(format_args!("read once: `{name}` is `{first}` by another name"))?;
    }
    let (delivered, awaited) = ledger.coverage.delivered();
    if awaited > 0 {
        say(format_args!("coverage: {delivered} of {awaited} awaited months delivered"))?;
    }
    for (code, count) in reasons(ledger) {
        say(format_args!("refused for {code}: {count}"))?;
    }
    for (code, (count, ..)) in by_code(&ledger.notices) {
        say(format_args!("notices {code}: {count}"))?;
    }
    for line in &ledger.corrections.corrected {
        let of = place(ledger, line.refused.delivery, line.refused.line.unwrap_or(1));
        let by = place(ledger, line.by.delivery, line.by.line);
        let code = line.refused.fault.reason.code();
        say(format_args!("corrected: {of} ({code}) by {by}"))?;
    }
    for attempt in &ledger.corrections.failed {
        let of = place(ledger, attempt.of.delivery, attempt.of.line);
        let by = place(ledger, attempt.refused.delivery, attempt.refused.line.unwrap_or(1));
        say(format_args!("still refused: {of}, for the correction {by} fails"))?;
    }
    let personal = ledger.quarantine.iter().filter(|line| is_personal(&line.fault.reason)).count();
    if personal > 0 {
        say(format_args!(
            "possible personal numbers: {personal} lines; quarantine.csv says where, not what"
        ))?;
    }
    compare(ledger, programme)?;
    if ledger.over_limit(&programme.limits) {
        say(format_args!(
            "over the limit: more is {} than pipeline.toml tolerates under [limits]",
            over(ledger, programme)
        ))?;
    }
    Ok(())
}

/// What there is more of than tolerated, in words.
fn over(ledger: &Ledger, programme: &Programme) -> String {
    let mut over = Vec::new();
    if ledger.refused_too_much(&programme.limits) {
        over.push("refused".to_owned());
    }
    if ledger.replaced_too_much(&programme.limits) {
        over.push("superseded".to_owned());
    }
    over.extend(ledger.too_many(&programme.limits).iter().map(|code| format!("noticed ({code})")));
    over.join(", ")
}

fn reasons(ledger: &Ledger) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for refused in &ledger.quarantine {
        *counts.entry(refused.fault.reason.code()).or_default() += 1;
    }
    counts
}

/// Says how the run stands to the one before it, with both figures, in what the pipeline asks.
fn compare(ledger: &Ledger, programme: &Programme) -> Result<(), Error> {
    let exceeded = ledger.exceeded(&programme.limits);
    let code = &programme.currency.code;
    let lines = |refused: u32, read: u32| format!("{refused} of {read} lines");
    let now = &ledger.balance;
    let figures = [
        (exceeded.lines_before, lines(now.lines.refused, now.lines.read)),
        (exceeded.amount_before, format!("{code} {}", now.refused_absolute)),
    ];
    let then = ledger.previous.as_ref().map(|then| {
        let amount = format!("{code} {}", then.refused_absolute);
        (&then.as_of, [lines(then.lines_refused, then.lines_read), amount])
    });
    for (place, (standing, now)) in figures.into_iter().enumerate() {
        let verdict = match standing {
            PreviousCheck::NotAsked => continue,
            PreviousCheck::NoPrevious => "no previous result; name its receipt with --previous",
            PreviousCheck::NotWorse => "not worse",
            PreviousCheck::Worse => "worse",
        };
        let then = then.as_ref().map_or_else(String::new, |(as_of, then)| {
            format!("; last time, as of {as_of}, {}", then[place])
        });
        say(format_args!("refused: {now}{then}: {verdict}"))?;
    }
    Ok(())
}

fn place(ledger: &Ledger, delivery: DeliveryId, line: u32) -> String {
    format!("{}:{line}", ledger.deliveries[delivery.place()].account.shown())
}

fn is_personal(reason: &Reason) -> bool {
    matches!(reason, Reason::PossibleCpr {})
}
