//! What is written stands apart from what is read, and from what else is written.

use crate::disk::path::{Identity, identity, resolved, shown};
use crate::domain::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// A file or folder of a run.
#[derive(Debug, Clone)]
pub(crate) struct RunPath {
    /// Where it is, or will be.
    pub path: PathBuf,
    /// What it is, as a message says it.
    pub what: &'static str,
    /// What to do when it is in the way.
    pub help: &'static str,
}

/// Checks that nothing written is, lies in, or holds anything that is read or written beside it,
/// whatever links lead there.
///
/// # Errors
/// [`Error::InTheWay`] with both paths of the first two that are not apart.
pub(crate) fn apart(written: &[RunPath], read: &[RunPath]) -> Result<(), Error> {
    for (number, run_path) in written.iter().enumerate() {
        let resolved = ResolvedPath::of(&run_path.path);
        for other_path in read.iter().chain(&written[number + 1..]) {
            let spot = ResolvedPath::of(&other_path.path);
            let how = match (resolved.lies_in(&spot), spot.lies_in(&resolved)) {
                (true, true) => "be",
                (true, false) => "lie in",
                (false, true) => "hold",
                (false, false) => continue,
            };
            let (path, that) = (shown(&run_path.path), shown(&other_path.path));
            let (what, beside) = (run_path.what, other_path.what);
            return Err(Error::InTheWay {
                what: format!("the {what} in `{path}` would {how} the {beside} in `{that}`"),
                help: format!("{}, or {}", run_path.help, other_path.help),
            });
        }
    }
    Ok(())
}

/// Where a path leads.
struct ResolvedPath {
    /// The path without links.
    path: PathBuf,
    /// What it is, where it exists.
    own: Option<Identity>,
    /// The same of each folder above it, for one folder may be mounted in two places.
    above: Vec<Identity>,
}

impl ResolvedPath {
    fn of(path: &Path) -> ResolvedPath {
        let path = resolved(path);
        let known = |path: &Path| Some(identity(path, &fs::metadata(path).ok()?));
        let above = path.ancestors().skip(1).filter_map(known).collect();
        ResolvedPath { own: known(&path), above, path }
    }

    /// Whether it is the other one, or below it.
    fn lies_in(&self, other: &ResolvedPath) -> bool {
        self.path.starts_with(&other.path)
            || other
                .own
                .as_ref()
                .is_some_and(|own| self.own.as_ref() == Some(own) || self.above.contains(own))
    }
}
