//! The strings of an `.xlsx`: the shared ones, and the text of a cell as its runs have it.
#![expect(clippy::wildcard_enum_match_arm, reason = "most of a workbook says nothing to us")]

use crate::source::bounds::Bound;
use crate::source::parts::WorkbookParts;
use crate::source::trouble::Trouble;
use crate::source::xml::{Xml, attribute, say};
use quick_xml::events::Event;
use std::io;

/// The shared strings, behind each other.
#[derive(Default)]
pub(crate) struct Strings {
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Strings {
    /// The string of this number, from 0.
    pub(crate) fn get(&self, place: usize) -> Option<&str> {
        let end = *self.ends.get(place)?;
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start..end)
    }
}

/// The strings a part lists; none where there is no such part.
pub(crate) fn strings(parts: &WorkbookParts, name: &str) -> io::Result<Strings> {
    let mut strings = Strings::default();
    let Some(mut xml) = parts.open(name, Bound::WorkbookStrings)? else {
        return Ok(strings);
    };
    loop {
        match xml.next()? {
            Event::Start(tag) if tag.local_name().as_ref() == "si" => {
                let text = rich(&mut xml, "si")?;
                strings.text.push_str(&text);
                strings.ends.push(strings.text.len());
            }
            Event::Eof => return Ok(strings),
            _ => {}
        }
    }
}

/// The text up to the end of an element: of all its runs, the reading aids of some scripts aside.
pub(crate) fn rich(xml: &mut Xml, element: &str) -> io::Result<String> {
    let (mut text, mut aid) = (String::new(), false);
    loop {
        match xml.next()? {
            Event::Start(tag) if tag.local_name().as_ref() == "rPh" => aid = true,
            Event::End(tag) if tag.local_name().as_ref() == "rPh" => aid = false,
            Event::Start(tag) if tag.local_name().as_ref() == "t" && !aid => {
                let kept = attribute(&tag, "space")?.is_some_and(|space| space == "preserve");
                let run = plain(xml, "t")?;
                let run = if kept { &run } else { run.trim_matches([' ', '\t', '\r', '\n']) };
                text.push_str(&unescaped(run));
                Bound::LineBytes.hold(text.len())?;
            }
            Event::End(tag) if tag.local_name().as_ref() == element => return Ok(text),
            Event::Eof => return Err(Trouble::Broken.into()),
            _ => {}
        }
    }
}

/// The text up to the end of an element.
pub(crate) fn plain(xml: &mut Xml, element: &str) -> io::Result<String> {
    let mut text = String::new();
    loop {
        match xml.next()? {
            Event::End(tag) if tag.local_name().as_ref() == element => return Ok(text),
            Event::Eof => return Err(Trouble::Broken.into()),
            event => say(&event, &mut text)?,
        }
    }
}

/// A text with `_x000D_` and its like as the characters they stand for, by UTF-16 unit.
pub(crate) fn unescaped(text: &str) -> String {
    let mut units: Vec<u16> = Vec::new();
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('_') {
        let unit = rest.get(at..at + 7).and_then(|code| {
            let digits = code.strip_prefix("_x")?.strip_suffix('_')?;
            let hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            hex.then(|| u16::from_str_radix(digits, 16).ok()).flatten()
        });
        let skip = if unit.is_some() { at } else { at + 1 };
        if skip > 0 {
            plain.push_str(&String::from_utf16_lossy(&units));
            units.clear();
            plain.push_str(&rest[..skip]);
        }
        units.extend(unit);
        rest = &rest[if unit.is_some() { at + 7 } else { at + 1 }..];
    }
    plain + &String::from_utf16_lossy(&units) + rest
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn what_is_escaped_is_the_character_it_stands_for() {
        for (text, plain) in [
            ("a_x000D_b", "a\rb"),
            ("_x005F_x000D_", "_x000D_"),
            ("_xD83D__xDCF7_", "\u{1F4F7}"),
            ("_xD83D_x", "\u{FFFD}x"),
            ("__x0041_", "_A"),
            ("_x00G1_ _", "_x00G1_ _"),
        ] {
            assert_eq!(unescaped(text), plain);
        }
    }
}
