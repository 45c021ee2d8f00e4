//! A definition file as text whose every byte has a line and a column.

use crate::domain::source::{Folder, Place};
use crate::programme::problems::Problems;

/// One file of the pipeline folder, decoded.
#[derive(Debug)]
pub(super) struct Text {
    /// Path relative to the pipeline folder.
    pub(super) file: String,
    /// The content, without a byte order mark.
    pub(super) text: String,
}

/// What asking for a file gives.
#[derive(Debug)]
pub(super) enum Asked {
    /// It is there.
    Text(Text),
    /// It is there and is no UTF-8 text; the problem is noted.
    Unreadable,
    /// The folder has no such file.
    Absent,
}

impl Text {
    /// Asks the folder for a file; notes a problem when the bytes are not UTF-8.
    pub(super) fn ask(folder: &Folder, path: &str, problems: &mut Problems) -> Asked {
        let Some(bytes) = folder.files.get(path) else {
            return Asked::Absent;
        };
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => Asked::Text(Text { file: path.to_owned(), text: text.to_owned() }),
            Err(error) => {
                let sound = Text {
                    file: path.to_owned(),
                    text: String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned(),
                };
                let byte = bytes[error.valid_up_to()];
                problems.note(
                    &sound.place(error.valid_up_to()),
                    format!("byte `0x{byte:02X}` is not UTF-8"),
                    "save the file as UTF-8",
                );
                Asked::Unreadable
            }
        }
    }

    /// Line and column of a byte offset, both from 1, columns in characters.
    pub(super) fn place(&self, offset: usize) -> Place {
        let mut end = offset.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let before = &self.text[..end];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Place {
            file: self.file.clone(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// The first character of a file: where a missing file or a missing key of the root is told.
pub(super) fn top_of(file: &str) -> Place {
    Place { file: file.to_owned(), line: 1, column: 1 }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn columns_count_characters_not_bytes() {
        let text = Text { file: "x.csv".to_owned(), text: "æøå;b\r\n1;2".to_owned() };
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
