//! Text that cannot act: what is shown shows all of itself, in reading order, on its own line, and
//! commands nothing that reads along.
//!
//! Sources: Unicode 16, `DerivedCoreProperties.txt` (`Default_Ignorable_Code_Point`); UAX 9 and
//! Unicode TR 36 for the direction characters; ECMA-48 for what a terminal obeys. A log is read by
//! what runs the job: GitHub's runner takes `::` where a line begins, blanks aside, and `##[`
//! anywhere in it (`ActionCommand.cs`); Azure's agent takes `##vso[` and `##[` anywhere
//! (`Command.cs`); that of Team City takes `##teamcity[`. Each mark is two of the same sign on end.

use std::borrow::Cow;

/// What stands for a character that is not shown.
const REPLACED: char = '\u{FFFD}';

/// The signs that call a runner, twice on end.
const CALLS: [char; 2] = [':', '#'];

/// Whether a character acts or hides instead of being seen: a control, a line or paragraph
/// separator, one that turns the reading direction, one that is not drawn at all.
pub(crate) fn is_hidden(letter: char) -> bool {
    if letter <= '~' {
        return letter < ' ';
    }
    letter.is_control()
        || matches!(
            letter,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
                | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
                | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{FFFE}'..='\u{FFFF}'
                | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
        )
}

/// The text with U+FFFD for each hidden character: one line, whatever it was.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let seen = |letter: char| if is_hidden(letter) { REPLACED } else { letter };
    Cow::Owned(text.chars().map(seen).collect())
}

/// The same for text of several lines, whose line feeds are our own and stay.
pub(crate) fn lines(text: String) -> String {
    if !text.contains(|letter: char| letter != '\n' && is_hidden(letter)) {
        return text;
    }
    text.split('\n').map(shown).collect::<Vec<_>>().join("\n")
}

/// A line for a terminal or a log: as [`shown`], and with a blank in what would call a runner.
pub(crate) fn printed(line: &str) -> String {
    let line = shown(line);
    let mut printed = String::with_capacity(line.len());
    for letter in line.chars() {
        if is_call(&printed, letter) {
            printed.push(' ');
        }
        printed.push(letter);
    }
    printed
}

/// Whether a character makes what stands before it a call to a runner.
pub(crate) fn is_call(before: &str, letter: char) -> bool {
    CALLS.contains(&letter) && before.ends_with(letter)
}

#[cfg(test)]
mod tests {
    use super::{is_hidden, lines, printed, shown};
    use proptest::prelude::*;

    #[test]
    fn what_is_hidden_is_seen() {
        for (text, expected) in [
            ("x\n::error::y", "x\u{FFFD}::error::y"),
            ("s-\u{1b}[2J\u{202e}gpj.csv", "s-\u{FFFD}[2J\u{FFFD}gpj.csv"),
            ("a\u{7f}\u{9b}b\r", "a\u{FFFD}\u{FFFD}b\u{FFFD}"),
            (
                "a\u{2028}\u{2029}\u{61c}\u{200e}\u{2066}",
                "a\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}",
            ),
            ("a\u{200b}\u{ad}\u{3164}\u{e0041}", "a\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"),
            ("Rødovre – 1\u{a0}000 kr. …", "Rødovre – 1\u{a0}000 kr. …"),
        ] {
            assert_eq!(shown(text), expected, "{text:?}");
        }
        assert_eq!(lines("a\n\tb\n".to_owned()), "a\n\u{FFFD}b\n");
    }

    #[test]
    fn nothing_printed_calls_a_runner() {
        for (text, expected) in [
            ("::error::x", ": :error: :x"),
            ("  ::set-output name=a::b", "  : :set-output name=a: :b"),
            ("a ##vso[task.complete]", "a # #vso[task.complete]"),
            ("##[error]x ###[x :::", "# #[error]x # # #[x : : :"),
            ("##teamcity[blockOpened]", "# #teamcity[blockOpened]"),
            ("#\u{200b}#vso[x]", "#\u{FFFD}#vso[x]"),
            ("a:1: Q101 Beløb: x # y", "a:1: Q101 Beløb: x # y"),
        ] {
            assert_eq!(printed(text), expected, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_strange(text in "[:#a\n\r \u{1b}\u{202e}]{0,9}|\\PC*|.{0,9}") {
            for line in [printed(&text), shown(&text).into_owned()] {
                prop_assert!(!line.contains(is_hidden), "{:?}", line);
            }
            let printed = printed(&text);
            prop_assert!(!printed.contains("::") && !printed.contains("##"), "{:?}", printed);
        }
    }
}
