//! Data quality: what came, what was refused and why, and who is missing.

use crate::domain::id::AuthorityId;
use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::period::Span;
use crate::domain::quarantine::Quarantined;
use crate::domain::share::Share;
use crate::ledger::awaited::CoverageState;
use crate::ledger::posting::DeliveryPosting;
use crate::ledger::previous::PreviousCheck;
use crate::ledger::{Exceeded, Ledger};
use crate::programme::model::Programme;
use crate::report::document::{Block, Page, Phrase, Table, TextKey, Value};
use crate::report::trust::{at_stake, balance_sentence, balance_table};
use crate::report::{corrections, notices, phrase};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Deliveries listed; past that only those where something was refused or replaced are.
const DELIVERIES: usize = 400;

/// The page on data quality.
pub(crate) fn page(programme: &Programme, ledger: &Ledger) -> Page {
    let mut blocks = vec![
        Block::Heading(Phrase::new("quality.balance")),
        Block::Text(balance_sentence(&ledger.balance)),
        Block::Table(balance_table(&ledger.balance)),
        Block::Table(limits(programme, ledger)),
        Block::Heading(Phrase::new("quality.coverage")),
    ];
    blocks.extend(coverage(programme, ledger));
    blocks.push(Block::Heading(Phrase::new("quality.quarantine")));
    blocks.extend(quarantine(programme, ledger));
    blocks.extend(corrections::section(programme, ledger));
    blocks.extend(notices::section(ledger));
    blocks.push(Block::Heading(Phrase::new("quality.superseded")));
    blocks.push(superseded(ledger));
    blocks.push(Block::Heading(Phrase::new("quality.deliveries")));
    blocks.extend(deliveries(ledger));
    Page {
        slug: "datakvalitet".to_owned(),
        title: Phrase::new("quality.title"),
        lead: lead(ledger),
        blocks,
    }
}

fn lead(ledger: &Ledger) -> Phrase {
    let (delivered, awaited) = ledger.coverage.delivered();
    let lines = &ledger.balance.lines;
    let key = if awaited == 0 { "quality.lead_none_awaited" } else { "quality.lead" };
    Phrase::new(key)
        .with("deliveries", phrase::out_of(delivered, awaited))
        .with("files", phrase::deliveries(ledger.deliveries.len()))
        .with("read", phrase::lines(lines.read))
        .with("refused", phrase::count(lines.refused))
        .with("amount", Value::Money(at_stake(&ledger.balance)))
}

/// What the pipeline tolerates, and what came.
fn limits(programme: &Programme, ledger: &Ledger) -> Table {
    let balance = &ledger.balance;
    let share = Share::new(i64::from(balance.lines.refused), i64::from(balance.lines.read));
    let limit = &programme.limits;
    let exceeded = ledger.exceeded(limit);
    let at_stake = phrase::exact(balance.refused_absolute);
    let most = limit.refused_oere.map_or_else(|| phrase::word("quality.no_limit"), phrase::exact);
    let verdict = limit.refused_oere.map_or(Value::Empty, |_| within(exceeded.amount));
    let whole = usize::try_from(limit.refused_deliveries).unwrap_or(usize::MAX);
    let mut rows = vec![
        vec![
            phrase::word("quality.limit_lines"),
            Value::Percent(share.map_or(Known::NotApplicable, Known::Value)),
            Value::Ppm(Known::Value(i64::from(limit.refused_lines_ppm))),
            within(exceeded.lines),
        ],
        vec![phrase::word("quality.limit_amount"), at_stake, most, verdict],
        vec![
            phrase::word("quality.limit_deliveries"),
            phrase::count(ledger.rejected()),
            phrase::count(whole),
            within(exceeded.deliveries),
        ],
    ];
    rows.extend(notices::limits(programme, ledger, within));
    rows.extend(before(ledger, exceeded));
    Table {
        caption: Phrase::new("quality.limits_caption"),
        columns: phrase::columns(&["column.what", "column.came", "column.limit", "column.within"]),
        rows,
    }
}

