//! The guard against personal numbers, and the only way delivered text becomes showable.

use crate::domain::neutral::is_hidden;
use crate::domain::quarantine::Shown;
use encoding_rs::Encoding;
use std::borrow::Cow;

/// Most characters of a cell that are shown.
const SHOWN_MAX: usize = 60;

/// Most bytes between the date and the serial number: a dash of three with a blank on either side.
const GAP_MAX: usize = 5;

/// Whether a text holds what may be a Danish personal identity number (CPR): six digits that are a
/// date, at most a few blanks, dashes or bytes beyond ASCII, and four digits, with no digit beside
/// them.
///
/// Modulus 11 is no test: numbers without it are valid.
/// Source: the CPR office, "Personnumre uden kontrolciffer (modulus 11 kontrol)".
pub(crate) fn may_hold_cpr(text: &[u8]) -> bool {
    runs(text).any(|(run, _)| {
        let day = two(&run[0..2]);
        let month = two(&run[2..4]);
        let longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        1 <= month && month <= 12 && 1 <= day && day <= longest[usize::from(month) - 1]
    })
}

/// Makes delivered bytes safe to show: decoded, control characters out, personal numbers masked
/// whether or not their date exists, cut short.
pub(crate) fn show(bytes: &[u8], encoding: &'static Encoding) -> Shown {
    let text = encoding.decode_without_bom_handling(bytes).0;
    let clean: String =
        text.chars().map(|character| if is_hidden(character) { ' ' } else { character }).collect();
    let masked = mask(&clean);
    let mut shown: String = masked.chars().take(SHOWN_MAX).collect();
    if masked.chars().nth(SHOWN_MAX).is_some() {
        shown.push('…');
        // The cut can make ten digits of more.
        shown = mask(&shown);
    }
    Shown(shown.into())
}

/// A name with stars for the digits of what may be a personal number, where it holds one.
pub(crate) fn masked(name: &str) -> Cow<'_, str> {
    if may_hold_cpr(name.as_bytes()) { Cow::Owned(mask(name)) } else { Cow::Borrowed(name) }
}

/// The text with stars for the digits of what has the form of a personal number.
fn mask(text: &str) -> String {
    let mut masked = text.as_bytes().to_vec();
    for at in runs(text.as_bytes()).flat_map(|(_, digits)| digits) {
        masked[at] = b'*';
    }
    String::from_utf8(masked).expect("a digit gives way to a star")
}

/// Ten digits in the form of a personal number, and where each stands.
fn runs(text: &[u8]) -> impl Iterator<Item = ([u8; 10], [usize; 10])> + '_ {
    (0..text.len()).filter_map(|start| run_at(text, start))
}

fn run_at(text: &[u8], start: usize) -> Option<([u8; 10], [usize; 10])> {
    if start > 0 && text[start - 1].is_ascii_digit() {
        return None;
    }
    let mut digits = [0; 10];
    let mut places = [0; 10];
    let mut at = start;
    for count in 0..10 {
        if count == 6 {
            let gap = text[at..].iter().take(GAP_MAX).take_while(|byte| parts(**byte));
            at += gap.count();
        }
        digits[count] = *text.get(at).filter(|byte| byte.is_ascii_digit())?;
        places[count] = at;
        at += 1;
    }
    (!text.get(at).is_some_and(u8::is_ascii_digit)).then_some((digits, places))
}

/// Whether a byte may stand between the date and the serial number: blanks and control characters,
/// a hyphen, and anything beyond ASCII, where the dashes and no-break spaces are.
fn parts(byte: u8) -> bool {
    byte <= b' ' || byte == b'-' || 0x7F <= byte
}

fn two(digits: &[u8]) -> u8 {
    (digits[0] - b'0') * 10 + (digits[1] - b'0')
}

#[cfg(test)]
mod tests {
    use super::{may_hold_cpr, show};
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
        ] {
            assert!(may_hold_cpr(text.as_bytes()), "{text}");
        }
        for text in ["4500332252", "320180-1234", "10101801234", "01018-01234", "010180-12345"] {
            assert!(!may_hold_cpr(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn nothing_shown_holds_a_personal_number() {
        assert_eq!(&*show(b"x 010180-1234 y", UTF_8).0, "x ******-**** y");
        assert_eq!(&*show(b"4500332252", UTF_8).0, "**********");
        assert_eq!(
            &*show("010180\t1234, 010180\u{200b}1234".as_bytes(), UTF_8).0,
            "****** ****, ****** ****"
        );
        assert_eq!(&*show("a\u{1b}[31m\u{202e}b".as_bytes(), UTF_8).0, "a [31m b");
        assert_eq!(show(&[b'9'; 70], UTF_8).0.chars().count(), 61);
        let cut = format!("{}5790000123456", "x".repeat(50));
        assert_eq!(*show(cut.as_bytes(), UTF_8).0, format!("{}**********…", "x".repeat(50)));
    }
}
