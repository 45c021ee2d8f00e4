//! The name of a delivery: the file it is of, and which of two of one file is the later.
//!
//! A resend has the name of what it replaces and a mark: ` (2)`, `-v2`, `_rettet`, `.V2`, `-ny`,
//! `_final`. What is left without marks, endings and the template's `{version}` is the file.

use crate::domain::packing::Packing;
use std::cmp::Ordering;
use std::mem::take;
use unicode_normalization::UnicodeNormalization as _;

/// Stands in a name where the template takes the version.
pub(super) const VERSION: char = '\0';

/// Endings that say how a text is written, not which file it is; those of packed files say as
/// little.
const TEXTS: [&str; 5] = ["csv", "tsv", "tab", "txt", "dat"];

/// What may stand between a name and its mark.
const BETWEEN: [char; 5] = [' ', '-', '_', '.', '+'];

/// Words before the number of a version.
const VERSIONS: [&str; 5] = ["version", "udgave", "vers", "ver", "v"];

/// Marks that are words, longest first among those that end alike.
const WORDS: [(&str, ResendWord); 60] = [
    ("korrigeret", ResendWord::Corrected),
    ("korr", ResendWord::Corrected),
    ("rettet", ResendWord::Corrected),
    ("berigtiget", ResendWord::Corrected),
    ("revideret", ResendWord::Corrected),
    ("revised", ResendWord::Corrected),
    ("rev", ResendWord::Corrected),
    ("corrected", ResendWord::Corrected),
    ("amended", ResendWord::Corrected),
    ("amend", ResendWord::Corrected),
    ("ændret", ResendWord::Corrected),
    ("aendret", ResendWord::Corrected),
    ("edited", ResendWord::Corrected),
    ("modified", ResendWord::Corrected),
    ("genfremsendt", ResendWord::New),
    ("genfremsendelse", ResendWord::New),
    ("gensendt", ResendWord::New),
    ("gensendelse", ResendWord::New),
    ("genlevering", ResendWord::New),
    ("omlevering", ResendWord::New),
    ("opdatering", ResendWord::New),
    ("resubmission", ResendWord::New),
    ("resubmitted", ResendWord::New),
    ("resend", ResendWord::New),
    ("resent", ResendWord::New),
    ("opdateret", ResendWord::New),
    ("updated", ResendWord::New),
    ("update", ResendWord::New),
    ("nyeste", ResendWord::New),
    ("seneste", ResendWord::New),
    ("latest", ResendWord::New),
    ("new", ResendWord::New),
    ("nyt", ResendWord::New),
    ("ny", ResendWord::New),
    ("endeligt", ResendWord::Final),
    ("endelig", ResendWord::Final),
    ("final", ResendWord::Final),
    ("foreløbig", ResendWord::Draft),
    ("foreloebig", ResendWord::Draft),
    ("kladde", ResendWord::Draft),
    ("udkast", ResendWord::Draft),
    ("draft", ResendWord::Draft),
    ("preliminary", ResendWord::Draft),
    ("midlertidig", ResendWord::Draft),
    ("tidligere", ResendWord::Draft),
    ("gammel", ResendWord::Draft),
    ("old", ResendWord::Draft),
    ("backup", ResendWord::Draft),
    ("bak", ResendWord::Draft),
    ("rettelser", ResendWord::Untold),
    ("rettelse", ResendWord::Untold),
    ("korrektion", ResendWord::Untold),
    ("corrections", ResendWord::Untold),
    ("correction", ResendWord::Untold),
    ("ændring", ResendWord::Untold),
    ("aendring", ResendWord::Untold),
    ("kopi", ResendWord::Untold),
    ("dublet", ResendWord::Untold),
    ("duplicate", ResendWord::Untold),
    ("copy", ResendWord::Untold),
];

/// Marks that may also stand in front.
const IN_FRONT: [(&str, ResendWord); 9] = [
    ("kopi af", ResendWord::Untold),
    ("copy of", ResendWord::Untold),
    ("kopi", ResendWord::Untold),
    ("copy", ResendWord::Untold),
    ("korrigeret", ResendWord::Corrected),
    ("revideret", ResendWord::Corrected),
    ("rettelse", ResendWord::Untold),
    ("rettet", ResendWord::Corrected),
    ("corrected", ResendWord::Corrected),
];

