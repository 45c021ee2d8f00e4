//! Control totals: what the sender says was sent, held against what was read.

use crate::contract::charset::Charset;
use crate::contract::compiled::{Cell, Column, Contract, Control, Negative, NumberForm};
use crate::contract::line_rule::NotData;
use crate::contract::pattern::Named;
use crate::domain::letters::{composed, folded};
use crate::domain::money::Oere;
use crate::domain::quarantine::{Fault, Reason};
use crate::ingest::account::Read;
use crate::ingest::cell::number::{amount, integer};
use crate::ingest::cell::{trim, trim_in};
use crate::ingest::check::Setting;
use crate::ingest::line::Line;
use crate::ingest::privacy::{is_plain_cpr, masked, may_hold_cpr, show};
use crate::ingest::split::{Piece, Split};
use crate::ingest::stray;
use crate::ingest::text::Text;
use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader};

/// What the sender says of one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Total {
    lines: Option<u32>,
    oere: Option<i64>,
}

/// One line of a file of control totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    /// The delivery it speaks of.
    file: String,
    /// The line it stands on.
    line: u32,
    total: Total,
}

/// The contract whose control totals stand in a file of this name, and where.
pub(super) fn sidecar<'a>(
    contracts: &'a [Contract],
    name: &str,
) -> Option<(&'a Contract, &'a Control, Named)> {
    contracts.iter().find_map(|contract| {
        contract.controls.iter().find_map(|control| match control {
            Control::Sidecar { name: pattern, .. } => {
                pattern.read(name).map(|named| (contract, control, named))
            }
            Control::Trailer { .. } => None,
        })
    })
}

/// Reads a file of control totals into `read.stated`. No line of it is data; a line that cannot be
/// read is refused, and states nothing. The inner error refuses the file whole.
pub(super) fn read_sidecar(
    contract: &Contract,
    control: &Control,
    own: &str,
    from: &Text,
    read: &mut Read,
) -> io::Result<Result<(), Reason>> {
    let Control::Sidecar { headings, form, .. } = control else {
        return Ok(Ok(()));
    };
    let (layout, encoding) = (from.layout, from.encoding());
    let mut found = Vec::new();
    for delimiter in &layout.delimiters {
        let input = BufReader::new(from.open()?);
        let mut split = Split::of(input, *delimiter, layout);
        let mut piece = split.next()?;
        while piece == Some(Piece::Blank) {
            piece = split.next()?;
        }
        found = (0..split.width()).map(|place| text(&split, place, encoding)).collect();
        let place = |heading: &String| found.iter().position(|cell| *cell == folded(heading));
        if let [Some(file), Some(lines), Some(sum)] = headings.each_ref().map(place) {
            let column = &contract.columns[*form];
            let (places, charset) = ([file, lines, sum], from.charset);
            let sheet = Sheet { column, places, headings, encoding, charset };
            read.count(NotData::Header);
            return sheet.read(split, own, read).map(Ok);
        }
    }
    let missing: Vec<&str> = headings
        .iter()
        .filter(|name| !found.contains(&folded(name).into_owned()))
        .map(String::as_str)
        .collect();
    let found = show(found.join("; ").as_bytes(), encoding_rs::UTF_8);
    Ok(Err(Reason::MissingColumn { missing: missing.join(", ").into(), found }))
}

/// A file of control totals whose header is read.
struct Sheet<'a> {
    column: &'a Column,
    places: [usize; 3],
    headings: &'a [String; 3],
    encoding: &'static Encoding,
    charset: Charset,
}

