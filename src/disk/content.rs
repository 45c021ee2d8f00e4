//! A file as it was listed, opened when a stage asks for it.

use crate::domain::changed::Changed;
use crate::source::content::{Content, Stamp};
use crate::source::unreadable::Unreadable;
use std::fs;
use std::io::{self, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

/// The coarsest tick of the clocks that file systems stamp by: a second write within it may leave
/// the stamp of the first.
const TICK: Duration = Duration::from_millis(20);

#[cfg(unix)]
fn stamp(metadata: &fs::Metadata) -> Stamp {
    use std::os::unix::fs::MetadataExt as _;
    let written = Some((metadata.mtime(), metadata.mtime_nsec()));
    Stamp { bytes: metadata.len(), written, changed: (metadata.ctime(), metadata.ctime_nsec()) }
}

#[cfg(not(unix))]
fn stamp(metadata: &fs::Metadata) -> Stamp {
    let since = |at: SystemTime| at.duration_since(SystemTime::UNIX_EPOCH).ok();
    let written = metadata.modified().ok().and_then(since).and_then(|since| {
        Some((i64::try_from(since.as_secs()).ok()?, i64::from(since.subsec_nanos())))
    });
    Stamp { bytes: metadata.len(), written, changed: (0, 0) }
}

/// Whether the file was written so recently that another write could leave the same stamp. A stamp
/// in the future counts as old.
fn is_fresh(stamp: &Stamp) -> bool {
    let (seconds, nanoseconds) = stamp.written.unwrap_or_default().max(stamp.changed);
    let since = u64::try_from(seconds).ok().zip(u32::try_from(nanoseconds).ok());
    let since = since.map(|(seconds, nanoseconds)| Duration::new(seconds, nanoseconds));
    let changed = since.and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since));
    changed.and_then(|changed| changed.elapsed().ok()).is_some_and(|age| age < TICK)
}

/// What stands there, where it is no file.
pub(super) fn what(kind: fs::FileType) -> Unreadable {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        if kind.is_fifo() {
            return Unreadable::Pipe;
        }
        if kind.is_socket() {
            return Unreadable::Socket;
        }
    }
    if kind.is_dir() { Unreadable::Folder } else { Unreadable::Device }
}

/// Opens a file to read it. Something else in its place is an error, and is not waited for.
pub(super) fn open(path: &Path) -> io::Result<(fs::File, fs::Metadata)> {
    let no_file = |metadata: &fs::Metadata| io::Error::from(what(metadata.file_type()));
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(no_file(&metadata));
    }
    let mut options = fs::File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        // It may have become a pipe since, and opening a pipe waits for a writer.
        let flag = rustix::fs::OFlags::NONBLOCK.bits();
        options.custom_flags(i32::try_from(flag).expect("a flag fits i32"));
    }
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() { Ok((file, metadata)) } else { Err(no_file(&metadata)) }
}

/// Reads a file whole.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut open(path)?.0, &mut bytes)?;
    Ok(bytes)
}

/// A file that is opened when a stage asks for it, and is the one that was listed or an error.
#[derive(Clone)]
pub(super) struct FileOnDisk {
    path: PathBuf,
    stamp: Stamp,
}

impl FileOnDisk {
    /// The file with its stamp, taken when a later write will move it.
    pub(super) fn look(path: &Path) -> io::Result<FileOnDisk> {
        let mut metadata = fs::metadata(path)?;
        if is_fresh(&stamp(&metadata)) {
            sleep(TICK);
            metadata = fs::metadata(path)?;
        }
        if !metadata.is_file() {
            return Err(what(metadata.file_type()).into());
        }
        Ok(FileOnDisk { path: path.to_owned(), stamp: stamp(&metadata) })
    }

    fn hold(&self, found: &fs::Metadata) -> io::Result<()> {
        if stamp(found) == self.stamp { Ok(()) } else { Err(Changed.into()) }
    }

    fn file(&self) -> io::Result<fs::File> {
        let (file, found) = open(&self.path).map_err(gone)?;
        self.hold(&found)?;
        Ok(file)
    }
}

/// A file that was listed, and is no longer there or no longer a file, has changed.
fn gone(error: io::Error) -> io::Error {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<Unreadable>());
    let gone = inner.is_some() || error.kind() == io::ErrorKind::NotFound;
    if gone { Changed.into() } else { error }
}

impl Content for FileOnDisk {
    fn open(&self) -> io::Result<Box<dyn io::Read + Send>> {
        Ok(Box::new(self.file()?))
    }

    fn open_at(&self, offset: u64) -> io::Result<Box<dyn io::Read + Send>> {
        let mut file = self.file()?;
        file.seek(io::SeekFrom::Start(offset))?;
        Ok(Box::new(file))
    }

    fn size(&self) -> io::Result<Option<u64>> {
        Ok(Some(self.stamp.bytes))
    }

    fn handle(&self) -> io::Result<Arc<dyn Content>> {
        Ok(Arc::new(self.clone()))
    }

    fn stamp(&self) -> Option<Stamp> {
        self.stamp.written.map(|_| self.stamp)
    }

    fn unchanged(&self) -> io::Result<()> {
        self.hold(&fs::metadata(&self.path).map_err(gone)?)
    }
}
