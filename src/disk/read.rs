//! What a run reads: a pipeline folder, the deliveries, a receipt.

use crate::disk::content::{FileOnDisk, read};
use crate::disk::listing::{FoundFile, Links, Listing};
use crate::disk::path::{relative, shown, unread};
use crate::domain::error::Error;
use crate::domain::folder::Folder;
use crate::domain::reached_twice::ReachedTwice;
use crate::source::content::{Content, Delivery};
use crate::source::unreadable::Unreadable;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

/// The folders of a pipeline that hold some of its definition.
const PARTS: [&str; 2] = ["contracts", "tables"];

/// What stands below a folder of deliveries.
pub struct Listed {
    /// The deliveries in path order; of one that cannot be read, the content says why.
    pub deliveries: Vec<Delivery>,
    /// What is a delivery by another name already, in name order.
    pub again: Vec<ReachedTwice>,
    /// The folder they stand in, all of them: no link leads out of it.
    pub folder: PathBuf,
}

/// Reads the definition in a pipeline folder whole: the `.toml` and `.csv` files in it, in
/// `contracts/` and in `tables/`, by path relative to the folder. Hidden ones are no part of it.
///
/// # Errors
/// [`Error::Read`] when the folder or a file of the definition cannot be read, [`Error::Changed`]
/// when one is being written.
pub fn read_folder(folder: &Path) -> Result<Folder, Error> {
    let help = "name a pipeline folder, such as pipelines/faellesoffentlig-2016-2020";
    let mut files = BTreeMap::new();
    let wanted = |path: &Path, is_folder: bool| {
        let first = path.strip_prefix(folder).ok().and_then(|below| below.iter().next());
        let is_part = first.is_some_and(|first| PARTS.iter().any(|part| first == *part));
        let ending = path.extension().and_then(|ending| ending.to_str());
        if is_folder { is_part } else { matches!(ending, Some("toml" | "csv")) }
    };
    let listing = Listing::of(folder, Links::Anywhere, &wanted);
    let listing = listing.map_err(|source| unread(folder, source, help))?;
    if let Some((again, _)) = listing.again.iter().find(|(path, _)| path.is_dir()) {
        let source = Unreadable::Twice.into();
        return Err(unread(again, source, help));
    }
    // Two names of one file are two files of the definition.
    let linked = listing
        .again
        .into_iter()
        .map(|(path, _)| FoundFile { file: FileOnDisk::look(&path), path });
    for FoundFile { path, file } in listing.found.into_iter().chain(linked) {
        let bytes = file.and_then(|file| {
            let bytes = read(&path)?;
            file.unchanged()?;
            Ok(bytes)
        });
        let bytes = bytes.map_err(|source| unread(&path, source, help))?;
        let nameless = || unread(&path, Unreadable::Nameless.into(), help);
        files.insert(relative(folder, &path).ok_or_else(nameless)?, bytes);
    }
    // A pipeline is known by its folder's name, which `.` does not give.
    let named =
        folder.file_name().map_or_else(|| std::fs::canonicalize(folder), |_| Ok(folder.into()));
    let named = named.unwrap_or_else(|_| folder.to_owned());
    Ok(Folder { name: named.display().to_string(), files })
}

/// Reads the receipt of an earlier run.
///
/// # Errors
/// [`Error::Read`] when there is none of that name, or something else than a file.
pub(crate) fn read_receipt(path: &Path) -> Result<Vec<u8>, Error> {
    let help = "name the receipt.json of the last report with --previous, or leave it out";
    read(path).map_err(|source| unread(path, source, help))
}

/// Lists the deliveries below a folder in path order. They are opened when `ingest` reads them.
/// What is hidden, a lock file of an open sheet (`~$x.xlsx`), a `README.md` and an `answers.toml`
/// are no deliveries, and a file that is reached by two ways is one. What is no file, a link that
/// leads out of the folder, or cannot be looked at, is a delivery whose content says so.
///
/// # Errors
/// [`Error::Read`] when the folder cannot be read, [`Error::Changed`] when a file goes while they
/// are listed, [`Error::Nothing`] when no delivery is in it.
pub fn open_all(folder: &Path) -> Result<Listed, Error> {
    let help = "check the path, or name the folder with --deliveries DIR";
    let wanted = |path: &Path, is_folder: bool| {
        let file_name = path.file_name().unwrap_or_default();
        let lock = file_name.as_encoded_bytes().starts_with(b"~$");
        is_folder || !(lock || file_name == "README.md" || file_name == "answers.toml")
    };
    let listing = Listing::of(folder, Links::Inside, &wanted);
    let listing = listing.map_err(|source| unread(folder, source, help))?;
    let names = listing.found.iter().filter_map(|found| relative(folder, &found.path));
    let mut names: BTreeSet<String> = names.collect();
    let mut deliveries = Vec::new();
    for FoundFile { path, file } in listing.found {
        let Some(name) = relative(folder, &path) else {
            let name = lossy(folder, &path, &names);
            names.insert(name.clone());
            let content = Box::new(Unreadable::Nameless);
            deliveries.push(Delivery { name, content });
            continue;
        };
        let content: Box<dyn Content> = match file {
            Ok(file) => Box::new(file),
            Err(source) if source.kind() == io::ErrorKind::NotFound => {
                return Err(Error::Changed { path: shown(&path).into() });
            }
            Err(source) => Box::new(FailingContent(source)),
        };
        deliveries.push(Delivery { name, content });
    }
    if deliveries.is_empty() {
        let what = format!("no deliveries in `{}`", shown(folder));
        return Err(Error::Nothing { what, help });
    }
    let name = |path: &Path| match relative(folder, path) {
        Some(name) if name.is_empty() => ".".to_owned(),
        Some(name) => name,
        None => lossy(folder, path, &BTreeSet::new()),
    };
    let again = listing.again.iter();
    let mut again: Vec<ReachedTwice> =
        again.map(|(path, first)| ReachedTwice { name: name(path), first: name(first) }).collect();
    again.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Listed { deliveries, again, folder: folder.to_owned() })
}

/// A name that is no UTF-8, as one that no other delivery has.
fn lossy(folder: &Path, path: &Path, taken: &BTreeSet<String>) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path);
    let plain = below.to_string_lossy().into_owned();
    let numbered = (2_u32..).map(|number| format!("{plain} ({number})"));
    let mut names = std::iter::once(plain.clone()).chain(numbered);
    names.find(|name| !taken.contains(name)).expect("a number is free")
}

/// Content that could not even be looked at.
struct FailingContent(io::Error);

impl Content for FailingContent {
    fn open(&self) -> io::Result<Box<dyn io::Read + Send>> {
        let inner = self.0.get_ref().and_then(|inner| inner.downcast_ref::<Unreadable>());
        Err(match (self.0.raw_os_error(), inner) {
            (Some(code), _) => io::Error::from_raw_os_error(code),
            (None, Some(unreadable)) => (*unreadable).into(),
            (None, None) => self.0.kind().into(),
        })
    }
}

/// One file as a delivery of its own name. It is opened when it is read.
///
/// # Errors
/// [`Error::Read`] when it is not there, or is no file.
pub fn open_one(path: &Path) -> Result<Delivery, Error> {
    let name =
        path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let help = "check that the file is there and that you may read it";
    let file = FileOnDisk::look(path).map_err(|source| unread(path, source, help))?;
    Ok(Delivery { name, content: Box::new(file) })
}
