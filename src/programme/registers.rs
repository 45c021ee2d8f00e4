//! The registers: authorities that may deliver, services that are followed.

use crate::definition::problems::{Problems, instead};
use crate::definition::toml_reader::TomlSection;
use crate::definition::word::Word;
use crate::domain::authority::Sector;
use crate::domain::folder::Folder;
use crate::domain::id::{AuthorityId, InitiativeId, ServiceId};
use crate::domain::language::Language;
use crate::domain::period::{Month, Span};
use crate::programme::ids::Ids;
use crate::programme::model::{
    Authority, COST_TYPES, CostType, FixedShare, Register, Service, ServiceDefaults,
};
use crate::programme::succession::{Handover, before};
use crate::programme::table::{Presence, Row, Shape};
use std::collections::{BTreeMap, BTreeSet};

/// Every table of this file, for the check of stray files.
pub(super) const PATHS: [&str; 2] = [AUTHORITIES.path, SERVICES.path];

const AUTHORITIES: Shape = Shape {
    path: "tables/authorities.csv",
    required: &["id", "name", "sector", "valid_from", "valid_to", "successor", "expected"],
    optional: &[],
    named: &[],
};

const SERVICES: Shape = Shape {
    path: "tables/services.csv",
    required: &["id", "initiative", "baseline", "fixed_share", "fixed_share_source", "cost_type"],
    optional: &["awaited_from"],
    named: &["name"],
};

/// Reads who may deliver, and who follows whom.
pub(super) fn authorities(
    folder: &Folder,
    open: bool,
    problems: &mut Problems,
) -> (Register<AuthorityId, Authority>, Vec<Handover>) {
    let needed = if open {
        Presence::No
    } else {
        Presence::Yes("a closed register refuses every authority that is not in it")
    };
    let table = AUTHORITIES.read(folder, &[], needed, problems);
    let mut ids = Ids::new("authority", table.is_some());
    let mut successors = Vec::new();
    let mut handovers = Vec::new();
    let mut entries = BTreeMap::new();
    for row in table.iter().flat_map(|table| &table.rows) {
        let successor = row.word("successor", problems);
        successors.extend(successor.clone());
        if let Some(entry) = authority(row, &mut ids, problems) {
            handovers.extend(successor.map(|to| Handover { from: entry.id.clone(), to }));
            entries.insert(entry.id.clone(), entry);
        }
    }
    for successor in &successors {
        ids.leads(successor, problems);
    }
    (Register { open, entries }, handovers)
}

fn authority(row: &Row, ids: &mut Ids, problems: &mut Problems) -> Option<Authority> {
    let name = row.required("name", problems);
    let sectors = Sector::ALL.map(|sector| (sector.word(), sector));
    let sector = row.required("sector", problems).and_then(|word| word.one_of(&sectors, problems));
    let expected = row.required("expected", problems).and_then(|word| word.yes(problems));
    let from = row.word("valid_from", problems);
    let to = row.word("valid_to", problems);
    let valid_from = from.as_ref().and_then(|word| word.month(problems));
    let valid_to = to.as_ref().and_then(|word| word.month(problems));
    if let (Some(first), Some(last), Some(word)) = (valid_from, valid_to, &to)
        && last < first
    {
        let what = format!("which is before `valid_from`, `{first}`");
        word.refuse(&what, "let the last month follow the first", problems);
    }
    let id = row.required("id", problems).filter(|id| ids.enter(id, problems))?;
    let successor = row.word("successor", problems);
    if let Some(successor) = &successor {
        check_successor(successor, &id, to.as_ref(), problems);
    }
    Some(Authority {
        id: AuthorityId::new(&id.text),
        name: name?.text,
        sector: sector?,
        valid_from,
        valid_to,
        successor: successor.map(|word| AuthorityId::new(&word.text)),
        expected: expected?,
    })
}

fn check_successor(successor: &Word, id: &Word, to: Option<&Word>, problems: &mut Problems) {
    if successor.text == id.text {
        successor.refuse(
            "the authority itself",
            "name who took over, or leave the cell empty",
            problems,
        );
    }
    if to.is_none() {
        successor.refuse(
            "and the authority has no last month",
            "fill `valid_to`, or leave `successor` empty",
            problems,
        );
    }
}

/// Reads what is followed, and what is assumed of services an open register has not seen.
pub(super) fn services(
    folder: &Folder,
    root: &TomlSection,
    open: bool,
    (languages, initiatives): (&[Language], &Ids),
    period: Option<(Month, Month)>,
    authorities: &Register<AuthorityId, Authority>,
    problems: &mut Problems,
) -> (Register<ServiceId, Service>, Option<ServiceDefaults>) {
    let known = ServiceRegisters { initiatives, period };
    let defaults = defaults(root, open, &known, problems);
    let needed = if open {
        Presence::No
    } else {
        Presence::Yes("a closed register refuses every service that is not in it")
    };
    let table = SERVICES.read(folder, languages, needed, problems);
    let mut ids = Ids::new("service", table.is_some());
    let mut entries = BTreeMap::new();
    for row in table.iter().flat_map(|table| &table.rows) {
        let name = row.names("name", languages, problems);
        let terms = ServiceTerms::read(|key, problems| row.word(key, problems), &known, problems);
        let awaited_from = row.word("awaited_from", problems);
        let awaited_from =
            awaited_from.map_or_else(BTreeSet::new, |word| awaited(&word, authorities, problems));
        for key in ["initiative", "cost_type"] {
            row.required(key, problems);
        }
        let id = row.required("id", problems).filter(|id| ids.enter(id, problems));
        if let (Some(id), Some(initiative), Some(cost_type)) =
            (id, terms.initiative, terms.cost_type)
        {
            let id = ServiceId::new(&id.text);
            let entry = Service {
                id: id.clone(),
                name,
                initiative,
                baseline: terms.baseline,
                fixed_share: terms.fixed_share,
                cost_type,
                awaited_from,
            };
            entries.insert(id, entry);
        }
    }
    (Register { open, entries }, defaults)
}

