//! What is remembered is what was read, or nothing.

use crate::collect::kit::{contracts, folder, open_terms};
use crate::collect::{Ingested, ingest, ingest_with_cache};
use crate::contract::compiled::Contract;
use crate::domain::folder::Folder;
use crate::domain::quarantine::{Quarantined, Reason};
use crate::ingest::cache::{Cache, CacheStore, Trust};
use crate::source::content::{Content, Delivery, Stamp};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

const SPENDING: &str = r#"
title.en = "Spending"
[files]
names = ["{authority}.csv"]
[schema]
[[schema.fields]]
name = "month"
type = "yearmonth"
format = ["%Y-%m"]
role = "period"
[[schema.fields]]
name = "account"
type = "string"
role = "account"
[[schema.fields]]
name = "amount"
type = "number"
decimalChar = ","
role = "amount"
[[schema.fields]]
name = "hours"
type = "number"
decimalChar = ","
role = "hours"
"#;

fn spending() -> Vec<Contract> {
    contracts(SPENDING, open_terms(2018))
}

/// Content with a stamp of its own, which counts how often it is opened.
struct Stamped {
    bytes: Vec<u8>,
    stamp: Option<Stamp>,
    opened: Arc<AtomicUsize>,
}

impl Content for Stamped {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        self.opened.fetch_add(1, Ordering::Relaxed);
        self.bytes.open()
    }

    fn size(&self) -> io::Result<Option<u64>> {
        self.bytes.size()
    }

    fn stamp(&self) -> Option<Stamp> {
        self.stamp
    }
}

/// Deliveries by name, each with its text and the second it was written.
type Texts = BTreeMap<&'static str, (String, i64)>;

fn deliveries(texts: &Texts) -> (Vec<Delivery>, Arc<AtomicUsize>) {
    let opened = Arc::new(AtomicUsize::new(0));
    let made = texts.iter().map(|(name, (text, at))| {
        let bytes = u64::try_from(text.len()).expect("a length");
        let stamp = Some(Stamp { bytes, written: Some((*at, 0)), changed: (*at, 0) });
        let stamp = stamp.filter(|_| *at > 0);
        let (bytes, opened) = (text.clone().into_bytes(), Arc::clone(&opened));
        Delivery { name: (*name).to_owned(), content: Box::new(Stamped { bytes, stamp, opened }) }
    });
    (made.collect(), opened)
}

fn shown(ingested: &Ingested) -> String {
    format!("{ingested:?}")
}

fn plain(texts: &Texts) -> String {
    shown(&ingest(&spending(), &deliveries(texts).0, &|| ()).expect("memory reads"))
}

/// Parts by name.
type Parts = BTreeMap<String, Vec<u8>>;

/// A cache store in memory, which counts how often something is put there or removed.
#[derive(Default)]
struct Board {
    parts: Mutex<Parts>,
    changes: AtomicUsize,
}

impl CacheStore for Board {
    fn get(&self, part: &str) -> Option<Vec<u8>> {
        self.parts.lock().expect("no panic").get(part).cloned()
    }

    fn put(&self, part: &str, bytes: &[u8]) {
        self.changes.fetch_add(1, Ordering::Relaxed);
        self.parts.lock().expect("no panic").insert(part.to_owned(), bytes.to_vec());
    }

    fn retain_only(&self, parts: &BTreeSet<String>) {
        let mut own = self.parts.lock().expect("no panic");
        let before = own.len();
        own.retain(|part, _| parts.contains(part));
        self.changes.fetch_add(before - own.len(), Ordering::Relaxed);
    }
}

/// What is ingested with these parts to remember by, how often a delivery was opened, and what to
/// remember next; `None` when that is what is remembered.
fn with(parts: Option<&Parts>, texts: &Texts, trust: Trust) -> (String, usize, Option<Parts>) {
    let (read, opened, changes, next) = by("code", &folder(SPENDING), parts, texts, trust);
    (read, opened, (changes > 0).then_some(next))
}

fn by(
    code: &str,
    folder: &Folder,
    parts: Option<&Parts>,
    texts: &Texts,
    trust: Trust,
) -> (String, usize, usize, Parts) {
    let parts = Mutex::new(parts.cloned().unwrap_or_default());
    let board = Board { parts, ..Board::default() };
    let cache = Cache::new(code, folder, trust, &board);
    let (deliveries, opened) = deliveries(texts);
    let read = ingest_with_cache(&spending(), &deliveries, &cache, &|| ());
    let changes = board.changes.into_inner();
    let next = board.parts.into_inner().expect("no panic");
    (shown(&read.expect("memory reads")), opened.load(Ordering::Relaxed), changes, next)
}

