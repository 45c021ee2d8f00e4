//! How much to make up.

use crate::programme::model::Programme;
use crate::sample::plan::SamplePlan;
use crate::sample::slot::CLOSING_LINES;

/// How much to make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Postings of one service at one authority in one month; at least 1. Usage, which has one line
    /// a channel, does not grow with it.
    pub lines_per_cell: u32,
}

impl Default for Size {
    /// The committed sample: some 10,000 lines.
    fn default() -> Size {
        Size { lines_per_cell: 2 }
    }
}

impl Size {
    /// The size that gives about `lines` lines in all: a whole number of postings a cell, and at
    /// least one, so a programme has a least number of lines.
    pub fn of_lines(programme: &Programme, lines: u32) -> Size {
        let (months, closings) = SamplePlan::of(programme).extent();
        let fixed = months * 3 + closings * CLOSING_LINES;
        // One line in a hundred is a bad one, written beside the good ones.
        let good = lines / 101 * 100;
        let lines_per_cell = good.saturating_sub(fixed).div_ceil(months.max(1)).max(1);
        Size { lines_per_cell }
    }
}
