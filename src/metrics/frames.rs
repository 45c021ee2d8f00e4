//! The figures as tables for the data files: whole numbers and text only, null where not known.

use crate::domain::id::{InitiativeId, PejlemaerkeId};
use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::share::Share;
use crate::metrics::data_table::{Column, DataTable};
use crate::metrics::figures::{
    Basis, Bridge, Cell, Compared, Comparison, MarkFigures, Mean, NoComparison, Range, ServiceUse,
    ShareFigures, SharePanel, SpanFigures, SpendingPanel, TargetPosition,
};
use crate::metrics::followed::is_whole;
use crate::metrics::unknown_part::Unknown;
use crate::programme::model::{Programme, Target, TargetReading};

/// Every table of a run, in name order: `cells`, `marks`, `services`, `targets`.
///
/// - Shape: columns are whole numbers or text. A null is a figure that is not known; where there
///   are several reasons, a column ending in `_state` gives it. `docs/method.md` gives formula and
///   unit.
pub(crate) fn tables(
    programme: &Programme,
    cells: &[Cell],
    services: &[ServiceUse],
    (total, pejlemaerker): (&MarkFigures, &[(PejlemaerkeId, MarkFigures)]),
    targets: &[TargetPosition],
) -> Vec<DataTable> {
    let marks: Vec<MarkRow<'_>> = std::iter::once(("total", total))
        .chain(pejlemaerker.iter().map(|(id, figures)| (id.as_str(), figures)))
        .flat_map(|(mark, figures)| figures.spans.iter().map(move |at| MarkRow { mark, at }))
        .collect();
    let targets: Vec<TargetRow<'_>> =
        targets.iter().map(|at| TargetRow { target: &programme.targets[at.target], at }).collect();
    vec![cell_table(cells), mark_table(&marks), service_table(services), target_table(&targets)]
}

struct MarkRow<'a> {
    mark: &'a str,
    at: &'a SpanFigures,
}

struct TargetRow<'a> {
    target: &'a Target,
    at: &'a TargetPosition,
}

/// A table in the making: rows, and the columns read off them so far.
struct TableBuilder<'a, R> {
    rows: &'a [R],
    columns: Vec<Column>,
}

