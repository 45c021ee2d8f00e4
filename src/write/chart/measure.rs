//! How wide text is, from a built-in table: no font is looked up, so every machine lays out alike.

/// Width of a text in chart units at a font size: a little more than common sans-serif faces need.
pub(super) fn width(text: &str, size: i32) -> i32 {
    let thousandths: i32 = text.chars().map(advance).sum();
    (thousandths * size + 999) / 1000
}

/// Breaks a text at spaces into lines no wider than `most`; a longer word is cut with a hyphen.
///
/// Nothing is left out. A no-break space is never broken at.
pub(super) fn wrap(text: &str, size: i32, most: i32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let pieces =
        text.split(' ').filter(|word| !word.is_empty()).flat_map(|word| cut(word, size, most));
    for piece in pieces {
        match lines.last_mut() {
            Some(line) if !line.ends_with('\u{ad}') && fits(line, &piece, size, most) => {
                line.push(' ');
                line.push_str(&piece);
            }
            Some(_) | None => lines.push(piece),
        }
    }
    for line in &mut lines {
        if line.ends_with('\u{ad}') {
            line.pop();
            line.push('-');
        }
    }
    lines
}

/// The widest of some lines.
pub(super) fn widest<'a>(lines: impl IntoIterator<Item = &'a String>, size: i32) -> i32 {
    lines.into_iter().map(|line| width(line, size)).max().unwrap_or(0)
}

fn fits(line: &str, piece: &str, size: i32, most: i32) -> bool {
    width(line, size) + width(" ", size) + width(piece, size) <= most
}

/// A word in pieces that fit; each but the last ends in a soft hyphen.
fn cut(word: &str, size: i32, most: i32) -> Vec<String> {
    if width(word, size) <= most {
        return vec![word.to_owned()];
    }
    let mut pieces = vec![String::new()];
    let room = most - width("-", size);
    for letter in word.chars() {
        let piece = pieces.last_mut().expect("there is always a piece");
        if !piece.is_empty()
            && width(piece, size) + width(letter.encode_utf8(&mut [0; 4]), size) > room
        {
            piece.push('\u{ad}');
            pieces.push(letter.to_string());
        } else {
            piece.push(letter);
        }
    }
    pieces
}

/// Advance of a letter in thousandths of the font size, by class of width.
fn advance(letter: char) -> i32 {
    match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | '\u{a0}' => 285,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' | '\u{ad}' | '/' | '"' | '*' => 370,
        'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' | 'J' => 530,
        'a'..='z' | '0'..='9' | 'å' | 'F' | 'L' | '+' | '−' | '=' | '<' | '>' | '–' | '£' | '€'
            if letter != 'm' && letter != 'w' =>
        {
            600
        }
        'ø' => 620,
        'D' | 'G' | 'H' | 'N' | 'O' | 'Q' | 'U' | 'Ø' | 'w' => 790,
        'm' | 'M' | 'W' | '%' | 'æ' => 910,
        'Æ' | '—' | '@' | '…' => 1000,
        // Capitals of common width, and whatever is not listed.
        _ => 700,
    }
}

#[cfg(test)]
mod tests {
    use super::{width, wrap};
    use proptest::prelude::*;

    #[test]
    fn a_danish_letter_is_one_letter_wide() {
        assert_eq!(width("Æ", 1000), 1000);
        assert_eq!(width("å", 16), width("a", 16));
        assert_eq!(width("Ø", 16), width("O", 16));
        assert_eq!(width("ÆÆ", 1000), 2 * width("Æ", 1000));
    }

    #[test]
    fn lines_break_at_spaces_and_long_words_at_hyphens() {
        assert_eq!(wrap("Digital post til borgere", 16, 120), ["Digital post til", "borgere"]);
        assert_eq!(wrap("10\u{a0}mio.\u{a0}kr.", 16, 100), ["10\u{a0}mio.\u{a0}kr."]);
        let cut = wrap("sagsbehandlingstid", 16, 100);
        assert_eq!(cut.concat().replace('-', ""), "sagsbehandlingstid");
        assert!(cut.len() > 1 && cut[0].ends_with('-'));
    }

    proptest! {
        #[test]
        fn wrapped_lines_fit_and_lose_nothing(text in "[a-zæøåA-ZÆØÅ ]{0,60}", most in 40_i32..300) {
            let lines = wrap(&text, 16, most);
            let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
            for line in lines {
                prop_assert!(width(&line, 16) <= most, "{}", line);
            }
        }
    }
}
