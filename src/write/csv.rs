//! How every CSV is written: by the `csv` crate, in memory, with lines that end in CR LF.

use csv::{QuoteStyle, Terminator, Writer, WriterBuilder};

/// A byte order mark, by which a spreadsheet knows UTF-8.
const MARK: &[u8] = "\u{FEFF}".as_bytes();

/// A CSV that is being written.
pub(super) struct CsvWriter {
    writer: Writer<Vec<u8>>,
}

impl CsvWriter {
    /// For programs: RFC 4180, comma, UTF-8 without byte order mark, lines of one width.
    pub(super) fn for_programs() -> CsvWriter {
        CsvWriter { writer: crlf().from_writer(Vec::new()) }
    }

    /// For a spreadsheet that splits at `delimiter`: UTF-8 with byte order mark.
    pub(super) fn for_spreadsheets(delimiter: u8) -> CsvWriter {
        CsvWriter { writer: crlf().delimiter(delimiter).from_writer(MARK.to_vec()) }
    }

    /// The same, of lines of any width whose cells have their quotes already.
    pub(super) fn of_quoted_cells(delimiter: u8) -> CsvWriter {
        let mut form = crlf();
        form.delimiter(delimiter).quote_style(QuoteStyle::Never).flexible(true);
        CsvWriter { writer: form.from_writer(MARK.to_vec()) }
    }

    /// Adds a line.
    pub(super) fn line(&mut self, cells: impl IntoIterator<Item = impl AsRef<[u8]>>) {
        self.writer.write_record(cells).expect("memory takes any text, and the lines are as wide");
    }

    /// What was written.
    pub(super) fn bytes(self) -> Vec<u8> {
        self.writer.into_inner().expect("memory takes any text")
    }
}

fn crlf() -> WriterBuilder {
    let mut form = WriterBuilder::new();
    form.terminator(Terminator::CRLF);
    form
}
