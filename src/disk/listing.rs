//! What is below a folder: each file once, by whatever ways it is reached; hidden ones aside.

use crate::disk::content::{FileOnDisk, what};
use crate::disk::path::{Identity, identity, resolved};
use crate::source::unreadable::Unreadable;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A file that was found, or what stands where one was looked for.
pub(super) struct FoundFile {
    pub(super) path: PathBuf,
    pub(super) file: io::Result<FileOnDisk>,
}

/// What is listed of what there is.
type ListFilter<'a> = &'a dyn Fn(&Path, bool) -> bool;

/// Which links are followed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    /// All of them.
    Anywhere,
    /// Those that lead to something below the folder; another is [`Unreadable::Outside`].
    Inside,
}

/// Everything below a folder.
#[derive(Default)]
pub(super) struct Listing {
    /// In path order.
    pub(super) found: Vec<FoundFile>,
    /// Ways to what is listed by another way, and that way; in the order they were met.
    pub(super) again: Vec<(PathBuf, PathBuf)>,
    /// The folder without links, where no link may lead out of it.
    inside: Option<PathBuf>,
    seen: BTreeMap<Identity, PathBuf>,
    /// Links that are not followed yet. What is reached without one goes first.
    links: BTreeSet<PathBuf>,
}

impl Listing {
    /// Lists what is below a folder, of the files (`false`) and folders (`true`) that are `wanted`
    /// by their path. The folder itself may be a link, wherever it leads.
    ///
    /// # Errors
    /// Whatever the operating system says when the folder itself cannot be read.
    pub(super) fn of(folder: &Path, links: Links, wanted: ListFilter) -> io::Result<Listing> {
        let inside = (links == Links::Inside).then(|| resolved(folder));
        let mut listing = Listing { inside, ..Listing::default() };
        let root = fs::metadata(folder)?;
        listing.seen.insert(identity(folder, &root), folder.to_owned());
        let entries = entries(folder)?;
        listing.add(entries, wanted);
        while let Some(link) = listing.links.pop_first() {
            listing.follow(link, wanted);
        }
        listing.found.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(listing)
    }

    /// Takes the entries of a folder, and of all below it.
    fn add(&mut self, entries: Vec<PathBuf>, wanted: ListFilter) {
        let mut waiting = entries;
        waiting.reverse();
        while let Some(path) = waiting.pop() {
            match fs::symlink_metadata(&path) {
                Ok(found) if found.is_symlink() => {
                    self.links.insert(path);
                }
                Ok(found) => waiting.extend(self.take(path, &found, wanted).into_iter().rev()),
                Err(error) if wanted(&path, false) => {
                    self.found.push(FoundFile { path, file: Err(error) });
                }
                Err(_) => {}
            }
        }
    }

    fn follow(&mut self, link: PathBuf, wanted: ListFilter) {
        // Whether anything stands outside is not looked at: a run that writes there, or whatever
        // else comes and goes, makes no difference to what is said.
        let outside =
            self.inside.as_ref().is_some_and(|folder| !resolved(&link).starts_with(folder));
        let metadata = if outside { Err(Unreadable::Outside.into()) } else { fs::metadata(&link) };
        let metadata = metadata.map_err(|error| {
            let dead = error.kind() == io::ErrorKind::NotFound;
            if dead { Unreadable::DeadLink.into() } else { error }
        });
        match metadata {
            Ok(metadata) => {
                let below = self.take(link, &metadata, wanted);
                self.add(below, wanted);
            }
            Err(error) if wanted(&link, false) => {
                self.found.push(FoundFile { path: link, file: Err(error) });
            }
            Err(_) => {}
        }
    }

    /// Takes one file, or gives the entries of a folder.
    fn take(&mut self, path: PathBuf, metadata: &fs::Metadata, wanted: ListFilter) -> Vec<PathBuf> {
        if !wanted(&path, metadata.is_dir()) {
            return Vec::new();
        }
        let file_identity = identity(&path, metadata);
        if let Some(first) = self.seen.get(&file_identity) {
            self.again.push((path, first.clone()));
            return Vec::new();
        }
        let file = if metadata.is_dir() {
            match entries(&path) {
                Ok(entries) => {
                    self.seen.insert(file_identity, path);
                    return entries;
                }
                Err(error) => Err(error),
            }
        } else if metadata.is_file() {
            FileOnDisk::look(&path)
        } else {
            Err(what(metadata.file_type()).into())
        };
        self.seen.insert(file_identity, path.clone());
        self.found.push(FoundFile { path, file });
        Vec::new()
    }
}

/// The entries of a folder in name order, hidden ones aside.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().as_encoded_bytes().starts_with(b".") {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}
