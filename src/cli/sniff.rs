//! `gevinst sniff`: an unknown file to a contract ready to edit.

use crate::cli::input::language;
use crate::cli::outcome::{CLEAN, CommandResult};
use crate::cli::say::{each_printed, say_printed};
use crate::disk;
use crate::domain::language::Language;
use crate::sniff::{render, sniff as look};
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct SniffArguments {
    /// File as delivered
    file: PathBuf,
    /// Language of the comments: da or en
    #[arg(long, value_name = "LANGUAGE", value_parser = language, default_value = "da")]
    language: Language,
}

/// Prints the contract proposed for a file.
pub(super) fn sniff(arguments: &SniffArguments) -> CommandResult {
    let delivery = disk::open_one(&arguments.file)?;
    let sniffed = look(&delivery.name, delivery.content.as_ref())?;
    let contract = render(&sniffed, &delivery.name, arguments.language);
    say_printed(&each_printed(contract.trim_end()))?;
    Ok(CLEAN)
}
