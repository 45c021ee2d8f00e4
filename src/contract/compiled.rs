//! A contract ready to run: every name resolved, every rule checked.

use crate::contract::charset::Charset;
use crate::contract::line_rule::Rule;
use crate::contract::naming::unmarked;
use crate::contract::pattern::{Named, Pattern};
use crate::contract::schema::{Awaited, Holds, Supersede, SurplusCells, Vat};
use crate::contract::terms::Terms;
use crate::domain::id::{AuthorityId, ContractId, InitiativeId, ServiceId};
use crate::domain::language::Names;
use crate::domain::letters::folded;
use crate::domain::measure::Measure;
use crate::domain::period::Period;
use crate::domain::place::Place;
use crate::domain::wording::Wording;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A contract ready to run.
#[derive(Debug, Clone)]
pub struct Contract {
    /// The contract file's name without ending.
    pub id: ContractId,
    /// What the delivery is.
    pub title: Names,
    /// File name templates it claims.
    pub names: Vec<Pattern>,
    /// Where they stand.
    pub names_at: Place,
    /// What its deliveries are, by one word for all contracts of one kind; its id where it is the
    /// only one. What a later delivery replaces, it replaces among those of the kind.
    pub kind: ContractId,
    /// What a later delivery replaces.
    pub supersede: Supersede,
    /// How often each expected authority is awaited.
    pub awaited: Awaited,
    /// What the lines are.
    pub holds: Holds,
    /// How the bytes are laid out, where no sender says otherwise.
    pub layout: Layout,
    /// The columns, in the contract's order.
    pub columns: Vec<Column>,
    /// Whether a heading no column goes by is a fault.
    pub closed: bool,
    /// Columns that together stand once in a delivery; may be empty.
    pub key: Vec<usize>,
    /// Columns that cannot exceed another: (part, whole).
    pub parts: Vec<(usize, usize)>,
    /// The authority of every line, where the file carries none.
    pub authority: Option<AuthorityId>,
    /// The service of every line, where the file carries none.
    pub service: Option<ServiceId>,
    /// The initiative of every line, where the file carries none.
    pub initiative: Option<InitiativeId>,
    /// The period of every line, where the file carries none.
    pub period: Option<Period>,
    /// How lines that are no data are known.
    pub not_data: Vec<Rule>,
    /// Whether a possible personal number stops the line where no column is declared: in further
    /// columns, and in cells beyond the header.
    pub undeclared_guarded: bool,
    /// Periods side by side in one line; empty: one period a line.
    pub unpivot: Vec<(String, Period)>,
    /// How an unpivoted heading is written: text before, between and after `{period}` and
    /// `{field}`.
    pub unpivot_header: String,
    /// Measures that are a product of two columns.
    pub products: Vec<(Measure, [usize; 2])>,
    /// Totals the sender states; a delivery that does not equal every one is held back.
    pub controls: Vec<Control>,
    /// Senders with ways of their own.
    pub senders: Vec<SenderRule>,
    /// What lines are held against.
    pub terms: Arc<Terms>,
}

/// How the bytes of a delivery are laid out.
#[derive(Debug, Clone)]
pub struct Layout {
    /// Encodings tried in order.
    pub encodings: Vec<Charset>,
    /// Delimiters tried in order on the header.
    pub delimiters: Vec<u8>,
    /// Quote character.
    pub quote: Option<u8>,
    /// A quote closes a cell only before a delimiter or the line's end.
    pub loose_quotes: bool,
    /// The character behind this one stands for itself.
    pub escape: Option<u8>,
    /// Most physical lines one record may span.
    pub max_lines: usize,
    /// What to do with cells beyond the header.
    pub surplus: SurplusCells,
    /// Where the header stands.
    pub header: HeaderAt,
    /// The byte a comment begins with.
    pub comment: Option<u8>,
    /// Lines that are comments, by number.
    pub comment_rows: Vec<u32>,
    /// The sheet of a workbook.
    pub sheet: SheetChoice,
}

