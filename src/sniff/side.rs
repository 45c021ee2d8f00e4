//! Periods side by side: headings that are years, quarters or months, over one or more measures.

use crate::domain::period::{Month, Year};
use std::collections::{BTreeMap, BTreeSet};

/// A column as it is proposed: its heading, and where it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    /// The heading, or the name of a column that stands once a period.
    pub(super) text: String,
    /// Its places in a line: one, or one a period.
    pub(super) places: Vec<usize>,
}

/// Periods that stand side by side, as a contract turns them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Side {
    /// The heading with `{period}`, and `{field}` where several columns stand once a period.
    pub header: String,
    /// The columns that stand once a period.
    pub fields: Vec<String>,
    /// Each period as it is headed, with its first and last month.
    pub periods: Vec<(String, Month, Month)>,
}

/// A heading around its period.
struct Headed<'a> {
    before: &'a str,
    label: &'a str,
    after: &'a str,
    first: Month,
    last: Month,
}

/// The periods of the headings, and the columns as they are once these are turned; `None` where no
/// heading has a period, or they are not headed alike.
pub(super) fn turned(headings: &[Heading]) -> Option<(Side, Vec<Heading>)> {
    let found: Vec<(Headed, usize)> = headings
        .iter()
        .filter_map(|heading| Some((read(&heading.text)?, *heading.places.first()?)))
        .collect();
    let (front, _) = found.first()?;
    if found.iter().any(|(one, _)| one.before != front.before) {
        return None;
    }
    let mut periods: BTreeMap<&str, (Month, Month)> = BTreeMap::new();
    let mut behind: Vec<&str> = Vec::new();
    let mut places: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (one, place) in &found {
        periods.insert(one.label, (one.first, one.last));
        if !behind.contains(&one.after) {
            behind.push(one.after);
        }
        places.insert((one.after, one.label), *place);
    }
    // Months and years beside each other would count the same money twice.
    let lengths: BTreeSet<i32> =
        periods.values().map(|(first, last)| last.ordinal() - first.ordinal()).collect();
    if lengths.len() > 1 || places.len() != periods.len() * behind.len() {
        return None;
    }
    let (header, fields) = names(front.before, &behind)?;
    let turned = fields.iter().zip(&behind).map(|(field, after)| Heading {
        text: field.clone(),
        places: periods.keys().map(|label| places[&(*after, *label)]).collect(),
    });
    let taken: BTreeSet<usize> = found.iter().map(|(_, place)| *place).collect();
    let rest = headings.iter().filter(|heading| !taken.contains(&heading.places[0])).cloned();
    let all: Vec<Heading> = rest.chain(turned).collect();
    let distinct: BTreeSet<&str> = all.iter().map(|heading| heading.text.as_str()).collect();
    if distinct.len() < all.len() {
        return None;
    }
    let periods = periods.into_iter().map(|(label, (first, last))| (label.to_owned(), first, last));
    Some((Side { header, fields, periods: periods.collect() }, all))
}

/// The heading with its places, and what the columns are called.
fn names(before: &str, behind: &[&str]) -> Option<(String, Vec<String>)> {
    if before.contains(['{', '}']) || behind.iter().any(|after| after.contains(['{', '}'])) {
        return None;
    }
    let name = |after: &&str| after.trim_matches([' ', ':', '-', '_', '.']).to_owned();
    if let [only] = behind {
        let name = Some(name(only)).filter(|name| !name.is_empty());
        let name = name.or_else(|| Some(name_of(before)).filter(|name| !name.is_empty()));
        let name = name.unwrap_or_else(|| "Beløb".to_owned());
        return Some((format!("{before}{{period}}{only}"), vec![name]));
    }
    let fields: Vec<String> = behind.iter().map(name).collect();
    let lead = behind[0].strip_suffix(fields[0].as_str())?;
    let alike = behind.iter().zip(&fields).all(|(after, field)| {
        !field.is_empty() && after.strip_suffix(field.as_str()) == Some(lead)
    });
    alike.then(|| (format!("{before}{{period}}{lead}{{field}}"), fields))
}

fn name_of(before: &str) -> String {
    before.trim_matches([' ', ':', '-', '_', '.', '(']).to_owned()
}

