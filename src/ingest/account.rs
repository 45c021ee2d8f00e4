//! What one delivery came to, line by line: its facts, its refused lines and its account.

use crate::contract::compiled::Contract;
use crate::contract::line_rule::NotData;
use crate::contract::pattern::Named;
use crate::domain::delivery::DeliveryId;
use crate::domain::id::AuthorityId;
use crate::domain::known::Known;
use crate::domain::measure::Measure;
use crate::domain::money::Oere;
use crate::domain::number::to_usize;
use crate::domain::quarantine::{Common, Fault, Quarantined, Reason};
use crate::facts::Facts;
use crate::ingest::delivery_account::DeliveryAccount;
use crate::ingest::pack::ReturnedRow;
use crate::ingest::seen_line::SeenLine;
use crate::ingest::statement::{Statement, Total};
use crate::kernel;
use crate::source::bounds::{self, Bound, LISTED};
use crate::source::content::Delivery;
use crate::validate::line_values::LineValues;
use crate::validate::rounded::Rounded;
use crate::validate::tally::TallyBook;
use crate::validate::verdict::Refusal;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// What one delivery says.
pub(crate) struct DeliveryResult {
    pub(crate) facts: Facts,
    pub(crate) quarantine: Vec<Quarantined>,
    pub(crate) account: DeliveryAccount,
    /// What a row of totals in the delivery states.
    pub(crate) trailer: Option<Total>,
    /// What a file of control totals states of other deliveries.
    pub(crate) stated: Vec<Statement>,
    /// Whether this is a file of control totals, which holds no data.
    pub(crate) sidecar: bool,
    /// The rows of a correction pack, until they are applied; `None`: the delivery is none.
    pub(crate) pack: Option<Vec<ReturnedRow>>,
    /// The keys of the accepted lines, where the plain reader was asked for them.
    pub(crate) keys: BTreeMap<Vec<u8>, u32>,
    /// The accepted lines, where the plain reader was asked for them.
    pub(crate) seen: Option<Vec<SeenLine>>,
    /// Whether each line carries an amount, so that one which cannot be read is missed.
    pub(crate) has_amounts: bool,
    /// What the refused lines share.
    pub(crate) common: Common,
    /// Bytes the refused lines take, and the bound that this passes: then no more are kept.
    held: usize,
    over: Option<Bound>,
}

impl Rounded {
    /// Adds what was rounded on one more line.
    fn add(&mut self, line: Rounded) {
        self.cells += line.cells;
        self.added = self.added.saturating_add(line.added);
    }
}

impl DeliveryResult {
    /// A delivery as it was remembered.
    pub(crate) fn from_cache(
        account: DeliveryAccount,
        facts: Facts,
        quarantine: Vec<Quarantined>,
        (trailer, has_amounts): (Option<Total>, bool),
    ) -> DeliveryResult {
        DeliveryResult { facts, quarantine, trailer, has_amounts, ..DeliveryResult::with(account) }
    }

    /// A delivery of which nothing is read yet but its bytes.
    pub(crate) fn new(
        id: DeliveryId,
        delivery: &Delivery,
        bytes: u64,
        blake3: String,
    ) -> DeliveryResult {
        let account = DeliveryAccount {
            id,
            name: delivery.name.clone(),
            contract: None,
            version: 1,
            bytes,
            content: blake3.clone(),
            blake3,
            open_end: false,
            other_sheets: None,
            repeated: None,
            rounded: Rounded::default(),
            encoding: String::new(),
            lines_read: 0,
            lines_accepted: 0,
            lines_refused: 0,
            lines_corrected: 0,
            lines_not_data: 0,
            not_data: BTreeMap::new(),
            accepted: Oere::ZERO,
            refused: Oere::ZERO,
            refused_unreadable: 0,
            rejected: false,
        };
        DeliveryResult::with(account)
    }

    fn with(account: DeliveryAccount) -> DeliveryResult {
        DeliveryResult {
            facts: Facts::default(),
            quarantine: Vec::new(),
            account,
            trailer: None,
            stated: Vec::new(),
            sidecar: false,
            pack: None,
            keys: BTreeMap::new(),
            seen: None,
            has_amounts: false,
            common: Common::default(),
            held: 0,
            over: None,
        }
    }

