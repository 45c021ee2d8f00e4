//! The words: money, time, counts, names and what can be wrong with a line. No I/O, no tables, no
//! text.

pub(crate) mod authority;
pub(crate) mod blank;
pub(crate) mod changed;
pub(crate) mod coded;
pub(crate) mod correction;
pub(crate) mod delivery;
pub(crate) mod error;
pub(crate) mod folder;
pub(crate) mod formula;
pub(crate) mod id;
pub(crate) mod intern;
pub(crate) mod known;
pub(crate) mod language;
pub(crate) mod letters;
pub(crate) mod manifest;
pub(crate) mod measure;
pub(crate) mod money;
pub(crate) mod neutral;
pub(crate) mod notice;
pub(crate) mod number;
pub(crate) mod pack;
pub(crate) mod packing;
pub(crate) mod period;
pub(crate) mod place;
pub(crate) mod privacy;
pub(crate) mod quarantine;
pub(crate) mod reached_twice;
pub(crate) mod rounding;
pub(crate) mod serial;
pub(crate) mod share;
pub(crate) mod wording;