impl<'a, R> TableBuilder<'a, R> {
    fn new(rows: &'a [R]) -> TableBuilder<'a, R> {
        let columns = Vec::new();
        TableBuilder { rows, columns }
    }

    fn text(mut self, name: &str, read: impl Fn(&R) -> Option<String>) -> Self {
        self.columns.push(Column::text(name, self.rows.iter().map(read)));
        self
    }

    fn number(mut self, name: &str, read: impl Fn(&R) -> Option<i64>) -> Self {
        self.columns.push(Column::int(name, self.rows.iter().map(read)));
        self
    }

    fn oere(self, name: &str, read: impl Fn(&R) -> Option<Oere>) -> Self {
        self.number(name, |row| read(row).map(Oere::get))
    }

    fn range(self, name: &str, read: impl Fn(&R) -> Option<Range>) -> Self {
        self.oere(&format!("{name}_oere_phi0"), |row| Some(read(row)?.none_fixed))
            .oere(&format!("{name}_oere_declared"), |row| read(row)?.declared)
            .oere(&format!("{name}_oere_phi1"), |row| Some(read(row)?.all_fixed))
    }

    fn bridge(self, read: impl Fn(&R) -> Option<Bridge>) -> Self {
        self.oere("bridge_price_oere", |row| Some(read(row)?.price))
            .oere("bridge_volume_oere", |row| Some(read(row)?.volume))
            .oere("bridge_absorption_oere", |row| Some(read(row)?.absorption))
            .oere("bridge_efficiency_oere", |row| Some(read(row)?.efficiency))
    }

    fn index(self, name: &str, read: impl Fn(&R) -> Known<i64>) -> Self {
        self.number(&format!("{name}_ppm"), |row| read(row).value())
            .text(&format!("{name}_state"), |row| Some(state(&read(row)).to_owned()))
    }

    fn counts(self, name: &str, read: impl Fn(&R) -> Known<Share>) -> Self {
        let value = |row: &R| read(row).value();
        self.number(&format!("{name}_numerator"), |row| Some(value(row)?.numerator))
            .number(&format!("{name}_denominator"), |row| Some(value(row)?.denominator))
            .number(&format!("{name}_ppm"), |row| Some(value(row)?.parts_per_million()))
    }

    fn share(self, name: &str, read: impl Fn(&R) -> Known<Share>) -> Self {
        self.counts(name, &read)
            .text(&format!("{name}_state"), |row| Some(state(&read(row)).to_owned()))
    }

    /// A mean, and the ends of its interval where it has one.
    fn mean(self, name: &str, sampled: bool, read: impl Fn(&R) -> Option<Mean>) -> Self {
        let sheet = self.number(&format!("{name}_ppm"), |row| Some(read(row)?.ppm));
        if !sampled {
            return sheet;
        }
        sheet
            .number(&format!("{name}_low_ppm"), |row| Some(read(row)?.interval?.0))
            .number(&format!("{name}_high_ppm"), |row| Some(read(row)?.interval?.1))
            .number(&format!("{name}_n"), |row| Some(read(row)?.count))
    }

    /// A share of use: its mean, what that rests on, all counts added up, and its panel.
    fn used(self, name: &str, sampled: bool, read: impl Fn(&R) -> &ShareFigures) -> Self {
        let mean = |row: &R| read(row).mean.clone().value();
        let panel = |row: &R| -> Option<SharePanel> { read(row).panel.clone().value() };
        let counts =
            |pick: fn(SharePanel) -> Share| move |row: &R| Known::from_option(panel(row).map(pick));
        let (then, now) = (format!("{name}_panel_then"), format!("{name}_panel_now"));
        self.mean(name, sampled, mean)
            .text(&format!("{name}_state"), |row| Some(state(&read(row).mean).to_owned()))
            .number(&format!("{name}_services"), |row| Some(mean(row)?.services.into()))
            .number(&format!("{name}_services_unweighed"), |row| Some(mean(row)?.unweighed.into()))
            .text(&format!("{name}_largest"), |row| Some(mean(row)?.largest.to_string()))
            .number(&format!("{name}_largest_ppm"), |row| Some(mean(row)?.largest_ppm))
            .counts(&format!("{name}_counts"), |row| read(row).counts)
            .mean(&then, sampled, |row| Some(panel(row)?.means?.0))
            .mean(&now, sampled, |row| Some(panel(row)?.means?.1))
            .number(&format!("{name}_panel_cells"), |row| Some(panel(row)?.cells.into()))
            .number(&format!("{name}_panel_counts_cells"), |row| {
                Some(panel(row)?.counts_cells.into())
            })
            .counts(&format!("{then}_counts"), counts(|panel| panel.counts_then))
            .counts(&format!("{now}_counts"), counts(|panel| panel.counts_now))
    }

    fn unknown(self, read: impl Fn(&R) -> &Unknown) -> Self {
        let unweighed = |row: &R| {
            let unknown = read(row);
            Some((unknown.comparisons().unweighed + unknown.refused().unweighed).into())
        };
        self.oere("unknown_spending_oere", |row| Some(read(row).comparisons().spending))
            .oere("unknown_estimated_oere", |row| Some(read(row).comparisons().estimated))
            .oere("unknown_refused_oere", |row| Some(read(row).refused().spending))
            .number("unknown_unweighed", unweighed)
    }

    fn finish(self, name: &str) -> DataTable {
        DataTable::new(name, self.columns)
    }
}

fn state<T>(known: &Known<T>) -> &'static str {
    match known {
        Known::Value(_) => "known",
        Known::Missing => "missing",
        Known::Suppressed => "suppressed",
        Known::NotApplicable => "not_applicable",
    }
}

