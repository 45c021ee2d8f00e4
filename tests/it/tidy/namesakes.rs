//! One name, one type: few types of the crate share their names, and none within a room.

use crate::tidy::ladder::room_of;
use crate::tidy::modules::modules;
use std::collections::{BTreeMap, BTreeSet};

/// The most types that may share their names with others, in percent of all.
const SHARE: usize = 10;

/// Names that several types of one room may have, and why.
const ALIKE: &[(&str, &str)] = &[
    ("Column", "each table of a format has columns, and no other word is known for them"),
    ("Error", "the word of `std` for what a function fails with"),
    ("Kind", "the word of `std::io::Error` for a closed list of cases of the type beside it"),
];

/// Types that share a name within their room, or everywhere where they are more than the share.
pub(crate) fn namesakes(files: &[(&str, &str)]) -> Vec<String> {
    // A name stands for one type in a file: two of them are the same for two systems.
    let mut places: BTreeMap<String, BTreeSet<(&str, usize)>> = BTreeMap::new();
    for module in modules(files).values() {
        for (line, name) in types(&module.code) {
            let files = places.entry(name.to_owned()).or_default();
            if files.iter().all(|(path, _)| *path != module.path) {
                files.insert((module.path, line));
            }
        }
    }
    let all: usize = places.values().map(BTreeSet::len).sum();
    places.retain(|_, files| files.len() > 1);
    let shared: usize = places.values().map(BTreeSet::len).sum();
    let mut found = Vec::new();
    for (name, files) in &places {
        let listed: Vec<String> =
            files.iter().map(|(path, line)| format!("{path}:{line}")).collect();
        let listed = listed.join(", ");
        let rooms: BTreeSet<_> = files.iter().map(|(path, _)| room_of(path)).collect();
        if rooms.len() < files.len() && ALIKE.iter().all(|(alike, _)| alike != name) {
            found.push(format!("`{name}` is two types of one room: {listed}"));
        } else if shared * 100 > all * SHARE {
            found.push(format!("`{name}` is two types: {listed}"));
        }
    }
    if shared * 100 > all * SHARE {
        found.push(format!("{shared} of {all} types share a name, more than {SHARE} %"));
    }
    found
}

/// The types a file declares outside functions, with their lines.
fn types(code: &str) -> impl Iterator<Item = (usize, &str)> {
    code.lines().enumerate().filter_map(|(index, line)| {
        let public = ["pub ", "pub(crate) ", "pub(super) "];
        let line = public.iter().find_map(|word| line.strip_prefix(word)).unwrap_or(line);
        let words = ["struct ", "enum ", "trait ", "type ", "union "];
        let name = words.iter().find_map(|word| line.strip_prefix(word))?;
        let end = name.find(|c: char| !c.is_alphanumeric()).unwrap_or(name.len());
        Some((index + 1, &name[..end]))
    })
}

#[test]
fn namesakes_are_seen() {
    let many =
        |count: usize| (0..count).fold(String::new(), |text, n| format!("{text}type T{n};\n"));
    let (few, enough) = (many(17), many(18));
    let files = |many| {
        [("src/a.rs", many), ("src/b/c.rs", "struct X(u8);"), ("src/d.rs", "\npub enum X {}")]
    };
    assert!(namesakes(&files(&enough)).is_empty());
    assert_eq!(
        namesakes(&files(&few)),
        [
            "`X` is two types: src/b/c.rs:1, src/d.rs:2",
            "2 of 19 types share a name, more than 10 %"
        ]
    );
    let room = |name: &str| {
        let twin = format!("pub(crate) trait {name} {{}}\n#[cfg(test)]\nmod tests {{\n}}");
        namesakes(&[("src/a.rs", &enough), ("src/b/c.rs", &twin), ("src/b/d.rs", &twin)])
    };
    assert_eq!(room("Y"), ["`Y` is two types of one room: src/b/c.rs:1, src/b/d.rs:1"]);
    assert!(room("Column").is_empty());
    let systems = "#[cfg(unix)]\ntype Z = u8;\n#[cfg(not(unix))]\ntype Z = u16;";
    assert!(namesakes(&[("src/a.rs", systems)]).is_empty());
}
