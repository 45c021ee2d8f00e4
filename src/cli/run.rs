//! `gevinst run`: the main job.

use crate::cli::input::InputArguments;
use crate::cli::outcome::CommandResult;
use crate::cli::process::set_jobs;
use crate::cli::progress::Progress;
use crate::cli::say::{path, say};
use crate::cli::summary;
use crate::run::{Options, run as run_pipeline};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct RunArguments {
    #[command(flatten)]
    input: InputArguments,
    /// Folder the report replaces [default: reports/ and the pipeline's name]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn run(arguments: RunArguments) -> CommandResult {
    let cache = arguments.input.cache();
    let InputArguments { pipeline, deliveries, previous, as_of, jobs, .. } = arguments.input;
    set_jobs(jobs)?;
    let options = Options { pipeline, deliveries, out: arguments.out, previous, as_of, cache };
    let outcome = run_pipeline(&options, &Progress::new())?;
    let landing = outcome.out.join("index.html");
    // The report is in its place, and its receipt says all of this: a run is not broken by a log
    // that cannot be written.
    let _ = say(format_args!("report: {}", path(&landing)))
        .and_then(|()| summary::print(&outcome.programme, &outcome.ledger));
    Ok(summary::code(&outcome.programme, &outcome.ledger))
}
