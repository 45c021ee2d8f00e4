//! The forms in which a Danish personal identity number (CPR) is written, found in one pass.
//!
//! A number is a date of six digits, DDMMYY, and a serial of four. Modulus 11 is no test: numbers
//! without it are valid. A replacement number has 60 added to its day.
//! Source: the CPR office, "Personnumre uden kontrolciffer (modulus 11 kontrol)" and
//! "Personnummeret i CPR".

use crate::domain::neutral::is_hidden;
use unicode_normalization::UnicodeNormalization as _;

/// Digits of a number, and of one whose leading zero a spreadsheet took.
pub(super) const DIGITS: usize = 10;
const SHORT: usize = DIGITS - 1;

/// The digits before which a number may be parted, counted from 0: month, year and serial.
const PARTS: [usize; 3] = [2, 4, 6];

/// Most separators that stand together in a number.
const GAP_MAX: u8 = 8;

/// Most digits looked back on.
const KEPT: usize = 64;

/// Digits in the form of a number.
#[derive(Debug, Clone)]
pub(super) struct DigitForm {
    /// Where each digit stands, as the caller counts places.
    pub(super) places: Vec<usize>,
    /// Whether the first digits are a date.
    pub(super) dated: bool,
    /// Whether nothing stands between the digits of the date.
    pub(super) compact: bool,
    /// Whether it is four digits, two and a year as well, as in `0101-03-2019`.
    pub(super) ends_in_year: bool,
}

/// Looks for numbers in texts that are handed over part by part.
#[derive(Default)]
pub(super) struct Search {
    /// The digits since the last character that ends a number, the last [`KEPT`] of them.
    digits: Vec<Digit>,
    /// Whether there were more.
    more: bool,
    /// The digits seen so far.
    count: usize,
    /// What stands behind the last digit.
    gap: Gap,
    /// Whether `,` and `;` may part a number, as they do where cells are printed side by side.
    lists: bool,
    found: Vec<DigitForm>,
}

#[derive(Clone, Copy)]
struct Digit {
    value: u8,
    /// What stands before it; `None` where nothing before it can belong to a number.
    gap: Option<Gap>,
    place: usize,
}

/// The separators between two digits.
#[derive(Clone, Copy, Default)]
struct Gap {
    length: u8,
    /// The first that is no blank; a hyphen for every dash. `None`: blanks alone.
    mark: Option<char>,
    /// Whether the border of two cells is among them.
    border: bool,
}

impl Gap {
    /// Whether the parts of a date are apart in one way.
    fn is_like(self, other: Gap) -> bool {
        self.border || other.border || self.mark == other.mark
    }
}

impl Search {
    /// A search in which `,` and `;` part a number as well.
    pub(super) fn in_lists() -> Search {
        Search { lists: true, ..Search::default() }
    }

    /// Goes on over a text in UTF-8 or another encoding in which ASCII is ASCII; `place` says where
    /// the byte at an offset stands.
    pub(super) fn text(&mut self, text: &[u8], place: impl Fn(usize) -> usize) {
        let mut at = 0;
        for chunk in text.utf8_chunks() {
            for letter in chunk.valid().chars() {
                self.letter(letter, place(at));
                at += letter.len_utf8();
            }
            for byte in chunk.invalid() {
                // In an encoding of single bytes: a soft hyphen, or a blank, a dash or a letter.
                if *byte != 0xAD {
                    self.separate(None);
                }
                at += 1;
            }
        }
    }

    /// Goes on behind the border of two cells, which may part a number.
    pub(super) fn border(&mut self) {
        self.separate(None);
        self.gap.border = true;
    }

    /// Goes on behind something that ends a number, or at the end of the text.
    pub(super) fn end(&mut self) {
        self.group_ends();
        let apart = |digit: &Digit| digit.gap.is_none_or(|gap| gap.length > 0);
        if self.digits.len() == DIGITS && !self.more && self.digits.iter().all(apart) {
            self.note(DIGITS);
        }
        self.digits.clear();
        (self.more, self.gap) = (false, Gap::default());
    }

