//! Contracts to read under, and deliveries to read.

use gevinst::testing::collect::{Ingested, ingest, ingest_in_ranges, ingest_plainly};
use gevinst::testing::contract::{Contract, Layout, Pattern, Role, Terms, Validity, compile};
use gevinst::testing::disk::read_folder;
use gevinst::testing::domain::{AuthorityId, Folder, InitiativeId, ServiceId};
use gevinst::testing::run::define;
use gevinst::testing::source::Delivery;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// The name of every delivery.
pub const NAME: &str = "0751.csv";

/// A contract with one of everything; its marks are put in by `everything`.
const EVERYTHING: &str = include_str!("../contracts/everything.toml");

/// A contract like most: for what is packed.
const SPENDING: &str = include_str!("../contracts/spending.toml");

/// A contract with one column of each kind, all of them guarded and none held against a register.
const GUARDED: &str = include_str!("../contracts/guarded.toml");

/// The committed pipelines whose contracts deliveries are read under. The place of a contract is a
/// choice in an input, so new ones go last.
const PIPELINES: [&str; 12] = [
    "pipelines/faellesoffentlig-2016-2020",
    "pipelines/uk-gcloud",
    "pipelines/uk-gla",
    "pipelines/uk-transactions",
    "tests/pipelines/refusal",
    "tests/pipelines/at-graz-budget",
    "tests/pipelines/dk-finanslov",
    "tests/pipelines/dk-originals-small",
    "tests/pipelines/no-datahotell",
    "tests/pipelines/other-gov",
    "tests/pipelines/uk-gla-raw",
    "tests/pipelines/uk-leeds-raw",
];

/// How many ways `EVERYTHING` can be marked.
const MARKS: usize = 3 * 3 * 3 * 2 * 3;

/// Every contract, each claiming `NAME`; senders with ways of their own are contracts of their own.
pub fn contracts() -> Vec<Contract> {
    let mut contracts: Vec<Contract> = (0..MARKS).map(everything).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for pipeline in PIPELINES {
        let folder = read_folder(&root.join(pipeline)).expect("a committed pipeline");
        for contract in define(&folder).expect("a committed pipeline holds").1 {
            let own = (contract.layout.clone(), None);
            let of_senders =
                contract.senders.iter().map(|sender| (sender.layout.clone(), Some(sender)));
            for (layout, sender) in std::iter::once(own).chain(of_senders) {
                let sender = sender.cloned();
                let mut contract = Contract { layout, senders: Vec::new(), ..contract.clone() };
                contract.senders.extend(sender.map(|mut sender| {
                    sender.names = names(&contract);
                    sender
                }));
                contracts.push(claiming(contract));
            }
        }
    }
    contracts
}

/// The contract as one that claims `NAME`, whose authority exists.
pub fn claiming(mut contract: Contract) -> Contract {
    contract.names = names(&contract);
    let mut terms = (*contract.terms).clone();
    if let Some(authorities) = &mut terms.authorities {
        let always = Validity { from: None, to: None, expected: true };
        authorities.entry(AuthorityId::new("0751")).or_insert(always);
    }
    contract.terms = Arc::new(terms);
    contract
}

/// A template for `NAME`: the name says whom lines are of only where nothing else does.
fn names(contract: &Contract) -> Vec<Pattern> {
    let said = contract.authority.is_some()
        || contract.columns.iter().any(|column| column.role == Some(Role::Authority));
    let template = if said { NAME } else { "{authority}.csv" };
    vec![Pattern::parse(template).expect("a template")]
}

