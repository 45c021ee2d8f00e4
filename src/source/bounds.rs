//! Every bound on what is delivered, and why it stands where it does. What passes one is refused
//! whole by the bound's name and value (Q013), and the other deliveries stand.
//!
//! They are set so that two threads, each at its worst delivery, stay below 256 MiB together, and
//! so high that no delivery of public spending has come near one. Facts and the number of
//! deliveries have none: memory follows them.

use crate::domain::quarantine::{Quarantined, Reason};

/// Something of which a delivery, or a run, may have only so much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Bound {
    /// Bytes of one physical line. A line is held whole, by every thread, with a number for each of
    /// its cells; the longest line of any table seen is a hundredth of this.
    LineBytes,
    /// Cells of one line: what a sheet has at most.
    LineCells,
    /// Physical lines of a delivery: twice the largest that was measured. Line numbers and counts
    /// of lines are `u32`.
    Lines,
    /// Lines of a delivery that are no data: as many as the lines of the largest delivery there is.
    /// They pack to a thousandth, and each takes its time.
    NoData,
    /// Refused lines of a delivery that are listed one by one. A line takes some 200 bytes here and
    /// more in each file and page it stands in.
    RefusedLines,
    /// Bytes the refused lines of a delivery take: a line with many faults is many lines.
    RefusedBytes,
    /// The same of all deliveries together.
    RunRefusedBytes,
    /// Øre and other units of all deliveries without their signs: while this is an `i64`, so is
    /// every sum.
    RunSum,
    /// Lines of all deliveries: while this is a `u32`, so is every count.
    RunLines,
    /// Bytes a gzip or zstd stream, or one file of a zip, may become for each packed byte, beyond
    /// [`FREE`]; one part of a workbook, beyond [`FREE_PART`].
    Ratio,
    /// Files in a zip, or parts in a workbook.
    ZipFiles,
    /// Bytes all files of a zip may become: an hour of reading.
    ZipUnpacked,
    /// Bytes of the part of a workbook that has its shared strings, which are held.
    WorkbookStrings,
    /// Bytes of a part of a workbook that says which sheets there are, where they stand and how
    /// numbers look: all of that is held.
    WorkbookParts,
    /// Bytes of a sheet as XML, of an `.ods` of all its sheets: they stream by, and take time.
    WorkbookSheet,
    /// Elements of a workbook's XML that are open at a time: all their names are held.
    WorkbookDepth,
    /// Bytes of the lines a sheet is written out to, repeats included: a million rows of twenty
    /// columns. Lines stream by as well; a few hundred bytes of `.ods` can stand for any number.
    SheetText,
    /// Rows of a sheet, in any program that writes one; empty ones are rows too.
    SheetRows,
    /// Columns of a sheet, likewise.
    SheetColumns,
    /// Bytes the rows of a correction pack take: they are held until all deliveries are read.
    PackBytes,
    /// Bytes, and 8 for each cell, that all refused lines take in correction packs: they are held
    /// until the packs are written. What passes it is in its pack without its cells.
    PackLines,
    /// Bytes of a file of control totals, whose lines are held likewise.
    ControlBytes,
}

/// Bytes that may be unpacked whatever they were packed into: ten million lines that are all alike.
pub(crate) const FREE: u64 = if SMALL_ONES { 4 << 20 } else { 1 << 30 };

/// The same of a part of a workbook: an element of XML takes longer to read than a line does.
pub(crate) const FREE_PART: u64 = 128 << 20;

/// Whether deliveries are made to pass bounds: in unit tests and under a fuzzer.
const SMALL_ONES: bool = cfg!(any(test, fuzzing));

/// Refused lines that are listed of a delivery which has too many.
pub(crate) const LISTED: usize = 20;

/// Bounds of deliveries that are made to pass them.
const SMALL: [(Bound, u64); 7] = [
    (Bound::LineBytes, 8 << 10),
    (Bound::LineCells, 2_000),
    (Bound::Lines, 200_000),
    (Bound::NoData, 4_000),
    (Bound::RefusedLines, 500),
    (Bound::RefusedBytes, 1 << 20),
    (Bound::SheetText, 2 << 20),
];

impl Bound {
    /// Every bound.
    #[cfg(test)]
    pub(crate) const ALL: [Bound; 22] = [
        Bound::LineBytes,
        Bound::LineCells,
        Bound::Lines,
        Bound::NoData,
        Bound::RefusedLines,
        Bound::RefusedBytes,
        Bound::RunRefusedBytes,
        Bound::RunSum,
        Bound::RunLines,
        Bound::Ratio,
        Bound::ZipFiles,
        Bound::ZipUnpacked,
        Bound::WorkbookStrings,
        Bound::WorkbookParts,
        Bound::WorkbookSheet,
        Bound::WorkbookDepth,
        Bound::SheetText,
        Bound::SheetRows,
        Bound::SheetColumns,
        Bound::PackBytes,
        Bound::PackLines,
        Bound::ControlBytes,
    ];

