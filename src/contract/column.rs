//! Fields as written to columns that run.

use crate::contract::compiled::{CellType, Column, Expected, Identifier, LenientNumberForm, Role};
use crate::contract::reader::{Reader, resource};
use crate::contract::schema::{Field, FieldType, PersonalData, Schema};
use crate::contract::{date, number};
use crate::domain::letters::folded_heading;
use crate::domain::measure::Measure;
use crate::domain::money::Oere;
use crate::domain::wording::Wording;
use std::collections::BTreeMap;
use toml::Spanned;

/// The columns of a schema, in its order.
pub(super) fn columns(
    schema: &Schema,
    per_period: &[Spanned<String>],
    reader: &mut Reader,
) -> Vec<Column> {
    let missing = schema.missing_values.clone().unwrap_or_else(|| vec![String::new()]);
    let mut columns: Vec<Column> = Vec::new();
    for field in &schema.fields {
        let own = folded_heading(field.name.get_ref());
        if columns.iter().any(|column| folded_heading(&column.name) == own) {
            reader.at(&field.name, "the field stands twice", "remove one of them");
        }
        let per_period = per_period.iter().any(|name| name.get_ref() == field.name.get_ref());
        columns.push(column(field, per_period, &missing, reader));
    }
    for name in per_period {
        let _ = reader.column(&columns, name);
    }
    for key in &schema.foreign_keys {
        let Some(at) = reader.column(&columns, &key.fields) else {
            continue;
        };
        if key.reference.fields.get_ref() != "id" {
            reader.at(&key.reference.fields, "a register is held against by `id` only", "write id");
        }
        let Some(register) = resource(key.reference.resource.get_ref()) else {
            let help = "use authorities, services or initiatives";
            reader.unknown(&key.reference.resource, "register of the pipeline", help);
            continue;
        };
        columns[at].register = Some(register);
    }
    columns
}

fn column(field: &Field, per_period: bool, missing: &[String], reader: &mut Reader) -> Column {
    let name = field.name.get_ref();
    let role = field.role.as_ref().and_then(|role| self::role(role, reader));
    let (cell, lenient) = cell(field, reader);
    let identifier = identifier(field, reader);
    for zero in &field.zero {
        if missing.iter().any(|missing| missing.trim() == zero.get_ref().trim()) {
            let problem = format!("`{}` cannot mean both zero and no value", zero.get_ref());
            reader.at(zero, &problem, "take it out here or in missingValues");
        }
    }
    fits(field, role, &cell, reader);
    let mut headings = vec![name.clone()];
    headings.extend(field.aliases.iter().chain(field.scales.keys()).cloned());
    Column {
        name: Wording::from(name.as_str()),
        headings,
        guarded: field.personal_data != Some(PersonalData::None),
        scales: scales(field, per_period, reader),
        range: range(field, &cell, reader),
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
        digits: digits(field, identifier, reader),
        vat: field.vat,
    }
}

fn value(bound: Option<&Spanned<i64>>) -> Option<i64> {
    bound.map(|bound| *bound.get_ref())
}

/// The smallest and the largest number allowed. None may be beyond what one line may carry, for a
/// line beyond it is refused whatever the contract allows.
fn range(field: &Field, cell: &CellType, reader: &mut Reader) -> (Option<i64>, Option<i64>) {
    let unit = if matches!(cell, CellType::Number(_)) { 100 } else { 1 };
    let most = Oere::LINE_MAX.get() / unit;
    let bounds = [&field.constraints.minimum, &field.constraints.maximum];
    for bound in bounds.into_iter().flatten() {
        if !(-most..=most).contains(bound.get_ref()) {
            reader.problem(
                bound.span(),
                format!("`{}` is beyond what one line may carry, {most}", bound.get_ref()),
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

fn role(role: &Spanned<String>, reader: &mut Reader) -> Option<Role> {
    match role.get_ref().as_str() {
        "authority" => Some(Role::Authority),
        "period" => Some(Role::Period),
        "service" => Some(Role::Service),
        "initiative" => Some(Role::Initiative),
        "account" => Some(Role::Account),
        "channel" => Some(Role::Channel),
        word => {
            let measure = Measure::ALL.into_iter().find(|measure| measure.word() == word);
            if measure.is_none() {
                let words: Vec<_> = Measure::ALL.into_iter().map(Measure::word).collect();
                let help = format!(
                    "use authority, period, service, initiative, account, channel or a measure: {}",
                    words.join(", ")
                );
                reader.unknown(role, "role", &help);
            }
            measure.map(Role::Measure)
        }
    }
}

fn cell(field: &Field, reader: &mut Reader) -> (CellType, Option<LenientNumberForm>) {
    idle_keys(field, reader);
    match field.kind {
        FieldType::String => (CellType::Text, None),
        FieldType::Number => {
            let (form, lenient) = number::number(field, reader);
            (CellType::Number(form), lenient)
        }
        FieldType::Integer => {
            let (form, lenient) = number::number(field, reader);
            (CellType::Integer(form), lenient)
        }
        FieldType::Date | FieldType::Yearmonth => {
            (CellType::Date(date::forms(field, reader)), None)
        }
    }
}

/// Notes keys that mean nothing for the field's type: whoever wrote them expects something of them.
fn idle_keys(field: &Field, reader: &mut Reader) {
    let kind = field.kind;
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
            reader.at(&field.name, &problem, "take the key out, or mend `type`");
        }
    }
}

/// The scale each heading says, where it says one.
fn scales(field: &Field, per_period: bool, reader: &mut Reader) -> BTreeMap<String, i64> {
    let mut scales = BTreeMap::new();
    for (heading, scale) in &field.scales {
        if per_period {
            let help = "give the field one `scale`";
            reader.problem(scale.span(), "a column of periods has one scale".to_owned(), help);
        }
        scales.insert(heading.trim().to_owned(), i64::from(*scale.get_ref()));
    }
    scales
}

/// The kind of identifier a text field is, where it says so.
fn identifier(field: &Field, reader: &mut Reader) -> Option<Identifier> {
    if field.kind != FieldType::String {
        return None;
    }
    let mut kind = None;
    for word in &field.format {
        let known = Identifier::from_word(word.get_ref());
        if known.is_none() {
            let help =
                "use cvr, ean (or gln), pnr (or pnummer), kommunekode, regionskode or document";
            reader.unknown(word, "kind of identifier", help);
        } else if kind.is_some() {
            reader.at(word, "a column holds one kind of identifier", "keep one");
        }
        kind = kind.or(known);
    }
    kind
}

/// How many digits a text of digits is filled up to, where the field says so.
fn digits(field: &Field, kind: Option<Identifier>, reader: &mut Reader) -> Option<usize> {
    let declared = field.leading_zeros.as_ref()?;
    let digits = usize::from(*declared.get_ref());
    let own = kind.and_then(Identifier::digits);
    if digits < 2 || 20 < digits || own.is_some_and(|own| own != digits) {
        let problem = format!("{digits} is not how many digits the column has");
        let help = own.map_or("write 2 to 20".to_owned(), |own| format!("write {own}"));
        reader.problem(declared.span(), problem, &help);
    }
    Some(digits)
}

/// Checks that a column's role and type go together.
fn fits(field: &Field, role: Option<Role>, cell: &CellType, reader: &mut Reader) {
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
    let problem = format!("`{}` has a role that asks for another type", field.name.get_ref());
    reader.at(&field.name, &problem, &format!("write type = \"{expected}\""));
}
