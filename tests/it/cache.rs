//! Deliveries remembered from run to run: nothing shows of it but the time.

use crate::fixture::{Ran, RunFixture, root, tree};
use std::collections::BTreeMap;
use std::fs::{File, FileTimes};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

const CACHE: &str = "faellesoffentlig-2016-2020.gevinst-cache";

/// A delivery of the sample whose amounts all count.
const ONE: &str = "forbrug/0461-2017.csv";

/// A fixture with the sample delivered.
fn fixture() -> RunFixture {
    let fixture = RunFixture::new();
    for (name, bytes) in tree(&root().join("sample-data")) {
        fixture.deliver(&name, bytes);
    }
    fixture
}

impl RunFixture {
    /// `gevinst check` with a cache.
    fn cached(&self, more: &[&str]) -> Ran {
        let cache = self.path("cache").display().to_string();
        self.check_with(&[&["--cache", &cache], more].concat())
    }

    /// The report of `gevinst run` with a cache.
    fn report_cached(&self, more: &[&str]) -> BTreeMap<String, Vec<u8>> {
        let cache = self.path("cache").display().to_string();
        let ran = self.run(&[&["--cache", &cache], more].concat());
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
        self.report()
    }

    fn kept(&self) -> BTreeMap<String, Vec<u8>> {
        let kept = tree(&self.path("cache").join(CACHE));
        assert!(kept.keys().all(|name| name.len() == 64), "nothing but what is kept: {kept:?}");
        kept
    }

    fn delivery(&self, name: &str) -> PathBuf {
        self.path("deliveries").join(name)
    }
}

/// What both checks say is the same, and nothing went wrong.
fn same(cached: &Ran, plain: &Ran) {
    assert_eq!(cached.out, plain.out);
    assert_eq!((cached.code, cached.err.as_str()), (plain.code, ""));
}

/// Writes over a file of the same length, and sets the time it was written back.
fn write_over(path: &PathBuf, bytes: &[u8]) {
    let before = std::fs::metadata(path).expect("a delivery");
    assert_eq!(before.len(), u64::try_from(bytes.len()).expect("a length"));
    std::fs::write(path, bytes).expect("room");
    let times = FileTimes::new().set_modified(before.modified().expect("a time"));
    File::options().write(true).open(path).expect("a delivery").set_times(times).expect("times");
}

#[test]
fn a_report_is_the_same_bytes_with_a_cache_cold_or_warm_or_without() {
    let fixture = fixture();
    assert_eq!(fixture.run(&[]).code, 0);
    let plain = fixture.report();
    let mut caches = Vec::new();
    for more in [
        &["--jobs", "2"][..],
        &["--jobs", "1"],
        &["--trust-times"],
        &["--trust-times", "--jobs", "1"],
    ] {
        assert!(fixture.report_cached(more) == plain, "another report with {more:?}");
        caches.push(fixture.kept());
    }
    assert!(caches.windows(2).all(|pair| pair[0] == pair[1]), "nothing changed to remember");
    std::fs::remove_dir_all(fixture.path("cache")).expect("a cache");
    assert!(fixture.report_cached(&["--jobs", "1"]) == plain);
    assert!(fixture.kept() == caches[0], "one thread remembers what two do");
}

#[test]
fn whatever_changes_is_read_and_whatever_is_gone_is_forgotten() {
    let fixture = fixture();
    same(&fixture.cached(&[]), &fixture.check());
    let mut last = fixture.check().out;
    let mut changes = |what: &str, change: &dyn Fn()| {
        change();
        let plain = fixture.check();
        assert_ne!(plain.out, last, "{what} shows");
        for more in [&["--trust-times"][..], &[]] {
            same(&fixture.cached(more), &plain);
        }
        last = plain.out;
    };
    let bytes = std::fs::read(fixture.delivery(ONE)).expect("a delivery");
    // A first and a last name more move the number of every other delivery.
    changes("a delivery more", &|| {
        fixture.deliver("a.csv", "not;known\n").deliver("z.csv", "not;known\n");
    });
    changes("a delivery changed", &|| {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let last = text.lines().next_back().expect("a line").to_owned();
        fixture.deliver(ONE, format!("{text}{last}\n"));
    });
    changes("a delivery renamed", &|| {
        let other = fixture.delivery("brug/0461-2017.v9.csv");
        std::fs::rename(fixture.delivery("brug/0461-2017.csv"), other).expect("the same folder");
    });
    changes("a delivery gone", &|| {
        std::fs::remove_file(fixture.delivery(ONE)).expect("a delivery");
    });
    let forgotten = fixture.kept();
    let tells = |part: &Vec<u8>| part.windows(ONE.len()).any(|text| text == ONE.as_bytes());
    assert!(!forgotten.values().any(tells));
    changes("it came again", &|| {
        fixture.deliver(ONE, &bytes);
    });
}