    /// Its name in messages and in `docs/pipelines.md`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Bound::LineBytes => "line_bytes",
            Bound::LineCells => "line_cells",
            Bound::Lines => "lines",
            Bound::NoData => "no_data_lines",
            Bound::RefusedLines => "refused_lines",
            Bound::RefusedBytes => "refused_bytes",
            Bound::RunRefusedBytes => "run_refused_bytes",
            Bound::RunSum => "run_sum",
            Bound::RunLines => "run_lines",
            Bound::Ratio => "unpacked_ratio",
            Bound::ZipFiles => "zip_files",
            Bound::ZipUnpacked => "zip_unpacked_bytes",
            Bound::WorkbookStrings => "workbook_string_bytes",
            Bound::WorkbookParts => "workbook_part_bytes",
            Bound::WorkbookSheet => "workbook_sheet_bytes",
            Bound::WorkbookDepth => "workbook_depth",
            Bound::SheetText => "sheet_text_bytes",
            Bound::SheetRows => "sheet_rows",
            Bound::SheetColumns => "sheet_columns",
            Bound::PackBytes => "pack_bytes",
            Bound::PackLines => "pack_line_bytes",
            Bound::ControlBytes => "control_bytes",
        }
    }

    /// The most there may be.
    pub(crate) fn limit(self) -> u64 {
        let small = SMALL.iter().find(|(bound, _)| SMALL_ONES && *bound == self);
        small.map_or(self.released(), |(_, most)| *most)
    }

    /// The same as it is documented.
    pub(crate) const fn released(self) -> u64 {
        match self {
            Bound::LineBytes | Bound::SheetRows => 1 << 20,
            Bound::LineCells | Bound::SheetColumns => 1 << 14,
            Bound::Lines => 200_000_000,
            Bound::NoData => 10_000_000,
            Bound::RefusedLines => 120_000,
            Bound::RefusedBytes | Bound::RunRefusedBytes => 16 << 20,
            Bound::WorkbookStrings | Bound::PackBytes => 64 << 20,
            Bound::PackLines => 32 << 20,
            Bound::SheetText => 256 << 20,
            Bound::RunSum => i64::MAX.unsigned_abs(),
            Bound::RunLines => 4_294_967_295,
            Bound::WorkbookDepth => 256,
            Bound::Ratio => 100,
            Bound::ZipFiles => 2_000,
            Bound::ZipUnpacked => 8 << 30,
            Bound::WorkbookParts => 8 << 20,
            Bound::ControlBytes => 4 << 20,
            Bound::WorkbookSheet => 2 << 30,
        }
    }

    /// The same as a number of things in memory.
    pub(crate) fn most(self) -> usize {
        usize::try_from(self.limit()).unwrap_or(usize::MAX)
    }

    /// What a delivery that passes it is refused for.
    pub(crate) fn reason(self) -> Reason {
        Reason::TooLarge { bound: self.name().into(), limit: self.limit().to_string().into() }
    }
}

/// The bound that so many refused lines, and the bytes they take, pass.
pub(crate) fn refused(lines: usize, bytes: usize) -> Option<Bound> {
    let passed = |(bound, found): &(Bound, usize)| *found > bound.most();
    let bounds = [(Bound::RefusedLines, lines), (Bound::RefusedBytes, bytes)];
    bounds.into_iter().find(passed).map(|(bound, _)| bound)
}

/// Bytes refused lines take.
pub(crate) fn held(refused: &[Quarantined]) -> usize {
    refused.iter().map(Quarantined::held).sum()
}

/// The places of the heaviest of some weights, that the rest add up to no more than `most`: so many
/// as must be, whatever order the weights came in.
pub(crate) fn heaviest<W>(weights: impl IntoIterator<Item = (W, usize)>, most: u64) -> Vec<usize>
where
    W: Ord + Copy + Into<u128>,
{
    let mut weights: Vec<(W, usize)> = weights.into_iter().collect();
    weights.sort_unstable();
    let mut sum = 0_u128;
    let fits = |(weight, _): &&(W, usize)| {
        sum = sum.saturating_add((*weight).into());
        sum <= u128::from(most)
    };
    let kept = weights.iter().take_while(fits).count();
    let mut over: Vec<usize> = weights.split_off(kept).into_iter().map(|(_, at)| at).collect();
    over.sort_unstable();
    over
}

#[cfg(test)]
mod tests {
    use super::{Bound, heaviest};

    #[test]
    fn the_heaviest_are_taken_off_until_the_rest_fits() {
        for (weights, expected) in [
            (&[3_u64, 1, 2][..], &[][..]),
            (&[4, 1, 2], &[0]),
            (&[2, 9, 2, 8, 2], &[1, 3]),
            // Of equals, the ones delivered last.
            (&[3, 3, 3], &[2]),
            (&[7, 8], &[0, 1]),
        ] {
            let weights = weights.iter().copied().zip(0..);
            assert_eq!(heaviest(weights, 6), expected);
        }
    }

    #[test]
    fn every_bound_has_its_row_in_the_handbook() {
        let handbook = include_str!("../../docs/pipelines.md");
        let said = handbook.replace(',', "");
        for bound in Bound::ALL {
            let row = format!("\n| `{}` | {} |", bound.name(), bound.released());
            assert!(said.contains(&row), "no row for {bound:?}:{row}");
        }
    }
}
