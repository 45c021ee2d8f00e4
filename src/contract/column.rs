//! Fields as written to columns that run.

use crate::contract::compiled::{CellType, Column, Expected, Identifier, LenientNumberForm, Role};
use crate::contract::schema::{Field, FieldType, PersonalData, Schema};
use crate::contract::{date, lookup, number};
use crate::definition::located::Located;
use crate::definition::problems::Problems;
use crate::domain::letters::folded_heading;
use crate::domain::measure::Measure;
use crate::domain::money::Oere;
use crate::domain::wording::Wording;
use std::collections::BTreeMap;

/// The columns of a schema, in its order.
pub(super) fn columns(
    schema: &Schema,
    per_period: &[Located<String>],
    problems: &mut Problems,
) -> Vec<Column> {
    let missing = schema.missing_values.clone().unwrap_or_else(|| vec![String::new()]);
    let mut columns: Vec<Column> = Vec::new();
    for field in &schema.fields {
        let own = folded_heading(&field.name.value);
        if columns.iter().any(|column| folded_heading(&column.name) == own) {
            problems.note(&field.name.place, "the field stands twice", "remove one of them");
        }
        let per_period = per_period.iter().any(|name| name.value == field.name.value);
        columns.push(column(field, per_period, &missing, problems));
    }
    for name in per_period {
        let _ = lookup::column(&columns, name, problems);
    }
    for key in &schema.foreign_keys {
        let Some(at) = lookup::column(&columns, &key.fields, problems) else {
            continue;
        };
        if key.reference.fields.value != "id" {
            problems.note(
                &key.reference.fields.place,
                "a register is held against by `id` only",
                "write id",
            );
        }
        columns[at].register = lookup::register(&key.reference.resource, problems);
    }
    columns
}

fn column(field: &Field, per_period: bool, missing: &[String], problems: &mut Problems) -> Column {
    let name = &field.name.value;
    let role = field.role.as_ref().and_then(|role| self::role(role, problems));
    let (cell, lenient) = cell(field, problems);
    let identifier = identifier(field, problems);
    for zero in &field.zero {
        if missing.iter().any(|missing| missing.trim() == zero.value.trim()) {
            let problem = format!("`{}` cannot mean both zero and no value", zero.value);
            problems.note(&zero.place, problem, "take it out here or in missingValues");
        }
    }
    if field.kind.is_some() {
        fits(field, role, &cell, problems);
    }
    let mut headings = vec![name.clone()];
    headings.extend(field.aliases.iter().chain(field.scales.keys()).cloned());
    Column {
        name: Wording::from(name.as_str()),
        headings,
        guarded: field.personal_data != Some(PersonalData::None),
        scales: scales(field, per_period, problems),
        range: range(field, &cell, problems),
        expected: expected(field, &cell, identifier),
        cell,
        role,
        per_period,
        required: field.constraints.required,
        missing: missing.iter().map(|value| value.trim().to_owned()).collect(),
        length: (field.constraints.min_length, field.constraints.max_length),
        listed: field.constraints.listed.clone().unwrap_or_default(),
        register: None,
        lenient,
        identifier,
        digits: digits(field, identifier, problems),
        vat: field.vat,
    }
}

fn value(bound: Option<&Located<i64>>) -> Option<i64> {
    bound.map(|bound| bound.value)
}

/// The smallest and the largest number allowed. None may be beyond what one line may carry, for a
/// line beyond it is refused whatever the contract allows.
fn range(field: &Field, cell: &CellType, problems: &mut Problems) -> (Option<i64>, Option<i64>) {
    let unit = if matches!(cell, CellType::Number(_)) { 100 } else { 1 };
    let most = Oere::LINE_MAX.get() / unit;
    let bounds = [&field.constraints.minimum, &field.constraints.maximum];
    for bound in bounds.into_iter().flatten() {
        if !(-most..=most).contains(&bound.value) {
            problems.note(
                &bound.place,
                format!("`{}` is beyond what one line may carry, {most}", bound.value),
                "write a bound within it, or none",
            );
        }
    }
    (value(field.constraints.minimum.as_ref()), value(field.constraints.maximum.as_ref()))
}

/// What cells of the field must be, in words.
fn expected(field: &Field, cell: &CellType, identifier: Option<Identifier>) -> Expected {
    let constraints = &field.constraints;
    let dates: Vec<&str> = match cell {
        CellType::Date(forms) => forms.iter().map(|form| form.text.as_str()).collect(),
        CellType::Text | CellType::Number(_) | CellType::Integer(_) => Vec::new(),
    };
    let listed = constraints.listed.as_deref().unwrap_or_default();
    Expected {
        range: Expected::between(
            value(constraints.minimum.as_ref()),
            value(constraints.maximum.as_ref()),
        ),
        length: Expected::between(constraints.min_length, constraints.max_length),
        listed: Wording::from(listed.join(", ")),
        dates: Wording::from(dates.join(", ")),
        identifier: Wording::from(identifier.map_or("", Identifier::word)),
    }
}

