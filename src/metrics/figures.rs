//! The figures a run computes. Every money figure is whole øre, rounded once where its cell is
//! made; totals are sums of cells, so parts always add up.

use crate::domain::id::{AuthorityId, InitiativeId, PejlemaerkeId, ServiceId};
use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::period::Span;
use crate::domain::share::Share;
use crate::metrics::data_table::DataTable;
use crate::metrics::unknown_part::{CellUnknown, Unknown};
use crate::programme::model::TargetReading;

/// Everything computed in a run.
#[derive(Debug)]
pub struct Metrics {
    /// Every span with posted facts, ascending.
    pub spans: Vec<Span>,
    /// The span page one speaks of: the latest that is over and has a comparison, whole or of some
    /// months, else the latest.
    pub now: Option<Span>,
    /// One cell for each (authority, service, span) with posted facts or a gap, in that order.
    pub cells: Vec<Cell>,
    /// All services together, each counted once, a figure set a span.
    pub total: MarkFigures,
    /// One set a pejlemærke, in the programme's order; weights applied to money.
    pub pejlemaerker: Vec<(PejlemaerkeId, MarkFigures)>,
    /// One position a target and reading, in the programme's order.
    pub targets: Vec<TargetPosition>,
    /// How each service is used, one entry a service and span, in that order.
    pub services: Vec<ServiceUse>,
    /// The same figures as tables, for the data files, in name order.
    /// Column names are stable; `docs/outputs.md` gives unit and meaning.
    pub tables: Vec<DataTable>,
}

/// One authority's one service in one span: the smallest thing a figure is made of.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Whose.
    pub authority: AuthorityId,
    /// Which service.
    pub service: ServiceId,
    /// The initiative that is to change it; `None` when the service has none.
    pub initiative: Option<InitiativeId>,
    /// When.
    pub span: Span,
    /// Everything posted in the span, nominal; `Missing` when no line carried an amount.
    pub spending: Known<Oere>,
    /// The same at the programme's price level.
    pub spending_real: Known<Oere>,
    /// Completed transactions in the span.
    pub volume: Known<i64>,
    /// The comparison with the baseline, or why there is none.
    pub comparison: Result<Comparison, NoComparison>,
    /// What is not known about it; `None` where it is compared wholly, or is the baseline.
    pub unknown: Option<CellUnknown>,
}

/// A cell compared with its baseline over the same months.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The baseline span.
    pub baseline: Span,
    /// Months compared: delivered in both spans, cost and volume both.
    pub months: u8,
    /// Months the span has.
    pub months_in_span: u8,
    /// Nominal spending in the compared months of the baseline (E₀ > 0).
    pub spending_then: Oere,
    /// Nominal spending in the compared months now (E₁ ≥ 0).
    pub spending_now: Oere,
    /// Completed transactions in the compared months of the baseline (V₀ > 0).
    pub volume_then: i64,
    /// Completed transactions in the compared months now (V₁ > 0).
    pub volume_now: i64,
    /// The saving, for each assumption about fixed cost.
    pub saving: Range,
    /// The saving at the programme's price level, for each assumption about fixed cost.
    pub saving_real: Range,
    /// What the change from baseline to now consists of.
    pub bridge: Bridge,
}

/// Why a cell has no comparison, and so no saving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoComparison {
    /// The cell is in the baseline span itself.
    IsBaseline,
    /// The programme declares no baseline for the service.
    NoBaseline,
    /// The baseline span is declared, and nothing usable was delivered for it.
    BaselineMissing,
    /// Nothing usable was delivered for the span: no cost, no volume, or never in the same month.
    NowMissing,
    /// The service had no volume in one of the two spans: a new or closed task, not a saving.
    NewOrClosed,
    /// Nothing was spent then, or more came in than was spent in one of the two spans: what a
    /// transaction costs has no meaning.
    NetIncome,
}

/// The saving under each assumption about the part of cost that does not follow volume (φ).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Range {
    /// φ = 0: all cost follows volume.
    pub none_fixed: Oere,
    /// φ as declared for the service; `None` where none is declared.
    pub declared: Option<Oere>,
    /// φ = 1: no cost follows volume.
    pub all_fixed: Oere,
}

