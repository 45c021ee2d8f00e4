//! A hash of the sources, so that what one build remembers of deliveries is not taken for what
//! another would make of them.
#![expect(clippy::disallowed_methods, reason = "the sources are on the disk")]

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

fn main() {
    let mut files = vec![PathBuf::from("Cargo.lock"), PathBuf::from("Cargo.toml")];
    list(Path::new("src"), &mut files);
    files.sort();
    let mut hash = DefaultHasher::new();
    for file in files {
        println!("cargo::rerun-if-changed={}", file.display());
        std::fs::read(&file).expect("a source").hash(&mut hash);
    }
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rustc-env=GEVINST_SOURCES={:016x}", hash.finish());
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { list(&path, files) } else { files.push(path) }
    }
}
