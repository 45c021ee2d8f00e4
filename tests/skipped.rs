//! Ends `cargo test`: names the tests that could not run here, and why. They are passed by libtest,
//! which knows no skipped test, so each of them leaves a note (`kit::skipped`).
#![expect(clippy::disallowed_methods, reason = "the notes are on the disk")]
#![expect(clippy::print_stdout, reason = "a skipped test is named")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

fn main() {
    // What lists tests, as editors do, finds none here.
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    #[cfg(unix)]
    let run = std::os::unix::process::parent_id();
    #[cfg(not(unix))]
    let run = 0;
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("skipped-{run}"));
    let notes = std::fs::read_to_string(&file).unwrap_or_default();
    print!("{}", told(&notes));
    // There is none where nothing was skipped.
    let _ = std::fs::remove_file(file);
}

/// Tests by the reason they were skipped for, each once, however often it noted it.
fn told(notes: &str) -> String {
    let mut reasons: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (why, test) in notes.lines().filter_map(|line| line.split_once('\t')) {
        reasons.entry(why).or_default().insert(test);
    }
    let tests: BTreeSet<&str> = reasons.values().flatten().copied().collect();
    let mut told = match tests.len() {
        0 => "\nskipped: no test\n\n".to_owned(),
        1 => "\nskipped: 1 test could not run here, or not all of it\n".to_owned(),
        many => format!("\nskipped: {many} tests could not run here, or not all of them\n"),
    };
    for (why, tests) in &reasons {
        told.push_str("  ");
        told.push_str(why);
        told.push('\n');
        for test in tests {
            told.push_str("    ");
            told.push_str(test);
            told.push('\n');
        }
    }
    told
}
