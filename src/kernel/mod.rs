//! Bytes to facts in one pass, for any contract: the same verdicts as the plain reader, fast.
//!
//! The kernel has no rule of its own. It accepts a record when every cell of it is known to hold,
//! and hands every other record to the plain reader (`source::split`, `validate::verdict`), whose
//! answer it remembers. Nothing is judged in two places, and a refusal has one wording.
//!
//! # One line, byte by byte
//!
//! ```text
//! 0751;01-03-2018;2018-03;BYG;2.1;22.65;"Licens; drift";48.000,00\n
//! ```
//!
//! 1. `window` holds 64 KiB of the delivery, with room around them, so that words may be loaded
//!    before the first byte and behind the last.
//! 2. `index` compares 64 bytes at once with the delimiter, the quote and the line ends
//!    (`block`; `avx512` on processors that have it) and notes the places: 4, 15, 23, 27, 31, 37,
//!    38, 52, 53 and 63 here. The quotes at 38 and 52 say that the `;` between them ends no cell.
//! 3. `batch` turns places into cells of up to 64 records, column by column: cell 3 of this record
//!    is bytes 24 to 27.
//! 4. `record` runs the contract's `program` over each column. `BYG` is a code: `interner` has it
//!    under 7, because a line with it was accepted before. `2018-03` is a period: `calendar` has
//!    it in its date cache. `48.000,00` is a number: `number` reads its digits in one stroke, as
//!    4,800,000 øre. `"Licens; drift"` must hold no personal number: `text`. A cell that one of
//!    them does not know makes the record unsure, one bit in a word.
//! 5. The codes that say what the line is about are packed into 64 bits, and `combinations` gives
//!    the row they have in the `table`: one sum a period and measure. The line is added there.
//! 6. An unsure record goes to the plain reader. Accepted, its codes, its date and its combination
//!    are learned, so that the next record like it is sure. Refused, it is kept with its reason.
//!
//! A large delivery is cut into `ranges` of 2 MiB, read by every thread; where a range begins is
//! guessed, and held against where the one before it ends.
//!
//! # When you change it
//!
//! - Accept less, never more: a record left to the plain reader is slow, and a record accepted
//!   wrongly is a wrong figure. `collect/kernel_tests.rs` holds the two equal on made-up contracts
//!   and deliveries, `tests/fuzz` on anything.
//! - `tests/bench/instructions/count` says what a line costs, and fails 5 % over its bound.

mod avx512;
mod batch;
mod block;
mod byte_range;
mod calendar;
mod combinations;
mod index;
mod interner;
mod number;
mod program;
mod ranges;
mod record;
mod table;
mod text;
mod window;

use crate::contract::charset::Charset;
use crate::contract::compiled::{Contract, HeaderAt, Layout};
use crate::contract::pattern::Named;
use crate::contract::schema::{Holds, SurplusCells};
use crate::domain::delivery::DeliveryId;
use crate::domain::measure::Measure;
use crate::domain::money::Oere;
use crate::domain::number::to_u64;
use crate::domain::quarantine::Quarantined;
use crate::facts::Facts;
use crate::kernel::byte_range::{ByteRange, read_range};
use crate::kernel::program::Program;
use crate::kernel::record::ThreadState;
use crate::kernel::table::FactTable;
use crate::source::bounds::Bound;
use crate::source::charset::{HEAD, likely};
use crate::source::content::Content;
use crate::source::scan::{self, fill};
use crate::source::split::{RecordKind, Split};
use crate::source::text::EncodedText;
use crate::validate::find::find;
use crate::validate::setting::Setting;
use blake3::Hasher;
use encoding_rs::Encoding;
use std::io::{self, Read as _};

/// A delivery of fewer ranges is read by one thread, for each that takes part has to learn its
/// codes.
const CUT: u64 = if cfg!(test) { 2 } else { 8 };

/// A delivery read to its end.
pub(crate) struct KernelResult {
    table: FactTable,
    pub(crate) bytes: u64,
    /// BLAKE3, lower-case hex.
    pub(crate) blake3: String,
    /// Whether bytes stand behind the last line end.
    pub(crate) open_end: bool,
    pub(crate) encoding: &'static Encoding,
    pub(crate) lines_accepted: u32,
    /// Lines with nothing on them.
    pub(crate) blank: u32,
    /// Sum of the amounts on accepted lines.
    pub(crate) accepted: Oere,
    pub(crate) delivery: DeliveryId,
    /// The refused lines, in their order.
    pub(crate) quarantine: Vec<Quarantined>,
}

/// The lines before the data: the header, and blank ones.
struct HeaderLines {
    bytes: usize,
    lines: u32,
    blank: u32,
}

