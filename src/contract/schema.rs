//! A contract as written: Frictionless Table Schema and Table Dialect, and what they lack.
//!
//! Every key is explained in `docs/pipelines.md`.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `contracts/NAME.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ContractFile {
    /// What the delivery is, in each language.
    pub title: BTreeMap<String, String>,
    /// Which files, and what a resend replaces.
    pub files: Files,
    /// How the bytes are laid out.
    #[serde(default)]
    pub dialect: Dialect,
    /// What the columns are.
    pub schema: Schema,
    /// What is still to be decided: the contract does not run while anything stands here.
    #[serde(default)]
    pub undecided: Vec<toml::Spanned<String>>,
    /// Values the file does not carry.
    #[serde(default)]
    pub constants: Constants,
    /// Lines that are no data.
    #[serde(default)]
    pub not_data: Vec<NotDataRule>,
    /// Several periods side by side in one line.
    pub unpivot: Option<Unpivot>,
    /// Measures that are a product of two columns.
    #[serde(default)]
    pub products: Vec<Product>,
    /// Totals the sender states, which what is read must equal.
    #[serde(default)]
    pub control: Vec<ControlTotals>,
    /// Senders who name columns or lay out bytes in their own way.
    #[serde(default)]
    pub senders: Vec<Sender>,
}

/// Which files a contract claims.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Files {
    /// File name templates, see `pattern`.
    pub names: Vec<toml::Spanned<String>>,
    /// What the deliveries are, where several contracts have those of one kind.
    pub kind: Option<toml::Spanned<String>>,
    /// What a later delivery replaces.
    #[serde(default)]
    pub supersede: Supersede,
    /// How often each authority is awaited.
    #[serde(default)]
    pub awaited: Awaited,
    /// What the lines are.
    #[serde(default)]
    pub holds: Holds,
}

/// What the lines of a delivery are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holds {
    /// Measures of an authority and a period.
    #[default]
    Figures,
    /// Entries of a table that others look things up in: held against the contract, and no data.
    Lookup,
}

/// What a later delivery replaces of an earlier one of the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Supersede {
    /// Everything the earlier one says of the same authority and period.
    #[default]
    Period,
    /// The whole earlier file of the same name, version aside.
    File,
    /// Nothing: all deliveries add up.
    Never,
}

/// How often each expected authority is awaited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Awaited {
    /// Every month of the programme.
    Monthly,
    /// Nobody is awaited.
    #[default]
    Never,
}

/// Table Dialect, with lists where several senders differ.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Dialect {
    /// Encodings tried in order; default `["utf-8"]`.
    pub encoding: Option<Vec<toml::Spanned<String>>>,
    /// Delimiters tried in order on the header; default `[";"]`.
    pub delimiter: Option<Vec<toml::Spanned<String>>>,
    /// Quote character; default `"`. Empty: no quoting.
    pub quote_char: Option<toml::Spanned<String>>,
    /// A quote closes a cell only before a delimiter or the line's end; default `false`.
    pub loose_quotes: Option<bool>,
    /// The character behind this one stands for itself; default none.
    pub escape_char: Option<toml::Spanned<String>>,
    /// Most physical lines one record may span; default 20.
    pub max_lines_per_record: Option<u32>,
    /// What to do with cells beyond the header; default `refuse`.
    pub surplus_cells: Option<SurplusCells>,
    /// The line the header stands on; default: the first that is not blank.
    pub header_rows: Option<toml::Spanned<Vec<u32>>>,
    /// The header is the first of this many lines that has the contract's columns.
    pub find_header: Option<toml::Spanned<u32>>,
    /// A line that begins with this character is a comment.
    pub comment_char: Option<toml::Spanned<String>>,
    /// Lines that are comments, by number.
    pub comment_rows: Option<Vec<u32>>,
    /// The sheet of a workbook, by its name.
    pub sheet_name: Option<String>,
    /// The sheet of a workbook, by its place from 1; default 1.
    pub sheet_number: Option<toml::Spanned<u32>>,
}

