//! Replacing and sweeping, on folders made for the test.

use crate::disk::kind::{KINDS, Manifest, PACKS};
use crate::disk::replace::{exchange, keep, replace, take_place};
use crate::disk::temporary::{Temporary, sweep};
use crate::domain::error::Error;
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

type Files = BTreeMap<String, Vec<u8>>;

/// Files with a manifest that lists them.
fn listed(mut files: Files) -> Files {
    let said = |(name, bytes): (&String, &Vec<u8>)| json!({ "csv": { "name": name, "blake3": blake3::hash(bytes).to_hex().to_string() } });
    let packs: Vec<_> = files.iter().map(said).collect();
    let manifest = json!({ "schema": "gevinst-rettelser/1", "packs": packs });
    files.insert(PACKS.manifest.to_owned(), manifest.to_string().into_bytes());
    files
}

fn lay(folder: &Path, files: &Files) {
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("room");
        fs::write(path, bytes).expect("room");
    }
}

/// Everything below a folder: files with their bytes, links, and folders.
fn all(folder: &Path) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).into_iter().flatten().flatten() {
            let kind = entry.file_type().expect("a kind");
            if kind.is_dir() {
                folders.push(entry.path());
            }
            let bytes = kind.is_file().then(|| fs::read(entry.path()).expect("a file"));
            found.insert(entry.path().strip_prefix(folder).expect("below").to_owned(), bytes);
        }
    }
    found
}

/// What happens to a folder of ours before it is replaced.
#[derive(Debug, Clone)]
enum Change {
    Remove(usize),
    Edit(usize),
    AddFile(String),
    AddFolder(String),
    AddLink(String),
}

fn name() -> impl Strategy<Value = String> {
    "[ab]{1,2}(/[ab]){0,2}"
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        any::<usize>().prop_map(Change::Remove),
        any::<usize>().prop_map(Change::Edit),
        name().prop_map(Change::AddFile),
        name().prop_map(Change::AddFolder),
        name().prop_map(Change::AddLink),
    ]
}

