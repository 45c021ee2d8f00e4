//! Months, periods and spans in words; short forms for the axes of charts.

use crate::domain::period::{Month, Period, Span, Window, Year};
use crate::report::document::Value;
use crate::write::text::messages::Texts;

impl Texts {
    /// A month: `marts 2019`.
    pub(crate) fn month(&self, month: Month) -> String {
        self.month_from("number", month)
    }

    /// A period: a month, `supplementsperiode 2016`, or a window `april 2011–marts 2012`.
    pub(crate) fn period(&self, period: Period) -> String {
        self.period_from("number", period)
    }

    /// An accounting year `2019`, or a window `april 2011–marts 2012`.
    pub(crate) fn span(&self, span: Span) -> String {
        self.span_from("number", span)
    }

    /// A value as short as an axis needs it: months are abbreviated, all else is as `value` writes
    /// it.
    pub(crate) fn tick(&self, value: &Value) -> String {
        match value {
            Value::Month(month) => self.month_from("chart", *month),
            Value::Span(span) => self.span_from("chart", *span),
            Value::Money(_)
            | Value::Exact(_)
            | Value::Count(_)
            | Value::Percent(_)
            | Value::Ppm(_)
            | Value::Index(_)
            | Value::Headline(_)
            | Value::Name(_)
            | Value::Verbatim(_)
            | Value::Notice(_)
            | Value::Phrase(_)
            | Value::Empty => self.value(value),
        }
    }

    fn month_from(&self, section: &str, month: Month) -> String {
        let key = format!("{section}.month_{}", month.number());
        self.fill(&key, |_| Some(month.year().to_string()))
    }

    fn closing_from(&self, section: &str, year: Year) -> String {
        self.fill(&format!("{section}.closing"), |_| Some(year.to_string()))
    }

    fn window_from(&self, section: &str, window: Window) -> String {
        self.fill(&format!("{section}.window"), |name| match name {
            "first" => Some(self.month_from(section, window.first())),
            "last" => Some(self.month_from(section, window.last())),
            _ => None,
        })
    }

    fn period_from(&self, section: &str, period: Period) -> String {
        match period {
            Period::Month(month) => self.month_from(section, month),
            Period::Closing(year) => self.closing_from(section, year),
            Period::Window(window) => self.window_from(section, window),
        }
    }

    fn span_from(&self, section: &str, span: Span) -> String {
        match span {
            Span::Year(year) => year.to_string(),
            Span::Window(window) => self.window_from(section, window),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::language::{Language, Names};
    use crate::domain::period::{Period, Span, Year};
    use crate::report::document::Value;
    use crate::write::text::messages::texts;

    #[test]
    fn time_is_said_in_words() {
        let da = texts(Language::Da, &Names::same("kr."));
        let en = texts(Language::En, &Names::same("kr."));
        let month = "2019-03".parse().expect("a month");
        let closing = Period::Closing(Year::new(2016).expect("a year"));
        let window: Span = "2011-04/2012-03".parse().expect("a window");
        let year: Span = "2019".parse().expect("a year");
        assert_eq!(da.month(month), "marts 2019");
        assert_eq!(en.month(month), "March 2019");
        assert_eq!(da.period(closing), "supplementsperiode 2016");
        assert_eq!(en.period(closing), "closing period 2016");
        assert_eq!(da.span(window), "april 2011–marts 2012");
        assert_eq!(en.span(window), "April 2011–March 2012");
        assert_eq!(da.span(year), "2019");
        assert_eq!(da.tick(&Value::Month(month)), "mar.\u{a0}2019");
        assert_eq!(en.tick(&Value::Span(window)), "Apr\u{a0}2011\u{a0}– Mar\u{a0}2012");
    }

    #[test]
    fn every_month_has_its_name() {
        let year = Year::new(2020).expect("a year");
        for language in Language::ALL {
            let texts = texts(language, &Names::same("kr."));
            let mut names: Vec<String> = year.months().map(|month| texts.month(month)).collect();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), 12);
        }
    }
}
