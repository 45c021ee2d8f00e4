//! One delivery, from its first byte to its account.

use crate::contract::compiled::{Contract, Layout};
use crate::contract::pattern::Named;
use crate::contract::schema::SurplusCells;
use crate::domain::error::Error;
use crate::domain::fact::{Fact, Measure};
use crate::domain::id::AuthorityId;
use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::quarantine::{Fault, Quarantined, Reason, Shown};
use crate::domain::source::{Delivery, DeliveryId};
use crate::ingest::DeliveryAccount;
use crate::ingest::check::{Said, Setting, check};
use crate::ingest::control::{self, Statement, Total};
use crate::ingest::header::{self, Header};
use crate::ingest::scan::{Scan, scan};
use crate::ingest::split::{Piece, Split};
use crate::ingest::tally::TallyBook;
use encoding_rs::Encoding;
use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read as _};

/// Bytes read ahead of the splitter.
const BUFFER: usize = 256 * 1024;

/// Most bytes of a header line: a longer one is no header.
const HEADER_MAX: u64 = 1 << 20;

/// What one delivery says.
pub(super) struct Read {
    pub(super) facts: Vec<Fact>,
    pub(super) quarantine: Vec<Quarantined>,
    pub(super) account: DeliveryAccount,
    /// What a row of totals in the delivery states.
    pub(super) trailer: Option<Total>,
    /// What a file of control totals states of other deliveries.
    pub(super) stated: Vec<Statement>,
    /// Whether this is a file of control totals, which holds no data.
    pub(super) sidecar: bool,
    /// Whether each line carries an amount, so that one which cannot be read is missed.
    has_amounts: bool,
}

/// Reads one delivery against the contract that claims it.
pub(super) fn read(
    contracts: &[Contract],
    id: DeliveryId,
    delivery: &Delivery,
) -> Result<Read, Error> {
    let unreadable = |source: io::Error| Error::Read {
        path: delivery.name.clone().into(),
        source,
        help: "check that the file is still there and that you may read it",
    };
    let sidecar = control::sidecar(contracts, &delivery.name);
    let claim =
        sidecar.as_ref().map(|(contract, _, named)| (*contract, named.clone())).or_else(|| {
            contracts
                .iter()
                .find_map(|contract| contract.claims(&delivery.name).map(|named| (contract, named)))
        });
    let encodings = claim
        .as_ref()
        .map_or(&[][..], |(contract, _)| contract.sender(&delivery.name).0.encodings.as_slice());
    let scan = scan(delivery.content.open().map_err(unreadable)?, encodings).map_err(unreadable)?;
    let mut read = Read {
        facts: Vec::new(),
        quarantine: Vec::new(),
        account: open(id, delivery, &scan),
        trailer: None,
        stated: Vec::new(),
        sidecar: sidecar.is_some(),
        has_amounts: claim.as_ref().is_some_and(|(contract, _)| contract.measures(Measure::Amount)),
    };
    let Some((contract, named)) = claim else {
        read.reject(None, Reason::NoContract {});
        return Ok(read);
    };
    read.account.contract = Some(contract.id.clone());
    read.account.version = named.version.unwrap_or(1);
    let authority = named.authority.as_deref().map(AuthorityId::new);
    let encoding = match whole_file(&scan, encodings) {
        Ok(encoding) => encoding,
        Err(reason) => {
            read.reject(authority, reason);
            return Ok(read);
        }
    };
    encoding.name().clone_into(&mut read.account.encoding);
    let outcome = match sidecar {
        Some((_, control, _)) => {
            control::read_sidecar(contract, control, delivery, encoding, &mut read)
        }
        None => lines(contract, &named, delivery, encoding, &mut read),
    };
    if let Err(reason) = outcome.map_err(unreadable)? {
        read.reject(authority, reason);
    }
    Ok(read)
}

/// An account with nothing read yet.
fn open(id: DeliveryId, delivery: &Delivery, scan: &Scan) -> DeliveryAccount {
    DeliveryAccount {
        id,
        name: delivery.name.clone(),
        contract: None,
        version: 1,
        bytes: scan.bytes,
        sha256: scan.sha256.clone(),
        encoding: String::new(),
        lines_read: 0,
        lines_accepted: 0,
        lines_refused: 0,
        lines_not_data: 0,
        accepted: Oere::ZERO,
        refused: Oere::ZERO,
        refused_unreadable: 0,
        rejected: false,
    }
}

