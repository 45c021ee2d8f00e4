//! Public identifiers: check digits where there are any, and zeros put back where declared.

use crate::contract::compiled::{CellType, Column, Contract, Identifier, Resource, Role};
use crate::domain::letters::folded;
use crate::domain::privacy::Shown;
use crate::domain::privacy::show;
use crate::domain::quarantine::Reason;
use crate::domain::wording::Wording;
use crate::validate::twice;
use encoding_rs::{Encoding, UTF_8};

/// Weights of a CVR number's digits; with its check digit the weighted sum is a multiple of 11. A
/// number whose check digit would be 10 does not exist.
/// Source: Erhvervsstyrelsen, "Modulus 11", <https://erhvervsstyrelsen.dk/modulus_11>.
const CVR_WEIGHTS: [u32; 8] = [2, 7, 6, 5, 4, 3, 2, 1];

/// Most characters of a document's number: more than any accounting system has.
const DOCUMENT_MAX: usize = 40;

/// Whether a text is an identifier of the kind. All zeros are none: they stand for an unknown one.
///
/// A P-number has no check digit that holds: a series of them was given out with other weights.
pub(crate) fn fits(kind: Identifier, text: &[u8]) -> bool {
    let Some(digits) = kind.digits() else {
        return is_document(text);
    };
    if text.len() != digits || !text.iter().all(u8::is_ascii_digit) {
        return false;
    }
    if text.iter().all(|byte| *byte == b'0') {
        return false;
    }
    let weighed = |weights: &[u32]| -> u32 {
        let digits = text.iter().map(|byte| u32::from(byte - b'0'));
        digits.zip(weights.iter().cycle()).map(|(digit, weight)| digit * weight).sum()
    };
    match kind {
        Identifier::Cvr => weighed(&CVR_WEIGHTS).is_multiple_of(11),
        Identifier::Ean => weighed(&[1, 3]).is_multiple_of(10),
        Identifier::Pnr | Identifier::Document => true,
        Identifier::Kommune => text[0] == b'0',
        Identifier::Region => text[0] == b'1',
    }
}

/// Whether a text is the number of a document as accounting systems give it: ASCII letters and
/// digits, parted by single marks, without blanks.
fn is_document(text: &[u8]) -> bool {
    let parted = |pair: &[u8]| pair.iter().any(u8::is_ascii_alphanumeric);
    let mark = |byte: &u8| byte.is_ascii_alphanumeric() || b"-/._".contains(byte);
    !text.is_empty()
        && text.len() <= DOCUMENT_MAX
        && text.iter().all(mark)
        && text.windows(2).all(parted)
}

/// The text of a cell by which a line is told from others, as it is compared.
pub(crate) struct Seen {
    text: String,
    fault: Option<Reason>,
}

impl Seen {
    /// It, in UTF-8.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// What is wrong with its letters.
    pub(crate) fn fault(&self) -> Option<Reason> {
        self.fault.clone()
    }
}

/// A cell of a column whose texts are compared, [`folded`]; `None` where it is what it is compared
/// as: in plain ASCII, or in a column of which no more is asked than that its cells are text.
pub(crate) fn seen(cell: &[u8], column: &Column, encoding: &'static Encoding) -> Option<Seen> {
    if !matches!(column.cell, CellType::Text) || cell.iter().all(|byte| matches!(byte, 1..=0x7F)) {
        return None;
    }
    let compared = column.role.is_some()
        || column.register.is_some()
        || column.identifier.is_some()
        || column.digits.is_some()
        || !column.listed.is_empty();
    if !compared {
        return None;
    }
    let text = encoding.decode_without_bom_handling(cell).0;
    let fault = if text.contains(['\0', '\u{FFFD}']) {
        Some(Reason::LostLetter { found: show(cell, encoding) })
    } else {
        twice::repaired(&text).map(|repaired| Reason::EncodedTwice {
            found: show(cell, encoding),
            expected: Wording::from(show(repaired.as_bytes(), UTF_8).as_str()),
        })
    };
    Some(Seen { text: folded(&text).into_owned(), fault })
}

