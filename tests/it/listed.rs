//! What is a delivery: every file once, nothing hidden; one that cannot be read is refused alone.

use crate::fixture::{HEADER, RunFixture, binary, ran};
use crate::kit::{SPENDING, contracts, delivery, failing, gzip, open_terms, skipped, zip};
use gevinst::testing::collect::{Ingested, ingest, ingest_in_ranges, ingest_plainly};
use gevinst::testing::contract::Contract;
use gevinst::testing::domain::Error;
use gevinst::testing::source::Delivery;
use std::fs;
use std::path::Path;

fn spending(authority: &str) -> String {
    format!("{HEADER}{authority};01-03-2018;2018-03;BYG;2.1;22.65;Licens;1,00\n")
}

#[cfg(unix)]
fn pipe(path: &Path) {
    let made = std::process::Command::new("mkfifo").arg(path).status().expect("mkfifo starts");
    assert!(made.success());
}

#[test]
fn what_is_hidden_is_no_delivery_and_no_definition() {
    let fixture = RunFixture::new().own_pipeline();
    fixture.deliver("forbrug/0751-2018.csv", spending("0751"));
    fixture.deliver(".git/forbrug/0461-2018.csv", spending("0461"));
    fixture.deliver("forbrug/.old/0461-2018.csv", spending("0461"));
    fixture.deliver("forbrug/.0461-2018.csv", spending("0461"));
    let names = [".git/forbrug/0561-2018.csv", "forbrug/.old/0561-2018.csv", "./0101-2018.csv"];
    fixture.deliver("forbrug/a.zip", zip(&names.map(|name| (name, spending("0101")))));
    fixture.lay("pipeline/.git/contracts/x.toml", "no contract");
    fixture.lay("pipeline/contracts/.x.toml", "no contract");
    fixture.lay("pipeline/tables/.git/x.csv", "no table");
    let ran = fixture.check();
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("deliveries: 2\n"), "{}", ran.out);
}

