//! Which contract a delivery is of, settled by the names alone before anything is read.

use crate::contract::compiled::Contract;
use crate::contract::pattern::Named;
use crate::domain::error::{Error, Problem};
use crate::domain::neutral;
use crate::domain::privacy::masked;
use crate::ingest::pack::is_pack;
use crate::ingest::stated;
use crate::source::content::Delivery;
use crate::source::input::Input;
use crate::source::unreadable::unreadable;

/// Holds every name against the contracts: one at most may claim it, and in one way; and where
/// there are deliveries, some are claimed.
///
/// # Errors
/// Each name two contracts claim, or one contract reads in two ways; or a folder of other files.
pub(crate) fn settle(contracts: &[Contract], inputs: &[Input]) -> Result<(), Error> {
    let mut problems = Vec::new();
    let mut ours = false;
    for input in inputs {
        let delivery = input.delivery();
        let claiming: Vec<&Contract> =
            contracts.iter().filter(|contract| contract.claims(&delivery.name).is_some()).collect();
        if input.refused.is_some() || stated::sidecar(contracts, &delivery.name).is_some() {
            ours = true;
            continue;
        }
        let Some(contract) = claiming.first() else { continue };
        ours = true;
        let found = claiming.get(1).map(|other| twice(delivery, contract, other));
        if let Some(problem) = found.or_else(|| ambiguous(delivery, contract))
            && !is_pack_of_ours(delivery)?
        {
            problems.push(problem);
        }
    }
    if !problems.is_empty() {
        problems.sort();
        return Err(Error::Pipeline { problems });
    }
    let Some(first) = inputs.first().filter(|_| !ours) else {
        return Ok(());
    };
    for input in inputs {
        if is_pack_of_ours(input.delivery())? {
            return Ok(());
        }
    }
    Err(Error::Nothing {
        what: format!(
            "no contract claims any of the {} files delivered; the first is `{}`",
            inputs.len(),
            shown(first.delivery())
        ),
        help: "look whether --deliveries names the right folder, and whether `[files] names` of \
               the contracts begin with the folders in it",
    })
}

fn is_pack_of_ours(delivery: &Delivery) -> Result<bool, Error> {
    is_pack(&delivery.name, &*delivery.content).map_err(|source| unreadable(delivery, source))
}

/// A name that two contracts claim.
fn twice(delivery: &Delivery, first: &Contract, second: &Contract) -> Problem {
    Problem {
        place: second.names_at.clone(),
        problem: format!(
            "`{}` is claimed by the contracts `{}` and `{}`",
            shown(delivery),
            first.id,
            second.id
        ),
        help: "narrow `names` in one of them, so that each file has one contract".into(),
    }
}

/// A name that one contract reads in two ways.
fn ambiguous(delivery: &Delivery, contract: &Contract) -> Option<Problem> {
    let readings = contract.readings(&delivery.name);
    let first = readings.first()?;
    let second = readings.iter().find(|second| differ(first, second));
    let senders = contract.senders(&delivery.name).len();
    let what = match second {
        Some(second) => {
            let of = |named: &Named| {
                let authority = named.authority.as_deref().map_or("-".into(), masked);
                let version = named.version.map_or("-".to_owned(), |version| version.to_string());
                format!("authority `{}`, version `{version}`", neutral::shown(&authority))
            };
            format!(
                "the contract `{}` reads the name `{}` in two ways: {}; and {}",
                contract.id,
                shown(delivery),
                of(first),
                of(second)
            )
        }
        None if senders > 1 => format!(
            "`{}` is claimed by {senders} `[[senders]]` of the contract `{}`",
            shown(delivery),
            contract.id
        ),
        None => return None,
    };
    let help = "narrow `names`, so that one template or sender has the file".into();
    Some(Problem { place: contract.names_at.clone(), problem: what, help })
}

/// Whether two readings of a name say different things. One that finds no version has left it in
/// another part of the name.
fn differ(one: &Named, other: &Named) -> bool {
    let declared = one.is_declared() && other.is_declared();
    one.authority != other.authority || (declared && one.version != other.version)
}

fn shown(delivery: &Delivery) -> String {
    neutral::shown(&masked(&delivery.name)).into_owned()
}