/// What the pipeline holds against the run before: now, then, and how they stand.
fn before(ledger: &Ledger, exceeded: Exceeded) -> Vec<Vec<Value>> {
    let now = &ledger.balance;
    let share = |refused: u32, read: u32| {
        let share = Share::new(i64::from(refused), i64::from(read));
        Value::Percent(share.map_or(Known::NotApplicable, Known::Value))
    };
    let then = ledger.previous.as_ref();
    let lines = then.map(|then| share(then.lines_refused, then.lines_read));
    let amount = then.map(|then| phrase::exact(then.refused_absolute));
    let rows = [
        (
            "quality.before_lines",
            share(now.lines.refused, now.lines.read),
            lines,
            exceeded.lines_before,
        ),
        (
            "quality.before_amount",
            phrase::exact(now.refused_absolute),
            amount,
            exceeded.amount_before,
        ),
    ];
    rows.into_iter()
        .filter_map(|(name, now, then, standing)| {
            let verdict = match standing {
                PreviousCheck::NotAsked => return None,
                PreviousCheck::NoPrevious => "quality.no_previous",
                PreviousCheck::NotWorse => "quality.not_worse",
                PreviousCheck::Worse => "quality.worse",
            };
            Some(vec![phrase::word(name), now, then.unwrap_or(Value::Empty), phrase::word(verdict)])
        })
        .collect()
}

fn within(exceeded: bool) -> Value {
    phrase::word(if exceeded { "quality.exceeded" } else { "quality.within" })
}

/// Awaited deliveries that came, by authority and span; most missing first.
fn coverage(programme: &Programme, ledger: &Ledger) -> Vec<Block> {
    if ledger.coverage.cells.is_empty() {
        return vec![Block::Text(Phrase::new("overview.key_covered_none"))];
    }
    let mut spans: BTreeSet<Span> = BTreeSet::new();
    let mut counted: BTreeMap<&AuthorityId, BTreeMap<Span, [u32; 4]>> = BTreeMap::new();
    for ((_, authority, period), state) in &ledger.coverage.cells {
        spans.insert(period.span());
        let place = match state {
            CoverageState::Delivered => 0,
            CoverageState::Incomplete => 1,
            CoverageState::Refused => 2,
            CoverageState::Missing => 3,
        };
        counted.entry(authority).or_default().entry(period.span()).or_default()[place] += 1;
    }
    let lacking = |by_span: &BTreeMap<Span, [u32; 4]>| -> u32 {
        by_span.values().map(|[_, lacking @ ..]| lacking.iter().sum::<u32>()).sum()
    };
    let mut authorities: Vec<_> = counted.into_iter().collect();
    authorities.sort_by_key(|(_, by_span)| Reverse(lacking(by_span)));
    let rows = authorities
        .iter()
        .map(|(authority, by_span)| {
            let mut row = vec![
                phrase::verbatim(phrase::authority(programme, authority)),
                phrase::count(by_span.values().map(|[_, incomplete, ..]| incomplete).sum::<u32>()),
                phrase::count(by_span.values().map(|[.., refused, _]| refused).sum::<u32>()),
                phrase::count(by_span.values().map(|[.., missing]| missing).sum::<u32>()),
            ];
            row.extend(spans.iter().map(|span| match by_span.get(span) {
                Some(states) => phrase::out_of(states[0], states.iter().sum::<u32>()).into(),
                None => phrase::word("quality.not_awaited"),
            }));
            row
        })
        .collect();
    let mut columns = phrase::columns(&[
        "column.authority",
        "column.incomplete",
        "column.all_refused",
        "column.missing",
    ]);
    columns.extend(
        spans
            .iter()
            .map(|span| Phrase::new("column.delivered_in").with("span", Value::Span(*span))),
    );
    vec![
        Block::Text(Phrase::new("quality.coverage_text")),
        Block::Table(Table { caption: Phrase::new("quality.coverage_caption"), columns, rows }),
    ]
}

