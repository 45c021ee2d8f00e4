//! Figures as accessible SVG: a `Figure` in, the text of a drawing out. The only room that names
//! plotters.

mod axis;
mod bridge;
mod canvas;
mod intervals;
mod lines;
mod measure;
mod rows;
mod spread;
mod svg;

#[cfg(test)]
mod tests;

use crate::domain::error::Error;
use crate::report::document::{Chart, Figure};
use crate::write::text::messages::Texts;

/// Draws a figure as a standalone SVG document that can also stand inline in a page.
///
/// - Shape: `<svg role="img">` named by its `<title>` (the headline) and `<desc>` (the
///   description); every id begins with the figure's. No fixed size; `theme::css` sets the colours
///   when it is inline.
/// - Keeps: a figure that is not known is drawn hatched, or as a gap, and said in words; never as
///   zero.
///
/// # Errors
/// `Encode` if plotters refuses an element.
pub(crate) fn draw(figure: &Figure, texts: &Texts) -> Result<String, Error> {
    let canvas = match &figure.chart {
        Chart::Intervals { unit, rows } => intervals::draw(&figure.id, texts, *unit, rows),
        Chart::Bridge { unit, start, steps, end } => {
            bridge::draw(&figure.id, texts, *unit, start, steps, end)
        }
        Chart::Lines { unit, at, lines, from_zero } => {
            let origin = if *from_zero { lines::Origin::Zero } else { lines::Origin::Data };
            lines::draw(&figure.id, texts, *unit, at, lines, origin)
        }
    }?;
    Ok(canvas.document(&texts.say(&figure.headline), &texts.say(&figure.description)))
}
