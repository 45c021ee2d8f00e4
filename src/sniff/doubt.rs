//! What columns say of each other: doubts that would post lines wrongly, were they not decided.

use crate::contract::compiled::Role;
use crate::contract::schema::FieldType;
use crate::domain::measure::Measure;
use crate::sniff::column::ProposedColumn;
use crate::sniff::note::{Note, safe};
use crate::sniff::records::Record;
use crate::sniff::side::Heading;
use crate::sniff::values::CellForm;
use crate::sniff::{date, number, words};
use std::collections::BTreeSet;

const AMOUNT: Role = Role::Measure(Measure::Amount);

/// Marks every doubt that two columns, or the cells of one, raise.
pub(super) fn mark(fields: &mut [ProposedColumn], headings: &[Heading], data: &[&Record]) {
    roles(fields, headings);
    period(fields, headings, data);
    amounts(fields, headings, data);
    cancelled(fields, headings, data);
    for field in fields.iter_mut().filter(|field| is_idle(field)) {
        field.notes.push(Note::check("number-idle"));
    }
}

/// Whether a column of numbers has no role, and nobody is asked about it.
fn is_idle(field: &ProposedColumn) -> bool {
    let numbers = matches!(field.kind, FieldType::Number | FieldType::Integer);
    numbers && field.role.is_none() && field.notes.iter().all(|note| !note.check)
}

/// Whether some lines are of what was cancelled, and would be counted as the others.
fn cancelled(fields: &mut [ProposedColumn], headings: &[Heading], data: &[&Record]) {
    let mut notes: Vec<Note> = Vec::new();
    for (other, heading) in fields.iter().zip(headings) {
        if other.role.is_some() || other.kind != FieldType::String || heading.places.len() > 1 {
            continue;
        }
        let lines = cells(heading, data).filter(|cell| words::cancelled(cell)).count();
        if (1..data.len()).contains(&lines) {
            let note = Note::check("measure-cancelled").with("other", &heading.text);
            notes.push(note.count("count", lines));
        }
    }
    let measured = |field: &&mut ProposedColumn| matches!(field.role, Some(Role::Measure(_)));
    if let Some(field) = fields.iter_mut().find(measured) {
        for note in notes {
            field.undecided("measure", note);
        }
    }
}

/// The role a contract would post by: whom a line is of, when, and what it measures.
fn posts(role: Role) -> Option<&'static str> {
    match role {
        Role::Authority => Some("authority"),
        Role::Measure(_) => Some("measure"),
        Role::Period | Role::Service | Role::Initiative | Role::Account | Role::Channel => None,
    }
}

/// Roles that two headings ask for.
fn roles(fields: &mut [ProposedColumn], headings: &[Heading]) {
    let asked: Vec<Option<Role>> =
        headings.iter().map(|heading| words::role(&heading.text).map(|(role, _)| role)).collect();
    for field in fields.iter_mut() {
        let Some((role, word)) = field.role.and_then(|role| Some((role, posts(role)?))) else {
            continue;
        };
        let rivals = asked.iter().filter(|asked| **asked == Some(role)).count();
        if rivals > 1 {
            let note = Note::check("role-rivals").with("role", words::role_word(role));
            field.undecided(word, note.count("count", rivals));
        }
    }
}

/// The cells of a column that stands once in a line.
fn cells<'a>(heading: &Heading, data: &'a [&Record]) -> impl Iterator<Item = &'a str> {
    let place = heading.places[0];
    data.iter().map(move |record| record.cells.get(place).map_or("", String::as_str))
}

/// The year and month a cell is in, by the forms of its column.
fn month(field: &ProposedColumn, cell: &str) -> Option<(i16, u8)> {
    let CellForm::Date(forms) = &field.form else { return None };
    forms.iter().find_map(|form| date::read(cell, &form.replace("%P", "%m"), true))
}

/// Lines in which two columns have a month, and those in which it is not the same one.
fn apart(
    one: (&ProposedColumn, &Heading),
    other: (&ProposedColumn, &Heading),
    data: &[&Record],
) -> [usize; 2] {
    let both = cells(one.1, data).zip(cells(other.1, data));
    let months =
        both.filter_map(|(first, second)| Some((month(one.0, first)?, month(other.0, second)?)));
    months.fold([0, 0], |[all, apart], (first, second)| {
        [all + 1, apart + usize::from(first != second)]
    })
}

