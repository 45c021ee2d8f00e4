//! One delivery while it is written: its lines, and what is to become of each.

use crate::domain::id::{AuthorityId, ServiceId};
use crate::sample::dialect::SenderDialect;
use crate::sample::slot::{DeliveryKind, Redelivery, Slot};

/// One delivery of one authority.
pub(super) struct SampleDelivery {
    /// Path relative to the delivery folder.
    pub(super) name: String,
    /// Spending or usage.
    pub(super) kind: DeliveryKind,
    /// Whose.
    pub(super) authority: AuthorityId,
    /// Its data lines, in order.
    pub(super) lines: Vec<SampleLine>,
}

/// One data line.
pub(super) struct SampleLine {
    /// The cells, before quoting.
    pub(super) cells: Vec<String>,
    /// The cell that begins with a quote and never closes it.
    pub(super) left_open: Option<usize>,
    /// What is to become of it.
    pub(super) fate: LineFate,
}

/// What is to become of a line.
pub(super) enum LineFate {
    /// It counts.
    Posted(GoodLine),
    /// A later delivery replaces it.
    Superseded(GoodLine),
    /// It is refused, under this code.
    Refused {
        /// The reason's code.
        code: &'static str,
        /// Its amount, where it can still be read.
        oere: Option<i64>,
    },
}

impl LineFate {
    /// The fate of a good line: replaced when its month is delivered again.
    pub(super) fn of_good(entry: GoodLine, replaced: Redelivery) -> LineFate {
        match replaced {
            Redelivery::Later => LineFate::Superseded(entry),
            Redelivery::Never => LineFate::Posted(entry),
        }
    }
}

/// What a good line says.
pub(super) struct GoodLine {
    /// Of which service.
    pub(super) service: ServiceId,
    /// Of which period.
    pub(super) slot: Slot,
    /// What.
    pub(super) content: LineFigures,
}

/// The figures on a good line.
pub(super) enum LineFigures {
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

impl SampleDelivery {
    /// The file as the authority would hand it over.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let dialect = SenderDialect::of(self.authority.as_str());
        let mut text = dialect.line(dialect.header(self.kind).iter().copied());
        for line in &self.lines {
            let cells: Vec<&str> = line.cells.iter().map(String::as_str).collect();
            text.push_str(&match line.left_open {
                Some(open) => dialect.line_left_open(&cells, open),
                None => dialect.line(cells),
            });
        }
        dialect.bytes(&text)
    }
}
