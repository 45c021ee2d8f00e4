//! How an authority writes its files: separators, encodings, dates, headers.

use crate::domain::number;
use crate::sample::slot::DeliveryKind;
use csv::{Terminator, WriterBuilder};

const LF: Terminator = Terminator::Any(b'\n');

/// Bytes of a long line.
const LINE: usize = 256;

/// The header of a spending delivery, as the contract has it.
pub(super) const SPENDING: [&str; 8] = [
    "Myndighed",
    "Bogføringsdato",
    "Regnskabsperiode",
    "Ydelse",
    "Initiativ",
    "Konto",
    "Posteringstekst",
    "Beløb",
];
/// The same columns in another system's words.
const SPENDING_ALIASES: [&str; 8] = [
    "Myndighedskode",
    "Posteringsdato",
    "Periode",
    "Ydelseskode",
    "Initiativnr",
    "Artskonto",
    "Tekst",
    "Beløb i kr.",
];
/// The header of a usage delivery, as the contract has it.
pub(super) const USAGE: [&str; 11] = [
    "Myndighed",
    "Måned",
    "Ydelse",
    "Kanal",
    "Påbegyndt",
    "Gennemført",
    "Heraf digitalt",
    "Heraf med hjælp",
    "Timer",
    "Tilfredse",
    "Svar",
];
/// The same columns in another system's words.
const USAGE_ALIASES: [&str; 11] = [
    "Myndighedskode",
    "Periode",
    "Ydelseskode",
    "Henvendelseskanal",
    "Startede",
    "Afsluttede",
    "Digitale",
    "Hjulpne",
    "Timeforbrug",
    "Tilfredse brugere",
    "Besvarelser",
];

/// One authority's way of writing.
#[derive(Debug, Clone, Copy)]
pub(super) struct SenderDialect {
    /// What stands between cells.
    pub(super) delimiter: u8,
    line_end: Terminator,
    encoding: Encoding,
    date: DateStyle,
    words: Words,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf8WithMark,
    Windows1252,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DateStyle {
    Danish,
    Iso,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Words {
    Contract,
    Aliases,
}

/// What most senders use.
const HOME: SenderDialect = SenderDialect {
    delimiter: b';',
    line_end: LF,
    encoding: Encoding::Utf8,
    date: DateStyle::Danish,
    words: Words::Contract,
};

impl SenderDialect {
    /// How this authority writes.
    pub(super) fn of(authority: &str) -> SenderDialect {
        match authority {
            "0101" | "0461" => SenderDialect { encoding: Encoding::Utf8WithMark, ..HOME },
            "0751" | "0851" => SenderDialect {
                encoding: Encoding::Windows1252,
                line_end: Terminator::CRLF,
                ..HOME
            },
            "1081" => SenderDialect { delimiter: b',', ..HOME },
            "1082" => SenderDialect {
                delimiter: b'\t',
                line_end: Terminator::CRLF,
                date: DateStyle::Iso,
                ..HOME
            },
            "1083" => {
                SenderDialect { encoding: Encoding::Windows1252, words: Words::Aliases, ..HOME }
            }
            "DIGST" => SenderDialect { date: DateStyle::Iso, ..HOME },
            _ => HOME,
        }
    }

    /// The header of this authority's files.
    pub(super) fn header(self, kind: DeliveryKind) -> &'static [&'static str] {
        match (kind, self.words) {
            (DeliveryKind::Spending, Words::Contract) => &SPENDING,
            (DeliveryKind::Spending, Words::Aliases) => &SPENDING_ALIASES,
            (DeliveryKind::Usage, Words::Contract) => &USAGE,
            (DeliveryKind::Usage, Words::Aliases) => &USAGE_ALIASES,
        }
    }

    /// A day; it need not exist.
    pub(super) fn date(self, year: i16, month: u8, day: i64) -> String {
        match self.date {
            DateStyle::Danish => format!("{day:02}-{month:02}-{year}"),
            DateStyle::Iso => format!("{year}-{month:02}-{day:02}"),
        }
    }

    /// One line, ending included. Cells that need quotes get them.
    pub(super) fn line<'a>(self, cells: impl IntoIterator<Item = &'a str>) -> String {
        let mut form = WriterBuilder::new();
        form.delimiter(self.delimiter).terminator(self.line_end).buffer_capacity(LINE);
        let mut writer = form.from_writer(Vec::with_capacity(LINE));
        writer.write_record(cells).expect("memory takes any text");
        let line = writer.into_inner().expect("memory takes any text");
        String::from_utf8(line).expect("text stays text")
    }

