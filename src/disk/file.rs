//! One file is replaced by another, or a pipe or a device written to.

use crate::disk::content::what;
use crate::disk::path::{in_place_of_folder, needs_folder, parent, resolved, shown, unwritten};
use crate::disk::temporary::{FILE, Temporary, creating, placing};
use crate::domain::error::Error;
use crate::domain::number::to_u64;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;

/// A file of at least this many bytes is written back early, this many bytes at a time.
const EARLY: u64 = 4 << 20;

/// What stands where a file is to be written.
enum OutputTarget {
    /// A file, or nothing yet; the path is without links.
    File(PathBuf),
    /// A pipe, or a device that takes what it is sent.
    Stream,
}

/// Checks, before any work is done, that `out` can be written: it is new, a file, a pipe or a
/// device.
///
/// # Errors
/// [`Error::InTheWay`] when something else stands there.
pub(crate) fn may_write(out: &Path, flag: &str) -> Result<(), Error> {
    target(out, flag).map(drop)
}

fn target(out: &Path, flag: &str) -> Result<OutputTarget, Error> {
    let in_the_way = |what: &str| {
        let what = format!("`{}` cannot be written to: {what}", shown(out));
        Err(Error::InTheWay { what, help: format!("name a new file or an old one with {flag}") })
    };
    let Ok(metadata) = fs::metadata(out) else {
        if let Some(other) = in_place_of_folder(parent(out)) {
            return in_the_way(&needs_folder(&other));
        }
        if names_a_folder(out) {
            return in_the_way("it is the name of a folder");
        }
        return match fs::symlink_metadata(out) {
            Ok(metadata) if metadata.is_symlink() => in_the_way("it is a link to nothing"),
            Ok(_) | Err(_) => Ok(OutputTarget::File(resolved(out))),
        };
    };
    if takes_a_stream(metadata.file_type()) {
        return Ok(OutputTarget::Stream);
    }
    if !metadata.is_file() {
        return in_the_way(&what(metadata.file_type()).to_string());
    }
    if let Some(stream) = printed_to(out, &metadata) {
        return in_the_way(&format!("{stream} goes there"));
    }
    Ok(OutputTarget::File(resolved(out)))
}

#[cfg(unix)]
fn takes_a_stream(kind: fs::FileType) -> bool {
    use std::os::unix::fs::FileTypeExt as _;
    kind.is_fifo() || kind.is_char_device()
}

#[cfg(not(unix))]
fn takes_a_stream(_: fs::FileType) -> bool {
    false
}

/// Whether a path ends as only that of a folder does: `facts/`, `facts/.`, `facts/..`.
fn names_a_folder(path: &Path) -> bool {
    let text = path.to_string_lossy();
    let last = text.rsplit(std::path::is_separator).next();
    matches!(last, Some("" | "." | ".."))
}

/// Which of the two streams the process prints to goes into this file.
#[cfg(unix)]
fn printed_to(path: &Path, metadata: &fs::Metadata) -> Option<&'static str> {
    use crate::disk::path::identity;
    use std::os::fd::AsFd as _;
    let (output, error) = (io::stdout(), io::stderr());
    let streams = [(output.as_fd(), "standard output"), (error.as_fd(), "standard error")];
    let goes_there = |stream: std::os::fd::BorrowedFd| {
        let stream_metadata = stream
            .try_clone_to_owned()
            .map(fs::File::from)
            .and_then(|stream_metadata| stream_metadata.metadata());
        stream_metadata.is_ok_and(|stream_metadata| {
            identity(path, &stream_metadata) == identity(path, metadata)
        })
    };
    streams.into_iter().find(|(stream, _)| goes_there(*stream)).map(|(_, name)| name)
}

#[cfg(not(unix))]
fn printed_to(_: &Path, _: &fs::Metadata) -> Option<&'static str> {
    None
}

/// Replaces one file by what `put` writes: who looks sees the old file or the new one. A link is
/// left alone, and the file it leads to replaced; a pipe or a device is written to. It is left to
/// the system when the bytes reach the disk, for the file can be made again.
///
/// # Errors
/// [`Error::Write`], or [`Error::InTheWay`] as [`may_write`], with the old file untouched.
pub(crate) fn replace_file(
    out: &Path,
    flag: &str,
    put: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> Result<(), Error> {
    let help = "check that the disk has room and that you may write there; \
                the previous file is untouched";
    let failed = |source| unwritten(out, source, help);
    let file = match target(out, flag)? {
        OutputTarget::File(file) => file,
        OutputTarget::Stream => {
            let help = "check that you may write there, and that it is read to its end";
            let mut stream = fs::File::options().write(true).open(out);
            let put = stream.as_mut().map_or_else(
                |error| Err(io::Error::other(error.to_string())),
                |stream| put(stream),
            );
            return put.map_err(|source| unwritten(out, source, help));
        }
    };
    fs::create_dir_all(parent(&file)).map_err(failed)?;
    let temporary = Temporary::within(parent(&file)).map_err(failed)?;
    let fresh = temporary.folder().join(FILE);
    let created = {
        let _creating = creating();
        fs::File::create_new(&fresh)
    };
    let mut created = created.map_err(failed)?;
    put(&mut EarlyWriter { file: &mut created, written: 0, begun: 0 }).map_err(failed)?;
    let old = large(&file);
    placing(&file, || {
        // It may have become something else meanwhile.
        may_write(out, flag)?;
        fs::rename(&fresh, &file).map_err(failed)
    })?;
    // Closing the last handle of a large file frees its pages, which takes time: another thread
    // does it.
    if let Some(old) = old {
        thread::spawn(|| drop(old));
    }
    Ok(())
}

/// The file of this name, where it is a large one that can be replaced while it is open.
fn large(file: &Path) -> Option<fs::File> {
    let found = fs::metadata(file).ok().filter(|_| cfg!(unix))?;
    (found.is_file() && found.len() > EARLY).then(|| fs::File::open(file).ok()).flatten()
}

/// A file whose first bytes are written back while the last are still made.
struct EarlyWriter<'a> {
    file: &'a mut fs::File,
    written: u64,
    /// How many of them the system was asked to write back.
    begun: u64,
}

impl Write for EarlyWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.file.write(bytes)?;
        self.written += to_u64(length);
        let more = self.written - self.begun;
        if more >= EARLY {
            begin(self.file, self.begun, more);
            self.begun = self.written;
        }
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Asks the system to write bytes back now. Renaming over a file forces its write-back (ext4) and
/// blocks until it is done; `POSIX_FADV_DONTNEED` makes Linux begin earlier, while the last bytes
/// are still made.
#[cfg(target_os = "linux")]
fn begin(file: &fs::File, from: u64, length: u64) {
    use rustix::fs::{Advice, fadvise};
    // Advice: that it was not taken changes no byte.
    let _ = fadvise(file, from, std::num::NonZeroU64::new(length), Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
fn begin(_: &fs::File, _: u64, _: u64) {}
