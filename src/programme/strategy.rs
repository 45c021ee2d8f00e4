//! The strategy itself: pejlemærker, themes, initiatives, and the weights that tie them together.

use crate::definition::problems::Problems;
use crate::definition::word::{Word, written};
use crate::domain::folder::Folder;
use crate::domain::id::{InitiativeId, PejlemaerkeId, ThemeId};
use crate::domain::language::Language;
use crate::domain::place::Place;
use crate::programme::ids::Ids;
use crate::programme::model::{Initiative, Pejlemaerke, SubAim, Theme, Weight};
use crate::programme::table::{Presence, Row, Shape};
use num_rational::BigRational;
use num_traits::One;
use std::collections::BTreeMap;

/// Every table of this file, for the check of stray files.
pub(super) const PATHS: [&str; 5] =
    [PEJLEMAERKER.path, SUB_AIMS.path, THEMES.path, INITIATIVES.path, WEIGHTS.path];

const PEJLEMAERKER: Shape = Shape {
    path: "tables/pejlemaerker.csv",
    required: &["id", "spending", "source"],
    optional: &[],
    named: &["name"],
};

const SUB_AIMS: Shape = Shape {
    path: "tables/sub_aims.csv",
    required: &["pejlemaerke", "source"],
    optional: &[],
    named: &["name"],
};

const THEMES: Shape = Shape {
    path: "tables/themes.csv",
    required: &["id", "source"],
    optional: &[],
    named: &["name"],
};

const INITIATIVES: Shape = Shape {
    path: "tables/initiatives.csv",
    required: &["id", "verified", "owner", "source"],
    optional: &["theme"],
    named: &["title"],
};

const WEIGHTS: Shape = Shape {
    path: "tables/weights.csv",
    required: &["initiative", "pejlemaerke", "weight", "source", "date"],
    optional: &[],
    named: &[],
};

/// What the strategy consists of.
#[derive(Debug)]
pub(super) struct Strategy {
    pub(super) pejlemaerker: Vec<Pejlemaerke>,
    pub(super) themes: Vec<Theme>,
    pub(super) initiatives: BTreeMap<InitiativeId, Initiative>,
    /// For references from services.
    pub(super) initiative_ids: Ids,
}

/// Reads the five tables. Rows with a problem are left out; the problem is noted.
pub(super) fn read(folder: &Folder, languages: &[Language], problems: &mut Problems) -> Strategy {
    let (mut pejlemaerker, mark_ids) = pejlemaerker(folder, languages, problems);
    sub_aims(folder, languages, &mark_ids, &mut pejlemaerker, problems);
    let (themes, theme_ids) = themes(folder, languages, problems);
    let (mut initiatives, initiative_ids) = initiatives(folder, languages, &theme_ids, problems);
    let weights = weights(folder, languages, &initiative_ids, &mark_ids, problems);
    for (initiative, weight) in weights {
        if let Some(entry) = initiatives.get_mut(&initiative) {
            entry.weights = weight;
        }
    }
    Strategy { pejlemaerker, themes, initiatives, initiative_ids }
}

fn pejlemaerker(
    folder: &Folder,
    languages: &[Language],
    problems: &mut Problems,
) -> (Vec<Pejlemaerke>, Ids) {
    let why = Presence::Yes("a strategy has at least one pejlemærke");
    let table = PEJLEMAERKER.read(folder, languages, why, problems);
    let mut ids = Ids::new("pejlemærke", table.is_some());
    let mut marks = Vec::new();
    for row in table.iter().flat_map(|table| &table.rows) {
        let name = row.names("name", languages, problems);
        let spending = row.required("spending", problems).and_then(|word| word.yes(problems));
        let source = row.required("source", problems);
        let Some(id) = plain_id(row, &mut ids, problems) else {
            continue;
        };
        if let (Some(spending), Some(source)) = (spending, source) {
            marks.push(Pejlemaerke {
                id: PejlemaerkeId::new(&id.text),
                name,
                sub_aims: Vec::new(),
                source: source.text,
                spending,
            });
        }
    }
    if table.is_some_and(|table| table.rows.is_empty()) {
        none_of("pejlemærke", PEJLEMAERKER.path, problems);
    }
    (marks, ids)
}

fn sub_aims(
    folder: &Folder,
    languages: &[Language],
    ids: &Ids,
    marks: &mut [Pejlemaerke],
    problems: &mut Problems,
) {
    let table = SUB_AIMS.read(folder, languages, Presence::No, problems);
    for row in table.iter().flat_map(|table| &table.rows) {
        let name = row.names("name", languages, problems);
        let source = row.required("source", problems);
        let Some(mark) = row.required("pejlemaerke", problems) else {
            continue;
        };
        ids.leads(&mark, problems);
        let entry = marks.iter_mut().find(|entry| entry.id.as_str() == mark.text);
        if let (Some(entry), Some(source)) = (entry, source) {
            entry.sub_aims.push(SubAim { name, source: source.text });
        }
    }
}

fn themes(folder: &Folder, languages: &[Language], problems: &mut Problems) -> (Vec<Theme>, Ids) {
    let table = THEMES.read(folder, languages, Presence::No, problems);
    let readable = table.is_some() || !folder.files.contains_key(THEMES.path);
    let mut ids = Ids::new("theme", readable);
    let mut themes = Vec::new();
    for row in table.iter().flat_map(|table| &table.rows) {
        let name = row.names("name", languages, problems);
        let source = row.required("source", problems);
        if let (Some(id), Some(source)) = (plain_id(row, &mut ids, problems), source) {
            themes.push(Theme { id: ThemeId::new(&id.text), name, source: source.text });
        }
    }
    (themes, ids)
}

