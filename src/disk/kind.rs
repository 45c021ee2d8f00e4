//! The folders gevinst writes, each known by what its manifest says and not by its name.

use crate::domain::manifest::{ANSWERS, PACKS as OF_PACKS, RECEIPT, RECEIPT_OF_DATA};
use serde_json::Value;
use std::collections::BTreeMap;

/// A kind of folder that is replaced whole.
pub struct FolderKind {
    /// What it is, as a message says it.
    pub what: &'static str,
    /// How the command line names it.
    pub flag: &'static str,
    /// The file that lists the others.
    pub manifest: &'static str,
    /// What that file says.
    pub listed: fn(&[u8]) -> Manifest,
}

/// A file that lists the others of its folder, as it was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Manifest {
    /// BLAKE3 of each file of the folder but this one, lower-case hex, by its path in the folder.
    Lists(BTreeMap<String, String>),
    /// An older version wrote it, and not every file is in it.
    Older,
    /// gevinst did not write it.
    Foreign,
}

/// The report of `gevinst run`.
pub const REPORT: FolderKind =
    FolderKind { what: "report", flag: "--out DIR", manifest: "receipt.json", listed: of_report };

/// The correction packs of `gevinst check`.
pub const PACKS: FolderKind = FolderKind {
    what: "correction packs",
    flag: "--rettelser DIR",
    manifest: "rettelser.json",
    listed: of_packs,
};

/// The deliveries `gevinst sample` makes up.
pub const SAMPLE: FolderKind =
    FolderKind { what: "sample", flag: "--out DIR", manifest: "answers.toml", listed: of_sample };

/// Every kind there is.
pub(super) const KINDS: [&FolderKind; 3] = [&REPORT, &PACKS, &SAMPLE];

fn of_report(bytes: &[u8]) -> Manifest {
    let value: Value = serde_json::from_slice(bytes).unwrap_or_default();
    match (value["schema"].as_str(), &value["files"]) {
        (Some(RECEIPT), Value::Array(files)) => listed(files.iter()),
        (Some(RECEIPT_OF_DATA), _) => Manifest::Older,
        (_, _) => Manifest::Foreign,
    }
}

fn of_packs(bytes: &[u8]) -> Manifest {
    let value: Value = serde_json::from_slice(bytes).unwrap_or_default();
    match (value["schema"].as_str(), &value["packs"]) {
        (Some(OF_PACKS), Value::Array(packs)) => {
            let files = packs.iter().flat_map(|pack| [&pack["csv"], &pack["xlsx"]]);
            listed(files.filter(|file| !file.is_null()))
        }
        (_, _) => Manifest::Foreign,
    }
}

/// The files that objects with a `name` and a `blake3` list.
fn listed<'a>(files: impl Iterator<Item = &'a Value>) -> Manifest {
    let file = |file: &Value| {
        Some((file["name"].as_str()?.to_owned(), file["blake3"].as_str()?.to_owned()))
    };
    files.map(file).collect::<Option<_>>().map_or(Manifest::Foreign, Manifest::Lists)
}

fn of_sample(bytes: &[u8]) -> Manifest {
    /// How one began that had no schema.
    const OLDER: &str = "# What a run over these made-up deliveries must find.";
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let table: toml::Table = text.parse().unwrap_or_default();
    if table.get("schema").and_then(toml::Value::as_str) != Some(ANSWERS) {
        return if text.starts_with(OLDER) { Manifest::Older } else { Manifest::Foreign };
    }
    let file =
        |(name, hash): (&String, &toml::Value)| Some((name.clone(), hash.as_str()?.to_owned()));
    let files = table.get("written").and_then(toml::Value::as_table);
    let files = files.and_then(|files| files.iter().map(file).collect());
    files.map_or(Manifest::Foreign, Manifest::Lists)
}
