//! What a run replaces is what gevinst wrote, and nothing it writes touches what is read.

use crate::fixture::{HEADER, LINE, Ran, RunFixture, binary, ran, root, tree};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const REFUSED: &str = "0751;01-03-2018;2018-03;BYG;2.1;22.65;Licens;en\n";

/// A fixture with a delivery, a report, correction packs and a sample of gevinst's own.
pub(crate) fn fixture() -> RunFixture {
    let fixture = RunFixture::new().own_pipeline();
    fixture.change("pipeline.toml", "refused_lines_ppm = 20_000", "refused_lines_ppm = 1_000_000");
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{LINE}{REFUSED}"));
    assert_eq!(fixture.run(&[]).code, 0);
    assert_eq!(fixture.check_with_packs().code, 0);
    assert_eq!(sample(&fixture, "sample").code, 0);
    fixture
}

pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}

pub(crate) fn sample(fixture: &RunFixture, out: &str) -> Ran {
    let mut command = binary();
    command.arg("sample").arg(fixture.path("pipeline")).arg("--out").arg(fixture.path(out));
    ran(&command.output().expect("the binary starts"))
}

/// The three folders that are replaced, each with its manifest and a file that is listed in it.
const FOLDERS: [(&str, &str, &str); 3] = [
    ("report", "receipt.json", "da/index.html"),
    ("rettelser", "rettelser.json", "0751.csv"),
    ("sample", "answers.toml", "README.md"),
];

/// Writes one of the folders anew.
fn again(fixture: &RunFixture, folder: &str) -> Ran {
    match folder {
        "report" => fixture.run(&[]),
        "rettelser" => fixture.check_with_packs(),
        _ => sample(fixture, folder),
    }
}

/// Everything in the fixture: links and folders too, and nothing followed.
pub(crate) fn all(fixture: &RunFixture) -> BTreeMap<PathBuf, Option<Vec<u8>>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![fixture.path("")];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).expect("a folder").flatten() {
            let kind = entry.file_type().expect("a kind");
            let bytes = kind.is_file().then(|| fs::read(entry.path()).expect("a file"));
            if kind.is_dir() {
                folders.push(entry.path());
            }
            found.insert(entry.path(), bytes);
        }
    }
    found
}

pub(crate) fn stops(
    fixture: &RunFixture,
    ran: &Ran,
    before: &BTreeMap<PathBuf, Option<Vec<u8>>>,
    said: &[&str],
) {
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("error: ") && ran.err.contains("\nhelp: "), "{}", ran.err);
    for said in said {
        assert!(ran.err.contains(said), "{said}: {}", ran.err);
    }
    assert!(all(fixture) == *before, "something was touched: {}", ran.err);
}

#[test]
fn what_gevinst_wrote_is_replaced_again_and_again() {
    let fixture = fixture();
    let first = all(&fixture);
    for (folder, _, listed) in FOLDERS {
        assert_eq!(again(&fixture, folder).code, 0, "{folder}");
        fs::remove_file(fixture.path(folder).join(listed)).expect("a listed file");
        let ran = again(&fixture, folder);
        assert_eq!(ran.code, 0, "what is missing is nobody's: {}", ran.err);
    }
    assert!(all(&fixture) == first);
}

/// Puts something at a path.
type Put<'a> = &'a dyn Fn(&Path);

#[test]
fn whatever_the_manifest_does_not_list_stops_the_run_by_name() {
    let fixture = fixture();
    for (folder, manifest, listed) in FOLDERS {
        let path = |name: &str| fixture.path(folder).join(name);
        let put: [(&str, &str, Put); 6] = [
            ("note.txt", "note.txt", &|at| fs::write(at, "mine").expect("room")),
            ("data-2/a/b.csv", "data-2", &|at| {
                fs::create_dir_all(at.parent().expect("a folder")).expect("room");
                fs::write(at, "mine").expect("room");
            }),
            ("empty", "empty", &|at| fs::create_dir(at).expect("room")),
            (".hidden", ".hidden", &|at| fs::write(at, "mine").expect("room")),
            (listed, listed, &|at| fs::write(at, "edited by hand").expect("room")),
            ("link", "link", &|at| {
                #[cfg(unix)]
                std::os::unix::fs::symlink(path(manifest), at).expect("a link");
                #[cfg(not(unix))]
                fs::write(at, "mine").expect("room");
            }),
        ];
        for (name, said, put) in put {
            let old = fs::read(path(name)).ok();
            put(&path(name));
            let before = all(&fixture);
            let flag = if folder == "rettelser" { "--rettelser DIR" } else { "--out DIR" };
            stops(&fixture, &again(&fixture, folder), &before, &[&format!("`{said}`"), flag]);
            let whole = path(name.split('/').next().expect("a name"));
            match (old, fs::symlink_metadata(&whole).expect("it stands").is_dir()) {
                (Some(bytes), _) => fs::write(path(name), bytes).expect("room"),
                (None, true) => fs::remove_dir_all(whole).expect("ours"),
                (None, false) => fs::remove_file(whole).expect("ours"),
            }
        }
        assert_eq!(again(&fixture, folder).code, 0);
    }
}

