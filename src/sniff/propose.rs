//! A table to a proposal: columns and their roles, keys, names, and what is still lacking.

use crate::contract::compiled::Role;
use crate::contract::schema::FieldType;
use crate::domain::measure::Measure;
use crate::domain::packing::Packing;
use crate::domain::privacy::{SideBySide, line_may_hold_cpr};
use crate::sniff::column::{ProposedColumn, judge, sure_mark};
use crate::sniff::names::names;
use crate::sniff::note::{Note, grouped};
use crate::sniff::records::{Record, SniffedTable};
use crate::sniff::side::{self, Heading, Side};
use crate::sniff::sniffed::{Proposed, Sniffed, TableFile};
use crate::sniff::values::ColumnValues;
use crate::sniff::{doubt, number, words};
use crate::source::sheet::DELIMITER;
use std::collections::{BTreeMap, BTreeSet};

/// Fewest lines that make a column without repeats a candidate for the key.
const KEYED: usize = 10;

const AMOUNT: Role = Role::Measure(Measure::Amount);

/// Puts the proposal together.
pub(super) fn propose(name: &str, file: TableFile, table: &SniffedTable) -> Sniffed {
    let header = table.header.map(|place| &table.records[place]);
    let behind = table.header.map_or(0, |place| place + 1);
    let width = header.map_or(table.width, |header| header.cells.len());
    let mut rows = Vec::new();
    let (data, totals) = data(header, &table.records[behind..], width, &mut rows);
    let mut headings = headings(header, width, &data);
    let mut lacking = Vec::new();
    if header.is_none() {
        lacking.push(Note::check("header-none"));
    }
    let side = beside(&mut headings.kept, &mut lacking);
    let mut fields = fields(&headings.kept, &data);
    if let Some(side) = &side {
        for field in fields.iter_mut().filter(|field| side.fields.contains(&field.heading)) {
            measured_by_side(field);
        }
    }
    lacking.extend(complete_roles(&mut fields, side.is_some()));
    let preamble = &table.records[..behind.saturating_sub(1)];
    let (scale, vat) = money(&mut fields, &headings.kept, &data, preamble);
    doubt::mark(&mut fields, &headings.kept, &data);
    let placed = fields.iter().any(|field| field.role == Some(Role::Authority));
    let (names, authority) = names(Packing::inner_name(name), placed);
    let mut undecided = Vec::new();
    if authority.is_some() {
        undecided.push("authority");
    }
    let unnamed = doubt::unnamed_total(&fields, &headings.kept, &data).filter(|_| file.whole);
    if let Some(line) = unnamed {
        rows.push(Note::check("rows-sum").count("line", line));
    }
    if unnamed.is_some() || doubt::would_post(&fields, &headings.kept, &totals) {
        undecided.push("totals");
    }
    Sniffed {
        names,
        file: file.notes,
        sheet: file.sheet,
        encoding: file.encoding,
        delimiter: delimiter(table, file.sheet.is_some()),
        quote: quote(table),
        loose: table.loose,
        header: preamble_notes(table),
        preamble: table.header.is_some_and(|place| place > 0),
        trailing: rows.iter().any(|note| note.key == "rows-trailing"),
        closed: Proposed {
            value: headings.notes.iter().all(|note| !note.check),
            notes: headings.notes,
        },
        keys: keys(&fields, &headings.kept, &data),
        missing: missing(&data),
        fields,
        scale,
        vat,
        authority,
        rows,
        side,
        lacking,
        undecided,
    }
}

/// Periods side by side, turned where no column has a period of its own.
fn beside(headings: &mut Vec<Heading>, lacking: &mut Vec<Note>) -> Option<Side> {
    let asks = |heading: &Heading| {
        words::role(&heading.text).is_some_and(|(role, _)| role == Role::Period)
    };
    let turned = side::turned(headings).filter(|_| !headings.iter().any(asks));
    if let Some((side, turned)) = turned {
        *headings = turned;
        return Some(side);
    }
    let years = headings.iter().filter(|heading| words::year(&heading.text)).count();
    if years > 1 {
        lacking.push(Note::check("periods-side").count("count", years));
    }
    None
}

/// A column that stands once a period is taken for a measure, which a person must confirm.
fn measured_by_side(field: &mut ProposedColumn) {
    let numbers = matches!(field.kind, FieldType::Number | FieldType::Integer);
    if field.role.is_none() && numbers {
        field.role = Some(AMOUNT);
        field.kind = FieldType::Number;
    }
    field.undecided("measure", Note::check("side-measure"));
}

