//! Prices: the level real figures are given in, and index tables chained exactly from what is
//! published.

use crate::definition::problems::{Problems, instead};
use crate::definition::text::top_of;
use crate::definition::toml_reader::TomlSection;
use crate::definition::word::Word;
use crate::domain::authority::Sector;
use crate::domain::folder::Folder;
use crate::domain::period::Year;
use crate::domain::place::Place;
use crate::programme::model::{Borrowed, COST_TYPES, CostType, Prices};
use crate::programme::table::{CsvTable, Presence, Row, Shape};
use num_rational::BigRational;
use std::collections::{BTreeMap, BTreeSet};

const SHAPE: Shape = Shape {
    path: "tables/prices.csv",
    required: &["sector", "cost_type", "vintage", "year", "source"],
    optional: &["growth_pct", "index"],
    named: &[],
};

/// The table of this file, for the check of stray files.
pub(super) const PATH: &str = SHAPE.path;

/// What the programme needs prices for.
#[derive(Debug)]
pub(super) struct Demand {
    /// Sectors that have authorities.
    pub(super) sectors: BTreeSet<Sector>,
    /// Kinds of cost some service has.
    pub(super) cost_types: BTreeSet<CostType>,
    /// Years services are compared with.
    pub(super) baselines: BTreeSet<Year>,
    /// Whether authorities nobody has listed may deliver.
    pub(super) open_authorities: bool,
}

/// What `[prices]` says of indexed prices.
struct Declared {
    level: Option<(Year, Place)>,
    vintage: Option<Word>,
    borrowed: BTreeMap<Sector, (Borrowed, Place)>,
    place: Place,
}

type SeriesKey = (String, Sector, CostType);

/// One published number, and where it stands.
struct Published {
    number: BigRational,
    source: String,
    place: Place,
}

type SeriesTable = BTreeMap<SeriesKey, BTreeMap<Year, Published>>;
type PriceIndex = BTreeMap<(Sector, CostType, Year), BigRational>;

/// What the table's numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SeriesForm {
    /// Growth over the year before, per cent.
    Growth,
    /// An index to any base.
    Index,
}

/// Reads `[prices]` and, unless prices are declared current, the index tables.
pub(super) fn read(
    folder: &Folder,
    root: &TomlSection,
    demand: &Demand,
    problems: &mut Problems,
) -> Option<Prices> {
    root.need("prices", "[prices]", problems);
    let section = root.section("prices", problems)?;
    let indexed = section
        .required_word("basis", problems)?
        .one_of(&[("indexed", true), ("current", false)], problems)?;
    if !indexed {
        section.only(&["basis", "source"], problems);
        let source = section.required_word("source", problems)?.text;
        return Some(Prices::Current { source });
    }
    section.only(&["basis", "level", "vintage", "borrow"], problems);
    let declared = declared(&section, problems);
    let why = Presence::Yes("real figures need price indices, in a column `growth_pct` or `index`");
    let table = SHAPE.read(folder, &[], why, problems);
    if demand.open_authorities {
        problems.note(
            &declared.place,
            "`prices.basis` is `indexed`, and authorities are open: one not listed has no sector, \
             so no price series",
            "list the authorities and close the register, or write `basis = \"current\"`",
        );
    }
    let series = series(&table?, problems)?;
    let vintage = declared.vintage.as_ref()?;
    if !series.keys().any(|(known, ..)| *known == vintage.text) {
        let known: BTreeSet<&str> = series.keys().map(|(known, ..)| known.as_str()).collect();
        let what = format!("which no row of `{PATH}` has");
        vintage.refuse(&what, instead(&vintage.text, known), problems);
        return None;
    }
    indexed_prices(&declared, &vintage.text, &series, demand, problems)
}

