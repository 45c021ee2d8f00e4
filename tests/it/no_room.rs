//! No room, no right to write: the old report stands, and the run says what to do.

use crate::fixture::{HEADER, LINE, Ran, RunFixture, binary, ran, tree};
use crate::kit::skipped;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

type Report = BTreeMap<String, Vec<u8>>;

/// A fixture with an old report on it and a delivery more; both reports, the new one in `new`.
fn fixture() -> (RunFixture, Report, Report) {
    let fixture = RunFixture::new();
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{LINE}"));
    assert_eq!(fixture.run(&[]).code, 0);
    let old = fixture.report();
    fixture.deliver("forbrug/0461-2018.csv", format!("{HEADER}{}", LINE.replace("0751", "0461")));
    let out = fixture.path("new");
    assert_eq!(fixture.run(&["--out", &out.display().to_string()]).code, 0);
    let new = tree(&out);
    assert!(old != new);
    (fixture, old, new)
}

/// Runs a line of shell in the fixture's folder. `$@` is the run whose report goes to `out`.
fn shell(fixture: &RunFixture, before: &[&str], script: &str, out: &Path) -> Ran {
    let mut run = fixture.command("run", &fixture.path("deliveries"));
    run.arg("--out").arg(out);
    let words = [before, &["sh", "-c", script, "sh"]].concat();
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).arg(run.get_program()).args(run.get_args());
    ran(&command.current_dir(fixture.path("")).output().expect("a shell starts"))
}

/// How to run something with mounts of its own, where the system lets us.
fn own_mounts() -> Option<Vec<&'static str>> {
    let ways = [vec!["unshare", "--mount"], vec!["unshare", "--mount", "--map-root-user"]];
    let found = ways.into_iter().find(|way| {
        let probe = ["sh", "-c", "mount -t tmpfs none /mnt"];
        let mut command = Command::new(way[0]);
        command.args(&way[1..]).args(probe).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    });
    if found.is_none() {
        skipped("this system lets us make no mounts of our own (unshare --mount)");
    }
    found
}

fn is_refused_room(ran: &Ran) {
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("error: cannot write `"), "{}", ran.err);
    assert!(ran.err.contains("help: check that the disk has room"), "{}", ran.err);
    assert!(ran.err.contains("the previous report is untouched"), "{}", ran.err);
    assert!(ran.err.contains("cause: "), "{}", ran.err);
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_that_may_grow_no_further_leaves_the_old_report() {
    let (fixture, old, new) = fixture();
    let mut refused = 0;
    for blocks in [0, 1, 4, 16, 24, 32, 64, 100_000] {
        // The shell turns the signal off; what is left is a write that fails, as on a full disk.
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        let ran = shell(&fixture, &[], &script, &fixture.path("report"));
        let found = fixture.report();
        if ran.code == 0 {
            assert!(found == new, "another report with {blocks} blocks");
        } else {
            is_refused_room(&ran);
            assert!(found == old, "a mixture with {blocks} blocks");
            refused += 1;
        }
        let beside = std::fs::read_dir(fixture.path("")).expect("the desk");
        let left = beside
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(".gevinst-"));
        assert_eq!(left.count(), 0, "what was begun is cleared away");
    }
    assert!(refused > 2 && fixture.report() == new, "{refused} refused");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_leaves_the_old_report() {
    let Some(mounts) = own_mounts() else { return };
    let (fixture, old, new) = fixture();
    // A disk with room for the old report, and for all, half or little of the new one.
    let pages =
        |report: &Report| report.values().map(|bytes| bytes.len() / 4096 + 1).sum::<usize>();
    let mut seen = [0, 0];
    for percent in [2, 50, 90, 150] {
        let size = (pages(&old) + pages(&new) * percent / 100) * 4096;
        let script = format!(
            "set -e; mkdir -p disk back; rm -rf back; mount -t tmpfs -o size={size} none disk; \
             cp -r report disk/report; code=0; \"$@\" || code=$?; cp -r disk/report back; \
             exit $code"
        );
        let ran = shell(&fixture, &mounts, &script, Path::new("disk/report"));
        let found = tree(&fixture.path("back"));
        if ran.code == 0 {
            assert!(found == new, "another report with room for {percent} %");
            seen[1] += 1;
        } else {
            is_refused_room(&ran);
            assert!(ran.err.contains("No space left"), "{}", ran.err);
            assert!(found == old, "a mixture with room for {percent} %");
            seen[0] += 1;
        }
    }
    assert_eq!(seen, [3, 1]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_is_read_only_leaves_the_old_report() {
    let Some(mounts) = own_mounts() else { return };
    let (fixture, old, _) = fixture();
    let script = "set -e; mkdir disk; mount -t tmpfs none disk; cp -r report disk/report; \
                  mount -o remount,ro disk; code=0; \"$@\" || code=$?; cp -r disk/report back; \
                  exit $code";
    let ran = shell(&fixture, &mounts, script, Path::new("disk/report"));
    is_refused_room(&ran);
    assert!(ran.err.contains("Read-only"), "{}", ran.err);
    assert!(tree(&fixture.path("back")) == old);
}

#[test]
#[cfg(unix)]
fn a_folder_one_may_not_write_in_leaves_the_old_report() {
    use std::os::unix::fs::PermissionsExt as _;
    let allow = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("our own");
    };
    let (fixture, old, _) = fixture();
    std::fs::create_dir(fixture.path("kept")).expect("a folder");
    std::fs::rename(fixture.path("report"), fixture.path("kept/report")).expect("one disk");
    allow(&fixture.path("kept"), 0o555);
    let may_all_the_same = std::fs::write(fixture.path("kept/probe"), "").is_ok();
    let ran = shell(&fixture, &[], "exec \"$@\"", Path::new("kept/report"));
    allow(&fixture.path("kept"), 0o755);
    if may_all_the_same {
        return skipped("the user who runs the tests may write anywhere");
    }
    is_refused_room(&ran);
    assert!(tree(&fixture.path("kept/report")) == old);
}

#[test]
fn a_report_below_a_file_is_an_error() {
    let (fixture, _, _) = fixture();
    fixture.lay("file", "not a folder");
    let ran = shell(&fixture, &[], "exec \"$@\"", Path::new("file/report"));
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("stands where a folder is needed"), "{}", ran.err);
}

#[test]
#[cfg(target_os = "linux")]
fn what_is_printed_to_a_full_disk_is_not_called_done() {
    let full = || std::fs::File::options().write(true).open("/dev/full").expect("/dev/full");
    let fixture = RunFixture::new();
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{LINE}"));
    let mut check = fixture.command("check", &fixture.path("deliveries"));
    let mut sniff = binary();
    sniff.arg("sniff").arg(fixture.path("deliveries/forbrug/0751-2018.csv"));
    for command in [&mut check, &mut sniff] {
        let ran = ran(&command.stdout(full()).output().expect("the binary starts"));
        assert_eq!(ran.code, 1, "{}", ran.err);
        assert!(ran.err.contains("error: cannot write `standard output`"), "{}", ran.err);
        assert!(ran.err.contains("help: "), "{}", ran.err);
    }
    // A run's report is where it belongs; what is printed of it stands in its receipt.
    let mut run = fixture.command("run", &fixture.path("deliveries"));
    run.arg("--out").arg(fixture.path("report")).stdout(full());
    assert_eq!(ran(&run.output().expect("the binary starts")).code, 0);
    assert!(fixture.report().contains_key("receipt.json"));
}
