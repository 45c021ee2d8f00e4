//! Digits: grouping, decimals, units. Rounded here and only here, in integers.
#![deny(clippy::float_arithmetic, clippy::as_conversions)]

use crate::domain::money::Oere;
use crate::domain::number::grouped;
use crate::domain::rounding::half_away;
use crate::domain::share::Share;
use crate::report::document::Headline;
use crate::write::text::messages::Texts;

/// Between a number and its unit, so that a line never breaks there.
pub(super) const NBSP: char = '\u{a0}';

/// Øre in a million and a billion of the unit.
const MILLION: i128 = 100_000_000;
const BILLION: i128 = 100_000_000_000;

impl Texts {
    /// Money for reading: `1,2 mia. kr.`, `3,4 mio. kr.`, `12.345 kr.`; a symbol stands first,
    /// `£1.2 million`.
    pub(crate) fn money(&self, oere: Oere) -> String {
        let amount = i128::from(oere.get());
        // The scale is chosen so that rounding never shows 1.000,0 mio. or 1.000.000 kr.
        if half_away(amount.abs(), MILLION / 10) >= 10_000 {
            let tenths = half_away(amount, BILLION / 10);
            self.in_unit(&self.fixed(tenths, 1), Some(self.text("number.billion")))
        } else if half_away(amount.abs(), 100) >= 1_000_000 {
            let tenths = half_away(amount, MILLION / 10);
            self.in_unit(&self.fixed(tenths, 1), Some(self.text("number.million")))
        } else {
            self.in_unit(&self.fixed(half_away(amount, 100), 0), None)
        }
    }

    /// A number as a headline has it: `368 mio. kr.`, `18`, `3,1`.
    pub(crate) fn headline(&self, number: &Headline) -> String {
        let share = |share: &Share, times: i128| {
            half_away(i128::from(share.numerator) * times, i128::from(share.denominator))
        };
        match number {
            Headline::Money { amount, like } => self.money_like(*amount, *like),
            Headline::Percent(percent) => self.fixed(share(percent, 100), 0),
            Headline::Times(times) => self.fixed(share(times, 10), 1),
        }
    }

    /// Whole millions or billions, where they leave `like` four digits. A smaller scale, and what
    /// would round to nothing, is written as money is.
    fn money_like(&self, amount: Oere, like: Oere) -> String {
        let (amount_oere, like) = (i128::from(amount.get()), i128::from(like.get()));
        let (parts, scale) = if half_away(like.abs(), BILLION) >= 1_000 {
            (BILLION, Some(self.text("number.billion")))
        } else if half_away(like.abs(), MILLION) >= 1_000 {
            (MILLION, Some(self.text("number.million")))
        } else {
            return self.money(amount);
        };
        match half_away(amount_oere, parts) {
            0 => self.money(amount),
            whole => self.in_unit(&self.fixed(whole, 0), scale),
        }
    }

    /// Money to the øre: `1.234,56 kr.`.
    pub(crate) fn exact(&self, oere: Oere) -> String {
        self.in_unit(&self.fixed(i128::from(oere.get()), 2), None)
    }

    /// A whole number: `1.234`.
    pub(crate) fn count(&self, count: i64) -> String {
        self.fixed(i128::from(count), 0)
    }

    /// A share as a per cent with one decimal, rounded once from its exact fraction: `81,3 %`.
    pub(crate) fn percent(&self, share: Share) -> String {
        let tenths = half_away(i128::from(share.numerator) * 1000, i128::from(share.denominator));
        self.with_percent(&self.fixed(tenths, 1))
    }

    /// Parts per million as a per cent with one decimal: `1_000_000` is `100,0 %`.
    pub(crate) fn ppm(&self, ppm: i64) -> String {
        self.with_percent(&self.index(ppm))
    }

    /// An index with one decimal: `1_000_000` is `100,0`.
    pub(crate) fn index(&self, ppm: i64) -> String {
        self.fixed(half_away(i128::from(ppm), 1000), 1)
    }

