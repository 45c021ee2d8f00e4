//! A zip as the files in it, each checked whole before any is read. It is read where it stands, so
//! that no zip is ever in memory.

use crate::domain::number::to_u64;
use crate::domain::packing::Packing;
use crate::source::bounds::Bound;
use crate::source::container::{believable, guarded, quietly};
use crate::source::content::Content;
use crate::source::scan::{WINDOW, fill};
use crate::source::trouble::Trouble;
use encoding_rs::WINDOWS_1252;
use memchr::memmem;
use oem_cp::code_table::DECODING_TABLE_CP850;
use std::error::Error;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

/// Bytes the end of a zip takes at most, its comment included.
const END: u64 = 22 + 65_535;

/// A file in a zip that was checked: where its packed bytes stand, and whether they are deflated.
#[derive(Clone)]
pub(crate) struct ZipMember {
    zip: Arc<dyn Content>,
    start: u64,
    packed: u64,
    deflated: bool,
}

impl Content for ZipMember {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let packed = self.zip.open_at(self.start)?.take(self.packed);
        if !self.deflated {
            return Ok(Box::new(packed));
        }
        let inflate = |packed| -> Box<dyn Read + Send> {
            Box::new(flate2::bufread::DeflateDecoder::new(packed))
        };
        Ok(guarded(Box::new(packed), inflate))
    }

    fn unchanged(&self) -> io::Result<()> {
        self.zip.unchanged()
    }
}

/// The files of a zip by name, folders aside, each read once to its end: checksums hold, sizes are
/// believable beyond the `free` bytes of each, no file hides behind another of the same name, and
/// all become no more than they may.
pub(crate) fn entries(content: &dyn Content, free: u64) -> io::Result<Vec<(String, ZipMember)>> {
    let zip = content.handle()?;
    quietly(|| {
        let size = zip.size()?.ok_or(Trouble::Broken)?;
        let input = SeekableContent { content: &*zip, size, at: 0, input: None };
        let mut archive = ZipArchive::new(BufReader::new(input)).map_err(lasting)?;
        Bound::ZipFiles.hold(archive.len())?;
        if counted(&*zip, size)?.is_none_or(|count| count != archive.len()) {
            return Err(Trouble::Broken.into());
        }
        let mut left = Bound::ZipUnpacked.limit();
        let mut entries = Vec::new();
        for index in 0..archive.len() {
            let mut file = archive.by_index(index).map_err(lasting)?;
            let name = member_name(file.name_raw()).replace('\\', "/");
            let (packed, is_file) = (file.compressed_size(), file.is_file());
            let deflated = file.compression() == CompressionMethod::Deflated;
            let known = deflated || file.compression() == CompressionMethod::Stored;
            let start = file.data_start().ok_or(Trouble::Broken)?;
            let most = believable(packed, free).min(left);
            let length = io::copy(&mut (&mut file).take(most + 1), &mut io::sink())
                .map_err(|error| lasting(error.into()))?;
            if length > most {
                let all = most == left;
                return Err(if all { Bound::ZipUnpacked } else { Bound::Ratio }.into());
            }
            left -= length;
            if start.checked_add(packed).is_none_or(|end| end > size) || !known {
                return Err(Trouble::Broken.into());
            }
            if is_file {
                let zip = Arc::clone(&zip);
                entries.push((name, ZipMember { zip, start, packed, deflated }));
            }
        }
        Ok(entries)
    })
}

/// The name of a file in a zip: in UTF-8, marked so or not; else in Windows-1252 where that gives
/// nothing but usual letters; else in code page 850, in which Windows writes it in Denmark. Code
/// pages 865 and 437 have `æ` and `å` in the same places, and 865 has `ø` too. Where a name in
/// UTF-8 stands beside it (field 0x7075), `zip` gives that.
fn member_name(raw: &[u8]) -> String {
    if let Ok(name) = std::str::from_utf8(raw) {
        return name.to_owned();
    }
    let usual = |letter: char| letter.is_ascii() || "æøåÆØÅéÉäÄöÖüÜ".contains(letter);
    let western = WINDOWS_1252.decode_without_bom_handling(raw).0;
    if western.chars().all(usual) {
        return western.into_owned();
    }
    let letter = |byte: &u8| match usize::from(*byte).checked_sub(128) {
        Some(place) => DECODING_TABLE_CP850[place],
        None => char::from(*byte),
    };
    raw.iter().map(letter).collect()
}

