//! Any bytes as gzip, zstd or zip, and any text packed well, packed small, and damaged: what was
//! packed is what is read, and damage is refused or does no harm.
#![no_main]

use gevinst::testing::collect::Ingested;
use gevinst::testing::contract::Contract;
use gevinst_fuzz::choices::Choices;
use gevinst_fuzz::conserved::{hold, said_of_lines};
use gevinst_fuzz::fixture;
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use std::sync::LazyLock;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

static CONTRACT: LazyLock<Contract> = LazyLock::new(fixture::spending);

/// Most bytes a text is repeated to.
const MOST: usize = 1 << 16;

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Gzip,
    Zstd,
    Zip,
}

fuzz_target!(|input: &[u8]| {
    let mut choices = Choices::of(input);
    let kind = choices.one_of(&[Kind::Gzip, Kind::Zstd, Kind::Zip]);
    let packed = choices.below(4) > 0;
    let times = usize::from(choices.byte()).pow(2) / 16 + 1;
    let cut = usize::from(choices.byte());
    let damage = choices.yes().then(|| (usize::from(choices.wide()), choices.byte()));
    let name = ["0751.csv.gz", "0751.csv.zst", "a.zip"][kind as usize];
    let bytes = choices.rest();

    if !packed {
        let read = fixture::read(&CONTRACT, name, bytes);
        hold(&CONTRACT, &read);
        return;
    }
    let text = bytes.repeat(times.min(MOST / bytes.len().max(1) + 1));
    let mut file = pack(kind, &text, cut);
    if let Some((place, bits)) = damage {
        let place = place % file.len();
        if bits == 0 { file.truncate(place) } else { file[place] ^= bits }
    }
    let read = fixture::read(&CONTRACT, name, &file);
    hold(&CONTRACT, &read);
    match kind {
        Kind::Zip => hold_zip(&text, cut, &read, damage.is_some()),
        Kind::Gzip | Kind::Zstd => {
            let plain = fixture::read(&CONTRACT, "0751.csv", &text);
            let whole = read.accounts[0].rejected && read.accounts[0].lines_read == 0;
            // A zstd frame written without its checksum can be changed unseen.
            if damage.is_none() || (kind == Kind::Gzip && !whole) {
                assert_eq!(said_of_lines(&read), said_of_lines(&plain));
            }
        }
    }
});

/// The files of a zip, by name.
fn files(text: &[u8], cut: usize) -> BTreeMap<String, &[u8]> {
    let (one, other) = text.split_at(cut.min(text.len()));
    BTreeMap::from([("0751.csv".to_owned(), one), ("0752.csv".to_owned(), other)])
}

fn pack(kind: Kind, text: &[u8], cut: usize) -> Vec<u8> {
    let (one, other) = text.split_at(cut.min(text.len()));
    match kind {
        Kind::Gzip => {
            let member = |part: &[u8]| {
                let level = flate2::Compression::fast();
                let mut writer = flate2::write::GzEncoder::new(Vec::new(), level);
                writer.write_all(part).expect("memory writes");
                writer.finish().expect("memory writes")
            };
            [member(one), member(other)].concat()
        }
        Kind::Zstd => {
            let frame = |part: &[u8]| zstd::stream::encode_all(part, 1).expect("memory writes");
            [frame(one), frame(other)].concat()
        }
        Kind::Zip => {
            let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
            for (place, (name, part)) in files(text, cut).into_iter().enumerate() {
                let method = [CompressionMethod::Deflated, CompressionMethod::Stored][place];
                let options = SimpleFileOptions::default().compression_method(method);
                zip.start_file(name, options).expect("memory writes");
                zip.write_all(part).expect("memory writes");
            }
            zip.finish().expect("memory writes").into_inner()
        }
    }
}

/// Every file of the zip is read as it is outside; a damaged zip holds nothing else that is read.
fn hold_zip(text: &[u8], cut: usize, read: &Ingested, damaged: bool) {
    let mut expected = BTreeMap::new();
    for (name, part) in files(text, cut) {
        let plain = fixture::read(&CONTRACT, &format!("a.zip/{name}"), part);
        let account = &plain.accounts[0];
        expected.insert(account.blake3.clone(), (account.lines_accepted, account.accepted));
        if !damaged {
            let own = read.accounts.iter().find(|own| own.name.ends_with(&name)).expect("read");
            let place = |account: &gevinst::testing::ingest::DeliveryAccount| {
                (account.blake3.clone(), account.lines_accepted, account.lines_refused)
            };
            assert_eq!(place(own), place(account), "{name}");
        }
    }
    for account in read.accounts.iter().filter(|account| !account.rejected) {
        let said = (account.lines_accepted, account.accepted);
        assert_eq!(expected.get(&account.blake3), Some(&said), "{}", account.name);
    }
}
