//! Schema and dialect to a contract that runs. Every problem found is reported.

use crate::contract::compiled::{Column, Contract, Layout, Role, SenderRule};
use crate::contract::pattern::Pattern;
use crate::contract::schema::{
    Awaited, ContractFile, FieldsMatch, Holds, PersonalData, Product, Sender, Unpivot, Vat,
};
use crate::contract::terms::Terms;
use crate::contract::{column, control, layout, lookup, not_data};
use crate::definition::located::Located;
use crate::definition::problems::Problems;
use crate::definition::text::{DefinitionFile, FileLookup, top_of};
use crate::definition::toml_reader::{self, TomlSection};
use crate::domain::error::Error;
use crate::domain::folder::Folder;
use crate::domain::id::{AuthorityId, ContractId, InitiativeId, ServiceId};
use crate::domain::language::{Language, Names};
use crate::domain::measure::Measure;
use crate::domain::period::{Month, Period, Window};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Reads every `contracts/NAME.toml` of a pipeline folder, in name order.
///
/// # Errors
/// Every problem in every contract, with its place and what to do.
pub fn compile(folder: &Folder, terms: &Arc<Terms>) -> Result<Vec<Contract>, Error> {
    let mut contracts = Vec::new();
    let mut problems = Problems::default();
    let mut files = 0;
    for path in folder.files.keys() {
        if let Some(id) = id(path) {
            files += 1;
            contracts.extend(contract(&ContractId::new(id), folder, path, terms, &mut problems));
        }
    }
    of_one_kind(&contracts, &mut problems);
    with_and_without_vat(&contracts, &mut problems);
    if files == 0 {
        problems.note(
            &top_of("contracts"),
            "the pipeline has no contract",
            "add `contracts/NAME.toml`; docs/pipelines.md shows how",
        );
    }
    if problems.is_empty() { Ok(contracts) } else { Err(problems.into_error()) }
}

/// The contract's name, where the path is one's.
fn id(path: &str) -> Option<&str> {
    path.strip_prefix("contracts/")?.strip_suffix(".toml")
}

/// Contracts of one kind that do not agree on what a later delivery replaces.
fn of_one_kind(contracts: &[Contract], problems: &mut Problems) {
    let mut first: BTreeMap<&ContractId, &Contract> = BTreeMap::new();
    for contract in contracts {
        let other = first.entry(&contract.kind).or_insert(contract);
        if other.supersede != contract.supersede {
            let problem = format!(
                "the contracts `{}` and `{}` are of the kind `{}`, and differ in `supersede`",
                other.id, contract.id, contract.kind
            );
            let help = "write the same in both, or give them a `kind` each";
            problems.note(&contract.names_at, problem, help);
        }
    }
}

/// Notes a contract whose amounts include VAT beside one whose amounts do not: they are never
/// converted, so the two can neither be added nor compared.
fn with_and_without_vat(contracts: &[Contract], problems: &mut Problems) {
    let with = |vat: Vat| {
        let says = |column: &Column| {
            column.role == Some(Role::Measure(Measure::Amount)) && column.vat == Some(vat)
        };
        contracts.iter().find(|contract| contract.columns.iter().any(says))
    };
    let Some((net, gross)) = with(Vat::Net).zip(with(Vat::Gross)) else { return };
    let problem = format!(
        "the amounts of the contract `{}` include VAT, and those of `{}` ({}:{}) do not",
        gross.id, net.id, net.names_at.file, net.names_at.line
    );
    let help = "agree with the senders on one: amounts with and without VAT are never compared";
    problems.note(&gross.names_at, problem, help);
}

/// Reads one contract: its keys and types first, then what they say together.
fn contract(
    id: &ContractId,
    folder: &Folder,
    path: &str,
    terms: &Arc<Terms>,
    problems: &mut Problems,
) -> Option<Contract> {
    let FileLookup::Text(text) = DefinitionFile::ask(folder, path, problems) else {
        return None;
    };
    let table = toml_reader::table(&text, problems)?;
    let mut own = Problems::default();
    let file = ContractFile::of(&TomlSection::root(&text, table.get_ref()), &mut own);
    let contract = assemble(id, &file, path, terms, &mut own);
    undecided(&file, &mut own);
    let holds = own.is_empty();
    problems.extend(own);
    holds.then_some(contract)
}

/// Reads the keys and types of a contract alone, whatever else is to be said of it.
///
/// # Errors
/// Every key that is unknown or missing, and every value of another type than its key asks for.
pub fn keys(text: &str) -> Result<(), Error> {
    let mut problems = Problems::default();
    let text = DefinitionFile::new("contract.toml", text);
    if let Some(table) = toml_reader::table(&text, &mut problems) {
        let _ = ContractFile::of(&TomlSection::root(&text, table.get_ref()), &mut problems);
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.into_error()) }
}

