//! The report as a value. Words are keys into the translations, numbers are numbers.

use crate::domain::known::Known;
use crate::domain::language::Names;
use crate::domain::money::Oere;
use crate::domain::notice::Notice;
use crate::domain::period::{Month, Span};
use crate::domain::share::Share;

/// The whole report, still without language and format.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    /// Pages in reading order; the first is where the reader lands.
    pub pages: Vec<Page>,
    /// The strategy's name.
    pub programme: Names,
    /// Whether the deliveries are made up: said on every page.
    pub synthetic: bool,
    /// Money's unit, such as `kr.`.
    pub unit: Names,
    /// The month the report looks back from.
    pub as_of: Month,
    /// Tool version.
    pub version: &'static str,
}

/// One page.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    /// File name without ending, the same in every language.
    pub slug: String,
    /// The page's only top heading.
    pub title: Phrase,
    /// What the page says in one or two sentences.
    pub lead: Phrase,
    /// The page, top to bottom.
    pub blocks: Vec<Block>,
}

/// One piece of a page.
#[expect(clippy::large_enum_variant, reason = "a report has few blocks")]
#[derive(Debug, Clone)]
pub(crate) enum Block {
    /// A section heading.
    Heading(Phrase),
    /// A paragraph.
    Text(Phrase),
    /// A bulleted list.
    List(Vec<Phrase>),
    /// A boxed remark the reader must not miss.
    Notice(Phrase),
    /// The few numbers the page is about, side by side.
    KeyFigures(Vec<KeyFigure>),
    /// A chart with its headline and its table.
    Figure(Figure),
    /// A table on its own.
    Table(Table),
}

/// One number that stands for itself.
#[derive(Debug, Clone)]
pub(crate) struct KeyFigure {
    /// What it is.
    pub label: Phrase,
    /// The number.
    pub value: Value,
    /// What it is measured against or rests on.
    pub note: Phrase,
    /// How it stands, said in a word, never only in colour.
    pub standing: Standing,
}

/// How a figure stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// Achieved.
    Achieved,
    /// Not achieved.
    NotAchieved,
    /// Not known.
    Unknown,
    /// A fact without a yes or no.
    Neutral,
}

/// A key into the translations.
pub(crate) type TextKey = &'static str;

/// Something said: a key, and what goes into its `{placeholders}`.
#[derive(Debug, Clone)]
pub(crate) struct Phrase {
    /// Which text.
    pub key: TextKey,
    /// Values by placeholder name.
    pub values: Vec<(&'static str, Value)>,
}

impl Phrase {
    /// A text without placeholders.
    pub(crate) fn new(key: TextKey) -> Phrase {
        Phrase { key, values: Vec::new() }
    }

    /// The same with one more placeholder filled.
    #[must_use]
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Phrase {
        self.values.push((name, value.into()));
        self
    }
}

/// A value that `write/text` turns into words and digits.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    /// Money, scaled for reading (mia., mio., kr.) with one decimal.
    Money(Known<Oere>),
    /// Money to the øre.
    Exact(Known<Oere>),
    /// A whole number.
    Count(Known<i64>),
    /// A share as a per cent with one decimal.
    Percent(Known<Share>),
    /// A per-million figure as a per cent with one decimal: `1_000_000` is 100.
    Ppm(Known<i64>),
    /// An index with one decimal: `1_000_000` is 100.
    Index(Known<i64>),
    /// A number as a headline has it.
    Headline(Headline),
    /// A calendar month.
    Month(Month),
    /// An accounting year or window.
    Span(Span),
    /// A name in each language.
    Name(Names),
    /// Text that is the same in every language: an id, a file name, a source, a masked cell.
    Verbatim(String),
    /// What there is to know of a delivery.
    Notice(Box<Notice>),
    /// Another text.
    Phrase(Box<Phrase>),
    /// Nothing: an empty table cell that is meant to be empty.
    Empty,
}

