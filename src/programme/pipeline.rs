//! `pipeline.toml`: what the strategy is called, when it runs, how it is reported.

use crate::definition::located::Located;
use crate::definition::problems::{Problems, instead};
use crate::definition::toml_reader::TomlSection;
use crate::domain::correction::Correctors;
use crate::domain::id::AuthorityId;
use crate::domain::language::{Language, Names};
use crate::domain::money::Oere;
use crate::domain::notice::Remark;
use crate::domain::period::Month;
use crate::programme::model::{Currency, Limits, NotWorse};
use std::collections::BTreeMap;

/// The file all of this is read from.
pub(super) const FILE: &str = "pipeline.toml";

/// Refused lines tolerated when the file does not say: 1 % of the lines read.
const REFUSED_LINES_PPM: u32 = 10_000;

const KEYS: [&str; 12] = [
    "name",
    "languages",
    "period",
    "currency",
    "deliveries",
    "limits",
    "corrections",
    "authorities",
    "services",
    "prices",
    "targets",
    "assumptions",
];

/// The plain settings. `None` where one is missing or wrong, which is then noted.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) name: Names,
    pub(super) languages: Vec<Language>,
    pub(super) first: Option<Month>,
    pub(super) last: Option<Month>,
    pub(super) currency: Option<Currency>,
    pub(super) deliveries: Option<String>,
    pub(super) synthetic: Option<bool>,
    pub(super) limits: Limits,
    pub(super) corrections: Correctors,
    pub(super) open_authorities: bool,
    pub(super) open_services: bool,
}

/// Reads the plain settings; prices, targets and assumptions have files of their own.
pub(super) fn read(root: &TomlSection, problems: &mut Problems) -> Settings {
    root.only(&KEYS, problems);
    let languages = languages(root, problems);
    let (first, last) = period(root, problems);
    let (deliveries, synthetic) = deliveries(root, problems);
    Settings {
        name: root.names("name", &languages, problems),
        first,
        last,
        currency: currency(root, &languages, problems),
        deliveries,
        synthetic,
        limits: limits(root, problems),
        corrections: corrections(root, problems),
        open_authorities: open(root, "authorities", &["open"], problems),
        open_services: open(root, "services", &["open", "defaults"], problems),
        languages,
    }
}

fn languages(root: &TomlSection, problems: &mut Problems) -> Vec<Language> {
    root.need("languages", "languages = [\"da\", \"en\"]", problems);
    let mut languages = Vec::new();
    for word in root.words("languages", problems).unwrap_or_default() {
        match Language::from_tag(&word.text) {
            Some(language) if languages.contains(&language) => {
                word.refuse("which stands twice", "name each language once", problems);
            }
            Some(language) => languages.push(language),
            None => word.refuse(
                "which the report is not written in",
                instead(&word.text, Language::ALL.map(Language::tag)),
                problems,
            ),
        }
    }
    languages
}

fn period(root: &TomlSection, problems: &mut Problems) -> (Option<Month>, Option<Month>) {
    root.need("period", "[period]", problems);
    let Some(period) = root.section("period", problems) else {
        return (None, None);
    };
    period.only(&["first", "last"], problems);
    let first = period.required_word("first", problems);
    let last = period.required_word("last", problems);
    let first_month = first.as_ref().and_then(|word| word.month(problems));
    let last_month = last.as_ref().and_then(|word| word.month(problems));
    if let (Some(first), Some(end), Some(word)) = (first_month, last_month, &last)
        && end < first
    {
        word.refuse(
            &format!("which is before the first month, `{first}`"),
            "let the period end after it begins",
            problems,
        );
    }
    (first_month, last_month)
}

fn currency(
    root: &TomlSection,
    languages: &[Language],
    problems: &mut Problems,
) -> Option<Currency> {
    root.need("currency", "[currency]", problems);
    let currency = root.section("currency", problems)?;
    currency.only(&["code", "unit"], problems);
    let unit = currency.names("unit", languages, problems);
    let code = currency.required_word("code", problems)?;
    let is_code = code.text.len() == 3 && code.text.bytes().all(|byte| byte.is_ascii_uppercase());
    if !is_code {
        code.refuse(
            "which is no currency code",
            "write the three capital letters of ISO 4217, such as `DKK`",
            problems,
        );
    }
    Some(Currency { code: code.text, unit })
}

fn deliveries(root: &TomlSection, problems: &mut Problems) -> (Option<String>, Option<bool>) {
    root.need("deliveries", "[deliveries]", problems);
    let Some(deliveries) = root.section("deliveries", problems) else {
        return (None, None);
    };
    deliveries.only(&["folder", "synthetic"], problems);
    deliveries.need("synthetic", "synthetic = false", problems);
    let folder = deliveries.required_word("folder", problems);
    (folder.map(|word| word.text), deliveries.flag("synthetic", problems))
}