/// Notes what the contract says is still to be decided, such as what `sniff` could not tell.
fn undecided(file: &ContractFile, problems: &mut Problems) {
    let help = "answer the CHECK beside it, then take the word out of `undecided`";
    for word in &file.undecided {
        problems.note(&word.place, format!("`{}` is undecided", word.value), help);
    }
    for field in &file.schema.fields {
        for word in &field.undecided {
            let problem = format!("`{}` of `{}` is undecided", word.value, field.name.value);
            problems.note(&word.place, problem, help);
        }
    }
}

/// Puts the contract together; what does not hold is noted in `problems`.
fn assemble(
    id: &ContractId,
    file: &ContractFile,
    path: &str,
    terms: &Arc<Terms>,
    problems: &mut Problems,
) -> Contract {
    let per_period = file.unpivot.as_ref().map_or(&[][..], |unpivot| &unpivot.fields);
    let columns = column::columns(&file.schema, per_period, problems);
    let mut find = |name| lookup::column(&columns, name, problems);
    let key = file.schema.primary_key.iter().filter_map(&mut find).collect();
    let pairs = file.schema.parts.iter().map(|pair| (find(&pair.part), find(&pair.whole)));
    let parts = pairs.filter_map(|(part, whole)| part.zip(whole)).collect();
    let products =
        file.products.iter().filter_map(|one| product(one, &columns, problems)).collect();
    let layout = layout::layout(&file.dialect, None, problems);
    let senders = file
        .senders
        .iter()
        .map(|sender| sender_rule(sender, &layout, &columns, problems))
        .collect();
    let initiative = file.constants.initiative.as_ref().map(|name| {
        let initiative = InitiativeId::new(&name.value);
        if terms.initiatives.as_ref().is_some_and(|known| !known.contains(&initiative)) {
            let known = terms.initiatives.iter().flatten().map(InitiativeId::as_str);
            name.unknown("initiative", known, problems);
        }
        initiative
    });
    let contract = Contract {
        id: id.clone(),
        title: title(file),
        names: patterns(&file.files.names, problems),
        names_at: file.files.names.first().map_or_else(|| top_of(path), |name| name.place.clone()),
        kind: file
            .files
            .kind
            .as_ref()
            .map_or_else(|| id.clone(), |kind| ContractId::new(&kind.value)),
        supersede: file.files.supersede,
        awaited: file.files.awaited,
        holds: file.files.holds,
        layout,
        closed: file.schema.fields_match == FieldsMatch::Equal,
        key,
        parts,
        authority: file.constants.authority.as_deref().map(AuthorityId::new),
        service: file.constants.service.as_deref().map(ServiceId::new),
        initiative,
        period: file.constants.period.as_ref().and_then(|text| constant_period(text, problems)),
        not_data: not_data::rules(&file.not_data, &columns, problems),
        undeclared_guarded: file.schema.undeclared.personal_data != Some(PersonalData::None),
        unpivot: file.unpivot.as_ref().map_or_else(Vec::new, |un| periods(un, problems)),
        unpivot_header: file
            .unpivot
            .as_ref()
            .map_or_else(String::new, |unpivot| unpivot_header(unpivot, problems)),
        products,
        controls: control::controls(&file.control, &columns, problems),
        senders,
        columns,
        terms: Arc::clone(terms),
    };
    if problems.is_empty() {
        match contract.holds {
            Holds::Figures => complete(&contract, file, problems),
            Holds::Lookup => no_figures(&contract, problems),
        }
    }
    contract
}

/// The measure a product is, and the columns of its factors.
fn product(
    product: &Product,
    columns: &[Column],
    problems: &mut Problems,
) -> Option<(Measure, [usize; 2])> {
    let measure = lookup::measure(&product.role, problems);
    let [one, other] = product.factors.each_ref();
    let one = lookup::column(columns, one, problems);
    let other = lookup::column(columns, other, problems);
    Some((measure?, [one?, other?]))
}

/// The heading of an unpivot, which must tell its columns apart.
fn unpivot_header(unpivot: &Unpivot, problems: &mut Problems) -> String {
    let header = &unpivot.header.value;
    let one_field = unpivot.fields.len() == 1;
    if !(header.contains("{period}") && (one_field || header.contains("{field}"))) {
        let problem = "the heading lacks `{period}` or `{field}`";
        let help = "write both; where one field stands alone, `{period}` is enough";
        problems.note(&unpivot.header.place, problem, help);
    }
    header.clone()
}

