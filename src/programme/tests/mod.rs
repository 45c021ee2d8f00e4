//! The loader through its one door: folders in, programmes or problems out.

use crate::domain::authority::Sector;
use crate::domain::folder::Folder;
use crate::domain::id::{InitiativeId, PejlemaerkeId, ServiceId};
use crate::domain::language::Language;
use crate::domain::money::Oere;
use crate::programme::model::{CostType, Prices, Programme, TargetBasis, TargetReading};
use crate::programme::parse;
use crate::programme::prices::ratio;
use num_rational::BigRational;
use num_traits::One;

mod refusals;

fn exact(numerator: i64, denominator: i64) -> BigRational {
    BigRational::new(numerator.into(), denominator.into())
}

/// The folder of the joint public strategy, as committed.
fn real() -> Folder {
    let name = "pipelines/faellesoffentlig-2016-2020";
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let mut files = std::collections::BTreeMap::new();
    for path in [
        "pipeline.toml",
        "tables/authorities.csv",
        "tables/initiatives.csv",
        "tables/pejlemaerker.csv",
        "tables/prices.csv",
        "tables/services.csv",
        "tables/sub_aims.csv",
        "tables/themes.csv",
        "tables/weights.csv",
    ] {
        #[expect(clippy::disallowed_methods, reason = "a test reads the committed pipeline")]
        let bytes = std::fs::read(folder.join(path)).expect("a committed file");
        files.insert(path.to_owned(), bytes);
    }
    Folder { name: name.to_owned(), files }
}

/// A small strategy with closed registers and indexed prices; one file a line of dashes.
const SMALL: &str = r#"
-- pipeline.toml
languages = ["da", "en"]
name.da = "Prøve"
name.en = "Trial"
[period]
first = "2016-01"
last = "2017-12"
[currency]
code = "DKK"
unit.da = "kr."
unit.en = "kr."
[deliveries]
folder = "leverancer"
synthetic = true
[prices]
basis = "indexed"
level = 2016
vintage = "V1"
[prices.borrow.kommune]
from = "stat"
source = "by declaration"
[[targets]]
name.da = "Mål"
name.en = "Aim"
low_kr = 10
high_kr = 20
readings = ["cumulative"]
due = 2017
price_level = 2016
price_level_assumed = false
basis = "gross"
status.da = "mål"
status.en = "aim"
source = "a law"
[[assumptions]]
text.da = "Antaget"
text.en = "Assumed"
source = "us"
-- tables/pejlemaerker.csv
id;name_da;name_en;spending;source
1;Et;One;ja;a text
2;To;Two;nej;a text
-- tables/sub_aims.csv
pejlemaerke;name_da;name_en;source
1;Delmål;Sub-aim;a text
-- tables/themes.csv
id;name_da;name_en;source
data;Data;Data;a text
-- tables/initiatives.csv
id;title_da;title_en;verified;owner;theme;source
1.1;Første;First;ja;Ejer;data;a text
1.2;Anden;Second;nej;Ejer;;a text
-- tables/weights.csv
initiative;pejlemaerke;weight;source;date
1.1;1;0,25;us;2016-05-12
1.1;2;0,75;us;2016-05-12
1.2;1;1;us;2016-05-12
-- tables/authorities.csv
id;name;sector;valid_from;valid_to;successor;expected
0101;København;kommune;;;;ja
OLD;Gammel;stat;2015-01;2016-06;NEW;nej
NEW;Ny;stat;2016-07;;;ja
-- tables/services.csv
id;name_da;name_en;initiative;baseline;fixed_share;fixed_share_source;cost_type
BYG;Byg;Build;1.1;2016;0,35;a study;wages
-- tables/prices.csv
sector;cost_type;vintage;year;growth_pct;source
stat;wages;V1;2016;2,5;a table
stat;wages;V1;2017;4;a table
stat;wages;V0;2016;9,9;an older table
"#;

fn folder_of(files: &str) -> Folder {
    let mut folder = Folder { name: "somewhere/trial/".to_owned(), ..Folder::default() };
    for file in files.split("-- ").skip(1) {
        let (path, text) = file.split_once('\n').expect("a path, then its text");
        folder.files.insert(path.to_owned(), text.into());
    }
    folder
}

/// The small strategy with one passage of one file changed.
fn with(folder: &mut Folder, path: &str, from: &str, to: &str) {
    let bytes = folder.files.get_mut(path).expect("a file of the folder");
    let text = String::from_utf8(bytes.clone()).expect("text");
    assert_eq!(text.matches(from).count(), 1, "`{from}` in {path}");
    *bytes = text.replace(from, to).into();
}

/// The problems of a folder, one string each.
fn problems(folder: &Folder) -> Vec<String> {
    match parse(folder) {
        Ok(_) => Vec::new(),
        Err(error) => error.to_string().split("\n\n").map(str::to_owned).collect(),
    }
}

fn small() -> Programme {
    parse(&folder_of(SMALL)).expect("the small strategy holds")
}

#[test]
fn the_joint_public_strategy_holds() {
    let programme = parse(&real()).map_err(|error| error.to_string());
    let programme = programme.expect("the committed pipeline holds");
    assert_eq!(programme.id, "faellesoffentlig-2016-2020");
    assert_eq!(programme.pejlemaerker.len(), 3);
    assert_eq!(programme.themes.len(), 8);
    assert_eq!(programme.initiatives.len(), 33);
    assert_eq!(programme.authorities.entries.len(), 15);
    assert_eq!(programme.services.entries.len(), 10);
    assert!(programme.synthetic);
    for (id, initiative) in &programme.initiatives {
        let [area @ b'1'..=b'9', b'.', b'0'..=b'9'] = id.as_str().as_bytes() else {
            panic!("`{id}` is not a focus area and a number");
        };
        assert!(area.is_ascii_digit());
        let total: BigRational = initiative.weights.values().map(|weight| &weight.share).sum();
        assert!(total.is_one(), "{id}");
        let says_so = initiative.title.get(Language::Da).contains("ikke verificeret");
        assert_eq!(initiative.verified, !says_so, "{id}");
    }
    let areas: std::collections::BTreeSet<u8> =
        programme.initiatives.keys().map(|id| id.as_str().as_bytes()[0]).collect();
    assert_eq!(areas.len(), 9);
    let data = &programme.services.entries[&ServiceId::new("DATA")];
    assert!(data.baseline.is_none() && data.fixed_share.is_none());
}

