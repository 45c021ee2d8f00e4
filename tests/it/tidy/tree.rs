//! The repository as text: every file a commit would hold, by path.

use std::collections::BTreeMap;
use std::path::Path;

/// The repository's files by path, with `/` between the parts.
pub(crate) struct Tree(BTreeMap<String, Vec<u8>>);

impl Tree {
    /// Reads the repository this test was built from.
    pub(crate) fn read() -> Tree {
        let mut files = BTreeMap::new();
        walk(Path::new(env!("CARGO_MANIFEST_DIR")), "", &mut files);
        Tree(files)
    }

    /// Every path with its size in bytes.
    pub(crate) fn sizes(&self) -> impl Iterator<Item = (&str, usize)> {
        self.0.iter().map(|(path, bytes)| (path.as_str(), bytes.len()))
    }

    /// The text of one file; empty when there is no such file.
    pub(crate) fn text(&self, path: &str) -> &str {
        let bytes = self.0.get(path).map_or(&[][..], Vec::as_slice);
        std::str::from_utf8(bytes).unwrap_or("")
    }

    /// Every text file whose path begins and ends so.
    pub(crate) fn texts<'a>(&'a self, begins: &str, ends: &str) -> Vec<(&'a str, &'a str)> {
        self.0
            .iter()
            .filter(|(path, _)| path.starts_with(begins) && path.ends_with(ends))
            .filter_map(|(path, bytes)| Some((path.as_str(), std::str::from_utf8(bytes).ok()?)))
            .collect()
    }

    /// The names directly under a folder, files and folders, each once.
    pub(crate) fn names_in(&self, folder: &str) -> Vec<&str> {
        let mut names: Vec<&str> =
            self.0.keys().filter_map(|path| path.strip_prefix(folder)?.split('/').next()).collect();
        names.dedup();
        names
    }
}

/// What `.gitignore` leaves out, and git's own folder.
fn ignored(path: &str) -> bool {
    let kept_report = path.starts_with("reports/README.md") || path.starts_with("reports/example");
    let of_fuzzers = path.strip_prefix("tests/fuzz/");
    matches!(path, ".git" | "target")
        || matches!(of_fuzzers, Some("target" | "corpus" | "artifacts" | "coverage"))
        || path.ends_with("/node_modules")
        || (path.starts_with("reports/") && !kept_report)
}

#[expect(clippy::disallowed_methods, reason = "the tree under test is on the disk")]
fn walk(root: &Path, folder: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    let entries = std::fs::read_dir(root.join(folder)).expect("a folder of the repository");
    for entry in entries {
        let entry = entry.expect("an entry of the repository");
        let name = entry.file_name().into_string().expect("a UTF-8 name");
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        let kind = entry.file_type().expect("a kind of file");
        if ignored(&path) {
            continue;
        }
        if kind.is_dir() {
            walk(root, &path, files);
        } else if kind.is_symlink() {
            // Of a link a commit holds where it leads.
            let target = std::fs::read_link(entry.path()).expect("a link");
            files.insert(path, target.into_os_string().into_encoded_bytes());
        } else {
            let bytes = std::fs::read(entry.path()).expect("a readable file");
            files.insert(path, bytes);
        }
    }
}
