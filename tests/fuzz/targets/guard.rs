//! A personal number in any form, in any text, in any cell: it is found, and nothing that is shown
//! or posted holds it.
#![no_main]

use encoding_rs::UTF_8;
use gevinst::testing::collect::{ingest, masked, may_hold_cpr, shown};
use gevinst::testing::contract::Contract;
use gevinst::testing::domain::PackCell;
use gevinst::testing::ingest::reread_refused;
use gevinst::testing::source::Delivery;
use gevinst_fuzz::choices::Choices;
use gevinst_fuzz::fixture;
use gevinst_fuzz::guard::holds_cpr;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static CONTRACT: LazyLock<Contract> = LazyLock::new(fixture::guarded);

/// The columns of that contract.
const COLUMNS: usize = 8;

const MARKS: [&str; 16] =
    ["-", " ", "/", ".", ":", "_", " - ", "–", "\u{a0}", "\t", "  ", "\\", "|", "+", "'", "−"];

const HIDDEN: [&str; 6] = ["", "", "\u{ad}", "\u{200b}", "\u{202e}", "\u{1}"];

fuzz_target!(|input: &[u8]| {
    let mut choices = Choices::of(input);
    let serial = choices.wide() % 10_000;
    let number = number(&mut choices, serial);
    let place = usize::from(choices.byte()) % COLUMNS;
    let (holds, shape) = (choices.yes(), choices.byte());
    let text = String::from_utf8_lossy(choices.rest()).into_owned();

    // Any text: found by one way and by the other, and not shown.
    assert_eq!(may_hold_cpr(text.as_bytes()), holds_cpr(text.as_bytes()), "`{text}`");
    for text in [&text, &number, &format!("{text}{number}"), &format!("{number}{text}")] {
        let shown = shown(text.as_bytes(), UTF_8);
        assert!(!holds_cpr(shown.as_bytes()), "`{text}` is shown as `{shown}`");
    }
    // `0101-03-2019` is taken for a month of an authority where it is the name of a file.
    let name = masked(&number);
    assert!(name != number || (1900..2100).contains(&serial), "`{number}` names a file");
    // The number between words: found.
    let among = format!("a {number}, b");
    assert!(may_hold_cpr(among.as_bytes()) && holds_cpr(among.as_bytes()), "`{among}`");
    line(place, holds, shape, if text.len().is_multiple_of(2) { &number } else { &among });
});

/// A number in one of the forms it is written in.
fn number(choices: &mut Choices, serial: u16) -> String {
    let day = choices.byte() % 28 + 1 + if choices.byte().is_multiple_of(4) { 60 } else { 0 };
    let (month, year) = (choices.byte() % 12 + 1, choices.byte() % 100);
    let (mark, other) = (choices.one_of(&MARKS), choices.one_of(&MARKS));
    let form = choices.byte();
    let number = match form % 6 {
        0 => format!("{day:02}{month:02}{year:02}{serial:04}"),
        1 => format!("{day:02}{month:02}{year:02}{mark}{serial:04}"),
        2 => format!("{day:02}{mark}{month:02}{mark}{year:02}{other}{serial:04}"),
        3 => format!("{day:02}{mark}{month:02}{year:02}{other}{serial:04}"),
        4 => format!("{day:02}{month:02}{mark}{year:02}{other}{serial:04}"),
        _ => {
            let digits = format!("{day:02}{month:02}{year:02}{serial:04}");
            let wide = |digit| char::from_u32(u32::from(digit) + 0xFF10 - u32::from('0'));
            digits.chars().map(|digit| wide(digit).expect("a digit")).collect()
        }
    };
    let hidden = choices.one_of(&HIDDEN);
    number
        .chars()
        .flat_map(|letter| format!("{letter}{hidden}").chars().collect::<Vec<_>>())
        .collect()
}

/// A line with the number in one of its cells: refused, whatever else is wrong with it, and shown
/// nowhere.
fn line(place: usize, holds: bool, shape: u8, cell: &str) {
    let mut cells = ["0101", "2016-03", "BYG", "K1", "web", "t", "1,00", "x"].map(str::to_owned);
    cells[place] = format!("\"{}\"", cell.replace('"', ""));
    if !holds {
        cells[(place + 1) % COLUMNS] = "\u{2639}".to_owned();
    }
    let mut line = cells.join(";");
    match shape % 8 {
        0 => line += ";further",
        1 => line = cells[..COLUMNS - 1].join(";") + ";" + &cells[place],
        2 => line = cells[place..].join(";"),
        _ => {}
    }
    let bytes =
        format!("who;when;service;account;channel;text;amount;other\n{line}\n").into_bytes();
    let content = Box::new(bytes);
    let deliveries = [Delivery { name: "a.csv".to_owned(), content }];
    let contracts = std::slice::from_ref(&*CONTRACT);
    let read = ingest(contracts, &deliveries, &|| ()).expect("memory reads");
    assert_eq!(read.facts.iter().count(), 0, "`{line}` is posted");
    for refused in &read.quarantine {
        assert_eq!(refused.fault.reason.code(), "Q401", "`{line}`");
        let named = refused.authority.as_ref().is_some_and(|id| holds_cpr(id.as_str().as_bytes()));
        let column = refused.fault.column.as_deref().is_some_and(|name| holds_cpr(name.as_bytes()));
        assert!(!named && !column, "`{line}`: {refused:?}");
    }
    let accounts: Vec<_> = read.accounts.iter().collect();
    let again =
        reread_refused(contracts, &deliveries, &accounts, &read.quarantine).expect("memory reads");
    for cells in again.iter().flat_map(|delivery| delivery.lines.values()) {
        let plain =
            |cell: &str| matches!(PackCell::read(cell), PackCell::Text(text) if !text.is_empty());
        assert!(!cells.cells().any(plain), "`{line}` is shown: {cells:?}");
    }
}
