//! A folder with a file for each delivery that is remembered.

use crate::disk::content::{open, read, what};
use crate::disk::path::{in_place_of_folder, unwritten};
use crate::disk::temporary::{Temporary, creating, is_part, sweep};
use crate::domain::error::Error;
use crate::ingest::cache::CacheStore;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

/// What every part begins with, whichever version wrote it.
const MARK: &[u8] = b"gevinst kept ";

/// The folder of one pipeline.
pub(crate) struct CacheFolder {
    folder: PathBuf,
    /// Where parts are written before they take their place; `None` when there is no such place.
    temporary: OnceLock<Option<Temporary>>,
    /// The first thing that could not be kept.
    failed: Mutex<Option<Error>>,
}

impl CacheFolder {
    /// What is kept in a folder, which need not be there yet.
    pub(crate) fn new(folder: PathBuf) -> CacheFolder {
        CacheFolder { folder, temporary: OnceLock::new(), failed: Mutex::default() }
    }

    /// The first thing that could not be kept, if anything.
    pub(crate) fn failed(self) -> Option<Error> {
        self.failed.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(&self, path: &Path, source: io::Error, help: &'static str) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.get_or_insert_with(|| unwritten(path, source, help));
    }

    fn keep(&self, part: &str, bytes: &[u8]) -> io::Result<()> {
        let temporary = self.temporary.get_or_init(|| {
            let made = fs::create_dir_all(&self.folder);
            let made = made.and_then(|()| Temporary::within(&self.folder));
            let file = in_place_of_folder(&self.folder).is_some();
            let help = if file { ELSEWHERE } else { PUT };
            made.map_err(|source| self.note(&self.folder, source, help)).ok()
        });
        let Some(temporary) = temporary else { return Ok(()) };
        let (fresh, target) = (temporary.folder().join(part), self.folder.join(part));
        let there = fs::symlink_metadata(&target).ok().filter(|metadata| !metadata.is_file());
        if let Some(metadata) = there {
            return Err(what(metadata.file_type()).into());
        }
        let _creating = creating();
        fs::File::create_new(&fresh)?.write_all(bytes)?;
        fs::rename(fresh, target)
    }
}

/// What to do when a part cannot be put there.
const PUT: &str = "check that the disk has room and that you may write there; \
                   the previous file is untouched";

/// What to do when the cache cannot be a folder.
const ELSEWHERE: &str = "a file stands where a folder is needed; name another with --cache";

/// What to do when a part cannot be removed.
const LEAVE: &str = "check that you may write there; what is left is of no use, and may be deleted";

impl CacheStore for CacheFolder {
    fn get(&self, part: &str) -> Option<Vec<u8>> {
        read(&self.folder.join(part)).ok()
    }

    fn put(&self, part: &str, bytes: &[u8]) {
        if let Err(source) = self.keep(part, bytes) {
            self.note(&self.folder.join(part), source, PUT);
        }
    }

    fn retain_only(&self, parts: &BTreeSet<String>) {
        sweep(&self.folder);
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let (name, path) = (entry.file_name(), entry.path());
            let other = name.to_str().is_some_and(|name| is_part(name) && !parts.contains(name));
            if other
                && is_ours(&path)
                && let Err(source) = fs::remove_file(&path)
                && source.kind() != io::ErrorKind::NotFound
            {
                return self.note(&path, source, LEAVE);
            }
        }
    }
}

/// Whether a file is a part, of this version or another.
fn is_ours(path: &Path) -> bool {
    let mut mark = Vec::new();
    let read = open(path).and_then(|(file, _)| {
        file.take(u64::try_from(MARK.len()).expect("small")).read_to_end(&mut mark)
    });
    read.is_ok() && mark == MARK
}
