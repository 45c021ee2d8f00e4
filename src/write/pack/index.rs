//! What is in each pack, for programs; by this file a folder is known to hold packs of ours.

use crate::domain::error::Error;
use crate::domain::manifest::PACKS;
use crate::programme::model::Programme;
use crate::write::data::receipt::json_bytes;
use crate::write::pack::rows::AuthorityPack;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Writes `rettelser.json` for packs whose files are `files`.
pub(super) fn bytes(
    programme: &Programme,
    packs: &BTreeMap<String, AuthorityPack>,
    files: &BTreeMap<String, Vec<u8>>,
) -> Result<Vec<u8>, Error> {
    let file = |name: String| files.get(&name).map(|bytes| said(&name, bytes));
    let pack = |(name, pack): (&String, &AuthorityPack)| {
        let mut codes: BTreeMap<&str, u32> = BTreeMap::new();
        for refused in &pack.refused {
            *codes.entry(refused.fault.reason.code()).or_default() += 1;
        }
        let lines = pack.refused.iter().filter(|refused| refused.line.is_some()).count();
        json!({
            "authority": pack.authority,
            "lines": lines,
            "whole_deliveries": pack.refused.len() - lines,
            "codes": codes,
            "csv": file(format!("{name}.csv")),
            "xlsx": file(format!("{name}.xlsx")),
        })
    };
    let index = json!({
        "schema": PACKS,
        "programme": programme.id,
        "packs": packs.iter().map(pack).collect::<Vec<_>>(),
    });
    json_bytes("rettelser.json", &index)
}

fn said(name: &str, bytes: &[u8]) -> Value {
    json!({ "name": name, "bytes": bytes.len(), "blake3": blake3::hash(bytes).to_hex().to_string() })
}
