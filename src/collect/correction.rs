//! Corrections: a line of a pack that holds takes the place of the refused line it names.
//!
//! The line is read once, in the delivery that was to bring it; what a pack says of it is posted
//! there, so it counts, and is superseded, as if it had been right from the beginning. Why:
//! `docs/decisions/0012-a-correction-takes-the-lines-place.md`.

use crate::collect::corrector::{Corrector, Senders, known, owner};
use crate::contract::compiled::{Contract, Layout};
use crate::contract::line_rule::NotData;
use crate::contract::pattern::Named;
use crate::contract::schema::{Holds, SurplusCells};
use crate::domain::correction::{Attempt, Corrected, Corrections, LineRef};
use crate::domain::error::Error;
use crate::domain::known::Known;
use crate::domain::measure::Measure;
use crate::domain::money::Oere;
use crate::domain::pack::{CellMark, HEADINGS, fingerprint};
use crate::domain::privacy::Shown;
use crate::domain::privacy::{is_plain_cpr_without_zero, may_hold_cpr, show};
use crate::domain::quarantine::{Fault, Quarantined, Reason};
use crate::facts::Facts;
use crate::ingest::account::DeliveryResult;
use crate::ingest::delivery;
use crate::ingest::pack::{ReturnedCell, ReturnedRow, written};
use crate::ingest::stated::trailer;
use crate::source::input::Input;
use crate::source::line::LineCells;
use crate::validate::header::{self, Header};
use crate::validate::not_data::Rules;
use crate::validate::rounded::Rounded;
use crate::validate::setting::Setting;
use crate::validate::tally::TallyBook;
use crate::validate::verdict::{Verdict, judge};
use encoding_rs::UTF_8;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A row of a pack that would correct a line.
struct Correction {
    by: Rc<Corrector>,
    /// The pack, by its place among the deliveries, and the row's line in it.
    pack: usize,
    line: u32,
    /// The headings it stands below, and its cells, those of the pack's own aside.
    headings: Rc<Vec<ReturnedCell>>,
    cells: Vec<ReturnedCell>,
    /// The line it is for.
    of: u32,
}

/// What becomes of an offer.
enum Outcome {
    /// It takes the line's place, with this amount and what rounding did to its numbers.
    Holds(Option<Oere>, Rounded),
    /// It says no more than the line did, or than an offer before it: it is no data.
    Unchanged,
    /// It fails, and the line stands refused as it was.
    Fails(Fault, Box<[Fault]>),
    /// It is for nothing, and is refused for that.
    Refused(Reason),
}

/// Lets every pack correct what it names.
///
/// - Keeps: each delivery's lines read are those it had; a line moves from refused to accepted,
///   with its amount as corrected. An offer that is for nothing is a refused line of its pack.
/// - Order: packs in name order, whatever order they are given in.
pub(crate) fn apply(
    contracts: &[Contract],
    inputs: &[Input],
    reads: &mut [DeliveryResult],
    facts: &mut Facts,
) -> Result<Corrections, Error> {
    let mut packs: Vec<usize> = (0..reads.len()).filter(|at| reads[*at].pack.is_some()).collect();
    packs.sort_by(|one, other| reads[*one].account.name.cmp(&reads[*other].account.name));
    let mut corrections = Corrections::default();
    if packs.is_empty() {
        return Ok(corrections);
    }
    let mut named: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for at in (0..reads.len()).filter(|at| reads[*at].pack.is_none()) {
        named.entry(reads[at].account.shown().trim().to_owned()).or_default().push(at);
    }
    let correctors = contracts.first().map(|contract| contract.terms.corrections.clone());
    let correctors = correctors.unwrap_or_default();
    let senders = Senders::new(&correctors, known(contracts, reads, facts).into_iter());
    let mut offers: BTreeMap<usize, Vec<Correction>> = BTreeMap::new();
    for pack in packs {
        let (name, shown) = (&reads[pack].account.name, reads[pack].account.shown());
        let by = Rc::new(senders.of(name, show(shown.as_bytes(), UTF_8)));
        for row in sorted_out(pack, reads) {
            match target(&row, &named, reads) {
                Ok(Some((at, of))) => {
                    offers.entry(at).or_default().push(row.offer(pack, &by, of));
                }
                Ok(None) => reads[pack].count(NotData::Correction),
                Err(fault) => reads[pack].refuse_alone(row.line, fault),
            }
        }
    }
    let weights = weights(facts, reads.len());
    for (at, offers) in offers {
        let weight = weights[at];
        correct(contracts, &inputs[at], (at, weight), offers, (reads, facts), &mut corrections)?;
    }
    facts.combine();
    for read in reads.iter_mut() {
        read.quarantine.sort_by_key(|refused| refused.line);
    }
    corrections.corrected.sort_by_key(|line| (line.refused.delivery, line.refused.line));
    corrections.failed.sort_by_key(|line| (line.refused.delivery, line.refused.line));
    Ok(corrections)
}

