//! Whose a refused line is, whom a correction pack is from, and what the one may do with the other.
//! Why: `docs/decisions/0018-a-pack-mends-its-own-authoritys-lines.md`.

use crate::contract::compiled::Contract;
use crate::domain::correction::Correctors;
use crate::domain::id::AuthorityId;
use crate::domain::pack::{NOBODY, file_name};
use crate::domain::privacy::Shown;
use crate::domain::privacy::{is_masked_in, show};
use crate::domain::quarantine::{Quarantined, Reason};
use crate::facts::Facts;
use crate::ingest::account::DeliveryResult;
use crate::ingest::delivery_account::DeliveryAccount;
use encoding_rs::UTF_8;
use std::collections::{BTreeMap, BTreeSet};

/// Whose a refused line is: the authority in the name of its file, where it has one that the
/// register knows; else the one the line names, where the register knows it. An open register knows
/// every authority whose id can be shown as it is.
pub(crate) fn owner(
    contracts: &[Contract],
    account: &DeliveryAccount,
    refused: &Quarantined,
) -> Option<AuthorityId> {
    let register = contracts.first().and_then(|contract| contract.terms.authorities.as_ref());
    let safe = |id: &AuthorityId| {
        !id.as_str().is_empty() && show(id.as_str().as_bytes(), UTF_8).as_str() == id.as_str()
    };
    let known =
        |id: &AuthorityId| register.map_or_else(|| safe(id), |register| register.contains_key(id));
    let claimed = contracts.iter().find_map(|contract| contract.claims(&account.name));
    let sender = claimed.and_then(|named| named.authority);
    let sender = sender.filter(|id| !is_masked_in(&account.name, id));
    let sender = sender.map(|id| AuthorityId::new(&id));
    let named = refused.authority.clone();
    sender.clone().filter(known).or_else(|| named.filter(known)).or_else(|| sender.filter(safe))
}

/// A pack, and what it may do.
#[derive(Debug)]
pub(crate) struct Corrector {
    /// Its name.
    pub(crate) pack: Shown,
    /// Whom it is from; `None` where its name does not tell.
    pub(crate) from: Option<AuthorityId>,
    /// Whether it may correct anyone's lines.
    pub(crate) all: bool,
}

impl Corrector {
    /// Whether it may correct a line of this authority.
    pub(crate) fn may(&self, whose: Option<&AuthorityId>) -> bool {
        self.all || whose.is_some_and(|whose| self.from.as_ref() == Some(whose))
    }

    /// Why it may not.
    pub(crate) fn barred(&self, whose: Option<&AuthorityId>) -> Reason {
        let whose = whose.map_or(NOBODY, AuthorityId::as_str);
        let expected = show(whose.as_bytes(), UTF_8).into_string().into();
        Reason::CorrectedByOther { found: self.pack.clone(), expected }
    }
}

/// Those whom packs may be from.
pub(crate) struct Senders<'a> {
    correctors: &'a Correctors,
    /// By how the name of a pack has them.
    written: BTreeMap<String, BTreeSet<AuthorityId>>,
}

impl<'a> Senders<'a> {
    /// `known`: the authorities there are, besides those that may correct anyone's lines.
    pub(crate) fn new(
        correctors: &'a Correctors,
        known: impl Iterator<Item = AuthorityId>,
    ) -> Senders<'a> {
        let mut written: BTreeMap<String, BTreeSet<AuthorityId>> = BTreeMap::new();
        let central = match correctors {
            Correctors::Own(central) => central.iter().cloned().collect(),
            Correctors::Anyone => Vec::new(),
        };
        for id in known.chain(central) {
            written.entry(file_name(id.as_str())).or_default().insert(id);
        }
        Senders { correctors, written }
    }

    /// What the pack of this name may do. It is from the authority that its outermost folder or zip
    /// is named for, of those that are named for one; else from the one it is named for itself.
    pub(crate) fn of(&self, name: &str, pack: Shown) -> Corrector {
        let named = name.split('/').find_map(|part| self.named(part));
        // A name that several have is no one's; where there is one authority, it is that one's.
        let from =
            named.or_else(|| self.written.values().next().filter(|_| self.written.len() == 1));
        let from = from.filter(|ids| ids.len() == 1).and_then(|ids| ids.first()).cloned();
        let all = match self.correctors {
            Correctors::Anyone => true,
            Correctors::Own(central) => from.as_ref().is_some_and(|from| central.contains(from)),
        };
        Corrector { pack, from, all }
    }

    /// Those with the longest id that a name begins with, as a whole word.
    fn named(&self, name: &str) -> Option<&BTreeSet<AuthorityId>> {
        let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]).rev();
        let whole = |end: &usize| !name[*end..].starts_with(char::is_alphanumeric);
        ends.filter(|end| *end > 0)
            .filter(whole)
            .find_map(|end| self.written.get(&file_name(&name[..end])))
    }
}

