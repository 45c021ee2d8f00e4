//! The translations: the same keys and the same placeholders in both languages, and none unused.

use crate::tidy::code::code_lines;
use std::collections::{BTreeMap, BTreeSet};
use toml::Value;

/// Sections whose keys are put together in code, so that they cannot be searched for.
const COMPOSED: [&str; 11] = [
    "reason",
    "reason_help",
    "reason_title",
    "notice",
    "notice_help",
    "notice_title",
    "metric",
    "number",
    "state",
    "chart",
    "unreadable",
];

/// Texts by dotted key.
pub(crate) type Texts = BTreeMap<String, String>;

/// The other language's file of a translation file; `None` for English ones and other files.
pub(crate) fn english_of(path: &str) -> Option<String> {
    let stem = path.strip_suffix("da.toml")?;
    stem.ends_with(['/', '.']).then(|| format!("{stem}en.toml"))
}

/// The texts of one file by dotted key, list items numbered from 0.
pub(crate) fn flatten(path: &str, text: &str) -> Result<Texts, String> {
    let table: toml::Table = text.parse().map_err(|error| format!("{path}: {error}"))?;
    let mut texts = Texts::new();
    gather("", &Value::Table(table), &mut texts);
    Ok(texts)
}

fn gather(key: &str, value: &Value, texts: &mut Texts) {
    let dot = if key.is_empty() { "" } else { "." };
    match value {
        Value::Table(table) => {
            for (name, value) in table {
                gather(&format!("{key}{dot}{name}"), value, texts);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                gather(&format!("{key}{dot}{index}"), value, texts);
            }
        }
        Value::String(text) => {
            texts.insert(key.to_owned(), text.clone());
        }
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {
            texts.insert(key.to_owned(), value.to_string());
        }
    }
}

/// Keys one language lacks, and texts that do not say the same things.
pub(crate) fn differences(path: &str, danish: &Texts, english: &Texts) -> Vec<String> {
    let mut found = Vec::new();
    let keys: BTreeSet<&String> = danish.keys().chain(english.keys()).collect();
    for key in keys {
        match (danish.get(key), english.get(key)) {
            (Some(da), Some(en)) if placeholders(da) == placeholders(en) => {}
            (Some(_), Some(_)) => found.push(format!("{path}: `{key}` has other placeholders")),
            (Some(_), None) => found.push(format!("{path}: `{key}` is not in English")),
            (None, _) => found.push(format!("{path}: `{key}` is not in Danish")),
        }
    }
    found
}

/// The `{names}` in a text.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{')
        .skip(1)
        .filter_map(|after| after.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

/// Reasons without a text or without a word of help.
pub(crate) fn silent_reasons(codes: &[&str], texts: &Texts) -> Vec<String> {
    codes
        .iter()
        .flat_map(|code| [format!("reason.{code}"), format!("reason_help.{code}")])
        .filter(|key| !texts.contains_key(key))
        .map(|key| format!("src/write/text: no `{key}`"))
        .collect()
}

/// Notices without a text, a word of help or a title.
pub(crate) fn silent_notices(codes: &[&str], texts: &Texts) -> Vec<String> {
    codes
        .iter()
        .flat_map(|code| {
            ["notice", "notice_help", "notice_title"].map(|section| format!("{section}.{code}"))
        })
        .filter(|key| !texts.contains_key(key))
        .map(|key| format!("src/write/text: no `{key}`"))
        .collect()
}

/// Keys that stand nowhere in `code` in quotes; list items count as their list.
pub(crate) fn unused(texts: &Texts, code: &str) -> Vec<String> {
    texts
        .keys()
        .filter(|key| {
            let section = key.split('.').next().unwrap_or("");
            !COMPOSED.contains(&section)
        })
        .filter(|key| {
            let list = key.trim_end_matches(|c: char| c.is_ascii_digit());
            let list = list.strip_suffix('.').unwrap_or(key);
            !code.contains(&format!("\"{key}\"")) && !code.contains(&format!("\"{list}\""))
        })
        .map(|key| format!("src/write/text: nothing says `{key}`"))
        .collect()
}

/// Phrases one source file makes of keys that no translation has.
pub(crate) fn unknown(texts: &Texts, path: &str, code: &str) -> Vec<String> {
    code_lines(code)
        .flat_map(|(number, line)| {
            line.split("Phrase::new(\"").skip(1).map(move |after| (number, after))
        })
        .filter_map(|(number, after)| Some((number, after.split_once('"')?.0)))
        .filter(|(_, key)| !texts.contains_key(*key))
        .map(|(number, key)| format!("{path}:{number}: no text `{key}`"))
        .collect()
}

#[test]
fn a_missing_or_different_text_is_seen() {
    let read = |text: &str| flatten("x", text).expect("a table");
    let danish = read("[a]\nb = \"{x} og {y}\"\nc = \"c\"\nd = [\"1\", \"2\"]");
    assert_eq!(danish.keys().collect::<Vec<_>>(), ["a.b", "a.c", "a.d.0", "a.d.1"]);
    for (english, faults) in [
        ("[a]\nb = \"{y} and {x}\"\nc = \"\"\nd = [\"1\", \"2\"]", 0),
        ("[a]\nb = \"{x}\"\nc = \"c\"\nd = [\"1\", \"2\"]", 1),
        ("[a]\nb = \"{x}{y}\"\nd = [\"1\"]", 2),
        ("[a]\nb = \"{x}{y}\"\nc = \"c\"\nd = [\"1\", \"2\"]\ne = \"\"", 1),
    ] {
        let english = read(english);
        assert_eq!(differences("x", &danish, &english).len(), faults, "{english:?}");
    }
    let unused = unused(&danish, "say(\"a.b\"); say(\"a.d\")");
    assert_eq!(unused, ["src/write/text: nothing says `a.c`"]);
    let code = "Phrase::new(\"a.b\").with(\"x\", Phrase::new(\"a.x\"))";
    assert_eq!(unknown(&danish, "src/a.rs", code), ["src/a.rs:1: no text `a.x`"]);
}

#[test]
fn a_reason_needs_two_texts() {
    let texts = flatten("x", "[reason]\nQ001 = \"a\"\nQ002 = \"b\"\n[reason_help]\nQ002 = \"c\"")
        .expect("a table");
    let silent = silent_reasons(&["Q001", "Q002"], &texts);
    assert_eq!(silent, ["src/write/text: no `reason_help.Q001`"]);
}

#[test]
fn a_notice_needs_three_texts() {
    let text = "[notice]\nN001 = \"a\"\n[notice_help]\nN001 = \"b\"";
    let silent = silent_notices(&["N001"], &flatten("x", text).expect("a table"));
    assert_eq!(silent, ["src/write/text: no `notice_title.N001`"]);
}

#[test]
fn files_are_paired() {
    let pairs = [
        ("src/write/text/da.toml", Some("src/write/text/en.toml")),
        ("src/write/text/pages.da.toml", Some("src/write/text/pages.en.toml")),
        ("src/write/text/en.toml", None),
        ("src/write/text/panda.toml", None),
    ];
    for (danish, english) in pairs {
        assert_eq!(english_of(danish).as_deref(), english);
    }
}