    /// The digits seen so far.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Gives up the forms found so far, in order.
    pub(super) fn take(&mut self) -> Vec<DigitForm> {
        std::mem::take(&mut self.found)
    }

    /// The first form found whose first digits are a date.
    pub(super) fn dated(&self) -> Option<&DigitForm> {
        self.found.iter().find(|form| form.dated)
    }

    fn letter(&mut self, letter: char, place: usize) {
        if let Some(value) = digit(letter) {
            self.digit(value, place);
        } else if is_invisible(letter) {
            // Digits on both sides of it are seen side by side.
        } else if letter.is_alphanumeric() || (!self.lists && matches!(letter, ',' | ';')) {
            self.end();
        } else {
            let mark = if is_dash(letter) { '-' } else { letter };
            self.separate((!letter.is_whitespace()).then_some(mark));
        }
    }

    fn digit(&mut self, value: u8, place: usize) {
        let gap = (!self.digits.is_empty()).then_some(self.gap);
        if self.digits.len() == KEPT {
            self.digits.drain(..KEPT - DIGITS);
            self.more = true;
        }
        self.count += 1;
        self.digits.push(Digit { value, gap, place });
        self.gap = Gap::default();
    }

    fn separate(&mut self, mark: Option<char>) {
        self.group_ends();
        if self.gap.length == GAP_MAX {
            self.end();
        }
        self.gap.length += 1;
        self.gap.mark = self.gap.mark.or(mark);
    }

    /// Looks back when a group of digits ends, as every number ends with one.
    fn group_ends(&mut self) {
        if self.digits.is_empty() || self.gap.length > 0 {
            return;
        }
        if let Some([day, year, serial]) = self.gaps(PARTS) {
            let compact = day.length == 0 && year.length == 0;
            let one_apart = (day.length == 0 || year.length == 0) && serial.length > 0;
            // In `12 01-03-2019` the first two digits do not belong to the others.
            if compact || one_apart || (serial.length > 0 && day.is_like(year)) {
                self.note(DIGITS);
            }
        } else if let Some([serial]) = self.gaps([SHORT - 4])
            && serial.mark == Some('-')
        {
            self.note(SHORT);
        }
    }

    /// The gaps before the digits `parts` of a number, the last of them the first of its serial;
    /// `None` where a digit stands beside the number, or there are gaps elsewhere.
    fn gaps<const COUNT: usize>(&self, parts: [usize; COUNT]) -> Option<[Gap; COUNT]> {
        let count = parts[COUNT - 1] + 4;
        let digits = &self.digits[self.digits.len().checked_sub(count)?..];
        let gap = |part: usize| digits[part].gap.unwrap_or_default();
        let alone = digits[0].gap.is_none_or(|gap| gap.length > 0);
        let elsewhere = (1..count).any(|part| !parts.contains(&part) && gap(part).length > 0);
        (alone && !elsewhere).then(|| parts.map(gap))
    }

    /// Notes the last `count` digits.
    fn note(&mut self, count: usize) {
        let digits = &self.digits[self.digits.len() - count..];
        let values: Vec<u8> = digits.iter().map(|digit| digit.value).collect();
        let compact =
            digits[1..count - 4].iter().all(|digit| digit.gap.is_some_and(|gap| gap.length == 0));
        let apart = |part: usize| digits[part].gap.is_some_and(|gap| gap.length > 0);
        let year = matches!(values[count - 4..], [1, 9, ..] | [2, 0, ..]);
        let ends_in_year = count == DIGITS && year && !apart(2) && apart(4) && apart(6);
        let places = digits.iter().map(|digit| digit.place).collect();
        self.found.push(DigitForm { places, dated: is_dated(&values), compact, ends_in_year });
    }
}

