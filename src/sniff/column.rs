//! One column's values to its type, its form and what it could not say.

use crate::contract::compiled::Role;
use crate::contract::schema::FieldType;
use crate::domain::measure::Measure;
use crate::domain::privacy::may_hold_cpr;
use crate::sniff::note::{Note, samples};
use crate::sniff::number::{self, NumberReading, Separators};
use crate::sniff::values::{CellForm, ColumnValues, odd};
use crate::sniff::when::dates;
use crate::sniff::words;
use std::collections::BTreeMap;

/// A proposed column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedColumn {
    /// Its heading; masked where it could hold a personal number.
    pub heading: String,
    /// What a cell is.
    pub kind: FieldType,
    /// How it is written.
    pub form: CellForm,
    /// What the column is for.
    pub role: Option<Role>,
    /// Evidence and questions.
    pub notes: Vec<Note>,
    /// Questions without whose answer lines could be posted wrongly: the contract does not run
    /// until they are answered.
    pub undecided: Vec<&'static str>,
}

impl ProposedColumn {
    /// Notes a question that must be answered before the contract runs.
    pub(super) fn undecided(&mut self, word: &'static str, note: Note) {
        self.notes.push(note);
        if !self.undecided.contains(&word) {
            self.undecided.push(word);
        }
    }
}

/// Judges a column. `file_mark` is the decimal mark the other columns of the file agree on.
pub(super) fn judge(values: &ColumnValues, file_mark: Option<char>) -> ProposedColumn {
    let mut notes = vec![first_note(values)];
    let personal = values.cells.iter().filter(|cell| may_hold_cpr(cell.as_bytes())).count();
    if personal > 0 {
        notes.push(Note::check("personal").count("count", personal));
    } else if !values.cells.is_empty() {
        let shown =
            samples(values.cells.iter().copied().filter(|cell| !values.hidden.contains(cell)));
        if !shown.is_empty() {
            notes.push(Note::evidence("samples").with("samples", &shown));
        }
    }
    let (kind, form) = typed(values, personal > 0, file_mark, &mut notes);
    let role = fitting(values, kind, &mut notes);
    let (kind, form) = match (role, kind) {
        // A sum of money is a number, whether or not these lines happen to have decimals.
        (Some(Role::Measure(Measure::Amount | Measure::Hours)), FieldType::Integer) => {
            (FieldType::Number, form)
        }
        (_, kind) => (kind, form),
    };
    ProposedColumn {
        heading: values.heading.to_owned(),
        kind,
        form,
        role,
        notes,
        undecided: Vec::new(),
    }
}

fn first_note(values: &ColumnValues) -> Note {
    Note::evidence("cells").count("count", values.cells.len()).count("absent", values.absent)
}

/// The type and form of the values.
fn typed(
    values: &ColumnValues,
    personal: bool,
    file_mark: Option<char>,
    notes: &mut Vec<Note>,
) -> (FieldType, CellForm) {
    let text = (FieldType::String, CellForm::Text);
    let wants_text = matches!(
        values.role,
        Some(Role::Authority | Role::Service | Role::Initiative | Role::Account | Role::Channel)
    );
    if personal || wants_text {
        return text;
    }
    if values.cells.is_empty() {
        notes.push(Note::check("column-empty"));
        return empty(values.role, file_mark);
    }
    if let Some(dates) = dates(values, notes) {
        return dates;
    }
    let readings: Vec<NumberReading> =
        values.cells.iter().filter_map(|cell| number::read(cell)).collect();
    let mostly = mostly(&readings, &values.cells);
    let identifies = values.role.is_none()
        && (words::identifies(values.heading)
            || readings.iter().any(|reading| reading.padded || reading.digits > 15));
    if !mostly {
        return text;
    }
    if identifies {
        notes.push(Note::evidence("identifier"));
        return text;
    }
    odd(values, |cell| number::read(cell).is_some(), notes);
    numbers(values, &readings, file_mark, notes)
}

