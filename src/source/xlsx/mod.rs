//! An `.xlsx`: which part the chosen sheet is, what its strings and formats are, and its rows as
//! they stand. No more than the strings and one row is held.
#![expect(clippy::wildcard_enum_match_arm, reason = "most of a workbook says nothing to us")]

mod strings;

use crate::source::archive::{ZipMember, stands};
use crate::source::bounds::Bound;
use crate::source::content::Content as _;
use crate::source::moment::{self, Format};
use crate::source::parts::{SheetChooser, Tab, WorkbookParts, text_of};
use crate::source::rows::{SheetRow, SheetRows, SheetValue};
use crate::source::sheet::merged::{Area, Merged};
use crate::source::sheet::written::FROM_1904;
use crate::source::trouble::Trouble;
use crate::source::xlsx::strings::{Strings, plain, rich, strings, unescaped};
use crate::source::xml::{Xml, attribute};
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

/// The chosen sheet, and what its cells refer to.
pub(crate) struct XlsxSheet {
    part: ZipMember,
    shared: Arc<XlsxShared>,
}

/// What all sheets share.
struct XlsxShared {
    strings: Strings,
    /// By the number a cell has as its style.
    formats: Vec<Format>,
    book: WorkbookSettings,
}

/// What a workbook says of all its sheets.
#[derive(Debug, Clone, Copy, Default)]
struct WorkbookSettings {
    /// Whether days are counted from 1904.
    from_1904: bool,
    /// Whether the program that wrote it left its formulas to be calculated when it is opened.
    uncalculated: bool,
}

/// Finds the sheet among the parts of a workbook.
///
/// # Errors
/// What is no workbook, or a bound.
pub(crate) fn find<T>(
    parts: &WorkbookParts,
    choose: SheetChooser<T>,
) -> io::Result<Result<XlsxSheet, T>> {
    let (folder, book) = book(parts)?;
    let (sheets, says) = sheets(parts, &format!("{folder}{book}"))?;
    let tabs: Vec<Tab> = sheets.iter().map(|(tab, _)| tab.clone()).collect();
    let number = match choose(&tabs) {
        Ok(number) => number,
        Err(reason) => return Ok(Err(reason)),
    };
    let relations = format!("{folder}_rels/{book}.rels");
    let target = target(parts, &relations, |_, id| id == Some(&sheets[number].1))?;
    let target = target.ok_or(Trouble::Broken)?;
    let path = target.strip_prefix('/').map_or_else(|| format!("{folder}{target}"), str::to_owned);
    let part = parts.get(&path).ok_or(Trouble::Broken)?.clone();
    let strings = strings(parts, &format!("{folder}sharedStrings.xml"))?;
    let formats = formats(parts, &format!("{folder}styles.xml"))?;
    Ok(Ok(XlsxSheet { part, shared: Arc::new(XlsxShared { strings, formats, book: says }) }))
}

/// The folder and the name of the part that lists the sheets.
fn book(parts: &WorkbookParts) -> io::Result<(String, String)> {
    let is_book = |kind: &str, _: Option<&String>| kind.ends_with("/relationships/officeDocument");
    let target = target(parts, "_rels/.rels", is_book)?.ok_or(Trouble::Broken)?;
    let target = target.strip_prefix('/').unwrap_or(&target);
    let cut = target.rfind('/').map_or(0, |at| at + 1);
    Ok((target[..cut].to_owned(), target[cut..].to_owned()))
}

/// Where the last relation leads that is the wanted one, by its kind and its id.
fn target(
    parts: &WorkbookParts,
    name: &str,
    wanted: impl Fn(&str, Option<&String>) -> bool,
) -> io::Result<Option<String>> {
    let mut xml = parts.open(name, Bound::WorkbookParts)?.ok_or(Trouble::Broken)?;
    let mut path = None;
    loop {
        match xml.next()? {
            Event::Start(tag) if tag.local_name().as_ref() == "Relationship" => {
                let kind = attribute(&tag, "Type")?.unwrap_or_default();
                if wanted(&kind, attribute(&tag, "Id")?.as_ref()) {
                    path = attribute(&tag, "Target")?.or(path);
                }
            }
            Event::Eof => return Ok(path),
            _ => {}
        }
    }
}

