//! A `;`-separated table: its header checked, its cells with their places.

use crate::definition::problems::{Problems, instead};
use crate::definition::text::{DefinitionFile, FileLookup, top_of};
use crate::definition::word::{Word, names};
use crate::domain::folder::Folder;
use crate::domain::language::{Language, Names};
use crate::domain::place::Place;
use std::collections::BTreeMap;

/// What a table of one kind must look like.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape<'s> {
    /// Path in the pipeline folder.
    pub(super) path: &'s str,
    /// Columns that must be there, in the order the guide gives them.
    pub(super) required: &'s [&'s str],
    /// Columns that may be there.
    pub(super) optional: &'s [&'s str],
    /// Columns `NAME_da`, `NAME_en`: required in the declared languages, welcome in the others.
    pub(super) named: &'s [&'s str],
}

/// A table as read: rows in file order.
#[derive(Debug)]
pub(super) struct CsvTable {
    /// The header as written.
    pub(super) columns: Vec<String>,
    /// Every row after the header.
    pub(super) rows: Vec<Row>,
}

/// One row: its cells by column, and where it begins.
#[derive(Debug)]
pub(super) struct Row {
    /// The row's first character.
    pub(super) place: Place,
    cells: BTreeMap<String, (String, Place)>,
}

impl Shape<'_> {
    /// Reads the table; `None` when the folder has no such file or its bytes are no text.
    /// `needed` decides whether an absent file is a problem.
    pub(super) fn read(
        &self,
        folder: &Folder,
        languages: &[Language],
        needed: Presence,
        problems: &mut Problems,
    ) -> Option<CsvTable> {
        match DefinitionFile::ask(folder, self.path, problems) {
            FileLookup::Text(text) => Some(self.rows(&text, languages, problems)),
            FileLookup::Unreadable => None,
            FileLookup::Absent => {
                if let Presence::Yes(why) = needed {
                    problems.note(
                        &top_of(self.path),
                        format!("`{}` is missing: {why}", self.path),
                        format!(
                            "make the file, with the header `{}`",
                            self.header(languages).join(";")
                        ),
                    );
                }
                None
            }
        }
    }

    fn rows(
        &self,
        text: &DefinitionFile,
        languages: &[Language],
        problems: &mut Problems,
    ) -> CsvTable {
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(b';')
            .has_headers(false)
            .flexible(true)
            .from_reader(text.content.as_bytes());
        let mut header: Option<Vec<String>> = None;
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.expect("records of valid UTF-8 held in memory can be read");
            let start = start_of(text, &record);
            let places: Vec<Place> = starts(&text.content, start, record.len())
                .into_iter()
                .map(|offset| text.place(offset))
                .collect();
            let Some(columns) = &header else {
                header = Some(self.columns(&record, &places, languages, problems));
                continue;
            };
            if record.len() != columns.len() {
                let (found, expected) = (record.len(), columns.len());
                problems.note(
                    &text.place(start),
                    format!("the row has `{found}` cells, the header has {expected}"),
                    "look for a missing or extra `;`; put double quotes round a text that contains one",
                );
            }
            let cells = columns.iter().zip(record.iter().zip(places));
            rows.push(Row {
                place: text.place(start),
                cells: cells
                    .map(|(column, (cell, place))| (column.clone(), (cell.to_owned(), place)))
                    .collect(),
            });
        }
        if header.is_none() {
            problems.note(
                &top_of(self.path),
                format!("`{}` is empty", self.path),
                format!("begin with the header `{}`", self.header(languages).join(";")),
            );
        }
        CsvTable { columns: header.unwrap_or_default(), rows }
    }

    /// Reads the header: every column once, none missing, none unknown.
    fn columns(
        &self,
        record: &csv::StringRecord,
        places: &[Place],
        languages: &[Language],
        problems: &mut Problems,
    ) -> Vec<String> {
        let columns: Vec<String> = record.iter().map(str::to_owned).collect();
        let wanted = self.header(languages);
        let mut known = self.header(&Language::ALL);
        known.extend(self.optional.iter().map(|column| (*column).to_owned()));
        for (index, (column, place)) in columns.iter().zip(places).enumerate() {
            if !known.contains(column) {
                problems.note(
                    place,
                    format!("`{column}` is no column of this table"),
                    instead(column, known.iter().map(String::as_str)),
                );
            } else if columns[..index].contains(column) {
                problems.note(place, format!("column `{column}` stands twice"), "keep one of them");
            }
        }
        for column in wanted.iter().filter(|column| !columns.contains(column)) {
            problems.note(
                &top_of(self.path),
                format!("column `{column}` is missing"),
                format!("write the header `{}`", wanted.join(";")),
            );
        }
        columns
    }

    /// The columns that must be there.
    fn header(&self, languages: &[Language]) -> Vec<String> {
        let named = self
            .named
            .iter()
            .flat_map(|name| languages.iter().map(move |language| in_language(name, *language)));
        let required = self.required.iter().map(|column| (*column).to_owned());
        required.chain(named).collect()
    }
}

/// Whether a table must be there, and why.
#[derive(Debug, Clone, Copy)]
pub(super) enum Presence {
    /// An absent file is a problem, for this reason.
    Yes(&'static str),
    /// The file may be absent.
    No,
}

impl Row {
    /// The cell of a column; `None` when it is empty or the row has no such column.
    pub(super) fn word(&self, column: &str, problems: &mut Problems) -> Option<Word> {
        let (text, place) = self.cells.get(column)?;
        Word::new(column, text, place.clone(), problems)
    }

