//! The only room that touches the disk: folders and deliveries are read, reports and files
//! replaced.
#![expect(clippy::disallowed_methods, reason = "this is the room the rule points to")]

pub mod apart;
mod content;
pub mod file;
mod inventory;
pub mod kind;
mod listing;
mod read;
pub mod replace;
pub mod shelf;
pub mod temporary;
#[cfg(test)]
mod tests;

pub use read::{Listed, open_all, open_one, read_folder, read_receipt};

use crate::domain::error::Error;
use crate::ingest::privacy::masked;
use std::io;
use std::path::{Path, PathBuf};

/// A path as it may be shown: what may be a personal number has stars for its digits.
fn shown(path: &Path) -> String {
    masked(&path.to_string_lossy()).into_owned()
}

/// The error of a path that cannot be read.
fn unread(path: &Path, source: io::Error, help: &'static str) -> Error {
    Error::reading(shown(path).into(), source, help)
}

/// The error of a path that cannot be written.
fn unwritten(path: &Path, source: io::Error, help: &'static str) -> Error {
    Error::Write { path: shown(path).into(), source, help }
}

/// The folder a path stands in.
fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    }
}

/// A path below `folder`, with `/` between its parts on every system; `None` when it has a part
/// that is no UTF-8.
fn relative(folder: &Path, path: &Path) -> Option<String> {
    let below = path.strip_prefix(folder).unwrap_or(path);
    let parts: Option<Vec<_>> = below.components().map(|part| part.as_os_str().to_str()).collect();
    parts.map(|parts| parts.join("/"))
}

/// What tells a file or folder from every other, whatever it is called.
#[cfg(unix)]
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(_: &Path, found: &std::fs::Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt as _;
    (found.dev(), found.ino())
}

#[cfg(not(unix))]
type Identity = PathBuf;

#[cfg(not(unix))]
fn identity(path: &Path, _: &std::fs::Metadata) -> Identity {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The path without links, as far as it exists. What does not exist is taken as it is written.
fn resolved(path: &Path) -> PathBuf {
    resolve(path, 40)
}

fn resolve(path: &Path, links: u8) -> PathBuf {
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