/// The sheets, each with the id of its relation, and what is said of all of them.
fn sheets(parts: &WorkbookParts, name: &str) -> io::Result<(Vec<(Tab, String)>, WorkbookSettings)> {
    let (mut sheets, mut book) = (Vec::new(), WorkbookSettings::default());
    let Some(mut xml) = parts.open(name, Bound::WorkbookParts)? else {
        return Ok((sheets, book));
    };
    let is_true = |said: String| said == "1" || said == "true";
    loop {
        match xml.next()? {
            Event::Start(tag) if tag.local_name().as_ref() == "sheet" => {
                let name = attribute(&tag, "name")?.unwrap_or_default();
                let state = attribute(&tag, "state")?;
                let is_hidden = state.is_some_and(|state| state != "visible");
                let id = attribute(&tag, "id")?.unwrap_or_default();
                sheets.push((Tab { name, is_hidden }, id));
            }
            Event::Start(tag) if tag.local_name().as_ref() == "workbookPr" => {
                if let Some(said) = attribute(&tag, "date1904")? {
                    book.from_1904 = is_true(said);
                }
            }
            Event::Start(tag) if tag.local_name().as_ref() == "calcPr" => {
                book.uncalculated = attribute(&tag, "fullCalcOnLoad")?.is_some_and(is_true);
            }
            Event::Eof => return Ok((sheets, book)),
            _ => {}
        }
    }
}

/// What each style shows a number as.
fn formats(parts: &WorkbookParts, name: &str) -> io::Result<Vec<Format>> {
    let (mut custom, mut formats) = (BTreeMap::new(), Vec::new());
    let Some(mut xml) = parts.open(name, Bound::WorkbookParts)? else {
        return Ok(formats);
    };
    let mut in_cells = false;
    loop {
        match xml.next()? {
            Event::Start(tag) if tag.local_name().as_ref() == "numFmt" => {
                let code = attribute(&tag, "formatCode")?;
                if let Some((id, code)) = attribute(&tag, "numFmtId")?.zip(code) {
                    custom.insert(id, moment::by_code(&code));
                }
            }
            Event::Start(tag) if tag.local_name().as_ref() == "cellXfs" => in_cells = true,
            Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => in_cells = false,
            Event::Start(tag) if in_cells && tag.local_name().as_ref() == "xf" => {
                let id = attribute(&tag, "numFmtId")?.unwrap_or_default();
                formats.push(custom.get(&id).cloned().unwrap_or_else(|| moment::built_in(&id)));
            }
            Event::Eof => return Ok(formats),
            _ => {}
        }
    }
}

impl XlsxSheet {
    /// Days from the first day of the usual count to that of the workbook's.
    pub(crate) fn epoch(&self) -> i32 {
        if self.shared.book.from_1904 { FROM_1904 } else { 0 }
    }

    /// The merged areas of more rows than one: a sheet lists them behind its cells.
    fn areas(&self) -> io::Result<Vec<Area>> {
        let mut areas = Vec::new();
        if !stands(self.part.open()?, &["mergeCell "])? {
            return Ok(areas);
        }
        let mut xml = Xml::of(self.part.open()?, Bound::WorkbookSheet);
        loop {
            match xml.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "mergeCell" => {
                    let range = attribute(&tag, "ref")?.unwrap_or_default();
                    let Some((from, to)) = range.split_once(':') else { continue };
                    let ((first, column), (last, _)) = (place_of(from)?, place_of(to)?);
                    if first < last {
                        areas.push(Area { first, last, column });
                        Bound::WorkbookParts.hold(areas.len() * size_of::<Area>())?;
                    }
                }
                Event::Eof => return Ok(areas),
                _ => {}
            }
        }
    }

    /// The rows from the first one on.
    pub(crate) fn rows(&self) -> io::Result<XlsxRows> {
        let mut xml = Xml::of(self.part.open()?, Bound::WorkbookSheet);
        loop {
            match xml.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "sheetData" => break,
                Event::Eof => return Err(Trouble::Broken.into()),
                _ => {}
            }
        }
        Ok(XlsxRows {
            xml,
            merged: Merged::of(self.areas()?),
            shared: Arc::clone(&self.shared),
            place: (0, 0),
            read: (0, 0),
            row: SheetRow::new(0),
            begun: None,
            ended: false,
        })
    }
}

