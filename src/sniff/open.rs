//! A file to the table in it, opened as a delivery is: unpacked, its sheet and encoding found.

use crate::contract::charset::Charset;
use crate::contract::compiled::Layout;
use crate::domain::number::to_u64;
use crate::domain::packing::Packing;
use crate::domain::quarantine::Reason;
use crate::ingest::pack::is_pack;
use crate::sniff::encoding::{self, BY_FORM};
use crate::sniff::note::{Note, grouped, samples};
use crate::sniff::propose::propose;
use crate::sniff::records::{TextHead, sheet_table, table};
use crate::sniff::sniffed::{Proposed, Sniffed, TableFile};
use crate::sniff::survey::{Survey, head, survey};
use crate::source::bounds::Bound;
use crate::source::charset::utf16_head;
use crate::source::container::Unpacked;
use crate::source::content::Content;
use crate::source::input::members;
use crate::source::misnamed::misnamed;
use crate::source::scan::{scan, whole_file};
use crate::source::sheet::SheetText;
use crate::source::text::EncodedText;
use crate::source::workbook;
use encoding_rs::UTF_8;
use std::io::{self, Read as _};
use std::sync::Arc;

/// A proposal, or what the file would be refused for as a delivery; a correction pack for nothing,
/// for it needs no contract.
type ProposedOrRefused = Result<Sniffed, Option<Reason>>;

/// Looks at a file, in a zip at the first in name order that is a table.
pub(super) fn look(name: &str, content: &dyn Content) -> io::Result<ProposedOrRefused> {
    if Packing::of(name) != Some(Packing::Zip) {
        return look_at_one(name, content);
    }
    if content.open()?.read(&mut [0])? == 0 {
        return Ok(Err(Some(Reason::EmptyFile {})));
    }
    let members = match members(content) {
        Ok(members) => members,
        Err(error) => {
            return Packing::Zip.reason(&error).map_or(Err(error), |reason| Ok(Err(Some(reason))));
        }
    };
    let (mut proposed, mut refused, mut others) = (None, None, Vec::new());
    for (member, content) in &members {
        let name = format!("{name}/{member}");
        if proposed.is_some() {
            if !is_pack(&name, content)? {
                others.push(member.as_str());
            }
            continue;
        }
        match look_at_one(&name, content)? {
            Ok(sniffed) => proposed = Some((member, sniffed)),
            Err(Some(reason)) => {
                others.push(member);
                refused.get_or_insert(reason);
            }
            Err(None) => {}
        }
    }
    let Some((member, mut sniffed)) = proposed else { return Ok(Err(refused)) };
    let note = if others.is_empty() {
        Note::evidence("zip")
    } else {
        Note::check("zip-others").count("count", others.len())
    };
    let note = note.with("member", &samples([member.as_str()].into_iter()));
    sniffed.file.insert(0, note.with("others", &samples(others.into_iter())));
    Ok(Ok(sniffed))
}

/// Looks at a file that is no zip.
fn look_at_one(name: &str, content: &dyn Content) -> io::Result<ProposedOrRefused> {
    if is_pack(name, content)? {
        return Ok(Err(None));
    }
    let packing = Packing::of(name);
    let looked = match packing {
        None => text(name, content),
        Some(packing @ (Packing::Gzip | Packing::Zstd)) => {
            text(name, &Unpacked { packed: content, packing })
        }
        Some(packing @ (Packing::Xlsx | Packing::Ods)) => sheet(name, content, packing),
        Some(Packing::Zip) => Ok(Err(Reason::NotATable { found: Packing::Zip.word().into() })),
    };
    let reason = match looked {
        Ok(Ok(mut sniffed)) => {
            if let Some(packing) = packing {
                sniffed.file.insert(0, Note::evidence("packed").with("packing", packing.word()));
            }
            return Ok(Ok(sniffed));
        }
        Ok(Err(reason)) => reason,
        Err(error) => {
            let packed = packing.and_then(|packing| packing.reason(&error));
            match packed.or_else(|| Bound::of(&error).map(Bound::reason)) {
                Some(reason) => reason,
                None => return Err(error),
            }
        }
    };
    Ok(Err(Some(misnamed(name, content, reason)?)))
}

/// Looks at content that is text.
fn text(name: &str, content: &dyn Content) -> io::Result<Result<Sniffed, Reason>> {
    let scan = scan(content.open()?, &BY_FORM)?;
    let head = head(content)?;
    let wide = utf16_head(&head).is_some();
    match whole_file(&scan, &BY_FORM) {
        // Bytes of one width are some encoding's, and it is for their letters to say whose.
        Err(Reason::WrongEncoding { .. }) if !wide => {}
        Err(reason) => return Ok(Err(reason)),
        Ok(_) => {}
    }
    let guess = encoding::guess(&scan, &head);
    let (charset, layout) = (guess.charset, Layout::default());
    let survey = survey(&EncodedText { content, charset, layout: &layout })?;
    let table = table(&TextHead { text: &survey.text, charset })?;
    let encoding = Proposed { value: guess.label(), notes: guess.notes };
    let notes = text_notes(scan.bytes, &survey, encoding::mark(&head));
    let file = TableFile { notes, sheet: None, encoding, whole: survey.whole };
    Ok(Ok(propose(name, file, &table)))
}

fn text_notes(bytes: u64, survey: &Survey, mark: Option<&str>) -> Vec<Note> {
    let [lf, crlf, cr] = survey.ends.map(grouped);
    let mut notes = vec![
        Note::evidence("file").with("bytes", &grouped(bytes)).with("lines", &grouped(survey.lines)),
        Note::evidence("ends").with("lf", &lf).with("crlf", &crlf).with("cr", &cr),
        mark.map_or(Note::evidence("mark-none"), |mark| Note::evidence("mark").with("mark", mark)),
    ];
    notes.extend(head_only(survey));
    notes
}

/// That types are judged by a part of the file, where they are.
fn head_only(survey: &Survey) -> Option<Note> {
    let head = grouped(to_u64(survey.text.len()));
    (!survey.whole).then(|| Note::evidence("head-only").with("bytes", &head))
}

/// Looks at the first sheet of a workbook that is shown and holds something.
fn sheet(
    name: &str,
    content: &dyn Content,
    packing: Packing,
) -> io::Result<Result<Sniffed, Reason>> {
    if content.open()?.read(&mut [0])? == 0 {
        return Ok(Err(Reason::EmptyFile {}));
    }
    let Some(found) = workbook::first(content, packing)? else {
        return Ok(Err(Reason::HeaderOnly {}));
    };
    let (charset, layout) = (Charset::Web(UTF_8), Layout::default());
    let content = SheetText::of(Arc::new(found.sheet));
    let survey = survey(&EncodedText { content: &content, charset, layout: &layout })?;
    let table = sheet_table(&TextHead { text: &survey.text, charset })?;
    let names = samples(found.names.iter().map(String::as_str));
    let number = usize::try_from(found.number).unwrap_or(usize::MAX);
    let note = if found.names.len() > 1 { Note::check("sheets") } else { Note::evidence("sheet") };
    let note = note.count("number", number).count("count", found.names.len());
    let mut notes = vec![note.with("names", &names).with("rows", &grouped(survey.lines))];
    notes.extend(head_only(&survey));
    let encoding = Proposed { value: packing.word(), notes: Vec::new() };
    let file = TableFile { notes, sheet: Some(found.number), encoding, whole: survey.whole };
    Ok(Ok(propose(name, file, &table)))
}
