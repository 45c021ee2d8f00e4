//! How one service's cost and volume run at one authority. Whole numbers throughout.

use crate::domain::authority::Sector;
use crate::domain::period::Year;
use crate::programme::model::{Authority, CostType, Prices, Programme, Service};
use crate::sample::random::Random;
use crate::sample::slot::{CLOSING, Slot};
use crate::sample::world::{self, Profile};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::ToPrimitive;
use std::collections::BTreeMap;

/// One million: the whole, in parts per million.
pub(super) const WHOLE: i64 = 1_000_000;

/// How the year is spread over its months, in parts per million of an average month.
const SEASONS: [[i64; 12]; 2] = [
    [
        960_000, 940_000, 1_050_000, 1_040_000, 1_080_000, 1_060_000, 780_000, 990_000, 1_070_000,
        1_060_000, 1_030_000, 940_000,
    ],
    [
        1_090_000, 1_010_000, 1_020_000, 970_000, 960_000, 1_000_000, 880_000, 1_040_000,
        1_030_000, 990_000, 990_000, 1_020_000,
    ],
];

/// The cost and volume of one service at one authority.
pub(super) struct Timeline {
    seed: String,
    first_year: i16,
    oere_a_month: i64,
    cases_a_month: i64,
    trend_ppm: i64,
    drift_ppm: i64,
    fixed_ppm: i64,
    season: usize,
    online: i64,
    online_step: i64,
    /// Price level by year, in parts per million of the first year's.
    prices: BTreeMap<i16, i64>,
}

/// One channel's month, as counted by the authority.
pub(super) struct Counts {
    /// `selvbetjening`, `telefon` or `personlig`.
    pub(super) channel: &'static str,
    /// Started.
    pub(super) started: i64,
    /// Completed.
    pub(super) completed: i64,
    /// Completed digitally.
    pub(super) digital: i64,
    /// Completed digitally with help.
    pub(super) assisted: i64,
    /// Hours worked, in hundredths.
    pub(super) hours: i64,
    /// Satisfied and answered, in the month of the survey.
    pub(super) survey: Option<(i64, i64)>,
}

impl Timeline {
    /// The course of a service at an authority.
    pub(super) fn of(
        programme: &Programme,
        authority: &Authority,
        service: &Service,
        profile: &Profile,
    ) -> Timeline {
        let seed = format!("{}/{}", authority.id, service.id);
        let mut random = Random::seeded(&["course", &seed]);
        let oere = profile.oere * world::size_of(authority.id.as_str()) / 1_000;
        let trend_ppm = profile.trend_ppm + random.between(-9_000, 9_000);
        let fixed = service.fixed_share.as_ref().map(|fixed| ppm(&fixed.share));
        Timeline {
            first_year: programme.first.year().get(),
            oere_a_month: oere / 12,
            cases_a_month: oere / profile.unit_oere / 12,
            trend_ppm,
            drift_ppm: profile.drift_ppm + random.between(-8_000, 8_000),
            fixed_ppm: fixed.unwrap_or(WHOLE / 2),
            season: usize::from(random.between(0, 1) == 1),
            online: profile.online,
            online_step: profile.online_step,
            prices: prices_of(programme, authority.sector, service.cost_type),
            seed,
        }
    }

    /// What the service costs in the period, in øre. The closing period has a little of the year.
    pub(super) fn oere(&self, slot: Slot) -> i64 {
        let mut random = Random::seeded(&["oere", &self.seed, &slot.to_string()]);
        let years = slot.year - self.first_year;
        let variable = scale(WHOLE - self.fixed_ppm, compound(self.drift_ppm, years));
        let mut oere = scale(self.oere_a_month, self.fixed_ppm + variable);
        oere = scale(oere, self.prices.get(&slot.year).copied().unwrap_or(WHOLE));
        oere = scale(oere, compound(self.trend_ppm, years));
        if slot.number == CLOSING {
            scale(oere, random.between(-20_000, 90_000))
        } else {
            scale(scale(oere, self.season(slot)), WHOLE + random.between(-12_000, 12_000))
        }
    }

    /// What is counted in the month, a channel at a time.
    pub(super) fn counts(&self, slot: Slot) -> [Counts; 3] {
        let mut random = Random::seeded(&["counts", &self.seed, &slot.to_string()]);
        let years = slot.year - self.first_year;
        let mut cases = scale(self.cases_a_month, compound(self.drift_ppm, years));
        cases = scale(scale(cases, self.season(slot)), WHOLE + random.between(-15_000, 15_000));
        let online = (self.online + self.online_step * i64::from(years)).clamp(0, 930);
        let by_self = cases * (online + random.between(-8, 8)) / 1_000;
        let by_phone = (cases - by_self) * random.between(560, 640) / 1_000;
        let in_person = cases - by_self - by_phone;
        let survey = slot.number == 3;
        [
            ("selvbetjening", by_self, by_self, by_self * random.between(10, 30) / 1_000, 1),
            ("telefon", by_phone, 0, 0, 15),
            ("personlig", in_person, in_person * 3 / 10, in_person * 3 / 10, 35),
        ]
        .map(|(channel, completed, digital, assisted, hours_share)| Counts {
            channel,
            started: completed + completed * random.between(40, 180) / 1_000,
            completed,
            digital,
            assisted,
            hours: completed * hours_share + random.between(0, 99),
            survey: survey.then(|| {
                let answered = completed * random.between(20, 60) / 1_000;
                (answered * random.between(680, 930) / 1_000, answered)
            }),
        })
    }

    fn season(&self, slot: Slot) -> i64 {
        SEASONS[self.season][usize::from(slot.number) - 1]
    }
}

/// `value` times `ppm` parts per million, cut towards zero.
pub(super) fn scale(value: i64, ppm: i64) -> i64 {
    let scaled = i128::from(value) * i128::from(ppm) / i128::from(WHOLE);
    i64::try_from(scaled).expect("amounts of this world stay far within i64")
}

/// Growth of `ppm` a year, over `years`, in parts per million.
fn compound(ppm: i64, years: i16) -> i64 {
    (0..years).fold(WHOLE, |level, _| scale(level, WHOLE + ppm))
}

fn ppm(share: &BigRational) -> i64 {
    let scaled = share * BigRational::from_integer(BigInt::from(WHOLE));
    scaled.to_integer().to_i64().unwrap_or(WHOLE)
}

/// The price level the costs follow: the programme's own table, so that a falling real unit cost
/// shows as a saving. Years outside the table, and programmes without one, have level prices.
fn prices_of(programme: &Programme, sector: Sector, cost_type: CostType) -> BTreeMap<i16, i64> {
    let Prices::Indexed { index, borrowed, .. } = &programme.prices else {
        return BTreeMap::new();
    };
    let sector = borrowed.get(&sector).map_or(sector, |lent| lent.from);
    let level = |year: Year| index.get(&(sector, cost_type, year));
    let Some(base) = level(programme.first.year()) else {
        return BTreeMap::new();
    };
    let years = programme.first.year().get()..=programme.last.year().get();
    years
        .filter_map(Year::new)
        .filter_map(|year| level(year).map(|now| (year.get(), ppm(&(now / base)))))
        .collect()
}
