//! The only file that touches the disk: read a folder, open deliveries, replace a report.
#![expect(clippy::disallowed_methods, reason = "this is the file the rule points to")]

use crate::domain::error::Error;
use crate::domain::source::{Changed, Content, Delivery, Folder, Stamp};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Seek as _, Write};
use std::path::{Path, PathBuf};
use std::thread::{self, sleep};
use std::time::{Duration, SystemTime};

/// The file that marks a folder as a report of ours, which a run may replace.
pub const REPORT: &str = "receipt.json";

/// The file that marks a folder as a sample of ours, which `gevinst sample` may replace.
pub const SAMPLE: &str = "answers.toml";

/// The file that marks a folder as correction packs of ours, which `gevinst check` may replace.
pub const PACKS: &str = "rettelser.json";

/// The coarsest tick of the clocks that file systems stamp by: a second write within it may leave
/// the stamp of the first.
const TICK: Duration = Duration::from_millis(20);

/// Bytes of a large file, and of one that are begun on together.
const EARLY: u64 = 4 << 20;

#[cfg(unix)]
fn stamp(found: &fs::Metadata) -> Stamp {
    use std::os::unix::fs::MetadataExt as _;
    let written = Some((found.mtime(), found.mtime_nsec()));
    Stamp { bytes: found.len(), written, changed: (found.ctime(), found.ctime_nsec()) }
}

#[cfg(not(unix))]
fn stamp(found: &fs::Metadata) -> Stamp {
    let since = |at: SystemTime| at.duration_since(SystemTime::UNIX_EPOCH).ok();
    let written = found.modified().ok().and_then(since).and_then(|since| {
        Some((i64::try_from(since.as_secs()).ok()?, i64::from(since.subsec_nanos())))
    });
    Stamp { bytes: found.len(), written, changed: (0, 0) }
}

/// Whether one more write could go unseen. A time in the future is past that.
fn is_fresh(stamp: &Stamp) -> bool {
    let (seconds, nanoseconds) = stamp.written.unwrap_or_default().max(stamp.changed);
    let since = u64::try_from(seconds).ok().zip(u32::try_from(nanoseconds).ok());
    let since = since.map(|(seconds, nanoseconds)| Duration::new(seconds, nanoseconds));
    let at = since.and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since));
    at.and_then(|at| at.elapsed().ok()).is_some_and(|age| age < TICK)
}

/// A file that is opened when a stage asks for it, and is the one that was listed or an error.
struct OnDisk {
    path: PathBuf,
    stamp: Stamp,
}

impl OnDisk {
    /// The file and its stamp, taken when a later write will move it.
    fn look(path: &Path) -> io::Result<(fs::Metadata, Stamp)> {
        let found = fs::metadata(path)?;
        let stamped = stamp(&found);
        if !is_fresh(&stamped) {
            return Ok((found, stamped));
        }
        sleep(TICK);
        fs::metadata(path).map(|found| (found.clone(), stamp(&found)))
    }

    fn hold(&self, found: &fs::Metadata) -> io::Result<()> {
        if stamp(found) == self.stamp { Ok(()) } else { Err(Changed.into()) }
    }

    fn file(&self) -> io::Result<fs::File> {
        let file = fs::File::open(&self.path)?;
        self.hold(&file.metadata()?)?;
        Ok(file)
    }
}

impl Content for OnDisk {
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

    fn stamp(&self) -> Option<Stamp> {
        self.stamp.written.map(|_| self.stamp)
    }

    fn unchanged(&self) -> io::Result<()> {
        self.hold(&fs::metadata(&self.path)?)
    }
}

/// Reads a pipeline folder whole: its `.toml` and `.csv` files, by path relative to the folder.
///
/// # Errors
/// [`Error::Read`] when the folder or a file in it cannot be read, [`Error::Changed`] when one is
/// being written.
pub fn read_folder(folder: &Path) -> Result<Folder, Error> {
    let help = "name a pipeline folder, such as pipelines/faellesoffentlig-2016-2020";
    let mut files = BTreeMap::new();
    for file in walk(folder, help)? {
        let name = relative(folder, &file.path);
        let ending = file.path.extension().and_then(|ending| ending.to_str());
        if matches!(ending, Some("toml" | "csv")) {
            let bytes = fs::read(&file.path).and_then(|bytes| file.unchanged().map(|()| bytes));
            let bytes = bytes.map_err(|source| Error::reading(file.path, source, help))?;
            files.insert(name, bytes);
        }
    }
    // A pipeline is known by its folder's name, which `.` does not give.
    let named = folder.file_name().map_or_else(|| fs::canonicalize(folder), |_| Ok(folder.into()));
    let named = named.unwrap_or_else(|_| folder.to_owned());
    Ok(Folder { name: named.display().to_string(), files })
}

