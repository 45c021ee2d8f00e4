//! A delivery that changes while it is read says nothing: what is hashed is what was read.

use crate::fixture::{HEADER, LINE, RunFixture};
use crate::kit::{SPENDING, Watched, contracts, gzip_by, open_terms, spending, zip_by};
use gevinst::testing::collect::{Ingested, ingest, ingest_in_ranges, ingest_plainly};
use gevinst::testing::contract::Contract;
use gevinst::testing::disk;
use gevinst::testing::domain::Error;
use gevinst::testing::sniff::sniff;
use gevinst::testing::source::Delivery;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

/// Bytes a reader gives at a time, so that there are many moments within one pass.
const PIECE: usize = 48;

/// Twelve lines of one length, whatever the amount.
fn twelve(amount: &str) -> Vec<u8> {
    spending(12, amount)
}

/// No compression, so that one length in is one length out.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    gzip_by(flate2::Compression::none(), bytes)
}

fn zip(bytes: &[u8]) -> Vec<u8> {
    zip_by(zip::CompressionMethod::Stored, &[("0751.csv", bytes)])
}

/// What can happen to a file while it is read.
#[derive(Debug, Clone, Copy)]
enum Change {
    /// Written over where it stands, with as many bytes.
    Rewritten,
    CutShort,
    Extended,
    /// Another file of the same length is renamed onto it.
    Replaced,
    Removed,
}

const CHANGES: [Change; 5] =
    [Change::Rewritten, Change::CutShort, Change::Extended, Change::Replaced, Change::Removed];

impl Change {
    fn make(self, path: &Path, other: &[u8]) {
        let open = || fs::OpenOptions::new().write(true).open(path).expect("the delivery");
        match self {
            Change::Rewritten => open().write_all(other).expect("room"),
            Change::CutShort => open().set_len(40).expect("room"),
            Change::Extended => {
                let mut file = fs::OpenOptions::new().append(true).open(path).expect("a file");
                file.write_all(b"13-03-2018;9,99\n").expect("room");
            }
            Change::Replaced => {
                let beside = path.with_extension("new");
                fs::write(&beside, other).expect("room");
                fs::rename(beside, path).expect("the same folder");
            }
            Change::Removed => fs::remove_file(path).expect("the delivery"),
        }
    }
}

/// Counts the opens and reads of a file, and changes the file just before one of them.
struct Moments {
    path: PathBuf,
    past: AtomicUsize,
    at: usize,
    change: Change,
    other: Vec<u8>,
}

impl Moments {
    fn pass(&self) {
        if self.past.fetch_add(1, Ordering::SeqCst) == self.at {
            self.change.make(&self.path, &self.other);
        }
    }
}

type Way = fn(&[Contract], &[Delivery]) -> Result<Ingested, Error>;

/// Reads `name` once for each moment there is, with `change` made at that moment.
fn meddle(name: &str, way: Way, change: Change, pack: fn(&[u8]) -> Vec<u8>) {
    let contracts = contracts(SPENDING, open_terms(2018, 2018));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    for at in 0.. {
        fs::write(&path, pack(&twelve("1,00"))).expect("room");
        let old = SystemTime::now() - Duration::from_hours(1);
        let file = fs::File::options().write(true).open(&path).expect("the delivery");
        file.set_modified(old).expect("the owner may");
        let mut deliveries = disk::open_all(folder.path()).expect("a delivery").deliveries;
        let Delivery { name, content: inner } = deliveries.pop().expect("one delivery");
        let other = pack(&twelve("2,00"));
        let moments = Arc::new(Moments { path: path.clone(), past: 0.into(), at, change, other });
        let passed = Arc::clone(&moments);
        let watch = Arc::new(move |_| {
            passed.pass();
            Ok(PIECE)
        });
        let content = Box::new(Watched { inner, watch });
        let read = way(&contracts, &[Delivery { name, content }]);
        if moments.past.load(Ordering::SeqCst) <= at {
            assert!(at > 5, "{at} moments are too few for a test");
            let account = &read.expect("nothing happened to it").accounts[0];
            assert_eq!((account.lines_read, account.lines_accepted), (12, 12));
            assert_eq!(account.accepted.get(), 1200);
            return;
        }
        match read {
            Err(Error::Changed { path }) => assert!(path.to_string_lossy().starts_with("0751")),
            Err(error) => panic!("{change:?} at {at}: {error}"),
            Ok(_) => panic!("{change:?} at moment {at} went unseen"),
        }
    }
}

fn kernel(contracts: &[Contract], deliveries: &[Delivery]) -> Result<Ingested, Error> {
    ingest(contracts, deliveries, &|| ())
}

fn plain(contracts: &[Contract], deliveries: &[Delivery]) -> Result<Ingested, Error> {
    ingest_plainly(contracts, deliveries, &|| ())
}

fn ranges(contracts: &[Contract], deliveries: &[Delivery]) -> Result<Ingested, Error> {
    ingest_in_ranges(contracts, deliveries, 60)
}

#[test]
fn a_change_at_any_moment_of_the_reading_is_seen() {
    for change in CHANGES {
        for way in [kernel as Way, plain, ranges] {
            meddle("0751.csv", way, change, <[u8]>::to_vec);
        }
        meddle("0751.csv.gz", kernel, change, gzip);
        meddle("0751.zip", kernel, change, zip);
    }
}

#[test]
fn a_file_that_is_sniffed_while_it_is_written_is_said_to_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.csv");
    fs::write(&path, twelve("1,00")).expect("room");
    let delivery = disk::open_one(&path).expect("it is there");
    Change::Extended.make(&path, &[]);
    let sniffed = sniff(&delivery.name, delivery.content.as_ref());
    assert!(matches!(sniffed, Err(Error::Changed { .. })));
}

#[test]
fn a_run_over_a_file_that_is_still_coming_in_is_broken_and_says_what_to_do() {
    let fixture = RunFixture::new();
    // Long enough that the sender's turn comes while it is read, however busy the machine is.
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{}", LINE.repeat(40_000)));
    assert_eq!(fixture.run(&[]).code, 0);
    let before = fixture.report();
    let done = AtomicBool::new(false);
    let ran = std::thread::scope(|scope| {
        let sender = scope.spawn(|| {
            let path = fixture.path("deliveries/forbrug/0751-2018.csv");
            let mut file = fs::OpenOptions::new().append(true).open(path).expect("a file");
            while !done.load(Ordering::SeqCst) {
                file.write_all(LINE.as_bytes()).expect("room");
                std::thread::sleep(Duration::from_millis(1));
            }
        });
        let ran = fixture.run(&[]);
        done.store(true, Ordering::SeqCst);
        sender.join().expect("the sender ends");
        ran
    });
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("error: `forbrug/0751-2018.csv` changed while it was read"));
    assert!(ran.err.contains("help: nothing was written; wait until"), "{}", ran.err);
    assert!(fixture.report() == before, "the old report stands");
    assert_eq!(fixture.run(&[]).code, 0);
    assert!(fixture.report() != before);
}
