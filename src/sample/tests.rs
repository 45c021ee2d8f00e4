//! The sample holds what it says it holds.

use crate::domain::authority::Sector;
use crate::domain::correction::Correctors;
use crate::domain::id::{AuthorityId, InitiativeId, ServiceId};
use crate::domain::language::{Language, Names};
use crate::domain::period::{Span, Year};
use crate::domain::quarantine::Reason;
use crate::programme::model::{
    Authority, CostType, Currency, FixedShare, Initiative, Limits, NotWorse, Prices, Programme,
    Register, Service,
};
use crate::sample::size::Size;
use crate::sample::{Made, make};
use num_rational::BigRational;
use std::collections::{BTreeMap, BTreeSet};

/// Reasons for what no contract of the programme declares (identifiers and control totals), and for
/// packed files, files that cannot be read and corrections, which the sample has not.
const UNDECLARED: [&str; 26] = [
    "Q009", "Q010", "Q011", "Q012", "Q013", "Q014", "Q015", "Q016", "Q017", "Q108", "Q109", "Q110",
    "Q111", "Q112", "Q113", "Q114", "Q115", "Q205", "Q206", "Q207", "Q501", "Q502", "Q503", "Q504",
    "Q505", "Q506",
];

fn ratio(top: i64, bottom: i64) -> BigRational {
    BigRational::new(top.into(), bottom.into())
}

fn year(text: &str) -> Year {
    Year::new(text.parse().expect("a number")).expect("a year")
}

fn authority(
    id: &str,
    sector: Sector,
    from: Option<&str>,
    to: Option<&str>,
) -> (AuthorityId, Authority) {
    let month = |text: Option<&str>| text.map(|text| text.parse().expect("a month"));
    let entry = Authority {
        id: AuthorityId::new(id),
        name: id.to_owned(),
        sector,
        valid_from: month(from),
        valid_to: month(to),
        successor: None,
        expected: true,
    };
    (entry.id.clone(), entry)
}

fn authorities() -> BTreeMap<AuthorityId, Authority> {
    let kommuner = ["0101", "0265", "0461", "0561", "0751", "0851"];
    let regioner = ["1081", "1082", "1083", "1084"];
    let kommune = |id: &&str| authority(id, Sector::Kommune, None, None);
    let region = |id: &&str| authority(id, Sector::Region, None, None);
    let stat = ["DIGST", "STAR", "ERST"].map(|id| authority(id, Sector::Stat, None, None));
    let mut all: BTreeMap<_, _> = kommuner.iter().map(kommune).collect();
    all.extend(regioner.iter().map(region));
    all.extend(stat);
    all.extend([
        authority("SKAT", Sector::Stat, Some("2018-07"), None),
        authority("SKATM", Sector::Stat, None, Some("2018-06")),
    ]);
    all
}

fn services() -> BTreeMap<ServiceId, Service> {
    let service = |(id, baseline, fixed): (&str, Option<&str>, Option<i64>)| {
        let entry = Service {
            id: ServiceId::new(id),
            name: Names::same(id),
            initiative: InitiativeId::new(if id < "H" { "1.1" } else { "1.2" }),
            baseline: baseline.map(|text| text.parse::<Span>().expect("a span")),
            fixed_share: fixed
                .map(|tenths| FixedShare { share: ratio(tenths, 10), source: String::new() }),
            cost_type: CostType::General,
            awaited_from: BTreeSet::new(),
        };
        (entry.id.clone(), entry)
    };
    [
        ("BYG", Some("2016"), Some(4)),
        ("FLYT", Some("2016"), Some(6)),
        ("PAS", Some("2016"), Some(5)),
        ("DAGPENGE", Some("2016"), Some(3)),
        ("SUNDKORT", Some("2016"), Some(6)),
        ("HENV", Some("2016"), Some(4)),
        ("VIRK", Some("2018"), Some(7)),
        ("MOMS", Some("2016"), Some(6)),
        ("POST", Some("2016"), Some(2)),
        ("DATA", None, None),
    ]
    .map(service)
    .into()
}

fn prices() -> Prices {
    let mut index = BTreeMap::new();
    for sector in Sector::ALL {
        for (step, text) in (0..).zip(["2016", "2017", "2018", "2019", "2020"]) {
            index.insert((sector, CostType::General, year(text)), ratio(1000 + 18 * step, 10));
        }
    }
    Prices::Indexed {
        level: year("2020"),
        vintage: String::new(),
        index,
        borrowed: BTreeMap::new(),
        sources: Vec::new(),
    }
}