/// What a word says of the file it marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ResendWord {
    /// Something is mended.
    Corrected,
    /// It is sent anew.
    New,
    /// No later one is to come.
    Final,
    /// A later one is to come, or has.
    Draft,
    /// A copy, or corrections that may be all of it or only what is to be added.
    Untold,
}

/// One mark of a resend.
#[derive(Debug, Clone, PartialEq, Eq)]
enum ResendMark {
    /// ` (2)`: the computer made room for one more.
    Count(u32),
    /// `v2`, `v2.1`, or what `{version}` takes.
    Version(Vec<u32>),
    /// A word, and the number behind it, else 1.
    Word(ResendWord, u32),
}

/// The name of a delivery, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Naming {
    /// The name without marks and endings, in one case: the same for a delivery and its resends.
    pub file: String,
    /// The marks, the outermost folder's first, each in the order they were put on.
    marks: Vec<ResendMark>,
}

impl Naming {
    /// Takes a name apart in which [`VERSION`] stands for this version.
    pub(super) fn of(name: &str, version: Option<u32>) -> Naming {
        let name: String = name.nfc().collect::<String>().to_lowercase();
        let mut naming = Naming::default();
        let parts: Vec<&str> = name.split('/').collect();
        let mut own_names: Vec<&str> = Vec::new();
        for (place, part) in parts.iter().enumerate() {
            let last = place + 1 == parts.len();
            let packed = part.strip_suffix(".zip").is_some();
            let mut own = if last || packed { without_ending(part) } else { part };
            let mut marks = Vec::new();
            // A folder may be nothing but a mark, and then no part of the file's name.
            while let Some((rest, mark)) = mark_behind(own, version, !last) {
                own = rest;
                marks.push(mark);
            }
            while let Some((rest, mark)) = mark_in_front(own, version) {
                own = rest;
                marks.push(mark);
            }
            naming.marks.extend(marks.into_iter().rev());
            // What is unpacked has the name of what it was packed in.
            if last && own_names.last() == Some(&own) {
                own_names.pop();
            }
            own_names.push(own);
        }
        own_names.retain(|own| !own.is_empty());
        naming.file = own_names.join("/");
        if naming.file.contains(VERSION) {
            naming.file = naming.file.replace(VERSION, "");
            naming.marks.insert(0, ResendMark::Version(vec![version.unwrap_or(1)]));
        }
        naming
    }

    /// The version the name gives; `None` when it gives none.
    pub fn version(&self) -> Option<u32> {
        self.marks.iter().find_map(|mark| match mark {
            ResendMark::Version(numbers) => numbers.first().copied(),
            ResendMark::Count(_) | ResendMark::Word(..) => None,
        })
    }

    /// How many marks it has that are no version.
    pub fn marked(&self) -> usize {
        self.marks.iter().filter(|mark| !matches!(mark, ResendMark::Version(_))).count()
    }

    /// How many marks it has in all.
    pub fn marks(&self) -> usize {
        self.marks.len()
    }

    /// Whether this is later than another, or earlier; `None` where the names do not tell.
    ///
    /// Of one file the marks decide. Else a higher version is later, then the later name, with
    /// numbers in it by what they are worth.
    pub fn against(&self, other: &Naming) -> Option<Ordering> {
        if self.file == other.file {
            return by_marks(&self.marks, &other.marks);
        }
        let version = |naming: &Naming| naming.version().unwrap_or(1);
        let order = version(self).cmp(&version(other));
        Some(order.then_with(|| sortable(&self.file).cmp(&sortable(&other.file))))
            .filter(|order| order.is_ne())
    }
}

/// A name without the mark behind it: what an authority's id is where the name has it last.
pub(super) fn unmarked(name: &str) -> &str {
    let lower = name.to_lowercase();
    let mut own = lower.as_str();
    while let Some((rest, _)) = mark_behind(own, None, false) {
        own = rest;
    }
    name.get(..own.len()).filter(|_| lower.len() == name.len()).unwrap_or(name)
}

