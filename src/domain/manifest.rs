//! The forms of the files that list what is in a folder of ours: each the mark of its folder. A new
//! number when a key goes or changes meaning.

/// Of `receipt.json`, in a report.
pub(crate) const RECEIPT: &str = "gevinst-receipt/2";

/// Of a `receipt.json` whose `files` are those under `data/` alone.
pub(crate) const RECEIPT_OF_DATA: &str = "gevinst-receipt/1";

/// Of `rettelser.json`, among correction packs.
pub(crate) const PACKS: &str = "gevinst-rettelser/1";

/// Of `answers.toml`, in a sample.
pub(crate) const ANSWERS: &str = "gevinst-answers/1";
