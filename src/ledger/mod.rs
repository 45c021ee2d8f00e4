//! Facts to one reconciled table: what counts, what is superseded, who has not delivered.

pub(crate) mod awaited;
mod balance;
mod bound;
mod copies;
mod coverage;
pub(crate) mod notices;
pub(crate) mod posting;
pub(crate) mod previous;
mod refuse;
mod revision;
pub(crate) mod vat;

use crate::collect::Ingested;
use crate::contract::compiled::Contract;
use crate::domain::correction::Corrections;
use crate::domain::money::Oere;
use crate::domain::notice::Notice;
use crate::domain::period::Month;
use crate::domain::quarantine::Quarantined;
use crate::domain::reached_twice::ReachedTwice;
use crate::facts::Facts;
use crate::ledger::awaited::Coverage;
use crate::ledger::posting::{Balance, DeliveryPosting};
use crate::ledger::previous::{Previous, PreviousCheck};
use crate::ledger::vat::VatStatement;
use crate::programme::model::Limits;

/// The reconciled table: every line read is posted, superseded or refused, and counted once.
#[derive(Debug)]
pub struct Ledger {
    /// Facts that count, in key order (then delivery).
    pub posted: Facts,
    /// Facts a later delivery replaced, in key order (then delivery).
    pub superseded: Facts,
    /// Refused lines in (delivery, line) order.
    pub quarantine: Vec<Quarantined>,
    /// What correction packs came to.
    pub corrections: Corrections,
    /// One account a delivery, in name order.
    pub deliveries: Vec<DeliveryPosting>,
    /// The balance of the whole run; proven when the ledger is made.
    pub balance: Balance,
    /// Who should have delivered what, and did.
    pub coverage: Coverage,
    /// What counts and should be known, in order of delivery and code.
    pub notices: Vec<Notice>,
    /// What the run before refused, where its receipt was named.
    pub previous: Option<Previous>,
    /// What was found by a second way and read by the first alone, in name order.
    pub again: Vec<ReachedTwice>,
    /// What contracts say of VAT in their amounts, in the contracts' order.
    pub vat: Vec<VatStatement>,
    /// The month the run looks back from: nothing later is awaited or compared.
    pub as_of: Month,
}

/// Which of the pipeline's limits are passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exceeded {
    /// More lines are refused than tolerated.
    pub lines: bool,
    /// More money stands on refused lines than tolerated.
    pub amount: bool,
    /// More deliveries are refused whole than tolerated.
    pub deliveries: bool,
    /// Refused lines, held against the run before.
    pub lines_before: PreviousCheck,
    /// Money on refused lines, held against the run before.
    pub amount_before: PreviousCheck,
}

impl Ledger {
    /// Deliveries refused whole.
    pub fn rejected(&self) -> usize {
        self.deliveries.iter().filter(|posting| posting.account.rejected).count()
    }

    /// Which limits are passed: in lines, in money at stake, in deliveries refused whole.
    pub fn exceeded(&self, limits: &Limits) -> Exceeded {
        let lines = self.balance.lines;
        let refused = u64::from(lines.refused) * 1_000_000;
        let tolerated = u64::from(lines.read) * u64::from(limits.refused_lines_ppm);
        let at_stake = self.balance.refused_absolute;
        let most = usize::try_from(limits.refused_deliveries).unwrap_or(usize::MAX);
        Exceeded {
            lines: refused > tolerated,
            amount: limits.refused_oere.is_some_and(|limit| at_stake > limit),
            deliveries: self.rejected() > most,
            lines_before: self.before(limits.not_worse.lines, Previous::lines),
            amount_before: self.before(limits.not_worse.amount, Previous::amount),
        }
    }

    fn before(&self, asked: bool, how: fn(&Previous, &Balance) -> PreviousCheck) -> PreviousCheck {
        match &self.previous {
            _ if !asked => PreviousCheck::NotAsked,
            None => PreviousCheck::NoPrevious,
            Some(previous) => how(previous, &self.balance),
        }
    }

