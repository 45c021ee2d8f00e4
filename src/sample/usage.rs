//! Usage deliveries: one line a month, service and channel, good ones and bad ones.

use crate::sample::dialect::{decimal, grouped};
use crate::sample::fault::Faults;
use crate::sample::plan::{SenderPlan, ServicePlan};
use crate::sample::random::Random;
use crate::sample::sheet::{GoodLine, LineFate, LineFigures, SampleDelivery, SampleLine};
use crate::sample::slot::{DeliveryKind, Redelivery, Slot};
use crate::sample::timeline::{self, Counts};

/// Each way a usage line can be bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum UsageMistake {
    HoursGrouping,
    HoursWord,
    ServiceEmpty,
    MonthImpossible,
    CountWord,
    CountNegative,
    ChannelUnlisted,
    CellTooFew,
    CellTooMany,
    KeyTwice,
    DigitalAboveCompleted,
    AuthorityUnknown,
    ServiceUnknown,
    AuthorityOther,
}

/// Every way, in the order of the enum.
pub(super) const WAYS: [UsageMistake; 14] = [
    UsageMistake::HoursGrouping,
    UsageMistake::HoursWord,
    UsageMistake::ServiceEmpty,
    UsageMistake::MonthImpossible,
    UsageMistake::CountWord,
    UsageMistake::CountNegative,
    UsageMistake::ChannelUnlisted,
    UsageMistake::CellTooFew,
    UsageMistake::CellTooMany,
    UsageMistake::KeyTwice,
    UsageMistake::DigitalAboveCompleted,
    UsageMistake::AuthorityUnknown,
    UsageMistake::ServiceUnknown,
    UsageMistake::AuthorityOther,
];

/// The year's usage delivery of one authority; its lines may be none.
pub(super) fn sheet(
    sender: &SenderPlan,
    year: i16,
    faults: &mut Faults<UsageMistake>,
) -> SampleDelivery {
    let mut lines = Vec::new();
    for number in 1..=12 {
        let slot = Slot { year, number };
        if sender.is_gap(DeliveryKind::Usage, slot) {
            continue;
        }
        let replaced = sender.replaced(DeliveryKind::Usage, slot);
        for cell in sender.cells.iter().filter(|cell| cell.runs_in(slot)) {
            for counts in cell.course.counts(slot) {
                let good = line(sender, cell, slot, &counts, replaced);
                // Only the smallest channel is spoiled, so that no figure is lost from sight.
                let due = (counts.channel == "personlig")
                    .then(|| {
                        faults.due(|way| {
                            way != UsageMistake::AuthorityOther || sender.stranger.is_some()
                        })
                    })
                    .flatten();
                match due {
                    None => lines.push(good),
                    Some(UsageMistake::KeyTwice) => {
                        let again = line(sender, cell, slot, &counts, replaced);
                        lines.extend([good, refused("Q203", again)]);
                    }
                    Some(way) => lines.push(spoiled(way, good, sender, slot, &counts)),
                }
            }
        }
    }
    for slot in sender.slots_outside(year) {
        let cell = &sender.cells[0];
        let [counts, ..] = cell.course.counts(slot);
        lines.push(refused("Q302", line(sender, cell, slot, &counts, Redelivery::Never)));
    }
    named(sender, year, 1, lines)
}

/// The month delivered again, as version 2: the same services, other counts.
pub(super) fn resend(sender: &SenderPlan, slot: Slot) -> SampleDelivery {
    let mut lines = Vec::new();
    for cell in sender.cells.iter().filter(|cell| cell.runs_in(slot)) {
        for counts in cell.course.counts(slot) {
            let fewer = |count: i64| timeline::scale(count, 978_000);
            let corrected = Counts {
                channel: counts.channel,
                started: fewer(counts.started),
                completed: fewer(counts.completed),
                digital: fewer(counts.digital),
                assisted: fewer(counts.assisted),
                hours: counts.hours,
                survey: counts
                    .survey
                    .map(|(satisfied, answered)| (fewer(satisfied), fewer(answered))),
            };
            lines.push(line(sender, cell, slot, &corrected, Redelivery::Never));
        }
    }
    named(sender, slot.year, 2, lines)
}

