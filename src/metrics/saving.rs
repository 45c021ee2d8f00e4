//! The saving of one cell against its baseline, and the bridge that explains it.

use crate::domain::money::Oere;
use crate::domain::period::Span;
use crate::metrics::comparable_panel::ComparablePanel;
use crate::metrics::exact::{oere, whole};
use crate::metrics::figures::{Bridge, Comparison, Range};
use num_rational::BigRational;
use num_traits::{One, Zero};

/// Prices between the three moments of a comparison.
pub(crate) struct PriceRatios {
    /// Prices now over prices in the baseline (p₁/p₀).
    pub(crate) since_baseline: BigRational,
    /// The programme's price level over prices now.
    pub(crate) to_level: BigRational,
}

/// Compares what was spent with what the same volume would have cost on the baseline's terms.
///
/// `E_cf = E₀ · (φ + (1 − φ) · V₁/V₀) · p₁/p₀`, saving `S = E_cf − E₁`, for φ = 0, φ as declared
/// and φ = 1; in fixed prices `S · p_level/p₁`, from the unrounded. Øre, rounded once, half away
/// from zero.
///
/// - Errors: `None` when a figure cannot be held in whole øre, which takes a volume from another
///   world.
///
/// Source: `docs/method.md`, `saving` and `bridge`.
pub(crate) fn compare(
    aligned: &ComparablePanel,
    baseline: Span,
    fixed: Option<&BigRational>,
    prices: &PriceRatios,
) -> Option<Comparison> {
    let none_fixed = AssumedSaving::at(aligned, &BigRational::zero(), prices)?;
    let all_fixed = AssumedSaving::at(aligned, &BigRational::one(), prices)?;
    let declared = match fixed {
        Some(share) => Some(AssumedSaving::at(aligned, share, prices)?),
        None => None,
    };
    let saving = Range {
        none_fixed: none_fixed.saving,
        declared: declared.map(|outcome| outcome.saving),
        all_fixed: all_fixed.saving,
    };
    let spending_then = oere(&whole(aligned.spending_then))?;
    let spending_now = oere(&whole(aligned.spending_now))?;
    let dearer = whole(aligned.spending_then) * (&prices.since_baseline - BigRational::one());
    Some(Comparison {
        baseline,
        months: aligned.months,
        months_in_span: aligned.months_in_span,
        spending_then,
        spending_now,
        volume_then: aligned.volume_then,
        volume_now: aligned.volume_now,
        saving,
        saving_real: Range {
            none_fixed: none_fixed.saving_real,
            declared: declared.map(|outcome| outcome.saving_real),
            all_fixed: all_fixed.saving_real,
        },
        bridge: bridge(spending_then, spending_now, oere(&dearer)?, &saving),
    })
}

/// The four parts of `E₁ − E₀`. Efficiency is minus the declared saving (minus the φ = 0 saving
/// where none is declared), efficiency and absorption together minus the φ = 0 saving, volume the
/// rest.
///
/// Figures within an eighth of `i64`, as `exact::oere` gives them, keep every step inside `i64`.
pub(crate) fn bridge(then: Oere, now: Oere, price: Oere, saving: &Range) -> Bridge {
    let declared = saving.declared.unwrap_or(saving.none_fixed).get();
    let efficiency = -declared;
    let absorption = declared - saving.none_fixed.get();
    let volume = now.get() - then.get() - price.get() - efficiency - absorption;
    Bridge {
        price,
        volume: Oere::new(volume),
        absorption: Oere::new(absorption),
        efficiency: Oere::new(efficiency),
    }
}

/// The saving under one assumption about fixed cost.
#[derive(Clone, Copy)]
struct AssumedSaving {
    saving: Oere,
    saving_real: Oere,
}

impl AssumedSaving {
    fn at(
        aligned: &ComparablePanel,
        fixed: &BigRational,
        prices: &PriceRatios,
    ) -> Option<AssumedSaving> {
        let growth = whole(aligned.volume_now) / whole(aligned.volume_then);
        let follows = fixed + (BigRational::one() - fixed) * growth;
        let expected = whole(aligned.spending_then) * follows * &prices.since_baseline;
        let now = whole(aligned.spending_now);
        let saving = oere(&(whole(oere(&expected)?.get()) - &now))?;
        // At the level's own prices the two are one figure, also where half an øre is rounded.
        let saving_real = if prices.to_level.is_one() {
            saving
        } else {
            oere(&((expected - now) * &prices.to_level))?
        };
        Some(AssumedSaving { saving, saving_real })
    }
}

#[cfg(test)]
mod tests {
    use super::{PriceRatios, compare};
    use crate::domain::money::Oere;
    use crate::domain::period::Span;
    use crate::metrics::comparable_panel::ComparablePanel;
    use crate::metrics::exact::whole;
    use crate::metrics::figures::Comparison;
    use num_rational::BigRational;
    use proptest::prelude::*;