/// What the first pass says of the file as a whole.
fn whole_file(scan: &Scan, declared: &[&'static Encoding]) -> Result<&'static Encoding, Reason> {
    if scan.bytes == 0 {
        return Err(Reason::EmptyFile {});
    }
    if let Some(found) = scan.foreign {
        return Err(Reason::NotATable { found: found.to_owned() });
    }
    scan.encoding.map_err(|line| {
        let names: Vec<_> = declared.iter().map(|encoding| encoding.name()).collect();
        Reason::WrongEncoding { declared: names.join(", "), line }
    })
}

/// Reads the lines into facts and quarantine; the inner error refuses the delivery whole.
fn lines(
    contract: &Contract,
    named: &Named,
    delivery: &Delivery,
    encoding: &'static Encoding,
    read: &mut Read,
) -> io::Result<Result<(), Reason>> {
    let (layout, _) = contract.sender(&delivery.name);
    let (delimiter, found) = match choose(contract, delivery, layout, encoding)? {
        Ok(chosen) => chosen,
        Err(reason) => return Ok(Err(reason)),
    };
    let input = BufReader::with_capacity(BUFFER, delivery.content.open()?);
    let mut split = Split::new(input, delimiter, layout.quote, layout.max_lines);
    let mut headed = false;
    let mut book = TallyBook::default();
    let stands: Vec<usize> = found.places.iter().flatten().copied().collect();
    let spare = (0..found.width).filter(|place| !stands.contains(place)).collect();
    let contract = found.in_force(contract);
    let setting = Setting { contract: &contract, header: &found, encoding, named, spare };
    while let Some(piece) = split.next()? {
        match piece {
            Piece::Blank => read.account.lines_not_data += 1,
            _ if !headed => {
                headed = true;
                split.expect(found.width);
                read.account.lines_not_data += 1;
            }
            Piece::Unclosed => read.refuse_layout(&split, named, Reason::UnclosedQuote {}),
            Piece::Record => record(&setting, layout, &split, &mut book, read),
        }
    }
    read.facts = book.facts(read.account.id);
    if read.account.lines_read == 0 {
        return Ok(Err(Reason::HeaderOnly {}));
    }
    Ok(Ok(()))
}

/// The declared delimiter under which the header is the contract's, and the header read with it.
/// Where none is, the reason is the one of the delimiter that found the most cells.
fn choose(
    contract: &Contract,
    delivery: &Delivery,
    layout: &Layout,
    encoding: &'static Encoding,
) -> io::Result<Result<(u8, Header), Reason>> {
    let sender = contract.sender(&delivery.name).1;
    let mut best: Option<(usize, Reason)> = None;
    for delimiter in &layout.delimiters {
        let input = BufReader::new(delivery.content.open()?.take(HEADER_MAX));
        let mut split = Split::new(input, *delimiter, layout.quote, layout.max_lines);
        let mut piece = split.next()?;
        while piece == Some(Piece::Blank) {
            piece = split.next()?;
        }
        if piece.is_none() {
            return Ok(Err(Reason::EmptyFile {}));
        }
        let mut buffer = Vec::new();
        let cells: Vec<Vec<u8>> =
            (0..split.width()).map(|place| split.cell(place, &mut buffer).to_vec()).collect();
        match header::read(contract, sender, &cells, encoding) {
            Ok(header) => return Ok(Ok((*delimiter, header))),
            Err(reason) => {
                if best.as_ref().is_none_or(|(width, _)| *width < cells.len()) {
                    best = Some((cells.len(), reason));
                }
            }
        }
    }
    Ok(Err(best.expect("a layout has a delimiter").1))
}

/// Holds one record against the contract, and posts or refuses it.
fn record<R: BufRead>(
    setting: &Setting,
    layout: &Layout,
    split: &Split<R>,
    book: &mut TallyBook,
    read: &mut Read,
) {
    if !setting.contract.controls.is_empty()
        && read.trailer.is_none()
        && let Some(total) = control::trailer(setting, split)
    {
        read.trailer = Some(total);
        read.account.lines_not_data += 1;
        return;
    }
    let width = setting.header.width;
    let surplus = split.width() > width && layout.surplus == SurplusCells::Ignore;
    if split.width() != width && !surplus {
        let count = |cells: usize| u32::try_from(cells).unwrap_or(u32::MAX);
        let reason = Reason::CellCount { found: count(split.width()), expected: count(width) };
        return read.refuse_layout(split, setting.named, reason);
    }
    let mut said = check(setting, split);
    if said.faults.is_empty() && !setting.contract.key.is_empty() {
        let key = std::mem::take(&mut said.key);
        if let Some(first) = book.repeated(&key, split.line()) {
            let reason = Reason::DuplicateKey { first };
            said.faults.push((usize::MAX, Fault { column: None, reason }));
        }
    }
    if said.faults.is_empty() && !book.bears(&said.values) {
        let found = Shown(said.amount().map_or_else(String::new, |amount| amount.to_string()));
        let expected = "a delivery's sum below 92,233 trillion".to_owned();
        let reason = Reason::OutOfRange { found, expected };
        said.faults.push((usize::MAX, Fault { column: None, reason }));
    }
    let faults = said.sorted_faults();
    if faults.is_empty() {
        read.accept(setting.contract, &said, book);
    } else {
        read.refuse(split.line(), &said, faults);
    }
}

impl Read {
    fn accept(&mut self, contract: &Contract, said: &Said, book: &mut TallyBook) {
        for (place, (key, values)) in said.facts(contract).into_iter().enumerate() {
            book.add(key, u32::from(place == 0), values);
        }
        let account = &mut self.account;
        account.lines_read += 1;
        account.lines_accepted += 1;
        account.accepted = Oere::sum([account.accepted, said.amount().unwrap_or(Oere::ZERO)]);
    }

    fn refuse(&mut self, line: u32, said: &Said, mut faults: Vec<Fault>) {
        let also = faults.split_off(1);
        let fault = faults.pop().expect("a refused line has a fault");
        let account = &mut self.account;
        account.lines_read += 1;
        account.lines_refused += 1;
        let amount = if self.has_amounts {
            let read = said.amount();
            Known::from_option(read.filter(|read| account.refused.checked_add(*read).is_some()))
        } else {
            Known::NotApplicable
        };
        match amount {
            Known::Value(amount) => account.refused = Oere::sum([account.refused, amount]),
            Known::Missing => account.refused_unreadable += 1,
            Known::Suppressed | Known::NotApplicable => {}
        }
        self.quarantine.push(Quarantined {
            delivery: account.id,
            line: Some(line),
            fault,
            also,
            authority: said.authority.clone(),
            period: said.period,
            amount,
        });
    }

    /// Refuses a line whose cells cannot be told apart.
    fn refuse_layout<R>(&mut self, split: &Split<R>, named: &Named, reason: Reason)
    where
        R: BufRead,
    {
        let said =
            Said { authority: named.authority.as_deref().map(AuthorityId::new), ..Said::default() };
        self.refuse(split.line(), &said, vec![Fault { column: None, reason }]);
    }

    /// Refuses the delivery whole after its lines were read: every line of it is refused.
    pub(super) fn hold_back(&mut self, reason: Reason) {
        let authorities: BTreeSet<_> =
            self.facts.drain(..).map(|fact| fact.key.authority).collect();
        let only = authorities.len() == 1;
        let authority = authorities.into_iter().next().filter(|_| only);
        self.reject(authority, reason);
        if let Some(whole) = self.quarantine.last_mut().filter(|_| self.has_amounts) {
            whole.amount = Known::Value(self.account.accepted);
        }
        self.quarantine.rotate_right(1);
        let account = &mut self.account;
        account.lines_refused = account.lines_read;
        account.lines_accepted = 0;
        // Past i64 the ledger stops the run, for the amounts stand in the quarantine too.
        account.refused = account.refused.checked_add(account.accepted).unwrap_or(account.refused);
        account.accepted = Oere::ZERO;
    }

    /// Refuses the delivery whole.
    fn reject(&mut self, authority: Option<AuthorityId>, reason: Reason) {
        self.account.rejected = true;
        self.quarantine.push(Quarantined {
            delivery: self.account.id,
            line: None,
            fault: Fault { column: None, reason },
            also: Vec::new(),
            authority,
            period: None,
            amount: if self.has_amounts { Known::Missing } else { Known::NotApplicable },
        });
    }
}
