//! The receipt: what went in, what became of it, and what came out, for who must vouch for it.

use crate::domain::correction::PackTotal;
use crate::domain::delivery::DeliveryId;
use crate::domain::error::Error;
use crate::domain::id::AuthorityId;
use crate::domain::language::Language;
use crate::domain::manifest::RECEIPT;
use crate::domain::money::Oere;
use crate::domain::neutral;
use crate::domain::notice::Notice;
use crate::domain::privacy::masked;
use crate::domain::reached_twice::ReachedTwice;
use crate::domain::share::Share;
use crate::ledger::Ledger;
use crate::ledger::awaited::CoverageState;
use crate::ledger::posting::{Balance, DeliveryPosting};
use crate::ledger::vat::VatStatement;
use crate::metrics::catalogue::METRICS;
use crate::programme::model::{CostType, Prices, Programme};
use crate::write::data::words::delivery_name;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Writes the receipt of a run whose other files are `files`.
///
/// - Shape: one JSON object, keys in a fixed order, a newline at the end.
/// - Units: øre, lines and bytes as integers; no fractions and no time of day.
/// - Errors: `Encode` when the encoder refuses, which would be a bug.
pub(in crate::write) fn bytes(
    programme: &Programme,
    ledger: &Ledger,
    files: &BTreeMap<String, Vec<u8>>,
    version: &str,
) -> Result<Vec<u8>, Error> {
    let receipt = Receipt {
        schema: RECEIPT,
        tool: json!({ "name": "gevinst", "version": version }),
        programme: about(programme),
        as_of: ledger.as_of.to_string(),
        prices: prices(&programme.prices),
        metrics: METRICS.iter().map(|metric| (metric.id, metric.version)).collect(),
        vat: ledger.vat.iter().map(vat).collect(),
        balance: balance(&ledger.balance),
        limits: limits(programme, ledger),
        coverage: coverage(ledger),
        deliveries: Deliveries(&ledger.deliveries),
        corrections: corrections(ledger),
        notices: ledger.notices.iter().map(|notice| self::notice(ledger, notice)).collect(),
        read_once: ledger.again.iter().map(again).collect(),
        files: files.iter().map(|(name, bytes)| file(name, bytes)).collect(),
    };
    json_bytes("receipt.json", &receipt)
}

/// An object as a JSON file of this name, without hidden characters.
pub(in crate::write) fn json_bytes(name: &str, object: &impl Serialize) -> Result<Vec<u8>, Error> {
    let text = serde_json::to_string_pretty(object)
        .map_err(|error| Error::Encode { what: name.to_owned(), detail: error.to_string() })?;
    Ok((neutral::lines(text) + "\n").into_bytes())
}

/// The keys of the receipt, in their order.
#[derive(Serialize)]
struct Receipt<'a> {
    schema: &'a str,
    tool: Value,
    programme: Value,
    as_of: String,
    prices: Value,
    metrics: BTreeMap<&'a str, u32>,
    vat: Vec<Value>,
    balance: Value,
    limits: Value,
    coverage: Value,
    deliveries: Deliveries<'a>,
    corrections: Vec<Value>,
    notices: Vec<Value>,
    read_once: Vec<Value>,
    files: Vec<Value>,
}

/// Deliveries, each a value only while it is written: there may be many.
struct Deliveries<'a>(&'a [DeliveryPosting]);

impl Serialize for Deliveries<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter().map(delivery))
    }
}

fn about(programme: &Programme) -> Value {
    let name = |language| programme.name.get(language);
    json!({
        "id": programme.id,
        "name": { "da": name(Language::Da), "en": name(Language::En) },
        "first": programme.first.to_string(),
        "last": programme.last.to_string(),
        "currency": programme.currency.code,
        "synthetic": programme.synthetic,
    })
}

fn prices(prices: &Prices) -> Value {
    match prices {
        Prices::Current { source } => json!({ "kind": "current", "source": source }),
        Prices::Indexed { level, vintage, index, borrowed, sources } => json!({
            "kind": "indexed",
            "level": level.get(),
            "vintage": vintage,
            "series": series(index.keys().map(|(sector, cost, _)| (sector.word(), *cost))),
            "borrowed": borrowed.iter().map(|(sector, loan)| json!({
                "sector": sector.word(),
                "from": loan.from.word(),
                "source": loan.source,
            })).collect::<Vec<_>>(),
            "sources": sources,
        }),
    }
}

/// What a contract says of VAT; null where it does not say.
fn vat(said: &VatStatement) -> Value {
    json!({ "contract": said.contract.to_string(), "column": said.column, "vat": said.vat })
}

