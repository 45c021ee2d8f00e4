//! The whole report of one small pipeline, held byte for byte to what is committed in
//! `tests/reference/report`, so that a change of a page shows in a diff.
//! `REFERENCE=renew cargo test --test it reference` writes it anew.

use crate::fixture::{binary, ran, root, tree};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

type Files = BTreeMap<String, Vec<u8>>;

/// The report on one thread or on more, but for Parquet: its bytes are those of a library, and the
/// CSV beside each file says the same.
fn reported(out: &Path, jobs: &str) -> Files {
    let pipeline = root().join("tests/reference/pipeline");
    let mut command = binary();
    command.arg("run").arg(pipeline).args(["--jobs", jobs]).arg("--out").arg(out);
    let ran = ran(&command.output().expect("the binary starts"));
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let mut files = tree(out);
    files.retain(|name, _| !name.ends_with(".parquet"));
    files
}

/// Each file that differs, with its first line that does.
fn differences(committed: &Files, found: &Files) -> Vec<String> {
    let names: BTreeSet<&String> = committed.keys().chain(found.keys()).collect();
    let difference = |name: &String| match (committed.get(name), found.get(name)) {
        (Some(old), Some(new)) => first_difference(old, new).map(|at| format!("{name}{at}")),
        (Some(_), None) => Some(format!("{name}: is no longer written")),
        (None, _) => Some(format!("{name}: is new")),
    };
    names.into_iter().filter_map(difference).collect()
}

/// The number of the first line that differs and how it begins to, old and new.
fn first_difference(old: &[u8], new: &[u8]) -> Option<String> {
    if old == new {
        return None;
    }
    let (old, new) = (String::from_utf8_lossy(old), String::from_utf8_lossy(new));
    let (mut old, mut new) = (old.split_inclusive('\n'), new.split_inclusive('\n'));
    let mut number = 0;
    let (old, new) = loop {
        number += 1;
        match (old.next(), new.next()) {
            (Some(old), Some(new)) if old == new => {}
            (old, new) => break (old.unwrap_or("(no line)"), new.unwrap_or("(no line)")),
        }
    };
    // Lines of a page are long: a few words before the place, and some behind it.
    let same = old.chars().zip(new.chars()).take_while(|(old, new)| old == new).count();
    let around = |line: &str| line.chars().skip(same.saturating_sub(40)).take(120).collect();
    let (old, new): (String, String) = (around(old), around(new));
    Some(format!(":{number}:{}:\n  - {old:?}\n  + {new:?}", same + 1))
}

#[test]
fn the_report_is_the_one_that_is_committed() {
    let folder = root().join("tests/reference/report");
    let out = tempfile::tempdir().expect("a folder");
    let found = reported(&out.path().join("one"), "1");
    assert!(differences(&found, &reported(&out.path().join("two"), "2")).is_empty());
    if std::env::var_os("REFERENCE").is_some_and(|what| what == "renew") {
        // There is none the first time.
        let _ = std::fs::remove_dir_all(&folder);
        for (name, bytes) in &found {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            std::fs::write(path, bytes).expect("a file");
        }
        panic!(
            "tests/reference/report was renewed: read `git diff`, and run again without REFERENCE"
        );
    }
    let differences = differences(&tree(&folder), &found);
    assert!(
        differences.is_empty(),
        "{} files differ from tests/reference/report\n{}\n\
         help: if the change is meant, renew it by `REFERENCE=renew cargo test --test it reference` \
         and commit what `git diff tests/reference/report` shows",
        differences.len(),
        differences.join("\n")
    );
}

#[test]
fn a_difference_is_told_with_its_file_and_line() {
    let files = |list: &[(&str, &str)]| -> Files {
        list.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
    };
    let old = files(&[("a", "1\n2\n3\n"), ("b", "x"), ("c", "1\n")]);
    let new = files(&[("a", "1\n4\n3\n"), ("c", "1\n2\n"), ("d", "")]);
    assert_eq!(
        differences(&old, &new),
        [
            "a:2:1:\n  - \"2\\n\"\n  + \"4\\n\"",
            "b: is no longer written",
            "c:2:1:\n  - \"(no line)\"\n  + \"2\\n\"",
            "d: is new",
        ]
    );
    assert!(differences(&old, &old).is_empty());
}
