//! What was promised in kroner, and what every figure rests on.

use crate::definition::located::Located;
use crate::definition::problems::Problems;
use crate::definition::toml_reader::TomlSection;
use crate::domain::language::Language;
use crate::domain::period::Year;
use crate::programme::model::{
    Assumption, Covers, MostSaved, Prices, Target, TargetBasis, TargetReading,
};
use crate::programme::pipeline::kroner;
use num_traits::One;

const KEYS: [&str; 14] = [
    "name",
    "low_kr",
    "high_kr",
    "readings",
    "due",
    "from",
    "price_level",
    "price_level_assumed",
    "basis",
    "covers",
    "most_saved",
    "most_saved_source",
    "status",
    "source",
];

const READINGS: [(&str, TargetReading); 2] =
    [("annual-run-rate", TargetReading::AnnualRunRate), ("cumulative", TargetReading::Cumulative)];

const BASES: [(&str, TargetBasis); 3] =
    [("gross", TargetBasis::Gross), ("net", TargetBasis::Net), ("unknown", TargetBasis::Unknown)];

const COVERS: [(&str, Covers); 2] = [("all", Covers::All), ("register", Covers::Register)];

/// Reads `[[targets]]`. A target counts from `first`, the programme's first year, unless it says.
pub(super) fn read(
    root: &TomlSection,
    languages: &[Language],
    first: Option<Year>,
    prices: Option<&Prices>,
    problems: &mut Problems,
) -> Vec<Target> {
    let sections = root.sections("targets", problems);
    let targets =
        sections.iter().map(|section| target(section, languages, first, prices, problems));
    targets.collect::<Vec<_>>().into_iter().flatten().collect()
}

fn target(
    section: &TomlSection,
    languages: &[Language],
    first: Option<Year>,
    prices: Option<&Prices>,
    problems: &mut Problems,
) -> Option<Target> {
    section.only(&KEYS, problems);
    for (key, example) in [
        ("low_kr", "low_kr = 2_000_000_000"),
        ("high_kr", "high_kr = 4_000_000_000"),
        ("readings", "readings = [\"annual-run-rate\", \"cumulative\"]"),
        ("due", "due = 2020"),
        ("price_level", "price_level = 2015"),
        ("price_level_assumed", "price_level_assumed = true"),
    ] {
        section.need(key, example, problems);
    }
    let name = section.names("name", languages, problems);
    let status = section.names("status", languages, problems);
    let source = section.required_word("source", problems);
    let basis =
        section.required_word("basis", problems).and_then(|word| word.one_of(&BASES, problems));
    let covers = section.word("covers", problems);
    let covers = match covers {
        Some(word) => word.one_of(&COVERS, problems),
        None => Some(Covers::Register),
    };
    let most_saved = most_saved(section, problems);
    let assumed = section.flag("price_level_assumed", problems);
    let readings = readings(section, problems);
    let low = section.whole("low_kr", problems);
    let high = section.whole("high_kr", problems);
    check_order(section, ("low_kr", &low), ("high_kr", &high), problems);
    let from_found = section.whole("from", problems);
    let due_found = section.whole("due", problems);
    check_order(section, ("from", &from_found), ("due", &due_found), problems);
    promises_something(section, low.as_ref(), problems);
    due_in_programme(section, (first, due_found.as_ref()), problems);
    let price_found = section.whole("price_level", problems);
    let price_level =
        price_found.as_ref().and_then(|found| year(&section.full("price_level"), found, problems));
    if let (Some(Prices::Indexed { level, .. }), Some(stated), Some(found)) =
        (prices, price_level, price_found)
        && *level != stated
    {
        let name = section.full("price_level");
        problems.note(
            &found.place,
            format!("`{name}` is `{stated}`, and real figures are given at `{level}`"),
            "restate the target, or set `[prices] level` to the same year: two price levels never meet",
        );
    }
    let due = due_found.and_then(|found| year(&section.full("due"), &found, problems));
    let from = from_found.map_or(first, |found| year(&section.full("from"), &found, problems));
    Some(Target {
        name,
        low: low.and_then(|found| kroner(&section.full("low_kr"), &found, problems))?,
        high: high.and_then(|found| kroner(&section.full("high_kr"), &found, problems))?,
        readings,
        due: due?,
        from: from?,
        price_level: price_level?,
        price_level_assumed: assumed?,
        basis: basis?,
        covers: covers?,
        most_saved,
        status,
        source: source?.text,
    })
}

