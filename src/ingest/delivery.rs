//! One delivery, from its first byte to its account.

use crate::contract::compiled::{Contract, Layout};
use crate::contract::pattern::Named;
use crate::domain::error::Error;
use crate::domain::fact::{Fact, Measure};
use crate::domain::id::AuthorityId;
use crate::domain::money::Oere;
use crate::domain::quarantine::{Fault, Quarantined, Reason};
use crate::domain::source::{Delivery, DeliveryId};
use crate::ingest::DeliveryAccount;
use crate::ingest::check::{Said, Setting};
use crate::ingest::header::{self, Header};
use crate::ingest::kernel;
use crate::ingest::scan::{Scan, scan};
use crate::ingest::split::{Piece, Split};
use crate::ingest::tally::TallyBook;
use crate::ingest::verdict::{Refusal, Verdict, judge};
use encoding_rs::Encoding;
use std::io::{self, BufReader, Read as _};

/// Bytes read ahead of the splitter.
const BUFFER: usize = 256 * 1024;

/// Most bytes of a header line: a longer one is no header.
const HEADER_MAX: u64 = 1 << 20;

/// What one delivery says.
pub(super) struct Read {
    pub(super) facts: Vec<Fact>,
    pub(super) quarantine: Vec<Quarantined>,
    pub(super) account: DeliveryAccount,
    /// Whether each line carries an amount, so that one which cannot be read is missed.
    has_amounts: bool,
}

/// Which reader reads the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// The kernel, and the plain reader for what it leaves.
    Kernel {
        /// Bytes of a range that is read by itself.
        range: u64,
    },
    /// The plain reader alone.
    Plain,
}

/// Reads one delivery against the contract that claims it.
pub(super) fn read(
    contracts: &[Contract],
    id: DeliveryId,
    delivery: &Delivery,
    way: Way,
) -> Result<Read, Error> {
    let unreadable = |source: io::Error| Error::Read {
        path: delivery.name.clone().into(),
        source,
        help: "check that the file is still there and that you may read it",
    };
    let claim = contracts
        .iter()
        .find_map(|contract| contract.claims(&delivery.name).map(|named| (contract, named)));
    if let (Some((contract, named)), Way::Kernel { range }) = (&claim, way)
        && let Some(done) = kernel::read(contract, named, delivery, range).map_err(unreadable)?
    {
        return Ok(Read::of(id, delivery, contract, named, done));
    }
    let encodings = claim
        .as_ref()
        .map_or(&[][..], |(contract, _)| contract.sender(&delivery.name).0.encodings.as_slice());
    let scan = scan(delivery.content.open().map_err(unreadable)?, encodings).map_err(unreadable)?;
    let mut read = Read {
        facts: Vec::new(),
        quarantine: Vec::new(),
        account: open(id, delivery, scan.bytes, scan.sha256.clone()),
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
    if let Err(reason) =
        lines(contract, &named, delivery, encoding, &mut read).map_err(unreadable)?
    {
        read.reject(authority, reason);
    }
    Ok(read)
}

/// An account with nothing read yet.
fn open(id: DeliveryId, delivery: &Delivery, bytes: u64, sha256: String) -> DeliveryAccount {
    DeliveryAccount {
        id,
        name: delivery.name.clone(),
        contract: None,
        version: 1,
        bytes,
        sha256,
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
    let setting = Setting::new(contract, &found, encoding, named);
    while let Some(piece) = split.next()? {
        match piece {
            Piece::Blank => read.account.lines_not_data += 1,
            _ if !headed => {
                headed = true;
                split.expect(found.width);
                read.account.lines_not_data += 1;
            }
            Piece::Unclosed => {
                read.refuse(Refusal::of_layout(split.line(), named, Reason::UnclosedQuote {}));
            }
            Piece::Record => match judge(&setting, layout, split.line(), &split, &mut book) {
                Verdict::Accepted(said) => read.accept(contract, &said, &mut book),
                Verdict::Refused(refusal) => read.refuse(refusal),
            },
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
pub(super) fn choose(
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

impl Read {
    /// What the kernel found, in the words of the account.
    fn of(
        id: DeliveryId,
        delivery: &Delivery,
        contract: &Contract,
        named: &Named,
        done: kernel::Done,
    ) -> Read {
        let mut read = Read {
            facts: done.facts(id),
            quarantine: Vec::new(),
            account: open(id, delivery, done.bytes, done.sha256),
            has_amounts: contract.measures(Measure::Amount),
        };
        read.account.contract = Some(contract.id.clone());
        read.account.version = named.version.unwrap_or(1);
        done.encoding.name().clone_into(&mut read.account.encoding);
        read.account.lines_not_data = done.lines_not_data;
        read.account.lines_accepted = done.lines_accepted;
        read.account.lines_read = done.lines_accepted;
        read.account.accepted = done.accepted;
        done.refusals.into_iter().for_each(|refusal| read.refuse(refusal));
        read
    }

    fn accept(&mut self, contract: &Contract, said: &Said, book: &mut TallyBook) {
        for (place, (key, values)) in said.facts(contract).into_iter().enumerate() {
            book.add(key, u32::from(place == 0), values);
        }
        let account = &mut self.account;
        account.lines_read += 1;
        account.lines_accepted += 1;
        account.accepted = Oere::sum([account.accepted, said.amount().unwrap_or(Oere::ZERO)]);
    }

    fn refuse(&mut self, refusal: Refusal) {
        let Refusal { line, mut faults, authority, period, amount } = refusal;
        let also = faults.split_off(1);
        let fault = faults.pop().expect("a refused line has a fault");
        let account = &mut self.account;
        account.lines_read += 1;
        account.lines_refused += 1;
        let sum = amount.and_then(|amount| account.refused.checked_add(amount));
        match sum {
            Some(sum) => account.refused = sum,
            None => account.refused_unreadable += u32::from(self.has_amounts),
        }
        let amount = amount.filter(|_| sum.is_some());
        let delivery = account.id;
        let line = Some(line);
        self.quarantine.push(Quarantined {
            delivery,
            line,
            fault,
            also,
            authority,
            period,
            amount,
        });
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
            amount: None,
        });
    }
}
