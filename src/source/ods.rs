//! An `.ods`: its sheets by name, and the rows of one as they stand, repeated as often as they say.
//! No more than one row is held.
#![expect(clippy::wildcard_enum_match_arm, reason = "most of a workbook says nothing to us")]

use crate::source::archive::ZipMember;
use crate::source::bounds::Bound;
use crate::source::content::Content as _;
use crate::source::moment::{self, Format};
use crate::source::parts::{SheetChooser, Tab, WorkbookParts, text_of};
use crate::source::rows::{SheetRow, SheetRows, SheetValue};
use crate::source::sheet::merged::{Area, Merged};
use crate::source::sheet::shown::is_plain;
use crate::source::trouble::Trouble;
use crate::source::xml::{Xml, attribute, say};
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeSet;
use std::io::{self, Read as _};

const KIND: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// Bytes of the names that are kept: more of them than are ever shown.
const NAMES: usize = 1 << 16;

/// The chosen sheet: a table of the content, by its place among them.
pub(crate) struct OdsSheet {
    content: ZipMember,
    place: usize,
    epoch: i32,
}

/// What stands before the tables and is about them.
#[derive(Default)]
struct Heads {
    /// The name of the style that is being read, where it is one of tables.
    style: Option<String>,
    /// The styles whose tables are not shown.
    hidden: BTreeSet<String>,
    /// Days from the first day of the usual count to that of the workbook's.
    epoch: i32,
    /// Bytes that are kept of names.
    names: usize,
}

/// Finds the sheet in a workbook.
///
/// # Errors
/// What is no workbook, or a bound.
pub(crate) fn find<T>(
    parts: &WorkbookParts,
    choose: SheetChooser<T>,
) -> io::Result<Result<OdsSheet, T>> {
    if !is_one(parts)? {
        return Err(Trouble::Broken.into());
    }
    let content = parts.get("content.xml").ok_or(Trouble::Broken)?.clone();
    let mut heads = Heads::default();
    let mut xml = Xml::of(content.open()?, Bound::WorkbookSheet);
    let mut tabs: Vec<Tab> = Vec::new();
    while let Some(tab) = table(&mut xml, &mut heads)? {
        heads.keeps(tab.name.len() + size_of::<Tab>())?;
        tabs.push(tab);
        skip_element(&mut xml, "table:table")?;
    }
    Ok(choose(&tabs).map(|place| OdsSheet { content, place, epoch: heads.epoch }))
}

/// Whether the parts are those of an `.ods`.
pub(crate) fn is_one(parts: &WorkbookParts) -> io::Result<bool> {
    let mut kind = Vec::new();
    let Some(own) = parts.get("mimetype") else { return Ok(false) };
    own.open()?.take(64).read_to_end(&mut kind)?;
    Ok(kind == KIND)
}

impl Heads {
    /// Notes what a tag before the tables says of them.
    fn note(&mut self, tag: &BytesStart) -> io::Result<()> {
        match tag.name().as_ref() {
            "style:style" => {
                let is_table = attribute(tag, "family")?.is_some_and(|family| family == "table");
                self.style = attribute(tag, "name")?.filter(|_| is_table);
            }
            "style:table-properties" => {
                let is_hidden = attribute(tag, "display")?.is_some_and(|shown| shown == "false");
                if let Some(name) = self.style.take().filter(|_| is_hidden) {
                    self.keeps(name.len() + size_of::<String>())?;
                    self.hidden.insert(name);
                }
            }
            "table:null-date" => {
                let day = attribute(tag, "date-value")?;
                self.epoch = day.as_deref().and_then(moment::epoch).unwrap_or(self.epoch);
            }
            _ => {}
        }
        Ok(())
    }

    /// Counts bytes that are kept.
    fn keeps(&mut self, bytes: usize) -> io::Result<()> {
        self.names += bytes;
        if self.names > NAMES { Err(Bound::WorkbookParts.into()) } else { Ok(()) }
    }
}

/// Goes on into the next table that has a name; gives it.
fn table(xml: &mut Xml, heads: &mut Heads) -> io::Result<Option<Tab>> {
    loop {
        match xml.next()? {
            Event::Start(tag) if is(&tag, "table:table") => {
                if let Some(name) = attribute(&tag, "name")? {
                    let style = attribute(&tag, "style-name")?;
                    let is_hidden = style.is_some_and(|style| heads.hidden.contains(&style));
                    return Ok(Some(Tab { name, is_hidden }));
                }
            }
            Event::Start(tag) => heads.note(&tag)?,
            Event::Eof => return Ok(None),
            _ => {}
        }
    }
}

/// Goes on to the end of the element that was entered, whatever is in it.
fn skip_element(xml: &mut Xml, element: &str) -> io::Result<()> {
    let mut depth = 1_u64;
    while depth > 0 {
        match xml.next()? {
            Event::Start(tag) if is(&tag, element) => depth += 1,
            Event::End(tag) if tag.name().as_ref() == element => depth -= 1,
            Event::Eof => return Err(Trouble::Broken.into()),
            _ => {}
        }
    }
    Ok(())
}

