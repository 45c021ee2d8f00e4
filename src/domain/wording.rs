//! Text that is made once and stands in many places.

use crate::domain::intern::intern;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// Text that is made once and stands in many places, such as what a contract says to every line
/// refused for it. A copy of it is the same text, and takes eight bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Wording(Arc<String>);

impl Wording {
    /// The wording of a text that stands in many places already.
    pub(crate) fn of(text: &Arc<String>) -> Wording {
        Wording(Arc::clone(text))
    }

    /// Gives up its own text for the same text in `known`, or makes it known.
    pub(crate) fn share(&mut self, known: &mut BTreeSet<Wording>) {
        *self = intern(known, self.clone());
    }
}

impl Deref for Wording {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl From<String> for Wording {
    fn from(text: String) -> Wording {
        Wording(Arc::new(text))
    }
}

impl From<&str> for Wording {
    fn from(text: &str) -> Wording {
        Wording::from(text.to_owned())
    }
}

impl From<Wording> for String {
    fn from(wording: Wording) -> String {
        wording.to_string()
    }
}

impl fmt::Display for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for Wording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
