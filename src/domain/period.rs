//! Accounting time: months, the closing period 13, declared windows, and the spans that are
//! compared.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An accounting year, equal to the calendar year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Year(i16);

impl Year {
    /// Makes a year; `None` outside 1900..=2199, which in a delivery is a typing error.
    pub fn new(year: i16) -> Option<Year> {
        (1900..=2199).contains(&year).then_some(Year(year))
    }

    /// The year as a number.
    pub fn get(self) -> i16 {
        self.0
    }

    /// The twelve months, January first.
    pub fn months(self) -> impl Iterator<Item = Month> {
        (1..=12).map(move |month| Month { year: self, month })
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A calendar month, `2019-03`. Ordered; no day, no time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Month {
    year: Year,
    month: u8,
}

impl Month {
    /// Makes a month; `None` unless `1 <= month && month <= 12` and the year is plausible.
    pub fn new(year: i16, month: u8) -> Option<Month> {
        let year = Year::new(year)?;
        (1..=12).contains(&month).then_some(Month { year, month })
    }

    /// The accounting year.
    pub fn year(self) -> Year {
        self.year
    }

    /// The month of the year, 1 to 12.
    pub fn number(self) -> u8 {
        self.month
    }

    /// Months since January of year 0: a dense, ordered number.
    pub fn ordinal(self) -> i32 {
        i32::from(self.year.0) * 12 + i32::from(self.month) - 1
    }

    /// The month `months` later (earlier when negative); `None` outside the plausible years.
    pub fn offset(self, months: i32) -> Option<Month> {
        let ordinal = self.ordinal() + months;
        let year = i16::try_from(ordinal.div_euclid(12)).ok()?;
        let month = u8::try_from(ordinal.rem_euclid(12) + 1).ok()?;
        Month::new(year, month)
    }

    /// Number of days, by the Gregorian calendar.
    pub fn days(self) -> u8 {
        let year = self.year.0;
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        match self.month {
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => 31,
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = ();

    /// Reads `yyyy-mm`.
    fn from_str(text: &str) -> Result<Month, ()> {
        let (year, month) = text.split_once('-').ok_or(())?;
        if year.len() != 4 || month.len() != 2 {
            return Err(());
        }
        Month::new(year.parse().map_err(|_| ())?, month.parse().map_err(|_| ())?).ok_or(())
    }
}

/// Several whole months reported as one figure, such as a rolling year. Windows may overlap:
/// they are compared, never added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Window {
    first: Month,
    last: Month,
}

impl Window {
    /// Makes a window; `None` when it ends before it begins.
    pub fn new(first: Month, last: Month) -> Option<Window> {
        (first <= last).then_some(Window { first, last })
    }

    /// First month covered.
    pub fn first(self) -> Month {
        self.first
    }

    /// Last month covered.
    pub fn last(self) -> Month {
        self.last
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first, self.last)
    }
}

/// The period a delivered line belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Period {
    /// A calendar month.
    Month(Month),
    /// Period 13 (supplementsperiode): year-end entries of the old year, never of January.
    Closing(Year),
    /// A declared window of months, such as a rolling year.
    Window(Window),
}

impl Period {
    /// What this period is compared as: its accounting year, or the window itself.
    pub fn span(self) -> Span {
        match self {
            Period::Month(month) => Span::Year(month.year()),
            Period::Closing(year) => Span::Year(year),
            Period::Window(window) => Span::Window(window),
        }
    }

    /// First and last calendar month touched; period 13 touches December.
    pub fn bounds(self) -> (Month, Month) {
        match self {
            Period::Month(month) => (month, month),
            Period::Closing(year) => {
                let december = Month { year, month: 12 };
                (december, december)
            }
            Period::Window(window) => (window.first, window.last),
        }
    }
}

impl fmt::Display for Period {
    /// `2019-03`, `2019-13` or `2011-04/2012-03`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Month(month) => month.fmt(f),
            Period::Closing(year) => write!(f, "{year}-13"),
            Period::Window(window) => window.fmt(f),
        }
    }
}

/// What is compared with what: an accounting year, or a declared window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Span {
    /// An accounting year, period 13 included.
    Year(Year),
    /// A declared window of months.
    Window(Window),
}

impl Span {
    /// The year whose price level the span is in: the accounting year, or the year the window ends
    /// in.
    pub fn price_year(self) -> Year {
        match self {
            Span::Year(year) => year,
            Span::Window(window) => window.last.year(),
        }
    }

    /// The calendar months covered, first to last.
    pub fn months(self) -> Vec<Month> {
        match self {
            Span::Year(year) => year.months().collect(),
            Span::Window(window) => {
                let count = window.last.ordinal() - window.first.ordinal();
                (0..=count).filter_map(|step| window.first.offset(step)).collect()
            }
        }
    }
}

impl fmt::Display for Span {
    /// `2019` or `2011-04/2012-03`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Span::Year(year) => year.fmt(f),
            Span::Window(window) => window.fmt(f),
        }
    }
}

impl FromStr for Span {
    type Err = ();

    /// Reads `yyyy` or `yyyy-mm/yyyy-mm`.
    fn from_str(text: &str) -> Result<Span, ()> {
        if let Some((first, last)) = text.split_once('/') {
            return Window::new(first.parse()?, last.parse()?).map(Span::Window).ok_or(());
        }
        if text.len() != 4 {
            return Err(());
        }
        Year::new(text.parse().map_err(|_| ())?).map(Span::Year).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Month, Period, Span, Window, Year};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_month_survives_writing_and_reading(year in 1900_i16..=2199, month in 1_u8..=12) {
            let written = Month::new(year, month).expect("a month");
            prop_assert_eq!(written.to_string().parse::<Month>(), Ok(written));
        }

        #[test]
        fn a_span_survives_writing_and_reading(
            year in 1900_i16..=2199, month in 1_u8..=12, more in 0_i32..40
        ) {
            let year = Year::new(year).expect("a year");
            let whole = Span::Year(year);
            prop_assert_eq!(whole.to_string().parse::<Span>(), Ok(whole));
            let first = Month::new(year.get(), month).expect("a month");
            if let Some(window) = first.offset(more).and_then(|last| Window::new(first, last)) {
                let window = Span::Window(window);
                prop_assert_eq!(window.to_string().parse::<Span>(), Ok(window));
            }
        }

        #[test]
        fn months_offset_there_and_back(year in 1950_i16..=2150, month in 1_u8..=12, by in -500_i32..500) {
            let start = Month::new(year, month).expect("a month");
            prop_assert_eq!(start.offset(by).and_then(|there| there.offset(-by)), Some(start));
        }
    }

    #[test]
    fn period_13_belongs_to_the_old_year() {
        let closing = Period::Closing(Year::new(2016).expect("a year"));
        assert_eq!(closing.to_string(), "2016-13");
        assert_eq!(closing.span(), "2016".parse::<Span>().expect("a span"));
        let january = Period::Month("2017-01".parse().expect("a month"));
        assert!(closing < january || closing.span() < january.span());
    }

    #[test]
    fn a_window_knows_its_months() {
        let span: Span = "2011-04/2012-03".parse().expect("a window");
        assert_eq!(span.months().len(), 12);
        assert_eq!(span.price_year().get(), 2012);
        assert!("2012-03/2011-04".parse::<Span>().is_err());
    }
}
