//! Number formats of a workbook that show another number than the one that is stored: another
//! currency, thousands, per cent, a sign of their own, nothing at all.
//!
//! Source of the form of a code: ECMA-376, part 1, 18.8.31.

use std::iter::Peekable;
use std::str::Chars;

/// What each currency is called beside a number, its code aside.
const CURRENCIES: [(&str, &[&str]); 6] = [
    ("DKK", &["kr", "kroner", "krone"]),
    ("SEK", &["kr", "kronor"]),
    ("NOK", &["kr", "kroner"]),
    ("EUR", &["€", "euro"]),
    ("GBP", &["£", "pund", "pounds"]),
    ("USD", &["$", "us$", "dollar"]),
];

/// Places whose `kr` is another one than the Danish, by their number in a code: `[$kr-41D]`.
const OTHER_KRONER: [&str; 5] = ["41D", "81D", "414", "814", "40F"];

/// Words that say a number is of another unit, whatever it counts.
const UNITS: [&str; 25] = [
    "t",
    "k",
    "tkr",
    "kkr",
    "tus",
    "tusind",
    "tusinde",
    "thousand",
    "thousands",
    "1000",
    "m",
    "mn",
    "mio",
    "mill",
    "million",
    "millioner",
    "millions",
    "mia",
    "mrd",
    "milliard",
    "milliarder",
    "bn",
    "billion",
    "pct",
    "‰",
];

/// Words for what one of a number is worth, beside a column that says the same.
const SCALES: [(i64, &[&str]); 2] = [
    (1_000, &["t", "tkr", "tdkk", "1000kr", "1000", "kkr", "tusindkr", "tusind", "k", "£k", "k£"]),
    (1_000_000, &["m", "mio", "miokr", "mill", "millkr", "mkr", "mdkk", "£m", "m£", "£mn"]),
];

/// One part of a code, for numbers above, below or at zero.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a thing a code has or has not")]
struct Section {
    /// What is written before the number and behind it.
    literals: [String; 2],
    /// The place of each currency that names one.
    places: Vec<String>,
    has_digits: bool,
    is_coloured: bool,
    is_scaled: bool,
    is_conditional: bool,
}

/// Whether a code shows numbers as they are, without a word or a sign: most do.
pub(crate) fn is_plain(code: &str) -> bool {
    let bare = code.split("_-").flat_map(|part| part.split("_ ")).collect::<String>();
    bare.eq_ignore_ascii_case("general")
        || (bare.contains(['0', '#'])
            && bare.chars().all(|letter| matches!(letter, '0' | '#' | '.' | ','))
            && !is_scaling(&bare))
}

/// Whether commas behind the last digit divide by thousands: `#,##0,`.
fn is_scaling(code: &str) -> bool {
    let digit = |letter| matches!(letter, '0' | '#' | '?');
    let whole = code.split('.').next().unwrap_or_default();
    code.ends_with(',') || (whole.ends_with(',') && whole.contains(digit))
}

/// Whether a number that is shown by a code is another for who sees it. `amount`: it is money of
/// this currency (of any, where it has no name), beside which no other word may stand; `scale` is
/// what one of it is worth.
pub(crate) fn alters(code: &str, number: &str, amount: Option<&str>, scale: i64) -> bool {
    let is_negative = number.starts_with('-');
    if !number.contains(|letter: char| ('1'..='9').contains(&letter)) {
        return false;
    }
    let sections = sections(code);
    let own = if is_negative { sections.get(1) } else { None };
    let Some(section) = own.or(sections.first()) else { return false };
    if sections.iter().any(|section| section.is_conditional) {
        return sections.iter().any(|section| section.is_scaled || section.speaks(amount, scale));
    }
    let [before, behind] = section.literals.each_ref().map(|text| text.trim());
    let signed = before.contains(['-', '−', '(']) || matches!(behind, "-" | "−");
    let wrong_sign = match own {
        Some(section) => !signed && !section.is_coloured,
        None => signed,
    };
    !section.has_digits || section.is_scaled || wrong_sign || section.speaks(amount, scale)
}

impl Section {
    /// Whether the words beside the number say another unit or currency.
    fn speaks(&self, amount: Option<&str>, scale: i64) -> bool {
        let all = self.literals.concat();
        if all.contains('%') {
            return true;
        }
        let blank = |letter: char| letter.is_whitespace() || ".,-−()+:/".contains(letter);
        let word: String = all.to_lowercase().chars().filter(|letter| !blank(*letter)).collect();
        let scaled = SCALES.iter().filter(|(own, _)| *own == scale);
        if word.is_empty() || scaled.into_iter().any(|(_, words)| words.contains(&word.as_str())) {
            return false;
        }
        let Some(currency) = amount else { return UNITS.contains(&word.as_str()) };
        let is_own = |(code, words): &(&str, &[&str])| {
            (*code == currency || currency.is_empty())
                && (word == code.to_lowercase() || words.contains(&word.as_str()))
        };
        let other_kroner = currency == "DKK"
            && self.places.iter().any(|place| OTHER_KRONER.contains(&place.as_str()));
        let own = word == currency.to_lowercase() || CURRENCIES.iter().any(is_own);
        !own || other_kroner
    }
}