/// What E₁ − E₀ consists of. The four add up to the difference, to the øre.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bridge {
    /// Dearer or cheaper input at the old volume.
    pub price: Oere,
    /// More or fewer transactions at the old unit cost.
    pub volume: Oere,
    /// Fixed cost spread over more or fewer transactions; zero when φ = 0 or not declared.
    pub absorption: Oere,
    /// The rest: doing the same for more or less. Minus the declared saving.
    pub efficiency: Oere,
}

/// The figures of a pejlemærke, or of everything together.
#[derive(Debug, Clone, Default)]
pub struct MarkFigures {
    /// One entry a span, ascending; spans without any cell are left out.
    pub spans: Vec<SpanFigures>,
    /// One entry for each of `spans`: what those had who delivered in the span page one speaks of
    /// and in the one it is compared with. Empty where that span is none of these, and for the
    /// total.
    pub course: Vec<PanelPoint>,
}

impl MarkFigures {
    /// The figures of one span.
    pub fn at(&self, span: Span) -> Option<&SpanFigures> {
        self.spans.iter().find(|figures| figures.span == span)
    }
}

/// One pejlemærke in one span.
#[derive(Debug, Clone)]
pub struct SpanFigures {
    /// When.
    pub span: Span,
    /// Nominal spending of every cell, weighted.
    pub spending: Known<Oere>,
    /// The same at the programme's price level.
    pub spending_real: Known<Oere>,
    /// Sums over the cells compared over the whole span, weighted; `Missing` when there is none.
    pub compared: Known<Compared>,
    /// The same over the cells compared over some of its months. No part of the above, since the
    /// saving of some months is no saving of a year.
    pub partly: Known<Compared>,
    /// How much of the span the comparison rests on, and what stands outside it.
    pub basis: Basis,
    /// What is not known about the saving of the span, weighted.
    pub unknown: Unknown,
    /// Cost-weighted activity index, chained span by span from the first; `1_000_000` is index 100.
    pub activity_index_ppm: Known<i64>,
    /// Input volume index on the same panel and scale.
    pub input_index_ppm: Known<i64>,
    /// Productivity, activity over input, on the same scale.
    pub productivity_ppm: Known<i64>,
    /// What the three rest on: the link from the span before.
    pub chain: ChainLink,
    /// Real unit cost now over baseline on the compared cells, `1_000_000` = unchanged.
    pub unit_cost_index_ppm: Known<i64>,
    /// Spending of those who delivered the same months then and now, weighted.
    pub spending_panel: Known<SpendingPanel>,
    /// Completed digitally out of completed.
    pub digital: ShareFigures,
    /// Completed out of started.
    pub completion: ShareFigures,
    /// Satisfied out of answered.
    pub satisfaction: ShareFigures,
    /// The span that panels compare this one with; `None` where none lies before it.
    pub panel_then: Option<Span>,
}

/// What the chained indices of a span rest on: the link from the span before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChainLink {
    /// Units in both spans.
    pub units: u32,
    /// Fewest and most months compared of one of them; `None` where there is no link.
    pub months: Option<(u8, u8)>,
    /// Their part of all that was spent in the span before; `None` where there is no link.
    pub spending_share_ppm: Option<i64>,
    /// Whether nothing is in both spans, so that the indices begin anew at 100.
    pub broken: bool,
}

/// A share of use, in one span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareFigures {
    /// Mean over the services: counts of unlike services are not added. `Missing` when no service
    /// that reports it has spending in its baseline to be weighed by.
    pub mean: Known<Mean>,
    /// Every count added up, whatever it is a count of. For data files alone.
    pub counts: Known<Share>,
    /// The same then and now, over the same units and months.
    pub panel: Known<SharePanel>,
}

impl Default for ShareFigures {
    fn default() -> ShareFigures {
        let (mean, counts, panel) = (Known::Missing, Known::Missing, Known::Missing);
        ShareFigures { mean, counts, panel }
    }
}

/// The mean of the services' shares, each weighted with what it spent in its baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mean {
    /// The mean, in parts per million.
    pub ppm: i64,
    /// Lower and upper end of its 95 % interval, in parts per million; `None` where what is counted
    /// is everything, not a sample.
    pub interval: Option<(i64, i64)>,
    /// Services in it.
    pub services: u32,
    /// Services that report the share and have no spending in a baseline: in no mean.
    pub unweighed: u32,
    /// What the shares are out of, over the services in it.
    pub count: i64,
    /// The service with the largest part of that count; ties go to the earlier id.
    pub largest: ServiceId,
    /// Its part, in parts per million.
    pub largest_ppm: i64,
}

