//! A small strategy, made by hand, for the tests of what is said and how it looks.

use crate::domain::authority::Sector;
use crate::domain::correction::Correctors;
use crate::domain::id::{AuthorityId, InitiativeId, PejlemaerkeId, ServiceId, ThemeId};
use crate::domain::language::{Language, Names};
use crate::domain::money::Oere;
use crate::domain::period::{Month, Span, Year};
use crate::programme::model::{
    Assumption, Authority, Borrowed, CostType, Covers, Currency, FixedShare, Initiative, Limits,
    NotWorse, Pejlemaerke, Prices, Programme, Register, Service, SubAim, Target, TargetBasis,
    TargetReading, Theme, Weight,
};
use num_rational::BigRational;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) fn year(year: i16) -> Year {
    Year::new(year).expect("a year")
}

pub(crate) fn span(of: i16) -> Span {
    Span::Year(year(of))
}

pub(crate) fn month(text: &str) -> Month {
    text.parse().expect("a month")
}

fn names(da: &str, en: &str) -> Names {
    Names::new(BTreeMap::from([(Language::Da, da.to_owned()), (Language::En, en.to_owned())]))
}

/// Kroner as øre.
pub(crate) fn kroner(kroner: i64) -> Oere {
    Oere::new(kroner * 100)
}

fn ratio(part: i64, whole: i64) -> BigRational {
    BigRational::new(part.into(), whole.into())
}

/// Three pejlemærker, the last two not about money; two initiatives; three services.
pub(crate) fn programme() -> Programme {
    let authority = |id: &str, name: &str| Authority {
        id: AuthorityId::new(id),
        name: name.to_owned(),
        sector: Sector::Kommune,
        valid_from: None,
        valid_to: None,
        successor: None,
        expected: true,
    };
    let authorities = [
        authority("0101", "Nordby Kommune"),
        authority("0751", "Sønderås Kommune"),
        authority("0851", "Østerå Kommune"),
    ];
    Programme {
        id: "prøve".to_owned(),
        name: names(
            "Den fællesoffentlige digitaliseringsstrategi 2016–2020",
            "The joint public digitalisation strategy 2016–2020",
        ),
        first: month("2016-01"),
        last: month("2020-12"),
        languages: vec![Language::Da, Language::En],
        currency: Currency { code: "DKK".to_owned(), unit: names("kr.", "kr.") },
        deliveries: "deliveries".to_owned(),
        synthetic: true,
        limits: Limits {
            refused_lines_ppm: 10_000,
            refused_oere: Some(kroner(10_000_000)),
            refused_deliveries: 0,
            not_worse: NotWorse::default(),
            superseded_oere: None,
            notices: std::collections::BTreeMap::new(),
        },
        corrections: Correctors::default(),
        authorities: Register {
            open: false,
            entries: authorities.into_iter().map(|entry| (entry.id.clone(), entry)).collect(),
        },
        pejlemaerker: pejlemaerker(),
        themes: vec![Theme {
            id: ThemeId::new("t1"),
            name: names("Automatisering af sagsbehandling", "Automation of case work"),
            source: "Kommissorium".to_owned(),
        }],
        initiatives: initiatives(),
        services: services(),
        service_defaults: None,
        prices: prices(),
        targets: vec![target()],
        assumptions: vec![Assumption {
            text: names("Udgifter er uden moms.", "Spending is without VAT."),
            source: "Aftale med afsenderne".to_owned(),
        }],
    }
}

fn pejlemaerker() -> Vec<Pejlemaerke> {
    let mark = |id: &str, name: Names, spending: bool, aims: [Names; 2]| Pejlemaerke {
        id: PejlemaerkeId::new(id),
        name,
        sub_aims: aims
            .into_iter()
            .map(|name| SubAim { name, source: "Kommissorium, gengivet i pressen".to_owned() })
            .collect(),
        source: "Kommissorium, gengivet i pressen.".to_owned(),
        spending,
    };
    vec![
        mark(
            "1",
            names(
                "En effektiv og værdiskabende offentlig sektor",
                "An efficient and value-creating public sector",
            ),
            true,
            [
                names("Højere produktivitet", "Higher productivity"),
                names("Lavere it-udgifter", "Lower IT spending"),
            ],
        ),
        mark(
            "2",
            names(
                "Digitale ydelser, der skaber værdi for borgere og virksomheder",
                "Digital services that create value for citizens and businesses",
            ),
            false,
            [
                names("Hurtigere betjening", "Faster service"),
                names("Mere sammenhængende betjening", "More coherent service"),
            ],
        ),
        mark(
            "3",
            names(
                "Offentlig digitalisering understøtter vækst",
                "Public digitalisation supports growth",
            ),
            false,
            [
                names("Færre administrative byrder", "Fewer administrative burdens"),
                names("Flere åbne data", "More open data"),
            ],
        ),
    ]
}

