//! Schema and dialect to a contract that runs. Every problem found is reported.

use crate::contract::compiled::{Column, Contract, Role, SenderRule};
use crate::contract::pattern::Pattern;
use crate::contract::reader::Reader;
use crate::contract::schema::{Awaited, ContractFile, Holds, PersonalData, Sender, Unpivot, Vat};
use crate::contract::terms::Terms;
use crate::contract::{column, control, layout, not_data};
use crate::domain::error::{Error, Problem};
use crate::domain::folder::Folder;
use crate::domain::id::{AuthorityId, ContractId, InitiativeId, ServiceId};
use crate::domain::language::{Language, Names};
use crate::domain::measure::Measure;
use crate::domain::period::{Month, Period, Window};
use crate::domain::place::Place;
use std::collections::BTreeMap;
use std::sync::Arc;
use toml::Spanned;

/// Reads every `contracts/NAME.toml` of a pipeline folder, in name order.
///
/// # Errors
/// Every problem in every contract, with its place and what to do.
pub fn compile(folder: &Folder, terms: &Arc<Terms>) -> Result<Vec<Contract>, Error> {
    let mut contracts = Vec::new();
    let mut problems = Vec::new();
    for (path, bytes) in &folder.files {
        let Some(id) = path.strip_prefix("contracts/").and_then(|name| name.strip_suffix(".toml"))
        else {
            continue;
        };
        match contract(&ContractId::new(id), path, bytes, terms) {
            Ok(contract) => contracts.push(contract),
            Err(found) => problems.extend(found),
        }
    }
    problems.extend(of_one_kind(&contracts));
    problems.extend(with_and_without_vat(&contracts));
    if contracts.is_empty() && problems.is_empty() {
        problems.push(Problem {
            place: Place { file: "contracts".into(), line: 1, column: 1 },
            problem: "the pipeline has no contract".into(),
            help: "add `contracts/NAME.toml`; docs/pipelines.md shows how".into(),
        });
    }
    if problems.is_empty() { Ok(contracts) } else { Err(Error::Pipeline { problems }) }
}

/// Contracts of one kind that do not agree on what a later delivery replaces.
fn of_one_kind(contracts: &[Contract]) -> Vec<Problem> {
    let mut first: BTreeMap<&ContractId, &Contract> = BTreeMap::new();
    let mut problems = Vec::new();
    for contract in contracts {
        let other = first.entry(&contract.kind).or_insert(contract);
        if other.supersede != contract.supersede {
            problems.push(Problem {
                place: contract.names_at.clone(),
                problem: format!(
                    "the contracts `{}` and `{}` are of the kind `{}`, and differ in `supersede`",
                    other.id, contract.id, contract.kind
                ),
                help: "write the same in both, or give them a `kind` each".into(),
            });
        }
    }
    problems
}

/// A contract whose amounts include VAT beside one whose amounts do not: they are never converted,
/// so the two can neither be added nor compared.
fn with_and_without_vat(contracts: &[Contract]) -> Option<Problem> {
    let with = |vat: Vat| {
        let says = |column: &Column| {
            column.role == Some(Role::Measure(Measure::Amount)) && column.vat == Some(vat)
        };
        contracts.iter().find(|contract| contract.columns.iter().any(says))
    };
    let (net, gross) = with(Vat::Net).zip(with(Vat::Gross))?;
    Some(Problem {
        place: gross.names_at.clone(),
        problem: format!(
            "the amounts of the contract `{}` include VAT, and those of `{}` ({}:{}) do not",
            gross.id, net.id, net.names_at.file, net.names_at.line
        ),
        help: "agree with the senders on one: amounts with and without VAT are never compared"
            .into(),
    })
}

/// Reads one contract.
fn contract(
    id: &ContractId,
    place: &str,
    bytes: &[u8],
    terms: &Arc<Terms>,
) -> Result<Contract, Vec<Problem>> {
    let text = String::from_utf8_lossy(bytes);
    let mut reader = Reader::new(place, &text);
    let file: ContractFile = match toml::from_str(&text) {
        Ok(file) => file,
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            reader.problem(span, error.message().to_owned(), "docs/pipelines.md lists every key");
            return Err(reader.problems);
        }
    };
    let contract = assemble(id, &file, terms, &mut reader);
    undecided(&file, &mut reader);
    reader.problems.sort();
    if reader.problems.is_empty() { Ok(contract) } else { Err(reader.problems) }
}