    /// Money's unit and, when it is not one, its scale: `kr.`, `mio. kr.`, `£ million`; empty
    /// without unit.
    pub(super) fn unit_name(&self, scale: Option<&str>) -> String {
        let parts = if self.unit_stands_first() {
            [Some(self.unit.as_str()), scale]
        } else {
            [scale, Some(self.unit.as_str())]
        };
        let parts: Vec<&str> =
            parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        parts.join(&NBSP.to_string())
    }

    pub(super) fn with_percent(&self, number: &str) -> String {
        self.fill("number.percent", |_| Some(number.to_owned()))
    }

    /// Writes `units / 10^places` with the language's separators and a real minus.
    pub(super) fn fixed(&self, units: i128, places: usize) -> String {
        let digits = format!("{:0>width$}", units.unsigned_abs(), width = places + 1);
        let (whole, decimals) = digits.split_at(digits.len() - places);
        let mut written = String::new();
        if units < 0 {
            written.push_str(self.text("number.minus"));
        }
        written.push_str(&grouped(whole, self.text("number.group")));
        if places > 0 {
            written.push_str(self.text("number.decimal"));
            written.push_str(decimals);
        }
        written
    }

    fn in_unit(&self, number: &str, scale: Option<&str>) -> String {
        if !self.unit_stands_first() {
            let unit = self.unit_name(scale);
            let gap = if unit.is_empty() { String::new() } else { NBSP.to_string() };
            return format!("{number}{gap}{unit}");
        }
        let minus = self.text("number.minus");
        let (sign, digits) = match number.strip_prefix(minus) {
            Some(digits) => (minus, digits),
            None => ("", number),
        };
        let scale = scale.map_or_else(String::new, |scale| format!("{NBSP}{scale}"));
        format!("{sign}{}{digits}{scale}", self.unit)
    }

