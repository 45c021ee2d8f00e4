//! Cells as bytes to numbers and periods. Nothing is guessed, rounded unasked, or repaired.

pub(crate) mod date;
pub(super) mod number;
#[cfg(test)]
mod tests;
pub(super) mod wide;

/// The cell without spaces and no-break spaces around it.
pub(super) fn trim(cell: &[u8]) -> &[u8] {
    let mut cell = cell.trim_ascii();
    loop {
        let before = cell.len();
        cell = cell.strip_prefix(b"\xC2\xA0").unwrap_or(cell).trim_ascii_start();
        cell = cell.strip_suffix(b"\xC2\xA0").unwrap_or(cell).trim_ascii_end();
        if cell.len() == before {
            return cell;
        }
    }
}

#[cfg(test)]
mod trimming {
    use super::trim;

    #[test]
    fn spaces_around_a_cell_are_no_part_of_it() {
        assert_eq!(trim(" \u{a0} 12 \u{a0}".as_bytes()), b"12");
    }
}