/// A declared way to know a line that is no data.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NotDataRule {
    /// What such a line is: `emptyRow`, `repeatedHeader`, `total`, `subtotal`, `footnote`.
    pub what: toml::Spanned<String>,
    /// These columns have something in them, and no other cell has.
    #[serde(default)]
    pub only_filled: Vec<toml::Spanned<String>>,
    /// The column looked at.
    pub column: Option<toml::Spanned<String>>,
    /// Its cell is one of these.
    #[serde(default)]
    pub equals: Vec<String>,
    /// Its cell begins with one of these.
    #[serde(default)]
    pub starts_with: Vec<String>,
    /// Its cell has one of these forms: `#` one digit, `*` anything.
    #[serde(default)]
    pub like: Vec<String>,
    /// Its cell is empty.
    #[serde(default)]
    pub empty: bool,
    /// Its cell is not empty.
    #[serde(default)]
    pub not_empty: bool,
}

/// What to do with cells beyond the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SurplusCells {
    /// The line is refused.
    Refuse,
    /// They are read over.
    Ignore,
    /// They are read over where they are empty; else the line is refused.
    IgnoreEmpty,
}

/// Table Schema.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Schema {
    /// `equal`: every column declared, none else. `subset`: further columns are read over.
    #[serde(default)]
    pub fields_match: FieldsMatch,
    /// The columns.
    pub fields: Vec<Field>,
    /// Cells that mean "no value"; default `[""]`.
    pub missing_values: Option<Vec<String>>,
    /// What is known of cells that stand in no declared column.
    #[serde(default)]
    pub undeclared: Undeclared,
    /// Columns that together stand once in a delivery.
    #[serde(default)]
    pub primary_key: Vec<toml::Spanned<String>>,
    /// Columns held against a register.
    #[serde(default)]
    pub foreign_keys: Vec<ForeignKey>,
    /// Columns that cannot exceed another.
    #[serde(default)]
    pub parts: Vec<PartOf>,
}

/// What is known of further columns and of cells beyond the header.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Undeclared {
    /// Set to `none` where they are known to hold no personal numbers.
    pub personal_data: Option<PersonalData>,
}

/// Table Schema's `fieldsMatch`, as far as it makes sense for deliveries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldsMatch {
    /// Every declared column, in any order, and no other.
    #[default]
    Equal,
    /// Every declared column; the file may have more.
    Subset,
}

/// One column.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Field {
    /// Its heading.
    pub name: toml::Spanned<String>,
    /// Other headings it goes by.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What a cell is.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Forms of a date or period, tried in order; of a text, the kind of identifier it is.
    #[serde(default)]
    pub format: Vec<toml::Spanned<String>>,
    /// Decimal mark of a number; default `.`, as Table Schema has it.
    pub decimal_char: Option<String>,
    /// Mark between thousands, or several; default none.
    pub group_char: Option<OneOrSeveral>,
    /// What the column is for.
    pub role: Option<toml::Spanned<String>>,
    /// How a number below zero is written: `-1`, `(1)`, `1-`, `−1` (U+2212); default only `-1`.
    pub negative: Option<Vec<toml::Spanned<String>>>,
    /// Cells that are zero, such as `-`.
    #[serde(default)]
    pub zero: Vec<toml::Spanned<String>>,
    /// Units that may stand before or behind the number, such as `kr.`.
    #[serde(default)]
    pub affix: Vec<toml::Spanned<String>>,
    /// Most decimals that may be written; default 2.
    pub decimals: Option<toml::Spanned<u8>>,
    /// What becomes of what is finer than the unit; default: the line is refused.
    pub rounding: Option<Rounding>,
    /// First of the hundred years two-digit years (`%y`) lie in.
    pub century: Option<toml::Spanned<i16>>,
    /// Digits a text of digits has once the zeros a spreadsheet took from its front are put back.
    pub leading_zeros: Option<toml::Spanned<u8>>,
    /// What one unit of the number is worth, such as 1000 for amounts in thousands; default 1.
    pub scale: Option<u32>,
    /// Headings that say another scale, such as `Beløb (1.000 kr.)` for 1000.
    #[serde(default)]
    pub scales: BTreeMap<String, toml::Spanned<u32>>,
    /// Which sign expenditure has; default positive.
    #[serde(default)]
    pub sign: Sign,
    /// Whether amounts include VAT: said in the method, never converted.
    pub vat: Option<Vat>,
    /// Set to `none` where the column is known to hold no personal numbers.
    pub personal_data: Option<PersonalData>,
    /// What is still to be decided of the column, as [`ContractFile::undecided`].
    #[serde(default)]
    pub undecided: Vec<toml::Spanned<String>>,
    /// Bounds.
    #[serde(default)]
    pub constraints: Constraints,
}

/// One mark, or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged, expecting = "write a mark, or a list of marks")]
pub enum OneOrSeveral {
    /// One.
    One(String),
    /// Several; a number uses one of them throughout.
    Several(Vec<String>),
}

