//! The programme as data. `parse` makes it and checks it; every other room only reads it.

use crate::domain::authority::Sector;
use crate::domain::correction::Correctors;
use crate::domain::id::{AuthorityId, InitiativeId, PejlemaerkeId, ServiceId, ThemeId};
use crate::domain::language::{Language, Names};
use crate::domain::money::Oere;
use crate::domain::period::{Month, Span, Year};
use num_rational::BigRational;
use std::collections::{BTreeMap, BTreeSet};

/// One strategy: everything `pipelines/NAME` says that is not a contract.
#[derive(Debug, Clone)]
pub struct Programme {
    /// The pipeline folder's name.
    pub id: String,
    /// The strategy's name.
    pub name: Names,
    /// First month of the programme.
    pub first: Month,
    /// Last month of the programme.
    pub last: Month,
    /// Languages of the report, the first one the reader lands on.
    pub languages: Vec<Language>,
    /// What the money is counted in.
    pub currency: Currency,
    /// Folder of deliveries used when the command line names none, relative to the pipeline folder.
    pub deliveries: String,
    /// Set when the deliveries are made up; printed on every page.
    pub synthetic: bool,
    /// Refused lines the pipeline tolerates.
    pub limits: Limits,
    /// Whose refused lines a correction pack may correct.
    pub corrections: Correctors,
    /// Who may deliver.
    pub authorities: Register<AuthorityId, Authority>,
    /// The guiding marks, in the strategy's order; at least one.
    pub pejlemaerker: Vec<Pejlemaerke>,
    /// The priority themes, in the strategy's order; may be empty.
    pub themes: Vec<Theme>,
    /// The initiatives by id.
    pub initiatives: BTreeMap<InitiativeId, Initiative>,
    /// The services.
    pub services: Register<ServiceId, Service>,
    /// What is assumed of a service that an open register first meets in a delivery.
    pub service_defaults: Option<ServiceDefaults>,
    /// The price level of real figures, and the index tables.
    pub prices: Prices,
    /// What was promised in kroner.
    pub targets: Vec<Target>,
    /// Every assumption a figure rests on, with its source.
    pub assumptions: Vec<Assumption>,
}

/// A list of known ids, or an open list that takes whatever is delivered.
#[derive(Debug, Clone)]
pub struct Register<Id: Ord, Entry> {
    /// Open registers accept ids they have not seen; closed ones refuse the line.
    pub open: bool,
    /// The known entries.
    pub entries: BTreeMap<Id, Entry>,
}

/// What the money is counted in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Currency {
    /// ISO 4217 code, such as `DKK`.
    pub code: String,
    /// The unit as written after a number, such as `kr.` or `£`.
    pub unit: Names,
}

/// Refused lines a pipeline tolerates before a run exits with "over the limit".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Most refused lines, in parts per million of the lines read.
    pub refused_lines_ppm: u32,
    /// Most readable money on refused lines, as a sum of absolute amounts; `None`: no limit.
    pub refused_oere: Option<Oere>,
    /// Most deliveries refused whole.
    pub refused_deliveries: u32,
    /// What may not be worse than in the run before.
    pub not_worse: NotWorse,
    /// Most money that later deliveries replaced, as a sum of absolute amounts; `None`: no limit.
    pub superseded_oere: Option<Oere>,
    /// Most notices of a code; one that is not here has no limit.
    pub notices: BTreeMap<&'static str, u32>,
}

/// What a run is held against the one before it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NotWorse {
    /// Refused lines, as a share of the lines read.
    pub lines: bool,
    /// Readable money on refused lines, as a sum of absolute amounts.
    pub amount: bool,
}

/// An authority (myndighed) that may deliver.
#[derive(Debug, Clone)]
pub struct Authority {
    /// Id in the register.
    pub id: AuthorityId,
    /// Its name.
    pub name: String,
    /// Its sector, which decides its price series.
    pub sector: Sector,
    /// First month it exists; `None`: since before the programme.
    pub valid_from: Option<Month>,
    /// Last month it exists; `None`: it still does.
    pub valid_to: Option<Month>,
    /// Who took over its tasks.
    pub successor: Option<AuthorityId>,
    /// Whether its deliveries are awaited every period.
    pub expected: bool,
}

/// A guiding mark (pejlemærke).
#[derive(Debug, Clone)]
pub struct Pejlemaerke {
    /// Id used in the weights.
    pub id: PejlemaerkeId,
    /// Its name.
    pub name: Names,
    /// What it is meant to bring, as the terms of reference give it.
    pub sub_aims: Vec<SubAim>,
    /// Where the wording comes from.
    pub source: String,
    /// Whether money saved is a measure of this mark.
    pub spending: bool,
}

/// One thing a pejlemærke is meant to bring.
#[derive(Debug, Clone)]
pub struct SubAim {
    /// Its name.
    pub name: Names,
    /// Where the wording comes from.
    pub source: String,
}

/// A priority theme (tema).
#[derive(Debug, Clone)]
pub struct Theme {
    /// Id used in the initiatives.
    pub id: ThemeId,
    /// Its name.
    pub name: Names,
    /// Where the wording comes from.
    pub source: String,
}

/// An initiative (initiativ) of the strategy.
#[derive(Debug, Clone)]
pub struct Initiative {
    /// Such as `1.1`.
    pub id: InitiativeId,
    /// Its title.
    pub title: Names,
    /// Whether the title is the strategy's own; otherwise it is made up and says so.
    pub verified: bool,
    /// Who answers for it.
    pub owner: String,
    /// The theme it belongs to, where one is given.
    pub theme: Option<ThemeId>,
    /// Its weight on each pejlemærke; exact, above zero, sum exactly 1.
    pub weights: BTreeMap<PejlemaerkeId, Weight>,
    /// Where title and content come from.
    pub source: String,
}