fn is(tag: &BytesStart, element: &str) -> bool {
    tag.name().as_ref() == element
}

fn is_cell(name: &str) -> bool {
    matches!(name, "table:table-cell" | "table:covered-table-cell")
}

impl OdsSheet {
    /// Days from the first day of the usual count to that of the workbook's.
    pub(crate) fn epoch(&self) -> i32 {
        self.epoch
    }

    /// The rows from the first one on.
    pub(crate) fn rows(&self) -> io::Result<OdsRows> {
        let mut xml = Xml::of(self.content.open()?, Bound::WorkbookSheet);
        let mut heads = Heads::default();
        for _ in 0..self.place {
            table(&mut xml, &mut heads)?;
            skip_element(&mut xml, "table:table")?;
        }
        table(&mut xml, &mut heads)?;
        let merged = Merged::default();
        Ok(OdsRows { xml, next: 0, row: SheetRow::default(), times: 0, merged })
    }
}

/// The rows of a table.
pub(crate) struct OdsRows {
    xml: Xml,
    /// The number of the next row.
    next: u32,
    /// A row that is repeated so many times more.
    row: SheetRow,
    times: u32,
    merged: Merged,
}

impl SheetRows for OdsRows {
    fn next(&mut self) -> io::Result<Option<SheetRow>> {
        while self.times == 0 {
            match self.xml.next()? {
                Event::Start(tag) if is(&tag, "table:table-row") => {
                    let times = repeated(&tag, "number-rows-repeated")?;
                    stands(self.next, Bound::SheetRows)?;
                    self.row = row(&mut self.xml, (self.next, &mut self.merged))?;
                    if self.row.is_empty() {
                        self.next = self.next.saturating_add(times);
                    } else {
                        self.times = times;
                    }
                }
                Event::End(tag) if tag.name().as_ref() == "table:table" => return Ok(None),
                Event::Eof => return Err(Trouble::Broken.into()),
                _ => {}
            }
        }
        self.times -= 1;
        stands(self.next, Bound::SheetRows)?;
        self.row.number = self.next;
        self.next = self.next.saturating_add(1);
        let mut row =
            if self.times == 0 { std::mem::take(&mut self.row) } else { self.row.clone() };
        self.merged.cover(&mut row)?;
        Ok(Some(row))
    }
}

/// The cells up to the end of a row of this number, and the merged areas that begin in it.
fn row(xml: &mut Xml, (number, merged): (u32, &mut Merged)) -> io::Result<SheetRow> {
    let mut row = SheetRow::default();
    let mut column = 0_u32;
    loop {
        match xml.next()? {
            Event::Start(tag) if is_cell(tag.name().as_ref()) => {
                let times = repeated(&tag, "number-columns-repeated")?;
                stands(column, Bound::SheetColumns)?;
                let end = column.saturating_add(times);
                let rows = repeated(&tag, "number-rows-spanned")?;
                if rows > 1 {
                    let last = number.saturating_add(rows - 1);
                    merged.add(Area { first: number, last, column });
                }
                let said = cell_value(&tag)?;
                let value = if let Some(SheetValue::Number(number)) = &said.value
                    && said.is_certain()
                {
                    Some(as_shown(number, said.currency.as_deref(), &text(xml)?))
                } else if said.is_certain() {
                    skip(xml)?;
                    said.value
                } else {
                    said.with(text(xml)?)
                };
                if let Some(value) = value {
                    for column in column..end {
                        row.put(column, value.clone())?;
                    }
                }
                column = end;
            }
            Event::End(tag) if tag.name().as_ref() == "table:table-row" => return Ok(row),
            Event::Start(_) | Event::Eof => return Err(Trouble::Broken.into()),
            _ => {}
        }
    }
}

/// Whether a sheet has a row, or a column, of this number. One that is empty may be repeated past
/// the last, as programs do to fill a sheet; nothing may stand behind it.
fn stands(number: u32, bound: Bound) -> io::Result<()> {
    if u64::from(number) < bound.limit() { Ok(()) } else { Err(bound.into()) }
}

fn repeated(tag: &BytesStart, name: &str) -> io::Result<u32> {
    let Some(times) = attribute(tag, name)? else {
        return Ok(1);
    };
    let digits = !times.is_empty() && times.bytes().all(|byte| byte.is_ascii_digit());
    // A number too large for us is too large for any sheet.
    if digits { Ok(times.parse().unwrap_or(u32::MAX)) } else { Err(Trouble::Broken.into()) }
}

/// What the attributes of a cell say.
#[derive(Default)]
struct Said {
    value: Option<SheetValue>,
    /// Whether there is one, be it an empty text.
    is_set: bool,
    is_text: bool,
    /// Whether the formula has an error for a result.
    is_error: bool,
    formula: Option<String>,
    /// The code of the currency a number is in.
    currency: Option<String>,
}

impl Said {
    /// Whether they are all there is to know.
    fn is_certain(&self) -> bool {
        self.is_set && self.formula.is_none() && !self.is_error
    }

