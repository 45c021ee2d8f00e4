//! A table to a proposal: columns and their roles, keys, names, and what is still lacking.

use crate::contract::compiled::Role;
use crate::contract::schema::FieldType;
use crate::domain::fact::Measure;
use crate::ingest::privacy::{SideBySide, line_may_hold_cpr};
use crate::sniff::column::{Field, Values, judge, sure_mark};
use crate::sniff::encoding::Guess;
use crate::sniff::names::names;
use crate::sniff::note::{Note, grouped};
use crate::sniff::number;
use crate::sniff::records::{Record, Table};
use crate::sniff::survey::Survey;
use crate::sniff::{Proposed, Sniffed, words};
use std::collections::{BTreeMap, BTreeSet};

/// Fewest lines that make a column without repeats a candidate for the key.
const KEYED: usize = 10;

const AMOUNT: Role = Role::Measure(Measure::Amount);

/// Puts the proposal together.
pub(super) fn propose(name: &str, survey: &Survey, encoding: Guess, table: &Table) -> Sniffed {
    let header = table.header.map(|place| &table.records[place]);
    let behind = table.header.map_or(0, |place| place + 1);
    let width = header.map_or(table.width, |header| header.cells.len());
    let mut rows = Vec::new();
    let data = data(header, &table.records[behind..], width, &mut rows);
    let headings = headings(header, width, &data);
    let mut fields = fields(&headings.kept, &data);
    let mut lacking = Vec::new();
    if header.is_none() {
        lacking.push(Note::check("header-none"));
    }
    let period = complete(&mut fields, Role::Period, |field| {
        matches!(field.kind, FieldType::Date | FieldType::Yearmonth)
    });
    if !period {
        lacking.push(Note::check("lacks-period"));
    }
    let measured = |field: &Field| matches!(field.role, Some(Role::Measure(_)));
    let measure = fields.iter().any(measured)
        || complete(&mut fields, AMOUNT, |field| field.kind == FieldType::Number);
    if !measure {
        lacking.push(Note::check("lacks-measure"));
    }
    let years = headings.kept.iter().filter(|(heading, _)| words::year(heading)).count();
    if years > 1 {
        lacking.push(Note::check("periods-side").count("count", years));
    }
    let (scale, vat) = money(&mut fields, &headings.kept, &data, &table.records[..behind]);
    let placed = fields.iter().any(|field| field.role == Some(Role::Authority));
    let (names, authority) = names(name, placed);
    Sniffed {
        names,
        file: file(survey, &encoding),
        encoding: Proposed { value: encoding.label, notes: encoding.notes },
        delimiter: delimiter(table),
        quote: quote(table),
        header: preamble(table),
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
        lacking,
    }
}

fn file(survey: &Survey, encoding: &Guess) -> Vec<Note> {
    let [lf, crlf, cr] = survey.ends.map(grouped);
    let mut notes = vec![
        Note::evidence("file")
            .with("bytes", &grouped(survey.bytes))
            .with("lines", &grouped(survey.lines)),
        Note::evidence("ends").with("lf", &lf).with("crlf", &crlf).with("cr", &cr),
        survey
            .mark
            .map_or(Note::evidence("mark-none"), |mark| Note::evidence("mark").with("mark", mark)),
    ];
    if !survey.whole {
        let head = u64::try_from(encoding.text.len()).unwrap_or(u64::MAX);
        notes.push(Note::evidence("head-only").with("bytes", &grouped(head)));
    }
    notes
}

