//! `answers.toml`: what a run over the sample must find.

use crate::domain::id::{AuthorityId, ServiceId};
use crate::domain::manifest::ANSWERS;
use crate::programme::model::Programme;
use crate::sample::account::{Account, AccountKey, FateSums, FileAccount};
use crate::sample::panel::{Panel, panels};
use crate::sample::saving::{Saving, heir, savings, under_later_names};
use std::collections::{BTreeMap, BTreeSet};

const PREFACE: &str = "\
# What a run over these made-up deliveries must find. Written by the generator from its own
# account of what it wrote; it shares no arithmetic with the pipeline.
#
# Amounts are whole øre, nominal. Line numbers count from 1, header included.
# Of a file that is refused whole, no line is read. `refused_unreadable` counts refused spending
# lines whose amount cannot be read: it is no amount, or the cells of the line cannot be told
# apart. `refused_without_amount` counts refused usage lines, which have none.
# Cells and savings of an authority that was succeeded stand under the later name.
# A month is compared when both cost and completed volume are posted in it, then and now; period
# 13 joins when all twelve months are compared. A saving is E0 * (f + (1 - f) * V1/V0) * p1/p0,
# rounded to the øre, halves away from zero, less E1: `none_fixed` has f = 0, `declared` the
# programme's fixed share, `all_fixed` f = 1. What is not known has no key.
# A mean is over services, each weighted with its spending in the first year and its initiative's
# weight on the pejlemærke; shares and ends of 95 % intervals are in millionths.
";

/// The text of the file, beside which `files` are written.
pub(super) fn text(
    programme: &Programme,
    account: &Account,
    files: &BTreeMap<String, Vec<u8>>,
) -> String {
    let savings = savings(programme, account);
    let parts = [
        PREFACE.to_owned(),
        format!("schema = \"{ANSWERS}\"\n"),
        totals(account),
        table("codes", account.codes.iter()),
        missing(programme, account),
        table("posted.authorities", by(account, |(authority, ..)| authority.clone()).iter()),
        table("posted.periods", by(account, |(.., slot)| *slot).iter()),
        shares("digital", &account.digital, ("digital", "completed")),
        shares("satisfied", &account.satisfied, ("satisfied", "answered")),
        cells(&under_later_names(programme, account)),
        saving_years(&savings),
        comparisons(programme, account, &savings),
        saving_rows(&savings),
        panel_years(&panels(programme, account)),
        deliveries(account),
        written(files),
    ];
    parts.join("\n")
}

fn totals(account: &Account) -> String {
    let rejected = account.files.values().filter(|file| file.rejected.is_some()).count();
    let sums = |unit: &str, sums: &FateSums| {
        let FateSums { posted, superseded, refused } = sums;
        format!(
            "{unit}_read = {}\n{unit}_posted = {posted}\n{unit}_superseded = {superseded}\n\
             {unit}_refused = {refused}\n",
            sums.read()
        )
    };
    format!(
        "[totals]\nfiles = {}\nfiles_rejected = {rejected}\n{}{}refused_unreadable = {}\n\
         refused_without_amount = {}\n",
        account.files.len(),
        sums("lines", &account.lines),
        sums("oere", &account.oere),
        account.unreadable,
        account.without_amount,
    )
}

