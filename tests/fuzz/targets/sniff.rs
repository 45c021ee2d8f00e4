//! Any file looked at: what is proposed is a contract, the same every time, that names nobody; one
//! that lacks nothing holds.
#![no_main]

use gevinst::contract::schema::ContractFile;
use gevinst::domain::language::Language;
use gevinst::sniff::{render, sniff};
use gevinst_fuzz::desk;
use gevinst_fuzz::guard::holds_cpr;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let bytes = input.to_vec();
    let Ok(sniffed) = sniff("a.csv", &bytes) else { return };
    for language in Language::ALL {
        let contract = render(&sniffed, "a.csv", language);
        if let Err(error) = toml::from_str::<ContractFile>(&contract) {
            panic!("{error}\n{contract}");
        }
        assert!(!holds_cpr(contract.as_bytes()), "{contract}");
        if sniffed.lacking.is_empty() {
            let compiled = desk::compiled(contract.as_bytes());
            if let Err(error) = compiled {
                panic!("{error}\n{contract}");
            }
        }
    }
});
