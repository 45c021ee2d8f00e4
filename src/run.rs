//! The whole pipeline on one screen. The only file that knows every stage.

use crate::contract::compiled::Contract;
use crate::contract::terms::Terms;
use crate::domain::error::Error;
use crate::domain::period::Month;
use crate::domain::source::{Delivery, Folder};
use crate::ingest::recall::recall;
use crate::ingest::remember::{Memory, Shelf, Trust};
use crate::ingest::{Ingested, ingest, ingest_remembering};
use crate::ledger::Ledger;
use crate::ledger::previous::Previous;
use crate::programme::model::Programme;
use crate::{contract, disk, ledger, metrics, programme, report, write};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What tells this build from another, which could make something else of the same delivery.
const CODE: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("GEVINST_SOURCES"));

/// What to run on, and where the report goes.
#[derive(Debug, Clone)]
pub struct Options {
    /// The pipeline folder.
    pub pipeline: PathBuf,
    /// The deliveries; `None`: the folder the pipeline names.
    pub deliveries: Option<PathBuf>,
    /// Where the report goes; `None`: `reports/` and the pipeline's name.
    pub out: Option<PathBuf>,
    /// The receipt of the run before, for limits that say "not worse"; `None`: there is none.
    pub previous: Option<PathBuf>,
    /// The month to look back from; `None`: the last month anything was posted for.
    pub as_of: Option<Month>,
    /// Where deliveries are remembered from run to run; `None`: nowhere.
    pub cache: Option<Cache>,
}

/// Where deliveries are remembered, and how far that is trusted. No byte a run writes depends on
/// it.
#[derive(Debug, Clone)]
pub struct Cache {
    /// The folder.
    pub folder: PathBuf,
    /// When a delivery is taken for what it was.
    pub trust: Trust,
}

/// Who is told how far a run has come.
pub trait Watch: Sync {
    /// The deliveries are listed: so many.
    fn found(&self, deliveries: usize);
    /// One more delivery is read.
    fn read(&self);
    /// What was read could not be kept for the next run, which will read it anew.
    fn not_kept(&self, error: &Error);
}

/// What a run came to.
#[derive(Debug)]
pub struct Outcome {
    /// What was promised.
    pub programme: Programme,
    /// What was posted, superseded and refused.
    pub ledger: Ledger,
    /// Where the report is.
    pub out: PathBuf,
}

/// Delivery files in, report files out. Between the disk lines everything is pure.
///
/// # Errors
/// Everything that breaks a run, with the previous report untouched. Bad data does not break it.
pub fn run(options: &Options, watch: &dyn Watch) -> Result<Outcome, Error> {
    let out = out(options);
    disk::may_replace(&out, disk::REPORT)?;
    if let Some(cache) = &options.cache {
        disk::keep_out_of(&cache.folder, &out)?;
    }
    let (programme, _, ledger) = read(options, watch)?;

    let metrics = metrics::compute(&programme, &ledger);
    let report = report::compose(&programme, &metrics, &ledger);
    let files = write::files(&programme, &ledger, &metrics, &report)?;

    disk::replace(&out, &files)?;
    Ok(Outcome { programme, ledger, out })
}

/// The first half of a run: deliveries held against their contracts, and posted.
///
/// # Errors
/// A pipeline that does not hold, or deliveries that cannot be read.
pub fn read(
    options: &Options,
    watch: &dyn Watch,
) -> Result<(Programme, Vec<Contract>, Ledger), Error> {
    let folder = disk::read_folder(&options.pipeline)?;
    let (programme, contracts) = define(&folder)?;
    look_back(options.as_of, &programme)?;
    let receipt = options.previous.as_deref().map(disk::read_receipt).transpose()?;
    let previous =
        receipt.map(|bytes| Previous::read(&bytes, &programme.id)).transpose()?.flatten();
    let below = deliveries(options, &programme);
    let deliveries = disk::open_all(&below)?;
    watch.found(deliveries.len());

    let ingested = match &options.cache {
        None => ingest(&contracts, &deliveries, &|| watch.read()),
        Some(cache) => {
            disk::keep_apart(&cache.folder, &below)?;
            remembering(cache, &folder, &contracts, &deliveries, watch)
        }
    };
    let ingested = ingested.map_err(|error| error.below(&folder.name))?;
    let ledger = ledger::post(&contracts, ingested, options.as_of)?;
    Ok((programme, contracts, ledger.held_against(previous)))
}