/// Whether one of the texts stands in a file of a zip, within its first bytes: as many as `within`
/// says for the file's name. The zip is not checked; in one that is damaged nothing stands.
pub(crate) fn holds(
    content: &dyn Content,
    within: &dyn Fn(&str) -> Option<u64>,
    texts: &[&str],
) -> io::Result<bool> {
    let zip = content.handle()?;
    let found = quietly(|| {
        let size = zip.size()?.ok_or(Trouble::Broken)?;
        let input = SeekableContent { content: &*zip, size, at: 0, input: None };
        let mut archive = ZipArchive::new(BufReader::new(input)).map_err(lasting)?;
        Bound::ZipFiles.hold(archive.len())?;
        for index in 0..archive.len() {
            let file = archive.by_index(index).map_err(lasting)?;
            let most = file.name().ok().and_then(|name| within(&name.to_lowercase()));
            let Some(most) = most else { continue };
            if stands(file.take(most), texts).map_err(|error| lasting(error.into()))? {
                return Ok(true);
            }
        }
        Ok(false)
    });
    match found {
        Err(error) if Packing::Zip.reason(&error).is_some() => Ok(false),
        found => found,
    }
}

/// Whether one of the texts, none of them longer than a window, stands in the input.
pub(crate) fn stands(mut input: impl Read, texts: &[&str]) -> io::Result<bool> {
    let longest = texts.iter().map(|text| text.len()).max().unwrap_or(0);
    let mut window = vec![0; WINDOW];
    let mut kept = 0;
    loop {
        let length = kept + fill(&mut input, &mut window[kept..])?;
        let part = &window[..length];
        if texts.iter().any(|text| memmem::find(part, text.as_bytes()).is_some()) {
            return Ok(true);
        }
        if length < window.len() {
            return Ok(false);
        }
        kept = longest.min(length);
        window.copy_within(length - kept.., 0);
    }
}

/// What is wrong with a zip: what its reader could not read itself stays what it is.
fn lasting(error: ZipError) -> io::Error {
    if let ZipError::Io(error) = error
        && let Some(Ok(disk)) =
            error.into_inner().map(<dyn Error + Send + Sync>::downcast::<ReadFailure>)
    {
        return disk.0;
    }
    Trouble::Broken.into()
}

/// What the content says when it cannot be read, which is no fault of the zip.
#[derive(Debug)]
struct ReadFailure(io::Error);

impl std::fmt::Display for ReadFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for ReadFailure {}

/// Content that can be read from any place on.
struct SeekableContent<'a> {
    content: &'a dyn Content,
    size: u64,
    at: u64,
    /// Open at `at`.
    input: Option<Box<dyn Read + Send>>,
}

impl Read for SeekableContent<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let own = |error: io::Error| {
            let again = error.kind() == io::ErrorKind::Interrupted;
            if again { error } else { io::Error::other(ReadFailure(error)) }
        };
        let mut input = match self.input.take() {
            Some(input) => input,
            None => self.content.open_at(self.at).map_err(own)?,
        };
        let length = input.read(out).map_err(own)?;
        self.at += to_u64(length);
        self.input = Some(input);
        Ok(length)
    }
}

impl Seek for SeekableContent<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let offset = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(step) => self.size.checked_add_signed(step),
            SeekFrom::Current(step) => self.at.checked_add_signed(step),
        };
        let offset = offset.ok_or(io::ErrorKind::InvalidInput)?;
        if offset != self.at {
            (self.at, self.input) = (offset, None);
        }
        Ok(offset)
    }
}

/// How many files the end of the zip says it has; `None` where it does not say.
fn counted(zip: &dyn Content, size: u64) -> io::Result<Option<usize>> {
    let mut end = Vec::new();
    zip.open_at(size.saturating_sub(END))?.take(END).read_to_end(&mut end)?;
    let end_record = end.windows(4).rposition(|four| four == b"PK\x05\x06");
    let count = end_record.and_then(|end_record| end.get(end_record + 10..end_record + 12));
    Ok(count.map(|count| usize::from(u16::from_le_bytes([count[0], count[1]]))))
}

#[cfg(test)]
mod tests {
    use super::member_name;

    #[test]
    fn names_without_a_mark_are_read_as_danish_windows_writes_them() {
        for (raw, name) in [
            ("Århus.csv".as_bytes(), "Århus.csv"),
            (b"\x8Frhus.csv", "Århus.csv"),
            (b"K\x9Bbenhavn/\x9Dlst.csv", "København/Ølst.csv"),
            (b"\x92r\x9B.csv", "Ærø.csv"),
            (b"\xC5rhus og K\xF8ge.csv", "Århus og Køge.csv"),
            (b"Malm\x94.csv", "Malmö.csv"),
        ] {
            assert_eq!(member_name(raw), name);
        }
    }
}
