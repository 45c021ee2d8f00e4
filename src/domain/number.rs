//! Whole numbers from one width to another.

/// A count or an index as an index into memory.
#[inline]
pub(crate) fn to_usize(number: u32) -> usize {
    usize::try_from(number).expect("u32 fits usize")
}

/// A length in memory as a number of bytes or other things.
#[inline]
pub(crate) fn to_u64(length: usize) -> u64 {
    u64::try_from(length).expect("usize fits u64")
}
