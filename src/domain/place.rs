//! A place in a definition file.

/// A place in a definition file, for messages an editor can jump to.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// File name, relative to the pipeline folder.
    pub file: String,
    /// 1-based line.
    pub line: usize,
    /// 1-based column; 1 when the whole line is meant.
    pub column: usize,
}

impl Place {
    /// The place of byte `offset` in a file's `text`.
    pub fn of(file: &str, text: &str, offset: usize) -> Place {
        let before = &text.as_bytes()[..offset.min(text.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
        Place { file: file.to_owned(), line, column }
    }
}
