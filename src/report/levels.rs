//! The three levels of an answer: what is known, how large the unknown is, and only then whether
//! anything is decided.

use crate::domain::known::Known;
use crate::domain::money::Oere;
use crate::domain::share::Share;
use crate::metrics::figures::Range;
use crate::metrics::unknown_part::Unknown;
use crate::programme::model::{Covers, MostSaved, Target, TargetBasis};
use crate::report::finding::bounds;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::One;

/// What is known of a promise: the first level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PromiseEvidence {
    /// The saving over the assumptions about fixed cost; `None` when nothing could be compared.
    pub saving: Option<Range>,
    /// What is needed: the lower end of the promise.
    pub needed: Oere,
    /// Comparisons it rests on.
    pub cells: u32,
    /// The months they have together.
    pub months: u32,
}

impl PromiseEvidence {
    /// The saving as one amount: the declared one, else the lowest.
    pub(crate) fn best(&self) -> Option<Oere> {
        self.saving.map(|range| range.declared.unwrap_or_else(|| bounds(range).0))
    }

    /// The kroner still to go; at or below zero when it is reached.
    pub(crate) fn remaining(&self) -> Oere {
        let best = self.best().unwrap_or(Oere::ZERO);
        Oere::new(self.needed.get().saturating_sub(best.get()))
    }

    /// The saving out of what is needed.
    pub(crate) fn share(&self) -> Known<Share> {
        let Some(best) = self.best() else {
            return Known::Missing;
        };
        Share::new(best.get(), self.needed.get()).map_or(Known::NotApplicable, Known::Value)
    }
}

/// What a verdict rests on: the known, the unknown (the second level), and what is declared.
#[derive(Debug, Clone)]
pub(crate) struct Question<'a> {
    /// What is known.
    pub measured: PromiseEvidence,
    /// What is not.
    pub unknown: &'a Unknown,
    /// The most that is saved on anything unknown; `None`: no upper bound.
    pub most_saved: Option<&'a MostSaved>,
    /// What the source leaves open about the promise itself.
    pub unstated: Option<Unstated>,
}

/// What the source of a promise leaves open, so that nobody can say it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unstated {
    /// Before or after investment.
    Basis,
    /// The price level.
    PriceLevel,
    /// The register is not everyone the promise is about.
    Cover,
    /// The register is everyone, and nobody is awaited: who is missing cannot be seen.
    Awaited,
}

/// The first thing that a target leaves open, where somebody is `awaited` to deliver or nobody is.
pub(crate) fn unstated(target: &Target, awaited: bool) -> Option<Unstated> {
    if target.basis == TargetBasis::Unknown {
        Some(Unstated::Basis)
    } else if target.price_level_assumed {
        Some(Unstated::PriceLevel)
    } else if target.covers == Covers::Register {
        Some(Unstated::Cover)
    } else {
        (!awaited).then_some(Unstated::Awaited)
    }
}

/// The third level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Reached, whatever the unknown is: the lowest assumption less all it can lose.
    Reached,
    /// Not reached under any assumption, and nothing is unknown.
    NotReached,
    /// Not reached under any assumption, even if the declared most is saved on the unknown.
    NotReachedWithin,
    /// Neither.
    Open(Undecided),
}

/// Why neither can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Undecided {
    /// Nothing could be compared.
    NothingCompared,
    /// The unknown, which cost this much, would have to bring the rest.
    Bring {
        /// What is to go, in øre, above zero.
        need: Oere,
        /// What the unknown cost (E₁), delivered and estimated, above zero.
        cost: Oere,
    },
    /// It is reached, but so much can be lost on the unknown.
    MayLose(Oere),
    /// So many comparisons, lines and deliveries have no weight.
    Unweighed(u32),
    /// It depends on refused amounts of this size.
    AtStake(Oere),
    /// It depends on the share of cost that is fixed.
    Assumption,
    /// It is reached, but the source leaves something open.
    Unstated(Unstated),
}

impl Undecided {
    /// What the unknown would have cost untouched over what it cost, `(E₁ + need) / E₁`, and the
    /// share of it that would have to be saved, `need / (E₁ + need)`.
    pub(crate) fn bring(need: Oere, cost: Oere) -> Option<(Share, Share)> {
        let untouched = cost.checked_add(need)?;
        Share::new(untouched.get(), cost.get()).zip(Share::new(need.get(), untouched.get()))
    }
}

