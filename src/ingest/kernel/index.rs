//! Where cells and lines end: one look at every byte, 64 at a time, without a branch.

use crate::ingest::charset::in_windows_1252;
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use wide::u8x16;

/// Bytes looked at together.
pub(super) const BLOCK: usize = 64;

/// The bytes a record is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks {
    pub(super) delimiter: u8,
    /// The quote; a line feed where the layout has none.
    pub(super) quote: u8,
}

/// What bytes of 0x80 and above must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Charset {
    /// Whole UTF-8 characters.
    Utf8,
    /// A character of Windows-1252.
    Windows1252,
    /// Anything.
    Any,
}

impl Charset {
    pub(super) fn of(encoding: &'static Encoding) -> Charset {
        if encoding == UTF_8 {
            Charset::Utf8
        } else if encoding == WINDOWS_1252 {
            Charset::Windows1252
        } else {
            Charset::Any
        }
    }
}

/// The places of every delimiter, quote, line feed and carriage return in a window, in order.
#[derive(Debug, Default)]
pub(super) struct Index {
    places: Vec<u32>,
    breaks: Vec<u32>,
}

/// What a block holds: one bit a byte.
struct Look {
    delimiters: u64,
    /// Quotes, line feeds and carriage returns.
    breaks: u64,
    /// Bytes of 0x80 and above.
    high: u64,
}

impl Index {
    /// The places found.
    pub(super) fn places(&self) -> &[u32] {
        &self.places
    }

    /// Those of the places that are no delimiters.
    pub(super) fn breaks(&self) -> &[u32] {
        &self.breaks
    }

    /// Finds the places in `text[start..end]`; false when its bytes contradict the character set.
    /// At least [`BLOCK`] bytes follow `end`; what they are does not matter. A character cut by
    /// `end` is left for the next look, unless the text ends there.
    pub(super) fn build(
        &mut self,
        text: &[u8],
        (start, end): (usize, usize),
        marks: Marks,
        charset: Charset,
        at_end: bool,
    ) -> bool {
        let mut found = 0;
        let mut broken = 0;
        let mut holds = true;
        let mut carried = 0;
        for at in (start..end).step_by(BLOCK) {
            let block = text[at..].first_chunk().expect("a block follows the text");
            let Look { mut delimiters, mut breaks, mut high } = look(block, marks);
            if end - at < BLOCK {
                let own = (1_u64 << (end - at)) - 1;
                delimiters &= own;
                breaks &= own;
                high &= own;
            }
            if high | carried != 0 && charset != Charset::Any {
                let begins = high & !(high << 1 | carried);
                carried = high >> (BLOCK - 1);
                holds &= check(&text[..end], at, begins, charset, at_end);
            }
            found = note::<8>(&mut self.places, found, at, delimiters | breaks);
            broken = note::<2>(&mut self.breaks, broken, at, breaks);
        }
        self.places.truncate(found);
        self.breaks.truncate(broken);
        holds
    }
}

/// Writes down the places of a block behind the `found` there are. `AT_ONCE` at a time, for the
/// number of them is not to be guessed by the processor.
#[inline]
fn note<const AT_ONCE: usize>(
    places: &mut Vec<u32>,
    found: usize,
    at: usize,
    mut ends: u64,
) -> usize {
    if places.len() < found + BLOCK {
        places.resize((found + BLOCK) * 2, 0);
    }
    let base = u32::try_from(at).expect("a window is under 4 GiB");
    let count = ends.count_ones();
    let room: &mut [u32; BLOCK] =
        places[found..].first_chunk_mut().expect("there is room for a block");
    let mut next = 0;
    while ends != 0 {
        for step in 0..AT_ONCE {
            room[(next + step) % BLOCK] = base + ends.trailing_zeros();
            ends &= ends.wrapping_sub(1);
        }
        next += AT_ONCE;
    }
    found + usize::try_from(count).expect("at most 64")
}

/// Looks at a block, 16 bytes at a time.
#[inline]
fn look(block: &[u8; BLOCK], marks: Marks) -> Look {
    let (delimiter, quote) = (u8x16::splat(marks.delimiter), u8x16::splat(marks.quote));
    let (feed, back) = (u8x16::splat(b'\n'), u8x16::splat(b'\r'));
    let mut found = Look { delimiters: 0, breaks: 0, high: 0 };
    let mut any = u8x16::ZERO;
    for (place, lane) in block.as_chunks().0.iter().enumerate() {
        let bytes = u8x16::new(*lane);
        let is = |mark: u8x16| bytes.simd_eq(mark);
        let gather = |bits: u8x16| u64::from(bits.to_bitmask()) << (place * 16);
        found.delimiters |= gather(is(delimiter));
        found.breaks |= gather(is(quote) | is(feed) | is(back));
        any |= bytes;
    }
    if any.to_bitmask() != 0 {
        for (place, lane) in block.as_chunks().0.iter().enumerate() {
            found.high |= u64::from(u8x16::new(*lane).to_bitmask()) << (place * 16);
        }
    }
    found
}

/// Whether the runs of high bytes that begin at the bits of `begins` are characters.
fn check(text: &[u8], at: usize, mut begins: u64, charset: Charset, at_end: bool) -> bool {
    let mut holds = true;
    while begins != 0 {
        let start = at + usize::try_from(begins.trailing_zeros()).expect("at most 64");
        begins &= begins - 1;
        let run = &text[start..];
        holds &= match (charset, run) {
            (Charset::Any, _) | (Charset::Utf8, [0xC2..=0xDF, 0x80..=0xBF, 0..=0x7F, ..]) => true,
            (Charset::Utf8 | Charset::Windows1252, _) => {
                let length = run.iter().position(u8::is_ascii);
                let run = &run[..length.unwrap_or(run.len())];
                match charset {
                    Charset::Windows1252 => run.iter().all(|byte| in_windows_1252(*byte)),
                    Charset::Utf8 | Charset::Any => {
                        (length.is_none() && !at_end) || std::str::from_utf8(run).is_ok()
                    }
                }
            }
        };
    }
    holds
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, Charset, Index, Marks};
    use proptest::prelude::*;

    fn index(bytes: &[u8], charset: Charset) -> (bool, Vec<u32>) {
        let text = [bytes, &[b';'; BLOCK]].concat();
        let mut index = Index::default();
        let marks = Marks { delimiter: b';', quote: b'"' };
        let holds = index.build(&text, (0, bytes.len()), marks, charset, true);
        (holds, index.places().to_vec())
    }

    proptest! {
        /// Every place is found once, in order; the text holds exactly when the library says so.
        #[test]
        fn places_and_characters_are_those_a_plain_look_finds(
            parts in prop::collection::vec(
                prop_oneof![Just("æ".as_bytes()), Just(&b";"[..]), Just(&b"\n\r"[..]),
                    Just(&b"\""[..]), Just(&b"abcdefg"[..]), Just("€".as_bytes()),
                    Just(&b"\xC3"[..]), Just(&b"\x81"[..]), Just(&b"\x3A\xBB\x0B"[..])],
                0..120,
            )
        ) {
            let bytes = parts.concat();
            let (holds, places) = index(&bytes, Charset::Utf8);
            let plain: Vec<u32> = (0..)
                .zip(&bytes)
                .filter(|(_, byte)| b";\n\r\"".contains(byte))
                .map(|(at, _)| at)
                .collect();
            prop_assert_eq!(&places, &plain);
            prop_assert_eq!(holds, std::str::from_utf8(&bytes).is_ok());
            let (holds, _) = index(&bytes, Charset::Windows1252);
            prop_assert_eq!(holds, !bytes.contains(&0x81));
        }
    }
}
