//! A run that is interrupted clears away what it has begun; what a killed one left is swept by the
//! next.
#![cfg(unix)]

use crate::fixture::{Ran, RunFixture, ran, root, tree};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// Begins a run over the sample.
fn begin(fixture: &RunFixture, subcommand: &str, more: &[&str]) -> Child {
    let mut command = fixture.command(subcommand, &root().join("sample-data"));
    command.args(more).stdout(Stdio::null()).stderr(Stdio::piped());
    command.spawn().expect("the binary starts")
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status();
    assert!(sent.expect("kill starts").success());
}

/// What a run that was sent a signal came to.
fn end(child: Child) -> (Ran, bool) {
    let output = child.wait_with_output().expect("it ends");
    let killed = output.status.code().is_none();
    (ran(&output), killed)
}

/// What runs left in these folders.
fn left(folders: &[&Path]) -> Vec<PathBuf> {
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).into_iter().flatten());
    entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| {
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".gevinst-"))
        })
        .collect()
}

/// A pipe that nobody reads, so that a run which is to write to it waits.
fn pipe(fixture: &RunFixture) -> String {
    let path = fixture.path("pipe");
    assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo").success());
    path.to_str().expect("UTF-8").to_owned()
}

#[test]
fn a_signal_ends_a_run_with_its_own_code_and_says_what_stands() {
    let fixture = RunFixture::new();
    let (pipe, packs, cache) = (pipe(&fixture), fixture.path("packs"), fixture.path("cache"));
    let paths = [&packs, &cache].map(|path| path.to_str().expect("UTF-8"));
    for (name, code) in [("HUP", 129), ("INT", 130), ("TERM", 143)] {
        // It waits for who reads the facts, with the cache written and the packs still to come.
        let more = ["--facts", &pipe, "--rettelser", paths[0], "--cache", paths[1]];
        let child = begin(&fixture, "check", &more);
        let kept = || fs::read_dir(&cache).is_ok_and(|mut entries| entries.next().is_some());
        for _ in 0..600 {
            if kept() {
                break;
            }
            sleep(Duration::from_millis(10));
        }
        sleep(Duration::from_millis(200));
        signal(&child, name);
        let (ran, _) = end(child);
        assert_eq!(ran.code, code, "{}", ran.err);
        assert!(ran.err.contains(&format!("error: interrupted by SIG{name}\nhelp: nothing was")));
        assert!(!packs.exists());
        let own = cache.join("faellesoffentlig-2016-2020.gevinst-cache");
        assert!(left(&[&fixture.path(""), &own]).is_empty());
        let _ = fs::remove_dir_all(&cache);
    }
}

/// As under `nohup`, or behind `&` in a script.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_was_ignored_before_the_run_is_ignored_by_it() {
    let fixture = RunFixture::new();
    let pipe = pipe(&fixture);
    let run = fixture.command("check", &root().join("sample-data"));
    let mut shell = Command::new("sh");
    shell.args(["-c", "trap '' HUP; exec \"$@\"", "sh"]).arg(run.get_program());
    shell
        .args(run.get_args())
        .args(["--facts", &pipe])
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let child = shell.spawn().expect("a shell starts");
    sleep(Duration::from_millis(500));
    signal(&child, "HUP");
    sleep(Duration::from_millis(100));
    fs::read(&pipe).expect("the facts come");
    let (ran, _) = end(child);
    assert_eq!(ran.code, 0, "{}", ran.err);
}

/// Killed at any moment, by any signal: the report is the old or the new one, and when the next
/// run is done nothing is left beside it.
#[test]
fn nothing_stays_of_runs_that_were_killed() {
    let fixture = RunFixture::new();
    assert_eq!(fixture.run_sample(&[]).code, 0);
    let report = fixture.report();
    let at = |name: &str| fixture.path(name);
    let foreign = [".gevinst-x/note.txt", ".gevinst-abcdef/note.txt", ".gevinst-abcdeg"];
    for name in foreign {
        fixture.lay(name, "mine");
    }
    let out = at("report");
    let out = out.to_str().expect("UTF-8");
    let (cache, packs, facts) = (at("cache"), at("packs"), at("facts.csv"));
    let [cache, packs, facts] = [&cache, &packs, &facts].map(|path| path.to_str().expect("UTF-8"));
    let checked = ["--cache", cache, "--rettelser", packs, "--facts", facts];
    let kept = at("cache/faellesoffentlig-2016-2020.gevinst-cache");
    let (mut most, mut said) = (0, 0);
    for round in 0..24_u64 {
        let before = left(&[&at(""), &kept]);
        let child = match round % 3 {
            0 | 1 => begin(&fixture, "run", &["--out", out]),
            _ => begin(&fixture, "check", &checked),
        };
        if round % 2 == 0 {
            // Until it has begun to write.
            let writes = || {
                let now = left(&[&at(""), &kept]);
                now.iter().any(|path| !before.contains(path))
            };
            (0..3_000).take_while(|_| !writes()).for_each(|_| sleep(Duration::from_millis(1)));
            sleep(Duration::from_millis(round));
        } else {
            // Most of a run is over in this time, whatever the machine; the steps are uneven.
            sleep(Duration::from_millis(round * 37 % 600));
        }
        signal(
            &child,
            ["KILL", "TERM", "TERM", "KILL"][usize::try_from(round % 4).expect("small")],
        );
        let (ran, killed) = end(child);
        // Each run sweeps what the one before it left.
        let begun =
            left(&[&at(""), &kept]).iter().filter(|path| path.is_file()).count().saturating_sub(1);
        match (killed, ran.code) {
            (true, _) => most = most.max(begun),
            (false, 0) => {}
            (false, code) => {
                assert_eq!(code, 143, "{}", ran.err);
                assert!(ran.err.contains("error: interrupted by SIGTERM"), "{}", ran.err);
                said += 1;
            }
        }
        assert!(fixture.report() == report, "a mixture in round {round}");
        let whole = tree(&at("packs"));
        assert!(whole.is_empty() || whole.contains_key("rettelser.json"), "in round {round}");
    }
    assert_eq!(fixture.run_sample(&[]).code, 0);
    let (done, _) = end(begin(&fixture, "check", &checked));
    assert_eq!(done.code, 0, "{}", done.err);
    let stays = left(&[&at(""), &kept]);
    assert_eq!(stays.len(), 3, "{stays:?}");
    for name in foreign {
        assert_eq!(fs::read(at(name)).expect("it stands"), b"mine", "{name}");
    }
    assert!(most > 0 && said > 0, "{most} left at most, {said} interrupted: no test");
    assert_eq!(tree(&at("report")), report);
}

/// Each of them finds the folder whole, whoever replaced it last.
#[test]
fn runs_that_replace_one_folder_at_once_leave_one_whole_report() {
    let fixture = RunFixture::new();
    assert_eq!(fixture.run_sample(&[]).code, 0);
    let report = fixture.report();
    let out = fixture.path("report");
    let out = out.to_str().expect("UTF-8");
    let runs: Vec<Child> = (0..4).map(|_| begin(&fixture, "run", &["--out", out])).collect();
    for run in runs {
        let (ran, _) = end(run);
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    assert!(fixture.report() == report);
    assert!(left(&[&fixture.path("")]).is_empty());
}
