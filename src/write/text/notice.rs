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
            Remark::PowerOfTen { period, .. }
            | Remark::WindowAndMonths { period, .. }
            | Remark::CountMoved { period, .. },
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
    use crate::domain::delivery::DeliveryId;
    use crate::domain::language::{Language, Names};
    use crate::domain::money::Oere;
    use crate::domain::notice::{Notice, Remark};
    use crate::write::text::messages::texts;

    #[test]
    fn every_notice_is_said_with_all_its_details() {
        for texts in Language::ALL.map(|language| texts(language, &Names::same("kr."))) {
            for what in &Remark::samples() {
                let title = Remark::title(what.code()).expect("a code");
                assert!(!texts.text(title).is_empty(), "{title}");
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