fn initiatives(
    folder: &Folder,
    languages: &[Language],
    themes: &Ids,
    problems: &mut Problems,
) -> (BTreeMap<InitiativeId, Initiative>, Ids) {
    let why = Presence::Yes("services are counted under an initiative");
    let table = INITIATIVES.read(folder, languages, why, problems);
    let mut ids = Ids::new("initiative", table.is_some());
    let mut initiatives = BTreeMap::new();
    for row in table.iter().flat_map(|table| &table.rows) {
        let title = row.names("title", languages, problems);
        let verified = row.required("verified", problems).and_then(|word| word.yes(problems));
        let owner = row.required("owner", problems);
        let source = row.required("source", problems);
        let theme = row.word("theme", problems);
        if let Some(theme) = &theme {
            themes.leads(theme, problems);
        }
        let id = row.required("id", problems).filter(|id| ids.enter(id, problems));
        if let (Some(id), Some(verified), Some(owner), Some(source)) = (id, verified, owner, source)
        {
            let id = InitiativeId::new(&id.text);
            let entry = Initiative {
                id: id.clone(),
                title,
                verified,
                owner: owner.text,
                theme: theme.map(|word| ThemeId::new(&word.text)),
                weights: BTreeMap::new(),
                source: source.text,
            };
            initiatives.insert(id, entry);
        }
    }
    if table.is_some_and(|table| table.rows.is_empty()) {
        none_of("initiative", INITIATIVES.path, problems);
    }
    (initiatives, ids)
}

type WeightTable = BTreeMap<InitiativeId, BTreeMap<PejlemaerkeId, Weight>>;

fn weights(
    folder: &Folder,
    languages: &[Language],
    initiatives: &Ids,
    marks: &Ids,
    problems: &mut Problems,
) -> WeightTable {
    let why = Presence::Yes("each initiative is weighted onto its pejlemærker");
    let mut weights = WeightTable::new();
    let Some(table) = WEIGHTS.read(folder, languages, why, problems) else {
        return weights;
    };
    let mut sums: BTreeMap<String, WeightSum> = BTreeMap::new();
    let mut pairs = Ids::new("weight", true);
    for row in &table.rows {
        let source = row.required("source", problems);
        let date = row.required("date", problems).and_then(|word| word.date(problems));
        let weight = row.required("weight", problems).and_then(|word| word.weight(problems));
        let mark = row.required("pejlemaerke", problems);
        if let Some(mark) = &mark {
            marks.leads(mark, problems);
        }
        let Some(initiative) = row.required("initiative", problems) else {
            continue;
        };
        initiatives.leads(&initiative, problems);
        WeightSum::of(&mut sums, &initiative).add(weight.as_ref());
        let Some(mark) = mark else {
            continue;
        };
        let pair =
            Word { text: format!("{} on {}", initiative.text, mark.text), ..initiative.clone() };
        pairs.enter(&pair, problems);
        if let (Some(share), Some(source), Some(date)) = (weight, source, date) {
            let of_initiative = weights.entry(InitiativeId::new(&initiative.text)).or_default();
            let source = source.text;
            let weight = Weight { share, source, date };
            of_initiative.insert(PejlemaerkeId::new(&mark.text), weight);
        }
    }
    check_sums(&sums, initiatives, problems);
    weights
}

/// The weights of one initiative added up.
#[derive(Debug)]
struct WeightSum {
    /// Where its first weight stands.
    place: Place,
    /// `None` once a weight could not be read: then the sum says nothing.
    total: Option<BigRational>,
}

impl WeightSum {
    fn of<'s>(sums: &'s mut BTreeMap<String, WeightSum>, initiative: &Word) -> &'s mut WeightSum {
        sums.entry(initiative.text.clone()).or_insert_with(|| WeightSum {
            place: initiative.place.clone(),
            total: Some(BigRational::from_integer(0.into())),
        })
    }

    fn add(&mut self, weight: Option<&BigRational>) {
        self.total = match (self.total.take(), weight) {
            (Some(total), Some(weight)) => Some(total + weight),
            (None, _) | (_, None) => None,
        };
    }
}

fn check_sums(sums: &BTreeMap<String, WeightSum>, initiatives: &Ids, problems: &mut Problems) {
    for (initiative, sum) in sums {
        if let Some(total) = sum.total.as_ref().filter(|total| !total.is_one()) {
            problems.note(
                &sum.place,
                format!("the weights of initiative `{initiative}` sum to `{}`", written(total)),
                "let them sum to exactly 1; thirds are written such as `0,33`, `0,33` and `0,34`",
            );
        }
    }
    for (id, place) in initiatives.each().filter(|(id, _)| !sums.contains_key(*id)) {
        problems.note(
            place,
            format!("initiative `{id}` has no weights"),
            format!("add its rows to `{}`; they sum to exactly 1", WEIGHTS.path),
        );
    }
}

/// An id that may become part of a file name.
fn plain_id(row: &Row, ids: &mut Ids, problems: &mut Problems) -> Option<Word> {
    let id = row.required("id", problems)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if !id.text.bytes().all(plain) {
        id.refuse(
            "which cannot be part of a file name",
            "use the letters a to z, digits, `-` and `_`",
            problems,
        );
    }
    ids.enter(&id, problems).then_some(id)
}

fn none_of(what: &str, path: &str, problems: &mut Problems) {
    problems.note(
        &crate::definition::text::top_of(path),
        format!("`{path}` has a header and no rows"),
        format!("add at least one {what}"),
    );
}
