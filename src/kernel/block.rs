//! Sixty-four bytes looked at together.

use encoding_rs::Encoding;
use encoding_rs::UTF_8;
use encoding_rs::WINDOWS_1252;

/// Bytes looked at together.
pub(super) const BLOCK: usize = 64;

/// The bytes a record is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct StructuralBytes {
    pub(super) delimiter: u8,
    /// The quote; a line feed where the layout has none.
    pub(super) quote: u8,
}

/// What bytes of 0x80 and above must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HighBytes {
    /// Whole UTF-8 characters.
    Utf8,
    /// A character of Windows-1252, and none of UTF-8.
    Windows1252,
    /// Anything but characters of UTF-8.
    Any,
}

impl HighBytes {
    pub(super) fn of(encoding: &'static Encoding) -> HighBytes {
        if encoding == UTF_8 {
            HighBytes::Utf8
        } else if encoding == WINDOWS_1252 {
            HighBytes::Windows1252
        } else {
            HighBytes::Any
        }
    }
}

/// The text an index is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct IndexInput<'t> {
    pub(super) bytes: &'t [u8],
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) marks: StructuralBytes,
    pub(super) charset: HighBytes,
    /// Whether nothing follows it.
    pub(super) at_end: bool,
}

/// What a block holds: one bit a byte.
pub(super) struct ByteMask {
    pub(super) delimiters: u64,
    /// Quotes and control characters up to the carriage return, zero bytes and line ends among
    /// them, but for a delimiter that is one. A byte that is no quote and no line end leaves its
    /// record to the plain reader.
    pub(super) breaks: u64,
    /// Bytes of 0x80 and above.
    pub(super) high: u64,
    /// Those that begin a UTF-8 character of two bytes.
    pub(super) leads: u64,
    /// Those that begin none.
    pub(super) follows: u64,
}

impl ByteMask {
    /// The same of the first `length` bytes, which are not all.
    pub(super) fn cut(self, length: usize) -> ByteMask {
        let within = (1 << length) - 1;
        let ByteMask { delimiters, breaks, high, leads, follows } = self;
        ByteMask {
            delimiters: delimiters & within,
            breaks: breaks & within,
            high: high & within,
            leads: leads & within,
            follows: follows & within,
        }
    }
}

/// Writes down places of a block that begins at `base`, and gives how many they are. Eight at a
/// time, for the number of them is not to be guessed by the processor.
#[inline]
pub(super) fn note(room: &mut [u32; BLOCK], base: u32, mut ends: u64) -> u32 {
    let count = ends.count_ones();
    for room in room.as_chunks_mut::<8>().0 {
        for place in room {
            *place = base + ends.trailing_zeros();
            ends &= ends.wrapping_sub(1);
        }
        if ends == 0 {
            break;
        }
    }
    count
}