    /// The same, claimed by a contract.
    pub(crate) fn claimed(mut self, contract: &Contract, named: &Named) -> DeliveryResult {
        self.account.contract = Some(contract.id.clone());
        self.account.version = named.version.unwrap_or(1);
        self.has_amounts = contract.measures(Measure::Amount);
        self
    }

    /// What the kernel found, in the words of the account.
    pub(crate) fn of(
        delivery: &Delivery,
        contract: &Contract,
        named: &Named,
        mut done: kernel::KernelResult,
    ) -> DeliveryResult {
        let mut read = DeliveryResult {
            facts: done.facts(),
            ..DeliveryResult::new(done.delivery, delivery, done.bytes, done.blake3)
                .claimed(contract, named)
        };
        let account = &mut read.account;
        done.encoding.name().clone_into(&mut account.encoding);
        account.open_end = done.open_end;
        account.lines_not_data = done.blank + 1;
        account.not_data = BTreeMap::from([(NotData::Header, 1)]);
        if done.blank > 0 {
            account.not_data.insert(NotData::Blank, done.blank);
        }
        account.lines_accepted = done.lines_accepted;
        account.lines_read = done.lines_accepted;
        account.accepted = done.accepted;
        for refused in &mut done.quarantine {
            read.count_refused(refused);
        }
        read.quarantine = done.quarantine;
        read
    }

    /// Takes a line off those that are no data: it is refused after all.
    pub(crate) fn count_off(&mut self, what: NotData) {
        self.account.lines_not_data -= 1;
        if let Some(count) = self.account.not_data.get_mut(&what) {
            *count -= 1;
        }
    }

    /// Whether there are no more lines without data than there may be.
    ///
    /// # Errors
    /// The bound.
    pub(crate) fn hold(&self) -> io::Result<()> {
        Bound::NoData.hold(to_usize(self.account.lines_not_data))
    }

    /// Counts a line that is no data.
    pub(crate) fn count(&mut self, what: NotData) {
        self.account.lines_not_data += 1;
        *self.account.not_data.entry(what).or_default() += 1;
    }

    pub(crate) fn accept(&mut self, contract: &Contract, said: &LineValues, book: &mut TallyBook) {
        for (place, (key, values)) in said.facts(contract).into_iter().enumerate() {
            book.add(key, u32::from(place == 0), values);
        }
        let account = &mut self.account;
        account.lines_read += 1;
        account.lines_accepted += 1;
        account.accepted = Oere::sum([account.accepted, said.amount().unwrap_or(Oere::ZERO)]);
        account.rounded.add(said.rounded);
    }

    pub(crate) fn refuse(&mut self, refusal: Refusal) {
        let mut refused =
            refusal.into_quarantined(self.account.id, self.has_amounts, &mut self.common);
        self.count_refused(&mut refused);
        self.keep(refused);
    }

    /// Keeps a refused line, while they are not too many to be listed one by one.
    fn keep(&mut self, refused: Quarantined) {
        if self.over.is_some() {
            return;
        }
        self.held += refused.held();
        self.quarantine.push(refused);
        self.over = bounds::refused(self.quarantine.len(), self.held);
        if self.over.is_some() {
            self.quarantine.truncate(LISTED);
            self.quarantine.shrink_to_fit();
        }
    }

    /// Refuses the delivery whole, all its lines counted, where too many of them were refused.
    pub(crate) fn close(&mut self) {
        if let Some(bound) = self.over {
            self.hold_back(bound.reason());
        }
    }

    /// Refuses the delivery whole for the share it has in what a run cannot hold; of its refused
    /// lines the first are listed.
    pub(crate) fn take_off(&mut self, bound: Bound) {
        let dropped = self.quarantine.iter().skip(LISTED);
        let dropped = dropped.filter_map(|refused| refused.amount.value());
        let dropped = dropped.map(|amount| i128::from(amount.get())).sum::<i128>();
        self.quarantine.truncate(LISTED);
        if !self.account.rejected {
            return self.hold_back(bound.reason());
        }
        // It is refused whole for something else, and says the amount of what is not listed.
        if let Some(whole) = self.quarantine.first_mut().filter(|first| first.line.is_none())
            && let Known::Value(amount) = whole.amount
        {
            let amount = i64::try_from(i128::from(amount.get()) + dropped);
            whole.amount = amount.map_or(Known::Missing, |amount| Known::Value(Oere::new(amount)));
        }
    }

