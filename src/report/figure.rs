//! Figures from numbers: the chart, the words for who cannot see it, and the exact table.

use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::period::Span;
use crate::metrics::figures::Range;
use crate::report::document::{
    Bar, Chart, ChartLine, ChartUnit, Figure, Interval, Phrase, Table, TextKey, Value,
};
use crate::report::finding::bounds;
use crate::report::phrase;

/// What is said about a figure, beside its numbers.
pub(crate) struct FigureText {
    /// Unique id of the figure.
    pub(crate) id: String,
    /// The finding.
    pub(crate) headline: Phrase,
    /// Measure, unit, period and price level.
    pub(crate) subtitle: Phrase,
    /// Source and caveats.
    pub(crate) note: Phrase,
    /// What the table shows.
    pub(crate) caption: Phrase,
}

/// One line of a chart over time.
pub(crate) struct ChartSeries {
    /// What it is.
    pub(crate) label: TextKey,
    /// One figure a span.
    pub(crate) values: Vec<Known<i64>>,
    /// Places of spans in which it begins anew.
    pub(crate) breaks: Vec<usize>,
    /// Whether the headline is about another line, which this one stands beside.
    pub(crate) pale: bool,
}

impl ChartSeries {
    /// A line that never begins anew.
    pub(crate) fn new(label: TextKey, values: Vec<Known<i64>>) -> ChartSeries {
        ChartSeries { label, values, breaks: Vec::new(), pale: false }
    }

    /// The same, beside the line the headline is about.
    pub(crate) fn pale(self) -> ChartSeries {
        ChartSeries { pale: true, ..self }
    }
}

/// Where the value axis of a line chart begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AxisStart {
    /// At zero.
    FromZero,
    /// Near the lowest value: for indices, where zero means nothing.
    Near,
}

/// Lines over time; `None` when not one value is known.
pub(crate) fn lines(
    told: FigureText,
    unit: ChartUnit,
    axis: AxisStart,
    spans: &[Span],
    series: &[ChartSeries],
) -> Option<Figure> {
    let known = |line: &ChartSeries| line.values.iter().any(|value| value.value().is_some());
    if !series.iter().any(known) {
        return None;
    }
    let mut columns = vec![Phrase::new("column.span")];
    columns.extend(series.iter().map(|line| Phrase::new(line.label)));
    let rows = spans
        .iter()
        .enumerate()
        .map(|(at, span)| {
            let mut row = vec![Value::Span(*span)];
            row.extend(series.iter().map(|line| phrase::precise(unit, line.values[at])));
            row
        })
        .collect();
    let described = series.iter().map(|line| describe_line(unit, spans, line)).collect();
    let chart = Chart::Lines {
        unit,
        at: spans.iter().map(|span| Value::Span(*span)).collect(),
        lines: series
            .iter()
            .filter(|line| known(line))
            .map(|line| ChartLine {
                label: Phrase::new(line.label),
                values: line.values.iter().map(|value| value.value()).collect(),
                breaks: line.breaks.clone(),
                pale: line.pale,
            })
            .collect(),
        from_zero: axis == AxisStart::FromZero,
    };
    Some(put_together(told, phrase::sentences(described), chart, columns, rows))
}

/// First to last, highest, lowest, and how often it is unknown.
fn describe_line(unit: ChartUnit, spans: &[Span], line: &ChartSeries) -> Phrase {
    let known: Vec<(Span, i64)> = spans
        .iter()
        .zip(&line.values)
        .filter_map(|(span, value)| value.value().map(|value| (*span, value)))
        .collect();
    let gaps = spans.len() - known.len();
    let label = Phrase::new(line.label);
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return Phrase::new("describe.line_unknown").with("label", label);
    };
    let highest = known.iter().max_by_key(|(_, value)| *value).unwrap_or(first);
    let lowest = known.iter().min_by_key(|(_, value)| *value).unwrap_or(first);
    let number = |at: &(Span, i64)| phrase::rough(unit, Known::Value(at.1));
    if known.len() == 1 {
        return Phrase::new("describe.line_one")
            .with("label", label)
            .with("value", number(first))
            .with("at", Value::Span(first.0))
            .with("gaps", phrase::out_of(gaps, spans.len()));
    }
    let key = if gaps == 0 { "describe.line" } else { "describe.line_gaps" };
    let phrase = Phrase::new(key)
        .with("label", label)
        .with("first", number(first))
        .with("first_at", Value::Span(first.0))
        .with("last", number(last))
        .with("last_at", Value::Span(last.0))
        .with("highest", number(highest))
        .with("highest_at", Value::Span(highest.0))
        .with("lowest", number(lowest))
        .with("lowest_at", Value::Span(lowest.0));
    if gaps == 0 {
        return phrase;
    }
    phrase.with("gaps", phrase::out_of(gaps, spans.len()))
}

