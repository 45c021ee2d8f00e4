//! A zip as the deliveries in it, each checked whole before any is read.

use crate::domain::quarantine::Reason;
use crate::domain::source::{Content, Delivery};
use crate::ingest::container::{FREE, Packing, RATIO, Trouble};
use std::io::{self, Cursor, Read};
use std::sync::Arc;
use zip::{CompressionMethod, ZipArchive};

/// Most files in one zip.
const FILES: usize = 2_000;

/// Most bytes of a zip: it is held in memory while its files are read.
const PACKED: u64 = 512 << 20;

/// Most bytes all files of a zip may become.
const UNPACKED: u64 = 8 << 30;

/// A delivery to read, or one that is refused whole before it is opened.
pub(super) struct Handed<'a> {
    delivery: Whose<'a>,
    pub(super) refused: Option<Reason>,
}

enum Whose<'a> {
    Handed(&'a Delivery),
    Packed(Delivery),
}

impl Handed<'_> {
    pub(super) fn delivery(&self) -> &Delivery {
        match &self.delivery {
            Whose::Handed(delivery) => delivery,
            Whose::Packed(delivery) => delivery,
        }
    }
}

/// Puts the files of a zip in its place, in name order; any other delivery is itself. A zip that
/// cannot be unpacked is one refused delivery.
pub(super) fn unpack(delivery: &Delivery) -> io::Result<Vec<Handed<'_>>> {
    let itself = |refused| vec![Handed { delivery: Whose::Handed(delivery), refused }];
    if Packing::of(&delivery.name) != Some(Packing::Zip) {
        return Ok(itself(None));
    }
    let mut bytes = Vec::new();
    delivery.content.open()?.take(PACKED + 1).read_to_end(&mut bytes)?;
    if bytes.is_empty() {
        return Ok(itself(Some(Reason::EmptyFile {})));
    }
    match entries(&Arc::from(bytes)) {
        Ok(mut entries) => {
            entries.sort_by(|one, other| one.0.cmp(&other.0));
            Ok(entries
                .into_iter()
                .map(|(name, entry)| Handed {
                    delivery: Whose::Packed(Delivery {
                        name: format!("{}/{name}", delivery.name),
                        content: Box::new(entry),
                    }),
                    refused: None,
                })
                .collect())
        }
        Err(error) => {
            let reason = Packing::Zip.reason(&error).unwrap_or_else(|| Reason::BrokenContainer {
                container: Packing::Zip.word().into(),
            });
            Ok(itself(Some(reason)))
        }
    }
}

/// A file in a zip that was checked: where its packed bytes stand, and whether they are deflated.
struct Entry {
    zip: Arc<[u8]>,
    start: usize,
    end: usize,
    deflated: bool,
}

impl Content for Entry {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let packed = Window { zip: Arc::clone(&self.zip), at: self.start, end: self.end };
        Ok(if self.deflated {
            Box::new(flate2::read::DeflateDecoder::new(packed))
        } else {
            Box::new(packed)
        })
    }
}

struct Window {
    zip: Arc<[u8]>,
    at: usize,
    end: usize,
}

impl Read for Window {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = (&self.zip[self.at..self.end]).read(out)?;
        self.at += read;
        Ok(read)
    }
}

/// The files of a zip by name, hidden ones and folders aside, each read once to its end.
fn entries(bytes: &Arc<[u8]>) -> io::Result<Vec<(String, Entry)>> {
    if u64::try_from(bytes.len()).expect("a length fits u64") > PACKED {
        return Err(Trouble::TooLarge("512 MiB".to_owned()).into());
    }
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Trouble::Broken)?;
    verify(&mut zip, bytes, UNPACKED)?;
    let mut entries = Vec::new();
    for index in 0..zip.len() {
        let file = zip.by_index(index).map_err(|_| Trouble::Broken)?;
        let name = file.name().map_err(|_| Trouble::Broken)?.replace('\\', "/");
        let own = name.rsplit('/').next().unwrap_or_default();
        if !file.is_file()
            || own.starts_with('.')
            || own.starts_with("~$")
            || name.starts_with("__MACOSX/")
        {
            continue;
        }
        if name.chars().any(char::is_control) {
            return Err(Trouble::Broken.into());
        }
        let place = |at: u64| usize::try_from(at).map_err(|_| Trouble::Broken);
        let start = place(file.data_start().ok_or(Trouble::Broken)?)?;
        let end = start.saturating_add(place(file.compressed_size())?);
        let deflated = file.compression() == CompressionMethod::Deflated;
        if end > bytes.len() || !(deflated || file.compression() == CompressionMethod::Stored) {
            return Err(Trouble::Broken.into());
        }
        entries.push((name, Entry { zip: Arc::clone(bytes), start, end, deflated }));
    }
    if entries.is_empty() { Err(Trouble::Broken.into()) } else { Ok(entries) }
}

/// Reads every file of a zip to its end: checksums hold, sizes are believable, no file hides behind
/// another of the same name, and all become at most `unpacked` bytes.
pub(super) fn verify(
    zip: &mut ZipArchive<Cursor<&Arc<[u8]>>>,
    bytes: &[u8],
    unpacked: u64,
) -> io::Result<()> {
    if zip.len() > FILES {
        return Err(Trouble::TooLarge(FILES.to_string()).into());
    }
    if counted(bytes).is_none_or(|count| count != zip.len()) {
        return Err(Trouble::Broken.into());
    }
    let mut total = 0_u64;
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).map_err(|_| Trouble::Broken)?;
        let believable = FREE.saturating_add(RATIO.saturating_mul(file.compressed_size()));
        let most = believable.min(unpacked - total);
        let length = io::copy(&mut (&mut file).take(most + 1), &mut io::sink())
            .map_err(|_| Trouble::Broken)?;
        if length > most {
            let limit = if most == believable {
                format!("{RATIO}:1")
            } else {
                format!("{} GiB", unpacked >> 30)
            };
            return Err(Trouble::TooLarge(limit).into());
        }
        total += length;
    }
    Ok(())
}

/// How many files the end of the zip says it has; `None` where it does not say.
fn counted(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).rposition(|four| four == b"PK\x05\x06")?;
    let count = bytes.get(end + 10..end + 12)?;
    Some(usize::from(u16::from_le_bytes([count[0], count[1]])))
}
