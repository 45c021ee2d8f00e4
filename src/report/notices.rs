//! What counts and should be known, on the page on data quality.

use crate::domain::known::Known;
use crate::ledger::Ledger;
use crate::ledger::notices::by_code;
use crate::programme::model::Programme;
use crate::report::document::{Block, Phrase, Table, TextKey, Value};
use crate::report::phrase;

/// Notices listed; past that they are only counted.
const LISTED: usize = 200;

/// The section.
pub(crate) fn section(ledger: &Ledger) -> Vec<Block> {
    let heading = Block::Heading(Phrase::new("quality.notices"));
    if ledger.notices.is_empty() {
        return vec![heading, Block::Text(Phrase::new("quality.no_notices"))];
    }
    let mut blocks = vec![heading, Block::Text(Phrase::new("quality.notices_text"))];
    let codes = by_code(&ledger.notices).into_iter().map(|(code, (count, lines, amount))| {
        vec![
            phrase::verbatim(code),
            phrase::word(title(code)),
            phrase::count(count),
            phrase::count(lines),
            phrase::exact(amount),
        ]
    });
    blocks.push(Block::Table(Table {
        caption: Phrase::new("quality.notices_by_code"),
        columns: phrase::columns(&[
            "column.code",
            "column.notice",
            "column.notices",
            "column.lines",
            "column.amount",
        ]),
        rows: codes.collect(),
    }));
    if ledger.notices.len() > LISTED {
        blocks.push(Block::Text(
            Phrase::new("quality.notices_some")
                .with("shown", phrase::count(LISTED))
                .with("all", phrase::count(ledger.notices.len())),
        ));
    }
    let each = ledger.notices.iter().take(LISTED).map(|notice| {
        let name = ledger.deliveries[notice.delivery.place()].account.shown();
        vec![
            phrase::verbatim(name),
            phrase::verbatim(notice.what.code()),
            Value::Notice(Box::new(notice.clone())),
        ]
    });
    blocks.push(Block::Table(Table {
        caption: Phrase::new("quality.notices_each"),
        columns: phrase::columns(&["column.file", "column.code", "column.notice"]),
        rows: each.collect(),
    }));
    blocks
}

/// Rows for the table of limits: what was replaced, and each code the pipeline limits.
pub(crate) fn limits(
    programme: &Programme,
    ledger: &Ledger,
    within: fn(bool) -> Value,
) -> Vec<Vec<Value>> {
    let limits = &programme.limits;
    let mut rows = Vec::new();
    if let Some(most) = limits.superseded_oere {
        rows.push(vec![
            phrase::word("quality.limit_superseded"),
            phrase::exact(ledger.replaced()),
            phrase::exact(most),
            within(ledger.replaced_too_much(limits)),
        ]);
    }
    let codes = by_code(&ledger.notices);
    let over = ledger.too_many(limits);
    rows.extend(limits.notices.iter().map(|(code, most)| {
        let count = codes.get(code).map_or(0, |(count, ..)| *count);
        vec![
            Phrase::new("quality.limit_notices").with("code", phrase::verbatim(code)).into(),
            phrase::count(count),
            Value::Count(Known::Value(i64::from(*most))),
            within(over.contains(code)),
        ]
    }));
    rows
}

/// A short title a code, without the details of any one notice.
const TITLES: &[(&str, TextKey)] = &[
    ("N001", "notice_title.N001"),
    ("N002", "notice_title.N002"),
    ("N003", "notice_title.N003"),
    ("N004", "notice_title.N004"),
    ("N005", "notice_title.N005"),
    ("N006", "notice_title.N006"),
    ("N007", "notice_title.N007"),
    ("N008", "notice_title.N008"),
    ("N009", "notice_title.N009"),
    ("N010", "notice_title.N010"),
    ("N011", "notice_title.N011"),
    ("N012", "notice_title.N012"),
    ("N013", "notice_title.N013"),
    ("N014", "notice_title.N014"),
    ("N015", "notice_title.N015"),
    ("N016", "notice_title.N016"),
    ("N017", "notice_title.N017"),
    ("N018", "notice_title.N018"),
    ("N019", "notice_title.N019"),
];

fn title(code: &str) -> TextKey {
    let own = TITLES.iter().find(|(known, _)| *known == code);
    own.map(|(_, key)| *key).expect("every code of `Remark` has a title, see the test")
}

#[cfg(test)]
mod tests {
    use super::TITLES;
    use crate::domain::notice::Remark;

    #[test]
    fn every_notice_has_a_title() {
        let titled: Vec<&str> = TITLES.iter().map(|(code, _)| *code).collect();
        assert_eq!(titled, Remark::CODES);
    }
}
