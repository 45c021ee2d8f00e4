//! One delivery, from its first byte to its account.

use crate::contract::charset::Charset;
use crate::contract::compiled::{Contract, Control, Layout};
use crate::contract::not_data::NotData;
use crate::contract::pattern::Named;
use crate::domain::error::Error;
use crate::domain::fact::{Fact, Measure};
use crate::domain::id::AuthorityId;
use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::quarantine::{Fault, Quarantined, Reason};
use crate::domain::source::{Content, Delivery, DeliveryId};
use crate::ingest::DeliveryAccount;
use crate::ingest::archive::Handed;
use crate::ingest::check::{Said, Setting};
use crate::ingest::container::{Packing, Unpacked};
use crate::ingest::control::{self, Statement, Total};
use crate::ingest::find::find;
use crate::ingest::kernel;
use crate::ingest::not_data::Rules;
use crate::ingest::scan::{Scan, scan};
use crate::ingest::sheet::DELIMITER;
use crate::ingest::split::{Piece, Split};
use crate::ingest::tally::TallyBook;
use crate::ingest::text::Text;
use crate::ingest::verdict::{Refusal, Verdict, judge};
use crate::ingest::workbook;
use encoding_rs::UTF_8;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, BufReader};
use std::sync::Arc;

/// Bytes read ahead of the splitter.
const BUFFER: usize = 256 * 1024;

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
    handed: &Handed,
    way: Way,
) -> Result<Read, Error> {
    let delivery = handed.delivery();
    let unreadable = |source| unreadable(delivery, source);
    let sidecar = control::sidecar(contracts, &delivery.name);
    let claim =
        sidecar.as_ref().map(|(contract, _, named)| (*contract, named.clone())).or_else(|| {
            contracts
                .iter()
                .find_map(|contract| contract.claims(&delivery.name).map(|named| (contract, named)))
        });
    let plain =
        sidecar.is_some() || handed.refused.is_some() || Packing::of(&delivery.name).is_some();
    if let (Some((contract, named)), Way::Kernel { range }, false) = (&claim, way, plain)
        && let Some(done) = kernel::read(contract, named, delivery, range).map_err(unreadable)?
    {
        return Ok(Read::of(id, delivery, contract, named, done));
    }
    let encodings = claim
        .as_ref()
        .filter(|_| Packing::of(&delivery.name).is_none())
        .map_or(&[][..], |(contract, _)| contract.sender(&delivery.name).0.encodings.as_slice());
    let scan = scan(delivery.content.open().map_err(unreadable)?, encodings).map_err(unreadable)?;
    let mut read = Read {
        facts: Vec::new(),
        quarantine: Vec::new(),
        account: open(id, delivery, scan.bytes, scan.blake3.clone()),
        trailer: None,
        stated: Vec::new(),
        sidecar: sidecar.is_some(),
        has_amounts: claim.as_ref().is_some_and(|(contract, _)| contract.measures(Measure::Amount)),
    };
    if let Some(reason) = &handed.refused {
        read.reject(None, reason.clone());
        return Ok(read);
    }
    let Some((contract, named)) = claim else {
        read.reject(None, Reason::NoContract {});
        return Ok(read);
    };
    read.account.contract = Some(contract.id.clone());
    read.account.version = named.version.unwrap_or(1);
    let authority = named.authority.as_deref().map(AuthorityId::new);
    let sidecar = sidecar.map(|(_, control, _)| control);
    let claimed = Claimed { contract, named: &named, delivery, sidecar };
    if let Err(reason) = body(&claimed, &scan, &mut read).map_err(unreadable)? {
        read.reject(authority, reason);
    }
    Ok(read)
}

/// The error of a delivery whose bytes cannot be read.
pub(super) fn unreadable(delivery: &Delivery, source: io::Error) -> Error {
    let help = "check that the file is still there and that you may read it";
    Error::reading(delivery.name.clone().into(), source, help)
}

/// A delivery and the contract that claims it.
struct Claimed<'a> {
    contract: &'a Contract,
    named: &'a Named,
    delivery: &'a Delivery,
    /// Set when the delivery is a file of control totals.
    sidecar: Option<&'a Control>,
}

/// Reads what is in a delivery, unpacked where its name says it is packed; the inner error refuses
/// it whole.
fn body(claimed: &Claimed, outer: &Scan, read: &mut Read) -> io::Result<Result<(), Reason>> {
    let delivery = claimed.delivery;
    if outer.bytes == 0 {
        return Ok(Err(Reason::EmptyFile {}));
    }
    let Some(packing) = Packing::of(&delivery.name) else {
        return text(claimed, &*delivery.content, outer, read);
    };
    let unpacked = match packing {
        Packing::Gzip | Packing::Zstd => {
            let content = Unpacked { packed: &*delivery.content, packing };
            let encodings = &claimed.contract.sender(&delivery.name).0.encodings;
            content
                .open()
                .and_then(|input| scan(input, encodings))
                .and_then(|inner| text(claimed, &content, &inner, read))
        }
        Packing::Xlsx | Packing::Ods => sheet(claimed, packing, read),
        Packing::Zip => Ok(Err(Reason::NotATable { found: packing.word().to_owned() })),
    };
    match unpacked {
        Ok(said) => Ok(said),
        Err(error) => packing.reason(&error).map_or(Err(error), |reason| Ok(Err(reason))),
    }
}

