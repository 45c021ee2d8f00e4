//! What was promised: the strategy, its marks and initiatives, its services, prices and targets.

use crate::definition::problems::{Problems, instead};
use crate::definition::text::{DefinitionFile, FileLookup, top_of};
use crate::definition::toml_reader::TomlSection;
use crate::domain::error::Error;
use crate::domain::folder::Folder;
use crate::domain::id::{AuthorityId, ServiceId};
use crate::domain::period::{Month, Span};
use crate::programme::model::{Authority, Programme, Register, Service, ServiceDefaults};
use crate::programme::prices::Demand;
use std::collections::BTreeSet;

mod ids;
pub(crate) mod model;
mod pipeline;
mod prices;
mod registers;
mod strategy;
mod succession;
mod table;
mod targets;
mod terms;
#[cfg(test)]
mod tests;

pub use terms::terms;

/// Reads a pipeline folder, `pipeline.toml` and `tables/*.csv`, into the programme it defines.
///
/// - Shape: pejlemærker, themes, targets and assumptions in file order, everything else by id.
/// - Units: amounts in øre; weights, shares and price indices exact.
/// - Keeps: each initiative's weights sum to exactly 1; every reference leads somewhere; each
///   sector that has authorities has a price series, its own or one it borrows by declaration.
/// - Leaves alone: `contracts/`, and files that are neither `pipeline.toml` nor `tables/*.csv`.
///
/// # Errors
/// [`Error::Pipeline`] with every problem found, in file and line order. A `pipeline.toml` that is
/// missing or is no TOML is told alone: the tables cannot be judged without it.
pub fn parse(folder: &Folder) -> Result<Programme, Error> {
    let mut problems = Problems::default();
    match read(folder, &mut problems) {
        Some(programme) if problems.is_empty() => Ok(programme),
        Some(_) | None => Err(problems.into_error()),
    }
}

fn read(folder: &Folder, problems: &mut Problems) -> Option<Programme> {
    let text = pipeline_file(folder, problems)?;
    let table = crate::definition::toml_reader::table(&text, problems)?;
    let root = TomlSection::root(&text, table.get_ref());
    stray_tables(folder, problems);

    let settings = pipeline::read(&root, problems);
    let languages = settings.languages.clone();
    let strategy = strategy::read(folder, &languages, problems);
    let (authorities, handovers) =
        registers::authorities(folder, settings.open_authorities, problems);
    let (services, service_defaults) = registers::services(
        folder,
        &root,
        settings.open_services,
        (&languages, &strategy.initiative_ids),
        settings.first.zip(settings.last),
        &authorities,
        problems,
    );
    if let Some(first) = settings.first {
        let baselines = baselines(&services, service_defaults.as_ref());
        let first = baselines.flat_map(Span::months).chain([first]).min().unwrap_or(first);
        succession::check(&authorities.entries, &handovers, first, problems);
    }
    let demand = demand(&authorities, &services, service_defaults.as_ref());
    let prices = prices::read(folder, &root, &demand, problems);
    let from = settings.first.map(Month::year);
    let targets = targets::read(&root, &languages, from, prices.as_ref(), problems);
    let assumptions = targets::assumptions(&root, &languages, problems);

    Some(Programme {
        id: last_part(&folder.name).to_owned(),
        name: settings.name,
        first: settings.first?,
        last: settings.last?,
        languages,
        currency: settings.currency?,
        deliveries: settings.deliveries?,
        synthetic: settings.synthetic?,
        limits: settings.limits,
        corrections: settings.corrections,
        authorities,
        pejlemaerker: strategy.pejlemaerker,
        themes: strategy.themes,
        initiatives: strategy.initiatives,
        services,
        service_defaults,
        prices: prices?,
        targets,
        assumptions,
    })
}

fn pipeline_file(folder: &Folder, problems: &mut Problems) -> Option<DefinitionFile> {
    match DefinitionFile::ask(folder, pipeline::FILE, problems) {
        FileLookup::Text(text) => Some(text),
        FileLookup::Unreadable => None,
        FileLookup::Absent => {
            problems.note(
                &top_of(pipeline::FILE),
                format!("there is no `pipeline.toml` in `{}`", folder.name),
                "name a folder that holds a pipeline; `pipelines/README.md` says what that is",
            );
            None
        }
    }
}

/// A misspelt table would otherwise be a table left out.
fn stray_tables(folder: &Folder, problems: &mut Problems) {
    let known: Vec<&str> =
        strategy::PATHS.into_iter().chain(registers::PATHS).chain([prices::PATH]).collect();
    let tables = folder.files.keys().filter(|path| {
        let name = path.strip_prefix("tables/");
        name.is_some_and(|name| {
            !name.starts_with('.') && name.to_ascii_lowercase().ends_with(".csv")
        })
    });
    for path in tables.filter(|path| !known.contains(&path.as_str())) {
        problems.note(
            &top_of(path),
            format!("`{path}` is no table of a pipeline"),
            instead(path, known.iter().copied()),
        );
    }
}

fn demand(
    authorities: &Register<AuthorityId, Authority>,
    services: &Register<ServiceId, Service>,
    defaults: Option<&ServiceDefaults>,
) -> Demand {
    let mut demand = Demand {
        sectors: authorities.entries.values().map(|entry| entry.sector).collect(),
        cost_types: services.entries.values().map(|entry| entry.cost_type).collect(),
        baselines: BTreeSet::new(),
        open_authorities: authorities.open,
    };
    demand.cost_types.extend(defaults.map(|terms| terms.cost_type));
    demand.baselines.extend(baselines(services, defaults).map(Span::price_year));
    demand
}

/// Every span that something is compared with.
fn baselines(
    services: &Register<ServiceId, Service>,
    defaults: Option<&ServiceDefaults>,
) -> impl Iterator<Item = Span> {
    let declared = services.entries.values().filter_map(|entry| entry.baseline);
    declared.chain(defaults.and_then(|terms| terms.baseline))
}

/// The folder's own name, without the way to it.
fn last_part(name: &str) -> &str {
    let name = name.trim_end_matches(['/', '\\']);
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}
