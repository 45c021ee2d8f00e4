//! Page one says what is known, how large the unknown is, and only then a verdict.

use crate::country::{Country, all_year, data, deliver, read};
use crate::fixture::RunFixture;
use std::collections::BTreeMap;

/// Baseline 2018, all cost follows volume.
const SERVICES: &str =
    "A;Sag;Case;i1;2018;0;kilde;general;kommune\nB;Byg;Build;i1;2018;0;kilde;general;\n";

/// A promise of so many kroner in 2020, with further keys.
fn target(low_kr: i64, keys: &str) -> String {
    format!(
        "[[targets]]\nname.da = \"Mål\"\nname.en = \"Aim\"\nlow_kr = {low_kr}\nhigh_kr = {}\n\
         readings = [\"annual-run-rate\"]\ndue = 2020\nprice_level = 2020\nstatus.da = \"mål\"\n\
         status.en = \"aim\"\nsource = \"en lov\"\n{keys}\n",
        low_kr * 2
    )
}

const STATED: &str = "basis = \"gross\"\nprice_level_assumed = false\ncovers = \"all\"";
const UNSTATED: &str = "basis = \"unknown\"\nprice_level_assumed = true";

/// One authority with the service of this cost in 2018, and less in 2020: 1,000 kr. saved a month.
fn one(targets: &str) -> RunFixture {
    let authorities = "K1;Et;kommune;;;;ja\n";
    let fixture = Country { authorities, services: SERVICES, targets }.fixture();
    for (year, kroner) in [(2018, 10_000), (2019, 10_000), (2020, 9_000)] {
        deliver(&fixture, "K1", "A", year, all_year(kroner, 10));
    }
    fixture
}

