//! Arguments to options, outcomes to exit codes. The only room that prints.

mod check;
#[cfg(unix)]
mod interrupt;
mod process;
mod progress;
mod run;
mod sample;
mod say;
mod sniff;
mod summary;

use crate::cli::say::{complain, complain_of, parse};
use crate::domain::error::Error;
use crate::domain::language::Language;
use crate::domain::period::Month;
use crate::ingest::remember::Trust;
use crate::run::Cache;
use clap::{Args, Parser, Subcommand};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Exit code of a run that did its job and stayed within the pipeline's limits.
const CLEAN: u8 = 0;
/// Exit code of a run that could not be carried through; the previous report is untouched.
const BROKEN: u8 = 1;
/// Exit code of a command line, or an environment, that is wrong; nothing is written.
const USAGE: u8 = 2;
/// Exit code of a run that wrote its report, with more refused than the pipeline tolerates.
const OVER_LIMIT: u8 = 3;

/// Delivered spending and usage files in, a reconciled benefits report out.
#[derive(Debug, Parser)]
#[command(
    name = "gevinst",
    version,
    after_help = "Exit codes: 0 clean; 1 broken run, nothing written; 2 wrong usage; \
                  3 more refused than the pipeline tolerates; 129, 130 or 143 interrupted by \
                  SIGHUP, SIGINT or SIGTERM."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read the deliveries and write the report
    Run(run::Arguments),
    /// Hold the deliveries against their contracts and list what fails; write nothing
    Check(check::Arguments),
    /// Look at an unknown file and propose a contract for it, on standard output
    Sniff(sniff::Arguments),
    /// Make up deliveries with known answers for a pipeline
    Sample(sample::Arguments),
}

/// What `run` and `check` both ask for.
#[derive(Debug, Args)]
struct Input {
    /// Pipeline folder, such as pipelines/faellesoffentlig-2016-2020
    pipeline: PathBuf,
    /// Folder of deliveries [default: the one the pipeline names]
    #[arg(long, value_name = "DIR")]
    deliveries: Option<PathBuf>,
    /// The receipt.json of the last run, which limits that say "not worse" are held against
    #[arg(long, value_name = "RECEIPT")]
    previous: Option<PathBuf>,
    /// Month to look back from, yyyy-mm [default: the last month anything was posted for]
    #[arg(long, value_name = "MONTH", value_parser = month)]
    as_of: Option<Month>,
    /// Folder to remember deliveries in: one with the bytes it had is not read anew [default:
    /// nothing is remembered]
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// Take a delivery for what it was by its size and times alone, without reading it
    #[arg(long, requires = "cache")]
    trust_times: bool,
    /// Threads to use, at most four a core [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
}

impl Input {
    /// Where deliveries are remembered, and how far that is trusted.
    fn cache(&self) -> Option<Cache> {
        let trust = if self.trust_times { Trust::Times } else { Trust::Bytes };
        self.cache.clone().map(|folder| Cache { folder, trust })
    }
}

/// Runs the command line and says how it went.
pub fn main() -> ExitCode {
    process::be_quiet();
    if let Err(variable) = process::be_alone() {
        let what = format!("`{variable}` is set, and would change how a library works");
        complain_of("error", &format!("{what}\nhelp: unset it"));
        return ExitCode::from(USAGE);
    }
    let arguments: Arguments = match parse() {
        Ok(arguments) => arguments,
        Err(code) => return ExitCode::from(code),
    };
    #[cfg(unix)]
    interrupt::watch();
    let outcome = match arguments.command {
        Command::Run(arguments) => run::run(arguments),
        Command::Check(arguments) => check::check(arguments),
        Command::Sniff(arguments) => sniff::sniff(&arguments),
        Command::Sample(arguments) => sample::sample(&arguments),
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            complain("error", &error);
            ExitCode::from(if matches!(error, Error::Usage { .. }) { USAGE } else { BROKEN })
        }
    }
}

/// Says where something is kept that came into a folder while it was replaced.
fn put_aside(folder: &Path) {
    let kept = say::path(folder);
    complain_of(
        "warning",
        &format!(
            "something came into the old folder while it was replaced; it is kept in `{kept}`"
        ),
    );
}

fn language(tag: &str) -> Result<Language, String> {
    Language::from_tag(tag).ok_or_else(|| "write da or en".to_owned())
}

fn month(text: &str) -> Result<Month, String> {
    text.parse().map_err(|()| "write yyyy-mm, such as 2019-03".to_owned())
}

/// A result of a subcommand: its exit code, or why the run broke.
type Outcome = Result<u8, Error>;