fn declared(section: &TomlSection, problems: &mut Problems) -> Declared {
    section.need("level", "level = 2015", problems);
    let level = section.whole("level", problems).and_then(|found| {
        let year = i16::try_from(found.value).ok().and_then(Year::new);
        if year.is_none() {
            problems.note(
                &found.place,
                format!("`prices.level` is `{}`, which is no year", found.value),
                "write the year real figures are given in, such as `level = 2015`",
            );
        }
        year.map(|year| (year, found.place))
    });
    let mut borrowed = BTreeMap::new();
    let borrow = section.section("borrow", problems);
    for key in borrow.iter().flat_map(TomlSection::keys) {
        let loan = borrow.as_ref().and_then(|borrow| borrow.section(key, problems));
        let Some(loan) = loan else { continue };
        let Some(sector) = Sector::from_word(key) else {
            problems.note(
                &loan.place,
                format!("`{key}` is no sector"),
                instead(key, Sector::ALL.map(Sector::word)),
            );
            continue;
        };
        loan.only(&["from", "source"], problems);
        let source = loan.required_word("source", problems);
        let sectors = Sector::ALL.map(|sector| (sector.word(), sector));
        let from = loan
            .required_word("from", problems)
            .and_then(|word| Some((word.one_of(&sectors, problems)?, word.place)));
        if let (Some((from, place)), Some(source)) = (from, source) {
            let source = source.text;
            borrowed.insert(sector, (Borrowed { from, source }, place));
        }
    }
    Declared {
        level,
        vintage: section.required_word("vintage", problems),
        borrowed,
        place: section.place.clone(),
    }
}

/// The published series by vintage; `None` when the header does not say what the numbers are.
fn series(table: &CsvTable, problems: &mut Problems) -> Option<SeriesTable> {
    let mut series = SeriesTable::new();
    let has = |column: &str| table.columns.iter().any(|written| written == column);
    let (column, kind) = match (has("growth_pct"), has("index")) {
        (true, false) => ("growth_pct", SeriesForm::Growth),
        (false, true) => ("index", SeriesForm::Index),
        (true, true) | (false, false) => {
            problems.note(
                &top_of(PATH),
                "the header has not exactly one of `growth_pct` and `index`",
                "keep one: growth in per cent as published, or an index to any base",
            );
            return None;
        }
    };
    for row in &table.rows {
        let Some((key, year, published)) = published(row, column, problems) else {
            continue;
        };
        let line = published.place.line;
        let place = row.place.clone();
        if let Some(first) = series.entry(key).or_default().insert(year, published) {
            problems.note(
                &place,
                format!("`{year}` stands twice in one series, first on line {}", first.place.line),
                format!("take line {line} out, or give it another vintage"),
            );
        }
    }
    if kind == SeriesForm::Growth {
        series.values_mut().for_each(chain);
    }
    Some(series)
}

fn published(
    row: &Row,
    column: &str,
    problems: &mut Problems,
) -> Option<(SeriesKey, Year, Published)> {
    let sectors = Sector::ALL.map(|sector| (sector.word(), sector));
    let sector = row.required("sector", problems).and_then(|word| word.one_of(&sectors, problems));
    let cost_type =
        row.required("cost_type", problems).and_then(|word| word.one_of(&COST_TYPES, problems));
    let vintage = row.required("vintage", problems);
    let year = row.required("year", problems).and_then(|word| word.year(problems));
    let source = row.required("source", problems);
    let number = row.required(column, problems).and_then(|word| {
        let floor = BigRational::from_integer(if column == "index" { 0 } else { -100 }.into());
        let number = word.decimal(problems)?;
        if number <= floor {
            let what = format!("not above {floor}");
            word.refuse(&what, "a price level is always above zero", problems);
            return None;
        }
        Some(number)
    });
    let published = Published { number: number?, source: source?.text, place: row.place.clone() };
    Some(((vintage?.text, sector?, cost_type?), year?, published))
}

/// Turns growth in per cent into an index where the first year has 100 · (1 + its growth): exact,
/// base the year before the series begins. Source: `docs/pipelines.md`, prices.
fn chain(years: &mut BTreeMap<Year, Published>) {
    let hundred = BigRational::from_integer(100.into());
    let mut level = hundred.clone();
    for published in years.values_mut() {
        level = level * (&hundred + &published.number) / &hundred;
        published.number = level.clone();
    }
}

fn indexed_prices(
    declared: &Declared,
    vintage: &str,
    series: &SeriesTable,
    demand: &Demand,
    problems: &mut Problems,
) -> Option<Prices> {
    let mut index = PriceIndex::new();
    let mut sources = Vec::new();
    for ((_, sector, cost_type), years) in series.iter().filter(|((v, ..), _)| v == vintage) {
        check_holes(years, problems);
        let mut told = BTreeSet::new();
        for (year, published) in years {
            index.insert((*sector, *cost_type, *year), published.number.clone());
            if told.insert(&published.source) {
                let (sector, cost) = (sector.word(), cost_word(*cost_type));
                sources.push(format!("{sector}, {cost}, {vintage}: {}", published.source));
            }
        }
    }
    lend(declared, &mut index, problems);
    check_demand(declared, vintage, &index, demand, problems);
    let (level, _) = declared.level.as_ref()?;
    let borrowed = declared.borrowed.iter();
    Some(Prices::Indexed {
        level: *level,
        vintage: vintage.to_owned(),
        index,
        borrowed: borrowed.map(|(sector, (loan, _))| (*sector, loan.clone())).collect(),
        sources,
    })
}

