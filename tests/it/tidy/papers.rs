//! What stands around the code: README, changelog, decisions, sizes, addresses, the lock file.

/// Most bytes of one file.
const FILE_MAX: usize = 200_000;

/// Most bytes of all sample data.
const SAMPLES_MAX: usize = 3_000_000;

/// The one registry dependencies come from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Places on somebody's own machine. Written in halves, so that this file may hold them.
const AT_HOME: [&str; 4] =
    [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("file", ":///")];

/// One value of `Cargo.toml`'s `[package]`.
pub(crate) fn package(cargo: &str, key: &str) -> String {
    let table: toml::Table = cargo.parse().expect("Cargo.toml is TOML");
    table["package"][key].as_str().unwrap_or("").to_owned()
}

/// The version's entry in the changelog is missing.
pub(crate) fn changelog(text: &str, version: &str) -> Vec<String> {
    let entry = text.lines().any(|line| {
        let title = line.strip_prefix("## ").unwrap_or("").trim_start_matches('[');
        title
            .strip_prefix(version)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([']', ' ']))
    });
    if entry {
        return Vec::new();
    }
    vec![format!("CHANGELOG.md: no entry for {version}")]
}

/// The two commands of the README, or what is wrong with them.
pub(crate) fn commands(readme: &str, ci: &str) -> Vec<String> {
    let mut found = Vec::new();
    for wanted in ["cargo run -- run pipelines/", "cargo test"] {
        let command = readme
            .lines()
            .map(|line| line.trim().trim_start_matches("$ "))
            .map(|line| line.split(" #").next().unwrap_or("").trim_end())
            .find(|line| line.starts_with(wanted));
        match command {
            None => found.push(format!("README.md: no line begins with `{wanted}`")),
            Some(command) if !ci.contains(command) => {
                found.push(format!(".ci/run: does not run README's `{command}`"));
            }
            Some(_) => {}
        }
    }
    found
}

/// The README names another Rust than `Cargo.toml`, or none.
pub(crate) fn rust_version(readme: &str, version: &str) -> Vec<String> {
    if readme.contains(&format!("Rust {version}")) {
        return Vec::new();
    }
    vec![format!("README.md: does not say `Rust {version}`, as Cargo.toml does")]
}

/// Decision records that are misnamed, or leave a gap in the numbers.
pub(crate) fn decisions(names: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    if names.is_empty() {
        found.push("docs/decisions: empty".to_owned());
    }
    for (index, name) in names.iter().enumerate() {
        let expected = format!("{:04}-", index + 1);
        if !name.starts_with(&expected) || name.strip_suffix(".md").is_none() {
            found.push(format!("docs/decisions/{name}: expected {expected}title.md"));
        }
    }
    found
}

/// A pipeline folder that lacks a part.
pub(crate) fn pipeline(name: &str, paths: &[&str]) -> Vec<String> {
    let folder = format!("pipelines/{name}");
    let mut found = Vec::new();
    for file in ["pipeline.toml", "README.md"] {
        if !paths.contains(&format!("{folder}/{file}").as_str()) {
            found.push(format!("{folder}: no {file}"));
        }
    }
    let contracts = format!("{folder}/contracts/");
    let contract =
        |path: &&str| path.starts_with(&contracts) && path.strip_suffix(".toml").is_some();
    if !paths.iter().any(contract) {
        found.push(format!("{folder}: no contracts/*.toml"));
    }
    found
}

/// Files that are too large for a repository.
pub(crate) fn sizes<'a>(files: impl Iterator<Item = (&'a str, usize)>) -> Vec<String> {
    let mut found = Vec::new();
    let mut samples = 0;
    for (path, size) in files {
        let image = path.starts_with("docs/") && path.strip_suffix(".png").is_some();
        if path.starts_with("sample-data/") {
            samples += size;
        } else if size > FILE_MAX && !image {
            found.push(format!("{path}: {size} bytes, at most {FILE_MAX}"));
        }
    }
    if samples > SAMPLES_MAX {
        found.push(format!("sample-data: {samples} bytes, at most {SAMPLES_MAX}"));
    }
    found
}

