//! Lines over time, each named where it ends.

use crate::domain::error::Error;
use crate::report::document::{ChartLine, ChartUnit, Value};
use crate::write::chart::axis::Axis;
use crate::write::chart::canvas::{Canvas, DrawResult, LABEL, MarkShape, Point, Side, TICK};
use crate::write::chart::measure;
use crate::write::chart::spread::spread;
use crate::write::text::messages::Texts;
use crate::write::text::scale::Scale;
use crate::write::theme::{
    ACTUAL, ATTENTION, CHART_WIDTH, Colour, GREEN, INK, PINK, PLAN, PLUM, RULE,
};
use std::collections::BTreeSet;

/// Where the value axis begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// At zero.
    Zero,
    /// Near the lowest value.
    Data,
}

/// How one line is told from the others: colour, dashes and mark, each enough on its own.
type LineStyle = (Colour, &'static str, MarkShape);

const DRESSES: [LineStyle; 7] = [
    (ACTUAL, "", MarkShape::Disc),
    (ATTENTION, "9 4", MarkShape::Square),
    (GREEN, "3 3", MarkShape::Triangle),
    (PLUM, "12 4 3 4", MarkShape::Diamond),
    (PLAN, "6 3", MarkShape::Ring),
    (INK, "2 4", MarkShape::Cross),
    (PINK, "14 4", MarkShape::OpenSquare),
];
/// Any line beyond the seventh.
const REST: LineStyle = (RULE, "", MarkShape::Disc);
/// Lines that only stand beside what the headline is about, the first to the third.
const PALE: [LineStyle; 3] = [
    (PLAN, "2 4", MarkShape::Ring),
    (PLAN, "8 6", MarkShape::Cross),
    (PLAN, "1 6", MarkShape::OpenSquare),
];

/// No label at the end of a line is wider, in chart units.
const LABELS_MOST: i32 = 160;
/// Between the end of a line and its label.
const LEADER: i32 = 24;
/// Least room between two labels in time.
const TIMES_APART: i32 = 12;
const PLOT_HIGH: i32 = 260;
const TOP: i32 = 14;
/// With more points than this, only a line's last point is marked.
const MARKS_MOST: usize = 16;

/// The field the lines are drawn in.
struct PlotArea {
    axis: Axis,
    left: i32,
    right: i32,
    bottom: i32,
    points: usize,
}

/// A line's name beside its end.
struct EndLabel {
    line: usize,
    lines: Vec<String>,
    /// The line's last known point.
    from: Point,
    middle: i32,
}

/// Draws at most seven lines; a value that is not known is a gap, a line without any is named
/// below.
pub(super) fn draw(
    id: &str,
    texts: &Texts,
    unit: ChartUnit,
    at: &[Value],
    lines: &[ChartLine],
    origin: Origin,
) -> Result<Canvas, Error> {
    let (low, high) = range(lines, origin);
    let scale = texts.scale(unit, low.saturating_neg().max(high));
    let ends = end_texts(texts, &scale, lines);
    let ends_high: i32 = ends.iter().map(|(_, label)| block_high(label)).sum();
    let bottom = TOP + head_high(&scale) + PLOT_HIGH.max(ends_high);

    let places = (bottom, TOP + head_high(&scale));
    let axis = Axis::round((low, high), 5, scale.least_step(), places);
    let ticks: Vec<String> = axis.ticks.iter().map(|tick| scale.tick(*tick, axis.step)).collect();
    let labels_wide = measure::widest(ends.iter().flat_map(|(_, label)| label), LABEL.size);
    let field = PlotArea {
        left: measure::widest(&ticks, TICK.size) + 14,
        right: CHART_WIDTH - labels_wide - LEADER,
        bottom,
        points: at.len(),
        axis,
    };
    let times = time_labels(texts, at, &field);
    let unknown = unknown_lines(texts, lines);
    let times_high = times.iter().map(|(_, label)| count(label)).max().unwrap_or(0);
    let below = bottom + 10 + times_high * TICK.leading();
    let unknown_high = if unknown.is_empty() { 0 } else { count(&unknown) * LABEL.leading() + 12 };
    let canvas = Canvas::new(id, below + unknown_high + 6);

    canvas.group("axis", "", || {
        draw_axis(&canvas, &scale, &ticks, &field)?;
        draw_times(&canvas, &times, &field)
    })?;
    if lines.iter().any(|line| !line.breaks.is_empty()) {
        canvas.group("break", "2 4", || draw_breaks(&canvas, lines, &field))?;
    }
    // What the headline is about lies on top.
    let (pale, bold): (Vec<usize>, Vec<usize>) =
        (0..lines.len()).partition(|index| lines[*index].pale);
    for index in pale.into_iter().chain(bold) {
        draw_line(&canvas, &field, &lines[index], dress(lines, index))?;
    }
    canvas.group("names", "", || draw_ends(&canvas, lines, place_ends(&ends, lines, &field)))?;
    let middle = below + 6 + unknown_high / 2;
    canvas.lines(&unknown, (0, middle), Side::Right, LABEL)?;
    Ok(canvas)
}

fn range(lines: &[ChartLine], origin: Origin) -> (i64, i64) {
    let values = || lines.iter().flat_map(|line| line.values.iter().flatten().copied());
    let low = values().min().unwrap_or(0);
    let high = values().max().unwrap_or(0);
    match origin {
        Origin::Zero => (low.min(0), high.max(0)),
        Origin::Data => (low, high),
    }
}

/// How a line is drawn: by its place among those that are as pale as it is.
fn dress(lines: &[ChartLine], index: usize) -> LineStyle {
    let pale = lines[index].pale;
    let place = lines[..index].iter().filter(|line| line.pale == pale).count();
    let dresses: &[LineStyle] = if pale { &PALE } else { &DRESSES };
    dresses.get(place).copied().unwrap_or(REST)
}

fn head_high(scale: &Scale) -> i32 {
    if scale.caption().is_empty() { 0 } else { TICK.leading() + 4 }
}

fn count(lines: &[String]) -> i32 {
    i32::try_from(lines.len()).unwrap_or(0)
}

fn block_high(label: &[String]) -> i32 {
    count(label) * LABEL.leading() + 6
}

/// The name of each line with a known value, and that value where it is the last in time.
fn end_texts(texts: &Texts, scale: &Scale, lines: &[ChartLine]) -> Vec<(usize, Vec<String>)> {
    let known = |line: &ChartLine| line.values.iter().any(Option::is_some);
    let named = lines.iter().enumerate().filter(|(_, line)| known(line));
    named
        .map(|(index, line)| {
            let name = texts.say(&line.label);
            let said = match line.values.last() {
                Some(Some(last)) => format!("{name}: {}", scale.number(*last)),
                Some(None) | None => name,
            };
            (index, measure::wrap(&said, LABEL.size, LABELS_MOST))
        })
        .collect()
}

fn unknown_lines(texts: &Texts, lines: &[ChartLine]) -> Vec<String> {
    lines
        .iter()
        .filter(|line| line.values.iter().all(Option::is_none))
        .map(|line| format!("{}: {}", texts.say(&line.label), texts.missing()))
        .flat_map(|said| measure::wrap(&said, LABEL.size, CHART_WIDTH))
        .collect()
}

impl PlotArea {
    fn across(&self, point: usize) -> i32 {
        let steps = i32::try_from(self.points.saturating_sub(1)).unwrap_or(0);
        if steps == 0 {
            return i32::midpoint(self.left, self.right);
        }
        let inset = 8;
        let wide = self.right - self.left - 2 * inset;
        self.left + inset + wide * i32::try_from(point).unwrap_or(0) / steps
    }

    fn place(&self, point: usize, value: i64) -> Point {
        (self.across(point), self.axis.place(value))
    }
}

/// Labels for as many points in time as there is room for, counted from the last.
fn time_labels(texts: &Texts, at: &[Value], field: &PlotArea) -> Vec<(usize, Vec<String>)> {
    let said: Vec<String> = at.iter().map(|value| texts.tick(value)).collect();
    let word = |text: &String| text.split(' ').map(|word| measure::width(word, TICK.size)).max();
    let need = said.iter().filter_map(word).max().unwrap_or(0) + TIMES_APART;
    let steps = i32::try_from(at.len().saturating_sub(1)).unwrap_or(0).max(1);
    let span = (field.across(at.len().saturating_sub(1)) - field.across(0)).max(1);
    let stride = round_stride((need * steps + span - 1) / span);
    let wide = (span * stride / steps).max(need) - TIMES_APART;
    let stride = usize::try_from(stride).unwrap_or(1);
    let last = at.len().saturating_sub(1);
    let shown = said.iter().enumerate().filter(|(at, _)| (last - at).is_multiple_of(stride));
    shown.map(|(at, text)| (at, measure::wrap(text, TICK.size, wide))).collect()
}

/// The next number of points that months and years are readily counted in.
fn round_stride(least: i32) -> i32 {
    let mut stride = 12;
    while stride < least {
        stride *= 2;
    }
    [1, 2, 3, 4, 6].into_iter().find(|round| *round >= least).unwrap_or(stride)
}

fn draw_axis(canvas: &Canvas, scale: &Scale, ticks: &[String], field: &PlotArea) -> DrawResult {
    if !scale.caption().is_empty() {
        let middle = TOP + TICK.size / 2 - 6;
        canvas.text(scale.caption(), (0, middle), Side::Right, TICK)?;
    }
    for (value, text) in field.axis.ticks.iter().zip(ticks) {
        let y = field.axis.place(*value);
        let (colour, text_end) = (if *value == 0 { INK } else { RULE }, field.left - 8);
        canvas.line(vec![(field.left, y), (field.right, y)], colour, 1)?;
        canvas.text(text, (text_end, y), Side::Left, TICK)?;
    }
    Ok(())
}

fn draw_times(canvas: &Canvas, times: &[(usize, Vec<String>)], field: &PlotArea) -> DrawResult {
    for (point, label) in times {
        let half = measure::widest(label, TICK.size) / 2;
        let x = field.across(*point);
        canvas.line(vec![(x, field.bottom), (x, field.bottom + 5)], INK, 1)?;
        let middle = field.bottom + 10 + count(label) * TICK.leading() / 2;
        canvas.lines(label, (x.max(half), middle), Side::Middle, TICK)?;
    }
    Ok(())
}

/// A dashed upright half way to each point where a line begins anew.
fn draw_breaks(canvas: &Canvas, lines: &[ChartLine], field: &PlotArea) -> DrawResult {
    let points: BTreeSet<usize> = lines.iter().flat_map(|line| &line.breaks).copied().collect();
    for point in points.into_iter().filter(|point| *point > 0) {
        let x = i32::midpoint(field.across(point - 1), field.across(point));
        canvas.line(vec![(x, TOP), (x, field.bottom)], INK, 1)?;
    }
    Ok(())
}

fn draw_line(
    canvas: &Canvas,
    field: &PlotArea,
    line: &ChartLine,
    (colour, dash, mark): LineStyle,
) -> DrawResult {
    let mut runs: Vec<Vec<Point>> = vec![Vec::new()];
    for (point, value) in line.values.iter().enumerate() {
        if line.breaks.contains(&point) {
            runs.push(Vec::new());
        }
        match (value, runs.last_mut()) {
            (Some(value), Some(run)) => run.push(field.place(point, *value)),
            (_, _) => runs.push(Vec::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    canvas.group("line", dash, || {
        let wide = if line.pale { 1 } else { 3 };
        for run in runs.iter().filter(|run| run.len() > 1) {
            canvas.line(run.clone(), colour, wide)?;
        }
        Ok(())
    })?;
    let last = runs.last().and_then(|run| run.last()).copied();
    for run in &runs {
        for point in run {
            if line.values.len() <= MARKS_MOST || run.len() == 1 || last == Some(*point) {
                canvas.mark(mark, *point, if line.pale { 3 } else { 5 }, colour)?;
            }
        }
    }
    Ok(())
}

/// Gives every name a place of its own beside the field, as near to the end of its line as can be.
fn place_ends(
    ends: &[(usize, Vec<String>)],
    lines: &[ChartLine],
    field: &PlotArea,
) -> Vec<EndLabel> {
    let mut labels: Vec<EndLabel> = ends
        .iter()
        .filter_map(|(line, label)| {
            let known = lines[*line].values.iter().enumerate().rev();
            let (point, value) = known.into_iter().find_map(|(at, v)| v.map(|v| (at, v)))?;
            let from = field.place(point, value);
            Some(EndLabel { line: *line, lines: label.clone(), from, middle: from.1 })
        })
        .collect();
    labels.sort_by_key(|label| (label.from.1, label.line));
    let wanted: Vec<(i32, i32)> =
        labels.iter().map(|label| (label.from.1, block_high(&label.lines))).collect();
    for (label, middle) in labels.iter_mut().zip(spread(&wanted, (0, field.bottom + 10))) {
        label.middle = middle;
    }
    labels
}

/// Writes the names, each joined with the end of its line. Where that lies further back the name
/// has the line's mark instead: a leader across the field would look like a line.
fn draw_ends(canvas: &Canvas, lines: &[ChartLine], labels: Vec<EndLabel>) -> DrawResult {
    let wide = measure::widest(labels.iter().flat_map(|label| &label.lines), LABEL.size);
    let left = CHART_WIDTH - wide;
    for label in labels {
        let (colour, _, mark) = dress(lines, label.line);
        if lines[label.line].values.last().is_none_or(Option::is_none) {
            canvas.mark(mark, (left - 14, label.middle), 5, colour)?;
            canvas.lines(&label.lines, (left, label.middle), Side::Right, LABEL)?;
            continue;
        }
        let (x, y) = label.from;
        let leader = vec![(x + 8, y), (left - 12, label.middle), (left - 5, label.middle)];
        canvas.line(leader, colour, 1)?;
        canvas.lines(&label.lines, (left, label.middle), Side::Right, LABEL)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::round_stride;

    #[test]
    fn months_are_skipped_by_the_quarter_and_the_year() {
        assert_eq!([1, 2, 5, 6, 7, 12, 13].map(round_stride), [1, 2, 6, 6, 12, 12, 24]);
    }
}