fn initiative(id: &str) -> (InitiativeId, Initiative) {
    let entry = Initiative {
        id: InitiativeId::new(id),
        title: Names::same(id),
        verified: false,
        owner: String::new(),
        theme: None,
        weights: BTreeMap::new(),
        source: String::new(),
    };
    (entry.id.clone(), entry)
}

fn programme() -> Programme {
    Programme {
        id: "faellesoffentlig-2016-2020".to_owned(),
        name: Names::same("Prøve"),
        first: "2016-01".parse().expect("a month"),
        last: "2020-12".parse().expect("a month"),
        languages: vec![Language::Da],
        currency: Currency { code: "DKK".to_owned(), unit: Names::same("kr.") },
        deliveries: String::new(),
        synthetic: true,
        limits: Limits {
            refused_lines_ppm: 0,
            refused_oere: None,
            refused_deliveries: 0,
            not_worse: NotWorse::default(),
            superseded_oere: None,
            notices: std::collections::BTreeMap::new(),
        },
        corrections: Correctors::default(),
        authorities: Register { open: false, entries: authorities() },
        pejlemaerker: Vec::new(),
        themes: Vec::new(),
        initiatives: [initiative("1.1"), initiative("1.2")].into(),
        services: Register { open: false, entries: services() },
        service_defaults: None,
        prices: prices(),
        targets: Vec::new(),
        assumptions: Vec::new(),
    }
}

fn text<'a>(made: &'a Made, name: &str) -> &'a str {
    std::str::from_utf8(&made.files[name]).expect("UTF-8")
}

fn answers(made: &Made) -> toml::Table {
    text(made, "answers.toml").parse().expect("the answers are TOML")
}

fn number(value: &toml::Value, path: &[&str]) -> i64 {
    let found = path.iter().fold(value, |value, step| &value[*step]);
    found.as_integer().expect("a whole number")
}

/// Data lines of the tables that are read, counted in the bytes.
fn lines_in(made: &Made) -> usize {
    let answers = answers(made);
    let files = answers["files"].as_table().expect("a table");
    let read = files.iter().filter(|(_, file)| file.get("rejected").is_none());
    read.map(|(name, _)| made.files[name].split(|byte| *byte == b'\n').count() - 2).sum()
}

#[test]
fn the_same_call_gives_the_same_bytes() {
    let once = make(&programme(), &Size::default());
    assert_eq!(once.files, make(&programme(), &Size::default()).files);
}

#[test]
fn the_committed_sample_stays_small() {
    let made = make(&programme(), &Size::default());
    let bytes: usize = made.files.values().map(Vec::len).sum();
    assert!(bytes < 3_000_000, "{bytes} bytes");
    assert!(
        made.files["answers.toml"].len() < 150_000,
        "{} bytes",
        made.files["answers.toml"].len()
    );
    assert!(made.files.values().all(|file| file.len() < 200_000));
}

#[test]
fn a_size_gives_about_as_many_lines_as_asked_for() {
    for wanted in [20_000_u32, 100_000] {
        let size = Size::of_lines(&programme(), wanted);
        let lines = u32::try_from(lines_in(&make(&programme(), &size))).expect("a count");
        assert!(lines.abs_diff(wanted) < wanted / 10, "{lines} lines, {wanted} wanted");
    }
}

#[test]
fn every_code_is_planted_and_about_one_line_in_a_hundred_is_bad() {
    let answers = toml::Value::Table(answers(&make(&programme(), &Size::default())));
    for code in Reason::CODES.iter().filter(|code| !UNDECLARED.contains(code)) {
        assert!(number(&answers, &["codes", code]) > 0, "{code} is not planted");
    }
    let refused = number(&answers, &["totals", "lines_refused"]);
    let read = number(&answers, &["totals", "lines_read"]);
    assert!(read / 150 < refused && refused < read / 70, "{refused} of {read}");
}