#[test]
fn a_byte_that_changes_is_seen_whatever_the_times_say() {
    let fixture = fixture();
    let first = fixture.cached(&[]);
    let bytes = std::fs::read(fixture.delivery(ONE)).expect("a delivery");
    let at = bytes.iter().rposition(u8::is_ascii_digit).expect("an amount");
    let mut other = bytes.clone();
    other[at] = if bytes[at] == b'1' { b'2' } else { b'1' };
    write_over(&fixture.delivery(ONE), &other);
    let plain = fixture.check();
    assert_ne!(plain.out, first.out);
    same(&fixture.cached(&[]), &plain);
    // Back again: the time it was changed cannot be set back, so times do not lie here either.
    #[cfg(unix)]
    {
        write_over(&fixture.delivery(ONE), &bytes);
        same(&fixture.cached(&["--trust-times"]), &first);
    }
}

#[test]
fn a_delivery_that_is_touched_is_what_it_was() {
    let fixture = fixture();
    let first = fixture.cached(&[]);
    let before = fixture.kept();
    let file = File::options().write(true).open(fixture.delivery(ONE)).expect("a delivery");
    file.set_times(FileTimes::new().set_modified(SystemTime::now() - Duration::from_hours(1)))
        .expect("times");
    same(&fixture.cached(&[]), &first);
    let after = fixture.kept();
    assert!(before != after, "the new times are remembered");
    same(&fixture.cached(&["--trust-times"]), &first);
    assert!(fixture.kept() == after, "and were enough");
}

#[test]
fn a_cache_that_is_damaged_or_anothers_is_as_none() {
    let fixture = fixture().own_pipeline();
    let plain = fixture.check();
    same(&fixture.cached(&[]), &plain);
    let kept = tree(&fixture.path("cache").join("pipeline.gevinst-cache"));
    let (name, _) = kept.iter().max_by_key(|(_, part)| part.len()).expect("a cache");
    let path = fixture.path("cache").join("pipeline.gevinst-cache").join(name);
    let whole = std::fs::read(&path).expect("a cache");
    let flipped = |at: usize| {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        bytes
    };
    for damaged in [
        Vec::new(),
        b"something else\n".to_vec(),
        whole[..whole.len() / 2].to_vec(),
        whole[..whole.len() - 1].to_vec(),
        [&whole[..], b"x"].concat(),
        flipped(3),
        flipped(40),
        flipped(whole.len() / 2),
        flipped(whole.len() - 1),
    ] {
        std::fs::write(&path, damaged).expect("room");
        same(&fixture.cached(&["--trust-times"]), &plain);
        assert!(std::fs::read(&path).expect("a cache") == whole, "it is written anew");
    }
    fixture.change("pipeline.toml", "first = \"2016-01\"", "first = \"2016-02\"");
    let narrower = fixture.check();
    assert_ne!(narrower.out, plain.out);
    same(&fixture.cached(&["--trust-times"]), &narrower);
}