/// A row below the headings of its delivery.
struct PlacedRow {
    line: u32,
    headings: Rc<Vec<ReturnedCell>>,
    cells: Result<Vec<ReturnedCell>, Reason>,
}

impl PlacedRow {
    fn text(&self, place: usize) -> String {
        let cell = self.cells.as_ref().ok().and_then(|cells| cells.get(place));
        cell.map_or_else(String::new, ReturnedCell::text)
    }

    fn offer(self, pack: usize, by: &Rc<Corrector>, of: u32) -> Correction {
        let own = HEADINGS.len();
        let mut cells = self.cells.unwrap_or_default();
        let cells = cells.split_off(own.min(cells.len()));
        let by = Rc::clone(by);
        Correction { by, pack, line: self.line, headings: self.headings, cells, of }
    }
}

/// The rows of a pack that are no headings and not blank, which are counted.
fn sorted_out(pack: usize, reads: &mut [DeliveryResult]) -> Vec<PlacedRow> {
    let read = &mut reads[pack];
    let mut headings = Rc::new(Vec::new());
    let mut placed = Vec::new();
    for ReturnedRow { line, cells } in read.pack.take().unwrap_or_default() {
        let row = PlacedRow { line, headings: Rc::clone(&headings), cells };
        if row.cells.as_ref().is_ok_and(|cells| cells.iter().all(|cell| cell.text().is_empty())) {
            read.count(NotData::Blank);
        } else if row.text(0) == HEADINGS[0] && row.text(1) == HEADINGS[1] {
            let mut cells = row.cells.unwrap_or_default();
            headings = Rc::new(cells.split_off(HEADINGS.len().min(cells.len())));
            read.count(NotData::Header);
        } else {
            placed.push(row);
        }
    }
    read.pack = Some(Vec::new());
    placed
}

/// Whether the number of a line could be a personal one, which would be shown as it is.
fn is_personal_number(line: &str) -> bool {
    let bare = line.trim_start_matches(['0', '+']);
    [line, bare]
        .iter()
        .any(|line| may_hold_cpr(line.as_bytes()) || is_plain_cpr_without_zero(line.as_bytes()))
}

/// The delivery and line a row is for; `None` where it only tells of something.
fn target(
    row: &PlacedRow,
    named: &BTreeMap<String, Vec<usize>>,
    reads: &[DeliveryResult],
) -> Result<Option<(usize, u32)>, Fault> {
    let fault = |column: usize, reason| Fault { column: Some(HEADINGS[column].into()), reason };
    if let Err(reason) = &row.cells {
        return Err(Fault { column: None, reason: reason.clone() });
    }
    let [file, line, bytes] = [0, 1, 2].map(|column| row.text(column));
    let offers = row.cells.as_ref().is_ok_and(|cells| cells.len() > HEADINGS.len());
    if line.is_empty() && offers {
        return Err(fault(1, Reason::CorrectsNothing {}));
    }
    if line.is_empty() || (row.headings.is_empty() && !offers) {
        return Ok(None);
    }
    if is_personal_number(&line) {
        return Err(fault(1, Reason::PossibleCpr {}));
    }
    let Ok(number) = line.parse::<u32>() else {
        return Err(fault(1, Reason::NotANumber { found: show(line.as_bytes(), UTF_8) }));
    };
    let shown = show(file.as_bytes(), UTF_8);
    let Some(all) = named.get(&file) else {
        return Err(fault(0, Reason::CorrectedNotDelivered { found: shown }));
    };
    // Two names may be shown alike.
    let Some(at) = all.iter().find(|at| fingerprint(&reads[**at].account.blake3) == bytes) else {
        return Err(fault(2, Reason::CorrectedOther { found: shown }));
    };
    let read = &reads[*at];
    if read.refused_at(number).is_none() || read.account.rejected || read.sidecar {
        return Err(fault(1, Reason::CorrectedNotRefused { found: shown, line: number }));
    }
    Ok(Some((*at, number)))
}

