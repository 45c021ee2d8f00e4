//! What holds for every line of one delivery.

use crate::contract::compiled::Contract;
use crate::contract::compiled::Role;
use crate::contract::pattern::Named;
use crate::domain::blank::trim;
use crate::domain::id::AuthorityId;
use crate::domain::privacy::show;
use crate::domain::wording::Wording;
use crate::validate::guard::Guard;
use crate::validate::header::Header;
use encoding_rs::Encoding;
use std::sync::OnceLock;

/// What holds for every line of one delivery.
pub(crate) struct Setting<'a> {
    pub(crate) contract: &'a Contract,
    pub(crate) header: &'a Header,
    pub(crate) encoding: &'static Encoding,
    /// Whom the file name says the lines are of.
    pub(crate) sender: Option<AuthorityId>,
    pub(crate) guard: Guard<'a>,
    /// The headings as they may be shown, made when the first is asked for.
    headings: OnceLock<Vec<Wording>>,
    /// Whether several texts make one service.
    pub(super) joined: bool,
}

impl<'a> Setting<'a> {
    pub(crate) fn new(
        contract: &'a Contract,
        header: &'a Header,
        encoding: &'static Encoding,
        named: &'a Named,
    ) -> Setting<'a> {
        let sender = named.authority.as_deref().map(|text| contract.authority(text));
        let guard = Guard::new(contract, header, encoding);
        let named = contract.columns.iter().filter(|column| column.role == Some(Role::Service));
        let joined = usize::from(contract.service.is_some()) + named.count() > 1;
        let headings = OnceLock::new();
        Setting { contract, header, encoding, sender, guard, headings, joined }
    }

    /// The heading of a cell, as it may be shown; `None` beyond the header.
    pub(super) fn heading(&self, place: usize) -> Option<Wording> {
        let shown = |cell: &Vec<u8>| Wording::from(show(trim(cell), self.encoding).as_str());
        let headings = || self.header.cells.iter().map(shown).collect();
        self.headings.get_or_init(headings).get(place).cloned()
    }

    /// The same for lines whose numbers a spreadsheet may have written.
    pub(crate) fn in_workbook(mut self) -> Setting<'a> {
        self.guard.in_workbook = true;
        self
    }
}
