//! A contract as written: Frictionless Table Schema and Table Dialect, and what they lack.
//!
//! Every key is explained in `docs/pipelines.md`.

use crate::definition::declared::{choice, toml_table};
use crate::definition::located::Located;
use crate::definition::problems::Problems;
use crate::definition::toml_reader::{FromToml, TomlSection, TomlValue};
use std::collections::BTreeMap;

toml_table! {
    /// `contracts/NAME.toml`.
    pub(crate) struct ContractFile {
        /// What the delivery is, in each language.
        title: BTreeMap<String, String> = required("title", "title.da = \"...\""),
        /// Which files, and what a resend replaces.
        files: Files = required("files", "[files]"),
        /// How the bytes are laid out.
        dialect: Dialect = optional("dialect"),
        /// What the columns are.
        schema: Schema = required("schema", "[schema]"),
        /// What is still to be decided: the contract does not run while anything stands here.
        undecided: Vec<Located<String>> = optional("undecided"),
        /// Values the file does not carry.
        constants: Constants = optional("constants"),
        /// Lines that are no data.
        not_data: Vec<NotDataRule> = optional("notData"),
        /// Several periods side by side in one line.
        unpivot: Option<Unpivot> = optional("unpivot"),
        /// Measures that are a product of two columns.
        products: Vec<Product> = optional("products"),
        /// Totals the sender states, which what is read must equal.
        control: Vec<Located<ControlTotals>> = optional("control"),
        /// Senders who name columns or lay out bytes in their own way.
        senders: Vec<Sender> = optional("senders"),
    }
}

toml_table! {
    /// Which files a contract claims.
    pub(crate) struct Files {
        /// File name templates, see `pattern`.
        names: Vec<Located<String>> = required("names", "names = [\"{authority}-{any}.csv\"]"),
        /// What the deliveries are, where several contracts have those of one kind.
        kind: Option<Located<String>> = optional("kind"),
        /// What a later delivery replaces.
        supersede: Supersede = optional("supersede"),
        /// How often each authority is awaited.
        awaited: Awaited = optional("awaited"),
        /// What the lines are.
        holds: Holds = optional("holds"),
    }
}

choice! {
    /// What the lines of a delivery are.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum Holds {
        /// Measures of an authority and a period.
        #[default]
        Figures = "figures",
        /// Entries of a table that others look things up in: held against the contract, no data.
        Lookup = "lookup",
    }
}

choice! {
    /// What a later delivery replaces of an earlier one of the same kind.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum Supersede {
        /// Everything the earlier one says of the same authority and period.
        #[default]
        Period = "period",
        /// The whole earlier file of the same name, version aside.
        File = "file",
        /// Nothing: all deliveries add up.
        Never = "never",
    }
}

choice! {
    /// How often each expected authority is awaited.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub enum Awaited {
        /// Every month of the programme.
        Monthly = "monthly",
        /// Nobody is awaited.
        #[default]
        Never = "never",
    }
}

toml_table! {
    /// Table Dialect, with lists where several senders differ.
    pub(crate) struct Dialect {
        /// Encodings tried in order; default `["utf-8"]`.
        encoding: Option<Vec<Located<String>>> = optional("encoding"),
        /// Delimiters tried in order on the header; default `[";"]`.
        delimiter: Option<Vec<Located<String>>> = optional("delimiter"),
        /// Quote character; default `"`. Empty: no quoting.
        quote_char: Option<Located<String>> = optional("quoteChar"),
        /// A quote closes a cell only before a delimiter or the line's end; default `false`.
        loose_quotes: Option<bool> = optional("looseQuotes"),
        /// The character behind this one stands for itself; default none.
        escape_char: Option<Located<String>> = optional("escapeChar"),
        /// Most physical lines one record may span; default 20.
        max_lines_per_record: Option<u32> = optional("maxLinesPerRecord"),
        /// What to do with cells beyond the header; default `refuse`.
        surplus_cells: Option<SurplusCells> = optional("surplusCells"),
        /// The line the header stands on; default: the first that is not blank.
        header_rows: Option<Located<Vec<u32>>> = optional("headerRows"),
        /// The header is the first of this many lines that has the contract's columns.
        find_header: Option<Located<u32>> = optional("findHeader"),
        /// A line that begins with this character is a comment.
        comment_char: Option<Located<String>> = optional("commentChar"),
        /// Lines that are comments, by number.
        comment_rows: Option<Vec<u32>> = optional("commentRows"),
        /// The sheet of a workbook, by its name.
        sheet_name: Option<String> = optional("sheetName"),
        /// The sheet of a workbook, by its place from 1; default 1.
        sheet_number: Option<Located<u32>> = optional("sheetNumber"),
    }
}

