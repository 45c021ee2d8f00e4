//! Delivered bytes in which ASCII is ASCII, so that delimiters are found on bytes.

use crate::contract::charset::Charset;
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8};
use std::io::{self, Read};

/// Bytes taken from the input at a time.
const WINDOW: usize = 64 * 1024;

/// The encoding of what [`reader`] gives: UTF-8 for what it writes anew, else the file's own.
pub(crate) fn inner(charset: Charset) -> &'static Encoding {
    match charset {
        Charset::Web(encoding) if !charset.is_utf16() => encoding,
        Charset::Web(_) | Charset::Cp850 | Charset::Cp865 => UTF_8,
    }
}

/// Writes UTF-16 and the code pages of DOS anew as UTF-8, window by window; leaves the rest alone.
///
/// Lines are the same lines: no character becomes a line end, none is lost.
pub(crate) fn reader(input: Box<dyn Read + Send>, charset: Charset) -> Box<dyn Read + Send> {
    let how = match charset {
        Charset::Web(encoding) if charset.is_utf16() => {
            ByteDecoder::Utf16(encoding.new_decoder_with_bom_removal())
        }
        Charset::Web(_) => return input,
        Charset::Cp850 | Charset::Cp865 => {
            ByteDecoder::CodePage(charset.table().expect("a code page has a table"))
        }
    };
    let window = vec![0; WINDOW];
    Box::new(Transcode { input, how, window, text: Vec::new(), given: 0, ended: false })
}

struct Transcode {
    input: Box<dyn Read + Send>,
    how: ByteDecoder,
    window: Vec<u8>,
    /// UTF-8 not yet given, from `given` on.
    text: Vec<u8>,
    given: usize,
    ended: bool,
}

enum ByteDecoder {
    Utf16(Decoder),
    CodePage(&'static [char; 128]),
}

impl Read for Transcode {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() {
            if self.ended {
                return Ok(0);
            }
            self.refill()?;
        }
        let length = out.len().min(self.text.len() - self.given);
        out[..length].copy_from_slice(&self.text[self.given..self.given + length]);
        self.given += length;
        Ok(length)
    }
}

impl Transcode {
    fn refill(&mut self) -> io::Result<()> {
        let length = match self.input.read(&mut self.window) {
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            Err(error) => return Err(error),
        };
        self.ended = length == 0;
        self.given = 0;
        self.text.clear();
        let part = &self.window[..length];
        match &mut self.how {
            ByteDecoder::CodePage(table) => {
                let mut bytes = [0; 4];
                for byte in part {
                    let high = usize::from(*byte).checked_sub(128);
                    let letter = high.map_or(char::from(*byte), |place| table[place]);
                    self.text.extend_from_slice(letter.encode_utf8(&mut bytes).as_bytes());
                }
            }
            ByteDecoder::Utf16(decoder) => {
                let most = decoder.max_utf8_buffer_length(length).expect("a window is small");
                self.text.resize(most, 0);
                let (result, _, written, _) =
                    decoder.decode_to_utf8(part, &mut self.text, self.ended);
                assert!(result == CoderResult::InputEmpty, "the buffer holds the longest text");
                self.text.truncate(written);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{inner, reader};
    use crate::contract::charset::Charset;
    use encoding_rs::{UTF_8, WINDOWS_1252};
    use proptest::prelude::*;
    use std::io::{Cursor, Read};

    fn read(bytes: Vec<u8>, label: &str, last: bool) -> String {
        let charsets = Charset::of_label(label);
        let charset = if last { charsets[charsets.len() - 1] } else { charsets[0] };
        assert_eq!(inner(charset), UTF_8);
        let mut text = String::new();
        reader(Box::new(Cursor::new(bytes)), charset).read_to_string(&mut text).expect("UTF-8");
        text
    }

    #[test]
    fn danish_letters_of_dos_are_read() {
        let bytes = b"\x91\x9B\x86\x92\x9D\x8F;1\r\n".to_vec();
        assert_eq!(read(bytes.clone(), "cp865", false), "æøåÆØÅ;1\r\n");
        assert_eq!(read(bytes, "cp850", false), "æøåÆØÅ;1\r\n");
    }

    #[test]
    fn what_ascii_can_be_found_in_is_left_alone() {
        let charset = Charset::Web(WINDOWS_1252);
        let mut bytes = Vec::new();
        reader(Box::new(&b"\xE6;1"[..]), charset).read_to_end(&mut bytes).expect("memory reads");
        assert_eq!((bytes.as_slice(), inner(charset)), (&b"\xE6;1"[..], WINDOWS_1252));
    }

    proptest! {
        /// UTF-16 of either byte order, marked or not, over several windows, is the text.
        #[test]
        fn utf_16_is_the_same_text(
            text in "[a-zæøå€😀;\r\n]{0,40}",
            times in 1_usize..2_000,
            marked: bool,
            big: bool,
        ) {
            let text = text.repeat(times);
            let mark = if marked { "\u{feff}" } else { "" };
            let bytes = format!("{mark}{text}")
                .encode_utf16()
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect();
            prop_assert_eq!(read(bytes, "utf-16", big), text);
        }
    }
}
