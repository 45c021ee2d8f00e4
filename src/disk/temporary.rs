//! Temporary files beside what they are for: they go with their run, or are swept by a later one.
//!
//! `.gevinst-XXXXXX` is a file with a mark, locked as long as its run lives, and
//! `.gevinst-XXXXXX.d` the folder that goes with it:
//!
//! - `new/NAME`: a folder that is being written.
//! - `swap/NAME`: the same when it is whole; after the exchange, the folder it took the place of.
//! - `old/NAME`: a folder moved aside, where the system cannot exchange two.
//! - `file`, or the name of a cached part: a file that is being written.

use crate::disk::content::open;
use crate::disk::inventory::Inventory;
use crate::disk::kind::KINDS;
use crate::disk::path::{identity, parent};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// What the names begin with.
const PREFIX: &str = ".gevinst-";

/// Random characters of a name.
const RANDOM: usize = 6;

/// The folder in which one is written, the one in which it stands when it is whole, and the one an
/// old one is moved to.
pub(super) const NEW: &str = "new";
pub(super) const SWAP: &str = "swap";
pub(super) const OLD: &str = "old";

/// A file that is written to take the place of another.
pub(super) const FILE: &str = "file";

/// What the locked file holds.
const MARK: &[u8] = b"gevinst temporary files 1\n";

/// The temporary files of this process. Creating one takes the lock to read, and putting one in its
/// place takes it to write, so that an interruption falls between two such steps.
static GATE: RwLock<Gate> = RwLock::new(Gate { live: BTreeSet::new(), written: Vec::new() });

pub(super) struct Gate {
    /// The locked files.
    live: BTreeSet<PathBuf>,
    /// What was put in its place.
    written: Vec<PathBuf>,
}

/// Waits while something is put in its place; a file may be created as long as it is held.
pub(super) fn creating() -> RwLockReadGuard<'static, Gate> {
    GATE.read().unwrap_or_else(PoisonError::into_inner)
}

fn gate() -> RwLockWriteGuard<'static, Gate> {
    GATE.write().unwrap_or_else(PoisonError::into_inner)
}

/// Does what puts `path` in its place, in one piece.
pub(super) fn placing<T, E>(path: &Path, step: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    let mut gate = gate();
    let done = step()?;
    gate.written.push(path.to_owned());
    Ok(done)
}

/// Removes the temporary files of this process and gives what it has put in its place, each whole.
/// From then on nothing more is created or replaced.
pub(crate) fn interrupt() -> Vec<PathBuf> {
    let gate = gate();
    for lock in &gate.live {
        clear(lock);
    }
    let written = gate.written.clone();
    std::mem::forget(gate);
    written
}

/// Whether the process was begun with this signal ignored, where the system says so.
pub(crate) fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    mask >> (signal - 1) & 1 == 1
}

/// A folder for temporary files.
pub(super) struct Temporary {
    lock: PathBuf,
    /// Locked until it is dropped.
    _file: fs::File,
}

impl Temporary {
    /// A new one in `folder`, in which what dead runs left is swept.
    pub(super) fn within(folder: &Path) -> io::Result<Temporary> {
        sweep(folder);
        let mut gate = gate();
        let mut names = tempfile::Builder::new();
        names.prefix(PREFIX).rand_bytes(RANDOM);
        let new = |path: &Path| match fs::symlink_metadata(folder_of(path)) {
            Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
            Err(_) => locked(path),
        };
        let lock = names.make_in(folder, new)?;
        // If this fails, the lock is released, and the next run sweeps the folder.
        private(&folder_of(lock.path()))?;
        let (file, lock) = lock.keep()?;
        gate.live.insert(lock.clone());
        Ok(Temporary { lock, _file: file })
    }

    pub(super) fn folder(&self) -> PathBuf {
        folder_of(&self.lock)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let mut gate = gate();
        clear(&self.lock);
        gate.live.remove(&self.lock);
    }
}

fn folder_of(lock: &Path) -> PathBuf {
    lock.with_extension("d")
}