/// Notes what the contract says is still to be decided, such as what `sniff` could not tell.
fn undecided(file: &ContractFile, reader: &mut Reader) {
    let help = "answer the CHECK beside it, then take the word out of `undecided`";
    for word in &file.undecided {
        reader.at(word, &format!("`{}` is undecided", word.get_ref()), help);
    }
    for field in &file.schema.fields {
        for word in &field.undecided {
            let problem =
                format!("`{}` of `{}` is undecided", word.get_ref(), field.name.get_ref());
            reader.at(word, &problem, help);
        }
    }
}

/// Puts the contract together; what does not hold is noted in `reader`.
fn assemble(
    id: &ContractId,
    file: &ContractFile,
    terms: &Arc<Terms>,
    reader: &mut Reader,
) -> Contract {
    let per_period = file.unpivot.as_ref().map_or(&[][..], |unpivot| &unpivot.fields);
    let columns = column::columns(&file.schema, per_period, reader);
    let find = |name: &Spanned<String>, reader: &mut Reader| reader.column(&columns, name);

    let key = file.schema.primary_key.iter().filter_map(|name| find(name, reader)).collect();
    let mut parts = Vec::new();
    for pair in &file.schema.parts {
        if let (Some(part), Some(whole)) = (find(&pair.part, reader), find(&pair.whole, reader)) {
            parts.push((part, whole));
        }
    }
    let mut products = Vec::new();
    for product in &file.products {
        let factors = [find(&product.factors[0], reader), find(&product.factors[1], reader)];
        if let (Some(measure), [Some(one), Some(other)]) = (reader.measure(&product.role), factors)
        {
            products.push((measure, [one, other]));
        }
    }
    let layout = layout::layout(&file.dialect, None, reader);
    let senders =
        file.senders.iter().map(|sender| sender_rule(sender, &layout, &columns, reader)).collect();
    let initiative = file.constants.initiative.as_ref().map(|name| {
        let initiative = InitiativeId::new(name.get_ref());
        if terms.initiatives.as_ref().is_some_and(|known| !known.contains(&initiative)) {
            reader.unknown(name, "initiative", "tables/initiatives.csv lists the initiatives");
        }
        initiative
    });
    let contract = Contract {
        id: id.clone(),
        title: title(file),
        names: patterns(&file.files.names, reader),
        names_at: reader.place(file.files.names.first().map_or(0, |name| name.span().start)),
        kind: file
            .files
            .kind
            .as_ref()
            .map_or_else(|| id.clone(), |kind| ContractId::new(kind.get_ref())),
        supersede: file.files.supersede,
        awaited: file.files.awaited,
        holds: file.files.holds,
        layout,
        closed: file.schema.fields_match == crate::contract::schema::FieldsMatch::Equal,
        key,
        parts,
        authority: file.constants.authority.as_deref().map(AuthorityId::new),
        service: file.constants.service.as_deref().map(ServiceId::new),
        initiative,
        period: file.constants.period.as_ref().and_then(|text| constant_period(text, reader)),
        not_data: not_data::rules(&file.not_data, &columns, reader),
        undeclared_guarded: file.schema.undeclared.personal_data != Some(PersonalData::None),
        unpivot: file.unpivot.as_ref().map_or_else(Vec::new, |un| periods(un, reader)),
        unpivot_header: file
            .unpivot
            .as_ref()
            .map_or_else(String::new, |unpivot| unpivot_header(unpivot, reader)),
        products,
        controls: control::controls(&file.control, &columns, reader),
        senders,
        columns,
        terms: Arc::clone(terms),
    };
    if reader.problems.is_empty() {
        match contract.holds {
            Holds::Figures => complete(&contract, file, reader),
            Holds::Lookup => lookup(&contract, file, reader),
        }
    }
    contract
}

/// The heading of an unpivot, which must tell its columns apart.
fn unpivot_header(unpivot: &Unpivot, reader: &mut Reader) -> String {
    let header = unpivot.header.get_ref();
    let one_field = unpivot.fields.len() == 1;
    if !(header.contains("{period}") && (one_field || header.contains("{field}"))) {
        let problem = "the heading lacks `{period}` or `{field}`";
        let help = "write both; where one field stands alone, `{period}` is enough";
        reader.at(&unpivot.header, problem, help);
    }
    header.clone()
}