impl Change {
    /// Makes the change, where it can be made.
    fn make(&self, out: &Path, files: &Files) {
        let nth = |at: usize| out.join(files.keys().nth(at % files.len()).expect("a file"));
        let new = |name: &String| {
            let path = out.join(name);
            (fs::create_dir_all(path.parent().expect("a folder")).is_ok() && !path.exists())
                .then_some(path)
        };
        // A name may be taken by now, by a file or by a folder.
        let _ = match self {
            Change::Remove(at) => fs::remove_file(nth(*at)),
            Change::Edit(at) if nth(*at).is_file() => fs::write(nth(*at), "edited"),
            Change::AddFile(name) => new(name).map_or(Ok(()), |path| fs::write(path, "mine")),
            Change::AddFolder(name) => new(name).map_or(Ok(()), fs::create_dir),
            #[cfg(unix)]
            Change::AddLink(name) => {
                new(name).map_or(Ok(()), |path| std::os::unix::fs::symlink(".", path))
            }
            #[cfg(not(unix))]
            Change::AddLink(_) => Ok(()),
            Change::Edit(_) => Ok(()),
        };
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Whatever became of a folder of ours, it is replaced when all in it is what gevinst wrote,
    /// and left as it is when not.
    #[test]
    fn nothing_that_is_not_ours_ever_goes(
        names in prop::collection::btree_set("[cd]{1,2}(\\.csv|/[cd])", 1..5),
        changes in prop::collection::vec(change(), 0..4),
    ) {
        let desk = tempfile::tempdir().expect("a folder");
        let out = desk.path().join("out");
        let names = names.into_iter().map(|name| name.replace("cd.csv", "e.csv"));
        let old = listed(names.map(|name| (name.clone(), name.into_bytes())).collect());
        prop_assert!(replace(&out, &old, &PACKS).expect("a new folder").is_none());
        for change in &changes {
            change.make(&out, &old);
        }
        let before = all(&out);
        let ours = |(path, bytes): (&PathBuf, &Option<Vec<u8>>)| {
            let name = path.to_str().expect("UTF-8");
            match bytes {
                // Nobody edits the manifest into another one here.
                Some(bytes) => old.get(name) == Some(bytes),
                None => !out.join(path).is_symlink() && old.keys().any(|file| file.starts_with(&format!("{name}/"))),
            }
        };
        let has_manifest = out.join(PACKS.manifest).exists() || before.is_empty();
        let new = listed(BTreeMap::from([("new.csv".to_owned(), b"new".to_vec())]));
        let replaced = replace(&out, &new, &PACKS);
        if has_manifest && before.iter().all(ours) {
            prop_assert!(replaced.expect("it is ours").is_none());
            let found: Files = all(&out).into_iter().map(|(path, bytes)| (path.to_str().expect("UTF-8").to_owned(), bytes.expect("a file"))).collect();
            prop_assert_eq!(found, new);
        } else {
            let stopped = matches!(replaced, Err(Error::InTheWay { .. }));
            prop_assert!(stopped, "{:?}", before);
            prop_assert_eq!(all(&out), before);
        }
        prop_assert_eq!(fs::read_dir(desk.path()).expect("the desk").count(), 1);
    }
}

/// The folder that was exchanged is looked through once more: what came at that moment stays.
#[test]
fn what_came_since_it_was_looked_through_is_not_removed() {
    use crate::disk::inventory::Inventory;
    let desk = tempfile::tempdir().expect("a folder");
    let old = listed(BTreeMap::from([("a/b.csv".to_owned(), b"b".to_vec())]));
    lay(desk.path(), &old);
    let inventory = Inventory::of(desk.path(), desk.path(), &PACKS).expect("ours");
    fs::write(desk.path().join("a/late.txt"), "mine").expect("room");
    assert!(!inventory.remove(desk.path()).expect("it may"));
    let left = all(desk.path());
    assert_eq!(left.keys().collect::<Vec<_>>(), [Path::new("a"), Path::new("a/late.txt")]);
}

/// With one step or with two: what comes into the old folder just then puts it back, and what comes
/// when it is already being removed is kept.
#[test]
fn what_comes_at_the_moment_of_the_exchange_is_never_lost() {
    let new = listed(BTreeMap::from([("new.csv".to_owned(), b"new".to_vec())]));
    let old = listed(BTreeMap::from([("a/b.csv".to_owned(), b"b".to_vec())]));
    for at_once in [true, false] {
        for late in [None, Some("late.txt"), Some("a/b.csv")] {
            let desk = tempfile::tempdir().expect("a folder");
            let out = desk.path().join("report");
            lay(&out, &old);
            let fresh = desk.path().join(".d/swap/report");
            lay(&fresh, &new);
            let before = all(&fresh);
            let comes = std::cell::Cell::new(late);
            let exchange = |one: &Path, other: &Path| {
                if let Some(name) = comes.take() {
                    fs::write(out.join(name), "mine").expect("room");
                }
                if at_once { exchange(one, other) } else { Ok(false) }
            };
            let placed = take_place(&fresh, &out, &PACKS, &exchange);
            match late {
                None => {
                    assert!(placed.expect("it is ours").is_none());
                    assert!(all(&out) == before && !fresh.exists());
                    assert!(!desk.path().join(".d/old/report").exists());
                }
                Some(name) => {
                    assert!(matches!(placed, Err(Error::InTheWay { .. })), "{placed:?}");
                    assert_eq!(fs::read(out.join(name)).expect("it stands"), b"mine");
                    assert!(out.join(PACKS.manifest).exists() && all(&fresh) == before);
                }
            }
        }
    }
    let desk = tempfile::tempdir().expect("a folder");
    let at = |name: &str| desk.path().join(name);
    for number in ["1", "2"] {
        fs::create_dir(at("old")).expect("room");
        let kept = keep(&at("old"), &at("report")).expect("room");
        assert_eq!(kept, at(&format!("report.kept-{number}")));
    }
}

#[test]
fn what_a_dead_run_left_is_swept_and_nothing_else() {
    let desk = tempfile::tempdir().expect("a folder");
    let at = |name: &str| desk.path().join(name);
    // A run in the midst of everything, and killed: its lock is gone, its files are not.
    let mark = "gevinst temporary files 1\n";
    let ours = listed(BTreeMap::from([("a.csv".to_owned(), b"a".to_vec())]));
    fs::write(at(".gevinst-aaaaaa"), mark).expect("room");
    lay(&at(".gevinst-aaaaaa.d/new/report"), &BTreeMap::from([("da/x".into(), b"half".to_vec())]));
    lay(&at(".gevinst-aaaaaa.d/swap/report"), &ours);
    lay(&at(".gevinst-aaaaaa.d"), &BTreeMap::from([("file".into(), b"half".to_vec())]));
    // Killed as it removed the old report: the files and the manifest are gone, the folders not.
    fs::create_dir_all(at(".gevinst-aaaaaa.d/swap/killed/da/figurer")).expect("room");
    fs::create_dir_all(at(".gevinst-aaaaaa.d/swap/killed/en")).expect("room");
    lay(&at(".gevinst-aaaaaa.d"), &BTreeMap::from([("0a".repeat(32), b"half".to_vec())]));
    // What is ours goes from beside what is not.
    lay(&at(".gevinst-ffffff.d/swap/packs"), &ours);
    lay(&at(".gevinst-ffffff.d/photos/report"), &ours);
    fs::write(at(".gevinst-bbbbbb"), mark).expect("room");
    // A report that was moved aside and whose successor did not come goes back.
    lay(&at(".gevinst-bbbbbb.d/old/report"), &ours);
    // These are not ours, or somebody came in between.
    let foreign = BTreeMap::from(
        [
            ".gevinst-x/note.txt",
            ".gevinst-cccccc/note.txt",
            ".gevinst-dddddd.d/note.txt",
            ".gevinst-eeeeee",
            ".gevinst-ffffff.d/swap/report/note.txt",
            ".gevinst-ffffff.d/note.txt",
            ".gevinst-ffffff.d/receipt.json",
            ".gevinst-ffffff.d/new/note.txt",
            ".gevinst-ffffff.d/old/note.txt",
            ".gevinst-ffffff.d/swap/note.txt",
            ".gevinst-ffffff.d/file/note.txt",
            ".gevinst-ffffff.d/photos/a",
        ]
        .map(|name| (name.to_owned(), b"mine".to_vec())),
    );
    lay(desk.path(), &foreign);
    fs::create_dir(at(".gevinst-gggggg")).expect("room");
    fs::write(at(".gevinst-ffffff"), mark).expect("room");
    let alive = Temporary::within(desk.path()).expect("room");
    fs::write(alive.folder().join("file"), "half").expect("room");
    sweep(desk.path());
    let left = all(desk.path());
    for name in foreign.keys() {
        assert_eq!(left.get(Path::new(name)), Some(&Some(b"mine".to_vec())), "{name}");
    }
    assert!(at(".gevinst-gggggg").is_dir() && alive.folder().join("file").exists());
    assert!(at(".gevinst-ffffff.d/photos/report/a.csv").exists());
    assert!(!at(".gevinst-ffffff.d/swap/packs").exists() && at(".gevinst-ffffff").exists());
    assert!(!at(".gevinst-aaaaaa").exists() && !at(".gevinst-aaaaaa.d").exists());
    assert!(!at(".gevinst-bbbbbb").exists() && !at(".gevinst-bbbbbb.d").exists());
    assert_eq!(fs::read(at("report/a.csv")).expect("it went back"), b"a");
    drop(alive);
    assert_eq!(all(desk.path()).len(), left.len() - 3, "a run that ends takes its own with it");
}

#[test]
fn each_kind_of_folder_has_a_manifest_of_its_own() {
    for kind in KINDS {
        for text in ["", "{}", "[]", "my notes", "schema = 1", "{\"schema\": 1, \"files\": []}"] {
            let said = (kind.listed)(text.as_bytes());
            assert_eq!(said, Manifest::Foreign, "{text}");
        }
    }
}
