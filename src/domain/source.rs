//! Where figures come from: files handed over, opened elsewhere, read once.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Read as _};
use std::sync::Arc;

/// A place in a definition file, for messages an editor can jump to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// File name, relative to the pipeline folder.
    pub file: String,
    /// 1-based line.
    pub line: usize,
    /// 1-based column; 1 when the whole line is meant.
    pub column: usize,
}

/// A folder of small text files, read whole: a pipeline definition.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    /// How the folder was named by whoever asked for it.
    pub name: String,
    /// Contents by path relative to the folder, with `/` between the parts.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// Something that can be read from its beginning, as often as asked, and says the same each time.
pub trait Content: Send + Sync {
    /// Opens the content at its first byte.
    ///
    /// # Errors
    /// Whatever the operating system says when the file cannot be opened, or [`Changed`].
    fn open(&self) -> io::Result<Box<dyn io::Read + Send>>;

    /// Opens the content at byte `offset`; beyond the end there is nothing to read.
    ///
    /// # Errors
    /// Whatever the operating system says.
    fn open_at(&self, offset: u64) -> io::Result<Box<dyn io::Read + Send>> {
        let mut input = self.open()?;
        io::copy(&mut input.by_ref().take(offset), &mut io::sink())?;
        Ok(input)
    }

    /// Size in bytes, where it is known without reading.
    ///
    /// # Errors
    /// Whatever the operating system says.
    fn size(&self) -> io::Result<Option<u64>> {
        Ok(None)
    }

    /// The same content, to be kept by who reads a part of it: read whole, unless it can be opened
    /// again elsewhere.
    ///
    /// # Errors
    /// Whatever the operating system says.
    fn handle(&self) -> io::Result<Arc<dyn Content>> {
        let mut bytes = Vec::new();
        self.open()?.read_to_end(&mut bytes)?;
        Ok(Arc::new(Arc::<[u8]>::from(bytes)))
    }

    /// What moves whenever the content does, where there is such a thing.
    fn stamp(&self) -> Option<Stamp> {
        None
    }

    /// Asked when the last byte is read: whether every byte was of one and the same content.
    ///
    /// # Errors
    /// [`Changed`] when it was not, or whatever the operating system says.
    fn unchanged(&self) -> io::Result<()> {
        Ok(())
    }
}

/// What moves when a file is written to or another one takes its place: its length, and when it was
/// last written to or changed in any way. The last one nobody can set back; but a file written to
/// through mapped memory may have neither time moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Its length.
    pub bytes: u64,
    /// When it was last written to, in seconds and nanoseconds; `None` where that is not known.
    pub written: Option<(i64, i64)>,
    /// When it was last changed in any way, likewise; zero where that is not known.
    pub changed: (i64, i64),
}

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

impl Content for Vec<u8> {
    fn open(&self) -> io::Result<Box<dyn io::Read + Send>> {
        Ok(Box::new(io::Cursor::new(self.clone())))
    }

    fn open_at(&self, offset: u64) -> io::Result<Box<dyn io::Read + Send>> {
        let start = usize::try_from(offset).map_or(self.len(), |offset| offset.min(self.len()));
        Ok(Box::new(io::Cursor::new(self[start..].to_vec())))
    }

    fn size(&self) -> io::Result<Option<u64>> {
        Ok(u64::try_from(self.len()).ok())
    }
}

impl Content for Arc<[u8]> {
    fn open(&self) -> io::Result<Box<dyn io::Read + Send>> {
        self.open_at(0)
    }

    fn open_at(&self, offset: u64) -> io::Result<Box<dyn io::Read + Send>> {
        let mut input = io::Cursor::new(Arc::clone(self));
        input.set_position(offset);
        Ok(Box::new(input))
    }

    fn size(&self) -> io::Result<Option<u64>> {
        Ok(u64::try_from(self.len()).ok())
    }

    fn handle(&self) -> io::Result<Arc<dyn Content>> {
        Ok(Arc::new(Arc::clone(self)))
    }
}

/// A file as handed over by an authority. Its content is read when a stage asks.
pub struct Delivery {
    /// Path relative to the delivery folder, with `/` between the parts.
    pub name: String,
    /// The bytes, wherever they are.
    pub content: Box<dyn Content>,
}

/// A file or folder that was reached by a second way, and is read by the first alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Again {
    /// Path relative to the delivery folder.
    pub name: String,
    /// The path it is read under; `.` for the delivery folder itself.
    pub first: String,
}

/// Number of a delivery in the run: its place in name order, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct DeliveryId(pub u32);

impl DeliveryId {
    /// The delivery's place among the accounts and postings of its run.
    pub fn place(self) -> usize {
        usize::try_from(self.0).expect("u32 fits usize")
    }
}

impl Place {
    /// The place of byte `offset` in a file's `text`.
    pub fn of(file: &str, text: &str, offset: usize) -> Place {
        let before = &text.as_bytes()[..offset.min(text.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
        Place { file: file.to_owned(), line, column }
    }
}