/// Holds the offers for one delivery against its contract, and posts those that hold.
fn correct(
    contracts: &[Contract],
    input: &Input,
    (at, weight): (usize, i64),
    mut offers: Vec<Correction>,
    (reads, facts): (&mut [DeliveryResult], &mut Facts),
    corrections: &mut Corrections,
) -> Result<(), Error> {
    let contract =
        contracts.iter().find(|own| Some(&own.id) == reads[at].account.contract.as_ref());
    let contract = contract.expect("a delivery with refused lines has a contract");
    let mut book = TallyBook::with_weight(weight);
    if !contract.key.is_empty() {
        let account = &reads[at].account;
        book.set_keys(delivery::keys(contracts, account.id, input)?);
    }
    let name = reads[at].account.name.clone();
    let mut delivery = Correctable::new(contract, &name);
    // A stable sort: by line, then in the order of packs and rows.
    offers.sort_by_key(|offer| offer.of);
    let mut corrected = BTreeMap::new();
    let mut before: Option<(Correction, bool)> = None;
    for offer in offers {
        let refused = reads[at].refused_at(offer.of).expect("an offer is for a refused line");
        let whose = owner(contracts, &reads[at].account, refused);
        if !offer.by.may(whose.as_ref()) {
            // An unchanged row is no correction.
            let outcome = match delivery.judge(&offer, Some(refused), &mut TallyBook::default()) {
                Outcome::Unchanged => Outcome::Unchanged,
                Outcome::Holds(..) | Outcome::Fails(..) | Outcome::Refused(_) => {
                    Outcome::Refused(offer.by.barred(whose.as_ref()))
                }
            };
            settle(outcome, &offer, at, reads, corrections);
            continue;
        }
        let earlier = before.as_ref().filter(|(prior, _)| prior.of == offer.of);
        let original = Some(refused);
        let outcome = match earlier.map(|(prior, holds)| again(prior, *holds, &offer, reads)) {
            Some(Repeat::Same) => Outcome::Unchanged,
            // A row nobody touched is no second correction: it is judged in a book of its own.
            Some(Repeat::Second { first, pack: PackOrder::Later }) => {
                match delivery.judge(&offer, original, &mut TallyBook::default()) {
                    Outcome::Unchanged => Outcome::Unchanged,
                    Outcome::Holds(..) | Outcome::Fails(..) | Outcome::Refused(_) => {
                        Outcome::Refused(Reason::CorrectedTwice { first })
                    }
                }
            }
            Some(Repeat::Second { first, pack: PackOrder::Same }) => {
                Outcome::Refused(Reason::CorrectedTwice { first })
            }
            Some(Repeat::New) | None => delivery.judge(&offer, original, &mut book),
        };
        let mut holds = false;
        if let Outcome::Holds(amount, rounded) = &outcome {
            holds = true;
            corrected.insert(offer.of, (*amount, *rounded));
        }
        settle(outcome, &offer, at, reads, corrections);
        if earlier.is_none_or(|(_, held)| !held) {
            before = Some((offer, holds));
        }
    }
    reads[at].take_corrections(&corrected);
    let id = reads[at].account.id;
    facts.append(book.facts(id));
    Ok(())
}

/// How an offer stands to the one before it for the same line.
enum Repeat {
    /// It says the same, in another pack.
    Same,
    /// The line has its offer, at `first`.
    Second { first: Shown, pack: PackOrder },
    /// The one before it failed.
    New,
}

