//! Any contract: every problem has a place and a mend, and one without problems reads a delivery
//! without losing a line. Behind a NUL stands the delivery.
#![no_main]

use gevinst::testing::contract::Contract;
use gevinst::testing::domain::Error;
use gevinst_fuzz::conserved::{hold, hold_equal};
use gevinst_fuzz::fixture;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let (text, lines) = match input.iter().position(|byte| *byte == 0) {
        Some(at) => (&input[..at], &input[at + 1..]),
        None => (input, &b""[..]),
    };
    match fixture::compiled(text) {
        Ok(contracts) => contracts.into_iter().for_each(|contract| hold_contract(contract, lines)),
        Err(error) => hold_problems(text, &error),
    }
});

fn hold_problems(text: &[u8], error: &Error) {
    let Error::Pipeline { problems } = error else { panic!("{error}") };
    assert!(!problems.is_empty());
    let text = String::from_utf8_lossy(text);
    let lines: Vec<&str> = text.split('\n').collect();
    for problem in problems {
        let place = &problem.place;
        let line = lines.get(place.line - 1).unwrap_or_else(|| panic!("{problem}"));
        assert!(1 <= place.column && place.column <= line.chars().count() + 1, "{problem}");
        assert!(!problem.problem.is_empty() && !problem.help.is_empty(), "{problem}");
    }
}

fn hold_contract(contract: Contract, lines: &[u8]) {
    let contract = fixture::claiming(contract);
    let bytes = [&fixture::header(&contract), lines].concat();
    let [plain, whole, ranged] = fixture::readings(&contract, &bytes, 50);
    hold_equal(&whole, &plain, "whole");
    hold_equal(&ranged, &plain, "in ranges");
    hold(&contract, &plain);
}
