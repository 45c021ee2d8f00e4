//! One delivery, from its first byte to its account.

use crate::contract::charset::Charset;
use crate::contract::compiled::{Contract, Control, Layout};
use crate::contract::line_rule::NotData;
use crate::contract::pattern::Named;
use crate::contract::schema::Holds;
use crate::domain::delivery::DeliveryId;
use crate::domain::error::Error;
use crate::domain::id::AuthorityId;
use crate::domain::measure::Measure;
use crate::domain::money::Oere;
use crate::domain::packing::Packing;
use crate::domain::privacy::is_masked_in;
use crate::domain::quarantine::Reason;
use crate::ingest::account::DeliveryResult;
use crate::ingest::other_sheets;
use crate::ingest::pack::{self, is_pack};
use crate::ingest::repeated;
use crate::ingest::seen_line::SeenLine;
use crate::ingest::stated;
use crate::kernel;
use crate::source::bounds::Bound;
use crate::source::container::Unpacked;
use crate::source::content::{Content, Delivery};
use crate::source::input::Input;
use crate::source::misnamed::misnamed;
use crate::source::scan::{Scan, scan, whole_file};
use crate::source::sheet::{self, SheetText, is_sheet};
use crate::source::split::{RecordKind, Split};
use crate::source::text::EncodedText;
use crate::source::unreadable::{refusal, unreadable};
use crate::source::{stray, workbook};
use crate::validate::above::{self, Above};
use crate::validate::find::find;
use crate::validate::not_data::Rules;
use crate::validate::setting::Setting;
use crate::validate::tally::TallyBook;
use crate::validate::verdict::{Refusal, Verdict, judge, refuse_stray};
use encoding_rs::UTF_8;
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader};
use std::sync::Arc;

/// Bytes read ahead of the splitter.
const BUFFER: usize = 256 * 1024;

/// Which reader reads the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReaderKind {
    /// The kernel, and the plain reader for what it leaves.
    Kernel {
        /// Bytes of a range that is read by itself.
        range: u64,
    },
    /// The plain reader alone.
    Plain,
    /// The plain reader, which gives each accepted line too.
    Lines,
}

/// Reads one delivery against the contract that claims it, or as the correction pack it is.
pub(crate) fn read(
    contracts: &[Contract],
    id: DeliveryId,
    input: &Input,
    reader: ReaderKind,
) -> Result<DeliveryResult, Error> {
    let delivery = input.delivery();
    let unreadable = |source| unreadable(delivery, source);
    if input.refused.is_none() && is_pack(&delivery.name, &*delivery.content).map_err(unreadable)? {
        return read_pack(id, delivery).map_err(unreadable);
    }
    let mut read = read_claimed(contracts, id, input, reader)?;
    read.keys = BTreeMap::new();
    let refused = read.quarantine.iter().map(|refused| &refused.fault.reason);
    let other_header = refused.into_iter().find(|own| matches!(own, Reason::OtherHeader { .. }));
    if let Some(reason) = other_header.cloned().filter(|_| !read.account.rejected) {
        read.hold_back(reason);
    }
    let own = |contract: &&Contract| Some(&contract.id) == read.account.contract.as_ref();
    if contracts.iter().find(own).is_some_and(|contract| repeated::may_be(contract, &read)) {
        let lines = read_claimed(contracts, id, input, ReaderKind::Lines)?.seen;
        read.account.repeated = lines.and_then(|lines| repeated::find(&lines));
    }
    Ok(read)
}

/// The keys of the lines a delivery has accepted, in UTF-8, and the line that has each.
pub(crate) fn keys(
    contracts: &[Contract],
    id: DeliveryId,
    input: &Input,
) -> Result<BTreeMap<Vec<u8>, u32>, Error> {
    Ok(read_claimed(contracts, id, input, ReaderKind::Plain)?.keys)
}

/// Reads a correction pack: its rows, which are applied when all deliveries are read.
fn read_pack(id: DeliveryId, delivery: &Delivery) -> io::Result<DeliveryResult> {
    let scan = scan(delivery.content.open()?, &pack::ENCODINGS)?;
    let mut read = DeliveryResult::new(id, delivery, scan.bytes, scan.blake3.clone());

    read.account.encoding = match Packing::of(&delivery.name) {
        Some(packing) => packing.word().to_owned(),
        None => scan.encoding.as_ref().map_or_else(|_| String::new(), |found| found.name().into()),
    };
    match bounded(pack::rows(delivery, &scan))? {
        Ok(rows) => read.pack = Some(rows),
        Err(reason) => read.reject(None, reason),
    }
    Ok(read)
}