/// The authorities there are: those of the register, or where it is open, all that are named.
pub(crate) fn known(
    contracts: &[Contract],
    reads: &[DeliveryResult],
    facts: &Facts,
) -> BTreeSet<AuthorityId> {
    let register = contracts.first().and_then(|contract| contract.terms.authorities.as_ref());
    if let Some(register) = register {
        return register.keys().cloned().collect();
    }
    let senders = reads.iter().filter_map(|read| {
        let claimed = contracts.iter().find_map(|contract| contract.claims(&read.account.name));
        claimed?.authority.map(|id| AuthorityId::new(&id))
    });
    let refused = reads.iter().flat_map(|read| &read.quarantine);
    let refused = refused.filter_map(|refused| refused.authority.clone());
    let posted = facts.abouts().iter().map(|about| about.authority.clone());
    senders.chain(refused).chain(posted).collect()
}

#[cfg(test)]
mod tests {
    use super::Senders;
    use crate::domain::correction::Correctors;
    use crate::domain::id::AuthorityId;
    use crate::domain::privacy::Shown;
    use std::collections::BTreeSet;

    #[test]
    fn a_pack_is_from_whom_its_outermost_name_says() {
        let central = Correctors::Own(BTreeSet::from([AuthorityId::new("digst")]));
        let known = ["0101", "0751", "0751-A", "Region Nord", "A/B", "A B", "å"];
        let senders = Senders::new(&central, known.into_iter().map(AuthorityId::new));
        for (name, expected, all) in [
            ("0751.csv", Some("0751"), false),
            ("0751.xlsx", Some("0751"), false),
            ("0751 (2).csv", Some("0751"), false),
            ("rettelser/0751-rettet.csv", Some("0751"), false),
            ("0751/rettet.csv", Some("0751"), false),
            ("0101/0751.csv", Some("0101"), false),
            ("0101.zip/ind/0751.csv", Some("0101"), false),
            ("pakke.zip/0751.csv", Some("0751"), false),
            ("0751-A.csv", Some("0751-A"), false),
            ("0751-B.csv", Some("0751"), false),
            ("Region_Nord.csv", Some("Region Nord"), false),
            ("Region Nord/x.csv", Some("Region Nord"), false),
            ("å_2.csv", Some("å"), false),
            ("digst/0751.csv", Some("digst"), true),
            ("digst-0751.csv", Some("digst"), true),
            ("0751/digst.csv", Some("0751"), false),
            ("07510.csv", None, false),
            ("10751.csv", None, false),
            ("fra 0751.csv", None, false),
            ("A_B.csv", None, false),
            ("ukendt.csv", None, false),
            (".csv", None, false),
        ] {
            let pack = senders.of(name, Shown::from(name));
            assert_eq!(pack.from.as_ref().map(AuthorityId::as_str), expected, "{name}");
            assert_eq!(pack.all, all, "{name}");
            assert!(!pack.may(None) || all, "{name}");
        }
        let own = Correctors::Own(BTreeSet::new());
        let alone = Senders::new(&own, [AuthorityId::new("0101")].into_iter());
        let pack = alone.of("svar.xlsx", Shown::from("svar.xlsx"));
        assert!(pack.may(Some(&AuthorityId::new("0101"))) && !pack.may(None));
        let anyone = Senders::new(&Correctors::Anyone, std::iter::empty());
        assert!(anyone.of("x.csv", Shown::from("x.csv")).may(None));
    }
}