    /// A fraction from its parts.
    fn share(numerator: i64, denominator: i64) -> BigRational {
        whole(numerator) / whole(denominator)
    }

    fn compared(
        spending: (i64, i64),
        volume: (i64, i64),
        fixed: Option<&BigRational>,
        since_baseline: BigRational,
        to_level: BigRational,
    ) -> Option<Comparison> {
        let aligned = ComparablePanel {
            months: 12,
            months_in_span: 12,
            spending_then: spending.0,
            spending_now: spending.1,
            volume_then: volume.0,
            volume_now: volume.1,
        };
        let baseline: Span = "2015".parse().expect("a year");
        let prices = PriceRatios { since_baseline, to_level };
        compare(&aligned, baseline, fixed, &prices)
    }

    /// The worked example, in whole kroner: 80 to 84 million, 500,000 to 560,000 cases, prices
    /// +5.61 %.
    fn example(fixed: Option<&BigRational>) -> Comparison {
        let kroner = 100;
        compared(
            (80_000_000 * kroner, 84_000_000 * kroner),
            (500_000, 560_000),
            fixed,
            share(10_561, 10_000),
            share(10_000, 10_561),
        )
        .expect("figures of this size")
    }

    #[test]
    fn the_worked_example_holds_to_the_oere() {
        let plain = example(None);
        assert_eq!(plain.bridge.price, Oere::new(448_800_000));
        assert_eq!(plain.bridge.volume, Oere::new(1_013_856_000));
        assert_eq!(plain.bridge.absorption, Oere::ZERO);
        assert_eq!(plain.bridge.efficiency, Oere::new(-1_062_656_000));
        assert_eq!(plain.saving.none_fixed, Oere::new(1_062_656_000));
        assert_eq!(plain.saving.declared, None);
        assert_eq!(plain.saving.all_fixed, Oere::new(48_800_000));
        // 10,626,560 kr. / 1.0561 = 10,062,077.454..., and 488,000 kr. / 1.0561 = 462,077.454...
        assert_eq!(plain.saving_real.none_fixed, Oere::new(1_006_207_745));
        assert_eq!(plain.saving_real.all_fixed, Oere::new(46_207_745));
    }

    #[test]
    fn the_assumption_about_fixed_cost_moves_the_saving_22_fold() {
        for (fixed, saving_kr) in [
            (share(0, 1), 10_626_560),
            (share(3, 10), 7_584_992),
            (share(6, 10), 4_543_424),
            (share(1, 1), 488_000),
        ] {
            let comparison = example(Some(&fixed));
            let declared = comparison.saving.declared.expect("declared above");
            assert_eq!(declared, Oere::new(saving_kr * 100));
            assert_eq!(comparison.bridge.efficiency, Oere::new(-saving_kr * 100));
            assert_eq!(
                comparison.bridge.absorption.get() + comparison.bridge.efficiency.get(),
                -1_062_656_000
            );
        }
    }

    #[test]
    fn at_the_levels_own_prices_the_saving_is_one_figure() {
        // 5 øre for 2 becomes 2.5 for 1: half an øre, and the saving is negative.
        let same = compared((5, 5), (2, 1), None, share(1, 1), share(1, 1));
        let same = same.expect("small figures");
        assert_eq!(same.saving, same.saving_real);
        assert_eq!(same.saving.none_fixed, Oere::new(-2));
    }

    #[test]
    fn what_cannot_be_held_in_oere_is_not_compared() {
        let one = || share(1, 1);
        assert!(compared((i64::MAX, 1), (1, 1), None, one(), one()).is_none());
        assert!(compared((1_000_000, 1), (1, i64::MAX), None, one(), one()).is_none());
    }

    proptest! {
        #[test]
        fn the_parts_of_a_bridge_are_the_difference(
            then in -1_000_000_000_000_i64..1_000_000_000_000,
            now in -1_000_000_000_000_i64..1_000_000_000_000,
            volume_then in 1_i64..10_000_000,
            volume_now in 1_i64..10_000_000,
            fixed in prop::option::of(0_i64..=100),
            price in 50_i64..200,
        ) {
            let fixed = fixed.map(|hundredths| share(hundredths, 100));
            let comparison = compared(
                (then, now),
                (volume_then, volume_now),
                fixed.as_ref(),
                share(price, 100),
                share(100, price),
            );
            let comparison = comparison.expect("figures of this size");
            let bridge = comparison.bridge;
            let parts = [bridge.price, bridge.volume, bridge.absorption, bridge.efficiency];
            prop_assert_eq!(Oere::sum(parts), Oere::new(now - then));
            let declared = comparison.saving.declared.unwrap_or(comparison.saving.none_fixed);
            prop_assert_eq!(bridge.efficiency.get(), -declared.get());
        }
    }
}
