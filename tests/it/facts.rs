//! Where `--facts` may write, and what a path says that leads through a file.
#![cfg(unix)]

use crate::fixture::ran;
use crate::replaced::{all, fixture, sample, stops, text};
use std::fs;
use std::path::Path;

#[test]
fn facts_are_sent_to_a_pipe_or_device_and_put_where_a_link_leads() {
    use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, symlink};
    let fixture = fixture();
    let at = |name: &str| fixture.path(name);
    assert_eq!(fixture.check_with(&["--facts", text(&at("facts.csv"))]).code, 0);
    let facts = fs::read(at("facts.csv")).expect("facts");

    let made = std::process::Command::new("mkfifo").arg(at("pipe")).status();
    assert!(made.expect("mkfifo").success());
    let sent = std::thread::scope(|scope| {
        let reader = scope.spawn(|| fs::read(at("pipe")).expect("a writer"));
        assert_eq!(fixture.check_with(&["--facts", text(&at("pipe"))]).code, 0);
        reader.join().expect("it reads")
    });
    assert!(sent == facts && fs::metadata(at("pipe")).expect("it stands").file_type().is_fifo());

    symlink("/dev/null", at("null")).expect("a link");
    for null in [&at("null"), Path::new("/dev/null")] {
        assert_eq!(fixture.check_with(&["--facts", text(null)]).code, 0);
        let kind = fs::metadata("/dev/null").expect("it stands").file_type();
        assert!(kind.is_char_device() && at("null").is_symlink());
    }

    fixture.lay("there/old.csv", "old");
    symlink("there/old.csv", at("link.csv")).expect("a link");
    assert_eq!(fixture.check_with(&["--facts", text(&at("link.csv"))]).code, 0);
    assert!(at("link.csv").is_symlink());
    assert!(fs::read(at("there/old.csv")).expect("facts") == facts);
    // Another name of the same file keeps what it had.
    fixture.lay("one.csv", "old");
    fs::hard_link(at("one.csv"), at("two.csv")).expect("one disk");
    assert_eq!(fixture.check_with(&["--facts", text(&at("one.csv"))]).code, 0);
    assert_eq!(fs::read(at("two.csv")).expect("the other"), b"old");
    assert_ne!(
        fs::metadata(at("one.csv")).expect("facts").ino(),
        fs::metadata(at("two.csv")).expect("old").ino()
    );
    assert_eq!(
        fs::read_dir(fixture.path(""))
            .expect("the desk")
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(".gevinst"))
            .count(),
        0
    );
}

#[test]
fn facts_are_not_put_where_no_file_can_be() {
    use std::os::unix::fs::symlink;
    let fixture = fixture();
    let at = |name: &str| fixture.path(name);
    symlink("nowhere.csv", at("dead")).expect("a link");
    let _socket = std::os::unix::net::UnixListener::bind(at("socket")).expect("a socket");
    fs::create_dir(at("folder")).expect("room");
    let before = all(&fixture);
    for (name, said) in
        [("dead", "a link to nothing"), ("socket", "a socket"), ("folder", "a folder")]
    {
        let ran = fixture.check_with(&["--facts", text(&at(name))]);
        stops(&fixture, &ran, &before, &[said, name, "--facts FILE"]);
    }
    // A folder is meant, or a file in a file.
    for name in ["new/", "new/.", "new/x/", "folder/", "folder/x/.."] {
        let ran = fixture.check_with(&["--facts", &format!("{}{name}", text(&at("")))]);
        stops(&fixture, &ran, &before, &["a folder", name, "--facts FILE"]);
    }
    // The facts and what is printed would be one file.
    for stream in ["standard output", "standard error"] {
        fixture.lay("log.txt", "kept\n");
        let log = fs::File::options().append(true).open(at("log.txt")).expect("it is there");
        let mut command = fixture.command("check", &at("deliveries"));
        command.arg("--facts").arg(at("log.txt"));
        let out = match stream {
            "standard output" => command.stdout(log).output(),
            _ => command.stderr(log).output(),
        };
        let ran = ran(&out.expect("it starts"));
        assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
        let log = fs::read_to_string(at("log.txt")).expect("the log");
        assert!(log.starts_with("kept\n"), "{log}");
        let said = format!("cannot be written to: {stream} goes there");
        assert!(ran.err.contains(&said) || log.contains(&said), "{log}{}", ran.err);
    }
}

/// The help is about what stands there, and not about room on the disk.
#[test]
fn a_file_where_a_folder_is_needed_is_named() {
    let fixture = fixture();
    fixture.lay("file", "mine");
    let before = all(&fixture);
    let at = |name: &str| text(&fixture.path(name)).to_owned();
    let said = format!("`{}` stands where a folder is needed", at("file"));
    for name in ["file/x", "file/x/y"] {
        for (ran, flag) in [
            (fixture.run(&["--out", &at(name)]), "--out DIR"),
            (fixture.check_with(&["--rettelser", &at(name)]), "--rettelser DIR"),
            (sample(&fixture, name), "--out DIR"),
            (fixture.check_with(&["--facts", &at(name)]), "--facts FILE"),
        ] {
            stops(&fixture, &ran, &before, &[&said, flag]);
            assert!(!ran.err.contains("room"), "{}", ran.err);
        }
    }
    // A cache is no condition of a run; that there can be none is said.
    for name in ["file", "file/x"] {
        let ran = fixture.check_with(&["--cache", &at(name)]);
        assert!(ran.err.contains("a file stands where a folder is needed"), "{}", ran.err);
        assert!(!ran.err.contains("room") && all(&fixture) == before, "{}", ran.err);
    }
}