    /// The same with the text that is shown: it is the value where there is no other, and tells an
    /// error that older programs store as a zero.
    fn with(self, shown: String) -> Option<SheetValue> {
        let is_error = self.formula.is_some()
            && !self.is_text
            && (shown.starts_with('#') || shown.starts_with("Err:"));
        match self.formula {
            Some(formula) if (self.is_error || is_error) && shown.is_empty() => {
                Some(SheetValue::Formula(formula))
            }
            _ if self.is_error || is_error => Some(SheetValue::Formula(shown)),
            _ if self.is_set => self.value,
            Some(formula) if shown.is_empty() && !self.is_text => {
                Some(SheetValue::Formula(formula))
            }
            _ => text_of(&shown),
        }
    }
}

fn cell_value(tag: &BytesStart) -> io::Result<Said> {
    let mut said = Said::default();
    for attribute in tag.attributes().with_checks(false) {
        let attribute = attribute.map_err(|_| Trouble::Broken)?;
        let text = quick_xml::escape::unescape(&attribute.value).map_err(|_| Trouble::Broken)?;
        let key = attribute.key;
        let value = match key.as_ref() {
            "office:value-type" => {
                said.is_text = text == "string";
                continue;
            }
            "calcext:value-type" => {
                said.is_error = text == "error";
                continue;
            }
            "office:currency" => {
                said.currency = Some(text.into_owned());
                continue;
            }
            "table:formula" => {
                said.formula = Some(text.into_owned());
                continue;
            }
            _ if said.is_set => continue,
            "office:value" => {
                let number = moment::number(&text, &Format::Other, false);
                Some(number.ok_or(Trouble::Broken)?)
            }
            "office:date-value" => moment::iso(&text).or_else(|| text_of(&text)),
            "office:time-value" => {
                moment::span(&text).map(SheetValue::Time).or_else(|| text_of(&text))
            }
            "office:boolean-value" => {
                let yes = text == "TRUE" || text == "true";
                text_of(if yes { "TRUE" } else { "FALSE" })
            }
            "office:string-value" => text_of(&text),
            _ => continue,
        };
        (said.value, said.is_set) = (value, true);
    }
    Ok(said)
}

/// A number as it stands, and the code of a format that shows it like this text, where it has more
/// than digits.
fn as_shown(number: &str, currency: Option<&str>, shown: &str) -> SheetValue {
    let quoted = |letter: char| match letter {
        '0'..='9' => "0".to_owned(),
        '.' | ',' | '\'' => String::new(),
        letter if letter.is_whitespace() => String::new(),
        letter => format!("\\{letter}"),
    };
    let exponent = shown.contains("E+") || shown.contains("E-");
    let is_number = shown.contains(|letter: char| letter.is_ascii_digit()) && !exponent;
    let digits = if is_number { shown.chars().map(quoted).collect() } else { "0".to_owned() };
    let code = match currency {
        // Its own word stands beside it already.
        Some(currency) if !shown.contains(char::is_alphabetic) => format!("[${currency}]{digits}"),
        _ => digits,
    };
    // A negative has a sign of its own to show.
    if is_plain(&code) && !(is_number && number.starts_with('-')) {
        return SheetValue::Number(number.to_owned());
    }
    let code = if number.starts_with('-') { format!("{code};{code}") } else { code };
    SheetValue::Coded(number.to_owned(), code.into())
}

/// Goes on to the end of a cell.
fn skip(xml: &mut Xml) -> io::Result<()> {
    let mut depth = 1_u64;
    while depth > 0 {
        match xml.next()? {
            Event::Start(tag) if is_cell(tag.name().as_ref()) => depth += 1,
            Event::End(tag) if is_cell(tag.name().as_ref()) => depth -= 1,
            Event::Eof => return Err(Trouble::Broken.into()),
            _ => {}
        }
    }
    Ok(())
}

/// The text up to the end of a cell, its comments aside; one line a paragraph.
fn text(xml: &mut Xml) -> io::Result<String> {
    let (mut text, mut paragraphs) = (String::new(), 0_u64);
    loop {
        match xml.next()? {
            Event::End(tag) if is_cell(tag.name().as_ref()) => return Ok(text),
            Event::Start(tag) => match tag.name().as_ref() {
                "office:annotation" => skip_element(xml, "office:annotation")?,
                // What is drawn over a cell does not stand in it.
                name if name.starts_with("draw:") => {
                    let name = name.to_owned();
                    skip_element(xml, &name)?;
                }
                "text:p" => {
                    paragraphs += 1;
                    if paragraphs > 1 {
                        text.push('\n');
                    }
                }
                "text:s" => {
                    let times = usize::try_from(repeated(&tag, "c")?).unwrap_or(usize::MAX);
                    Bound::LineBytes.hold(text.len().saturating_add(times))?;
                    text.extend(std::iter::repeat_n(' ', times));
                }
                "text:tab" => text.push('\t'),
                "text:line-break" => text.push('\n'),
                _ => {}
            },
            Event::Eof => return Err(Trouble::Broken.into()),
            event => say(&event, &mut text)?,
        }
    }
}
