//! Source files: how they open, how long they are, and which words stand where.

/// The longest line of a comment, in characters; rustfmt leaves comments alone.
const WIDTH: usize = 100;

/// The longest file, in lines.
const LENGTH: usize = 500;

/// Rooms where every number is whole.
const WHOLE: [&str; 10] = [
    "domain",
    "facts",
    "contract",
    "programme",
    "source",
    "validate",
    "kernel",
    "ingest",
    "collect",
    "ledger",
];

/// Words that belong in one place, and the places; a path or the beginning of one.
const PLACES: &[(&str, &[&str])] = &[
    ("std::fs", &["src/disk/", "src/programme/tests/mod.rs"]),
    ("std::{fs", &["src/disk/"]),
    ("std::env", &["src/cli", "src/main.rs"]),
    // `disk` asks how old a file is before it trusts its stamp; no byte written depends on it.
    ("SystemTime", &["src/cli", "src/disk/content.rs"]),
    ("Instant", &["src/cli"]),
    ("polars::", &["src/metrics/", "src/ledger/table.rs"]),
    ("plotters::", &["src/write/chart"]),
    ("plotters_backend::", &["src/write/chart"]),
    ("parquet::", &["src/write/data/as_parquet.rs"]),
    ("print!(", &["src/cli"]),
    ("println!(", &["src/cli"]),
    ("eprint!(", &["src/cli"]),
    ("eprintln!(", &["src/cli"]),
    ("process::exit", &["src/main.rs"]),
    // The compiler denies `unsafe` wherever this does not lift it.
    ("unsafe_code", &["src/kernel/avx512.rs"]),
];

/// Words that belong nowhere. Written in halves, so that this file may hold them.
const NOWHERE: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("dbg", "!("),
    concat!("Hash", "Map"),
    concat!("Hash", "Set"),
];

/// The lines of a source file with their numbers, comments cut off.
pub(crate) fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| {
        let code = if line.trim_start().starts_with("//") {
            ""
        } else {
            line.split(" // ").next().unwrap_or("")
        };
        (index + 1, code)
    })
}

/// What is wrong with the form of one source file.
pub(crate) fn form(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if !text.starts_with("//! ") {
        found.push(format!("{path}:1: open with `//! ` and what the file is for"));
    }
    let lines = text.lines().count();
    if lines > LENGTH {
        found.push(format!("{path}: {lines} lines, at most {LENGTH}: look for the seam"));
    }
    for (index, line) in text.lines().enumerate() {
        // Code is rustfmt's matter, and an address cannot be broken.
        let comment = line.trim_start().starts_with("//") && !line.contains("://");
        if comment && line.chars().count() > WIDTH {
            found.push(format!("{path}:{}: a comment wider than {WIDTH}", index + 1));
        }
        for word in NOWHERE {
            if has_word(line, word) {
                found.push(format!("{path}:{}: `{word}`", index + 1));
            }
        }
    }
    found
}

/// Words of one file under `src` that belong in another place.
pub(crate) fn places(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in code_lines(text) {
        for (word, homes) in PLACES {
            let home = homes.iter().any(|home| path.starts_with(home));
            if !home && has_word(line, word) {
                found.push(format!("{path}:{number}: `{word}` belongs in {}", homes.join(", ")));
            }
        }
    }
    found
}

/// Floating-point types in a room where every number is whole.
pub(crate) fn floats(room: &str, path: &str, text: &str) -> Vec<String> {
    if !WHOLE.contains(&room) {
        return Vec::new();
    }
    let float = |word: &str| {
        let number = word.starts_with(|c: char| c.is_ascii_digit()) && !word.starts_with("0x");
        matches!(word, "f32" | "f64")
            || (number && (word.ends_with("f32") || word.ends_with("f64")))
    };
    code_lines(text)
        .filter(|(_, line)| line.split(|c| !is_word(c)).any(float))
        .map(|(number, _)| format!("{path}:{number}: a float in `{room}`"))
        .collect()
}

/// Whether `word` stands in `line` and not as the end or the beginning of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + word.len()..].chars().next();
        let goes_on = word.ends_with(is_word) && after.is_some_and(is_word);
        !before.is_some_and(is_word) && !goes_on
    })
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

#[test]
fn form_is_seen() {
    let long = "x\n".repeat(LENGTH);
    let wide = format!("// {}", "æ".repeat(WIDTH - 2));
    let unfinished = concat!("//! x\n// TO", "DO\n");
    for (text, faults) in [
        ("//! x\nfn f() {}\n", 0),
        ("fn f() {}\n", 1),
        (&format!("//! x\n{long}"), 1),
        (&format!("//! x\n{wide}\n"), 1),
        (&format!("//! x\n{wide} https://a\n"), 0),
        (&format!("//! x\n// {}\n", "æ".repeat(WIDTH - 3)), 0),
        (unfinished, 1),
        (concat!("//! x\nuse Hash", "Map;\n"), 1),
        ("//! x\nfn todo_list() {}\n", 0),
    ] {
        assert_eq!(form("src/a.rs", text).len(), faults, "{text}");
    }
}

#[test]
fn words_out_of_place_are_seen() {
    for (path, line, faults) in [
        ("src/disk/read.rs", "std::fs::read(path)", 0),
        ("src/run.rs", "std::fs::read(path)", 1),
        ("src/run.rs", "// std::fs is for disk", 0),
        ("src/cli/run.rs", "eprintln!(\"x\")", 0),
        ("src/ledger/mod.rs", "eprintln!(\"x\")", 1),
        ("src/ledger/mod.rs", "writeln!(f, \"x\")", 0),
        ("src/ledger/table.rs", "use polars::prelude::*;", 0),
        ("src/ledger/mod.rs", "use polars::prelude::*;", 1),
        ("src/write/chart/mod.rs", "use plotters::prelude::*;", 0),
        ("src/write/html.rs", "use plotters_backend::Color;", 1),
        ("src/ledger/mod.rs", "let instance = Instantly::new();", 0),
        ("src/kernel/avx512.rs", "#[expect(unsafe_code)]", 0),
        ("src/kernel/index.rs", "#[expect(unsafe_code)]", 1),
    ] {
        assert_eq!(places(path, line).len(), faults, "{path} {line}");
    }
}

#[test]
fn floats_near_money_are_seen() {
    for (room, line, faults) in [
        ("ledger", "let x: f64 = y;", 1),
        ("ledger", "let x = 1f64;", 1),
        ("ledger", "let x = 1.0_f64;", 1),
        ("ledger", "let x = 0x1f32;", 0),
        ("ledger", "// no f64 here", 0),
        ("write", "let x: f64 = y;", 0),
    ] {
        assert_eq!(floats(room, "src/x.rs", line).len(), faults, "{room} {line}");
    }
}
