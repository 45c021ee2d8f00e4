//! The guard on a line: which of its cells may hold a personal number, alone or with those beside
//! them. It is asked before anything else is, and by all that prints cells.

use crate::contract::compiled::{CellType, Column, Contract, Identifier, Resource, Role};
use crate::domain::blank::trim;
use crate::domain::id::{AuthorityId, InitiativeId, ServiceId};
use crate::domain::privacy::{
    SideBySide, is_date_of_birth, is_plain_cpr, is_plain_cpr_without_zero, is_serial, may_hold_cpr,
    may_matter,
};
use crate::source::line::LineCells;
use crate::validate::cell::date::period;
use crate::validate::cell::number;
use crate::validate::header::Header;
use crate::validate::identifier;
use encoding_rs::{Encoding, UTF_8};
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// The guard on the lines of one delivery.
pub(crate) struct Guard<'a> {
    contract: &'a Contract,
    encoding: &'static Encoding,
    /// By place: the column that stands there; `None` where the contract declares none.
    columns: Vec<Option<&'a Column>>,
    /// Whether a spreadsheet may have taken the zero in front of a number.
    pub(crate) in_workbook: bool,
}

/// What is known of a cell by where it stands.
#[derive(Clone, Copy)]
enum CellPlace<'a> {
    /// It is in this column.
    Column(&'a Column),
    /// The contract declares no column there, or it is beyond the header.
    Undeclared,
    /// The line has fewer cells than the header: its columns are not known.
    Unknown,
}

/// What the guard is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// Whether the line may be posted.
    Posting,
    /// Whether its cells may be printed.
    Printing,
}