/// Checks that nothing asks a lookup table for figures.
fn lookup(contract: &Contract, file: &ContractFile, reader: &mut Reader) {
    let figures = Measure::ALL.into_iter().any(|measure| contract.measures(measure))
        || !contract.unpivot.is_empty()
        || !contract.controls.is_empty()
        || contract.awaited != Awaited::Never;
    if figures {
        reader.problem(
            file.files.names.first().map_or(0..0, Spanned::span),
            "a lookup table has no figures to measure, await or control".into(),
            "take away the measure, `[[products]]`, `[unpivot]`, `[[control]]` or `awaited`; or \
             write `holds = \"figures\"`",
        );
    }
}

/// Checks that every line can be placed: who, when, and something measured.
fn complete(contract: &Contract, file: &ContractFile, reader: &mut Reader) {
    let first = file.schema.fields.first().map_or(0..0, |field| field.name.span());
    let has = |role: Role| contract.columns.iter().any(|column| column.role == Some(role));
    let named = file.files.names.iter().all(|name| name.get_ref().contains("{authority}"));
    if !has(Role::Authority) && contract.authority.is_none() && !named {
        reader.problem(
            first.clone(),
            "no column, constant or file name says which authority a line concerns".into(),
            "give a field `role = \"authority\"`, or put `{authority}` in every file name",
        );
    }
    if !has(Role::Period) && contract.unpivot.is_empty() && contract.period.is_none() {
        reader.problem(
            first.clone(),
            "no column says which period a line concerns".into(),
            "give a field `role = \"period\"`, declare `[unpivot]`, or write `[constants] period`",
        );
    }
    let measured = Measure::ALL.into_iter().any(|measure| has(Role::Measure(measure)));
    if !measured && contract.products.is_empty() {
        reader.problem(
            first,
            "no column is a measure".into(),
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
            reader.problem(
                file.schema.fields.first().map_or(0..0, |field| field.name.span()),
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

fn patterns(names: &[Spanned<String>], reader: &mut Reader) -> Vec<Pattern> {
    let mut patterns = Vec::new();
    for name in names {
        match Pattern::parse(name.get_ref()) {
            Ok(pattern) => patterns.push(pattern),
            Err(found) => reader.at(
                name,
                &format!("`{found}` is no part of a file name"),
                "use {authority}, {version} and {any}; {any} is what `*` is elsewhere",
            ),
        }
    }
    patterns
}

fn periods(unpivot: &Unpivot, reader: &mut Reader) -> Vec<(String, Period)> {
    let mut periods = Vec::new();
    for period in &unpivot.periods {
        let month = |text: &Spanned<String>, reader: &mut Reader| {
            let month = text.get_ref().parse::<Month>().ok();
            if month.is_none() {
                reader.at(text, &format!("`{}` is no month", text.get_ref()), "write yyyy-mm");
            }
            month
        };
        let (Some(first), Some(last)) = (month(&period.first, reader), month(&period.last, reader))
        else {
            continue;
        };
        if first == last {
            periods.push((period.label.clone(), Period::Month(first)));
        } else if let Some(window) = Window::new(first, last) {
            periods.push((period.label.clone(), Period::Window(window)));
        } else {
            reader.at(&period.last, "the period ends before it begins", "swap `first` and `last`");
        }
    }
    periods
}

/// A month, or a window `first/last`.
fn constant_period(text: &Spanned<String>, reader: &mut Reader) -> Option<Period> {
    let window = |first: &str, last: &str| {
        Window::new(first.parse().ok()?, last.parse().ok()?).map(Period::Window)
    };
    let period = match text.get_ref().split_once('/') {
        Some((first, last)) => window(first, last),
        None => text.get_ref().parse().ok().map(Period::Month),
    };
    if period.is_none() {
        reader.unknown(text, "period", "write yyyy-mm, or yyyy-mm/yyyy-mm");
    }
    period
}

fn sender_rule(
    sender: &Sender,
    layout: &crate::contract::compiled::Layout,
    columns: &[crate::contract::compiled::Column],
    reader: &mut Reader,
) -> SenderRule {
    SenderRule {
        names: patterns(&sender.names, reader),
        aliases: sender
            .aliases
            .iter()
            .filter_map(|(heading, name)| Some((heading.clone(), reader.column(columns, name)?)))
            .collect(),
        layout: layout::layout(&sender.dialect, Some(layout), reader),
    }
}
