//! What the last run refused, from its receipt: what "not worse than last month" is held against.

use crate::domain::error::Error;
use crate::domain::manifest::{RECEIPT, RECEIPT_OF_DATA};
use crate::domain::money::Oere;
use crate::ledger::posting::Balance;
use serde_json::Value;
use std::collections::BTreeMap;

/// The forms of receipt that are read, and what to do about any other.
const SCHEMAS: [&str; 2] = [RECEIPT, RECEIPT_OF_DATA];
const HELP: &str = "name the receipt.json of the last report of this pipeline with --previous";

/// What a run before this one refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Previous {
    /// The month it looked back from, as its receipt has it.
    pub as_of: String,
    /// BLAKE3 of its receipt, lower-case hex.
    pub blake3: String,
    /// Data lines read; at least one.
    pub lines_read: u32,
    /// Data lines refused.
    pub lines_refused: u32,
    /// Sum of absolute readable amounts on refused lines.
    pub refused_absolute: Oere,
    /// What was read of each delivery, in øre, by its name as it is shown.
    pub sums: BTreeMap<String, Oere>,
}

/// How a run stands to the one before it, in one respect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreviousCheck {
    /// The pipeline does not ask.
    NotAsked,
    /// The pipeline asks, and there is no previous result to hold this one against.
    NoPrevious,
    /// No worse than before.
    NotWorse,
    /// Worse than before.
    Worse,
}

impl PreviousCheck {
    /// The word for it in the receipt.
    pub fn word(self) -> &'static str {
        match self {
            PreviousCheck::NotAsked => "not_asked",
            PreviousCheck::NoPrevious => "no_previous",
            PreviousCheck::NotWorse => "not_worse",
            PreviousCheck::Worse => "worse",
        }
    }

    fn of(worse: bool) -> PreviousCheck {
        if worse { PreviousCheck::Worse } else { PreviousCheck::NotWorse }
    }
}

impl Previous {
    /// Reads a receipt of the programme; `None` when that run read no line, which is no result.
    /// Messages say it is in the file `called`.
    ///
    /// # Errors
    /// [`Error::Nothing`] when it is no receipt, or one of another programme.
    pub fn read(receipt: &[u8], called: &str, programme: &str) -> Result<Option<Previous>, Error> {
        let wrong = |what: String| Error::Nothing { what, help: HELP };
        let no_receipt = || wrong(format!("`{called}` is no receipt of gevinst"));
        let value: Value = serde_json::from_slice(receipt).map_err(|_| no_receipt())?;
        if !SCHEMAS.iter().any(|schema| value["schema"] == *schema) {
            return Err(no_receipt());
        }
        if value["programme"]["id"] != programme {
            return Err(wrong(format!("`{called}` is the receipt of another pipeline")));
        }
        let balance = &value["balance"];
        let lines = |which: &str| {
            balance["lines"][which].as_u64().and_then(|count| u32::try_from(count).ok())
        };
        let found = (
            value["as_of"].as_str().filter(|month| month.is_ascii() && month.len() == 7),
            lines("read"),
            lines("refused"),
            balance["refused_absolute_oere"].as_i64(),
        );
        let (Some(as_of), Some(lines_read), Some(lines_refused), Some(oere)) = found else {
            return Err(no_receipt());
        };
        let blake3 = blake3::hash(receipt).to_hex().to_string();
        let (as_of, refused_absolute) = (as_of.to_owned(), Oere::new(oere));
        let sums = value["deliveries"].as_array().into_iter().flatten().filter_map(|delivery| {
            let oere = delivery["balance"]["oere"]["read"].as_i64()?;
            Some((delivery["name"].as_str()?.to_owned(), Oere::new(oere)))
        });
        let sums = sums.collect();
        let previous =
            Previous { as_of, blake3, lines_read, lines_refused, refused_absolute, sums };
        Ok(Some(previous).filter(|previous| previous.lines_read > 0))
    }

    /// Refused lines as a share of the lines read, now and then; exact.
    pub(super) fn lines(&self, now: &Balance) -> PreviousCheck {
        let share = |refused: u32, read: u32| u64::from(refused) * u64::from(read);
        let lines = now.lines;
        let worse = share(lines.refused, self.lines_read) > share(self.lines_refused, lines.read);
        PreviousCheck::of(worse)
    }

    /// Money on refused lines, now and then.
    pub(super) fn amount(&self, now: &Balance) -> PreviousCheck {
        PreviousCheck::of(now.refused_absolute > self.refused_absolute)
    }
}

#[cfg(test)]
mod tests {
    use super::{Previous, PreviousCheck};
    use crate::domain::money::Oere;
    use crate::ledger::posting::{Balance, Quantities};
    use std::collections::BTreeMap;

    #[test]
    fn a_share_is_compared_exactly() {
        let previous = Previous {
            as_of: "2018-03".to_owned(),
            blake3: String::new(),
            lines_read: 3,
            lines_refused: 1,
            refused_absolute: Oere::ZERO,
            sums: BTreeMap::new(),
        };
        for (refused, read, expected) in [
            (0, 0, PreviousCheck::NotWorse),
            (1, 3, PreviousCheck::NotWorse),
            (1_000_000_000, 3_000_000_000, PreviousCheck::NotWorse),
            (1_000_000_001, 3_000_000_000, PreviousCheck::Worse),
        ] {
            let lines = Quantities { read, refused, ..Quantities::default() };
            let now = Balance { lines, ..Balance::default() };
            assert_eq!(previous.lines(&now), expected, "{refused} of {read}");
        }
    }
}