/// Paths that exist on one machine only.
pub(crate) fn at_home(path: &str, text: &str) -> Vec<String> {
    text.lines()
        .enumerate()
        .flat_map(|(index, line)| {
            let here = AT_HOME.iter().filter(move |place| line.contains(**place));
            here.map(move |place| format!("{path}:{}: `{place}`", index + 1))
        })
        .collect()
}

/// Packages from anywhere but the public registry.
pub(crate) fn sources(lock: &str) -> Vec<String> {
    lock.lines()
        .filter_map(|line| line.strip_prefix("source = "))
        .filter(|source| source.trim_matches('"') != REGISTRY)
        .map(|source| format!("Cargo.lock: {source} is not the public registry"))
        .collect()
}

/// Fuzz targets that one of the papers around them leaves out: each paper is a path, its text and
/// how it names a target.
pub(crate) fn fuzzers(names: &[&str], papers: &[(&str, &str, &str)]) -> Vec<String> {
    let targets = names.iter().filter_map(|name| name.strip_suffix(".rs"));
    targets
        .flat_map(|target| {
            papers
                .iter()
                .filter(move |(_, text, named)| !text.contains(&named.replace("NAME", target)))
                .map(move |(path, _, _)| format!("{path}: leaves out the fuzz target {target}"))
        })
        .collect()
}

/// Reason codes that are not described.
pub(crate) fn undescribed(codes: &[&str], outputs: &str) -> Vec<String> {
    codes
        .iter()
        .filter(|code| !outputs.contains(**code))
        .map(|code| format!("docs/outputs.md: leaves out {code}"))
        .collect()
}

#[test]
fn a_missing_entry_is_seen() {
    for (text, faults) in [
        ("# Changelog\n## [1.2.0] - 2020-01-01\n", 0),
        ("## 1.2.0\n", 0),
        ("## [1.2.01]\n", 1),
        ("text about 1.2.0\n", 1),
    ] {
        assert_eq!(changelog(text, "1.2.0").len(), faults, "{text}");
    }
}

#[test]
fn commands_are_the_ones_that_run() {
    let ci = "cargo run -- run pipelines/a --jobs 1\ncargo test\n";
    for (readme, faults) in [
        ("```\ncargo run -- run pipelines/a   # a minute\ncargo test\n```", 0),
        ("    $ cargo run -- run pipelines/a\n    $ cargo test\n", 0),
        ("cargo run -- run pipelines/b\ncargo test", 1),
        ("cargo test", 1),
        ("use cargo test", 2),
    ] {
        assert_eq!(commands(readme, ci).len(), faults, "{readme}");
    }
    assert_eq!(rust_version("needs Rust 1.95 or later", "1.95").len(), 0);
    assert_eq!(rust_version("needs Rust 1.90 or later", "1.95").len(), 1);
}

#[test]
fn gaps_are_seen() {
    assert_eq!(decisions(&["0001-a.md", "0002-b.md"]).len(), 0);
    assert_eq!(decisions(&["0001-a.md", "0003-b.md"]).len(), 1);
    assert_eq!(decisions(&["0001-a.txt"]).len(), 1);
    assert_eq!(decisions(&[]).len(), 1);
    let paths = ["pipelines/a/pipeline.toml", "pipelines/a/contracts/x.toml"];
    assert_eq!(pipeline("a", &paths), ["pipelines/a: no README.md"]);
    assert_eq!(pipeline("b", &paths).len(), 3);
}

#[test]
fn strangers_are_seen() {
    let own = format!("source = \"{REGISTRY}\"\n");
    assert_eq!(sources(&own).len(), 0);
    assert_eq!(sources("source = \"git+https://example.org/x\"").len(), 1);
    assert_eq!(at_home("a", concat!("see /wo", "rk/x\nfine\n")).len(), 1);
    assert_eq!(undescribed(&["Q001", "Q002"], "| Q001 |").len(), 1);
    let papers = [("a", "`cell`, `split`", "`NAME`"), ("b", "(cell)", "(NAME)")];
    assert_eq!(fuzzers(&["cell.rs", "split.rs"], &papers), ["b: leaves out the fuzz target split"]);
    let files = [
        ("a.bin", FILE_MAX + 1),
        ("docs/a.png", FILE_MAX + 1),
        ("sample-data/a", FILE_MAX + 1),
        ("sample-data/b", SAMPLES_MAX),
    ];
    assert_eq!(sizes(files.into_iter()).len(), 2);
}
