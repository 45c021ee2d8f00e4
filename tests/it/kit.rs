//! What tests share: contracts and terms made from text, deliveries in memory, packed bytes,
//! content that goes wrong as it is read, and a note about each test that cannot run here.

use flate2::Compression;
use gevinst::testing::collect::{Ingested, ingest};
use gevinst::testing::contract::{Contract, Terms, Validity, compile};
use gevinst::testing::domain::{AuthorityId, Error, Folder, InitiativeId};
use gevinst::testing::source::{Content, Delivery};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor, Read, Write as _};
use std::path::Path;
use std::sync::Arc;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A contract of two columns, `day` and `amount`, for plain and packed deliveries.
pub(crate) const SPENDING: &str = r#"
title.en = "Spending"
[files]
names = ["{authority}.csv", "{authority}.csv.gz", "{any}.zip/{authority}.csv"]
[schema]
[[schema.fields]]
name = "day"
type = "date"
format = ["%d-%m-%Y"]
role = "period"
[[schema.fields]]
name = "amount"
type = "number"
decimalChar = ","
role = "amount"
"#;

/// Lines of `SPENDING`, one for each of the first days of March 2018.
pub(crate) fn spending(days: u8, amount: &str) -> Vec<u8> {
    let lines = (1..=days).map(|day| format!("{day:02}-03-2018;{amount}\n"));
    format!("day;amount\n{}", lines.collect::<String>()).into_bytes()
}

/// Terms of these years with open registers.
pub(crate) fn open_terms(first_year: u16, last_year: u16) -> Terms {
    Terms {
        first: format!("{first_year}-01").parse().expect("a month"),
        last: format!("{last_year}-12").parse().expect("a month"),
        ..Terms::unknown()
    }
}

/// Initiatives by id, for `Terms`.
pub(crate) fn initiatives<const N: usize>(ids: [&str; N]) -> BTreeSet<InitiativeId> {
    ids.map(InitiativeId::new).into()
}

/// Authorities by id, each with the last month it exists, for `Terms`.
pub(crate) fn authorities<const N: usize>(
    ids: [(&str, Option<&str>); N],
) -> BTreeMap<AuthorityId, Validity> {
    let month = |text: &str| text.parse().expect("a month");
    let validity = |to: Option<&str>| Validity { from: None, to: to.map(month), expected: true };
    ids.map(|(id, last)| (AuthorityId::new(id), validity(last))).into()
}

/// The contract compiled, alone in its pipeline.
pub(crate) fn compiled(contract: &str, terms: Terms) -> Result<Vec<Contract>, Error> {
    let files = BTreeMap::from([("contracts/spending.toml".to_owned(), contract.into())]);
    compile(&Folder { name: "pipelines/test".into(), files }, &Arc::new(terms))
}

/// The same where it holds; a test in which it does not fails with its problems.
pub(crate) fn contracts(contract: &str, terms: Terms) -> Vec<Contract> {
    compiled(contract, terms).unwrap_or_else(|error| panic!("{error}"))
}

/// Why a contract does not hold, or `none`.
pub(crate) fn problem(contract: &str, terms: Terms) -> String {
    compiled(contract, terms).map_or_else(|error| error.to_string(), |_| "none".to_owned())
}

/// A delivery in memory.
pub(crate) fn delivery(name: &str, bytes: impl AsRef<[u8]>) -> Delivery {
    Delivery { name: name.to_owned(), content: Box::new(bytes.as_ref().to_vec()) }
}

/// What comes of deliveries in memory.
pub(crate) fn read(contracts: &[Contract], deliveries: &[Delivery]) -> Ingested {
    ingest(contracts, deliveries, &|| ()).expect("memory reads")
}

/// A zip of files by name.
pub(crate) fn zip<B: AsRef<[u8]>>(files: &[(&str, B)]) -> Vec<u8> {
    zip_by(CompressionMethod::Deflated, files)
}

/// The same, each file packed in this way.
pub(crate) fn zip_by<B: AsRef<[u8]>>(method: CompressionMethod, files: &[(&str, B)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in files {
        writer.start_file(*name, options).expect("memory writes");
        writer.write_all(bytes.as_ref()).expect("memory writes");
    }
    writer.finish().expect("memory writes").into_inner()
}

/// The bytes as gzip.
pub(crate) fn gzip(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    gzip_by(Compression::default(), bytes)
}

/// The same, packed as hard as this.
pub(crate) fn gzip_by(level: Compression, bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), level);
    writer.write_all(bytes.as_ref()).expect("memory writes");
    writer.finish().expect("memory writes")
}

/// What `Watched` content does next.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    Open,
    /// A read, of so many bytes at most, at this place in the content.
    Read {
        offset: u64,
        most: usize,
    },
}

/// Says of each step how many bytes it may give, or how it fails.
pub(crate) type Watch = dyn Fn(Step) -> io::Result<usize> + Send + Sync;

/// Content with something happening to it, or failing, at the steps `watch` chooses.
pub(crate) struct Watched {
    pub(crate) inner: Box<dyn Content>,
    pub(crate) watch: Arc<Watch>,
}

struct WatchedReader {
    inner: Box<dyn Read + Send>,
    watch: Arc<Watch>,
    offset: u64,
}

impl Content for Watched {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        self.open_at(0)
    }

    fn open_at(&self, offset: u64) -> io::Result<Box<dyn Read + Send>> {
        (self.watch)(Step::Open)?;
        let inner = self.inner.open_at(offset)?;
        Ok(Box::new(WatchedReader { inner, watch: Arc::clone(&self.watch), offset }))
    }

    fn size(&self) -> io::Result<Option<u64>> {
        self.inner.size()
    }

    fn unchanged(&self) -> io::Result<()> {
        self.inner.unchanged()
    }
}

impl Read for WatchedReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let most = (self.watch)(Step::Read { offset: self.offset, most: out.len() })?;
        let most = most.min(out.len());
        let length = self.inner.read(&mut out[..most])?;
        self.offset += u64::try_from(length).expect("a length");
        Ok(length)
    }
}

/// Content on a disk that fails behind so many bytes.
pub(crate) fn failing(bytes: Vec<u8>, whole: usize) -> Watched {
    let whole = u64::try_from(whole).expect("a length");
    let watch = move |step: Step| match step {
        Step::Read { offset, .. } if offset >= whole => Err(io::Error::from_raw_os_error(5)),
        Step::Read { offset, most } => {
            Ok(most.min(usize::try_from(whole - offset).expect("a length")))
        }
        Step::Open => Ok(0),
    };
    Watched { inner: Box::new(bytes), watch: Arc::new(watch) }
}

/// Notes that the test on this thread, or a part of it, cannot run here, and why.
/// `tests/skipped.rs` reads the notes when the other tests have ended. Both are started by one
/// `cargo test`, whose process id names the file.
pub(crate) fn skipped(why: &str) {
    #[cfg(unix)]
    let run = std::os::unix::process::parent_id();
    #[cfg(not(unix))]
    let run = 0;
    let notes = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("skipped-{run}"));
    let thread = std::thread::current();
    let line = format!("{why}\t{}\n", thread.name().unwrap_or("a test"));
    let file = std::fs::File::options().create(true).append(true).open(notes);
    file.and_then(|mut file| file.write_all(line.as_bytes())).expect("target/tmp takes a file");
}
