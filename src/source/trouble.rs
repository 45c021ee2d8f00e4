//! What can be wrong with packed bytes.

use crate::source::bounds::Bound;
use std::fmt;
use std::io;

/// What is wrong with a delivery's bytes, carried through readers as an `io::Error`.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// They are damaged, cut short or something else.
    Broken,
    /// There is more of something than this.
    TooLarge(Bound),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Broken => f.write_str("the packed bytes are damaged"),
            Trouble::TooLarge(bound) => write!(f, "it is more than {}", bound.name()),
        }
    }
}

impl std::error::Error for Trouble {}

impl From<Trouble> for io::Error {
    fn from(trouble: Trouble) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, trouble)
    }
}

impl Bound {
    /// Whether there is no more than there may be.
    ///
    /// # Errors
    /// The bound itself.
    pub(crate) fn hold(self, found: usize) -> io::Result<()> {
        if found <= self.most() { Ok(()) } else { Err(self.into()) }
    }

    /// The bound that stopped a reader.
    pub(crate) fn of(error: &io::Error) -> Option<Bound> {
        match error.get_ref()?.downcast_ref::<Trouble>()? {
            Trouble::TooLarge(bound) => Some(*bound),
            Trouble::Broken => None,
        }
    }
}

impl From<Bound> for io::Error {
    fn from(bound: Bound) -> io::Error {
        Trouble::TooLarge(bound).into()
    }
}
