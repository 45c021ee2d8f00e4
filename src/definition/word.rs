//! One written value, from a key or a cell, and what it can be read as.

use crate::definition::problems::{Problems, instead};
use crate::domain::language::{Language, Names};
use crate::domain::period::{Month, Span, Year};
use crate::domain::place::Place;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};
use std::collections::BTreeMap;

/// A value as it stands in a file: never empty, never with blanks around it.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    /// The key or column it answers to, for messages.
    pub(crate) name: String,
    /// What is written.
    pub(crate) text: String,
    /// Where.
    pub(crate) place: Place,
}

impl Word {
    /// Makes a word of a written value; `None` when nothing is written.
    pub(crate) fn new(
        name: &str,
        text: &str,
        place: Place,
        problems: &mut Problems,
    ) -> Option<Word> {
        let kept = text.trim();
        if kept.is_empty() {
            return None;
        }
        if kept.len() != text.len() {
            problems.note(
                &place,
                format!("`{name}` is written `{text}`, with blanks around it"),
                format!("write `{kept}`"),
            );
        }
        Some(Word { name: name.to_owned(), text: kept.to_owned(), place })
    }

    /// Notes that the word is not what its name asks for.
    pub(crate) fn refuse(&self, what: &str, help: impl Into<String>, problems: &mut Problems) {
        let Word { name, text, place } = self;
        problems.note(place, format!("`{name}` is `{text}`, {what}"), help);
    }

    /// Reads a month, `yyyy-mm`.
    pub(crate) fn month(&self, problems: &mut Problems) -> Option<Month> {
        let month = self.text.parse().ok();
        if month.is_none() {
            self.refuse("which is no month", "write year and month, such as `2016-01`", problems);
        }
        month
    }

    /// Reads a year.
    pub(crate) fn year(&self, problems: &mut Problems) -> Option<Year> {
        let year = self.text.parse().ok().and_then(Year::new);
        if year.is_none() {
            self.refuse("which is no year", "write a year from 1900 to 2199", problems);
        }
        year
    }

    /// Reads what a service is compared with, `yyyy` or `yyyy-mm/yyyy-mm`.
    pub(crate) fn span(&self, problems: &mut Problems) -> Option<Span> {
        let span = self.text.parse().ok();
        if span.is_none() {
            self.refuse(
                "which is neither a year nor a window of months",
                "write a year such as `2016`, or first and last month such as `2011-04/2012-03`",
                problems,
            );
        }
        span
    }

    /// Reads a calendar date, `yyyy-mm-dd`, and keeps its text.
    pub(crate) fn date(&self, problems: &mut Problems) -> Option<String> {
        if is_date(&self.text) {
            return Some(self.text.clone());
        }
        self.refuse(
            "which is no date",
            "write year, month and day, such as `2016-05-12`",
            problems,
        );
        None
    }

    /// Reads an exact decimal number with a decimal comma.
    pub(crate) fn decimal(&self, problems: &mut Problems) -> Option<BigRational> {
        let number = decimal(&self.text);
        if number.is_none() {
            self.refuse(
                "which is no number",
                "write digits and at most one decimal comma, such as `0,35`; no point, no blank",
                problems,
            );
        }
        number
    }

    /// Reads a share from 0 to 1, both included, exact.
    pub(crate) fn share(&self, problems: &mut Problems) -> Option<BigRational> {
        let share = self.decimal(problems)?;
        if share.is_negative() || share > BigRational::one() {
            self.refuse("outside 0 to 1", "write a share such as `0,35`", problems);
            return None;
        }
        Some(share)
    }

    /// Reads a weight above 0 and at most 1, exact.
    pub(crate) fn weight(&self, problems: &mut Problems) -> Option<BigRational> {
        let weight = self.decimal(problems)?;
        if weight <= BigRational::zero() || weight > BigRational::one() {
            self.refuse(
                "not above 0 and at most 1",
                "write a weight such as `0,5`; leave the row out when the initiative does not count",
                problems,
            );
            return None;
        }
        Some(weight)
    }

    /// Reads one of the words of a closed list.
    pub(crate) fn one_of<T: Copy>(
        &self,
        words: &[(&str, T)],
        problems: &mut Problems,
    ) -> Option<T> {
        let chosen = words.iter().find(|(word, _)| *word == self.text);
        if chosen.is_none() {
            let known = words.iter().map(|(word, _)| *word);
            self.refuse("which is not known", instead(&self.text, known), problems);
        }
        chosen.map(|(_, value)| *value)
    }

