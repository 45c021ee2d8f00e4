//! Encodings a contract may declare, and where each can be told from another.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use oem_cp::code_table::{DECODING_TABLE_CP850, DECODING_TABLE_CP865};

/// An encoding a delivery may be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// An encoding of the web: UTF-8, UTF-16, Windows-1252, `MacRoman` and their like.
    Web(&'static Encoding),
    /// DOS code page 850, Western Europe.
    Cp850,
    /// DOS code page 865, the Nordic countries.
    Cp865,
}

impl Charset {
    /// The labels told to those who write one that stands for no encoding. Many others are read:
    /// <https://encoding.spec.whatwg.org/#names-and-labels>.
    pub(super) const LABELS: [&str; 10] = [
        "utf-8",
        "windows-1252",
        "iso-8859-1",
        "utf-16",
        "utf-16le",
        "utf-16be",
        "macintosh",
        "cp850",
        "cp865",
        "iso-8859-15",
    ];

    /// The encodings a label stands for, to be tried in order; empty when it is none that is read.
    ///
    /// `utf-16` is either byte order: the bytes tell which.
    pub fn of_label(label: &str) -> Vec<Charset> {
        match label.trim().to_ascii_lowercase().as_str() {
            "utf-16" => vec![Charset::Web(UTF_16LE), Charset::Web(UTF_16BE)],
            "cp850" | "ibm850" => vec![Charset::Cp850],
            "cp865" | "ibm865" => vec![Charset::Cp865],
            label => Encoding::for_label(label.as_bytes())
                .filter(|found| found.is_ascii_compatible() || Charset::Web(found).is_utf16())
                .map(Charset::Web)
                .into_iter()
                .collect(),
        }
    }

    /// Its name, as the account gives it.
    pub fn name(self) -> &'static str {
        match self {
            Charset::Web(encoding) => encoding.name(),
            Charset::Cp850 => "cp850",
            Charset::Cp865 => "cp865",
        }
    }

    /// Whether a character takes two bytes or four, so that ASCII is not itself.
    pub fn is_utf16(self) -> bool {
        self == Charset::Web(UTF_16LE) || self == Charset::Web(UTF_16BE)
    }

    /// The characters of bytes 128 to 255 in a code page.
    pub fn table(self) -> Option<&'static [char; 128]> {
        match self {
            Charset::Web(_) => None,
            Charset::Cp850 => Some(&DECODING_TABLE_CP850),
            Charset::Cp865 => Some(&DECODING_TABLE_CP865),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Charset;

    #[test]
    fn labels_stand_for_encodings_that_are_read() {
        let names = |label: &str| {
            Charset::of_label(label).into_iter().map(Charset::name).collect::<Vec<_>>()
        };
        assert_eq!(names("utf-16"), ["UTF-16LE", "UTF-16BE"]);
        assert_eq!(names("utf-16be"), ["UTF-16BE"]);
        assert_eq!(names("macintosh"), ["macintosh"]);
        assert_eq!(names("CP865"), ["cp865"]);
        assert_eq!(names("iso-8859-1"), ["windows-1252"]);
        assert!(names("iso-2022-jp").is_empty());
        assert!(names("ebcdic").is_empty());
    }
}
