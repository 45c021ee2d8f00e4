//! The guard against personal numbers, and the only way delivered text becomes showable.

mod cells;
mod number;
#[cfg(test)]
mod precision;
mod shown;

use crate::domain::blank::trim;
use crate::domain::letters::{composed, is_unseen};
use crate::domain::neutral::is_hidden;
use crate::domain::privacy::number::{DIGITS, DigitForm, Search, is_dated};
use encoding_rs::Encoding;
use std::borrow::Cow;

pub(crate) use crate::domain::privacy::cells::SideBySide;
pub(crate) use crate::domain::privacy::number::{digit, is_invisible};
pub(crate) use crate::domain::privacy::shown::Shown;

/// Most characters of a cell, or of a list of cells, that are shown.
const SHOWN_MAX: usize = 60;

/// Most bytes that are looked at for them.
const LOOKED_AT: usize = 4_096;

/// Whether a text holds what may be a Danish personal identity number (CPR): six digits that are a
/// date and four more, in any of the forms that `docs/outputs.md` lists.
///
/// The text is in UTF-8 or another encoding in which ASCII is ASCII.
pub(crate) fn may_hold_cpr(text: &[u8]) -> bool {
    has_digits(text) && holds(Search::default(), text)
}

/// Whether a cell may hold a number, or the date of one whose serial stands beside it: nearly all
/// cells do not, and are told by this alone.
pub(crate) fn may_matter(cell: &[u8]) -> bool {
    has_digits(cell) || is_date_of_birth(cell)
}

/// Whether a text has as many digits as a number without its leading zero, four of them on end or
/// ten each by itself. Most cells have not, and are searched no further.
fn has_digits(text: &[u8]) -> bool {
    if text.len() < DIGITS - 1 {
        return false;
    }
    let (mut count, mut run, mut longest, mut alone) = (0, 0, 0, 0);
    let mut odd = false;
    for byte in text.iter().chain(b" ") {
        if byte.is_ascii_digit() {
            count += 1;
            run += 1;
            longest = longest.max(run);
            continue;
        }
        alone += usize::from(run == 1);
        run = 0;
        // A character that does not show, or begins a digit beyond ASCII: 0xC3 begins the letters
        // of Danish, and none of those.
        if matches!(byte, 0..=0x1F | 0x7F | 0xC2 | 0xC4..) {
            count += 1;
            odd = true;
        }
    }
    count >= DIGITS - 1 && (odd || longest >= 4 || alone >= DIGITS)
}

/// Whether a text holds one in which cells may stand side by side, so that `,` and `;` part it.
pub(crate) fn line_may_hold_cpr(text: &[u8]) -> bool {
    has_digits(text) && (holds(Search::default(), text) || holds(Search::in_lists(), text))
}

fn holds(mut search: Search, text: &[u8]) -> bool {
    search.text(text, |at| at);
    search.end();
    search.dated().is_some()
}

/// Whether a cell is ten digits and nothing else, of which the first six are a date.
pub(crate) fn is_plain_cpr(cell: &[u8]) -> bool {
    is_all_digits(cell, DIGITS)
}

/// Whether a cell is the number that a spreadsheet makes of such digits when the first is a zero.
pub(crate) fn is_plain_cpr_without_zero(cell: &[u8]) -> bool {
    is_all_digits(cell, DIGITS - 1)
}

/// Whether a cell is the date of a personal number and nothing else: six digits.
pub(crate) fn is_date_of_birth(cell: &[u8]) -> bool {
    let [b'\t'..=b' ' | b'0'..=b'9' | 0xC2, _, _, _, _, _, ..] = cell else {
        return false;
    };
    let cell = trim(cell);
    cell.len() == DIGITS - 4 && is_all_digits(&[cell, b"0000"].concat(), DIGITS)
}

/// Whether a cell is four digits and nothing else.
pub(crate) fn is_serial(cell: &[u8]) -> bool {
    let cell = trim(cell);
    cell.len() == 4 && cell.iter().all(u8::is_ascii_digit)
}

fn is_all_digits(cell: &[u8], count: usize) -> bool {
    let cell = trim(cell);
    let digits: Vec<u8> = cell.iter().take(count).map(|byte| byte.wrapping_sub(b'0')).collect();
    cell.len() == count && digits.iter().all(|digit| *digit <= 9) && is_dated(&digits)
}

