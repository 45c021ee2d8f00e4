//! Everything wrong with a definition, gathered before anyone is told.

use crate::domain::error::{Error, Problem};
use crate::domain::place::Place;
use strsim::osa_distance;

/// Problems found so far. Reading goes on past each of them, so that one run shows them all.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<Problem>);

impl Problems {
    /// Keeps one problem and how to mend it. A value that could not be read has no place: that was
    /// noted where it was read, and what follows from it is not.
    pub(crate) fn note(
        &mut self,
        place: &Place,
        problem: impl Into<String>,
        help: impl Into<String>,
    ) {
        if *place == Place::default() {
            return;
        }
        self.0.push(Problem { place: place.clone(), problem: problem.into(), help: help.into() });
    }

    /// Takes over what another reading found.
    pub(crate) fn extend(&mut self, other: Problems) {
        self.0.extend(other.0);
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The error that tells them all, in file and line order, each once.
    pub(crate) fn into_error(mut self) -> Error {
        assert!(!self.is_empty(), "an error needs a problem to tell");
        self.0.sort();
        self.0.dedup();
        Error::Pipeline { problems: self.0 }
    }
}

/// Words of a long list that a message shows.
const SHOWN: usize = 12;

/// What to write instead of `found`: the one nearest of `known`, or the list when none stands out.
pub(crate) fn instead<'k>(found: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let mut near: Vec<(usize, &str)> = known
        .iter()
        .map(|word| (osa_distance(&found.to_lowercase(), &word.to_lowercase()), *word))
        .filter(|(steps, word)| *steps <= word.chars().count() / 3)
        .collect();
    near.sort_unstable();
    match near[..] {
        [(_, word)] => return format!("did you mean `{word}`?"),
        [(least, word), (next, _), ..] if least < next => {
            return format!("did you mean `{word}`?");
        }
        [] | [..] => {}
    }
    let list: Vec<String> = known.iter().take(SHOWN).map(|word| format!("`{word}`")).collect();
    match (list.len(), known.len()) {
        (0, _) => "the list to choose from is empty".to_owned(),
        (1, _) => format!("write {}", list[0]),
        (shown, all) if shown == all => format!("write one of {}", list.join(", ")),
        (_, all) => format!("write one of the {all} known, such as {}", list.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::instead;

    #[test]
    fn a_near_word_is_offered_and_a_far_one_is_not() {
        let known = ["languages", "period", "prices"];
        assert_eq!(instead("langauges", known), "did you mean `languages`?");
        assert_eq!(instead("Period", known), "did you mean `period`?");
        assert_eq!(instead("weather", known), "write one of `languages`, `period`, `prices`");
        assert_eq!(instead("x", ["only"]), "write `only`");
        assert_eq!(instead("1.9", ["1.1", "1.2"]), "write one of `1.1`, `1.2`");
        assert_eq!(instead("x", []), "the list to choose from is empty");
    }
}
