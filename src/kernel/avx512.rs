//! The index by instructions that not every processor has: sixty-four bytes in one comparison.
//!
//! This is the one file with `unsafe`: a function made for such instructions may be called only
//! where they are, and a block is loaded by its address. What it gives is held against the index
//! that every processor can make.

use crate::kernel::block::IndexInput;
use crate::kernel::index::StructuralIndex;

impl StructuralIndex {
    /// Finds the places in `text[start..end]`; false when its bytes contradict the character set.
    /// At least [`BLOCK`] bytes follow `end`; what they are does not matter. A character cut by
    /// `end` is left for the next look, unless the text ends there.
    pub(super) fn build(&mut self, text: IndexInput) -> bool {
        build(self, text).unwrap_or_else(|| self.build_plainly(text))
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn build(_: &mut StructuralIndex, _: IndexInput) -> Option<bool> {
    None
}

/// Builds the index; no answer on a processor without the instructions.
#[cfg(target_arch = "x86_64")]
#[expect(unsafe_code, reason = "guarded by the detection of every instruction it uses")]
fn build(index: &mut StructuralIndex, text: IndexInput) -> Option<bool> {
    let there = is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512vbmi2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("popcnt");
    // SAFETY: the processor has every instruction the function is made for.
    there.then(|| unsafe { instructions::build(index, text) })
}

#[cfg(target_arch = "x86_64")]
mod instructions {
    use crate::kernel::block::{BLOCK, ByteMask, IndexInput, note as note_plainly};
    use crate::kernel::index::StructuralIndex;
    use std::arch::x86_64::{
        __m512i, _mm512_add_epi32, _mm512_castsi512_si128, _mm512_cmpeq_epi8_mask,
        _mm512_cmple_epu8_mask, _mm512_cmplt_epi8_mask, _mm512_cmplt_epu8_mask,
        _mm512_cvtepu8_epi32, _mm512_loadu_si512, _mm512_maskz_compress_epi8, _mm512_movepi8_mask,
        _mm512_set1_epi8, _mm512_set1_epi32, _mm512_storeu_si512, _mm512_sub_epi8,
    };

    /// The places in a block: 0 to 63.
    const PLACES: [u8; BLOCK] = places();

    const fn places() -> [u8; BLOCK] {
        let mut places = [0; BLOCK];
        let mut offset = 0_u8;
        while offset < 64 {
            places[offset as usize] = offset;
            offset += 1;
        }
        places
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vbmi2,bmi1,popcnt")]
    pub(super) fn build(index: &mut StructuralIndex, text: IndexInput) -> bool {
        let all = |byte: u8| _mm512_set1_epi8(byte.cast_signed());
        let (delimiter, quote) = (all(text.marks.delimiter), all(text.marks.quote));
        let control = all(b'\r');
        let (lead, leads, letter) = (all(0xC2), all(0xDF - 0xC2 + 1), all(0xC0));
        let places = load(&PLACES);
        let look = |block: &[u8; BLOCK]| {
            let bytes = load(block);
            let is = |mark: __m512i| _mm512_cmpeq_epi8_mask(bytes, mark);
            let delimiters = is(delimiter);
            ByteMask {
                delimiters,
                breaks: (is(quote) | _mm512_cmple_epu8_mask(bytes, control)) & !delimiters,
                high: _mm512_movepi8_mask(bytes),
                leads: _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, lead), leads),
                follows: _mm512_cmplt_epi8_mask(bytes, letter),
            }
        };
        let note = |room: &mut [u32; BLOCK], base: u32, ends: u64| {
            let count = ends.count_ones();
            if count > 16 {
                return note_plainly(room, base, ends);
            }
            let positions = _mm512_castsi512_si128(_mm512_maskz_compress_epi8(ends, places));
            let positions = _mm512_add_epi32(
                _mm512_cvtepu8_epi32(positions),
                _mm512_set1_epi32(base.cast_signed()),
            );
            store(positions, room.first_chunk_mut().expect("sixteen are fewer than a block"));
            count
        };
        index.build_by(text, look, note)
    }

    #[expect(unsafe_code, reason = "a block is loaded by its address")]
    #[target_feature(enable = "avx512f")]
    fn load(block: &[u8; BLOCK]) -> __m512i {
        // SAFETY: the block has the sixty-four bytes that are loaded, at any alignment.
        unsafe { _mm512_loadu_si512(block.as_ptr().cast()) }
    }

    #[expect(unsafe_code, reason = "sixteen numbers are stored by their address")]
    #[target_feature(enable = "avx512f")]
    fn store(numbers: __m512i, room: &mut [u32; 16]) {
        // SAFETY: the room has the sixty-four bytes that are stored, at any alignment.
        unsafe { _mm512_storeu_si512(room.as_mut_ptr().cast(), numbers) }
    }
}
