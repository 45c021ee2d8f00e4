//! Cells side by side, in which a personal number may stand together.

use crate::domain::privacy::number::{DigitForm, Search};
use std::ops::RangeInclusive;

/// Looks for numbers in the cells of a line, which are handed over in their order.
#[derive(Default)]
pub(crate) struct SideBySide {
    search: Search,
    /// By cell: its digits.
    digits: Vec<usize>,
}

impl SideBySide {
    /// Goes on to a cell in which a number, or a part of one, may stand; bytes as for
    /// [`may_hold_cpr`](super::may_hold_cpr).
    pub(crate) fn open(&mut self, cell: &[u8]) {
        let (place, before) = (self.digits.len(), self.search.count());
        self.search.text(cell, |_| place);
        self.digits.push(self.search.count() - before);
        self.search.border();
    }

    /// Goes on to a cell that no number reaches into.
    pub(crate) fn closed(&mut self) {
        self.search.end();
        self.digits.push(0);
    }

    /// The places of the cells each number stands in. One over several cells leaves no digit of
    /// them over: amounts side by side do.
    pub(crate) fn found(mut self) -> Vec<RangeInclusive<usize>> {
        self.search.end();
        let own =
            |form: &DigitForm, place: usize| form.places.iter().filter(|at| **at == place).count();
        let places = |form: &DigitForm| {
            let places = form.places[0]..=form.places[form.places.len() - 1];
            let alone = places.start() == places.end();
            let whole = alone || places.clone().all(|at| own(form, at) == self.digits[at]);
            (form.dated && whole).then_some(places)
        };
        self.search.take().iter().filter_map(places).collect()
    }
}
