//! A record as `check` sees it: cells by place. What keeps the rules apart from the reader.

use crate::source::split::Split;
use std::io::BufRead;

/// Cells by place.
pub(crate) trait LineCells {
    /// Number of cells.
    fn width(&self) -> usize;

    /// The cell at `place`, quotes taken off; empty beyond the last. `buffer` may be used to hold
    /// it.
    fn cell<'a>(&'a self, place: usize, buffer: &'a mut Vec<u8>) -> &'a [u8];
}

impl<R: BufRead> LineCells for Split<R> {
    fn width(&self) -> usize {
        Split::width(self)
    }

    fn cell<'a>(&'a self, place: usize, buffer: &'a mut Vec<u8>) -> &'a [u8] {
        Split::cell(self, place, buffer)
    }
}