/// Whether the period is a month of the calendar: other dates of its lines say so, or nothing does.
fn period(fields: &mut [ProposedColumn], headings: &[Heading], data: &[&Record]) {
    let Some(own) = fields.iter().position(|field| field.role == Some(Role::Period)) else {
        return;
    };
    let months = fields[own].kind == FieldType::Yearmonth;
    let (mut agreed, mut notes) = (false, Vec::new());
    for (other, heading) in fields.iter().zip(headings) {
        let asks = words::role(&heading.text).is_some_and(|(role, _)| role == Role::Period);
        if other.role == Some(Role::Period) || !(months || asks) || heading.places.len() > 1 {
            continue;
        }
        let [all, apart] = apart((&fields[own], &headings[own]), (other, heading), data);
        let near = apart * 10 <= all && (months || apart == 0);
        agreed |= near && all > 0;
        if !near {
            let note = Note::check(if months { "period-apart" } else { "period-rival" });
            notes.push(
                note.with("other", &safe(&heading.text)).count("apart", apart).count("all", all),
            );
        }
        // A column of months without a year is a period that no form reads.
        if asks && other.kind != FieldType::Date && other.kind != FieldType::Yearmonth {
            notes.push(Note::check("period-unread").with("other", &safe(&heading.text)));
        }
    }
    let field = &mut fields[own];
    let CellForm::Date(forms) = &field.form else { return };
    let accounting = words::accounting(&field.heading)
        || forms.iter().any(|form| form.contains("%P") || form.contains("0%m"));
    if months && accounting && !agreed && notes.is_empty() {
        notes.push(Note::check("period-alone"));
    }
    for note in notes {
        field.undecided("period", note);
    }
}

/// Whether there is one amount, and it stands in one column, on one side and in one currency.
fn amounts(fields: &mut [ProposedColumn], headings: &[Heading], data: &[&Record]) {
    let Some(own) = fields.iter().position(|field| field.role == Some(AMOUNT)) else {
        return;
    };
    let mut found: Vec<(&'static str, Note)> = Vec::new();
    for (other, heading) in fields.iter().zip(headings) {
        if other.role.is_some() || heading.places.len() > 1 {
            continue;
        }
        let filled: Vec<&str> = cells(heading, data).filter(|cell| !cell.is_empty()).collect();
        let distinct: BTreeSet<&str> = filled.iter().copied().collect();
        let all =
            |fits: fn(&str) -> bool| !filled.is_empty() && filled.iter().all(|cell| fits(cell));
        let note = |key| Note::check(key).with("other", &safe(&heading.text));
        let asks = words::role(&heading.text).is_some_and(|(role, _)| role == AMOUNT);
        let numbers = matches!(other.kind, FieldType::Number | FieldType::Integer);
        if words::headed_by_side(&heading.text) || all(words::account_side) {
            found.push(("sign", note("amount-side")));
        } else if numbers && !asks && words::money(&heading.text) && all(number::looks) {
            found.push(("measure", note("amount-rival")));
        } else if distinct.len() > 1 && filled.iter().any(|cell| words::planned(cell)) {
            found.push(("measure", note("amount-planned")));
        } else if distinct.len() > 1 && all(words::currency) {
            found.push(("currency", note("amount-currencies")));
        }
    }
    if fields[own].notes.iter().any(|note| note.key == "either-file") {
        found.push(("decimalChar", Note::check("amount-marks")));
    }
    if words::headed_by_side(&fields[own].heading) {
        found.push(("sign", Note::check("amount-one-side")));
    }
    for (word, note) in found {
        fields[own].undecided(word, note);
    }
}

/// The last line, where its amount is that of all the others together and nothing calls it a total.
pub(super) fn unnamed_total(
    fields: &[ProposedColumn],
    headings: &[Heading],
    data: &[&Record],
) -> Option<usize> {
    let mut columns = fields.iter().zip(headings);
    let (_, heading) = columns.find(|(field, _)| field.role == Some(AMOUNT))?;
    let amount = |cell: &str| {
        let reading = number::read(cell)?;
        let size = number::size(cell, &reading);
        Some(if reading.negative.is_some() { -size } else { size })
    };
    let (last, others) = data.split_last()?;
    let total = amount(cells(heading, &[last]).next()?)?;
    let sum: i128 = cells(heading, others).filter_map(amount).fold(0, i128::saturating_add);
    let several = cells(heading, others).filter_map(amount).filter(|one| *one != 0).count() > 1;
    (several && total != 0 && total == sum).then_some(last.line)
}

/// Whether a line of totals would be posted: it has a period, or needs none.
pub(super) fn would_post(
    fields: &[ProposedColumn],
    headings: &[Heading],
    totals: &[&Record],
) -> bool {
    let mut columns = fields.iter().zip(headings);
    let Some((field, heading)) = columns.find(|(field, _)| field.role == Some(Role::Period)) else {
        return !totals.is_empty();
    };
    cells(heading, totals).any(|cell| month(field, cell).is_some())
}
