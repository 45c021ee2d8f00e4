//! Numbers as bytes to integers: the plain form, which is the hot path, and the way to the wide.

use crate::contract::compiled::{LenientNumberForm, Negative, NumberForm};
use crate::domain::blank::{trim, trim_in};
use crate::validate::cell::lenient;
use encoding_rs::Encoding;

/// Reads a number of any declared form as hundredths times the form's scale.
pub(crate) fn amount(
    cell: &[u8],
    form: NumberForm,
    beyond: Option<&LenientNumberForm>,
    encoding: &'static Encoding,
) -> Option<i64> {
    match beyond {
        None => hundredths(cell, form).or_else(|| hundredths(&unpadded(cell, encoding)?, form)),
        Some(beyond) => lenient::read(cell, form, beyond, encoding, 100),
    }
}

/// Reads a whole number of any declared form times the form's scale.
pub(crate) fn count(
    cell: &[u8],
    form: NumberForm,
    beyond: Option<&LenientNumberForm>,
    encoding: &'static Encoding,
) -> Option<i64> {
    match beyond {
        None => integer(cell, form).or_else(|| integer(&unpadded(cell, encoding)?, form)),
        Some(beyond) => lenient::read(cell, form, beyond, encoding, 1),
    }
}

/// The cell without a no-break space of one byte beside its sign; `None` where there is none.
#[cold]
fn unpadded(cell: &[u8], encoding: &'static Encoding) -> Option<Vec<u8>> {
    let (first, last) = (cell.first()?, cell.last()?);
    let (front, behind) = (matches!(first, b'-' | b'('), matches!(last, b'-' | b')'));
    let own = cell.get(usize::from(front)..cell.len() - usize::from(behind))?;
    let bare = trim_in(own, encoding);
    let ends = [&cell[..usize::from(front)], bare, &cell[cell.len() - usize::from(behind)..]];
    (bare.len() < own.len()).then(|| ends.concat())
}

/// Reads a number as hundredths times the form's scale; `None` unless it is written as declared:
/// thousands marked everywhere or nowhere, at most two decimals, at most one minus in front.
pub(crate) fn hundredths(cell: &[u8], form: NumberForm) -> Option<i64> {
    let (negative, digits) = sign(cell, form.negative);
    let (whole, decimals) = match digits.iter().position(|byte| *byte == form.decimal) {
        Some(at) => (&digits[..at], &digits[at + 1..]),
        None => (digits, &b"00"[..]),
    };
    let hundredths = match decimals {
        [tenth] => digit(*tenth)?.checked_mul(10)?,
        [tenth, hundredth] => digit(*tenth)?.checked_mul(10)?.checked_add(digit(*hundredth)?)?,
        _ => return None,
    };
    let value = grouped(whole, form.group)?.checked_mul(100)?.checked_add(hundredths)?;
    scaled(value, negative, form)
}

/// Reads a whole number times the form's scale.
pub(crate) fn integer(cell: &[u8], form: NumberForm) -> Option<i64> {
    let (negative, digits) = sign(cell, form.negative);
    scaled(grouped(digits, form.group)?, negative, form)
}

/// Takes off the sign and the blanks beside it, where it is written in a declared way; otherwise
/// the digits do not parse.
fn sign(cell: &[u8], negative: Negative) -> (bool, &[u8]) {
    match cell {
        [b'-', digits @ ..] if negative.leading => (true, trim(digits)),
        [digits @ .., b'-'] if negative.trailing => (true, trim(digits)),
        [b'(', digits @ .., b')'] if negative.parentheses => (true, trim(digits)),
        digits => (false, digits),
    }
}

fn scaled(value: i64, negative: bool, form: NumberForm) -> Option<i64> {
    let value = value.checked_mul(form.scale)?;
    if negative == form.turned { Some(value) } else { value.checked_neg() }
}

/// Whole part: plain digits, or groups of three behind a first group of one to three.
fn grouped(digits: &[u8], group: Option<u8>) -> Option<i64> {
    let marked = group.is_some_and(|mark| digits.contains(&mark));
    let mut value: i64 = 0;
    let mut add = |byte: u8| {
        value = value.checked_mul(10)?.checked_add(digit(byte)?)?;
        Some(())
    };
    if digits.is_empty() {
        return None;
    }
    if !marked {
        digits.iter().try_for_each(|byte| add(*byte))?;
        return Some(value);
    }
    for (place, part) in digits.split(|byte| Some(*byte) == group).enumerate() {
        let fits = if place == 0 { !part.is_empty() && part.len() <= 3 } else { part.len() == 3 };
        if !fits {
            return None;
        }
        part.iter().try_for_each(|byte| add(*byte))?;
    }
    Some(value)
}

fn digit(byte: u8) -> Option<i64> {
    byte.is_ascii_digit().then(|| i64::from(byte - b'0'))
}
