//! The bytes being read: a window over a delivery, with room around it so that words can be loaded
//! before the first byte and behind the last.

use crate::domain::number::to_usize;
use crate::kernel::block::BLOCK;
use crate::source::scan::fill;
use std::io::{self, Read};

/// Room before the text.
pub(super) const BEFORE: usize = 16;

/// Bytes read at a time: what is read, indexed and hashed is still in the nearest cache, and the
/// hash takes it as a whole.
const STRIDE: usize = if cfg!(test) { 96 } else { 64 * 1024 };

/// Room for the beginning of a record that is not whole yet.
const KEPT: usize = STRIDE / 16;

/// Most bytes of a cell or key that is compared as two words.
pub(super) const SHORT: usize = 16;

/// By number of bytes: two words of so many bytes at their front.
const FRONT: [[u64; 2]; SHORT + 1] = fronts();

const fn fronts() -> [[u64; 2]; SHORT + 1] {
    let mut words = [[0; 2]; SHORT + 1];
    let mut length = 1;
    while length <= SHORT {
        words[length] = if length <= 8 {
            [u64::MAX >> ((8 - length) * 8), 0]
        } else {
            [u64::MAX, u64::MAX >> ((16 - length) * 8)]
        };
        length += 1;
    }
    words
}

/// A window over a delivery. Places are counted from the first byte of its buffer.
#[derive(Debug)]
pub(super) struct ReadWindow {
    buffer: Vec<u8>,
    /// Where the text ends.
    end: usize,
    at_end: bool,
}

/// One cell in a window.
#[derive(Debug, Clone, Copy)]
pub(super) struct CellBytes<'a> {
    buffer: &'a [u8],
    start: u32,
    end: u32,
}

impl ReadWindow {
    pub(super) fn new() -> ReadWindow {
        ReadWindow { buffer: vec![0; BEFORE + KEPT + STRIDE + BLOCK], end: BEFORE, at_end: false }
    }

    /// Keeps the text from `keep_from` on, and reads on behind it; gives what was read. Where much
    /// is kept, as much again is read: what is begun is looked at anew each time, and so no more
    /// than twice in all.
    pub(super) fn advance(&mut self, keep_from: usize, input: &mut impl Read) -> io::Result<&[u8]> {
        self.buffer.copy_within(keep_from..self.end, BEFORE);
        let start = BEFORE + self.end - keep_from;
        let stride = STRIDE.max(start - BEFORE);
        if start + stride + BLOCK > self.buffer.len() {
            self.buffer.resize(start + stride + BLOCK, 0);
        }
        let room = &mut self.buffer[start..start + stride];
        let length = if stride > STRIDE {
            fill(input, room)?
        } else {
            loop {
                match input.read(room) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    other => break other?,
                }
            }
        };
        self.end = start + length;
        if length == 0 {
            self.at_end = true;
        }
        Ok(&self.buffer[start..start + length])
    }

    /// The whole buffer, the room around the text included.
    pub(super) fn buffer(&self) -> &[u8] {
        &self.buffer
    }

    /// Where the text ends.
    pub(super) fn end(&self) -> usize {
        self.end
    }

    /// Whether nothing follows the text.
    pub(super) fn at_end(&self) -> bool {
        self.at_end
    }
}

impl<'a> CellBytes<'a> {
    /// The cell from `start` to `end`, with room before and behind it.
    #[inline]
    pub(super) fn new(buffer: &'a [u8], start: u32, end: u32) -> CellBytes<'a> {
        CellBytes { buffer, start, end }
    }

    #[expect(clippy::inline_always, reason = "a cell that is never handed on stays in registers")]
    #[inline(always)]
    pub(super) fn bytes(self) -> &'a [u8] {
        &self.buffer[to_usize(self.start)..to_usize(self.end)]
    }

    #[inline]
    pub(super) fn length(self) -> u32 {
        self.end.wrapping_sub(self.start)
    }

    /// Whether its front is all of it.
    #[inline]
    pub(super) fn is_short(self) -> bool {
        to_usize(self.length()) <= SHORT
    }

    /// The first byte; what follows the cell where it is empty.
    #[inline]
    pub(super) fn first(self) -> u8 {
        self.buffer[to_usize(self.start)]
    }

    /// The first 16 bytes as two words; zero beyond the cell's end.
    #[inline]
    pub(super) fn first_16_bytes(self) -> [u64; 2] {
        let at = to_usize(self.start);
        let [low, high] = words(&self.buffer[at..at + 16]);
        let mask = FRONT[to_usize(self.length().min(16)) % FRONT.len()];
        [low & mask[0], high & mask[1]]
    }

    /// A cell of at most eight bytes as a word; of a longer one, a word that says nothing.
    #[inline]
    pub(super) fn first_8_bytes(self) -> u64 {
        // Shift in two halves: for an empty cell the shift is 64 bits, more than one may be.
        let half = 32_u32.wrapping_sub(self.length().wrapping_mul(4));
        self.back()[1].wrapping_shr(half).wrapping_shr(half)
    }

    /// The last 16 bytes as two words; what stands before the cell's start is in them too.
    #[inline]
    pub(super) fn back(self) -> [u64; 2] {
        let at = to_usize(self.end);
        words(&self.buffer[at - 16..at])
    }

    /// The bytes from the cell's start on, so many of them that they may end behind the cell.
    #[inline]
    pub(super) fn reach<const LENGTH: usize>(self) -> &'a [u8; LENGTH] {
        const { assert!(LENGTH <= BLOCK, "there is room for a block behind the text") };
        let at = to_usize(self.start);
        self.buffer[at..at + LENGTH].first_chunk().expect("it has this length")
    }
}

/// Sixteen bytes as two words, the first byte the lowest.
#[inline]
fn words(bytes: &[u8]) -> [u64; 2] {
    let word = |half: Option<&[u8; 8]>| u64::from_le_bytes(*half.expect("there are two words"));
    [word(bytes.first_chunk()), word(bytes.last_chunk())]
}