#[test]
fn what_is_not_remembered_is_read_each_time() {
    let fixture = RunFixture::new();
    let header =
        "Myndighed;Bogføringsdato;Regnskabsperiode;Ydelse;Initiativ;Konto;Posteringstekst;Beløb\n";
    let line = |amount| format!("0751;01-03-2018;2018-03;BYG;2.1;22.65;Licens;{amount}\n");
    fixture.deliver("forbrug/0751-2018.csv", format!("{header}{}{}", line("1,00"), line("x")));
    assert_eq!(fixture.check_with_packs().code, 3);
    let packs = fixture.packs();
    let (_, pack) = packs.iter().find(|(name, _)| name.contains(".csv")).expect("a pack");
    let mended = String::from_utf8_lossy(pack).replace(";x\r\n", ";5,00\r\n");
    let mended = mended.replace(";x\n", ";5,00\n");
    assert_ne!(mended.as_bytes(), &pack[..], "the refused amount stands last");
    fixture.deliver("0751-rettelse.csv", &mended);
    let plain = fixture.check();
    assert!(plain.out.contains("corrected: "), "{}", plain.out);
    for more in [&[][..], &["--trust-times"], &[]] {
        same(&fixture.cached(more), &plain);
    }
    // The line mended was remembered as refused, and is again when the pack is gone.
    std::fs::remove_file(fixture.delivery("0751-rettelse.csv")).expect("a pack");
    same(&fixture.cached(&["--trust-times"]), &fixture.check());
}

#[test]
fn a_cache_is_kept_apart_from_deliveries_and_report() {
    let fixture = fixture();
    let say = |path: &str| fixture.path(path).display().to_string();
    for (folder, why) in [
        ("deliveries", "would be the deliveries in"),
        ("deliveries/cache", "would lie in the deliveries in"),
        ("report", "would be the cache in"),
        ("report/cache", "would hold the cache in"),
    ] {
        let ran = fixture.run(&["--cache", &say(folder)]);
        assert_eq!(ran.code, 1, "{folder}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(why), "{folder}: {}", ran.err);
        assert!(!fixture.path("report").exists());
    }
    let ran = fixture.check_with(&["--rettelser", &say("packs"), "--cache", &say("packs/cache")]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    let ran = fixture.check_with(&["--trust-times"]);
    assert_eq!(ran.code, 2, "there is nothing to trust them for: {}", ran.err);
}

#[test]
fn a_cache_that_cannot_be_written_is_said_and_breaks_nothing() {
    let fixture = fixture();
    fixture.lay("cache", "a file, no folder");
    let (ran, plain) = (fixture.cached(&[]), fixture.check());
    assert_eq!((ran.code, ran.out), (plain.code, plain.out));
    assert!(ran.err.starts_with("warning: cannot write `"), "{}", ran.err);
    assert!(
        ran.err.contains("help: a file stands where a folder is needed; name another"),
        "{}",
        ran.err
    );
}

#[test]
fn runs_at_once_do_no_harm() {
    let fixture = fixture();
    for round in 0..2 {
        // What each round finds is new, so each run writes.
        fixture.deliver(&format!("{round}.csv"), "not;known\n");
        let plain = fixture.check();
        std::thread::scope(|scope| {
            let runs: Vec<_> = (0..3).map(|_| scope.spawn(|| fixture.cached(&[]))).collect();
            for run in runs {
                same(&run.join().expect("a run"), &plain);
            }
        });
        let deliveries = tree(&fixture.path("deliveries")).len();
        assert!(fixture.kept().len() <= deliveries, "nothing but the cache is left");
    }
}

#[test]
fn a_killed_run_leaves_a_cache_that_holds_or_none() {
    let fixture = fixture();
    let plain = fixture.check();
    for pause in [0, 3, 10, 30, 100, 300, 600] {
        let mut command = fixture.command("check", &fixture.path("deliveries"));
        command.arg("--cache").arg(fixture.path("cache")).stdout(std::process::Stdio::null());
        let mut run = command.spawn().expect("the binary starts");
        std::thread::sleep(Duration::from_millis(pause));
        // It may be done already.
        let _ = run.kill();
        run.wait().expect("it ends");
        same(&fixture.cached(&["--trust-times"]), &plain);
        std::fs::remove_dir_all(fixture.path("cache")).expect("a cache");
    }
}

#[test]
fn a_name_is_not_kept() {
    let fixture = RunFixture::new();
    let name = "forbrug/0751-010180-1234.csv";
    fixture.deliver(name, "Myndighed;Regnskabsperiode\n");
    let first = fixture.cached(&[]);
    assert!(first.out.contains("forbrug/0751-******-****.csv"), "{}", first.out);
    for (part, bytes) in fixture.kept() {
        let kept = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!kept.contains("010180") && !kept.contains("forbrug/"), "{part}");
    }
    same(&fixture.cached(&[]), &first);
}