/// Gives the period and the amount to the only columns that can have them; says what is lacking.
fn complete_roles(fields: &mut [ProposedColumn], side: bool) -> Vec<Note> {
    let mut lacking = Vec::new();
    let dated =
        |field: &ProposedColumn| matches!(field.kind, FieldType::Date | FieldType::Yearmonth);
    if !side && !complete(fields, Role::Period, dated) {
        lacking.push(Note::check("lacks-period"));
    }
    let measured = |field: &ProposedColumn| matches!(field.role, Some(Role::Measure(_)));
    let number = |field: &ProposedColumn| field.kind == FieldType::Number;
    if !fields.iter().any(measured) && !complete(fields, AMOUNT, number) {
        lacking.push(Note::check("lacks-measure"));
    }
    lacking
}

fn delimiter(table: &SniffedTable, sheet: bool) -> Proposed<char> {
    if sheet {
        return Proposed { value: char::from(DELIMITER), notes: Vec::new() };
    }
    let note = if table.delimiter.is_some() {
        Note::evidence("delimiter")
            .count("width", table.width)
            .count("even", table.even / 10)
            .count("records", table.records.len())
    } else {
        Note::check("delimiter-none")
    };
    Proposed { value: table.delimiter.unwrap_or(';'), notes: vec![note] }
}

fn quote(table: &SniffedTable) -> Proposed<char> {
    let [double, single] = table.quoted;
    let note = match (double, single) {
        (0, 0) => Note::evidence("quote-none"),
        (0, count) | (count, 0) => Note::evidence("quote").count("count", count),
        (double, single) => {
            Note::check("quote-both").count("double", double).count("single", single)
        }
    };
    let mut notes = vec![note];
    if table.loose {
        let lines = &table.closed_late;
        notes.push(Note::check("quote-loose").count("count", lines.len()).lines("lines", lines));
    }
    Proposed { value: table.quote, notes }
}

fn preamble_notes(table: &SniffedTable) -> Proposed<Option<usize>> {
    let Some(place) = table.header else {
        return Proposed { value: None, notes: Vec::new() };
    };
    let header = &table.records[place];
    let known = header.cells.iter().filter(|cell| words::role(cell).is_some()).count();
    let note = if known == 0 { Note::check("header-unknown") } else { Note::evidence("header") };
    let mut notes = vec![note.count("line", header.line).count("known", known)];
    if place > 0 {
        notes.push(Note::check("preamble").count("count", place).count("line", header.line));
    }
    Proposed { value: Some(header.line), notes }
}

/// The lines that hold data, and those that look like totals; what else stands between is noted.
fn data<'a>(
    header: Option<&Record>,
    records: &'a [Record],
    width: usize,
    rows: &mut Vec<Note>,
) -> (Vec<&'a Record>, Vec<&'a Record>) {
    let (mut data, mut totals) = (Vec::new(), Vec::new());
    let mut found: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
    for record in records {
        let mut see = |key| found.entry(key).or_default().push(record.line);
        if record.stray {
            see("rows-stray");
        }
        let first = record.cells.iter().find(|cell| !cell.is_empty());
        if first.is_none() {
            see("rows-empty");
        } else if header.is_some_and(|header| header.cells == record.cells) {
            see("rows-header");
        } else if first.is_some_and(|cell| words::totals(cell))
            || record.cells.iter().any(|cell| words::total_alone(cell))
        {
            see("rows-total");
            totals.push(record);
        } else if !record.clean {
            see("rows-unclosed");
        } else {
            if record.cells.len() < width {
                see("rows-short");
            } else if record.cells.iter().skip(width).any(|cell| !cell.is_empty()) {
                see("rows-long");
            } else if record.cells.len() > width {
                see("rows-trailing");
            }
            data.push(record);
        }
    }
    for (key, lines) in found {
        rows.push(Note::check(key).count("count", lines.len()).lines("lines", &lines));
    }
    (data, totals)
}

/// Headings by the place they stand in, and what is left out.
struct Headings {
    kept: Vec<Heading>,
    notes: Vec<Note>,
}