#[test]
fn a_manifest_is_known_by_what_it_says() {
    let fixture = fixture();
    for (folder, manifest, _) in FOLDERS {
        let path = fixture.path(folder).join(manifest);
        let own = fs::read_to_string(&path).expect("a manifest");
        let (new, old) = match folder {
            "report" => ("gevinst-receipt/2", "gevinst-receipt/1"),
            "rettelser" => ("gevinst-rettelser/1", "somebody-rettelser/1"),
            _ => ("schema = \"gevinst-answers/1\"\n", ""),
        };
        assert!(own.contains(new), "{own}");
        let older = if folder == "rettelser" { manifest } else { "of an older version of gevinst" };
        for (text, said) in [
            (own.replace(new, old), older),
            (String::new(), manifest),
            ("my own notes".to_owned(), manifest),
            ("{}".to_owned(), manifest),
            (
                own.replace(new, &new.replace("gevinst", "another")),
                if old.is_empty() { "older" } else { manifest },
            ),
        ] {
            fs::write(&path, text).expect("room");
            let before = all(&fixture);
            stops(
                &fixture,
                &again(&fixture, folder),
                &before,
                &[said, "name a new or empty folder"],
            );
        }
        fs::remove_file(&path).expect("a manifest");
        let before = all(&fixture);
        stops(&fixture, &again(&fixture, folder), &before, &["which gevinst did not write there"]);
    }
}

/// A manifest that names files elsewhere takes nobody there.
#[test]
fn only_what_is_in_the_folder_is_removed() {
    let fixture = fixture();
    let path = fixture.path("report/receipt.json");
    let own = fs::read_to_string(&path).expect("a receipt");
    fixture.lay("outside.txt", "mine");
    let outside = fixture.path("outside.txt");
    for name in ["../outside.txt", text(&outside)] {
        fs::write(&path, own.replacen("da/index.html", name, 1)).expect("room");
        fs::remove_file(fixture.path("report/da/index.html")).expect("a page");
        assert_eq!(fixture.run(&[]).code, 0);
        assert!(outside.exists() && fixture.path("report/da/index.html").exists());
    }
}

#[test]
fn a_report_is_known_by_a_receipt_that_lists_every_file() {
    let fixture = fixture();
    let receipt: serde_json::Value =
        serde_json::from_slice(&fixture.report()["receipt.json"]).expect("JSON");
    let listed = receipt["files"].as_array().expect("files").iter();
    let listed: BTreeMap<String, String> = listed
        .map(|file| {
            [&file["name"], &file["blake3"]]
                .map(|text| text.as_str().expect("a text").to_owned())
                .into()
        })
        .collect();
    let mut report = fixture.report();
    report.remove("receipt.json");
    let found =
        report.into_iter().map(|(name, bytes)| (name, blake3::hash(&bytes).to_hex().to_string()));
    assert_eq!(listed, found.collect());
}

#[cfg(unix)]
#[test]
fn a_link_is_left_alone_and_what_it_leads_to_replaced() {
    use std::os::unix::fs::symlink;
    let fixture = fixture();
    let report = fixture.report();
    fs::rename(fixture.path("report"), fixture.path("real")).expect("one disk");
    symlink("real", fixture.path("report")).expect("a link");
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{LINE}{LINE}"));
    assert_eq!(fixture.run(&[]).code, 0);
    assert!(fixture.path("report").is_symlink());
    assert!(tree(&fixture.path("real")) != report && !fixture.report().is_empty());

    symlink("nowhere", fixture.path("dead")).expect("a link");
    let before = all(&fixture);
    let out = fixture.path("dead");
    stops(&fixture, &fixture.run(&["--out", text(&out)]), &before, &["a link to nothing"]);
    let out = fixture.path("deliveries/forbrug/0751-2018.csv");
    stops(
        &fixture,
        &fixture.run(&["--out", text(&out)]),
        &before,
        &["would lie in the deliveries"],
    );
    fixture.lay("file", "no folder");
    let before = all(&fixture);
    let out = fixture.path("file");
    stops(&fixture, &fixture.run(&["--out", text(&out)]), &before, &["is no folder"]);
}

