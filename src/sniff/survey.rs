//! How a text ends its lines, and its beginning for a closer look.

use crate::domain::number::to_u64;
use crate::source::content::Content;
use crate::source::scan::{WINDOW, fill};
use crate::source::text::EncodedText;
use std::io;

/// Bytes kept for a closer look: some ten thousand lines of most deliveries.
const HEAD: usize = 2 * 1024 * 1024;

/// What all of a text says.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// Line ends: LF, CRLF, lone CR.
    pub(super) ends: [u64; 3],
    /// Lines, the last one without a line end included.
    pub(super) lines: u64,
    /// The beginning, up to the end of a line, as bytes in which ASCII is ASCII.
    pub(super) text: Vec<u8>,
    /// Whether `text` is everything.
    pub(super) whole: bool,
}

/// Reads the text once, start to end.
pub(super) fn survey(text: &EncodedText) -> io::Result<Survey> {
    let mut input = text.open()?;
    let mut window = vec![0; WINDOW];
    let mut survey = Survey { whole: true, ..Survey::default() };
    let mut last = None;
    loop {
        let length = fill(&mut input, &mut window)?;
        if length == 0 {
            break;
        }
        let part = &window[..length];
        survey.count(part, &mut last);
        let room = HEAD - survey.text.len();
        survey.whole &= length <= room;
        survey.text.extend_from_slice(&part[..length.min(room)]);
    }
    let open = !matches!(last, None | Some(b'\n' | b'\r'));
    survey.lines = survey.ends.iter().sum::<u64>() + u64::from(open);
    if !survey.whole {
        cut_at_line(&mut survey.text);
    }
    Ok(survey)
}

impl Survey {
    fn count(&mut self, part: &[u8], last: &mut Option<u8>) {
        for byte in part {
            match (*last, byte) {
                (Some(b'\r'), b'\n') => {
                    self.ends[2] -= 1;
                    self.ends[1] += 1;
                }
                (_, b'\n') => self.ends[0] += 1,
                (_, b'\r') => self.ends[2] += 1,
                _ => {}
            }
            *last = Some(*byte);
        }
    }
}

/// The first bytes of content as they are, up to the end of a line where there are more.
pub(super) fn head(content: &dyn Content) -> io::Result<Vec<u8>> {
    let mut head = vec![0; HEAD];
    let length = fill(&mut content.open()?, &mut head)?;
    head.truncate(length);
    if to_u64(length) == to_u64(HEAD) {
        cut_at_line(&mut head);
    }
    Ok(head)
}

fn cut_at_line(text: &mut Vec<u8>) {
    let end = text.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
    text.truncate(end.map_or(text.len(), |end| end + 1));
}

#[cfg(test)]
mod tests {
    use super::survey;
    use crate::contract::charset::Charset;
    use crate::contract::compiled::Layout;
    use crate::source::text::EncodedText;

    fn counted(bytes: &[u8], label: &str) -> ([u64; 3], u64) {
        let (content, layout) = (bytes.to_vec(), Layout::default());
        let charset = Charset::of_label(label)[0];
        let text = EncodedText { content: &content, charset, layout: &layout };
        let survey = survey(&text).expect("memory reads");
        (survey.ends, survey.lines)
    }

    #[test]
    fn lines_and_their_ends_are_counted() {
        for (bytes, ends, lines) in [
            (&b"a\nb\n"[..], [2, 0, 0], 2),
            (b"a\r\nb", [0, 1, 0], 2),
            (b"a\rb\r", [0, 0, 2], 2),
            (b"a\n\r\n\r", [1, 1, 1], 3),
            (b"", [0, 0, 0], 0),
        ] {
            assert_eq!(counted(bytes, "utf-8"), (ends, lines), "{bytes:?}");
        }
        let wide: Vec<u8> = "a\r\nb\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(counted(&wide, "utf-16le"), ([0, 2, 0], 2));
    }
}
