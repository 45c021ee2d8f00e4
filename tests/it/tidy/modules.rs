//! The modules of `src` as their files say: names, and the code that is not for tests.

use crate::tidy::code::code_lines;
use std::collections::{BTreeMap, BTreeSet};

/// A module of `src` with the file it is in.
pub(crate) struct Module<'a> {
    /// Path of the file.
    pub(crate) path: &'a str,
    /// The code before the file's tests, comments cut off.
    pub(crate) code: String,
}

/// The path of a module by its file, such as `ledger::balance`; `None` for `lib.rs` and `main.rs`.
pub(crate) fn module_of(path: &str) -> Option<String> {
    let stem = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let stem = stem.strip_suffix("/mod").unwrap_or(stem);
    (!matches!(stem, "lib" | "main")).then(|| stem.replace('/', "::"))
}

/// Every module by its path, but for those that only tests are built with.
pub(crate) fn modules<'a>(files: &[(&'a str, &str)]) -> BTreeMap<String, Module<'a>> {
    let only_for_tests: BTreeSet<String> = files
        .iter()
        .filter_map(|(path, text)| Some((module_of(path)?, text)))
        .flat_map(|(module, text)| {
            declared(text, true).into_iter().map(move |child| format!("{module}::{child}"))
        })
        .collect();
    let for_tests = |module: &str| {
        only_for_tests.iter().any(|own| {
            module
                .strip_prefix(own.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
        })
    };
    files
        .iter()
        .filter_map(|(path, text)| Some((module_of(path)?, Module { path, code: code(text) })))
        .filter(|(module, _)| !for_tests(module))
        .collect()
}

/// The child modules with files of their own that a file declares, for tests or for all builds.
pub(crate) fn declared(text: &str, for_tests: bool) -> Vec<&str> {
    let mut before = "";
    let mut found = Vec::new();
    for (_, line) in code_lines(text) {
        let words = line.trim_start_matches("pub(crate) ").trim_start_matches("pub ");
        if let Some(name) = words.strip_prefix("mod ").and_then(|name| name.strip_suffix(';'))
            && before.starts_with("#[cfg(test)]") == for_tests
        {
            found.push(name);
        }
        before = line;
    }
    found
}

/// The code of a file up to its tests; every line keeps its number.
fn code(text: &str) -> String {
    let lines: Vec<&str> = code_lines(text).map(|(_, line)| line).collect();
    let tests = lines.windows(2).position(|pair| {
        pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod ") && pair[1].ends_with('{')
    });
    lines[..tests.unwrap_or(lines.len())].join("\n")
}

#[test]
fn modules_are_read_without_their_tests() {
    let files = [
        ("src/lib.rs", "pub mod a;"),
        (
            "src/a/mod.rs",
            "mod b;\n#[cfg(test)]\nmod kit;\nuse x; // y\n#[cfg(test)]\nmod t {\nz\n}",
        ),
        ("src/a/b.rs", "// nothing\nstruct B;"),
        ("src/a/kit.rs", "struct Kit;"),
    ];
    let modules = modules(&files);
    let seen: Vec<_> = modules.iter().map(|(name, own)| (name.as_str(), own.path)).collect();
    assert_eq!(seen, [("a", "src/a/mod.rs"), ("a::b", "src/a/b.rs")]);
    assert_eq!(modules["a"].code, "mod b;\n#[cfg(test)]\nmod kit;\nuse x;");
    assert_eq!(modules["a::b"].code, "\nstruct B;");
    assert_eq!(declared(files[1].1, false), ["b"]);
}