/// Makes delivered bytes safe to show: decoded, control characters out, personal numbers masked
/// whether or not their date exists, cut short. What is not seen within a word, and a line break,
/// is named, for it may be all that is wrong.
pub(crate) fn show(bytes: &[u8], encoding: &'static Encoding) -> Shown {
    let text = encoding.decode_without_bom_handling(&bytes[..bytes.len().min(LOOKED_AT)]).0;
    let clean: String =
        mask(&text).chars().map(|letter| if is_hidden(letter) { ' ' } else { letter }).collect();
    // A blank for a character that does not show parts digits that were none of a number.
    let masked = mask(&clean);
    let mut shown = String::new();
    for (own, letter) in text.chars().zip(masked.chars()).take(SHOWN_MAX) {
        match own {
            '\n' => shown.push('⏎'),
            own if is_unseen(own) => shown.extend(["<", &code_point(own), ">"]),
            _ => shown.push(letter),
        }
    }
    if masked.chars().nth(SHOWN_MAX).is_some() || bytes.len() > LOOKED_AT {
        shown.push('…');
        // The cut can make ten digits of more.
        shown = mask(&shown);
    }
    Shown::guarded(shown)
}

/// Shows delivered cells side by side: as many whole ones as have room, the first in any case, and
/// how many more there are, as `, … (+12)`.
pub(crate) fn show_list<'c>(
    cells: impl IntoIterator<Item = &'c [u8]>,
    separator: &str,
    encoding: &'static Encoding,
) -> Shown {
    let (mut list, mut more) = (String::new(), 0_u32);
    for (number, cell) in cells.into_iter().enumerate() {
        if more > 0 {
            more += 1;
            continue;
        }
        let cell = show(cell, encoding);
        let own = if number == 0 { "" } else { separator };
        let length: usize =
            [&list, own, cell.as_str()].map(|text| text.chars().count()).iter().sum();
        if number == 0 || length <= SHOWN_MAX {
            list.extend([own, cell.as_str()]);
        } else {
            more = 1;
        }
    }
    if more > 0 {
        list.extend([separator, &format!("… (+{more})")]);
    }
    // Cells side by side can hold a number that none of them holds.
    Shown::guarded(mask(&list))
}

#[cfg(test)]
impl From<&str> for Shown {
    fn from(text: &str) -> Shown {
        show(text.as_bytes(), encoding_rs::UTF_8)
    }
}

fn code_point(letter: char) -> String {
    format!("U+{:04X}", u32::from(letter))
}

/// A name with stars for the digits of what may be a personal number, where it holds one. The id of
/// an authority, a month and a year are none: many files are named so.
pub(crate) fn masked(name: &str) -> Cow<'_, str> {
    let is_one = |form: &DigitForm| form.dated && !form.ends_in_year;
    let holds_one = has_digits(name.as_bytes()) && forms(name).iter().any(is_one);
    if holds_one { Cow::Owned(mask(name)) } else { Cow::Borrowed(name) }
}

/// Whether an id that is a part of a name may be a personal number or a part of one.
pub(crate) fn is_masked_in(name: &str, id: &str) -> bool {
    may_hold_cpr(id.as_bytes()) || !masked(&composed(name)).contains(id)
}

/// The text with stars for the digits of what has the form of a personal number.
fn mask(text: &str) -> String {
    let mut masked = text.to_owned();
    // Stars end a number, so that digits behind them can be one where they were none before.
    loop {
        let forms = forms(&masked);
        let mut shown = forms.iter().filter(|form| form.dated || form.compact).peekable();
        if shown.peek().is_none() {
            return masked;
        }
        masked = starred(&masked, shown);
    }
}

/// What has the form of a personal number, in a cell or over several, each digit with its offset.
fn forms(text: &str) -> Vec<DigitForm> {
    let mut forms = Vec::new();
    for mut search in [Search::default(), Search::in_lists()] {
        search.text(text.as_bytes(), |at| at);
        search.end();
        forms.extend(search.take());
    }
    forms
}

