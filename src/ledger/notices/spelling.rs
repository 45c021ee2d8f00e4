//! One sender's spelling variants: names that are read as the same, and count as two.

use crate::domain::delivery::DeliveryId;
use crate::domain::money::Oere;
use crate::domain::notice::{Notice, Remark};
use crate::domain::number::to_usize;
use crate::domain::privacy::show;
use crate::facts::Facts;
use crate::facts::fact::About;
use encoding_rs::UTF_8;
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization as _;

/// What is said under one spelling.
#[derive(Debug, Clone, Copy)]
struct SpellingUse {
    delivery: DeliveryId,
    lines: u32,
    sum: i64,
    has: bool,
}

/// Letters of Cyrillic and of Greek, and the Latin ones that look like them, large or small.
const ALIKE: [(&str, &str); 2] =
    [("авекмнорстухіјѕ", "abekmhopctyxijs"), ("αβεζηικμνορτυχ", "abezhikmnoptyx")];

/// A name without what two spellings of one may differ in: case, blanks, marks, zeros in front of a
/// number, letters that are written as two or look like others.
fn folded(name: &str) -> String {
    let mut folded = String::new();
    for letter in name.nfkc().flat_map(char::to_lowercase) {
        let alike = ALIKE.iter().find_map(|(own, latin)| {
            own.chars().zip(latin.chars()).find(|(one, _)| *one == letter).map(|(_, other)| other)
        });
        match alike.unwrap_or(letter) {
            'æ' | 'ä' => folded.push_str("ae"),
            'ø' | 'ö' => folded.push_str("oe"),
            'å' => folded.push_str("aa"),
            '&' => folded.push_str("og"),
            letter if letter.is_alphanumeric() => folded.push(letter),
            _ => {}
        }
    }
    if folded.bytes().all(|byte| byte.is_ascii_digit()) && folded.len() > 1 {
        return folded.trim_start_matches('0').to_owned();
    }
    folded
}

/// One notice for each rarer spelling of a service, an account or a channel of one authority, and
/// of an authority.
pub(super) fn find(posted: &Facts) -> Vec<Notice> {
    // By number of what facts are about, so that a name is folded once.
    let mut abouts: Vec<Option<SpellingUse>> = vec![None; posted.abouts().len()];
    for (place, fact) in posted.iter().enumerate() {
        let none = SpellingUse { delivery: fact.delivery, lines: 0, sum: 0, has: false };
        let number = to_usize(posted.about(place));
        let own = abouts[number].get_or_insert(none);
        own.lines = own.lines.saturating_add(fact.lines);
        if let Some(amount) = fact.measures.amount() {
            (own.sum, own.has) = (own.sum.saturating_add(amount.get()), true);
        }
    }
    let mut names: BTreeMap<(usize, &str, String), BTreeMap<&str, SpellingUse>> = BTreeMap::new();
    for (about, own) in posted.abouts().iter().zip(&abouts) {
        let Some(own) = own else { continue };
        for (role, name) in spelled(about) {
            let sender = if role == 0 { "" } else { about.authority.as_str() };
            let spellings = names.entry((role, sender, folded(name))).or_default();
            let none = SpellingUse { lines: 0, sum: 0, has: false, ..*own };
            let sum = spellings.entry(name).or_insert(none);
            sum.lines = sum.lines.saturating_add(own.lines);
            (sum.sum, sum.has) = (sum.sum.saturating_add(own.sum), sum.has || own.has);
        }
    }
    let mut notices = Vec::new();
    for ((.., folded), spellings) in names {
        let usual = spellings.iter().max_by_key(|(_, own)| own.lines).map(|(name, _)| *name);
        let Some(usual) = usual.filter(|_| !folded.is_empty()) else { continue };
        for (name, own) in spellings.into_iter().filter(|(name, _)| *name != usual) {
            let [found, expected] = [name, usual].map(|name| show(name.as_bytes(), UTF_8));
            notices.push(Notice {
                delivery: own.delivery,
                what: Remark::Spellings { found, expected },
                lines: own.lines,
                amount: own.has.then_some(Oere::new(own.sum)),
            });
        }
    }
    notices
}

/// The names in what a fact is about, each with the number of what it names.
fn spelled(about: &About) -> impl Iterator<Item = (usize, &str)> {
    let service = about.service.as_ref().map(|service| (1, service.as_str()));
    let account = about.account.as_ref().map(|account| (2, account.as_str()));
    let channel = about.channel.as_ref().map(|channel| (3, channel.as_str()));
    [Some((0, about.authority.as_str())), service, account, channel].into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn names_that_are_read_as_one_are_folded_to_one() {
        for (one, other) in [
            ("0751", "751"),
            ("Ærø", "Aeroe"),
            ("Aabenraa", "Åbenrå"),
            ("Børn & Unge", "BØRN OG UNGE"),
            ("TEMA", "\u{0422}\u{0415}\u{041C}\u{0410}"),
            ("Kolding", "\u{039A}olding"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} and {other}");
        }
        for (one, other) in [("0751", "7510"), ("A01", "A1"), ("Vejle", "Vejen")] {
            assert_ne!(folded(one), folded(other), "{one} and {other}");
        }
    }
}