/// Everything that is written against everything that is read or written, both ways round.
#[test]
fn what_is_written_stands_apart_from_what_is_read() {
    let fixture = fixture();
    fs::rename(fixture.path("report"), fixture.path("old")).expect("one disk");
    fixture.lay("holds/in/x.csv", "x\n").lay("holds/receipt.json", "{}");
    #[cfg(unix)]
    std::os::unix::fs::symlink("deliveries", fixture.path("linked")).expect("a link");
    let before = all(&fixture);
    let at = |name: &str| text(&fixture.path(name)).to_owned();
    let run = |words: &[&str]| {
        let words: Vec<String> = words
            .iter()
            .map(|word| if word.starts_with("--") { (*word).to_owned() } else { at(word) })
            .collect();
        let has = |flag: &str| words.iter().any(|word| word == flag);
        let mut command = binary();
        let checks = has("--rettelser") || has("--facts");
        command.arg(if checks { "check" } else { "run" }).arg(at("pipeline")).args(&words);
        if !has("--deliveries") {
            command.arg("--deliveries").arg(at("deliveries"));
        }
        if !checks && !has("--out") {
            command.arg("--out").arg(at("report"));
        }
        ran(&command.output().expect("the binary starts"))
    };
    for (words, said) in [
        (&["--out", "deliveries"][..], "the report in `"),
        (&["--out", "deliveries/new/report"], "would lie in the deliveries"),
        (&["--out", "deliveries/../deliveries/report"], "would lie in the deliveries"),
        (&["--out", "none/../deliveries/report"], "would lie in the deliveries"),
        (&["--out", "holds", "--deliveries", "holds/in"], "would hold the deliveries"),
        (&["--out", "pipeline"], "would be the pipeline"),
        (&["--out", "pipeline/report"], "would lie in the pipeline"),
        (&["--out", "."], "would hold the deliveries"),
        (&["--out", "old", "--previous", "old/receipt.json"], "would hold the previous receipt"),
        (&["--cache", "deliveries/cache"], "would lie in the deliveries"),
        (&["--cache", "pipeline/cache"], "would lie in the pipeline"),
        (&["--cache", "."], "would lie in the cache"),
        (&["--out", "c/report", "--cache", "c"], "would lie in the cache"),
        (&["--out", "c", "--cache", "c/c"], "would hold the cache"),
        (&["--rettelser", "deliveries/packs"], "would lie in the deliveries"),
        (&["--rettelser", "pipeline/packs"], "would lie in the pipeline"),
        (&["--rettelser", "p", "--cache", "p"], "would be the cache"),
        (&["--rettelser", "p", "--facts", "p/facts.csv"], "would hold the facts"),
        (&["--facts", "f", "--rettelser", "f"], "would be the facts"),
        (&["--facts", "deliveries/forbrug/0751-2018.csv"], "would lie in the deliveries"),
        (&["--facts", "pipeline/pipeline.toml"], "would lie in the pipeline"),
        (&["--facts", "c/facts.csv", "--cache", "c"], "would lie in the cache"),
        (
            &["--facts", "old/receipt.json", "--previous", "old/receipt.json"],
            "would be the previous",
        ),
        #[cfg(unix)]
        (&["--out", "linked/report"], "would lie in the deliveries"),
        #[cfg(unix)]
        (&["--out", "deliveries/report", "--deliveries", "linked"], "would lie in the deliveries"),
    ] {
        let ran = run(words);
        stops(&fixture, &ran, &before, &[said, "--"]);
    }
    for (out, said) in [("pipeline", "be"), ("pipeline/x", "lie in"), ("", "hold")] {
        stops(
            &fixture,
            &sample(&fixture, out),
            &before,
            &[&format!("the sample in `{}` would {said} the pipeline", at(out))],
        );
    }
}

