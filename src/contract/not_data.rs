//! Lines that are no data, by declaration: totals, footnotes, repeated headers, empty rows.

use crate::contract::compiled::Column;
use crate::contract::line_rule::{CellTest, NotData, Rule, Test};
use crate::contract::{lookup, schema};
use crate::definition::located::Located;
use crate::definition::problems::Problems;

/// Compiles the rules; what does not hold is noted in `problems`.
pub(super) fn rules(
    written: &[schema::NotDataRule],
    columns: &[Column],
    problems: &mut Problems,
) -> Vec<Rule> {
    written.iter().filter_map(|rule| self::rule(rule, columns, problems)).collect()
}

fn rule(
    written: &schema::NotDataRule,
    columns: &[Column],
    problems: &mut Problems,
) -> Option<Rule> {
    let declared = NotData::ALL.into_iter().find(|what| what.word() == written.what.value);
    let mut tests = Vec::new();
    if !written.only_filled.is_empty() {
        let places: Option<Vec<usize>> = written
            .only_filled
            .iter()
            .map(|name| lookup::column(columns, name, problems))
            .collect();
        tests.push(Test::OnlyFilled(places?));
    }
    if let Some(name) = &written.column {
        let place = lookup::column(columns, name, problems)?;
        tests.extend(cell_tests(written).into_iter().map(|test| Test::Cell(place, test)));
    }
    match (declared, tests.len()) {
        (Some(NotData::EmptyRow), 0) => {
            Some(Rule { what: NotData::EmptyRow, test: Test::EmptyRow })
        }
        (Some(NotData::RepeatedHeader), 0) => {
            Some(Rule { what: NotData::RepeatedHeader, test: Test::RepeatedHeader })
        }
        (Some(what @ (NotData::Total | NotData::Subtotal | NotData::Footnote)), 1) => {
            tests.pop().map(|test| Rule { what, test })
        }
        (
            Some(
                NotData::EmptyRow
                | NotData::RepeatedHeader
                | NotData::Total
                | NotData::Subtotal
                | NotData::Footnote,
            ),
            _,
        ) => {
            one_test(&written.what, problems);
            None
        }
        (
            None
            | Some(
                NotData::Blank
                | NotData::Preamble
                | NotData::Header
                | NotData::Comment
                | NotData::Lookup
                | NotData::Correction
                | NotData::Copy,
            ),
            _,
        ) => {
            let words = ["emptyRow", "repeatedHeader", "total", "subtotal", "footnote"];
            written.what.unknown("kind of line that is no data by a rule", words, problems);
            None
        }
    }
}

fn one_test(what: &Located<String>, problems: &mut Problems) {
    problems.note(
        &what.place,
        format!("`{}` has too many tests, or none", what.value),
        "emptyRow and repeatedHeader stand alone; the others have either `onlyFilled`, or `column` \
         with one of equals, startsWith, like, empty = true, notEmpty = true",
    );
}

fn cell_tests(written: &schema::NotDataRule) -> Vec<CellTest> {
    let mut tests = Vec::new();
    if written.empty {
        tests.push(CellTest::Empty);
    }
    if written.not_empty {
        tests.push(CellTest::NotEmpty);
    }
    if !written.equals.is_empty() {
        tests.push(CellTest::Equals(written.equals.clone()));
    }
    if !written.starts_with.is_empty() {
        tests.push(CellTest::StartsWith(written.starts_with.clone()));
    }
    if !written.like.is_empty() {
        tests.push(CellTest::Like(written.like.clone()));
    }
    tests
}