/// A heading that begins or ends with a period.
fn read(heading: &str) -> Option<Headed<'_>> {
    let starts = heading.char_indices().map(|(at, _)| at);
    let (at, length, first, last) = starts.into_iter().find_map(|at| {
        let free = heading[..at].chars().next_back().is_none_or(|letter| !letter.is_alphanumeric());
        let (length, first, last) = period(&heading[at..]).filter(|_| free)?;
        Some((at, length, first, last))
    })?;
    let (before, rest) = heading.split_at(at);
    let (label, after) = rest.split_at(length);
    let edge = before.is_empty() || after.is_empty();
    edge.then_some(Headed { before, label, after, first, last })
}

/// The period a text begins with: its length in bytes, its first and last month.
fn period(text: &str) -> Option<(usize, Month, Month)> {
    let ends = |rest: &str| rest.chars().next().is_none_or(|letter| !letter.is_alphanumeric());
    let year: i16 = text.get(..4)?.parse().ok()?;
    Year::new(year).filter(|_| (1950..=2099).contains(&year))?;
    let rest = &text[4..];
    for lead in [" Q", "Q", "K", "-Q", "-K", " K", " kvt. ", " kv. "] {
        let quarter = rest.strip_prefix(lead).and_then(|rest| rest.get(..1)?.parse::<u8>().ok());
        if let Some(quarter) = quarter.filter(|quarter| (1..=4).contains(quarter))
            && ends(&rest[lead.len() + 1..])
        {
            let (first, last) =
                (Month::new(year, quarter * 3 - 2)?, Month::new(year, quarter * 3)?);
            return Some((4 + lead.len() + 1, first, last));
        }
    }
    for lead in ["-", "M", "/"] {
        let month = rest.strip_prefix(lead).and_then(|rest| rest.get(..2)?.parse::<u8>().ok());
        if let Some(month) = month.and_then(|month| Month::new(year, month))
            && ends(&rest[lead.len() + 2..])
        {
            return Some((4 + lead.len() + 2, month, month));
        }
    }
    // `2018/19` is a year of another kind, which begins in a month the heading does not say.
    let spans = |mark: char| {
        rest.strip_prefix(mark)
            .is_some_and(|rest| rest.starts_with(|next: char| next.is_ascii_digit()))
    };
    if !ends(rest) || spans('/') || spans('-') {
        return None;
    }
    Some((4, Month::new(year, 1)?, Month::new(year, 12)?))
}

#[cfg(test)]
mod tests {
    use super::{Heading, turned};

    fn headings(texts: &[&str]) -> Vec<Heading> {
        let places = texts.iter().enumerate();
        places.map(|(at, text)| Heading { text: (*text).to_owned(), places: vec![at] }).collect()
    }

    #[test]
    fn periods_in_headings_are_turned() {
        for (texts, header, fields, first) in [
            (&["Navn", "2014", "2015"][..], "{period}", &["Beløb"][..], "2014 2014-01 2014-12"),
            (&["Navn", "2019M01", "2019M02"], "{period}", &["Beløb"], "2019M01 2019-01 2019-01"),
            (
                &["Navn", "Regnskab 2014", "Regnskab 2015"],
                "Regnskab {period}",
                &["Regnskab"],
                "2014 2014-01 2014-12",
            ),
            (
                &["Dept", "2012 Q4: volume", "2012 Q4: cost"],
                "{period}: {field}",
                &["volume", "cost"],
                "2012 Q4 2012-10 2012-12",
            ),
        ] {
            let (side, all) = turned(&headings(texts)).unwrap_or_else(|| panic!("{texts:?}"));
            assert_eq!(
                (side.header.as_str(), side.fields.as_slice()),
                (header, &fields.iter().map(|field| (*field).to_owned()).collect::<Vec<_>>()[..])
            );
            let (label, begin, end) = &side.periods[0];
            assert_eq!(format!("{label} {begin} {end}"), first);
            assert_eq!(all.len(), 1 + fields.len());
        }
    }

    #[test]
    fn what_is_not_headed_alike_is_left_alone() {
        for texts in [
            &["Navn", "Beløb"][..],
            &["Navn", "Regnskab 2014", "Budget 2015"],
            &["Navn", "2014", "2014M01"],
            &["Navn", "2012: a", "2012: b", "2013: a"],
            &["Navn", "2018/19", "2019/20"],
        ] {
            assert_eq!(turned(&headings(texts)), None, "{texts:?}");
        }
    }
}