/// A saving from its lowest to its highest assumption, the declared one marked.
pub(crate) fn interval(label: Phrase, range: Option<Range>) -> Interval {
    let ends = range.map(bounds);
    Interval {
        label,
        span: ends.map(|(low, high)| (low.get(), high.get())),
        mark: range.and_then(|range| range.declared).map(Oere::get),
        band: None,
    }
}

/// Horizontal intervals of money, each with its own label.
pub(crate) fn intervals(told: FigureText, rows: Vec<Interval>) -> Figure {
    let unit = ChartUnit::Money;
    let banded = rows.iter().any(|row| row.band.is_some());
    let mut columns =
        phrase::columns(&["column.row", "column.lowest", "column.declared", "column.highest"]);
    if banded {
        columns.extend(phrase::columns(&["column.target_low", "column.target_high"]));
    }
    let cell = |number: Option<i64>| phrase::precise(unit, Known::from_option(number));
    let table = rows
        .iter()
        .map(|row| {
            let mut cells = vec![
                Value::from(row.label.clone()),
                cell(row.span.map(|span| span.0)),
                cell(row.mark),
                cell(row.span.map(|span| span.1)),
            ];
            if banded {
                cells.push(cell(row.band.map(|band| band.0)));
                cells.push(cell(row.band.map(|band| band.1)));
            }
            cells
        })
        .collect();
    let described = rows.iter().map(describe_interval).collect();
    let chart = Chart::Intervals { unit, rows };
    put_together(told, phrase::enumeration(described), chart, columns, table)
}

fn describe_interval(row: &Interval) -> Phrase {
    let money = |number: i64| phrase::rough(ChartUnit::Money, Known::Value(number));
    let label = row.label.clone();
    let Some((low, high)) = row.span else {
        return Phrase::new("describe.interval_unknown").with("label", label);
    };
    let mut said = Phrase::new("describe.interval")
        .with("label", label)
        .with("low", money(low))
        .with("high", money(high));
    if let Some(mark) = row.mark {
        said = Phrase::new("describe.marked").with("interval", said).with("declared", money(mark));
    }
    if let Some((low, high)) = row.band {
        said = Phrase::new("describe.banded")
            .with("interval", said)
            .with("low", money(low))
            .with("high", money(high));
    }
    said
}

/// A waterfall of money from one total to another.
pub(crate) fn waterfall(told: FigureText, start: Bar, steps: Vec<Bar>, end: Bar) -> Figure {
    let unit = ChartUnit::Money;
    let mut described = Vec::new();
    let mut rows = Vec::new();
    for bar in std::iter::once(&start).chain(&steps).chain([&end]) {
        let number = Known::from_option(bar.value);
        described.push(
            Phrase::new("describe.bar")
                .with("label", bar.label.clone())
                .with("value", phrase::rough(unit, number)),
        );
        rows.push(vec![bar.label.clone().into(), phrase::precise(unit, number)]);
    }
    let columns = phrase::columns(&["column.step", "column.amount"]);
    let chart = Chart::Bridge { unit, start, steps, end };
    put_together(told, phrase::enumeration(described), chart, columns, rows)
}

fn put_together(
    told: FigureText,
    described: Option<Phrase>,
    chart: Chart,
    columns: Vec<Phrase>,
    rows: Vec<Vec<Value>>,
) -> Figure {
    Figure {
        id: told.id,
        headline: told.headline,
        subtitle: told.subtitle,
        description: described.unwrap_or_else(|| Phrase::new("describe.empty")),
        chart,
        note: told.note,
        table: Table { caption: told.caption, columns, rows },
    }
}
