//! Control totals: where the sender states how many lines there are and what they add up to.

use crate::contract::compiled::{CellType, Column, Control, Role};
use crate::contract::lookup;
use crate::contract::pattern::Pattern;
use crate::contract::schema::ControlTotals;
use crate::definition::located::Located;
use crate::definition::problems::Problems;
use crate::domain::measure::Measure;

/// The control totals a contract asks for.
pub(super) fn controls(
    declared: &[Located<ControlTotals>],
    columns: &[Column],
    problems: &mut Problems,
) -> Vec<Control> {
    let mut rows = declared.iter().filter_map(|totals| totals.value.column.as_ref());
    if let Some(second) = rows.nth(1) {
        problems.note(
            &second.place,
            "a delivery has one row of totals",
            "keep one `[[control]]` with `column`",
        );
    }
    declared.iter().filter_map(|totals| control(totals, columns, problems)).collect()
}

fn control(
    declared: &Located<ControlTotals>,
    columns: &[Column],
    problems: &mut Problems,
) -> Option<Control> {
    let totals = &declared.value;
    match (&totals.file, &totals.column) {
        (Some(file), None) => sidecar(totals, file, columns, problems),
        (None, Some(column)) => trailer(totals, column, columns, problems),
        (Some(file), Some(_)) => {
            let help = "write two `[[control]]` tables if the sender gives both";
            problems.note(&file.place, "a control total is in a file of its own or in a row", help);
            None
        }
        (None, None) => {
            let problem = "a `[[control]]` has neither `file` nor `column`";
            let help = "write `file = \"NAME.csv\"`, or `column`, `label` and `sum`";
            problems.note(&declared.place, problem, help);
            None
        }
    }
}

fn sidecar(
    totals: &ControlTotals,
    file: &Located<String>,
    columns: &[Column],
    problems: &mut Problems,
) -> Option<Control> {
    if totals.label.is_some() || totals.lines.is_some() || totals.sum.is_some() {
        let help = "`headings` names the columns of the file; take the other keys out";
        problems.note(&file.place, "`label`, `lines` and `sum` belong to a row of totals", help);
    }
    let amount = Some(Role::Measure(Measure::Amount));
    let Some(form) = columns.iter().position(|column| column.role == amount) else {
        let help = "give a field `role = \"amount\"`: sums are written in its form";
        problems.note(&file.place, "no column is an amount that could be added up", help);
        return None;
    };
    let name = match Pattern::parse(&file.value) {
        Ok(name) => name,
        Err(found) => {
            let problem = format!("`{found}` is no part of a file name");
            problems.note(&file.place, problem, "use {version} and {any}");
            return None;
        }
    };
    let headings =
        totals.headings.clone().unwrap_or_else(|| ["file", "lines", "sum"].map(str::to_owned));
    Some(Control::Sidecar { name, headings, form })
}

fn trailer(
    totals: &ControlTotals,
    column: &Located<String>,
    columns: &[Column],
    problems: &mut Problems,
) -> Option<Control> {
    let label = totals.label.clone().unwrap_or_default().trim().to_owned();
    if label.is_empty() || totals.headings.is_some() {
        let help = "add `label = \"I alt\"`; `headings` is for a file of totals";
        problems.note(&column.place, "nothing says which row the totals are in", help);
    }
    if totals.lines.is_none() && totals.sum.is_none() {
        let help = "add `lines`, `sum` or both";
        problems.note(&column.place, "the row of totals states neither lines nor a sum", help);
    }
    let place = lookup::column(columns, column, problems)?;
    let mut find = |name: &Option<Located<String>>| {
        name.as_ref().and_then(|name| lookup::column(columns, name, problems))
    };
    let (lines, sum) = (find(&totals.lines), find(&totals.sum));
    let amount = Some(Role::Measure(Measure::Amount));
    if let (Some(name), Some(at)) = (&totals.sum, sum)
        && !(columns[at].role == amount && matches!(columns[at].cell, CellType::Number(_)))
    {
        let help = "name the column that has `role = \"amount\"`";
        problems.note(&name.place, "the sum does not stand in the column it adds up", help);
    }
    Some(Control::Trailer { column: place, label, lines, sum })
}