/// A folder that other users cannot read.
fn private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A file of this name that is marked and locked from the moment it has the name, where the system
/// can do that.
fn locked(path: &Path) -> io::Result<fs::File> {
    // The lock comes before the mark, so that a process that sees the mark sees the lock. Where the
    // file system has no locks, no process sweeps.
    let lock = |mut file: fs::File| {
        let _ = file.try_lock();
        file.write_all(MARK)?;
        Ok(file)
    };
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat};
        use std::os::fd::AsRawFd as _;
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        if let Ok(nameless) = rustix::fs::open(parent(path), flags, Mode::from_raw_mode(0o600)) {
            let file = lock(fs::File::from(nameless))?;
            let handle = format!("/proc/self/fd/{}", file.as_raw_fd());
            match linkat(CWD, handle, CWD, path, AtFlags::SYMLINK_FOLLOW) {
                Ok(()) => return Ok(file),
                Err(rustix::io::Errno::EXIST) => return Err(io::ErrorKind::AlreadyExists.into()),
                Err(_) => {}
            }
        }
    }
    let file = fs::File::options().read(true).write(true).create_new(true).open(path)?;
    lock(file).inspect_err(|_| {
        // It was created just now, and is not needed.
        let _ = fs::remove_file(path);
    })
}

/// Removes what runs that are dead left in a folder. What cannot be removed stays for the next one.
pub(super) fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if is_ours(&entry.file_name())
            && entry.file_type().is_ok_and(|kind| kind.is_file())
            && let Some(_dead) = take_over(&entry.path())
        {
            clear(&entry.path());
        }
    }
}

/// Whether a name is one that parts of a cache have.
pub(super) fn is_part(name: &str) -> bool {
    name.len() == 64 && name.bytes().all(|at| at.is_ascii_hexdigit())
}

fn is_ours(name: &OsStr) -> bool {
    let random = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
    random.is_some_and(|random| {
        random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// The locked file of a run that is dead, locked now by us.
fn take_over(path: &Path) -> Option<fs::File> {
    let (file, found) = open(path).ok()?;
    let mut mark = Vec::new();
    (&file).take(64).read_to_end(&mut mark).ok()?;
    if mark != MARK || file.try_lock().is_err() {
        return None;
    }
    // Another run may have swept it, and given its name to a file of its own.
    let now = fs::symlink_metadata(path).ok()?;
    (identity(path, &now) == identity(path, &found)).then_some(file)
}

/// Removes a locked file and the folder that goes with it.
fn clear(lock: &Path) {
    let folder = folder_of(lock);
    let gone = |folder: &Path| match fs::symlink_metadata(folder) {
        Ok(found) if found.is_dir() => clear_folder(folder, parent(lock)).is_ok(),
        Ok(_) => true,
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    // While something is left, the mark stays, so that the next run goes on.
    if gone(&folder) {
        let _ = fs::remove_file(lock);
    }
}

/// Removes from the folder of a dead run what a run puts there, by its exact name; all else stays,
/// and the folder with it.
fn clear_folder(folder: &Path, above: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (name, path, kind) = (entry.file_name(), entry.path(), entry.file_type()?);
        match name.to_str() {
            Some(FILE) if kind.is_file() => fs::remove_file(path)?,
            Some(part) if is_part(part) && kind.is_file() => fs::remove_file(path)?,
            Some(step @ (NEW | SWAP | OLD)) if kind.is_dir() => clear_step(step, &path, above)?,
            Some(_) | None => {}
        }
    }
    fs::remove_dir(folder)
}

/// Removes the folders that stand in one of `NEW`, `SWAP` and `OLD`, and then that. What stands
/// there and is not ours stays.
fn clear_step(step: &str, folder: &Path, above: &Path) -> io::Result<()> {
    let mut stays = false;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (whole, restored) = (entry.path(), above.join(entry.file_name()));
        if !entry.file_type()?.is_dir() {
            stays = true;
        } else if step == NEW {
            fs::remove_dir_all(whole)?;
        } else if step == OLD && fs::symlink_metadata(&restored).is_err() {
            fs::rename(whole, restored)?;
        } else {
            stays |= !remove_ours(&whole)?;
        }
    }
    if stays { Ok(()) } else { fs::remove_dir(folder) }
}

/// Removes a folder that gevinst wrote, or one it was removing when its run was killed, of which
/// only folders are left; whether it was one of them.
fn remove_ours(folder: &Path) -> io::Result<bool> {
    let kinds = KINDS.iter();
    let mut inventories = kinds.filter_map(|kind| Inventory::of(folder, folder, kind).ok());
    match inventories.next().or_else(|| Inventory::of_folders(folder)) {
        Some(inventory) => inventory.remove(folder),
        None => Ok(false),
    }
}
