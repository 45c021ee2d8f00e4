//! Any bytes in any encoding: how they are cut up does not show, no character is lost or becomes a
//! line end, and an encoding is only said to be one where nothing contradicts it.
#![no_main]

use encoding_rs::{MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use gevinst::testing::collect::{decoded, encoding, likely};
use gevinst::testing::contract::Charset;
use gevinst_fuzz::choices::Choices;
use gevinst_fuzz::lines;
use gevinst_fuzz::slow::Slow;
use libfuzzer_sys::fuzz_target;
use std::io::Read as _;

const CHARSETS: [Charset; 7] = [
    Charset::Web(UTF_8),
    Charset::Web(WINDOWS_1252),
    Charset::Web(UTF_16LE),
    Charset::Web(UTF_16BE),
    Charset::Web(MACINTOSH),
    Charset::Cp850,
    Charset::Cp865,
];

fuzz_target!(|input: &[u8]| {
    let mut choices = Choices::of(input);
    let charset = choices.one_of(&CHARSETS);
    let declared: Vec<Charset> =
        (0..=choices.below(3)).map(|_| choices.one_of(&CHARSETS)).collect();
    let step = usize::from(choices.byte()) + 1;
    let bytes = choices.rest();

    let text = in_steps(bytes, charset, usize::MAX);
    assert_eq!(in_steps(bytes, charset, step), text, "steps of {step} show");
    same_text(bytes, charset, &text);
    found(bytes, &declared, step);
});

fn in_steps(bytes: &[u8], charset: Charset, step: usize) -> Vec<u8> {
    let slow = Slow::new(bytes, step);
    let (mut reader, inner) = decoded(Box::new(slow), charset);
    let mut text = Vec::new();
    reader.read_to_end(&mut text).expect("memory reads");
    let anew = inner == UTF_8 && charset != Charset::Web(UTF_8);
    assert!(!anew || std::str::from_utf8(&text).is_ok(), "what is written anew is UTF-8");
    text
}

/// The text is the one the standard library or the code page itself gives.
fn same_text(bytes: &[u8], charset: Charset, text: &[u8]) {
    if !charset.is_utf16() {
        let Some(table) = charset.table() else {
            return assert_eq!(text, bytes, "bytes are left alone");
        };
        let text = std::str::from_utf8(text).expect("UTF-8");
        let back: Vec<u8> = text
            .chars()
            .map(|letter| match u8::try_from(letter) {
                Ok(ascii) if ascii < 128 => ascii,
                _ => {
                    let place = table.iter().position(|own| *own == letter).expect("of the page");
                    u8::try_from(place + 128).expect("a byte")
                }
            })
            .collect();
        return assert_eq!(back, bytes);
    }
    let big = charset == Charset::Web(UTF_16BE);
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs
        .iter()
        .map(|pair| if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) })
        .collect();
    let units = units.strip_prefix(&[0xFEFF]).unwrap_or(&units);
    let mut expected: String = char::decode_utf16(units.iter().copied())
        .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    // Half a unit behind a lone high surrogate is one fault with it.
    let high = units.last().is_some_and(|unit| (0xD800..0xDC00).contains(unit));
    if !rest.is_empty() && !high {
        expected.push(char::REPLACEMENT_CHARACTER);
    }
    assert_eq!(String::from_utf8_lossy(text), expected);
}

/// The encoding found is one the bytes are in; the evidence against it stands where it is said to.
fn found(bytes: &[u8], declared: &[Charset], step: usize) {
    let whole = encoding(std::iter::once(bytes), declared);
    // The first part is never a short one: a head is judged by 512 bytes and by any zero in it.
    let zero = bytes.iter().position(|byte| *byte == 0).map_or(0, |at| at + 1);
    let (head, rest) = bytes.split_at(bytes.len().min(512).max(zero));
    let parts = std::iter::once(head).chain(rest.chunks(step));
    assert_eq!(encoding(parts, declared), whole, "steps of {step} show");
    match &whole {
        Ok(charset) => {
            assert!(declared.contains(charset));
            let holds = match charset {
                Charset::Web(web) if *web == UTF_8 => {
                    std::str::from_utf8(bytes).is_ok() || has_letters(bytes)
                }
                Charset::Web(wide) if charset.is_utf16() => {
                    // The end may cut a character, which is a fault of its line.
                    let whole = |cut| &bytes[..bytes.len().saturating_sub(cut)];
                    (0..4).any(|cut| !wide.decode_with_bom_removal(whole(cut)).1)
                }
                Charset::Web(_) | Charset::Cp850 | Charset::Cp865 => {
                    bytes.is_ascii() || std::str::from_utf8(bytes).is_err()
                }
            };
            assert!(holds, "{} is contradicted", charset.name());
        }
        Err((line, evidence)) => {
            // A character of UTF-16 can hold a byte that is a line end elsewhere.
            let wide = declared.iter().any(|charset| charset.is_utf16());
            let most = if wide { bytes.len() } else { lines::cut(bytes).len() };
            assert!(1 <= *line && usize::try_from(*line).is_ok_and(|line| line <= most + 1));
            assert!(!evidence.is_empty() || bytes.is_empty(), "no evidence on line {line}");
        }
    }
    if let Some(head) = likely(bytes, declared) {
        let cut = std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none());
        let mixed = std::str::from_utf8(bytes).is_err() && has_letters(bytes);
        assert!(
            cut || mixed || whole == Ok(Charset::Web(head)),
            "{} settled for {whole:?}",
            head.name()
        );
    }
}

/// Whether a character of UTF-8 beyond ASCII stands among the bytes.
fn has_letters(bytes: &[u8]) -> bool {
    bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii())
}
