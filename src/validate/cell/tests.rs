//! Cells in every declared form: what is read, what is refused, and that what is written is read
//! back.

use crate::contract::compiled::{DateForm, DatePart, LenientNumberForm, Negative, NumberForm};
use crate::contract::date;
use crate::domain::period::{Month, Period, Year};
use crate::validate::cell::date::period;
use crate::validate::cell::number::{amount, count, hundredths, integer};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use proptest::prelude::*;

const LEADING: Negative = Negative { leading: true, trailing: false, parentheses: false };
const EVERY_WAY: Negative = Negative { leading: true, trailing: true, parentheses: true };

const DANISH: NumberForm =
    NumberForm { decimal: b',', group: Some(b'.'), negative: LEADING, scale: 1, turned: false };

fn lenient() -> LenientNumberForm {
    LenientNumberForm {
        groups: vec!['.'],
        minus_sign: false,
        zero: Vec::new(),
        affixes: Vec::new(),
        decimals: 2,
        rounded: false,
    }
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

/// Every cell of a table read in one form.
fn read_as(form: NumberForm, lenient: &LenientNumberForm, table: &[(&str, Option<i64>)]) {
    for (cell, expected) in table {
        assert_eq!(amount(cell.as_bytes(), form, Some(lenient), UTF_8), *expected, "`{cell}`");
    }
}

#[test]
fn amounts_are_read_or_refused_never_repaired() {
    for (cell, expected) in [
        ("48.000,00", Some(4_800_000)),
        ("48000,00", Some(4_800_000)),
        ("1.234", Some(123_400)),
        ("-0,05", Some(-5)),
        ("12,5", Some(1_250)),
        ("0", Some(0)),
        ("12.34", None),
        ("1.2.34", None),
        ("1234.567,00", None),
        ("12,345", None),
        ("1e3", None),
        ("--1", None),
        ("", None),
        (",50", None),
        ("12,", None),
        ("1,2,3", None),
        ("１２", None),
        ("99999999999999999999", None),
    ] {
        assert_eq!(hundredths(cell.as_bytes(), DANISH), expected, "{cell}");
        let lenient = amount(cell.as_bytes(), DANISH, Some(&lenient()), UTF_8);
        assert_eq!(lenient, expected, "{cell} in the wide form");
    }
}

#[test]
fn thousands_and_turned_signs_are_declared() {
    let form = NumberForm { scale: 1000, turned: true, ..DANISH };
    assert_eq!(hundredths(b"1,5", form), Some(-150_000));
    assert_eq!(integer(b"-12", form), Some(12_000));
    assert_eq!(integer(b"1.234", DANISH), Some(1_234));
    assert_eq!(integer(b"1,5", DANISH), None);
    let whole = LenientNumberForm { decimals: 0, ..lenient() };
    assert_eq!(count(b"-12", form, Some(&whole), UTF_8), Some(12_000));
    assert_eq!(count(b"1,5", DANISH, Some(&whole), UTF_8), None);
    assert_eq!(count(b"1,0", DANISH, Some(&whole), UTF_8), None);
}

#[test]
fn a_number_below_zero_is_written_in_a_declared_way() {
    let form = NumberForm { negative: EVERY_WAY, ..DANISH };
    for cell in ["-1,50", "1,50-", "(1,50)", "- 1,50", "1,50 -", "( 1,50 )", "-\u{A0}1,50"] {
        assert_eq!(hundredths(cell.as_bytes(), form), Some(-150), "{cell}");
        assert_eq!(amount(cell.as_bytes(), form, Some(&lenient()), UTF_8), Some(-150), "{cell}");
    }
    for cell in ["1,50-", "(1,50)", "\u{2212}1,50"] {
        assert_eq!(hundredths(cell.as_bytes(), DANISH), None, "{cell}");
        assert_eq!(amount(cell.as_bytes(), DANISH, Some(&lenient()), UTF_8), None, "{cell}");
    }
    for cell in ["-(1,50)", "-1,50-", "(1,50", "()", "- -1,50", "- ", "+1,50"] {
        assert_eq!(hundredths(cell.as_bytes(), form), None, "{cell}");
        assert_eq!(amount(cell.as_bytes(), form, Some(&lenient()), UTF_8), None, "{cell}");
    }
}

#[test]
fn the_minus_sign_of_typography_is_one_where_declared() {
    let typeset = LenientNumberForm { minus_sign: true, ..lenient() };
    let none = NumberForm { negative: Negative::default(), ..DANISH };
    read_as(
        none,
        &typeset,
        &[
            ("\u{2212}1,50", Some(-150)),
            ("-1,50", None),
            ("\u{2212}\u{2212}1", None),
            ("\u{2212}", None),
        ],
    );
}

#[test]
fn thousands_are_marked_by_one_declared_mark_throughout() {
    let form = NumberForm { group: None, ..DANISH };
    let spaces = LenientNumberForm { groups: vec![' ', '\u{A0}', '\u{202F}', '\''], ..lenient() };
    read_as(
        form,
        &spaces,
        &[
            ("1 234 567,89", Some(123_456_789)),
            ("1\u{A0}234\u{A0}567,89", Some(123_456_789)),
            ("1\u{202F}234,5", Some(123_450)),
            ("1'234", Some(123_400)),
            ("\u{A0}1234,00\u{A0}", Some(123_400)),
            ("1 234\u{A0}567", None),
            ("1.234", None),
            ("12 34", None),
            ("1  234", None),
            ("1 234,5 0", None),
        ],
    );
}

#[test]
fn a_no_break_space_is_one_in_any_encoding() {
    let form = NumberForm { group: None, ..DANISH };
    let spaces = LenientNumberForm { groups: vec!['\u{A0}'], ..lenient() };
    let read =
        |cell: &[u8], encoding: &'static Encoding| amount(cell, form, Some(&spaces), encoding);
    assert_eq!(read(b"1\xA0234,00", WINDOWS_1252), Some(123_400));
    assert_eq!(read(b"1\xC2\xA0234,00", UTF_8), Some(123_400));
    assert_eq!(read(b"1\xA0234,00", UTF_8), None);
    assert_eq!(read(b"1\xC2\xA0234,00", WINDOWS_1252), None);
    assert_eq!(read(b"1\xCA234,00", encoding_rs::MACINTOSH), Some(123_400));
}

#[test]
fn what_stands_for_zero_is_declared() {
    let dash = LenientNumberForm { zero: texts(&["-", "nul"]), ..lenient() };
    read_as(
        DANISH,
        &dash,
        &[
            (" -   ", Some(0)),
            ("-", Some(0)),
            ("nul", Some(0)),
            ("--", None),
            ("-1", Some(-100)),
            ("", None),
        ],
    );
    read_as(DANISH, &lenient(), &[("-", None), (" -   ", None)]);
}

#[test]
fn a_unit_stands_once_before_or_behind_where_declared() {
    let form = NumberForm { negative: EVERY_WAY, ..DANISH };
    let kroner = LenientNumberForm { affixes: texts(&["DKK", "kr.", "kr", "£"]), ..lenient() };
    read_as(
        form,
        &kroner,
        &[
            ("1.234,50 kr.", Some(123_450)),
            ("kr. 1.234,50", Some(123_450)),
            ("kr.1", Some(100)),
            ("1.000kr.", Some(100_000)),
            ("5 kr", Some(500)),
            ("DKK\u{A0}12", Some(1_200)),
            ("£1.000", Some(100_000)),
            ("-kr. 1", Some(-100)),
            ("kr. -1", Some(-100)),
            ("-1 kr.", Some(-100)),
            ("1- kr.", Some(-100)),
            ("(kr. 1)", Some(-100)),
            ("kr. (1)", Some(-100)),
            ("-kr. -1", None),
            ("kr. 1 kr.", None),
            ("kr.", None),
            ("1 EUR", None),
            ("1 KR.", None),
            ("1 kr. 50", None),
        ],
    );
    read_as(DANISH, &lenient(), &[("kr. 1", None), ("1 kr.", None)]);
    let pound = amount(b"\xA31.000", form, Some(&kroner), WINDOWS_1252);
    assert_eq!(pound, Some(100_000));
}

#[test]
fn decimals_beyond_the_oere_are_zeros_or_rounded_by_declaration() {
    let four = LenientNumberForm { decimals: 4, ..lenient() };
    read_as(
        DANISH,
        &four,
        &[("1,2300", Some(123)), ("1,2345", None), ("1,23000", None), ("1,5", Some(150))],
    );
    let rounded = LenientNumberForm { rounded: true, ..four.clone() };
    read_as(
        DANISH,
        &rounded,
        &[("1,2349", Some(123)), ("1,235", Some(124)), ("-1,235", Some(-124)), ("1,23456", None)],
    );
    // 1,2345 thousand kroner are 1.234,50 kr., which is no part of an øre.
    read_as(NumberForm { scale: 1000, ..DANISH }, &four, &[("1,2345", Some(123_450))]);
}

fn form(text: &str, parts: &[DatePart]) -> DateForm {
    DateForm { text: text.to_owned(), parts: parts.to_vec() }
}

#[test]
fn dates_exist_or_are_refused() {
    use DatePart::{
        AccountingPeriod, BareDay, BareMonth, Byte, Day, Month, MonthName, Serial, ShortYear, Year,
    };
    let dash = Byte(b'-');
    let danish = form("%d-%m-%Y", &[Day, dash, Month, dash, Year]);
    let accounting = form("%Y-%P", &[Year, dash, AccountingPeriod]);
    let bare = form("%-d-%-m-%Y", &[BareDay, dash, BareMonth, dash, Year]);
    let short = form("%d.%m.%y", &[Day, Byte(b'.'), Month, Byte(b'.'), ShortYear(2000)]);
    let pivot = form("%m%y", &[Month, ShortYear(1950)]);
    let named = form("%b-%y", &[MonthName, dash, ShortYear(2000)]);
    let pointed = form("%d.%b.%Y", &[Day, Byte(b'.'), MonthName, Byte(b'.'), Year]);
    let statbank = form("%YM%m", &[Year, Byte(b'M'), Month]);
    let packed = form("%Y%m", &[Year, Month]);
    let turned = form("%m-%Y", &[Month, dash, Year]);
    let serial = form("excel", &[Serial]);
    for (cell, form, expected) in [
        ("28-02-2018", &danish, Some("2018-02")),
        ("29-02-2016", &danish, Some("2016-02")),
        ("29-02-2018", &danish, None),
        ("1-2-2018", &danish, None),
        ("01-02-18", &danish, None),
        ("2018-13", &accounting, Some("2018-13")),
        ("2018-14", &accounting, None),
        ("2018-00", &accounting, None),
        ("2018-03 ", &accounting, None),
        ("1-2-2018", &bare, Some("2018-02")),
        ("31-12-2018", &bare, Some("2018-12")),
        ("01-2-2018", &bare, None),
        ("1-02-2018", &bare, None),
        ("-2-2018", &bare, None),
        ("0-2-2018", &bare, None),
        ("30-2-2018", &bare, None),
        ("31.12.19", &short, Some("2019-12")),
        ("31.12.99", &short, Some("2099-12")),
        ("31.12.2019", &short, None),
        ("0149", &pivot, Some("2049-01")),
        ("0150", &pivot, Some("1950-01")),
        ("mar-19", &named, Some("2019-03")),
        ("MAJ-19", &named, Some("2019-05")),
        ("may-19", &named, Some("2019-05")),
        ("okt-19", &named, Some("2019-10")),
        ("oct-19", &named, Some("2019-10")),
        ("dec.-19", &named, Some("2019-12")),
        ("Februar-19", &named, Some("2019-02")),
        ("mai-19", &named, None),
        ("mar-2019", &named, None),
        ("-19", &named, None),
        ("dec..-19", &named, None),
        ("01.dec.2019", &pointed, Some("2019-12")),
        ("01.dec..2019", &pointed, None),
        ("2019M03", &statbank, Some("2019-03")),
        ("2019m03", &statbank, None),
        ("201903", &packed, Some("2019-03")),
        ("201913", &packed, None),
        ("03-2019", &turned, Some("2019-03")),
        ("43525", &serial, Some("2019-03")),
        ("25569", &serial, Some("1970-01")),
        ("43525,5", &serial, None),
        ("2019", &serial, None),
        ("201903", &serial, None),
        ("99999", &serial, None),
        ("4352x", &serial, None),
    ] {
        let read = period(cell.as_bytes(), std::slice::from_ref(form));
        let read = read.map(|period| period.to_string());
        assert_eq!(read.as_deref(), expected, "{cell} as {}", form.text);
    }
}

/// Forms of dates as contracts write them, two-digit years in this century.
fn date_form() -> impl Strategy<Value = DateForm> {
    use DatePart::{
        AccountingPeriod, BareDay, BareMonth, Byte, Day, Month, MonthName, Serial, ShortYear, Year,
    };
    let short = ShortYear(2000);
    let marks = prop::sample::select(vec![Some(b'-'), Some(b'.'), Some(b'/'), None]);
    let orders = prop::sample::select(vec![
        vec![Day, Month, Year],
        vec![Month, Day, Year],
        vec![Year, Month, Day],
        vec![Day, Month, short],
        vec![Month, Day, short],
        vec![short, Month, Day],
        vec![BareDay, BareMonth, Year],
        vec![BareMonth, BareDay, short],
        vec![Day, MonthName, short],
        vec![Year, Month],
        vec![Month, Year],
        vec![short, Month],
        vec![Month, short],
        vec![MonthName, short],
        vec![Year, AccountingPeriod],
        vec![AccountingPeriod, short],
        vec![Serial],
    ]);
    (orders, marks).prop_map(|(parts, mark)| {
        let bare = parts.iter().any(|part| matches!(part, BareDay | BareMonth));
        let mark = if bare { mark.or(Some(b'-')) } else { mark };
        let mut marked = Vec::new();
        for part in parts {
            marked.extend(mark.filter(|_| !marked.is_empty()).map(Byte));
            marked.push(part);
        }
        DateForm { text: format!("{marked:?}"), parts: marked }
    })
}

/// A date of this century, its month 13 where the form has closing periods, and what it is.
fn dated() -> impl Strategy<Value = (i16, u8, u8, Period)> {
    (1970_i16..2100, 1_u8..=13, 1_u8..=31).prop_map(|(year, number, day)| {
        match Month::new(year, number) {
            Some(month) => (year, number, day.min(month.days()), Period::Month(month)),
            None => (year, 13, day, Period::Closing(Year::new(year).expect("a year"))),
        }
    })
}

/// A way of writing numbers, and what it declares.
#[derive(Debug, Clone)]
struct Way {
    form: NumberForm,
    lenient: LenientNumberForm,
    mark: Option<char>,
    sign: usize,
    affix: usize,
    decimals: usize,
}

fn way() -> impl Strategy<Value = Way> {
    let marks = prop::option::of(prop::sample::select(vec!['.', ' ', '\u{A0}', '\u{202F}', '\'']));
    (marks, 0_usize..4, 0_usize..4, 2_usize..6).prop_map(|(mark, sign, affix, decimals)| Way {
        form: NumberForm { group: None, negative: EVERY_WAY, ..DANISH },
        lenient: LenientNumberForm {
            groups: mark.into_iter().collect(),
            minus_sign: true,
            zero: texts(&["-"]),
            affixes: texts(&["DKK", "kr."]),
            decimals,
            rounded: false,
        },
        mark,
        sign,
        affix,
        decimals,
    })
}

/// An amount as the way writes it.
fn write(oere: i64, way: &Way) -> String {
    let whole = (oere.unsigned_abs() / 100).to_string();
    let mut text = String::new();
    for (place, character) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.extend(way.mark);
        }
        text.push(character);
    }
    let decimals = format!("{:02}", oere.unsigned_abs() % 100);
    text = format!("{text},{decimals:0<width$}", width = way.decimals);
    let affixed = match way.affix {
        0 => text,
        1 => format!("{text} kr."),
        2 => format!("DKK\u{A0}{text}"),
        _ => format!("kr.{text}"),
    };
    match (oere < 0, way.sign) {
        (false, _) => affixed,
        (true, 0) => format!("-{affixed}"),
        (true, 1) => format!("{affixed}-"),
        (true, 2) => format!("({affixed})"),
        (true, _) => format!("\u{2212}{affixed}"),
    }
}

