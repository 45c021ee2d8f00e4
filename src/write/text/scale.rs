//! The numbers of one chart, all written at one scale so that they can be compared by eye.
#![deny(clippy::float_arithmetic, clippy::as_conversions)]

use crate::domain::money::Oere;
use crate::domain::rounding::half_away;
use crate::report::document::ChartUnit;
use crate::write::text::messages::Texts;

/// How one chart writes its numbers.
#[derive(Debug, Clone)]
pub(crate) struct Scale<'t> {
    texts: &'t Texts,
    unit: ChartUnit,
    /// Smallest parts in one unit shown: a power of ten.
    parts: i64,
    places: usize,
    caption: String,
}

impl Texts {
    /// Picks the scale for a chart whose largest magnitude is `largest`, in the unit's smallest
    /// parts.
    ///
    /// Money is shown in the largest of billions, millions and ones that leaves two digits before
    /// the decimal separator.
    pub(crate) fn scale(&self, unit: ChartUnit, largest: i64) -> Scale<'_> {
        let (parts, places, caption) = match unit {
            ChartUnit::Money => self.money_scale(largest.unsigned_abs()),
            ChartUnit::Percent | ChartUnit::Index => (10_000, 1, String::new()),
        };
        Scale { texts: self, unit, parts, places, caption }
    }

    /// What an interval is, in words: `1,2 til 3,4 (oplyst: 2,0)`; one number where both ends are
    /// shown alike.
    pub(crate) fn interval(
        &self,
        scale: &Scale,
        (low, high): (i64, i64),
        mark: Option<i64>,
    ) -> String {
        let mark = mark.map(|mark| scale.number(mark));
        self.between(&scale.number(low), &scale.number(high), mark.as_deref())
    }

    /// What a target band promises, in words: `mål 5 til 6`; decimals only where the promise has
    /// them.
    pub(crate) fn target(&self, scale: &Scale, (low, high): (i64, i64)) -> String {
        let promised = |value| scale.tick(value, value);
        let range = self.between(&promised(low), &promised(high), None);
        self.fill("chart.band", |_| Some(range.clone()))
    }

    fn between(&self, low: &str, high: &str, mark: Option<&str>) -> String {
        if low == high {
            return low.to_owned();
        }
        let key = match mark {
            Some(_) => "chart.range_marked",
            None => "chart.range",
        };
        self.fill(key, |name| match name {
            "low" => Some(low.to_owned()),
            "high" => Some(high.to_owned()),
            "mark" => mark.map(str::to_owned),
            _ => None,
        })
    }

    fn money_scale(&self, largest: u64) -> (i64, usize, String) {
        let word = |key| Some(self.text(key));
        if largest >= 1_000_000_000_000 {
            (100_000_000_000, 1, self.unit_name(word("number.billion")))
        } else if largest >= 1_000_000_000 {
            (100_000_000, 1, self.unit_name(word("number.million")))
        } else {
            (100, 0, self.unit_name(None))
        }
    }
}

impl Scale<'_> {
    /// What every number of the chart is counted in, such as `mio. kr.`; empty where the numbers
    /// say it.
    pub(crate) fn caption(&self) -> &str {
        &self.caption
    }

    /// The least step between two ticks that can be written exactly: a power of ten.
    pub(crate) fn least_step(&self) -> i64 {
        if self.places == 0 { self.parts } else { self.parts / 10 }
    }

    /// A number with the chart's decimals: `1.234,5`, `81,3 %`.
    ///
    /// Money too small for the chart's scale is written at its own, with its unit: never as zero.
    pub(crate) fn number(&self, value: i64) -> String {
        let written = self.write(value, self.places);
        let lost = value != 0 && written == self.write(0, self.places);
        match self.unit {
            ChartUnit::Money if lost => self.texts.money(Oere::new(value)),
            ChartUnit::Money | ChartUnit::Percent | ChartUnit::Index => written,
        }
    }

    /// A number with its sign, plus or minus, unless it is shown as zero.
    pub(crate) fn signed(&self, value: i64) -> String {
        let written = self.number(value);
        if value > 0 && written != self.number(0) { format!("+{written}") } else { written }
    }

    /// A tick on an axis whose ticks stand `step` apart: no more decimals than the step needs.
    pub(crate) fn tick(&self, value: i64, step: i64) -> String {
        let whole = step % self.parts == 0 && value % self.parts == 0;
        self.write(value, if whole { 0 } else { self.places })
    }

    fn write(&self, value: i64, places: usize) -> String {
        let shown = if places == 0 { i128::from(value) } else { i128::from(value) * 10 };
        let number = self.texts.fixed(half_away(shown, i128::from(self.parts)), places);
        match self.unit {
            ChartUnit::Percent => self.texts.with_percent(&number),
            ChartUnit::Money | ChartUnit::Index => number,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::language::{Language, Names};
    use crate::report::document::ChartUnit;
    use crate::write::text::messages::texts;

    #[test]
    fn intervals_and_targets_are_said_in_words() {
        let da = texts(Language::Da, &Names::same("kr."));
        let scale = da.scale(ChartUnit::Money, 500_000_000_000);
        let (low, high) = (320_000_000_000, 410_000_000_000);
        assert_eq!(da.interval(&scale, (low, high), None), "3.200,0 til 4.100,0");
        assert_eq!(
            da.interval(&scale, (low, high), Some(365_000_000_000)),
            "3.200,0 til 4.100,0 (oplyst: 3.650,0)"
        );
        assert_eq!(da.interval(&scale, (low, low + 1), Some(low)), "3.200,0");
        assert_eq!(da.target(&scale, (low, high)), "mål 3.200 til 4.100");
        assert_eq!(da.target(&scale, (low + 50_000_000, high)), "mål 3.200,5 til 4.100");
    }

    #[test]
    fn a_chart_has_one_scale() {
        let da = texts(Language::Da, &Names::same("kr."));
        let millions = da.scale(ChartUnit::Money, 123_450_000_000);
        assert_eq!(millions.caption(), "mio.\u{a0}kr.");
        assert_eq!(millions.number(123_450_000_000), "1.234,5");
        assert_eq!(millions.number(-4_000_000), "−40.000\u{a0}kr.");
        assert_eq!(millions.signed(4_000_000), "+40.000\u{a0}kr.");
        assert_eq!(millions.signed(0), "0,0");
        assert_eq!(millions.signed(40_000_000), "+0,4");
        assert_eq!(millions.signed(-40_000_000), "−0,4");
        assert_eq!(millions.tick(50_000_000_000, 50_000_000_000), "500");
        assert_eq!(millions.tick(50_000_000, 50_000_000), "0,5");
        let kroner = da.scale(ChartUnit::Money, 99_999_900);
        assert_eq!((kroner.caption(), kroner.number(99_999_900).as_str()), ("kr.", "999.999"));
        let billions = da.scale(ChartUnit::Money, -2_500_000_000_000);
        assert_eq!(billions.caption(), "mia.\u{a0}kr.");
        assert_eq!(billions.number(-2_500_000_000_000), "−25,0");
        assert_eq!(da.scale(ChartUnit::Percent, 0).number(813_000), "81,3\u{a0}%");
        assert_eq!(da.scale(ChartUnit::Percent, 0).tick(800_000, 200_000), "80\u{a0}%");
        assert_eq!(da.scale(ChartUnit::Index, 0).number(1_042_500), "104,3");
        let pounds = texts(Language::En, &Names::same("£"));
        assert_eq!(pounds.scale(ChartUnit::Money, 123_450_000_000).caption(), "£\u{a0}million");
    }
}
