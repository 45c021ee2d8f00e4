//! Any cell in any form: what is read is what its digits say, what is written is read back, and
//! what may be a personal number is neither missed nor shown.
#![no_main]

use encoding_rs::{Encoding, MACINTOSH, UTF_8, WINDOWS_1252};
use gevinst::testing::collect::{amount, count, dated, may_hold_cpr, period, shown};
use gevinst::testing::contract::{
    AccountingPeriod, BareDay, BareMonth, Byte, DateForm, DatePart, Day, LenientNumberForm, Month,
    MonthName, Negative, NumberForm, Serial, ShortYear, Year,
};
use gevinst::testing::domain::Period;
use gevinst_fuzz::choices::Choices;
use gevinst_fuzz::guard::holds_cpr;
use libfuzzer_sys::fuzz_target;

const DASH: DatePart = Byte(b'-');

const DATES: [&[DatePart]; 11] = [
    &[Day, DASH, Month, DASH, Year],
    &[Year, DASH, AccountingPeriod],
    &[BareDay, Byte(b'/'), BareMonth, Byte(b'/'), Year],
    &[Day, Byte(b'.'), Month, Byte(b'.'), ShortYear(1950)],
    &[Year, Month],
    &[Month, ShortYear(2000)],
    &[Year, Byte(b'M'), Month],
    &[Serial],
    &[Year, Month, Day],
    &[MonthName, DASH, ShortYear(2000)],
    &[Day, Byte(b'.'), MonthName, Byte(b'.'), Year],
];

fuzz_target!(|input: &[u8]| {
    let mut choices = Choices::of(input);
    let encoding = choices.one_of(&[UTF_8, WINDOWS_1252, MACINTOSH]);
    let form = form(&mut choices);
    let wide = wide(&mut choices, form);
    let parts = choices.one_of(&DATES);
    let seed = i64::from(choices.wide()) * i64::from(choices.wide()) * i64::from(choices.wide());
    let cell = choices.rest();

    let text = encoding.decode_without_bom_handling(cell).0;
    let one = |unit| Way { form, lenient: &wide, unit };
    sound(amount(cell, form, Some(&wide), encoding), &text, &one(100));
    sound(count(cell, form, Some(&wide), encoding), &text, &one(1));
    plain(cell, form, encoding);
    written(seed, form, &wide, encoding);
    dates(cell, seed, parts);
    personal(cell, encoding);
});

fn form(choices: &mut Choices) -> NumberForm {
    let decimal = choices.one_of(b",.");
    let group = choices.one_of(&[None, Some(b'.'), Some(b','), Some(b' '), Some(b'\'')]);
    let signs = choices.byte();
    NumberForm {
        decimal,
        group: group.filter(|mark| *mark != decimal),
        negative: Negative {
            leading: signs & 1 > 0,
            trailing: signs & 2 > 0,
            parentheses: signs & 4 > 0,
        },
        scale: choices.one_of(&[1, 1, 1000, 1_000_000, i64::from(u32::MAX)]),
        turned: signs & 8 > 0,
    }
}

fn wide(choices: &mut Choices, form: NumberForm) -> LenientNumberForm {
    let list = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let marks: [&[char]; 4] = [&[], &['.', '\''], &[' ', '\u{A0}', '\u{202F}'], &[',']];
    let decimal = char::from(form.decimal);
    LenientNumberForm {
        groups: choices.one_of(&marks).iter().copied().filter(|mark| *mark != decimal).collect(),
        minus_sign: choices.yes(),
        zero: choices
            .one_of::<&[&str]>(&[&[], &["-", "nul"]])
            .iter()
            .map(|t| (*t).into())
            .collect(),
        affixes: if choices.yes() { list(&["DKK", "kr.", "kr", "£"]) } else { Vec::new() },
        decimals: choices.below(7),
        rounded: choices.yes(),
    }
}

/// A way of reading: a form, what it may hold beyond, and what one is worth.
struct Way<'a> {
    form: NumberForm,
    lenient: &'a LenientNumberForm,
    unit: i128,
}

/// What was read is what the digits say, and nothing stands in the cell that is not declared.
fn sound(read: Option<i64>, text: &str, way: &Way) {
    let Some(read) = read else { return };
    let text = text.trim();
    if way.lenient.zero.iter().any(|zero| zero == text) {
        return assert_eq!(read, 0);
    }
    let mut bare = text.to_owned();
    for affix in &way.lenient.affixes {
        bare = bare.replacen(affix.as_str(), "", 1);
    }
    let signs: Vec<char> = bare.chars().filter(|sign| "-\u{2212}(".contains(*sign)).collect();
    assert!(signs.len() <= 1, "`{text}` has two signs");
    let point = char::from(way.form.decimal);
    let digits: String = bare.chars().filter(char::is_ascii_digit).collect();
    let decimals = match bare.split_once(point) {
        Some((_, decimals)) => decimals.chars().filter(char::is_ascii_digit).count(),
        None => 0,
    };
    for letter in bare.chars().filter(|letter| !letter.is_ascii_digit() && *letter != point) {
        let group = way.lenient.groups.contains(&letter);
        assert!(group || "-\u{2212}()".contains(letter) || letter.is_whitespace(), "`{text}`");
    }
    let fine = 10_i128.pow(u32::try_from(decimals).expect("few decimals"));
    let digits = digits.trim_start_matches('0');
    let number: i128 = if digits.is_empty() { 0 } else { digits.parse().expect("an i128") };
    let exact = number * i128::from(way.form.scale) * way.unit;
    let sign = if signs.is_empty() == way.form.turned { -1 } else { 1 };
    let off = (i128::from(read) * fine - sign * exact).abs();
    assert!(if way.lenient.rounded { 2 * off <= fine } else { off == 0 }, "`{text}` is not {read}");
}