fn quarantine(programme: &Programme, ledger: &Ledger) -> Vec<Block> {
    if ledger.quarantine.is_empty() {
        return vec![Block::Text(Phrase::new("trust.nothing_refused"))];
    }
    let mut by_code: BTreeMap<&str, Vec<&Quarantined>> = BTreeMap::new();
    let mut by_authority: BTreeMap<Option<&AuthorityId>, Vec<&Quarantined>> = BTreeMap::new();
    for refused in &ledger.quarantine {
        by_code.entry(refused.fault.reason.code()).or_default().push(refused);
        by_authority.entry(refused.authority.as_ref()).or_default().push(refused);
    }
    let reasons = by_code
        .iter()
        .map(|(code, refused)| {
            let mut row = vec![phrase::verbatim(code), phrase::word(reason_title(code))];
            row.extend(counted(refused));
            row
        })
        .collect();
    let authorities = by_authority
        .iter()
        .map(|(authority, refused)| {
            let mut row = vec![match authority {
                Some(id) => phrase::verbatim(phrase::authority(programme, id)),
                None => phrase::word("quality.no_authority"),
            }];
            row.extend(counted(refused));
            row
        })
        .collect();
    vec![
        Block::Text(Phrase::new("quality.quarantine_text")),
        Block::Table(refusals(
            "quality.reasons_caption",
            &["column.code", "column.reason"],
            reasons,
        )),
        Block::Table(refusals("quality.refused_by", &["column.authority"], authorities)),
    ]
}

fn refusals(caption: TextKey, about: &[TextKey], rows: Vec<Vec<Value>>) -> Table {
    let mut columns = phrase::columns(about);
    columns.extend(phrase::columns(&["column.refusals", "column.readable", "column.unreadable"]));
    Table { caption: Phrase::new(caption), columns, rows }
}

/// How many were refused, the money that can be read, and on how many it cannot.
fn counted(refused: &[&Quarantined]) -> [Value; 3] {
    let amounts: Vec<Oere> = refused.iter().filter_map(|one| one.amount.value()).collect();
    let unreadable = refused.iter().filter(|one| one.amount == Known::Missing).count();
    let readable = match (amounts.is_empty(), unreadable) {
        (false, _) => Known::Value(Oere::sum(amounts.iter().copied().map(phrase::magnitude))),
        (true, 0) => Known::NotApplicable,
        (true, _) => Known::Missing,
    };
    [phrase::count(refused.len()), Value::Exact(readable), phrase::count(unreadable)]
}

fn superseded(ledger: &Ledger) -> Block {
    let lines = ledger.balance.lines.superseded;
    Block::Text(if lines == 0 {
        Phrase::new("quality.none_superseded")
    } else {
        Phrase::new("quality.superseded_text")
            .with("lines", phrase::lines(lines))
            .with("amount", phrase::money(ledger.balance.oere.superseded))
    })
}

fn deliveries(ledger: &Ledger) -> Vec<Block> {
    let all = ledger.deliveries.len();
    let eventful = |posting: &&DeliveryPosting| {
        let lines = &posting.balance.lines;
        posting.account.rejected || lines.refused > 0 || lines.superseded > 0
    };
    let mut shown: Vec<&DeliveryPosting> = ledger.deliveries.iter().collect();
    let mut blocks = Vec::new();
    if all > DELIVERIES {
        shown.retain(eventful);
        shown.sort_by_key(|posting| Reverse(posting.balance.lines.refused));
        shown.truncate(DELIVERIES);
        blocks.push(Block::Text(
            Phrase::new("quality.deliveries_some")
                .with("shown", phrase::count(shown.len()))
                .with("all", phrase::count(all)),
        ));
    }
    blocks.push(Block::Table(Table {
        caption: Phrase::new("quality.deliveries_caption"),
        columns: phrase::columns(&[
            "column.file",
            "column.read",
            "column.posted",
            "column.superseded",
            "column.refused",
            "column.posted_amount",
            "column.refused_amount",
            "column.unreadable",
            "column.blake3",
        ]),
        rows: shown.into_iter().map(delivery_row).collect(),
    }));
    blocks
}

