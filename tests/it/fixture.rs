//! A fixture to run the binary in: a folder of its own, deliveries laid out, outcomes looked at.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// The headings of spending in the main pipeline.
pub(crate) const HEADER: &str =
    "Myndighed;Bogføringsdato;Regnskabsperiode;Ydelse;Initiativ;Konto;Posteringstekst;Beløb\n";

/// A line of it that holds.
pub(crate) const LINE: &str = "0751;01-03-2018;2018-03;BYG;2.1;22.65;Licens;1,00\n";

/// The tables of a strategy of one initiative, `i1`, and one pejlemærke, `1`.
pub(crate) const TABLES: [(&str, &str); 3] = [
    (
        "tables/initiatives.csv",
        "id;title_da;title_en;verified;owner;theme;source\ni1;E;O;nej;E;;k\n",
    ),
    ("tables/pejlemaerker.csv", "id;name_da;name_en;spending;source\n1;M;M;ja;k\n"),
    ("tables/weights.csv", "initiative;pejlemaerke;weight;source;date\ni1;1;1;k;2026-01-01\n"),
];

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder with a pipeline, deliveries and room for a report.
pub(crate) struct RunFixture {
    folder: TempDir,
    pipeline: PathBuf,
}

/// What a run of the binary came to.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl RunFixture {
    /// A fixture with the committed main pipeline on it.
    pub(crate) fn new() -> RunFixture {
        let pipeline = root().join("pipelines/faellesoffentlig-2016-2020");
        RunFixture { folder: tempfile::tempdir().expect("a folder"), pipeline }
    }

    /// A path in the fixture.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Lays a delivery in the fixture.
    pub(crate) fn deliver(&self, name: &str, bytes: impl AsRef<[u8]>) -> &RunFixture {
        self.lay(&format!("deliveries/{name}"), bytes)
    }

    /// Lays any file in the fixture.
    pub(crate) fn lay(&self, name: &str, bytes: impl AsRef<[u8]>) -> &RunFixture {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
        self
    }

    /// Copies the main pipeline into the fixture, so that it can be changed.
    pub(crate) fn own_pipeline(mut self) -> RunFixture {
        let own = self.path("pipeline");
        for (name, bytes) in tree(&self.pipeline) {
            self.lay(&format!("pipeline/{name}"), bytes);
        }
        self.pipeline = own;
        self
    }

    /// Lays a pipeline of these files in the fixture, in place of the main one.
    pub(crate) fn with_pipeline(mut self, files: &[(&str, &str)]) -> RunFixture {
        for (name, text) in files {
            self.lay(&format!("pipeline/{name}"), text);
        }
        self.pipeline = self.path("pipeline");
        self
    }

    /// Changes a file of the fixture's own pipeline.
    pub(crate) fn change(&self, name: &str, from: &str, to: &str) -> &RunFixture {
        let path = self.pipeline.join(name);
        let text = std::fs::read_to_string(&path).expect("a file of the pipeline");
        assert!(text.contains(from), "{name} has no `{from}`");
        std::fs::write(path, text.replacen(from, to, 1)).expect("a file");
        self
    }

    /// `gevinst run` in the fixture's deliveries, report in `report`, with further arguments.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.gevinst("run", &self.path("deliveries"), arguments)
    }

    /// `gevinst run` on the committed sample.
    pub(crate) fn run_sample(&self, arguments: &[&str]) -> Ran {
        self.gevinst("run", &root().join("sample-data"), arguments)
    }

    /// `gevinst check` in the fixture's deliveries.
    pub(crate) fn check(&self) -> Ran {
        self.check_with(&[])
    }

    /// `gevinst check` in the fixture's deliveries, with further arguments.
    pub(crate) fn check_with(&self, arguments: &[&str]) -> Ran {
        let mut command = self.command("check", &self.path("deliveries"));
        ran(&command.args(arguments).output().expect("the binary starts"))
    }

    /// `gevinst check` with correction packs, which it lays in `rettelser`.
    pub(crate) fn check_with_packs(&self) -> Ran {
        let packs = self.path("rettelser");
        self.check_with(&["--rettelser", packs.to_str().expect("a path in UTF-8")])
    }

    /// The correction packs and their bytes.
    pub(crate) fn packs(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.path("rettelser"))
    }

    fn gevinst(&self, subcommand: &str, deliveries: &Path, arguments: &[&str]) -> Ran {
        let mut command = self.command(subcommand, deliveries);
        if !arguments.contains(&"--out") {
            command.arg("--out").arg(self.path("report"));
        }
        ran(&command.args(arguments).output().expect("the binary starts"))
    }

    /// The command, not yet started.
    pub(crate) fn command(&self, subcommand: &str, deliveries: &Path) -> Command {
        let mut command = binary();
        command.arg(subcommand).arg(&self.pipeline).arg("--deliveries").arg(deliveries);
        command
    }

    /// The report's files and their bytes.
    pub(crate) fn report(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.path("report"))
    }
}

/// The pack of this name with some of its text changed.
pub(crate) fn edited(fixture: &RunFixture, name: &str, changes: &[(&str, &str)]) -> String {
    let mut text = String::from_utf8(fixture.packs()[name].clone()).expect("UTF-8");
    for (from, to) in changes {
        assert!(text.contains(from), "the pack has no `{from}`:\n{text}");
        text = text.replace(from, to);
    }
    text
}

/// Lines of the output that begin so.
pub(crate) fn said<'a>(ran: &'a Ran, start: &str) -> Vec<&'a str> {
    ran.out.lines().filter(|line| line.starts_with(start)).collect()
}

/// The binary under test.
pub(crate) fn binary() -> Command {
    Command::new(env!("CARGO_BIN_EXE_gevinst"))
}

/// What a finished process came to.
pub(crate) fn ran(output: &Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Every file below a folder, by relative path; empty when there is no such folder.
pub(crate) fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").display().to_string();
                files.insert(name, std::fs::read(&path).expect("a file"));
            }
        }
    }
    files
}
