//! Spending deliveries: postings a month and a service at a time, good ones and bad ones.

use crate::sample::dialect::decimal;
use crate::sample::fault::Faults;
use crate::sample::misposting;
use crate::sample::mistake::SpendingMistake;
use crate::sample::plan::{SamplePlan, SenderPlan, ServicePlan};
use crate::sample::posting::{ACCOUNTS, PURCHASES, cells_of, refused};
use crate::sample::random::Random;
use crate::sample::sheet::{GoodLine, LineFate, LineFigures, SampleDelivery, SampleLine};
use crate::sample::size::Size;
use crate::sample::slot::{CLOSING, CLOSING_LINES, DeliveryKind, Redelivery, Slot};
use crate::sample::timeline;

const WAGES: &[&str] = &[
    "Løn, sagsbehandling",
    "Løn og pension",
    "Overarbejde, borgerservice",
    "Vikarløn; sommer",
    "Refusion af løn",
];
const CREDITS: &[&str] = &["Kreditnota, fejl i faktura", "Tilbageført \"dobbelt\" betaling"];
const CLOSINGS: &[&str] =
    &["Supplement, periodisering", "Omfordeling af fælles udgifter", "Feriepenge; regulering"];

/// The year's spending delivery of one authority; its lines may be none.
pub(super) fn sheet(
    plan: &SamplePlan,
    sender: &SenderPlan,
    year: i16,
    size: Size,
    faults: &mut Faults<SpendingMistake>,
) -> SampleDelivery {
    let mut lines = Vec::new();
    for number in 1..=CLOSING {
        let slot = Slot { year, number };
        let replaced = sender.replaced(DeliveryKind::Spending, slot);
        for cell in sender.cells.iter().filter(|cell| cell.runs_in(slot)) {
            for line in postings(sender, cell, slot, timeline::WHOLE, size, replaced) {
                lines.push(line);
                if let Some(way) = faults.due(|way| misposting::possible(way, plan, sender, cell)) {
                    lines.push(misposting::line(way, plan, sender, cell, slot, lines.len()));
                }
            }
        }
    }
    for slot in sender.slots_outside(year) {
        lines.push(refused("Q302", sender, &sender.cells[0], slot, 0));
    }
    named(sender, year, 1, lines)
}

/// The month delivered again, as version 2: the same services, other amounts.
pub(super) fn resend(sender: &SenderPlan, slot: Slot, size: Size) -> SampleDelivery {
    let cells = sender.cells.iter().filter(|cell| cell.runs_in(slot));
    let lines = cells
        .flat_map(|cell| postings(sender, cell, slot, 1_031_000, size, Redelivery::Never))
        .collect();
    named(sender, slot.year, 2, lines)
}

fn named(sender: &SenderPlan, year: i16, version: u32, lines: Vec<SampleLine>) -> SampleDelivery {
    SampleDelivery {
        name: DeliveryKind::Spending.file(&sender.authority.id, year, version),
        kind: DeliveryKind::Spending,
        authority: sender.authority.id.clone(),
        lines,
    }
}

/// One service's postings in one period; together exactly what its course says.
fn postings(
    sender: &SenderPlan,
    cell: &ServicePlan,
    slot: Slot,
    correction_ppm: i64,
    size: Size,
    replaced: Redelivery,
) -> Vec<SampleLine> {
    let id = sender.authority.id.as_str();
    let mut random = Random::seeded(&["postings", id, cell.service.as_str(), &slot.to_string()]);
    let total = timeline::scale(cell.course.oere(slot), correction_ppm);
    let count = if slot.number == CLOSING { CLOSING_LINES } else { size.lines_per_cell.max(1) };
    let mut line = |place: u32, oere: i64| {
        let account = usize::try_from(place).map_or(0, |place| place % ACCOUNTS.len());
        let text = if oere < 0 {
            random.pick(CREDITS)
        } else if slot.number == CLOSING {
            random.pick(CLOSINGS)
        } else {
            random.pick(if account == 0 { WAGES } else { PURCHASES })
        };
        let initiative = (random.between(1, 12) > 1).then_some(&cell.initiative);
        let cells = cells_of(sender, cell, slot, initiative, random.between(1, 28));
        let said = [ACCOUNTS[account].to_owned(), text.to_owned(), decimal(oere)];
        let entry =
            GoodLine { service: cell.service.clone(), slot, content: LineFigures::Oere(oere) };
        SampleLine {
            cells: cells.into_iter().chain(said).collect(),
            left_open: None,
            fate: LineFate::of_good(entry, replaced),
        }
    };
    let parts = split(
        total,
        count,
        &mut Random::seeded(&["split", id, cell.service.as_str(), &slot.to_string()]),
    );
    (0..).zip(parts).map(|(place, oere)| line(place, oere)).collect()
}

/// `total` in parts that add up to it. Now and then one of them is a credit note.
fn split(total: i64, count: u32, random: &mut Random) -> Vec<i64> {
    let even = total / i64::from(count);
    let mut left = total;
    let mut parts = Vec::new();
    let mut draw = 1_000;
    for place in 1..count {
        // Drawn in pairs around the average, so that what is left for the last part stays near it.
        draw = if place % 2 == 1 { random.between(400, 1_600) } else { 2_000 - draw };
        let part = if random.between(1, 15) == 1 { -even / 20 } else { even / 1_000 * draw };
        parts.push(part + random.between(0, 99));
        left -= parts[parts.len() - 1];
    }
    parts.push(left);
    parts
}

#[cfg(test)]
mod tests {
    use super::split;
    use crate::sample::random::Random;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_add_up_to_the_whole(total in -1_000_000_i64..9_000_000_000, count in 1_u32..600) {
            let parts = split(total, count, &mut Random::seeded(&["parts"]));
            prop_assert_eq!(parts.len(), usize::try_from(count).expect("a count"));
            prop_assert_eq!(parts.iter().sum::<i64>(), total);
        }
    }
}