/// A target that is reached by saving nothing promises nothing.
fn promises_something(section: &TomlSection, low: Option<&Located<i64>>, problems: &mut Problems) {
    if let Some(low) = low.filter(|low| low.value == 0) {
        let name = section.full("low_kr");
        let help = "write the least that is promised, in kroner, or leave the target out";
        problems.note(&low.place, format!("`{name}` is `0`, which promises nothing"), help);
    }
}

/// No saving of a year before the programme is ever known.
fn due_in_programme(
    section: &TomlSection,
    (first, due): (Option<Year>, Option<&Located<i64>>),
    problems: &mut Problems,
) {
    if let (Some(first), Some(due)) = (first, due)
        && due.value < i64::from(first.get())
    {
        let name = section.full("due");
        problems.note(
            &due.place,
            format!("`{name}` is `{}`, before the programme, which begins in {first}", due.value),
            "write a year of the programme, or begin `[period]` earlier",
        );
    }
}

/// The most that is saved on anything unknown, with its source.
fn most_saved(section: &TomlSection, problems: &mut Problems) -> Option<MostSaved> {
    let share = section.word("most_saved", problems);
    let source = section.word("most_saved_source", problems);
    match (&share, &source) {
        (Some(share), None) => {
            let help = "write `most_saved_source`: on what does the bound rest?";
            share.refuse("which has no source", help, problems);
        }
        (None, Some(source)) => {
            source.refuse("and there is no `most_saved`", "write it, or neither", problems);
        }
        (Some(_), Some(_)) | (None, None) => {}
    }
    let word = share?;
    let share = word.share(problems)?;
    if share.is_one() {
        let help = "write a share below 1, such as `0,5`";
        word.refuse("which is all of it", help, problems);
        return None;
    }
    Some(MostSaved { share, source: source?.text })
}

fn readings(section: &TomlSection, problems: &mut Problems) -> Vec<TargetReading> {
    let mut readings = Vec::new();
    for word in section.words("readings", problems).unwrap_or_default() {
        match word.one_of(&READINGS, problems) {
            Some(reading) if readings.contains(&reading) => {
                word.refuse("which stands twice", "name each reading once", problems);
            }
            Some(reading) => readings.push(reading),
            None => {}
        }
    }
    readings
}

fn year(name: &str, found: &Located<i64>, problems: &mut Problems) -> Option<Year> {
    let year = i16::try_from(found.value).ok().and_then(Year::new);
    if year.is_none() {
        problems.note(
            &found.place,
            format!("`{name}` is `{}`, which is no year", found.value),
            "write a year from 1900 to 2199",
        );
    }
    year
}

fn check_order(
    section: &TomlSection,
    (low_key, low): (&str, &Option<Located<i64>>),
    (high_key, high): (&str, &Option<Located<i64>>),
    problems: &mut Problems,
) {
    if let (Some(low), Some(high)) = (low, high)
        && high.value < low.value
    {
        let name = section.full(high_key);
        problems.note(
            &high.place,
            format!("`{name}` is `{}`, below `{low_key}`, `{}`", high.value, low.value),
            "swap them, or correct the one that is wrong",
        );
    }
}

/// Reads `[[assumptions]]`.
pub(super) fn assumptions(
    root: &TomlSection,
    languages: &[Language],
    problems: &mut Problems,
) -> Vec<Assumption> {
    let mut assumptions = Vec::new();
    for section in root.sections("assumptions", problems) {
        section.only(&["text", "source"], problems);
        let text = section.names("text", languages, problems);
        if let Some(source) = section.required_word("source", problems) {
            let source = source.text;
            assumptions.push(Assumption { text, source });
        }
    }
    assumptions
}