enum PackOrder {
    Same,
    Later,
}

fn again(prior: &Correction, holds: bool, offer: &Correction, reads: &[DeliveryResult]) -> Repeat {
    let first = format!("{}:{}", reads[prior.pack].account.shown(), prior.line);
    let first = show(first.as_bytes(), UTF_8);
    if prior.pack == offer.pack {
        Repeat::Second { first, pack: PackOrder::Same }
    } else if prior.cells == offer.cells && prior.headings == offer.headings {
        Repeat::Same
    } else if holds {
        Repeat::Second { first, pack: PackOrder::Later }
    } else {
        Repeat::New
    }
}

/// Enters what became of an offer for a line of the delivery at `at` in the account of its pack.
fn settle(
    outcome: Outcome,
    offer: &Correction,
    at: usize,
    reads: &mut [DeliveryResult],
    corrections: &mut Corrections,
) {
    let by = LineRef { delivery: reads[offer.pack].account.id, line: offer.line };
    let of = LineRef { delivery: reads[at].account.id, line: offer.of };
    let refused = reads[at].refused_at(offer.of).expect("an offer is for a refused line").clone();
    match outcome {
        Outcome::Refused(reason) => {
            let column = Some(HEADINGS[1].into());
            return reads[offer.pack].refuse_alone(offer.line, Fault { column, reason });
        }
        Outcome::Unchanged => {}
        Outcome::Fails(fault, also) => {
            let (delivery, line) = (by.delivery, Some(by.line));
            let amount = Known::NotApplicable;
            let refused = Quarantined { delivery, line, fault, also, amount, ..refused };
            corrections.failed.push(Attempt { refused, of });
        }
        Outcome::Holds(amount, _) => {
            while corrections.failed.last().is_some_and(|attempt| attempt.of == of) {
                corrections.failed.pop();
            }
            let from = offer.by.from.clone();
            corrections.corrected.push(Corrected { refused, by, from, amount });
        }
    }
    reads[offer.pack].count(NotData::Correction);
}

/// What the offers for one delivery are held against.
struct Correctable<'a> {
    contract: &'a Contract,
    name: &'a str,
    named: Named,
    layout: Layout,
    /// The header of the offers last judged, and the contract with what its headings say.
    opened: Option<OpenedDelivery<'a>>,
}

struct OpenedDelivery<'a> {
    headings: Rc<Vec<ReturnedCell>>,
    header: Result<(Header, Cow<'a, Contract>), Reason>,
}

