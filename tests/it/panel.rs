//! No headline over unequal coverage: a late sender is in the total, and in no change.

use crate::country::{Country, all_year, data, deliver, read};

const SERVICES: &str = "A;Sag;Case;i1;2018;;;general;\n";
const AUTHORITIES: &str = "K1;Et;kommune;;;;nej\nK2;To;kommune;;;;nej\n";

#[test]
fn a_late_sender_does_not_make_spending_rise() {
    let fixture = Country { authorities: AUTHORITIES, services: SERVICES, targets: "" }.fixture();
    for (year, kroner) in [(2018, 1_000), (2019, 950), (2020, 900)] {
        deliver(&fixture, "K1", "A", year, all_year(kroner, 10));
    }
    deliver(&fixture, "K2", "A", 2020, all_year(5_000, 10));
    let ran = fixture.run(&[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let page = read(&fixture, "da/pejlemaerke-1.html");
    let said = "Udgifterne er faldet 10,0 % fra 2018 til 2020 hos dem, der har leveret de samme \
                måneder (1 sammenligning; løbende priser)";
    assert!(page.contains(said), "{page}");
    let marks = data(&fixture, "marks");
    let last = marks.iter().rfind(|row| row["span"] == "2020").expect("2020");
    assert_eq!(last["spending_oere"], "7080000");
    assert_eq!(last["spending_panel_then_oere"], "1200000");
    assert_eq!(last["spending_panel_now_oere"], "1080000");
    assert_eq!((last["panel_then"].as_str(), last["spending_panel_cells"].as_str()), ("2018", "1"));
}

#[test]
fn where_nobody_delivered_both_ends_it_is_said_and_no_number_is() {
    let fixture = Country { authorities: AUTHORITIES, services: SERVICES, targets: "" }.fixture();
    deliver(&fixture, "K1", "A", 2018, |month| (month < 7).then_some((Some(1_000), Some(10))));
    deliver(&fixture, "K1", "A", 2020, |month| (month > 6).then_some((Some(9_000), Some(10))));
    let ran = fixture.run(&[]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let page = read(&fixture, "da/pejlemaerke-1.html");
    assert!(page.contains("Udgifterne kan ikke sammenlignes over tid"), "{page}");
    assert!(!page.contains("Udgifterne er"), "{page}");
    let english = read(&fixture, "en/pejlemaerke-1.html");
    assert!(english.contains("Spending cannot be compared over time"), "{english}");
}