/// What was read, or the bound that stopped the reading as what the delivery is refused for.
fn bounded<T>(read: io::Result<Result<T, Reason>>) -> io::Result<Result<T, Reason>> {
    match read {
        Err(error) => Bound::of(&error).map_or(Err(error), |bound| Ok(Err(bound.reason()))),
        Ok(read) => Ok(read),
    }
}

fn read_claimed(
    contracts: &[Contract],
    id: DeliveryId,
    input: &Input,
    reader: ReaderKind,
) -> Result<DeliveryResult, Error> {
    let delivery = input.delivery();
    let unreadable = |source| unreadable(delivery, source);
    let sidecar = stated::sidecar(contracts, &delivery.name);
    let claim =
        sidecar.as_ref().map(|(contract, _, named)| (*contract, named.clone())).or_else(|| {
            contracts
                .iter()
                .find_map(|contract| contract.claims(&delivery.name).map(|named| (contract, named)))
        });
    // An authority is shown everywhere.
    let personal = |named: &Named| {
        named.authority.as_deref().is_some_and(|id| is_masked_in(&delivery.name, id))
    };
    let personal = claim.as_ref().is_some_and(|(_, named)| personal(named));
    let refused = input.refused.clone().or(personal.then_some(Reason::PossibleCpr {}));
    let plain = sidecar.is_some() || refused.is_some();
    if let (Some((contract, named)), ReaderKind::Kernel { range }, false) = (&claim, reader, plain)
        && let Some(read) =
            read_with_kernel(id, delivery, (contract, named), range).map_err(unreadable)?
    {
        return Ok(read);
    }
    let encodings = claim
        .as_ref()
        .filter(|_| Packing::of(&delivery.name).is_none())
        .map_or(&[][..], |(contract, _)| contract.sender(&delivery.name).0.encodings.as_slice());
    let scan = scan(delivery.content.open().map_err(unreadable)?, encodings).map_err(unreadable)?;
    let mut read = DeliveryResult::new(id, delivery, scan.bytes, scan.blake3.clone());
    read.sidecar = sidecar.is_some();
    read.seen = (reader == ReaderKind::Lines).then(Vec::new);
    read.has_amounts =
        claim.as_ref().is_some_and(|(contract, _)| contract.measures(Measure::Amount));
    if let Some(reason) = refused {
        read.reject(None, reason);
        return Ok(read);
    }
    let Some((contract, named)) = claim else {
        read.reject(None, Reason::NoContract {});
        return Ok(read);
    };
    read = read.claimed(contract, &named);
    let authority = named.authority.as_deref().map(AuthorityId::new);
    let sidecar = sidecar.map(|(_, control, _)| control);
    let claimed = Claimed { contract, named: &named, delivery, sidecar };
    let whole = body(&claimed, &scan, &mut read).map_err(unreadable)?;
    let Err(reason) = whole else {
        return Ok(read);
    };
    if let Reason::TooLarge { .. } = reason {
        // It was read in part only, so its account starts again from nothing.
        let (encoding, sidecar) = (read.account.encoding, read.sidecar);
        read = DeliveryResult::new(id, delivery, scan.bytes, scan.blake3).claimed(contract, &named);
        (read.account.encoding, read.sidecar) = (encoding, sidecar);
    }
    read.reject(authority, reason);
    Ok(read)
}

/// Reads a delivery by the kernel, unpacked where it is packed as one stream; `None` when it is one
/// for the plain reader.
fn read_with_kernel(
    id: DeliveryId,
    delivery: &Delivery,
    (contract, named): (&Contract, &Named),
    range: u64,
) -> io::Result<Option<DeliveryResult>> {
    let (name, content) = (delivery.name.as_str(), &*delivery.content);
    match Packing::of(name) {
        None => match kernel::read(contract, named, (id, name, content), range) {
            Ok(done) => Ok(done.map(|done| DeliveryResult::of(delivery, contract, named, done))),
            // Which bound is passed is for the plain reader to say.
            Err(error) => {
                if Bound::of(&error).is_some() {
                    Ok(None)
                } else {
                    Err(error)
                }
            }
        },
        Some(packing @ (Packing::Gzip | Packing::Zstd)) => {
            let unpacked = Unpacked { packed: content, packing };
            // What cannot be unpacked is for the plain reader to say.
            let Ok(Some(done)) = kernel::read(contract, named, (id, name, &unpacked), range) else {
                return Ok(None);
            };
            let packed = scan(content.open()?, &[])?;
            let mut read = DeliveryResult::of(delivery, contract, named, done);
            (read.account.bytes, read.account.blake3) = (packed.bytes, packed.blake3);
            Ok(Some(read))
        }
        Some(Packing::Xlsx | Packing::Ods | Packing::Zip) => Ok(None),
    }
}