impl Sheet<'_> {
    fn read<R: BufRead>(&self, mut split: Split<R>, own: &str, read: &mut Read) -> io::Result<()> {
        let folder = own.rfind('/').map_or("", |at| &own[..=at]);
        while let Some(piece) = split.next()? {
            let stated = match piece {
                Piece::Blank => {
                    read.count(NotData::Blank);
                    continue;
                }
                Piece::Unclosed => Err(Fault { column: None, reason: Reason::UnclosedQuote {} }),
                Piece::Record => match stray::find(split.raw(), self.charset) {
                    Some(reason) if !may_hold_cpr(split.raw()) => {
                        Err(Fault { column: None, reason })
                    }
                    Some(_) | None => self.total(&split),
                },
            };
            read.hold()?;
            match stated {
                Ok((file, total)) => {
                    read.count(NotData::Total);
                    let file = composed(&format!("{folder}{file}")).into_owned();
                    read.stated.push(Statement { file, line: split.line(), total });
                }
                Err(fault) => read.refuse_alone(split.line(), fault),
            }
        }
        Ok(())
    }

    fn total<R: BufRead>(&self, split: &Split<R>) -> Result<(String, Total), Fault> {
        let [file, lines, sum] = self.places;
        let fault =
            |at: usize, reason| Fault { column: Some(self.headings[at].as_str().into()), reason };
        let mut buffer = Vec::new();
        for (at, place) in self.places.into_iter().enumerate() {
            if self.is_personal(trim(split.cell(place, &mut buffer))) {
                return Err(fault(at, Reason::PossibleCpr {}));
            }
        }
        let name = text(split, file, self.encoding);
        if name.is_empty() {
            return Err(fault(0, Reason::MissingValue {}));
        }
        let cell = trim_in(split.cell(lines, &mut buffer), self.encoding);
        let Some(lines) = whole(cell, self.column) else {
            return Err(fault(1, Reason::NotANumber { found: show(cell, self.encoding) }));
        };
        let mut buffer = Vec::new();
        let cell = trim_in(split.cell(sum, &mut buffer), self.encoding);
        let Some(oere) = money(cell, self.column, self.encoding) else {
            return Err(fault(2, Reason::NotAnAmount { found: show(cell, self.encoding) }));
        };
        Ok((name, Total { lines: Some(lines), oere: Some(oere) }))
    }

    /// Whether a cell may hold a personal number; a sum written as one is none.
    fn is_personal(&self, cell: &[u8]) -> bool {
        let sum = || !is_plain_cpr(cell) && money(cell, self.column, self.encoding).is_some();
        self.column.guarded && may_hold_cpr(cell) && !sum()
    }
}

/// What a row of totals states; `None` when the record is no such row, or its figures are none.
pub(super) fn trailer(setting: &Setting, line: &impl Line) -> Option<Total> {
    let places = |column: usize| setting.header.places[column].iter();
    setting.contract.controls.iter().find_map(|control| {
        let Control::Trailer { column, label, lines, sum } = control else {
            return None;
        };
        let labelled =
            places(*column).any(|place| text(line, *place, setting.encoding) == folded(label));
        // The figures of a total are told where they differ.
        if !labelled || setting.guard.stops(line).is_some() {
            return None;
        }
        let mut buffer = Vec::new();
        let mut total = Total::default();
        if let Some(column) = *lines {
            let place = *places(column).next()?;
            let cell = trim_in(line.cell(place, &mut buffer), setting.encoding);
            total.lines = Some(whole(cell, &setting.contract.columns[column])?);
        }
        if let Some(column) = *sum {
            let mut oere = 0_i64;
            for place in places(column) {
                let cell = trim_in(line.cell(*place, &mut buffer), setting.encoding);
                let part = money(cell, &setting.contract.columns[column], setting.encoding)?;
                oere = oere.checked_add(part)?;
            }
            total.oere = Some(oere);
        }
        Some(total)
    })
}

/// Whether a delivery may turn out not to be what was sent, when all have been read.
pub(super) fn may_hold_back(contracts: &[Contract], read: &Read) -> bool {
    let own = |contract: &&Contract| Some(&contract.id) == read.account.contract.as_ref();
    contracts.iter().find(own).is_some_and(|contract| !contract.controls.is_empty())
}