fn cell_table(cells: &[Cell]) -> DataTable {
    let compared = |cell: &Cell| cell.comparison.clone().ok();
    TableBuilder::new(cells)
        .text("authority", |cell| Some(cell.authority.to_string()))
        .text("service", |cell| Some(cell.service.to_string()))
        .text("initiative", |cell| cell.initiative.as_ref().map(InitiativeId::to_string))
        .text("span", |cell| Some(cell.span.to_string()))
        .oere("spending_oere", |cell| cell.spending.value())
        .oere("spending_real_oere", |cell| cell.spending_real.value())
        .number("volume", |cell| cell.volume.value())
        .text("state", |cell| Some(comparison_state(&cell.comparison).to_owned()))
        .text("baseline", |cell| Some(compared(cell)?.baseline.to_string()))
        .number("months_compared", |cell| Some(compared(cell)?.months.into()))
        .number("months_in_span", |cell| Some(compared(cell)?.months_in_span.into()))
        .oere("spending_then_oere", |cell| Some(compared(cell)?.spending_then))
        .oere("spending_now_oere", |cell| Some(compared(cell)?.spending_now))
        .number("volume_then", |cell| Some(compared(cell)?.volume_then))
        .number("volume_now", |cell| Some(compared(cell)?.volume_now))
        .range("saving", |cell| Some(compared(cell)?.saving))
        .range("saving_real", |cell| Some(compared(cell)?.saving_real))
        .bridge(|cell| Some(compared(cell)?.bridge))
        .oere("unknown_spending_oere", |cell| Some(cell.unknown?.spending))
        .oere("unknown_estimated_oere", |cell| Some(cell.unknown?.estimated))
        .number("unknown_unweighed", |cell| Some(cell.unknown?.unweighed.into()))
        .finish("cells")
}

fn comparison_state(comparison: &Result<Comparison, NoComparison>) -> &'static str {
    match comparison {
        Ok(comparison) if is_whole(comparison) => "compared",
        Ok(_) => "partly",
        Err(NoComparison::IsBaseline) => "is_baseline",
        Err(NoComparison::NoBaseline) => "no_baseline",
        Err(NoComparison::BaselineMissing) => "baseline_missing",
        Err(NoComparison::NowMissing) => "now_missing",
        Err(NoComparison::NewOrClosed) => "new_or_closed",
        Err(NoComparison::NetIncome) => "net_income",
    }
}