/// Links among the deliveries to what is written, now or later, or around it, cost their sender a
/// delivery, and nobody the run; nor does what was written make the next run another.
#[cfg(unix)]
#[test]
fn a_link_to_what_is_written_ends_nobodys_run() {
    use std::os::unix::fs::symlink;
    let fixture = RunFixture::new();
    fixture.deliver("forbrug/0751-2018.csv", format!("{HEADER}{LINE}"));
    let own = fixture.path("");
    for (name, to) in [
        ("out", "../report"),
        ("in-out", "../report/data"),
        ("above", ".."),
        ("absolute", text(&own)),
        ("cache", "../cache"),
        ("packs", "../packs/x"),
        ("facts.csv", "../facts.csv"),
        ("winding", "forbrug/../../none/../report"),
    ] {
        symlink(to, fixture.path("deliveries").join(name)).expect("a link");
    }
    let cache = fixture.path("cache");
    let run = || {
        let ran = fixture.run(&["--cache", text(&cache)]);
        assert_eq!(ran.code, 0, "eight are tolerated: {}", ran.err);
        assert!(ran.out.contains("lines: 1 read = 1 posted"), "{}", ran.out);
        let report = fixture.report();
        let refused = std::str::from_utf8(&report["data/quarantine.csv"]).expect("UTF-8");
        let said = "it is a link that leads out of the folder of deliveries";
        assert_eq!(refused.matches(said).count(), 8, "{refused}");
        assert!(refused.contains("\nwinding,,,Q015,"), "{refused}");
        report
    };
    let first = run();
    assert!(run() == first, "what stands where a link leads makes another report");
    let (packs, facts) = (fixture.path("packs"), fixture.path("facts.csv"));
    for _ in 0..2 {
        let ran = fixture.check_with(&["--rettelser", text(&packs), "--facts", text(&facts)]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
}

#[test]
fn a_personal_number_in_a_path_is_in_no_message() {
    let fixture = fixture();
    fixture.lay("010180-1234/note-020280-1234.txt", "mine");
    let own = fixture.path("010180-1234");
    let folder = text(&own);
    let missing = fixture.path("none/030380-1234");
    for ran in [
        fixture.run(&["--out", folder]),
        fixture.check_with(&["--rettelser", folder]),
        fixture.check_with(&["--facts", folder]),
        fixture.check_with(&["--previous", text(&missing)]),
        fixture.check_with(&["--previous", folder]),
        fixture.check_with(&["--previous", &format!("{folder}/note-020280-1234.txt")]),
        fixture.run(&["--cache", text(&fixture.path("deliveries/010180-1234"))]),
        sample(&fixture, "010180-1234"),
        ran(&binary().arg("check").arg(&missing).output().expect("the binary starts")),
        ran(&binary().arg("check").arg(&own).output().expect("the binary starts")),
    ] {
        assert_eq!(ran.code, 1, "{}", ran.err);
        assert!(ran.err.contains("******-****"), "{}", ran.err);
        assert!(!ran.err.contains("80-1234"), "{}", ran.err);
    }
}

#[test]
fn the_receipt_of_the_run_before_is_read_in_either_form() {
    let fixture = fixture();
    let own = fs::read_to_string(fixture.path("report/receipt.json")).expect("a receipt");
    for form in ["gevinst-receipt/1", "gevinst-receipt/2"] {
        fixture.lay("before.json", own.replace("gevinst-receipt/2", form));
        let ran = fixture.run(&["--previous", text(&fixture.path("before.json"))]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    }
    fixture.lay("before.json", own.replace("gevinst-receipt/2", "gevinst-receipt/3"));
    assert_eq!(fixture.run(&["--previous", text(&fixture.path("before.json"))]).code, 1);
}

#[test]
fn a_sample_of_our_own_is_the_committed_one() {
    let committed = tree(&root().join("sample-data"));
    let listed: toml::Table =
        std::str::from_utf8(&committed["answers.toml"]).expect("UTF-8").parse().expect("TOML");
    let written = listed["written"].as_table().expect("a table");
    assert_eq!(written.len(), committed.len() - 1);
    for (name, hash) in written {
        let found = blake3::hash(&committed[name]).to_hex().to_string();
        assert_eq!(hash.as_str(), Some(found.as_str()), "{name}");
    }
}
