//! A column of dates to its forms, decided only where the values decide.

use crate::contract::compiled::Role;
use crate::contract::schema::FieldType;
use crate::sniff::date::{self, FORMS, TWINS};
use crate::sniff::note::Note;
use crate::sniff::values::{CellForm, ColumnValues, odd};

/// The form of a column whose dates are undecided, when every other form has values: one that a
/// person must change anyway.
const REFUSING: &str = "%Y-%m-%d";

/// The forms of a column of dates; `None` when it is none.
pub(super) fn dates(values: &ColumnValues, notes: &mut Vec<Note>) -> Option<(FieldType, CellForm)> {
    let period = values.role == Some(Role::Period);
    let cells = &values.cells;
    let tried: Vec<&str> = FORMS.into_iter().filter(|form| period || !date::bare(form)).collect();
    let mut chosen: Vec<&str> = Vec::new();
    let mut left: Vec<&str> = cells.clone();
    // The form most of the rest is written in, until no form takes any: of equals the first.
    loop {
        let fit = |form: &&&str| left.iter().filter(|cell| date::fits(cell, form, true)).count();
        let best = tried.iter().rev().max_by_key(fit)?;
        let before = left.len();
        left.retain(|cell| !date::fits(cell, best, true));
        if left.len() == before {
            break;
        }
        chosen.push(best);
    }
    let covered = cells.len() - left.len();
    if covered * 10 < cells.len() * 9 {
        let short = cells.iter().filter(|cell| date::looks_short(cell)).count();
        if short * 10 >= cells.len() * 9 {
            notes.push(Note::check("dates-short"));
        }
        return None;
    }
    if covered < cells.len() {
        odd(values, |cell| chosen.iter().any(|form| date::fits(cell, form, true)), notes);
    }
    Some(date_field(cells, &chosen, covered, notes))
}

fn date_field(
    cells: &[&str],
    chosen: &[&str],
    covered: usize,
    notes: &mut Vec<Note>,
) -> (FieldType, CellForm) {
    notes.push(Note::evidence("dates").with("forms", &chosen.join(", ")).count("count", covered));
    let mut open = false;
    for pair in TWINS.into_iter().filter(|pair| pair.iter().any(|form| chosen.contains(form))) {
        open |= undecided(cells, pair, notes);
    }
    if open {
        let unused = |form: &&str| !cells.iter().any(|cell| date::fits(cell, form, true));
        let refusing = FORMS.into_iter().filter(|form| form.contains("%d")).find(unused);
        let refusing = refusing.unwrap_or(REFUSING).to_owned();
        return (FieldType::Date, CellForm::Date(vec![refusing]));
    }
    if chosen.iter().any(|form| form.contains("%y")) {
        notes.push(Note::check("dates-century"));
    }
    if chosen.iter().any(|form| date::bare(form)) {
        notes.push(Note::check("dates-bare"));
    }
    let closing = |cell: &&str| {
        let fits = |thirteen| chosen.iter().any(|form| date::fits(cell, form, thirteen));
        fits(true) && !fits(false)
    };
    let thirteen = cells.iter().any(closing);
    if thirteen {
        notes.push(Note::check("period-13"));
    }
    let written = |form: &&str| {
        let closing = thirteen && !form.contains("%d");
        if closing { form.replace("%m", "%P") } else { (*form).to_owned() }
    };
    let months = chosen.iter().all(|form| !form.contains("%d"));
    let kind = if months { FieldType::Yearmonth } else { FieldType::Date };
    (kind, CellForm::Date(chosen.iter().map(written).collect()))
}

/// Whether two forms read one value as two days, and no value says which is meant, or some say one
/// and some the other.
fn undecided(cells: &[&str], [one, other]: [&'static str; 2], notes: &mut Vec<Note>) -> bool {
    let fits = |cell: &str, form| date::fits(cell, form, false);
    let only =
        |form, twin| cells.iter().filter(|cell| fits(cell, form) && !fits(cell, twin)).count();
    let note = |note: Note| note.with("one", one).with("other", other);
    match (only(one, other), only(other, one)) {
        (0, 0) => notes.push(note(Note::check("dates-open"))),
        (first, 0) => {
            let decided = Note::evidence("dates-decided").with("form", one);
            notes.push(decided.count("count", first));
            return false;
        }
        (0, second) => {
            let decided = Note::evidence("dates-decided").with("form", other);
            notes.push(decided.count("count", second));
            return false;
        }
        (first, second) => {
            let clash = note(Note::check("dates-clash"));
            notes.push(clash.count("first", first).count("second", second));
        }
    }
    true
}