/// The price series there are, once each, such as `stat general`.
fn series(keys: impl Iterator<Item = (&'static str, CostType)>) -> Vec<String> {
    let mut names: Vec<String> = keys
        .map(|(sector, cost)| {
            let cost = match cost {
                CostType::General => "general",
                CostType::Wages => "wages",
                CostType::Prices => "prices",
            };
            format!("{sector} {cost}")
        })
        .collect();
    names.dedup();
    names
}

fn balance(balance: &Balance) -> Value {
    let lines = &balance.lines;
    let oere = &balance.oere;
    json!({
        "equation": "read = posted + superseded + refused",
        "lines": {
            "read": lines.read,
            "posted": lines.posted,
            "superseded": lines.superseded,
            "refused": lines.refused,
        },
        "oere": {
            "read": oere.read.get(),
            "posted": oere.posted.get(),
            "superseded": oere.superseded.get(),
            "refused": oere.refused.get(),
        },
        "refused_unreadable_lines": balance.refused_unreadable,
        "refused_absolute_oere": balance.refused_absolute.get(),
    })
}

fn limits(programme: &Programme, ledger: &Ledger) -> Value {
    let tolerated = &programme.limits;
    let exceeded = ledger.exceeded(tolerated);
    let balance = &ledger.balance;
    let share = Share::new(i64::from(balance.lines.refused), i64::from(balance.lines.read));
    json!({
        "tolerated_refused_lines_ppm": tolerated.refused_lines_ppm,
        "refused_lines_ppm": share.map(Share::parts_per_million),
        "tolerated_refused_oere": tolerated.refused_oere.map(Oere::get),
        "tolerated_refused_deliveries": tolerated.refused_deliveries,
        "refused_deliveries": ledger.rejected(),
        "refused_absolute_oere": balance.refused_absolute.get(),
        "tolerated_superseded_oere": tolerated.superseded_oere.map(Oere::get),
        "superseded_absolute_oere": ledger.replaced().get(),
        "tolerated_notices": tolerated.notices,
        "notices_exceeded": ledger.too_many(tolerated),
        "not_worse_lines": exceeded.lines_before.word(),
        "not_worse_amount": exceeded.amount_before.word(),
        "previous": ledger.previous.as_ref().map(|previous| json!({
            "as_of": previous.as_of,
            "blake3": previous.blake3,
            "lines_read": previous.lines_read,
            "lines_refused": previous.lines_refused,
            "refused_absolute_oere": previous.refused_absolute.get(),
        })),
        "exceeded": ledger.over_limit(tolerated),
    })
}

fn coverage(ledger: &Ledger) -> Value {
    let cells = &ledger.coverage.cells;
    let count = |wanted| cells.values().filter(|state| **state == wanted).count();
    json!({
        "awaited": cells.len(),
        "delivered": count(CoverageState::Delivered),
        "incomplete": count(CoverageState::Incomplete),
        "refused": count(CoverageState::Refused),
        "missing": count(CoverageState::Missing),
    })
}

fn delivery(posting: &DeliveryPosting) -> Value {
    let account = &posting.account;
    // Of what could not be read, neither is known.
    let read = !account.blake3.is_empty();
    let not_data: BTreeMap<&str, u32> =
        account.not_data.iter().map(|(what, count)| (what.word(), *count)).collect();
    json!({
        "name": account.shown(),
        "contract": account.contract.as_ref().map(ToString::to_string),
        "version": account.version,
        "bytes": read.then_some(account.bytes),
        "blake3": read.then_some(&account.blake3),
        "encoding": account.encoding,
        "rejected": account.rejected,
        "lines_corrected": account.lines_corrected,
        "lines_not_data": account.lines_not_data,
        "not_data": not_data,
        "balance": balance(&posting.balance),
    })
}

/// What each correction pack corrected, in name order.
fn corrections(ledger: &Ledger) -> Vec<Value> {
    let packs = ledger.corrections.by_pack();
    let pack = |(id, pack): (&DeliveryId, &PackTotal)| {
        json!({
            "pack": delivery_name(ledger, *id),
            "from": pack.from.as_ref().map(AuthorityId::as_str),
            "lines": pack.lines,
            "oere": pack.amount.map(Oere::get),
        })
    };
    packs.iter().map(pack).collect()
}

fn again(again: &ReachedTwice) -> Value {
    json!({ "name": masked(&again.name), "first": masked(&again.first) })
}

fn notice(ledger: &Ledger, notice: &Notice) -> Value {
    let details: BTreeMap<&str, String> = notice.what.details().into_iter().collect();
    json!({
        "code": notice.what.code(),
        "delivery": delivery_name(ledger, notice.delivery),
        "lines": notice.lines,
        "oere": notice.amount.map(Oere::get),
        "details": details,
    })
}

fn file(name: &str, bytes: &[u8]) -> Value {
    json!({ "name": name, "bytes": bytes.len(), "blake3": blake3::hash(bytes).to_hex().to_string() })
}