/// A delivery whose bytes cannot be read: nothing is known of it but its name.
pub(crate) fn unread(
    contracts: &[Contract],
    id: DeliveryId,
    delivery: &Delivery,
    source: &io::Error,
) -> DeliveryResult {
    let read = DeliveryResult::new(id, delivery, 0, String::new());
    let claims = |contract: &Contract| contract.claims(&delivery.name);
    let claim = contracts.iter().find_map(|contract| Some((contract, claims(contract)?)));
    let (mut read, authority) = match claim {
        Some((contract, named)) => (read.claimed(contract, &named), named.authority),
        None => (read, None),
    };
    let authority = authority.filter(|id| !is_masked_in(&delivery.name, id));
    let authority = authority.as_deref().map(AuthorityId::new);
    read.reject(authority, refusal(source));
    read
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
fn body(
    claimed: &Claimed,
    outer: &Scan,
    read: &mut DeliveryResult,
) -> io::Result<Result<(), Reason>> {
    let delivery = claimed.delivery;
    if outer.bytes == 0 {
        return Ok(Err(Reason::EmptyFile {}));
    }
    let (name, content) = (&delivery.name, &*delivery.content);
    let Some(packing) = Packing::of(name) else {
        let said = bounded(text(claimed, content, outer, read))?;
        return said.map_or_else(|why| misnamed(name, content, why).map(Err), |()| Ok(Ok(())));
    };
    let unpacked = match packing {
        Packing::Gzip | Packing::Zstd => {
            let content = Unpacked { packed: &*delivery.content, packing };
            let encodings = &claimed.contract.sender(&delivery.name).0.encodings;
            content.open().and_then(|input| scan(input, encodings)).and_then(|inner| {
                read.account.content.clone_from(&inner.blake3);
                text(claimed, &content, &inner, read)
            })
        }
        Packing::Xlsx | Packing::Ods => sheet(claimed, packing, read),
        Packing::Zip => Ok(Err(Reason::NotATable { found: packing.word().into() })),
    };
    match unpacked {
        Ok(said) => Ok(said),
        Err(error) => match packing.reason(&error) {
            Some(reason) => misnamed(name, content, reason).map(Err),
            None => Err(error),
        },
    }
}

/// Reads content that is text in one of the declared encodings.
fn text(
    claimed: &Claimed,
    content: &dyn Content,
    scan: &Scan,
    read: &mut DeliveryResult,
) -> io::Result<Result<(), Reason>> {
    let layout = claimed.contract.sender(&claimed.delivery.name).0;
    let charset = match whole_file(scan, &layout.encodings) {
        Ok(charset) => charset,
        Err(reason) => return Ok(Err(reason)),
    };
    if claimed.sidecar.is_some() && scan.bytes > Bound::ControlBytes.limit() {
        return Ok(Err(Bound::ControlBytes.reason()));
    }
    charset.name().clone_into(&mut read.account.encoding);
    read.account.open_end = scan.open_end;
    let text = EncodedText { content, charset, layout };
    match claimed.sidecar {
        Some(control) => {
            let name = &claimed.delivery.name;
            let said = stated::read_sidecar(claimed.contract, control, name, &text, read);
            read.close();
            said
        }
        None => lines(claimed, &text, read),
    }
}

/// Reads a sheet of a workbook.
fn sheet(
    claimed: &Claimed,
    packing: Packing,
    read: &mut DeliveryResult,
) -> io::Result<Result<(), Reason>> {
    packing.word().clone_into(&mut read.account.encoding);
    let delivery = claimed.delivery;
    match sheet_lines(claimed.contract, &delivery.name, &*delivery.content, packing)? {
        Ok(SheetLines { content, layout }) => {
            let charset = Charset::Web(UTF_8);
            let text = EncodedText { content: &content, charset, layout: &layout };
            let said = lines(claimed, &text, read)?;
            if said.is_ok() && read.seen.is_none() {
                let (contract, content) = (claimed.contract, &*delivery.content);
                read.account.other_sheets =
                    other_sheets::find_others(contract, &delivery.name, content, packing)?;
            }
            Ok(said)
        }
        Err(reason) => Ok(Err(reason)),
    }
}

/// A sheet as lines, and how they are laid out.
pub(crate) struct SheetLines {
    pub(crate) content: SheetText,
    pub(crate) layout: Layout,
}

/// The sheet the contract chooses: read once to find the header, then with each
/// column's own forms.
pub(crate) fn sheet_lines(
    contract: &Contract,
    name: &str,
    content: &dyn Content,
    packing: Packing,
) -> io::Result<Result<SheetLines, Reason>> {
    let (layout, sender) = contract.sender(name);
    let sheet = match workbook::sheet(content, packing, &layout.sheet)? {
        Ok(sheet) => Arc::new(sheet),
        Err(reason) => return Ok(Err(reason)),
    };
    let layout = sheet::laid_out(layout);
    let charset = Charset::Web(UTF_8);
    let content = SheetText::of(sheet);
    let header =
        match find(contract, sender, &EncodedText { content: &content, charset, layout: &layout })?
        {
            Ok((_, header)) => header,
            Err(reason) => return Ok(Err(reason)),
        };
    let in_force = header.in_force(contract);
    let columns = in_force.columns.iter().zip(&header.places);
    let columns = columns
        .flat_map(|(column, places)| places.iter().map(move |place| (*place, column)))
        .collect();
    Ok(Ok(SheetLines {
        content: content.formed(header.width, &columns, &contract.terms.currency),
        layout,
    }))
}

/// Reads the lines into facts and quarantine; the inner error refuses the delivery whole.
fn lines(
    claimed: &Claimed,
    text: &EncodedText,
    read: &mut DeliveryResult,
) -> io::Result<Result<(), Reason>> {
    let Claimed { contract, named, delivery, .. } = *claimed;
    let layout = text.layout;
    let (delimiter, header) = match find(contract, contract.sender(&delivery.name).1, text)? {
        Ok(header) => header,
        Err(reason) => return Ok(Err(reason)),
    };
    let input = BufReader::with_capacity(BUFFER, text.open()?);
    let mut split = Split::of(input, delimiter, layout);
    let rules = Rules::new(contract, &header, text.encoding());
    let mut past_header = false;
    let mut book = TallyBook::default();
    let contract = header.in_force(contract);
    let setting = Setting::new(&contract, &header, text.encoding(), named);
    let setting = if is_sheet(layout) { setting.in_workbook() } else { setting };
    for line in 1..header.line {
        read.hold()?;
        let own = split.line_alone()?.unwrap_or_default();
        match above::of(&own, line, delimiter, &setting, (layout, &rules))? {
            Above::Blank => read.count(NotData::Blank),
            Above::Preamble => read.count(NotData::Preamble),
            Above::Data(refusal) => read.refuse(refusal),
        }
    }
    while let Some(piece) = split.next()? {
        read.hold()?;
        let stray = || stray::find(split.raw(), text.charset);
        match piece {
            RecordKind::Blank => read.count(NotData::Blank),
            _ if !past_header => {
                past_header = true;
                split.expect(header.width);
                read.count(NotData::Header);
            }
            _ if is_comment(layout, &split) => read.count(NotData::Comment),
            RecordKind::Unclosed => {
                let raw = (layout, split.raw());
                let refusal = Refusal::of_unclosed(split.line(), &setting, raw);
                read.refuse(refusal.or_stray(stray()));
            }
            RecordKind::Record => match rules.verdict(&split) {
                Some(what) => read.count(what),
                None => match stray() {
                    Some(stray) => {
                        let line = split.line();
                        read.refuse(refuse_stray(&setting, layout, line, &split, stray));
                    }
                    None => record(&setting, layout, &split, &mut book, read),
                },
            },
        }
    }
    read.hold()?;
    read.keys = book.take_keys();
    read.facts = book.facts(read.account.id);
    read.close();
    if read.account.lines_read == 0 && !read.account.not_data.contains_key(&NotData::Lookup) {
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
    read: &mut DeliveryResult,
) {
    if !setting.contract.controls.is_empty()
        && read.trailer.is_none()
        && let Some(total) = stated::trailer(setting, split)
    {
        read.trailer = Some(total);
        return read.count(NotData::Total);
    }
    match judge(setting, layout, split.line(), split, book) {
        Verdict::Accepted(_) if setting.contract.holds == Holds::Lookup => {
            read.count(NotData::Lookup);
        }
        Verdict::Accepted(said) => {
            if let Some(seen) = &mut read.seen {
                let oere = said.amount().map(Oere::get);
                seen.push(SeenLine::new(split.raw(), split.line(), oere));
            }
            read.accept(setting.contract, &said, book);
        }
        Verdict::Refused(refusal) => read.refuse(refusal),
    }
}
