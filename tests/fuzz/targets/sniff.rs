//! Any file looked at: what is proposed is a contract, the same every time, that names nobody; one
//! that lacks nothing holds, once what is undecided in it is decided as proposed.
#![no_main]

use gevinst::testing::contract::keys;
use gevinst::testing::domain::Language;
use gevinst::testing::sniff::{render, sniff};
use gevinst_fuzz::fixture;
use gevinst_fuzz::guard::holds_cpr;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let bytes = input.to_vec();
    let Ok(sniffed) = sniff("a.csv", &bytes) else { return };
    for language in Language::ALL {
        let contract = render(&sniffed, "a.csv", language);
        if let Err(error) = keys(&contract) {
            panic!("{error}\n{contract}");
        }
        assert!(!holds_cpr(contract.as_bytes()), "{contract}");
        // A year of two digits waits for its century.
        if sniffed.lacking.is_empty() && !contract.contains("%y") {
            let lines = contract.split_inclusive('\n');
            let decided: String = lines.filter(|line| !line.starts_with("undecided = ")).collect();
            let compiled = fixture::compiled(decided.as_bytes());
            if let Err(error) = compiled {
                panic!("{error}\n{contract}");
            }
        }
    }
});