impl Question<'_> {
    /// What can be said. A comparison that cannot be made can lose at most what was spent
    /// (`S ≥ −E₁`); it has no upper bound but the declared one, `S ≤ E₁ · m / (1 − m)`.
    ///
    /// Source: `docs/method.md`, "Three levels".
    pub(crate) fn decide(&self) -> Decision {
        let Some(range) = self.measured.saving else {
            return Decision::Open(Undecided::NothingCompared);
        };
        let (low, high) = bounds(range);
        let needed = i128::from(self.measured.needed.get());
        let (low, high) = (i128::from(low.get()), i128::from(high.get()));
        let (open, refused) = (self.unknown.comparisons(), self.unknown.refused());
        let unweighed = open.unweighed + refused.unweighed;
        let stake = i128::from(refused.spending.get());
        let lose = i128::from(open.all().get()) + stake;
        if unweighed == 0 {
            if low - lose >= needed {
                return match self.unstated {
                    None => Decision::Reached,
                    Some(left) => Decision::Open(Undecided::Unstated(left)),
                };
            }
            if open.cells == 0 && open.all() == Oere::ZERO && high + stake < needed {
                return Decision::NotReached;
            }
            let short = BigRational::from_integer(BigInt::from(needed - high - stake));
            if self.gain(open.all()).is_some_and(|gain| gain < short) {
                return Decision::NotReachedWithin;
            }
        }
        // What is known and weighed decides it: only what has no weight can turn it.
        if unweighed > 0 && low - lose >= needed {
            return Decision::Open(Undecided::Unweighed(unweighed));
        }
        Decision::Open(self.why(unweighed, refused.spending, high < needed))
    }

    /// The most that is saved on spending of which nothing is known, where that is declared.
    fn gain(&self, cost: Oere) -> Option<BigRational> {
        let share = &self.most_saved?.share;
        Some(BigRational::from_integer(cost.get().into()) * share / (BigRational::one() - share))
    }

    fn why(&self, unweighed: u32, stake: Oere, short: bool) -> Undecided {
        let (need, cost) = (self.measured.remaining(), self.unknown.comparisons().all());
        let lose = Oere::new(cost.get().saturating_add(stake.get()));
        if need > Oere::ZERO && cost > Oere::ZERO {
            Undecided::Bring { need, cost }
        } else if need <= Oere::ZERO && lose > Oere::ZERO {
            Undecided::MayLose(lose)
        } else if unweighed > 0 {
            Undecided::Unweighed(unweighed)
        } else if short && stake > Oere::ZERO {
            Undecided::AtStake(stake)
        } else {
            Undecided::Assumption
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Decision, PromiseEvidence, Question, Undecided, Unstated};
    use crate::domain::id::AuthorityId;
    use crate::domain::known::Known;
    use crate::domain::money::Oere;
    use crate::domain::share::Share;
    use crate::metrics::figures::Range;
    use crate::metrics::unknown_part::{Actor, Cause, Unknown, UnknownWeight};
    use crate::programme::model::MostSaved;
    use num_rational::BigRational;

    fn range(none_fixed: i64, declared: Option<i64>, all_fixed: i64) -> Range {
        Range {
            none_fixed: Oere::new(none_fixed),
            declared: declared.map(Oere::new),
            all_fixed: Oere::new(all_fixed),
        }
    }

    /// Comparisons that cost so much, delivered and estimated; refused; without weight.
    fn unknown(spending: i64, estimated: i64, refused: i64, unweighed: u32) -> Unknown {
        let mut unknown = Unknown::default();
        let actor = || Actor::Authority(AuthorityId::new("0751"));
        let (spending, estimated) = (Oere::new(spending), Oere::new(estimated));
        let weight = UnknownWeight { cells: 1, spending, estimated, unweighed };
        if weight.all() > Oere::ZERO || unweighed > 0 {
            unknown.add(Cause::NotDelivered, actor(), weight);
        }
        if refused > 0 {
            let weight = UnknownWeight { spending: Oere::new(refused), ..UnknownWeight::default() };
            unknown.add(Cause::Refused, actor(), weight);
        }
        unknown
    }

    fn decide(
        saving: Option<Range>,
        unknown: &Unknown,
        most: Option<(i64, i64)>,
        unstated: Option<Unstated>,
    ) -> Decision {
        let measured = PromiseEvidence { saving, needed: Oere::new(1_000), cells: 1, months: 12 };
        let most_saved = most.map(|(part, whole)| MostSaved {
            share: BigRational::new(part.into(), whole.into()),
            source: String::new(),
        });
        Question { measured, unknown, most_saved: most_saved.as_ref(), unstated }.decide()
    }

    #[test]
    fn yes_and_no_are_said_only_where_the_unknown_cannot_turn_them() {
        let over = Some(range(2_000, Some(1_800), 1_500));
        let under = Some(range(400, Some(368), 100));
        let none = || unknown(0, 0, 0, 0);
        let bring = |cost| Undecided::Bring { need: Oere::new(632), cost: Oere::new(cost) };
        #[rustfmt::skip]
        let cases = [
            (over, none(), None, Decision::Reached),
            (over, unknown(300, 200, 0, 0), None, Decision::Reached),
            (over, unknown(300, 201, 0, 0), None, Decision::Open(Undecided::MayLose(Oere::new(501)))),
            (over, unknown(0, 0, 501, 0), None, Decision::Open(Undecided::MayLose(Oere::new(501)))),
            (over, unknown(0, 0, 0, 1), None, Decision::Open(Undecided::Unweighed(1))),
            (over, unknown(1, 1, 1, 1), None, Decision::Open(Undecided::Unweighed(1))),
            (over, unknown(300, 201, 0, 1), None, Decision::Open(Undecided::MayLose(Oere::new(501)))),
            (under, none(), None, Decision::NotReached),
            (under, unknown(0, 0, 599, 0), None, Decision::NotReached),
            (under, unknown(0, 0, 600, 0), None, Decision::Open(Undecided::AtStake(Oere::new(600)))),
            (under, unknown(700, 83, 0, 0), None, Decision::Open(bring(783))),
            // A third saved: 783 · 1/2 = 391.5, and 400 + 391.5 < 1,000. A half saved: 783.
            (under, unknown(700, 83, 0, 0), Some((1, 3)), Decision::NotReachedWithin),
            (under, unknown(700, 83, 0, 0), Some((1, 2)), Decision::Open(bring(783))),
            (under, unknown(700, 83, 0, 1), Some((1, 3)), Decision::Open(bring(783))),
            (under, unknown(0, 0, 0, 2), Some((1, 3)), Decision::Open(Undecided::Unweighed(2))),
            (Some(range(1_200, Some(900), 800)), none(), None, Decision::Open(Undecided::Assumption)),
            (None, unknown(9, 0, 0, 0), None, Decision::Open(Undecided::NothingCompared)),
        ];
        for (saving, unknown, most, decision) in cases {
            assert_eq!(decide(saving, &unknown, most, None), decision, "{saving:?} {unknown:?}");
        }
        for left in [Unstated::Basis, Unstated::PriceLevel, Unstated::Cover, Unstated::Awaited] {
            let open = Decision::Open(Undecided::Unstated(left));
            assert_eq!(decide(over, &none(), None, Some(left)), open);
            assert_eq!(decide(under, &none(), None, Some(left)), Decision::NotReached);
        }
    }

    #[test]
    fn what_is_known_stands_with_its_share_and_what_is_to_go() {
        let measured =
            |saving| PromiseEvidence { saving, needed: Oere::new(2_000), cells: 3, months: 36 };
        let known = measured(Some(range(400, Some(368), 100)));
        assert_eq!(known.remaining(), Oere::new(1_632));
        assert_eq!(known.share(), Known::Value(Share { numerator: 368, denominator: 2_000 }));
        let undeclared = measured(Some(range(400, None, 100)));
        assert_eq!(undeclared.best(), Some(Oere::new(100)), "the lowest where none is declared");
        assert_eq!(measured(None).remaining(), Oere::new(2_000));
        assert_eq!(measured(None).share(), Known::Missing);
    }

    /// 783 that were spent and 1,632 to go: it would have cost 2,415, which is 3.1 times as much.
    #[test]
    fn the_unknown_would_have_had_to_cost_so_much_untouched() {
        let (times, saved) = Undecided::bring(Oere::new(1_632), Oere::new(783)).expect("shares");
        assert_eq!(times, Share { numerator: 2_415, denominator: 783 });
        assert_eq!(saved, Share { numerator: 1_632, denominator: 2_415 });
    }
}
