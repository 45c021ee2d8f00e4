//! Control totals: where the sender states how many lines there are and what they add up to.

use crate::contract::compiled::{CellType, Column, Control, Role};
use crate::contract::pattern::Pattern;
use crate::contract::reader::Reader;
use crate::contract::schema::ControlTotals;
use crate::domain::measure::Measure;
use toml::Spanned;

/// The control totals a contract asks for.
pub(super) fn controls(
    declared: &[ControlTotals],
    columns: &[Column],
    reader: &mut Reader,
) -> Vec<Control> {
    let mut rows = declared.iter().filter_map(|totals| totals.column.as_ref());
    if let Some(second) = rows.nth(1) {
        reader.at(
            second,
            "a delivery has one row of totals",
            "keep one `[[control]]` with `column`",
        );
    }
    declared.iter().filter_map(|totals| control(totals, columns, reader)).collect()
}

fn control(totals: &ControlTotals, columns: &[Column], reader: &mut Reader) -> Option<Control> {
    match (&totals.file, &totals.column) {
        (Some(file), None) => sidecar(totals, file, columns, reader),
        (None, Some(column)) => trailer(totals, column, columns, reader),
        (Some(file), Some(_)) => {
            let help = "write two `[[control]]` tables if the sender gives both";
            reader.at(file, "a control total is in a file of its own or in a row", help);
            None
        }
        (None, None) => {
            let problem = "a `[[control]]` has neither `file` nor `column`".to_owned();
            let help = "write `file = \"NAME.csv\"`, or `column`, `label` and `sum`";
            reader.problem(0..0, problem, help);
            None
        }
    }
}

fn sidecar(
    totals: &ControlTotals,
    file: &Spanned<String>,
    columns: &[Column],
    reader: &mut Reader,
) -> Option<Control> {
    if totals.label.is_some() || totals.lines.is_some() || totals.sum.is_some() {
        let help = "`headings` names the columns of the file; take the other keys out";
        reader.at(file, "`label`, `lines` and `sum` belong to a row of totals", help);
    }
    let amount = Some(Role::Measure(Measure::Amount));
    let Some(form) = columns.iter().position(|column| column.role == amount) else {
        let help = "give a field `role = \"amount\"`: sums are written in its form";
        reader.at(file, "no column is an amount that could be added up", help);
        return None;
    };
    let name = match Pattern::parse(file.get_ref()) {
        Ok(name) => name,
        Err(found) => {
            let problem = format!("`{found}` is no part of a file name");
            reader.at(file, &problem, "use {version} and {any}");
            return None;
        }
    };
    let headings =
        totals.headings.clone().unwrap_or_else(|| ["file", "lines", "sum"].map(str::to_owned));
    Some(Control::Sidecar { name, headings, form })
}

fn trailer(
    totals: &ControlTotals,
    column: &Spanned<String>,
    columns: &[Column],
    reader: &mut Reader,
) -> Option<Control> {
    let label = totals.label.clone().unwrap_or_default().trim().to_owned();
    if label.is_empty() || totals.headings.is_some() {
        let help = "add `label = \"I alt\"`; `headings` is for a file of totals";
        reader.at(column, "nothing says which row the totals are in", help);
    }
    if totals.lines.is_none() && totals.sum.is_none() {
        let help = "add `lines`, `sum` or both";
        reader.at(column, "the row of totals states neither lines nor a sum", help);
    }
    let place = reader.column(columns, column)?;
    let mut find = |name: &Option<Spanned<String>>| {
        name.as_ref().and_then(|name| reader.column(columns, name))
    };
    let (lines, sum) = (find(&totals.lines), find(&totals.sum));
    let amount = Some(Role::Measure(Measure::Amount));
    if let (Some(name), Some(at)) = (&totals.sum, sum)
        && !(columns[at].role == amount && matches!(columns[at].cell, CellType::Number(_)))
    {
        let help = "name the column that has `role = \"amount\"`";
        reader.at(name, "the sum does not stand in the column it adds up", help);
    }
    Some(Control::Trailer { column: place, label, lines, sum })
}