fn check_holes(years: &BTreeMap<Year, Published>, problems: &mut Problems) {
    let pairs = years.iter().zip(years.iter().skip(1));
    for ((before, _), (year, published)) in pairs {
        if before.get() + 1 != year.get() {
            problems.note(
                &published.place,
                format!("the series goes from `{before}` to `{year}`"),
                "add the years between: a series has every year from its first to its last",
            );
        }
    }
}

/// Copies the lender's series to each sector that borrows it by declaration.
fn lend(declared: &Declared, index: &mut PriceIndex, problems: &mut Problems) {
    let owners: BTreeSet<Sector> = index.keys().map(|(sector, ..)| *sector).collect();
    for (sector, (loan, place)) in &declared.borrowed {
        let (borrower, lender) = (sector.word(), loan.from.word());
        if owners.contains(sector) {
            problems.note(
                place,
                format!("`{borrower}` has a price series of its own and borrows from `{lender}`"),
                "keep one of the two",
            );
        } else if !owners.contains(&loan.from) {
            problems.note(
                place,
                format!(
                    "`{borrower}` borrows from `{lender}`, which has no price series of its own"
                ),
                format!("borrow from a sector with rows in `{PATH}`"),
            );
        } else {
            let lent: Vec<_> = index
                .iter()
                .filter(|((owner, ..), _)| *owner == loan.from)
                .map(|((_, cost_type, year), level)| ((*sector, *cost_type, *year), level.clone()))
                .collect();
            index.extend(lent);
        }
    }
}

/// Every sector that delivers has a series for every kind of cost, with the years that are
/// compared.
fn check_demand(
    declared: &Declared,
    vintage: &str,
    index: &PriceIndex,
    demand: &Demand,
    problems: &mut Problems,
) {
    for sector in &demand.sectors {
        if declared.borrowed.contains_key(sector)
            && !index.keys().any(|(owner, ..)| owner == sector)
        {
            continue;
        }
        for cost_type in &demand.cost_types {
            let (word, cost) = (sector.word(), cost_word(*cost_type));
            let has = |year: Year| index.contains_key(&(*sector, *cost_type, year));
            if !index.keys().any(|(s, c, _)| s == sector && c == cost_type) {
                problems.note(
                    &top_of(PATH),
                    format!(
                        "sector `{word}` has authorities and no `{cost}` price series of vintage \
                         `{vintage}`"
                    ),
                    format!(
                        "add the series, or declare in pipeline.toml: [prices.borrow.{word}] \
                         from = \"...\", source = \"...\""
                    ),
                );
                continue;
            }
            if let Some((level, place)) = declared.level.as_ref().filter(|(level, _)| !has(*level))
            {
                problems.note(
                    place,
                    format!(
                        "`prices.level` is `{level}`, a year the `{word}` `{cost}` series lacks"
                    ),
                    format!("choose a year that series has, or add the year to `{PATH}`"),
                );
            }
            for year in demand.baselines.iter().filter(|year| !has(**year)) {
                problems.note(
                    &top_of(PATH),
                    format!("baseline `{year}` is a year the `{word}` `{cost}` series lacks"),
                    "add the year, or choose another baseline",
                );
            }
        }
    }
}

fn cost_word(cost_type: CostType) -> &'static str {
    let known = COST_TYPES.iter().find(|(_, known)| *known == cost_type);
    known.map_or("", |(word, _)| word)
}

/// The index of one year over another's, exact: for checks on what was chained.
#[cfg(test)]
pub(super) fn ratio(
    prices: &Prices,
    sector: Sector,
    cost_type: CostType,
    (year, over): (i16, i16),
) -> Option<BigRational> {
    let Prices::Indexed { index, .. } = prices else {
        return None;
    };
    let at = |year| index.get(&(sector, cost_type, Year::new(year)?));
    Some(at(year)? / at(over)?)
}