    /// Reads `ja` or `nej`.
    pub(crate) fn yes(&self, problems: &mut Problems) -> Option<bool> {
        self.one_of(&[("ja", true), ("nej", false)], problems)
    }
}

/// A name out of its versions. `find` gives the version in a language; the declared ones must be
/// there.
pub(crate) fn names(
    languages: &[Language],
    mut find: impl FnMut(Language, &mut Problems) -> Option<Word>,
    mut missing: impl FnMut(Language, &mut Problems),
    problems: &mut Problems,
) -> Names {
    let mut versions = BTreeMap::new();
    for language in Language::ALL {
        match find(language, problems) {
            Some(word) => {
                versions.insert(language, word.text);
            }
            None if languages.contains(&language) => missing(language, problems),
            None => {}
        }
    }
    Names::new(versions)
}

/// An exact number from digits, an optional minus and at most one decimal comma.
fn decimal(text: &str) -> Option<BigRational> {
    const LONGEST: usize = 40;
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, part) = match digits.split_once(',') {
        Some((whole, part)) if !part.is_empty() => (whole, part),
        Some(_) => return None,
        None => (digits, ""),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(part) || text.len() > LONGEST {
        return None;
    }
    let numerator: BigInt = format!("{whole}{part}").parse().ok()?;
    let places = u32::try_from(part.len()).ok()?;
    let denominator = BigInt::from(10).pow(places);
    Some(BigRational::new(numerator * sign, denominator))
}

/// An exact number as tables write it: decimal comma, no more digits than it needs.
/// A fraction that no number of digits ends, such as a third, is written as a fraction.
pub(crate) fn written(number: &BigRational) -> String {
    const LONGEST: usize = 40;
    let mut scaled = number.abs();
    let mut places = 0;
    while !scaled.is_integer() && places < LONGEST {
        scaled *= BigInt::from(10);
        places += 1;
    }
    if !scaled.is_integer() {
        return number.to_string();
    }
    let sign = if number.is_negative() { "-" } else { "" };
    let digits = format!("{:0>width$}", scaled.to_integer(), width = places + 1);
    let (whole, part) = digits.split_at(digits.len() - places);
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole},{part}") }
}

/// Whether the text is a calendar date, `yyyy-mm-dd`.
fn is_date(text: &str) -> bool {
    let Some((month, day)) = text.rsplit_once('-') else {
        return false;
    };
    let Ok(month) = month.parse::<Month>() else {
        return false;
    };
    let two_digits = day.len() == 2 && day.bytes().all(|byte| byte.is_ascii_digit());
    two_digits && day.parse::<u8>().is_ok_and(|day| 1 <= day && day <= month.days())
}

#[cfg(test)]
mod tests {
    use super::{decimal, is_date, written};
    use num_rational::BigRational;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_exact_or_refused() {
        let ratio = |n: i64, d: i64| Some(BigRational::new(n.into(), d.into()));
        assert_eq!(decimal("0,35"), ratio(7, 20));
        assert_eq!(decimal("-0,6"), ratio(-3, 5));
        assert_eq!(decimal("1"), ratio(1, 1));
        for refused in ["", "-", ",5", "5,", "0.35", "1.000,5", "1,2,3", "1e3", "½", "+1", " 1"] {
            assert_eq!(decimal(refused), None, "{refused}");
        }
    }

    #[test]
    fn numbers_are_written_as_they_are_read() {
        for text in ["0,35", "-0,6", "1", "12,005", "0"] {
            assert_eq!(decimal(text).map(|number| written(&number)).as_deref(), Some(text));
        }
        assert_eq!(written(&BigRational::new(1.into(), 3.into())), "1/3");
    }

    #[test]
    fn dates_exist_in_the_calendar() {
        assert!(is_date("2016-05-12"));
        assert!(is_date("2016-02-29"));
        for refused in ["2015-02-29", "2016-13-01", "2016-05-00", "2016-5-12", "12-05-2016", ""] {
            assert!(!is_date(refused), "{refused}");
        }
    }

    proptest! {
        /// A hundredth read from text is that many hundredths.
        #[test]
        fn hundredths_survive(whole in 0_i64..100_000, part in 0_i64..100) {
            let read = decimal(&format!("{whole},{part:02}"));
            prop_assert_eq!(read, Some(BigRational::new((whole * 100 + part).into(), 100.into())));
        }
    }
}
