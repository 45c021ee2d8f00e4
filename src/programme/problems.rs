//! Everything wrong with a definition, gathered before anyone is told.

use crate::domain::error::{Error, Problem};
use crate::domain::place::Place;

/// Problems found so far. Reading goes on past each of them, so that one run shows them all.
#[derive(Debug, Default)]
pub(super) struct Problems(Vec<Problem>);

impl Problems {
    /// Keeps one problem and how to mend it.
    pub(super) fn note(
        &mut self,
        place: &Place,
        problem: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.0.push(Problem { place: place.clone(), problem: problem.into(), help: help.into() });
    }

    /// Whether nothing is wrong.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The error that tells them all, in file and line order, each once.
    pub(super) fn into_error(mut self) -> Error {
        assert!(!self.is_empty(), "an error needs a problem to tell");
        self.0.sort();
        self.0.dedup();
        Error::Pipeline { problems: self.0 }
    }
}

/// Words of a long list that a message shows.
const SHOWN: usize = 12;

/// What to write instead of `found`: the one nearest of `known`, or the list when none stands out.
pub(super) fn instead<'k>(found: &str, known: impl IntoIterator<Item = &'k str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let mut near: Vec<(usize, &str)> = known
        .iter()
        .map(|word| (distance(found, word), *word))
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

/// Letters to put in, take out, change or swap with their neighbour to get from `a` to `b`,
/// whatever the case. Source: Damerau (1964), in the restricted (optimal string alignment) form.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.to_lowercase().chars().collect();
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, instead};

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

    #[test]
    fn distances_count_single_slips() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("ab", "ba"), 1);
    }
}
