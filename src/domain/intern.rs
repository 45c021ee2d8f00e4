//! Values that are made once and shared.

use std::collections::BTreeSet;

/// The value in `known` that is equal to this one, which is added where there is none: its copies
/// share their text.
pub(crate) fn intern<T: Ord + Clone>(known: &mut BTreeSet<T>, value: T) -> T {
    if let Some(same) = known.get(&value) {
        return same.clone();
    }
    known.insert(value.clone());
    value
}