/// Where the header stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderAt {
    /// On the first line that is not blank.
    First,
    /// On this line.
    Line(u32),
    /// On the first of this many lines that has the contract's columns.
    Within(u32),
}

/// Which sheet of a workbook is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SheetChoice {
    /// By its place, from 1.
    Number(u32),
    /// By its name.
    Name(String),
}

/// Totals the sender states.
#[derive(Debug, Clone)]
pub enum Control {
    /// A file beside the deliveries has a line for each.
    Sidecar {
        /// Its name.
        name: Pattern,
        /// Its headings for file, lines and sum.
        headings: [String; 3],
        /// The column whose form its sums are written in.
        form: usize,
    },
    /// A row of the delivery itself.
    Trailer {
        /// The column that holds the label.
        column: usize,
        /// The label.
        label: String,
        /// The column that holds the count of lines.
        lines: Option<usize>,
        /// The column that holds the sum.
        sum: Option<usize>,
    },
}

/// A sender with ways of its own.
#[derive(Debug, Clone)]
pub struct SenderRule {
    /// File name templates of its deliveries.
    pub names: Vec<Pattern>,
    /// Column by heading as delivered.
    pub aliases: BTreeMap<String, usize>,
    /// Its layout.
    pub layout: Layout,
}

/// One column.
#[derive(Debug, Clone)]
pub struct Column {
    /// The contract's name for it.
    pub name: Wording,
    /// Every heading it goes by, its name first.
    pub headings: Vec<String>,
    /// Headings that say another scale than its form does.
    pub scales: BTreeMap<String, i64>,
    /// What a cell is.
    pub cell: CellType,
    /// What it is for.
    pub role: Option<Role>,
    /// Whether it stands once a period of the unpivot.
    pub per_period: bool,
    /// Whether a cell must have a value.
    pub required: bool,
    /// Cells that mean "no value", trimmed.
    pub missing: Vec<String>,
    /// Smallest and largest number allowed, in the cell's own unit.
    pub range: (Option<i64>, Option<i64>),
    /// Fewest and most characters allowed.
    pub length: (Option<u32>, Option<u32>),
    /// The values allowed; empty: any.
    pub listed: Vec<String>,
    /// The register its values must be in.
    pub register: Option<Resource>,
    /// How its numbers may be written beyond the plain form; `None`: in the plain form only.
    pub lenient: Option<LenientNumberForm>,
    /// The kind of public identifier its cells are.
    pub identifier: Option<Identifier>,
    /// Digits its cells have once the leading zeros a spreadsheet took are put back.
    pub digits: Option<usize>,
    /// Whether a possible personal number in it stops the line.
    pub guarded: bool,
    /// Whether its amounts include VAT, where the contract says so.
    pub vat: Option<Vat>,
    /// What its cells must be, as refused lines are told.
    pub expected: Expected,
}

/// What the cells of a column must be, in words: made once, for all lines that are refused for it.
#[derive(Debug, Clone)]
pub struct Expected {
    /// The range allowed, `0..100`.
    pub range: Wording,
    /// The lengths allowed, `2..`.
    pub length: Wording,
    /// The values allowed.
    pub listed: Wording,
    /// The forms of a date.
    pub dates: Wording,
    /// The kind of identifier.
    pub identifier: Wording,
}

impl Expected {
    /// The words for a smallest and a largest value allowed.
    pub fn between<T: ToString>(least: Option<T>, most: Option<T>) -> Wording {
        let text = |bound: Option<T>| bound.map_or_else(String::new, |bound| bound.to_string());
        Wording::from(format!("{}..{}", text(least), text(most)))
    }
}

