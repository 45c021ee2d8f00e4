//! Charts made of rows: labels to the left, the drawing to the right, as high as the labels need.

use crate::write::chart::canvas::{Canvas, DrawResult, Frame, LABEL, NUMBER, Side, TICK};
use crate::write::chart::measure;
use crate::write::theme::{CHART_WIDTH, INK, UNKNOWN};

/// No label column is wider, in chart units.
const LABELS_MOST: i32 = 200;
/// Between the labels and what they label, and between a bar and its number.
pub(super) const GAP: i32 = 10;
/// Above and below everything.
const MARGIN: i32 = 6;
/// Space between one row and the next.
const BETWEEN: i32 = 14;

/// Where the rows of a chart stand.
pub(super) struct RowLayout {
    /// Labels, broken into lines.
    labels: Vec<Vec<String>>,
    /// Top and bottom of each row.
    spans: Vec<(i32, i32)>,
    /// Where the drawing begins.
    pub(super) left: i32,
    /// Where the drawing may end.
    pub(super) right: i32,
    /// Top of the first row.
    pub(super) top: i32,
    /// Below the last row.
    pub(super) bottom: i32,
    caption: String,
}

impl RowLayout {
    /// Lays out rows of one height, at least `least`, with a caption over them, if there is one.
    pub(super) fn even(labels: &[String], least: i32, caption: &str) -> RowLayout {
        let tallest =
            wrap_labels(labels).iter().map(|lines| lines_high(lines)).fold(least, i32::max);
        RowLayout::new(labels, &vec![tallest; labels.len()], caption)
    }

    /// Lays out rows at least as high as `heights` asks, with a caption over them, if there is one.
    pub(super) fn new(labels: &[String], heights: &[i32], caption: &str) -> RowLayout {
        let labels = wrap_labels(labels);
        let top = if caption.is_empty() { MARGIN } else { MARGIN + TICK.leading() + 6 };
        let mut spans = Vec::new();
        let mut at = top;
        for (lines, least) in labels.iter().zip(heights) {
            let height = lines_high(lines).max(*least);
            spans.push((at, at + height));
            at += height + BETWEEN;
        }
        RowLayout {
            left: measure::widest(labels.iter().flatten(), LABEL.size) + GAP,
            labels,
            bottom: spans.last().map_or(top, |(_, bottom)| *bottom),
            spans,
            right: CHART_WIDTH,
            top,
            caption: caption.to_owned(),
        }
    }

    /// Keeps room for the widest of some numbers to the right of the drawing.
    pub(super) fn with_room_for(mut self, numbers: &[String]) -> RowLayout {
        let widest = numbers.iter().map(|number| NUMBER.width(number)).max();
        self.right -= widest.unwrap_or(0) + GAP;
        self
    }

    /// Height of a drawing of the rows alone.
    pub(super) fn height(&self) -> i32 {
        self.bottom + MARGIN
    }

    /// Half the height of a row: where its label stands.
    pub(super) fn middle(&self, row: usize) -> i32 {
        let (top, bottom) = self.spans[row];
        i32::midpoint(top, bottom)
    }

    /// The box of a row's bar, `high` units high.
    pub(super) fn bar(&self, row: usize, (from, to): (i32, i32), high: i32) -> Frame {
        let middle = self.middle(row);
        Frame {
            left: from.min(to),
            top: middle - high / 2,
            right: from.max(to),
            bottom: middle - high / 2 + high,
        }
    }

    /// Writes the caption at `left` and over the rows.
    pub(super) fn draw_caption(&self, canvas: &Canvas) -> DrawResult {
        if self.caption.is_empty() {
            return Ok(());
        }
        let middle = MARGIN + TICK.leading() / 2;
        canvas.text(&self.caption, (self.left, middle), Side::Right, TICK)
    }

    /// Writes the label of a row.
    pub(super) fn draw_label(&self, canvas: &Canvas, row: usize) -> DrawResult {
        canvas.lines(&self.labels[row], (0, self.middle(row)), Side::Right, LABEL)
    }

    /// Draws the line that bars are measured from; first, so that words stand over it.
    pub(super) fn draw_zero(&self, canvas: &Canvas, x: i32) -> DrawResult {
        canvas.line(vec![(x, self.top - 4), (x, self.bottom + 4)], INK, 1)
    }

    /// Hatches a row from side to side and says in words that its figure is not known.
    pub(super) fn draw_unknown(
        &self,
        canvas: &Canvas,
        row: usize,
        words: &str,
        high: i32,
    ) -> DrawResult {
        let frame = self.bar(row, (self.left, self.right), high);
        canvas.group("unknown", "", || {
            canvas.bar(frame, UNKNOWN)?;
            canvas.edge(frame, UNKNOWN, 1)?;
            let at = (self.left + GAP + 4, self.middle(row));
            canvas.text_on_paper(words, at, Side::Right, LABEL)
        })
    }
}

fn wrap_labels(labels: &[String]) -> Vec<Vec<String>> {
    let natural = labels.iter().map(|label| LABEL.width(label)).max();
    let most = natural.unwrap_or(0).min(LABELS_MOST);
    labels.iter().map(|label| measure::wrap(label, LABEL.size, most)).collect()
}

fn lines_high(lines: &[String]) -> i32 {
    i32::try_from(lines.len()).unwrap_or(0) * LABEL.leading()
}
