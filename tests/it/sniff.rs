//! What is proposed for real files, against what their collection says of them; and the command.

use crate::real::{collection, hundredths, truth};
use gevinst::testing::domain::{Folder, Language};
use gevinst::testing::sniff::{render, sniff};
use gevinst::testing::source::Delivery;
use gevinst::testing::{collect, contract, disk};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// Files by folder of the collection: encoding, delimiter and line of the header.
const FILES: &[(&str, &str, &str, char, usize)] = &[
    ("derived_dk", "gcloud_maanedlig/it-forbrug-2012-04.csv", "windows-1252", ';', 1),
    ("derived_dk", "fl16-cp1252-crlf.csv", "windows-1252", ';', 1),
    ("dk_finanslov_2016", "fl16.csv", "utf-8", ';', 1),
    ("dk_finanslov_2016", "fl16-m-niveauer.csv", "utf-8", ';', 1),
    ("dk_finanslov_latin1", "finanslov-2003.csv", "windows-1252", ';', 1),
    ("dk_finanslov_years", "finanslov_y2016.tsv", "utf-8", '\t', 1),
    ("dk_originals_small", "kommuner-latin1.csv", "windows-1252", ',', 1),
    ("dk_originals_small", "statbank-bulk-off3-fixture.csv", "utf-8", ';', 1),
    ("no_datahotell", "bergen-2012-drift.csv", "utf-8", ';', 1),
    ("no_datahotell", "innsynskrav-2010.csv", "utf-8", ';', 1),
    ("no_datahotell", "partistotte-2011.csv", "utf-8", ';', 1),
    ("at_graz_budget", "Rechnungsabschluss2009.csv", "windows-1252", ';', 1),
    ("other_gov", "albania-treasury.csv", "utf-8", ',', 1),
    ("uk_gcloud", "G-Cloud-Total-Spend-13-12-13.csv", "macintosh", ',', 1),
    // Its two bytes beyond ASCII, 9C in front of 3000, are a pound sign in DOS pages alone.
    ("uk_departments_raw", "BIS_spending_over__25_000_July_2014.csv", "cp850", ',', 1),
    ("uk_gla_raw", "gla-2011-12-P13-500.csv", "windows-1252", ',', 7),
    ("uk_gla_raw", "gla-december_2009.csv", "windows-1252", ',', 4),
    ("uk_gla_periods", "gla-2013-P01.csv", "utf-8", ',', 1),
    ("uk_leeds_raw", "leeds-2011-05.csv", "utf-8", ',', 1),
    ("uk_multi_agency", "salford-2019-01.csv", "utf-8", ',', 1),
    ("uk_transactions", "transaction-volumes-2013q2.derived-from-json.csv", "utf-8", ',', 1),
];

fn delivery(folder: &Path, file: &str) -> Delivery {
    disk::open_one(&folder.join(file)).expect("a real file")
}

#[test]
fn real_files_are_known_by_their_layout() {
    for (folder, file, encoding, delimiter, header) in FILES {
        let Some(folder) = collection(folder) else {
            continue;
        };
        let delivery = delivery(&folder, file);
        let sniffed = sniff(&delivery.name, delivery.content.as_ref())
            .unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(sniffed.encoding.value, *encoding, "{file}");
        assert_eq!(sniffed.delimiter.value, *delimiter, "{file}");
        assert_eq!(sniffed.header.value, Some(*header), "{file}");
        for language in Language::ALL {
            let printed = render(&sniffed, &delivery.name, language);
            let read = contract::keys(&printed);
            assert!(read.is_ok(), "{file}: {read:?}");
        }
    }
}

/// Reads a real file under the contract proposed for it: lines read, accepted, and their sum.
fn as_proposed(folder: &Path, file: &str) -> (u32, u32, i64) {
    let given = delivery(folder, file);
    let sniffed = sniff(&given.name, given.content.as_ref()).expect("a table");
    // Whom the lines of such a file are of is for a person to say; here one has.
    let printed = render(&sniffed, &given.name, Language::En)
        .replace("undecided = [\"authority\"]\n", "")
        .replace("authority = \"?\"", "authority = \"A\"");
    let files = BTreeMap::from([("contracts/proposed.toml".to_owned(), printed.into_bytes())]);
    let month = |text: &str| text.parse().expect("a month");
    let unknown = contract::Terms::unknown();
    let terms = contract::Terms { first: month("1990-01"), last: month("2090-12"), ..unknown };
    let contracts = contract::compile(&Folder { name: "p".into(), files }, &Arc::new(terms))
        .unwrap_or_else(|error| panic!("{file}: {error}"));
    let ingested = collect::ingest(&contracts, &[given], &|| ()).expect("the file is readable");
    let account = &ingested.accounts[0];
    assert!(!account.rejected, "{file}: {:?}", ingested.quarantine);
    (account.lines_read, account.lines_accepted, account.accepted.get())
}

#[test]
fn the_contract_proposed_for_a_real_file_reads_it_to_the_penny() {
    let Some(folder) = collection("uk_gla_periods") else {
        return;
    };
    let truth = truth(&folder);
    for file in ["gla-2013-P01.csv", "gla-2014-P01.csv"] {
        let expected = &truth["files"][file];
        let (read, accepted, sum) = as_proposed(&folder, file);
        assert_eq!(Some(u64::from(read)), expected["data_rows"].as_u64(), "{file}");
        assert_eq!(read, accepted, "{file}");
        assert_eq!(sum, hundredths(&expected["sum_amount"]), "{file}");
    }
}

#[test]
fn a_month_in_which_every_date_is_the_first_is_refused_until_decided() {
    let Some(folder) = collection("derived_dk") else {
        return;
    };
    // Every date of the file is 01-04-2012: the first of April, or the fourth of January.
    let (read, accepted, sum) = as_proposed(&folder, "gcloud_maanedlig/it-forbrug-2012-04.csv");
    assert_eq!((read, accepted, sum), (16, 0, 0));
}

fn gevinst(arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_gevinst")).args(arguments).output().expect("gevinst starts")
}

#[test]
fn the_command_prints_a_contract_and_says_what_is_no_table() {
    let sample: PathBuf =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data/forbrug/0101-2016.csv");
    let path = sample.to_str().expect("a UTF-8 path");
    for (language, said) in [("da", "# Tegnsæt:"), ("en", "# Encoding:")] {
        let output = gevinst(&["sniff", path, "--language", language]);
        assert_eq!(output.status.code(), Some(0));
        let printed = String::from_utf8(output.stdout).expect("UTF-8");
        assert!(printed.contains(said), "{printed}");
        assert!(printed.contains("role = \"amount\""), "{printed}");
    }
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/overblik.png");
    let output = gevinst(&["sniff", picture.to_str().expect("a UTF-8 path")]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(said.contains("is no table of text but binary"), "{said}");
}
