//! The guard against personal numbers, written a second time and the slow way.

/// Whether a text holds six digits that are a date, at most five blanks, dashes or bytes beyond
/// ASCII, and four digits, with no digit beside them.
pub fn holds_cpr(text: &[u8]) -> bool {
    (0..text.len()).any(|start| begins_cpr(text, start))
}

fn begins_cpr(text: &[u8], start: usize) -> bool {
    let digit = |at: usize| text.get(at).filter(|byte| byte.is_ascii_digit()).is_some();
    if start > 0 && digit(start - 1) || !(start..start + 6).all(digit) {
        return false;
    }
    let two = |at: usize| (text[at] - b'0') * 10 + text[at + 1] - b'0';
    let (day, month) = (two(start), two(start + 2));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 29,
        _ => 0,
    };
    if day == 0 || day > days {
        return false;
    }
    let gap = |byte: &u8| *byte <= b' ' || *byte == b'-' || *byte >= 0x7F;
    (0..=5).any(|width| {
        let serial = start + 6 + width;
        text.get(start + 6..serial).is_some_and(|between| between.iter().all(gap))
            && (serial..serial + 4).all(digit)
            && !digit(serial + 4)
    })
}