/// Checks that nothing asks a lookup table for figures.
fn no_figures(contract: &Contract, problems: &mut Problems) {
    let figures = Measure::ALL.into_iter().any(|measure| contract.measures(measure))
        || !contract.unpivot.is_empty()
        || !contract.controls.is_empty()
        || contract.awaited != Awaited::Never;
    if figures {
        problems.note(
            &contract.names_at,
            "a lookup table has no figures to measure, await or control",
            "take away the measure, `[[products]]`, `[unpivot]`, `[[control]]` or `awaited`; or \
             write `holds = \"figures\"`",
        );
    }
}

/// Checks that every line can be placed: who, when, and something measured.
fn complete(contract: &Contract, file: &ContractFile, problems: &mut Problems) {
    let first = file.schema.fields.first().map_or(&contract.names_at, |field| &field.name.place);
    let has = |role: Role| contract.columns.iter().any(|column| column.role == Some(role));
    let named = file.files.names.iter().all(|name| name.value.contains("{authority}"));
    if !has(Role::Authority) && contract.authority.is_none() && !named {
        problems.note(
            first,
            "no column, constant or file name says which authority a line concerns",
            "give a field `role = \"authority\"`, or put `{authority}` in every file name",
        );
    }
    if !has(Role::Period) && contract.unpivot.is_empty() && contract.period.is_none() {
        problems.note(
            first,
            "no column says which period a line concerns",
            "give a field `role = \"period\"`, declare `[unpivot]`, or write `[constants] period`",
        );
    }
    let measured = Measure::ALL.into_iter().any(|measure| has(Role::Measure(measure)));
    if !measured && contract.products.is_empty() {
        problems.note(
            first,
            "no column is a measure",
            "give a field a measure as its role, such as `role = \"amount\"`",
        );
    }
    for column in &contract.columns {
        let closed = match column.role {
            Some(Role::Authority) => contract.terms.authorities.is_some(),
            Some(Role::Service) => contract.terms.services.is_some(),
            Some(Role::Initiative) => true,
            Some(Role::Period | Role::Account | Role::Channel | Role::Measure(_)) | None => false,
        };
        if closed && column.register.is_none() {
            problems.note(
                first,
                format!("column `{}` is held against no register", column.name),
                "add a `[[schema.foreignKeys]]` for it",
            );
        }
    }
}

fn title(file: &ContractFile) -> Names {
    Names::new(
        file.title
            .iter()
            .filter_map(|(tag, name)| Some((Language::from_tag(tag)?, name.clone())))
            .collect(),
    )
}

fn patterns(names: &[Located<String>], problems: &mut Problems) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    for name in names {
        match Pattern::parse(&name.value) {
            Ok(pattern) => patterns.push(pattern),
            Err(found) => problems.note(
                &name.place,
                format!("`{found}` is no part of a file name"),
                "use {authority}, {version} and {any}; {any} is what `*` is elsewhere",
            ),
        }
    }
    patterns
}

fn periods(unpivot: &Unpivot, problems: &mut Problems) -> Vec<(String, Period)> {
    let mut periods = Vec::new();
    for period in &unpivot.periods {
        let month = |text: &Located<String>, problems: &mut Problems| {
            let month = text.value.parse::<Month>().ok();
            if month.is_none() {
                problems.note(
                    &text.place,
                    format!("`{}` is no month", text.value),
                    "write yyyy-mm",
                );
            }
            month
        };
        let (Some(first), Some(last)) =
            (month(&period.first, problems), month(&period.last, problems))
        else {
            continue;
        };
        if first == last {
            periods.push((period.label.clone(), Period::Month(first)));
        } else if let Some(window) = Window::new(first, last) {
            periods.push((period.label.clone(), Period::Window(window)));
        } else {
            problems.note(
                &period.last.place,
                "the period ends before it begins",
                "swap `first` and `last`",
            );
        }
    }
    periods
}

/// A month, or a window `first/last`.
fn constant_period(text: &Located<String>, problems: &mut Problems) -> Option<Period> {
    let window = |first: &str, last: &str| {
        Window::new(first.parse().ok()?, last.parse().ok()?).map(Period::Window)
    };
    let period = match text.value.split_once('/') {
        Some((first, last)) => window(first, last),
        None => text.value.parse().ok().map(Period::Month),
    };
    if period.is_none() {
        let problem = format!("`{}` is no period", text.value);
        problems.note(&text.place, problem, "write yyyy-mm, or yyyy-mm/yyyy-mm");
    }
    period
}

fn sender_rule(
    sender: &Sender,
    layout: &Layout,
    columns: &[Column],
    problems: &mut Problems,
) -> SenderRule {
    SenderRule {
        names: patterns(&sender.names, problems),
        aliases: sender
            .aliases
            .iter()
            .filter_map(|(heading, name)| {
                Some((heading.clone(), lookup::column(columns, name, problems)?))
            })
            .collect(),
        layout: layout::layout(&sender.dialect, Some(layout), problems),
    }
}
