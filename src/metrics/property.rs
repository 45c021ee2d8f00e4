//! What holds whatever is delivered.

use crate::domain::measure::Measure::{Amount, Completed};
use crate::domain::money::Oere;
use crate::metrics::figures::SpanFigures;
use crate::metrics::fixture::ProgrammeFixture;
use proptest::prelude::*;

/// A line of a made-up delivery: authority, year, month, service, øre, completed.
type PostedLine = (u8, i16, u8, u8, i64, i64);

fn lines() -> impl Strategy<Value = Vec<PostedLine>> {
    let amount = -1_000_000_i64..100_000_000;
    let line = (0_u8..3, 2015_i16..2018, 1_u8..=3, 0_u8..3, amount, 0_i64..1_000);
    prop::collection::vec(line, 1..40)
}

fn desk_of(lines: &[PostedLine]) -> ProgrammeFixture {
    let fixture = ProgrammeFixture::new()
        .initiative("1.1", &[("a", 100)])
        .initiative("2.1", &[("a", 33), ("b", 33), ("c", 34)])
        .service("0", "1.1", Some("2015"), Some(30))
        .service("1", "2.1", Some("2015"), None)
        .service("2", "2.1", Some("2016"), Some(70))
        .prices(2015, &[(2015, 100), (2016, 103), (2017, 107)]);
    lines.iter().fold(fixture, |fixture, (authority, at, month, service, oere, done)| {
        let values = [(Amount, *oere), (Completed, *done)];
        let period = format!("{at}-{month:02}");
        fixture.line(&authority.to_string(), &period, &service.to_string(), &values)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// All initiatives weigh 1 in all, so the marks are the total, and every bridge its difference.
    #[test]
    fn marks_add_up_to_the_total_and_bridges_to_the_difference(lines in lines()) {
        let metrics = desk_of(&lines).compute();
        for figures in &metrics.total.spans {
            let marks: Vec<_> = metrics
                .pejlemaerker
                .iter()
                .filter_map(|(_, mark)| mark.at(figures.span))
                .collect();
            let spending = Oere::sum(marks.iter().filter_map(|mark| mark.spending.value()));
            prop_assert_eq!(Some(spending), figures.spending.value().or(Some(Oere::ZERO)));
            let outside = Oere::sum(marks.iter().map(|mark| mark.basis.spending_outside));
            prop_assert_eq!(outside, figures.basis.spending_outside);
            let saved = |mark: &&SpanFigures| -> Option<Oere> {
                Some(mark.compared.value()?.saving_real.all_fixed)
            };
            let real = Oere::sum(marks.iter().filter_map(saved));
            prop_assert_eq!(real, saved(&figures).unwrap_or(Oere::ZERO));
            for compared in marks.iter().filter_map(|mark| mark.compared.value()) {
                let bridge = compared.bridge;
                let parts = [bridge.price, bridge.volume, bridge.absorption, bridge.efficiency];
                let difference = compared.spending_now.checked_sub(compared.spending_then);
                prop_assert_eq!(Some(Oere::sum(parts)), difference);
            }
        }
    }

    /// The order of facts and the number of threads do not show.
    #[test]
    fn the_order_of_facts_does_not_show(lines in lines(), seed in any::<u64>()) {
        let fixture = desk_of(&lines);
        let mut mixed = fixture.clone();
        let turn = usize::try_from(seed % 40).expect("small") % mixed.facts.len();
        mixed.facts.rotate_left(turn);
        mixed.facts.reverse();
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
        let (one, other) = (fixture.compute(), alone.install(|| mixed.compute()));
        prop_assert_eq!(format!("{:?}", one.cells), format!("{:?}", other.cells));
        prop_assert_eq!(format!("{:?}", one.pejlemaerker), format!("{:?}", other.pejlemaerker));
        prop_assert_eq!(one.tables, other.tables);
    }
}