#[test]
fn the_answers_count_the_lines_that_are_there() {
    let made = make(&programme(), &Size::default());
    let answers = toml::Value::Table(answers(&made));
    let total = |key: &str| number(&answers, &["totals", key]);
    assert_eq!(total("lines_read"), i64::try_from(lines_in(&made)).expect("a count"));
    for unit in ["lines", "oere"] {
        let parts =
            ["posted", "superseded", "refused"].map(|part| total(&format!("{unit}_{part}")));
        assert_eq!(total(&format!("{unit}_read")), parts.iter().sum::<i64>());
    }
    for table in ["authorities", "periods"] {
        let sums = answers["posted"][table].as_table().expect("a table");
        let sum: i64 = sums.values().filter_map(toml::Value::as_integer).sum();
        assert_eq!(sum, total("oere_posted"));
    }
}

#[test]
fn amounts_add_up_when_read_back_from_the_bytes() {
    let made = make(&programme(), &Size::default());
    let answers = answers(&made);
    let name = "forbrug/STAR-2019.csv";
    let refused = answers["files"][name].get("lines").map(ToString::to_string).unwrap_or_default();
    let bad = |line: usize| {
        let numbers = refused.split(|letter: char| !letter.is_ascii_digit());
        numbers.clone().any(|number| number == line.to_string())
    };
    let mut oere = 0_i64;
    for (number, line) in (1..).zip(text(&made, name).lines()) {
        if number == 1 || bad(number) {
            continue;
        }
        let amount = line.rsplit(';').next().expect("a last cell");
        oere += amount.replace(['.', ','], "").parse::<i64>().expect("an amount");
    }
    let rows = answers["cells"]["rows"].as_array().expect("rows");
    let row = rows.iter().find(|row| {
        row["authority"].as_str() == Some("STAR") && row["year"].as_integer() == Some(2019)
    });
    assert_eq!(row.expect("a row")["oere"].as_integer(), Some(oere));
}

#[test]
fn gaps_resends_and_silence_are_where_they_should_be() {
    let made = make(&programme(), &Size::default());
    let answers = answers(&made);
    assert_eq!(answers["missing"]["authorities"].to_string(), "[\"0265\"]");
    assert!(!made.files.keys().any(|name| name.contains("0265")));
    let usage = text(&made, "brug/0561-2019.csv");
    assert!(usage.contains("2019-03") && usage.contains("2019-07"));
    assert!(["2019-04", "2019-05", "2019-06"].iter().all(|month| !usage.contains(month)));
    for name in ["forbrug/0751-2018", "brug/1082-2017"] {
        assert!(made.files.contains_key(&format!("{name}.v2.csv")));
        assert!(answers["files"][&format!("{name}.csv")].get("superseded").is_some());
    }
    let rows = answers["savings"]["rows"].as_array().expect("rows");
    let partly = rows.iter().filter(|row| row["months"].as_integer() == Some(9));
    assert!(partly.count() >= 4, "0561 is compared over nine months of 2019");
    assert!(!rows.iter().any(|row| row["service"].as_str() == Some("DATA")), "no baseline");
}

#[test]
fn savings_are_of_national_size() {
    let answers = toml::Value::Table(answers(&make(&programme(), &Size::default())));
    let saved = |year: &str| number(&answers, &["savings", "years", year, "declared"]) / 100;
    assert!(100_000_000 < saved("2020") && saved("2020") < 1_000_000_000, "{} kr.", saved("2020"));
    assert!(saved("2017") < saved("2020"));
}

#[test]
fn a_programme_of_other_services_gets_a_sample_too() {
    let mut other = programme();
    other.services.entries.retain(|id, _| id.as_str() == "BYG");
    let service = other.services.entries.pop_first().expect("a service").1;
    other
        .services
        .entries
        .insert(ServiceId::new("X1"), Service { id: ServiceId::new("X1"), ..service });
    other.authorities.entries.retain(|id, _| id.as_str() == "STAR");
    other.last = "2017-12".parse().expect("a month");
    let answers = answers(&make(&other, &Size { lines_per_cell: 1 }));
    assert!(answers["cells"]["rows"].as_array().is_some_and(|rows| rows.len() == 2));
    let wanted = ["Q302", "Q307"];
    let planted = |code: &&&str| !wanted.contains(code) && !UNDECLARED.contains(code);
    for code in Reason::CODES.iter().filter(planted) {
        assert!(answers["codes"].get(code).is_some(), "{code} is not planted");
    }
}
