//! What there is to know of a delivery, in words.

use crate::domain::notice::{Notice, Remark};
use crate::write::text::messages::Texts;
use std::borrow::Cow;

impl Texts {
    /// What there is to know of a delivery: lower case, no full stop.
    pub(crate) fn notice(&self, notice: &Notice) -> String {
        let key = format!("notice.{}", notice.what.code());
        self.fill(&key, |name| match name {
            "lines" => Some(self.count(i64::from(notice.lines))),
            "amount" => Some(match notice.amount {
                Some(amount) => self.exact(amount),
                None => self.text("state.no_amounts").to_owned(),
            }),
            _ => self.remark_detail(&notice.what, name),
        })
    }

    /// What to do about it: lower case, no full stop.
    pub(crate) fn notice_help(&self, remark: &Remark) -> &str {
        self.text(&format!("notice_help.{}", remark.code()))
    }

    /// One of the details, in the language's digits where it is a number.
    fn remark_detail(&self, what: &Remark, name: &str) -> Option<String> {
        if let (
            "period",
            Remark::PowerOfTen { period, .. } | Remark::WindowAndMonths { period, .. },
        ) = (name, what)
        {
            return Some(self.period(*period));
        }
        if let (
            "usual",
            Remark::PowerOfTen { usual, .. }
            | Remark::MovedSince { usual, .. }
            | Remark::SenderMovedSince { usual, .. },
        ) = (name, what)
        {
            return Some(self.exact(*usual));
        }
        let detail = what.detail(name).map(Cow::into_owned)?;
        let number = name == "added";
        Some(if number { detail.replace('.', self.text("number.decimal")) } else { detail })
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::coded::Shown;
    use crate::domain::delivery::DeliveryId;
    use crate::domain::language::{Language, Names};
    use crate::domain::money::Oere;
    use crate::domain::notice::{Notice, Remark};
    use crate::domain::period::{Month, Period};
    use crate::domain::wording::Wording;
    use crate::write::text::messages::texts;

    fn every_remark() -> Vec<Remark> {
        let found = || Shown("x{y}".into());
        let text = || Wording::from("tekst");
        let month = |text: &str| text.parse::<Month>().expect("a month");
        let months = (month("2016-01"), month("2020-12"));
        let period = Period::Month(months.0);
        vec![
            Remark::Replaced { found: found() },
            Remark::ReplacedInPart { found: found(), months },
            Remark::Copy { found: found() },
            Remark::ReadTwice { found: found() },
            Remark::MeasuredTwice { found: found(), measure: text() },
            Remark::Rounded { added: text() },
            Remark::OpenEnd {},
            Remark::FarDates { found: months, expected: (months.1, months.1) },
            Remark::PowerOfTen { period, factor: text(), usual: Oere::new(123) },
            Remark::Spellings { found: found(), expected: Shown("z".into()) },
            Remark::MovedSince { factor: text(), usual: Oere::new(123) },
            Remark::ReadOnce { found: found() },
            Remark::ResentAndAdded { found: found() },
            Remark::SenderMovedSince { found: found(), factor: text(), usual: Oere::new(123) },
            Remark::OtherSheets { found: found() },
            Remark::SaysTheSame { found: found() },
            Remark::Repeated { first: 31, before: 17 },
            Remark::CopyOfOther { found: found() },
            Remark::WindowAndMonths { found: found(), period, measure: text() },
        ]
    }

    #[test]
    fn every_notice_is_said_with_all_its_details() {
        let remarks = every_remark();
        assert_eq!(remarks.iter().map(Remark::code).collect::<Vec<_>>(), Remark::CODES);
        for texts in Language::ALL.map(|language| texts(language, &Names::same("kr."))) {
            for what in &remarks {
                let own = |amount| Notice {
                    delivery: DeliveryId(0),
                    what: what.clone(),
                    lines: 7,
                    amount,
                };
                let said = texts.notice(&own(Some(Oere::new(100))));
                for (name, detail) in what.details() {
                    let own_words = matches!(name, "usual" | "period");
                    assert!(own_words || said.contains(&detail), "{}: `{name}`", what.code());
                }
                let nothing = texts.notice(&own(None));
                let no_amounts = texts.text("state.no_amounts");
                assert_eq!(said != nothing, nothing.contains(no_amounts), "{nothing}");
                assert!(!texts.notice_help(what).is_empty());
            }
        }
    }
}
