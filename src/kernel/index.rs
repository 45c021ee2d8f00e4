//! Where cells and lines end: one look at every byte, 64 at a time, without a branch.

use crate::domain::number::to_usize;
use crate::kernel::block::{BLOCK, ByteMask, HighBytes, IndexInput, StructuralBytes, note};
use crate::source::charset::in_windows_1252;
use wide::u8x16;

/// What the plain reader passes over where a line begins with it.
pub(super) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The places of every delimiter, quote and control character up to the carriage return in a
/// window, in order.
#[derive(Debug, Default)]
pub(super) struct StructuralIndex {
    /// Room for places, kept from window to window, and how many there are.
    places: Vec<u32>,
    found: usize,
    breaks: Vec<u32>,
    broken: usize,
}

/// What is known of the characters up to a block.
#[derive(Debug, Clone, Copy, Default)]
struct Characters {
    /// 1 when the last byte begins a character of two bytes.
    open: u64,
    /// 1 when the last byte is in a run of high bytes that was looked at to its end.
    seen: u64,
}

impl Characters {
    /// Goes on over a block; whether its characters are nothing but ASCII and what each character
    /// set has most: pairs in UTF-8, letters in Windows-1252.
    #[inline]
    fn plain(&mut self, charset: HighBytes, mask: &ByteMask) -> bool {
        let plain = match charset {
            HighBytes::Utf8 => {
                let paired = mask.leads << 1 | self.open == mask.follows;
                paired && mask.leads | mask.follows == mask.high
            }
            HighBytes::Windows1252 | HighBytes::Any => mask.follows == 0,
        };
        if plain {
            let open = if charset == HighBytes::Utf8 { mask.leads >> (BLOCK - 1) } else { 0 };
            *self = Characters { open, seen: 0 };
        }
        plain
    }

    /// Goes on over a block of which every run of high bytes is looked at to its end.
    #[cold]
    #[inline(never)]
    fn look(&mut self, text: IndexInput, block_start: usize, mask: &ByteMask) -> bool {
        let closed = mask.follows & self.open == self.open;
        let high = mask.high & !self.open;
        let begins = high & !(high << 1 | self.seen);
        *self = Characters { open: 0, seen: mask.high >> (BLOCK - 1) };
        closed & check(text, block_start, begins)
    }
}

impl StructuralIndex {
    /// The places found.
    pub(super) fn places(&self) -> &[u32] {
        &self.places[..self.found]
    }

    /// Those of the places that are no delimiters.
    pub(super) fn breaks(&self) -> &[u32] {
        &self.breaks[..self.broken]
    }

    /// The index by instructions that every processor has.
    pub(super) fn build_plainly(&mut self, text: IndexInput) -> bool {
        self.build_by(text, |block| look(block, text.marks), note)
    }

    /// The same, with a way to look at a block, and one to write down places in it.
    #[expect(clippy::inline_always, reason = "it is made for the instructions its caller has")]
    #[inline(always)]
    pub(super) fn build_by(
        &mut self,
        text: IndexInput,
        look: impl Fn(&[u8; BLOCK]) -> ByteMask,
        note: impl Fn(&mut [u32; BLOCK], u32, u64) -> u32,
    ) -> bool {
        let (mut count, mut broken) = (0, 0);
        let mut holds = true;
        let mut characters = Characters::default();
        for block_start in (text.start..text.end).step_by(BLOCK) {
            let mut seen =
                look(text.bytes[block_start..].first_chunk().expect("a block follows the text"));
            if text.end - block_start < BLOCK {
                seen = seen.cut(text.end - block_start);
            }
            if !characters.plain(text.charset, &seen) {
                holds &= characters.look(text, block_start, &seen);
            }
            let ByteMask { delimiters, breaks, .. } = seen;
            let base = u32::try_from(block_start).expect("a window is under 4 GiB");
            count += to_usize(note(room(&mut self.places, count), base, delimiters | breaks));
            broken += to_usize(note(room(&mut self.breaks, broken), base, breaks));
        }
        (self.found, self.broken) = (count, broken);
        let last = text.bytes[text.start..text.end].last();
        let cut = last.is_some_and(|last| *last >= 0xC0) && text.charset == HighBytes::Utf8;
        holds && !(cut && text.at_end)
    }
}

/// Room for the places of a block behind the first `count`.
#[inline]
fn room(places: &mut Vec<u32>, count: usize) -> &mut [u32; BLOCK] {
    if places.len() < count + BLOCK {
        places.resize((count + BLOCK) * 2, 0);
    }
    places[count..].first_chunk_mut().expect("there is room for a block")
}