toml_table! {
    /// A declared way to know a line that is no data.
    pub(crate) struct NotDataRule {
        /// What such a line is: `emptyRow`, `repeatedHeader`, `total`, `subtotal`, `footnote`.
        what: Located<String> = required("what", "what = \"total\""),
        /// These columns have something in them, and no other cell has.
        only_filled: Vec<Located<String>> = optional("onlyFilled"),
        /// The column looked at.
        column: Option<Located<String>> = optional("column"),
        /// Its cell is one of these.
        equals: Vec<String> = optional("equals"),
        /// Its cell begins with one of these.
        starts_with: Vec<String> = optional("startsWith"),
        /// Its cell has one of these forms: `#` one digit, `*` anything.
        like: Vec<String> = optional("like"),
        /// Its cell is empty.
        empty: bool = optional("empty"),
        /// Its cell is not empty.
        not_empty: bool = optional("notEmpty"),
    }
}

choice! {
    /// What to do with cells beyond the header.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum SurplusCells {
        /// The line is refused.
        Refuse = "refuse",
        /// They are read over.
        Ignore = "ignore",
        /// They are read over where they are empty; else the line is refused.
        IgnoreEmpty = "ignoreEmpty",
    }
}

toml_table! {
    /// Table Schema.
    pub(crate) struct Schema {
        /// `equal`: every column declared, none else. `subset`: further columns are read over.
        fields_match: FieldsMatch = optional("fieldsMatch"),
        /// The columns.
        fields: Vec<Field> = required("fields", "[[schema.fields]]"),
        /// Cells that mean "no value"; default `[""]`.
        missing_values: Option<Vec<String>> = optional("missingValues"),
        /// What is known of cells that stand in no declared column.
        undeclared: Undeclared = optional("undeclared"),
        /// Columns that together stand once in a delivery.
        primary_key: Vec<Located<String>> = optional("primaryKey"),
        /// Columns held against a register.
        foreign_keys: Vec<ForeignKey> = optional("foreignKeys"),
        /// Columns that cannot exceed another.
        parts: Vec<PartOf> = optional("parts"),
    }
}

toml_table! {
    /// What is known of further columns and of cells beyond the header.
    pub(crate) struct Undeclared {
        /// Set to `none` where they are known to hold no personal numbers.
        personal_data: Option<PersonalData> = optional("personalData"),
    }
}

choice! {
    /// Table Schema's `fieldsMatch`, as far as it makes sense for deliveries.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub(crate) enum FieldsMatch {
        /// Every declared column, in any order, and no other.
        #[default]
        Equal = "equal",
        /// Every declared column; the file may have more.
        Subset = "subset",
    }
}

