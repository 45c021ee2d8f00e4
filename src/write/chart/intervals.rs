//! The target chart: what is known as an interval, against what was promised as a band.

use crate::domain::error::Error;
use crate::report::document::{ChartUnit, Interval};
use crate::write::chart::axis::{Axis, range_with_zero};
use crate::write::chart::canvas::{
    Canvas, DrawResult, Frame, LabelStyle, MarkShape, NUMBER, Side, TICK,
};
use crate::write::chart::measure;
use crate::write::chart::rows::{GAP, RowLayout};
use crate::write::text::messages::Texts;
use crate::write::text::scale::Scale;
use crate::write::theme::{ACTUAL, BAND, CHART_WIDTH, INK, PAPER, PLAN, RULE};

/// Height of the band, and of the interval in it.
const BAND_HIGH: i32 = 30;
const BAR_HIGH: i32 = 14;
/// Room above the band for what it promises, and below for what the interval is.
const SAID_HIGH: i32 = 22;

/// Draws each row's target band, its interval with the declared value marked, and what both are in
/// numbers, on one axis that includes zero.
pub(super) fn draw(
    id: &str,
    texts: &Texts,
    unit: ChartUnit,
    intervals: &[Interval],
) -> Result<Canvas, Error> {
    let values = intervals.iter().flat_map(|row| {
        let pairs = [row.span, row.band].into_iter().flatten();
        pairs.flat_map(|(low, high)| [low, high]).chain(row.mark)
    });
    let (low, high) = range_with_zero(values);
    let scale = texts.scale(unit, low.saturating_neg().max(high));
    let labels: Vec<String> = intervals.iter().map(|row| texts.say(&row.label)).collect();
    let heights: Vec<i32> = intervals.iter().map(|row| strip_high(row) + 2 * SAID_HIGH).collect();
    let mut rows = RowLayout::new(&labels, &heights, "");
    // The last tick's number is centred on the axis' end, so half of it needs room.
    let end = scale.number(high.saturating_mul(2));
    let right = CHART_WIDTH - measure::width(&end, TICK.size) / 2;
    rows.left += GAP;
    rows.right = right;
    let axis = Axis::round((low, high), 4, scale.least_step(), (rows.left, right));

    let canvas = Canvas::new(id, rows.height() + TICK.leading() + 4);
    canvas.group("axis", "", || draw_axis(&canvas, &scale, &rows, &axis))?;
    rows.draw_zero(&canvas, axis.place(0))?;
    for (at, row) in intervals.iter().enumerate() {
        canvas.group("row", "", || {
            rows.draw_label(&canvas, at)?;
            if row.span.is_none() {
                rows.draw_unknown(&canvas, at, texts.missing(), BAR_HIGH)?;
            }
            draw_band(&canvas, texts, &scale, at, row, &rows, &axis)?;
            draw_interval(&canvas, texts, &scale, at, row, &rows, &axis)
        })?;
    }
    Ok(canvas)
}

/// Height of what is drawn in a row, without what is said above and below it.
fn strip_high(row: &Interval) -> i32 {
    if row.band.is_some() { BAND_HIGH } else { BAR_HIGH }
}

fn draw_axis(canvas: &Canvas, scale: &Scale, rows: &RowLayout, axis: &Axis) -> DrawResult {
    let middle = rows.bottom + 6 + TICK.leading() / 2;
    for tick in &axis.ticks {
        let x = axis.place(*tick);
        canvas.line(vec![(x, rows.top), (x, rows.bottom + 4)], RULE, 1)?;
        canvas.text(&scale.tick(*tick, axis.step), (x, middle), Side::Middle, TICK)?;
    }
    canvas.text(scale.caption(), (0, middle), Side::Right, TICK)
}

fn draw_band(
    canvas: &Canvas,
    texts: &Texts,
    scale: &Scale,
    at: usize,
    row: &Interval,
    rows: &RowLayout,
    axis: &Axis,
) -> DrawResult {
    let Some((low, high)) = row.band else {
        return Ok(());
    };
    let frame = rows.bar(at, (axis.place(low), axis.place(high)), BAND_HIGH);
    canvas.bar(frame, BAND)?;
    canvas.edge(frame, PLAN, 2)?;
    let words = texts.target(scale, (low, high));
    let above = frame.top - SAID_HIGH / 2;
    say(canvas, &words, frame, (rows.left - GAP, above), TICK)
}

fn draw_interval(
    canvas: &Canvas,
    texts: &Texts,
    scale: &Scale,
    at: usize,
    row: &Interval,
    rows: &RowLayout,
    axis: &Axis,
) -> DrawResult {
    let Some((low, high)) = row.span else {
        return Ok(());
    };
    let frame = rows.bar(at, (axis.place(low), axis.place(high)), BAR_HIGH);
    canvas.bar(frame, ACTUAL)?;
    if let Some(mark) = row.mark {
        let place = (axis.place(mark), rows.middle(at));
        canvas.mark(MarkShape::Diamond, place, BAR_HIGH / 2 + 2, PAPER)?;
        canvas.mark(MarkShape::Diamond, place, BAR_HIGH / 2 - 1, INK)?;
    }
    let below = rows.middle(at) + strip_high(row) / 2 + SAID_HIGH / 2;
    let words = texts.interval(scale, (low, high), row.mark);
    say(canvas, &words, frame, (rows.left - GAP, below), NUMBER)
}

/// Writes words centred on a box, moved sideways as far as the labels and the drawing's edge
/// demand.
fn say(canvas: &Canvas, words: &str, frame: Frame, at: (i32, i32), look: LabelStyle) -> DrawResult {
    let (left, middle) = at;
    let half = look.width(words) / 2 + 4;
    let least = half + if left + 2 * half <= CHART_WIDTH { left } else { 0 };
    let centre = i32::midpoint(frame.left, frame.right);
    let centre = centre.max(least).min(CHART_WIDTH - half);
    canvas.text_on_paper(words, (centre, middle), Side::Middle, look)
}
