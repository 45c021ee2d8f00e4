//! A definition file as text whose every byte has a line and a column.

use crate::definition::problems::Problems;
use crate::domain::folder::Folder;
use crate::domain::place::Place;

/// One file of the pipeline folder, decoded.
#[derive(Debug)]
pub(crate) struct DefinitionFile {
    /// Path relative to the pipeline folder.
    pub(crate) file: String,
    /// The content, without a byte order mark.
    pub(crate) content: String,
    /// First byte of each line.
    lines: Vec<usize>,
}

/// What asking for a file gives.
#[derive(Debug)]
pub(crate) enum FileLookup {
    /// It is there.
    Text(DefinitionFile),
    /// It is there and is no UTF-8 text; the problem is noted.
    Unreadable,
    /// The folder has no such file.
    Absent,
}

impl DefinitionFile {
    /// A file's content, with its lines counted.
    pub(crate) fn new(file: &str, text: &str) -> DefinitionFile {
        let after_newlines = text.match_indices('\n').map(|(newline, _)| newline + 1);
        DefinitionFile {
            file: file.to_owned(),
            content: text.to_owned(),
            lines: std::iter::once(0).chain(after_newlines).collect(),
        }
    }

    /// Asks the folder for a file; notes a problem when the bytes are not UTF-8.
    pub(crate) fn ask(folder: &Folder, path: &str, problems: &mut Problems) -> FileLookup {
        let Some(bytes) = folder.files.get(path) else {
            return FileLookup::Absent;
        };
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => FileLookup::Text(DefinitionFile::new(path, text)),
            Err(error) => {
                let sound = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
                let sound = DefinitionFile::new(path, &sound);
                let byte = bytes[error.valid_up_to()];
                problems.note(
                    &sound.place(error.valid_up_to()),
                    format!("byte `0x{byte:02X}` is not UTF-8"),
                    "save the file as UTF-8",
                );
                FileLookup::Unreadable
            }
        }
    }

    /// Line and column of a byte offset, both from 1, columns in characters.
    pub(crate) fn place(&self, offset: usize) -> Place {
        let mut end = offset.min(self.content.len());
        while !self.content.is_char_boundary(end) {
            end -= 1;
        }
        let line = self.lines.partition_point(|start| *start <= end);
        let start = self.lines[line - 1];
        Place {
            file: self.file.clone(),
            line,
            column: self.content[start..end].chars().count() + 1,
        }
    }
}

/// The first character of a file: where a missing file or a missing key of the root is told.
pub(crate) fn top_of(file: &str) -> Place {
    Place { file: file.to_owned(), line: 1, column: 1 }
}

#[cfg(test)]
mod tests {
    use super::DefinitionFile;

    #[test]
    fn columns_count_characters_not_bytes() {
        let text = DefinitionFile::new("x.csv", "æøå;b\r\n1;2");
        let at = |offset| {
            let place = text.place(offset);
            (place.line, place.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(7), (1, 5));
        assert_eq!(at(10), (2, 1));
        assert_eq!(at(999), (2, 4));
    }
}