fn by_marks(ours: &[ResendMark], theirs: &[ResendMark]) -> Option<Ordering> {
    for place in 0.. {
        let order = match (ours.get(place), theirs.get(place)) {
            (Some(mark), None) => return beside_none(mark),
            (None, Some(mark)) => return beside_none(mark).map(Ordering::reverse),
            (Some(ResendMark::Version(one)), Some(ResendMark::Version(other))) => one.cmp(other),
            (Some(ResendMark::Count(one)), Some(ResendMark::Count(other))) => one.cmp(other),
            (Some(ResendMark::Word(one, number)), Some(ResendMark::Word(other, than)))
                if one == other =>
            {
                if *one == ResendWord::Untold && number != than {
                    return None;
                }
                number.cmp(than)
            }
            (None, None) | (Some(_), Some(_)) => return None,
        };
        if order.is_ne() {
            return Some(order);
        }
    }
    None
}

/// How a file with this mark stands to the one without.
fn beside_none(mark: &ResendMark) -> Option<Ordering> {
    match mark {
        ResendMark::Version(numbers) if numbers[..] <= [1][..] => None,
        ResendMark::Word(ResendWord::Untold, _) => None,
        ResendMark::Word(ResendWord::Draft, _) => Some(Ordering::Less),
        ResendMark::Version(_) | ResendMark::Count(_) | ResendMark::Word(..) => {
            Some(Ordering::Greater)
        }
    }
}

fn without_ending(name: &str) -> &str {
    let off = |name| match str::rsplit_once(name, '.') {
        Some((rest, ending)) if !rest.is_empty() && says_form(ending) => rest,
        _ => name,
    };
    off(off(name))
}

fn says_form(ending: &str) -> bool {
    TEXTS.contains(&ending) || Packing::ALL.iter().any(|packing| packing.ending() == ending)
}

/// The last mark of a name, and the name before it, which is not empty unless it may be.
fn mark_behind(name: &str, version: Option<u32>, may_be_all: bool) -> Option<(&str, ResendMark)> {
    let name = name.trim_end_matches(BETWEEN);
    let (rest, mark) = in_parentheses(name, version).or_else(|| bare_mark(name, version))?;
    let rest = rest.trim_end_matches(BETWEEN);
    (may_be_all || !rest.is_empty()).then_some((rest, mark))
}

/// `(2)`, `(rettet)`, `(v2)`.
fn in_parentheses(name: &str, version: Option<u32>) -> Option<(&str, ResendMark)> {
    let (rest, inner) = name.strip_suffix(')')?.rsplit_once('(')?;
    let inner = inner.trim();
    if let Ok(count) = inner.parse::<u32>() {
        return (inner.len() <= 3).then_some((rest, ResendMark::Count(count)));
    }
    let (before, mark) = bare_mark(inner, version)?;
    before.is_empty().then_some((rest, mark))
}

/// A version or a word, with or without a number.
fn bare_mark(name: &str, version: Option<u32>) -> Option<(&str, ResendMark)> {
    if let Some(rest) = name.strip_suffix(VERSION) {
        let rest = rest.trim_end_matches(BETWEEN);
        let word = VERSIONS.iter().find_map(|word| alone(rest, word)).unwrap_or(rest);
        return Some((word, ResendMark::Version(vec![version.unwrap_or(1)])));
    }
    let digits = |character: char| character.is_ascii_digit() || character == '.';
    let before = name.trim_end_matches(digits);
    let number = name[before.len()..].trim_start_matches('.');
    let apart = before.trim_end_matches(BETWEEN);
    let near = apart.len() == before.len() && !name[before.len()..].starts_with('.');
    let numbers: Option<Vec<u32>> = number.split('.').map(|part| part.parse().ok()).collect();
    if let Some(numbers) = numbers {
        let short = number.len() <= if near { 5 } else { 2 };
        let versioned = VERSIONS.iter().find_map(|word| alone(apart, word));
        if let Some(rest) = versioned.filter(|_| short && (near || !number.starts_with('0'))) {
            return Some((rest, ResendMark::Version(numbers)));
        }
        let short = number.len() <= if near { 2 } else { 1 } && number != "0";
        let word = WORDS.iter().find_map(|(word, says)| Some((alone(apart, word)?, *says)));
        if let (Some((rest, says)), true, [number]) = (word, short, &numbers[..]) {
            return Some((rest, ResendMark::Word(says, *number)));
        }
    }
    WORDS.iter().find_map(|(word, says)| Some((alone(name, word)?, ResendMark::Word(*says, 1))))
}