fn texts(made: &[(&'static str, &str, i64)]) -> Texts {
    made.iter().map(|(name, text, at)| (*name, ((*text).to_owned(), *at))).collect()
}

const LINES: &str = "month;account;amount;hours\n2018-03;22.65;1,00;2,5\n2018-04;22.66;-0,05;\n\
                     2018-03;æ'\";x;1\n2018-13;22.65;7,00;0\n";

fn some() -> Texts {
    texts(&[
        ("0101.csv", LINES, 7),
        ("0461.csv", "month;account;amount;hours\n2019-01;1;2;3;4\n", 8),
        ("0751.csv", &LINES.replace("22.65", "22.67"), 9),
        ("empty.csv", "", 9),
        ("unknown.txt", "x", 9),
    ])
}

#[test]
fn a_delivery_is_opened_when_it_may_have_changed_and_else_not() {
    let texts = some();
    let (cold, _, bytes) = with(None, &texts, Trust::Times);
    let bytes = bytes.expect("something to remember");
    assert_eq!(cold, plain(&texts));
    assert_eq!(with(Some(&bytes), &texts, Trust::Times), (cold.clone(), 0, None));
    assert_eq!(with(Some(&bytes), &texts, Trust::Bytes), (cold.clone(), texts.len(), None));

    // Other bytes of the same length at the same time are what trust in times is about.
    let mut other = texts.clone();
    other.insert("0101.csv", (LINES.replace("1,00", "3,00"), 7));
    assert_eq!(with(Some(&bytes), &other, Trust::Times).0, cold);
    let (read, _, next) = with(Some(&bytes), &other, Trust::Bytes);
    assert_eq!(read, plain(&other));
    assert_ne!(read, cold);
    let next = next.expect("something new to remember");
    assert_eq!(with(Some(&next), &other, Trust::Times), (read, 0, None));

    // The same bytes at another time are read for their hash, and that is all.
    let mut touched = texts.clone();
    touched.insert("0101.csv", (LINES.to_owned(), 70));
    let (read, opened, next) = with(Some(&bytes), &touched, Trust::Bytes);
    assert_eq!((&read, opened), (&cold, texts.len()));
    let next = next.expect("its times to remember");
    assert_eq!(with(Some(&next), &touched, Trust::Times), (read, 0, None));
}

#[test]
fn content_without_times_is_read_whatever_is_trusted() {
    let mut texts = some();
    for (_, at) in texts.values_mut() {
        *at = 0;
    }
    let (cold, _, bytes) = with(None, &texts, Trust::Times);
    let mut other = texts.clone();
    other.insert("0101.csv", (LINES.replace("1,00", "3,00"), 0));
    let (read, _, _) = with(bytes.as_ref(), &other, Trust::Times);
    assert_eq!(read, plain(&other));
    assert_ne!(read, cold);
}

#[test]
fn other_code_and_another_definition_remember_nothing() {
    let texts = some();
    let parts = with(None, &texts, Trust::Bytes).2;
    let known = |code: &str, folder: &Folder| {
        let (_, opened, changes, next) = by(code, folder, parts.as_ref(), &texts, Trust::Times);
        assert_eq!((opened == 0, next.len()), (changes == 0, texts.len()));
        texts.len() - changes
    };
    assert_eq!(known("code", &folder(SPENDING)), texts.len());
    assert_eq!(known("other code", &folder(SPENDING)), 0);
    let mut moved = folder(SPENDING);
    moved.files.insert("registers/authorities.csv".into(), b"id\n".to_vec());
    assert_eq!(known("code", &moved), 0);
    let elsewhere = Folder { name: "elsewhere".into(), ..folder(SPENDING) };
    assert_eq!(known("code", &elsewhere), texts.len());
}

#[test]
fn what_is_gone_is_forgotten_and_the_others_stay() {
    let mut texts = some();
    let parts = with(None, &texts, Trust::Times).2.expect("something to remember");
    texts.remove("0461.csv");
    let (_, opened, next) = with(Some(&parts), &texts, Trust::Times);
    let next = next.expect("less to remember");
    assert_eq!((opened, next.len()), (0, texts.len()));
    assert!(next.iter().all(|(name, part)| parts.get(name) == Some(part)));

    // One that changed is put anew, and nothing else.
    texts.insert("0101.csv", (LINES.replace("1,00", "3,00"), 70));
    let (_, _, changes, last) = by("code", &folder(SPENDING), Some(&next), &texts, Trust::Times);
    let same = last.iter().filter(|(name, part)| next.get(*name) == Some(*part)).count();
    assert_eq!((changes, same), (1, texts.len() - 1));
}

#[test]
fn a_part_in_the_place_of_another_is_not_taken() {
    let texts = some();
    let parts = with(None, &texts, Trust::Times).2.expect("something to remember");
    let names: Vec<&String> = parts.keys().collect();
    let moved: Parts = (0..names.len())
        .map(|place| (names[place].clone(), parts[names[(place + 1) % names.len()]].clone()))
        .collect();
    let (read, _, changes, next) =
        by("code", &folder(SPENDING), Some(&moved), &texts, Trust::Times);
    assert_eq!((read, changes), (plain(&texts), texts.len()));
    assert!(next == parts, "each is where it was");
}

#[test]
fn no_bit_can_flip_and_no_byte_be_missing() {
    let texts = texts(&[("0101.csv", LINES, 7)]);
    let (cold, _, parts) = with(None, &texts, Trust::Times);
    let parts = parts.expect("something to remember");
    let (name, bytes) = parts.first_key_value().expect("a part");
    let again = |damaged: &[u8], what: &str| {
        let damaged = Parts::from([(name.clone(), damaged.to_vec())]);
        let (read, opened, next) = with(Some(&damaged), &texts, Trust::Times);
        assert_eq!(read, cold, "{what}");
        assert!(opened > 0, "{what} is taken for whole");
        assert!(next.as_ref() == Some(&parts), "{what} stays");
    };
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        again(&damaged, &format!("byte {at} flipped"));
        again(&bytes[..at], &format!("{at} bytes"));
    }
    again(&[&bytes[..], b"\0"].concat(), "a byte more");
}

/// What the contract says to refused lines is in memory once, read or remembered.
#[test]
fn refused_lines_share_what_they_say() {
    let text = "month;account;amount;hours\n2018-13;a;1,00;1\n2018-14;a;1,00;1\n";
    let texts = texts(&[("0101.csv", text, 7)]);
    let board = Board::default();
    let cache = Cache::new("code", &folder(SPENDING), Trust::Times, &board);
    for opens in [true, false] {
        let (deliveries, opened) = deliveries(&texts);
        let read = ingest_with_cache(&spending(), &deliveries, &cache, &|| ());
        let ingested = read.expect("memory reads");
        assert_eq!(opened.load(Ordering::Relaxed) > 0, opens);
        let [one, other] = &ingested.quarantine[..] else {
            panic!("{:?}", ingested.quarantine);
        };
        let said = |refused: &Quarantined| {
            let Reason::NotADate { expected, .. } = &refused.fault.reason else {
                panic!("{refused:?}");
            };
            let column = refused.fault.column.as_deref().expect("a column").as_ptr();
            let authority = refused.authority.as_ref().expect("an authority").as_str().as_ptr();
            [expected.as_ptr(), column, authority]
        };
        assert_eq!(said(one), said(other));
        assert_eq!(ingested.quarantine.capacity(), 2);
    }
}

/// Lines of every sort: months in and out of the programme, amounts and hours there or not.
fn line() -> impl Strategy<Value = String> {
    let month = prop_oneof!["2018-0[1-9]", Just("2017-12".to_owned()), "[0-9x]{0,3}"];
    let amount = prop_oneof!["-?[0-9]{1,9},[0-9]{2}", Just(String::new()), "\\PC{0,4}"];
    (month, "[a-c]{0,2}|\\PC{0,3}", amount, "[0-9]{0,3}")
        .prop_map(|(month, account, amount, hours)| format!("{month};{account};{amount};{hours}\n"))
}

fn any_texts() -> impl Strategy<Value = Texts> {
    let names = prop::sample::select(vec!["0101.csv", "0461.csv", "0751.csv", "a.csv", "x.txt"]);
    let text = prop::collection::vec(line(), 0..9)
        .prop_map(|lines| format!("month;account;amount;hours\n{}", lines.concat()));
    // A folder of which no contract claims any file is none.
    let claimed = |texts: &Texts| texts.is_empty() || texts.keys().any(|name| *name != "x.txt");
    prop::collection::btree_map(names, (text, 1_i64..4), 0..5).prop_filter("claimed", claimed)
}

proptest! {
    /// Whatever was delivered before, what is delivered now is ingested as if nothing had been.
    #[test]
    fn what_was_before_does_not_show(first in any_texts(), second in any_texts()) {
        let bytes = with(None, &first, Trust::Bytes).2;
        let (read, _, next) = with(bytes.as_ref(), &second, Trust::Bytes);
        prop_assert_eq!(&read, &plain(&second));
        let remembered = next.or(bytes);
        let (again, opened, none) = with(remembered.as_ref(), &second, Trust::Times);
        prop_assert_eq!((again, opened, none), (read.clone(), 0, None));
        let (hashed, opened, none) = with(remembered.as_ref(), &second, Trust::Bytes);
        prop_assert_eq!((hashed, opened, none), (read, second.len(), None));
    }
}
