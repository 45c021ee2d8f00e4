//! Paths: as they are shown, resolved and told apart.

use crate::domain::error::Error;
use crate::domain::privacy::masked;
use std::io;
use std::path::Path;
use std::path::PathBuf;

/// A path as it may be shown: what may be a personal number has stars for its digits.
pub(super) fn shown(path: &Path) -> String {
    masked(&path.to_string_lossy()).into_owned()
}

/// The error of a path that cannot be read.
pub(super) fn unread(path: &Path, source: io::Error, help: &'static str) -> Error {
    Error::reading(shown(path).into(), source, help)
}

/// The error of a path that cannot be written.
pub(super) fn unwritten(path: &Path, source: io::Error, help: &'static str) -> Error {
    Error::Write { path: shown(path).into(), source, help }
}

/// What stands where a folder of this path must be, the path itself among them, if it is no folder.
pub(super) fn in_place_of_folder(path: &Path) -> Option<PathBuf> {
    let there = |path: &&Path| std::fs::metadata(path).is_ok();
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let existing = whole.ancestors().find(there)?;
    let above = whole.components().count() - existing.components().count();
    // It is shown as it was given, as far as that is so long.
    let called = path.ancestors().nth(above).filter(|called| !called.as_os_str().is_empty());
    (!existing.is_dir()).then(|| called.unwrap_or(existing).to_owned())
}

/// That a folder is needed where something else stands.
pub(super) fn needs_folder(path: &Path) -> String {
    format!("`{}` stands where a folder is needed, and is none", shown(path))
}

/// The folder a path stands in.
pub(super) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    }
}

/// A path below `folder`, with `/` between its parts on every system; `None` when it has a part
/// that is no UTF-8.
pub(super) fn relative(folder: &Path, path: &Path) -> Option<String> {
    let below = path.strip_prefix(folder).unwrap_or(path);
    let parts: Option<Vec<_>> = below.components().map(|part| part.as_os_str().to_str()).collect();
    parts.map(|parts| parts.join("/"))
}

/// The path without links, as far as it exists. What does not exist is taken as it is written.
pub(super) fn resolved(path: &Path) -> PathBuf {
    resolve(path, 40)
}

pub(super) fn resolve(path: &Path, links: u8) -> PathBuf {
    use std::path::Component;
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut real = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                real.pop();
            }
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir => real.push(part),
            Component::Normal(name) => {
                real.push(name);
                if let Ok(whole) = std::fs::canonicalize(&real) {
                    real = whole;
                } else if let (Ok(target), 1..) = (std::fs::read_link(&real), links) {
                    real = resolve(&parent(&real).join(target), links - 1);
                }
            }
        }
    }
    real
}

/// What tells a file or folder from every other, whatever it is called.
#[cfg(unix)]
pub(super) type Identity = (u64, u64);

#[cfg(unix)]
pub(super) fn identity(_: &Path, found: &std::fs::Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt as _;
    (found.dev(), found.ino())
}

#[cfg(not(unix))]
pub(super) type Identity = PathBuf;

#[cfg(not(unix))]
pub(super) fn identity(path: &Path, _: &std::fs::Metadata) -> Identity {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