/// Refuses to look back from a month the programme does not have.
fn look_back(as_of: Option<Month>, programme: &Programme) -> Result<(), Error> {
    let (first, last) = (programme.first, programme.last);
    match as_of.filter(|month| *month < first || last < *month) {
        None => Ok(()),
        Some(month) => Err(Error::Usage {
            what: format!(
                "--as-of {month} lies {} the programme, {first}..{last}",
                if month < first { "before" } else { "after" }
            ),
            help: "name a month of the programme, or leave --as-of out: then it is the last month \
                   anything was posted for",
        }),
    }
}

/// Ingests what is not remembered, and remembers what was ingested.
fn remembering(
    Cache { folder, trust }: &Cache,
    definition: &Folder,
    contracts: &[Contract],
    deliveries: &[Delivery],
    watch: &dyn Watch,
) -> Result<Ingested, Error> {
    let own = Path::new(&definition.name).file_name().unwrap_or_default().to_string_lossy();
    let shelf =
        OnDisk { folder: folder.join(format!("{own}.gevinst-cache")), failed: Mutex::default() };
    let memory = Memory::new(CODE, definition, *trust, &shelf);
    let ingested = ingest_remembering(contracts, deliveries, &memory, &|| watch.read())?;
    if let Some(error) = shelf.failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        watch.not_kept(&error);
    }
    Ok(ingested)
}

/// A folder with a file for each delivery that is remembered.
struct OnDisk {
    folder: PathBuf,
    /// The first thing that could not be kept.
    failed: Mutex<Option<Error>>,
}

impl OnDisk {
    fn note(&self, outcome: Result<(), Error>) {
        if let Err(error) = outcome {
            self.failed.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        }
    }
}

impl Shelf for OnDisk {
    fn get(&self, part: &str) -> Option<Vec<u8>> {
        disk::read_kept(&self.folder.join(part))
    }

    fn put(&self, part: &str, bytes: &[u8]) {
        self.note(disk::replace_file(&self.folder.join(part), |to| to.write_all(bytes)));
    }

    fn leave(&self, parts: &BTreeSet<String>) {
        self.note(disk::leave(&self.folder, parts));
    }
}

/// What a check writes, where it is asked to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// The folder that correction packs replace.
    pub packs: Option<&'a Path>,
    /// The file that every fact is written to, as CSV.
    pub facts: Option<&'a Path>,
}

/// Holds the deliveries against their contracts, as [`read`]; and, where a folder for packs is
/// named, replaces it by a correction pack for each authority with something refused.
///
/// # Errors
/// As [`read`], and when a delivery changed meanwhile or the folder cannot be written; what stood
/// in it is then untouched.
pub fn check(
    options: &Options,
    wanted: Wanted,
    watch: &dyn Watch,
) -> Result<(Programme, Ledger), Error> {
    if let Some(out) = wanted.packs {
        disk::may_replace(out, disk::PACKS)?;
        if let Some(cache) = &options.cache {
            disk::keep_out_of(&cache.folder, out)?;
        }
    }
    let (programme, contracts, ledger) = read(options, watch)?;
    if let Some(out) = wanted.facts {
        disk::keep_apart(out, &deliveries(options, &programme))?;
        disk::replace_file(out, |file| write::data::facts(&ledger, file))?;
    }
    if let Some(out) = wanted.packs {
        let folder = deliveries(options, &programme);
        disk::keep_apart(out, &folder)?;
        let accounts: Vec<_> = ledger.deliveries.iter().map(|posting| &posting.account).collect();
        let recalled =
            recall(&contracts, &disk::open_all(&folder)?, &accounts, &ledger.quarantine)?;
        disk::replace(out, &write::pack::files(&programme, &contracts, &ledger, &recalled)?)?;
    }
    Ok((programme, ledger))
}

/// A pipeline folder to its programme and contracts.
///
/// # Errors
/// Every problem in the folder, programme and contracts both, each with the file's path.
pub fn define(folder: &Folder) -> Result<(Programme, Vec<Contract>), Error> {
    let programme = programme::parse(folder);
    let terms = programme.as_ref().map_or_else(|_| Terms::unknown().into(), programme::terms);
    match (programme, contract::compile(folder, &terms)) {
        (Ok(programme), Ok(contracts)) => Ok((programme, contracts)),
        (Err(one), Err(other)) => Err(one.and(other).below(&folder.name)),
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error.below(&folder.name)),
    }
}

fn deliveries(options: &Options, programme: &Programme) -> PathBuf {
    let named = || options.pipeline.join(&programme.deliveries);
    options.deliveries.clone().unwrap_or_else(named)
}

fn out(options: &Options) -> PathBuf {
    let name = options.pipeline.file_name().map_or(Path::new("report"), Path::new);
    options.out.clone().unwrap_or_else(|| Path::new("reports").join(name))
}
