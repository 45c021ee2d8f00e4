//! What breaks a run. Bad data does not: it is a value, see `quarantine`.

use crate::domain::changed::Changed;
use crate::domain::neutral::shown;
use crate::domain::place::Place;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// One thing wrong with a pipeline definition, and how to mend it.
#[expect(clippy::struct_field_names, reason = "a problem is said in words, beside its place")]
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where it stands.
    pub place: Place,
    /// What was found, lower case, no full stop.
    pub problem: String,
    /// What to do about it.
    pub help: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Place { file, line, column } = &self.place;
        let file = shown(file);
        write!(f, "{file}:{line}:{column}: {}\nhelp: {}", self.problem, self.help)
    }
}

/// Why a run could not be carried through.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read.
    #[error("cannot read `{}`\nhelp: {help}", name(path))]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
        /// What to do about it.
        help: &'static str,
    },
    /// A file was written to or replaced while it was read.
    #[error(
        "`{}` changed while it was read\n\
         help: nothing was written; wait until the file is delivered whole, then run again",
        name(path)
    )]
    Changed {
        /// What was being read.
        path: PathBuf,
    },
    /// A file or folder could not be written; the previous report is untouched.
    #[error("cannot write `{}`\nhelp: {help}", name(path))]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
        /// What to do about it.
        help: &'static str,
    },
    /// The pipeline definition does not hold; every problem is listed.
    #[error("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n\n"))]
    Pipeline {
        /// At least one, in file and line order.
        problems: Vec<Problem>,
    },
    /// There is nothing to run on.
    #[error("{}\nhelp: {help}", shown(what))]
    Nothing {
        /// What is missing.
        what: String,
        /// What to do about it.
        help: &'static str,
    },
    /// Something stands where the run would write, or beside it, and is not for it to touch.
    #[error("{what}\nhelp: {help}")]
    InTheWay {
        /// What stands there, or where it would be written.
        what: String,
        /// What to do about it.
        help: String,
    },
    /// The command line asks for what the pipeline does not have.
    #[error("{what}\nhelp: {help}")]
    Usage {
        /// What is asked for.
        what: String,
        /// What to do about it.
        help: &'static str,
    },
    /// An encoder or drawing library refused its input.
    #[error("cannot make `{what}`: {detail}")]
    Encode {
        /// The file that was being made.
        what: String,
        /// What the library says.
        detail: String,
    },
}

/// A path on one line.
fn name(path: &Path) -> String {
    shown(&path.display().to_string()).into_owned()
}

impl Error {
    /// What stops the reading of a file: it changed, or it cannot be read.
    pub fn reading(path: PathBuf, source: io::Error, help: &'static str) -> Error {
        if let Some(inner) = source.get_ref()
            && inner.is::<Changed>()
        {
            return Error::Changed { path };
        }
        Error::Read { path, source, help }
    }

    /// The same error with the places of its problems given from outside the pipeline folder, and
    /// all they say as `shown` lets it be seen.
    #[must_use]
    pub fn below(self, folder: &str, shown: impl Fn(&str) -> String) -> Error {
        let Error::Pipeline { mut problems } = self else { return self };
        for Problem { place, problem, help } in &mut problems {
            place.file = shown(&format!("{folder}/{}", place.file));
            *problem = shown(problem);
            *help = shown(help);
        }
        Error::Pipeline { problems }
    }

    /// This error and another as one: every problem where both list problems, else the first that
    /// lists none.
    #[must_use]
    pub fn and(self, other: Error) -> Error {
        let Error::Pipeline { problems: mut all } = self else { return self };
        let Error::Pipeline { problems } = other else { return other };
        all.extend(problems);
        all.sort();
        Error::Pipeline { problems: all }
    }
}
