//! A contract and a header to what is done with each cell, in the order the cells stand.

use crate::contract::compiled::{CellType, Column, Contract, Layout, Resource, Role};
use crate::domain::measure::Measure;
use crate::kernel::block::{HighBytes, StructuralBytes};
use crate::kernel::calendar::{Calendar, DateColumn};
use crate::kernel::number::NumberColumn;
use crate::kernel::text::TextColumn;
use crate::validate::setting::Setting;
use encoding_rs::Encoding;

/// Most code columns that say what a line is about.
const CODES: u32 = 8;

/// What is done with each cell of a record.
#[derive(Debug)]
pub(super) struct Program {
    /// One a cell.
    pub(super) steps: Vec<Step>,
    pub(super) marks: StructuralBytes,
    pub(super) charset: HighBytes,
    pub(super) calendar: Calendar,
    /// Number of code columns.
    pub(super) codes: usize,
    /// Number of date columns.
    pub(super) dates: usize,
    /// Number of number columns.
    pub(super) numbers: usize,
    /// Bits of a combination each code has; lines with values beyond them are read plainly.
    pub(super) bits: u32,
    /// The measures, and the number each is.
    pub(super) measures: Vec<Measure>,
    pub(super) values: Vec<usize>,
    /// Numbers that cannot exceed another: (part, whole).
    pub(super) parts: Vec<(usize, usize)>,
    /// The places of the key, in the order of the contract.
    pub(super) key: Vec<usize>,
    /// The places from which a personal number may stand in two cells side by side.
    pub(super) neighbours: Vec<usize>,
}

/// What is done with a cell.
#[derive(Debug)]
pub(super) enum Step {
    /// Nothing is asked of it.
    Pass,
    /// It must hold no personal number.
    Guard,
    /// It must be a text as the column wants it.
    Text(TextColumn),
    /// It must be a value met on an accepted line; `about`: it says what the line is about, and is
    /// part of the combination from this bit on.
    Code { codes: usize, about: Option<u32>, guarded: bool },
    /// It must be a date; `date_cache`: where those met are remembered.
    Date { dates: DateColumn, date_cache: usize },
    /// It must be a date of the programme, and is the line's period.
    Period { dates: DateColumn, date_cache: usize },
    /// It must be a number, kept under `place`.
    Number { numbers: NumberColumn, place: usize },
}

impl Program {
    /// `None` where the contract or the header has something the kernel has no notion of: then
    /// every line is the plain reader's.
    pub(super) fn of(setting: &Setting, layout: &Layout, delimiter: u8) -> Option<Program> {
        let (contract, header) = (setting.contract, setting.header);
        let quote = layout.quote.unwrap_or(b'\n');
        if !known(contract, header.width, quote, delimiter) {
            return None;
        }
        let abouts = contract.columns.iter().filter(|column| about_line(column)).count();
        let abouts = u32::try_from(abouts).unwrap_or(u32::MAX);
        let mut program = Program {
            steps: (0..header.width).map(|_| undeclared(contract)).collect(),
            marks: StructuralBytes { delimiter, quote },
            charset: HighBytes::of(setting.encoding),
            calendar: Calendar::of(&contract.terms),
            codes: 0,
            dates: 0,
            numbers: 0,
            bits: 64 / abouts.clamp(4, CODES),
            measures: Vec::new(),
            values: Vec::new(),
            parts: Vec::new(),
            key: Vec::new(),
            neighbours: Vec::new(),
        };
        let mut number_of = vec![None; contract.columns.len()];
        let mut about = 0;
        for (index, column) in contract.columns.iter().enumerate() {
            let step = match &column.cell {
                CellType::Text if coded(column) => {
                    let shift = column.role.map(|_| about * program.bits);
                    about += u32::from(shift.is_some());
                    program.codes += 1;
                    let guarded = column.guarded;
                    Step::Code { codes: program.codes - 1, about: shift, guarded }
                }
                CellType::Text => text(column, setting.encoding),
                CellType::Date(_) => {
                    let (dates, date_cache) = (DateColumn::of(column)?, program.dates);
                    program.dates += 1;
                    if column.role == Some(Role::Period) {
                        Step::Period { dates, date_cache }
                    } else {
                        Step::Date { dates, date_cache }
                    }
                }
                CellType::Number(_) | CellType::Integer(_) => {
                    number_of[index] = Some(program.numbers);
                    if let Some(Role::Measure(measure)) = column.role {
                        program.measures.push(measure);
                        program.values.push(program.numbers);
                    }
                    program.numbers += 1;
                    Step::Number { numbers: NumberColumn::of(column)?, place: program.numbers - 1 }
                }
            };
            let [cell_number] = header.places[index][..] else {
                return None;
            };
            program.steps[cell_number] = step;
        }
        for (part, whole) in &contract.parts {
            // A part that is no number has nothing to compare.
            if let (Some(part), Some(whole)) = (number_of[*part], number_of[*whole]) {
                program.parts.push((part, whole));
            }
        }
        let mut key = contract.key.clone();
        key.sort_unstable();
        key.dedup();
        program.key = key.into_iter().map(|column| header.places[column][0]).collect();
        program.neighbours = neighbours(&program.steps);
        (about <= CODES).then_some(program)
    }
}

