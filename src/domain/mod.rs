//! The words: money, time, counts, names and what can be wrong with a line. No I/O, no tables, no
//! text.

pub mod authority;
pub(crate) mod blank;
pub mod changed;
pub mod coded;
pub mod correction;
pub mod delivery;
pub mod error;
pub mod folder;
pub mod formula;
pub mod id;
pub(crate) mod intern;
pub mod known;
pub mod language;
pub mod letters;
pub mod manifest;
pub mod measure;
pub mod money;
pub mod neutral;
pub mod notice;
pub(crate) mod number;
pub mod pack;
pub mod period;
pub mod place;
pub(crate) mod privacy;
pub mod quarantine;
pub mod reached_twice;
pub mod rounding;
pub mod serial;
pub mod share;
pub mod wording;