/// A share then and now, over the same units and months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharePanel {
    /// The means then and now; `None` when no service in it has spending in its baseline.
    pub means: Option<(Mean, Mean)>,
    /// How many (authority, service) units the means rest on: those of services with a share in
    /// both ends.
    pub cells: u32,
    /// Every count then, added up, also of services that had none in one end.
    pub counts_then: Share,
    /// Every count now, added up likewise.
    pub counts_now: Share,
    /// How many (authority, service) units the counts are of.
    pub counts_cells: u32,
}

/// Spending then and now, over the same units and months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpendingPanel {
    /// Then.
    pub then: Spent,
    /// Now.
    pub now: Spent,
    /// How many (authority, service) units it rests on.
    pub cells: u32,
}

/// An amount, nominal and at the programme's price level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spent {
    /// Nominal.
    pub nominal: Oere,
    /// At the programme's price level.
    pub real: Oere,
}

/// A span on the way from then to now: what the panel of those two had in it. `Missing` where it
/// did not deliver all of the panel's months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelPoint {
    /// What it spent, weighted.
    pub spending: Known<Spent>,
    /// Digital take-up.
    pub digital: Known<Mean>,
    /// Completion.
    pub completion: Known<Mean>,
    /// Satisfaction.
    pub satisfaction: Known<Mean>,
}

/// One service in one span, over every authority that reports it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceUse {
    /// Which.
    pub service: ServiceId,
    /// When.
    pub span: Span,
    /// What it spent in its baseline, nominal: its weight in a mean.
    pub baseline_spending: Known<Oere>,
    /// Completed digitally out of completed.
    pub digital: Known<Share>,
    /// Completed out of started.
    pub completion: Known<Share>,
    /// Satisfied out of answered.
    pub satisfaction: Known<Share>,
    /// Lower and upper end of the 95 % interval of `satisfaction`, in parts per million.
    pub interval: Option<(i64, i64)>,
}

/// Sums over compared cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Compared {
    /// E₀ over the compared cells.
    pub spending_then: Oere,
    /// E₁ over the compared cells.
    pub spending_now: Oere,
    /// Saving, nominal. `declared` is `None` unless every compared cell has a declared φ.
    pub saving: Range,
    /// Saving at the programme's price level.
    pub saving_real: Range,
    /// What E₁ − E₀ consists of.
    pub bridge: Bridge,
}

/// What a span's comparison rests on, in cells and in weighted kroner of the span's spending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Basis {
    /// Cells compared over every month of the span.
    pub compared: u32,
    /// The months they have together.
    pub months: u32,
    /// Cells compared over some of its months, and so in no sum of the span.
    pub partly: u32,
    /// The months in which they are compared.
    pub months_partly: u32,
    /// Cells that are the baseline themselves.
    pub is_baseline: u32,
    /// Cells without a declared baseline.
    pub no_baseline: u32,
    /// Cells whose baseline was never delivered.
    pub baseline_missing: u32,
    /// Cells where cost or volume is missing now.
    pub now_missing: u32,
    /// New or closed tasks.
    pub new_or_closed: u32,
    /// Cells with income above spending, or no spending in the baseline.
    pub net_income: u32,
    /// Spending of the cells compared over every month, weighted.
    pub spending_compared: Oere,
    /// Spending delivered in the span that stands outside every comparison, weighted.
    pub spending_outside: Oere,
}

impl Basis {
    /// Cells whose saving over the whole span is not known.
    pub fn unknown(&self) -> u32 {
        self.partly
            + self.no_baseline
            + self.baseline_missing
            + self.now_missing
            + self.new_or_closed
            + self.net_income
    }
}

/// Where a target stands, in one of its readings. No verdict: each reading is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetPosition {
    /// Which target, by its place in the programme.
    pub target: usize,
    /// How it is read.
    pub reading: TargetReading,
    /// The saving that counts under this reading, at the target's price level, for each assumption
    /// about fixed cost; `Missing` when nothing could be compared.
    pub reached: Known<Range>,
    /// Lower end of the target.
    pub low: Oere,
    /// Upper end of the target.
    pub high: Oere,
    /// Cells whose saving is not known, in the spans that count.
    pub unknown_cells: u32,
    /// Cells compared, in the spans that count.
    pub compared_cells: u32,
    /// The months they are compared over.
    pub compared_months: u32,
    /// What is not known in the spans that count.
    pub unknown: Unknown,
}