    /// Whether any limit is passed.
    pub fn over_limit(&self, limits: &Limits) -> bool {
        self.refused_too_much(limits)
            || self.replaced_too_much(limits)
            || !self.too_many(limits).is_empty()
    }

    /// Whether more is refused than tolerated, or than in the run before.
    pub fn refused_too_much(&self, limits: &Limits) -> bool {
        let exceeded = self.exceeded(limits);
        let worse = [exceeded.lines_before, exceeded.amount_before].contains(&PreviousCheck::Worse);
        exceeded.lines || exceeded.amount || exceeded.deliveries || worse
    }

    /// The same beside the run before, whose deliveries are known by the contracts that claim their
    /// names now.
    #[must_use]
    pub fn held_against(self, contracts: &[Contract], previous: Option<Previous>) -> Ledger {
        let Ledger { mut notices, .. } = self;
        if let Some(previous) = &previous {
            notices.extend(notices::before::find(contracts, &self.deliveries, previous));
            in_order(&mut notices);
        }
        Ledger { notices, previous, ..self }
    }

    /// The same, with what was found by a second way.
    #[must_use]
    pub fn found_again(self, again: Vec<ReachedTwice>) -> Ledger {
        let Ledger { mut notices, .. } = self;
        notices.extend(notices::read_once(&self.deliveries, &again));
        in_order(&mut notices);
        Ledger { notices, again, ..self }
    }

    /// What later deliveries replaced, file by file and without signs.
    pub fn replaced(&self) -> Oere {
        let codes = notices::by_code(&self.notices);
        let amounts = ["N001", "N002"].map(|code| codes.get(code).map_or(0, |of| of.2.get()));
        Oere::new(amounts.into_iter().fold(0, i64::saturating_add))
    }

    /// Whether later deliveries replaced more money than tolerated.
    pub fn replaced_too_much(&self, limits: &Limits) -> bool {
        limits.superseded_oere.is_some_and(|most| self.replaced() > most)
    }

    /// The codes there are more notices of than tolerated.
    pub fn too_many(&self, limits: &Limits) -> Vec<&'static str> {
        notices::over_limit(&self.notices, limits)
    }
}

/// By delivery, then by code and details.
fn in_order(notices: &mut [Notice]) {
    notices.sort_by(|one, other| (one.delivery, &one.what).cmp(&(other.delivery, &other.what)));
}

/// Posts what was ingested: lets later deliveries supersede earlier ones, proves the balance, and
/// finds who has not delivered.
///
/// - Shape: facts in (key, delivery) order; deliveries in name order.
/// - Keeps: read = posted + superseded + refused for every delivery, in lines and in readable øre;
///   the absolute amounts of all facts add up to less than `i64` øre, so no sum of them can wrap.
/// - `as_of`: the month to look back from; `None` takes the last month anything was posted for.
///   A delivery that would bring them past it is refused whole (Q013), the heaviest first.
pub fn post(contracts: &[Contract], mut ingested: Ingested, as_of: Option<Month>) -> Ledger {
    bound::bound(contracts, &mut ingested);
    let mut notices = copies::set_aside(contracts, &mut ingested);
    let (posted, superseded, replaced) = revision::supersede(contracts, &mut ingested);
    notices.extend(replaced);
    notices.extend(notices::find(contracts, &ingested.accounts, &posted));
    in_order(&mut notices);
    let Ingested { quarantine, corrections, accounts, .. } = ingested;
    let (deliveries, balance) = balance::prove(accounts, &quarantine, &posted, &superseded);
    let last = contracts.first().map(|contract| contract.terms.last);
    let as_of = as_of
        .or_else(|| posted.last_month().min(last))
        .or(last)
        .expect("a pipeline has at least one contract");
    let coverage = coverage::find(contracts, &posted, &quarantine, &deliveries, as_of);
    Ledger {
        vat: vat::statements(contracts),
        posted,
        superseded,
        quarantine,
        corrections,
        deliveries,
        balance,
        coverage,
        notices,
        previous: None,
        again: Vec::new(),
        as_of,
    }
}
