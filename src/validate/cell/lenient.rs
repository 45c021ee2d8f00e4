//! Numbers written in more than digits, one mark and one minus: only as far as declared.

use crate::contract::compiled::{LenientNumberForm, Negative, NumberForm};
use crate::domain::rounding::half_away;
use encoding_rs::Encoding;

/// Reads a number in `unit`ths of one, times the form's scale; `None` unless every character of it
/// is declared and nothing is finer than the unit, or rounding is declared.
pub(crate) fn read(
    cell: &[u8],
    form: NumberForm,
    lenient: &LenientNumberForm,
    encoding: &'static Encoding,
    unit: i128,
) -> Option<i64> {
    let ScaledNumber { number, fine, negative } = exact(cell, form, lenient, encoding, unit)?;
    if number % fine != 0 && !lenient.rounded {
        return None;
    }
    let value = i64::try_from(half_away(number, fine)).ok()?;
    Some(if negative == form.turned { value } else { -value })
}

/// What rounding to `unit`ths adds to a number, in billionths of one; `unit` is 1 or 100.
pub(crate) fn added(
    cell: &[u8],
    form: NumberForm,
    lenient: &LenientNumberForm,
    encoding: &'static Encoding,
    unit: i128,
) -> Option<i64> {
    let ScaledNumber { number, fine, negative } = exact(cell, form, lenient, encoding, unit)?;
    let more = half_away(number, fine).checked_mul(fine)?.checked_sub(number)?;
    // At most nine decimals may be written, so that this is exact.
    let billionths = half_away(more.checked_mul(1_000_000_000 / unit)?, fine);
    let added = i64::try_from(billionths).ok()?;
    Some(if negative == form.turned { added } else { -added })
}

/// A number in `fine` parts of the unit, without its sign.
struct ScaledNumber {
    number: i128,
    fine: i128,
    negative: bool,
}

fn exact(
    cell: &[u8],
    form: NumberForm,
    lenient: &LenientNumberForm,
    encoding: &'static Encoding,
    unit: i128,
) -> Option<ScaledNumber> {
    let text = encoding.decode_without_bom_handling(cell).0;
    let text = text.trim();
    if lenient.zero.iter().any(|zero| zero == text) {
        return Some(ScaledNumber { number: 0, fine: 1, negative: false });
    }
    let (negative, digits) = bare(text, form.negative, lenient);
    let (whole, decimals) = match digits.split_once(char::from(form.decimal)) {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (digits, ""),
    };
    if decimals.len() > lenient.decimals {
        return None;
    }
    let mut number = 0;
    let mut fine: i128 = 1;
    push_whole(&mut number, whole, &lenient.groups)?;
    for byte in decimals.bytes() {
        push(&mut number, byte)?;
        fine *= 10;
    }
    let number = number.checked_mul(i128::from(form.scale))?.checked_mul(unit)?;
    Some(ScaledNumber { number, fine, negative })
}

/// Takes off one sign and one unit, in either order.
fn bare<'a>(text: &'a str, signs: Negative, lenient: &LenientNumberForm) -> (bool, &'a str) {
    match unsigned(text, signs, lenient) {
        Some(rest) => (true, without_unit(rest, lenient)),
        None => {
            let rest = without_unit(text, lenient);
            unsigned(rest, signs, lenient).map_or((false, rest), |rest| (true, rest))
        }
    }
}

/// The rest of a number below zero, without blanks beside the sign; `None` where no declared sign
/// stands.
fn unsigned<'a>(text: &'a str, signs: Negative, lenient: &LenientNumberForm) -> Option<&'a str> {
    let leading = || text.strip_prefix('-').filter(|_| signs.leading);
    let typeset = || text.strip_prefix('\u{2212}').filter(|_| lenient.minus_sign);
    let trailing = || text.strip_suffix('-').filter(|_| signs.trailing);
    let enclosed = || text.strip_prefix('(')?.strip_suffix(')').filter(|_| signs.parentheses);
    leading().or_else(typeset).or_else(trailing).or_else(enclosed).map(str::trim)
}

/// The text without the first declared unit that stands before or behind it, and its space.
fn without_unit<'a>(text: &'a str, lenient: &LenientNumberForm) -> &'a str {
    let off = |affix: &String| {
        let affix = affix.as_str();
        text.strip_prefix(affix).or_else(|| text.strip_suffix(affix))
    };
    lenient.affixes.iter().find_map(off).map_or(text, str::trim)
}

/// Whole part: plain digits, or groups of three behind a first group of one to three, with one and
/// the same declared mark between them.
fn push_whole(number: &mut i128, whole: &str, groups: &[char]) -> Option<()> {
    if whole.is_empty() {
        return None;
    }
    let Some(mark) = whole.chars().find(|character| groups.contains(character)) else {
        return whole.bytes().try_for_each(|byte| push(number, byte));
    };
    for (place, part) in whole.split(mark).enumerate() {
        let fits = if place == 0 { !part.is_empty() && part.len() <= 3 } else { part.len() == 3 };
        if !fits {
            return None;
        }
        part.bytes().try_for_each(|byte| push(number, byte))?;
    }
    Some(())
}

fn push(number: &mut i128, byte: u8) -> Option<()> {
    if !byte.is_ascii_digit() {
        return None;
    }
    *number = number.checked_mul(10)?.checked_add(i128::from(byte - b'0'))?;
    Some(())
}
