//! What a folder that is to be replaced holds, held against what its manifest lists.

use crate::disk::content::{open, read};
use crate::disk::kind::{FolderKind, Manifest};
use crate::disk::path::{identity, relative, shown, unread};
use crate::domain::error::Error;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Everything in a folder of ours: nothing else is in it.
#[derive(Debug, Default)]
pub(super) struct Inventory {
    /// Its files, the manifest last.
    files: Vec<PathBuf>,
    /// The folders below it, each after the one it stands in.
    folders: Vec<PathBuf>,
}

/// Why a folder is not ours to replace.
#[derive(Debug)]
enum NotReplaceable {
    /// gevinst did not write this.
    Unlisted(PathBuf),
    /// gevinst wrote this, and it is something else now.
    Changed(PathBuf),
    /// The manifest does not list every file.
    Older,
}

/// What a folder holds by its paths, nothing looked into and no link followed.
#[derive(Default)]
struct Contents {
    files: BTreeMap<String, PathBuf>,
    folders: BTreeMap<String, PathBuf>,
    /// What is neither, or has a name that is no UTF-8.
    others: BTreeSet<PathBuf>,
}

impl Inventory {
    /// Holds a folder against its manifest: it is empty, or every file in it is one that gevinst
    /// wrote and nobody changed. A folder that is not there is as an empty one. Messages say it is
    /// called `called`.
    ///
    /// # Errors
    /// [`Error::InTheWay`] with the first path that is not ours, [`Error::Read`] when it cannot be
    /// seen what is there.
    pub(super) fn of(folder: &Path, called: &Path, kind: &FolderKind) -> Result<Inventory, Error> {
        let help = "check that you may read it: only what gevinst wrote there is replaced";
        match steady(folder, || inventory(folder, kind)) {
            Ok(Ok(inventory)) => Ok(inventory),
            Ok(Err(other)) => Err(other.error(called, kind)),
            Err((path, source)) => Err(unread(&path, source, help)),
        }
    }

    /// A folder in which there is nothing but folders; `None` when there is anything else, or it
    /// cannot be seen.
    pub(super) fn of_folders(folder: &Path) -> Option<Inventory> {
        let Contents { files, folders, others } = contents(folder).ok()?;
        let empty = files.is_empty() && others.is_empty();
        empty.then(|| Inventory { files: Vec::new(), folders: folders.into_values().collect() })
    }

    /// Removes what was found, and nothing that came since; whether the folder went with it.
    pub(super) fn remove(&self, folder: &Path) -> io::Result<bool> {
        for file in &self.files {
            fs::remove_file(file)?;
        }
        for folder in self.folders.iter().rev().map(PathBuf::as_path).chain([folder]) {
            match fs::remove_dir(folder) {
                Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => return Ok(false),
                removed => removed?,
            }
        }
        Ok(true)
    }
}

impl NotReplaceable {
    fn error(self, folder: &Path, kind: &FolderKind) -> Error {
        let FolderKind { what, flag, manifest, .. } = kind;
        let whole = shown(folder);
        let new = format!("name a new or empty folder with {flag}");
        let (what, help) = match self {
            NotReplaceable::Unlisted(path) => (
                format!("`{whole}` holds `{}`, which gevinst did not write there", shown(&path)),
                format!("{new}, or move that elsewhere; only what gevinst wrote is replaced"),
            ),
            NotReplaceable::Changed(path) => (
                format!("`{whole}` holds `{}`, changed since gevinst wrote it", shown(&path)),
                format!("{new}, or move that elsewhere; only what gevinst wrote is replaced"),
            ),
            NotReplaceable::Older => (
                format!(
                    "`{whole}` is of an older version of gevinst, whose `{manifest}` does not \
                     list every file of the {what}"
                ),
                format!("{new}; the old one may then be moved or deleted by hand"),
            ),
        };
        Error::InTheWay { what, help }
    }
}

type FailedPath = (PathBuf, io::Error);

/// What was seen of a folder that was one and the same all the while: another run may put a new
/// one in its place.
fn steady<T>(folder: &Path, look: impl Fn() -> T) -> T {
    let now = || fs::metadata(folder).ok().map(|found| identity(folder, &found));
    let mut before = now();
    for _ in 0..16 {
        let seen = look();
        let after = now();
        if before == after {
            return seen;
        }
        before = after;
    }
    look()
}

fn inventory(
    folder: &Path,
    kind: &FolderKind,
) -> Result<Result<Inventory, NotReplaceable>, FailedPath> {
    let Contents { mut files, folders, others } = contents(folder)?;
    if let Some(other) = others.into_iter().next() {
        return Ok(Err(NotReplaceable::Unlisted(other)));
    }
    let below = |path: &Path| path.strip_prefix(folder).unwrap_or(path).to_owned();
    let Some(manifest) = files.remove(kind.manifest) else {
        let first = files.into_values().chain(folders.into_values()).min();
        return Ok(match first {
            Some(path) => Err(NotReplaceable::Unlisted(below(&path))),
            None => Ok(Inventory::default()),
        });
    };
    let bytes = read(&manifest).map_err(|error| (manifest.clone(), error))?;
    let listed = match (kind.listed)(&bytes) {
        Manifest::Lists(listed) => listed,
        Manifest::Older => return Ok(Err(NotReplaceable::Older)),
        Manifest::Foreign => return Ok(Err(NotReplaceable::Unlisted(below(&manifest)))),
    };
    let above = listed.keys().flat_map(|name| Path::new(name).ancestors().skip(1));
    let holding: BTreeSet<&Path> = above.collect();
    let strange = folders.iter().find(|(name, _)| !holding.contains(Path::new(name)));
    if let Some((name, _)) = strange {
        return Ok(Err(NotReplaceable::Unlisted(name.into())));
    }
    if let Some(name) = files.keys().find(|name| !listed.contains_key(*name)) {
        return Ok(Err(NotReplaceable::Unlisted(name.into())));
    }
    let each: Vec<(&String, &PathBuf)> = files.iter().collect();
    let hashes = each.par_iter().map(|(name, path)| {
        let hash = hash(path).map_err(|error| ((*path).clone(), error))?;
        Ok((hash != listed[*name]).then(|| PathBuf::from(name)))
    });
    let changed: Vec<Option<PathBuf>> = hashes.collect::<Result<_, FailedPath>>()?;
    if let Some(path) = changed.into_iter().flatten().next() {
        return Ok(Err(NotReplaceable::Changed(path)));
    }
    let files = files.into_values().chain([manifest]).collect();
    Ok(Ok(Inventory { files, folders: folders.into_values().collect() }))
}

/// BLAKE3 of a file, lower-case hex.
fn hash(path: &Path) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(open(path)?.0)?;
    Ok(hasher.finalize().to_hex().to_string())
}

fn contents(folder: &Path) -> Result<Contents, FailedPath> {
    let mut contents = Contents::default();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        let failed = |error| (next.clone(), error);
        let entries = match fs::read_dir(&next) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries.map_err(failed)?,
        };
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let (path, kind) = (entry.path(), entry.file_type().map_err(failed)?);
            match relative(folder, &path) {
                Some(name) if kind.is_dir() => {
                    waiting.push(path.clone());
                    contents.folders.insert(name, path);
                }
                Some(name) if kind.is_file() => {
                    contents.files.insert(name, path);
                }
                Some(_) | None => {
                    contents.others.insert(path.strip_prefix(folder).unwrap_or(&path).to_owned());
                }
            }
        }
    }
    Ok(contents)
}