/// A table of numbers by name.
fn table<'a, K: ToString + 'a>(name: &str, rows: impl Iterator<Item = (K, &'a i64)>) -> String {
    let rows = rows.map(|(key, number)| format!("{} = {number}", quoted(&key.to_string())));
    section(&format!("[{name}]"), rows, "")
}

/// Posted øre, by a part of their key.
fn by<K: Ord>(account: &Account, part: impl Fn(&AccountKey) -> K) -> BTreeMap<K, i64> {
    let mut sums = BTreeMap::new();
    for (key, oere) in &account.spending {
        *sums.entry(part(key)).or_default() += oere;
    }
    sums
}

fn missing(programme: &Programme, account: &Account) -> String {
    let posted = account.spending.keys().chain(account.completed.keys());
    let posted: BTreeSet<&AuthorityId> = posted.map(|(authority, ..)| authority).collect();
    let missing: Vec<String> = programme
        .authorities
        .entries
        .keys()
        .filter(|authority| !posted.contains(authority))
        .map(|authority| quoted(authority.as_str()))
        .collect();
    format!(
        "# Authorities in the register of which nothing is posted.\n\
         [missing]\nauthorities = [{}]\n",
        missing.join(", ")
    )
}

fn shares(name: &str, years: &BTreeMap<i16, (i64, i64)>, words: (&str, &str)) -> String {
    let (part, whole) = words;
    let rows = years
        .iter()
        .map(|(year, count)| format!("{year} = {{ {part} = {}, {whole} = {} }}", count.0, count.1));
    section(&format!("[{name}]"), rows, "")
}

/// Posted in a year, period 13 included.
#[derive(Default)]
struct CellYear {
    oere: Option<i64>,
    completed: Option<i64>,
}

fn cells(account: &Account) -> String {
    let mut years: BTreeMap<(&AuthorityId, &ServiceId, i16), CellYear> = BTreeMap::new();
    for ((authority, service, slot), oere) in &account.spending {
        let cell = years.entry((authority, service, slot.year)).or_default();
        cell.oere = Some(cell.oere.unwrap_or(0) + oere);
    }
    for ((authority, service, slot), completed) in &account.completed {
        let cell = years.entry((authority, service, slot.year)).or_default();
        cell.completed = Some(cell.completed.unwrap_or(0) + completed);
    }
    let rows = years.iter().map(|((authority, service, year), cell)| {
        let oere = known("oere", cell.oere);
        let completed = known("completed", cell.completed);
        format!("  {{ {}{oere}{completed} }},", who(authority, service, *year))
    });
    section("[cells]\nrows = [", rows, "]\n")
}

fn saving_years(savings: &BTreeMap<(AuthorityId, ServiceId, i16), Saving>) -> String {
    let mut years: BTreeMap<i16, (i64, Option<i64>, i64)> = BTreeMap::new();
    for ((.., year), saving) in savings.iter().filter(|(_, saving)| saving.pair.months == 12) {
        let sum = years.entry(*year).or_insert((0, Some(0), 0));
        sum.0 += saving.none_fixed;
        sum.1 = sum.1.zip(saving.declared).map(|(sum, more)| sum + more);
        sum.2 += saving.all_fixed;
    }
    let rows = years.iter().map(|(year, (none_fixed, declared, all_fixed))| {
        let declared = known("declared", *declared);
        format!("{year} = {{ none_fixed = {none_fixed}{declared}, all_fixed = {all_fixed} }}")
    });
    section(
        "# Every saving over twelve months of a year added up; `declared` only when every cell has a\n\
         # declared share.\n\
         [savings.years]",
        rows,
        "",
    )
}

/// How many comparisons each year should have: an authority and a service that is awaited from it
/// or that it ever posted anything of; and how many of them cannot be made over twelve months.
fn comparisons(
    programme: &Programme,
    account: &Account,
    savings: &BTreeMap<(AuthorityId, ServiceId, i16), Saving>,
) -> String {
    let account = under_later_names(programme, account);
    let posted = account.spending.keys().chain(account.completed.keys());
    let mut pairs: BTreeSet<(AuthorityId, ServiceId)> =
        posted.map(|(authority, service, _)| (authority.clone(), service.clone())).collect();
    for service in programme.services.entries.values() {
        let awaited = service.awaited_from.iter().map(|id| heir(programme, id).clone());
        pairs.extend(awaited.map(|authority| (authority, service.id.clone())));
    }
    let first = programme.first.year().get() + 1;
    let rows = (first..=programme.last.year().get()).map(|year| {
        let made = savings
            .iter()
            .filter(|((.., at), saving)| *at == year && saving.pair.months == 12)
            .count();
        format!("{year} = {{ all = {}, unknown = {} }}", pairs.len(), pairs.len() - made)
    });
    section(
        "# Comparisons of the years after the first, which is the baseline.\n[comparisons]",
        rows,
        "",
    )
}

fn saving_rows(savings: &BTreeMap<(AuthorityId, ServiceId, i16), Saving>) -> String {
    let rows = savings.iter().map(|((authority, service, year), saving)| {
        let Saving { pair, none_fixed, declared, all_fixed } = saving;
        format!(
            "  {{ {}, months = {}, oere_then = {}, oere_now = {}, completed_then = {}, \
             completed_now = {}, none_fixed = {none_fixed}{}, all_fixed = {all_fixed} }},",
            who(authority, service, *year),
            pair.months,
            pair.oere.0,
            pair.oere.1,
            pair.cases.0,
            pair.cases.1,
            known("declared", *declared),
        )
    });
    section("[savings]\nrows = [", rows, "]\n")
}

fn panel_years(panels: &BTreeMap<i16, Panel>) -> String {
    let rows = panels.iter().flat_map(|(year, panel)| {
        let Panel { oere, spenders, users, digital, satisfied } = panel;
        let head = format!(
            "[panels.{year}]\noere_then = {}\noere_now = {}\nspenders = {spenders}\n\
             users = {users}",
            oere.0, oere.1
        );
        let digital = digital.iter().map(|(mark, (then, now))| {
            format!("digital.{mark} = {{ then = {then}, now = {now} }}")
        });
        let satisfied = satisfied.iter().map(|(mark, (mean, low, high))| {
            format!("satisfied.{mark} = {{ mean = {mean}, low = {low}, high = {high} }}")
        });
        std::iter::once(head).chain(digital).chain(satisfied).collect::<Vec<_>>()
    });
    section(
        "# Of those who posted the same months in the first year and in the year: øre, and mean digital\n\
         # shares. Satisfaction is of all who posted answers in the year.",
        rows,
        "",
    )
}

fn who(authority: &AuthorityId, service: &ServiceId, year: i16) -> String {
    let (authority, service) = (quoted(authority.as_str()), quoted(service.as_str()));
    format!("authority = {authority}, service = {service}, year = {year}")
}

/// `, name = number`, or nothing when it is not known.
fn known(name: &str, number: Option<i64>) -> String {
    number.map_or_else(String::new, |number| format!(", {name} = {number}"))
}

fn deliveries(account: &Account) -> String {
    let files = account.files.iter();
    let rows = files.map(|(name, file)| format!("{} = {{ {} }}", quoted(name), file_row(file)));
    section(
        "# `lines` gives the refused lines by code; `superseded` runs of lines, first and last.\n\
         [files]",
        rows,
        "",
    )
}

fn written(files: &BTreeMap<String, Vec<u8>>) -> String {
    let rows = files.iter().map(|(name, bytes)| {
        let hash = blake3::hash(bytes).to_hex();
        format!("{} = \"{hash}\"", quoted(name))
    });
    let head = "# BLAKE3 of every other file of this folder, by which it is known to be made up.\n\
                [written]";
    section(head, rows, "").trim_end().to_owned() + "\n"
}

fn file_row(file: &FileAccount) -> String {
    let refused: usize = file.refused.values().map(Vec::len).sum();
    let mut row = format!("read = {}, refused = {refused}", file.read);
    if let Some(code) = file.rejected {
        row = format!("{row}, rejected = {}", quoted(code));
    }
    if refused > 0 {
        let lines: Vec<String> =
            file.refused.iter().map(|(code, lines)| format!("{code} = {lines:?}")).collect();
        row = format!("{row}, lines = {{ {} }}", lines.join(", "));
    }
    if !file.superseded.is_empty() {
        row = format!("{row}, superseded = {:?}", runs(&file.superseded));
    }
    row
}

/// Ascending numbers as runs, first and last.
fn runs(numbers: &[u32]) -> Vec<[u32; 2]> {
    let mut runs: Vec<[u32; 2]> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some([_, last]) if *last + 1 == *number => *last = *number,
            Some(_) | None => runs.push([*number, *number]),
        }
    }
    runs
}

/// Lines between a head and a foot.
fn section(head: &str, rows: impl Iterator<Item = String>, foot: &str) -> String {
    let mut lines = vec![head.to_owned()];
    lines.extend(rows);
    lines.push(foot.to_owned());
    lines.join("\n")
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn numbers_in_a_row_are_one_run() {
        assert_eq!(runs(&[2, 3, 4, 7, 9, 10]), [[2, 4], [7, 7], [9, 10]]);
        assert!(runs(&[]).is_empty());
    }
}
