//! A header below the first one: the same columns in another order, so that what follows it would
//! be read in the wrong ones.

use crate::domain::letters::folded_heading;
use crate::source::line::LineCells;
use crate::validate::setting::Setting;

/// Whether a line has a heading of every column of the contract, and not all where they stand; or
/// says another unit of one. No line of data has them.
pub(super) fn is_one(setting: &Setting, line: &impl LineCells) -> bool {
    let contract = setting.contract;
    let mut buffer = Vec::new();
    let mut heading = |place: usize| {
        let cell = line.cell(place, &mut buffer);
        folded_heading(&setting.encoding.decode_without_bom_handling(cell).0)
    };
    let mut cells: Option<Vec<String>> = None;
    let mut differs = false;
    for (index, column) in contract.columns.iter().enumerate() {
        let [own, ..] = setting.header.places[index][..] else { return false };
        if column.per_period {
            return false;
        }
        let delivered = setting.encoding.decode_without_bom_handling(&setting.header.cells[own]).0;
        let delivered = folded_heading(&delivered);
        let cells = cells.get_or_insert_with(|| (0..line.width()).map(&mut heading).collect());
        let named = |cell: &String| {
            *cell == delivered || column.headings.iter().any(|own| folded_heading(own) == *cell)
        };
        let Some(place) = cells.iter().position(named) else { return false };
        differs |= place != own || (!column.scales.is_empty() && cells[place] != delivered);
    }
    differs
}
