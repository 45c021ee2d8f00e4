//! Horizontal bars from zero.

use crate::domain::error::Error;
use crate::report::document::{Bar, ChartUnit};
use crate::write::chart::axis::{Axis, range_with_zero};
use crate::write::chart::canvas::{Canvas, NUMBER, Side};
use crate::write::chart::rows::{GAP, RowLayout};
use crate::write::text::messages::Texts;
use crate::write::theme::ACTUAL;

const BAR_HIGH: i32 = 22;

/// Draws bars from zero with their numbers beside them; one without a value is hatched and says so.
pub(super) fn draw(
    id: &str,
    texts: &Texts,
    unit: ChartUnit,
    bars: &[Bar],
) -> Result<Canvas, Error> {
    let values = || bars.iter().filter_map(|bar| bar.value);
    let (low, high) = range_with_zero(values());
    let scale = texts.scale(unit, low.saturating_neg().max(high));
    let labels: Vec<String> = bars.iter().map(|bar| texts.say(&bar.label)).collect();
    let numbers: Vec<String> = values().map(|value| scale.number(value)).collect();
    let rows = RowLayout::even(&labels, BAR_HIGH, scale.caption()).with_room_for(&numbers);
    let axis = Axis::exact((low, high), (rows.left, rows.right));

    let canvas = Canvas::new(id, rows.height());
    rows.draw_caption(&canvas)?;
    rows.draw_zero(&canvas, axis.place(0))?;
    for (row, bar) in bars.iter().enumerate() {
        canvas.group("row", "", || {
            rows.draw_label(&canvas, row)?;
            let Some(value) = bar.value else {
                return rows.draw_unknown(&canvas, row, texts.missing(), BAR_HIGH);
            };
            let (from, to) = (axis.place(0), axis.place(value));
            if value != 0 {
                canvas.bar(rows.bar(row, (from, to), BAR_HIGH), ACTUAL)?;
            }
            let at = (from.max(to) + GAP, rows.middle(row));
            canvas.text(&scale.number(value), at, Side::Right, NUMBER)
        })?;
    }
    Ok(canvas)
}