/// The cells of a sheet, gathered row by row.
pub(crate) struct XlsxRows {
    xml: Xml,
    merged: Merged,
    shared: Arc<XlsxShared>,
    /// Where a cell stands that does not say.
    place: (u32, u32),
    /// Rows that were read, and cells of the last one, empty or not and wherever they say they are.
    read: (usize, usize),
    row: SheetRow,
    /// The first cell of the next row.
    begun: Option<(u32, u32, SheetValue)>,
    ended: bool,
}

impl SheetRows for XlsxRows {
    fn next(&mut self) -> io::Result<Option<SheetRow>> {
        if let Some((row, column, value)) = self.begun.take() {
            self.row = SheetRow::new(row);
            self.row.put(column, value)?;
        }
        while !self.ended {
            let Some((row, column, value)) = self.cell()? else {
                self.ended = true;
                break;
            };
            if row == self.row.number || self.row.is_empty() {
                self.row.number = row;
                self.row.put(column, value)?;
            } else if row < self.row.number {
                return Err(Trouble::Broken.into());
            } else {
                self.begun = Some((row, column, value));
                break;
            }
        }
        let mut row = std::mem::take(&mut self.row);
        if row.is_empty() {
            return Ok(None);
        }
        self.merged.cover(&mut row)?;
        Ok(Some(row))
    }
}

impl XlsxRows {
    /// The next cell with something in it.
    fn cell(&mut self) -> io::Result<Option<(u32, u32, SheetValue)>> {
        loop {
            let (reference, style, kind) = match self.xml.next()? {
                Event::Start(tag) if tag.local_name().as_ref() == "row" => {
                    self.read = (self.read.0 + 1, 0);
                    Bound::SheetRows.hold(self.read.0)?;
                    if let Some(number) = attribute(&tag, "r")? {
                        let number: u32 = number.parse().map_err(|_| Trouble::Broken)?;
                        self.place.0 = number.checked_sub(1).ok_or(Trouble::Broken)?;
                    }
                    continue;
                }
                Event::End(tag) if tag.local_name().as_ref() == "row" => {
                    self.place = (self.place.0.saturating_add(1), 0);
                    continue;
                }
                Event::End(tag) if tag.local_name().as_ref() == "sheetData" => return Ok(None),
                Event::Start(tag) if tag.local_name().as_ref() == "c" => {
                    self.read.1 += 1;
                    Bound::SheetColumns.hold(self.read.1)?;
                    attributes(&tag)?
                }
                Event::Eof => return Err(Trouble::Broken.into()),
                _ => continue,
            };
            let (row, column) = match reference {
                Some(reference) => place_of(&reference)?,
                None => self.place,
            };
            self.place.1 = column.saturating_add(1);
            if let Some(value) = self.value(style.as_deref(), kind.as_deref())? {
                return Ok(Some((row, column, value)));
            }
        }
    }