fn limits(root: &TomlSection, problems: &mut Problems) -> Limits {
    let mut limits = Limits {
        refused_lines_ppm: REFUSED_LINES_PPM,
        refused_oere: None,
        refused_deliveries: 0,
        not_worse: NotWorse::default(),
        superseded_oere: None,
        notices: BTreeMap::new(),
    };
    let Some(section) = root.section("limits", problems) else {
        return limits;
    };
    let known = [
        "refused_lines_ppm",
        "refused_kr",
        "refused_deliveries",
        "not_worse",
        "superseded_kr",
        "notices",
    ];
    section.only(&known, problems);
    limits.notices = notices(&section, problems);
    if let Some(found) = section.whole("superseded_kr", problems) {
        limits.superseded_oere = kroner(&section.full("superseded_kr"), &found, problems);
    }
    for word in section.words("not_worse", problems).unwrap_or_default() {
        match word.text.as_str() {
            "lines" => limits.not_worse.lines = true,
            "kr" => limits.not_worse.amount = true,
            _ => problems.note(
                &word.place,
                format!("`limits.not_worse` has `{}`, which nothing is counted in", word.text),
                "write \"lines\", \"kr\" or both",
            ),
        }
    }
    if let Some(found) = section.whole("refused_lines_ppm", problems) {
        match u32::try_from(found.value) {
            Ok(ppm) if ppm <= 1_000_000 => limits.refused_lines_ppm = ppm,
            _ => problems.note(
                &found.place,
                format!("`limits.refused_lines_ppm` is `{}`, outside 0 to 1000000", found.value),
                "write refused lines per million lines read; 10000 is 1 %",
            ),
        }
    }
    if let Some(found) = section.whole("refused_kr", problems) {
        limits.refused_oere = kroner(&section.full("refused_kr"), &found, problems);
    }
    if let Some(found) = section.whole("refused_deliveries", problems) {
        match u32::try_from(found.value) {
            Ok(most) => limits.refused_deliveries = most,
            Err(_) => problems.note(
                &found.place,
                format!("`limits.refused_deliveries` is `{}`, which is no count", found.value),
                "write how many deliveries may be refused whole; 0 is none",
            ),
        }
    }
    limits
}

/// `N007 = 0`: how many notices of a code there may be.
fn notices(limits: &TomlSection, problems: &mut Problems) -> BTreeMap<&'static str, u32> {
    let Some(section) = limits.section("notices", problems) else {
        return BTreeMap::new();
    };
    section.only(Remark::CODES, problems);
    let mut most = BTreeMap::new();
    for code in Remark::CODES {
        let Some(found) = section.whole(code, problems) else { continue };
        match u32::try_from(found.value) {
            Ok(count) => _ = most.insert(*code, count),
            Err(_) => problems.note(
                &found.place,
                format!("`limits.notices.{code}` is `{}`, which is no count", found.value),
                "write how many notices of the code there may be; 0 is none",
            ),
        }
    }
    most
}

/// `from = "anyone"`, or a list of authorities whose packs may correct anyone's lines.
fn corrections(root: &TomlSection, problems: &mut Problems) -> Correctors {
    let Some(section) = root.section("corrections", problems) else {
        return Correctors::default();
    };
    section.only(&["from"], problems);
    section.need("from", "from = [\"0751\"]", problems);
    if !section.is_text("from") {
        let bodies = section.words("from", problems).unwrap_or_default();
        return Correctors::Own(bodies.iter().map(|word| AuthorityId::new(&word.text)).collect());
    }
    match section.word("from", problems) {
        Some(word) if word.text == "anyone" => return Correctors::Anyone,
        Some(word) => word.refuse(
            "which is no list",
            "write the authorities in a list, `[\"0751\"]`, or \"anyone\"",
            problems,
        ),
        None => {}
    }
    Correctors::default()
}

/// Whole kroner, zero or more, as øre.
pub(super) fn kroner(name: &str, found: &Located<i64>, problems: &mut Problems) -> Option<Oere> {
    let oere = found.value.checked_mul(100).filter(|oere| 0 <= *oere);
    if oere.is_none() {
        problems.note(
            &found.place,
            format!("`{name}` is `{}`, which is no amount in whole kroner", found.value),
            "write kroner from 0 to 92233720368547758, without øre",
        );
    }
    oere.map(Oere::new)
}

fn open(root: &TomlSection, register: &str, keys: &[&str], problems: &mut Problems) -> bool {
    let Some(section) = root.section(register, problems) else {
        return false;
    };
    section.only(keys, problems);
    section.flag("open", problems).unwrap_or(false)
}