/// What a cell is, and how it is read.
#[derive(Debug, Clone)]
pub enum CellType {
    /// Text.
    Text,
    /// An exact number with at most two decimals, read as hundredths.
    Number(NumberForm),
    /// A whole number.
    Integer(NumberForm),
    /// A date or month.
    Date(Vec<DateForm>),
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberForm {
    /// Decimal mark.
    pub decimal: u8,
    /// Mark between thousands; `None`: there is none.
    pub group: Option<u8>,
    /// How a number below zero is written.
    pub negative: Negative,
    /// What one unit is worth.
    pub scale: i64,
    /// Whether the sign is turned.
    pub turned: bool,
}

/// How a number below zero may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Negative {
    /// `-1`.
    pub leading: bool,
    /// `1-`.
    pub trailing: bool,
    /// `(1)`.
    pub parentheses: bool,
}

/// How a number may be written beyond [`NumberForm`]: what needs more than digits, one ASCII mark
/// and one ASCII minus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LenientNumberForm {
    /// Marks between thousands: any of them, but one and the same throughout a number. They hold
    /// in place of [`NumberForm::group`].
    pub groups: Vec<char>,
    /// Whether U+2212 in front is a minus.
    pub minus_sign: bool,
    /// Cells that are zero, trimmed.
    pub zero: Vec<String>,
    /// Units that may stand before or behind the number, longest first.
    pub affixes: Vec<String>,
    /// Most decimals that may be written.
    pub decimals: usize,
    /// Whether what is finer than the unit is rounded, half away from zero; else it is refused.
    pub rounded: bool,
}

/// A kind of public identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Identifier {
    /// A company's or authority's CVR number.
    Cvr,
    /// A place to send invoices to (EAN, GLN).
    Ean,
    /// A production unit's P-number.
    Pnr,
    /// A municipality's code.
    Kommune,
    /// A region's code.
    Region,
    /// The number of a document in the sender's accounts.
    Document,
}

impl Identifier {
    /// Every kind, with the words contracts use for it; the first is the one shown.
    pub const WORDS: [(Identifier, &[&str]); 6] = [
        (Identifier::Cvr, &["cvr"]),
        (Identifier::Ean, &["ean", "gln"]),
        (Identifier::Pnr, &["pnr", "pnummer"]),
        (Identifier::Kommune, &["kommunekode"]),
        (Identifier::Region, &["regionskode"]),
        (Identifier::Document, &["document", "bilag"]),
    ];

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Identifier> {
        Identifier::WORDS.iter().find(|(_, words)| words.contains(&word)).map(|(kind, _)| *kind)
    }

    /// The word used in contracts and messages.
    pub fn word(self) -> &'static str {
        match self {
            Identifier::Cvr => "cvr",
            Identifier::Ean => "ean",
            Identifier::Pnr => "pnr",
            Identifier::Kommune => "kommunekode",
            Identifier::Region => "regionskode",
            Identifier::Document => "document",
        }
    }

    /// How many digits it has; `None` where that differs.
    pub fn digits(self) -> Option<usize> {
        match self {
            Identifier::Cvr => Some(8),
            Identifier::Ean => Some(13),
            Identifier::Pnr => Some(10),
            Identifier::Kommune | Identifier::Region => Some(4),
            Identifier::Document => None,
        }
    }
}

/// How a date or month is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateForm {
    /// As the contract writes it.
    pub text: String,
    /// Its parts.
    pub parts: Vec<DatePart>,
}

/// One part of a date form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatePart {
    /// Four digits.
    Year,
    /// Two digits, 01 to 12.
    Month,
    /// Two digits, 01 to 13: 13 is the closing period.
    AccountingPeriod,
    /// Two digits.
    Day,
    /// Two digits, in the hundred years that begin with this one.
    ShortYear(i16),
    /// One or two digits without a leading zero, 1 to 12.
    BareMonth,
    /// One or two digits without a leading zero.
    BareDay,
    /// The month's name or its short form, Danish or English, in any case, with or without a point.
    MonthName,
    /// Days as spreadsheets count them: the only part of its form.
    Serial,
    /// This byte.
    Byte(u8),
}

