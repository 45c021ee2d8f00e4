//! The refused lines of a delivery, read back so that they share what they shared.

use crate::domain::quarantine::{Common, Quarantined};
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use std::fmt;

/// Refused lines as they are remembered.
#[derive(Debug)]
pub(super) struct CachedLines(pub(super) Vec<Quarantined>);

impl<'de> Deserialize<'de> for CachedLines {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<CachedLines, D::Error> {
        deserializer.deserialize_seq(LineSharing)
    }
}

/// Lets each line share what those before it said, before the next one is read: none of them is
/// ever held at its full size beside the others.
struct LineSharing;

impl<'de> Visitor<'de> for LineSharing {
    type Value = CachedLines;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("refused lines")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut lines: A) -> Result<CachedLines, A::Error> {
        let mut common = Common::default();
        let mut read = Vec::new();
        while let Some(mut refused) = lines.next_element::<Quarantined>()? {
            common.share(&mut refused);
            read.push(refused);
        }
        read.shrink_to_fit();
        Ok(CachedLines(read))
    }
}
