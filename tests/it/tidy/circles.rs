//! No circle of imports between files, and no file that imports from its own `mod.rs`.

use crate::tidy::modules::{Module, declared, modules};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// By module, the modules it imports from and the line of the first such import.
type Imports<'a> = BTreeMap<&'a str, BTreeMap<&'a str, usize>>;

/// Every import that is part of a circle, or that goes from a file to its own `mod.rs`.
pub(crate) fn circles(files: &[(&str, &str)]) -> Vec<String> {
    let modules = modules(files);
    let imports = imports(&modules);
    let mut found = Vec::new();
    for (module, targets) in &imports {
        let path = modules[*module].path;
        for (target, line) in targets {
            let line = format!("{path}:{line}");
            if is_below(module, target) {
                found.push(format!("{line}: imports from its own mod.rs, `{target}`"));
            }
            if let Some(way) = way(&imports, target, module) {
                found
                    .push(format!("{line}: a circle of imports, {module} -> {}", way.join(" -> ")));
            }
        }
    }
    found
}

fn is_below(module: &str, parent: &str) -> bool {
    module.strip_prefix(parent).is_some_and(|rest| rest.starts_with("::"))
}

fn imports<'a>(modules: &'a BTreeMap<String, Module<'_>>) -> Imports<'a> {
    let mut imports = Imports::new();
    for (module, Module { code, .. }) in modules {
        let targets = imports.entry(module.as_str()).or_default();
        for (line, path) in paths(module, code) {
            let target = prefixes(&path).find_map(|prefix| modules.get_key_value(prefix));
            if let Some((target, _)) = target.filter(|(target, _)| *target != module) {
                targets.entry(target.as_str()).or_insert(line);
            }
        }
    }
    imports
}

/// A path and what it begins with, the longest first.
fn prefixes(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| Some(path.rsplit_once("::")?.0))
}

/// The paths a module names, from the crate's root, each with its line: those behind `crate::` and
/// `super::`, and those that begin with a child the module declares.
fn paths(module: &str, code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let parent = module.rsplit_once("::").map_or("", |(parent, _)| parent);
    let children = declared(code, false)
        .into_iter()
        .map(|child| (format!("{child}::"), format!("{module}::{child}::")));
    let roots =
        [("crate::".to_owned(), String::new()), ("super::".to_owned(), format!("{parent}::"))];
    for (marker, root) in children.chain(roots) {
        for (start, _) in code.match_indices(&marker) {
            let before = &code[..start];
            // `pub(in crate::x)` says who may see an item, and imports nothing.
            let seen_by = before.ends_with("(in ");
            if !seen_by && !before.ends_with(|c: char| c == ':' || is_word(c)) {
                let line = before.matches('\n').count() + 1;
                let names = leaves(&root, &code[start + marker.len()..]).0;
                found.extend(names.into_iter().map(|path| (line, path)));
            }
        }
    }
    found
}

fn is_word(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

/// The paths a tree of imports ends in, such as `a::b` and `a::c` of `a::{b, c}`, and the text
/// behind the tree.
fn leaves<'t>(root: &str, text: &'t str) -> (Vec<String>, &'t str) {
    let text = text.trim_start();
    let Some(mut group) = text.strip_prefix('{') else {
        let end = text.find(|c: char| !is_word(c)).unwrap_or(text.len());
        let (name, rest) = text.split_at(end);
        let path = format!("{root}{name}");
        return match rest.strip_prefix("::") {
            Some(rest) if !name.is_empty() => leaves(&format!("{path}::"), rest),
            _ => (vec![path.trim_end_matches("::self").to_owned()], rest),
        };
    };
    let mut found = Vec::new();
    loop {
        let (paths, rest) = leaves(root, group);
        found.extend(paths);
        // Behind an item stand at most a new name for it and a comma.
        let Some(next) = rest.find([',', '}']) else {
            return (found, "");
        };
        group = rest[next + 1..].trim_start();
        if rest[next..].starts_with('}') || group.starts_with('}') {
            return (found, group.strip_prefix('}').unwrap_or(group));
        }
    }
}

/// The shortest way by imports from one module to another.
fn way<'a>(imports: &Imports<'a>, from: &'a str, to: &str) -> Option<Vec<&'a str>> {
    let mut seen = BTreeSet::from([from]);
    let mut queue = VecDeque::from([vec![from]]);
    while let Some(way) = queue.pop_front() {
        let last = way[way.len() - 1];
        if last == to {
            return Some(way);
        }
        for target in imports.get(last).into_iter().flat_map(BTreeMap::keys) {
            if seen.insert(target) {
                queue.push_back(way.iter().chain([target]).copied().collect());
            }
        }
    }
    None
}

#[test]
fn circles_are_seen_and_trees_are_not() {
    let found = |files: &[(&str, &str)]| circles(files).join("\n");
    let tree = [
        ("src/a/mod.rs", "mod b;\nmod c;\nuse crate::a::b::B;\nfn f() { c::g() }"),
        (
            "src/a/b.rs",
            "use crate::a::c::{self, C as D};\n// use crate::a::f;\npub(in crate::a) fn g() {}",
        ),
        ("src/a/c.rs", "pub(super) struct C;\n#[cfg(test)]\nmod tests {\nuse crate::a::b::B;\n}"),
    ];
    assert_eq!(found(&tree), "");
    let twins = [
        ("src/a/b.rs", "use crate::{\n    a::{x::{Y}, c::C},\n    d,\n};"),
        ("src/a/c.rs", "\nfn f() { crate::a::b::g() }"),
    ];
    assert_eq!(
        found(&twins),
        "src/a/b.rs:1: a circle of imports, a::b -> a::c -> a::b\n\
         src/a/c.rs:2: a circle of imports, a::c -> a::b -> a::c"
    );
    let child = [("src/a/mod.rs", "pub struct A;"), ("src/a/b.rs", "use super::A;")];
    assert_eq!(found(&child), "src/a/b.rs:1: imports from its own mod.rs, `a`");
    let through = [
        ("src/a/mod.rs", "mod b;\nfn f() { b::g() }"),
        ("src/a/b.rs", "use crate::c::C;"),
        ("src/c.rs", "use crate::a::f;"),
    ];
    assert_eq!(circles(&through).len(), 3);
}