/// The plain form and the same in the wide are one.
fn plain(cell: &[u8], form: NumberForm, encoding: &'static Encoding) {
    let same = |decimals| LenientNumberForm {
        groups: form.group.map(char::from).into_iter().collect(),
        minus_sign: false,
        zero: Vec::new(),
        affixes: Vec::new(),
        decimals,
        rounded: false,
    };
    // Cells are trimmed before they are read; the wide form trims what only a letter can be.
    let text = encoding.decode_without_bom_handling(cell).0;
    if text.trim().len() == text.len() {
        let read = amount(cell, form, Some(&same(2)), encoding);
        assert_eq!(amount(cell, form, None, encoding), read, "`{text}`");
        let read = count(cell, form, Some(&same(0)), encoding);
        assert_eq!(count(cell, form, None, encoding), read, "`{text}`");
    }
}

/// An amount, written in the way of the form, is read back.
fn written(seed: i64, form: NumberForm, wide: &LenientNumberForm, encoding: &'static Encoding) {
    let oere = if form.scale == 1 { seed } else { seed / form.scale / 100 * 100 * form.scale };
    let bare = oere / form.scale;
    let whole = (bare.unsigned_abs() / 100).to_string();
    let mut text = String::new();
    for (place, digit) in whole.chars().enumerate() {
        let border = place > 0 && (whole.len() - place).is_multiple_of(3);
        text.extend(form.group.filter(|_| border).map(char::from));
        text.push(digit);
    }
    text.push(char::from(form.decimal));
    text.push_str(&format!("{:02}", bare.unsigned_abs() % 100));
    let below = match (form.negative.leading, form.negative.trailing, form.negative.parentheses) {
        (true, _, _) => format!("-{text}"),
        (_, true, _) => format!("{text}-"),
        (_, _, true) => format!("({text})"),
        _ => return,
    };
    let turn = if form.turned { -1 } else { 1 };
    assert_eq!(amount(text.as_bytes(), form, None, encoding), Some(oere * turn), "{text}");
    assert_eq!(amount(below.as_bytes(), form, None, encoding), Some(-oere * turn), "{below}");
    let mark = form.group.map(char::from);
    if wide.decimals >= 2 && mark.is_none_or(|mark| wide.groups.contains(&mark)) {
        let read = amount(below.as_bytes(), form, Some(wide), encoding);
        assert_eq!(read, Some(-oere * turn), "{below}");
    }
}

/// A date is read where the form would write it so; what the form writes is read back.
fn dates(cell: &[u8], seed: i64, parts: &[DatePart]) {
    let form = DateForm { text: String::new(), parts: parts.to_vec() };
    let forms = std::slice::from_ref(&form);
    let named = parts.contains(&MonthName);
    if let Some(read) = period(cell, forms) {
        let (year, month) = match read {
            Period::Month(month) => (month.year().get(), month.number()),
            Period::Closing(year) => (year.get(), 13),
            Period::Window(_) => panic!("a cell is no window"),
        };
        let is = |day| dated(&form, year, month, day).is_some_and(|text| text.as_bytes() == cell);
        assert!(named || (1..=31).any(is), "`{}` as {read}", String::from_utf8_lossy(cell));
    }
    let part = |of: i64| u8::try_from(seed % of + 1).expect("small");
    let year = i16::try_from(1970 + seed / 400 % 80).expect("a year");
    let (month, day) = (part(12), part(28));
    if let Some(text) = dated(&form, year, month, day) {
        let read = period(text.as_bytes(), forms).map(|read| read.to_string());
        assert_eq!(read, Some(format!("{year}-{month:02}")), "{text}");
    }
}

/// What may be a personal number is seen, and not shown.
fn personal(cell: &[u8], encoding: &'static Encoding) {
    assert_eq!(may_hold_cpr(cell), holds_cpr(cell), "`{}`", String::from_utf8_lossy(cell));
    let text = shown(cell, encoding);
    assert!(!holds_cpr(text.as_bytes()), "`{text}`");
    assert!(!text.chars().any(char::is_control), "`{text}`");
    assert!(text.chars().count() <= 61);
    assert_eq!(shown(text.as_bytes(), UTF_8), text, "what is shown is shown as it is");
}