fn starred<'f>(text: &str, forms: impl Iterator<Item = &'f DigitForm>) -> String {
    let mut stars: Vec<usize> = forms.flat_map(|form| form.places.iter().copied()).collect();
    stars.sort_unstable();
    let star = |at: usize| stars.binary_search(&at).is_ok();
    text.char_indices().map(|(at, letter)| if star(at) { '*' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::{masked, may_hold_cpr, show, show_list};
    use encoding_rs::UTF_8;

    #[test]
    fn a_date_and_four_digits_may_be_a_personal_number() {
        for text in [
            "010180-1234",
            "ref 0101801234.",
            "290200 0000",
            "cpr:311299-9999;",
            "010180\t1234",
            "010180 \u{2013} 1234",
            "010180\u{a0}1234",
            "010180\u{200b}1234",
            "١٥٠٣٨٥-٩٨٧٦",
            "۱۵۰۳۸۵۹۸۷۶",
            "१५०३८५ ९८७६",
            "❶❺⓿❸❽❺❶❷❸❹",
            "⑴⑸⓪⑶⑻⑸-①②③④",
        ] {
            assert!(may_hold_cpr(text.as_bytes()), "{text}");
        }
        for text in ["4500332252", "320180-1234", "10101801234", "01018-01234", "010180-12345"] {
            assert!(!may_hold_cpr(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_name_shows_no_personal_number_and_else_all_of_it() {
        for (name, shown) in [
            ("a/150385-1234.csv", "a/******-****.csv"),
            ("15-03-85-2019.csv", "**-**-**-****.csv"),
            ("150385-2019.csv", "******-****.csv"),
            ("0101-03-2019.csv", "0101-03-2019.csv"),
            ("0751-2018-03.csv", "0751-2018-03.csv"),
            ("0101 2019-03-01.csv", "0101 2019-03-01.csv"),
        ] {
            assert_eq!(masked(name), shown);
        }
    }

    #[test]
    fn nothing_shown_holds_a_personal_number() {
        assert_eq!(show(b"x 010180-1234 y", UTF_8).as_str(), "x ******-**** y");
        assert_eq!(show(b"4500332252", UTF_8).as_str(), "**********");
        assert_eq!(
            show("010180\t1234, 010180\u{200b}1234".as_bytes(), UTF_8).as_str(),
            "****** ****, ******<U+200B>****"
        );
        assert_eq!(
            show("15.03.85-1234, １５0385;1234".as_bytes(), UTF_8).as_str(),
            "**.**.**-****, ******;****"
        );
        assert_eq!(show(b"6 1 0 8 0 3 5 6 3 0,057", UTF_8).as_str(), "* * * * * * * * * *,057");
        let stars = "******-**** * * * * * * * * * * ";
        assert_eq!(
            show(b"010180-1234\x006\x012\x010\x012\x010\x012\x010\x017\x016\x019\x01", UTF_8)
                .as_str(),
            stars
        );
        assert_eq!(show("a\u{1b}[31m\u{202e}b".as_bytes(), UTF_8).as_str(), "a [31m<U+202E>b");
        assert_eq!(show("Be\u{ad}løb\n(kr.)".as_bytes(), UTF_8).as_str(), "Be<U+00AD>løb⏎(kr.)");
        assert_eq!(show(&[b'9'; 70], UTF_8).as_str().chars().count(), 61);
        let cut = format!("{}5790000123456", "x".repeat(50));
        assert_eq!(show(cut.as_bytes(), UTF_8).as_str(), format!("{}**********…", "x".repeat(50)));
    }

    #[test]
    fn a_list_shows_whole_cells_and_counts_the_rest() {
        let listed = |cells: &[&str]| {
            let cells = cells.iter().map(|cell| cell.as_bytes());
            show_list(cells, ", ", UTF_8).into_string()
        };
        assert_eq!(listed(&[]), "");
        assert_eq!(listed(&["a", "", "c"]), "a, , c");
        let [long, longest] = [30, 28].map(|length| "x".repeat(length));
        assert_eq!(listed(&[&long, &longest]), format!("{long}, {longest}"));
        assert_eq!(listed(&[&long, &long]), format!("{long}, … (+1)"));
        assert_eq!(listed(&[&"y".repeat(70), "b"]), format!("{}…, … (+1)", "y".repeat(60)));
        let many: Vec<String> = (0..3_000).map(|number| format!("heading {number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let four = "heading 0, heading 1, heading 2, heading 3, heading 4";
        assert_eq!(listed(&many), format!("{four}, … (+2995)"));
        assert_eq!(listed(&["150385", "1234"]), "******, ****");
    }
}
