//! A file that changed while it was read.

use std::fmt;
use std::io;

/// Content that is no longer what it was when it was listed, carried as an [`io::Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed;

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the file changed while it was read")
    }
}

impl std::error::Error for Changed {}

impl From<Changed> for io::Error {
    fn from(changed: Changed) -> io::Error {
        io::Error::other(changed)
    }
}
