//! The waterfall: from one total to another, one signed step a row.

use crate::domain::error::Error;
use crate::report::document::{Bar, ChartUnit};
use crate::write::chart::axis::{Axis, range_with_zero};
use crate::write::chart::canvas::{Canvas, DrawResult, NUMBER, Side};
use crate::write::chart::rows::{GAP, RowLayout};
use crate::write::text::messages::Texts;
use crate::write::text::scale::Scale;
use crate::write::theme::{ACTUAL, ATTENTION, Colour, QUIET, TOTAL};

const BAR_HIGH: i32 = 26;

/// One row: what it says, and from where to where it reaches.
struct BridgeBar {
    label: String,
    /// Value at its beginning and end; `None`: not known.
    reach: Option<(i64, i64)>,
    /// The running total that goes on to the next row.
    running: i64,
    number: String,
    colour: Colour,
}

/// Draws the first total, the steps and the last total from top to bottom.
///
/// A step is told by three things: its direction, its sign and its colour. An unknown step is
/// hatched and moves nothing.
pub(super) fn draw(
    id: &str,
    texts: &Texts,
    unit: ChartUnit,
    start: &Bar,
    steps: &[Bar],
    end: &Bar,
) -> Result<Canvas, Error> {
    let totals = [start.value, end.value].into_iter().flatten();
    let largest = totals
        .chain(steps.iter().filter_map(|step| step.value))
        .map(i64::saturating_abs)
        .max()
        .unwrap_or(0);
    let scale = texts.scale(unit, largest);
    let bridge = lay_out(texts, &scale, start, steps, end);

    let labels: Vec<String> = bridge.iter().map(|row| row.label.clone()).collect();
    let numbers: Vec<String> = bridge.iter().map(|row| row.number.clone()).collect();
    let rows = RowLayout::even(&labels, BAR_HIGH, scale.caption()).with_room_for(&numbers);
    let ends = bridge.iter().filter_map(|row| row.reach).flat_map(|(from, to)| [from, to]);
    let axis = Axis::exact(range_with_zero(ends), (rows.left, rows.right));

    let canvas = Canvas::new(id, rows.height());
    rows.draw_caption(&canvas)?;
    rows.draw_zero(&canvas, axis.place(0))?;
    canvas.group("links", "", || draw_links(&canvas, &bridge, &rows, &axis))?;
    for (at, row) in bridge.iter().enumerate() {
        canvas.group("row", "", || draw_row(&canvas, texts, at, row, &rows, &axis))?;
    }
    Ok(canvas)
}

fn lay_out(texts: &Texts, scale: &Scale, start: &Bar, steps: &[Bar], end: &Bar) -> Vec<BridgeBar> {
    let total = |bar: &Bar, running: i64| BridgeBar {
        label: texts.say(&bar.label),
        reach: bar.value.map(|value| (0, value)),
        running: bar.value.unwrap_or(running),
        number: bar.value.map_or_else(String::new, |value| scale.number(value)),
        colour: TOTAL,
    };
    let mut rows = vec![total(start, 0)];
    let mut running = start.value.unwrap_or(0);
    for step in steps {
        let from = running;
        running = running.saturating_add(step.value.unwrap_or(0));
        rows.push(BridgeBar {
            label: texts.say(&step.label),
            reach: step.value.map(|_| (from, running)),
            running,
            number: step.value.map_or_else(String::new, |value| scale.signed(value)),
            colour: if running > from { ATTENTION } else { ACTUAL },
        });
    }
    rows.push(total(end, running));
    rows
}

fn draw_row(
    canvas: &Canvas,
    texts: &Texts,
    at: usize,
    row: &BridgeBar,
    rows: &RowLayout,
    axis: &Axis,
) -> DrawResult {
    rows.draw_label(canvas, at)?;
    let Some((from, to)) = row.reach else {
        return rows.draw_unknown(canvas, at, texts.missing(), BAR_HIGH);
    };
    let (from, to) = (axis.place(from), axis.place(to));
    canvas.bar(rows.bar(at, (from, to), BAR_HIGH), row.colour)?;
    let beside = (from.max(to).max(axis.place(0)) + GAP, rows.middle(at));
    canvas.text(&row.number, beside, Side::Right, NUMBER)
}

/// Thin lines that carry the running total from row to row.
fn draw_links(canvas: &Canvas, bridge: &[BridgeBar], rows: &RowLayout, axis: &Axis) -> DrawResult {
    for (at, row) in bridge.iter().enumerate().take(bridge.len() - 1) {
        let x = axis.place(row.running);
        let above = rows.bar(at, (x, x), BAR_HIGH).bottom;
        let below = rows.bar(at + 1, (x, x), BAR_HIGH).top;
        canvas.line(vec![(x, above), (x, below)], QUIET, 1)?;
    }
    Ok(())
}
