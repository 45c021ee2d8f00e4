//! One delivery while it is written: its lines, and what is to become of each.

use crate::domain::id::{AuthorityId, ServiceId};
use crate::sample::dialect::Dialect;
use crate::sample::slot::{Kind, Replaced, Slot};

/// One delivery of one authority.
pub(super) struct Sheet {
    /// Path relative to the delivery folder.
    pub(super) name: String,
    /// Spending or usage.
    pub(super) kind: Kind,
    /// Whose.
    pub(super) authority: AuthorityId,
    /// Its data lines, in order.
    pub(super) lines: Vec<Line>,
}

/// One data line.
pub(super) struct Line {
    /// The cells, before quoting.
    pub(super) cells: Vec<String>,
    /// The cell that begins with a quote and never closes it.
    pub(super) left_open: Option<usize>,
    /// What is to become of it.
    pub(super) fate: Fate,
}

/// What is to become of a line.
pub(super) enum Fate {
    /// It counts.
    Posted(Entry),
    /// A later delivery replaces it.
    Superseded(Entry),
    /// It is refused, under this code.
    Refused {
        /// The reason's code.
        code: &'static str,
        /// Its amount, where it can still be read.
        oere: Option<i64>,
    },
}

impl Fate {
    /// The fate of a good line: replaced when its month is delivered again.
    pub(super) fn of_good(entry: Entry, replaced: Replaced) -> Fate {
        match replaced {
            Replaced::Later => Fate::Superseded(entry),
            Replaced::Never => Fate::Posted(entry),
        }
    }
}

/// What a good line says.
pub(super) struct Entry {
    /// Of which service.
    pub(super) service: ServiceId,
    /// Of which period.
    pub(super) slot: Slot,
    /// What.
    pub(super) content: Content,
}

/// The figures on a good line.
pub(super) enum Content {
    /// Øre spent.
    Oere(i64),
    /// Transactions counted.
    Counts {
        /// Completed.
        completed: i64,
        /// Completed digitally.
        digital: i64,
        /// Satisfied and answered, where anyone was asked.
        survey: Option<(i64, i64)>,
    },
}

impl Sheet {
    /// The file as the authority would hand it over.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let dialect = Dialect::of(self.authority.as_str());
        let mut text = dialect.line(dialect.header(self.kind).iter().copied());
        for line in &self.lines {
            let cells = line.cells.iter().map(String::as_str);
            text.push_str(&match line.left_open {
                Some(open) => dialect.line_left_open(cells, open),
                None => dialect.line(cells),
            });
        }
        dialect.bytes(&text)
    }
}
