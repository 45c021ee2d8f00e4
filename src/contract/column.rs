//! Fields as written to columns that run.

use crate::contract::compile::resource;
use crate::contract::compiled::{Cell, Column, DateForm, DatePart, Negative, NumberForm, Role};
use crate::contract::reader::Reader;
use crate::contract::schema::{Field, FieldType, PersonalData, Schema, Sign};
use crate::domain::fact::Measure;
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
        let repeated = columns.iter().any(|column| &column.name == field.name.get_ref());
        if repeated {
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
    let cell = cell(field, reader);
    fits(field, role, &cell, reader);
    let mut headings = vec![name.clone()];
    headings.extend(field.aliases.iter().cloned());
    Column {
        name: name.clone(),
        headings,
        guarded: field.personal_data != Some(PersonalData::None) && field.kind == FieldType::String,
        cell,
        role,
        per_period,
        required: field.constraints.required,
        missing: missing.iter().map(|value| value.trim().to_owned()).collect(),
        range: (field.constraints.minimum, field.constraints.maximum),
        length: (field.constraints.min_length, field.constraints.max_length),
        listed: field.constraints.listed.clone().unwrap_or_default(),
        register: None,
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

fn cell(field: &Field, reader: &mut Reader) -> Cell {
    match field.kind {
        FieldType::String => Cell::Text,
        FieldType::Number => Cell::Number(number(field, reader)),
        FieldType::Integer => Cell::Integer(number(field, reader)),
        FieldType::Date | FieldType::Yearmonth => {
            if field.format.is_empty() {
                let help = "add `format = [\"%d-%m-%Y\"]`";
                reader.at(&field.name, "the field says not how dates are written", help);
            }
            Cell::Date(field.format.iter().filter_map(|form| date(form, reader)).collect())
        }
    }
}

fn number(field: &Field, reader: &mut Reader) -> NumberForm {
    let decimal = mark(field, field.decimal_char.as_deref(), "decimalChar", reader).unwrap_or(b'.');
    let group = mark(field, field.group_char.as_deref(), "groupChar", reader);
    if field.kind == FieldType::Number && group == Some(decimal) {
        let problem = "decimalChar and groupChar are the same";
        reader.at(&field.name, problem, "give them different marks");
    }
    let turned = field.sign == Sign::Negative;
    let negative = negative(field, reader);
    NumberForm { decimal, group, negative, scale: i64::from(field.scale.unwrap_or(1)), turned }
}

fn negative(field: &Field, reader: &mut Reader) -> Negative {
    let Some(forms) = &field.negative else {
        return Negative { leading: true, ..Negative::default() };
    };
    let mut negative = Negative::default();
    for form in forms {
        match form.get_ref().as_str() {
            "-1" => negative.leading = true,
            "1-" => negative.trailing = true,
            "(1)" => negative.parentheses = true,
            _ => reader.unknown(form, "way to write minus one", "use \"-1\", \"1-\" and \"(1)\""),
        }
    }
    negative
}

fn mark(field: &Field, text: Option<&str>, key: &str, reader: &mut Reader) -> Option<u8> {
    match text.map(str::as_bytes) {
        None | Some([]) => None,
        Some([byte]) if byte.is_ascii_punctuation() || *byte == b' ' => Some(*byte),
        Some(_) => {
            let problem = format!("{key} is not one ASCII mark");
            reader.at(&field.name, &problem, "write a single mark, such as \",\" or \".\"");
            None
        }
    }
}

fn date(form: &Spanned<String>, reader: &mut Reader) -> Option<DateForm> {
    let mut parts = Vec::new();
    let mut bytes = form.get_ref().bytes();
    while let Some(byte) = bytes.next() {
        parts.push(match (byte, byte == b'%') {
            (_, true) => match bytes.next() {
                Some(b'Y') => DatePart::Year,
                Some(b'm') => DatePart::Month,
                Some(b'd') => DatePart::Day,
                Some(b'P') => DatePart::AccountingPeriod,
                _ => {
                    reader.unknown(form, "form of a date", "use %Y, %m, %d, and %P for 01 to 13");
                    return None;
                }
            },
            (byte, false) => DatePart::Byte(byte),
        });
    }
    let has = |part| parts.contains(&part);
    if has(DatePart::Year) && (has(DatePart::Month) || has(DatePart::AccountingPeriod)) {
        return Some(DateForm { text: form.get_ref().clone(), parts });
    }
    reader.at(form, "the form lacks a year or a month", "write %Y and %m (or %P)");
    None
}

/// Checks that a column's role and type go together.
fn fits(field: &Field, role: Option<Role>, cell: &Cell, reader: &mut Reader) {
    let expected = match (role, cell) {
        (Some(Role::Period), Cell::Text | Cell::Number(_) | Cell::Integer(_)) => {
            "date or yearmonth"
        }
        (
            Some(Role::Measure(Measure::Amount | Measure::Hours)),
            Cell::Text | Cell::Integer(_) | Cell::Date(_),
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
            Cell::Text | Cell::Number(_) | Cell::Date(_),
        ) => "integer",
        (
            Some(
                Role::Authority | Role::Service | Role::Initiative | Role::Account | Role::Channel,
            ),
            Cell::Number(_) | Cell::Integer(_) | Cell::Date(_),
        ) => "string",
        _ => return,
    };
    let problem = format!("`{}` has a role that asks for another type", field.name.get_ref());
    reader.at(&field.name, &problem, &format!("write type = \"{expected}\""));
}