/// The type a column without values has by its role.
fn empty(role: Option<Role>, file_mark: Option<char>) -> (FieldType, CellForm) {
    let number = |decimal| CellForm::Number { decimal, group: None, negative: vec!["-1"] };
    match role {
        Some(Role::Measure(Measure::Amount | Measure::Hours)) => {
            (FieldType::Number, number(file_mark))
        }
        Some(Role::Measure(_)) => (FieldType::Integer, number(None)),
        Some(_) | None => (FieldType::String, CellForm::Text),
    }
}

/// Whether nine of ten cells are numbers, lone dashes aside.
fn mostly(readings: &[NumberReading], cells: &[&str]) -> bool {
    let dashes = cells.iter().filter(|cell| words::dash(cell)).count();
    !readings.is_empty() && readings.len() * 10 >= (cells.len() - dashes) * 9
}

/// How often each thing was seen in a column of numbers.
#[derive(Default)]
struct Seen {
    decimal: BTreeMap<char, usize>,
    group: BTreeMap<char, usize>,
    either: BTreeMap<char, usize>,
    negative: BTreeMap<&'static str, usize>,
    decimals: usize,
    units: usize,
}

fn seen(readings: &[NumberReading]) -> Seen {
    let mut seen = Seen::default();
    for reading in readings {
        match reading.marks {
            Separators::None => {}
            Separators::Decimal(mark) => *seen.decimal.entry(mark).or_default() += 1,
            Separators::Group(mark) => *seen.group.entry(mark).or_default() += 1,
            Separators::Either(mark) => *seen.either.entry(mark).or_default() += 1,
            Separators::Both(group, decimal) => {
                *seen.group.entry(group).or_default() += 1;
                *seen.decimal.entry(decimal).or_default() += 1;
            }
        }
        if let Some(form) = reading.negative {
            *seen.negative.entry(form).or_default() += 1;
        }
        seen.decimals = seen.decimals.max(reading.decimals);
        seen.units += usize::from(reading.unit);
    }
    seen
}

/// The decimal mark a column is sure of: one is seen, the other is not.
pub(super) fn sure_mark(cells: &[&str]) -> Option<char> {
    let readings: Vec<NumberReading> = cells.iter().filter_map(|cell| number::read(cell)).collect();
    if !mostly(&readings, cells) {
        return None;
    }
    let seen = seen(&readings);
    match seen.decimal.keys().collect::<Vec<_>>().as_slice() {
        [mark] => Some(**mark),
        _ => None,
    }
}

fn numbers(
    values: &ColumnValues,
    readings: &[NumberReading],
    file_mark: Option<char>,
    notes: &mut Vec<Note>,
) -> (FieldType, CellForm) {
    let seen = seen(readings);
    let marks: usize = seen.decimal.values().sum();
    let mut decimal = most(&seen.decimal);
    if let Some(mark) = decimal {
        let mark = mark.to_string();
        notes.push(Note::evidence("decimal").with("mark", &mark).count("count", marks));
    }
    let mut group = most(&seen.group);
    if let Some(mark) = group {
        let count = seen.group.get(&mark).copied().unwrap_or(0);
        let mark = spoken(mark);
        notes.push(Note::evidence("group").with("mark", &mark).count("count", count));
    }
    let mixed = seen.decimal.len() > 1 || seen.group.len() > 1 || seen.either.len() > 1;
    if mixed {
        notes.push(Note::check("marks-mixed"));
        // Without a mark between thousands, `1.234` is refused.
        group = None;
    } else if let Some((mark, count)) = seen.either.first_key_value() {
        either(*mark, *count, (&mut decimal, &mut group), file_mark, notes);
    }
    if decimal.is_some() && decimal == group {
        notes.push(Note::check("marks-mixed"));
        group = None;
    }
    let negative = signs(&seen, notes);
    let whole = seen.decimal.is_empty() && (seen.either.is_empty() || group.is_some());
    let money = matches!(values.role, Some(Role::Measure(Measure::Amount | Measure::Hours)));
    if money && decimal.is_none() {
        decimal = file_mark;
        notes.push(Note::check("decimal-unseen"));
    }
    // A contract's default decimal mark is the point: where that parts off thousands, decimals have
    // the other.
    if let Some(mark) = group.filter(|mark| *mark == decimal.unwrap_or('.')) {
        decimal = Some(if mark == '.' { ',' } else { '.' });
    }
    let kind = if whole { FieldType::Integer } else { FieldType::Number };
    // Thousands that are not marked as such must be refused in counts too, which know no decimals.
    let counted =
        matches!(values.role, Some(Role::Measure(_))) && !money && seen.decimal.is_empty();
    let kind = if counted { FieldType::Integer } else { kind };
    (kind, CellForm::Number { decimal, group, negative })
}

