//! What bytes look like: the evidence for one encoding and against another.

use crate::contract::charset::Charset;
use encoding_rs::{Encoding, MACINTOSH, WINDOWS_1252};

/// The bytes of a character in UTF-8, and itself where it is a letter.
pub(crate) fn bytes_of_letter(letter: char) -> String {
    let mut bytes = [0; 4];
    let bytes: Vec<String> =
        letter.encode_utf8(&mut bytes).bytes().map(|byte| format!("0x{byte:02X}")).collect();
    let shown = if letter.is_alphabetic() { format!(" = {letter}") } else { String::new() };
    format!("{}{shown} (utf-8)", bytes.join(" "))
}

/// A byte, and the letter it most likely is: one of the Danish letters in an encoding that is
/// common, else a letter of Windows-1252, else only the byte.
pub(crate) fn describe(byte: u8) -> String {
    let danish = |letter: &char| "æøåÆØÅ".contains(*letter);
    let web = |encoding: &'static Encoding| {
        encoding.decode_without_bom_handling(&[byte]).0.chars().next().filter(|_| 0x80 <= byte)
    };
    let page = |charset: Charset| {
        let place = usize::from(byte).checked_sub(128)?;
        charset.table().map(|table| table[place])
    };
    let guess = [
        ("windows-1252", web(WINDOWS_1252)),
        ("cp865", page(Charset::Cp865)),
        ("macintosh", web(MACINTOSH)),
    ];
    let named = |(name, letter): (&str, char)| format!("0x{byte:02X} = {letter} ({name})");
    let letters = || guess.iter().filter_map(|(name, letter)| Some((*name, (*letter)?)));
    letters()
        .find(|(_, letter)| danish(letter))
        .or_else(|| letters().take(1).find(|(_, letter)| letter.is_alphabetic()))
        .map_or_else(|| format!("0x{byte:02X}"), named)
}

/// The first two bytes.
pub(crate) fn bytes_of(head: &[u8]) -> String {
    head.iter().take(2).map(|byte| format!("0x{byte:02X}")).collect::<Vec<_>>().join(" ")
}