/// What becomes of what is finer than the unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rounding {
    /// Each cell is rounded to the nearest unit, halves away from zero.
    HalfAway,
}

/// What a cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    /// Text.
    String,
    /// A number with decimals, exact.
    Number,
    /// A whole number.
    Integer,
    /// A date.
    Date,
    /// A month, with period 13 where the form allows it.
    Yearmonth,
}

/// Which sign expenditure has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sign {
    /// Expenditure is above zero, income below.
    #[default]
    Positive,
    /// Expenditure is below zero: the sign is turned.
    Negative,
}

/// Whether amounts include VAT.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Vat {
    /// Without VAT.
    Net,
    /// With VAT.
    Gross,
    /// The sender does not say.
    Unknown,
}

/// Whether a column may hold personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PersonalData {
    /// It holds none: the guard against personal numbers leaves it alone.
    None,
}

/// Table Schema constraints.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Constraints {
    /// The cell must not be empty.
    #[serde(default)]
    pub required: bool,
    /// Smallest number allowed.
    pub minimum: Option<toml::Spanned<i64>>,
    /// Largest number allowed.
    pub maximum: Option<toml::Spanned<i64>>,
    /// Fewest characters allowed.
    pub min_length: Option<u32>,
    /// Most characters allowed.
    pub max_length: Option<u32>,
    /// The values allowed.
    #[serde(rename = "enum")]
    pub listed: Option<Vec<String>>,
}

/// A column held against a register of the pipeline.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ForeignKey {
    /// The column.
    pub fields: toml::Spanned<String>,
    /// The register.
    pub reference: Reference,
}

/// The register a column refers to.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Reference {
    /// `authorities`, `services` or `initiatives`.
    pub resource: toml::Spanned<String>,
    /// Always `id`.
    pub fields: toml::Spanned<String>,
}

/// A column that cannot exceed another.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct PartOf {
    /// The smaller.
    pub part: toml::Spanned<String>,
    /// The larger.
    pub whole: toml::Spanned<String>,
}

/// Values the file does not carry.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Constants {
    /// The authority of every line.
    pub authority: Option<String>,
    /// The service of every line.
    pub service: Option<String>,
    /// The initiative of every line.
    pub initiative: Option<toml::Spanned<String>>,
    /// The month, or the first and last month, of every line: `2009-12`, `2009-01/2009-12`.
    pub period: Option<toml::Spanned<String>>,
}

/// Several periods side by side: headings such as `2012 Q4: volume`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Unpivot {
    /// The heading with `{period}` and `{field}` in it.
    pub header: toml::Spanned<String>,
    /// The columns that stand once a period.
    pub fields: Vec<toml::Spanned<String>>,
    /// The periods.
    pub periods: Vec<UnpivotPeriod>,
}

/// One period of an unpivot.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct UnpivotPeriod {
    /// As it stands in the heading.
    pub label: String,
    /// First month covered.
    pub first: toml::Spanned<String>,
    /// Last month covered.
    pub last: toml::Spanned<String>,
}

/// A measure that is the product of two columns, such as volume times unit cost.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Product {
    /// The measure.
    pub role: toml::Spanned<String>,
    /// The two columns. Either missing: no product, which is not zero.
    pub factors: [toml::Spanned<String>; 2],
}

/// A sender with ways of its own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Sender {
    /// File name templates of its deliveries.
    pub names: Vec<toml::Spanned<String>>,
    /// Its headings: heading as delivered = the contract's name.
    #[serde(default)]
    pub aliases: BTreeMap<String, toml::Spanned<String>>,
    /// Where its dialect differs.
    #[serde(default)]
    pub dialect: Dialect,
}

/// Totals the sender states: in a file beside the deliveries, or in a row of the delivery itself.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ControlTotals {
    /// File name template of the file beside the deliveries.
    pub file: Option<toml::Spanned<String>>,
    /// Its headings for file, lines and sum; default `file`, `lines`, `sum`.
    pub headings: Option<[String; 3]>,
    /// The column in which a row of totals has its label.
    pub column: Option<toml::Spanned<String>>,
    /// The label.
    pub label: Option<String>,
    /// The column that holds the count of lines in the row of totals.
    pub lines: Option<toml::Spanned<String>>,
    /// The column that holds the sum in the row of totals.
    pub sum: Option<toml::Spanned<String>>,
}