/// What stands in a pipeline folder and is no definition is not read with it.
#[cfg(unix)]
#[test]
fn deliveries_may_stand_in_the_pipeline_folder() {
    let fixture = RunFixture::new().own_pipeline();
    fixture.change("pipeline.toml", "folder = \"../../sample-data\"", "folder = \"in\"");
    fixture.lay("pipeline/in/forbrug/0751-2018.csv", spending("0751"));
    pipe(&fixture.path("pipeline/in/forbrug/0461-2018.csv"));
    let mut command = binary();
    command.arg("check").arg(fixture.path("pipeline"));
    let ran = ran(&command.output().expect("the binary starts"));
    assert!(ran.out.contains("lines: 1 read = 1 posted"), "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("refused for Q015: 1"), "{}", ran.out);
}

#[cfg(unix)]
#[test]
fn a_file_that_is_reached_by_two_ways_is_one_delivery_and_that_is_said() {
    use std::os::unix::fs::symlink;
    let fixture = RunFixture::new();
    fixture.deliver("forbrug/0751-2018.csv", spending("0751"));
    let at = |name: &str| fixture.path(&format!("deliveries/{name}"));
    // Each of these sorts before what it leads to.
    symlink("forbrug", at("a")).expect("a link");
    symlink("forbrug/0751-2018.csv", at("b.csv")).expect("a link");
    fs::hard_link(at("forbrug/0751-2018.csv"), at("forbrug/0751-2018.v2.csv")).expect("one disk");
    symlink("..", at("forbrug/loop")).expect("a link");
    symlink("self", at("forbrug/self")).expect("a link");
    // What is no delivery does not stand for one that is the same file.
    fixture.deliver("README.md", spending("0561"));
    fs::hard_link(at("README.md"), at("forbrug/0561-2018.csv")).expect("one disk");
    fs::create_dir(at("more")).expect("room");
    symlink("../forbrug/self", at("more/again")).expect("a link");
    let ran = fixture.run(&[]);
    assert!(ran.out.contains("lines: 2 read = 2 posted"), "{}{}", ran.out, ran.err);
    let said: Vec<&str> = ran.out.lines().filter(|line| line.starts_with("read once: ")).collect();
    let expected = [
        ("a", "forbrug"),
        ("b.csv", "forbrug/0751-2018.csv"),
        ("forbrug/0751-2018.v2.csv", "forbrug/0751-2018.csv"),
        ("forbrug/loop", "."),
    ];
    let lines =
        expected.map(|(name, first)| format!("read once: `{name}` is `{first}` by another name"));
    assert_eq!(said, lines);
    let receipt: serde_json::Value =
        serde_json::from_slice(&fixture.report()["receipt.json"]).expect("JSON");
    let again = expected.map(|(name, first)| serde_json::json!({ "name": name, "first": first }));
    assert_eq!(receipt["read_once"], serde_json::json!(again));
    let names: Vec<&str> = receipt["deliveries"]
        .as_array()
        .expect("deliveries")
        .iter()
        .map(|delivery| delivery["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(
        names,
        ["forbrug/0561-2018.csv", "forbrug/0751-2018.csv", "forbrug/self", "more/again"]
    );
}

/// No sender chooses what is read: nothing outside is listed, looked at or shown.
#[cfg(unix)]
#[test]
fn a_link_out_of_the_deliveries_is_refused_and_not_followed() {
    use std::os::unix::fs::symlink;
    let fixture = RunFixture::new();
    fixture.deliver("forbrug/0751-2018.csv", spending("0751"));
    fixture.lay("secret/0461-2018.csv", format!("{}sesame\n", spending("0461")));
    // A name that only begins as the folder's does is another folder.
    fixture.lay("deliveries-old/0461-2018.csv", spending("0461"));
    let at = |name: &str| fixture.path(&format!("deliveries/{name}"));
    symlink("/", at("root")).expect("a link");
    symlink("../secret", at("folder")).expect("a link");
    symlink("../deliveries-old", at("old")).expect("a link");
    symlink("../../secret/0461-2018.csv", at("forbrug/0461-2018.csv")).expect("a link");
    symlink("folder/0461-2018.csv", at("by-link.csv")).expect("a link");
    symlink("../nowhere", at("dead")).expect("a link");
    symlink("/dev/zero", at("zero.csv")).expect("a link");
    // Out and in again is inside.
    symlink("../deliveries/forbrug/0751-2018.csv", at("back.csv")).expect("a link");
    // The folder itself is named by who runs it, and may be a link.
    symlink("deliveries", fixture.path("linked")).expect("a link");
    let mut runs = Vec::new();
    for folder in ["deliveries", "linked"] {
        let mut command = fixture.command("check", &fixture.path(folder));
        let ran = ran(&command.args(["--language", "en"]).output().expect("the binary starts"));
        assert!(ran.out.contains("lines: 1 read = 1 posted"), "{}{}", ran.out, ran.err);
        for name in ["root", "folder", "old", "forbrug/0461-2018.csv", "by-link.csv", "dead"] {
            let said = "the file cannot be read: it is a link that leads out of the folder of";
            assert!(ran.out.contains(&format!("{name}:1: Q015: {said}")), "{name}\n{}", ran.out);
        }
        assert!(ran.out.contains("deliveries: 8\n"), "{}", ran.out);
        assert!(ran.out.contains("read once: `back.csv` is `forbrug/0751-2018.csv`"));
        assert!(!ran.out.contains("sesame"), "{}", ran.out);
        runs.push(ran.out);
    }
    assert_eq!(runs[0], runs[1]);
    let danish = fixture.check().out;
    assert!(danish.contains("det er et link, der fører ud af mappen med leverancer"), "{danish}");
}

/// Each of them is refused alone, and counted; nobody waits for a pipe.
#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_the_refusal_of_that_delivery() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let fixture = RunFixture::new().own_pipeline();
    fixture.change("pipeline.toml", "refused_deliveries = 9", "refused_deliveries = 5");
    fixture.deliver("forbrug/0751-2018.csv", spending("0751"));
    let at = |name: &str| fixture.path(&format!("deliveries/{name}"));
    pipe(&at("forbrug/0101-2018.csv"));
    let socket = std::os::unix::net::UnixListener::bind(at("forbrug/0147-2018.csv"));
    let _socket = socket.expect("a socket");
    symlink("nowhere", at("forbrug/0461-2018.csv")).expect("a link");
    symlink("/dev/zero", at("forbrug/0561-2018.csv")).expect("a link");
    symlink("round", at("round")).expect("a link");
    symlink("forbrug/0101-2018.csv", at("forbrug/.hidden")).expect("a link");
    let ran = fixture.check_with(&["--language", "en"]);
    assert_eq!(ran.code, 0, "five are tolerated: {}{}", ran.out, ran.err);
    assert!(ran.out.contains("lines: 1 read = 1 posted"), "{}", ran.out);
    for said in [
        "forbrug/0101-2018.csv:1: Q015: the file cannot be read: it is a pipe\n",
        "forbrug/0147-2018.csv:1: Q015: the file cannot be read: it is a socket\n",
        "forbrug/0461-2018.csv:1: Q015: the file cannot be read: it is a link to nothing\n",
        "forbrug/0561-2018.csv:1: Q015: the file cannot be read: it is a link that leads out of the folder of deliveries\n",
        "round:1: Q015: the file cannot be read: Too many levels of symbolic links",
    ] {
        assert!(ran.out.contains(said), "{said}\n{}", ran.out);
    }
    let danish = fixture.check_with(&["--language", "da"]).out;
    assert!(danish.contains("filen kan ikke læses: det er et rør (pipe)"), "{danish}");
    assert_eq!(fixture.run(&[]).code, 0);
    let receipt: serde_json::Value =
        serde_json::from_slice(&fixture.report()["receipt.json"]).expect("JSON");
    let first = &receipt["deliveries"][0];
    assert_eq!(first["name"], "forbrug/0101-2018.csv");
    assert!(first["blake3"].is_null() && first["bytes"].is_null(), "{first}");
    assert_eq!((&first["rejected"], &first["contract"]), (&true.into(), &"forbrug".into()));
    // The packs tell each sender.
    assert_eq!(fixture.check_with_packs().code, 0);
    assert!(fixture.packs().contains_key("0101.csv"));

    fixture.deliver("forbrug/locked/0851-2018.csv", spending("0851"));
    let may = |mode| fs::set_permissions(at("forbrug/locked"), fs::Permissions::from_mode(mode));
    may(0o000).expect("our own");
    let all_the_same = fs::read_dir(at("forbrug/locked")).is_ok();
    let ran = fixture.check_with(&["--language", "en"]);
    may(0o755).expect("our own");
    if all_the_same {
        return skipped("the user who runs the tests may read anything");
    }
    assert_eq!(ran.code, 3, "six are not tolerated: {}{}", ran.out, ran.err);
    let said = "forbrug/locked:1: Q015: the file cannot be read: reading it is not allowed";
    assert!(ran.out.contains(said), "{}", ran.out);
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_utf8_are_refused_and_stay_apart() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let fixture = RunFixture::new();
    fixture.deliver("forbrug/0751-2018.csv", spending("0751"));
    fixture.deliver("forbrug/\u{FFFD}.csv", "x\n");
    let lay = |name: &[u8]| {
        fs::write(fixture.path("deliveries/forbrug").join(OsStr::from_bytes(name)), "x\n")
    };
    if lay(b"\xFE.csv").and(lay(b"\xFF.csv")).and(lay(b"010180-\xFF1234.csv")).is_err() {
        return skipped("this disk takes no name that is not UTF-8");
    }
    let ran = fixture.check_with(&["--language", "en"]);
    for said in [
        "forbrug/******-\u{FFFD}****.csv:1: Q015: the file cannot be read: its name is no UTF-8",
        "forbrug/\u{FFFD}.csv:1: Q007",
        "forbrug/\u{FFFD}.csv (2):1: Q015",
        "forbrug/\u{FFFD}.csv (3):1: Q015",
        "deliveries: 5\n",
    ] {
        assert!(ran.out.contains(said), "{said}\n{}", ran.out);
    }
}

/// Whatever else is read is no pipe either, and says which path it was.
#[cfg(unix)]
#[test]
fn nobody_waits_for_a_pipe() {
    let fixture = RunFixture::new().own_pipeline();
    fixture.deliver("forbrug/0751-2018.csv", spending("0751"));
    pipe(&fixture.path("pipe-010180-1234"));
    let at = fixture.path("pipe-010180-1234");
    let previous = fixture.check_with(&["--previous", at.to_str().expect("UTF-8")]);
    let sniffed = ran(&binary().arg("sniff").arg(&at).output().expect("the binary starts"));
    pipe(&fixture.path("pipeline/contracts/pipe-010180-1234.toml"));
    let pipeline = fixture.check();
    for ran in [previous, sniffed, pipeline] {
        assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
        assert!(ran.err.contains("pipe-******-****"), "{}", ran.err);
        assert!(ran.err.contains("cause: it is a pipe"), "{}", ran.err);
        assert!(!ran.err.contains("010180"), "{}", ran.err);
    }
}

/// A disk that fails anywhere in a file refuses that file, whole, and no other.
#[test]
fn a_disk_that_fails_in_a_file_refuses_that_file() {
    type Way = fn(&[Contract], &[Delivery]) -> Result<Ingested, Error>;
    let ways: [Way; 3] = [
        |contracts, deliveries| ingest(contracts, deliveries, &|| ()),
        |contracts, deliveries| ingest_plainly(contracts, deliveries, &|| ()),
        |contracts, deliveries| ingest_in_ranges(contracts, deliveries, 60),
    ];
    let contracts = contracts(SPENDING, open_terms(2018, 2018));
    let lines = crate::kit::spending(28, "1,00");
    for (name, bytes) in [
        ("0751.csv", lines.clone()),
        ("0751.csv.gz", gzip(&lines)),
        ("0751.zip", zip(&[("0751.csv", &lines)])),
    ] {
        for (whole, way) in [0, 1, 20, 200].into_iter().flat_map(|at| ways.map(|way| (at, way))) {
            let whole = whole.min(bytes.len() - 1);
            let deliveries = [
                delivery("0461.csv", &lines),
                Delivery { name: name.into(), content: Box::new(failing(bytes.clone(), whole)) },
            ];
            let read = way(&contracts, &deliveries).unwrap_or_else(|error| panic!("{error}"));
            let [good, bad] = &read.accounts[..] else { panic!("two deliveries") };
            assert_eq!((good.lines_accepted, good.rejected), (28, false), "{name} at {whole}");
            assert_eq!((bad.lines_read, bad.rejected), (0, true), "{name} at {whole}");
            let codes: Vec<_> =
                read.quarantine.iter().map(|line| line.fault.reason.code()).collect();
            // What is packed may look damaged where the disk gave out.
            let packed = name != "0751.csv" && codes == ["Q009"];
            assert!(codes == ["Q015"] || packed, "{name} at {whole}: {codes:?}");
            assert_eq!(read.facts.iter().count(), 1);
        }
    }
}