fn headings(header: Option<&Record>, width: usize, data: &[&Record]) -> Headings {
    let mut kept = Vec::new();
    let mut notes = Vec::new();
    let Some(header) = header else {
        let numbered = (0..width)
            .map(|place| Heading { text: format!("column {}", place + 1), places: vec![place] });
        return Headings { kept: numbered.collect(), notes };
    };
    let (mut repeated, mut masked, mut nameless) = (Vec::new(), Vec::new(), Vec::new());
    let mut used = vec![false; width.max(header.cells.len())];
    for record in data {
        for (used, cell) in used.iter_mut().zip(&record.cells) {
            *used |= !cell.is_empty();
        }
    }
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for heading in &header.cells {
        *times.entry(heading).or_default() += 1;
    }
    for (place, heading) in header.cells.iter().enumerate() {
        let digits = heading.bytes().filter(u8::is_ascii_digit).count();
        if heading.is_empty() {
            if used[place] {
                nameless.push(place + 1);
            }
        } else if times[heading.as_str()] > 1 {
            repeated.push(place + 1);
        } else if digits >= 10 || line_may_hold_cpr(heading.as_bytes()) {
            masked.push(place + 1);
        } else {
            kept.push(Heading { text: heading.clone(), places: vec![place] });
        }
    }
    for (key, places) in
        [("headings-repeated", repeated), ("headings-masked", masked), ("headings-none", nameless)]
    {
        if !places.is_empty() {
            notes.push(Note::check(key).count("count", places.len()).lines("places", &places));
        }
    }
    let empty = header.cells.iter().rev().take_while(|cell| cell.is_empty()).count();
    if empty > 0 {
        notes.push(Note::evidence("headings-trailing").count("count", empty));
    }
    Headings { kept, notes }
}

/// The columns: a role goes to the one column whose heading is the surest sign of it.
fn fields<'a>(headings: &'a [Heading], data: &[&'a Record]) -> Vec<ProposedColumn> {
    let mut surest: BTreeMap<Role, (usize, usize)> = BTreeMap::new();
    for heading in headings {
        if let Some((role, rank)) = words::role(&heading.text) {
            let place = heading.places[0];
            let entry = surest.entry(role).or_insert((rank, place));
            *entry = (*entry).min((rank, place));
        }
    }
    let mut hidden: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for record in data {
        for place in over_cells(record) {
            hidden.entry(place).or_default().insert(&record.cells[place]);
        }
    }
    let columns: Vec<ColumnValues> = headings
        .iter()
        .map(|heading| {
            let in_line = |record: &'a Record| {
                heading.places.iter().filter_map(|place| record.cells.get(*place))
            };
            let all = || data.iter().flat_map(|record| in_line(record));
            let absent = |cell: &str| cell.is_empty() || words::missing(cell);
            let role = words::role(&heading.text).map(|(role, _)| role);
            ColumnValues {
                heading: &heading.text,
                role: role.filter(|role| surest[role].1 == heading.places[0]),
                hidden: heading
                    .places
                    .iter()
                    .filter_map(|at| hidden.remove(at))
                    .flatten()
                    .collect(),
                cells: all().map(String::as_str).filter(|cell| !absent(cell)).collect(),
                absent: all().filter(|cell| absent(cell)).count(),
            }
        })
        .collect();
    let marks: BTreeSet<char> =
        columns.iter().filter_map(|column| sure_mark(&column.cells)).collect();
    let file_mark = marks.first().copied().filter(|_| marks.len() == 1);
    let mut fields: Vec<ProposedColumn> =
        columns.iter().map(|column| judge(column, file_mark)).collect();
    for (field, heading) in fields.iter_mut().zip(headings) {
        if let (None, Some((role, _))) = (field.role, words::role(&heading.text))
            && field.notes.iter().all(|note| note.key != "role-unfit")
        {
            field.notes.push(Note::check("role-taken").with("role", words::role_word(role)));
        }
    }
    fields
}

/// The places of the cells of a record that may hold a personal number together.
fn over_cells(record: &Record) -> impl Iterator<Item = usize> + use<> {
    let mut cells = SideBySide::default();
    record.cells.iter().for_each(|cell| cells.open(cell.as_bytes()));
    cells.found().into_iter().filter(|places| places.start() < places.end()).flatten()
}

/// Whether a column has the role; the only one that could is given it, to be checked.
fn complete(
    fields: &mut [ProposedColumn],
    role: Role,
    could: impl Fn(&ProposedColumn) -> bool,
) -> bool {
    if fields.iter().any(|field| field.role == Some(role)) {
        return true;
    }
    let mut able = fields.iter_mut().filter(|field| field.role.is_none() && could(field));
    let (Some(field), None) = (able.next(), able.next()) else {
        return false;
    };
    field.role = Some(role);
    let word = words::role_word(role);
    field.undecided(word, Note::check("role-only").with("role", word));
    true
}

