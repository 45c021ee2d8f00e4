//! An amount split over pejlemærker by exact weights, to the øre.

use crate::domain::money::Oere;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// Exact weights on pejlemærker, as whole parts of one common denominator.
#[derive(Debug, Clone, Default)]
pub(crate) struct Weights {
    /// Place of the pejlemærke in the programme, and its parts; places ascending.
    parts: Vec<(usize, BigInt)>,
    /// What the parts sum to.
    whole: BigInt,
}

impl Weights {
    /// Puts exact weights that sum to 1 on a common denominator.
    pub(crate) fn new(shares: &[(usize, BigRational)]) -> Weights {
        let whole: BigInt =
            shares.iter().fold(BigInt::one(), |whole, (_, share)| whole * share.denom());
        let parts = shares
            .iter()
            .map(|(place, share)| (*place, share.numer() * (&whole / share.denom())))
            .collect();
        Weights { parts, whole }
    }

    /// The weight on a pejlemærke, 1 for all of them together; `None` when it has none.
    pub(crate) fn on(&self, mark: Option<usize>) -> Option<BigRational> {
        let Some(mark) = mark else {
            return Some(BigRational::one());
        };
        let part = self.parts.iter().find(|(place, _)| *place == mark);
        part.map(|(_, part)| BigRational::new(part.clone(), self.whole.clone()))
    }

    /// The part of `amount` that counts towards a pejlemærke; all of it when `mark` is `None`.
    ///
    /// Largest remainder: every part is rounded towards zero, the øre left over go to the largest
    /// remainders, ties to the earlier pejlemærke. The parts add up to the amount, and the split of
    /// a negative amount mirrors that of the positive.
    pub(crate) fn portion(&self, amount: Oere, mark: Option<usize>) -> Oere {
        let Some(mark) = mark else {
            return amount;
        };
        let Some(own) = self.parts.iter().position(|(place, _)| *place == mark) else {
            return Oere::ZERO;
        };
        if self.parts.len() == 1 || amount == Oere::ZERO {
            return amount;
        }
        let magnitude = BigInt::from(amount.get()).abs();
        let split: Vec<(BigInt, BigInt)> = self
            .parts
            .iter()
            .map(|(_, part)| {
                let exact = part * &magnitude;
                (&exact / &self.whole, exact % &self.whole)
            })
            .collect();
        let floors: BigInt = split.iter().map(|(floor, _)| floor).sum();
        let left = (magnitude - floors)
            .to_usize()
            .expect("fewer øre are left over than there are pejlemærker");
        let (floor, remainder) = &split[own];
        let ahead = split.iter().enumerate().filter(|(place, (_, other))| {
            other > remainder || (other == remainder && *place < own)
        });
        let extra = if ahead.count() < left { BigInt::one() } else { BigInt::zero() };
        let part = (floor + extra).to_i64();
        let part = part.expect("a part is no larger than the whole");
        Oere::new(if amount.get() < 0 { -part } else { part })
    }
}

#[cfg(test)]
mod tests {
    use super::Weights;
    use crate::domain::money::Oere;
    use crate::metrics::exact::whole;
    use proptest::prelude::*;

    fn weights(parts: &[i64]) -> Weights {
        let total: i64 = parts.iter().sum();
        let share = |(place, part): (usize, &i64)| (place, whole(*part) / whole(total));
        Weights::new(&parts.iter().enumerate().map(share).collect::<Vec<_>>())
    }

    fn split(amount: i64, parts: &[i64]) -> Vec<i64> {
        let weights = weights(parts);
        (0..parts.len()).map(|mark| weights.portion(Oere::new(amount), Some(mark)).get()).collect()
    }

    #[test]
    fn the_last_oere_goes_to_the_largest_remainder_and_ties_to_the_earlier_mark() {
        assert_eq!(split(100, &[1, 1, 1]), [34, 33, 33]);
        assert_eq!(split(-100, &[1, 1, 1]), [-34, -33, -33]);
        assert_eq!(split(10, &[1, 5]), [2, 8]);
        assert_eq!(split(1, &[3, 7]), [0, 1]);
        assert_eq!(weights(&[1]).portion(Oere::new(7), None), Oere::new(7));
        assert_eq!(weights(&[1]).portion(Oere::new(7), Some(4)), Oere::ZERO);
    }

    proptest! {
        #[test]
        fn parts_add_up_to_the_amount(
            amount in any::<i64>(),
            parts in prop::collection::vec(1_i64..100, 1..6),
        ) {
            let sum: i128 = split(amount, &parts).into_iter().map(i128::from).sum();
            prop_assert_eq!(sum, i128::from(amount));
        }
    }
}
