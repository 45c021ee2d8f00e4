//! `gevinst sample`: made-up deliveries with known answers.

use crate::cli::say::{path, say};
use crate::cli::{CLEAN, Outcome};
use crate::disk;
use crate::run::define;
use crate::sample::{Size, make};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Pipeline folder the deliveries are made for
    pipeline: PathBuf,
    /// Folder to write them to, replacing an earlier sample
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Lines to make in all, about [default: what the committed sample has]
    #[arg(long, value_name = "N")]
    lines: Option<u32>,
}

pub(super) fn sample(arguments: &Arguments) -> Outcome {
    disk::may_replace(&arguments.out, disk::SAMPLE)?;
    let (programme, _) = define(&disk::read_folder(&arguments.pipeline)?)?;
    let size = match arguments.lines {
        Some(lines) => Size::of_lines(&programme, lines),
        None => Size::default(),
    };
    let made = make(&programme, &size);
    disk::replace(&arguments.out, &made.files)?;
    // The files are in their place, whether or not this can be said.
    let _ = say(format_args!("sample: {} files in {}", made.files.len(), path(&arguments.out)));
    Ok(CLEAN)
}