    /// A symbol such as `£` stands before its number, an abbreviation such as `kr.` after it.
    fn unit_stands_first(&self) -> bool {
        !self.unit.is_empty() && !self.unit.chars().any(char::is_alphabetic)
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::language::{Language, Names};
    use crate::domain::money::Oere;
    use crate::domain::share::Share;
    use crate::report::document::Headline;
    use crate::write::text::messages::{Texts, texts};
    use proptest::prelude::*;

    fn danish(unit: &str) -> Texts {
        texts(Language::Da, &Names::same(unit))
    }

    fn english(unit: &str) -> Texts {
        texts(Language::En, &Names::same(unit))
    }

    /// Reads what `exact` writes.
    fn parse(texts: &Texts, written: &str) -> Option<Oere> {
        let number = written.strip_suffix("\u{a0}kr.")?;
        let (sign, digits) = match number.strip_prefix('−') {
            Some(digits) => ("-", digits),
            None => ("", number),
        };
        let (whole, decimals) = digits.split_once(texts.text("number.decimal"))?;
        let mut groups = whole.split(texts.text("number.group"));
        let first = groups.next()?;
        let rest: Vec<&str> = groups.collect();
        let well_grouped =
            (1..=3).contains(&first.len()) && rest.iter().all(|part| part.len() == 3);
        if !well_grouped || decimals.len() != 2 {
            return None;
        }
        format!("{sign}{first}{}{decimals}", rest.concat()).parse().ok().map(Oere::new)
    }

    proptest! {
        #[test]
        fn an_exact_amount_survives_writing_and_reading(oere: i64) {
            for texts in [danish("kr."), english("kr.")] {
                let written = texts.exact(Oere::new(oere));
                prop_assert_eq!(parse(&texts, &written), Some(Oere::new(oere)), "{}", written);
            }
        }

        #[test]
        fn reading_money_is_never_more_than_half_a_unit_off(oere in -99_999_949_i64..99_999_949) {
            let shown = danish("").money(Oere::new(oere)).replace('.', "").replace('−', "-");
            let shown: i64 = shown.parse().expect("whole kroner");
            prop_assert!((shown * 100 - oere).abs() <= 50);
        }
    }

    #[test]
    fn money_is_scaled_for_reading() {
        #[rustfmt::skip]
        let cases = [
            // øre                  Danish            English
            (0,                     "0_kr.",          "0_kr."),
            (49,                    "0_kr.",          "0_kr."),
            (-49,                   "0_kr.",          "0_kr."),
            (50,                    "1_kr.",          "1_kr."),
            (-50,                   "−1_kr.",         "−1_kr."),
            (123_456,               "1.235_kr.",      "1,235_kr."),
            (99_999_949,            "999.999_kr.",    "999,999_kr."),
            (99_999_950,            "1,0_mio._kr.",   "1.0_million_kr."),
            (125_000_000,           "1,3_mio._kr.",   "1.3_million_kr."),
            (-125_000_000,          "−1,3_mio._kr.",  "−1.3_million_kr."),
            (99_994_999_999,        "999,9_mio._kr.", "999.9_million_kr."),
            (99_995_000_000,        "1,0_mia._kr.",   "1.0_billion_kr."),
            (123_450_000_000_000,   "1.234,5_mia._kr.", "1,234.5_billion_kr."),
        ];
        for (oere, da, en) in cases {
            let da = da.replace('_', "\u{a0}");
            let en = en.replace('_', "\u{a0}");
            assert_eq!(danish("kr.").money(Oere::new(oere)), da, "{oere}");
            assert_eq!(english("kr.").money(Oere::new(oere)), en, "{oere}");
        }
    }

    #[test]
    fn amounts_of_a_headline_share_a_scale() {
        let million = |amount: i64| amount * 100_000_000;
        #[rustfmt::skip]
        let cases = [
            // amount                 like                    Danish           English
            (million(368),            million(2_000),         "368_mio._kr.",   "368_million_kr."),
            (million(2_000),          million(2_000),         "2.000_mio._kr.", "2,000_million_kr."),
            (-million(368),           million(2_000),         "−368_mio._kr.",  "−368_million_kr."),
            (4_400_000,               million(2_000),         "44.000_kr.",     "44,000_kr."),
            (million(368),            million(2_000_000),     "368,0_mio._kr.", "368.0_million_kr."),
            (64_000_000,              million(12),            "640.000_kr.",    "640,000_kr."),
            (0,                       million(2_000),         "0_kr.",          "0_kr."),
        ];
        for (amount, like, da, en) in cases {
            let (amount, like) = (Oere::new(amount), Oere::new(like));
            let number = Headline::Money { amount, like };
            assert_eq!(danish("kr.").headline(&number), da.replace('_', "\u{a0}"));
            assert_eq!(english("kr.").headline(&number), en.replace('_', "\u{a0}"));
        }
        let share = |part, whole| Share::new(part, whole).expect("a share");
        assert_eq!(danish("").headline(&Headline::Percent(share(368, 2_000))), "18");
        assert_eq!(danish("").headline(&Headline::Times(share(2_415, 783))), "3,1");
        assert_eq!(english("").headline(&Headline::Times(share(2_415, 783))), "3.1");
    }

    #[test]
    fn a_symbol_stands_before_its_number() {
        let money = |oere| english("£").money(Oere::new(oere));
        assert_eq!(money(120_000_000_000), "£1.2\u{a0}billion");
        assert_eq!(money(-120_000_000_000), "−£1.2\u{a0}billion");
        assert_eq!(money(123_400), "£1,234");
        assert_eq!(english("£").exact(Oere::new(-123_456)), "−£1,234.56");
        assert_eq!(danish("£").money(Oere::new(123_400)), "£1.234");
    }

    #[test]
    fn shares_and_indices_have_one_decimal() {
        let (da, en) = (danish("kr."), english("kr."));
        let share = |n, d| Share::new(n, d).expect("a share");
        assert_eq!(da.percent(share(813, 1000)), "81,3\u{a0}%");
        assert_eq!(en.percent(share(813, 1000)), "81.3%");
        assert_eq!(da.percent(share(1, 2000)), "0,1\u{a0}%");
        assert_eq!(da.percent(share(-1, 3)), "−33,3\u{a0}%");
        assert_eq!(da.ppm(1_000_000), "100,0\u{a0}%");
        assert_eq!(da.index(1_042_500), "104,3");
        assert_eq!(da.count(-1_234_567), "−1.234.567");
        assert_eq!(en.count(999), "999");
    }
}
