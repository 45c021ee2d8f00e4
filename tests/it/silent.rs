//! Who is silent is unknown, and who took over is no one new.

use crate::country::{Country, all_year, data, deliver, read};
use std::collections::BTreeMap;

const SERVICES: &str = "A;Sag;Case;i1;2018;;;general;kommune\nB;Byg;Build;i1;2018;;;general;\n";

fn count(row: &BTreeMap<String, String>, key: &str) -> i64 {
    row[key].parse().expect("a number")
}

#[test]
fn an_authority_that_never_delivers_an_awaited_service_has_cells_and_is_unknown() {
    let authorities = "K1;Et;kommune;;;;ja\nK2;To;kommune;;;;ja\nK3;Tre;kommune;;;;nej\n\
                       R1;Region;region;;;;ja\nR2;Anden;region;;;;ja\n";
    let services = SERVICES.replace("kommune", "kommune, R1");
    let fixture = Country { authorities, services: &services, targets: "" }.fixture();
    for year in 2018..=2020 {
        deliver(&fixture, "K1", "A", year, all_year(1_000, 10));
        deliver(&fixture, "R2", "B", year, all_year(1_000, 10));
    }
    let ran = fixture.run(&[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let cells: Vec<(String, String, String)> = data(&fixture, "cells")
        .into_iter()
        .filter(|row| row["span"] == "2020")
        .map(|row| (row["authority"].clone(), row["service"].clone(), row["state"].clone()))
        .collect();
    let cell = |who: &str, what: &str, state: &str| (who.into(), what.into(), state.into());
    assert_eq!(
        cells,
        [
            cell("K1", "A", "compared"),
            cell("K2", "A", "baseline_missing"),
            cell("R1", "A", "baseline_missing"),
            cell("R2", "B", "compared"),
        ]
    );
    let marks = data(&fixture, "marks");
    let total = marks.iter().find(|row| row["span"] == "2020").expect("the total of 2020");
    assert_eq!((count(total, "cells_compared"), count(total, "cells_baseline_missing")), (2, 2));
}

/// One of two awaited services lacks eleven months of the last year; the other came.
#[test]
fn a_month_without_an_awaited_service_is_not_delivered() {
    let authorities = "K1;Et;kommune;;;;ja\n";
    let services = SERVICES.replace("general;\n", "general;K1\n");
    let fixture = Country { authorities, services: &services, targets: "" }.fixture();
    for year in 2018..=2020 {
        deliver(&fixture, "K1", "A", year, all_year(1_000, 10));
        let first = |month| month == 1 || year < 2020;
        deliver(&fixture, "K1", "B", year, |month| first(month).then_some((Some(1_000), Some(10))));
    }
    let ran = fixture.run(&[]);
    assert!(ran.out.contains("coverage: 25 of 36 awaited months delivered"), "{}", ran.out);
    let states = data(&fixture, "coverage").into_iter().map(|row| row["state"].clone());
    assert_eq!(states.filter(|state| state == "incomplete").count(), 11);
}

/// The word for several contracts says nothing of what a delivery refused whole leaves unknown.
#[test]
fn a_kind_changes_nothing_of_what_is_unknown() {
    let page = |kind: &str| {
        let authorities = "K1;Et;kommune;;;;ja\n";
        let fixture = Country { authorities, services: SERVICES, targets: "" }.fixture();
        let awaited = "awaited = \"monthly\"";
        fixture.change("contracts/alt.toml", awaited, &format!("{awaited}{kind}"));
        for year in 2018..=2020 {
            deliver(&fixture, "K1", "A", year, all_year(1_000, 10));
        }
        fixture.deliver("K1-B-2020.csv", "");
        let ran = fixture.run(&[]);
        assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
        read(&fixture, "da/index.html")
    };
    assert_eq!(page(""), page("\nkind = \"udgift\""));
}

#[test]
fn who_is_awaited_must_be_known() {
    let services = "A;Sag;Case;i1;2018;;;general;komune, K1,, K9\n";
    let fixture = Country { authorities: "K1;Et;kommune;;;;ja\n", services, targets: "" }.fixture();
    deliver(&fixture, "K1", "A", 2018, all_year(1_000, 10));
    let ran = fixture.check();
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    for found in ["`komune`", "``", "`K9`"] {
        let problem = format!("services.csv:2:30: `awaited_from` is {found}, which is no sector");
        assert!(ran.err.contains(&problem), "{}", ran.err);
    }
}

/// K1 is merged into K2, which existed: together they cost the same both years.
#[test]
fn a_merger_into_an_existing_authority_saves_what_the_two_save() {
    let authorities = "K1;Et;kommune;;2018-12;K2;ja\nK2;To;kommune;;;;ja\n";
    let fixture = Country { authorities, services: SERVICES, targets: "" }.fixture();
    deliver(&fixture, "K1", "B", 2018, all_year(1_000, 10));
    deliver(&fixture, "K2", "B", 2018, all_year(3_000, 30));
    deliver(&fixture, "K2", "B", 2019, all_year(3_960, 40));
    let ran = fixture.run(&[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let cells = data(&fixture, "cells");
    let of = |row: &&BTreeMap<String, String>| row["service"] == "B" && row["span"] == "2019";
    let cell = cells.iter().find(of).expect("the united cell");
    assert_eq!((cell["authority"].as_str(), cell["state"].as_str()), ("K2", "compared"));
    assert_eq!((count(cell, "spending_then_oere"), count(cell, "volume_then")), (4_800_000, 480));
    for saving in ["saving_oere_phi0", "saving_oere_phi1"] {
        assert_eq!(count(cell, saving), 48_000);
    }
}

/// 2019 was delivered by nobody, and lies between the first year that counts and the last: what it
/// cost is not nothing.
#[test]
fn a_year_nobody_delivered_is_unknown_where_it_counts_in_a_target() {
    let targets = "[[targets]]\nname.da = \"Mål\"\nname.en = \"Aim\"\nlow_kr = 1_000\n\
         high_kr = 2_000\nreadings = [\"cumulative\", \"annual-run-rate\"]\ndue = 2020\n\
         price_level = 2020\nprice_level_assumed = false\nbasis = \"net\"\ncovers = \"all\"\n\
         status.da = \"mål\"\nstatus.en = \"aim\"\nsource = \"en lov\"\n";
    let told = |years: &[(u16, i64)]| {
        let fixture =
            Country { authorities: "K1;Et;kommune;;;;ja\n", services: SERVICES, targets }.fixture();
        for (year, kroner) in years {
            deliver(&fixture, "K1", "A", *year, all_year(*kroner, 10));
        }
        let ran = fixture.run(&["--as-of", "2020-12"]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        let targets = data(&fixture, "targets");
        let numbers = ["cells_compared", "cells_unknown", "unknown_estimated_oere"];
        (read(&fixture, "da/index.html"), numbers.map(|key| count(&targets[0], key)))
    };
    // 12 · 500 kr. saved in 2020; 2019 is estimated at the 12 · 1,000 kr. of 2018.
    let (page, numbers) = told(&[(2018, 1_000), (2020, 500)]);
    assert_eq!(numbers, [1, 1, 1_200_000]);
    assert!(page.contains("Ikke afgjort: 6.000 kr. sparet 2018–2020 tilsammen"), "{page}");
    // The year it is due itself: two years are estimated at what they cost in 2018.
    let (page, numbers) = told(&[(2018, 1_000)]);
    assert_eq!(numbers, [0, 2, 2_400_000]);
    assert!(page.contains("intet kan sammenlignes 2018–2020 tilsammen"), "{page}");
}