fn page(fixture: &RunFixture) -> String {
    let ran = fixture.run(&[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    read(fixture, "da/index.html")
}

/// Page one from its headline on: the answer.
fn answer(fixture: &RunFixture) -> String {
    let page = page(fixture);
    let (_, answer) = page.split_once("Er vi i mål, og hvad ved vi ikke? ").expect("the headline");
    answer.split("På denne side").next().unwrap_or_default().to_owned()
}

fn number(row: &BTreeMap<String, String>, key: &str) -> i64 {
    row[key].parse().unwrap_or_else(|_| panic!("{key} is `{}`", row[key]))
}

#[test]
fn a_target_is_reached_only_where_its_source_says_what_it_is() {
    let reached = answer(&one(&target(12_000, STATED)));
    assert!(
        reached.starts_with(
            "Nået: 12.000 kr. sparet i 2020, 100 pct. af de mindst 12.000 kr., der er lovet."
        ),
        "{reached}"
    );
    let fixture = one(&target(12_000, UNSTATED));
    let unstated = answer(&fixture);
    assert!(unstated.starts_with("Ikke afgjort: 12.000 kr. sparet i 2020"), "{unstated}");
    assert!(read(&fixture, "da/index.html").contains("registret er ikke hele landet"));
    for (from, to, why) in [
        ("gross", "unknown", "kilden siger ikke, om investeringer er trukket fra"),
        ("assumed = false", "assumed = true", "målets prisniveau er antaget"),
        ("\"all\"", "\"register\"", "registret er ikke hele landet"),
    ] {
        let said = answer(&one(&target(12_000, &STATED.replace(from, to))));
        assert!(said.starts_with("Ikke afgjort: ") && said.contains(why), "{said}");
    }
}

#[test]
fn a_target_is_missed_only_where_the_unknown_cannot_bring_it() {
    let missed = answer(&one(&target(12_001, STATED)));
    assert!(missed.starts_with("Ikke nået: 12.000 kr. sparet i 2020"), "{missed}");
    assert!(missed.contains("der mangler 1 kr. Selv den højeste antagelse"), "{missed}");

    // A service without a baseline year cost 1,000 kr. a month: 12,000 of unknown saving.
    let unknown = |keys: &str| {
        let fixture = one(&target(20_000, &format!("{STATED}\n{keys}")));
        deliver(&fixture, "K1", "B", 2020, all_year(1_000, 10));
        answer(&fixture)
    };
    let open = unknown("");
    assert!(
        open.contains(
            "der mangler 8.000 kr. Det ukendte kostede 12.000 kr. og skulle have kostet 1,7 gange \
             så meget uden indsatsen for at bære resten."
        ),
        "{open}"
    );
    // At most a quarter saved is 12,000 / 3 = 4,000; at most a half is 12,000.
    let bound = "most_saved = \"0,25\"\nmost_saved_source = \"skøn\"";
    let bounded = unknown(bound);
    assert!(bounded.starts_with("Ikke nået: "), "{bounded}");
    assert!(bounded.contains("(25,0 %)"), "{bounded}");
    assert!(unknown(&bound.replace("0,25", "0,5")).starts_with("Ikke afgjort: "));
}

/// All of the year's spending came, and the volume of January alone.
#[test]
fn one_month_is_no_annual_saving() {
    let fixture = one(&target(12_000, STATED));
    deliver(&fixture, "K1", "A", 2020, |month| Some((Some(9_000), (month == 1).then_some(10))));
    let said = answer(&fixture);
    assert!(
        said.starts_with(
            "Ikke afgjort: intet kan sammenlignes i 2020, hvor mindst 12.000 kr. er lovet sparet. \
             Det ukendte kostede 108.000 kr."
        ),
        "{said}"
    );
    let targets = data(&fixture, "targets");
    assert_eq!(
        (number(&targets[0], "cells_compared"), number(&targets[0], "cells_unknown")),
        (0, 1)
    );
    let cells = data(&fixture, "cells");
    let now = cells.iter().find(|row| row["span"] == "2020").expect("the cell");
    assert_eq!((now["state"].as_str(), number(now, "months_compared")), ("partly", 1));
    assert_eq!(number(now, "unknown_spending_oere"), 10_800_000);
}

#[test]
fn more_income_than_spending_saves_nothing_and_a_new_task_is_unknown() {
    let fixture = one("");
    for (year, kroner, done) in [(2018, -1_000, 0), (2020, -1_500, 10)] {
        deliver(&fixture, "K1", "B", year, all_year(kroner, done));
        deliver(&fixture, "K1", "A", year, all_year(kroner, 10));
    }
    let page = page(&fixture);
    let states: Vec<_> = data(&fixture, "cells")
        .into_iter()
        .filter(|row| row["span"] == "2020")
        .map(|row| row["state"].clone())
        .collect();
    assert_eq!(states, ["net_income", "new_or_closed"]);
    assert!(page.contains("Ukendte sammenligninger i 2020 2 "), "{page}");
    assert!(page.contains("Større indtægt end udgift"), "{page}");
}

/// 350 authorities, one of which has not delivered the year that is due.
#[test]
fn one_missing_delivery_of_350_does_not_take_the_answer_away() {
    let silent = 137;
    let authorities: Vec<String> =
        (0..350).map(|at| format!("K{at:03};Nr. {at};kommune;;;;ja\n")).collect();
    let authorities = authorities.concat();
    let country = |low_kr: i64| {
        let targets = target(low_kr, STATED);
        let fixture = Country { authorities: &authorities, services: SERVICES, targets: &targets };
        let fixture = fixture.fixture();
        for at in 0..350 {
            let id = format!("K{at:03}");
            deliver(&fixture, &id, "A", 2018, all_year(10_000, 10));
            if at != silent {
                deliver(&fixture, &id, "A", 2020, all_year(9_000, 10));
            }
        }
        fixture
    };
    // 349 authorities saved 12,000 kr. each, 4,188,000 in all; the one that is silent last cost
    // 120,000 kr. in the same months, which is what can be lost at most.
    let fixture = country(4_068_000);
    let said = answer(&fixture);
    assert!(
        said.starts_with("Nået, hvis skønnet holder: 4,2 mio. kr. sparet i 2020, 103 pct."),
        "{said}"
    );
    assert!(
        read(&fixture, "da/index.html").contains("på 349 af 350 sammenligninger over i alt 4.188")
    );
    let named = "også hvis alt det ukendte er tabt; af det er 120.000 kr. et skøn over, hvad der";
    assert!(said.contains(named), "{said}");
    let targets = data(&fixture, "targets");
    let known = ["reached_oere_declared", "unknown_spending_oere", "unknown_estimated_oere"];
    assert_eq!(known.map(|key| number(&targets[0], key)), [418_800_000, 0, 12_000_000]);

    let page = page(&fixture);
    assert!(page.contains("opnået, hvis skønnet holder"), "{page}");
    assert!(page.contains("sparet, hvis skønnet holder"), "{page}");
    assert!(page.contains("Udgift eller antal sager er ikke leveret Nr. 137 1 "), "{page}");
    assert!(page.contains("120.000,00 kr."), "{page}");

    let said = answer(&country(4_068_001));
    assert!(said.starts_with("Ikke afgjort: 4,2 mio. kr. sparet i 2020, 103 pct."), "{said}");
    assert!(said.contains("120.000 kr. af det ukendte eller afviste kan være tabt"), "{said}");

    let said = answer(&country(5_000_000));
    assert!(said.starts_with("Ikke afgjort: 4,2 mio. kr. sparet i 2020, 84 pct."), "{said}");
    assert!(
        said.contains("Det ukendte kostede 120.000 kr. (heraf 120.000 kr. skønnet) og skulle"),
        "{said}"
    );
}

#[test]
fn keys_of_a_target_are_held_to_their_words() {
    let check = |keys: &str| {
        let ran = one(&target(12_000, keys)).check();
        assert_eq!(ran.code, 1, "{}", ran.out);
        ran.err
    };
    let stated = |more: &str| format!("{STATED}\n{more}");
    assert!(check(&STATED.replace("all", "alle")).contains("`targets[1].covers` is `alle`"));
    assert!(check(&stated("most_saved = \"0,5\"")).contains("which has no source"));
    let lone = check(&stated("most_saved_source = \"x\""));
    assert!(lone.contains("and there is no `most_saved`"), "{lone}");
    let all = check(&stated("most_saved = \"1\"\nmost_saved_source = \"x\""));
    assert!(all.contains("which is all of it"), "{all}");
}

/// A year in kroner, then one in thousands: what is saved may be three zeros too few.
#[test]
fn page_one_says_that_the_answer_may_rest_on_sums_moved_by_a_power_of_ten() {
    let fixture = one(&target(12_000, STATED));
    assert!(!page(&fixture).contains("N009"));
    deliver(&fixture, "K1", "A", 2020, all_year(9, 10));
    let said = answer(&fixture);
    assert!(said.contains("er flyttet et antal nuller"), "{said}");
    let page = read(&fixture, "da/index.html");
    assert!(page.contains("Der er 12 bemærkninger til det, der er talt med"), "{page}");
}

/// An empty file holds nothing that is known: no line of it is refused for 0 kr.
#[test]
fn a_delivery_refused_whole_is_unknown_on_the_card() {
    let fixture = one("");
    fixture.deliver("K1-tom-2020.csv", "");
    let ran = fixture.run(&[]);
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    let page = read(&fixture, "da/index.html");
    assert!(page.contains("I karantæne ukendt"), "{page}");
    assert!(page.contains("1 leverance er afvist helt. Hvad der stod i dem, er ukendt."), "{page}");
}

/// Spending with VAT is a quarter more than the same without: the difference is no saving.
#[test]
fn amounts_with_and_without_vat_are_a_problem_at_start() {
    let fixture = one(&target(12_000, STATED));
    let amount = "role = \"amount\"";
    let net = std::fs::read_to_string(fixture.path("pipeline/contracts/alt.toml"))
        .expect("the contract")
        .replace(amount, &format!("{amount}\nvat = \"net\""));
    fixture.lay("pipeline/contracts/alt.toml", &net);
    let gross = net.replace("\"net\"", "\"gross\"").replace("{authority}-", "brutto-{authority}-");
    fixture.lay("pipeline/contracts/brutto.toml", &gross);
    let ran = fixture.check();
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(
        ran.err.contains(
            "the amounts of the contract `brutto` include VAT, and those of `alt` \
             (contracts/alt.toml:5) do not"
        ),
        "{}",
        ran.err
    );
}

#[test]
fn a_target_that_is_due_before_the_programme_is_a_problem_at_start() {
    let early = target(12_000, STATED).replace("due = 2020", "due = 2017");
    let ran = one(&early).check();
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    let found = "`targets[1].due` is `2017`, before the programme, which begins in 2018";
    assert!(ran.err.contains(found), "{}", ran.err);
}
