//! The guard on a line: which of its cells may hold a personal number, alone or with those beside
//! them. It is asked before anything else is, and by all that prints cells.

use crate::contract::compiled::{Cell, Column, Contract, Identifier, Resource, Role};
use crate::domain::id::{AuthorityId, InitiativeId, ServiceId};
use crate::ingest::cell::date::period;
use crate::ingest::cell::number::{amount, count};
use crate::ingest::cell::trim;
use crate::ingest::header::Header;
use crate::ingest::identifier;
use crate::ingest::line::Line;
use crate::ingest::privacy::{Search, is_plain_cpr, is_plain_cpr_without_zero};
use encoding_rs::{Encoding, UTF_8};
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// The guard on the lines of one delivery.
pub(super) struct Guard<'a> {
    contract: &'a Contract,
    encoding: &'static Encoding,
    /// By place: the column that stands there; `None` where the contract declares none.
    columns: Vec<Option<&'a Column>>,
    /// Whether a spreadsheet may have taken the zero in front of a number.
    pub(super) in_workbook: bool,
}

/// What a line is looked at for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    /// Whatever could be a number, however its column reads it.
    Quick,
    /// Whether the line may be posted: numbers and dates that read as such are no part of one.
    Posted,
    /// Whether its cells may be printed side by side: amounts beside each other can look like one.
    Printed,
}

impl<'a> Guard<'a> {
    /// The guard on lines below a header.
    pub(super) fn new(
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

    /// The places of the cells of a line that may hold a personal number, which stops the line.
    pub(super) fn stops(&self, line: &impl Line) -> Option<RangeInclusive<usize>> {
        self.look(line, Look::Quick)?;
        self.look(line, Look::Posted)
    }

    /// Whether the cells of a line may hold a personal number when they are printed.
    pub(super) fn hides(&self, line: &impl Line) -> bool {
        self.look(line, Look::Printed).is_some()
    }

    fn look(&self, line: &impl Line, look: Look) -> Option<RangeInclusive<usize>> {
        // A line of another width has its cells in other places.
        let fits = line.width() == self.columns.len();
        let mut search = Search::default();
        let (mut buffer, mut restored) = (Vec::new(), Vec::new());
        for place in 0..line.width() {
            let column = self.columns.get(place).copied().flatten();
            let cell = trim(line.cell(place, &mut buffer));
            let cell =
                column.map_or(cell, |column| identifier::restore(cell, column, &mut restored));
            if self.is_exempt(column)
                || (look != Look::Quick && self.reads(column, cell, look, fits))
            {
                search.end();
            } else {
                if self.in_workbook && is_plain_cpr_without_zero(cell) {
                    return Some(place..=place);
                }
                search.text(&self.decoded(cell), |_| place);
            }
            search.border();
            if let Some(form) = search.dated() {
                let last = form.places.last().copied();
                return Some(form.places[0]..=last.unwrap_or(form.places[0]));
            }
        }
        search.end();
        let form = search.dated()?;
        Some(form.places[0]..=*form.places.last()?)
    }

    /// Whether the contract says that cells hold no personal data.
    fn is_exempt(&self, column: Option<&Column>) -> bool {
        !column.map_or(self.contract.undeclared_guarded, |column| column.guarded)
    }

    /// Whether a cell is what its column declares, and so no part of a personal number.
    fn reads(&self, column: Option<&Column>, cell: &[u8], look: Look, fits: bool) -> bool {
        if !fits {
            let dates = self.contract.columns.iter().map(|column| &column.cell);
            return dates.into_iter().any(|kind| is_date(kind, cell));
        }
        let Some(column) = column else {
            return false;
        };
        let missing = column.missing.iter().any(|missing| missing.as_bytes() == cell);
        match &column.cell {
            Cell::Date(_) | Cell::Number(_) | Cell::Integer(_) if missing => true,
            Cell::Date(_) => is_date(&column.cell, cell),
            Cell::Number(form) => {
                look == Look::Posted
                    && !is_plain_cpr(cell)
                    && amount(cell, *form, column.wide.as_ref(), self.encoding).is_some()
            }
            Cell::Integer(form) => {
                look == Look::Posted
                    && !is_plain_cpr(cell)
                    && count(cell, *form, column.wide.as_ref(), self.encoding).is_some()
            }
            Cell::Text => self.identifies(column, cell),
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

fn is_date(kind: &Cell, cell: &[u8]) -> bool {
    matches!(kind, Cell::Date(forms) if period(cell, forms).is_some())
}