/// Holds every delivery against what its sender states, and back whole where the two differ: it is
/// not what was sent. A statement about a file that never came is refused where it stands.
pub(super) fn hold(contracts: &[Contract], reads: &mut [Read]) {
    if contracts.iter().all(|contract| contract.controls.is_empty()) {
        return;
    }
    let mut stated: BTreeMap<String, (u32, Total)> = BTreeMap::new();
    for read in reads.iter() {
        for statement in &read.stated {
            let version = read.account.version;
            let entry = stated.entry(statement.file.clone()).or_insert((0, statement.total));
            if entry.0 <= version {
                *entry = (version, statement.total);
            }
        }
    }
    let delivered: BTreeSet<String> =
        reads.iter().map(|read| composed(&read.account.name).into_owned()).collect();
    for read in reads {
        for statement in std::mem::take(&mut read.stated) {
            if !delivered.contains(&statement.file) {
                let found = show(statement.file.as_bytes(), encoding_rs::UTF_8);
                let fault = Fault { column: None, reason: Reason::NotDelivered { found } };
                read.count_off(NotData::Total);
                read.refuse_alone(statement.line, fault);
            }
        }
        read.quarantine.sort_by_key(|refused| refused.line);
        let reason = contracts
            .iter()
            .filter(|contract| Some(&contract.id) == read.account.contract.as_ref())
            .flat_map(|contract| &contract.controls)
            .find_map(|control| difference(control, &stated, read));
        if let Some(reason) = reason.filter(|_| !read.sidecar && !read.account.rejected) {
            read.hold_back(reason);
        }
    }
}

/// How what was read differs from what a control total states.
fn difference(
    control: &Control,
    stated: &BTreeMap<String, (u32, Total)>,
    read: &Read,
) -> Option<Reason> {
    let total = match control {
        Control::Sidecar { .. } => {
            stated.get(&*composed(&read.account.name)).map(|(_, total)| *total)
        }
        Control::Trailer { .. } => read.trailer,
    };
    let Some(total) = total else {
        return Some(Reason::NoControlTotal {});
    };
    let account = &read.account;
    let lines = total.lines.map(|_| account.lines_read);
    let sum = account.accepted.checked_add(account.refused).map(Oere::get);
    let oere = total.oere.and(sum);
    let adds_up = total.oere == oere || account.refused_unreadable > 0;
    if total.lines == lines && adds_up {
        return None;
    }
    let found = said(Total { lines, oere });
    Some(Reason::ControlTotal { expected: said(total).into(), found: found.into() })
}

/// Lines and sum with a slash between, as far as they are stated.
fn said(total: Total) -> String {
    let lines = total.lines.map(|lines| lines.to_string());
    let sum = total.oere.map(|oere| Oere::new(oere).to_string());
    masked(&lines.into_iter().chain(sum).collect::<Vec<_>>().join(" / ")).into_owned()
}

/// A count of lines, with the marks between thousands the column declares.
fn whole(cell: &[u8], column: &Column) -> Option<u32> {
    let group = match &column.cell {
        Cell::Number(form) | Cell::Integer(form) => form.group,
        Cell::Text | Cell::Date(_) => None,
    };
    let negative = Negative::default();
    let form = NumberForm { decimal: b',', group, negative, scale: 1, turned: false };
    u32::try_from(integer(cell, form)?).ok()
}

fn money(cell: &[u8], column: &Column, encoding: &'static Encoding) -> Option<i64> {
    match &column.cell {
        Cell::Number(form) => amount(cell, *form, column.wide.as_ref(), encoding),
        Cell::Text | Cell::Integer(_) | Cell::Date(_) => None,
    }
}

/// A cell as it is compared.
fn text(line: &impl Line, place: usize, encoding: &'static Encoding) -> String {
    let mut buffer = Vec::new();
    let cell = trim_in(line.cell(place, &mut buffer), encoding);
    folded(&encoding.decode_without_bom_handling(cell).0).into_owned()
}
