//! Ingests the same deliveries a number of times, and prints how many lines that is each time.
//! What one more time costs is what an ingest costs, whatever starting and reading a pipeline does.
//! The rooms that turn bytes into facts are compiled from where they stand.

#![allow(dead_code, unused, unreachable_pub, reason = "the rooms are not here to use all of them")]

#[path = "../../../../src/domain/mod.rs"]
mod domain;
#[path = "../../../../src/facts/mod.rs"]
mod facts;
#[path = "../../../../src/contract/mod.rs"]
mod contract;
#[path = "../../../../src/programme/mod.rs"]
mod programme;
#[path = "../../../../src/source/mod.rs"]
mod source;
#[path = "../../../../src/validate/mod.rs"]
mod validate;
#[path = "../../../../src/kernel/mod.rs"]
mod kernel;
#[path = "../../../../src/ingest/mod.rs"]
mod ingest;
#[path = "../../../../src/collect/mod.rs"]
mod collect;
#[path = "../../../../src/disk/mod.rs"]
mod disk;

use crate::domain::error::Error;
use crate::source::content::Delivery;
use std::fmt::Write as _;
use std::path::Path;

/// Lines of made-up deliveries: many to one line of the header, few enough to count in seconds.
const LINES: u32 = 20_000;

fn main() -> Result<(), Error> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [root, what, times] = &arguments[..] else { panic!("ROOT kernel|sample TIMES") };
    let root = Path::new(root);
    let (pipeline, deliveries) = match what.as_str() {
        "kernel" => ("tests/bench/pipeline", made_up()),
        "sample" => {
            let all = disk::open_all(&root.join("sample-data"))?.deliveries;
            ("pipelines/faellesoffentlig-2016-2020", all)
        }
        other => panic!("`{other}` is neither kernel nor sample"),
    };
    let folder = disk::read_folder(&root.join(pipeline))?;
    let programme = programme::parse(&folder)?;
    let contracts = contract::compile(&folder, &programme::terms(&programme).into())?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("one thread");
    for _ in 0..times.parse().expect("a number") {
        let read = pool.install(|| collect::ingest(&contracts, &deliveries, &|| ()))?;
        println!("{}", read.accounts.iter().map(|account| account.lines_read).sum::<u32>());
    }
    Ok(())
}

/// Ledger lines as `tests/bench/deliveries.py` makes them, plainer and always the same: four
/// authorities, twelve months, some texts in quotes, one line in a thousand refused.
fn made_up() -> Vec<Delivery> {
    let mut seed = 751_u64;
    let mut draw = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    ["0101", "0108", "0115", "0122"]
        .into_iter()
        .map(|number| {
            let mut text = String::from(
                "myndighed;bogfoeringsdato;initiativ;konto;leverandoer_cvr;beloeb;tekst\n",
            );
            for line in 0..LINES / 4 {
                let (day, month) = (1 + draw(28), 1 + draw(12));
                let plan = 1 + draw(3);
                let account = 11 + 7 * draw(12);
                let (cvr, kroner, oere) =
                    (10_000_000 + draw(90_000_000), 100 + draw(900), draw(100));
                let thousands = if draw(3) == 0 { "12." } else { "" };
                let words = if draw(20) == 0 { "\"drift; løn\"" } else { "Licenser og drift" };
                let year = if line % 1000 == 999 { 2031 } else { 2017 };
                writeln!(
                    text,
                    "kommune-{number};{day:02}-{month:02}-{year};{plan}.1;{account}.05;{cvr};\
                     {thousands}{kroner},{oere:02};{words}"
                )
                .expect("a String takes any text");
            }
            let name = format!("spending/kommune-{number}.csv");
            Delivery { name, content: Box::new(text.into_bytes()) }
        })
        .collect()
}