impl<'a> Correctable<'a> {
    fn new(contract: &'a Contract, name: &'a str) -> Correctable<'a> {
        let named = contract.claims(name).expect("the contract claimed this name");
        let mut layout = contract.sender(name).0.clone();
        if layout.surplus == SurplusCells::Refuse {
            layout.surplus = SurplusCells::IgnoreEmpty;
        }
        Correctable { contract, name, named, layout, opened: None }
    }

    fn judge(
        &mut self,
        offer: &Correction,
        original: Option<&Quarantined>,
        book: &mut TallyBook,
    ) -> Outcome {
        self.open(&offer.headings);
        let opened = self.opened.as_ref().expect("just opened");
        let (header, contract) = match &opened.header {
            Ok((header, contract)) => (header, contract),
            Err(reason) => {
                let fault = Fault { column: None, reason: reason.clone() };
                return Outcome::Fails(fault, Box::default());
            }
        };
        let record = match record(offer, contract, header) {
            Ok(record) => record,
            Err(outcome) => return outcome,
        };
        let setting = Setting::new(contract, header, UTF_8, &self.named);
        let typed = offer.cells.iter().any(|field| matches!(field, ReturnedCell::Value(_)));
        let setting = if typed { setting.in_workbook() } else { setting };
        let total = !contract.controls.is_empty() && trailer(&setting, &record).is_some();
        let lookup = contract.holds == Holds::Lookup;
        if lookup || total || Rules::new(contract, header, UTF_8).verdict(&record).is_some() {
            return Outcome::Unchanged;
        }
        if !offer.by.all {
            let trial = &mut TallyBook::default();
            if let Verdict::Accepted(values) =
                judge(&setting, &self.layout, offer.line, &record, trial)
                && !offer.by.may(values.authority.as_ref())
            {
                return Outcome::Refused(offer.by.barred(values.authority.as_ref()));
            }
        }
        match judge(&setting, &self.layout, offer.line, &record, book) {
            Verdict::Accepted(values) => {
                for (place, (key, values)) in values.facts(contract).into_iter().enumerate() {
                    book.add(key, u32::from(place == 0), values);
                }
                Outcome::Holds(values.amount(), values.rounded)
            }
            Verdict::Refused(refusal) => {
                // The cells of a line that may hold a personal number were not in the pack: they
                // have been written anew.
                let personal = matches!(refusal.fault.reason, Reason::PossibleCpr {});
                let same = !personal
                    && original.is_some_and(|original| {
                        let faults = std::iter::once(&original.fault).chain(&original.also);
                        faults.eq(std::iter::once(&refusal.fault).chain(&refusal.also))
                    });
                if same { Outcome::Unchanged } else { Outcome::Fails(refusal.fault, refusal.also) }
            }
        }
    }

    fn open(&mut self, headings: &Rc<Vec<ReturnedCell>>) {
        if self.opened.as_ref().is_some_and(|opened| Rc::ptr_eq(&opened.headings, headings)) {
            return;
        }
        let cells: Vec<Vec<u8>> = headings
            .iter()
            .map(|field| written(field, None).unwrap_or_default().into_bytes())
            .collect();
        let sender = self.contract.sender(self.name).1;
        let header = header::read(self.contract, sender, 1, &cells, UTF_8);
        let header = header.map(|header| {
            let contract = header.in_force(self.contract);
            (header, contract)
        });
        self.opened = Some(OpenedDelivery { headings: Rc::clone(headings), header });
    }
}

/// The cells of an offer as the contract's columns have them written. A cell that still has a
/// pack's mark is one nobody filled.
fn record(offer: &Correction, contract: &Contract, header: &Header) -> Result<RowCells, Outcome> {
    let column = |place: usize| {
        let stands = |places: &&Vec<usize>| places.contains(&place);
        let index = header.places.iter().position(|places| stands(&places))?;
        Some(&contract.columns[index])
    };
    let mut cells = Vec::with_capacity(header.width);
    let mut marked = Vec::new();
    for (place, field) in offer.cells.iter().enumerate() {
        let column = column(place);
        match written(field, column) {
            Ok(text) => cells.push(text.into_bytes()),
            Err(mark) => {
                marked.push((mark, column.map(|column| column.name.clone())));
                cells.push(Vec::new());
            }
        }
    }
    if let Some((_, first)) = marked.first() {
        let hidden = marked.iter().any(|(mark, _)| *mark == CellMark::Hidden);
        let untouched = hidden && cells.iter().all(Vec::is_empty);
        let fault = Fault { column: first.clone(), reason: Reason::MissingValue {} };
        return Err(if untouched {
            Outcome::Unchanged
        } else {
            Outcome::Fails(fault, Box::default())
        });
    }
    cells.resize(header.width.max(cells.len()), Vec::new());
    Ok(RowCells(cells))
}

/// The cells of a corrected line, in UTF-8.
struct RowCells(Vec<Vec<u8>>);

impl LineCells for RowCells {
    fn width(&self) -> usize {
        self.0.len()
    }

    fn cell<'a>(&'a self, place: usize, _: &'a mut Vec<u8>) -> &'a [u8] {
        self.0.get(place).map_or(&[], Vec::as_slice)
    }
}

/// By delivery, what its facts weigh, so that corrections cannot bring their sums past `i64`.
fn weights(facts: &Facts, deliveries: usize) -> Vec<i64> {
    let mut weights = vec![0_i64; deliveries];
    for fact in facts.iter() {
        let weight = &mut weights[fact.delivery.place()];
        for measure in Measure::ALL {
            let sum = fact.measures.get(measure).sum;
            *weight = weight.saturating_add(sum.saturating_abs());
        }
    }
    weights
}