    /// What the cell says whose tag was read, up to its end.
    fn value(&mut self, style: Option<&str>, kind: Option<&str>) -> io::Result<Option<SheetValue>> {
        let (mut value, mut formula, mut stored) = (None, None, false);
        loop {
            match self.xml.next()? {
                Event::Start(tag) => {
                    let name = tag.local_name().as_ref().to_owned();
                    match name.as_str() {
                        "is" => value = text_of(&rich(&mut self.xml, "is")?),
                        "v" => {
                            let said = plain(&mut self.xml, "v")?;
                            stored = !said.is_empty() || kind == Some("str");
                            value = self.shared.read(&said, style, kind)?;
                        }
                        "f" => formula = Some(plain(&mut self.xml, "f")?),
                        _ => return Err(Trouble::Broken.into()),
                    }
                }
                Event::End(tag) if tag.local_name().as_ref() == "c" => {
                    // A program that does not calculate stores a zero, or nothing.
                    let zero = Some(SheetValue::Number("0".to_owned()));
                    let unknown = !stored || (self.shared.book.uncalculated && value == zero);
                    return Ok(match formula {
                        Some(formula) if unknown => {
                            Some(SheetValue::Formula(format!("={formula}")))
                        }
                        Some(_) | None => value,
                    });
                }
                Event::Eof => return Err(Trouble::Broken.into()),
                _ => {}
            }
        }
    }
}

impl XlsxShared {
    /// What is written in a cell of this kind and style.
    fn read(
        &self,
        said: &str,
        style: Option<&str>,
        kind: Option<&str>,
    ) -> io::Result<Option<SheetValue>> {
        Ok(match kind {
            Some("inlineStr" | "is") => None,
            Some("s" | "n") | None if said.is_empty() => None,
            Some("s") => {
                let text = said.parse().ok().and_then(|number| self.strings.get(number));
                text_of(text.ok_or(Trouble::Broken)?)
            }
            Some("b") => match said.trim() {
                "" => None,
                "0" | "false" | "FALSE" | "False" => text_of("FALSE"),
                "1" | "true" | "TRUE" | "True" => text_of("TRUE"),
                _ => return Err(Trouble::Broken.into()),
            },
            Some("d") => moment::iso(said).or_else(|| text_of(said)),
            Some("e") => (!said.is_empty()).then(|| SheetValue::Formula(said.to_owned())),
            Some("str") => text_of(&unescaped(said)),
            Some("n") | None => {
                let number = style.map_or(Some(0), |style| style.parse().ok()).unwrap_or(0);
                let format = style.and_then(|_| self.formats.get(number));
                match moment::number(said, format.unwrap_or(&Format::Other), self.book.from_1904) {
                    Some(value) => Some(value),
                    None if kind.is_none() => text_of(said),
                    None => return Err(Trouble::Broken.into()),
                }
            }
            Some(_) => return Err(Trouble::Broken.into()),
        })
    }
}

/// Where a cell stands, its style and its kind, as far as it says.
type CellAttributes = (Option<String>, Option<String>, Option<String>);

fn attributes(tag: &BytesStart) -> io::Result<CellAttributes> {
    Ok((attribute(tag, "r")?, attribute(tag, "s")?, attribute(tag, "t")?))
}

/// Row and column of a place such as `B12`, from 0.
fn place_of(reference: &str) -> io::Result<(u32, u32)> {
    let digits =
        reference.find(|letter: char| !letter.is_ascii_alphabetic()).ok_or(Trouble::Broken)?;
    let (letters, row) = reference.split_at(digits);
    let column = letters.bytes().try_fold(0_u32, |column, letter| {
        let letter = u32::from(letter.to_ascii_uppercase() - b'A') + 1;
        column.checked_mul(26)?.checked_add(letter)
    });
    let row: Option<u32> = row.parse().ok();
    let from_0 = |number: Option<u32>| number.and_then(|number| number.checked_sub(1));
    let reference = from_0(row).zip(from_0(column));
    Ok(reference.ok_or(Trouble::Broken)?)
}

#[cfg(test)]
mod tests {
    use super::place_of;

    #[test]
    fn a_place_is_a_row_and_a_column() {
        let of = |place: &str| place_of(place).ok();
        assert_eq!(of("A1"), Some((0, 0)));
        assert_eq!(of("xfd1048576"), Some((1_048_575, 16_383)));
        for nowhere in ["", "A", "1", "A0", "A1B", "AAAAAAAA2", "A99999999999", "Æ1"] {
            assert_eq!(of(nowhere), None, "{nowhere}");
        }
    }
}
