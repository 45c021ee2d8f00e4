//! The ladder: a room imports only rooms above it in `src/lib.rs`, and hides nothing behind a hub.

use crate::tidy::code::code_lines;

/// The rooms of `src/lib.rs`, from the ground up.
pub(crate) fn rooms(lib: &str) -> Vec<&str> {
    lib.lines()
        .map(|line| line.strip_prefix("pub ").unwrap_or(line))
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
        .collect()
}

/// The room a file belongs to; `None` for `lib.rs` and `main.rs`.
pub(crate) fn room_of(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("src/")?;
    let room = inside.split('/').next()?.trim_end_matches(".rs");
    (!matches!(room, "lib" | "main")).then_some(room)
}

/// Imports of a room further down the ladder, or of no room at all.
pub(crate) fn upward(rooms: &[&str], path: &str, text: &str) -> Vec<String> {
    let Some(room) = room_of(path) else {
        return Vec::new();
    };
    let Some(own) = rooms.iter().position(|other| *other == room) else {
        return vec![format!("{path}: src/lib.rs does not list `{room}`")];
    };
    let code: Vec<&str> = code_lines(text).map(|(_, line)| line).collect();
    let code = code.join("\n");
    let mut found = Vec::new();
    for (start, marker) in code.match_indices("crate::") {
        let number = code[..start].matches('\n').count() + 1;
        for name in first_names(&code[start + marker.len()..]) {
            match rooms.iter().position(|other| *other == name) {
                Some(place) if place <= own => {}
                Some(_) => found.push(format!("{path}:{number}: `{room}` imports `{name}`")),
                None => found.push(format!("{path}:{number}: `{name}` is no room")),
            }
        }
    }
    found
}

/// The names a path begins with: one, or one for each item of a `{group}`.
fn first_names(path: &str) -> Vec<&str> {
    let word = |text| str::split(text, |c: char| !is_word(c)).next().unwrap_or("");
    let Some(group) = path.strip_prefix('{') else {
        return vec![word(path)];
    };
    let mut names = Vec::new();
    let mut depth = 0;
    let mut rest = group;
    while let Some(place) = rest.find([',', '{', '}']) {
        let (item, after) = rest.split_at(place);
        if depth == 0 && !item.trim().is_empty() {
            names.push(word(item.trim_start()));
        }
        match after.as_bytes()[0] {
            b'{' => depth += 1,
            b'}' if depth == 0 => return names,
            b'}' => depth -= 1,
            _ => {}
        }
        rest = &after[1..];
    }
    names
}

/// A glob of the parent, written in halves, so that this file may hold it.
const STARRED: &str = concat!("super", "::*");

/// A glob of the parent module, which hides where a name is from.
pub(crate) fn starred(path: &str, text: &str) -> Vec<String> {
    code_lines(text)
        .filter(|(_, line)| line.contains(STARRED))
        .map(|(number, _)| format!("{path}:{number}: name what is used, not `{STARRED}`"))
        .collect()
}

/// More than one re-export in a room, given its files.
pub(crate) fn hubs(room: &str, files: &[(&str, &str)]) -> Vec<String> {
    let places: Vec<String> = files
        .iter()
        .flat_map(|(path, text)| code_lines(text).map(move |line| (path, line)))
        .filter(|(_, (_, line))| line.trim_start().starts_with("pub use "))
        .map(|(path, (number, _))| format!("{path}:{number}"))
        .collect();
    if places.len() <= 1 {
        return Vec::new();
    }
    vec![format!("{room}: re-exports at {}", places.join(", "))]
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

#[test]
fn the_ladder_is_read_and_kept() {
    let lib = "//! x\npub mod domain;\npub mod ledger;\npub mod run;\n";
    let rooms = rooms(lib);
    assert_eq!(rooms, ["domain", "ledger", "run"]);
    for (path, line, faults) in [
        ("src/ledger/mod.rs", "use crate::domain::money::Oere;", 0),
        ("src/ledger/mod.rs", "use crate::ledger::Ledger;", 0),
        ("src/ledger/mod.rs", "use crate::run::run;", 1),
        ("src/ledger/mod.rs", "// see crate::run", 0),
        ("src/ledger/mod.rs", "use crate::{domain::{a, run}, run};", 1),
        ("src/ledger/mod.rs", "use crate::{\n    domain::run,\n    ledger,\n};", 0),
        ("src/ledger/mod.rs", "use crate::Oere;", 1),
        ("src/domain/money.rs", "fn f() { crate::ledger::post() }", 1),
        ("src/run.rs", "use crate::ledger::Ledger;", 0),
        ("src/main.rs", "use gevinst::cli;", 0),
        ("src/attic/mod.rs", "", 1),
    ] {
        assert_eq!(upward(&rooms, path, line).len(), faults, "{path} {line}");
    }
}

#[test]
fn stars_and_hubs_are_seen() {
    assert_eq!(starred("src/a.rs", &format!("    use {STARRED};")).len(), 1);
    assert_eq!(starred("src/a.rs", "use super::name;").len(), 0);
    let one = ("src/a/mod.rs", "pub use x::y;\nuse z;");
    let two = ("src/a/b.rs", "    pub use x::z;");
    assert_eq!(hubs("a", &[one]).len(), 0);
    assert_eq!(hubs("a", &[one, two]).len(), 1);
}
