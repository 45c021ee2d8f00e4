//! Words of headings and cells, Danish and English, and what they are a sign of.

use crate::contract::compiled::Role;
use crate::domain::measure::Measure;

/// Headings by role, the surest first: of two columns with one role the surer keeps it.
const HEADINGS: &[(Role, &[&str])] = &[
    (
        Role::Authority,
        &[
            "myndighed",
            "myndighedskode",
            "myndighedsnavn",
            "kommunekode",
            "kommune",
            "kommunenr",
            "regionskode",
            "region",
            "institution",
            "department",
            "dept",
            "department abbreviation",
            "abbr",
            "body",
            "body name",
            "bodyname",
            "customer",
            "authority",
            "agency",
            "organisation",
            "budget institution",
        ],
    ),
    (
        Role::Period,
        &[
            "regnskabsperiode",
            "periode",
            "måned",
            "month",
            "period",
            "for_month",
            "bogføringsdato",
            "posteringsdato",
            "bogført",
            "posting date",
            "posted",
            "payment date",
            "date of payment",
            "date paid",
            "datepaid",
            "clearing date",
            "dato",
            "date",
            "tid",
            "date executed",
            "betalingsdato",
            "fakturadato",
        ],
    ),
    (
        Role::Service,
        &[
            "ydelse",
            "ydelseskode",
            "ydelsesnavn",
            "service",
            "service name",
            "name of service",
            "tjeneste",
            "service code",
            "service label",
            "servicelabel",
        ],
    ),
    (Role::Initiative, &["initiativ", "initiativnr", "initiative"]),
    (
        Role::Account,
        &[
            "konto",
            "kontonr",
            "kontonummer",
            "artskonto",
            "hovedkonto",
            "finanskonto",
            "account",
            "account code",
            "accountcode",
            "cost element",
            "expenditure code",
            "expense type",
            "detailed expenditure code",
            "detailedexpenditurecode",
            "finanzposition",
        ],
    ),
    (Role::Channel, &["kanal", "henvendelseskanal", "channel"]),
    (
        Role::Measure(Measure::Amount),
        &[
            "beløb",
            "beløb i kr.",
            "beløb i kr",
            "beløb (kr.)",
            "beløb kr.",
            "beløb dkk",
            "beløb ekskl. moms",
            "beløb inkl. moms",
            "nettobeløb",
            "amount",
            "net amount",
            "netamount",
            "amount paid",
            "total_charge",
            "total charge",
            "value",
            "udgift",
            "forbrug",
            "spend",
            "indhold",
            "ist eur",
            "beløb (1.000 kr.)",
            "beløb i 1.000 kr.",
            "beløb i t.kr.",
        ],
    ),
    (Role::Measure(Measure::Started), &["påbegyndt", "startede", "started"]),
    (
        Role::Measure(Measure::Completed),
        &["gennemført", "afsluttede", "antal sager", "completed", "volume", "transactions"],
    ),
    (Role::Measure(Measure::Digital), &["heraf digitalt", "digitale", "digital", "digital volume"]),
    (Role::Measure(Measure::Assisted), &["heraf med hjælp", "hjulpne", "assisted"]),
    (Role::Measure(Measure::Hours), &["timer", "timeforbrug", "hours"]),
    (Role::Measure(Measure::Satisfied), &["tilfredse", "tilfredse brugere", "satisfied"]),
    (Role::Measure(Measure::Answered), &["svar", "besvarelser", "answered", "responses"]),
];

/// Ends of headings over identifiers, which stay text however much they look like numbers.
const IDENTIFIERS: [&str; 17] = [
    "nr", "nr.", "no", "no.", "nummer", "number", "id", "kode", "code", "konto", "cvr", "ean",
    "gln", "postnr", "ref", "key", "cpr",
];

/// Beginnings of rows that add up others.
const TOTALS: [&str; 11] = [
    "i alt",
    "ialt",
    "total",
    "totalt",
    "grand total",
    "subtotal",
    "sub total",
    "sum",
    "hovedtotal",
    "gesamt",
    "summe",
];

/// Cells of rows that are of all the others together.
const ALL: [&str; 4] = ["alle", "samtlige", "all", "hele landet"];

/// Beginnings of words for what was taken back.
const CANCELLED: [&str; 9] = [
    "annulleret",
    "aflyst",
    "afvist",
    "slettet",
    "tilbageført",
    "cancelled",
    "canceled",
    "void",
    "reversed",
];