fn mark_table(rows: &[MarkRow<'_>]) -> DataTable {
    let compared = |row: &MarkRow<'_>| -> Option<Compared> { row.at.compared.value() };
    let panel = |row: &MarkRow<'_>| -> Option<SpendingPanel> { row.at.spending_panel.value() };
    let sheet = TableBuilder::new(rows)
        .text("pejlemaerke", |row| Some(row.mark.to_owned()))
        .text("span", |row| Some(row.at.span.to_string()))
        .oere("spending_oere", |row| row.at.spending.value())
        .oere("spending_real_oere", |row| row.at.spending_real.value())
        .oere("spending_then_oere", |row| Some(compared(row)?.spending_then))
        .oere("spending_now_oere", |row| Some(compared(row)?.spending_now))
        .range("saving", |row| Some(compared(row)?.saving))
        .range("saving_real", |row| Some(compared(row)?.saving_real))
        .bridge(|row| Some(compared(row)?.bridge));
    basis_columns(sheet)
        .index("activity_index", |row| row.at.activity_index_ppm)
        .index("input_index", |row| row.at.input_index_ppm)
        .index("productivity", |row| row.at.productivity_ppm)
        .number("chain_units", |row| Some(row.at.chain.units.into()))
        .number("chain_months_min", |row| Some(row.at.chain.months?.0.into()))
        .number("chain_months_max", |row| Some(row.at.chain.months?.1.into()))
        .number("chain_spending_share_ppm", |row| row.at.chain.spending_share_ppm)
        .number("chain_break", |row| Some(row.at.chain.broken.into()))
        .index("unit_cost_index", |row| row.at.unit_cost_index_ppm)
        .text("panel_then", |row| Some(row.at.panel_then?.to_string()))
        .oere("spending_panel_then_oere", |row| Some(panel(row)?.then.nominal))
        .oere("spending_panel_now_oere", |row| Some(panel(row)?.now.nominal))
        .oere("spending_real_panel_then_oere", |row| Some(panel(row)?.then.real))
        .oere("spending_real_panel_now_oere", |row| Some(panel(row)?.now.real))
        .number("spending_panel_cells", |row| Some(panel(row)?.cells.into()))
        .used("digital", false, |row| &row.at.digital)
        .used("completion", false, |row| &row.at.completion)
        .used("satisfaction", true, |row| &row.at.satisfaction)
        .finish("marks")
}

/// Reads one count off a basis.
type CountOf = fn(&Basis) -> u32;

fn basis_columns<'a, 'b>(sheet: TableBuilder<'a, MarkRow<'b>>) -> TableBuilder<'a, MarkRow<'b>> {
    let counts: [(&str, CountOf); 8] = [
        ("cells_compared", |basis| basis.compared),
        ("cells_partly", |basis| basis.partly),
        ("cells_is_baseline", |basis| basis.is_baseline),
        ("cells_no_baseline", |basis| basis.no_baseline),
        ("cells_baseline_missing", |basis| basis.baseline_missing),
        ("cells_now_missing", |basis| basis.now_missing),
        ("cells_new_or_closed", |basis| basis.new_or_closed),
        ("cells_net_income", |basis| basis.net_income),
    ];
    counts
        .into_iter()
        .fold(sheet, |sheet, (name, read)| {
            sheet.number(name, move |row| Some(read(&row.at.basis).into()))
        })
        .oere("spending_compared_oere", |row| Some(row.at.basis.spending_compared))
        .oere("spending_outside_oere", |row| Some(row.at.basis.spending_outside))
        .unknown(|row| &row.at.unknown)
}

fn service_table(rows: &[ServiceUse]) -> DataTable {
    TableBuilder::new(rows)
        .text("service", |row| Some(row.service.to_string()))
        .text("span", |row| Some(row.span.to_string()))
        .oere("baseline_spending_oere", |row| row.baseline_spending.value())
        .share("digital", |row| row.digital)
        .share("completion", |row| row.completion)
        .share("satisfaction", |row| row.satisfaction)
        .number("satisfaction_low_ppm", |row| Some(row.interval?.0))
        .number("satisfaction_high_ppm", |row| Some(row.interval?.1))
        .finish("services")
}

fn target_table(rows: &[TargetRow<'_>]) -> DataTable {
    TableBuilder::new(rows)
        .number("target", |row| i64::try_from(row.at.target + 1).ok())
        .text("reading", |row| Some(reading_word(row.at.reading).to_owned()))
        .number("from", |row| Some(row.target.from.get().into()))
        .number("due", |row| Some(row.target.due.get().into()))
        .number("price_level", |row| Some(row.target.price_level.get().into()))
        .oere("low_oere", |row| Some(row.at.low))
        .oere("high_oere", |row| Some(row.at.high))
        .range("reached", |row| row.at.reached.value())
        .text("reached_state", |row| Some(state(&row.at.reached).to_owned()))
        .number("cells_compared", |row| Some(row.at.compared_cells.into()))
        .number("cells_unknown", |row| Some(row.at.unknown_cells.into()))
        .number("months_compared", |row| Some(row.at.compared_months.into()))
        .unknown(|row| &row.at.unknown)
        .finish("targets")
}

fn reading_word(reading: TargetReading) -> &'static str {
    match reading {
        TargetReading::AnnualRunRate => "annual_run_rate",
        TargetReading::Cumulative => "cumulative",
    }
}
