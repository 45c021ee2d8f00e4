//! Deliveries wrong as a whole, or outside the programme: small, and in nobody's way.

use crate::domain::id::AuthorityId;
use crate::domain::period::Month;
use crate::sample::dialect::SenderDialect;
use crate::sample::plan::{SamplePlan, SenderPlan};
use crate::sample::posting;
use crate::sample::sheet::SampleDelivery;
use crate::sample::slot::{DeliveryKind, Slot};

/// A file that is refused whole.
pub(super) struct Rejected {
    /// Path relative to the delivery folder.
    pub(super) name: String,
    /// The reason's code.
    pub(super) code: &'static str,
    /// What it holds.
    pub(super) bytes: Vec<u8>,
}

/// An authority no register knows.
const NOBODY: &str = "0999";

/// Tables in good order of which every line is refused: by an authority nobody knows, and for
/// months just before and after the programme.
pub(super) fn sheets(plan: &SamplePlan) -> Vec<SampleDelivery> {
    let nobody = AuthorityId::new(NOBODY);
    let steady = |sender: &&SenderPlan| {
        sender.authority.valid_from.is_none() && sender.authority.valid_to.is_none()
    };
    let Some(sender) = plan.senders.iter().find(steady) else {
        return Vec::new();
    };
    let mut sheets = Vec::new();
    if !plan.programme.authorities.entries.contains_key(&nobody) {
        let mut sheet = one_line("Q301", sender, Slot::of(plan.programme.first), 1);
        NOBODY.clone_into(&mut sheet.lines[0].cells[0]);
        sheet.name = DeliveryKind::Spending.file(&nobody, plan.programme.first.year().get(), 1);
        sheet.authority = nobody;
        sheets.push(sheet);
    }
    let beside = [plan.programme.first.offset(-1), plan.programme.last.offset(1)];
    for month in beside.into_iter().flatten() {
        let own_file = plan.years().all(|year| year != month.year().get());
        let version = if own_file { 1 } else { 9 };
        sheets.push(one_line("Q305", sender, Slot::of(month), version));
    }
    sheets
}

fn one_line(code: &'static str, sender: &SenderPlan, slot: Slot, version: u32) -> SampleDelivery {
    SampleDelivery {
        name: DeliveryKind::Spending.file(&sender.authority.id, slot.year, version),
        kind: DeliveryKind::Spending,
        authority: sender.authority.id.clone(),
        lines: vec![posting::refused(code, sender, &sender.cells[0], slot, 0)],
    }
}

const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"da\"><head><title>Log på</title></head>\n\
    <body><p>Din session er udløbet. Log på igen for at hente filen.</p></body></html>\n";

/// The local header of a zip with one empty stored file, and nothing after it.
const ZIP: &[u8] = b"PK\x03\x04\x0a\x00\x00\x00\x00\x00\x00\x00\x21\x00\x00\x00\x00\x00\
    \x00\x00\x00\x00\x00\x00\x00\x00\x08\x00\x00\x00brug.csv";

/// One file for each way a whole file can be refused. They pose as late versions of files that are
/// there, so that what was delivered before still counts.
pub(super) fn rejected(plan: &SamplePlan) -> Vec<Rejected> {
    if plan.senders.is_empty() {
        return Vec::new();
    }
    let mut files = Vec::new();
    let mut add =
        |code: &'static str, kind: DeliveryKind, bytes: &dyn Fn(RejectedPlan) -> Vec<u8>| {
            let place = files.len();
            let sender = &plan.senders[place % plan.senders.len()];
            let years: Vec<i16> = plan.years().collect();
            let year = years[place % years.len()];
            let version = 3 + u32::try_from(place / plan.senders.len()).expect("a few files");
            let authority = &sender.authority.id;
            let paper = RejectedPlan { sender, kind, year };
            files.push(Rejected {
                name: kind.file(authority, year, version),
                code,
                bytes: bytes(paper),
            });
        };
    add("Q001", DeliveryKind::Spending, &|_| Vec::new());
    add("Q002", DeliveryKind::Spending, &|paper| paper.table(&paper.header(), 0));
    add("Q003", DeliveryKind::Spending, &|_| PAGE.as_bytes().to_vec());
    add("Q003", DeliveryKind::Usage, &|_| ZIP.to_vec());
    add("Q004", DeliveryKind::Spending, &|paper| paper.table(&paper.header()[..7], 7));
    add("Q005", DeliveryKind::Usage, &|paper| {
        paper.table(&[&paper.header()[..], &["Bemærkning"]].concat(), 12)
    });
    add("Q006", DeliveryKind::Spending, &|paper| {
        let header = paper.header();
        paper.table(&[&header[..], &header[7..]].concat(), 9)
    });
    add("Q008", DeliveryKind::Spending, &|paper| {
        // No letter of Windows-1252 has these numbers, and UTF-8 has no letter beginning with them.
        [paper.table(&paper.header(), 8), b"\x81\x8d\x8f\x90\x9d\r\n".to_vec()].concat()
    });
    files.push(Rejected {
        name: format!("{}/laesmig.txt", DeliveryKind::Spending.folder()),
        code: "Q007",
        bytes: "Filerne er trukket fra økonomisystemet.\n".as_bytes().to_vec(),
    });
    files
}

/// What a refused file would have been.
#[derive(Clone, Copy)]
struct RejectedPlan<'a> {
    sender: &'a SenderPlan<'a>,
    kind: DeliveryKind,
    year: i16,
}

impl RejectedPlan<'_> {
    fn header(self) -> Vec<&'static str> {
        SenderDialect::of(self.sender.authority.id.as_str()).header(self.kind).to_vec()
    }

    /// The header, and one line of `cells` cells when that is above zero.
    fn table(self, header: &[&str], cells: usize) -> Vec<u8> {
        let dialect = SenderDialect::of(self.sender.authority.id.as_str());
        let mut text = dialect.line(header.iter().copied());
        if cells > 0 {
            let slot = Month::new(self.year, 1).map(Slot::of).expect("a year of the programme");
            let cell = &self.sender.cells[0];
            let mut line = posting::refused("", self.sender, cell, slot, 0).cells;
            line.resize(cells, "0".to_owned());
            text.push_str(&dialect.line(line.iter().map(String::as_str)));
        }
        dialect.bytes(&text)
    }
}
