//! Workbooks (.xlsx, .ods) to sheets: checked as the zips they are, read row by row.

use crate::contract::compiled::SheetChoice;
use crate::domain::number::to_usize;
use crate::domain::packing::Packing;
use crate::domain::privacy::show_list;
use crate::domain::quarantine::Reason;
use crate::source::archive::entries;
use crate::source::bounds::FREE_PART;
use crate::source::container::quietly;
use crate::source::content::Content;
use crate::source::parts::{SheetChooser, Tab, WorkbookParts};
use crate::source::rows::{SheetRow, SheetRows, SheetValue};
use crate::source::trouble::Trouble;
use crate::source::{ods, xlsx};
use encoding_rs::UTF_8;
use std::collections::BTreeMap;
use std::io;

/// Most sheets that are looked at for how they begin: a new workbook has up to three empty ones.
const LOOKED_AT: u32 = 4;

/// A sheet of a workbook, which can be read any number of times.
pub(crate) enum Sheet {
    /// Of an `.xlsx`.
    Xlsx(xlsx::XlsxSheet),
    /// Of an `.ods`.
    Ods(ods::OdsSheet),
}

impl Sheet {
    /// Days from the first day of the usual count to that of the workbook's.
    pub(crate) fn epoch(&self) -> i32 {
        match self {
            Sheet::Xlsx(sheet) => sheet.epoch(),
            Sheet::Ods(sheet) => sheet.epoch(),
        }
    }

    /// The rows with something in them, from the first one on.
    pub(crate) fn rows(&self) -> io::Result<Box<dyn SheetRows>> {
        Ok(match self {
            Sheet::Xlsx(sheet) => Box::new(sheet.rows()?),
            Sheet::Ods(sheet) => Box::new(sheet.rows()?),
        })
    }
}

/// Finds the sheet the contract chooses; the inner error refuses the delivery whole.
pub(crate) fn sheet(
    content: &dyn Content,
    packing: Packing,
    choice: &SheetChoice,
) -> io::Result<Result<Sheet, Reason>> {
    chosen(&parts(content)?, packing, &|tabs: &[Tab]| named(tabs, choice))
}

/// Most sheets beside the chosen one that are looked at.
const OTHERS: usize = 32;

/// Gives each sheet but the one the contract chooses, shown or hidden, with its name.
///
/// # Errors
/// What is no workbook. A sheet that cannot be read is none.
pub(crate) fn others(
    content: &dyn Content,
    packing: Packing,
    choice: &SheetChoice,
    each: &mut dyn FnMut(&str, Sheet),
) -> io::Result<()> {
    let parts = parts(content)?;
    let tabs = |tabs: &[Tab]| Err::<usize, Vec<Tab>>(tabs.to_vec());
    let Err(tabs) = chosen(&parts, packing, &tabs)? else { return Ok(()) };
    let own = named(&tabs, choice).ok();
    let others = tabs.iter().enumerate().filter(|(place, _)| Some(*place) != own);
    for (place, tab) in others.take(OTHERS) {
        if let Ok(Ok(sheet)) = chosen(&parts, packing, &|_| Ok::<usize, ()>(place)) {
            each(&tab.name, sheet);
        }
    }
    Ok(())
}

/// The sheet of this name, else the first that is shown and holds something, where the first row
/// with something in it begins with these texts; `None` where there is no such sheet.
pub(crate) fn begun(
    content: &dyn Content,
    packing: Packing,
    name: &str,
    begins: &[&str],
) -> io::Result<Option<Sheet>> {
    let parts = parts(content)?;
    let by_name = |tabs: &[Tab]| tabs.iter().position(|tab| tab.name == name).ok_or(());
    if let Ok(sheet) = chosen(&parts, packing, &by_name)? {
        return Ok(Some(sheet));
    }
    let Some((_, sheet, row)) = filled(&parts, packing)? else { return Ok(None) };
    let same = begins.iter().zip(0_u32..).all(|(text, column)| {
        matches!(row.cells.get(&column), Some(SheetValue::Text(own)) if own.trim() == *text)
    });
    Ok(same.then_some(sheet))
}