fn initiatives() -> BTreeMap<InitiativeId, Initiative> {
    let initiative =
        |id: &str, title: Names, verified: bool, weights: &[(&str, i64, i64)]| Initiative {
            id: InitiativeId::new(id),
            title,
            verified,
            owner: "Digitaliseringsstyrelsen".to_owned(),
            theme: Some(ThemeId::new("t1")),
            weights: weights
                .iter()
                .map(|(mark, part, whole)| {
                    let weight = Weight {
                        share: ratio(*part, *whole),
                        source: "Skøn".to_owned(),
                        date: "2024-05-01".to_owned(),
                    };
                    (PejlemaerkeId::new(mark), weight)
                })
                .collect(),
            source: "Initiativpapir".to_owned(),
        };
    [
        initiative(
            "1.1",
            names(
                "Mere sammenhængende digitale brugerrejser",
                "More coherent digital user journeys",
            ),
            true,
            &[("1", 1, 3), ("2", 2, 3)],
        ),
        initiative(
            "2.1",
            names("Automatisk sagsbehandling", "Automatic case work"),
            false,
            &[("1", 1, 1)],
        ),
    ]
    .into_iter()
    .map(|entry| (entry.id.clone(), entry))
    .collect()
}

fn services() -> Register<ServiceId, Service> {
    let service = |id: &str, name: Names, initiative: &str, baseline: Option<Span>| Service {
        id: ServiceId::new(id),
        name,
        initiative: InitiativeId::new(initiative),
        baseline,
        fixed_share: Some(FixedShare {
            share: ratio(3, 10),
            source: "Regnskabsanalyse 2015".to_owned(),
        }),
        cost_type: CostType::General,
        awaited_from: BTreeSet::new(),
    };
    let all = [
        service(
            "flytning",
            names("Anmeldelse af flytning", "Change of address"),
            "1.1",
            Some(span(2016)),
        ),
        service("pas", names("Pas og kørekort", "Passports and licences"), "2.1", Some(span(2016))),
        service("byggesag", names("Byggesager", "Building permits"), "2.1", None),
    ];
    Register {
        open: false,
        entries: all.into_iter().map(|entry| (entry.id.clone(), entry)).collect(),
    }
}

fn prices() -> Prices {
    let index = (0..5_i16)
        .map(|step| {
            let key = (Sector::Kommune, CostType::General, year(2016 + step));
            (key, ratio(1000 + 14 * i64::from(step), 10))
        })
        .collect();
    Prices::Indexed {
        level: year(2020),
        vintage: "Juni 2021".to_owned(),
        index,
        borrowed: BTreeMap::from([(
            Sector::Kommune,
            Borrowed {
                from: Sector::Stat,
                source: "kommunernes egen serie er ikke oplyst".to_owned(),
            },
        )]),
        sources: vec!["Økonomistyrelsen, pris- og lønindeks".to_owned()],
    }
}

fn target() -> Target {
    Target {
        name: names("2-4 mia. kr. frem mod 2020", "DKK 2-4 bn towards 2020"),
        low: kroner(6_000_000),
        high: kroner(12_000_000),
        readings: vec![TargetReading::AnnualRunRate, TargetReading::Cumulative],
        due: year(2020),
        from: year(2016),
        price_level: year(2015),
        price_level_assumed: true,
        basis: TargetBasis::Unknown,
        covers: Covers::Register,
        most_saved: None,
        status: names("Potentiale", "Potential"),
        source: "Pressemeddelelse 2014".to_owned(),
    }
}

/// The same programme without targets, themes, sub-aims, price tables or assumptions.
pub(crate) fn bare() -> Programme {
    let mut programme = programme();
    programme.targets = Vec::new();
    programme.themes = Vec::new();
    programme.assumptions = Vec::new();
    programme.synthetic = false;
    programme.prices = Prices::Current { source: "perioden er kort".to_owned() };
    programme.pejlemaerker.truncate(1);
    programme.pejlemaerker[0].sub_aims = Vec::new();
    programme
}