fn delimiter(table: &Table) -> Proposed<char> {
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

fn quote(table: &Table) -> Proposed<char> {
    let [double, single] = table.quoted;
    let note = match (double, single) {
        (0, 0) => Note::evidence("quote-none"),
        (0, count) | (count, 0) => Note::evidence("quote").count("count", count),
        (double, single) => {
            Note::check("quote-both").count("double", double).count("single", single)
        }
    };
    Proposed { value: table.quote, notes: vec![note] }
}

fn preamble(table: &Table) -> Proposed<Option<usize>> {
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

/// The lines that hold data; what else stands between them is noted.
fn data<'a>(
    header: Option<&Record>,
    records: &'a [Record],
    width: usize,
    rows: &mut Vec<Note>,
) -> Vec<&'a Record> {
    let mut data = Vec::new();
    let mut found: BTreeMap<&'static str, Vec<usize>> = BTreeMap::new();
    for record in records {
        let mut see = |key| found.entry(key).or_default().push(record.line);
        let first = record.cells.iter().find(|cell| !cell.is_empty());
        if first.is_none() {
            see("rows-empty");
        } else if header.is_some_and(|header| header.cells == record.cells) {
            see("rows-header");
        } else if first.is_some_and(|cell| words::totals(cell)) {
            see("rows-total");
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
    data
}

/// Headings by the place they stand in, and what is left out.
struct Headings {
    kept: Vec<(String, usize)>,
    notes: Vec<Note>,
}

fn headings(header: Option<&Record>, width: usize, data: &[&Record]) -> Headings {
    let mut kept = Vec::new();
    let mut notes = Vec::new();
    let Some(header) = header else {
        let numbered = (0..width).map(|place| (format!("column {}", place + 1), place));
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
            kept.push((heading.clone(), place));
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
fn fields(headings: &[(String, usize)], data: &[&Record]) -> Vec<Field> {
    let mut surest: BTreeMap<Role, (usize, usize)> = BTreeMap::new();
    for (heading, place) in headings {
        if let Some((role, rank)) = words::role(heading) {
            let entry = surest.entry(role).or_insert((rank, *place));
            *entry = (*entry).min((rank, *place));
        }
    }
    let mut hidden: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for record in data {
        for place in over_cells(record) {
            hidden.entry(place).or_default().insert(&record.cells[place]);
        }
    }
    let columns: Vec<Values> = headings
        .iter()
        .map(|(heading, place)| {
            let all = || data.iter().filter_map(|record| record.cells.get(*place));
            let absent = |cell: &str| cell.is_empty() || words::missing(cell);
            let role = words::role(heading).map(|(role, _)| role);
            Values {
                heading,
                role: role.filter(|role| surest[role].1 == *place),
                hidden: hidden.remove(place).unwrap_or_default(),
                cells: all().map(String::as_str).filter(|cell| !absent(cell)).collect(),
                absent: all().filter(|cell| absent(cell)).count(),
            }
        })
        .collect();
    let marks: BTreeSet<char> =
        columns.iter().filter_map(|column| sure_mark(&column.cells)).collect();
    let file_mark = marks.first().copied().filter(|_| marks.len() == 1);
    let mut fields: Vec<Field> = columns.iter().map(|column| judge(column, file_mark)).collect();
    for (field, (heading, _)) in fields.iter_mut().zip(headings) {
        if let (None, Some((role, _))) = (field.role, words::role(heading))
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
fn complete(fields: &mut [Field], role: Role, could: impl Fn(&Field) -> bool) -> bool {
    if fields.iter().any(|field| field.role == Some(role)) {
        return true;
    }
    let mut able = fields.iter_mut().filter(|field| field.role.is_none() && could(field));
    let (Some(field), None) = (able.next(), able.next()) else {
        return false;
    };
    field.role = Some(role);
    field.notes.push(Note::check("role-only").with("role", words::role_word(role)));
    true
}

/// What no file says of its amounts: sign, unit, VAT.
fn money(
    fields: &mut [Field],
    headings: &[(String, usize)],
    data: &[&Record],
    preamble: &[Record],
) -> (Option<u32>, &'static str) {
    let mut amounts =
        fields.iter_mut().zip(headings).filter(|(field, _)| field.role == Some(AMOUNT));
    let Some((field, (heading, place))) = amounts.next() else {
        return (None, "unknown");
    };
    let cells = || data.iter().filter_map(|record| record.cells.get(*place));
    let readings = || cells().filter_map(|cell| number::read(cell));
    let below = readings().filter(|reading| reading.negative.is_some()).count();
    let above = readings().count() - below;
    field.notes.push(Note::check("sign").count("above", above).count("below", below));

    let said = || {
        let before = preamble.iter().flat_map(|record| &record.cells).map(String::as_str);
        std::iter::once(heading.as_str()).chain(before)
    };
    let scale = said().find_map(words::scale);
    let is_kroner =
        heading.to_lowercase().split([' ', '(', ')', '.']).any(|word| matches!(word, "kr" | "dkk"));
    field.notes.push(match scale {
        Some(scale) => Note::check("scale").with("scale", &grouped(u64::from(scale))),
        None if is_kroner => Note::evidence("unit-kroner"),
        None => Note::check("unit"),
    });
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
fn keys(fields: &[Field], headings: &[(String, usize)], data: &[&Record]) -> Vec<Vec<String>> {
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
        .filter(|(_, (_, place))| once(&[*place]))
        .map(|(field, _)| vec![field.heading.clone()])
        .take(3)
        .collect();
    let about: Vec<_> = columns()
        .filter(|(field, _)| field.role.is_some_and(|role| !matches!(role, Role::Measure(_))))
        .collect();
    let places: Vec<usize> = about.iter().map(|(_, (_, place))| *place).collect();
    if places.len() > 1 && once(&places) {
        keys.push(about.iter().map(|(field, _)| field.heading.clone()).collect());
    }
    keys
}
