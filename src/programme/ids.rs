//! Ids a table gives, and references held against them.

use crate::definition::problems::{Problems, instead};
use crate::definition::word::Word;
use crate::domain::letters::folded;
use crate::domain::place::Place;
use std::collections::BTreeMap;

/// The ids of one table: each stands once, and others may refer to it.
#[derive(Debug)]
pub(super) struct Ids {
    /// What the ids name, for messages.
    what: &'static str,
    first: BTreeMap<String, Place>,
    /// Set when the table could not be read: nothing can be said about references to it.
    unreadable: bool,
}

impl Ids {
    /// No ids yet of a table that is there (`readable`) or could not be read.
    pub(super) fn new(what: &'static str, readable: bool) -> Ids {
        Ids { what, first: BTreeMap::new(), unreadable: !readable }
    }

    /// Takes an id up; notes a problem and gives `false` when it stands twice.
    pub(super) fn enter(&mut self, id: &Word, problems: &mut Problems) -> bool {
        let own = folded(&id.text);
        let Some(first) = self.first.get(&*own) else {
            self.first.insert(own.into_owned(), id.place.clone());
            return true;
        };
        let line = first.line;
        problems.note(
            &id.place,
            format!("{} `{}` stands twice, first on line {line}", self.what, id.text),
            "keep one of the rows, or give each an id of its own",
        );
        false
    }

    /// Whether a reference leads somewhere; notes a problem when it does not.
    pub(super) fn leads(&self, reference: &Word, problems: &mut Problems) -> bool {
        if self.unreadable || self.first.contains_key(&*folded(&reference.text)) {
            return true;
        }
        problems.note(
            &reference.place,
            format!("there is no {} `{}`", self.what, reference.text),
            instead(&reference.text, self.first.keys().map(String::as_str)),
        );
        false
    }

    /// Every id with the place it stands in, in id order.
    pub(super) fn each(&self) -> impl Iterator<Item = (&str, &Place)> {
        self.first.iter().map(|(id, place)| (id.as_str(), place))
    }
}
