//! `gevinst check`: contracts only, no report; correction packs where they are asked for.

use crate::cli::input::{InputArguments, language};
use crate::cli::outcome::CommandResult;
use crate::cli::process::set_jobs;
use crate::cli::progress::Progress;
use crate::cli::say::{path, say, say_printed};
use crate::cli::summary;
use crate::domain::language::Language;
use crate::domain::neutral::printed;
use crate::domain::quarantine::Quarantined;
use crate::ledger::Ledger;
use crate::run::{CheckOutputs, Options, check as check_deliveries};
use crate::write::text::messages::{Texts, texts};
use clap::Args;
use rayon::prelude::*;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Refused lines printed at once: a write for each of many takes longer than finding them.
const AT_ONCE: usize = 256;

/// Bytes most of them need.
const LISTED: usize = 320;

#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    #[command(flatten)]
    input: InputArguments,
    /// Language of the reasons: da or en [default: the pipeline's first]
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    language: Option<Language>,
    /// Folder that correction packs replace, one a sender with something refused [default: none is
    /// written]
    #[arg(long, value_name = "DIR")]
    rettelser: Option<PathBuf>,
    /// File that every fact is written to, as data/facts.csv of a report [default: none is written]
    #[arg(long, value_name = "FILE")]
    facts: Option<PathBuf>,
}

/// Prints for each refused line `file:line: code column: reason` and what to do, then the summary.
pub(super) fn check(arguments: CheckArguments) -> CommandResult {
    let cache = arguments.input.cache();
    let InputArguments { pipeline, deliveries, previous, as_of, jobs, .. } = arguments.input;
    set_jobs(jobs)?;
    let options = Options { pipeline, deliveries, out: None, previous, as_of, cache };
    let (packs, facts) = (arguments.rettelser.as_deref(), arguments.facts.as_deref());
    let wanted = CheckOutputs { packs, facts };
    let (programme, ledger) = check_deliveries(&options, wanted, &Progress::new())?;
    let first = programme.languages.first().copied().unwrap_or(Language::Da);
    let texts = texts(arguments.language.unwrap_or(first), &programme.currency.unit);
    let attempts = ledger.corrections.failed.iter().map(|attempt| &attempt.refused);
    let refused: Vec<&Quarantined> = ledger.quarantine.iter().chain(attempts).collect();
    for some in refused.chunks(AT_ONCE * 16) {
        let listed = some.par_chunks(AT_ONCE).map(|some| list(&ledger, &texts, some));
        for lines in listed.collect::<Vec<String>>() {
            say_printed(lines.trim_end())?;
        }
    }
    for notice in &ledger.notices {
        let name = ledger.deliveries[notice.delivery.place()].account.shown();
        say(format_args!("{name}: {}: {}", notice.what.code(), texts.notice(notice)))?;
        say(format_args!("  {}: {}", texts.help(), texts.notice_help(&notice.what)))?;
    }
    summary::print(&programme, &ledger)?;
    if let Some(packs) = packs {
        say(format_args!("rettelser: {}", path(packs)))?;
    }
    if let Some(facts) = facts {
        say(format_args!("facts: {}", path(facts)))?;
    }
    let code = summary::code(&programme, &ledger);
    // The process ends here: to take everything apart first would only keep who waits for it.
    std::mem::forget((programme, ledger));
    Ok(code)
}

/// Refused lines in words.
fn list(ledger: &Ledger, texts: &Texts, some: &[&Quarantined]) -> String {
    let mut listed = String::with_capacity(some.len() * LISTED);
    for refused in some {
        let name = ledger.deliveries[refused.delivery.place()].account.shown();
        let line = refused.line.unwrap_or(1);
        let reason = &refused.fault.reason;
        let column =
            refused.fault.column.as_deref().map_or_else(String::new, |column| format!(" {column}"));
        let (code, said) = (reason.code(), texts.reason(reason));
        let help = texts.reason_help(reason);
        let refused = printed(&format!("{name}:{line}: {code}{column}: {said}"));
        let help = printed(&format!("  {}: {help}", texts.help()));
        writeln!(listed, "{refused}\n{help}").expect("a String takes any text");
    }
    listed
}
