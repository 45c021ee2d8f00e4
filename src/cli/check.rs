//! `gevinst check`: contracts only, no report.

use crate::cli::progress::Progress;
use crate::cli::{Input, Outcome, language, say, set_jobs, summary};
use crate::domain::language::Language;
use crate::run::{Options, read};
use crate::write::text::texts;
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Language of the reasons: da or en [default: the pipeline's first]
    #[arg(long, value_name = "LANGUAGE", value_parser = language)]
    language: Option<Language>,
}

/// Prints for each refused line `file:line: code column: reason` and what to do, then the summary.
pub(super) fn check(arguments: Arguments) -> Outcome {
    let Input { pipeline, deliveries, as_of, jobs } = arguments.input;
    set_jobs(jobs);
    let options = Options { pipeline, deliveries, out: None, as_of };
    let (programme, _, ledger) = read(&options, &Progress::new())?;
    let first = programme.languages.first().copied().unwrap_or(Language::Da);
    let texts = texts(arguments.language.unwrap_or(first), &programme.currency.unit);
    for refused in &ledger.quarantine {
        let name = &ledger.deliveries[refused.delivery.place()].account.name;
        let line = refused.line.unwrap_or(1);
        let reason = &refused.fault.reason;
        let column =
            refused.fault.column.as_deref().map_or_else(String::new, |column| format!(" {column}"));
        say(format_args!("{name}:{line}: {}{column}: {}", reason.code(), texts.reason(reason)))?;
        say(format_args!("  {}: {}", texts.help(), texts.reason_help(reason)))?;
    }
    summary::print(&programme, &ledger)?;
    Ok(summary::code(&programme, &ledger))
}
