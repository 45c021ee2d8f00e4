//! A pejlemærke's charts over time: saving, bridge, spending, productivity, unit cost, use.

use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::period::Span;
use crate::metrics::figures::{MarkFigures, Range, SpanFigures, SpendingPanel, Spent};
use crate::programme::model::{Pejlemaerke, Programme};
use crate::report::about::PageContext;
use crate::report::document::{Block, ChartUnit, Figure, Phrase, TextKey, Value};
use crate::report::figure::{AxisStart, ChartSeries, lines};
use crate::report::finding::{SavingKeys, direction, relative_ppm, saving};
use crate::report::use_figures::{COMPLETION, DIGITAL, SATISFACTION, Use};
use crate::report::{bridge, phrase, price};

const SAVING: SavingKeys = SavingKeys {
    saved: "saving.headline_saved",
    extra: "saving.headline_extra",
    open: "saving.headline_open",
};

/// Index 100.
const HUNDRED: i64 = 1_000_000;

/// The figures of one pejlemærke; one that has no known value is said to be missing.
pub(crate) fn blocks(
    programme: &Programme,
    mark: &Pejlemaerke,
    slug: &str,
    all: &MarkFigures,
    now: Option<&SpanFigures>,
) -> Vec<Block> {
    let spans: Vec<Span> = all.spans.iter().map(|figures| figures.span).collect();
    let about = PageContext { programme, slug, all, spans: &spans };
    let mut blocks = Vec::new();
    let used = |shown: &Use| told_or_missing(shown.figure(&about, now), shown.missing());
    let shares = [DIGITAL, COMPLETION, SATISFACTION];
    if !mark.spending {
        blocks.extend(shares.iter().map(used));
        blocks.push(Block::Text(Phrase::new("mark.money_follows")));
    }
    blocks.push(told_or_missing(savings(&about), "saving.missing"));
    let waterfall =
        now.and_then(|figures| bridge::figure(programme, format!("{slug}-bro"), figures));
    blocks.push(told_or_missing(waterfall, "overview.no_bridge"));
    blocks.push(told_or_missing(spending(&about, now), "spending.missing"));
    blocks.push(told_or_missing(productivity(&about), "productivity.missing"));
    blocks.push(told_or_missing(unit_cost(&about), "unit_cost.missing"));
    if mark.spending {
        blocks.extend(shares.iter().map(used));
    }
    blocks
}

fn told_or_missing(figure: Option<Figure>, missing: TextKey) -> Block {
    match figure {
        Some(figure) => Block::Figure(figure),
        None => Block::Text(Phrase::new(missing)),
    }
}

/// The saving a span, under each assumption about fixed cost.
fn savings(about: &PageContext<'_>) -> Option<Figure> {
    let money = |pick: fn(Range) -> Option<Oere>| {
        about.series(|figures| {
            let range = price::saving_at(about.programme, Some(figures));
            Known::from_option(range.and_then(pick).map(Oere::get))
        })
    };
    let latest = about.all.spans.iter().rev().find_map(|figures| {
        price::saving_at(about.programme, Some(figures)).map(|range| (figures.span, range))
    });
    let (span, range) = latest?;
    let told = about.told(
        "besparelse",
        saving(&SAVING, range).with("span", Value::Span(span)),
        about.period(Phrase::new("saving.subtitle")).with("level", price::level(about.programme)),
        Phrase::new("saving.note").with("price", price::stated(about.programme)),
    );
    let series = [
        ChartSeries::new("saving.none_fixed", money(|range| Some(range.none_fixed))),
        ChartSeries::new("saving.declared", money(|range| range.declared)),
        ChartSeries::new("saving.all_fixed", money(|range| Some(range.all_fixed))),
    ];
    lines(told, ChartUnit::Money, AxisStart::FromZero, about.spans, &series)
}

/// Spending of those who delivered the same months then and now, and of all who delivered, pale.
fn spending(about: &PageContext<'_>, now: Option<&SpanFigures>) -> Option<Figure> {
    let indexed = price::indexed(about.programme);
    let panel = now.and_then(|figures| figures.spending_panel.value());
    let told = about.told(
        "udgifter",
        spending_headline(indexed, panel)
            .with("first", phrase::span(now.and_then(|figures| figures.panel_then)))
            .with("last", phrase::span(now.map(|figures| figures.span)))
            .with("level", price::level(about.programme)),
        about.period(Phrase::new("spending.subtitle")),
        Phrase::new("spending.note").with("price", price::stated(about.programme)),
    );
    let nominal = about.series(|figures| figures.spending.map(Oere::get));
    let real = about.series(|figures| figures.spending_real.map(Oere::get));
    let course = about.course(|point| {
        point.spending.map(|spent| if indexed { spent.real.get() } else { spent.nominal.get() })
    });
    let label = |real, nominal| if indexed { real } else { nominal };
    let mut series = Vec::new();
    if panel.is_some() {
        series
            .push(ChartSeries::new(label("spending.panel_real", "spending.panel_nominal"), course));
    }
    if indexed {
        series.push(ChartSeries::new("spending.real", real).pale());
    }
    series.push(ChartSeries::new("spending.nominal", nominal).pale());
    lines(told, ChartUnit::Money, AxisStart::FromZero, about.spans, &series)
}

