//! What changes no figure of the report: what a contract is called, a copy of a delivery, the order
//! files are laid down in, and a delivery that comes in two parts.

use crate::fixture::RunFixture;
use crate::once::{contract, fixture, lines};
use proptest::prelude::*;

/// Tables of the report that name no delivery.
const TABLES: [&str; 3] = ["data/cells.csv", "data/marks.csv", "data/targets.csv"];

/// A fixture whose services have a baseline, with one contract by this name.
fn laid(contract_name: &str, files: &[(String, String)]) -> RunFixture {
    let text = contract("names = [\"{any}.csv\"]\nsupersede = \"file\"", "");
    let fixture = fixture(&[(contract_name, &text)]);
    let (from, to) =
        ("cost_type = \"general\"\n", "cost_type = \"general\"\nbaseline = \"2018\"\n");
    fixture.change("pipeline.toml", from, to);
    for (name, text) in files {
        fixture.deliver(name, text);
    }
    fixture
}

/// The figures of the report, table by table.
fn figures(fixture: &RunFixture) -> Vec<String> {
    let ran = fixture.run(&[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let report = fixture.report();
    TABLES.iter().map(|name| String::from_utf8_lossy(&report[*name]).into_owned()).collect()
}

/// Lines of two authorities in two years: who, year, month, kroner.
fn rows() -> impl Strategy<Value = Vec<(String, u16, u8, u32)>> {
    prop::collection::vec(("[AB]", 2018_u16..=2019, 1_u8..=12, 1_u32..1_000), 2..12)
}

fn file(name: &str, rows: &[&(String, u16, u8, u32)]) -> (String, String) {
    let own = rows.iter().map(|(who, year, month, kr)| format!("{who};{year}-{month:02};{kr},00"));
    let own: Vec<String> = own.collect();
    (format!("{name}.csv"), lines(&own.iter().map(String::as_str).collect::<Vec<_>>()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn no_figure_moves_for_what_is_no_other_money(
        rows in rows(),
        part in 2_u8..=12,
        copy in prop::sample::select(vec!["x - Kopi", "x (2)", "helt andet navn"]),
    ) {
        let all: Vec<_> = rows.iter().collect();
        let whole = figures(&laid("f", &[file("x", &all)]));
        prop_assert!(whole[0].lines().count() > 1, "{}", whole[0]);
        let copied = [file("x", &all), file(copy, &all)];
        prop_assert_eq!(&whole, &figures(&laid("another-name", &copied)));
        let backwards: Vec<_> = rows.iter().rev().collect();
        prop_assert_eq!(&whole, &figures(&laid("f", &[file("x", &backwards)])));
        let (early, late): (Vec<_>, Vec<_>) = rows.iter().partition(|(.., month, _)| *month < part);
        let parts = [("x-efteraar", late), ("x-foraar", early)];
        let parts = parts.iter().filter(|(_, rows)| !rows.is_empty());
        let parts: Vec<_> = parts.map(|(name, rows)| file(name, rows)).collect();
        prop_assert_eq!(&whole, &figures(&laid("f", &parts)));
    }
}