/// Words in headings over money.
const MONEY: [&str; 34] = [
    "beløb",
    "amount",
    "udgift",
    "udgifter",
    "forbrug",
    "spend",
    "value",
    "pris",
    "price",
    "cost",
    "netto",
    "brutto",
    "net",
    "gross",
    "debet",
    "kredit",
    "debit",
    "credit",
    "saldo",
    "balance",
    "indtægt",
    "indtægter",
    "income",
    "betrag",
    "soll",
    "haben",
    "total",
    "sum",
    "ialt",
    "moms",
    "vat",
    "kr",
    "dkk",
    "eur",
];

/// Words for the two sides of an account.
const SIDES: [&str; 17] = [
    "d", "k", "c", "s", "h", "dr", "cr", "deb", "kre", "debet", "kredit", "debit", "credit",
    "soll", "haben", "+", "-",
];

/// Beginnings of words for what is not spent yet.
const PLANNED: [&str; 7] =
    ["budget", "bevilling", "plan", "prognose", "forecast", "estimat", "finanslov"];

/// Codes of currencies that are delivered side by side.
const CURRENCIES: [&str; 8] = ["DKK", "EUR", "GBP", "USD", "SEK", "NOK", "ISK", "CHF"];

/// Cells that commonly mean "no value".
const MISSING: [&str; 13] = [
    "..", ".", "…", "n/a", "N/A", "NA", "#N/A", "null", "NULL", "NaN", "ukendt", "unknown", "i.o.",
];

/// What a heading is a sign of, and how sure a sign: 0 is the surest.
pub(super) fn role(heading: &str) -> Option<(Role, usize)> {
    let wanted = plain(heading);
    HEADINGS.iter().find_map(|(role, words)| {
        let rank = words.iter().position(|word| *word == wanted)?;
        Some((*role, rank))
    })
}

/// The word a contract uses for a role.
pub(super) fn role_word(role: Role) -> &'static str {
    match role {
        Role::Authority => "authority",
        Role::Period => "period",
        Role::Service => "service",
        Role::Initiative => "initiative",
        Role::Account => "account",
        Role::Channel => "channel",
        Role::Measure(measure) => measure.word(),
    }
}

/// Whether a heading stands over identifiers.
pub(super) fn identifies(heading: &str) -> bool {
    let heading = plain(heading);
    let last = heading.rsplit([' ', '_', '-']).next().unwrap_or("");
    IDENTIFIERS.contains(&last)
        || ["nr", "nummer", "kode", "code", "konto"].iter().any(|end| heading.ends_with(end))
}

/// Whether a cell alone, wherever it stands, tells that its row adds up others.
pub(super) fn total_alone(cell: &str) -> bool {
    let cell = plain(cell);
    let cell = cell.trim_end_matches([':', '.']);
    TOTALS.contains(&cell) || ALL.contains(&cell) || cell.ends_with(" i alt")
}

/// Whether a cell begins a row that adds up others.
pub(super) fn totals(cell: &str) -> bool {
    let cell = plain(cell);
    let cell = cell.trim_end_matches([':', '.']);
    TOTALS.iter().any(|word| {
        cell.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ':']))
    })
}

/// Whether a cell commonly means "no value".
pub(super) fn missing(cell: &str) -> bool {
    MISSING.contains(&cell)
}

/// Whether a cell is a lone dash, which means zero to some and "no value" to others.
pub(super) fn dash(cell: &str) -> bool {
    matches!(cell, "-" | "–" | "—" | "\u{2212}")
}

/// Whether a text speaks of thousands or millions of the unit.
pub(super) fn scale(heading: &str) -> Option<u32> {
    let heading = plain(heading);
    let has = |words: &[&str]| words.iter().any(|word| heading.contains(word));
    if has(&["mio", "million", "mill.", "£m", "€m", "mkr", "mdkk"]) {
        Some(1_000_000)
    } else if has(&[
        "1.000 k",
        "1000 k",
        "1,000 k",
        "t.kr",
        "t. kr",
        "tkr",
        "tdkk",
        "kdkk",
        "dkk 1000",
        "dkk 1.000",
        "'000",
        "(1.000)",
        "(1000)",
        "(000",
        "£000",
        "tusind",
        "thousand",
    ]) {
        Some(1000)
    } else {
        None
    }
}

