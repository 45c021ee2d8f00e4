//! The whole pipeline on one screen. The only file that knows every stage.

use crate::collect::{Ingested, ingest, ingest_with_cache};
use crate::contract::compiled::Contract;
use crate::contract::terms::Terms;
use crate::disk::apart::{RunPath, apart};
use crate::disk::cache_folder::CacheFolder;
use crate::disk::file::{may_write, replace_file};
use crate::disk::kind::{PACKS, REPORT, SAMPLE};
use crate::disk::read::Listed;
use crate::disk::replace::{may_replace, replace};
use crate::domain::error::Error;
use crate::domain::folder::Folder;
use crate::domain::period::Month;
use crate::domain::privacy::masked;
use crate::ingest::cache::{Cache, Trust};
use crate::ingest::reread::reread_refused;
use crate::ledger::Ledger;
use crate::ledger::previous::Previous;
use crate::programme::model::Programme;
use crate::sample::make;
use crate::sample::size::Size;
use crate::{contract, disk, ledger, metrics, programme, report, write};
use std::path::{Path, PathBuf};

/// What tells this build from another, which could make something else of the same delivery.
const CODE: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("GEVINST_SOURCES"));

/// What to run on, and where the report goes.
#[derive(Debug, Clone)]
pub(crate) struct Options {
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
    pub cache: Option<CacheChoice>,
}

/// Where deliveries are remembered, and how far that is trusted. No byte a run writes depends on
/// it.
#[derive(Debug, Clone)]
pub(crate) struct CacheChoice {
    /// The folder.
    pub folder: PathBuf,
    /// When a delivery is taken for what it was.
    pub trust: Trust,
}