/// What a column is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Whom the line concerns.
    Authority,
    /// When.
    Period,
    /// Which service; several columns make one id, joined by ` / ` (`ServiceId::joined`).
    Service,
    /// Which initiative.
    Initiative,
    /// Which account.
    Account,
    /// Which channel.
    Channel,
    /// A value.
    Measure(Measure),
}

/// A register of the pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// Who may deliver.
    Authorities,
    /// The services.
    Services,
    /// The initiatives.
    Initiatives,
}

impl Layout {
    /// Text with the characters taken off that say the one behind them stands for itself.
    pub fn without_escapes(&self, text: &[u8]) -> Vec<u8> {
        text.iter().copied().filter(|byte| Some(*byte) != self.escape).collect()
    }
}

impl Contract {
    /// What `name` says under this contract's templates, or `None` when it claims no such file.
    pub fn claims(&self, name: &str) -> Option<Named> {
        self.readings(name).into_iter().next()
    }

    /// Every way its templates read `name`: first the one that finds a version, which is taken.
    pub fn readings(&self, name: &str) -> Vec<Named> {
        let mut readings = readings(&self.names, name);
        for named in &mut readings {
            named.authority = named.authority.take().map(|own| self.without_mark(own));
        }
        readings
    }

    /// An id a file name ends with, without the mark of a resend, unless the register has it so.
    fn without_mark(&self, id: String) -> String {
        let known = self.terms.authorities.as_ref();
        let own = known.is_some_and(|known| known.contains_key(&AuthorityId::new(&id)));
        if own { id } else { unmarked(&id).to_owned() }
    }

    /// The rules for senders that hold for a delivery of this name: one at most, in good order.
    pub fn senders(&self, name: &str) -> Vec<&SenderRule> {
        self.senders.iter().filter(|rule| !readings(&rule.names, name).is_empty()).collect()
    }

    /// The layout and the extra headings that hold for a delivery of this name.
    pub fn sender(&self, name: &str) -> (&Layout, Option<&SenderRule>) {
        let rule = self.senders(name).first().copied();
        (rule.map_or(&self.layout, |rule| &rule.layout), rule)
    }

    /// The authority with this id: the register's own where it has one.
    pub fn authority(&self, id: &str) -> AuthorityId {
        let known = |id: &str| self.terms.authorities.as_ref()?.get_key_value(id);
        let known = known(id).or_else(|| known(&folded(id)));
        known.map_or_else(|| AuthorityId::new(id), |(known, _)| known.clone())
    }

    /// Whether lines under this contract carry the measure, in a column or as a product.
    pub fn measures(&self, measure: Measure) -> bool {
        let role = Some(Role::Measure(measure));
        self.columns.iter().any(|column| column.role == role)
            || self.products.iter().any(|(product, _)| *product == measure)
    }

    /// The heading of a per-period column in one period.
    pub fn unpivoted(&self, heading: &str, label: &str) -> String {
        self.unpivot_header.replace("{period}", label).replace("{field}", heading)
    }
}

/// The name of what is packed in a file of this name; the name itself where nothing is.
fn unpacked(name: &str) -> &str {
    let cut = |ending| name.len().checked_sub(ending).filter(|at| name.is_char_boundary(*at));
    [".gz", ".zst"]
        .into_iter()
        .find_map(|ending| {
            let (inner, found) = name.split_at(cut(ending.len())?);
            found.eq_ignore_ascii_case(ending).then_some(inner)
        })
        .unwrap_or(name)
}

/// The readings of `name`, else of what is packed in it, those that find a version first.
fn readings(names: &[Pattern], name: &str) -> Vec<Named> {
    let of = |name: &str| -> Vec<Named> {
        let (versioned, plain): (Vec<&Pattern>, Vec<&Pattern>) =
            names.iter().partition(|pattern| pattern.is_versioned());
        versioned.into_iter().chain(plain).filter_map(|pattern| pattern.read(name)).collect()
    };
    Some(of(name)).filter(|all| !all.is_empty()).unwrap_or_else(|| of(unpacked(name)))
}