/// What a text says of VAT: `net` or `gross`.
pub(super) fn vat(text: &str) -> Option<&'static str> {
    let text = plain(text);
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["ekskl. moms", "eksklusive moms", "excl. vat", "excluding vat", "ex vat", "u. moms"]) {
        Some("net")
    } else if has(&["inkl. moms", "inklusive moms", "inc. vat", "incl. vat", "including vat"]) {
        Some("gross")
    } else {
        None
    }
}

/// Whether a heading stands over money, however it puts it.
pub(super) fn money(heading: &str) -> bool {
    let heading = plain(heading);
    let mut words = heading.split(|letter: char| !letter.is_alphanumeric());
    words.any(|word| {
        MONEY.contains(&word)
            || word.ends_with("beløb")
            || word.ends_with("udgift")
            || word.ends_with("forbrug")
            || word.ends_with("betrag")
    })
}

/// Whether a heading speaks of an accounting period, which need not be a month of the calendar.
pub(super) fn accounting(heading: &str) -> bool {
    let heading = plain(heading);
    ["period", "fiscal", "regnskab"].iter().any(|word| heading.contains(word))
}

/// Whether a cell says on which side of an account an amount stands.
pub(super) fn account_side(cell: &str) -> bool {
    let cell = plain(cell);
    SIDES.contains(&cell.trim_end_matches('.'))
}

/// Whether a heading stands over the side of an account.
pub(super) fn headed_by_side(heading: &str) -> bool {
    let heading = plain(heading);
    let mut words = heading.split(|letter: char| !letter.is_alphanumeric());
    words.any(|word| word.len() > 2 && SIDES.contains(&word))
}

/// Whether a cell tells money that is planned from money that was spent.
pub(super) fn planned(cell: &str) -> bool {
    let cell = plain(cell);
    PLANNED.iter().any(|word| cell.strip_prefix(word).is_some_and(|rest| rest.len() < 6))
}

/// Whether a cell says that its line was taken back.
pub(super) fn cancelled(cell: &str) -> bool {
    let cell = plain(cell);
    CANCELLED.iter().any(|word| cell.strip_prefix(word).is_some_and(|rest| rest.len() < 6))
}

/// Whether a cell is the code of a currency.
pub(super) fn currency(cell: &str) -> bool {
    CURRENCIES.contains(&cell)
}

/// The year a heading begins or ends with, where it does.
pub(super) fn year(heading: &str) -> bool {
    let year = |word: &str| {
        word.len() == 4
            && (word.starts_with("19") || word.starts_with("20"))
            && word.bytes().all(|byte| byte.is_ascii_digit())
    };
    let mut words = heading.split([' ', '-', ':', '_']).filter(|word| !word.is_empty());
    words.next().is_some_and(year) || words.next_back().is_some_and(year)
}

/// Lower case, single spaces.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{identifies, role, role_word, scale, totals, vat, year};

    #[test]
    fn headings_say_what_a_column_is_for() {
        for (heading, expected) in [
            ("Myndighed", Some("authority")),
            (" BELØB ", Some("amount")),
            ("Net  Amount", Some("amount")),
            ("Bogføringsdato", Some("period")),
            ("Heraf med hjælp", Some("assisted")),
            ("Leverandør", None),
            ("", None),
        ] {
            assert_eq!(role(heading).map(|(role, _)| role_word(role)), expected, "{heading}");
        }
        let rank = |heading| role(heading).map(|(_, rank)| rank);
        assert!(rank("Regnskabsperiode") < rank("Bogføringsdato"));
    }

    #[test]
    fn words_of_cells_and_headings_are_known() {
        assert!(totals("I alt") && totals("Total:") && totals("Total 2019") && !totals("Totalbyg"));
        assert!(identifies("Document No") && identifies("Kontonr") && !identifies("Piano"));
        assert!(year("Regnskab 2014") && year("2014") && !year("Konto 20145"));
        assert_eq!(scale("Beløb (1.000 kr.)"), Some(1000));
        assert_eq!(scale("Mio. kr."), Some(1_000_000));
        assert_eq!(scale("Beløb i kr."), None);
        assert_eq!(vat("500.00 Excl. VAT"), Some("net"));
        assert_eq!(vat("Beløb inkl. moms"), Some("gross"));
    }
}