/// What the column is for, by the words contracts use: what a line is about, or a measure.
fn role(role: &Located<String>, problems: &mut Problems) -> Option<Role> {
    const ABOUT: [(&str, Role); 6] = [
        ("authority", Role::Authority),
        ("period", Role::Period),
        ("service", Role::Service),
        ("initiative", Role::Initiative),
        ("account", Role::Account),
        ("channel", Role::Channel),
    ];
    let measures = Measure::ALL.map(|measure| (measure.word(), Role::Measure(measure)));
    let mut roles = ABOUT.into_iter().chain(measures);
    let found = roles.clone().find(|(word, _)| *word == role.value);
    if found.is_none() {
        role.unknown("role", roles.by_ref().map(|(word, _)| word), problems);
    }
    found.map(|(_, role)| role)
}

fn cell(field: &Field, problems: &mut Problems) -> (CellType, Option<LenientNumberForm>) {
    idle_keys(field, problems);
    match field.kind {
        Some(FieldType::String) | None => (CellType::Text, None),
        Some(FieldType::Number) => {
            let (form, lenient) = number::number(field, problems);
            (CellType::Number(form), lenient)
        }
        Some(FieldType::Integer) => {
            let (form, lenient) = number::number(field, problems);
            (CellType::Integer(form), lenient)
        }
        Some(FieldType::Date | FieldType::Yearmonth) => {
            (CellType::Date(date::forms(field, problems)), None)
        }
    }
}

/// Notes keys that have no effect on the field's type: their author expects one.
fn idle_keys(field: &Field, problems: &mut Problems) {
    let Some(kind) = field.kind else { return };
    let number = matches!(kind, FieldType::Number | FieldType::Integer);
    let date = matches!(kind, FieldType::Date | FieldType::Yearmonth);
    for (key, stands, fits) in [
        ("zero", !field.zero.is_empty(), number),
        ("scales", !field.scales.is_empty(), number),
        ("affix", !field.affix.is_empty(), number),
        ("decimals", field.decimals.is_some(), number),
        ("rounding", field.rounding.is_some(), number),
        ("century", field.century.is_some(), date),
        ("leadingZeros", field.leading_zeros.is_some(), kind == FieldType::String),
        ("format", !field.format.is_empty(), !number),
    ] {
        if stands && !fits {
            let problem = format!("`{key}` says nothing about a field of this type");
            problems.note(&field.name.place, problem, "take the key out, or mend `type`");
        }
    }
}

/// The scale each heading says, where it says one.
fn scales(field: &Field, per_period: bool, problems: &mut Problems) -> BTreeMap<String, i64> {
    let mut scales = BTreeMap::new();
    for (heading, scale) in &field.scales {
        if per_period {
            let help = "give the field one `scale`";
            problems.note(&scale.place, "a column of periods has one scale".to_owned(), help);
        }
        scales.insert(heading.trim().to_owned(), i64::from(scale.value));
    }
    scales
}

/// The kind of identifier a text field is, where it says so.
fn identifier(field: &Field, problems: &mut Problems) -> Option<Identifier> {
    if field.kind != Some(FieldType::String) {
        return None;
    }
    let mut kind = None;
    for word in &field.format {
        let known = Identifier::from_word(&word.value);
        if known.is_none() {
            let words = Identifier::WORDS.iter().flat_map(|(_, words)| *words).copied();
            word.unknown("kind of identifier", words, problems);
        } else if kind.is_some() {
            problems.note(&word.place, "a column holds one kind of identifier", "keep one");
        }
        kind = kind.or(known);
    }
    kind
}

/// How many digits a text of digits is filled up to, where the field says so.
fn digits(field: &Field, kind: Option<Identifier>, problems: &mut Problems) -> Option<usize> {
    let declared = field.leading_zeros.as_ref()?;
    let digits = usize::from(declared.value);
    let own = kind.and_then(Identifier::digits);
    if digits < 2 || 20 < digits || own.is_some_and(|own| own != digits) {
        let problem = format!("{digits} is not how many digits the column has");
        let help = own.map_or("write 2 to 20".to_owned(), |own| format!("write {own}"));
        problems.note(&declared.place, problem, help);
    }
    Some(digits)
}

/// Checks that a column's role and type go together.
fn fits(field: &Field, role: Option<Role>, cell: &CellType, problems: &mut Problems) {
    let expected = match (role, cell) {
        (Some(Role::Period), CellType::Text | CellType::Number(_) | CellType::Integer(_)) => {
            "date or yearmonth"
        }
        (
            Some(Role::Measure(Measure::Amount | Measure::Hours)),
            CellType::Text | CellType::Integer(_) | CellType::Date(_),
        ) => "number",
        (
            Some(Role::Measure(
                Measure::Started
                | Measure::Completed
                | Measure::Digital
                | Measure::Assisted
                | Measure::Satisfied
                | Measure::Answered,
            )),
            CellType::Text | CellType::Number(_) | CellType::Date(_),
        ) => "integer",
        (
            Some(
                Role::Authority | Role::Service | Role::Initiative | Role::Account | Role::Channel,
            ),
            CellType::Number(_) | CellType::Integer(_) | CellType::Date(_),
        ) => "string",
        _ => return,
    };
    let problem = format!("`{}` has a role that asks for another type", field.name.value);
    problems.note(&field.name.place, problem, format!("write type = \"{expected}\""));
}
