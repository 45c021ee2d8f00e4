//! `gevinst sample`: made-up deliveries with known answers.

use crate::cli::outcome::{CLEAN, CommandResult};
use crate::cli::say::{path, put_aside, say};
use crate::run::sample as make_up;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct SampleArguments {
    /// Pipeline folder the deliveries are made for
    pipeline: PathBuf,
    /// Folder to write them to, replacing an earlier sample
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Lines to make in all, about [default: what the committed sample has]
    #[arg(long, value_name = "N")]
    lines: Option<u32>,
}

pub(super) fn sample(arguments: &SampleArguments) -> CommandResult {
    let SampleArguments { pipeline, out, lines } = arguments;
    let (files, aside) = make_up(pipeline, *lines, out)?;
    if let Some(aside) = aside {
        put_aside(&aside);
    }
    // The files are in their place, whether or not this can be said.
    let _ = say(format_args!("sample: {files} files in {}", path(out)));
    Ok(CLEAN)
}
