//! One delivery, from its first byte to its account.

use crate::contract::charset::Charset;
use crate::contract::compiled::{Contract, Layout};
use crate::contract::not_data::NotData;
use crate::contract::pattern::Named;
use crate::contract::schema::SurplusCells;
use crate::domain::error::Error;
use crate::domain::fact::{Fact, Measure};
use crate::domain::id::AuthorityId;
use crate::domain::money::Oere;
use crate::domain::quarantine::{Fault, Quarantined, Reason, Shown};
use crate::domain::source::{Delivery, DeliveryId};
use crate::ingest::DeliveryAccount;
use crate::ingest::check::{Said, Setting, check};
use crate::ingest::find::find;
use crate::ingest::not_data::Rules;
use crate::ingest::scan::{Scan, scan};
use crate::ingest::split::{Piece, Split, is_blank};
use crate::ingest::tally::TallyBook;
use crate::ingest::text::Text;
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader};

/// Bytes read ahead of the splitter.
const BUFFER: usize = 256 * 1024;

/// What one delivery says.
pub(super) struct Read {
    pub(super) facts: Vec<Fact>,
    pub(super) quarantine: Vec<Quarantined>,
    pub(super) account: DeliveryAccount,
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
    let claim = contracts
        .iter()
        .find_map(|contract| contract.claims(&delivery.name).map(|named| (contract, named)));
    let encodings = claim
        .as_ref()
        .map_or(&[][..], |(contract, _)| contract.sender(&delivery.name).0.encodings.as_slice());
    let scan = scan(delivery.content.open().map_err(unreadable)?, encodings).map_err(unreadable)?;
    let mut read = Read {
        facts: Vec::new(),
        quarantine: Vec::new(),
        account: open(id, delivery, &scan),
        has_amounts: claim.as_ref().is_some_and(|(contract, _)| contract.measures(Measure::Amount)),
    };
    let Some((contract, named)) = claim else {
        read.reject(None, Reason::NoContract {});
        return Ok(read);
    };
    read.account.contract = Some(contract.id.clone());
    read.account.version = named.version.unwrap_or(1);
    let authority = named.authority.as_deref().map(AuthorityId::new);
    let charset = match whole_file(&scan, encodings) {
        Ok(charset) => charset,
        Err(reason) => {
            read.reject(authority, reason);
            return Ok(read);
        }
    };
    charset.name().clone_into(&mut read.account.encoding);
    let layout = contract.sender(&delivery.name).0;
    let text = Text { content: &*delivery.content, charset, layout };
    if let Err(reason) =
        lines(contract, &named, &delivery.name, &text, &mut read).map_err(unreadable)?
    {
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
        not_data: BTreeMap::new(),
        accepted: Oere::ZERO,
        refused: Oere::ZERO,
        refused_unreadable: 0,
        rejected: false,
    }
}

/// What the first pass says of the file as a whole.
fn whole_file(scan: &Scan, declared: &[Charset]) -> Result<Charset, Reason> {
    if scan.bytes == 0 {
        return Err(Reason::EmptyFile {});
    }
    if let Some(found) = scan.foreign {
        return Err(Reason::NotATable { found: found.to_owned() });
    }
    scan.encoding.clone().map_err(|evidence| {
        let names: Vec<_> = declared.iter().map(|charset| charset.name()).collect();
        let (declared, line) = (names.join(", "), evidence.line);
        Reason::WrongEncoding { declared, line, found: evidence.found }
    })
}

/// Reads the lines into facts and quarantine; the inner error refuses the delivery whole.
fn lines(
    contract: &Contract,
    named: &Named,
    name: &str,
    text: &Text,
    read: &mut Read,
) -> io::Result<Result<(), Reason>> {
    let layout = text.layout;
    let (delimiter, found) = match find(contract, contract.sender(name).1, text)? {
        Ok(found) => found,
        Err(reason) => return Ok(Err(reason)),
    };
    let input = BufReader::with_capacity(BUFFER, text.open()?);
    let mut split = Split::new(input, delimiter, layout.quote, layout.max_lines);
    for _ in 1..found.line {
        let blank = split.skip_line()?.unwrap_or(true);
        read.count(if blank { NotData::Blank } else { NotData::Preamble });
    }
    let rules = Rules::new(contract, &found, text.encoding());
    let mut headed = false;
    let mut book = TallyBook::default();
    let stands: Vec<usize> = found.places.iter().flatten().copied().collect();
    let spare = (0..found.width).filter(|place| !stands.contains(place)).collect();
    let encoding = text.encoding();
    let setting = Setting { contract, header: &found, encoding, named, spare };
    while let Some(piece) = split.next()? {
        match piece {
            Piece::Blank => read.count(NotData::Blank),
            _ if !headed => {
                headed = true;
                split.expect(found.width);
                read.count(NotData::Header);
            }
            _ if is_comment(layout, &split) => read.count(NotData::Comment),
            Piece::Unclosed => read.refuse_layout(&split, named, Reason::UnclosedQuote {}),
            Piece::Record => match rules.verdict(&split) {
                Some(what) => read.count(what),
                None => record(&setting, layout, &split, &mut book, read),
            },
        }
    }
    read.facts = book.facts(read.account.id);
    if read.account.lines_read == 0 {
        return Ok(Err(Reason::HeaderOnly {}));
    }
    Ok(Ok(()))
}

/// Whether the last piece is a comment, by its first character or by its number.
fn is_comment<R: BufRead>(layout: &Layout, split: &Split<R>) -> bool {
    layout.comment.is_some_and(|mark| split.begins_with(mark))
        || layout.comment_rows.contains(&split.line())
}

/// Whether the cells beyond the header may be read over.
fn may_pass<R: BufRead>(layout: &Layout, split: &Split<R>, width: usize) -> bool {
    let mut buffer = Vec::new();
    match layout.surplus {
        SurplusCells::Refuse => false,
        SurplusCells::Ignore => true,
        SurplusCells::IgnoreEmpty => {
            (width..split.width()).all(|place| is_blank(split.cell(place, &mut buffer)))
        }
    }
}

/// Holds one record against the contract, and posts or refuses it.
fn record<R: BufRead>(
    setting: &Setting,
    layout: &Layout,
    split: &Split<R>,
    book: &mut TallyBook,
    read: &mut Read,
) {
    let width = setting.header.width;
    let surplus = split.width() > width && may_pass(layout, split, width);
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
    fn count(&mut self, what: NotData) {
        self.account.lines_not_data += 1;
        *self.account.not_data.entry(what).or_default() += 1;
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

    fn refuse(&mut self, line: u32, said: &Said, mut faults: Vec<Fault>) {
        let also = faults.split_off(1);
        let fault = faults.pop().expect("a refused line has a fault");
        let account = &mut self.account;
        account.lines_read += 1;
        account.lines_refused += 1;
        let amount = said.amount();
        let sum = amount.and_then(|amount| account.refused.checked_add(amount));
        match sum {
            Some(sum) => account.refused = sum,
            None => account.refused_unreadable += u32::from(self.has_amounts),
        }
        let amount = amount.filter(|_| sum.is_some());
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