/// How much of an initiative counts towards one pejlemærke.
#[derive(Debug, Clone)]
pub struct Weight {
    /// Exact, above 0 and at most 1.
    pub share: BigRational,
    /// Who set it and on what ground.
    pub source: String,
    /// When it was set, ISO date.
    pub date: String,
}

/// A service (ydelse) whose cost and use are followed.
#[derive(Debug, Clone)]
pub struct Service {
    /// Id in the register.
    pub id: ServiceId,
    /// Its name.
    pub name: Names,
    /// The initiative that is to change it.
    pub initiative: InitiativeId,
    /// What is compared with; `None`: there is no baseline, so there is no saving.
    pub baseline: Option<Span>,
    /// Share of its cost that does not follow its volume; `None`: not declared.
    pub fixed_share: Option<FixedShare>,
    /// Which price series its cost follows.
    pub cost_type: CostType,
    /// Whose figures are awaited every period; empty: nobody's by name. Who is silent is unknown.
    pub awaited_from: BTreeSet<AuthorityId>,
}

/// The part of a service's cost that does not follow its volume (φ).
#[derive(Debug, Clone)]
pub struct FixedShare {
    /// Exact, 0 to 1.
    pub share: BigRational,
    /// What it rests on.
    pub source: String,
}

/// What is assumed of a service first met in a delivery (open registers only).
#[derive(Debug, Clone)]
pub struct ServiceDefaults {
    /// The initiative it is counted under.
    pub initiative: InitiativeId,
    /// What is compared with.
    pub baseline: Option<Span>,
    /// Share of its cost that does not follow its volume.
    pub fixed_share: Option<FixedShare>,
    /// Which price series its cost follows.
    pub cost_type: CostType,
}

/// The kind of cost, each with its own price series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CostType {
    /// Wages and prices mixed, or not known.
    General,
    /// Wages.
    Wages,
    /// Purchases.
    Prices,
}

/// The words for kinds of cost.
pub(super) const COST_TYPES: [(&str, CostType); 3] =
    [("general", CostType::General), ("wages", CostType::Wages), ("prices", CostType::Prices)];

/// How prices are compared over time.
#[derive(Debug, Clone)]
pub enum Prices {
    /// The pipeline declares that it does not deflate: every figure is in current prices.
    Current {
        /// Why.
        source: String,
    },
    /// Figures are compared through price indices.
    Indexed {
        /// The year real figures are given in.
        level: Year,
        /// The vintage of the tables used, printed wherever a real figure is.
        vintage: String,
        /// Index by sector, cost type and year; any base, exact.
        index: BTreeMap<(Sector, CostType, Year), BigRational>,
        /// Sectors whose series is borrowed from another, by declaration; footnoted.
        borrowed: BTreeMap<Sector, Borrowed>,
        /// Where the series come from, one line a series.
        sources: Vec<String>,
    },
}

/// A price series one sector lends another, by declaration.
#[derive(Debug, Clone)]
pub struct Borrowed {
    /// The sector whose series is used.
    pub from: Sector,
    /// Why, and on whose word.
    pub source: String,
}

/// How a target in kroner is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetReading {
    /// Savings a year, in the year the target falls due.
    AnnualRunRate,
    /// Savings added up over the whole programme.
    Cumulative,
}

/// A promise in kroner.
#[derive(Debug, Clone)]
pub struct Target {
    /// What was promised, in a few words.
    pub name: Names,
    /// The lower end.
    pub low: Oere,
    /// The upper end.
    pub high: Oere,
    /// Every way the promise can be read; all are shown, none is chosen.
    pub readings: Vec<TargetReading>,
    /// The year it falls due.
    pub due: Year,
    /// First year that counts towards the cumulative reading.
    pub from: Year,
    /// The price level it is assumed to be stated in.
    pub price_level: Year,
    /// Whether the price level is assumed rather than stated by the source.
    pub price_level_assumed: bool,
    /// Gross, net of investment, or unknown.
    pub basis: TargetBasis,
    /// What the deliveries cover of what was promised.
    pub covers: Covers,
    /// The most that is saved on anything unknown; `None`: there is no upper bound.
    pub most_saved: Option<MostSaved>,
    /// What kind of promise it is, such as "potential".
    pub status: Names,
    /// Where it was made.
    pub source: String,
}

/// Whether a target counts investment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetBasis {
    /// Savings before investment.
    Gross,
    /// Savings less investment.
    Net,
    /// The source does not say.
    Unknown,
}

/// What the register covers of what a target is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Covers {
    /// Everyone and everything the target is about.
    All,
    /// The authorities and services of the registers alone: others may save or lose as well.
    Register,
}

/// A declared bound on what is saved where nothing is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MostSaved {
    /// Saving over what it would have cost, exact, 0 to below 1.
    pub share: BigRational,
    /// On whose word.
    pub source: String,
}

/// Something a figure rests on that the deliveries do not show.
#[derive(Debug, Clone)]
pub struct Assumption {
    /// What is assumed.
    pub text: Names,
    /// On whose word.
    pub source: String,
}

impl Programme {
    /// The initiative a service is counted under: the register's, or the open register's default.
    pub fn initiative_of(&self, service: &ServiceId) -> Option<&InitiativeId> {
        self.services
            .entries
            .get(service)
            .map(|entry| &entry.initiative)
            .or_else(|| self.service_defaults.as_ref().map(|defaults| &defaults.initiative))
    }
}
