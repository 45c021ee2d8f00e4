//! A folder with a manifest, and whatever becomes of it: it is replaced when all in it is what
//! gevinst wrote; else it stands as it was, and nothing that is not listed ever goes.
#![no_main]

use gevinst::testing::disk::{FolderKind, Manifest, PACKS, REPORT, SAMPLE, replace};
use gevinst::testing::domain::Error;
use gevinst_fuzz::choices::Choices;
use libfuzzer_sys::fuzz_target;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// Names of files and folders; some begin as others do, and some are those of manifests.
const NAMES: [&str; 12] = [
    "a.csv",
    "a",
    "b",
    "a/b",
    "a/b/c.csv",
    "b/c",
    ".hidden",
    "æ.csv",
    "receipt.json",
    "rettelser.json",
    "answers.toml",
    "a/receipt.json",
];

fuzz_target!(|input: &[u8]| {
    let mut choices = Choices::of(input);
    let kind = [&REPORT, &PACKS, &SAMPLE][choices.below(3)];
    let fixture = tempfile::tempdir().expect("a folder");
    let real = fixture.path().join("out");
    let linked = choices.below(4) == 0;
    let out = if linked { fixture.path().join("link") } else { real.clone() };
    if linked {
        fs::create_dir(&real).expect("room");
        symlink("out", &out).expect("a link");
    }
    fs::write(fixture.path().join("beside.txt"), "beside").expect("room");

    let old = written(kind, &mut choices);
    assert!(replace(&out, &old, kind).expect("a new or empty folder").is_none());
    for _ in 0..choices.below(5) {
        change(&real, &old, &mut choices);
    }
    let new = written(kind, &mut choices);
    if choices.below(8) == 0 {
        // The manifest is the fuzzer's own: whatever it says, it takes nobody out of the folder.
        fs::remove_file(real.join(kind.manifest)).ok();
        fs::write(real.join(kind.manifest), choices.rest()).ok();
    }
    let before = all(&real);
    let replaced = replace(&out, &new, kind);
    if ours(kind, &before) {
        assert!(replaced.expect("all of it is ours").is_none());
        let after = all(&real);
        let files = after.into_iter().filter_map(|(path, what)| match what {
            What::File(bytes) => Some((path.to_str().expect("UTF-8").to_owned(), bytes)),
            What::Folder => None,
            What::Link => panic!("a link is no file of ours"),
        });
        assert_eq!(files.collect::<BTreeMap<_, _>>(), new);
    } else {
        assert!(matches!(replaced, Err(Error::InTheWay { .. })), "{replaced:?}\n{before:?}");
        assert_eq!(all(&real), before);
    }
    assert_eq!(fs::read(fixture.path().join("beside.txt")).expect("it stands"), b"beside");
    let count = fs::read_dir(fixture.path()).expect("the desk").count();
    assert_eq!(count, 2 + usize::from(linked), "something was left beside the folder");
});

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    File(Vec<u8>),
    Folder,
    Link,
}

/// Everything below a folder, nothing followed.
fn all(folder: &Path) -> BTreeMap<PathBuf, What> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder").flatten() {
            let (path, kind) = (entry.path(), entry.file_type().expect("a kind"));
            let what = if kind.is_dir() {
                folders.push(path.clone());
                What::Folder
            } else if kind.is_symlink() {
                What::Link
            } else {
                What::File(fs::read(&path).expect("a file"))
            };
            found.insert(path.strip_prefix(folder).expect("below").to_owned(), what);
        }
    }
    found
}

/// Whether all of it is what the manifest lists, said the slow way.
fn ours(kind: &FolderKind, found: &BTreeMap<PathBuf, What>) -> bool {
    if found.is_empty() {
        return true;
    }
    let Some(What::File(manifest)) = found.get(Path::new(kind.manifest)) else { return false };
    let Manifest::Lists(listed) = (kind.listed)(manifest) else { return false };
    found.iter().all(|(path, what)| {
        let name = path.to_str().expect("UTF-8");
        match what {
            What::Link => false,
            What::Folder => listed.keys().any(|file| file.starts_with(&format!("{name}/"))),
            What::File(_) if name == kind.manifest => true,
            What::File(bytes) => {
                listed.get(name).is_some_and(|hash| *hash == *blake3::hash(bytes).to_hex())
            }
        }
    })
}

/// Files of a folder with the manifest that lists them.
fn written(kind: &FolderKind, choices: &mut Choices) -> BTreeMap<String, Vec<u8>> {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut taken: BTreeSet<PathBuf> = BTreeSet::new();
    for _ in 0..choices.below(6) {
        let name = choices.one_of(&NAMES);
        // A name is a file's or a folder's.
        let above: Vec<PathBuf> = Path::new(name).ancestors().map(Path::to_owned).collect();
        let clash = taken.contains(Path::new(name))
            || above.iter().any(|path| path.to_str().is_some_and(|path| files.contains_key(path)));
        if name != kind.manifest && !clash {
            files.insert(name.to_owned(), vec![choices.byte(); choices.below(4)]);
            taken.extend(above);
        }
    }
    let hash = |bytes: &Vec<u8>| blake3::hash(bytes).to_hex().to_string();
    let json = |(name, bytes): (&String, &Vec<u8>)| {
        format!("{{\"name\":\"{name}\",\"blake3\":\"{}\"}}", hash(bytes))
    };
    let list = |each: Vec<String>| each.join(",");
    let manifest = match kind.manifest {
        "receipt.json" => format!(
            "{{\"schema\":\"gevinst-receipt/2\",\"files\":[{}]}}",
            list(files.iter().map(json).collect())
        ),
        "rettelser.json" => {
            let pack = |file| format!("{{\"csv\":{},\"xlsx\":null}}", json(file));
            let packs = list(files.iter().map(pack).collect());
            format!("{{\"schema\":\"gevinst-rettelser/1\",\"packs\":[{packs}]}}")
        }
        _ => {
            let rows =
                files.iter().map(|(name, bytes)| format!("\"{name}\" = \"{}\"\n", hash(bytes)));
            format!("schema = \"gevinst-answers/1\"\n[written]\n{}", rows.collect::<String>())
        }
    };
    files.insert(kind.manifest.to_owned(), manifest.into_bytes());
    files
}

/// Something that may happen to a folder: what cannot be done is not done. No link leads to a
/// folder, so that no change is made elsewhere.
fn change(out: &Path, files: &BTreeMap<String, Vec<u8>>, choices: &mut Choices) {
    let listed = out.join(files.keys().nth(choices.below(files.len())).expect("a file"));
    let new = out.join(choices.one_of(&NAMES));
    match choices.below(6) {
        0 => drop(fs::remove_file(listed)),
        1 if listed.symlink_metadata().is_ok_and(|found| found.is_file()) => {
            drop(fs::write(listed, [choices.byte()]))
        }
        2 => drop(fs::create_dir_all(new)),
        3 => drop(symlink(choices.one_of(&["nowhere", "../beside.txt"]), new)),
        4 if new.symlink_metadata().is_err() => {
            fs::create_dir_all(new.parent().expect("a folder")).ok();
            fs::write(new, [choices.byte()]).ok();
        }
        _ => drop(fs::remove_dir_all(new)),
    }
}
