//! Numbers: what their marks may mean.

/// What one value says of how numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NumberReading {
    /// What its marks say.
    pub(super) marks: Separators,
    /// How it is below zero, if it is: `-1`, `1-`, `(1)` or `−1`.
    pub(super) negative: Option<&'static str>,
    /// Decimals written; 0 where the marks leave it open.
    pub(super) decimals: usize,
    /// Whether a unit such as `kr.` is written with it.
    pub(super) unit: bool,
    /// Whether it begins with a zero that a number would not have.
    pub(super) padded: bool,
    /// Digits in all.
    pub(super) digits: usize,
}

/// What the marks inside a number say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separators {
    /// There are none.
    None,
    /// This one parts off decimals.
    Decimal(char),
    /// This one parts off thousands.
    Group(char),
    /// The first parts off thousands, the second decimals.
    Both(char, char),
    /// One mark, once, three digits behind it: thousands or decimals.
    Either(char),
}

/// Units that are written with amounts.
const UNITS: [&str; 9] = ["kr.", "kr", "DKK", "Kr.", "KR", "£", "€", "GBP", "EUR"];

/// Marks inside numbers: decimals have the first two, thousands any.
const MARKS: [char; 8] = [',', '.', ' ', '\'', '\u{a0}', '\u{202f}', '\u{2009}', '\u{2019}'];

/// Reads a value as a number in every way; `None` when it is none.
pub(super) fn read(value: &str) -> Option<NumberReading> {
    let (value, unit) = without_unit(value);
    let (value, negative) = sign(value);
    let (value, late) = without_unit(value);
    let unit = unit || late;
    let first = value.chars().next()?;
    if !(first.is_ascii_digit() && value.ends_with(|last: char| last.is_ascii_digit())) {
        return None;
    }
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let is_mark = |letter: char| MARKS.contains(&letter);
    let seen: Vec<char> = value.chars().filter(|letter| !letter.is_ascii_digit()).collect();
    if seen.iter().any(|letter| !is_mark(*letter)) {
        return None;
    }
    let groups: Vec<&str> = value.split(is_mark).collect();
    let whole = groups.first().copied().unwrap_or("");
    let padded = whole.len() > 1 && whole.starts_with('0');
    let thousands = |groups: &[&str]| {
        whole.len() <= 3 && !whole.is_empty() && groups.iter().skip(1).all(|group| group.len() == 3)
    };
    let (marks, decimals) = match seen.as_slice() {
        [] => (Separators::None, 0),
        [mark @ ('.' | ',')] => {
            let behind = groups[1].len();
            let open = behind == 3 && thousands(&groups) && !whole.starts_with('0');
            if open { (Separators::Either(*mark), 0) } else { (Separators::Decimal(*mark), behind) }
        }
        [mark] => (thousands(&groups).then_some(Separators::Group(*mark))?, 0),
        [mark, between @ .., last] => {
            if between.iter().chain([last]).all(|other| other == mark) {
                return thousands(&groups).then_some(NumberReading {
                    marks: Separators::Group(*mark),
                    negative,
                    decimals: 0,
                    unit,
                    padded,
                    digits,
                });
            }
            let alike = between.iter().all(|other| other == mark);
            let (decimals, groups) = groups.split_last().expect("marks part groups");
            let fits = alike && thousands(groups) && matches!(last, '.' | ',');
            (fits.then_some(Separators::Both(*mark, *last))?, decimals.len())
        }
    };
    Some(NumberReading { marks, negative, decimals, unit, padded, digits })
}

/// How much a number is, without its sign, in millionths: only to be held against another.
pub(super) fn size(value: &str, reading: &NumberReading) -> i128 {
    let digits: String = value.chars().filter(char::is_ascii_digit).take(30).collect();
    let fine = u32::try_from(reading.decimals.min(6)).expect("at most 6");
    digits.parse::<i128>().unwrap_or(0).saturating_mul(10_i128.pow(6 - fine))
}

/// Whether a value is a number.
pub(super) fn looks(value: &str) -> bool {
    read(value).is_some()
}

fn without_unit(value: &str) -> (&str, bool) {
    for unit in UNITS {
        let bare = value.strip_prefix(unit).or_else(|| value.strip_suffix(unit));
        if let Some(bare) = bare {
            return (bare.trim(), true);
        }
    }
    (value, false)
}

fn sign(value: &str) -> (&str, Option<&'static str>) {
    let inside = value.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let forms = [
        (value.strip_prefix('-'), "-1"),
        (value.strip_prefix('\u{2212}'), "\u{2212}1"),
        (value.strip_suffix('-'), "1-"),
        (inside, "(1)"),
    ];
    let found = forms.into_iter().find_map(|(rest, form)| Some((rest?.trim(), form)));
    found.map_or((value, None), |(rest, form)| (rest, Some(form)))
}

#[cfg(test)]
mod tests {
    use super::{Separators, read};

    #[test]
    fn marks_say_what_they_can() {
        for (value, expected) in [
            ("12", Some(Separators::None)),
            ("12,5", Some(Separators::Decimal(','))),
            ("1234.567", Some(Separators::Decimal('.'))),
            ("0.125", Some(Separators::Decimal('.'))),
            ("1.234", Some(Separators::Either('.'))),
            ("12,345", Some(Separators::Either(','))),
            ("1.234.567", Some(Separators::Group('.'))),
            ("1 234", Some(Separators::Group(' '))),
            ("1.234,56", Some(Separators::Both('.', ','))),
            ("1\u{a0}234,56", Some(Separators::Both('\u{a0}', ','))),
            ("17.03.2019", None),
            ("1.2.3", None),
            ("1,23,4", None),
            ("", None),
            ("-", None),
            ("1e3", None),
            ("12 34", None),
        ] {
            let found = read(value).map(|reading| reading.marks);
            assert_eq!(found, expected, "{value}");
        }
    }

    #[test]
    fn signs_units_and_zeros_are_noted() {
        for (value, negative, unit, padded) in [
            ("-1,50", Some("-1"), false, false),
            ("1,50-", Some("1-"), false, false),
            ("(1,50)", Some("(1)"), false, false),
            ("\u{2212}1", Some("\u{2212}1"), false, false),
            ("kr. -1,50", Some("-1"), true, false),
            ("-£12.00", Some("-1"), true, false),
            ("0751", None, false, true),
            ("0", None, false, false),
        ] {
            let found = read(value).expect(value);
            assert_eq!(
                (found.negative, found.unit, found.padded),
                (negative, unit, padded),
                "{value}"
            );
        }
    }
}