/// The ways minus one is written; what a contract may not read of the numbers is noted.
fn signs(seen: &Seen, notes: &mut Vec<Note>) -> Vec<&'static str> {
    if seen.decimals > 2 {
        notes.push(Note::check("decimals").count("count", seen.decimals));
    }
    if seen.units > 0 {
        notes.push(Note::check("units").count("count", seen.units));
    }
    let mut negative: Vec<&'static str> = seen.negative.keys().copied().collect();
    if !negative.contains(&"-1") {
        negative.insert(0, "-1");
    }
    negative
}

/// Decides `1.234` by the column's other values, openly by the file's other columns, or not at all:
/// then the form is one that refuses it.
fn either(
    mark: char,
    count: usize,
    (decimal, group): (&mut Option<char>, &mut Option<char>),
    file_mark: Option<char>,
    notes: &mut Vec<Note>,
) {
    let note = |note: Note| note.with("mark", &mark.to_string()).count("count", count);
    let other = if mark == '.' { ',' } else { '.' };
    if *group == Some(mark) || *decimal == Some(other) {
        *group = Some(mark);
        notes.push(note(Note::evidence("either-group")));
    } else if *decimal == Some(mark) {
        notes.push(note(Note::check("either-decimal")));
    } else if group.is_some() {
        *decimal = Some(mark);
        notes.push(note(Note::check("either-decimal")));
    } else if file_mark == Some(other) {
        *decimal = file_mark;
        *group = Some(mark);
        let file_mark = other.to_string();
        notes.push(note(Note::check("either-file")).with("decimal", &file_mark));
    } else {
        *decimal = Some(mark);
        notes.push(note(Note::check("either-open")).with("other", &other.to_string()));
    }
}

fn most(counts: &BTreeMap<char, usize>) -> Option<char> {
    counts.iter().max_by_key(|(_, count)| **count).map(|(mark, _)| *mark)
}

/// A mark as it can be seen in a comment.
fn spoken(mark: char) -> String {
    if mark.is_ascii() { mark.to_string() } else { format!("U+{:04X}", u32::from(mark)) }
}

/// The role the heading is a sign of, where the values allow it.
fn fitting(values: &ColumnValues, kind: FieldType, notes: &mut Vec<Note>) -> Option<Role> {
    let role = values.role?;
    let fits = match role {
        Role::Period => matches!(kind, FieldType::Date | FieldType::Yearmonth),
        Role::Authority | Role::Service | Role::Initiative | Role::Account | Role::Channel => {
            kind == FieldType::String
        }
        Role::Measure(Measure::Amount | Measure::Hours) => {
            matches!(kind, FieldType::Number | FieldType::Integer)
        }
        Role::Measure(_) => kind == FieldType::Integer,
    };
    let word = words::role_word(role);
    let note = if fits { Note::evidence("role") } else { Note::check("role-unfit") };
    notes.push(note.with("role", word));
    fits.then_some(role)
}