/// Adds a cell to a key, in UTF-8 and as it is compared.
#[inline]
pub(crate) fn add_key(key: &mut Vec<u8>, (cell, encoding): (&[u8], &'static Encoding)) {
    if cell.is_ascii() {
        key.extend_from_slice(cell);
    } else {
        let text = encoding.decode_without_bom_handling(cell).0;
        key.extend_from_slice(folded(&text).as_bytes());
    }
    key.push(0);
}

/// The cell with the zeros in front that a spreadsheet took, up to the declared number of digits; a
/// cell that is empty, longer or no digits is left alone.
pub(crate) fn restore<'a>(cell: &'a [u8], column: &Column, buffer: &'a mut Vec<u8>) -> &'a [u8] {
    let Some(digits) = column.digits else {
        return cell;
    };
    if cell.is_empty() || digits <= cell.len() || !cell.iter().all(u8::is_ascii_digit) {
        return cell;
    }
    buffer.clear();
    buffer.resize(digits - cell.len(), b'0');
    buffer.extend_from_slice(cell);
    buffer
}

/// The fault of a text, as it is compared, that is not in the register its column is held against.
/// Columns whose role says whom or what the line concerns are held against theirs elsewhere.
pub(crate) fn stranger(
    contract: &Contract,
    column: &Column,
    text: &str,
    shown: &dyn Fn() -> Shown,
) -> Option<Reason> {
    let terms = &contract.terms;
    let register = column.register?;
    let own = match register {
        Resource::Authorities => Role::Authority,
        Resource::Services => Role::Service,
        Resource::Initiatives => Role::Initiative,
    };
    if column.role == Some(own) {
        return None;
    }
    let known = match register {
        Resource::Authorities => terms.authorities.as_ref()?.contains_key(text),
        Resource::Services => terms.services.as_ref()?.contains_key(text),
        Resource::Initiatives => terms.initiatives.as_ref()?.contains(text),
    };
    if known {
        return None;
    }
    Some(match register {
        Resource::Authorities => Reason::UnknownAuthority { found: shown() },
        Resource::Services => Reason::UnknownService { found: shown() },
        Resource::Initiatives => Reason::UnknownInitiative { found: shown() },
    })
}

#[cfg(test)]
mod tests {
    use super::fits;
    use crate::contract::compiled::Identifier::{self, Cvr, Ean, Kommune, Pnr, Region};
    use proptest::prelude::*;

    #[test]
    fn identifiers_are_held_against_their_check_digits_where_these_hold() {
        for (kind, text, expected) in [
            (Cvr, "13748136", true),
            (Cvr, "64942212", true),
            (Cvr, "13748137", false),
            (Cvr, "1374813", false),
            (Cvr, "137481360", false),
            (Cvr, "DK13748136", false),
            (Cvr, "00000000", false),
            (Ean, "5798000016002", true),
            (Ean, "5798000016003", false),
            (Ean, "579800001600", false),
            (Ean, "5,798E+12", false),
            (Pnr, "1003388382", true),
            (Pnr, "100338838", false),
            (Pnr, "100338-8382", false),
            (Kommune, "0101", true),
            (Kommune, "101", false),
            (Kommune, "1084", false),
            (Region, "1084", true),
            (Region, "0101", false),
        ] {
            assert_eq!(fits(kind, text.as_bytes()), expected, "{kind:?} {text}");
        }
    }

    /// Remainder 1: no digit makes the sum a multiple of 11.
    #[test]
    fn a_cvr_number_whose_check_digit_would_be_ten_does_not_exist() {
        // 2·1 + 7·0 + 6·0 + 5·0 + 4·0 + 3·2 + 2·2 = 12, which is 1 above a multiple of 11.
        for last in 0..=9 {
            assert!(!fits(Cvr, format!("1000022{last}").as_bytes()), "{last}");
        }
    }

    proptest! {
        /// A changed digit is always seen in a CVR number.
        #[test]
        fn a_typing_error_is_seen(number in 1_000_000_u32..9_999_999, place in 0_usize..8, by in 1_u8..10) {
            let valid = (0..10).map(|last| format!("{number}{last}")).find(|text| fits(Cvr, text.as_bytes()));
            if let Some(valid) = valid {
                let mut changed = valid.into_bytes();
                changed[place] = (changed[place] - b'0' + by) % 10 + b'0';
                prop_assert!(!fits(Cvr, &changed));
            }
        }

        #[test]
        fn twelve_digits_have_one_check_digit(number in 100_000_000_000_u64..999_999_999_999) {
            let valid = (0..10).filter(|last| fits(Ean, format!("{number}{last}").as_bytes()));
            prop_assert_eq!(valid.count(), 1);
        }

        /// A number written with the check digit that its digits give is one; no other digit is.
        #[test]
        fn a_check_digit_reckoned_from_the_right_is_the_one_that_fits(
            cvr in 1_000_000_u32..9_999_999, ean in 100_000_000_000_u64..999_999_999_999
        ) {
            let digits = |text: String| text.into_bytes().into_iter().rev().map(|at| u32::from(at - 48));
            // CVR: weights 2 to 7 from the right, then 2; what is lacking to a multiple of 11.
            let sum: u32 =
                digits(cvr.to_string()).zip([2, 3, 4, 5, 6, 7, 2]).map(|(it, by)| it * by).sum();
            let check = (11 - sum % 11) % 11;
            for last in 0..10 {
                let text = format!("{cvr}{last}");
                prop_assert_eq!(fits(Cvr, text.as_bytes()), last == check, "{}", text);
            }
            // EAN: three times every other digit from the right; what is lacking to a ten.
            let sum: u32 =
                digits(ean.to_string()).zip([3, 1].iter().cycle()).map(|(it, by)| it * by).sum();
            let text = format!("{ean}{}", (10 - sum % 10) % 10);
            prop_assert!(fits(Ean, text.as_bytes()), "{}", text);
        }

        #[test]
        fn no_text_is_too_strange(text in ".{0,14}") {
            for (kind, _) in Identifier::WORDS {
                let digits = text.bytes().filter(u8::is_ascii_digit).count();
                let own = kind.digits().unwrap_or(digits);
                prop_assert!(!fits(kind, text.as_bytes()) || digits == own);
            }
        }
    }
}
