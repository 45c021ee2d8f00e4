//! A folder of ours is replaced whole: the old one or the new one is there, never a mixture.

use crate::disk::inventory::Inventory;
use crate::disk::kind::FolderKind;
use crate::disk::path::{in_place_of_folder, needs_folder, parent, resolved, shown, unwritten};
use crate::disk::temporary::{NEW, OLD, SWAP, Temporary, creating, placing};
use crate::domain::error::Error;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// What to do when a folder cannot be written.
const HELP: &str = "check that the disk has room and that you may write there; \
                    the previous report is untouched";

/// Checks, before any work is done, that `out` may be replaced: it is new, empty, or holds what
/// gevinst wrote and nothing else.
///
/// # Errors
/// [`Error::InTheWay`] with the name of the first thing in it that is not ours.
pub(crate) fn may_replace(out: &Path, kind: &FolderKind) -> Result<(), Error> {
    let in_the_way = |what: &str| {
        let what = format!("`{}` is {what}", shown(out));
        let help = format!("name a new or empty folder with {}", kind.flag);
        Err(Error::InTheWay { what, help })
    };
    match (fs::metadata(out), fs::symlink_metadata(out)) {
        (Ok(found), _) if found.is_dir() => Inventory::of(&resolved(out), out, kind).map(drop),
        (Ok(_), _) => in_the_way("no folder"),
        (Err(_), Ok(_)) => in_the_way("a link to nothing"),
        (Err(_), Err(_)) => match in_place_of_folder(out) {
            Some(other) => {
                let help = format!("name another folder with {}", kind.flag);
                let what = format!("`{}` cannot be written: {}", shown(out), needs_folder(&other));
                Err(Error::InTheWay { what, help })
            }
            None => Ok(()),
        },
    }
}

/// Replaces the folder `out` by `files`, whole: a reader sees the old folder or the new one. A link
/// stays, and the folder it leads to is replaced.
///
/// The new folder is written beside the old one and takes its place in one step; then of the old
/// one the files that its manifest lists are removed. `None`, or the folder where something that
/// came into the old one at that very moment is kept.
///
/// # Errors
/// [`Error::Write`], or [`Error::InTheWay`] when there is something in it that is not ours, with
/// the old folder as it was.
pub fn replace(
    out: &Path,
    files: &BTreeMap<String, Vec<u8>>,
    kind: &FolderKind,
) -> Result<Option<PathBuf>, Error> {
    let failed = |path: &Path, source| unwritten(path, source, HELP);
    let out = resolved(out);
    let (parent, name) = (parent(&out), out.file_name().unwrap_or_default());
    fs::create_dir_all(parent).map_err(|source| failed(parent, source))?;
    let temporary = Temporary::within(parent).map_err(|source| failed(parent, source))?;
    let site = temporary.folder().join(NEW);
    let (manifest, others): (Vec<_>, Vec<_>) =
        files.iter().partition(|(file, _)| *file == kind.manifest);
    for (file, bytes) in others.into_iter().chain(manifest) {
        let _creating = creating();
        let path = site.join(name).join(file);
        write(&path, bytes).map_err(|source| failed(&out.join(file), source))?;
    }
    placing(&out, || {
        may_replace(&out, kind)?;
        let whole = temporary.folder().join(SWAP);
        fs::rename(&site, &whole).map_err(|source| failed(&out, source))?;
        take_place(&whole.join(name), &out, kind, &exchange)
    })
}

/// How two folders are exchanged in one step; whether the system can.
type Exchange<'a> = &'a dyn Fn(&Path, &Path) -> io::Result<bool>;

/// Puts `fresh` where `out` is, and removes of the old one what is listed; `Some`: what else came
/// into it is kept there.
pub(super) fn take_place(
    fresh: &Path,
    out: &Path,
    kind: &FolderKind,
    exchange: Exchange,
) -> Result<Option<PathBuf>, Error> {
    let help = "check that you may write there; what stood there is in this folder";
    let failed = |source| unwritten(out, source, HELP);
    let Some(old) = swap(fresh, out, exchange).map_err(failed)? else {
        return Ok(None);
    };
    let inventory = Inventory::of(&old, out, kind).or_else(|error| {
        let back = swap_back(&old, fresh, out, exchange);
        back.map_err(|source| unwritten(&old, source, help))?;
        Err(error)
    })?;
    match inventory.remove(&old) {
        Ok(true) => Ok(None),
        Ok(false) | Err(_) => {
            keep(&old, out).map(Some).map_err(|source| unwritten(&old, source, help))
        }
    }
}

/// Puts `fresh` where `out` is: exchanged in one step where the system can, else by two renames.
/// Where the old one is then; `None` when there was none.
fn swap(fresh: &Path, out: &Path, exchange: Exchange) -> io::Result<Option<PathBuf>> {
    if fs::symlink_metadata(out).is_err() {
        return fs::rename(fresh, out).map(|()| None);
    }
    if exchange(fresh, out)? {
        return Ok(Some(fresh.to_owned()));
    }
    let folder = parent(parent(fresh)).join(OLD);
    fs::create_dir(&folder)?;
    let aside = folder.join(out.file_name().unwrap_or_default());
    fs::rename(out, &aside)?;
    fs::rename(fresh, out).inspect_err(|_| {
        // The old one goes back; should even that fail, the next run puts it back.
        let _ = fs::rename(&aside, out);
    })?;
    Ok(Some(aside))
}

/// Takes back what `swap` did.
fn swap_back(old: &Path, fresh: &Path, out: &Path, exchange: Exchange) -> io::Result<()> {
    if old == fresh {
        return exchange(old, out).map(drop);
    }
    fs::rename(out, fresh)?;
    fs::rename(old, out)
}

/// Exchanges two folders in one step; whether the system can.
pub(super) fn exchange(left: &Path, right: &Path) -> io::Result<bool> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        match renameat_with(CWD, left, CWD, right, RenameFlags::EXCHANGE) {
            Ok(()) => return Ok(true),
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let _ = (left, right);
    Ok(false)
}

/// Keeps a folder beside the one that took its place, and says where.
pub(super) fn keep(old: &Path, out: &Path) -> io::Result<PathBuf> {
    let name = out.file_name().unwrap_or_default().to_string_lossy();
    let mut places = (1_u32..).map(|number| out.with_file_name(format!("{name}.kept-{number}")));
    let aside = places.find(|aside| fs::symlink_metadata(aside).is_err());
    let aside = aside.expect("a number is free");
    fs::rename(old, &aside).map(|()| aside)
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(parent(path))?;
    let mut file = fs::File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
