//! Refused lines as they were delivered, read once more from the deliveries: they are not kept.

use crate::contract::compiled::{Contract, Layout};
use crate::domain::delivery::DeliveryId;
use crate::domain::error::Error;
use crate::domain::pack::{CellMark, PackCell, PackLine};
use crate::domain::packing::Packing;
use crate::domain::privacy::line_may_hold_cpr;
use crate::domain::quarantine::Quarantined;
use crate::ingest::delivery::sheet_lines;
use crate::ingest::delivery_account::DeliveryAccount;
use crate::ingest::stated;
use crate::source::bounds::Bound;
use crate::source::container::Unpacked;
use crate::source::content::{Content, Delivery};
use crate::source::decode;
use crate::source::input::{Input, expand_archives};
use crate::source::scan::{hash, scan};
use crate::source::sheet::is_sheet;
use crate::source::sheet::written::unsaid;
use crate::source::split::{RecordKind, Split};
use crate::source::text::EncodedText;
use crate::source::unreadable::unreadable;
use crate::validate::find::find;
use crate::validate::setting::Setting;
use blake3::Hasher;
use encoding_rs::Encoding;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader, Read};
use std::iter::{once, repeat_n};
use std::sync::{Arc, Mutex};

/// The refused lines of one delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RereadLines {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Its headings.
    pub headings: PackLine,
    /// The cells of each refused line, by its number; as many as the headings, or more. Lines that
    /// are too large for the packs are left out.
    pub lines: BTreeMap<u32, PackLine>,
}

/// Reads the refused lines once more.
///
/// - Shape: in delivery order, on any number of threads. A delivery refused whole, and a file of
///   control totals, has no lines to correct and is left out.
/// - Keeps: a line that may hold a personal number shows none of its cells. All lines together
///   take no more than [`Bound::PackLines`]: each delivery has room for its share of the lines.
///
/// # Errors
/// [`Error::Changed`] when a delivery is no longer the one the accounts are of, [`Error::Read`]
/// when it cannot be read.
pub fn reread_refused(
    contracts: &[Contract],
    deliveries: &[Delivery],
    accounts: &[&DeliveryAccount],
    quarantine: &[Quarantined],
) -> Result<Vec<RereadLines>, Error> {
    let mut wanted: BTreeMap<DeliveryId, BTreeSet<u32>> = BTreeMap::new();
    for refused in quarantine {
        if let Some(line) = refused.line {
            wanted.entry(refused.delivery).or_default().insert(line);
        }
    }
    let all: usize = wanted.values().map(BTreeSet::len).sum();
    let inputs = expand_archives(deliveries)?;
    let found: Vec<Option<RereadLines>> = wanted
        .par_iter()
        .map(|(id, lines)| {
            let account = accounts[id.place()];
            let input = inputs.get(id.place()).filter(|now| now.delivery().name == account.name);
            let changed = || Error::Changed { path: account.shown().into_owned().into() };
            let input = input.ok_or_else(changed)?;
            let room = Bound::PackLines.most() * lines.len() / all;
            let wanted = LinesWanted { account, lines, room };
            let contract = contracts.iter().find(|own| Some(&own.id) == account.contract.as_ref());
            let stands = stated::sidecar(contracts, &account.name).is_none() && !account.rejected;
            let Some(contract) = contract.filter(|_| stands) else {
                return Ok(None);
            };
            let again = read(contract, input, &wanted);
            let again = again.map_err(|source| unreadable(input.delivery(), source))?;
            again.map(Some).ok_or_else(changed)
        })
        .collect::<Result<_, Error>>()?;
    Ok(found.into_iter().flatten().collect())
}

/// What is looked for in one delivery.
struct LinesWanted<'a> {
    account: &'a DeliveryAccount,
    /// The numbers of the refused lines.
    lines: &'a BTreeSet<u32>,
    /// What they and the headings may weigh.
    room: usize,
}

/// Reads one delivery again; `None` when it has changed.
fn read(
    contract: &Contract,
    input: &Input,
    wanted: &LinesWanted,
) -> io::Result<Option<RereadLines>> {
    let delivery = input.delivery();
    let layout = contract.sender(&delivery.name).0;
    let Some(packing) = Packing::of(&delivery.name) else {
        return plain(contract, &*delivery.content, layout, wanted);
    };
    let content = &*delivery.content;
    if hash(content)?.to_hex().as_str() != wanted.account.blake3 {
        return Ok(None);
    }
    if let Packing::Xlsx | Packing::Ods = packing {
        let Ok(sheet) = sheet_lines(contract, &delivery.name, content, packing)? else {
            return Ok(None);
        };
        return text(contract, &sheet.content, &sheet.layout, wanted);
    }
    text(contract, &Unpacked { packed: content, packing }, layout, wanted)
}

/// A delivery that is not packed, hashed in the same pass that gives its lines: what stands in a
/// pack is of the very bytes the account is of.
fn plain(
    contract: &Contract,
    content: &dyn Content,
    layout: &Layout,
    wanted: &LinesWanted,
) -> io::Result<Option<RereadLines>> {
    let hash = Arc::new(Mutex::new(Hasher::new()));
    let found = text(contract, &Hashed { content, hash: Arc::clone(&hash) }, layout, wanted)?;
    let seen = hash.lock().expect("no reader panics").clone();
    Ok(found.filter(|_| seen.finalize().to_hex().as_str() == wanted.account.blake3))
}