fn delivery_row(posting: &DeliveryPosting) -> Vec<Value> {
    let account = &posting.account;
    let balance = &posting.balance;
    let name = if account.rejected {
        Phrase::new("quality.whole_refused").with("name", phrase::verbatim(account.shown())).into()
    } else {
        phrase::verbatim(account.shown())
    };
    vec![
        name,
        phrase::count(balance.lines.read),
        phrase::count(balance.lines.posted),
        phrase::count(balance.lines.superseded),
        phrase::count(balance.lines.refused),
        phrase::exact(balance.oere.posted),
        Value::Exact(at_stake(balance)),
        phrase::count(balance.refused_unreadable),
        phrase::verbatim(account.blake3.get(..12).unwrap_or(&account.blake3)),
    ]
}

/// A short title a code, without the details of any one line.
const REASON_TITLES: &[(&str, TextKey)] = &[
    ("Q001", "reason_title.Q001"),
    ("Q002", "reason_title.Q002"),
    ("Q003", "reason_title.Q003"),
    ("Q004", "reason_title.Q004"),
    ("Q005", "reason_title.Q005"),
    ("Q006", "reason_title.Q006"),
    ("Q007", "reason_title.Q007"),
    ("Q008", "reason_title.Q008"),
    ("Q009", "reason_title.Q009"),
    ("Q010", "reason_title.Q010"),
    ("Q011", "reason_title.Q011"),
    ("Q012", "reason_title.Q012"),
    ("Q013", "reason_title.Q013"),
    ("Q014", "reason_title.Q014"),
    ("Q015", "reason_title.Q015"),
    ("Q016", "reason_title.Q016"),
    ("Q017", "reason_title.Q017"),
    ("Q101", "reason_title.Q101"),
    ("Q102", "reason_title.Q102"),
    ("Q103", "reason_title.Q103"),
    ("Q104", "reason_title.Q104"),
    ("Q105", "reason_title.Q105"),
    ("Q106", "reason_title.Q106"),
    ("Q107", "reason_title.Q107"),
    ("Q108", "reason_title.Q108"),
    ("Q109", "reason_title.Q109"),
    ("Q110", "reason_title.Q110"),
    ("Q111", "reason_title.Q111"),
    ("Q112", "reason_title.Q112"),
    ("Q113", "reason_title.Q113"),
    ("Q114", "reason_title.Q114"),
    ("Q115", "reason_title.Q115"),
    ("Q201", "reason_title.Q201"),
    ("Q202", "reason_title.Q202"),
    ("Q203", "reason_title.Q203"),
    ("Q204", "reason_title.Q204"),
    ("Q205", "reason_title.Q205"),
    ("Q206", "reason_title.Q206"),
    ("Q207", "reason_title.Q207"),
    ("Q301", "reason_title.Q301"),
    ("Q302", "reason_title.Q302"),
    ("Q303", "reason_title.Q303"),
    ("Q304", "reason_title.Q304"),
    ("Q305", "reason_title.Q305"),
    ("Q306", "reason_title.Q306"),
    ("Q307", "reason_title.Q307"),
    ("Q401", "reason_title.Q401"),
    ("Q501", "reason_title.Q501"),
    ("Q502", "reason_title.Q502"),
    ("Q503", "reason_title.Q503"),
    ("Q504", "reason_title.Q504"),
    ("Q505", "reason_title.Q505"),
    ("Q506", "reason_title.Q506"),
];

fn reason_title(code: &str) -> TextKey {
    REASON_TITLES
        .iter()
        .find(|(known, _)| *known == code)
        .map(|(_, key)| *key)
        .expect("every code of `Reason` has a title, see the test")
}

#[cfg(test)]
mod tests {
    use super::REASON_TITLES;
    use crate::domain::quarantine::Reason;

    #[test]
    fn every_reason_has_a_title() {
        let titled: Vec<&str> = REASON_TITLES.iter().map(|(code, _)| *code).collect();
        assert_eq!(titled, Reason::CODES);
    }
}