/// Reads the receipt of an earlier run.
///
/// # Errors
/// [`Error::Read`] when there is none of that name.
pub fn read_receipt(path: &Path) -> Result<Vec<u8>, Error> {
    let help = "name the receipt.json of the last report with --previous, or leave it out";
    fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source, help })
}

/// Reads what an earlier run keeps in this file; `None` when there is nothing to read.
pub fn read_kept(file: &Path) -> Option<Vec<u8>> {
    fs::read(file).ok()
}

/// Removes every file that is named by a hash from a folder, but these. A folder that is not there
/// holds none.
///
/// # Errors
/// [`Error::Write`] when one stays.
pub fn leave(folder: &Path, files: &BTreeSet<String>) -> Result<(), Error> {
    let help = "check that you may write there; what is left is of no use, and may be deleted";
    let is_ours = |name: &str| name.len() == 64 && name.bytes().all(|at| at.is_ascii_hexdigit());
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let other = name.to_str().is_some_and(|name| is_ours(name) && !files.contains(name));
        if other
            && let Err(source) = fs::remove_file(entry.path())
            && source.kind() != io::ErrorKind::NotFound
        {
            return Err(Error::Write { path: entry.path(), source, help });
        }
    }
    Ok(())
}

/// Lists the deliveries below a folder in name order. They are opened when `ingest` reads them.
/// Hidden files, a `README.md` and an `answers.toml` are no deliveries.
///
/// # Errors
/// [`Error::Read`] when the folder cannot be read, [`Error::Nothing`] when no delivery is in it.
pub fn open_all(folder: &Path) -> Result<Vec<Delivery>, Error> {
    let help = "check the path, or name the folder with --deliveries DIR";
    let deliveries: Vec<Delivery> = walk(folder, help)?
        .into_iter()
        .map(|file| Delivery { name: relative(folder, &file.path), content: Box::new(file) })
        .filter(|delivery| {
            let own = delivery.name.rsplit('/').next().unwrap_or_default();
            !own.starts_with('.')
                && !own.starts_with("~$")
                && own != "README.md"
                && own != "answers.toml"
        })
        .collect();
    if deliveries.is_empty() {
        let what = format!("no deliveries in `{}`", folder.display());
        return Err(Error::Nothing { what, help });
    }
    Ok(deliveries)
}

/// One file as a delivery of its own name. It is opened when it is read.
///
/// # Errors
/// [`Error::Read`] when it is not there.
pub fn open_one(path: &Path) -> Result<Delivery, Error> {
    let name =
        path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let help = "check that the file is there and that you may read it";
    let (_, stamp) =
        OnDisk::look(path).map_err(|source| Error::Read { path: path.to_owned(), source, help })?;
    Ok(Delivery { name, content: Box::new(OnDisk { path: path.to_owned(), stamp }) })
}

/// Every file below a folder, in path order.
fn walk(folder: &Path, help: &'static str) -> Result<Vec<OnDisk>, Error> {
    let failed = |path: &Path, source| Error::Read { path: path.to_owned(), source, help };
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).map_err(|source| failed(&next, source))? {
            let path = entry.map_err(|source| failed(&next, source))?.path();
            let (kind, stamp) = OnDisk::look(&path).map_err(|source| failed(&path, source))?;
            if kind.is_dir() {
                folders.push(path);
            } else if kind.is_file() {
                files.push(OnDisk { path, stamp });
            } else {
                // Whoever opens a pipe waits for someone to write to it.
                let source = io::Error::other("it is neither a file nor a folder");
                return Err(failed(&path, source));
            }
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

/// A path below `folder`, with `/` between its parts on every system.
fn relative(folder: &Path, path: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path);
    let parts: Vec<_> =
        below.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    parts.join("/")
}

/// Checks, before any work is done, that `out` may be replaced: it is new, empty, or holds `mark`.
///
/// # Errors
/// [`Error::Nothing`] when it holds something that is not ours.
pub fn may_replace(out: &Path, mark: &str) -> Result<(), Error> {
    let is_ours = out.join(mark).is_file();
    let is_empty = fs::read_dir(out).map_or(!out.exists(), |mut entries| entries.next().is_none());
    if is_ours || is_empty {
        return Ok(());
    }
    Err(Error::Nothing {
        what: format!("`{}` holds something else, and would be replaced", out.display()),
        help: "name an empty or new folder with --out DIR; only what gevinst wrote is replaced",
    })
}

/// Checks that what is written to `out` would not be read as a delivery the next time.
///
/// # Errors
/// [`Error::Nothing`] when `out` is the folder of deliveries, or below it.
pub fn keep_apart(out: &Path, deliveries: &Path) -> Result<(), Error> {
    if !resolved(out).starts_with(resolved(deliveries)) {
        return Ok(());
    }
    Err(Error::Nothing {
        what: format!("`{}` is among the deliveries", out.display()),
        help: "name a folder elsewhere: what is written there would be read as deliveries",
    })
}

