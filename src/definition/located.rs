//! A value and where it stands.

use crate::definition::problems::{Problems, instead};
use crate::domain::place::Place;

/// A value and where it stands. The default stands in for a value that could not be read: it has
/// no place, and nothing further is noted of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Located<T> {
    /// The value.
    pub(crate) value: T,
    /// Where it stands.
    pub(crate) place: Place,
}

impl Located<String> {
    /// Notes that the text names nothing that exists, with what it may have been meant to be.
    pub(crate) fn unknown<'k>(
        &self,
        what: &str,
        known: impl IntoIterator<Item = &'k str>,
        problems: &mut Problems,
    ) {
        let help = instead(&self.value, known);
        problems.note(&self.place, format!("`{}` is no {what}", self.value), help);
    }
}
