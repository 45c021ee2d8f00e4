//! Cells as bytes to numbers and periods. Nothing is guessed, rounded unasked, or repaired.

pub(crate) mod date;
pub(crate) mod lenient;
pub(crate) mod number;
#[cfg(test)]
mod tests;
