//! Control totals: what the sender says was sent, held against what was read.

use crate::contract::charset::Charset;
use crate::contract::compiled::{CellType, Column, Contract, Control, Negative, NumberForm};
use crate::contract::line_rule::NotData;
use crate::contract::pattern::Named;
use crate::domain::blank::{trim, trim_in};
use crate::domain::letters::{composed, folded};
use crate::domain::privacy::{is_plain_cpr, may_hold_cpr, show, show_list};
use crate::domain::quarantine::{Fault, Reason};
use crate::ingest::account::DeliveryResult;
use crate::ingest::statement::{Statement, Total};
use crate::source::line::LineCells;
use crate::source::split::{RecordKind, Split};
use crate::source::stray;
use crate::source::text::EncodedText;
use crate::validate::cell::number::{amount, integer};
use crate::validate::setting::Setting;
use encoding_rs::Encoding;
use std::io::{self, BufRead, BufReader};

/// The contract whose control totals stand in a file of this name, and where.
pub(crate) fn sidecar<'a>(
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
pub(crate) fn read_sidecar(
    contract: &Contract,
    control: &Control,
    own: &str,
    from: &EncodedText,
    read: &mut DeliveryResult,
) -> io::Result<Result<(), Reason>> {
    let Control::Sidecar { headings, form, .. } = control else {
        return Ok(Ok(()));
    };
    let (layout, encoding) = (from.layout, from.encoding());
    let mut headings_found = Vec::new();
    for delimiter in &layout.delimiters {
        let input = BufReader::new(from.open()?);
        let mut split = Split::of(input, *delimiter, layout);
        let mut piece = split.next()?;
        while piece == Some(RecordKind::Blank) {
            piece = split.next()?;
        }
        headings_found = (0..split.width()).map(|place| text(&split, place, encoding)).collect();
        let place =
            |heading: &String| headings_found.iter().position(|cell| *cell == folded(heading));
        if let [Some(file), Some(lines), Some(sum)] = headings.each_ref().map(place) {
            let column = &contract.columns[*form];
            let (places, charset) = ([file, lines, sum], from.charset);
            let sheet = TotalsSheet { column, places, headings, encoding, charset };
            read.count(NotData::Header);
            return sheet.read(split, own, read).map(Ok);
        }
    }
    let missing: Vec<&str> = headings
        .iter()
        .filter(|name| !headings_found.contains(&folded(name).into_owned()))
        .map(String::as_str)
        .collect();
    let headings_found =
        show_list(headings_found.iter().map(String::as_bytes), "; ", encoding_rs::UTF_8);
    Ok(Err(Reason::MissingColumn { missing: missing.join(", ").into(), found: headings_found }))
}

/// A file of control totals whose header is read.
struct TotalsSheet<'a> {
    column: &'a Column,
    places: [usize; 3],
    headings: &'a [String; 3],
    encoding: &'static Encoding,
    charset: Charset,
}

impl TotalsSheet<'_> {
    fn read<R: BufRead>(
        &self,
        mut split: Split<R>,
        name: &str,
        read: &mut DeliveryResult,
    ) -> io::Result<()> {
        let folder = name.rfind('/').map_or("", |at| &name[..=at]);
        while let Some(piece) = split.next()? {
            let stated = match piece {
                RecordKind::Blank => {
                    read.count(NotData::Blank);
                    continue;
                }
                RecordKind::Unclosed => {
                    Err(Fault { column: None, reason: Reason::UnclosedQuote {} })
                }
                RecordKind::Record => match stray::find(split.raw(), self.charset) {
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
        let fault = |index: usize, reason| Fault {
            column: Some(self.headings[index].as_str().into()),
            reason,
        };
        let mut buffer = Vec::new();
        for (index, place) in self.places.into_iter().enumerate() {
            if self.is_personal(trim(split.cell(place, &mut buffer))) {
                return Err(fault(index, Reason::PossibleCpr {}));
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
pub(crate) fn trailer(setting: &Setting, line: &impl LineCells) -> Option<Total> {
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

/// A count of lines, with the marks between thousands the column declares.
fn whole(cell: &[u8], column: &Column) -> Option<u32> {
    let group = match &column.cell {
        CellType::Number(form) | CellType::Integer(form) => form.group,
        CellType::Text | CellType::Date(_) => None,
    };
    let negative = Negative::default();
    let form = NumberForm { decimal: b',', group, negative, scale: 1, turned: false };
    u32::try_from(integer(cell, form)?).ok()
}

fn money(cell: &[u8], column: &Column, encoding: &'static Encoding) -> Option<i64> {
    match &column.cell {
        CellType::Number(form) => amount(cell, *form, column.lenient.as_ref(), encoding),
        CellType::Text | CellType::Integer(_) | CellType::Date(_) => None,
    }
}

/// A cell as it is compared.
fn text(line: &impl LineCells, place: usize, encoding: &'static Encoding) -> String {
    let mut buffer = Vec::new();
    let cell = trim_in(line.cell(place, &mut buffer), encoding);
    folded(&encoding.decode_without_bom_handling(cell).0).into_owned()
}
