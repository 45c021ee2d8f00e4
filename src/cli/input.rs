//! What several commands ask for.

use crate::domain::language::Language;
use crate::domain::period::Month;
use crate::ingest::cache::Trust;
use crate::run::CacheChoice;
use clap::Args;
use std::path::PathBuf;

/// What `run` and `check` both ask for.
#[derive(Debug, Args)]
pub(super) struct InputArguments {
    /// Pipeline folder, such as pipelines/faellesoffentlig-2016-2020
    pub(super) pipeline: PathBuf,
    /// Folder of deliveries [default: the one the pipeline names]
    #[arg(long, value_name = "DIR")]
    pub(super) deliveries: Option<PathBuf>,
    /// The receipt.json of the last run, which limits that say "not worse" are held against
    #[arg(long, value_name = "RECEIPT")]
    pub(super) previous: Option<PathBuf>,
    /// Month to look back from, yyyy-mm [default: the last month anything was posted for]
    #[arg(long, value_name = "MONTH", value_parser = month)]
    pub(super) as_of: Option<Month>,
    /// Folder to remember deliveries in: one with the bytes it had is not read anew [default:
    /// nothing is remembered]
    #[arg(long, value_name = "DIR")]
    pub(super) cache: Option<PathBuf>,
    /// Take a delivery for what it was by its size and times alone, without reading it
    #[arg(long, requires = "cache")]
    pub(super) trust_times: bool,
    /// Threads to use, at most four a core [default: one a core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(super) jobs: Option<u16>,
}

impl InputArguments {
    /// Where deliveries are remembered, and how far that is trusted.
    pub(super) fn cache(&self) -> Option<CacheChoice> {
        let trust = if self.trust_times { Trust::Times } else { Trust::Bytes };
        self.cache.clone().map(|folder| CacheChoice { folder, trust })
    }
}

pub(super) fn language(tag: &str) -> Result<Language, String> {
    Language::from_tag(tag).ok_or_else(|| "write da or en".to_owned())
}

pub(super) fn month(text: &str) -> Result<Month, String> {
    text.parse().map_err(|()| "write yyyy-mm, such as 2019-03".to_owned())
}