toml_table! {
    /// One column.
    pub(crate) struct Field {
        /// Its heading.
        name: Located<String> = required("name", "name = \"...\""),
        /// Other headings it goes by.
        aliases: Vec<String> = optional("aliases"),
        /// What a cell is.
        kind: Option<FieldType> = required("type", "type = \"string\""),
        /// Forms of a date or period, tried in order; of a text, the kind of identifier it is.
        format: Vec<Located<String>> = optional("format"),
        /// Decimal mark of a number; default `.`, as Table Schema has it.
        decimal_char: Option<String> = optional("decimalChar"),
        /// Mark between thousands, or several; default none.
        group_char: Marks = optional("groupChar"),
        /// What the column is for.
        role: Option<Located<String>> = optional("role"),
        /// How a number below zero is written: `-1`, `(1)`, `1-`, `−1` (U+2212); default only `-1`.
        negative: Option<Vec<Located<String>>> = optional("negative"),
        /// Cells that are zero, such as `-`.
        zero: Vec<Located<String>> = optional("zero"),
        /// Units that may stand before or behind the number, such as `kr.`.
        affix: Vec<Located<String>> = optional("affix"),
        /// Most decimals that may be written; default 2.
        decimals: Option<Located<u8>> = optional("decimals"),
        /// What becomes of what is finer than the unit; default: the line is refused.
        rounding: Option<Rounding> = optional("rounding"),
        /// First of the hundred years two-digit years (`%y`) lie in.
        century: Option<Located<i16>> = optional("century"),
        /// Digits a text of digits has once the zeros a spreadsheet took from its front are back.
        leading_zeros: Option<Located<u8>> = optional("leadingZeros"),
        /// What one unit of the number is worth, such as 1000 for amounts in thousands; default 1.
        scale: Option<u32> = optional("scale"),
        /// Headings that say another scale, such as `Beløb (1.000 kr.)` for 1000.
        scales: BTreeMap<String, Located<u32>> = optional("scales"),
        /// Which sign expenditure has; default positive.
        sign: Sign = optional("sign"),
        /// Whether amounts include VAT: said in the method, never converted.
        vat: Option<Vat> = optional("vat"),
        /// Set to `none` where the column is known to hold no personal numbers.
        personal_data: Option<PersonalData> = optional("personalData"),
        /// What is still to be decided of the column, as [`ContractFile::undecided`].
        undecided: Vec<Located<String>> = optional("undecided"),
        /// Bounds.
        constraints: Constraints = optional("constraints"),
    }
}

/// The marks of a list, or of a text that is one mark or empty.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks(pub(crate) Vec<String>);

impl FromToml for Marks {
    fn read(value: TomlValue<'_, '_>, problems: &mut Problems) -> Option<Marks> {
        let written = value.written.get_ref();
        match written.as_str() {
            Some("") => Some(Marks::default()),
            Some(mark) => Some(Marks(vec![mark.to_owned()])),
            None if written.is_array() => Vec::read(value, problems).map(Marks),
            None => value.expect(None, "a mark, or a list of marks", problems),
        }
    }
}

choice! {
    /// What becomes of what is finer than the unit.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) enum Rounding {
        /// Each cell is rounded to the nearest unit, halves away from zero.
        HalfAway = "half-away",
    }
}

choice! {
    /// What a cell is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum FieldType {
        /// Text.
        String = "string",
        /// A number with decimals, exact.
        Number = "number",
        /// A whole number.
        Integer = "integer",
        /// A date.
        Date = "date",
        /// A month, with period 13 where the form allows it.
        Yearmonth = "yearmonth",
    }
}

choice! {
    /// Which sign expenditure has.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    pub(crate) enum Sign {
        /// Expenditure is above zero, income below.
        #[default]
        Positive = "positive",
        /// Expenditure is below zero: the sign is turned.
        Negative = "negative",
    }
}

choice! {
    /// Whether amounts include VAT.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) enum Vat {
        /// Without VAT.
        Net = "net",
        /// With VAT.
        Gross = "gross",
        /// The sender does not say.
        Unknown = "unknown",
    }
}

choice! {
    /// Whether a column may hold personal data.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(crate) enum PersonalData {
        /// It holds none: the guard against personal numbers leaves it alone.
        None = "none",
    }
}

toml_table! {
    /// Table Schema constraints.
    pub(crate) struct Constraints {
        /// The cell must not be empty.
        required: bool = optional("required"),
        /// Smallest number allowed.
        minimum: Option<Located<i64>> = optional("minimum"),
        /// Largest number allowed.
        maximum: Option<Located<i64>> = optional("maximum"),
        /// Fewest characters allowed.
        min_length: Option<u32> = optional("minLength"),
        /// Most characters allowed.
        max_length: Option<u32> = optional("maxLength"),
        /// The values allowed.
        listed: Option<Vec<String>> = optional("enum"),
    }
}