/// Checks that what is kept in a folder is not replaced with the folder `out`.
///
/// # Errors
/// [`Error::Nothing`] when it is the same folder, or below it.
pub fn keep_out_of(folder: &Path, out: &Path) -> Result<(), Error> {
    if !resolved(folder).starts_with(resolved(out)) {
        return Ok(());
    }
    Err(Error::Nothing {
        what: format!("`{}` is in `{}`, which is replaced", folder.display(), out.display()),
        help: "name a folder elsewhere with --cache",
    })
}

/// The path without links, as far as it exists.
fn resolved(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = path.ancestors().find_map(|above| {
        let rest = path.strip_prefix(above).ok()?;
        fs::canonicalize(above).ok().map(|whole| whole.join(rest))
    });
    there.unwrap_or(path)
}

/// Replaces the folder `out` by `files`, whole: whoever looks sees the old report or the new one.
///
/// The new folder is written beside the old one and takes its place in one step.
///
/// # Errors
/// [`Error::Write`], with the old report untouched.
pub fn replace(out: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<(), Error> {
    let help = "check that the disk has room and that you may write there; \
                the previous report is untouched";
    let failed = |path: &Path, source| Error::Write { path: path.to_owned(), source, help };
    let parent = parent(out);
    fs::create_dir_all(parent).map_err(|source| failed(parent, source))?;
    let fresh = tempfile::Builder::new()
        .prefix(".gevinst-")
        .tempdir_in(parent)
        .map_err(|source| failed(parent, source))?;
    let site = fresh.path().join("report");
    for (name, bytes) in files {
        let path = site.join(name);
        write(&path, bytes).map_err(|source| failed(&path, source))?;
    }
    swap(&site, out).map_err(|source| failed(out, source))
    // What the old report was is now below `fresh`, and goes with it.
}

/// Replaces one file by what `put` writes: whoever looks sees the old file or the new one. It is
/// left to the system when the bytes reach the disk, for the file can be made again.
///
/// # Errors
/// [`Error::Write`], with the old file untouched.
pub fn replace_file(
    out: &Path,
    put: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> Result<(), Error> {
    let help = "check that the disk has room and that you may write there; \
                the previous file is untouched";
    let failed = |source| Error::Write { path: out.to_owned(), source, help };
    let parent = parent(out);
    let written = || {
        fs::create_dir_all(parent)?;
        let mut fresh = tempfile::Builder::new().prefix(".gevinst-").tempfile_in(parent)?;
        put(&mut Early { file: fresh.as_file_mut(), written: 0, begun: 0 })?;
        // A report is for everyone who may look into its folder.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fresh.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
        }
        let old = large(out);
        fresh.persist(out).map_err(|error| error.error)?;
        // The system takes its time to forget a large file, and nobody has to wait for that.
        if let Some(old) = old {
            thread::spawn(|| drop(old));
        }
        Ok(())
    };
    written().map_err(failed)
}

/// The file of this name, where it is a large one that can be replaced while it is open.
fn large(file: &Path) -> Option<fs::File> {
    let found = fs::metadata(file).ok().filter(|_| cfg!(unix))?;
    (found.is_file() && found.len() > EARLY).then(|| fs::File::open(file).ok()).flatten()
}

/// A file whose first bytes are on their way to the disk while the last are still made.
struct Early<'a> {
    file: &'a mut fs::File,
    written: u64,
    /// Of these, as many as the system was told of.
    begun: u64,
}

impl Write for Early<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.file.write(bytes)?;
        self.written += u64::try_from(length).expect("usize fits u64");
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

/// A file that takes the place of another is begun on at the latest then, all of it at once, and
/// whoever replaces it waits. What is advised is not needed is begun on now.
#[cfg(target_os = "linux")]
fn begin(file: &fs::File, from: u64, length: u64) {
    use rustix::fs::{Advice, fadvise};
    // Advice: that it was not taken changes no byte.
    let _ = fadvise(file, from, std::num::NonZeroU64::new(length), Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
fn begin(_: &fs::File, _: u64, _: u64) {}

/// The folder a path stands in.
fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Puts `fresh` where `out` is: exchanged in one step where the system can, else by two renames.
fn swap(fresh: &Path, out: &Path) -> io::Result<()> {
    if !out.exists() {
        return fs::rename(fresh, out);
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        match renameat_with(CWD, fresh, CWD, out, RenameFlags::EXCHANGE) {
            Ok(()) => return Ok(()),
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let aside = fresh.with_extension("old");
    fs::rename(out, &aside)?;
    fs::rename(fresh, out).inspect_err(|_| {
        // The old report goes back; should even that fail, it is still beside the new one.
        let _ = fs::rename(&aside, out);
    })
}