    /// One line in which the cell at `open`, which is not the first, begins with a quote that is
    /// never closed.
    pub(super) fn line_left_open(self, cells: &[&str], open: usize) -> String {
        let delimiter = char::from(self.delimiter);
        let before = self.line(cells[..open].iter().copied());
        let behind = self.line(cells[open + 1..].iter().copied());
        let before = before.trim_end_matches(['\r', '\n']);
        format!("{before}{delimiter}\"{}{delimiter}{behind}", cells[open])
    }

    /// The file's bytes. Text Windows-1252 cannot hold is written as UTF-8 instead.
    pub(super) fn bytes(self, text: &str) -> Vec<u8> {
        match self.encoding {
            Encoding::Utf8 => text.as_bytes().to_vec(),
            Encoding::Utf8WithMark => [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            Encoding::Windows1252 => latin(text).unwrap_or_else(|| text.as_bytes().to_vec()),
        }
    }
}

/// The text in the part of Windows-1252 that is Latin-1.
fn latin(text: &str) -> Option<Vec<u8>> {
    let shared = |letter: &char| u32::from(*letter) < 0x80 || 0xa0 <= u32::from(*letter);
    let byte = |letter: char| Some(letter).filter(shared).and_then(|it| u8::try_from(it).ok());
    text.chars().map(byte).collect()
}

/// An amount the Danish way, `-1.234,56`, from hundredths.
pub(super) fn decimal(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let whole = hundredths.unsigned_abs();
    format!("{sign}{},{:02}", grouped(whole / 100), whole % 100)
}

/// A count with a point before every third digit, `1.234`.
pub(super) fn grouped(count: u64) -> String {
    number::grouped(&count.to_string(), ".")
}

#[cfg(test)]
mod tests {
    use super::{SenderDialect, decimal};

    #[test]
    fn amounts_are_written_the_danish_way() {
        for (oere, written) in [
            (4_800_000, "48.000,00"),
            (-123_456, "-1.234,56"),
            (99_999, "999,99"),
            (-5, "-0,05"),
            (100_000_000, "1.000.000,00"),
        ] {
            assert_eq!(decimal(oere), written);
        }
    }

    #[test]
    fn each_sender_quotes_what_its_own_separator_needs() {
        let cells = ["Støtte; \"ny\"", "48.000,00"];
        let written = |authority| SenderDialect::of(authority).line(cells);
        assert_eq!(written("0561"), "\"Støtte; \"\"ny\"\"\";48.000,00\n");
        assert_eq!(written("1081"), "\"Støtte; \"\"ny\"\"\",\"48.000,00\"\n");
        assert_eq!(SenderDialect::of("1082").line(["a; b", "1,00"]), "a; b\t1,00\r\n");
    }

    #[test]
    fn encodings_differ_by_sender() {
        let bytes = |authority| SenderDialect::of(authority).bytes("må");
        assert_eq!(bytes("0101"), b"\xef\xbb\xbfm\xc3\xa5");
        assert_eq!(bytes("0751"), b"m\xe5");
        assert_eq!(bytes("0561"), b"m\xc3\xa5");
        assert_eq!(SenderDialect::of("0851").bytes("Łå"), "Łå".as_bytes(), "not in Windows-1252");
    }
}