toml_table! {
    /// A column held against a register of the pipeline.
    pub(crate) struct ForeignKey {
        /// The column.
        fields: Located<String> = required("fields", "fields = \"...\""),
        /// The register.
        reference: Reference =
            required("reference", "reference = { resource = \"authorities\", fields = \"id\" }"),
    }
}

toml_table! {
    /// The register a column refers to.
    pub(crate) struct Reference {
        /// `authorities`, `services` or `initiatives`.
        resource: Located<String> = required("resource", "resource = \"authorities\""),
        /// Always `id`.
        fields: Located<String> = required("fields", "fields = \"id\""),
    }
}

toml_table! {
    /// A column that cannot exceed another.
    pub(crate) struct PartOf {
        /// The smaller.
        part: Located<String> = required("part", "part = \"...\""),
        /// The larger.
        whole: Located<String> = required("whole", "whole = \"...\""),
    }
}

toml_table! {
    /// Values the file does not carry.
    pub(crate) struct Constants {
        /// The authority of every line.
        authority: Option<String> = optional("authority"),
        /// The service of every line.
        service: Option<String> = optional("service"),
        /// The initiative of every line.
        initiative: Option<Located<String>> = optional("initiative"),
        /// The month, or the first and last month, of every line: `2009-12`, `2009-01/2009-12`.
        period: Option<Located<String>> = optional("period"),
    }
}

toml_table! {
    /// Several periods side by side: headings such as `2012 Q4: volume`.
    pub(crate) struct Unpivot {
        /// The heading with `{period}` and `{field}` in it.
        header: Located<String> = required("header", "header = \"{period}: {field}\""),
        /// The columns that stand once a period.
        fields: Vec<Located<String>> = required("fields", "fields = [\"...\"]"),
        /// The periods.
        periods: Vec<UnpivotPeriod> = required("periods", "[[unpivot.periods]]"),
    }
}

toml_table! {
    /// One period of an unpivot.
    pub(crate) struct UnpivotPeriod {
        /// As it stands in the heading.
        label: String = required("label", "label = \"2016 Q1\""),
        /// First month covered.
        first: Located<String> = required("first", "first = \"2016-01\""),
        /// Last month covered.
        last: Located<String> = required("last", "last = \"2016-03\""),
    }
}

toml_table! {
    /// A measure that is the product of two columns, such as volume times unit cost.
    pub(crate) struct Product {
        /// The measure.
        role: Located<String> = required("role", "role = \"amount\""),
        /// The two columns. Either missing: no product, which is not zero.
        factors: [Located<String>; 2] = required("factors", "factors = [\"...\", \"...\"]"),
    }
}

toml_table! {
    /// A sender with ways of its own.
    pub(crate) struct Sender {
        /// File name templates of its deliveries.
        names: Vec<Located<String>> = required("names", "names = [\"{any}.csv\"]"),
        /// Its headings: heading as delivered = the contract's name.
        aliases: BTreeMap<String, Located<String>> = optional("aliases"),
        /// Where its dialect differs.
        dialect: Dialect = optional("dialect"),
    }
}

toml_table! {
    /// Totals the sender states: in a file beside the deliveries, or in a row of the delivery.
    pub(crate) struct ControlTotals {
        /// File name template of the file beside the deliveries.
        file: Option<Located<String>> = optional("file"),
        /// Its headings for file, lines and sum; default `file`, `lines`, `sum`.
        headings: Option<[String; 3]> = optional("headings"),
        /// The column in which a row of totals has its label.
        column: Option<Located<String>> = optional("column"),
        /// The label.
        label: Option<String> = optional("label"),
        /// The column that holds the count of lines in the row of totals.
        lines: Option<Located<String>> = optional("lines"),
        /// The column that holds the sum in the row of totals.
        sum: Option<Located<String>> = optional("sum"),
    }
}