/// Who is told how far a run has come.
pub(crate) trait Watch: Sync {
    /// The deliveries are listed: so many.
    fn found(&self, deliveries: usize);
    /// One more delivery is read.
    fn read(&self);
    /// What was read could not be kept for the next run, which will read it anew.
    fn not_kept(&self, error: &Error);
    /// Something came into the old folder while it was replaced, and is kept here.
    fn put_aside(&self, folder: &Path);
}

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Outcome {
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
pub(crate) fn run(options: &Options, watch: &dyn Watch) -> Result<Outcome, Error> {
    let out = out(options);
    let help = "name another folder with --out";
    let ground = RunInputs::of(options, vec![RunPath { path: out.clone(), what: "report", help }])?;
    may_replace(&out, &REPORT)?;
    let ledger = ground.post(options, watch)?;
    let programme = ground.programme;

    let metrics = metrics::compute(&programme, &ledger);
    let report = report::compose(&programme, &metrics, &ledger);
    let files = write::files(&programme, &ledger, &metrics, &report)?;

    if let Some(aside) = replace(&out, &files, &REPORT)? {
        watch.put_aside(&aside);
    }
    Ok(Outcome { programme, ledger, out })
}

/// What a run reads; nothing it writes is, holds or lies in any of it.
struct RunInputs {
    folder: Folder,
    programme: Programme,
    contracts: Vec<Contract>,
    previous: Option<Previous>,
    listed: Listed,
}

impl RunInputs {
    /// Reads the pipeline and lists the deliveries.
    fn of(options: &Options, mut written: Vec<RunPath>) -> Result<RunInputs, Error> {
        let folder = disk::read_folder(&options.pipeline)?;
        let (programme, contracts) = define(&folder)?;
        look_back(options.as_of, &programme)?;
        let previous = options.previous.as_deref().map(|path| {
            let called = path.to_string_lossy();
            Previous::read(&disk::read::read_receipt(path)?, &masked(&called), &programme.id)
        });
        let previous = previous.transpose()?.flatten();
        let below = options.deliveries.clone();
        let listed = below.unwrap_or_else(|| options.pipeline.join(&programme.deliveries));
        let listed = disk::open_all(&listed)?;

        written.extend(options.cache.as_ref().map(|cache| {
            let help = "name another folder with --cache";
            RunPath { path: cache.folder.clone(), what: "cache", help }
        }));
        let help = "name other deliveries with --deliveries";
        let deliveries = RunPath { path: listed.folder.clone(), what: "deliveries", help };
        let mut read = vec![deliveries, pipeline(&options.pipeline)];
        read.extend(options.previous.clone().map(|path| {
            let help = "copy the receipt elsewhere and name the copy with --previous";
            RunPath { path, what: "previous receipt", help }
        }));
        apart(&written, &read)?;
        Ok(RunInputs { folder, programme, contracts, previous, listed })
    }

    /// Holds the deliveries against their contracts, and posts them.
    fn post(&self, options: &Options, watch: &dyn Watch) -> Result<Ledger, Error> {
        let deliveries = &self.listed.deliveries;
        watch.found(deliveries.len());
        let ingested = match &options.cache {
            None => ingest(&self.contracts, deliveries, &|| watch.read()),
            Some(cache) => self.remembering(cache, watch),
        };
        let ingested = ingested.map_err(|error| below(error, &self.folder))?;
        let ledger = ledger::post(&self.contracts, ingested, options.as_of);
        let again = self.listed.again.clone();
        Ok(ledger.held_against(&self.contracts, self.previous.clone()).found_again(again))
    }

    /// Ingests what is not remembered, and remembers what was ingested.
    fn remembering(&self, cache: &CacheChoice, watch: &dyn Watch) -> Result<Ingested, Error> {
        let own = Path::new(&self.folder.name).file_name().unwrap_or_default().to_string_lossy();
        let remembered = CacheFolder::new(cache.folder.join(format!("{own}.gevinst-cache")));
        let cache = Cache::new(CODE, &self.folder, cache.trust, &remembered);
        let (contracts, deliveries) = (&self.contracts, &self.listed.deliveries);
        let ingested = ingest_with_cache(contracts, deliveries, &cache, &|| watch.read())?;
        if let Some(error) = remembered.failed() {
            watch.not_kept(&error);
        }
        Ok(ingested)
    }
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

fn pipeline(folder: &Path) -> RunPath {
    let path = folder.to_owned();
    RunPath { path, what: "pipeline", help: "keep the pipeline in a folder of its own" }
}

/// What a check writes, where it is asked to.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct CheckOutputs<'a> {
    /// The folder that correction packs replace.
    pub packs: Option<&'a Path>,
    /// The file that every fact is written to, as CSV.
    pub facts: Option<&'a Path>,
}

/// Holds the deliveries against their contracts and posts them; and, where it is asked to, writes
/// every fact, and replaces a folder by a correction pack for each authority with something
/// refused.
///
/// # Errors
/// As [`run`], and when a delivery changed meanwhile. What stood there is then untouched.
pub(crate) fn check(
    options: &Options,
    wanted: CheckOutputs,
    watch: &dyn Watch,
) -> Result<(Programme, Ledger), Error> {
    let packs = wanted.packs.map(|path| {
        let help = "name another folder with --rettelser";
        RunPath { path: path.to_owned(), what: "correction packs", help }
    });
    let facts = wanted.facts.map(|path| RunPath {
        path: path.to_owned(),
        what: "facts",
        help: "name another file with --facts",
    });
    let ground = RunInputs::of(options, packs.into_iter().chain(facts).collect())?;
    wanted.packs.map_or(Ok(()), |out| may_replace(out, &PACKS))?;
    wanted.facts.map_or(Ok(()), |out| may_write(out, FACTS))?;
    let ledger = ground.post(options, watch)?;
    let RunInputs { programme, contracts, listed, .. } = ground;
    let packs = wanted.packs.map(|out| {
        let accounts: Vec<_> = ledger.deliveries.iter().map(|posting| &posting.account).collect();
        let recalled =
            reread_refused(&contracts, &listed.deliveries, &accounts, &ledger.quarantine)?;
        Ok((out, write::pack::files(&programme, &contracts, &ledger, &recalled)?))
    });
    let packs = packs.transpose()?;

    if let Some(out) = wanted.facts {
        replace_file(out, FACTS, |file| write::data::facts(&ledger, file))?;
    }
    if let Some((out, files)) = packs
        && let Some(aside) = replace(out, &files, &PACKS)?
    {
        watch.put_aside(&aside);
    }
    Ok((programme, ledger))
}

/// How the command line names the file of facts.
const FACTS: &str = "--facts FILE";

/// Makes up deliveries for a pipeline, about `lines` lines or as many as the committed sample has.
/// How many files there are, and what of the old folder is kept, if anything.
///
/// # Errors
/// A pipeline that does not hold, or a folder that is not to be replaced; it is then untouched.
pub(crate) fn sample(
    folder: &Path,
    lines: Option<u32>,
    out: &Path,
) -> Result<(usize, Option<PathBuf>), Error> {
    let help = "name another folder with --out";
    apart(&[RunPath { path: out.to_owned(), what: "sample", help }], &[pipeline(folder)])?;
    may_replace(out, &SAMPLE)?;
    let (programme, _) = define(&disk::read_folder(folder)?)?;
    let size = lines.map_or_else(Size::default, |lines| Size::of_lines(&programme, lines));
    let made = make(&programme, &size);
    Ok((made.files.len(), replace(out, &made.files, &SAMPLE)?))
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
        (Err(one), Err(other)) => Err(below(one.and(other), folder)),
        (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(below(error, folder)),
    }
}

/// An error of a pipeline, with the path of its folder.
fn below(error: Error, folder: &Folder) -> Error {
    error.below(&folder.name, |text| masked(text).into_owned())
}

fn out(options: &Options) -> PathBuf {
    let name = options.pipeline.file_name().map_or(Path::new("report"), Path::new);
    options.out.clone().unwrap_or_else(|| Path::new("reports").join(name))
}