proptest! {
    /// What a Danish ledger writes is what is read.
    #[test]
    fn written_amounts_are_read_back(oere in -10_i64.pow(15)..10_i64.pow(15)) {
        let plain = Way {
            form: DANISH, lenient: lenient(), mark: Some('.'), sign: 0, affix: 0, decimals: 2,
        };
        prop_assert_eq!(hundredths(write(oere, &plain).as_bytes(), DANISH), Some(oere));
    }

    /// What is counted and written with thousands marked, or not, is what is read.
    #[test]
    fn written_counts_are_read_back(number in -10_i64.pow(15)..10_i64.pow(15), marked: bool) {
        let digits = number.unsigned_abs().to_string();
        let mut text = if number < 0 { "-".to_owned() } else { String::new() };
        for (at, digit) in digits.chars().enumerate() {
            if marked && at > 0 && (digits.len() - at).is_multiple_of(3) {
                text.push('.');
            }
            text.push(digit);
        }
        prop_assert_eq!(integer(text.as_bytes(), DANISH), Some(number), "{}", text);
        let whole = LenientNumberForm { decimals: 0, ..lenient() };
        prop_assert_eq!(count(text.as_bytes(), DANISH, Some(&whole), UTF_8), Some(number));
    }

    /// What a form writes is what it reads.
    #[test]
    fn written_dates_are_read_back(form in date_form(), (year, number, day, is) in dated()) {
        if let Some(text) = date::write(&form, year, number, day) {
            let read = period(text.as_bytes(), std::slice::from_ref(&form));
            prop_assert_eq!(read, Some(is), "{}", text);
        }
    }

    /// What is written in a declared way, whichever it is, is what is read.
    #[test]
    fn every_way_of_writing_is_read_back(oere in -10_i64.pow(15)..10_i64.pow(15), way in way()) {
        let text = write(oere, &way);
        prop_assert_eq!(amount(text.as_bytes(), way.form, Some(&way.lenient), UTF_8), Some(oere));
    }

    /// The wide form reads what the plain form reads, and reads it the same.
    #[test]
    fn both_readers_agree_on_the_plain_form(cell in "[-0-9.,() ]{0,12}", scale in 1_i64..2000) {
        let form = NumberForm { negative: EVERY_WAY, scale, ..DANISH };
        let cell = cell.trim();
        let plain = hundredths(cell.as_bytes(), form);
        prop_assert_eq!(amount(cell.as_bytes(), form, Some(&lenient()), UTF_8), plain);
        let whole = LenientNumberForm { decimals: 0, ..lenient() };
        prop_assert_eq!(
            count(cell.as_bytes(), form, Some(&whole), UTF_8),
            integer(cell.as_bytes(), form)
        );
    }

    /// Whatever the bytes, no form panics.
    #[test]
    fn any_cell_is_read_without_a_panic(cell in prop::collection::vec(any::<u8>(), 0..30), way in way()) {
        for encoding in [UTF_8, WINDOWS_1252] {
            let _ = amount(&cell, NumberForm { scale: i64::MAX, ..way.form }, Some(&way.lenient), encoding);
        }
    }
}

proptest! {
    // Each case tries two forms against each other on thousands of dates.
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Two forms that may be declared together never read one text as two periods.
    #[test]
    fn forms_declared_together_agree(
        one in date_form(),
        other in date_form(),
        dates in prop::collection::vec(dated(), 200),
    ) {
        if date::clash(&one, &other).is_none() {
            for (year, number, day, is) in dates {
                if let Some(text) = date::write(&one, year, number, day) {
                    let read = period(text.as_bytes(), std::slice::from_ref(&other));
                    prop_assert!(read.is_none_or(|read| read == is), "{}: {:?}", text, other);
                }
            }
        }
    }
}
