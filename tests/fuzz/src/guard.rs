//! The guard against personal numbers, written a second time and the slow way: every form is a list
//! of groups of digits, tried at every place.

/// What a character is to a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Digit(u8),
    /// It may part a number; the mark, or a blank.
    Gap(char),
    Stop,
}

/// Most characters that part a number.
const GAP_MAX: usize = 8;

/// Whether a text holds what may be a personal number, in any form that `docs/outputs.md` lists.
pub fn holds_cpr(text: &[u8]) -> bool {
    let signs = signs(text);
    (0..signs.len()).any(|start| {
        let groups: [&[usize]; 6] =
            [&[10], &[6, 4], &[2, 4, 4], &[4, 2, 4], &[2, 2, 2, 4], &[5, 4]];
        groups.iter().any(|groups| begins(&signs, start, groups)) || spaced(&signs, start)
    })
}

fn signs(text: &[u8]) -> Vec<Sign> {
    let mut signs = Vec::new();
    for chunk in text.utf8_chunks() {
        for letter in chunk.valid().chars() {
            signs.extend(sign(letter));
        }
        // A byte of another encoding; 0xAD is the soft hyphen of most of them.
        signs.extend(chunk.invalid().iter().filter(|byte| **byte != 0xAD).map(|_| Sign::Gap(' ')));
    }
    signs
}

fn sign(letter: char) -> Option<Sign> {
    let value = gevinst::testing::collect::digit(letter);
    if let Some(value) = value {
        return Some(Sign::Digit(value));
    }
    if gevinst::testing::collect::is_invisible(letter) {
        return None;
    }
    Some(match letter {
        ',' | ';' => Sign::Stop,
        '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}' => {
            Sign::Gap('-')
        }
        letter if letter.is_alphanumeric() => Sign::Stop,
        letter if letter.is_whitespace() => Sign::Gap(' '),
        letter => Sign::Gap(letter),
    })
}

fn digit(signs: &[Sign], at: usize) -> Option<u8> {
    match signs.get(at) {
        Some(Sign::Digit(value)) => Some(*value),
        _ => None,
    }
}

/// Whether groups of digits of these lengths begin at `start`, with gaps between them, no digit on
/// either side, and a date in front.
fn begins(signs: &[Sign], start: usize, groups: &[usize]) -> bool {
    if start > 0 && digit(signs, start - 1).is_some() {
        return false;
    }
    let (mut at, mut digits, mut marks) = (start, Vec::new(), Vec::new());
    for (number, length) in groups.iter().enumerate() {
        if number > 0 {
            let gap = signs[at..].iter().take_while(|sign| matches!(sign, Sign::Gap(_))).count();
            if gap == 0 || gap > GAP_MAX {
                return false;
            }
            let mark = signs[at..at + gap].iter().find(|sign| **sign != Sign::Gap(' '));
            marks.push(mark.copied());
            at += gap;
        }
        for _ in 0..*length {
            let Some(value) = digit(signs, at) else {
                return false;
            };
            digits.push(value);
            at += 1;
        }
    }
    let alike = groups.len() < 4 || marks[0] == marks[1];
    let dash = digits.len() == 10 || marks[0] == Some(Sign::Gap('-'));
    digit(signs, at).is_none() && alike && dash && dated(&digits)
}

/// Whether ten digits stand here, each apart, between characters that end a number.
fn spaced(signs: &[Sign], start: usize) -> bool {
    let gaps =
        |at: usize| signs[at..].iter().take_while(|sign| matches!(sign, Sign::Gap(_))).count();
    let before =
        signs[..start].iter().rev().take_while(|sign| matches!(sign, Sign::Gap(_))).count();
    let open = |at: Option<usize>| at.is_some_and(|at| digit(signs, at).is_some());
    if before <= GAP_MAX && open(start.checked_sub(before + 1)) {
        return false;
    }
    let (mut at, mut digits) = (start, Vec::new());
    while let Some(value) = digit(signs, at) {
        digits.push(value);
        at += 1;
        let gap = gaps(at);
        if digits.len() == 10 {
            let next = gap <= GAP_MAX && digit(signs, at + gap).is_some();
            return !next && dated(&digits);
        }
        if gap == 0 || gap > GAP_MAX {
            return false;
        }
        at += gap;
    }
    false
}

fn dated(digits: &[u8]) -> bool {
    let text: String = digits.iter().map(ToString::to_string).collect();
    let text = format!("{text:0>10}");
    let (day, month): (u8, usize) =
        (text[..2].parse().expect("digits"), text[2..4].parse().expect("digits"));
    let days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let most = month.checked_sub(1).and_then(|month| days.get(month).copied()).unwrap_or(0);
    (1..=most).contains(&day) || (digits.len() == 10 && (61..=60 + most).contains(&day))
}
