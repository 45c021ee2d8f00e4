//! What is said of a file that cannot be read.

use crate::domain::error::Error;
use crate::domain::privacy::masked;
use crate::domain::quarantine::Reason;
use crate::domain::wording::Wording;
use crate::source::content::{Content, Delivery};
use std::fmt;
use std::io;

/// The error of a delivery whose bytes cannot be read.
pub(crate) fn unreadable(delivery: &Delivery, source: io::Error) -> Error {
    let help = "check that the file is still there and that you may read it";
    Error::reading(masked(&delivery.name).into_owned().into(), source, help)
}

/// Why a delivery whose bytes cannot be read is refused whole.
pub(crate) fn refusal(source: &io::Error) -> Reason {
    let inner = source.get_ref().and_then(|inner| inner.downcast_ref::<Unreadable>());
    let found: Wording = match (inner, source.kind()) {
        (Some(unreadable), _) => unreadable.word().into(),
        (None, io::ErrorKind::PermissionDenied) => "forbidden".into(),
        (None, _) => source.to_string().into(),
    };
    Reason::Unreadable { found }
}

/// What stands where a file to read should be, carried as an [`io::Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// Who opens it waits for a writer.
    Pipe,
    /// A socket.
    Socket,
    /// A device.
    Device,
    /// A folder.
    Folder,
    /// A link to nothing.
    DeadLink,
    /// A link that leads out of the folder of deliveries.
    Outside,
    /// A file whose name is no UTF-8, and could be taken for another's.
    Nameless,
    /// A folder of a pipeline that is read by another name already.
    Twice,
}

impl Unreadable {
    /// The word its name has in the translations.
    pub fn word(self) -> &'static str {
        match self {
            Unreadable::Pipe => "pipe",
            Unreadable::Socket => "socket",
            Unreadable::Device => "device",
            Unreadable::Folder => "folder",
            Unreadable::DeadLink => "dead_link",
            Unreadable::Outside => "outside",
            Unreadable::Nameless => "nameless",
            Unreadable::Twice => "twice",
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unreadable::Pipe => "it is a pipe",
            Unreadable::Socket => "it is a socket",
            Unreadable::Device => "it is a device",
            Unreadable::Folder => "it is a folder",
            Unreadable::DeadLink => "it is a link to nothing",
            Unreadable::Outside => "it is a link that leads out of the folder of deliveries",
            Unreadable::Nameless => "its name is no UTF-8",
            Unreadable::Twice => "it is a folder that is read by another name already",
        })
    }
}

impl std::error::Error for Unreadable {}

impl From<Unreadable> for io::Error {
    fn from(unreadable: Unreadable) -> io::Error {
        io::Error::other(unreadable)
    }
}

impl Content for Unreadable {
    fn open(&self) -> io::Result<Box<dyn io::Read + Send>> {
        Err((*self).into())
    }
}