/// Reads the content of a delivery of this name, in ranges of `range` bytes where it is much
/// longer; `None` when it is one for the plain reader: refused whole, in another encoding than it
/// begins in, past a bound, too heavy to add up without a look at every line, or under a contract
/// with something the kernel has no notion of.
pub(crate) fn read(
    contract: &Contract,
    named: &Named,
    (id, name, content): (DeliveryId, &str, &dyn Content),
    range: u64,
) -> io::Result<Option<KernelResult>> {
    let (layout, sender) = contract.sender(name);
    if !plainly_laid_out(layout) || contract.holds == Holds::Lookup {
        return Ok(None);
    }
    let mut head = vec![0; HEAD];
    let length = fill(&mut content.open()?, &mut head)?;
    head.truncate(length);
    let (Some(encoding), None) = (likely(&head, &layout.encodings), scan::looks_like(&head)) else {
        return Ok(None);
    };
    // A header that does not end within the head is left to the plain reader below.
    let text = EncodedText { content: &head, charset: Charset::Web(encoding), layout };
    let Ok((delimiter, header)) = find(contract, sender, &text)? else {
        return Ok(None);
    };
    let Some(top) = top(&head, delimiter, layout)? else {
        return Ok(None);
    };
    if memchr::memchr(0, &head[..top.bytes]).is_some() {
        return Ok(None);
    }
    drop(head);
    let setting = Setting::new(contract, &header, encoding, named);
    let Some(program) = Program::of(&setting, layout, delimiter) else {
        return Ok(None);
    };
    let whole = ByteRange {
        start: 0,
        skipped: top.bytes,
        end: u64::MAX,
        line: top.lines.saturating_add(1),
    };
    let state = || ThreadState::new(&setting, layout, &program, id);
    let size = content.size()?.unwrap_or(0);
    if size / CUT >= range && program.key.is_empty() {
        let cut = ranges::read(content, &program, whole, (size, range), &state)?;
        if let Some((state, bytes, blake3)) = cut {
            let mut end = Vec::new();
            content.open_at(bytes.saturating_sub(2))?.read_to_end(&mut end)?;
            return Ok(done(state, (bytes, blake3, scan::is_open(&end)), encoding, &top));
        }
    }
    let mut state = state();
    let (mut hash, mut bytes, mut open_end) = (Hasher::new(), 0, false);
    let covered = read_range(&mut state, whole, &mut content.open()?, |part| {
        hash.update(part);
        if !part.is_empty() {
            open_end = scan::is_open(part);
        }
        bytes += to_u64(part.len());
    })?;
    if !covered.holds {
        return Ok(None);
    }
    let blake3 = hash.finalize().to_hex().to_string();
    Ok(done(state, (bytes, blake3, open_end), encoding, &top))
}

/// Whether every line but the first, and the blank ones, is data.
fn plainly_laid_out(layout: &Layout) -> bool {
    let Layout {
        header,
        comment,
        comment_rows,
        surplus,
        loose_quotes,
        escape,
        // Of the bytes: read where the program and its records are made.
        encodings: _,
        delimiters: _,
        quote: _,
        max_lines: _,
        sheet: _,
    } = layout;
    *header == HeaderAt::First
        && comment.is_none()
        && comment_rows.is_empty()
        && *surplus != SurplusCells::IgnoreEmpty
        && !loose_quotes
        && escape.is_none()
}

/// What stands before the data; `None` when it does not end within `head`.
fn top(head: &[u8], delimiter: u8, layout: &Layout) -> io::Result<Option<HeaderLines>> {
    let mut split = Split::new(head, delimiter, layout.quote, layout.max_lines);
    let mut blank = 0;
    while split.next()? == Some(RecordKind::Blank) {
        blank += 1;
    }
    let whole = split.taken() < head.len() || head.len() < HEAD;
    Ok(whole.then(|| HeaderLines { bytes: split.consumed(), lines: split.lines(), blank }))
}

/// Closes the thread's state; `None` when it holds no line, or more than can be added up.
fn done(
    state: ThreadState,
    (bytes, blake3, open_end): (u64, String, bool),
    encoding: &'static Encoding,
    top: &HeaderLines,
) -> Option<KernelResult> {
    let heavy = i64::try_from(state.book.weight).is_err();
    let blank = top.blank.saturating_add(state.lines_not_data);
    let over = state.over || u64::from(blank) >= Bound::NoData.limit();
    if heavy || over || (state.lines_accepted == 0 && state.quarantine.is_empty()) {
        return None;
    }
    Some(KernelResult {
        bytes,
        blake3,
        open_end,
        encoding,
        lines_accepted: state.lines_accepted,
        blank,
        accepted: Oere::new(state.table.sum(Measure::Amount)),
        table: state.table,
        delivery: state.delivery,
        quarantine: state.quarantine,
    })
}

impl KernelResult {
    /// The facts in key order.
    pub(crate) fn facts(&mut self) -> Facts {
        self.table.facts(self.delivery)
    }
}