    /// Counts a refused line, whose amount is as good as unread where no sum can hold it.
    fn count_refused(&mut self, refused: &mut Quarantined) {
        let account = &mut self.account;
        account.lines_read += 1;
        account.lines_refused += 1;
        if let Known::Value(amount) = refused.amount {
            match account.refused.checked_add(amount) {
                Some(sum) => account.refused = sum,
                None => refused.amount = Known::Missing,
            }
        }
        account.refused_unreadable += u32::from(refused.amount == Known::Missing);
    }

    /// Refuses a line that no contract is asked about: it carries no amount.
    pub(crate) fn refuse_alone(&mut self, line: u32, fault: Fault) {
        self.account.lines_read += 1;
        self.account.lines_refused += 1;
        self.keep(Quarantined {
            delivery: self.account.id,
            line: Some(line),
            fault,
            also: Box::default(),
            authority: None,
            period: None,
            amount: Known::NotApplicable,
        });
    }

    /// The refused line of this number.
    pub(crate) fn refused_at(&self, line: u32) -> Option<&Quarantined> {
        let at = self.quarantine.binary_search_by_key(&Some(line), |refused| refused.line);
        at.ok().map(|at| &self.quarantine[at])
    }

    /// Lets refused lines count, with the amounts of their corrections and what was rounded in
    /// them, each by its number.
    pub(crate) fn take_corrections(&mut self, lines: &BTreeMap<u32, (Option<Oere>, Rounded)>) {
        let corrected = |refused: &Quarantined| refused.line.and_then(|line| lines.get(&line));
        let account = &mut self.account;
        for refused in &self.quarantine {
            if let Some((amount, rounded)) = corrected(refused) {
                account.rounded.add(*rounded);
                account.lines_refused -= 1;
                account.lines_accepted += 1;
                account.lines_corrected += 1;
                account.accepted = Oere::sum([account.accepted, amount.unwrap_or(Oere::ZERO)]);
                account.refused_unreadable -= u32::from(refused.amount == Known::Missing);
            }
        }
        self.quarantine.retain(|refused| corrected(refused).is_none());
        let left = self.quarantine.iter().filter_map(|refused| refused.amount.value());
        let left: i128 = left.map(|amount| i128::from(amount.get())).sum();
        match i64::try_from(left) {
            Ok(left) => account.refused = Oere::new(left),
            // No sum can hold them: they are as good as unread.
            Err(_) => account.unread(account.lines_refused, &mut self.quarantine),
        }
    }

    /// Refuses the delivery whole after its lines were read: every line of it is refused.
    pub(crate) fn hold_back(&mut self, reason: Reason) {
        let authorities: BTreeSet<_> = self.facts.iter().map(|fact| fact.key.authority).collect();
        let only = authorities.len() == 1;
        let authority = authorities.first().filter(|_| only).map(|authority| (*authority).clone());
        self.facts.clear();
        self.reject(authority, reason);
        let listed = self.quarantine.iter().filter_map(|refused| refused.amount.value());
        let listed: i128 = listed.map(|amount| i128::from(amount.get())).sum();
        let account = &mut self.account;
        let all = i128::from(account.refused.get()) + i128::from(account.accepted.get());
        // What is listed says its own amount; the delivery says the rest.
        let rest = i64::try_from(all - listed).map(Oere::new);
        match (i64::try_from(all), rest) {
            (Ok(all), Ok(rest)) => {
                account.refused = Oere::new(all);
                if let Some(whole) = self.quarantine.last_mut().filter(|_| self.has_amounts) {
                    whole.amount = Known::Value(rest);
                }
            }
            // No sum can hold them: they are as good as unread.
            (Err(_), _) | (_, Err(_)) => account.unread(account.lines_read, &mut self.quarantine),
        }
        account.lines_refused = account.lines_read;
        account.lines_accepted = 0;
        account.accepted = Oere::ZERO;
        self.quarantine.rotate_right(1);
    }

    /// Refuses the delivery whole.
    pub(crate) fn reject(&mut self, authority: Option<AuthorityId>, reason: Reason) {
        self.account.rejected = true;
        self.quarantine.push(Quarantined {
            delivery: self.account.id,
            line: None,
            fault: Fault { column: None, reason },
            also: Box::default(),
            authority,
            period: None,
            amount: if self.has_amounts { Known::Missing } else { Known::NotApplicable },
        });
    }
}