/// Reads content that is text in one of the declared encodings.
fn text(
    claimed: &Claimed,
    content: &dyn Content,
    scan: &Scan,
    read: &mut Read,
) -> io::Result<Result<(), Reason>> {
    let layout = claimed.contract.sender(&claimed.delivery.name).0;
    let charset = match whole_file(scan, &layout.encodings) {
        Ok(charset) => charset,
        Err(reason) => return Ok(Err(reason)),
    };
    charset.name().clone_into(&mut read.account.encoding);
    let text = Text { content, charset, layout };
    match claimed.sidecar {
        Some(control) => {
            control::read_sidecar(claimed.contract, control, &claimed.delivery.name, &text, read)
        }
        None => lines(claimed, &text, read),
    }
}

/// Reads a sheet of a workbook: once to find the header, then with each column's own forms.
fn sheet(claimed: &Claimed, packing: Packing, read: &mut Read) -> io::Result<Result<(), Reason>> {
    let contract = claimed.contract;
    let (layout, sender) = contract.sender(&claimed.delivery.name);
    packing.word().clone_into(&mut read.account.encoding);
    let sheet = match workbook::sheet(&*claimed.delivery.content, packing, &layout.sheet)? {
        Ok(sheet) => sheet,
        Err(reason) => return Ok(Err(reason)),
    };
    let layout =
        Layout { delimiters: vec![DELIMITER], quote: None, max_lines: 1, ..layout.clone() };
    let charset = Charset::Web(UTF_8);
    let content: Arc<[u8]> = Arc::from(sheet.lines(0, &BTreeMap::new())?);
    let header =
        match find(contract, sender, &Text { content: &content, charset, layout: &layout })? {
            Ok((_, header)) => header,
            Err(reason) => return Ok(Err(reason)),
        };
    let columns = contract.columns.iter().zip(&header.places);
    let columns = columns
        .flat_map(|(column, places)| places.iter().map(move |place| (*place, column)))
        .collect();
    let content: Arc<[u8]> = Arc::from(sheet.lines(header.width, &columns)?);
    lines(claimed, &Text { content: &content, charset, layout: &layout }, read)
}

/// An account with nothing read yet.
fn open(id: DeliveryId, delivery: &Delivery, bytes: u64, blake3: String) -> DeliveryAccount {
    DeliveryAccount {
        id,
        name: delivery.name.clone(),
        contract: None,
        version: 1,
        bytes,
        blake3,
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
fn lines(claimed: &Claimed, text: &Text, read: &mut Read) -> io::Result<Result<(), Reason>> {
    let Claimed { contract, named, delivery, .. } = *claimed;
    let layout = text.layout;
    let (delimiter, found) = match find(contract, contract.sender(&delivery.name).1, text)? {
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
    let contract = found.in_force(contract);
    let setting = Setting::new(&contract, &found, text.encoding(), named);
    while let Some(piece) = split.next()? {
        match piece {
            Piece::Blank => read.count(NotData::Blank),
            _ if !headed => {
                headed = true;
                split.expect(found.width);
                read.count(NotData::Header);
            }
            _ if is_comment(layout, &split) => read.count(NotData::Comment),
            Piece::Unclosed => {
                read.refuse(Refusal::of_layout(split.line(), named, Reason::UnclosedQuote {}));
            }
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
        return read.count(NotData::Total);
    }
    match judge(setting, layout, split.line(), split, book) {
        Verdict::Accepted(said) => read.accept(setting.contract, &said, book),
        Verdict::Refused(refusal) => read.refuse(refusal),
    }
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
            account: open(id, delivery, done.bytes, done.blake3),
            trailer: None,
            stated: Vec::new(),
            sidecar: false,
            has_amounts: contract.measures(Measure::Amount),
        };
        let account = &mut read.account;
        account.contract = Some(contract.id.clone());
        account.version = named.version.unwrap_or(1);
        done.encoding.name().clone_into(&mut account.encoding);
        account.lines_not_data = done.blank + 1;
        account.not_data = BTreeMap::from([(NotData::Header, 1)]);
        if done.blank > 0 {
            account.not_data.insert(NotData::Blank, done.blank);
        }
        account.lines_accepted = done.lines_accepted;
        account.lines_read = done.lines_accepted;
        account.accepted = done.accepted;
        done.refusals.into_iter().for_each(|refusal| read.refuse(refusal));
        read
    }

    /// Takes a line off those that are no data: it is refused after all.
    pub(super) fn count_off(&mut self, what: NotData) {
        self.account.lines_not_data -= 1;
        if let Some(count) = self.account.not_data.get_mut(&what) {
            *count -= 1;
        }
    }

    /// Counts a line that is no data.
    pub(super) fn count(&mut self, what: NotData) {
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

    fn refuse(&mut self, refusal: Refusal) {
        let Refusal { line, mut faults, authority, period, amount } = refusal;
        let also = faults.split_off(1);
        let fault = faults.pop().expect("a refused line has a fault");
        let account = &mut self.account;
        account.lines_read += 1;
        account.lines_refused += 1;
        let amount = if self.has_amounts {
            Known::from_option(amount.filter(|read| account.refused.checked_add(*read).is_some()))
        } else {
            Known::NotApplicable
        };
        match amount {
            Known::Value(amount) => account.refused = Oere::sum([account.refused, amount]),
            Known::Missing => account.refused_unreadable += 1,
            Known::Suppressed | Known::NotApplicable => {}
        }
        let (delivery, line) = (account.id, Some(line));
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
