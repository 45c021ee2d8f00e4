//! Days as spreadsheets count them: 1 is 31 December 1899, so that 25569 is 1 January 1970.

use crate::domain::period::Month;
use std::ops::RangeInclusive;

/// Days that are plausible in a delivery: 1970 to 2099. All have five digits, so that neither a
/// year (`2019`) nor a month (`201903`) is taken for one.
pub(crate) const PLAUSIBLE: RangeInclusive<i32> = 25_569..=73_050;

/// Days of 1 January 1970 in the calendar algorithms below and in spreadsheets.
const EPOCH_CIVIL: i32 = 719_468;
const EPOCH_SERIAL: i32 = 25_569;

/// Days in 400 years.
const ERA: i32 = 146_097;

/// The serial of a day.
///
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2013), `days_from_civil`.
pub(crate) fn serial(month: Month, day: u8) -> i32 {
    let number = i32::from(month.number());
    let year = i32::from(month.year().get()) - i32::from(number <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let from_march = (number + 9) % 12;
    let day_of_year = (153 * from_march + 2) / 5 + i32::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * ERA + day_of_era - EPOCH_CIVIL + EPOCH_SERIAL
}

/// The month a plausible serial is in; `None` for any other.
///
/// Source: as [`serial`], `civil_from_days`.
pub(crate) fn month_of(serial: i32) -> Option<Month> {
    if !PLAUSIBLE.contains(&serial) {
        return None;
    }
    let days = serial - EPOCH_SERIAL + EPOCH_CIVIL;
    let era = days.div_euclid(ERA);
    let day_of_era = days.rem_euclid(ERA);
    let leap_days = day_of_era / 1_460 - day_of_era / 36_524 + day_of_era / 146_096;
    let year_of_era = (day_of_era - leap_days) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let number = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let year = year_of_era + era * 400 + i32::from(number <= 2);
    Month::new(i16::try_from(year).ok()?, u8::try_from(number).ok()?)
}

#[cfg(test)]
mod tests {
    use super::{PLAUSIBLE, month_of, serial};

    #[test]
    fn serials_are_those_a_spreadsheet_shows() {
        let month = |text: &str| text.parse().expect("a month");
        for (first, day, number) in [
            ("1970-01", 1, 25_569),
            ("2000-02", 29, 36_585),
            ("2016-12", 31, 42_735),
            ("2019-03", 1, 43_525),
            ("2099-12", 31, 73_050),
        ] {
            assert_eq!(serial(month(first), day), number, "{first}-{day}");
            assert_eq!(month_of(number), Some(month(first)));
        }
        assert_eq!([2019, 25_568, 73_051, 201_903].map(month_of), [None; 4]);
    }

    #[test]
    fn every_plausible_day_follows_the_day_before() {
        let mut next = *PLAUSIBLE.start();
        for year in 1970..=2099 {
            for number in 1..=12 {
                let month = crate::domain::period::Month::new(year, number).expect("a month");
                for day in 1..=month.days() {
                    assert_eq!(serial(month, day), next);
                    assert_eq!(month_of(next), Some(month));
                    next += 1;
                }
            }
        }
        assert_eq!(next, PLAUSIBLE.end() + 1);
    }
}