/// A number as a headline has it: short, and exact in the table below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Headline {
    /// Whole millions or billions of money where `like` has four digits of them, so that amounts
    /// side by side share a scale; else as [`Value::Money`].
    Money {
        /// The amount.
        amount: Oere,
        /// The amount that picks the scale.
        like: Oere,
    },
    /// A share as a whole number of per cent, without sign.
    Percent(Share),
    /// How many times as large, with one decimal.
    Times(Share),
}

impl From<Phrase> for Value {
    fn from(phrase: Phrase) -> Value {
        Value::Phrase(Box::new(phrase))
    }
}

impl From<Names> for Value {
    fn from(names: Names) -> Value {
        Value::Name(names)
    }
}

/// A table: headed columns, rows that begin with what they are about.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// What the table shows.
    pub caption: Phrase,
    /// Column headings; the first column holds the row headings.
    pub columns: Vec<Phrase>,
    /// Rows, each as long as `columns`.
    pub rows: Vec<Vec<Value>>,
}

/// A chart: its finding, its data, and the same data as a table.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    /// Unique in the report, stable, kebab case: names the SVG and CSV files.
    pub id: String,
    /// The finding, as a sentence.
    pub headline: Phrase,
    /// Measure, unit, period and price level.
    pub subtitle: Phrase,
    /// What the chart shows, for who cannot see it.
    pub description: Phrase,
    /// The drawing.
    pub chart: Chart,
    /// Where the numbers come from, and what to mind.
    pub note: Phrase,
    /// The same numbers as a table, exact.
    pub table: Table,
}

/// What is drawn. Numbers are in the unit's smallest part: øre, parts per million, or ones.
#[derive(Debug, Clone)]
pub(crate) enum Chart {
    /// Horizontal intervals against a target band, on one scale from zero: the target chart.
    Intervals {
        /// How numbers are written.
        unit: ChartUnit,
        /// One row a line, top to bottom.
        rows: Vec<Interval>,
    },
    /// A waterfall from one total to another.
    Bridge {
        /// How numbers are written.
        unit: ChartUnit,
        /// First bar, a total.
        start: Bar,
        /// Signed steps.
        steps: Vec<Bar>,
        /// Last bar, a total: start plus steps.
        end: Bar,
    },
    /// Lines over time, directly labelled.
    Lines {
        /// How numbers are written.
        unit: ChartUnit,
        /// Labels along the time axis.
        at: Vec<Value>,
        /// At most seven lines.
        lines: Vec<ChartLine>,
        /// Whether the value axis begins at zero.
        from_zero: bool,
    },
}

/// How a chart's numbers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChartUnit {
    /// Øre, written as kroner at one scale for the whole chart.
    Money,
    /// Parts per million, written as per cent.
    Percent,
    /// Parts per million of 100, written as an index.
    Index,
}

/// One row of a target chart.
#[derive(Debug, Clone)]
pub(crate) struct Interval {
    /// What the row is.
    pub label: Phrase,
    /// Lowest and highest value; `None`: not known.
    pub span: Option<(i64, i64)>,
    /// The value marked between them, if one is declared.
    pub mark: Option<i64>,
    /// Target band, low and high.
    pub band: Option<(i64, i64)>,
}

/// One bar.
#[derive(Debug, Clone)]
pub(crate) struct Bar {
    /// What the bar is.
    pub label: Phrase,
    /// How long it is; `None`: not known.
    pub value: Option<i64>,
}

/// One line.
#[derive(Debug, Clone)]
pub(crate) struct ChartLine {
    /// What the line is, written at its end.
    pub label: Phrase,
    /// One value a point in time; `None`: not known, a gap.
    pub values: Vec<Option<i64>>,
    /// Points where it begins anew: not joined with the one before, and marked.
    pub breaks: Vec<usize>,
    /// Whether it only stands beside what the headline is about, and is drawn pale.
    pub pale: bool,
}