/// Whose figures are awaited: sectors, which are everyone expected in them, and ids, with a comma
/// between.
fn awaited(
    word: &Word,
    authorities: &Register<AuthorityId, Authority>,
    problems: &mut Problems,
) -> BTreeSet<AuthorityId> {
    let entries = &authorities.entries;
    let mut awaited = BTreeSet::new();
    for name in word.text.split(',').map(str::trim) {
        let sector = Sector::ALL.into_iter().find(|sector| sector.word() == name);
        let id = AuthorityId::new(name);
        if let Some(sector) = sector {
            let all = entries.values().filter(|entry| entry.sector == sector && entry.expected);
            awaited.extend(all.map(|entry| entry.id.clone()));
        } else if entries.contains_key(&id) || (authorities.open && !name.is_empty()) {
            awaited.extend(before(entries, &id));
            awaited.insert(id);
        } else if !entries.is_empty() {
            let known = Sector::ALL.iter().map(|sector| sector.word());
            let known = known.chain(entries.keys().map(AuthorityId::as_str));
            let one = Word { text: name.to_owned(), ..word.clone() };
            one.refuse("which is no sector and no authority", instead(name, known), problems);
        }
    }
    awaited
}

fn defaults(
    root: &TomlSection,
    open: bool,
    known: &ServiceRegisters,
    problems: &mut Problems,
) -> Option<ServiceDefaults> {
    let services = root.section("services", problems)?;
    if open {
        services.need("defaults", "[services.defaults]", problems);
    }
    let section = services.section("defaults", problems)?;
    if !open {
        problems.note(
            &section.place,
            "`services.defaults` stands beside a closed register, which never uses it",
            "write `open = true` under `[services]`, or take the table out",
        );
    }
    section.only(
        &["initiative", "baseline", "fixed_share", "fixed_share_source", "cost_type"],
        problems,
    );
    section.need("initiative", "initiative = \"1.1\"", problems);
    section.need("cost_type", "cost_type = \"general\"", problems);
    let terms = ServiceTerms::read(|key, problems| section.word(key, problems), known, problems);
    Some(ServiceDefaults {
        initiative: terms.initiative?,
        baseline: terms.baseline,
        fixed_share: terms.fixed_share,
        cost_type: terms.cost_type?,
    })
}

/// What a service is held against.
struct ServiceRegisters<'a> {
    initiatives: &'a Ids,
    /// First and last month of the programme, where they can be read.
    period: Option<(Month, Month)>,
}

/// What is said of a service, in a row of the table or in the defaults.
#[derive(Debug)]
struct ServiceTerms {
    initiative: Option<InitiativeId>,
    baseline: Option<Span>,
    fixed_share: Option<FixedShare>,
    cost_type: Option<CostType>,
}

impl ServiceRegisters<'_> {
    /// Notes a baseline that nothing is later than, and one of which nothing is ever read: a period
    /// outside the programme is refused.
    fn compares(&self, baseline: Span, word: &Word, problems: &mut Problems) {
        let Some((first, last)) = self.period.filter(|(first, last)| first <= last) else {
            return;
        };
        let months = baseline.months();
        if months.last().is_some_and(|to| *to < first) {
            word.refuse(
                &format!("which lies before the programme, {first}..{last}: no data are read of it"),
                "choose a later year or window, let the programme begin earlier under `[period]`, or \
                 leave it empty: then there is no saving",
                problems,
            );
        }
        if months.first().is_some_and(|from| last < *from) {
            word.refuse(
                &format!("which lies after the programme, {first}..{last}"),
                "choose an earlier year or window, or leave it empty: then there is no saving",
                problems,
            );
        }
    }
}

impl ServiceTerms {
    fn read(
        find: impl Fn(&str, &mut Problems) -> Option<Word>,
        known: &ServiceRegisters,
        problems: &mut Problems,
    ) -> ServiceTerms {
        let initiative = find("initiative", problems);
        if let Some(initiative) = &initiative {
            known.initiatives.leads(initiative, problems);
        }
        let share = find("fixed_share", problems);
        let source = find("fixed_share_source", problems);
        match (&share, &source) {
            (Some(share), None) => {
                let help = "fill `fixed_share_source`: on what does the share rest?";
                share.refuse("which has no source", help, problems);
            }
            (None, Some(source)) => {
                let help = "fill `fixed_share`, or leave both empty";
                source.refuse("and there is no `fixed_share`", help, problems);
            }
            (Some(_), Some(_)) | (None, None) => {}
        }
        let exact = share.and_then(|word| word.share(problems));
        ServiceTerms {
            initiative: initiative.map(|word| InitiativeId::new(&word.text)),
            baseline: find("baseline", problems).and_then(|word| {
                let span = word.span(problems)?;
                known.compares(span, &word, problems);
                Some(span)
            }),
            fixed_share: exact
                .zip(source)
                .map(|(share, source)| FixedShare { share, source: source.text }),
            cost_type: find("cost_type", problems)
                .and_then(|word| word.one_of(&COST_TYPES, problems)),
        }
    }
}