/// A sheet of a workbook as a person finds it.
pub(crate) struct ShownSheet {
    /// The sheet.
    pub(crate) sheet: Sheet,
    /// Its number from 1 among those that are shown.
    pub(crate) number: u32,
    /// The names of all that are shown.
    pub(crate) names: Vec<String>,
}

/// The first sheet that is shown and holds something; `None` where there is no such sheet.
pub(crate) fn first(content: &dyn Content, packing: Packing) -> io::Result<Option<ShownSheet>> {
    let parts = parts(content)?;
    let Some((number, sheet, _)) = filled(&parts, packing)? else { return Ok(None) };
    let names = match chosen(&parts, packing, &|tabs: &[Tab]| Err(tabs.to_vec()))? {
        Ok(_) => Vec::new(),
        Err(tabs) => tabs.into_iter().filter(|tab| !tab.is_hidden).map(|tab| tab.name).collect(),
    };
    Ok(Some(ShownSheet { sheet, number, names }))
}

/// The first sheet that is shown and holds something, its number among those that are shown, and
/// its first row with something in it.
fn filled(parts: &WorkbookParts, packing: Packing) -> io::Result<Option<(u32, Sheet, SheetRow)>> {
    for number in 1..=LOOKED_AT {
        let Ok(sheet) = chosen(parts, packing, &|tabs: &[Tab]| shown(tabs, number).ok_or(()))?
        else {
            return Ok(None);
        };
        if let Some(row) = quietly(|| sheet.rows()?.next())? {
            return Ok(Some((number, sheet, row)));
        }
    }
    Ok(None)
}

/// The place of the sheet of this number, from 1, among those that are shown.
fn shown(tabs: &[Tab], number: u32) -> Option<usize> {
    let before = to_usize(number.checked_sub(1)?);
    (0..tabs.len()).filter(|place| !tabs[*place].is_hidden).nth(before)
}

fn parts(content: &dyn Content) -> io::Result<WorkbookParts> {
    let mut parts = BTreeMap::new();
    for (name, entry) in entries(content, FREE_PART)? {
        if parts.insert(name.to_lowercase(), entry).is_some() {
            return Err(Trouble::Broken.into());
        }
    }
    Ok(WorkbookParts(parts))
}

fn chosen<T>(
    parts: &WorkbookParts,
    packing: Packing,
    choose: SheetChooser<T>,
) -> io::Result<Result<Sheet, T>> {
    quietly(|| {
        Ok(match packing {
            Packing::Ods => ods::find(parts, choose)?.map(Sheet::Ods),
            Packing::Xlsx | Packing::Gzip | Packing::Zstd | Packing::Zip => {
                xlsx::find(parts, choose)?.map(Sheet::Xlsx)
            }
        })
    })
}

/// The kind of workbook a zip is, by the ending of its name; `None` for any other zip.
pub(crate) fn kind(content: &dyn Content) -> io::Result<Option<&'static str>> {
    let parts = match entries(content, FREE_PART) {
        Ok(entries) => WorkbookParts(
            entries.into_iter().map(|(name, entry)| (name.to_lowercase(), entry)).collect(),
        ),
        Err(error) if Packing::Zip.reason(&error).is_some() => return Ok(None),
        Err(error) => return Err(error),
    };
    let has = |name: &str| parts.get(name).is_some();
    Ok(if has("xl/vbaProject.bin") {
        Some("xlsm")
    } else if has("xl/workbook.xml") {
        Some("xlsx")
    } else if has("xl/workbook.bin") {
        Some("xlsb")
    } else if quietly(|| ods::is_one(&parts)).unwrap_or(false) {
        Some("ods")
    } else {
        None
    })
}

/// The place of the chosen sheet: by its name, or by its number among those that are shown.
fn named(tabs: &[Tab], choice: &SheetChoice) -> Result<usize, Reason> {
    let (number, expected) = match choice {
        SheetChoice::Name(name) => (tabs.iter().position(|tab| tab.name == *name), name.clone()),
        SheetChoice::Number(number) => (shown(tabs, *number), number.to_string()),
    };
    number.ok_or_else(|| {
        let found = show_list(tabs.iter().map(|tab| tab.name.as_bytes()), ", ", UTF_8);
        Reason::NoSuchSheet { expected: expected.into(), found }
    })
}
