//! How a field's numbers are written: the plain form, and what goes beyond it.

use crate::contract::compiled::{LenientNumberForm, Negative, NumberForm};
use crate::contract::schema::{Field, FieldType, Sign};
use crate::definition::located::Located;
use crate::definition::problems::Problems;

/// Decimals that may be written unless the contract says otherwise.
const DECIMALS: u8 = 2;

/// Most decimals a contract may allow: a sum of tax rates has six.
const DECIMALS_MAX: u8 = 9;

/// Marks between thousands that are no ASCII punctuation: no-break space, narrow no-break space,
/// thin space, right single quotation mark.
const WIDE_MARKS: [char; 4] = ['\u{A0}', '\u{202F}', '\u{2009}', '\u{2019}'];

/// The minus sign of typography.
const MINUS_SIGN: &str = "\u{2212}1";

/// The form of a field's numbers, and what goes beyond it where the field declares anything.
pub(super) fn number(
    field: &Field,
    problems: &mut Problems,
) -> (NumberForm, Option<LenientNumberForm>) {
    let decimal = decimal(field, problems);
    let groups = groups(field, problems);
    if field.kind == Some(FieldType::Number) && groups.contains(&char::from(decimal)) {
        let problem = "decimalChar and groupChar are the same";
        problems.note(&field.name.place, problem, "give them different marks");
    }
    let (negative, minus_sign) = negative(field, problems);
    let plain = match groups.as_slice() {
        [] => Some(None),
        [mark] => u8::try_from(*mark).ok().filter(u8::is_ascii).map(Some),
        _ => None,
    };
    let form = NumberForm {
        decimal,
        group: plain.flatten(),
        negative,
        scale: i64::from(field.scale.unwrap_or(1)),
        turned: field.sign == Sign::Negative,
    };
    let beyond = plain.is_none()
        || minus_sign
        || !field.zero.is_empty()
        || !field.affix.is_empty()
        || field.decimals.is_some()
        || field.rounding.is_some();
    let lenient = beyond.then(|| LenientNumberForm {
        groups,
        minus_sign,
        zero: zero(field, problems),
        affixes: affixes(field, decimal, problems),
        decimals: decimals(field, problems),
        rounded: field.rounding.is_some(),
    });
    (form, lenient)
}

fn decimal(field: &Field, problems: &mut Problems) -> u8 {
    match field.decimal_char.as_deref().map(str::as_bytes) {
        None | Some([]) => b'.',
        Some([byte]) if byte.is_ascii_punctuation() => *byte,
        Some(_) => {
            let help = "write a single mark, such as \",\" or \".\"";
            problems.note(&field.name.place, "decimalChar is not one ASCII mark", help);
            b'.'
        }
    }
}

fn groups(field: &Field, problems: &mut Problems) -> Vec<char> {
    let mut groups = Vec::new();
    for text in &field.group_char.0 {
        let mut characters = text.chars();
        match (characters.next(), characters.next()) {
            (Some(mark), None)
                if mark.is_ascii_punctuation() || mark == ' ' || WIDE_MARKS.contains(&mark) =>
            {
                groups.push(mark);
            }
            _ => {
                let help = "write a single mark, such as \".\", \"'\", \" \" or \"\\u00A0\"";
                let problem = format!("groupChar `{text}` is not a mark between thousands");
                problems.note(&field.name.place, problem, help);
            }
        }
    }
    groups
}

fn negative(field: &Field, problems: &mut Problems) -> (Negative, bool) {
    let Some(forms) = &field.negative else {
        return (Negative { leading: true, ..Negative::default() }, false);
    };
    let mut negative = Negative::default();
    let mut minus_sign = false;
    for form in forms {
        match form.value.as_str() {
            "-1" => negative.leading = true,
            "1-" => negative.trailing = true,
            "(1)" => negative.parentheses = true,
            MINUS_SIGN => minus_sign = true,
            _ => {
                form.unknown("way to write minus one", ["-1", "1-", "(1)", MINUS_SIGN], problems);
            }
        }
    }
    (negative, minus_sign)
}

fn zero(field: &Field, problems: &mut Problems) -> Vec<String> {
    let mut words = Vec::new();
    for word in &field.zero {
        let text = word.value.trim();
        if text.is_empty() || text.bytes().any(|byte| byte.is_ascii_digit()) {
            let help = "list what stands instead of 0, such as \"-\"; an empty cell is no value";
            problems.note(&word.place, format!("`{text}` cannot be declared as zero"), help);
        }
        words.push(text.to_owned());
    }
    words
}

fn affixes(field: &Field, decimal: u8, problems: &mut Problems) -> Vec<String> {
    let mut affixes = Vec::new();
    for affix in &field.affix {
        let text = affix.value.trim();
        let part_of_a_number = |character: char| {
            character.is_numeric() || matches!(character, '-' | '\u{2212}' | '+' | '(' | ')')
        };
        let bare = text.len() == 1 && text.as_bytes()[0] == decimal;
        if text.is_empty() || bare || text.contains(part_of_a_number) {
            let help = "write the unit alone, such as \"kr.\"; `negative` declares signs";
            problems.note(&affix.place, format!("`{text}` could be a part of the number"), help);
        }
        affixes.push(text.to_owned());
    }
    affixes.sort_by_key(|affix| std::cmp::Reverse(affix.len()));
    affixes
}

fn decimals(field: &Field, problems: &mut Problems) -> usize {
    if field.kind == Some(FieldType::Integer) {
        let declared: Option<&Located<u8>> = field.decimals.as_ref();
        if declared.is_some() || field.rounding.is_some() {
            let help = "write type = \"number\", or take the key out";
            problems.note(&field.name.place, "a whole number has no decimals", help);
        }
        return 0;
    }
    let most = field.decimals.as_ref().map_or(DECIMALS, |decimals| decimals.value);
    if most > DECIMALS_MAX {
        let help = format!("allow at most {DECIMALS_MAX}");
        problems.note(&field.name.place, format!("{most} decimals are no amount"), &help);
    }
    usize::from(most)
}
