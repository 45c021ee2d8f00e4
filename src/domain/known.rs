//! A figure, or the reason there is none.

use serde::{Deserialize, Serialize};

/// A figure, or the reason there is none. Four states, never merged, never zero by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Known<T> {
    /// The figure is known.
    Value(T),
    /// It should exist and does not: not delivered, no baseline, no price index.
    Missing,
    /// It exists and is withheld, to protect persons or firms.
    Suppressed,
    /// It has no meaning here, such as a share of nothing.
    NotApplicable,
}

impl<T> Known<T> {
    /// Applies `f` to a known figure; the other states stay what they are.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Known<U> {
        match self {
            Known::Value(value) => Known::Value(f(value)),
            Known::Missing => Known::Missing,
            Known::Suppressed => Known::Suppressed,
            Known::NotApplicable => Known::NotApplicable,
        }
    }

    /// The figure, if it is known.
    pub fn value(self) -> Option<T> {
        match self {
            Known::Value(value) => Some(value),
            Known::Missing | Known::Suppressed | Known::NotApplicable => None,
        }
    }

    /// The same state about a borrowed figure.
    pub fn as_ref(&self) -> Known<&T> {
        match self {
            Known::Value(value) => Known::Value(value),
            Known::Missing => Known::Missing,
            Known::Suppressed => Known::Suppressed,
            Known::NotApplicable => Known::NotApplicable,
        }
    }

    /// A known figure, or `Missing`.
    pub fn from_option(value: Option<T>) -> Known<T> {
        value.map_or(Known::Missing, Known::Value)
    }
}
