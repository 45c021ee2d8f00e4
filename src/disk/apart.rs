//! What is written stands apart from what is read, and from what else is written.

use crate::disk::path::{Identity, identity, resolved, shown};
use crate::domain::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

/// A file or folder of a run.
#[derive(Debug, Clone)]
pub struct Place {
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
pub fn apart(written: &[Place], read: &[Place]) -> Result<(), Error> {
    for (at, place) in written.iter().enumerate() {
        let own = Spot::of(&place.path);
        for other in read.iter().chain(&written[at + 1..]) {
            let spot = Spot::of(&other.path);
            let how = match (own.lies_in(&spot), spot.lies_in(&own)) {
                (true, true) => "be",
                (true, false) => "lie in",
                (false, true) => "hold",
                (false, false) => continue,
            };
            let (path, that) = (shown(&place.path), shown(&other.path));
            let (what, beside) = (place.what, other.what);
            return Err(Error::InTheWay {
                what: format!("the {what} in `{path}` would {how} the {beside} in `{that}`"),
                help: format!("{}, or {}", place.help, other.help),
            });
        }
    }
    Ok(())
}

/// Where a path leads.
struct Spot {
    /// The path without links.
    path: PathBuf,
    /// What it is, where it exists.
    own: Option<Identity>,
    /// The same of each folder above it, for one folder may be mounted in two places.
    above: Vec<Identity>,
}

impl Spot {
    fn of(path: &Path) -> Spot {
        let path = resolved(path);
        let known = |path: &Path| Some(identity(path, &fs::metadata(path).ok()?));
        let above = path.ancestors().skip(1).filter_map(known).collect();
        Spot { own: known(&path), above, path }
    }

    /// Whether it is the other one, or below it.
    fn lies_in(&self, other: &Spot) -> bool {
        self.path.starts_with(&other.path)
            || other
                .own
                .as_ref()
                .is_some_and(|own| self.own.as_ref() == Some(own) || self.above.contains(own))
    }
}
