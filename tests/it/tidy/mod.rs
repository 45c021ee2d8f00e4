//! The house rules that can be read off the source tree. Each check lists every place it finds.

mod circles;
mod code;
mod ladder;
mod modules;
mod namesakes;
mod papers;
mod texts;
mod tree;

use crate::tidy::texts::Texts;
use crate::tidy::tree::Tree;
use gevinst::testing::domain::{Reason, Remark};

/// Fails with every violation on a line of its own.
fn none(violations: impl IntoIterator<Item = String>) {
    let violations: Vec<String> = violations.into_iter().collect();
    assert!(violations.is_empty(), "\n{}\n", violations.join("\n"));
}

/// Every Rust file of the package, tests included.
fn rust(tree: &Tree) -> Vec<(&str, &str)> {
    let mut files = tree.texts("src/", ".rs");
    files.extend(tree.texts("tests/", ".rs"));
    files
}

/// Every Danish translation file, with its English one's path.
fn translations(tree: &Tree) -> Vec<(&str, String)> {
    tree.texts("src/write/text/", ".toml")
        .into_iter()
        .filter_map(|(path, _)| Some((path, texts::english_of(path)?)))
        .collect()
}

fn texts_of(tree: &Tree, path: &str) -> Texts {
    texts::flatten(path, tree.text(path)).expect("a translation file is TOML")
}

#[test]
fn rooms_import_only_what_stands_above() {
    let tree = Tree::read();
    let rooms = ladder::rooms(tree.text("src/lib.rs"));
    assert!(rooms.len() > 5, "src/lib.rs lists the rooms as `pub mod x;`");
    let files = tree.texts("src/", ".rs");
    let upward = files.iter().flat_map(|(path, text)| ladder::upward(&rooms, path, text));
    none(upward);
    let starred = rust(&tree).into_iter().flat_map(|(path, text)| ladder::starred(path, text));
    none(starred);
    // `testing` is nothing but re-exports.
    let hubs = rooms.iter().filter(|room| **room != "testing").flat_map(|room| {
        let of_room = |(path, _): &&(&str, &str)| ladder::room_of(path) == Some(*room);
        let files: Vec<(&str, &str)> = files.iter().filter(of_room).copied().collect();
        ladder::hubs(room, &files)
    });
    none(hubs);
}

#[test]
fn imports_form_no_circle() {
    none(circles::circles(&Tree::read().texts("src/", ".rs")));
}

#[test]
fn one_name_is_one_type() {
    none(namesakes::namesakes(&Tree::read().texts("src/", ".rs")));
}

#[test]
fn source_files_keep_their_form() {
    let tree = Tree::read();
    let found = rust(&tree).into_iter().flat_map(|(path, text)| code::form(path, text));
    none(found);
}

#[test]
fn words_stand_where_they_belong() {
    let tree = Tree::read();
    let found = tree.texts("src/", ".rs").into_iter().flat_map(|(path, text)| {
        let room = ladder::room_of(path).unwrap_or("");
        let mut found = code::places(path, text);
        found.extend(code::floats(room, path, text));
        found
    });
    none(found);
}

#[test]
fn both_languages_say_the_same() {
    let tree = Tree::read();
    let pairs = translations(&tree);
    assert!(!pairs.is_empty(), "src/write/text holds no translations");
    let found = pairs.iter().flat_map(|(danish, english)| {
        texts::differences(danish, &texts_of(&tree, danish), &texts_of(&tree, english))
    });
    none(found);
}

#[test]
fn every_text_is_used_and_every_reason_is_said() {
    let tree = Tree::read();
    let danish: Texts =
        translations(&tree).iter().flat_map(|(path, _)| texts_of(&tree, path)).collect();
    none(texts::silent_reasons(Reason::CODES, &danish));
    none(texts::silent_notices(Remark::CODES, &danish));
    let sources = tree.texts("src/", ".rs");
    let code: String = sources.iter().map(|(_, text)| *text).collect();
    none(texts::unused(&danish, &code));
    let of_pages = sources.iter().filter(|(path, _)| path.starts_with("src/report/"));
    none(of_pages.flat_map(|(path, text)| texts::unknown(&danish, path, text)));
}

#[test]
fn every_pipeline_is_whole() {
    let tree = Tree::read();
    let paths: Vec<&str> = tree.sizes().map(|(path, _)| path).collect();
    let names = tree.names_in("pipelines/");
    assert!(!names.is_empty(), "there is no pipeline");
    let folders = names.iter().filter(|name| **name != "README.md");
    none(folders.flat_map(|name| papers::pipeline(name, &paths)));
}

#[test]
fn the_papers_follow_the_code() {
    let tree = Tree::read();
    let cargo = tree.text("Cargo.toml");
    let readme = tree.text("README.md");
    let mut found =
        papers::changelog(tree.text("CHANGELOG.md"), &papers::package(cargo, "version"));
    found.extend(papers::commands(readme, tree.text(".ci/run")));
    found.extend(papers::rust_version(readme, &papers::package(cargo, "rust-version")));
    found.extend(papers::decisions(&tree.names_in("docs/decisions/")));
    found.extend(papers::undescribed(Reason::CODES, tree.text("docs/outputs.md")));
    found.extend(papers::undescribed(Remark::CODES, tree.text("docs/outputs.md")));
    let about = ["Cargo.toml", "README.md", "run"].map(|name| format!("tests/fuzz/{name}"));
    let named = ["path = \"targets/NAME.rs\"", "| `NAME` |", " NAME "];
    let about: Vec<_> = about
        .iter()
        .zip(named)
        .map(|(path, named)| (path.as_str(), tree.text(path), named))
        .collect();
    found.extend(papers::fuzzers(&tree.names_in("tests/fuzz/targets/"), &about));
    none(found);
}

#[test]
fn the_repository_is_small_and_nobodys_own() {
    let tree = Tree::read();
    let mut found = papers::sizes(tree.sizes());
    let texts = tree.texts("", "").into_iter();
    found.extend(texts.flat_map(|(path, text)| papers::at_home(path, text)));
    found.extend(papers::sources(tree.text("Cargo.lock")));
    found.extend(papers::sources(tree.text("tests/fuzz/Cargo.lock")));
    none(found);
}
