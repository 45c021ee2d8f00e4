//! Posted facts as a polars table, grouped into one series of periods a followed unit.

use crate::domain::id::{AuthorityId, InitiativeId, ServiceId};
use crate::domain::measure::{Measure, Tally};
use crate::domain::period::{Period, Span};
use crate::facts::Facts;
use crate::facts::fact::Fact;
use crate::metrics::series::{NO_SERVICE, Periods, Tallies, Unit};
use crate::metrics::unit::unite;
use crate::programme::model::Programme;
use polars::prelude::{
    Column, DataFrame, Expr, IntoColumn, IntoLazy, NamedFrom, Series, SortMultipleOptions, col,
};
use std::collections::{BTreeMap, BTreeSet};

const KEYS: [&str; 4] = ["authority", "service", "initiative", "period"];

/// Groups facts by unit and period: channels and accounts are added up, and so are an authority
/// and its successor.
///
/// - Shape: units in order, periods ascending, whatever the order of facts.
/// - Keeps: integer sums are exact. Polars wraps in silence, so it is asserted first that the sum
///   of absolute values fits `i64`, which the ledger has proven.
pub(crate) fn group(programme: &Programme, posted: &Facts) -> BTreeMap<Unit, Periods> {
    assert_bounded(posted);
    let periods: Vec<Period> =
        posted.iter().map(|fact| fact.key.period).collect::<BTreeSet<_>>().into_iter().collect();
    let sums: Vec<Expr> = Measure::ALL
        .iter()
        .flat_map(|measure| [sum_name(*measure), lines_name(*measure)])
        .map(|name| col(name).sum())
        .collect();
    let grouped = frame(programme, posted, &periods)
        .lazy()
        .group_by(KEYS.map(col))
        .agg(sums)
        .sort(KEYS, SortMultipleOptions::default())
        .collect()
        .expect("the columns grouped are the columns made");
    unite(programme, read(&grouped, &periods))
}

/// Every span with posted facts, ascending.
pub(crate) fn spans(posted: &Facts) -> Vec<Span> {
    let spans: BTreeSet<Span> = posted.iter().map(|fact| fact.key.period.span()).collect();
    spans.into_iter().collect()
}

fn assert_bounded(posted: &Facts) {
    for measure in Measure::ALL {
        let absolute: u128 = posted
            .iter()
            .map(|fact| u128::from(fact.measures.get(measure).sum.unsigned_abs()))
            .sum();
        assert!(
            i64::try_from(absolute).is_ok(),
            "the ledger bounds the sum of `{}` to i64",
            measure.word()
        );
    }
}

fn sum_name(measure: Measure) -> String {
    format!("{}_sum", measure.word())
}

fn lines_name(measure: Measure) -> String {
    format!("{}_lines", measure.word())
}

fn frame(programme: &Programme, posted: &Facts, periods: &[Period]) -> DataFrame {
    let initiatives = initiatives(programme, posted);
    let place = |fact: &Fact| {
        let place = periods.partition_point(|period| *period < fact.key.period);
        i64::try_from(place).expect("a run has few periods")
    };
    let mut columns: Vec<Column> = vec![
        text("authority", posted.iter().map(|f| f.key.authority.as_str())),
        text("service", posted.iter().map(|f| service(&f).unwrap_or(""))),
        text(
            "initiative",
            initiatives.iter().map(|id| id.as_ref().map_or("", InitiativeId::as_str)),
        ),
        numbers("period", posted.iter().map(|fact| place(&fact))),
    ];
    for measure in Measure::ALL {
        let tallies = || posted.iter().map(|fact| fact.measures.get(measure));
        columns.push(numbers(&sum_name(measure), tallies().map(|t| t.sum)));
        let lines = tallies().map(|tally| i64::from(tally.lines));
        columns.push(numbers(&lines_name(measure), lines));
    }
    DataFrame::new(posted.len(), columns).expect("every column has one value a fact")
}

fn service<'a>(fact: &Fact<'a>) -> Option<&'a str> {
    fact.key.service.map(ServiceId::as_str)
}

/// The initiative each fact counts under. A service is followed whole, so it has one a unit: the
/// one its lines name, if they agree, else the register's. Without a service it is the line's own.
fn initiatives(programme: &Programme, posted: &Facts) -> Vec<Option<InitiativeId>> {
    let mut named: BTreeMap<(&AuthorityId, &ServiceId), BTreeSet<&InitiativeId>> = BTreeMap::new();
    for fact in posted.iter() {
        if let (Some(service), Some(initiative)) = (fact.key.service, fact.key.initiative) {
            let key = (programme.unit_of(fact.key.authority), service);
            named.entry(key).or_default().insert(initiative);
        }
    }
    posted
        .iter()
        .map(|fact| match fact.key.service {
            None => fact.key.initiative.cloned(),
            Some(service) => match named.get(&(programme.unit_of(fact.key.authority), service)) {
                Some(one) if one.len() == 1 => one.first().copied().cloned(),
                Some(_) | None => programme.initiative_of(service).cloned(),
            },
        })
        .collect()
}

fn text<'a>(name: &str, values: impl Iterator<Item = &'a str>) -> Column {
    Series::new(name.into(), values.collect::<Vec<&str>>()).into_column()
}

fn numbers(name: &str, values: impl Iterator<Item = i64>) -> Column {
    Series::new(name.into(), values.collect::<Vec<i64>>()).into_column()
}

fn read(grouped: &DataFrame, periods: &[Period]) -> BTreeMap<Unit, Periods> {
    let texts = |name: &str| -> Vec<String> {
        let column = grouped.column(name).and_then(Column::str);
        let column = column.expect("a text column that was made above");
        column.iter().map(|cell| cell.unwrap_or("").to_owned()).collect()
    };
    let numbers = |name: &str| -> Vec<i64> {
        let column = grouped.column(name).and_then(Column::i64);
        let column = column.expect("a number column that was made above");
        column.iter().map(|cell| cell.unwrap_or(0)).collect()
    };
    let (authority, service) = (texts("authority"), texts("service"));
    let (initiative, period) = (texts("initiative"), numbers("period"));
    let measures = Measure::ALL.map(|m| (numbers(&sum_name(m)), numbers(&lines_name(m))));

    let mut units: BTreeMap<Unit, Periods> = BTreeMap::new();
    for row in 0..grouped.height() {
        let name = |id: &String| (!id.is_empty()).then(|| id.clone());
        let unit = Unit {
            authority: AuthorityId::new(&authority[row]),
            service: name(&service[row]).map_or_else(no_service, |id| ServiceId::new(&id)),
            initiative: name(&initiative[row]).map(|id| InitiativeId::new(&id)),
        };
        let tallies = Measure::ALL.map(|measure| {
            let (sums, lines) = &measures[measure.index()];
            Tally {
                sum: sums[row],
                lines: u32::try_from(lines[row]).expect("a run has under 2^32 lines"),
            }
        });
        let place = usize::try_from(period[row]).expect("a place in the list of periods");
        let series = units.entry(unit).or_default();
        series.insert(periods[place], Tallies { tallies, short: false });
    }
    units
}

fn no_service() -> ServiceId {
    ServiceId::new(NO_SERVICE)
}