/// One of the ways `EVERYTHING` can be marked.
fn everything(which: usize) -> Contract {
    let mut which = which;
    let mut one_of = |list: &[&'static str]| {
        let choice = list[which % list.len()];
        which /= list.len();
        choice
    };
    let text = EVERYTHING
        .replace(
            "ENCODINGS",
            one_of(&[r#""utf-8", "windows-1252""#, r#""windows-1252""#, r#""utf-8""#]),
        )
        .replace("QUOTE", one_of(&["\\\"", "'", ""]))
        .replace("SURPLUS", one_of(&["refuse", "ignore", "ignoreEmpty"]))
        .replace("KEY", one_of(&["", r#""who", "when", "text""#]))
        .replace("KIND", one_of(&["", "closed", "wide"]));
    let text = if text.contains("# closed") {
        text.replace("fieldsMatch = \"subset\"", "fieldsMatch = \"equal\"")
    } else if text.contains("# wide") {
        text.replace("# in the wide: ", "")
    } else {
        text
    };
    of_text(&text)
}

/// The contract packed deliveries are read under.
pub fn spending() -> Contract {
    of_text(SPENDING)
}

/// The contract the guard is asked under: whoever and whatever a line names is followed.
pub fn guarded() -> Contract {
    let terms = Terms { authorities: None, services: None, initiatives: None, ..terms() };
    let contracts = compile(&folder(GUARDED.as_bytes()), &Arc::new(terms));
    contracts.unwrap_or_else(|error| panic!("{error}")).remove(0)
}

fn of_text(text: &str) -> Contract {
    compiled(text.as_bytes()).unwrap_or_else(|error| panic!("{error}")).remove(0)
}

/// A contract file compiled, held against small registers.
///
/// # Errors
/// Every problem in it.
pub fn compiled(text: &[u8]) -> Result<Vec<Contract>, gevinst::testing::domain::Error> {
    compile(&folder(text), &Arc::new(terms()))
}

fn folder(text: &[u8]) -> Folder {
    Folder {
        name: "pipelines/fuzz".into(),
        files: BTreeMap::from([("contracts/all.toml".to_owned(), text.to_vec())]),
    }
}

fn terms() -> Terms {
    let month = |text: &str| text.parse().expect("a month");
    let validity = |to: Option<&str>| Validity { from: None, to: to.map(month), expected: true };
    let service = |id, plan| (ServiceId::new(id), InitiativeId::new(plan));
    Terms {
        first: month("2016-01"),
        last: month("2018-12"),
        authorities: Some(BTreeMap::from([
            (AuthorityId::new("0751"), validity(None)),
            (AuthorityId::new("OLD"), validity(Some("2016-01"))),
        ])),
        services: Some(BTreeMap::from([service("BYG", "1.1"), service("FLYT", "1.2")])),
        initiatives: Some(BTreeSet::from([InitiativeId::new("1.1"), InitiativeId::new("1.2")])),
        ..Terms::unknown()
    }
}

/// The header line a contract asks for, under its first delimiter.
pub fn header(contract: &Contract) -> Vec<u8> {
    let mut headings = Vec::new();
    for column in &contract.columns {
        let heading = &column.headings[0];
        if column.per_period {
            let labels = contract.unpivot.iter();
            headings.extend(labels.map(|(label, _)| contract.unpivoted(heading, label)));
        } else {
            headings.push(heading.clone());
        }
    }
    let mark = char::from(layout(contract).delimiters[0]).to_string();
    (headings.join(&mark) + "\n").into_bytes()
}

/// The layout deliveries are read in.
pub fn layout(contract: &Contract) -> &Layout {
    contract.sender(NAME).0
}

/// A delivery in memory.
pub fn delivery(name: &str, bytes: &[u8]) -> Delivery {
    Delivery { name: name.to_owned(), content: Box::new(bytes.to_vec()) }
}

/// The reading of a delivery as every run reads it.
pub fn read(contract: &Contract, name: &str, bytes: &[u8]) -> Ingested {
    let deliveries = [delivery(name, bytes)];
    ingest(std::slice::from_ref(contract), &deliveries, &|| ()).expect("memory reads")
}

/// The readings that must be one: by the plain reader, by the kernel, by the kernel in ranges.
pub fn readings(contract: &Contract, bytes: &[u8], range: u64) -> [Ingested; 3] {
    let contracts = std::slice::from_ref(contract);
    let deliveries = [delivery(NAME, bytes)];
    [
        ingest_plainly(contracts, &deliveries, &|| ()).expect("memory reads"),
        ingest(contracts, &deliveries, &|| ()).expect("memory reads"),
        ingest_in_ranges(contracts, &deliveries, range).expect("memory reads"),
    ]
}
