//! Whatever is delivered, under whatever contract, however it is cut: the kernel says what the
//! plain reader says, and no line is lost.
#![no_main]

use gevinst::testing::contract::Contract;
use gevinst_fuzz::choices::Choices;
use gevinst_fuzz::conserved::{hold, hold_equal, hold_lines};
use gevinst_fuzz::{fixture, lines};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static CONTRACTS: LazyLock<Vec<Contract>> = LazyLock::new(fixture::contracts);

fuzz_target!(|input: &[u8]| {
    let mut choices = Choices::of(input);
    let contract = &CONTRACTS[usize::from(choices.wide()) % CONTRACTS.len()];
    let range = u64::from(choices.byte()) * 3 + 1;
    let header = if choices.yes() { fixture::header(contract) } else { Vec::new() };
    // Often enough that a batch of the kernel's is full, and the next one begun.
    let times = choices.one_of(&[1, 1, 1, 2, 7, 70]);
    let data = choices.rest();
    let bytes = [header, data.repeat(times.min(6_000 / data.len().max(1)).max(1))].concat();

    // Every range has a window of its own: more than some fifty tell nothing new.
    let range = range.max(u64::try_from(bytes.len() / 50).expect("a length fits u64"));
    let [plain, whole, ranged] = fixture::readings(contract, &bytes, range);
    hold_equal(&whole, &plain, "whole");
    hold_equal(&ranged, &plain, &format!("in ranges of {range}"));
    hold(contract, &plain);
    let wide = plain.accounts[0].encoding.starts_with("UTF-16");
    if !wide && !plain.accounts[0].encoding.is_empty() {
        hold_lines(contract, &plain, lines::cut(&bytes).len());
    }
});
