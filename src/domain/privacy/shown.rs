//! Delivered text that is safe to show.

use crate::domain::money::Oere;
use serde::{Deserialize, Serialize};

/// Delivered text made safe to show: control characters out, personal numbers masked, cut short.
/// [`show`](super::show) and [`show_list`](super::show_list) make it of what was delivered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Shown(Box<str>);

impl Shown {
    /// A text the guard has gone through.
    pub(super) fn guarded(text: String) -> Shown {
        Shown(text.into())
    }

    /// A number read of a delivery, in digits of our own.
    pub(crate) fn number(number: i128) -> Shown {
        Shown(number.to_string().into())
    }

    /// An amount read of a delivery, in digits of our own.
    pub(crate) fn amount(amount: Oere) -> Shown {
        Shown(amount.to_string().into())
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, to be kept as another's.
    pub(crate) fn into_string(self) -> String {
        self.0.into_string()
    }
}
