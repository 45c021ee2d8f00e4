//! How a command ends: its exit code, or why it could not be carried through.

use crate::domain::error::Error;

/// Exit code of a run that did its job and stayed within the pipeline's limits.
pub(super) const CLEAN: u8 = 0;

/// Exit code of a run that could not be carried through; the previous report is untouched.
pub(super) const BROKEN: u8 = 1;

/// Exit code of a command line, or an environment, that is wrong; nothing is written.
pub(super) const USAGE: u8 = 2;

/// Exit code of a run that wrote its report, with more refused than the pipeline tolerates.
pub(super) const OVER_LIMIT: u8 = 3;

/// A result of a subcommand: its exit code, or why the run broke.
pub(super) type CommandResult = Result<u8, Error>;