/// Looks at a block, 16 bytes at a time.
#[inline]
fn look(block: &[u8; BLOCK], marks: StructuralBytes) -> ByteMask {
    let (delimiter, quote) = (u8x16::splat(marks.delimiter), u8x16::splat(marks.quote));
    let control = u8x16::splat(b'\r');
    let mut mask = ByteMask { delimiters: 0, breaks: 0, high: 0, leads: 0, follows: 0 };
    let mut any = u8x16::ZERO;
    for (lane_number, lane) in block.as_chunks().0.iter().enumerate() {
        let bytes = u8x16::new(*lane);
        let is = |mark: u8x16| bytes.simd_eq(mark);
        let gather = |bits: u8x16| u64::from(bits.to_bitmask()) << (lane_number * 16);
        let ends = gather(is(delimiter));
        mask.delimiters |= ends;
        mask.breaks |= gather(is(quote) | bytes.min(control).simd_eq(bytes)) & !ends;
        any |= bytes;
    }
    if any.to_bitmask() != 0 {
        for (lane_number, lane) in block.as_chunks().0.iter().enumerate() {
            let bytes = u8x16::new(*lane);
            let gather = |bits: u8x16| u64::from(bits.to_bitmask()) << (lane_number * 16);
            let from_lead = bytes - u8x16::splat(0xC2);
            mask.high |= gather(bytes);
            mask.leads |= gather(from_lead.min(u8x16::splat(0x1D)).simd_eq(from_lead));
            mask.follows |= gather((bytes & u8x16::splat(0xC0)).simd_eq(u8x16::splat(0x80)));
        }
    }
    mask
}

/// Whether the runs of high bytes that begin at the bits of `begins` are characters.
fn check(text: IndexInput, at: usize, mut begins: u64) -> bool {
    let IndexInput { bytes, start, end, charset, at_end, .. } = text;
    let mut holds = true;
    while begins != 0 {
        let mut from = at + usize::try_from(begins.trailing_zeros()).expect("at most 64");
        begins &= begins - 1;
        if charset != HighBytes::Utf8 {
            // The block before may end with bytes that are characters by themselves.
            from -= bytes[start..from].iter().rev().take_while(|byte| !byte.is_ascii()).count();
        }
        let run = &bytes[from..end];
        holds &= match (charset, run) {
            (HighBytes::Utf8, [0xC2..=0xDF, 0x80..=0xBF, 0..=0x7F, ..]) => true,
            (HighBytes::Utf8 | HighBytes::Windows1252 | HighBytes::Any, _) => {
                let length = run.iter().position(u8::is_ascii);
                let run = &run[..length.unwrap_or(run.len())];
                match charset {
                    HighBytes::Windows1252 => {
                        run.iter().all(|byte| in_windows_1252(*byte)) && has_no_utf_8(run)
                    }
                    HighBytes::Any => has_no_utf_8(run),
                    HighBytes::Utf8 => {
                        let own = from > start && matches!(bytes[from - 1], b'\n' | b'\r');
                        let joined = own && run.starts_with(BYTE_ORDER_MARK);
                        let open = length.is_none() && !at_end;
                        !joined && (open || std::str::from_utf8(run).is_ok())
                    }
                }
            }
        };
    }
    holds
}

/// Whether no character of UTF-8 stands among high bytes.
fn has_no_utf_8(run: &[u8]) -> bool {
    run.utf8_chunks().all(|chunk| chunk.valid().is_empty())
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, HighBytes, IndexInput, StructuralBytes, StructuralIndex};
    use proptest::prelude::*;

    fn index(bytes: &[u8], charset: HighBytes) -> (bool, Vec<u32>) {
        let padded = [bytes, &[b';'; BLOCK]].concat();
        let marks = StructuralBytes { delimiter: b';', quote: b'"' };
        let end = bytes.len();
        let text = IndexInput { bytes: &padded, start: 0, end, marks, charset, at_end: true };
        let (mut index, mut plain) = (StructuralIndex::default(), StructuralIndex::default());
        let holds = index.build(text);
        assert_eq!(holds, plain.build_plainly(text), "both ways tell the same");
        assert_eq!((index.places(), index.breaks()), (plain.places(), plain.breaks()));
        (holds, index.places().to_vec())
    }

    proptest! {
        /// Every place is found once, in order; the text holds exactly when the library says so.
        #[test]
        fn places_and_characters_are_those_a_plain_look_finds(
            parts in prop::collection::vec(
                prop_oneof![Just("æ".as_bytes()), Just(&b";"[..]), Just(&b"\n\r"[..]),
                    Just(&b"\""[..]), Just(&b"abc\0\x0E\tg"[..]), Just("€".as_bytes()),
                    Just(&b"\xC3"[..]), Just(&b"\x81"[..]), Just(&b"\xA0"[..]),
                    Just("\u{feff}".as_bytes()), Just(&b"\x3A\xBB\x0B"[..])],
                0..120,
            )
        ) {
            let bytes = parts.concat();
            let (holds, places) = index(&bytes, HighBytes::Utf8);
            let plain: Vec<u32> = (0..)
                .zip(&bytes)
                .filter(|(_, byte)| b";\"".contains(byte) || **byte <= b'\r')
                .map(|(at, _)| at)
                .collect();
            prop_assert_eq!(&places, &plain);
            let joined = bytes.windows(4).any(|four| four == b"\r\xEF\xBB\xBF");
            prop_assert_eq!(holds, std::str::from_utf8(&bytes).is_ok() && !joined);
            let none = bytes.utf8_chunks().all(|chunk| chunk.valid().is_ascii());
            let (holds, _) = index(&bytes, HighBytes::Windows1252);
            prop_assert_eq!(holds, none && !bytes.contains(&0x81));
            let (holds, _) = index(&bytes, HighBytes::Any);
            prop_assert_eq!(holds, none);
        }
    }
}
