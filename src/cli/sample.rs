//! `gevinst sample`: made-up deliveries with known answers.

use crate::cli::{CLEAN, Outcome};
use crate::domain::language::Language;
use crate::run::define;
use crate::{disk, sample as made_up};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Pipeline folder the deliveries are made for
    pipeline: PathBuf,
    /// Folder to write them to, replacing an earlier sample
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Spending lines to make, about [default: what the committed sample has]
    #[arg(long, value_name = "N")]
    lines: Option<u32>,
}

pub(super) fn sample(arguments: &Arguments) -> Outcome {
    disk::may_replace_sample(&arguments.out)?;
    let (programme, _) = define(&disk::read_folder(&arguments.pipeline)?)?;
    let made = made_up::make(&programme, &made_up::Size::lines(arguments.lines));
    disk::replace(&arguments.out, &made.files)?;
    println!("sample: {} files in {}", made.files.len(), arguments.out.display());
    let _ = Language::ALL;
    Ok(CLEAN)
}