fn sections(code: &str) -> Vec<Section> {
    let mut all = Vec::new();
    let mut section = Section::default();
    let mut own = String::new();
    let mut letters = code.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == ';' {
            section.is_scaled = is_scaling(&own);
            all.push(std::mem::take(&mut section));
            own.clear();
            continue;
        }
        own.push_str(&section.take(letter, &mut letters));
    }
    section.is_scaled = is_scaling(&own);
    all.push(section);
    all
}

impl Section {
    /// Takes what begins with a letter of a code; gives the letters that stand for the number.
    fn take(&mut self, letter: char, letters: &mut Peekable<Chars>) -> String {
        match letter {
            '\\' => self.say(&letters.next().map(String::from).unwrap_or_default()),
            '_' | '*' => {
                letters.next();
            }
            '"' => {
                let text: String = letters.by_ref().take_while(|letter| *letter != '"').collect();
                self.say(&text);
            }
            '[' => {
                let inside: String = letters.by_ref().take_while(|letter| *letter != ']').collect();
                self.bracket(&inside);
            }
            '0' | '#' | '?' => {
                self.has_digits = true;
                return letter.to_string();
            }
            '.' | ',' => return letter.to_string(),
            '@' => self.has_digits = true,
            'E' | 'e' if matches!(letters.peek(), Some('+' | '-')) => {
                letters.next();
            }
            'G' | 'g' | 'S' | 's' => {
                let rest: String = letters.clone().take(7).collect::<String>().to_lowercase();
                let name = ["eneral", "tandard"].into_iter().find(|name| rest.starts_with(name));
                match name {
                    Some(name) => {
                        self.has_digits = true;
                        letters.nth(name.len() - 1);
                    }
                    None => self.say(&letter.to_string()),
                }
            }
            _ => self.say(&letter.to_string()),
        }
        String::new()
    }

    fn say(&mut self, text: &str) {
        self.literals[usize::from(self.has_digits)].push_str(text);
    }

    /// `[Red]`, `[$kr-406]`, `[>=1000]`.
    fn bracket(&mut self, inside: &str) {
        if let Some(own) = inside.strip_prefix('$') {
            let (word, place) = own.split_once('-').unwrap_or((own, ""));
            self.say(word);
            if !word.is_empty() {
                self.places.push(place.trim_start_matches('0').to_uppercase());
            }
        } else if inside.starts_with(['<', '>', '=']) {
            self.is_conditional = true;
        } else {
            self.is_coloured = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{alters, is_plain};

    #[test]
    fn a_format_that_shows_another_number_is_told_from_one_that_shows_it() {
        for code in [
            "[$€-2] #,##0",
            "#,##0.00\\ \"t.kr.\"",
            "0.00\" mio.\"",
            "#,##0,",
            "0.0,,",
            "-0.00",
            "\"(\"0\")\"",
            "0%",
            ";;;",
            "\"Q\"0",
            "[$kr-41D] 0",
            "0\" tkr\"",
            "0,\" kr.\"",
            "[>=1000]#,##0,;0",
        ] {
            assert!(alters(code, "3", Some("DKK"), 1), "{code}");
            assert!(!alters(code, "0", Some("DKK"), 1), "{code}");
        }
        for code in [
            "General",
            "#,##0.00",
            "\"kr.\" #,##0.00",
            "General\" kr.\"",
            "#,##0\",-\"",
            "_-* #,##0.00\\ \"kr.\"_-;\\-* #,##0.00\\ \"kr.\"_-;_-* \"-\"??\\ \"kr.\"_-;_-@_-",
            "_-* #,##0_-",
            "[$kr.-406] #,##0;[Red]-[$kr.-406] #,##0",
            "[$-406]#,##0.00",
            "0.00E+00",
            "# ?/?",
            "[Red]0.00",
            "#,##0.00;(#,##0.00)",
        ] {
            assert!(!alters(code, "3", Some("DKK"), 1), "{code}");
            assert!(!alters(code, "-3", Some("DKK"), 1), "{code}");
        }
        assert!(alters("0;0", "-3", Some("DKK"), 1), "a negative is shown as a positive");
        assert!(!alters("0;[Red]0", "-3", Some("DKK"), 1), "in red it is seen");
        assert!(!alters("[$£-809]#,##0", "3", Some("GBP"), 1));
        assert!(alters("[$£-809]#,##0", "3", Some("DKK"), 1));
        let thousands = "#,##0.00\\ \"t.kr.\"";
        assert!(!alters(thousands, "3", Some("DKK"), 1_000), "the column says so too");
        assert!(!alters("0\" sager\"", "3", None, 1));
        assert!(alters("0\" t\"", "3", None, 1));
        assert!(is_plain("#,##0.00") && is_plain("General") && !is_plain("#,##0,"));
    }
}