/// How spending changed, over those who delivered the same months then and now.
fn spending_headline(indexed: bool, panel: Option<SpendingPanel>) -> Phrase {
    let changed = panel.and_then(|panel| {
        let amount = |spent: Spent| if indexed { spent.real.get() } else { spent.nominal.get() };
        relative_ppm(amount(panel.then), amount(panel.now)).zip(Some(panel.cells))
    });
    match changed {
        Some((change, cells)) => Phrase::new(direction(
            change,
            "spending.headline_up",
            "spending.headline_down",
            "spending.headline_level",
        ))
        .with("change", Value::Ppm(Known::Value(change.saturating_abs())))
        .with("cells", phrase::comparisons(cells)),
        None => Phrase::new("spending.headline_none"),
    }
}

/// Activity, input and productivity as chained indices; what is said is of the last unbroken run.
fn productivity(about: &PageContext<'_>) -> Option<Figure> {
    let index = about.series(|figures| figures.productivity_ppm);
    let broken = about.all.spans.iter().enumerate().filter(|(_, figures)| figures.chain.broken);
    let breaks: Vec<usize> = broken.map(|(place, _)| place).collect();
    let mut unbroken = index.clone();
    unbroken.iter_mut().take(breaks.last().copied().unwrap_or(0)).for_each(|value| {
        *value = Known::Missing;
    });
    let headline = match about.ends(&unbroken) {
        Some(((first, _), (last, now))) if first != last => Phrase::new(direction(
            now - HUNDRED,
            "productivity.headline_up",
            "productivity.headline_down",
            "productivity.headline_level",
        ))
        .with("change", Value::Ppm(Known::Value((now - HUNDRED).saturating_abs())))
        .with("first", Value::Span(first))
        .with("last", Value::Span(last)),
        Some(_) | None => Phrase::new("productivity.headline_none"),
    };
    let mut note = vec![Phrase::new("productivity.note")];
    note.extend(about.all.spans.iter().filter_map(short_link));
    let broken = breaks.iter().map(|place| {
        Phrase::new("productivity.broken").with("span", Value::Span(about.spans[*place]))
    });
    note.extend(broken);
    let told = about.told(
        "produktivitet",
        headline,
        about.period(Phrase::new("productivity.subtitle")),
        phrase::sentences(note).expect("the note has a first sentence"),
    );
    let line =
        |label, values| ChartSeries { breaks: breaks.clone(), ..ChartSeries::new(label, values) };
    let series = [
        line("productivity.activity", about.series(|figures| figures.activity_index_ppm)),
        line("productivity.input", about.series(|figures| figures.input_index_ppm)),
        line("productivity.productivity", index),
    ];
    lines(told, ChartUnit::Index, AxisStart::Near, about.spans, &series)
}

/// That the link to a span rests on fewer months of some units than it could.
fn short_link(figures: &SpanFigures) -> Option<Phrase> {
    let (least, most) = figures.chain.months?;
    let all = figures.span.months().len();
    (usize::from(least) < all).then(|| {
        Phrase::new("productivity.short")
            .with("span", Value::Span(figures.span))
            .with("least", phrase::count(least))
            .with("most", phrase::count(most))
            .with("all", phrase::count(all))
    })
}

/// Unit cost over the services that can be compared with their baseline.
fn unit_cost(about: &PageContext<'_>) -> Option<Figure> {
    let index = about.series(|figures| figures.unit_cost_index_ppm);
    let (_, (last, now)) = about.ends(&index)?;
    let headline = Phrase::new(direction(
        now - HUNDRED,
        "unit_cost.headline_up",
        "unit_cost.headline_down",
        "unit_cost.headline_level",
    ))
    .with("change", Value::Ppm(Known::Value((now - HUNDRED).saturating_abs())))
    .with("span", Value::Span(last));
    let told = about.told(
        "enhedsomkostning",
        headline,
        about.period(Phrase::new("unit_cost.subtitle")),
        Phrase::new("unit_cost.note").with("price", price::stated(about.programme)),
    );
    let series = [ChartSeries::new("unit_cost.line", index)];
    lines(told, ChartUnit::Index, AxisStart::Near, about.spans, &series)
}
