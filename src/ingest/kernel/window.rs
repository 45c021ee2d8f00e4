//! The bytes at hand: a window over a delivery, with room around it so that words can be loaded
//! before the first byte and behind the last.

use crate::ingest::kernel::codes::halves;
use crate::ingest::kernel::index::BLOCK;
use std::io::{self, Read};

/// Room before the text.
pub(super) const BEFORE: usize = 16;

/// Bytes read at a time: what is read, indexed and hashed is still in the nearest cache.
const STRIDE: usize = if cfg!(test) { 96 } else { 64 * 1024 };

/// By number of bytes: a word of so many bytes at its front, and at its back.
const FRONT: [u128; 17] = words(false);
pub(super) const BACK: [u128; 17] = words(true);
pub(super) const SHORT_BACK: [u64; 9] = short_words();

const fn words(back: bool) -> [u128; 17] {
    let mut words = [0; 17];
    let mut length = 1;
    while length <= 16 {
        let beyond = (16 - length) * 8;
        words[length] = if back { u128::MAX << beyond } else { u128::MAX >> beyond };
        length += 1;
    }
    words
}

const fn short_words() -> [u64; 9] {
    let mut words = [0; 9];
    let mut length = 1;
    while length <= 8 {
        words[length] = u64::MAX << ((8 - length) * 8);
        length += 1;
    }
    words
}

/// A window over a delivery. Places are counted from the first byte of its buffer.
#[derive(Debug)]
pub(super) struct Window {
    buffer: Vec<u8>,
    /// Where the text ends.
    end: usize,
    at_end: bool,
}

/// One cell in a window.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell<'a> {
    buffer: &'a [u8],
    start: usize,
    end: usize,
}

impl Window {
    pub(super) fn new() -> Window {
        Window { buffer: vec![0; BEFORE + STRIDE + BLOCK], end: BEFORE, at_end: false }
    }

    /// Keeps the text from `kept` on, and reads on behind it; gives what was read. Where nothing
    /// could be given up, the window grows.
    pub(super) fn advance(&mut self, kept: usize, input: &mut impl Read) -> io::Result<&[u8]> {
        self.buffer.copy_within(kept..self.end, BEFORE);
        let start = BEFORE + self.end - kept;
        if start + STRIDE / 2 + BLOCK > self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let room = self.buffer.len() - BLOCK;
        let length = loop {
            match input.read(&mut self.buffer[start..room]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?,
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

impl<'a> Cell<'a> {
    /// The cell from `start` to `end`, with room before and behind it.
    #[inline]
    pub(super) fn new(buffer: &'a [u8], start: usize, end: usize) -> Cell<'a> {
        Cell { buffer, start, end }
    }

    #[inline]
    pub(super) fn bytes(self) -> &'a [u8] {
        &self.buffer[self.start..self.end]
    }

    #[inline]
    pub(super) fn length(self) -> usize {
        self.end - self.start
    }

    /// The cell without its first byte.
    #[inline]
    pub(super) fn without_first(self) -> Cell<'a> {
        Cell { start: self.start + 1, ..self }
    }

    /// The first 16 bytes; zero beyond the cell's end.
    #[inline]
    pub(super) fn front(self) -> (u64, u64) {
        halves(self.word())
    }

    /// The first 16 bytes as one word; zero beyond the cell's end.
    #[inline]
    pub(super) fn word(self) -> u128 {
        self.load(self.start) & FRONT[self.length().min(16)]
    }

    /// The last 16 bytes without the last `cut`; zero before the cell's start. The cell has more
    /// than `cut` and at most 16 and `cut` bytes.
    #[inline]
    pub(super) fn back(self, cut: usize) -> u128 {
        self.load(self.end - cut - 16) & BACK[self.length() - cut]
    }

    /// The last 8 bytes without the last `cut`; what stands before the cell's start is in them too.
    #[inline]
    pub(super) fn short_back(self, cut: usize) -> u64 {
        let word = self.buffer[self.end - cut - 8..].first_chunk();
        u64::from_le_bytes(*word.expect("there is room for a word"))
    }

    /// The byte so many places before the cell's end, which may be before its start.
    #[inline]
    pub(super) fn behind(self, places: usize) -> u8 {
        self.buffer[self.end - places]
    }

    #[inline]
    fn load(self, at: usize) -> u128 {
        u128::from_le_bytes(*self.buffer[at..].first_chunk().expect("there is room for a word"))
    }
}