fn named(sender: &SenderPlan, year: i16, version: u32, lines: Vec<SampleLine>) -> SampleDelivery {
    SampleDelivery {
        name: DeliveryKind::Usage.file(&sender.authority.id, year, version),
        kind: DeliveryKind::Usage,
        authority: sender.authority.id.clone(),
        lines,
    }
}

fn line(
    sender: &SenderPlan,
    cell: &ServicePlan,
    slot: Slot,
    counts: &Counts,
    replaced: Redelivery,
) -> SampleLine {
    let id = sender.authority.id.as_str();
    let service = cell.service.as_str();
    let mut random = Random::seeded(&["usage", id, service, &slot.to_string(), counts.channel]);
    let mut whole = |count: i64| {
        if random.between(0, 1) == 0 { count.to_string() } else { grouped(count.unsigned_abs()) }
    };
    let (satisfied, answered) = counts
        .survey
        .map_or((String::new(), String::new()), |survey| (whole(survey.0), whole(survey.1)));
    let cells = vec![
        id.to_owned(),
        slot.to_string(),
        service.to_owned(),
        counts.channel.to_owned(),
        whole(counts.started),
        whole(counts.completed),
        whole(counts.digital),
        whole(counts.assisted),
        decimal(counts.hours),
        satisfied,
        answered,
    ];
    let content = LineFigures::Counts {
        completed: counts.completed,
        digital: counts.digital,
        survey: counts.survey,
    };
    let entry = GoodLine { service: cell.service.clone(), slot, content };
    SampleLine { cells, left_open: None, fate: LineFate::of_good(entry, replaced) }
}

fn refused(code: &'static str, line: SampleLine) -> SampleLine {
    SampleLine { fate: LineFate::Refused { code, oere: None }, ..line }
}

/// The line, bad in one way.
fn spoiled(
    way: UsageMistake,
    mut line: SampleLine,
    sender: &SenderPlan,
    slot: Slot,
    counts: &Counts,
) -> SampleLine {
    let cells = &mut line.cells;
    let mut set = |place: usize, text: &str| text.clone_into(&mut cells[place]);
    let code = match way {
        UsageMistake::HoursGrouping => {
            set(8, "1.2.34");
            "Q101"
        }
        UsageMistake::HoursWord => {
            set(8, "abc");
            "Q101"
        }
        UsageMistake::ServiceEmpty => {
            set(2, "");
            "Q102"
        }
        UsageMistake::MonthImpossible => {
            set(1, &format!("{}-14", slot.year));
            "Q103"
        }
        UsageMistake::CountWord => {
            set(5, "12a");
            "Q104"
        }
        UsageMistake::CountNegative => {
            set(5, "-5");
            "Q105"
        }
        UsageMistake::ChannelUnlisted => {
            set(3, "brevdue");
            "Q106"
        }
        UsageMistake::CellTooFew => {
            cells.pop();
            "Q201"
        }
        UsageMistake::CellTooMany => {
            cells.push("x".to_owned());
            "Q201"
        }
        UsageMistake::KeyTwice => "Q203",
        UsageMistake::DigitalAboveCompleted => {
            set(6, &(counts.completed + 7).to_string());
            "Q204"
        }
        UsageMistake::AuthorityUnknown => {
            set(0, "0999");
            "Q301"
        }
        UsageMistake::ServiceUnknown => {
            set(2, "XYZ");
            "Q303"
        }
        UsageMistake::AuthorityOther => {
            set(0, sender.stranger.as_ref().map_or("", |stranger| stranger.as_str()));
            "Q307"
        }
    };
    refused(code, line)
}