    /// The cell of a column that must be filled. A column the header lacks is already noted.
    pub(super) fn required(&self, column: &str, problems: &mut Problems) -> Option<Word> {
        let word = self.word(column, problems);
        if word.is_none() {
            self.empty(column, problems);
        }
        word
    }

    /// Reads a name in every declared language from `NAME_da`, `NAME_en`.
    pub(super) fn names(
        &self,
        name: &str,
        languages: &[Language],
        problems: &mut Problems,
    ) -> Names {
        names(
            languages,
            |language, problems| self.word(&in_language(name, language), problems),
            |language, problems| self.empty(&in_language(name, language), problems),
            problems,
        )
    }

    fn empty(&self, column: &str, problems: &mut Problems) {
        if let Some((text, place)) = self.cells.get(column) {
            problems.note(
                place,
                format!("`{column}` is empty: `{text}`"),
                "fill the cell; every row needs it",
            );
        }
    }
}

fn in_language(name: &str, language: Language) -> String {
    format!("{name}_{}", language.tag())
}

/// First byte of a record, past line ends the reader counts as its beginning.
fn start_of(text: &DefinitionFile, record: &csv::StringRecord) -> usize {
    let from = record
        .position()
        .and_then(|position| usize::try_from(position.byte()).ok())
        .expect("a record read from a reader has a position in memory");
    let ends = text.content.as_bytes()[from..]
        .iter()
        .take_while(|byte| matches!(byte, b'\r' | b'\n'))
        .count();
    from + ends
}

/// First byte of each of a record's cells; a `;` in a cell that begins with a quote does not part
/// it. As many as `cells`: were the count ever to differ, the rest stand where the last one does.
fn starts(text: &str, start: usize, cells: usize) -> Vec<usize> {
    let mut starts = vec![start];
    let mut last = start;
    let mut quoted = false;
    for (offset, byte) in text.bytes().enumerate().skip(start) {
        match byte {
            b'"' if quoted || offset == last => quoted = !quoted,
            b';' if !quoted => {
                last = offset + 1;
                starts.push(last);
            }
            _ => {}
        }
        if starts.len() >= cells {
            break;
        }
    }
    starts.resize(cells, last);
    starts
}

#[cfg(test)]
mod tests {
    use super::{Presence, Shape};
    use crate::definition::problems::Problems;
    use crate::domain::folder::Folder;
    use crate::domain::language::Language;

    const SHAPE: Shape =
        Shape { path: "tables/t.csv", required: &["id"], optional: &["note"], named: &["name"] };

    fn read(text: &str) -> (Vec<String>, String) {
        let mut folder = Folder::default();
        folder.files.insert("tables/t.csv".into(), text.into());
        let mut problems = Problems::default();
        let table =
            SHAPE.read(&folder, &[Language::Da], Presence::No, &mut problems).expect("a table");
        let cells = table.rows.iter().map(|row| {
            let word = row.required("id", &mut problems);
            let place = word.as_ref().map_or(&row.place, |word| &word.place);
            let text = word.as_ref().map_or("-", |word| word.text.as_str());
            format!("{text} {}:{}", place.line, place.column)
        });
        let cells = cells.collect();
        let told =
            if problems.is_empty() { String::new() } else { problems.into_error().to_string() };
        (cells, told)
    }

    #[test]
    fn cells_know_their_place_past_quotes_blank_lines_and_crlf() {
        let (cells, told) = read("name_da;id\r\n\r\n\"a;\"\"b\";x\r\n\"two\nlines\";y\r\næ;z\r\n");
        assert_eq!(told, "");
        assert_eq!(cells, ["x 3:9", "y 5:8", "z 6:3"]);
    }

    #[test]
    fn a_quote_inside_a_cell_is_only_a_quote() {
        let (cells, told) = read("name_da;id\n12\" rør;x\n");
        assert_eq!(told, "");
        assert_eq!(cells, ["x 2:9"]);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_header() {
        assert_eq!(read("\u{FEFF}id;name_da\nx;y\n").1, "");
    }

    #[test]
    fn everything_wrong_with_a_header_is_told_at_once() {
        let (_, told) = read("Id;note;note\n1;2;3\n");
        assert_eq!(
            told,
            "tables/t.csv:1:1: `Id` is no column of this table\nhelp: did you mean `id`?\n\n\
             tables/t.csv:1:1: column `id` is missing\nhelp: write the header `id;name_da`\n\n\
             tables/t.csv:1:1: column `name_da` is missing\nhelp: write the header `id;name_da`\n\n\
             tables/t.csv:1:9: column `note` stands twice\nhelp: keep one of them"
        );
    }

    #[test]
    fn short_rows_and_empty_cells_are_told_where_they_are() {
        let (cells, told) = read("name_da;id\na;\nb\nc; d\n");
        assert_eq!(cells, ["- 2:1", "- 3:1", "d 4:3"]);
        assert_eq!(
            told,
            "tables/t.csv:2:3: `id` is empty: ``\nhelp: fill the cell; every row needs it\n\n\
             tables/t.csv:3:1: the row has `1` cells, the header has 2\nhelp: look for a missing or \
             extra `;`; put double quotes round a text that contains one\n\n\
             tables/t.csv:4:3: `id` is written ` d`, with blanks around it\nhelp: write `d`"
        );
    }

    #[test]
    fn an_empty_file_lacks_its_header() {
        let (_, told) = read("");
        assert_eq!(
            told,
            "tables/t.csv:1:1: `tables/t.csv` is empty\nhelp: begin with the header `id;name_da`"
        );
    }
}