impl<'a> Guard<'a> {
    /// The guard on lines below a header.
    pub(crate) fn new(
        contract: &'a Contract,
        header: &Header,
        encoding: &'static Encoding,
    ) -> Guard<'a> {
        let mut columns = vec![None; header.width];
        for (column, places) in contract.columns.iter().zip(&header.places) {
            for place in places {
                columns[*place] = Some(column);
            }
        }
        Guard { contract, encoding, columns, in_workbook: false }
    }

    /// The places of the cells of a line that may hold a personal number, which stops the line: one
    /// cell, or two side by side.
    pub(crate) fn stops(&self, line: &impl LineCells) -> Option<RangeInclusive<usize>> {
        let (mut buffer, mut restored) = (Vec::new(), Vec::new());
        if !(0..line.width()).any(|place| may_matter(line.cell(place, &mut buffer))) {
            return None;
        }
        let mut date = None;
        for place in 0..line.width() {
            let column = self.column(line, place);
            let cell = self.cell(line, place, (&mut buffer, &mut restored));
            let lost = || self.in_workbook && is_plain_cpr_without_zero(cell);
            let alone = may_hold_cpr(&self.decoded(cell)) || lost();
            let serial = date.is_some() && is_serial(cell);
            let begins = is_date_of_birth(cell);
            if (alone || serial || begins) && self.is_open(column, cell, Purpose::Posting) {
                if alone || serial {
                    return Some(date.filter(|_| !alone).unwrap_or(place)..=place);
                }
                date = Some(place);
            } else {
                date = None;
            }
        }
        None
    }

    /// Whether the cells of a line may hold a personal number when they are printed side by side.
    pub(crate) fn hides(&self, line: &impl LineCells) -> bool {
        let (mut buffer, mut restored) = (Vec::new(), Vec::new());
        let mut cells = SideBySide::default();
        for place in 0..line.width() {
            let column = self.column(line, place);
            let cell = self.cell(line, place, (&mut buffer, &mut restored));
            if !self.is_open(column, cell, Purpose::Printing) {
                cells.closed();
            } else if self.in_workbook && is_plain_cpr_without_zero(cell) {
                return true;
            } else {
                cells.open(&self.decoded(cell));
            }
        }
        !cells.found().is_empty()
    }

    fn column(&self, line: &impl LineCells, place: usize) -> CellPlace<'a> {
        // In a line that lacks cells nobody can tell which.
        if line.width() < self.columns.len() {
            return CellPlace::Unknown;
        }
        let column = self.columns.get(place).copied().flatten();
        column.map_or(CellPlace::Undeclared, CellPlace::Column)
    }

    /// A cell without blanks around it, with the zeros in front that a spreadsheet took.
    fn cell<'c>(
        &self,
        line: &'c impl LineCells,
        place: usize,
        (buffer, restored): (&'c mut Vec<u8>, &'c mut Vec<u8>),
    ) -> &'c [u8] {
        let cell = trim(line.cell(place, buffer));
        match self.column(line, place) {
            CellPlace::Column(column) => identifier::restore(cell, column, restored),
            CellPlace::Undeclared | CellPlace::Unknown => cell,
        }
    }

    /// Whether a part of a personal number may stand in a cell: the contract does not say that
    /// there is none, and the cell is not what its column declares.
    fn is_open(&self, place: CellPlace, cell: &[u8], purpose: Purpose) -> bool {
        let guarded = match place {
            CellPlace::Column(column) => column.guarded,
            CellPlace::Undeclared | CellPlace::Unknown => self.contract.undeclared_guarded,
        };
        guarded && !self.reads(place, cell, purpose)
    }

    /// Whether a cell is what its column declares, and so no part of a personal number.
    fn reads(&self, place: CellPlace, cell: &[u8], purpose: Purpose) -> bool {
        let column = match place {
            CellPlace::Column(column) => column,
            CellPlace::Undeclared => return false,
            CellPlace::Unknown => {
                return self.contract.columns.iter().any(|column| is_date(column, cell));
            }
        };
        // Two amounts side by side can look like a number, and are printed in full.
        let amount = purpose == Purpose::Posting && !is_plain_cpr(cell);
        match &column.cell {
            CellType::Date(_) => is_date(column, cell),
            CellType::Number(form) => {
                amount
                    && number::amount(cell, *form, column.lenient.as_ref(), self.encoding).is_some()
            }
            CellType::Integer(form) => {
                amount
                    && number::count(cell, *form, column.lenient.as_ref(), self.encoding).is_some()
            }
            CellType::Text => self.identifies(column, cell),
        }
    }

    /// Whether a cell is an identifier of the kind its column declares, or an id of its register.
    fn identifies(&self, column: &Column, cell: &[u8]) -> bool {
        if let Some(kind) = column.identifier {
            let digits = kind != Identifier::Document || cell.iter().all(u8::is_ascii_digit);
            return digits && identifier::fits(kind, cell);
        }
        let terms = &self.contract.terms;
        let text = self.encoding.decode_without_bom_handling(cell).0;
        let alone = |role: Role| {
            self.contract.columns.iter().filter(|other| other.role == Some(role)).count() == 1
        };
        let register = column.register.or(match column.role {
            Some(Role::Authority) => Some(Resource::Authorities),
            Some(Role::Service) if alone(Role::Service) => Some(Resource::Services),
            Some(Role::Initiative) => Some(Resource::Initiatives),
            _ => None,
        });
        match register {
            None => false,
            Some(Resource::Authorities) => {
                let known = terms.authorities.as_ref();
                known.is_some_and(|known| known.contains_key(&AuthorityId::new(&text)))
            }
            Some(Resource::Services) => {
                let known = terms.services.as_ref();
                known.is_some_and(|known| known.contains_key(&ServiceId::new(&text)))
            }
            Some(Resource::Initiatives) => {
                let known = terms.initiatives.as_ref();
                known.is_some_and(|known| known.contains(&InitiativeId::new(&text)))
            }
        }
    }

    /// The cell as bytes in which a character is itself or a single byte.
    fn decoded<'c>(&self, cell: &'c [u8]) -> Cow<'c, [u8]> {
        if self.encoding == UTF_8 || self.encoding.is_single_byte() || cell.is_ascii() {
            return Cow::Borrowed(cell);
        }
        Cow::Owned(self.encoding.decode_without_bom_handling(cell).0.into_owned().into_bytes())
    }
}

fn is_date(column: &Column, cell: &[u8]) -> bool {
    matches!(&column.cell, CellType::Date(forms) if period(cell, forms).is_some())
}