/// The name before a word at its end, where no letter stands before it.
fn alone<'a>(name: &'a str, word: &str) -> Option<&'a str> {
    name.strip_suffix(word).filter(|rest| !rest.ends_with(char::is_alphabetic))
}

fn mark_in_front(name: &str, version: Option<u32>) -> Option<(&str, ResendMark)> {
    let behind = |word: &str| {
        let rest = name.strip_prefix(word)?;
        let own = rest.trim_start_matches(BETWEEN);
        (own.len() < rest.len() && !own.is_empty()).then_some(own)
    };
    let worded =
        IN_FRONT.iter().find_map(|(word, says)| Some((behind(word)?, ResendMark::Word(*says, 1))));
    worded.or_else(|| {
        let rest = VERSIONS.iter().find_map(|word| name.strip_prefix(word)).unwrap_or(name);
        let own = rest.strip_prefix(VERSION)?.trim_start_matches(BETWEEN);
        (!own.is_empty()).then_some((own, ResendMark::Version(vec![version.unwrap_or(1)])))
    })
}

/// A piece of a name as it is put in order: a text, and what the digits behind it are worth.
type SortPiece = (String, u128);

/// A name in pieces that sort as a person sorts them: numbers by what they are worth, a day behind
/// its month and year, and one blank for whatever parts words.
fn sortable(name: &str) -> Vec<SortPiece> {
    let mut pieces: Vec<SortPiece> = Vec::new();
    let (mut text, mut number) = (String::new(), String::new());
    for character in name.chars() {
        if character.is_ascii_digit() {
            number.push(character);
            continue;
        }
        if !number.is_empty() {
            pieces.push((take(&mut text), take(&mut number).parse().unwrap_or(u128::MAX)));
        }
        text.push(if BETWEEN.contains(&character) { ' ' } else { character });
    }
    pieces.push((text, number.parse().unwrap_or(0)));
    for at in 2..pieces.len() {
        let [(_, day), (one, month), (other, year)] = &pieces[at - 2..=at] else { continue };
        let dated = (1..=31).contains(day) && (1..=12).contains(month);
        if one == " " && other == " " && dated && (1900..=2199).contains(year) {
            let (day, year) = (*day, *year);
            (pieces[at - 2].1, pieces[at].1) = (year, day);
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::{Naming, unmarked};
    use std::cmp::Ordering;

    fn naming(name: &str) -> Naming {
        Naming::of(name, None)
    }

    fn against(one: &str, other: &str) -> Option<Ordering> {
        let order = naming(one).against(&naming(other));
        let back = naming(other).against(&naming(one));
        assert_eq!(back, order.map(Ordering::reverse), "{one} and {other}");
        order
    }

    #[test]
    fn a_resend_is_the_file_it_replaces_and_the_later() {
        for resend in [
            "0101-2019 (2).csv",
            "0101-2019(1).csv",
            "0101-2019-v2.csv",
            "0101-2019.V2.csv",
            "0101-2019_v2.1.csv",
            "0101-2019 version 2.csv",
            "0101-2019v2.csv",
            "0101-2019 rettet.csv",
            "0101-2019_RETTET.csv",
            "0101-2019-rettet2.csv",
            "0101-2019_rettet_2.csv",
            "0101-2019 (rettet).csv",
            "Rettet 0101-2019.csv",
            "0101-2019-ny.csv",
            "0101-2019_final.csv",
            "0101-2019-korrigeret.csv.gz",
            "0101-2019_rev1.xlsx",
        ] {
            assert_eq!(naming(resend).file, "0101-2019", "{resend}");
            assert_eq!(against(resend, "0101-2019.csv"), Some(Ordering::Greater), "{resend}");
        }
        assert_eq!(against("0101-2019-udkast.csv", "0101-2019.csv"), Some(Ordering::Less));
    }

    #[test]
    fn a_second_resend_is_later_than_the_first() {
        for (earlier, later) in [
            ("x (2).csv", "x (10).csv"),
            ("x-v9.csv", "x-v10.csv"),
            ("x_v2.csv", "x.v2.1.csv"),
            ("x-v2.csv", "x-v2 rettet.csv"),
            ("x-v2-rettet.csv", "x-v3.csv"),
            ("x-rettet.csv", "x-rettet-2.csv"),
            ("x-rettet.csv", "x-rettet (2).csv"),
            ("2019.zip/x.csv", "2019-v2.zip/x.csv"),
            ("2019/x.csv", "2019 rettet/x.csv"),
            ("gammel/x.csv", "x.csv"),
            ("2019/gammel/x.csv", "2019/x.csv"),
            ("x.csv", "rettet/x.csv"),
            ("2019/x.csv", "2019/rettet/x.csv"),
            ("2019/x.csv", "rettet/2019/x.csv"),
            ("v1/x.csv", "v2/x.csv"),
            ("version 9/x.csv", "version 10/x.csv"),
            ("old.zip/x.csv", "x.csv"),
            ("(1)/x.csv", "(2)/x.csv"),
            ("x.zip/x.csv", "x-v2.csv"),
        ] {
            assert_eq!(naming(earlier).file, naming(later).file, "{earlier} and {later}");
            assert_eq!(against(later, earlier), Some(Ordering::Greater), "{earlier} and {later}");
        }
    }

    #[test]
    fn two_of_one_file_may_be_told_apart_by_nothing() {
        for (one, other) in [
            ("x.csv", "x.xlsx"),
            ("x.csv", "X.CSV"),
            ("x.csv", "x.csv.gz"),
            ("x.csv", "x - Kopi.csv"),
            ("x.csv", "Copy of x.csv"),
            ("x.csv", "x-rettelser.csv"),
            ("x-v2.csv", "x-rettet.csv"),
            ("x-ny.csv", "x-rettet.csv"),
            ("x-v1.csv", "x.csv"),
            ("x-v2.csv", "x_v2.csv"),
            ("v1/x.csv", "x.csv"),
            ("gammel/x.csv", "ny/x.csv"),
            ("kopi/x.csv", "x.csv"),
            ("x.csv", "x.zip/x.csv"),
            ("x.csv", "x/x.csv"),
        ] {
            assert_eq!(naming(one).file, naming(other).file, "{one} and {other}");
            assert_eq!(against(one, other), None, "{one} and {other}");
        }
    }

    #[test]
    fn names_of_different_files_stay_different() {
        for (earlier, later) in [
            ("cards-2019-10.csv", "payments-2019-10.csv"),
            ("period-7.csv", "period-10.csv"),
            ("spend-2019-9.csv", "spend 2019-10.csv"),
            ("x 31-01-2020.csv", "x 01-02-2020.csv"),
            ("0101-2019.csv", "0101-2019 tillæg.csv"),
            ("0101-2019-1.csv", "0101-2019-2.csv"),
            ("a/x.csv", "b/x.csv"),
        ] {
            assert_ne!(naming(earlier).file, naming(later).file, "{earlier} and {later}");
            assert_eq!(against(later, earlier), Some(Ordering::Greater), "{earlier} and {later}");
        }
        assert_eq!(naming("forbrug-almennyttig.csv").file, "forbrug-almennyttig");
        assert_eq!(naming("ny.csv").file, "ny");
        assert_eq!(against("x-1.csv", "x_1.csv"), None);
    }

    #[test]
    fn a_declared_version_stands_wherever_the_template_has_it() {
        let of = |name: &str, version| Naming::of(name, Some(version));
        for name in ["0751-2018.v\0.csv", "v\0-0751-2018.csv", "0751-2018_\0.csv"] {
            let naming = of(name, 12);
            assert_eq!((naming.file.as_str(), naming.version()), ("0751-2018", Some(12)));
            assert_eq!(naming.against(&of(name, 9)), Some(Ordering::Greater));
        }
        let higher = of("b.v\0.csv", 2).against(&naming("c.csv"));
        assert_eq!(higher, Some(Ordering::Greater), "a version goes before a name");
    }

    #[test]
    fn an_id_at_the_end_of_a_name_is_without_its_mark() {
        for (name, id) in [("0751-v2", "0751"), ("0751 (2)", "0751"), ("KØB", "KØB")] {
            assert_eq!(unmarked(name), id);
        }
    }
}