impl Step {
    /// Whether it is a code that says what a line is about. Two of them have been judged together
    /// when their combination was met.
    fn is_combined(&self) -> bool {
        matches!(self, Step::Code { about: Some(_), .. })
    }

    /// Whether a part of a personal number may stand in the cell: in no number, date or column
    /// that is not guarded.
    fn is_open(&self) -> bool {
        match self {
            Step::Guard => true,
            Step::Text(texts) => texts.guarded,
            Step::Code { guarded, .. } => *guarded,
            Step::Pass | Step::Date { .. } | Step::Period { .. } | Step::Number { .. } => false,
        }
    }
}

/// The places from which a personal number may stand in two cells side by side.
fn neighbours(steps: &[Step]) -> Vec<usize> {
    let both =
        |pair: &[Step]| pair.iter().all(Step::is_open) && !pair.iter().all(Step::is_combined);
    (0..).zip(steps.windows(2)).filter(|(_, pair)| both(pair)).map(|(place, _)| place).collect()
}

/// What is done with a cell of no declared column.
fn undeclared(contract: &Contract) -> Step {
    if contract.undeclared_guarded { Step::Guard } else { Step::Pass }
}

/// Whether the kernel has a notion of everything the contract asks. Each key of a contract is
/// named: what it asks of a line is known to the kernel, or lines are the plain reader's.
fn known(contract: &Contract, width: usize, quote: u8, delimiter: u8) -> bool {
    let Contract {
        unpivot,
        products,
        controls,
        not_data,
        columns,
        // Of the delivery, or of its header.
        id: _,
        title: _,
        names: _,
        names_at: _,
        kind: _,
        supersede: _,
        awaited: _,
        holds: _,
        layout: _,
        closed: _,
        senders: _,
        unpivot_header: _,
        // Of the line: read by `Program::of`, or by the plain reader where a code is first met.
        key: _,
        parts: _,
        authority: _,
        service: _,
        initiative: _,
        period: _,
        undeclared_guarded: _,
        terms: _,
    } = contract;
    let ends_number = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b' ');
    unpivot.is_empty()
        && products.is_empty()
        && controls.is_empty()
        && not_data.is_empty()
        && columns.iter().all(plainly_written)
        && width > 1
        && quote != delimiter
        && !ends_number(quote)
        && once(columns)
}

/// Whether a column's cells are what they look like, and held against no register but their role's.
fn plainly_written(column: &Column) -> bool {
    let Column {
        register,
        role,
        scales,
        lenient,
        identifier,
        digits,
        // Of the header.
        name: _,
        headings: _,
        per_period: _,
        // Of the cell: read where its `Step` is made.
        cell: _,
        required: _,
        missing: _,
        range: _,
        length: _,
        listed: _,
        guarded: _,
        expected: _,
        // Said, and changes no figure.
        vat: _,
    } = column;
    let own = match register {
        None => true,
        Some(Resource::Authorities) => *role == Some(Role::Authority),
        Some(Resource::Services) => *role == Some(Role::Service),
        Some(Resource::Initiatives) => *role == Some(Role::Initiative),
    };
    own && scales.is_empty() && lenient.is_none() && identifier.is_none() && digits.is_none()
}

/// Whether one column is the period, and no two are the same measure.
fn once(columns: &[Column]) -> bool {
    let count = |role: Role| columns.iter().filter(|column| column.role == Some(role)).count();
    count(Role::Period) == 1
        && Measure::ALL.into_iter().all(|measure| count(Role::Measure(measure)) <= 1)
}

/// Whether a column's codes say what a line is about.
fn about_line(column: &Column) -> bool {
    matches!(column.cell, CellType::Text) && column.role.is_some()
}

/// Whether a column's values are few and held against something: each is decided once.
fn coded(column: &Column) -> bool {
    column.role.is_some() || !column.listed.is_empty()
}

fn text(column: &Column, encoding: &'static Encoding) -> Step {
    match TextColumn::of(column, encoding) {
        Some(texts) => Step::Text(texts),
        None if column.guarded => Step::Guard,
        None => Step::Pass,
    }
}