/// What no file says of its amounts: sign, unit, VAT.
fn money<'a>(
    fields: &mut [ProposedColumn],
    headings: &'a [Heading],
    data: &[&'a Record],
    preamble: &[Record],
) -> (Option<u32>, &'static str) {
    let mut amounts =
        fields.iter_mut().zip(headings).filter(|(field, _)| field.role == Some(AMOUNT));
    let Some((field, Heading { text: heading, places })) = amounts.next() else {
        return (None, "unknown");
    };
    let in_line = |record: &'a Record| places.iter().filter_map(|place| record.cells.get(*place));
    let cells = || data.iter().flat_map(|record| in_line(record));
    let mut counts = [0, 0];
    let mut sums = [0_i128, 0];
    for (cell, reading) in cells().filter_map(|cell| Some((cell, number::read(cell)?))) {
        let is_below = usize::from(reading.negative.is_some());
        counts[is_below] += 1;
        sums[is_below] = sums[is_below].saturating_add(number::size(cell, &reading));
    }
    let sign = Note::check("sign").count("above", counts[0]).count("below", counts[1]);
    if sums[1] > sums[0] {
        field.undecided("sign", sign);
    } else {
        field.notes.push(sign);
    }

    let said = || {
        let before = preamble.iter().flat_map(|record| &record.cells).map(String::as_str);
        std::iter::once(heading.as_str()).chain(before)
    };
    let scale = said().find_map(words::scale);
    let is_kroner =
        heading.to_lowercase().split([' ', '(', ')', '.']).any(|word| matches!(word, "kr" | "dkk"));
    match scale {
        Some(scale) => {
            let note = Note::check("scale").with("scale", &grouped(u64::from(scale)));
            // What stands above the table may be about something else than this column.
            if words::scale(heading) == Some(scale) {
                field.notes.push(note);
            } else {
                field.undecided("scale", note);
            }
        }
        None if is_kroner => field.notes.push(Note::evidence("unit-kroner")),
        None => field.notes.push(Note::check("unit")),
    }
    let net = heading.to_lowercase().split([' ', '_']).any(|word| word.starts_with("net"));
    let vat = said().find_map(words::vat).or(net.then_some("net"));
    field.notes.push(match vat {
        Some(vat) => Note::evidence("vat").with("vat", vat),
        None => Note::check("vat-unknown"),
    });
    (scale, vat.unwrap_or("unknown"))
}

fn missing(data: &[&Record]) -> Proposed<Vec<String>> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for cell in data.iter().flat_map(|record| &record.cells) {
        if cell.is_empty() || words::missing(cell) {
            *counts.entry(cell).or_default() += 1;
        }
    }
    let mut value = vec![String::new()];
    let mut notes = Vec::new();
    for (cell, count) in counts {
        if cell.is_empty() {
            notes.push(Note::evidence("missing-empty").count("count", count));
        } else {
            value.push(cell.to_owned());
            notes.push(Note::check("missing").with("cell", cell).count("count", count));
        }
    }
    Proposed { value, notes }
}

/// Columns that stand once each, else what the lines are about where that stands once.
fn keys(fields: &[ProposedColumn], headings: &[Heading], data: &[&Record]) -> Vec<Vec<String>> {
    if data.len() < KEYED {
        return Vec::new();
    }
    let once = |places: &[usize]| {
        let mut seen = BTreeSet::new();
        data.iter().all(|record| {
            let key: Vec<&str> = places
                .iter()
                .map(|place| record.cells.get(*place).map_or("", String::as_str))
                .collect();
            key.iter().all(|cell| !cell.is_empty()) && seen.insert(key)
        })
    };
    let columns = || fields.iter().zip(headings);
    let mut keys: Vec<Vec<String>> = columns()
        .filter(|(field, _)| matches!(field.kind, FieldType::String | FieldType::Integer))
        .filter(|(field, _)| !matches!(field.role, Some(Role::Measure(_))))
        .filter(|(_, heading)| heading.places.len() == 1 && once(&heading.places))
        .map(|(field, _)| vec![field.heading.clone()])
        .take(3)
        .collect();
    let about: Vec<_> = columns()
        .filter(|(field, _)| field.role.is_some_and(|role| !matches!(role, Role::Measure(_))))
        .collect();
    let places: Vec<usize> = about.iter().map(|(_, heading)| heading.places[0]).collect();
    if places.len() > 1 && once(&places) {
        keys.push(about.iter().map(|(field, _)| field.heading.clone()).collect());
    }
    keys
}