#[test]
fn published_growth_is_chained_exactly_and_lent_by_declaration() {
    let programme = parse(&real()).expect("the committed pipeline holds");
    // 1.012 * 1.019 * 1.013 * 1.011
    let general = exact(1_056_124_937_604, 1_000_000_000_000);
    for sector in Sector::ALL {
        let over_2016 = ratio(&programme.prices, sector, CostType::General, (2020, 2016));
        assert_eq!(over_2016, Some(general.clone()), "{sector:?}");
    }
    // 1.007 * 1.012
    let wages = ratio(&programme.prices, Sector::Stat, CostType::Wages, (2017, 2015));
    assert_eq!(wages, Some(exact(1_019_084, 1_000_000)));
    let Prices::Indexed { borrowed, sources, .. } = &programme.prices else {
        panic!("prices are indexed");
    };
    assert_eq!(borrowed[&Sector::Kommune].from, Sector::Stat);
    assert_eq!(borrowed.len(), 2);
    assert!(sources[0].starts_with("stat, general, FFL25: Økonomistyrelsen"));
}

#[test]
fn every_value_arrives() {
    let programme = small();
    assert_eq!(programme.id, "trial");
    assert_eq!(programme.name.get(Language::En), "Trial");
    assert_eq!(programme.last.to_string(), "2017-12");
    assert_eq!(programme.deliveries, "leverancer");
    assert_eq!(programme.limits.refused_lines_ppm, 10_000);
    assert_eq!(programme.limits.refused_oere, None);
    assert_eq!(programme.pejlemaerker[0].sub_aims[0].name.get(Language::Da), "Delmål");
    let first = &programme.initiatives[&InitiativeId::new("1.1")];
    assert_eq!(first.weights[&PejlemaerkeId::new("2")].share, exact(3, 4));
    let target = &programme.targets[0];
    assert_eq!((target.low, target.high), (Oere::new(1_000), Oere::new(2_000)));
    assert_eq!((target.from.get(), target.due.get()), (2016, 2017));
    assert_eq!(target.readings, [TargetReading::Cumulative]);
    assert_eq!(target.basis, TargetBasis::Gross);
    let service = &programme.services.entries[&ServiceId::new("BYG")];
    assert_eq!(service.fixed_share.as_ref().map(|fixed| fixed.share.clone()), Some(exact(7, 20)));
    let prices = &programme.prices;
    let lent = ratio(prices, Sector::Kommune, CostType::Wages, (2017, 2016));
    assert_eq!(lent, Some(exact(26, 25)));
}

#[test]
fn a_published_index_is_taken_as_it_is() {
    let mut folder = folder_of(SMALL);
    with(&mut folder, "tables/prices.csv", "growth_pct", "index");
    with(&mut folder, "tables/prices.csv", "2017;4;", "2017;3,5;");
    let programme = parse(&folder).expect("an index is as good as growth");
    let grown = ratio(&programme.prices, Sector::Stat, CostType::Wages, (2017, 2016));
    assert_eq!(grown, Some(exact(7, 5)));
}

#[test]
fn another_strategy_is_a_folder_and_no_code() {
    let folder = folder_of(
        r#"
-- pipeline.toml
name.en = "Efficiency programme"
languages = ["en"]
[period]
first = "2026-01"
last = "2029-12"
[currency]
code = "GBP"
unit.en = "£"
[deliveries]
folder = "in"
synthetic = false
[limits]
refused_lines_ppm = 0
refused_kr = 5_000
[authorities]
open = true
[services]
open = true
[services.defaults]
initiative = "A"
baseline = "2025-04/2026-03"
fixed_share = "0,5"
fixed_share_source = "assumed"
cost_type = "general"
[prices]
basis = "current"
source = "no index was chosen"
-- tables/pejlemaerker.csv
id;name_en;spending;source
cheaper;Cheaper;ja;a plan
better;Better;nej;a plan
-- tables/initiatives.csv
id;title_en;verified;owner;source
A;Everything;ja;Someone;a plan
-- tables/weights.csv
initiative;pejlemaerke;weight;source;date
A;cheaper;0,5;a plan;2026-01-01
A;better;0,5;a plan;2026-01-01
-- contracts/spend.toml
anything = "another room reads it"
-- README.md
not read
"#,
    );
    let programme = parse(&folder).map_err(|error| error.to_string()).expect("it holds");
    assert_eq!(programme.pejlemaerker.len(), 2);
    assert!(programme.themes.is_empty() && programme.targets.is_empty());
    assert!(programme.authorities.open && programme.authorities.entries.is_empty());
    assert_eq!(programme.limits.refused_oere, Some(Oere::new(500_000)));
    assert!(matches!(programme.prices, Prices::Current { .. }));
    let met = programme.initiative_of(&ServiceId::new("never seen"));
    assert_eq!(met, Some(&InitiativeId::new("A")));
    let defaults = programme.service_defaults.expect("defaults");
    assert_eq!(defaults.fixed_share.map(|fixed| fixed.share), Some(exact(1, 2)));
}