/// Content whose bytes are hashed as they are read, anew each time it is opened.
struct Hashed<'a> {
    content: &'a dyn Content,
    hash: Arc<Mutex<Hasher>>,
}

impl Content for Hashed<'_> {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        *self.hash.lock().expect("no reader panics") = Hasher::new();
        Ok(Box::new(Hashing { input: self.content.open()?, hash: Arc::clone(&self.hash) }))
    }
}

struct Hashing {
    input: Box<dyn Read + Send>,
    hash: Arc<Mutex<Hasher>>,
}

impl Read for Hashing {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let length = self.input.read(out)?;
        self.hash.lock().expect("no reader panics").update(&out[..length]);
        Ok(length)
    }
}

fn text(
    contract: &Contract,
    content: &dyn Content,
    layout: &Layout,
    wanted: &LinesWanted,
) -> io::Result<Option<RereadLines>> {
    let Ok(charset) = scan(content.open()?, &layout.encodings)?.encoding else {
        return Ok(None);
    };
    let text = EncodedText { content, charset, layout };
    let sender = contract.sender(&wanted.account.name).1;
    let Ok((delimiter, header)) = find(contract, sender, &text)? else {
        return Ok(None);
    };
    let encoding = decode::inner(charset);
    let Some(named) = contract.claims(&wanted.account.name) else {
        return Ok(None);
    };
    let setting = Setting::new(contract, &header, encoding, &named);
    let setting = if is_sheet(layout) { setting.in_workbook() } else { setting };
    let mut split = Split::of(BufReader::new(text.open()?), delimiter, layout);
    let (delivery, mut begun) = (wanted.account.id, false);
    let headings = PackLine::of(header.cells.iter().map(|cell| heading(cell, encoding)));
    let (mut line_count, mut room) = (0, wanted.room.checked_sub(headings.weight()));
    let mut recalled = RereadLines { delivery, headings, lines: BTreeMap::new() };
    let mut keep = |line: u32, cells: PackLine| {
        line_count += 1;
        // Without room for the headings there is none for a line.
        let rest = room.and_then(|room| room.checked_sub(cells.weight()));
        if rest.is_some() {
            room = rest;
            recalled.lines.insert(line, cells);
        }
    };
    for line in 1..header.line {
        let own = split.line_alone()?.unwrap_or_default();
        if wanted.lines.contains(&line) {
            let mut alone = Split::of(&own[..], delimiter, layout);
            alone.next()?;
            keep(line, record(&setting, &alone));
        }
    }
    while let Some(piece) = split.next()? {
        if piece != RecordKind::Blank && !begun {
            begun = true;
            split.expect(header.width);
        } else if wanted.lines.contains(&split.line()) {
            let cells = match piece {
                RecordKind::Blank => continue,
                RecordKind::Record => record(&setting, &split),
                RecordKind::Unclosed => unclosed(&setting, layout, split.raw()),
            };
            keep(split.line(), cells);
        }
    }
    Ok((line_count == wanted.lines.len()).then_some(recalled))
}

fn heading(cell: &[u8], encoding: &'static Encoding) -> PackCell {
    if line_may_hold_cpr(cell) { PackCell::Mark(CellMark::Hidden) } else { shown(cell, encoding) }
}

fn shown(cell: &[u8], encoding: &'static Encoding) -> PackCell {
    PackCell::Text(encoding.decode_without_bom_handling(cell).0.into_owned())
}

/// The cells of a record, none of them where the guard hides the line. The empty ones it ends with
/// beyond its header are one: how many cells it has, its reason says.
fn record<R: BufRead>(setting: &Setting, split: &Split<R>) -> PackLine {
    let width = setting.header.width;
    let uneven = split.width() != width;
    let hidden = setting.guard.hides(split);
    let mut buffer = Vec::new();
    let mut last = split.width();
    while last > width && split.cell(last - 1, &mut buffer).is_empty() {
        last -= 1;
    }
    let delivered = 0..split.width().min(last + 1);
    let absent = width.saturating_sub(split.width());
    let cells = delivered.map(|place| match split.cell(place, &mut buffer) {
        [] if uneven && place >= width => PackCell::Mark(CellMark::Surplus),
        [] => PackCell::Text(String::new()),
        _ if hidden => PackCell::Mark(CellMark::Hidden),
        cell if setting.guard.in_workbook && unsaid(cell).is_some() => {
            PackCell::Mark(CellMark::Unsaid)
        }
        cell => shown(cell, setting.encoding),
    });
    PackLine::of(cells.chain(repeat_n(PackCell::Mark(CellMark::Absent), absent)))
}

/// A line whose cells cannot be told apart: all of it stands in the first.
fn unclosed(setting: &Setting, layout: &Layout, raw: &[u8]) -> PackLine {
    let first = if line_may_hold_cpr(&layout.without_escapes(raw)) {
        PackCell::Mark(CellMark::Hidden)
    } else {
        shown(raw, setting.encoding)
    };
    let absent = setting.header.width.saturating_sub(1);
    PackLine::of(once(first).chain(repeat_n(PackCell::Mark(CellMark::Absent), absent)))
}
