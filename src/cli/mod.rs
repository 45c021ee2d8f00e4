//! Arguments to options, outcomes to exit codes. The only room that prints.

mod check;
mod input;
#[cfg(unix)]
mod interrupt;
mod outcome;
mod process;
mod progress;
mod run;
mod sample;
mod say;
mod sniff;
mod summary;

use crate::cli::outcome::{BROKEN, USAGE};
use crate::cli::say::{complain, complain_of, parse};
use crate::domain::error::Error;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Delivered spending and usage files in, a reconciled benefits report out.
#[derive(Debug, Parser)]
#[command(
    name = "gevinst",
    version,
    after_help = "Exit codes: 0 clean; 1 broken run, nothing written; 2 wrong usage; \
                  3 more refused than the pipeline tolerates; 129, 130 or 143 interrupted by \
                  SIGHUP, SIGINT or SIGTERM."
)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Read the deliveries and write the report
    Run(run::RunArguments),
    /// Hold the deliveries against their contracts and list what fails; write nothing
    Check(check::CheckArguments),
    /// Look at an unknown file and propose a contract for it, on standard output
    Sniff(sniff::SniffArguments),
    /// Make up deliveries with known answers for a pipeline
    Sample(sample::SampleArguments),
}

/// Runs the command line and says how it went.
pub fn main() -> ExitCode {
    process::be_quiet();
    if let Err(variable) = process::be_alone() {
        let what = format!("`{variable}` is set, and would change how a library works");
        complain_of("error", &format!("{what}\nhelp: unset it"));
        return ExitCode::from(USAGE);
    }
    let arguments: CommandLine = match parse() {
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