/// Whether the first digits of a number are a date; of nine, the zero in front of the day is lost.
pub(super) fn is_dated(digits: &[u8]) -> bool {
    const LONGEST: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let (day, month) = match digits {
        [tens, day, month @ .., _, _, _, _, _, _] if digits.len() == DIGITS => {
            (tens * 10 + day, month)
        }
        [day, month @ .., _, _, _, _, _, _] => (*day, month),
        _ => return false,
    };
    let [tens, month] = month else {
        return false;
    };
    let longest = (tens * 10 + month).checked_sub(1).and_then(|at| LONGEST.get(usize::from(at)));
    let day = if day > 60 { day - 60 } else { day };
    longest.is_some_and(|longest| 1 <= day && day <= *longest)
}

/// The value of a digit in any script, or drawn in a circle, small or wide.
pub(crate) fn digit(letter: char) -> Option<u8> {
    if letter.is_ascii() {
        return letter.to_digit(10).and_then(|value| u8::try_from(value).ok());
    }
    let among = |first: &(u32, u8, u8)| {
        let (start, value, count) = *first;
        let step = u8::try_from(u32::from(letter).checked_sub(start)?).ok()?;
        (step < count).then_some(value + step)
    };
    if let Some(value) = ODD_DIGITS.iter().find_map(among) {
        return Some(value);
    }
    let zero = ZEROS.partition_point(|zero| *zero <= u32::from(letter)).checked_sub(1)?;
    let value = u32::from(letter) - ZEROS[zero];
    if value < 10 {
        return u8::try_from(value).ok();
    }
    let mut plain = letter.nfkc();
    let (first, rest) = (plain.next()?, plain.next());
    let value = first.to_digit(10).filter(|_| rest.is_none());
    value.and_then(|value| u8::try_from(value).ok())
}

/// The zeros of all scripts; the other nine digits follow each.
/// Source: Unicode 16, `extracted/DerivedGeneralCategory.txt`, general category Nd.
const ZEROS: [u32; 75] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
    0x0DE6, 0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90,
    0x1B50, 0x1BB0, 0x1C40, 0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
    0x104A0, 0x10D30, 0x10D40, 0x11066, 0x110F0, 0x11136, 0x111D0, 0x112F0, 0x11450, 0x114D0,
    0x11650, 0x116C0, 0x116D0, 0x116DA, 0x11730, 0x118E0, 0x11950, 0x11BF0, 0x11C50, 0x11D50,
    0x11DA0, 0x11F50, 0x16130, 0x16A60, 0x16AC0, 0x16B50, 0x16D70, 0x1CCF0, 0x1D7CE, 0x1D7D8,
    0x1D7E2, 0x1D7EC, 0x1D7F6, 0x1E140, 0x1E2F0, 0x1E4F0, 0x1E5F1, 0x1E950, 0x1FBF0,
];

/// Digits with signs around them: the first, its value, and how many follow on end.
/// Source: Unicode 16, blocks Enclosed Alphanumerics (with its supplement) and Dingbats.
const ODD_DIGITS: [(u32, u8, u8); 9] = [
    (0x2474, 1, 9),
    (0x2488, 1, 9),
    (0x24F5, 1, 9),
    (0x24FF, 0, 1),
    (0x2776, 1, 9),
    (0x2780, 1, 9),
    (0x278A, 1, 9),
    (0x1F100, 0, 1),
    (0x1F101, 0, 10),
];

/// Whether digits on both sides of a character are seen side by side: it does not show, or is drawn
/// over them, as marks are and U+20E3, which draws a key.
pub(crate) fn is_invisible(letter: char) -> bool {
    (is_hidden(letter) && !letter.is_whitespace())
        || matches!(letter, '\u{300}'..='\u{36F}' | '\u{20E3}')
}

/// Hyphens, dashes and minus signs.
fn is_dash(letter: char) -> bool {
    matches!(
        letter,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}'
    )
}
