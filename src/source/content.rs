//! Where figures come from: files handed over, opened elsewhere, read once.

use serde::{Deserialize, Serialize};
use std::io::{self, Read as _};
use std::sync::Arc;

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
